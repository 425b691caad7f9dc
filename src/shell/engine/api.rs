//! Owns the engine's HTTP interface: what a request means as a command of its client.

use super::{Node, Run, command, flow};

/// The command that a request amounts to; nothing where it only looks or changes little.
pub(in crate::shell) fn request(method: &str, url: &str, body: &str) -> Option<Vec<String>> {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let path = path.split_once("://").map_or(path, |it| it.1);
    let mut parts: Vec<&str> = path
        .split('/')
        .skip(1)
        .filter(|it| !it.is_empty())
        .collect();
    let is_version = |it: &str| it.starts_with('v') && it.contains('.');
    while parts
        .first()
        .is_some_and(|it| is_version(it) || *it == "libpod")
    {
        parts.remove(0);
    }
    let set = |name: &str| {
        let mut pairs = query.split('&').filter_map(|it| it.split_once('='));
        pairs.any(|it| it.0 == name && matches!(it.1, "1" | "true" | "True"))
    };
    let words = |words: &[&str]| Some(words.iter().map(|it| (*it).to_owned()).collect());
    match (method, parts.as_slice()) {
        ("DELETE", ["volumes", name]) => words(&["docker", "volume", "rm", name]),
        ("DELETE", ["containers", name]) => {
            let volumes = if set("v") { "-v" } else { "-f" };
            words(&["docker", "rm", volumes, name])
        }
        ("DELETE", ["images", name @ ..]) => words(&["docker", "rmi", &name.join("/")]),
        ("DELETE", [kind @ ("services" | "secrets" | "configs" | "nodes"), name]) => {
            words(&["docker", kind.trim_end_matches('s'), "rm", name])
        }
        ("POST", ["volumes", "prune"]) => words(&["docker", "volume", "prune", "-f"]),
        ("POST", ["swarm", "leave"]) => words(&["docker", "swarm", "leave", "--force"]),
        ("POST", ["containers", name, "kill"]) => words(&["docker", "kill", name]),
        ("POST", ["containers", "create"]) => Some(created(&flow(body)).words()),
        ("POST", ["containers", name, "exec"]) => {
            let mut words = ["docker", "exec", name].map(str::to_owned).to_vec();
            words.extend(command(flow(body).get("Cmd")));
            Some(words)
        }
        _ => None,
    }
}

/// The body of `POST /containers/create`.
fn created(body: &Node) -> Run {
    let host = body.get("HostConfig");
    let mut run = Run {
        image: body.get("Image").text().to_owned(),
        entry: command(body.get("Entrypoint")),
        command: command(body.get("Cmd")),
        ..Run::default()
    };
    for bind in host.get("Binds").items() {
        let (source, rest) = bind.text().split_once(':').unwrap_or_default();
        let (target, mode) = rest.split_once(':').unwrap_or((rest, ""));
        run.mount(source, target, mode.split(',').any(|it| it == "ro"));
    }
    for mount in host.get("Mounts").items() {
        run.mount(
            mount.get("Source").text(),
            mount.get("Target").text(),
            mount.get("ReadOnly").is_true(),
        );
    }
    run.privileged(host.get("Privileged").is_true());
    for (key, flag) in [
        ("PidMode", "--pid"),
        ("IpcMode", "--ipc"),
        ("NetworkMode", "--network"),
    ] {
        run.flag(flag, host.get(key).text());
    }
    for capability in host.get("CapAdd").items() {
        run.flag("--cap-add", capability.text());
    }
    run
}

#[cfg(test)]
mod tests {
    use super::request;

    #[test]
    fn requests_are_commands() {
        for (method, url, body, expected) in [
            (
                "DELETE",
                "http://localhost/v1.43/volumes/pg?force=1",
                "",
                "docker volume rm pg",
            ),
            (
                "POST",
                "http://d/volumes/prune",
                "",
                "docker volume prune -f",
            ),
            (
                "DELETE",
                "http://d/v4.0.0/libpod/containers/a?v=true",
                "",
                "docker rm -v a",
            ),
            ("GET", "http://d/volumes", "", ""),
            ("POST", "http://d/containers/a/restart", "", ""),
            (
                "POST",
                "http://d/containers/create?name=x",
                "{\"Image\":\"alpine\",\"Cmd\":[\"rm\",\"-rf\",\"/h\"],\"HostConfig\":{\"Binds\":[\"/:/h\"],\"Privileged\":true}}",
                "docker run -v /:/h --privileged alpine rm -rf /h",
            ),
        ] {
            let words = request(method, url, body).unwrap_or_default();
            assert_eq!(words.join(" "), expected, "{url}");
        }
    }
}
