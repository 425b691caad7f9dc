//! Owns where an invocation connects to: the hosts in the operands and flags of network programs, in
//! remotes of git, in `/dev/tcp` redirects and in the code of interpreters. Does not own what a host is
//! (`address`). Invariant: data (bodies, headers, messages) names no host.

use super::{Address, remotes};
use crate::rule::{origin, printed};
use crate::shell::flags::{Options, family};
use crate::shell::{Arg, Invocation, Reading};

/// What is asked about.
pub(super) struct Asked<'a> {
    pub(super) reading: &'a Reading,
    pub(super) index: usize,
    pub(super) invocation: &'a Invocation,
    pub(super) options: &'a Options<'a>,
}

/// The hosts that an invocation connects to, as far as they are named.
pub(super) fn of(asked: &Asked) -> Vec<Address> {
    let mut found = Vec::new();
    for redirect in &asked.invocation.redirects {
        let host = redirect.socket().and_then(|it| it.split('/').next());
        found.extend(host.and_then(Address::named));
    }
    let operands = || asked.options.operands.iter().map(|it| it.text.as_str());
    let program = family(&asked.invocation.program);
    match program {
        "curl" => {
            found.extend(operands().filter_map(|it| Address::of(it, true)));
            curl(asked, &mut found);
        }
        "wget" | "wget2" | "aria2c" | "axel" | "fetch" | "lynx" | "w3m" | "links" | "websocat"
        | "wscat" => found.extend(operands().filter_map(|it| Address::of(it, true))),
        "http" | "https" | "xh" | "xhs" => {
            let method = |it: &&str| it.bytes().all(|it| it.is_ascii_uppercase());
            let url = operands().find(|it| !method(it));
            found.extend(url.and_then(|it| Address::of(it, true)));
        }
        "ssh" | "sftp" | "mosh" | "autossh" | "ftp" | "ncftp" | "tftp" | "telnet" | "rsh"
        | "rlogin" | "sshpass" | "nc" | "ncat" | "netcat" | "nc.traditional" | "nc.openbsd"
        | "ping" | "ping6" | "ncftpput" => {
            let listens = asked.options.has_any(&["-l", "--listen"]) && is_netcat(program);
            if !listens {
                found.extend(operands().next().and_then(|it| Address::of(it, true)));
            }
            forwarded(asked, &mut found);
        }
        "smbclient" | "mail" | "mailx" | "mutt" | "neomutt" | "s-nail" | "sendmail" => {
            found.extend(operands().filter_map(|it| Address::of(it, true)));
        }
        "swaks" => {
            let to = asked.options.values_of(&["-t", "--to", "-s", "--server"]);
            found.extend(to.iter().filter_map(|it| Address::of(&it.text, true)));
        }
        "lftp" => lftp(asked, &mut found),
        "dig" | "nslookup" | "host" | "drill" | "kdig" => {
            let server = |it: &str| Address::named(it.trim_start_matches('@'));
            found.extend(operands().filter_map(server));
        }
        "scp" | "rsync" => found.extend(operands().filter_map(remotes::host_of)),
        "socat" => found.extend(operands().filter_map(socat)),
        "openssl" => {
            let servers = asked.options.values_of(&["-connect", "-proxy", "-host"]);
            found.extend(servers.iter().filter_map(|it| Address::of(&it.text, true)));
        }
        "git" => git(asked, &mut found),
        "docker" | "podman" | "nerdctl" | "kubectl" | "oc" => {
            let addresses = operands().filter(|it| it.contains(['.', ':', '/']));
            found.extend(addresses.filter_map(|it| Address::of(it, true)));
        }
        _ => urls(asked, &mut found),
    }
    found
}

/// True for the programs of that family.
pub(super) fn is_netcat(program: &str) -> bool {
    matches!(
        program,
        "nc" | "ncat" | "netcat" | "nc.traditional" | "nc.openbsd"
    )
}

/// What curl is told to go through, or to take for the host of the URL.
fn curl(asked: &Asked, found: &mut Vec<Address>) {
    let through = [
        "--url",
        "-x",
        "--proxy",
        "--preproxy",
        "--socks5",
        "--socks5-hostname",
    ];
    let through = asked.options.values_of(&through);
    found.extend(through.iter().filter_map(|it| Address::of(&it.text, true)));
    if asked.options.has_any(&["-K", "--config"]) {
        let given = origin::texts(asked.reading, asked.invocation).into_iter();
        let addresses = given.filter(|it| it.trim_start().starts_with("url"));
        found.extend(addresses.flat_map(in_code));
    }
    for value in asked.options.values_of(&["--resolve", "--connect-to"]) {
        let parts = value.text.splitn(3, ':').last().unwrap_or_default();
        found.extend(Address::of(parts, true));
    }
}

/// What ssh opens a way to: the host in `-L [here:]port:host:port` and `-W host:port`.
fn forwarded(asked: &Asked, found: &mut Vec<Address>) {
    if !matches!(asked.invocation.program.as_str(), "ssh" | "autossh") {
        return;
    }
    for way in asked.options.values_of(&["-L", "-W"]) {
        let host = way.text.rsplit_once(':').map_or("", |it| it.0);
        let host = host.rsplit([':', '[']).next().unwrap_or_default();
        found.extend(Address::named(host));
    }
}

/// The site of lftp, and what its own commands open.
fn lftp(asked: &Asked, found: &mut Vec<Address>) {
    let site = asked.options.operands.first();
    found.extend(site.and_then(|it| Address::of(&it.text, true)));
    for script in asked.options.values_of(&["-e", "-c"]) {
        for command in script.text.split([';', '\n']) {
            let mut words = command.split_whitespace();
            if words.next() == Some("open") {
                found.extend(words.last().and_then(|it| Address::of(it, true)));
            }
        }
    }
}

/// `TCP:host:port` and kin; what listens has no host.
fn socat(address: &str) -> Option<Address> {
    let (kind, rest) = address.split_once(':')?;
    let kind = kind.to_ascii_lowercase();
    let connects = [
        "tcp", "udp", "openssl", "ssl", "sctp", "socks", "proxy", "dtls", "ws",
    ];
    if kind.contains("listen")
        || kind.ends_with("-l")
        || !connects.iter().any(|it| kind.starts_with(it))
    {
        return None;
    }
    Address::of(rest, true)
}

/// The repository that git pushes to, named by its address or by a remote that the text itself added.
/// Remotes of the configuration are known by definition.
fn git(asked: &Asked, found: &mut Vec<Address>) {
    let verb = asked.options.subcommand(0).unwrap_or_default();
    let target = match verb {
        "push" | "send-pack" | "clone" | "fetch" | "pull" | "ls-remote" => {
            let given = asked.options.values_of(&["--repo"]).pop();
            given.or_else(|| asked.options.operands.get(1).map(|&it| it.clone()))
        }
        _ => None,
    };
    let Some(target) = target else {
        return;
    };
    let earlier = asked.reading.invocations.get(..asked.index);
    let mut earlier = earlier.unwrap_or_default().iter().rev();
    let added = earlier.find_map(|it| added_remote(it, &target));
    found.extend(remotes::host_of(added.unwrap_or(&target.text)));
}

/// The address that `git remote add NAME` or `git remote set-url NAME` gives a remote. The first that a
/// repository gets is its own.
fn added_remote<'i>(invocation: &'i Invocation, name: &Arg) -> Option<&'i str> {
    if invocation.program != "git" {
        return None;
    }
    let words: Vec<&str> = invocation
        .args()
        .iter()
        .map(|it| it.text.as_str())
        .collect();
    let at = words.iter().position(|it| *it == "remote")?;
    let verb = words.get(at + 1).copied()?;
    let named = words.contains(&name.text.as_str());
    let last = words.last().copied();
    let own = verb == "add" && name.text == "origin";
    last.filter(|_| named && !own && matches!(verb, "add" | "set-url"))
}

/// Whole words that are URLs; in code, every URL and every quoted host of it.
fn urls(asked: &Asked, found: &mut Vec<Address>) {
    for text in origin::texts(asked.reading, asked.invocation) {
        if text.contains([' ', '\n', '(', '\'', '"']) {
            if printed::prints(asked.invocation) && text.contains("://") {
                found.extend(in_code(&printed::without(text)));
            } else {
                found.extend(in_code(text));
            }
        } else {
            let url =
                text.split_once('=').map_or(
                    text,
                    |(flag, value)| {
                        if flag.starts_with('-') { value } else { text }
                    },
                );
            found.extend(Address::of(url, false));
        }
    }
}

/// The hosts that program text names.
pub(super) fn in_code(text: &str) -> impl Iterator<Item = Address> {
    let ends = |it: char| {
        it.is_whitespace() || matches!(it, '\'' | '"' | '`' | '<' | '>' | ')' | ',' | ';')
    };
    text.match_indices("://").filter_map(move |(at, _)| {
        let before = text.get(..at)?;
        let scheme = before.bytes().rev();
        let scheme = scheme.take_while(u8::is_ascii_alphanumeric).count();
        let rest = text.get(at..)?;
        let url = rest.split(ends).next()?;
        Address::of(url, false).filter(|_| scheme > 0)
    })
}
