//! Owns the conventions of tools with subcommands: git, containers, clouds, package managers. Does not
//! own programs with one way of being called.

use super::{Grammar, Style, tool, values};

/// Tools with subcommands.
pub(super) fn grammar(program: &str, first: &str, second: &str) -> Option<Grammar> {
    Some(match program {
        "git" => git(first, second),
        "docker" => docker(first, second),
        "docker-compose" | "podman-compose" => compose(first, 2),
        "kubectl" => Grammar {
            stop: None,
            ..tool(
                "-n --namespace --context --kubeconfig --cluster --user --as --as-group -s --server \
                 --token --request-timeout --certificate-authority --client-certificate \
                 --client-key --cache-dir -v",
                "-f --filename -c --container -l --selector -o --output -p --patch --type --image \
                 --field-selector --replicas --grace-period --timeout --cascade -k --kustomize \
                 --overrides --restart --env --port --labels --from-literal --from-file --tail \
                 --since --resource-version --template --sort-by --limits --requests --dry-run=",
            )
        },
        "helm" => tool(
            "-n --namespace --kube-context --kubeconfig --registry-config --repository-config",
            "-f --values --set --set-string --set-file --set-json --version --repo --timeout --ca-file \
             --cert-file --key-file --username --password --description -o --output --history-max \
             --post-renderer --output-dir",
        ),
        "npm" | "pnpm" | "yarn" | "pip" | "cargo" | "go" | "bun" | "deno" | "apt" | "apt-get"
        | "brew" | "dnf" | "yum" | "gem" | "composer" => package(program, first),
        "systemctl" | "journalctl" | "loginctl" => values(
            "-H --host -M --machine -t --type -p --property -n --lines -o --output -s --signal \
             --kill-whom --root --state --job-mode -u --unit --since --until -b",
        ),
        _ => return None,
    })
}

fn git(first: &str, second: &str) -> Grammar {
    let local = match first {
        "commit" | "tag" | "notes" | "merge" | "stash" => {
            "-m --message -F --file -C --reuse-message -c --reedit-message --author --date -t \
             --template --fixup --squash --cleanup --trailer -u --local-user -s --strategy -X \
             --pathspec-from-file"
        }
        "checkout" => "-b -B --orphan --conflict --pathspec-from-file",
        "switch" => "-c -C --create --force-create --orphan --conflict",
        "restore" => "-s --source --conflict --pathspec-from-file",
        "clean" => "-e --exclude",
        "push" => "-o --push-option --repo --receive-pack --exec",
        "clone" | "fetch" | "pull" => {
            "-b --branch -o --origin --depth -u --upload-pack --reference --template -j --jobs \
             --config --shallow-since --shallow-exclude --filter --separate-git-dir -s --strategy \
             -X --refmap --server-option --deepen --bundle-uri"
        }
        "rebase" | "cherry-pick" | "revert" | "am" => {
            "-x --exec --onto -s --strategy -X --strategy-option -m --mainline -C"
        }
        "difftool" => "-x --extcmd -t --tool",
        "log" | "show" | "diff" | "shortlog" | "rev-list" | "blame" | "grep" | "format-patch" => {
            "-n --max-count -S -G -L -e -f -A -B -C -O --author --grep --since --until --after \
             --before --skip -o --output-directory --committer --output --ignore-rev --diff-filter"
        }
        "config" => "-f --file --blob --type --default --value --comment",
        "filter-branch" => {
            "--env-filter --tree-filter --index-filter --parent-filter --msg-filter --commit-filter \
             --tag-name-filter --subdirectory-filter -d --original --setup"
        }
        "filter-repo" => {
            "--path --path-glob --path-regex --paths-from-file --to-subdirectory-filter --refs \
             --replace-text --mailmap --source --target --blob-callback --commit-callback \
             --filename-callback --message-callback"
        }
        "worktree" => "-b -B --reason --orphan",
        "branch" => "-u --set-upstream-to --sort --contains --format --points-at --merged",
        "archive" => "-o --output --prefix --format --remote --exec",
        "apply" => "-C -p --directory --exclude --include",
        "submodule" => "-b --branch --name --reference --depth -j --jobs",
        "daemon" | "bundle" | "reflog" => "--expire --expire-unreachable",
        _ => "",
    };
    let stop = match (first, second) {
        ("bisect", "run") | ("submodule", "foreach") => Some(3),
        _ => None,
    };
    Grammar {
        stop,
        ..tool(
            "-C -c --git-dir --work-tree --namespace --super-prefix --config-env",
            local,
        )
    }
}

fn docker(first: &str, second: &str) -> Grammar {
    let globals = "-H --host --config --context -l --log-level --tlscacert --tlscert --tlskey --root \
                   --url --connection --identity --storage-driver";
    match first {
        "run" | "create" => Grammar {
            inverse: true,
            stop: Some(2),
            ..tool(
                "",
                "-d --detach -i --interactive -t --tty --rm --privileged --init --read-only -P -q \
                 --publish-all --no-healthcheck --oom-kill-disable --sig-proxy --quiet --help \
                 --disable-content-trust --replace --tls-verify --use-api-socket --no-hosts \
                 --no-hostname --rmi --env-host --http-proxy --passwd --systemd",
            )
        },
        "exec" => Grammar {
            stop: Some(2),
            ..tool(
                globals,
                "-u --user -w --workdir -e --env --env-file --detach-keys --preserve-fds",
            )
        },
        "compose" => compose(second, 3),
        "container" if matches!(second, "run" | "create" | "exec") => Grammar {
            stop: Some(3),
            ..docker(second, "")
        },
        "build" | "buildx" => tool(
            globals,
            "-t --tag -f --file --build-arg --target --platform --label --network --secret --ssh \
             --cache-from --cache-to -o --output --progress --builder --build-context --add-host",
        ),
        "" => tool(globals, ""),
        // Here `-f` is --force.
        _ if matches!(first, "rm" | "rmi" | "kill")
            || matches!(second, "prune" | "rm" | "remove") =>
        {
            tool(globals, "--filter --time -s --signal")
        }
        _ => tool(
            globals,
            "-f --filter --format -n --last --since --until --tail --time -s --signal -v --volume -d \
             --driver --label -o --opt --output --subnet --gateway -c --change -m --message -u \
             --username -p --password",
        ),
    }
}

/// `compose exec SERVICE cmd`; the service is the `stop`th operand.
fn compose(verb: &str, stop: usize) -> Grammar {
    let (stop, values) = match verb {
        "exec" | "run" => (
            Some(stop),
            "-e --env -u --user -w --workdir --index -v --volume -p --publish --name --entrypoint -l",
        ),
        _ => (
            None,
            "-t --timeout --scale --exit-code-from --rmi --tail -n",
        ),
    };
    // Behind the verb the short ones are the verb's own: `rm -f`, `logs -f`.
    let globals = if verb.is_empty() {
        "-f --file -p --project-name --env-file --profile --project-directory --ansi --parallel \
         --progress"
    } else {
        "--file --project-name --env-file --profile --project-directory --ansi --parallel --progress"
    };
    Grammar {
        stop,
        ..tool(globals, values)
    }
}

fn package(program: &str, first: &str) -> Grammar {
    match program {
        "npm" | "pnpm" | "yarn" | "bun" => Grammar {
            stop: match first {
                "exec" | "x" | "dlx" | "run" | "run-script" => Some(2),
                _ => None,
            },
            ..tool(
                "--prefix -C --dir --cwd --registry --userconfig --globalconfig --cache -w \
                 --workspace --filter -F --loglevel --tag --otp --access --omit --include",
                if matches!(first, "exec" | "x" | "dlx") {
                    "-c --call -p --package"
                } else {
                    ""
                },
            )
        },
        "pip" => tool(
            "--proxy --timeout --cache-dir --log --cert --trusted-host --python",
            "-r --requirement -c --constraint -e --editable -t --target --prefix --root -i --index-url \
             --extra-index-url -f --find-links --platform --python-version --report",
        ),
        "cargo" => tool(
            "--config -Z --color -C",
            "-p --package --exclude -j --jobs --target --target-dir --manifest-path --features -F \
             --profile --bin --example --test --bench --git --branch --tag --rev --path --version \
             --vers --root --index --registry --token --message-format --edition --name",
        ),
        "go" => Grammar {
            style: Style::SingleDash,
            ..tool(
                "-C",
                "-o -tags -ldflags -gcflags -asmflags -run -bench -count -timeout -p -mod -modfile \
                 -coverprofile -covermode -cpuprofile -memprofile -exec -toolexec -overlay -benchtime",
            )
        },
        "deno" => tool("-c --config --import-map --log-level", "--reload="),
        _ => tool(
            "",
            "-o --option -c --config-file -t --target-release --root --installroot --releasever -v",
        ),
    }
}
