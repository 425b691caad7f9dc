use std::borrow::Cow;

use serde_json::Value;

use super::*;
use crate::cmd::paint::Paint;
use crate::host::Dirs;
use crate::host::fake::FakeHost;
use crate::host::process::OsMachine;
use crate::shell::access::AccessKind;
use crate::shell::{
    Arg, ArgFlags, Assignment, Context, Cwd, Invocation, Problem, ProblemKind, Redirect,
    RedirectOp, Span,
};
use crate::verdict::{Decision, Finding, Severity, reduce};

/// Knows one command and one rule.
struct OneCommand;

impl Engine for OneCommand {
    fn judge(&self, _tool: &str, command: &str) -> Result<Judged, String> {
        if command == "ls" {
            return Ok(Judged::default());
        }
        Ok(judged())
    }

    fn nearest(&self, id: &str) -> Option<String> {
        (id == "git-reset-hart").then(|| "git-reset-hard".to_owned())
    }

    fn rule(&self, id: &str) -> Option<Vec<(String, String)>> {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        (id == "git-reset-hard").then(|| {
            vec![
                field("id", "git-reset-hard"),
                field("why", "Lost."),
                field("hit", "git reset --hard\ngit reset --hard HEAD~1"),
            ]
        })
    }
}

fn arg(text: &str, flags: u16) -> Arg {
    Arg {
        flags: ArgFlags(flags),
        ..Arg::literal(text, Span::default())
    }
}

/// `sudo X=1 rm -rf "$d"/* 2> 'a b'` as it could be read.
fn judged() -> Judged {
    let redirect = Redirect {
        op: RedirectOp::Write,
        fd: Some(2),
        target: arg("a b", ArgFlags::QUOTED),
        span: Span::default(),
    };
    let target = arg("\u{25c6}/*", ArgFlags::UNKNOWN | ArgFlags::GLOB);
    let sudo = Invocation {
        argv: vec![arg("sudo", 0), arg("rm", 0)],
        program: "sudo".to_owned(),
        ..Invocation::default()
    };
    let rm = Invocation {
        argv: vec![
            arg("rm", 0),
            arg("-rf", 0),
            target.clone(),
            arg("it's\u{1b}[2J", 0),
        ],
        program: "rm".to_owned(),
        assignments: vec![Assignment {
            name: "X".to_owned(),
            value: arg("1", 0),
        }],
        redirects: vec![redirect],
        context: Context(Context::PRIVILEGED | Context::NESTED),
        cwd: Cwd::At("/srv".to_owned()),
        parent: Some(0),
        fed_by: vec![0],
        ..Invocation::default()
    };
    let access = Access {
        kind: AccessKind::Delete,
        recursive: true,
        path: target,
        local: false,
    };
    let finding = Finding {
        rule: Cow::Borrowed("delete-unknown"),
        pack: Cow::Borrowed("filesystem"),
        severity: Severity::High,
        decision: Decision::Ask,
        why: Cow::Borrowed("nobody knows."),
        instead: Cow::Borrowed("name it."),
        subject: "rm -rf \u{25c6}/*".to_owned(),
        real: String::new(),
        span: None,
    };
    let problem = Problem {
        kind: ProblemKind::Limit,
        message: "too deep".to_owned(),
        span: Span::default(),
    };
    Judged {
        message: finding.message(),
        tools: String::new(),
        verdict: reduce(vec![finding]),
        accesses: vec![Vec::new(), vec![access]],
        near: vec![Near {
            rule: "delete-known".to_owned(),
            severity: Severity::High,
            decision: Decision::Deny,
            invocation: 1,
            condition: "would match with -x".to_owned(),
        }],
        note: String::new(),
        reading: Reading {
            scripts: Vec::new(),
            invocations: vec![sudo, rm],
            problems: vec![problem],
            files: Vec::new(),
            variables: Vec::new(),
        },
    }
}

fn explain(subject: &str, json: bool) -> String {
    let host = FakeHost::new();
    let world = World {
        host: &host,
        machine: &OsMachine,
        engine: &OneCommand,
        dirs: &Dirs::default(),
        cwd: "/",
        project: "/",
        paint: Paint::PLAIN,
    };
    let args = ExplainArgs {
        subject: subject.to_owned(),
        powershell: false,
        json,
    };
    let mut out = Vec::new();
    assert_eq!(run(&args, &world, &mut out).unwrap(), 0);
    String::from_utf8(out).unwrap()
}

#[test]
fn a_command_is_shown_with_all_that_decided() {
    let wanted = "\
command   sudo …

1 sudo rm
└─ starts 2 rm -rf ◆/* 'it'\\''s\\u{1b}[2J'
      set       X=1
      word      ◆/*: unknown, glob
      redirect  2> 'a b'
      context   privileged, nested
      cwd       /srv
      stdin     from 1
      access    delete recursively: ◆/*

problem   limit: too deep
rules     delete-unknown (high, ask): rm -rf ◆/*
why       nobody knows.
instead   name it.
near      delete-known (high, deny) of 2: would match with -x
verdict   ask
message   asked by delete-unknown: nobody knows. Instead: name it.
";
    assert_eq!(explain("sudo …", false), wanted);
}

#[test]
fn a_harmless_command_is_short() {
    assert_eq!(explain("ls", false), "command   ls\n\nverdict   pass\n");
}

#[test]
fn both_forms_show_the_same_facts() {
    let value: Value = serde_json::from_str(&explain("sudo …", true)).unwrap();
    assert_eq!(value["verdict"], "ask");
    assert_eq!(value["rules"][0]["rule"], "delete-unknown");
    assert_eq!(value["problems"][0]["kind"], "limit");
    assert_eq!(value["near"][0]["condition"], "would match with -x");
    let rm = &value["invocations"][1];
    assert_eq!((&rm["under"], &rm["by"]), (&0.into(), &"starts".into()));
    assert_eq!(
        rm["argv"][2]["marks"],
        serde_json::json!(["unknown", "glob"])
    );
    assert_eq!(rm["accesses"][0]["kind"], "delete");
    assert_eq!(rm["context"], serde_json::json!(["privileged", "nested"]));
    assert_eq!((&rm["cwd"], &rm["parent"]), (&"/srv".into(), &0.into()));
}

#[test]
fn a_rule_is_shown_by_its_fields() {
    let text = explain("git-reset-hard", false);
    assert_eq!(
        text,
        "id   git-reset-hard\nwhy  Lost.\nhit  git reset --hard\n     git reset --hard HEAD~1\n"
    );
    let value: Value = serde_json::from_str(&explain("git-reset-hard", true)).unwrap();
    assert_eq!(
        (&value["why"], &value["hit"][1]),
        (&"Lost.".into(), &"git reset --hard HEAD~1".into())
    );
}

#[test]
fn what_is_no_rule_is_a_command() {
    assert!(explain("git-reset-soft", false).starts_with("command   git-reset-soft\n"));
    let misspelt = explain("git-reset-hart", false);
    assert!(
        misspelt.ends_with("did you mean `git-reset-hard`?\n"),
        "{misspelt}"
    );
    assert!(explain("shell-syntax", false).contains("guards name findings"));
    assert!(explain("--help", false).starts_with("command   --help\n"));
}
