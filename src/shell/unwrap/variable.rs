//! Owns the variables through which a program is told what to start: pagers, editors, `LESSOPEN`. Does not
//! own what sets them. Invariant: a variable counts only for programs that read it.

use super::{Cx, like, split};
use crate::shell::invocation::Assignment;

/// The variables that a program reads and that decide what it starts, or what it is.
pub(crate) fn names(program: &str) -> impl Iterator<Item = &'static str> {
    let names = match program {
        "claude" => "HOME CLAUDE_CONFIG_DIR XDG_CONFIG_HOME CLAUDE_CODE_SIMPLE",
        "make" | "gmake" => "MAKEFLAGS GNUMAKEFLAGS",
        "git" => {
            "GIT_SSH_COMMAND GIT_SSH GIT_PAGER GIT_EDITOR GIT_SEQUENCE_EDITOR GIT_EXTERNAL_DIFF \
             GIT_ASKPASS GIT_PROXY_COMMAND PAGER EDITOR VISUAL GIT_CONFIG_PARAMETERS \
             GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0 GIT_CONFIG_KEY_1 GIT_CONFIG_VALUE_1"
        }
        "man" | "apropos" | "info" | "perldoc" | "pydoc" | "pydoc3" | "ri" | "mysql" | "bat" => {
            "PAGER MANPAGER PYDOC_PAGER PERLDOC_PAGER RI_PAGER BAT_PAGER"
        }
        "less" | "more" | "zless" => "LESSOPEN LESSCLOSE EDITOR VISUAL",
        "psql" | "sqlite3" => "PAGER PSQL_PAGER PSQL_EDITOR EDITOR VISUAL",
        "systemctl" | "journalctl" | "loginctl" => "PAGER SYSTEMD_PAGER SYSTEMD_EDITOR",
        "gh" | "glab" => "PAGER GH_PAGER EDITOR VISUAL GH_EDITOR BROWSER",
        "aws" => "PAGER AWS_PAGER",
        "kubectl" => "KUBE_EDITOR EDITOR",
        "hg" | "svn" | "jj" | "cvs" => {
            "PAGER EDITOR VISUAL HGEDITOR SVN_EDITOR SVN_SSH CVS_RSH JJ_EDITOR"
        }
        "crontab" | "visudo" | "sudoedit" | "vipw" | "vigr" | "edquota" | "vidir" | "ranger"
        | "mutt" | "fc" => "EDITOR VISUAL SUDO_EDITOR",
        "xdg-open" | "sensible-browser" => "BROWSER",
        "sensible-editor" | "editor" => "EDITOR VISUAL",
        "sensible-pager" | "pager" => "PAGER",
        "terraform" | "tofu" | "terragrunt" => {
            "TF_CLI_ARGS TF_CLI_ARGS_apply TF_CLI_ARGS_destroy TF_CLI_ARGS_plan"
        }
        "rsync" => "RSYNC_RSH RSYNC_CONNECT_PROG",
        "ssh" | "scp" | "sftp" | "ssh-add" => "SSH_ASKPASS",
        _ => "",
    };
    names.split_ascii_whitespace()
}

/// Variables of terraform that hold arguments: for every subcommand, or with its name behind it for one.
const ARGS: &str = "TF_CLI_ARGS";

/// True where the value is no command line: it says where a program finds its files, or holds flags.
fn is_no_command(name: &str) -> bool {
    name.starts_with("GIT_CONFIG_")
        || name.starts_with(ARGS)
        || matches!(
            name,
            "HOME"
                | "CLAUDE_CONFIG_DIR"
                | "XDG_CONFIG_HOME"
                | "CLAUDE_CODE_SIMPLE"
                | "MAKEFLAGS"
                | "GNUMAKEFLAGS"
        )
}

/// Follows what an invocation's own variables make its program start.
pub(super) fn read(cx: &mut Cx) {
    let invocation = cx.invocation;
    if invocation.assignments.is_empty() {
        return;
    }
    let program = cx.program;
    for assignment in &invocation.assignments {
        let name = assignment.name.as_str();
        if is_no_command(name) || !names(program).any(|it| it == name) {
            continue;
        }
        // less reads the pipe before the command as the way it gets the text.
        let text = assignment.value.text.trim_start_matches(['|', '-']);
        cx.text(like(&assignment.value, text), 0);
    }
    if invocation
        .assignments
        .iter()
        .any(|it| it.name.starts_with(ARGS))
    {
        arguments(cx);
    }
}

/// `TF_CLI_ARGS_apply=-destroy terraform apply` is `terraform apply -destroy`.
fn arguments(cx: &mut Cx) {
    cx.divide();
    let Some(verb) = cx.options.operands.first().copied() else {
        return;
    };
    let (mut words, mut emptied) = (Vec::new(), Vec::new());
    for assignment in &cx.invocation.assignments {
        let Some(name) = assignment.name.strip_prefix(ARGS) else {
            continue;
        };
        if name.is_empty() || name.strip_prefix('_') == Some(&verb.text) {
            words.extend(split(&assignment.value));
        }
        // What it starts has them already.
        emptied.push(Assignment {
            name: assignment.name.clone(),
            value: like(&assignment.value, ""),
        });
    }
    let at = cx.invocation.argv.iter().position(|it| it == verb);
    if let (false, Some(at)) = (words.is_empty(), at) {
        let mut argv = cx.invocation.argv.clone();
        let rest = argv.split_off(at + 1);
        argv.extend(words);
        argv.extend(rest);
        cx.assigned(argv, emptied, 0);
    }
}
