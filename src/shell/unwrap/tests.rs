use super::*;
use crate::shell::test_line::line;

fn shown(found: &Nested) -> String {
    match found {
        Nested::Argv {
            argv, assignments, ..
        } => {
            let set: Vec<String> = assignments
                .iter()
                .map(|it| format!("{}={}", it.name, it.value.text))
                .collect();
            let words: Vec<&str> = argv.iter().map(|it| it.text.as_str()).collect();
            [set, vec![words.join(" ")]].concat().join(" ")
        }
        Nested::Text { text, .. } => format!("`{}`", text.text),
        Nested::PowerShell { text, .. } => format!("PS `{}`", text.text),
        Nested::Unknown { .. } => "?".to_owned(),
    }
}

fn list(found: &[Nested]) -> String {
    found.iter().map(shown).collect::<Vec<_>>().join(" | ")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(list(&nested(&line(text), None)), expected, "{text}");
}

#[track_caller]
fn fed(text: &str, stdin: &str, expected: &str) {
    let stdin = Arg::literal(stdin, crate::shell::Span::default());
    assert_eq!(list(&nested(&line(text), Some(&stdin))), expected, "{text}");
}

/// With another program in front of the pipe whose output is not known.
#[track_caller]
fn piped(text: &str, expected: &str) {
    let mut invocation = line(text);
    invocation.fed_by.push(0);
    assert_eq!(list(&nested(&invocation, None)), expected, "{text}");
}

#[track_caller]
fn context(text: &str, expected: u32) {
    let found = nested(&line(text), None);
    let context = match found.first() {
        Some(
            Nested::Argv { context, .. }
            | Nested::Text { context, .. }
            | Nested::PowerShell { context, .. }
            | Nested::Unknown { context, .. },
        ) => *context,
        None => panic!("{text} starts nothing"),
    };
    assert_eq!(context, expected | Context::NESTED, "{text}");
}

#[test]
fn wrappers_start_what_follows_them() {
    check("sudo rm -rf /", "rm -rf /");
    check("sudo -u root -E rm -rf /", "rm -rf /");
    check("sudo -nu root -- rm -rf /", "rm -rf /");
    check("sudo A=1 rm -rf /", "A=1 rm -rf /");
    check("sudo --user=root rm x", "rm x");
    check("sudo -s rm -rf /", "rm -rf /");
    check("sudo -i", "");
    check("sudo -l", "");
    check("sudo -e /etc/hosts", "");
    check("/usr/bin/sudo rm x", "rm x");
    check("doas -u root rm x", "rm x");
    check("pkexec rm x", "rm x");
    check("run0 --user=root rm x", "rm x");
    check("env", "");
    check("env -i PATH=/bin rm -rf /", "PATH=/bin rm -rf /");
    check("env -u X -C dir rm x", "rm x");
    check("env -S 'rm -rf' /", "rm -rf /");
    check("env -S'A=1 rm \"a b\"'", "A=1 rm a b");
    check("env -vS 'rm -rf /'", "rm -rf /");
    check("nohup rm x", "rm x");
    check("time -p rm x", "rm x");
    check("nice -n 10 rm x", "rm x");
    check("nice -10 rm x", "rm x");
    check("ionice -c3 rm x", "rm x");
    check("ionice -c 2 -n 7 rm x", "rm x");
    check("stdbuf -oL -e 0 rm x", "rm x");
    check("timeout 5 rm x", "rm x");
    check("timeout -k 5 -s KILL 10s rm x", "rm x");
    check("timeout --preserve-status 5 rm x", "rm x");
    check("setsid -f rm x", "rm x");
}

#[test]
fn more_wrappers_start_what_follows_them() {
    check("command rm x", "rm x");
    check("command -p rm x", "rm x");
    check("command -v rm", "");
    check("builtin cd x", "cd x");
    check("exec -a name rm x", "rm x");
    check("exec", "");
    check("chrt -f 10 rm x", "rm x");
    check("taskset -c 0,1 rm x", "rm x");
    check("taskset -p 0x1 123", "");
    check("flock /tmp/l rm x", "rm x");
    check("flock -n /tmp/l -c 'rm x'", "`rm x`");
    check("unshare -r rm x", "rm x");
    check("strace -f -o out rm x", "rm x");
    check("script -q -c 'rm x' out", "`rm x`");
    check("script -q /dev/null rm x", "rm x");
    check("watch -n 1 rm x", "`rm x`");
    check("watch -x rm x", "rm x");
    check("busybox rm -rf /", "rm -rf /");
    check("busybox sh -c 'rm x'", "sh -c rm x");
    check("proxychains4 -q rm x", "rm x");
    check("caffeinate -i rm x", "rm x");
    check("arch -x86_64 rm x", "rm x");
    check("faketime '2 days ago' rm x", "rm x");
    check("firejail --net=none rm x", "rm x");
    check("bwrap --ro-bind / / --dev /dev --unshare-all rm x", "rm x");
    check("systemd-run --user -p A=b rm x", "rm x");
    check("capsh --user=x -- -c 'rm x'", "bash -c rm x");
    check("sg docker -c 'rm x'", "`rm x`");
    check("chroot /mnt rm x", "rm x");
    check("nsenter -t 1 -m rm x", "rm x");
    check("ip netns exec n rm x", "rm x");
    check("gdb --args rm x", "rm x");
    check("gdb -ex 'shell rm x' -batch", "`rm x`");
    check("rtk git push -f", "git push -f");
    check("su -c 'rm x'", "`rm x`");
    check("su - root -c 'rm x'", "`rm x`");
    check("su root", "");
    check("runuser -u root -- rm x", "rm x");
    check("entr -r rm /_", "rm /_");
    check("xvfb-run -a rm x", "rm x");
}

#[test]
fn shells_read_their_text() {
    check("bash -c 'rm x'", "`rm x`");
    check("bash -lc 'rm x'", "`rm x`");
    check("bash -xec 'rm x'", "`rm x`");
    check("bash -o pipefail -c 'rm x'", "`rm x`");
    check("bash -c -e 'rm x'", "`rm x`");
    check("bash --norc --noprofile -c 'rm x'", "`rm x`");
    check("zsh -c 'rm x'", "`rm x`");
    check("fish -c 'rm x'", "`rm x`");
    check("bash script.sh -c x", "");
    check("bash -n script.sh", "");
    check("bash", "");
    check("bash --version", "");
    check("bash -c ◆", "?");
    check("bash -c \"◆\"", "?");
    check("bash -c 'rm ◆'", "`rm ◆`");
    check(
        "bash -c 'rm -rf \"$@\"' _ / x",
        "`set -- '/' 'x'; rm -rf \"$@\"`",
    );
    check("bash -c '$0 -rf /' rm", "`'rm' -rf /`");
    check("bash -c 'echo x' y z", "`echo x`");
    fed("bash", "rm x", "`rm x`");
    fed("bash -s -- a", "rm x", "`rm x`");
    fed("bash -", "rm x", "`rm x`");
    fed("bash /dev/stdin", "rm x", "`rm x`");
    fed("bash script.sh", "rm x", "");
    fed("bash -c 'cat'", "rm x", "`cat`");
    piped("bash", "?");
    piped("sudo -s", "?");
    piped("sh -s arg", "?");
    piped("bash script.sh", "");
    check("bash < script.sh", "");
    check("eval rm -rf x", "`rm -rf x`");
    check("eval 'rm x' ';' ls", "`rm x ; ls`");
    check("eval ◆", "?");
    check("trap 'rm x' EXIT", "`rm x`");
    check("trap - EXIT", "");
    check("trap '' INT", "");
    check("trap", "");
    fed("at now", "rm x", "`rm x`");
    check(". script", "");
    fed(". /dev/stdin", "rm x", "`rm x`");
}

#[test]
fn lists_of_arguments_are_filled_in() {
    check("xargs rm -rf", "rm -rf ◆");
    check("xargs", "");
    check("xargs -0 -n 1 -P4 rm", "rm ◆");
    check("xargs -I{} rm {}/x", "rm ◆/x");
    check("xargs -I % sh -c 'rm %'", "sh -c rm ◆");
    check("xargs -i rm {}", "rm ◆");
    fed("xargs rm -rf", "/ x\ny", "rm -rf / x y");
    fed("xargs -I{} rm -rf {}", "/\nx", "rm -rf / | rm -rf x");
    fed("xargs -d, rm", "a,b", "rm a b");
    fed("xargs", "rm -rf /", "");
    check("parallel rm -rf ::: / x", "`rm -rf /` | `rm -rf x`");
    check("parallel 'rm {}' ::: x", "`rm x`");
    check("parallel ::: 'rm x' ls", "`rm x` | `ls`");
    check("parallel -j 4 rm {1}/{2} ::: a ::: b", "`rm a/b`");
    fed("parallel rm", "x", "`rm x`");
    check("parallel rm", "`rm ◆`");
    check("find . -exec rm -rf {} +", "rm -rf .");
    check("find a b -exec rm {} ;", "rm a b");
    check("find / -name '*.log' -exec rm {} ;", "rm /**/*.log");
    check(
        "find . -name node_modules -prune -exec rm -rf {} +",
        "rm -rf ./**/node_modules",
    );
    check(
        "find . -type f -exec sh -c 'rm $1' _ {} ;",
        "sh -c rm $1 _ .",
    );
    check("find . -exec sh -c 'rm {}' ;", "sh -c rm .");
    check(
        "find . ( -name a -o -name b ) -exec rm {} +",
        "rm ./**/a ./**/b",
    );
    check("find . -name a -o -type f -exec rm {} +", "rm .");
    check("find . -not -name a -exec rm {} +", "rm .");
    check("find . -maxdepth 1 -name a -exec rm {} +", "rm ./a");
    check("find . -name x -print", "");
    check("fd -e pyc -x rm", "rm ./**/*.pyc");
    check("fd foo src -X rm -rf", "rm -rf src/**/*foo*");
    check("fd . / --exec rm {}", "rm /");
    check("fd 'a|b' / --exec rm {}", "rm /◆");
}

#[test]
fn commands_elsewhere_are_found() {
    check("ssh host rm -rf /", "`rm -rf /`");
    check("ssh -p 22 -i key user@host 'rm -rf /'", "`rm -rf /`");
    check("ssh host -p 22 rm x", "`rm x`");
    check("ssh host", "");
    fed("ssh host", "rm x", "`rm x`");
    check("ssh -o ProxyCommand='rm x' host", "`rm x`");
    check("ssh -o 'ProxyCommand rm x' host ls", "`rm x` | `ls`");
    check("sshpass -p x ssh host rm y", "ssh host rm y");
    check("docker run --rm -it -v /:/h alpine rm -rf /h", "rm -rf /h");
    check("docker run alpine", "");
    check("docker run --entrypoint sh alpine -c 'rm x'", "sh -c rm x");
    check(
        "docker run -e A=b amazon/aws-cli:2 s3 rm --recursive s3://b",
        "aws s3 rm --recursive s3://b",
    );
    check(
        "docker run hashicorp/terraform terraform plan",
        "terraform plan",
    );
    check("docker exec terraform ls", "ls");
    check("docker exec -it c bash -c 'rm x'", "bash -c rm x");
    check("docker container exec c rm x", "rm x");
    check("podman --log-level=x run --name=n img rm x", "rm x");
    check("docker compose exec -T db rm x", "rm x");
    check("docker compose -f a.yml run --rm web rm x", "rm x");
    check("docker-compose exec db rm x", "rm x");
    check("docker compose up -d", "");
    check("docker ps", "");
    check("kubectl exec -it pod -- rm -rf /x", "rm -rf /x");
    check("kubectl -n p exec pod -c c -- sh -c 'rm x'", "sh -c rm x");
    check("kubectl run x --image=y -- rm x", "rm x");
    check("kubectl get pods", "");
    check("lxc exec c -- rm x", "rm x");
    check("gcloud compute ssh vm --command='rm x'", "`rm x`");
    check("rsync -e 'ssh -p 2' a h:b", "`ssh -p 2`");
    check("nc -e /bin/sh h 1", "`/bin/sh`");
    check("socat TCP:h:1 EXEC:/bin/sh,pty", "`/bin/sh`");
}

#[test]
fn git_starts_programs() {
    check("git -c alias.x='!rm -rf /' x", "`rm -rf /`");
    check("git -c alias.x='!rm' x -rf /", "`rm -rf /`");
    check("git -c alias.x='push -f' x origin", "git push -f origin");
    check("git -c alias.y='!rm' x", "");
    check("git -c core.pager='rm x' log", "`rm x`");
    check("git -c core.sshCommand='rm x' fetch", "`rm x`");
    check("git -c core.fsmonitor=false status", "");
    check("git -c user.name=x commit -m 'rm -rf /'", "");
    check("git -c credential.helper='!rm x' fetch", "`rm x`");
    check("git -c credential.helper=store fetch", "");
    check("git rebase -i -x 'rm x' main", "`rm x`");
    check("git rebase --exec='rm x' main", "`rm x`");
    check("git bisect run rm -f x", "rm -f x");
    check("git submodule foreach 'rm x'", "`rm x`");
    check(
        "git submodule foreach --recursive git clean -fdx",
        "git clean -fdx",
    );
    check("git filter-branch --tree-filter 'rm x' HEAD", "`rm x`");
    check("git clone 'ext::sh -c rm% x' y", "`sh -c rm x`");
    check("git config --global alias.x '!rm x'", "`rm x`");
    check("git config user.name '!x'", "`x`");
    check("GIT_SSH_COMMAND='rm x' git fetch", "`rm x`");
    check("git commit -m '$(rm x)'", "");
    check("git grep -O'rm x' y", "`rm x`");
}

#[test]
fn runners_start_what_they_run() {
    check("npx rimraf@5 /", "rimraf /");
    check("npx -y @scope/tool@1 x", "@scope/tool x");
    check("npx -c 'rm x'", "`rm x`");
    check("npm exec -- rimraf x", "rimraf x");
    check("pnpm dlx rimraf x", "rimraf x");
    check("yarn dlx rimraf x", "rimraf x");
    check("npm run build", "");
    check("npm install", "");
    check("uv run --with x python -c 'y'", "python -c y");
    check("uvx ruff check", "ruff check");
    check("poetry run rm -rf x", "rm -rf x");
    check("bundle exec rm x", "rm x");
    check(
        "yarn prisma db push --force-reset",
        "prisma db push --force-reset",
    );
    check("yarn build --force", "");
    check(
        "python3 -m alembic -c x.ini downgrade base",
        "alembic -c x.ini downgrade base",
    );
    check("python3 -m http.server", "");
    check(
        "heroku run -a app rails db:drop --trace",
        "rails db:drop --trace",
    );
    check("heroku logs", "");
    check("sail artisan migrate --force", "artisan migrate --force");
    check("minikube kubectl -- delete ns x", "kubectl delete ns x");
    check("minikube delete", "");
    check(
        "symfony console cache:clear --env=prod",
        "console cache:clear --env=prod",
    );
    check("conda run -n env rm x", "rm x");
    check("direnv exec . rm x", "rm x");
    check("nix-shell -p x --run 'rm x'", "`rm x`");
    check("dotenv -- rm x", "rm x");
    check("dotenv -f .env rm x", "rm x");
    check("op run --env-file=x -- rm x", "rm x");
    check("aws-vault exec prod -- rm x", "rm x");
    check("mise exec node@20 -- rm x", "rm x");
    check("hyperfine -w 3 'rm x' 'ls'", "`rm x` | `ls`");
    check("perf stat -e x rm y", "rm y");
    check("tmux new-session -d -s x 'rm x'", "`rm x`");
    check("tmux send-keys -t x 'rm x' Enter", "`rm x`");
    check("tmux ls", "");
    check("screen -dmS x rm y", "rm y");
    check("screen -S x -X stuff 'rm x\\n'", "`rm x\n`");
    check("make SHELL='rm x'", "rm x");
    check("make -C x build", "");
    check("sort --compress-program='rm x' y", "`rm x`");
    check("apt-get -o DPkg::Pre-Invoke::='rm x' install y", "`rm x`");
    check("psql -c '\\! rm x'", "`rm x`");
    check("psql -c 'select 1'", "");
    check("sqlite3 db '.shell rm x'", "`rm x`");
}

#[test]
fn one_liners_of_other_languages_start_programs() {
    check(
        "python3 -c 'import os; os.system(\"rm -rf /\")'",
        "`rm -rf /`",
    );
    check(
        "python -c 'import subprocess as s; s.run([\"rm\",\"-rf\",\"/\"])'",
        "rm -rf /",
    );
    check(
        "python -c 'import subprocess; subprocess.run(\"rm x\", shell=True)'",
        "`rm x`",
    );
    check(
        "python -c 'import subprocess; subprocess.call((\"rm\", \"x\"))'",
        "rm x",
    );
    check("python -c '__import__(\"os\").system(\"rm x\")'", "`rm x`");
    check(
        "python -c 'import os; getattr(os,\"system\")(\"rm x\")'",
        "`rm x`",
    );
    check(
        "python -c 'import os; os.system(\"rm \" + \"-rf /\")'",
        "`rm -rf /`",
    );
    check(
        "python -c 'import os\nc = \"rm x\"\nos.system(c)'",
        "`rm x`",
    );
    check("python -c 'import os; os.system(f\"rm {x}\")'", "`rm ◆`");
    check(
        "python -c 'import os; os.execvp(\"rm\", [\"rm\",\"x\"])'",
        "rm x",
    );
    check(
        "python -c 'exec(\"import os; os.system(\\\"rm x\\\")\")'",
        "`rm x`",
    );
    check(
        "python -c 'import os,base64; os.system(base64.b64decode(\"cm0geA==\").decode())'",
        "`rm x`",
    );
    check("python -c 'print(\"rm -rf /\")'", "");
    check(
        "python -c 'import os; os.system(\"/ fr- mr\"[::-1])'",
        "`rm -rf /`",
    );
    check(
        "python -c 'import shlex,subprocess; subprocess.run(shlex.split(\"rm x\"))'",
        "rm x",
    );
    fed("python3", "import os\nos.system('rm x')", "`rm x`");
    fed("python3 -", "import os\nos.system('rm x')", "`rm x`");
    fed("python3 x.py", "import os\nos.system('rm x')", "");
}

#[test]
fn one_liners_of_scripting_languages_start_programs() {
    check("perl -e 'system(\"rm x\")'", "`rm x`");
    check("perl -e 'system \"rm\", \"-rf\", \"x\"'", "rm -rf x");
    check("perl -e 'exec \"rm x\"'", "`rm x`");
    check("perl -e '`rm x`; print 1'", "`rm x`");
    check("perl -e 'qx(rm x)'", "`rm x`");
    check("perl -ne 'print if /x/'", "");
    check("ruby -e 'system(\"rm x\")'", "`rm x`");
    check("ruby -e '`rm x`'", "`rm x`");
    check("ruby -e '%x(rm x)'", "`rm x`");
    check("ruby -e 'IO.popen(\"rm x\")'", "`rm x`");
    check(
        "node -e 'require(\"child_process\").execSync(\"rm x\")'",
        "`rm x`",
    );
    check(
        "node -e 'const {exec}=require(\"child_process\"); exec(\"rm x\")'",
        "`rm x`",
    );
    check(
        "node -e 'const cp=require(\"child_process\"); cp.spawnSync(\"rm\",[\"-rf\",\"x\"])'",
        "rm -rf x",
    );
    check("node -e '/x/.exec(\"rm x\"); re.exec(\"rm\")'", "");
    check("php -r 'system(\"rm x\");'", "`rm x`");
    check("php -r 'echo `rm x`;'", "`rm x`");
    check("lua -e 'os.execute(\"rm x\")'", "`rm x`");
}

#[test]
fn awk_and_editors_start_programs() {
    check("awk 'BEGIN{system(\"rm x\")}'", "`rm x`");
    check("awk '{print | \"rm x\"}' f", "`rm x`");
    check("awk 'BEGIN{\"rm x\" | getline}'", "`rm x`");
    check("awk '{print $1}' f", "");
    check("awk '{system(\"rm \" $1)}' f", "`rm ◆`");
    check("osascript -e 'do shell script \"rm x\"'", "`rm x`");
    check("vim -c '!rm x' -c q", "`rm x`");
    check("vim +'!rm x' +q!", "`rm x`");
    check("vim +q! f", "");
    check("emacs --batch --eval '(shell-command \"rm x\")'", "`rm x`");
    check("sed '1e rm x' f", "`rm x`");
    check("sed 's/.*/rm x/e' f", "`rm x`");
    check("sed 's/e rm/x/' f", "");
    check("sed -e s/a/b/g f", "");
    check(
        "tar cf x --checkpoint=1 --checkpoint-action=exec='rm x' y",
        "`rm x`",
    );
    check("tar xf x --to-command='rm x'", "`rm x`");
    check("expect -c 'spawn rm x; interact'", "`rm x`");
}

#[test]
fn context_says_where_it_runs() {
    context("sudo rm x", Context::PRIVILEGED);
    context("su -c 'rm x'", Context::PRIVILEGED | Context::SWITCHED);
    context("ssh h rm x", Context::REMOTE);
    context("docker exec c rm x", Context::CONTAINER);
    context("kubectl exec p -- rm x", Context::CONTAINER);
    context("trap 'rm x' EXIT", Context::DEFERRED);
    context("env rm x", 0);
    let mut hidden = Arg::literal("rm x", crate::shell::Span::default());
    hidden.flags.set(ArgFlags::HIDDEN);
    let found = nested(&line("bash"), Some(&hidden));
    assert_eq!(
        found,
        vec![Nested::Text {
            text: hidden,
            context: Context::NESTED | Context::FED | Context::DECODED
        }]
    );
}

#[test]
fn data_starts_nothing() {
    for text in [
        "echo rm -rf /",
        "ls -la",
        "grep -r 'rm -rf' .",
        "git commit -m 'sudo rm -rf /'",
        "cat sudo",
        "docker build -t x .",
        "printf '%s' 'bash -c x'",
        "python script.py 'os.system(1)'",
        "node app.js",
        "awk -f prog.awk data",
        "tar czf a.tgz b",
        "sed -n 1,5p f",
    ] {
        check(text, "");
    }
}

#[test]
fn growth_is_bounded() {
    let many = "{}".repeat(20_000);
    let long = "x".repeat(20_000);
    fed(&format!("xargs -I{{}} rm {many}"), &long, "rm ◆");
    check(&format!("find {long} -exec rm {many} ;"), "rm ◆");
    check(&format!("bash -c '{}' {long}", "$0".repeat(10_000)), "?");
    let doubling = format!("a=\"rm\";{}os.system(a)", "a=a+a;".repeat(5_000));
    check(&format!("python -c '{doubling}'"), "");
}

#[test]
fn the_output_of_another_command_is_unknown_text() {
    for text in ["source x", ". x", "bash x", "bash --rcfile x -i"] {
        let mut invocation = line(text);
        for arg in invocation.argv.iter_mut().filter(|it| it.text == "x") {
            arg.flags.set(ArgFlags::PROCESS);
        }
        assert_eq!(list(&nested(&invocation, None)), "?", "{text}");
    }
}

#[test]
fn long_lists_end_in_one_unknown() {
    let items: Vec<String> = (0..100).map(|it| it.to_string()).collect();
    let stdin = Arg::literal(items.join("\n"), crate::shell::Span::default());
    let found = nested(&line("xargs -I{} rm {}"), Some(&stdin));
    assert_eq!(found.len(), many::LIST_LIMIT + 1);
    assert_eq!(shown(found.last().unwrap()), "rm ◆");
}
