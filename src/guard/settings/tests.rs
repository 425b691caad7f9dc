use serde_json::json;

use super::*;
use crate::event;
use crate::handler::Handler as _;
use crate::handler::settings::SettingsHandler;
use crate::host::Host as _;
use crate::host::fake::FakeHost;
use crate::path::Places;
use crate::policy::Policy;
use crate::session::Session;
use crate::verdict::reduce;

const USER: &str = "/home/dev/.claude/settings.json";
const PROJECT: &str = "/home/dev/proj/.claude/settings.json";
const LOCAL: &str = "/home/dev/proj/.claude/settings.local.json";

/// A session on a machine in memory.
struct Bench {
    host: FakeHost,
    session: Session,
    places: Places,
}

impl Bench {
    /// A session that starts with these settings files.
    fn new(files: &[(&str, &str)]) -> Self {
        let mut bench = Self::unseen(files);
        bench.start();
        bench
    }

    /// A session whose start nobody saw.
    fn unseen(files: &[(&str, &str)]) -> Self {
        let host = FakeHost::new();
        for (path, text) in files {
            host.add_file(path, *text);
        }
        let own = Dirs {
            config: "/home/dev/.config/hookbin".to_owned(),
            state: "/home/dev/.local/state/hookbin".to_owned(),
            home: "/home/dev".to_owned(),
            executable: "/opt/hookbin".to_owned(),
            link: String::new(),
            ..Dirs::default()
        };
        let places = Places {
            homes: vec!["/home/dev".to_owned()],
            project: "/home/dev/proj".to_owned(),
            cwd: "/home/dev/proj".to_owned(),
            own,
            ..Places::default()
        };
        let session = Session::default();
        Self {
            host,
            session,
            places,
        }
    }

    fn with<T>(&self, text: &str, then: impl FnOnce(&Cx) -> T) -> T {
        let event = event::parse(text).unwrap();
        let policy = Policy::default();
        let (session, host) = (&self.session, &self.host);
        let cx = Cx::new(&event, &policy, session, host, &self.places, None);
        then(&cx)
    }

    fn apply(&mut self, effects: Vec<Effect>) -> Vec<String> {
        let mut said = Vec::new();
        for effect in effects {
            match effect {
                Effect::Session(Change::Wired(lines)) => self.session.wired = lines,
                Effect::Message(text) => said.push(text),
                other => panic!("{other:?}"),
            }
        }
        said
    }

    /// SessionStart of a new process; what the user is told.
    fn start(&mut self) -> Vec<String> {
        self.start_by("startup")
    }

    fn start_by(&mut self, source: &str) -> Vec<String> {
        let text = json!({"hook_event_name": "SessionStart", "source": source}).to_string();
        let effects = self.with(&text, |cx| SettingsHandler.run(cx, &reduce(Vec::new())));
        self.apply(effects)
    }

    /// ConfigChange; the ids of the objections.
    fn change(&mut self, source: &str, path: &str, text: Option<&str>) -> Vec<String> {
        match text {
            Some(text) => self.host.add_file(path, text),
            None => self.host.remove(path).unwrap(),
        }
        let event = json!({"hook_event_name": "ConfigChange", "source": source, "file_path": path});
        let event = event.to_string();
        let findings = self.with(&event, |cx| SettingsGuard.check(cx));
        for finding in &findings {
            assert!(finding.message().len() <= 300, "{}", finding.message());
            assert_eq!(finding.decision, Decision::Deny);
        }
        let ids = findings.iter().map(|it| it.rule.to_string()).collect();
        let verdict = reduce(findings);
        let effects = self.with(&event, |cx| SettingsGuard.record(cx, &verdict));
        assert_eq!(self.apply(effects), Vec::<String>::new());
        ids
    }
}

/// Settings wired as `install --user` does, on two events.
fn wired(command: &str) -> String {
    let entry = |event: &str| {
        json!([{"hooks": [{"type": "command", "command": command, "timeout": 10, "onFailure": "block",
            "args": ["hook", event, "--config-dir", "/home/dev/.config/hookbin",
                "--state-dir", "/home/dev/.local/state/hookbin", "--home", "/home/dev"]}]}])
    };
    let hooks = json!({"PreToolUse": entry("PreToolUse"), "ConfigChange": entry("ConfigChange")});
    json!({"hooks": hooks, "model": "opus"}).to_string()
}

/// A session wired by its user settings; they change to this text.
#[track_caller]
fn check(now: &str, wanted: &[&str]) {
    let mut bench = Bench::new(&[(USER, &wired("/opt/hookbin"))]);
    assert_eq!(
        bench.change("user_settings", USER, Some(now)),
        wanted,
        "{now}"
    );
}

#[test]
fn a_change_that_keeps_us_is_silent() {
    let kept = wired("/opt/hookbin");
    check(&kept, &[]);
    check(&kept.replace("opus", "sonnet"), &[]);
    check(
        &kept.replace("\"model\"", "\"disableAllHooks\": false, \"model\""),
        &[],
    );
    check(
        &kept.replace("\"model\"", "\"env\": {\"FOO\": \"1\"}, \"model\""),
        &[],
    );
    check(&kept.replace("\"timeout\":10", "\"timeout\":30"), &[]);
    check(
        &serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&kept).unwrap())
            .unwrap(),
        &[],
    );
}

#[test]
fn taking_us_out_is_blocked() {
    const REMOVED: &[&str] = &["hookbin-settings-removed"];
    let kept = wired("/opt/hookbin");
    check("{}", REMOVED);
    check("", REMOVED);
    check("{\"hooks\": {}}", REMOVED);
    check(&kept.replace("PreToolUse", "PostToolUse"), REMOVED);
    check(
        &kept.replace("\"ConfigChange\":[", "\"Notification\":["),
        REMOVED,
    );
    check(
        &kept.replace("\"onFailure\":\"block\"", "\"onFailure\":\"continue\""),
        REMOVED,
    );
    check(
        &kept.replace("\"timeout\":10", "\"timeout\":10,\"async\":true"),
        REMOVED,
    );
    check(
        &kept.replace("{\"hooks\":[", "{\"matcher\":\"Nothing\",\"hooks\":["),
        REMOVED,
    );
    check(&kept.replace("/opt/hookbin", "/bin/true"), REMOVED);
    check(&kept.replace("/opt/hookbin", "/tmp/hookbin"), REMOVED);
    check(&kept.replace("/opt/hookbin", "hookbin"), REMOVED);
    check(
        &kept.replace("/home/dev/.config/hookbin", "/tmp/lax"),
        REMOVED,
    );
    check(&kept.replace("/home/dev/.local/state", "/tmp"), REMOVED);
    check(
        &kept.replace("\"--home\",\"/home/dev\"", "\"--home\",\"/\""),
        REMOVED,
    );
    check(&kept.replace(",\"--home\",\"/home/dev\"", ""), REMOVED);
}

#[test]
fn deleting_the_file_is_blocked() {
    let mut bench = Bench::new(&[(USER, &wired("/opt/hookbin"))]);
    assert_eq!(
        bench.change("user_settings", USER, None),
        ["hookbin-settings-removed"]
    );
}

#[test]
fn other_ways_out_are_blocked() {
    let kept = wired("/opt/hookbin");
    let with = |member: &str| kept.replace("\"model\"", &format!("{member}, \"model\""));
    check(
        &with("\"disableAllHooks\": true"),
        &["hookbin-settings-disabled"],
    );
    check(
        &with("\"disableAllHooks\": 1"),
        &["hookbin-settings-disabled"],
    );
    check(
        &with("\"env\": {\"PATH\": \"/tmp:/bin\"}"),
        &["hookbin-settings-env"],
    );
    check(
        &with("\"env\": {\"LD_PRELOAD\": \"/tmp/x.so\"}"),
        &["hookbin-settings-env"],
    );
    check(
        &with("\"env\": {\"XDG_STATE_HOME\": \"/tmp\"}"),
        &["hookbin-settings-env"],
    );
    check("{\"hooks\": ", &["hookbin-settings-malformed"]);
    check("[]", &["hookbin-settings-malformed"]);
    check(
        &kept.replace("\"timeout\":10", "\"timeout\":-1"),
        &["hookbin-settings-malformed", "hookbin-settings-removed"],
    );
    let beside = kept.replace(
        "\"PreToolUse\":[",
        "\"PreToolUse\":[{\"hooks\":[{\"type\":\"x\"}]},",
    );
    check(&beside, &["hookbin-settings-malformed"]);
    check(
        &kept
            .replace("{\"hooks\":{", "{\"hooks\":[{")
            .replace("},\"model\"", "}],\"model\""),
        &["hookbin-settings-malformed", "hookbin-settings-removed"],
    );
}

#[test]
fn variables_that_stood_there_before_are_no_matter() {
    let with_path =
        wired("/opt/hookbin").replace("\"model\"", "\"env\": {\"PATH\": \"/a\"}, \"model\"");
    let mut bench = Bench::new(&[(USER, &with_path)]);
    let changed = with_path.replace("opus", "haiku");
    assert!(
        bench
            .change("user_settings", USER, Some(&changed))
            .is_empty()
    );
    let moved = with_path.replace("\"/a\"", "\"/b\"");
    assert_eq!(
        bench.change("user_settings", USER, Some(&moved)),
        ["hookbin-settings-env"]
    );
    let gone = wired("/opt/hookbin");
    assert!(bench.change("user_settings", USER, Some(&gone)).is_empty());
}

#[test]
fn a_layer_that_does_not_hold_us_may_change() {
    let mut bench = Bench::new(&[
        (USER, &wired("/opt/hookbin")),
        (LOCAL, "{\"hooks\": {\"Stop\": []}}"),
    ]);
    assert!(bench.change("local_settings", LOCAL, Some("{}")).is_empty());
    assert!(
        bench
            .change("project_settings", PROJECT, Some("{\"a\": 1}"))
            .is_empty()
    );
    let sloppy = "{\"hooks\": {\"PreToolUse\": [{\"hooks\": [{\"type\": \"x\"}]}]}}";
    assert!(
        bench
            .change("project_settings", PROJECT, Some(sloppy))
            .is_empty()
    );
    assert_eq!(
        bench.change("local_settings", LOCAL, Some("{")),
        ["hookbin-settings-malformed"]
    );
    let off = "{\"disableAllHooks\": true}";
    assert_eq!(
        bench.change("local_settings", LOCAL, Some(off)),
        ["hookbin-settings-disabled"]
    );
    assert!(
        bench
            .change("skills", "/home/dev/.claude/skills/x", Some(""))
            .is_empty()
    );
    assert!(
        bench
            .change(
                "policy_settings",
                "/etc/claude-code/managed-settings.json",
                Some("{}")
            )
            .is_empty()
    );
}

#[test]
fn a_shared_file_may_name_us_from_the_path() {
    let shared = wired("hookbin");
    let mut bench = Bench::new(&[(PROJECT, &shared)]);
    assert!(
        bench
            .change(
                "project_settings",
                PROJECT,
                Some(&shared.replace("10", "20"))
            )
            .is_empty()
    );
    let foreign = shared.replace("\"hookbin\"", "\"./hookbin\"");
    assert_eq!(
        bench.change("project_settings", PROJECT, Some(&foreign)),
        ["hookbin-settings-removed"]
    );
}

#[test]
fn an_update_to_this_very_program_is_silent() {
    let mut bench = Bench::new(&[(USER, &wired("/old/hookbin"))]);
    assert!(
        bench
            .change("user_settings", USER, Some(&wired("/opt/hookbin")))
            .is_empty()
    );
}

#[test]
fn a_wiring_that_was_added_is_guarded_from_then_on() {
    let mut bench = Bench::new(&[(USER, &wired("/opt/hookbin"))]);
    assert!(
        bench
            .change("local_settings", LOCAL, Some(&wired("/opt/hookbin")))
            .is_empty()
    );
    assert_eq!(
        bench.change("local_settings", LOCAL, Some("{}")),
        ["hookbin-settings-removed"]
    );
}

#[test]
fn a_blocked_change_is_still_blocked_when_repeated_and_free_when_undone() {
    let kept = wired("/opt/hookbin");
    let mut bench = Bench::new(&[(USER, &kept)]);
    for _ in 0..2 {
        assert_eq!(
            bench.change("user_settings", USER, Some("{}")),
            ["hookbin-settings-removed"]
        );
    }
    assert!(bench.change("user_settings", USER, Some(&kept)).is_empty());
}

#[test]
fn without_a_seen_start_the_last_wiring_is_kept() {
    let kept = wired("/opt/hookbin");
    let mut bench = Bench::unseen(&[(USER, &kept), (PROJECT, &kept)]);
    assert!(
        bench
            .change("project_settings", PROJECT, Some("{}"))
            .is_empty()
    );
    assert_eq!(
        bench.change("user_settings", USER, Some("{}")),
        ["hookbin-settings-removed"]
    );
    bench.host.set_env("CLAUDE_PLUGIN_ROOT", "/plugins/hookbin");
    assert!(bench.change("user_settings", USER, Some("{}")).is_empty());
}

#[test]
fn managed_hooks_cannot_be_switched_off_by_others() {
    let managed = "/etc/claude-code/managed-settings.json";
    let mut bench = Bench::new(&[(managed, &wired("/opt/hookbin")), (USER, "{}")]);
    let off = "{\"disableAllHooks\": true}";
    assert!(bench.change("user_settings", USER, Some(off)).is_empty());
}

#[test]
fn the_place_follows_from_the_source_where_it_is_not_named() {
    let bench = Bench::new(&[(USER, &wired("/opt/hookbin"))]);
    bench.host.add_file(USER, "{}");
    let event = json!({"hook_event_name": "ConfigChange", "source": "user_settings"}).to_string();
    let found = bench.with(&event, |cx| SettingsGuard.check(cx));
    assert_eq!(found.len(), 1);
    bench.host.make_unreadable(USER);
    let found = bench.with(&event, |cx| SettingsGuard.check(cx));
    assert_eq!(found[0].rule, "hookbin-settings-malformed");
}

#[test]
fn a_later_start_reports_what_is_gone() {
    let mut bench = Bench::new(&[(USER, &wired("/opt/hookbin")), (PROJECT, &wired("hookbin"))]);
    assert_eq!(bench.start(), Vec::<String>::new());
    bench.host.add_file(USER, "{}");
    let said = bench.start();
    assert!(
        said.len() == 1 && said[0].contains(USER) && said[0].contains("no longer"),
        "{said:?}"
    );
    assert_eq!(bench.start(), Vec::<String>::new(), "said once");
}

#[test]
fn the_first_start_reports_what_was_installed_and_is_gone() {
    let list = format!("{USER}\n/elsewhere/.claude/settings.json\n");
    let files: &[(&str, &str)] = &[
        (PROJECT, &wired("hookbin")),
        ("/home/dev/.local/state/hookbin/installed", &list),
    ];
    let mut bench = Bench::unseen(files);
    let said = bench.start();
    assert!(
        said.len() == 1 && said[0].contains("no longer holds"),
        "{said:?}"
    );
    bench.host.add_file(USER, "{\"disableAllHooks\": true}");
    assert!(bench.start()[0].contains("disableAllHooks"));
    bench.host.add_file(USER, "{");
    assert!(bench.start()[0].contains("not JSON"));
    bench
        .host
        .add_file(USER, wired("/opt/hookbin").replace("block", "continue"));
    assert!(bench.start()[0].contains("only a part"));
    bench.host.add_file(USER, wired("/opt/hookbin"));
    assert_eq!(bench.start(), Vec::<String>::new());
}

#[test]
fn a_compaction_does_not_make_a_blocked_change_the_new_normal() {
    let mut bench = Bench::new(&[(USER, &wired("/opt/hookbin"))]);
    assert_eq!(
        bench.change("user_settings", USER, Some("{}")),
        ["hookbin-settings-removed"]
    );
    assert_eq!(bench.start_by("compact").len(), 1);
    assert_eq!(
        bench.change("user_settings", USER, Some("{\"a\": 1}")),
        ["hookbin-settings-removed"]
    );
    // A cleared session has a new id and remembers nothing; the list of installed files does.
    bench.session = Session::default();
    bench
        .host
        .add_file("/home/dev/.local/state/hookbin/installed", USER);
    assert_eq!(bench.start_by("clear").len(), 1);
    assert_eq!(
        bench.change("user_settings", USER, Some("{\"a\": 2}")),
        ["hookbin-settings-removed"]
    );
    let repaired = wired("/opt/hookbin");
    assert!(
        bench
            .change("user_settings", USER, Some(&repaired))
            .is_empty()
    );
}
