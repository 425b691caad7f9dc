//! Owns whether a person is asking: [`confirm`], for what only people may grant. Does not own the
//! questions. Invariant: any sign of the client above this process is a refusal; a process of the same
//! user that forges all signs is beyond this check.

use super::{Ancestor, Host};
use crate::word::base;

/// Ancestors looked at; deeper trees than this do not occur.
const ANCESTOR_LIMIT: usize = 64;

/// What a refusal asks for.
const PLEASE: &str = "run it yourself in a terminal of your own";

/// Refuses where an agent may be asking instead of a person: the reason says which sign was seen.
pub fn confirm(host: &dyn Host) -> Result<(), String> {
    outside_client(host)?;
    if !host.terminal() {
        return Err(format!(
            "this is for people: standard input is not a terminal; {PLEASE}"
        ));
    }
    Ok(())
}

/// The part of [`confirm`] that scripts of a person pass too: the client is not above this process.
pub fn outside_client(host: &dyn Host) -> Result<(), String> {
    if host.env("CLAUDECODE").is_some_and(|it| !it.is_empty()) {
        return Err(format!(
            "this is for people: CLAUDECODE is set, so an agent may be asking; {PLEASE}"
        ));
    }
    let client: Option<u32> = host.env("CLAUDE_PID").and_then(|it| it.trim().parse().ok());
    for ancestor in host.ancestors() {
        if Some(ancestor.pid) == client || is_client(&ancestor) {
            return Err(format!(
                "this is for people: process {} above this one is the client; {PLEASE}",
                ancestor.pid
            ));
        }
    }
    Ok(())
}

/// True for the client's own executable and for its package run by a JavaScript runtime.
fn is_client(process: &Ancestor) -> bool {
    let is_named = |path: &str| base(path) == "claude";
    if is_named(&process.name) {
        return true;
    }
    let mut words = process.command.split(' ');
    let program = words.next().unwrap_or_default();
    if is_named(program) {
        return true;
    }
    matches!(
        process.name.as_str(),
        "node" | "bun" | "deno" | "MainThread"
    ) && words.any(|it| is_named(it) || it.contains("/claude-code"))
}

/// The processes above `pid` as /proc tells; empty where there is no /proc.
pub(super) fn ancestors(host: &dyn Host, pid: u32) -> Vec<Ancestor> {
    let mut found = Vec::new();
    let mut parent = parent_of(host, pid).map(|it| it.0);
    while let Some(pid) = parent.filter(|it| *it > 0) {
        let Some((above, name)) = parent_of(host, pid) else {
            break;
        };
        let command = host
            .read(&format!("/proc/{pid}/cmdline"), 1 << 20)
            .map(|it| String::from_utf8_lossy(&it).replace('\0', " "))
            .unwrap_or_default();
        found.push(Ancestor { pid, name, command });
        if found.len() >= ANCESTOR_LIMIT {
            break;
        }
        parent = Some(above);
    }
    found
}

/// The parent of a process and its own name: `pid (name) state ppid …`, where the name may hold
/// anything, parentheses and spaces included.
fn parent_of(host: &dyn Host, pid: u32) -> Option<(u32, String)> {
    let stat = host.read(&format!("/proc/{pid}/stat"), 1 << 16).ok()?;
    let stat = String::from_utf8_lossy(&stat);
    let (head, rest) = stat.rsplit_once(')')?;
    let (_, name) = head.split_once('(')?;
    let parent = rest.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some((parent, name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::fake::FakeHost;

    #[track_caller]
    fn check(host: &FakeHost, refused: Option<&str>) {
        match (confirm(host), refused) {
            (Ok(()), None) => {}
            (Err(reason), Some(part)) => assert!(reason.contains(part), "{reason}"),
            (result, _) => panic!("{result:?}"),
        }
    }

    fn person() -> FakeHost {
        let host = FakeHost::new();
        host.set_terminal(true);
        host
    }

    fn under(name: &str, command: &str) -> FakeHost {
        let host = person();
        host.set_ancestors(vec![
            Ancestor {
                pid: 20,
                name: "bash".to_owned(),
                command: "bash".to_owned(),
            },
            Ancestor {
                pid: 10,
                name: name.to_owned(),
                command: command.to_owned(),
            },
        ]);
        host
    }

    #[test]
    fn only_a_person_at_a_terminal_passes() {
        check(&person(), None);
        check(&FakeHost::new(), Some("not a terminal"));
        let host = person();
        host.set_env("CLAUDECODE", "1");
        check(&host, Some("CLAUDECODE"));
        host.set_env("CLAUDECODE", "");
        check(&host, None);
    }

    #[test]
    fn the_client_above_is_seen_without_its_environment() {
        check(&under("claude", ""), Some("process 10"));
        check(
            &under("2.1.330", "/home/u/.local/bin/claude -p x"),
            Some("process 10"),
        );
        check(
            &under(
                "node",
                "node /usr/lib/node_modules/@anthropic-ai/claude-code/cli.js",
            ),
            Some("process 10"),
        );
        check(&under("node", "node /usr/bin/claude"), Some("process 10"));
        check(&under("node", "node server.js"), None);
        check(&under("vim", "vim claude"), None);
        let host = under("anything", "");
        host.set_env("CLAUDE_PID", "10");
        check(&host, Some("process 10"));
    }

    #[test]
    fn ancestors_come_from_proc_whatever_their_names_hold() {
        let host = FakeHost::new();
        host.add_file("/proc/9/stat", "9 (hookbin) S 8 9 9");
        host.add_file("/proc/8/stat", "8 (a) b (c) S 1 8 8");
        host.add_file("/proc/8/cmdline", "x\0y");
        host.add_file("/proc/1/stat", "1 (init) S 0 1 1");
        let found = ancestors(&host, 9);
        let names: Vec<_> = found.iter().map(|it| (it.pid, it.name.as_str())).collect();
        assert_eq!(names, [(8, "a) b (c"), (1, "init")]);
        assert_eq!(found[0].command, "x y");
    }
}
