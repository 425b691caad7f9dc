//! Owns the programs of Windows that start others: PowerShell with text on its command line, `cmd /c`,
//! `robocopy`, `icacls`. Does not own the reading of what they are given. Invariant: text that cannot be decoded is
//! unknown and hidden.

use super::{Cx, Nested, join, like};
use crate::shell::decode::base64;
use crate::shell::invocation::{Arg, ArgFlags, Context, UNKNOWN};
use crate::shell::powershell::{cmd, place};

/// Parameters of PowerShell that take a value, by the letters that are enough to name them.
const VALUED: [&str; 13] = [
    "executionpolicy",
    "ep",
    "ex",
    "windowstyle",
    "outputformat",
    "inputformat",
    "of",
    "if",
    "version",
    "workingdirectory",
    "wd",
    "configurationname",
    "custompipename",
];

/// Reads the invocation where its program is one of these.
pub(super) fn read(cx: &mut Cx) -> bool {
    match cx.program {
        "pwsh" | "powershell" | "pwsh-preview" => powershell(cx),
        "cmd" => command_line(cx),
        "icacls" | "takeown" | "cacls" => permission(cx),
        "msiexec" => install(cx),
        "robocopy" => {
            let argv = cmd::robocopy(cx.invocation.args()).unwrap_or_default();
            cx.argv(argv, 0);
        }
        _ => return false,
    }
    true
}

fn powershell(cx: &mut Cx) {
    let args = cx.invocation.args();
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        at += 1;
        let rest = args.get(at..).unwrap_or_default();
        let Some(name) = arg.text.strip_prefix(['-', '/']) else {
            let script = has_suffix(&arg.text, ".ps1") && !arg.text.contains([';', '|']);
            if !script && (cx.program == "powershell" || arg.text.contains(' ')) {
                text(cx, join(args.iter().skip(at - 1)), 0);
            }
            return;
        };
        let name = name.trim_start_matches('-').to_ascii_lowercase();
        let is = |full: &str, least: usize| name.len() >= least && full.starts_with(&name);
        if name.is_empty() {
            break;
        }
        if is("command", 1) || is("commandwithargs", 9) || name == "cwa" {
            if rest.first().is_some_and(|it| it.text == "-") {
                break;
            }
            return text(cx, join(rest.iter()), 0);
        }
        if is("encodedcommand", 1) || name == "ec" {
            let encoded = rest.first().cloned().unwrap_or_default();
            return text(cx, decoded(&encoded), Context::DECODED | Context::FED);
        }
        if is("file", 1) || matches!(name.as_str(), "?" | "h" | "help") {
            return;
        }
        let short = ["ex", "ep", "w", "o", "i", "v", "c"].contains(&name.as_str());
        if short
            || VALUED
                .iter()
                .any(|it| name.len() > 1 && it.starts_with(&name))
        {
            at += 1;
        }
    }
    let Some(fed) = cx.stdin.cloned() else {
        if cx.is_fed() {
            cx.unknown(Context::FED, "the text fed to PowerShell is not known");
        }
        return;
    };
    text(cx, fed, Context::FED);
}

/// Text for PowerShell; unknown where nothing of it is known.
fn text(cx: &mut Cx, text: Arg, context: u32) {
    if text
        .text
        .chars()
        .all(|it| it == UNKNOWN || it.is_whitespace())
    {
        if !text.text.trim().is_empty() {
            cx.unknown(context, "the text of the command is not known");
        }
        return;
    }
    cx.found.push(Nested::PowerShell {
        text,
        context: context | Context::NESTED,
    });
}

/// The text of `-EncodedCommand`: base64 of two bytes a character.
fn decoded(arg: &Arg) -> Arg {
    let mut plain = match base64(&arg.text) {
        Some(plain) if arg.is_known() => like(arg, plain.replace('\0', "")),
        _ => Arg::unknown(arg.span),
    };
    plain.flags.set(ArgFlags::HIDDEN);
    plain
}

/// `cmd /c TEXT`, `cmd.exe //c TEXT` in a shell that turns single slashes into paths.
fn command_line(cx: &mut Cx) {
    let args = cx.invocation.args();
    let runs = |it: &Arg| {
        let flag = it.text.trim_start_matches('/').to_ascii_lowercase();
        it.text.starts_with('/') && matches!(flag.as_str(), "c" | "k" | "r" | "s/c")
    };
    let Some(at) = args.iter().position(runs) else {
        return;
    };
    let text = join(args.iter().skip(at + 1));
    for argv in cmd::commands(&text) {
        cx.argv(argv, 0);
    }
}

/// `icacls x /grant …`, `takeown /f x`: who may do what with a path, `/t` and `/r` with all below it.
fn permission(cx: &mut Cx) {
    let args = cx.invocation.args();
    let has = |names: &[&str]| {
        let lower = |it: &Arg| it.text.to_ascii_lowercase();
        let mut flags = args.iter().map(lower);
        flags.any(|it| names.iter().any(|name| it.split(':').next() == Some(*name)))
    };
    let changes = [
        "/grant",
        "/deny",
        "/reset",
        "/setowner",
        "/remove",
        "/inheritance",
        "/p",
        "/g",
    ];
    let given = if cx.program == "takeown" {
        let at = args
            .iter()
            .position(|it| it.text.eq_ignore_ascii_case("/f"));
        at.and_then(|it| args.get(it + 1))
    } else {
        args.first().filter(|_| has(&changes))
    };
    let Some(path) = given else { return };
    let word = |it: &str| Arg::literal(it, path.span);
    let mut command = vec![word("chown")];
    if has(&["/t", "/r"]) {
        command.push(word("-R"));
    }
    command.extend([word("x"), place::path(path, false)]);
    cx.argv(command, 0);
}

/// `msiexec /i x.msi` runs what the file holds.
fn install(cx: &mut Cx) {
    let args = cx.invocation.args();
    let flag = |it: &Arg| {
        matches!(
            it.text.to_ascii_lowercase().as_str(),
            "/i" | "/package" | "-i"
        )
    };
    let file = args.iter().position(flag).and_then(|it| args.get(it + 1));
    let Some(file) = file else { return };
    let mut file = place::path(file, true);
    if !file.text.contains(['/', ':']) {
        file.text.insert_str(0, "./");
    }
    cx.argv(vec![file], 0);
}

fn has_suffix(text: &str, suffix: &str) -> bool {
    let cut = text.len().saturating_sub(suffix.len());
    text.get(cut..)
        .is_some_and(|it| it.eq_ignore_ascii_case(suffix))
}
