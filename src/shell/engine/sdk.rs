//! Owns the Python libraries of container engines and clusters: what their calls mean as commands. Does not own
//! the reading of code (`script`). Invariant: code that names neither library is not looked at.

use super::{Run, divide, flow};
use crate::shell::invocation::UNKNOWN;
use crate::shell::script::{Call, Value};

/// Volumes under more names than this are not followed.
const NAMES: usize = 16;

/// The commands that the calls in a piece of code amount to.
pub(in crate::shell) fn commands(code: &str, calls: &[Call]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    if code.contains("kubernetes") {
        found.extend(calls.iter().filter_map(deleted));
    }
    if code.contains("docker") || code.contains("podman") {
        found.extend(calls.iter().filter_map(|it| called(code, it, calls)));
        if removes_volumes(code) {
            found.push(words(&["docker", "volume", "rm", &UNKNOWN.to_string()]));
        }
    }
    found
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|it| (*it).to_owned()).collect()
}

/// The value of a named argument.
fn named<'c>(call: &'c Call, name: &str) -> Option<&'c str> {
    let texts = call.args.iter().filter_map(|it| match it {
        Value::Text(text) => text.split_once('='),
        _ => None,
    });
    let mut values = texts.filter(|it| it.0 == name).map(|it| it.1);
    values.next()
}

/// The arguments that go by their place.
fn placed(call: &Call) -> impl Iterator<Item = &Value> {
    let is_name = |it: &str| it.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
    call.args.iter().take_while(move |it| match it {
        Value::Text(text) => text.split_once('=').is_none_or(|it| !is_name(it.0)),
        _ => true,
    })
}

/// `v1.delete_namespace("x")`, `apps.delete_collection_namespaced_deployment("x")`.
fn deleted(call: &Call) -> Option<Vec<String>> {
    let what = call.name().strip_prefix("delete_")?;
    if named(call, "dry_run").is_some() || what.is_empty() {
        return None;
    }
    let all = what.strip_prefix("collection_");
    let kind = all.unwrap_or(what);
    let kind = kind
        .strip_prefix("namespaced_")
        .unwrap_or(kind)
        .replace('_', "");
    let name = named(call, "name").map(str::to_owned);
    let name = name.or_else(|| placed(call).next().map(Value::text));
    let name = name.unwrap_or_else(|| UNKNOWN.to_string());
    let last = if all.is_some() { "--all" } else { &name };
    Some(words(&["kubectl", "delete", &kind, last]))
}

fn called(code: &str, call: &Call, calls: &[Call]) -> Option<Vec<String>> {
    let chain = call.chain.as_str();
    match call.name() {
        "prune" if chain.ends_with("volumes.prune") => Some(words(&["docker", "volume", "prune"])),
        "prune_volumes" => Some(words(&["docker", "volume", "prune"])),
        "remove_volume" => {
            let name = call.args.first().map(Value::text).unwrap_or_default();
            Some(words(&["docker", "volume", "rm", &name]))
        }
        "exec_run" => {
            let mut all = words(&["docker", "exec", "container"]);
            all.extend(command(call.args.first()?));
            Some(all)
        }
        "run" | "create" | "create_container" if chain.contains("container") => {
            Some(run(code, call, calls).words())
        }
        _ => None,
    }
}

fn command(value: &Value) -> Vec<String> {
    match value {
        Value::Text(text) => divide(text),
        Value::List(items) => items.iter().map(Value::text).collect(),
        Value::Unknown => Vec::new(),
    }
}

/// `client.containers.run("alpine", "rm -rf /h", volumes=["/:/h"], privileged=True)`.
fn run(code: &str, call: &Call, calls: &[Call]) -> Run {
    let mut given = placed(call);
    let image = given.next().map(Value::text);
    let mut run = Run {
        image: image
            .or(named(call, "image").map(str::to_owned))
            .unwrap_or_default(),
        entry: named(call, "entrypoint").map(divide).unwrap_or_default(),
        command: given.next().map(command).unwrap_or_default(),
        ..Run::default()
    };
    if let Some(text) = named(call, "command") {
        run.command = divide(text);
    }
    let is_list = named(call, "volumes").is_some_and(|it| !it.contains(UNKNOWN));
    for volume in named(call, "volumes")
        .filter(|_| is_list)
        .unwrap_or_default()
        .split(' ')
    {
        let (source, rest) = volume.split_once(':').unwrap_or_default();
        let (target, mode) = rest.split_once(':').unwrap_or((rest, ""));
        run.mount(source, target, mode == "ro");
    }
    if !is_list && named(call, "volumes").is_some() {
        // A dictionary is no value of a call; its text is read.
        for text in code.split("volumes").skip(1) {
            let text = text.trim_start().trim_start_matches('=').trim_start();
            if !text.starts_with('{') {
                continue;
            }
            for (source, how) in flow(text).pairs() {
                run.mount(
                    source,
                    how.get("bind").text(),
                    how.get("mode").text() == "ro",
                );
            }
        }
    }
    for mount in calls.iter().filter(|it| it.name() == "Mount") {
        let texts: Vec<String> = placed(mount).take(2).map(Value::text).collect();
        let place = |name: &str, at: usize| {
            let by_name = named(mount, name).map(str::to_owned);
            by_name
                .or_else(|| texts.get(at).cloned())
                .unwrap_or_default()
        };
        let read_only = named(mount, "read_only").is_some_and(|it| it != "False");
        run.mount(&place("source", 1), &place("target", 0), read_only);
    }
    run.privileged(call_is_privileged(code, call));
    for (name, flag) in [
        ("pid_mode", "--pid"),
        ("ipc_mode", "--ipc"),
        ("network_mode", "--network"),
        ("working_dir", "--workdir"),
    ] {
        run.flag(flag, named(call, name).unwrap_or_default());
    }
    run
}

/// Python's `True` is a name, whose value the reader of code does not keep.
fn call_is_privileged(code: &str, call: &Call) -> bool {
    let texts = ["privileged=True", "privileged = True"];
    named(call, "privileged").is_some_and(|it| it != "False" && it != "0")
        && texts.iter().any(|it| code.contains(it))
}

/// True where a volume that `volumes.get` or `volumes.list` returned is removed: in the same expression, or
/// under the name that it was given.
fn removes_volumes(code: &str) -> bool {
    let mut names: Vec<&str> = Vec::new();
    for call in ["volumes.get(", "volumes.list(", "volumes.create("] {
        for (at, _) in code.match_indices(call) {
            let (before, behind) = code.split_at_checked(at).unwrap_or_default();
            let after = behind.split_once(')').map_or("", |it| it.1);
            if after.starts_with(".remove(") || after.starts_with("[0].remove(") {
                return true;
            }
            names.extend(bound(before));
        }
    }
    let mut at = 0;
    while let Some(name) = names.get(at).copied().filter(|_| at < NAMES) {
        at += 1;
        if code.contains(&format!("{name}.remove(")) {
            return true;
        }
        for (place, _) in code.match_indices(&format!(" in {name}")) {
            let before = code.get(..place + " in ".len()).unwrap_or_default();
            names.extend(bound(before).filter(|it| *it != name));
        }
    }
    false
}

/// The name that an expression is bound to, which follows this text: `x = …`, `for x in …`.
fn bound(before: &str) -> Option<&str> {
    let line = before.rsplit(['\n', ';']).next()?;
    let (head, _) = match line.rsplit_once(" in ") {
        Some((head, rest)) => (head.rsplit_once("for ")?.1, rest),
        None => line.rsplit_once('=')?,
    };
    let name = head.trim();
    let word = |it: char| it.is_ascii_alphanumeric() || it == '_';
    (!name.is_empty() && name.chars().all(word)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::commands;
    use crate::shell::script::{Language, calls};

    #[test]
    fn calls_are_commands() {
        for (code, expected) in [
            (
                "import docker; c = docker.from_env(); [v.remove(force=True) for v in c.volumes.list()]",
                "docker volume rm ◆",
            ),
            (
                "import docker; docker.from_env().volumes.prune()",
                "docker volume prune",
            ),
            (
                "import docker; docker.from_env().volumes.get('pg').remove()",
                "docker volume rm ◆",
            ),
            (
                "import docker\nvs = docker.from_env().volumes.list()\nfor v in vs:\n  v.remove()\n",
                "docker volume rm ◆",
            ),
            (
                "import docker; docker.from_env().containers.run('alpine', 'rm -rf /h/home', volumes=['/:/h'], privileged=True)",
                "docker run -v /:/h --privileged alpine rm -rf /h/home",
            ),
            (
                "import docker; c = docker.from_env()\nc.containers.run('a', ['rm', '-rf', '/h'], volumes={'/': {'bind': '/h', 'mode': 'rw'}})",
                "docker run -v /:/h a rm -rf /h",
            ),
            ("import docker; print(docker.from_env().volumes.list())", ""),
            (
                "import docker; c.containers.get('x').remove(force=True)",
                "",
            ),
            ("x.volumes.prune()", ""),
            (
                "from kubernetes import client; client.CoreV1Api().delete_namespace('prod')",
                "kubectl delete namespace prod",
            ),
            (
                "from kubernetes import client\nclient.AppsV1Api().delete_namespaced_deployment('web', 'prod', dry_run='All')",
                "",
            ),
        ] {
            let found = commands(code, &calls(Language::Python, code));
            let found: Vec<String> = found.iter().map(|it| it.join(" ")).collect();
            assert_eq!(found.join("|"), expected, "{code}");
        }
    }
}
