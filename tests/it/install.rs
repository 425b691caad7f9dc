//! Owns what an installation wires where the program is reached through links, as package managers and
//! people with versioned directories lay it out: the name that stays is wired, it goes on to work after an
//! update, and nothing on the way to the program can be changed. Does not own the settings text
//! (`cmd::install`).

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::{Value, json};

use crate::hook::{Answer, feed};
use crate::process::{DENIED, ORDINARY};
use crate::scratch::{Scratch, hookbin_path};

/// A home in which `link` leads to the program in a directory with a version in its name.
struct Layout {
    scratch: Scratch,
    /// Relative to the scratch directory.
    link: &'static str,
    versions: &'static str,
}

/// How the program lies in a home: the link that is called, what it says, where the versions are.
const LAYOUTS: [(&str, &str, &str); 3] = [
    (
        "home/.cargo/bin/hookbin",
        "../../.local/opt/hookbin-VERSION/hookbin",
        "home/.local/opt",
    ),
    (
        "home/brew/bin/hookbin",
        "../Cellar/hookbin-VERSION/hookbin",
        "home/brew/Cellar",
    ),
    ("home/tools/current/hookbin", "", "home/tools"),
];

impl Layout {
    fn new((link, target, versions): (&'static str, &'static str, &'static str)) -> Self {
        let scratch = Scratch::new();
        let layout = Self {
            scratch,
            link,
            versions,
        };
        layout.update("1.2", target);
        layout
    }

    /// Puts a version there and turns the link to it.
    fn update(&self, version: &str, target: &str) {
        let folder = self
            .scratch
            .path(self.versions)
            .join(format!("hookbin-{version}"));
        fs::create_dir_all(&folder).expect("a directory");
        for name in ["hookbin", "hookbin-cli"] {
            let (from, to) = (hookbin_path().with_file_name(name), folder.join(name));
            if fs::hard_link(&from, &to).is_err() {
                fs::copy(&from, &to).expect("a copy of the program");
            }
        }
        let link = self.scratch.path(self.link);
        // Without a target of its own it is the directory that is the link.
        let (at, target) = if target.is_empty() {
            let at = link.parent().expect("a directory").to_owned();
            (at, format!("hookbin-{version}"))
        } else {
            (link, target.replace("VERSION", version))
        };
        fs::create_dir_all(at.parent().expect("a directory")).expect("a directory");
        let _ = fs::remove_file(&at);
        symlink(target, at).expect("a link");
    }

    /// `hookbin install` as typed by a person who has the link on the PATH.
    fn install(&self) -> String {
        let mut command = self.scratch.command(Path::new("hookbin"));
        let folder = self.scratch.path(self.link);
        let folder = folder.parent().expect("a directory").display().to_string();
        let output = command
            .env("PATH", format!("{folder}:/usr/bin:/bin"))
            .arg("install")
            .output()
            .expect("hookbin starts");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// The wired command and arguments of an event.
    fn wired(&self, event: &str) -> (String, Vec<String>) {
        let text = self
            .scratch
            .read("home/.claude/settings.json")
            .expect("settings");
        let settings: Value = serde_json::from_str(&text).expect("JSON");
        let entry = &settings["hooks"][event][0]["hooks"][0];
        let args = entry["args"].as_array().expect("arguments").iter();
        let args = args.filter_map(Value::as_str).map(str::to_owned).collect();
        (
            entry["command"].as_str().expect("a command").to_owned(),
            args,
        )
    }

    /// Starts the wired hook as the client does.
    fn answer(&self, payload: &Value) -> Answer {
        let event = payload["hook_event_name"].as_str().expect("an event");
        let (program, args) = self.wired(event);
        let mut command = self.scratch.command(Path::new(&program));
        feed(command.args(args), payload.to_string().as_bytes())
    }

    #[track_caller]
    fn check_guards(&self, id: &str) {
        self.answer(&self.scratch.bash(&format!("{id}-1"), DENIED))
            .denies();
        self.answer(&self.scratch.bash(&format!("{id}-2"), ORDINARY))
            .is_silent();
    }
}

#[test]
fn link_that_stays_is_wired_and_survives_an_update() {
    for form in LAYOUTS {
        let layout = Layout::new(form);
        let link = layout.scratch.text(layout.link);
        layout.install();
        assert_eq!(layout.wired("PreToolUse").0, link);
        layout.check_guards("old");
        layout.update("1.3", form.1);
        let old = layout.scratch.path(layout.versions).join("hookbin-1.2");
        fs::remove_dir_all(old).expect("the old version goes");
        layout.check_guards("new");
        let told = layout.install();
        assert!(told.contains("already"), "{told}");
    }
}

#[test]
fn every_part_of_the_way_to_the_program_is_protected() {
    for form in LAYOUTS {
        let layout = Layout::new(form);
        layout.install();
        let link = layout.scratch.text(layout.link);
        let versions = layout.scratch.text(layout.versions);
        let folder = link.strip_suffix("/hookbin").expect("its name");
        for (number, command) in [
            format!("rm {link}"),
            format!("ln -sfn /bin/true {link}"),
            format!("mv {folder} {folder}.old"),
            format!("cp /bin/true {versions}/hookbin-1.2/hookbin"),
            format!("rm -rf {versions}/hookbin-1.2"),
            format!("chmod -x {link}"),
            format!("cp /bin/true {versions}/hookbin-1.2/hookbin-cli"),
            format!("rm {versions}/hookbin-1.2/hookbin-c*"),
            format!("{versions}/hookbin-1.2/hookbin-cli trust .claude/hookbin.toml"),
            format!("cd {folder} && echo > hookbin"),
        ]
        .iter()
        .enumerate()
        {
            let answer = layout.answer(&layout.scratch.bash(&format!("toolu_{number}"), command));
            assert_eq!(answer.status.code(), Some(2), "{command}: {answer:#?}");
            answer.denies();
        }
    }
}

/// The settings change that an installation makes in mid-session is none, and one that starts another
/// program in its place is blocked.
#[test]
fn wiring_by_a_link_is_recognised_as_our_own() {
    for form in LAYOUTS {
        let layout = Layout::new(form);
        layout.install();
        let session = |event: &str, more: &Value| {
            let mut payload = layout.scratch.lifecycle(event);
            for (name, value) in more.as_object().expect("an object") {
                payload[name] = value.clone();
            }
            layout.answer(&payload)
        };
        session("SessionStart", &json!({"source": "startup"})).is_silent();
        let path = layout.scratch.text("home/.claude/settings.json");
        let change = json!({"source": "user_settings", "file_path": path});
        let text = layout
            .scratch
            .read("home/.claude/settings.json")
            .expect("settings");
        let with_more = text.replacen('{', "{\n  \"model\": \"sonnet\",", 1);
        layout
            .scratch
            .write("home/.claude/settings.json", &with_more);
        session("ConfigChange", &change).is_silent();
        let longer = text.replace("\"timeout\": 10", "\"timeout\": 11");
        assert_ne!(longer, text);
        layout.scratch.write("home/.claude/settings.json", &longer);
        session("ConfigChange", &change).is_silent();
    }
}

/// One file alone still guards, and says what is missing for everything else.
#[test]
fn executable_without_its_companion_guards_and_says_what_is_missing() {
    let scratch = Scratch::new();
    let alone = scratch.path("home/bin/hookbin");
    fs::create_dir_all(alone.parent().expect("a directory")).expect("a directory");
    fs::copy(hookbin_path(), &alone).expect("a copy of the program");
    let mut command = scratch.command(&alone);
    let output = command.arg("status").output().expect("hookbin starts");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let told = String::from_utf8(output.stderr).expect("text");
    let companion = scratch.text("home/bin/hookbin-cli");
    assert!(
        told.contains(&companion) && told.contains("install both"),
        "{told}"
    );
    let payload = scratch.bash("toolu_1", DENIED).to_string();
    let mut command = scratch.command(&alone);
    feed(command.args(["hook", "PreToolUse"]), payload.as_bytes()).denies();
}

#[test]
fn other_program_of_the_same_name_on_the_path_is_not_wired() {
    let scratch = Scratch::new();
    scratch.write_program("home/bin/hookbin", "#!/bin/sh\nexit 0\n");
    let mut command = scratch.command(&hookbin_path());
    let output = command
        .env(
            "PATH",
            format!("{}:/usr/bin:/bin", scratch.text("home/bin")),
        )
        .args(["install"])
        .output()
        .expect("hookbin starts");
    assert!(output.status.success(), "{output:?}");
    let settings = scratch
        .read("home/.claude/settings.json")
        .expect("settings");
    assert!(!settings.contains(&scratch.text("home/bin")), "{settings}");
}
