use super::*;
use crate::shell::test_line::line;

#[track_caller]
fn check(text: &str, flags: &str, operands: &str) {
    let invocation = line(text);
    let options = options(&invocation);
    let found: Vec<String> = options
        .flags
        .iter()
        .map(|it| match &it.value {
            Some(value) => format!("{}={value}", it.name),
            None => it.name.clone(),
        })
        .collect();
    let rest: Vec<&str> = options.operands.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(
        (found.join(" "), rest.join(" ")),
        (flags.to_owned(), operands.to_owned()),
        "{text}"
    );
}

#[track_caller]
fn has(text: &str, name: &str, expected: bool) {
    assert_eq!(options(&line(text)).has(name), expected, "{text} {name}");
}

#[test]
fn clusters_values_and_operands_divide() {
    check("rm -rf a b", "-r -f", "a b");
    check("rm -r -- -f", "-r", "-f");
    check("rm --recursive --force=x /", "--recursive --force=x", "/");
    check("cc -ofile a.c", "-o -f -i -l -e", "a.c");
    check("sort -ofile -k2 x", "-o=file -k=2", "x");
    check("kill -9 12", "-9", "12");
    check("head -20 x", "-20", "x");
    check("cat - x", "", "- x");
    check("chmod +x f", "", "+x f");
    check("sed -i.bak s/a/b/ f", "-i=.bak", "s/a/b/ f");
    check("mysql -psecret -e x", "-p=secret -e=x", "");
    check("dd if=/dev/zero of=x", "", "if=/dev/zero of=x");
    check("eval -n x", "", "-n x");
}

#[test]
fn tools_know_their_values_and_subcommands() {
    check(
        "git -C dir -c a.b=c push -f origin",
        "-C=dir -c=a.b=c -f",
        "push origin",
    );
    check("git commit -am msg", "-a -m=msg", "commit");
    check("git checkout -b x -- f", "-b=x", "checkout f");
    check("git branch -D x", "-D", "branch x");
    check("kubectl -n prod delete pod x", "-n=prod", "delete pod x");
    check("kubectl delete -f x.yaml", "-f=x.yaml", "delete");
    check(
        "terraform -chdir=x apply -auto-approve",
        "-chdir=x -auto-approve",
        "apply",
    );
    check(
        "docker run -it --rm -v a:b img rm -rf /",
        "-i -t --rm -v=a:b",
        "run img rm -rf /",
    );
    check(
        "docker -H x exec -u root c ls -l",
        "-H=x -u=root",
        "exec c ls -l",
    );
    check(
        "docker compose -f x exec -T db psql -c y",
        "-f=x -T",
        "compose exec db psql -c y",
    );
    check("docker volume rm x", "", "volume rm x");
    check(
        "aws --profile p s3 rm --recursive s3://x",
        "--profile=p --recursive",
        "s3 rm s3://x",
    );
    check(
        "npm --prefix x run build -- -f",
        "--prefix=x",
        "run build -- -f",
    );
    check("tar xzf a -C d", "-x -z -f=a -C=d", "");
    check("tar -czf a b", "-c -z -f=a", "b");
    check(
        "find . -name x -exec rm {} ; -delete",
        "-name=x -exec=rm {} -delete",
        ".",
    );
    check("curl -sSLo f -X POST u", "-s -S -L -o=f -X=POST", "u");
    check("ssh -p 22 h ls -l", "-p=22", "h ls -l");
    check("psql -c x -d db", "-c=x -d=db", "");
    check("openssl enc -d -in x", "-d -in=x", "enc");
    check("systemctl --user stop x", "--user", "stop x");
}

#[test]
fn wrappers_leave_the_flags_of_what_they_start() {
    check("sudo -u root rm -rf /", "-u=root", "rm -rf /");
    check("sudo git checkout -- x", "", "git checkout -- x");
    check("env -i A=1 B=2 rm -r x", "-i", "A=1 B=2 rm -r x");
    check("timeout -s KILL 5 rm -r x", "-s=KILL", "5 rm -r x");
    check("xargs -0 -I{} rm -r {}", "-0 -I={}", "rm -r {}");
    check("nice -n 5 rm -r x", "-n=5", "rm -r x");
    check("bash -xec cmd -a", "-x -e -c", "cmd -a");
    check("python3 -c code -a", "-c=code", "-a");
    check("perl -lane code f", "-l -a -n -e=code", "f");
    check("perl -0777pi -e code f", "-0 -7 -7 -7 -p -i -e=code", "f");
    check("ssh -tt h -- ls -l", "-t -t", "h ls -l");
    check(
        "docker run -dp 80:80 --name x img -d",
        "-d -p=80:80 --name=x",
        "run img -d",
    );
    check("stdbuf -oL cmd -o", "-o=L", "cmd -o");
}

#[test]
fn names_match_prefixes_and_dashes() {
    has("rm --recurs x", "--recursive", true);
    has("rm --rec x", "--recursive", true);
    has("rm --re x", "--recursive", false);
    has("git push --force", "--force-with-lease", false);
    has("git push --force-with-lease", "--force", false);
    has("git push --forc", "--force", true);
    has("rm -fR x", "-R", true);
    has("terraform apply --auto-approve", "-auto-approve", true);
    has("terraform apply -auto-approve", "-auto-approve", true);
    has("chattr +i f", "+i", true);
    has("chmod u+s f", "+s", false);
    has("ls -a", "--all", false);
    has("echo -- --force", "--force", false);
}
