use super::*;
use crate::host::Dirs;
use crate::path::Places;
use crate::path::double::{Disk, places};
use crate::policy::{PathRule, Policy};
use crate::session::Session;
use crate::shell::{Arg, Assignment, Reading};

const DISK: &[&str] = &[
    "/home/dev/project/src/main.rs",
    "/home/dev/project/.git/config",
    "/home/dev/project/link -> /etc",
    "/home/dev/project/keys -> /home/dev/.ssh/id_rsa",
    "/home/dev/.ssh/id_rsa",
    "/home/dev/.cargo/bin/hookbin",
    "/home/dev/project/tool = /home/dev/.cargo/bin/hookbin",
    "/usr/bin/python3",
];

/// Stands in for the reading of arguments: `Kind=path` in front of the program, `Kind!=path` for a
/// recursive access.
fn written_out<'c>(_: &'c Cx, _: usize, invocation: &Invocation) -> Cow<'c, [Access]> {
    let assignment = &invocation.assignments[0];
    let (kind, path) = (assignment.name.as_str(), &assignment.value.text);
    let recursive = kind.ends_with('!');
    let kind = match kind.trim_end_matches('!') {
        "Read" => AccessKind::Read,
        "List" => AccessKind::List,
        "Append" => AccessKind::Append,
        "Write" => AccessKind::Write,
        "Delete" => AccessKind::Delete,
        "Move" => AccessKind::Move,
        "Mode" => AccessKind::Permission,
        "Link" => AccessKind::Link,
        "Execute" => AccessKind::Execute,
        "Send" => AccessKind::Send,
        other => panic!("no access kind {other}"),
    };
    let path = Arg::literal(path.as_str(), Span::default());
    Cow::Owned(vec![Access {
        kind,
        recursive,
        path,
        local: false,
    }])
}

fn policy() -> Policy {
    Policy {
        attended: true,
        ..Policy::default()
    }
}

fn guard_with(policy: &Policy, places: &Places, event: &str, reading: Option<&Reading>) -> String {
    let event = crate::event::parse(event).unwrap();
    let (session, disk) = (Session::default(), Disk::of(DISK));
    let cx = Cx::new(&event, policy, &session, &disk, places, reading);
    let guard = PathGuard {
        accesses: written_out,
    };
    let findings = guard.check(&cx);
    for finding in &findings {
        assert!(
            finding.why.len() <= 140 && finding.why.ends_with('.'),
            "{}",
            finding.why
        );
        assert!(finding.instead.len() <= 140, "{}", finding.instead);
        assert!(!finding.subject.is_empty());
        assert_eq!(finding.pack, "paths");
    }
    let lines: Vec<String> = findings
        .iter()
        .map(|it| format!("{} {}", it.decision.word(), it.rule))
        .collect();
    lines.join(", ")
}

fn tool_event(tool: &str, input: &str) -> String {
    format!(
        r#"{{"hook_event_name":"PreToolUse","session_id":"s","cwd":"/home/dev/project","tool_name":"{tool}","tool_input":{input}}}"#
    )
}

/// `Write path`: a call of that tool with that path.
fn tool_in(policy: &Policy, call: &str) -> String {
    let (tool, path) = call.split_once(' ').unwrap();
    let field = match tool {
        "NotebookEdit" => "notebook_path",
        "Read" | "Write" | "Edit" => "file_path",
        "ReadMcpResourceTool" => "uri",
        _ => "path",
    };
    let input = serde_json::json!({ field: path }).to_string();
    guard_with(policy, &places(), &tool_event(tool, &input), None)
}

fn assignment(access: &str) -> Assignment {
    let (kind, path) = access.split_once(' ').unwrap();
    Assignment {
        name: kind.to_owned(),
        value: Arg::literal(path, Span::default()),
    }
}

/// `program [mode]: Kind path`: an access by that program.
fn shell_in(policy: &Policy, line: &str) -> String {
    let (program, access) = line.split_once(": ").unwrap();
    let mut words = program.split(' ');
    let program = words.next().unwrap();
    let argv = std::iter::once(program).chain(words);
    let reading = Reading {
        scripts: Vec::new(),
        invocations: vec![Invocation {
            argv: argv.map(|it| Arg::literal(it, Span::default())).collect(),
            program: program.to_owned(),
            assignments: vec![assignment(access)],
            ..Invocation::default()
        }],
        problems: Vec::new(),
        files: Vec::new(),
        variables: Vec::new(),
    };
    let event = tool_event("Bash", r#"{"command":"x"}"#);
    guard_with(policy, &places(), &event, Some(&reading))
}

#[track_caller]
fn tool(call: &str, expected: &str) {
    assert_eq!(tool_in(&policy(), call), expected, "{call}");
}

#[track_caller]
fn shell(line: &str, expected: &str) {
    assert_eq!(shell_in(&policy(), line), expected, "{line}");
}

#[test]
fn ordinary_files_are_silent() {
    for call in [
        "Read src/main.rs",
        "Write src/main.rs",
        "Edit README.md",
        "Write /tmp/x/y",
        "Write ../sibling/x",
        "Read ~/.ssh/id_rsa.pub",
        "Read ~/.ssh/known_hosts",
        "Read .env.example",
        "Read /etc/hosts",
        "Grep .",
        "Grep ~",
        "Grep src",
        "Glob **/.env",
        "Glob ~/.ssh",
        "Read ~/.aws/config",
        "Read .npmrc",
        "Write .claude/agents/a.md",
        "Write .claude/skills/a/SKILL.md",
        "Write .claude/CLAUDE.md",
        "Read .claude/settings.json",
        "Read .git/config",
        "Write app/[id]/page.tsx",
        "Read ~/.bashrc",
        "Write ~/.claude/projects/p/memory/a.md",
        "Write .env",
        "Write dist/x.js",
        "Read node_modules/a/b.js",
        "Write /usr/local/share/x",
        "Write .git/info/exclude",
        "Write .gitignore",
        "Write tests/.env.example",
        "Read /etc/passwd",
        "Write docs/authorized.md",
        "Write /opt/app/x",
        "Edit .git/COMMIT_EDITMSG",
        "mcp__fs__read_text_file src/a",
        "mcp__fs__write_file src/a",
        "mcp__fs__delete_file src/old.rs",
    ] {
        tool(call, "");
    }
    for line in [
        "cat: Read src/main.rs",
        "rm: Delete src/old.rs",
        "rm: Delete .git/index.lock",
        "ls: List ~/.ssh",
        "ls: List .env",
        "source: Execute .env",
        "rm: Delete link",
        "rm: Delete keys",
        "tee: Write /dev/null",
        "tee: Append /dev/stderr",
        "cat: Read ~/.ssh/*.pub",
        "rm: Delete! node_modules",
        "rm: Delete! dist/*",
        "mkdir: Append ~/.ssh",
        "mkdir: Append .claude",
        "mkdir: Append .claude/hooks",
        "rm: Delete .env",
        "cp: Write .env",
        "hookbin: Execute ~/.cargo/bin/hookbin",
        "cat: Read ~/.config/hookbin/config.toml",
        "cat: Read *",
        "cat: Read src/*",
        "cat: Read id*",
        "grep: Read! .",
        "cp: Read! .git",
        "cat: Read ◆",
        "rm: Delete ◆",
        "ln: Link src/main.rs",
        "cp: Write /usr/local/bin/x",
        "tee: Write /proc/self/comm",
        "cat: Read /proc/cpuinfo",
        "touch: Append .git/info/exclude",
        "mkdir: Append ~/.aws",
        "cat: Read .git/HEAD",
        "cp: Write /tmp/t/.git/hooks/pre-commit",
        "tee: Write /tmp/t/.claude/settings.json",
        "rm: Delete! /tmp/x",
        "ln: Link /usr/bin/python3",
        "git: Read .github/workflows/ci.yml",
        "rm: Delete! ../sibling/target",
    ] {
        shell(line, "");
    }
}

#[test]
fn hookbin_and_its_wiring_stay() {
    for call in [
        "Write ~/.config/hookbin/config.toml",
        "Write .claude/hookbin.toml",
        "Edit /etc/hookbin/config.toml",
        "Write .claude/hookbin/rules/a.toml",
        "Write /usr/local/bin/hookbin",
        "Write tool",
        "mcp__fs__move_file ~/.config",
        "mcp__fs__delete_file ~/.cargo",
        "Write ~/.CONFIG/hookbin/x",
    ] {
        tool(call, "deny path-hookbin-write");
    }
    for line in [
        "rm: Delete ~/.cargo/bin/hookbin",
        "mv: Move ~/.cargo/bin",
        "mv: Move ~/.config",
        "rm: Delete! ~/.local",
        "rm: Delete! ~/.config/hookbin",
        "chmod: Mode! ~/.config",
        "chmod 000: Mode ~/.config",
        "chmod a-x: Mode ~/.cargo/bin/hookbin",
        "rm: Delete! ~/.cargo/bin/*",
        "tee: Append ~/.config/hookb*/config.toml",
        "rm: Delete ~/.cargo/bin/hookbi?",
        "ln: Link ~/.local/state/hookbin",
        "rm: Delete ◆/bin/hookbin",
    ] {
        shell(line, "deny path-hookbin-write");
    }
    shell("chmod 755: Mode ~/.config", "");
    shell(
        "cat: Read ~/.local/state/hookbin/audit/000001.jsonl",
        "deny path-hookbin-read",
    );
    shell("ls: List ~/.local/state/hookbin", "deny path-hookbin-read");
    tool(
        "Read ~/.local/state/hookbin/sessions/s.log",
        "deny path-hookbin-read",
    );
    tool("Grep ~/.local/state/hookbin", "deny path-hookbin-read");
    for call in [
        "Write .claude/settings.json",
        "Edit .claude/settings.local.json",
        "Edit ~/.claude.json",
        "Write .claude/hooks/x.sh",
        "Write ~/.claude/settings.json",
        "Write .Claude/Settings.json",
        "Write /home/dev/project/./.claude/../.claude/settings.json",
    ] {
        tool(call, "deny path-claude-settings-write");
    }
    for line in [
        "tee: Write .claude/settings.json",
        "rm: Delete! .claude",
        "mv: Move .claude",
        "sed: Write .claude/settings.*",
        "rm: Delete ~/.claude.json",
        "chmod -x: Mode .claude/hooks/x.sh",
        "rm: Delete! .claude/*",
        "rm: Delete! ~/.claude",
        "rm: Delete .claude/s*.json",
        "ln: Link .claude",
    ] {
        shell(line, "deny path-claude-settings-write");
    }
    tool(
        "Write /etc/claude-code/managed-settings.json",
        "deny path-claude-settings-write",
    );
}

#[test]
fn the_machine_is_not_configured() {
    tool("Write /etc/hosts", "deny path-system-config-write");
    tool("Write link/hosts", "deny path-system-config-write");
    tool("Edit /etc/passwd", "deny path-accounts-write");
    tool("Write /etc/sudoers.d/me", "deny path-accounts-write");
    tool(
        "Write ~/.ssh/authorized_keys",
        "deny path-authorized-keys-write",
    );
    tool("Write /etc/cron.d/x", "deny path-system-persistence-write");
    tool(
        "Write /etc/systemd/system/x.service",
        "deny path-system-persistence-write",
    );
    tool(
        "Write /etc/ld.so.preload",
        "deny path-system-persistence-write",
    );
    tool("Write /dev/sda", "deny path-device-write");
    tool("Write /proc/sysrq-trigger", "deny path-kernel-write");
    tool("Write /usr/bin/python3", "deny path-system-write");
    tool("Write /usr/bin/new", "ask path-system-write");
    shell("tee: Append /etc/hosts", "deny path-system-config-write");
    shell("tee: Write /etc/pass◆", "deny path-accounts-write");
    shell(
        "cp: Write /proc/self/root/etc/sudoers",
        "deny path-accounts-write",
    );
    shell(
        "tee: Append ~/.ssh/authorized_keys",
        "deny path-authorized-keys-write",
    );
    shell(
        "tee: Append ◆/.ssh/authorized_keys",
        "deny path-authorized-keys-write",
    );
    shell(
        "sysctl: Write /proc/sys/net/ipv4/ip_forward",
        "ask path-kernel-write",
    );
    shell(
        "rm: Delete /etc/nginx/nginx.conf",
        "deny path-system-config-write",
    );
    shell(
        "ln: Link /etc/nginx/nginx.conf",
        "ask path-system-config-write",
    );
    shell("rm: Delete! /etc", "");
    shell("rm: Delete! /usr", "");
    shell("tee: Write link/passwd", "deny path-accounts-write");
}

#[test]
fn repositories_keep_their_inside() {
    tool("Write .git/hooks/pre-commit", "ask path-git-hooks-write");
    tool("Write .git/hooks", "deny path-git-hooks-write");
    tool("Edit .git/config", "deny path-git-hooks-write");
    tool("Write .GIT/hooks/x", "deny path-git-hooks-write");
    tool("Write ../sibling/.git/config", "deny path-git-hooks-write");
    tool("Write .git/HEAD", "deny path-git-write");
    tool(
        "Write .github/workflows/ci.yml",
        "warn path-ci-workflow-write",
    );
    tool("mcp__fs__delete_directory .git", "deny path-tree-delete");
    tool("mcp__fs__delete_directory src", "");
    tool("mcp__fs__remove .", "deny path-tree-delete");
    tool("mcp__fs__move_file /", "deny path-hookbin-write");
    tool("mcp__fs__delete_directory /usr", "deny path-tree-delete");
    shell(
        "tee: Write .git/hooks/pre-commit",
        "ask path-git-hooks-write",
    );
    shell("sed: Write .git/config", "deny path-git-hooks-write");
    shell(
        "ln: Write .git/hooks/post-checkout",
        "ask path-git-hooks-write",
    );
    shell("tee: Write .git/HEAD", "ask path-git-write");
    shell("rm: Delete! .git", "");
    shell("mv: Move .git", "");
}

#[test]
fn the_users_own_files() {
    tool("Write ~/.bashrc", "ask path-shell-startup-write");
    tool(
        "Edit ~/.config/systemd/user/x.service",
        "ask path-user-persistence-write",
    );
    tool("Write ~/.gitconfig", "ask path-user-persistence-write");
    tool("Write ~/.ssh/config", "deny path-ssh-write");
    tool("Write ~/.ssh/id_rsa", "deny path-ssh-write");
    tool("Write ~/.npmrc", "ask path-token-store-write");
    tool(
        "Write ~/.aws/credentials",
        "ask path-cloud-credentials-write",
    );
    shell("tee: Append ~/.bashrc", "ask path-shell-startup-write");
    shell("tee: Append ◆/.zshrc", "ask path-shell-startup-write");
    shell(
        "tee: Append ~/.ssh/known_hosts",
        "warn path-known-hosts-write",
    );
    shell(
        "rm: Delete ~/.ssh/known_hosts",
        "ask path-known-hosts-write",
    );
    shell("ssh-keygen: Write ~/.ssh/id_new", "ask path-ssh-write");
    shell("ssh-keygen: Write ~/.ssh/id_rsa", "deny path-ssh-write");
    for mode in ["600", "0600", "400", "700", "go-rwx", "go=", "u=rw,go="] {
        shell(&format!("chmod {mode}: Mode ~/.ssh/id_rsa"), "");
    }
    for mode in ["777", "644", "a+r", "+r", "o+r", "u=rw,go=r"] {
        shell(
            &format!("chmod {mode}: Mode ~/.ssh/id_rsa"),
            "deny path-ssh-write",
        );
    }
    shell("chmod 644: Mode ~/.ssh/id_rsa.pub", "");
}

#[test]
fn secrets_are_not_read() {
    for call in [
        "Read ~/.ssh/id_rsa",
        "Read keys",
        "Read certs/server.key",
        "Grep ~/.ssh",
        "Grep ~/.ssh/id_rsa",
    ] {
        tool(call, "deny path-private-key-read");
    }
    tool(
        "ReadMcpResourceTool file:///home/dev/.ssh/id_rsa",
        "deny path-private-key-read",
    );
    tool(
        "ReadMcpResourceTool file:///home/dev/%2essh/id%5frsa",
        "deny path-private-key-read",
    );
    tool(
        "ReadMcpResourceTool file://localhost/etc/shadow",
        "deny path-secret-store-read",
    );
    tool("ReadMcpResourceTool https://example.com/.env", "");
    tool(
        "mcp__fs__read_file ~/.ssh/id_rsa",
        "deny path-private-key-read",
    );
    tool(
        "Read ~/.aws/credentials",
        "deny path-cloud-credentials-read",
    );
    tool("Grep ~/.aws", "deny path-cloud-credentials-read");
    tool("Read /etc/shadow", "deny path-secret-store-read");
    tool("Read .env", "ask path-env-file-read");
    tool("Grep .env", "ask path-env-file-read");
    tool("Read ~/.netrc", "ask path-token-store-read");
    tool(
        "Read ~/.claude/.credentials.json",
        "ask path-token-store-read",
    );
    for line in [
        "cat: Read ~/.ssh/id_rsa",
        "cat: Read ~/.ssh/*",
        "cat: Read ~/.ss?/id_*",
        "cat: Read ◆/.ssh/id_rsa",
        "cat: Read keys",
        "cp: Read! ~/.ssh",
        "ln: Read ~/.ssh/id_ed25519",
        "cat: Read ~/.SSH/id_rsa",
        "cat: Read ~root/.ssh/id_rsa",
        "cat: Read ../.ssh/id_rsa",
        "cat: Read ~/.s\u{200b}sh/id_rsa",
    ] {
        shell(line, "deny path-private-key-read");
    }
    shell("ln: Link certs/server.key", "deny path-private-key-read");
    shell(
        "cat: Read ~/.kube/config",
        "deny path-cloud-credentials-read",
    );
    shell("cat: Read .env", "ask path-env-file-read");
    shell("cat: Read .env*", "ask path-env-file-read");
    shell("cat: Read ./.en?", "ask path-env-file-read");
    shell("curl: Send .env", "deny path-env-file-read");
    shell("curl: Send ~/.netrc", "deny path-token-store-read");
}

#[test]
fn grep_with_the_name_of_a_secret_reads_it() {
    let grep = |input: &str| guard_with(&policy(), &places(), &tool_event("Grep", input), None);
    assert_eq!(
        grep(r#"{"pattern":"x","glob":".env"}"#),
        "ask path-env-file-read"
    );
    assert_eq!(
        grep(r#"{"pattern":"x","glob":"**/.env"}"#),
        "ask path-env-file-read"
    );
    assert_eq!(
        grep(r#"{"pattern":"x","path":"/home/dev","glob":".netrc"}"#),
        "ask path-token-store-read"
    );
    assert_eq!(grep(r#"{"pattern":"x","glob":"*.rs"}"#), "");
    assert_eq!(grep(r#"{"pattern":"x","glob":"!.env"}"#), "");
    assert_eq!(grep(r#"{"pattern":"x"}"#), "");
}

#[test]
fn other_machines_have_their_own_paths() {
    let mut invocation = Invocation {
        argv: vec![Arg::literal("cat", Span::default())],
        assignments: vec![assignment("Read /etc/shadow")],
        ..Invocation::default()
    };
    let event = tool_event("Bash", r#"{"command":"x"}"#);
    let check = |invocation: &Invocation| {
        let reading = Reading {
            scripts: Vec::new(),
            invocations: vec![invocation.clone()],
            problems: Vec::new(),
            files: Vec::new(),
            variables: Vec::new(),
        };
        guard_with(&policy(), &places(), &event, Some(&reading))
    };
    assert_eq!(check(&invocation), "deny path-secret-store-read");
    for context in [Context::REMOTE, Context::CONTAINER] {
        invocation.context = Context(context);
        assert_eq!(check(&invocation), "");
    }
}

fn with_pattern(pattern: &str, read: Decision, write: Decision) -> Policy {
    Policy {
        paths: vec![PathRule {
            pattern: pattern.to_owned(),
            read,
            write,
            why: String::new(),
            origin: "test".to_owned(),
        }],
        ..policy()
    }
}

#[test]
fn do_not_touch_patterns() {
    let deny = |pattern: &str, line: &str, expected: &str| {
        let policy = with_pattern(pattern, Decision::Pass, Decision::Deny);
        let found = if line.contains(": ") {
            shell_in(&policy, line)
        } else {
            tool_in(&policy, line)
        };
        let expected = if expected.is_empty() {
            ""
        } else {
            "deny do-not-touch-write"
        };
        assert_eq!(found, expected, "{pattern}: {line}");
    };
    deny("/srv/prod/**", "Write /srv/prod/a/b", "deny");
    deny("/srv/prod/**", "Write /srv/PROD/a", "deny");
    deny("/srv/prod/**", "Read /srv/prod/a", "");
    deny("/srv/prod/**", "Write /srv/product/a", "");
    deny("/srv/prod", "Write /srv/prod/a", "deny");
    deny("/srv/prod/**", "rm: Delete! /srv", "deny");
    deny("/srv/prod/**", "mv: Move /srv", "deny");
    deny("/srv/prod/**", "rm: Delete! /srv/*", "deny");
    deny("/srv/prod/**", "chmod: Mode! /srv/prod", "deny");
    deny("/srv/prod/**", "rm: Delete /srv/x", "");
    deny("/srv/prod/**", "cp: Read! /srv", "");
    deny("migrations/**", "Edit migrations/0001.sql", "deny");
    deny("migrations/**", "rm: Delete! migrations", "deny");
    deny("./migrations/*.sql", "rm: Delete migrations/*", "deny");
    deny("migrations/**", "Edit src/migrations/1", "");
    deny("**/*.lock", "Write a/b/Cargo.lock", "deny");
    deny("**/*.lock", "rm: Delete! src", "");
    deny("*.toml", "Write Cargo.toml", "deny");
    deny("*.toml", "Write sub/Cargo.toml", "");
    deny("{a,b}/x", "Write b/x", "deny");
    deny("~/vault", "tee: Append ~/vault/x", "deny");
    deny("~/vault", "tee: Append ~/vaults/x", "");
    deny("secret.txt", "tee: Write secr*.txt", "deny");
    deny("/etc-like/**", "Write link/../etc-like/x", "deny");
}

#[test]
fn do_not_touch_reads_and_reasons() {
    let policy = with_pattern("data/**", Decision::Ask, Decision::Deny);
    assert_eq!(tool_in(&policy, "Read data/x"), "ask do-not-touch-read");
    assert_eq!(tool_in(&policy, "Write data/x"), "deny do-not-touch-write");
    assert_eq!(
        shell_in(&policy, "cat: Read data/*"),
        "ask do-not-touch-read"
    );
    assert_eq!(shell_in(&policy, "ls: List data"), "");
    assert_eq!(tool_in(&policy, "Glob data"), "");
    assert_eq!(
        shell_in(&policy, "bash: Execute data/x.sh"),
        "ask do-not-touch-read"
    );
}

#[test]
fn the_boundary_holds_writes() {
    let strict = Policy {
        boundary_outside: Decision::Ask,
        ..policy()
    };
    for call in [
        "Write ../x",
        "Write ~/notes",
        "Write /opt/x",
        "mcp__fs__write_file /data/x",
    ] {
        assert_eq!(tool_in(&strict, call), "ask boundary-outside", "{call}");
    }
    for call in [
        "Write x",
        "Write /tmp/x",
        "Read ../x",
        "Write ~/.claude/projects/p/m.md",
        "Write /scratch/s1/x",
    ] {
        assert_eq!(tool_in(&strict, call), "", "{call}");
    }
    assert_eq!(shell_in(&strict, "tee: Write /dev/null"), "");
    assert_eq!(shell_in(&strict, "rm: Delete ../x"), "ask boundary-outside");
    assert_eq!(
        tool_in(&strict, "Write link/x"),
        "deny path-system-config-write, ask boundary-outside"
    );
    let roots = Policy {
        boundary_roots: vec!["src".to_owned(), "/data".to_owned(), "~/w".to_owned()],
        ..strict
    };
    for call in ["Write src/x", "Write /data/x", "Write ~/w/x"] {
        assert_eq!(tool_in(&roots, call), "", "{call}");
    }
    assert_eq!(tool_in(&roots, "Write docs/x"), "ask boundary-outside");
}

#[test]
fn the_policy_has_the_last_word() {
    let free = Policy {
        overrides: vec![
            ("pack:paths".to_owned(), Decision::Warn),
            ("path-env-file-read".to_owned(), Decision::Pass),
        ],
        ..policy()
    };
    assert_eq!(tool_in(&free, "Read .env"), "");
    assert_eq!(
        tool_in(&free, "Write ~/.bashrc"),
        "warn path-shell-startup-write"
    );
}

#[test]
fn other_events_and_odd_places_are_survived() {
    let event = r#"{"hook_event_name":"Stop","session_id":"s"}"#;
    assert_eq!(guard_with(&policy(), &places(), event, None), "");
    let nowhere = Places::new("", "", &[], &[], &Dirs::default());
    let read = |path: &str| {
        let event = tool_event(
            "Read",
            &serde_json::json!({ "file_path": path }).to_string(),
        );
        guard_with(&policy(), &nowhere, &event, None)
    };
    assert_eq!(read("src/x"), "");
    assert_eq!(read("~/.ssh/id_rsa"), "deny path-private-key-read");
    assert_eq!(read(".ssh/id_rsa"), "deny path-private-key-read");
    assert_eq!(read(""), "");
}
