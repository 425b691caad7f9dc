//! Owns the wrappers that stand in front of another command: sudo, env, timeout and kin. Does not own
//! shells, lists of arguments, or machines other than this one.

use super::{Cx, assignments, like, split};
use crate::shell::invocation::{Arg, ArgFlags, Context, UNKNOWN};

/// Reads the invocation where its program is one of these wrappers.
pub(super) fn read(cx: &mut Cx) -> bool {
    match cx.program {
        "sudo" | "doas" | "run0" | "pkexec" => privileged(cx),
        "su" | "runuser" => user(cx),
        "env" => env(cx),
        "nohup" | "time" | "nice" | "ionice" | "stdbuf" | "setsid" | "builtin" | "exec"
        | "strace" | "ltrace" | "linux64" | "linux32" | "caffeinate" | "catchsegv" | "chronic"
        | "torsocks" | "torify" | "tsocks" | "unbuffer" | "setpriv" | "rtk" | "noglob"
        | "nocorrect" | "busybox" | "toybox" | "winpty" | "dbus-run-session" | "fakeroot"
        | "xvfb-run" | "ccache" | "proxychains" | "proxychains4" | "firejail" | "unshare"
        | "systemd-run" | "arch" | "valgrind" | "heaptrack" | "systemd-inhibit" | "wsl"
        | "prlimit" | "ssh-agent" | "choom" | "watchexec" | "numactl" | "cpulimit"
        | "eatmydata" | "nodemon" => {
            cx.divide();
            cx.texts_of(&["--exec"], 0);
            if cx.program == "nodemon" {
                cx.texts_of(&["-x"], 0);
            }
            cx.start(0, 0);
        }
        // What it does not know itself is git's.
        "hub" => {
            let words = cx.invocation.args().iter().cloned();
            let git = cx.invocation.argv.first().map(|it| like(it, "git"));
            cx.argv(git.into_iter().chain(words).collect(), 0);
        }
        "command" => {
            cx.divide();
            if !cx.options.has_any(&["-v", "-V"]) {
                cx.start(0, 0);
            }
        }
        "timeout" | "faketime" | "taskset" | "chrt" => {
            cx.divide();
            if !cx.options.has_any(&["-p", "--pid"]) || cx.program == "timeout" {
                cx.start(1, 0);
            }
        }
        "chroot" => {
            cx.divide();
            cx.start(1, Context::CONTAINER);
        }
        "nsenter" => {
            cx.divide();
            cx.start(0, Context::CONTAINER);
        }
        "flock" | "sg" => {
            cx.divide();
            cx.texts_of(&["-c", "--command"], 0);
            cx.start(1, 0);
        }
        _ => return other(cx),
    }
    true
}

fn other(cx: &mut Cx) -> bool {
    match cx.program {
        "setarch" => architecture(cx),
        "watch" => {
            cx.divide();
            if cx.options.has_any(&["-x", "--exec"]) {
                cx.start(0, 0);
            } else {
                cx.joined(0, 0);
            }
        }
        "script" => script(cx),
        "capsh" => capsh(cx),
        "bwrap" => bwrap(cx),
        "ip" => netns(cx),
        "entr" => {
            cx.divide();
            if cx.options.has("-s") {
                cx.joined(0, 0);
            } else {
                cx.start(0, 0);
            }
        }
        "gdb" | "lldb" => debugger(cx),
        // The dynamic loader starts the program it is given.
        program if is_loader(program) => {
            let all = cx.invocation.args().iter();
            let command = all.skip_while(|it| it.text.starts_with('-'));
            cx.argv(command.cloned().collect(), 0);
        }
        // The running executable is the shell that reads this.
        "exe"
            if cx
                .invocation
                .argv
                .first()
                .is_some_and(|it| it.text.starts_with("/proc/")) =>
        {
            let mut argv = vec![like_first(cx, "bash")];
            argv.extend_from_slice(cx.invocation.args());
            cx.argv(argv, 0);
        }
        program if is_window(program) => window(cx),
        _ => return false,
    }
    true
}

/// Terminals, and ways out of a container to the host.
fn is_window(program: &str) -> bool {
    matches!(
        program,
        "xterm"
            | "uxterm"
            | "rxvt"
            | "urxvt"
            | "st"
            | "foot"
            | "footclient"
            | "kitty"
            | "alacritty"
            | "wezterm"
            | "ghostty"
            | "konsole"
            | "gnome-terminal"
            | "xfce4-terminal"
            | "mate-terminal"
            | "tilix"
            | "terminator"
            | "lxterminal"
            | "x-terminal-emulator"
            | "ttyd"
            | "zellij"
            | "flatpak-spawn"
            | "distrobox-host-exec"
            | "host-spawn"
            | "toolbox"
            | "distrobox"
            | "faketty"
            | "cage"
            | "qemu-x86_64"
            | "qemu-aarch64"
            | "box64"
            | "rlwrap"
    )
}

fn is_loader(program: &str) -> bool {
    program == "ld.so" || (program.starts_with("ld-") && program.contains(".so"))
}

fn like_first(cx: &Cx, text: &str) -> Arg {
    cx.invocation
        .argv
        .first()
        .map(|it| like(it, text))
        .unwrap_or_default()
}

/// sudo and kin: `NAME=value` words, then the command; without one, `-i` and `-s` start a shell.
fn privileged(cx: &mut Cx) {
    cx.divide();
    if cx.program == "sudo"
        && cx
            .options
            .has_any(&["-e", "--edit", "-l", "--list", "-v", "-K"])
    {
        return;
    }
    let mut argv = cx.rest(0);
    let assigned = assignments(&mut argv);
    if argv.is_empty() && cx.options.has_any(&["-i", "--login", "-s", "--shell"]) {
        cx.fed(Context::PRIVILEGED);
    }
    cx.assigned(argv, assigned, Context::PRIVILEGED);
}

/// `su -c text user`, `su user -c text`, `runuser -u user -- cmd`.
fn user(cx: &mut Cx) {
    cx.divide();
    let texts = ["-c", "--command", "--session-command"];
    let privileged = cx.invocation.context.has(Context::PRIVILEGED);
    let context = if cx.program == "su" && !privileged {
        Context::PRIVILEGED | Context::SWITCHED
    } else {
        Context::PRIVILEGED
    };
    if cx.options.has_any(&texts) {
        cx.texts_of(&texts, context);
    } else if cx.options.has_any(&["-u", "--user"]) {
        cx.start(0, context);
    } else {
        cx.fed(context);
    }
}

fn env(cx: &mut Cx) {
    cx.divide();
    let mut argv: Vec<Arg> = Vec::new();
    for value in cx.options.values_of(&["-S", "--split-string"]) {
        argv.extend(split(&value));
    }
    // A lone dash is `-i`.
    let dashes = usize::from(cx.operand(0) == "-");
    argv.extend(cx.rest(dashes));
    let mut assigned = assignments(&mut argv);
    // `env $(cat vars) cmd`: what stands in front of a program's name is a list of variables.
    let lists = argv.iter().take_while(|it| is_word_list(it)).count();
    let named = argv.get(lists).is_some_and(|it| {
        it.is_known()
            && it
                .text
                .starts_with(|it: char| it.is_ascii_alphanumeric() || "./_".contains(it))
    });
    if lists > 0 && named {
        argv.drain(..lists);
        assigned.append(&mut assignments(&mut argv));
    }
    cx.assigned(argv, assigned, 0);
}

/// True for an unquoted value of which nothing is known, which is any number of words.
fn is_word_list(arg: &Arg) -> bool {
    arg.flags.has(ArgFlags::SPLITS) && arg.text.chars().all(|it| it == UNKNOWN)
}

/// `setarch [arch] [flags] cmd…`.
fn architecture(cx: &mut Cx) {
    let is_flag = |it: &Arg| it.text.starts_with('-');
    let is_name = |it: &Arg| {
        let names = [
            "86", "arm", "aarch", "ppc", "sparc", "mips", "s390", "linux", "uname", "riscv",
        ];
        names.iter().any(|name| it.text.contains(name))
    };
    let args = cx.invocation.args().iter().enumerate();
    let command = args.skip_while(|(at, it)| is_flag(it) || *at == 0 || is_name(it));
    cx.argv(command.map(|it| it.1.clone()).collect(), 0);
}

/// `script -c text`, or BSD's `script file cmd…`.
fn script(cx: &mut Cx) {
    cx.divide();
    cx.texts_of(&["-c", "--command"], 0);
    cx.start(1, 0);
}

/// A terminal, or a way out to the host, with its command after `-e`, `--` or a verb, or as its operands.
/// `xterm -e` hands one word to a shell.
fn window(cx: &mut Cx) {
    let args = cx.invocation.args();
    let marks = ["-e", "-x", "--", "-c", "--command"];
    let marked = args.iter().position(|it| marks.contains(&it.text.as_str()));
    let verb = |it: &Arg| {
        matches!(
            it.text.as_str(),
            "run" | "start" | "enter" | "exec" | "+new"
        )
    };
    let rest = if let Some(at) = marked {
        args.get(at + 1..).unwrap_or_default()
    } else {
        let is_flag = |it: &&Arg| it.text.starts_with('-');
        let flags = args.iter().take_while(is_flag).count();
        let rest = args.get(flags..).unwrap_or_default();
        let verbs = rest.iter().take_while(|it| verb(it)).count();
        rest.get(verbs..).unwrap_or_default()
    };
    if let [text] = rest {
        cx.text(text.clone(), 0);
    } else {
        cx.argv(rest.to_vec(), 0);
    }
}

/// `capsh … -- -c text` starts bash with what follows.
fn capsh(cx: &mut Cx) {
    cx.divide();
    let Some(at) = cx.options.dashes else { return };
    let mut argv = cx.rest(at);
    let Some(first) = argv.first() else { return };
    argv.insert(0, like(first, "bash"));
    cx.argv(argv, 0);
}

/// bwrap's flags take up to two values each and its command follows them.
fn bwrap(cx: &mut Cx) {
    let args = cx.invocation.args();
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        let text = arg.text.as_str();
        if !text.starts_with("--") {
            break;
        }
        at += match text {
            _ if text.contains("bind") || matches!(text, "--symlink" | "--setenv" | "--chmod") => 3,
            "--file" | "--overlay" => 3,
            "--"
            | "--new-session"
            | "--die-with-parent"
            | "--clearenv"
            | "--as-pid-1"
            | "--disable-userns"
            | "--assert-userns-disabled"
            | "--help"
            | "--version" => 1,
            _ if text.starts_with("--unshare") => 1,
            _ => 2,
        };
        if text == "--" {
            break;
        }
    }
    cx.argv(
        args.get(at..).unwrap_or_default().to_vec(),
        Context::CONTAINER,
    );
}

/// `ip netns exec NAME cmd…`, `ip vrf exec NAME cmd…`.
fn netns(cx: &mut Cx) {
    let args = cx.invocation.args();
    let Some(at) = args.iter().position(|it| it.text == "exec") else {
        return;
    };
    cx.argv(args.get(at + 2..).unwrap_or_default().to_vec(), 0);
}

/// `gdb --args cmd…`; commands of the debugger that reach a shell.
fn debugger(cx: &mut Cx) {
    cx.divide();
    if cx.options.has_any(&["--args", "-args"]) || cx.program == "lldb" {
        cx.start(0, 0);
    }
    let given = cx.options.values_of(&["-ex", "-iex", "-o", "--one-line"]);
    let stdin = cx.stdin.filter(|_| given.is_empty());
    let lines = stdin
        .iter()
        .flat_map(|it| it.text.lines().map(|line| like(it, line)));
    for value in given.into_iter().chain(lines) {
        let text = value.text.trim_start();
        let command = ["shell ", "!", "platform shell ", "make "]
            .iter()
            .find_map(|it| text.strip_prefix(it));
        if let Some(command) = command {
            cx.text(like(&value, command), 0);
        }
    }
}
