use std::cell::RefCell;

use chrono::{DateTime, Utc};

use super::*;
use crate::host::Locked;
use crate::host::fake::FakeHost;
use crate::policy::Mode;
use crate::verdict::{Decision, Severity};

const USER: &str = "/home/dev/.config/hookbin/config.toml";
const PROJECT: &str = "/p/.claude/hookbin.toml";
const MANAGED: &str = "/etc/hookbin/config.toml";
const SHARED: &str = "/state/policy.cache";

fn dirs() -> Dirs {
    Dirs {
        config: "/home/dev/.config/hookbin".into(),
        state: "/state".into(),
        managed: "/etc/hookbin".into(),
        home: "/home/dev".into(),
        executable: "/home/dev/bin/hookbin".into(),
        link: String::new(),
    }
}

/// A machine that notes what it is asked for.
struct Watched {
    fake: FakeHost,
    asked: RefCell<Vec<String>>,
}

impl Watched {
    fn new(files: &[(&str, &str)]) -> Self {
        let host = Self {
            fake: FakeHost::new(),
            asked: RefCell::default(),
        };
        for (path, text) in files {
            host.fake.add_file(path, *text);
        }
        host.fake.advance(3600);
        host
    }

    fn load(&self) -> Result<Policy, PolicyError> {
        self.asked.borrow_mut().clear();
        load(self, &dirs(), "/p")
    }

    #[track_caller]
    fn policy(&self) -> Policy {
        self.load().expect("a policy")
    }

    /// Whether the last load read any file but the cache.
    fn recompiled(&self) -> bool {
        let asked = self.asked.borrow();
        asked
            .iter()
            .any(|it| it.starts_with("read ") && !it.contains(".cache"))
    }

    fn note(&self, verb: &str, path: &str) {
        self.asked.borrow_mut().push(format!("{verb} {path}"));
    }

    /// Changes a file as an editor would, some time later.
    fn edit(&self, path: &str, text: &str) {
        self.fake.advance(60);
        self.fake.add_file(path, text);
        self.fake.advance(60);
    }
}

impl Host for Watched {
    fn now(&self) -> DateTime<Utc> {
        self.fake.now()
    }
    fn env(&self, name: &str) -> Option<String> {
        self.fake.env(name)
    }
    fn user(&self) -> u32 {
        self.fake.user()
    }

    fn metadata(&self, path: &str) -> io::Result<Meta> {
        self.note("metadata", path);
        self.fake.metadata(path)
    }
    fn read_link(&self, path: &str) -> io::Result<String> {
        self.fake.read_link(path)
    }
    fn read(&self, path: &str, limit: usize) -> io::Result<Vec<u8>> {
        self.note("read", path);
        self.fake.read(path, limit)
    }
    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        self.note("list", path);
        self.fake.list(path)
    }
    fn lock(&self, path: &str) -> io::Result<Box<dyn Locked + '_>> {
        self.fake.lock(path)
    }
    fn write(&self, path: &str, content: &[u8], mode: u32) -> io::Result<()> {
        self.note("write", path);
        self.fake.write(path, content, mode)
    }
    fn remove(&self, path: &str) -> io::Result<()> {
        self.fake.remove(path)
    }
    fn random(&self) -> [u8; 16] {
        self.fake.random()
    }
}

fn rules(pack: &str, id: &str) -> String {
    format!(
        "[pack]\nid = '{pack}'\nguard = 'bash'\ntitle = 'Own rules'\n\n[[rule]]\nid = '{id}'\n\
         title = 'a deploy'\nseverity = 'high'\ndecision = 'deny'\nsince = '0.1.0'\n\
         why = 'A deploy is for people.'\ninstead = 'Ask the user to deploy.'\n\
         match = {{ program = 'deploy' }}\nhit = ['deploy now', 'sudo deploy x']\n\
         miss = ['echo deploy', 'deployer']\n"
    )
}

#[test]
fn without_files_three_questions_are_asked() {
    let host = Watched::new(&[]);
    let policy = host.policy();
    assert_eq!(
        *host.asked.borrow(),
        [
            "metadata /home/dev/.config/hookbin",
            "metadata /p/.claude",
            "metadata /etc/hookbin",
        ]
    );
    assert_eq!(policy.tables.len(), 1);
    assert!(policy.attended);
    assert_eq!(policy.settings, []);
}

#[test]
fn empty_directories_are_no_policy() {
    let host = Watched::new(&[
        ("/p/.claude/settings.json", "{}"),
        ("/etc/hookbin/README", ""),
    ]);
    host.policy();
    assert!(!host.recompiled());
    assert_eq!(host.fake.file(SHARED), None);
}

#[test]
fn attended_unless_the_client_says_otherwise() {
    let check = |value: &str, expected: bool| {
        let host = Watched::new(&[]);
        host.fake.set_env("CLAUDE_CODE_SESSION_ATTENDED", value);
        assert_eq!(host.policy().attended, expected, "{value}");
    };
    check("0", false);
    check("1", true);
    check("", true);
}

#[test]
fn layers_come_from_their_files() {
    let host = Watched::new(&[
        (USER, "mode = 'observe'\nboundary.roots = ['~/work', '.']"),
        (PROJECT, "boundary.outside = 'deny'"),
        (MANAGED, "audit.sync = 'always'"),
    ]);
    for _ in 0..2 {
        let policy = host.policy();
        assert_eq!(policy.mode, Mode::Observe);
        assert_eq!(policy.boundary_outside, Decision::Deny);
        assert_eq!(policy.audit_sync, crate::policy::AuditSync::Always);
        assert_eq!(policy.boundary_roots, ["/home/dev/work", "/p"]);
        assert_eq!(policy.managed_file, MANAGED);
    }
    assert!(!host.recompiled());
}

#[test]
fn a_broken_file_is_an_error_at_its_place() {
    #[track_caller]
    fn check(path: &str, text: &str, expected: &str) {
        let host = Watched::new(&[(path, text)]);
        for _ in 0..2 {
            let error = host.load().expect_err("an error").to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        assert_eq!(host.fake.file(SHARED), None);
    }
    check(
        USER,
        "mode = 'x'",
        "/home/dev/.config/hookbin/config.toml:1:8: `mode` is one of",
    );
    check(
        PROJECT,
        "\nmod = 'observe'",
        "/p/.claude/hookbin.toml:2:1: there is no setting `mod`",
    );
    check(MANAGED, "mode", "/etc/hookbin/config.toml:1:");
    let own = "/home/dev/.config/hookbin/rules/own.toml";
    check(own, "[pack]\nid = 3", &format!("{own}:2:6: "));
    check(own, "", own);
    let own = "/p/.claude/hookbin/rules/OWN.TOML";
    check(own, "x = 1", &format!("{own}:1:1: "));
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    let check = |prepare: &dyn Fn(&FakeHost), expected: &str| {
        let host = Watched::new(&[]);
        prepare(&host.fake);
        let error = host.load().expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
    };
    let hidden = |it: &FakeHost| {
        it.add_file(USER, "");
        it.make_unreadable(USER);
    };
    check(&hidden, "config.toml: cannot be read");
    check(&|it| it.add_dir(USER), "config.toml: is not a file");
    check(
        &|it| it.add_link(USER, "nowhere"),
        "config.toml: is a link to nothing",
    );
    check(&|it| it.add_link(USER, USER), "");
    let rules = "/etc/hookbin/rules";
    check(&|it| it.add_file(rules, ""), "rules: is not a directory");
    let closed = |it: &FakeHost| {
        it.add_file("/etc/hookbin/rules/x.toml", "");
        it.make_unreadable(rules);
    };
    check(&closed, "rules: cannot be read");
    check(
        &|it| it.add_file(USER, b"a = 1\nb = \xff".as_slice()),
        "config.toml:2:5: is not UTF-8",
    );
    check(
        &|it| it.add_file(USER, vec![b'#'; FILE_LIMIT + 1]),
        "config.toml: cannot be read",
    );
    let many = |it: &FakeHost| {
        for number in 0..=RULE_FILES_LIMIT {
            it.add_file(&format!("{rules}/{number}.toml"), "");
        }
    };
    check(&many, "rules: holds more than 200 rule files");
}

#[test]
fn rules_of_all_layers_are_compiled_and_managed_ones_kept_apart() {
    let host = Watched::new(&[
        (
            "/home/dev/.config/hookbin/rules/own.toml",
            &rules("own", "own-deploy"),
        ),
        (
            "/p/.claude/hookbin/rules/team.toml",
            &rules("team", "team-deploy"),
        ),
        ("/p/.claude/hookbin/rules/notes.md", "not rules"),
        (
            "/etc/hookbin/rules/acme.toml",
            &rules("acme", "acme-deploy"),
        ),
    ]);
    for _ in 0..2 {
        let policy = host.policy();
        let ids = |table: &Table| table.rules().map(|it| it.id.to_owned()).collect::<Vec<_>>();
        assert_eq!(policy.tables.len(), 3);
        assert_eq!(ids(&policy.tables[1]), ["own-deploy", "team-deploy"]);
        assert_eq!(ids(&policy.tables[2]), ["acme-deploy"]);
        assert_eq!(policy.managed_rules, ["acme-deploy"]);
    }
    assert!(!host.recompiled());
}

#[test]
fn a_project_file_loosens_only_while_a_person_trusts_its_content() {
    let text = "rules.disable = ['git-reset-hard']";
    let host = Watched::new(&[(PROJECT, text)]);
    let decision =
        |policy: &Policy| policy.decide("git-reset-hard", "git", Severity::High, Decision::Ask);
    let policy = host.policy();
    assert_eq!(decision(&policy), Decision::Ask);
    assert_eq!(policy.notices.len(), 1);
    trust::grant(&host, &dirs(), PROJECT, text.as_bytes()).expect("a grant");
    host.fake.advance(60);
    assert_eq!(decision(&host.policy()), Decision::Pass);
    assert!(host.recompiled());
    assert_eq!(decision(&host.policy()), Decision::Pass);
    assert!(
        host.asked
            .borrow()
            .iter()
            .any(|it| it == "metadata /state/trust.json")
    );
    host.edit(PROJECT, &format!("{text}\n"));
    assert_eq!(decision(&host.policy()), Decision::Ask);
    host.edit(PROJECT, text);
    assert_eq!(decision(&host.policy()), Decision::Pass);
    trust::revoke(&host, &dirs(), PROJECT).expect("a revocation");
    host.fake.advance(60);
    assert_eq!(decision(&host.policy()), Decision::Ask);
}

/// Loads twice, so that the cache holds; changes something; the next load must see it.
#[track_caller]
fn check_stale(what: &str, change: &dyn Fn(&Watched)) {
    let host = Watched::new(&[
        (USER, "mode = 'observe'"),
        (PROJECT, "boundary.outside = 'ask'"),
        (
            "/home/dev/.config/hookbin/rules/own.toml",
            &rules("own", "own-deploy"),
        ),
        ("/dotfiles/hookbin.toml", &rules("dot", "dot-deploy")),
    ]);
    host.fake.add_link(
        "/home/dev/.config/hookbin/rules/dot.toml",
        "/dotfiles/hookbin.toml",
    );
    host.fake.advance(60);
    host.policy();
    assert!(host.recompiled(), "{what}: first");
    host.policy();
    assert!(!host.recompiled(), "{what}: cached");
    change(&host);
    host.fake.advance(60);
    host.policy();
    assert!(host.recompiled(), "{what}: stale");
    host.policy();
    assert!(!host.recompiled(), "{what}: cached again");
}

#[test]
fn every_change_of_a_source_makes_the_cache_stale() {
    let own = "/home/dev/.config/hookbin/rules/own.toml";
    check_stale("same length, other text", &|it| {
        it.edit(USER, "mode = 'enforce'");
    });
    check_stale("same text, other inode", &|it| {
        it.edit(USER, "mode = 'observe'");
    });
    check_stale("a rule file", &|it| {
        it.edit(own, &rules("own", "own-release"));
    });
    check_stale("behind a link", &|it| {
        it.edit("/dotfiles/hookbin.toml", &rules("dot", "dot-x"));
    });
    check_stale("a file removed", &|it| {
        it.fake.remove(USER).expect("removed");
    });
    check_stale("project file removed", &|it| {
        it.fake.remove(PROJECT).expect("removed");
    });
    check_stale("managed added", &|it| it.edit(MANAGED, "grants = 'none'"));
    check_stale("managed rules added", &|it| {
        it.edit("/etc/hookbin/rules/a.toml", &rules("a", "a-b"));
    });
    check_stale("project rules added", &|it| {
        it.edit("/p/.claude/hookbin/rules/a.toml", &rules("a", "a-b"));
    });
    check_stale("trust", &|it| {
        trust::grant(it, &dirs(), PROJECT, b"x").expect("a grant");
    });
    check_stale("directory of rules", &|it| {
        it.fake.advance(60);
        it.fake
            .add_file("/home/dev/.config/hookbin/rules/b.toml", rules("b", "b-c"));
        // What a real file system does to the directory of a new file.
        it.fake.add_dir("/home/dev/.config/hookbin/rules");
    });
}

#[test]
fn a_cache_that_is_foreign_or_damaged_is_compiled_anew() {
    let files = [(USER, "mode = 'observe'")];
    let host = Watched::new(&files);
    host.policy();
    let cache = host.fake.file(SHARED).expect("a cache");
    let check = |bytes: &[u8]| {
        host.fake.add_file(SHARED, bytes);
        assert_eq!(host.policy().mode, Mode::Observe);
        assert!(host.recompiled(), "{:?}", String::from_utf8_lossy(bytes));
        assert_eq!(host.fake.file(SHARED).as_ref(), Some(&cache));
    };
    for length in 0..cache.len() {
        check(&cache[..length]);
    }
    let mut other = cache.clone();
    other[20] ^= 1;
    check(&other);
    check(&[0xff; 4096]);
}

#[test]
fn a_cache_that_cannot_be_written_is_no_error() {
    let host = Watched::new(&[(USER, "mode = 'observe'")]);
    host.fake.make_read_only("/state");
    for _ in 0..2 {
        assert_eq!(host.policy().mode, Mode::Observe);
        assert!(host.recompiled());
    }
}

#[test]
fn what_changed_a_moment_ago_is_not_cached() {
    let host = Watched::new(&[]);
    host.fake.add_file(USER, "mode = 'observe'");
    host.policy();
    assert_eq!(host.fake.file(SHARED), None);
    host.fake.advance(3);
    host.policy();
    assert!(host.fake.file(SHARED).is_some());
}

#[test]
fn projects_with_files_have_a_cache_of_their_own() {
    let host = Watched::new(&[
        (USER, "mode = 'observe'"),
        (PROJECT, "boundary.outside = 'ask'"),
        ("/q/.claude/hookbin.toml", "boundary.outside = 'deny'"),
    ]);
    let outside = |project: &str| {
        load(&host, &dirs(), project)
            .expect("a policy")
            .boundary_outside
    };
    for _ in 0..2 {
        host.asked.borrow_mut().clear();
        assert_eq!(outside("/p"), Decision::Ask);
        assert_eq!(outside("/q"), Decision::Deny);
        assert_eq!(outside("/r"), Decision::Pass);
        assert_eq!(outside(""), Decision::Pass);
    }
    assert!(!host.recompiled());
    let caches = host
        .fake
        .files()
        .into_iter()
        .filter(|it| it.contains(".cache"))
        .count();
    assert_eq!(caches, 3);
}

#[test]
fn check_finds_every_problem_of_every_file() {
    let host = Watched::new(&[
        (USER, "mod = 1\nmode = 'x'"),
        (PROJECT, "boundary = 1"),
        ("/home/dev/.config/hookbin/rules/a.toml", "x = 1"),
        ("/home/dev/.config/hookbin/rules/b.toml", "x = 1"),
    ]);
    let problems = problems(&host, &dirs(), "/p");
    let lines: Vec<(String, usize)> = problems
        .errors
        .iter()
        .map(|it| (it.file.clone(), it.line))
        .collect();
    assert_eq!(lines.len(), 5, "{lines:?}");
    assert_eq!(problems.files.len(), 4);
}

#[test]
fn names_beside_a_link() {
    assert_eq!(beside("/a/b", "c"), "/a/c");
    assert_eq!(beside("/a/b", "/c"), "/c");
    assert_eq!(beside("/b", "../c"), "/../c");
    assert_eq!(join("/", "x"), "/x");
    assert_eq!(join("/a", "x"), "/a/x");
}
