//! Owns where notifications go: the channels that the policy names, and the text that each of them gets.
//! Does not own sending it (`deliver`). Invariants: a URL or token is looked up when it is needed, is never
//! part of a text or an error, and leads to an encrypted connection unless it stays on this machine.

use serde_json::json;

use super::spool::Waiting;
use crate::host::Host;
use crate::policy::{Hidden, Policy, Value};

/// One configured way to a human.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Channel {
    Webhook(Hidden),
    Slack(Hidden),
    Telegram { token: Hidden, chat: String },
    Command(Vec<String>),
}

/// What is to be done for one notification on one channel.
#[derive(Clone, PartialEq, Eq)]
pub enum Errand {
    /// A JSON text posted to a URL.
    Post { url: String, body: String },
    /// A program run with a JSON text on its standard input.
    Run { command: Vec<String>, input: String },
}

/// Whether any channel is configured. Looks at what files set and at nothing else.
pub fn any(policy: &Policy) -> bool {
    policy.settings.iter().any(|it| {
        let name = it.key.strip_prefix("notify.");
        let channel = matches!(name, Some("webhook" | "slack" | "telegram" | "command"));
        channel && it.value != Value::List(Vec::new())
    })
}

/// The configured channels, in the order of the settings table.
pub fn all(policy: &Policy) -> Vec<Channel> {
    let hidden = |key: &str| match policy.value(key) {
        Some(Value::Hidden(hidden)) if !hidden.reveal().is_empty() => Some(hidden),
        _ => None,
    };
    let chat = match policy.value("notify.telegram_chat") {
        Some(Value::Word(chat)) => chat,
        _ => String::new(),
    };
    let telegram = |token| Channel::Telegram { token, chat };
    let command = match policy.value("notify.command") {
        Some(Value::List(words)) if !words.is_empty() => Some(Channel::Command(words)),
        _ => None,
    };
    [
        hidden("notify.webhook").map(Channel::Webhook),
        hidden("notify.slack").map(Channel::Slack),
        hidden("notify.telegram").map(telegram),
        command,
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl Channel {
    /// The word that names it for people and in the spool.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Webhook(_) => "webhook",
            Self::Slack(_) => "slack",
            Self::Telegram { .. } => "telegram",
            Self::Command(_) => "command",
        }
    }

    /// What tells this notification.
    ///
    /// Errors: why it cannot be told, in words without the URL or token.
    pub fn errand(&self, host: &dyn Host, waiting: &Waiting) -> Result<Errand, String> {
        let (url, body) = match self {
            Self::Webhook(url) => (destination(host, url)?, webhook_body(waiting)),
            Self::Slack(url) => (destination(host, url)?, slack_body(waiting)),
            Self::Telegram { token, chat } => {
                let token = looked_up(host, token)?;
                if !is_token(&token) {
                    return Err("the token is none that Telegram gives out".to_owned());
                }
                if !is_chat(chat) {
                    return Err("notify.telegram_chat names no chat".to_owned());
                }
                let url = format!("https://api.telegram.org/bot{token}/sendMessage");
                (url, telegram_body(chat, waiting))
            }
            Self::Command(command) => {
                return Ok(Errand::Run {
                    command: command.clone(),
                    input: webhook_body(waiting),
                });
            }
        };
        Ok(Errand::Post { url, body })
    }
}

fn destination(host: &dyn Host, hidden: &Hidden) -> Result<String, String> {
    let url = looked_up(host, hidden)?;
    if !is_destination(&url) {
        return Err("the URL does not begin with https://".to_owned());
    }
    Ok(url)
}

fn looked_up(host: &dyn Host, hidden: &Hidden) -> Result<String, String> {
    let Some(name) = hidden.variable() else {
        return Ok(hidden.reveal().to_owned());
    };
    let value = host.env(name).map(|it| it.trim().to_owned());
    value
        .filter(|it| !it.is_empty())
        .ok_or_else(|| format!("the variable {name} is not set"))
}

/// Whether a URL is encrypted, or stays on this machine.
pub fn is_destination(url: &str) -> bool {
    let plain = |it: &str| it.bytes().all(|it| it.is_ascii_graphic());
    if let Some(rest) = url.strip_prefix("https://") {
        return !rest.is_empty() && plain(rest);
    }
    is_loopback(url) && plain(url)
}

/// Whether a URL is unencrypted and leads to this machine.
pub fn is_loopback(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let address = host.parse::<std::net::IpAddr>();
    // Behind an `@` the host would be another one.
    !authority.contains('@') && (host == "localhost" || address.is_ok_and(|it| it.is_loopback()))
}

/// Whether a text is a bot's token: it becomes a part of a URL.
pub fn is_token(text: &str) -> bool {
    let Some((number, key)) = text.split_once(':') else {
        return false;
    };
    let fits = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_');
    let digits = number.bytes().all(|it| it.is_ascii_digit());
    digits && !number.is_empty() && !key.is_empty() && key.bytes().all(fits)
}

/// Whether a text names a chat: a number, negative for groups, or the public name of a channel.
pub fn is_chat(text: &str) -> bool {
    let fits = |it: u8| it.is_ascii_alphanumeric() || it == b'_';
    match text.strip_prefix('@') {
        Some(name) => !name.is_empty() && name.bytes().all(fits),
        None => text.parse::<i64>().is_ok(),
    }
}

/// The notification as JSON: for webhooks and programs.
pub fn webhook_body(it: &Waiting) -> String {
    json!({
        "source": "hookbin",
        "version": 1,
        "time": it.time(),
        "kind": it.kind,
        "severity": it.severity,
        "title": it.title,
        "body": it.body,
        "session": it.session,
        "agent": it.agent,
        "directory": it.directory,
        "left_out": it.left_out,
    })
    .to_string()
}

/// The notification for a Slack webhook. The three characters that mean something there lose their meaning.
fn slack_body(it: &Waiting) -> String {
    let escape = |text: &str| {
        let text = text.replace('&', "&amp;");
        text.replace('<', "&lt;").replace('>', "&gt;")
    };
    let text = format!("*{}*\n{}", escape(&it.headline()), escape(&it.details()));
    json!({ "text": text, "unfurl_links": false, "unfurl_media": false }).to_string()
}

/// The notification for the method `sendMessage` of Telegram's bot API, as plain text.
fn telegram_body(chat: &str, it: &Waiting) -> String {
    json!({
        "chat_id": chat,
        "text": format!("{}\n{}", it.headline(), it.details()),
        "link_preview_options": { "is_disabled": true },
    })
    .to_string()
}

#[cfg(test)]
mod tests;
