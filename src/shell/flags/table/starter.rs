//! Owns the conventions of programs that start another program, interpreters included: their flags end
//! where that program or script is named. Does not own what is started (`unwrap`).

use super::{Grammar, Outer, Style, outer, single, tool, values, wrapper};

/// Programs that start another program.
pub(super) fn grammar(program: &str, first: &str) -> Option<Grammar> {
    Some(match program {
        "sudo" => wrapper(
            "-u --user -g --group -h --host -p --prompt -C --close-from -D --chdir -R --chroot -T \
             --command-timeout -U --other-user -r --role -t --type -c --login-class -a --auth-type",
            1,
        ),
        "doas" => wrapper("-u -C -a", 1),
        "pkexec" => wrapper("--user", 1),
        "run0" => wrapper(
            "-u --user -g --group --unit --property --description --slice --nice -D --chdir --setenv \
             --background --machine",
            1,
        ),
        "compgen" | "complete" => values("-A -C -F -G -P -S -W -X -o"),
        "bind" => values("-f -m -q -r -u -x"),
        "fc" => values("-e"),
        "env" => wrapper("-u --unset -C --chdir -S --split-string -P -L -U", 1),
        "time" => wrapper("-f --format -o --output", 1),
        "nice" => wrapper("-n --adjustment", 1),
        "ionice" => wrapper("-c --class -n --classdata -p --pid -P -u", 1),
        "stdbuf" => wrapper("-i --input -o --output -e --error", 1),
        "setsid" | "nohup" | "command" | "builtin" | "setarch" | "linux64" | "linux32"
        | "caffeinate" | "catchsegv" | "chronic" | "torsocks" | "torify" | "tsocks"
        | "unbuffer" | "setpriv" | "rtk" | "noglob" | "nocorrect" | "busybox" | "toybox"
        | "winpty" | "dbus-run-session" | "fakeroot" | "xvfb-run" | "ccache" | "sem" | "pnpx"
        | "bunx" | "unshare" | "nsenter" | "entr" | "valgrind" | "wsl" | "systemd-inhibit"
        | "prlimit" | "ssh-agent" | "choom" | "watchexec" | "numactl" | "cpulimit"
        | "eatmydata" | "nodemon" | "firejail" | "parallel" => wrapper(starter_values(program), 1),
        "exec" => wrapper("-a", 1),
        "xargs" => Grammar {
            glued: "-e -i -l",
            ..wrapper(
                "-a --arg-file -d --delimiter -E -I --replace -L --max-lines -n --max-args -P \
                 --max-procs -s --max-chars -J -R -S --process-slot-var",
                1,
            )
        },
        _ => return second(program, first),
    })
}

/// Those that name a place, a time or a host before the program, and the runners.
fn second(program: &str, first: &str) -> Option<Grammar> {
    Some(match program {
        "timeout" => wrapper("-k --kill-after -s --signal", 2),
        "chroot" => wrapper("--userspec --groups -u -g -G", 2),
        "flock" => wrapper("-w --timeout -E --conflict-exit-code -c --command", 2),
        "taskset" | "chrt" => wrapper(
            "-T --sched-runtime -P --sched-period -D --sched-deadline",
            2,
        ),
        "faketime" => wrapper("-f -p", 2),
        "strace" | "ltrace" => wrapper(
            "-e -o -p -s -u -a -E -I -O -P -S -X -b -U --trace --output --attach --user -n -l -x -F -A",
            1,
        ),
        "watch" => wrapper("-n --interval -q --equexit", 1),
        "systemd-run" => wrapper(
            "-p --property -u --unit -H --host -M --machine -E --setenv --description --slice \
             --uid --gid --nice --working-directory -d --on-active --on-calendar --on-boot \
             --service-type --path-property --timer-property --socket-property",
            1,
        ),
        "proxychains" | "proxychains4" => wrapper("-f", 1),
        "bwrap" => wrapper("", 1),
        "gdb" | "lldb" => Grammar {
            style: Style::SingleDash,
            ..wrapper(starter_values(program), 1)
        },
        "screen" => wrapper("-S -c -e -h -p -s -T -t", 1),
        "tmux" => wrapper("-L -S -f -c", 1),
        "tmux-command" => wrapper("-s -n -c -t -x -y -F -e -l -p -b", 1),
        "script" => values("-c --command -t --timing -I -O -B -E -o -m"),
        "ssh" => wrapper(
            "-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B -M",
            2,
        ),
        "pdsh" | "clush" => wrapper("-w -g -x -l -f -t -u -R", 1),
        "pssh" | "parallel-ssh" => wrapper("-h --hosts -H --host -l --user -p -o -e -t -O", 1),
        "adb" => wrapper("-s -t -H -P -L", 2),
        "sshpass" => wrapper("-p -f -d -P", 1),
        "su" | "runuser" => values(
            "-c --command --session-command -g --group -G --supp-group -s --shell -T -w \
             --whitelist-environment -u --user",
        ),
        "sg" => wrapper("-c", 2),
        "npx" => wrapper("-p --package -c --call --registry", 1),
        "uvx" => wrapper(
            "--from --with -p --python --index-url --extra-index-url --index --default-index --with-editable \
             --with-requirements --find-links -f --allow-insecure-host",
            1,
        ),
        "arch" => wrapper("-e -d", 1),
        "dotenv" => wrapper("-f --file -e --env -v -p", 1),
        "aws-vault" | "op" | "doppler" | "infisical" | "chamber" | "teller" | "direnv" | "pipx"
        | "poetry" | "pipenv" | "bundle" | "conda" | "mamba" | "micromamba" | "uv" | "rye"
        | "pdm" | "hatch" | "perf" | "machinectl" | "lxc" | "incus" | "mise" | "asdf"
        | "rustup" | "nix" | "pixi" | "devbox" | "flatpak" | "heaptrack" => runner(program, first),
        _ => match outer(program) {
            Some(Outer::Starts(flags, before)) => wrapper(flags, before + 1),
            _ => return None,
        },
    })
}

fn starter_values(program: &str) -> &'static str {
    match program {
        "caffeinate" => "-t -w",
        "ssh-agent" => "-a -E -O -P -t",
        "choom" => "-n --adjust -p --pid",
        "numactl" => {
            "-N --cpunodebind -m --membind -C --physcpubind -i --interleave -p --preferred"
        }
        "cpulimit" => "-l --limit -p --pid -e --exe -P --path",
        "watchexec" => {
            "-e --exts -w --watch -i --ignore -f --filter -d --debounce -s --signal --shell"
        }
        "nodemon" => "-e --ext -w --watch -i --ignore -x --exec -d --delay --signal --cwd",
        "parallel" => {
            "-j --jobs -a --arg-file -I --colsep -C -d --delimiter -n --max-args -N -L -S --sshlogin \
             --tmpdir --joblog --results --timeout --delay --retries -P --workdir --wd --halt \
             --tagstring -s --max-chars -E --block --recstart --recend"
        }
        "unshare" => "--setgroups -R --root -w --wd -S --setuid -G --setgid --map-user --map-group",
        "nsenter" => "-t --target -S --setuid -G --setgid -r --root -w --wd",
        "gdb" => "-x -ex -p -iex --command --pid -cd -d",
        "lldb" => "-o -s -p -n -O -S --one-line --source",
        "setpriv" => {
            "--reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits"
        }
        "xvfb-run" => "-n --server-num -s --server-args -e --error-file -f -w",
        "bunx" => "-p --package",
        _ => "",
    }
}

/// `tool run cmd`, `tool exec NAME cmd`.
fn runner(program: &str, first: &str) -> Grammar {
    let stop = match (program, first) {
        ("direnv" | "machinectl" | "lxc" | "incus" | "chamber" | "aws-vault", "exec" | "shell") => {
            Some(3)
        }
        ("rustup" | "flatpak", "run") => Some(3),
        (_, "run" | "exec" | "stat" | "record" | "trace" | "x" | "env") => Some(2),
        _ => None,
    };
    let flags = match program {
        "uv" => {
            "--with --with-requirements --with-editable -p --python --env-file --directory --project \
             -i --index-url --extra-index-url --group --extra --package --index --only-group \
             --default-index -f --find-links -r --requirements -c --constraints -e --editable \
             --target --prefix --publish-url --check-url --allow-insecure-host --from"
        }
        "pipx" => {
            "--spec --python --pip-args --index-url -i --suffix --with --extra-index-url --fetch-missing-python"
        }
        "conda" | "mamba" | "micromamba" => "-n --name -p --prefix --cwd",
        "perf" => "-e --event -p --pid -o --output -r --repeat -C --cpu -F --freq -t --tid -g -x",
        "op" => "--env-file --account --session",
        "doppler" => "-p --project -c --config -t --token --mount --mount-format",
        "infisical" => "--env --path --projectId --token --domain",
        "aws-vault" => "-d --duration -t --mfa-token --region -b --backend --prompt",
        "lxc" | "incus" => "--cwd --env --user --group --mode",
        "machinectl" => "--uid -E --setenv -M --machine",
        "poetry" => "-C --directory -P --project",
        "nix" => "-c --command -p -f --file --extra-experimental-features -I",
        "mise" => "-C --cd -E --env -j --jobs -c --command",
        "pdm" => "-p --project --venv",
        _ => "",
    };
    Grammar {
        stop,
        ..tool("", flags)
    }
}

/// Containers that are no service.
pub(super) fn container(program: &str) -> Option<Grammar> {
    Some(match program {
        "devcontainer" => wrapper(
            "--workspace-folder --container-id --config --override-config --remote-env --id-label \
             --docker-path --log-level --user-data-folder --container-data-folder",
            2,
        ),
        "apptainer" | "singularity" => wrapper(
            "-B --bind --env --env-file -H --home -W --workdir --pwd --mount -S --scratch --overlay",
            2,
        ),
        "systemd-nspawn" => wrapper(
            "-D --directory -i --image -M --machine -u --user -E --bind",
            1,
        ),
        _ => return None,
    })
}

/// Interpreters: their flags end at the script.
pub(super) fn interpreter(program: &str) -> Option<Grammar> {
    Some(match program {
        "bash" | "sh" | "zsh" | "dash" | "ksh" | "ash" | "mksh" | "fish" | "rbash" | "yash" => {
            wrapper("--rcfile --init-file -o -O +o +O -C --init-command", 1)
        }
        "python" => Grammar {
            last: "-c -m",
            ..wrapper("-c -m -W -X --check-hash-based-pycs", 1)
        },
        "perl" => Grammar {
            glued: "-i -F -M -m -I -x -C -D",
            ..wrapper("-e -E", 1)
        },
        "ruby" => Grammar {
            glued: "-i -F -K -x -T -W",
            ..wrapper("-e -r -I -C -E", 1)
        },
        "node" | "bun-run" | "tsx" | "ts-node" => wrapper(
            "-e --eval -p --print -r --require --import --loader --experimental-loader --env-file -C --conditions --title",
            1,
        ),
        "php" => wrapper("-r -f -d -c -B -R -F -E -S -t -z", 1),
        "lua" => wrapper("-e -l", 1),
        "awk" => Grammar {
            last: "",
            ..values("-F -v -f -i --field-separator --assign --file --include -e --source")
        },
        "expect" => wrapper("-c -f -d", 1),
        "osascript" => values("-e -l -s"),
        "tclsh" | "wish" | "Rscript" | "julia" | "elixir" | "groovy" | "scala" | "swift"
        | "gnuplot" | "compiled" | "clojure" | "clj" | "bb" | "guile" | "racket" | "sbcl"
        | "ghc" | "ocaml" | "octave" | "nim" | "crystal" | "kotlin" | "raku" => {
            values("-e -E --eval -c --command -x")
        }
        "java" => Grammar {
            stop: Some(1),
            ..single("-cp -classpath --class-path -jar -m --module -p --module-path")
        },
        "vim" | "emacs" | "ex" => values("-c --cmd -S -u -U -i -s -w -W -T -q -t --eval -l -f"),
        _ => return None,
    })
}
