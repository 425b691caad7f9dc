//! Owns the programs that start a command elsewhere: ssh, containers, clusters. Does not own what may be
//! done there. Invariant: what runs there carries REMOTE or CONTAINER, what runs here does not.

use super::{Cx, like, split, transfer};
use crate::shell::invocation::{Arg, Context};

/// Reads the invocation where its program is one of these.
pub(super) fn read(cx: &mut Cx) -> bool {
    match cx.program {
        "ssh" => ssh(cx),
        "sshpass" => {
            cx.divide();
            cx.start(0, 0);
        }
        "sftp" => {
            copy(cx);
            transfer::commands(cx);
        }
        "ftp" | "lftp" | "smbclient" | "tftp" => {
            cx.divide();
            transfer::commands(cx);
        }
        "scp" => copy(cx),
        "rsync" => {
            copy(cx);
            transfer::mirrored(cx);
        }
        "docker" | "docker-compose" | "podman-compose" => docker(cx),
        "apptainer" | "singularity" => {
            cx.divide();
            if matches!(cx.operand(0), "exec" | "run") {
                cx.start(2, Context::CONTAINER);
            }
        }
        "systemd-nspawn" => {
            cx.divide();
            cx.start(0, Context::CONTAINER);
        }
        "kubectl" => kubectl(cx),
        "lxc" | "incus" | "machinectl" => {
            cx.divide();
            if matches!(cx.operand(0), "exec" | "shell") {
                cx.start(2, Context::CONTAINER);
            }
        }
        "crictl" => {
            let args = cx.invocation.args();
            let flag = |it: &Arg| it.text.starts_with('-');
            if args.first().is_some_and(|it| it.text == "exec") {
                let command = args.iter().skip(1).skip_while(|it| flag(it)).skip(1);
                cx.argv(command.cloned().collect(), Context::CONTAINER);
            }
        }
        "devcontainer" => {
            cx.divide();
            if cx.operand(0) == "exec" {
                cx.start(1, Context::CONTAINER);
            }
        }
        "vagrant" | "gcloud" | "fly" | "flyctl" | "heroku" | "aws" | "az" | "multipass"
        | "limactl" | "lima" | "distrobox" | "toolbox" => host(cx),
        "socat" => socat(cx),
        _ => return fleet(cx),
    }
    true
}

/// Tools that reach several machines, or one through a pipe of their own.
fn fleet(cx: &mut Cx) -> bool {
    match cx.program {
        "adb" => {
            cx.divide();
            if cx.operand(0) == "shell" {
                cx.joined(1, Context::REMOTE);
            }
        }
        "pssh" | "parallel-ssh" => {
            cx.divide();
            cx.joined(0, Context::REMOTE);
        }
        "ansible" => {
            cx.divide();
            ansible(cx);
        }
        "mosh" | "rsh" | "pdsh" | "clush" => {
            cx.divide();
            let named = cx.options.has_any(&["-w", "-g", "-a"]);
            cx.joined(usize::from(!named), Context::REMOTE);
        }
        "nc" | "ncat" | "netcat" => {
            cx.divide();
            cx.texts_of(&["-e", "--exec", "-c", "--sh-exec"], 0);
        }
        _ => return false,
    }
    true
}

/// Everything after the host is joined and read by a shell there; without it that shell reads stdin.
fn ssh(cx: &mut Cx) {
    cx.divide();
    config(cx);
    if cx.options.operands.len() > 1 {
        cx.joined(1, Context::REMOTE);
    } else if !cx.options.has_any(&["-N", "-Q", "-G", "-V", "-O"]) {
        cx.fed(Context::REMOTE);
    }
}

/// `-o ProxyCommand=text` and kin run here.
fn config(cx: &mut Cx) {
    for value in cx.options.values_of(&["-o"]) {
        let Some((key, text)) = value.text.split_once(['=', ' ']) else {
            continue;
        };
        let local = ["proxycommand", "localcommand", "knownhostscommand"];
        if local.iter().any(|it| key.trim().eq_ignore_ascii_case(it)) {
            cx.text(like(&value, text.trim()), 0);
        }
    }
}

fn copy(cx: &mut Cx) {
    cx.divide();
    config(cx);
    for value in cx.options.values_of(&["-e", "--rsh", "-S"]) {
        if cx.program == "rsync" || value.text.contains('/') || value.text.contains(' ') {
            cx.text(value, 0);
        }
    }
    for value in cx.options.values_of(&["--rsync-path"]) {
        cx.text(value, Context::REMOTE);
    }
}

/// A module's arguments are a command, but for those of the module that keeps files.
fn ansible(cx: &mut Cx) {
    let module = cx.options.value("-m").or(cx.options.value("--module-name"));
    let of_files = module.is_some_and(|it| it.rsplit('.').next() == Some("file"));
    if !of_files {
        cx.texts_of(&["-a", "--args"], Context::REMOTE);
        return;
    }
    for value in cx.options.values_of(&["-a", "--args"]) {
        let words = split(&value);
        let absent = words.iter().any(|it| it.text == "state=absent");
        let path = words.iter().find_map(|it| {
            let names = ["path=", "dest=", "name="];
            names.iter().find_map(|name| it.text.strip_prefix(name))
        });
        if let Some(path) = path.filter(|_| absent) {
            let words = ["rm", "-rf", path].map(|it| like(&value, it));
            cx.argv(words.to_vec(), Context::REMOTE);
        }
    }
}

fn docker(cx: &mut Cx) {
    cx.divide();
    let mut at = 0;
    if matches!(cx.operand(0), "compose" | "container") && cx.program == "docker" {
        at = 1;
    }
    if !matches!(cx.operand(at), "exec" | "run" | "create") {
        return;
    }
    let mut argv = cx.rest(at + 2);
    if let Some(entry) = cx.options.values_of(&["--entrypoint"]).pop()
        && !entry.text.is_empty()
    {
        argv.insert(0, entry);
    } else if cx.operand(at) != "exec"
        && let Some(&image) = cx.options.operands.get(at + 1)
        && let Some(tool) = tool_of(&image.text)
        && argv.first().is_none_or(|it| it.text != tool)
    {
        argv.insert(0, like(image, tool));
    }
    cx.argv(argv, Context::CONTAINER);
}

/// The tool that an image starts by itself: `docker run amazon/aws-cli s3 ls`.
fn tool_of(image: &str) -> Option<&'static str> {
    let name = image.rsplit_once('/').map_or(image, |it| it.1);
    let name = name.split([':', '@']).next().unwrap_or(name);
    Some(match name {
        "aws-cli" => "aws",
        "terraform" => "terraform",
        "opentofu" => "tofu",
        "kubectl" => "kubectl",
        "helm" => "helm",
        "doctl" => "doctl",
        "restic" => "restic",
        "rclone" => "rclone",
        "mc" if image.contains("minio") => "mc",
        "flyway" => "flyway",
        "liquibase" => "liquibase",
        "migrate" => "migrate",
        "atlas" if image.contains("ariga") => "atlas",
        "skopeo" => "skopeo",
        "aws-nuke" => "aws-nuke",
        _ => return None,
    })
}

fn kubectl(cx: &mut Cx) {
    cx.divide();
    if !matches!(cx.operand(0), "exec" | "run" | "debug" | "rsh") {
        return;
    }
    let at = match cx.options.dashes {
        Some(at) => at,
        None if matches!(cx.operand(0), "exec" | "rsh") => 2,
        None => return,
    };
    cx.start(at, Context::CONTAINER);
}

/// Tools that reach a machine through `… ssh … --command text` or `-- cmd`.
fn host(cx: &mut Cx) {
    cx.divide();
    if cx.program == "aws" && cx.operand(0) == "ssm" {
        for value in cx.options.values_of(&["--parameters"]) {
            sent(cx, &value);
        }
        return;
    }
    if cx.program == "az" {
        if cx
            .options
            .operands
            .iter()
            .any(|it| it.text == "run-command")
        {
            cx.texts_of(&["--scripts", "--script"], Context::REMOTE);
        }
        return;
    }
    let remote = cx.options.operands.iter().any(|it| {
        matches!(
            it.text.as_str(),
            "ssh" | "exec" | "shell" | "run" | "console" | "execute-command" | "enter"
        )
    });
    if !remote {
        return;
    }
    let args = cx.invocation.args();
    for (index, arg) in args.iter().enumerate() {
        let text = arg.text.as_str();
        if let Some(value) = text.strip_prefix("--command=") {
            cx.text(like(arg, value), Context::REMOTE);
        } else if matches!(text, "--command" | "-c" | "-C")
            && let Some(value) = args.get(index + 1)
        {
            cx.text(value.clone(), Context::REMOTE);
        } else if text == "--" {
            cx.argv(
                args.get(index + 1..).unwrap_or_default().to_vec(),
                Context::REMOTE,
            );
            return;
        }
    }
}

/// `commands=["text", "text"]`, `commands=text`, `{"commands":["text"]}`: what a machine is told to run.
fn sent(cx: &mut Cx, value: &Arg) {
    let Some((_, rest)) = value.text.split_once("commands") else {
        return;
    };
    let list = rest.trim_start_matches(['"', ' ', '=', ':']);
    let end = list.rfind(']').map_or(0, |it| it + 1);
    let lines = serde_json::from_str::<Vec<String>>(list.get(..end).unwrap_or_default());
    match lines {
        Ok(lines) => {
            for line in lines {
                cx.text(like(value, line), Context::REMOTE);
            }
        }
        Err(_) => cx.text(
            like(value, list.trim_matches(['[', ']', '"', '}'])),
            Context::REMOTE,
        ),
    }
}

/// `EXEC:cmd`, `SYSTEM:text` addresses of socat.
fn socat(cx: &mut Cx) {
    for arg in cx.invocation.args() {
        let Some((kind, rest)) = arg.text.split_once(':') else {
            continue;
        };
        if ["exec", "system", "shell"]
            .iter()
            .any(|it| kind.eq_ignore_ascii_case(it))
        {
            let text = rest.split(',').next().unwrap_or_default();
            cx.text(like(arg, text.trim_matches(['"', '\''])), 0);
        }
    }
}
