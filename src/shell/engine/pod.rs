//! Owns manifests of pods and of what makes pods: what each container would be as `docker run` on the node.

use super::{Node, RUNS, Run, command, documents};

/// The containers of a manifest that are given something of the machine they run on; the others are the
/// cluster's alone.
pub(in crate::shell) fn containers(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    for document in documents(text) {
        let items = document.get("items").items();
        let all = if items.is_empty() {
            std::slice::from_ref(&document)
        } else {
            items
        };
        for item in all {
            pod(spec(item), &mut runs);
        }
    }
    runs.truncate(RUNS);
    runs
}

/// The pod's own part of a manifest.
fn spec(document: &Node) -> &Node {
    let mut spec = document.get("spec");
    for key in ["jobTemplate", "template"] {
        let inner = spec.get(key).get("spec");
        if !inner.pairs().is_empty() {
            spec = inner;
        }
    }
    spec
}

fn pod(spec: &Node, runs: &mut Vec<Run>) {
    let source = |name: &str| {
        let mut volumes = spec.get("volumes").items().iter();
        let volume = volumes.find(|it| it.get("name").text() == name);
        volume.map_or("", |it| it.get("hostPath").get("path").text())
    };
    let all = ["initContainers", "containers"]
        .iter()
        .flat_map(|it| spec.get(it).items());
    for container in all.take(RUNS) {
        let mut run = Run {
            image: container.get("image").text().to_owned(),
            ..Run::default()
        };
        for mount in container.get("volumeMounts").items() {
            run.mount(
                source(mount.get("name").text()),
                mount.get("mountPath").text(),
                mount.get("readOnly").is_true(),
            );
        }
        let security = container.get("securityContext");
        run.privileged(security.get("privileged").is_true());
        for (key, flag) in [
            ("hostPID", "--pid"),
            ("hostIPC", "--ipc"),
            ("hostNetwork", "--network"),
        ] {
            if spec.get(key).is_true() {
                run.flag(flag, "host");
            }
        }
        for capability in security.get("capabilities").get("add").items() {
            run.flag("--cap-add", capability.text());
        }
        if run.flags.is_empty() {
            continue;
        }
        run.entry = command(container.get("command"));
        run.command = command(container.get("args"));
        runs.push(run);
    }
}

#[cfg(test)]
mod tests {
    use super::containers;

    #[test]
    fn what_reaches_the_node_is_a_run() {
        for (text, expected) in [
            (
                "kind: Pod\nspec:\n  hostPID: true\n  containers:\n  - name: x\n    image: alpine\n    command: [rm, -rf, /h]\n    securityContext: {privileged: true}\n    volumeMounts: [{name: h, mountPath: /h}]\n  volumes: [{name: h, hostPath: {path: /}}]\n",
                "docker run -v /:/h --privileged --pid=host alpine rm -rf /h",
            ),
            (
                "kind: CronJob\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n          - image: a\n            volumeMounts:\n            - {name: h, mountPath: /h, readOnly: true}\n          volumes:\n          - name: h\n            hostPath:\n              path: /etc\n",
                "docker run -v /etc:/h:ro a",
            ),
            (
                "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - image: a\n        command: [rm, -rf, /]\n",
                "",
            ),
        ] {
            let runs = containers(text);
            let words: Vec<String> = runs.into_iter().flat_map(super::Run::words).collect();
            assert_eq!(words.join(" "), expected, "{text}");
        }
    }
}
