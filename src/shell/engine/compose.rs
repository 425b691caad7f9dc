//! Owns compose files: what each service would be as `docker run`. Does not own which files are read.

use super::{Node, RUNS, Run, command, documents};
use crate::shell::invocation::UNKNOWN;

/// The names of the files that are read where none is given.
pub(in crate::shell) const FILES: [&str; 8] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
    "compose.override.yaml",
    "compose.override.yml",
    "docker-compose.override.yaml",
    "docker-compose.override.yml",
];

/// The services of a file: of one of them only where it is named, with another command where one is given.
pub(in crate::shell) fn services(text: &str, only: Option<&str>, instead: &[String]) -> Vec<Run> {
    let mut runs = Vec::new();
    for document in documents(text) {
        let volumes = document.get("volumes");
        let services = document.get("services").pairs().iter();
        let chosen = services.filter(|it| only.is_none_or(|only| it.0 == only));
        for (_, service) in chosen.take(RUNS) {
            let mut run = service_run(service, volumes);
            if !instead.is_empty() {
                run.command = instead.to_vec();
            }
            runs.push(run);
        }
    }
    runs
}

fn service_run(service: &Node, volumes: &Node) -> Run {
    let mut run = Run {
        image: filled(service.get("image").text()),
        ..Run::default()
    };
    for volume in service.get("volumes").items() {
        mount(&mut run, volume, volumes);
    }
    run.privileged(service.get("privileged").is_true());
    for (key, flag) in [
        ("pid", "--pid"),
        ("ipc", "--ipc"),
        ("uts", "--uts"),
        ("network_mode", "--network"),
        ("userns_mode", "--userns"),
        ("cgroup", "--cgroupns"),
        ("working_dir", "--workdir"),
    ] {
        run.flag(flag, &filled(service.get(key).text()));
    }
    for (key, flag) in [
        ("cap_add", "--cap-add"),
        ("devices", "--device"),
        ("security_opt", "--security-opt"),
    ] {
        for item in service.get(key).items() {
            run.flag(flag, &filled(item.text()));
        }
    }
    run.entry = words(service.get("entrypoint"));
    run.command = words(service.get("command"));
    run
}

fn words(node: &Node) -> Vec<String> {
    command(node).iter().map(|it| filled(it)).collect()
}

/// One volume in its short or its long form. A named one may stand for a directory.
fn mount(run: &mut Run, volume: &Node, named: &Node) {
    let place = |source: &str| {
        let device = named.get(source).get("driver_opts").get("device").text();
        filled(if device.is_empty() { source } else { device })
    };
    match volume {
        Node::Text(text) => {
            let text = filled(text);
            let (source, rest) = text.split_once(':').unwrap_or((&text, ""));
            let (target, mode) = rest.split_once(':').unwrap_or((rest, ""));
            run.mount(&place(source), target, mode.split(',').any(|it| it == "ro"));
        }
        _ => run.mount(
            &place(volume.get("source").text()),
            volume.get("target").text(),
            volume.get("read_only").is_true(),
        ),
    }
}

/// The text with its variables: the home directory, the default, or a mark.
fn filled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(behind) = behind.strip_prefix('$') {
            out.push('$');
            rest = behind;
            continue;
        }
        let braced = behind.strip_prefix('{').and_then(|it| it.split_once('}'));
        let plain = || {
            let name = |it: char| !it.is_ascii_alphanumeric() && it != '_';
            behind.split_at(behind.find(name).unwrap_or(behind.len()))
        };
        let (name, behind) = braced.unwrap_or_else(plain);
        let (name, default) = name.split_once(":-").unwrap_or((name, ""));
        match (name, default) {
            ("HOME", _) => out.push('~'),
            ("PWD", _) => out.push('.'),
            (_, "") => out.push(UNKNOWN),
            (_, default) => out.push_str(default),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{filled, services};

    #[test]
    fn services_are_runs() {
        for (text, expected) in [
            (
                "services:\n  a:\n    image: alpine\n    volumes: [\"/:/h\"]\n    command: rm -rf /h/home\n",
                "docker run -v /:/h alpine rm -rf /h/home",
            ),
            (
                "services:\n  a:\n    image: x\n    privileged: true\n    pid: host\n    entrypoint: [sh, -c]\n    command: [ls]\n",
                "docker run --privileged --pid=host x sh -c ls",
            ),
            (
                "services:\n  a:\n    image: x\n    volumes:\n      - type: bind\n        source: ${HOME}\n        target: /h\n        read_only: true\n",
                "docker run -v ~:/h:ro x",
            ),
            (
                "services:\n  a:\n    image: x\n    volumes: [d:/h]\nvolumes:\n  d:\n    driver_opts: {type: none, o: bind, device: /etc}\n",
                "docker run -v /etc:/h x",
            ),
            ("services:\n  a:\n    build: .\n", "docker run image"),
        ] {
            let runs = services(text, None, &[]);
            let words: Vec<String> = runs.into_iter().flat_map(super::Run::words).collect();
            assert_eq!(words.join(" "), expected, "{text}");
        }
        assert!(services("services:\n  a:\n    image: x\n", Some("b"), &[]).is_empty());
        assert_eq!(filled("$$x ${A:-b}/$HOME"), "$x b/~");
    }
}
