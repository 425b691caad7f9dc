//! Owns a foreign rule as one of ours: its id, its words, samples made from its regex. Does not own whether the
//! result holds: the file is loaded and its samples are run. Invariant: a rule that lost a condition only warns.

use std::collections::BTreeSet;

use super::foreign::Foreign;
use super::pattern::Pattern;
use crate::rule;

/// One rule as text.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) id: String,
    pub(super) text: String,
}

/// Samples are looked for this often.
const ATTEMPTS: u64 = 40;

/// Writes a rule, or says why it cannot be one of ours.
pub(super) fn write(foreign: &Foreign, ids: &mut BTreeSet<String>) -> Result<Written, String> {
    let regex = rule::regex(&foreign.regex).map_err(|_| {
        "its regex does not compile: no look-around, no Unicode classes, no large repeats"
            .to_owned()
    })?;
    let matches = |text: &str| regex.is_match(text.as_bytes());
    if let Some(word) = ORDINARY.iter().find(|it| matches(it)) {
        return Err(format!("it matches `{word}`"));
    }
    let pattern = Pattern::parse(&foreign.regex)
        .ok_or("no sample can be made from its regex: add it by hand, with samples")?;
    let mut keywords = foreign.keywords.clone();
    if keywords.is_empty() || keywords.iter().any(|it| it.len() < 3) {
        keywords = pattern.keywords().ok_or(
            "no word of three letters stands in everything its regex matches: add `keywords`",
        )?;
    }
    let holds_keyword = |text: &str| {
        let lower = text.to_ascii_lowercase();
        keywords
            .iter()
            .any(|it| lower.contains(&it.to_ascii_lowercase()))
    };
    let mut hits: Vec<String> = Vec::new();
    for seed in 1..ATTEMPTS {
        let Some(text) = pattern.text(seed) else {
            continue;
        };
        for sample in [
            text.clone(),
            format!("echo {text}"),
            format!("echo {}{text}", first(&keywords)),
        ] {
            let fits =
                hits.len() < 2 && !hits.contains(&sample) && !sample.trim_start().starts_with('#');
            if fits && !sample.trim().is_empty() && matches(&sample) && holds_keyword(&sample) {
                hits.push(sample);
                break;
            }
        }
    }
    if hits.len() < 2 {
        return Err(
            "no two samples can be made from its regex: add it by hand, with samples".to_owned(),
        );
    }
    let near = format!("echo {}", first(&keywords));
    let mut misses: Vec<&str> = ORDINARY.iter().copied().take(2).collect();
    if !matches(&near) {
        misses.insert(0, &near);
    }
    let id = id(&foreign.id, ids);
    let text = text(foreign, &id, &keywords, &hits, &misses);
    Ok(Written { id, text })
}

/// What a rule that is worth something leaves alone.
const ORDINARY: [&str; 4] = ["ls -la", "git status", "npm run build", "echo hello"];

fn first(keywords: &[String]) -> &str {
    keywords.first().map_or("", String::as_str)
}

fn text(rule: &Foreign, id: &str, keywords: &[String], hits: &[String], misses: &[&str]) -> String {
    let (why, instead) = if rule.secret {
        (
            "this looks like a secret.",
            "name the variable or store that holds it.",
        )
    } else {
        (
            "a rule of another tool stops this.",
            "ask the user how to do it.",
        )
    };
    let severity = match rule.severity.as_str() {
        it @ ("low" | "medium" | "high" | "critical") => it,
        "info" => "low",
        _ if rule.secret => "high",
        _ => "medium",
    };
    let mut text = String::from("\n[[rule]]\n");
    let mut line = |key: &str, value: &str| {
        text.push_str(key);
        text.push_str(" = ");
        text.push_str(value);
        text.push('\n');
    };
    let why = sentence(&rule.why, why);
    line("id", &quoted(id));
    line("title", &quoted(why.trim_end_matches('.')));
    line("severity", &quoted(severity));
    line("decision", &quoted(rule.decision));
    if !rule.lost.is_empty() {
        line("status", "\"experimental\"");
    }
    line("since", "\"0.1.0\"");
    let doubt = match rule.lost.join(", ") {
        lost if lost.is_empty() => "imported: mend the match where it is wrong".to_owned(),
        lost => format!("imported without {lost}"),
    };
    line("false_positives", &list([doubt.as_str()]));
    line(
        "owasp",
        if rule.secret {
            "[\"LLM02\", \"ASI03\"]"
        } else {
            "[\"LLM06\", \"ASI02\"]"
        },
    );
    line("why", &quoted(&why));
    line("instead", &quoted(&sentence(&rule.instead, instead)));
    let matches = format!(
        "{{ text = {{ keywords = {}, regex = {}, reason = \"imported as text\" }} }}",
        list(keywords.iter().map(String::as_str)),
        quoted(&rule.regex)
    );
    line("match", &matches);
    line("hit", &list(hits.iter().map(String::as_str)));
    line("miss", &list(misses.iter().copied()));
    text
}

/// The id in our form, in front of which stands where it comes from.
fn id(written: &str, ids: &mut BTreeSet<String>) -> String {
    let mut id = String::from("imported");
    let mut gap = true;
    for letter in written.chars() {
        if letter.is_ascii_alphanumeric() {
            if gap {
                id.push('-');
            }
            id.push(letter.to_ascii_lowercase());
        }
        gap = !letter.is_ascii_alphanumeric();
        if id.len() >= 60 {
            break;
        }
    }
    let mut number = 2;
    let mut unique = id.clone();
    while !ids.insert(unique.clone()) {
        unique = format!("{id}-{number}");
        number += 1;
    }
    unique
}

/// What loading lets a sentence be long (characters), with some room for the id.
const SENTENCE: usize = 120;

/// One sentence with a full stop, cut at a word.
fn sentence(written: &str, otherwise: &str) -> String {
    let words: Vec<&str> = written.split_whitespace().collect();
    let mut text = String::new();
    for word in words {
        if text.chars().count() + word.chars().count() + 1 > SENTENCE {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    let text = text.trim_end_matches(['.', ',', ';', ':', '!', ' ']);
    if text.is_empty() {
        return otherwise.to_owned();
    }
    format!("{text}.")
}

fn list<'t>(items: impl IntoIterator<Item = &'t str>) -> String {
    let items: Vec<String> = items.into_iter().map(quoted).collect();
    format!("[{}]", items.join(", "))
}

/// A basic string of TOML, which a string of JSON is but for one letter.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007F")
}
