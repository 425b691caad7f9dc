use super::*;
use crate::shell::test_line::line;

/// The accesses as `kind path`, with a star after the kind where the whole tree is meant.
#[track_caller]
fn check(text: &str, expected: &str) {
    let found: Vec<String> = accesses(&line(text))
        .iter()
        .map(|it| {
            let kind = format!("{:?}", it.kind).to_lowercase();
            let star = if it.recursive { "*" } else { "" };
            format!("{kind}{star} {}", it.path.text)
        })
        .collect();
    assert_eq!(found.join(", "), expected, "{text}");
}

#[test]
fn removing_deletes() {
    check("rm a b", "delete a, delete b");
    check("rm -rf /", "delete* /");
    check("rm -fR -- -x", "delete* -x");
    check("rm --recurs --force x", "delete* x");
    check("rm -f 'a b'", "delete a b");
    check("rm -rf ◆", "delete* ◆");
    check("rm -rf /◆ *", "delete* /◆, delete* *");
    check("rm", "");
    check("rmdir a", "delete a");
    check("unlink a", "delete a");
    check("shred -u a", "write a, delete a");
    check("shred -n 3 a", "write a");
    check("trash x", "delete* x");
    check("rimraf dist", "delete* dist");
    check("gio trash x", "delete* x");
}

#[test]
fn moving_and_copying_name_sources_and_target() {
    check("mv a b", "move* a, write b");
    check("mv a b/", "move* a, write b/a");
    check("mv -t d a b", "move* a, move* b, write d/a, write d/b");
    check("mv a b d", "move* a, move* b, write d/a, write d/b");
    check("cp a ~/.bashrc", "read a, write ~/.bashrc");
    check("cp -r a b", "read* a, write b");
    check("cp key ~/.ssh/", "read key, write ~/.ssh/key");
    check("cp -a src/. dst/", "read* src/., write dst/");
    check("cp --target-directory=/etc a", "read a, write /etc/a");
    check("install -m 755 a /usr/bin/a", "read a, write /usr/bin/a");
    check("install -d a b", "append a, append b");
    check("ln -s /etc/passwd x", "link* /etc/passwd, write x");
    check("ln -s ../a d/x", "link* d/../a, write d/x");
    check("ln a b", "link* a, write b");
    check("cp ◆ b", "read ◆, write b");
    check("rename s/a/b/ x y", "move x, move y");
}

#[test]
fn writing_and_modes() {
    check("tee a b", "write a, write b");
    check("tee -a a", "append a");
    check(
        "dd if=/dev/zero of=/dev/sda bs=1M",
        "read /dev/zero, write /dev/sda",
    );
    check("truncate -s 0 a", "write a");
    check("touch a", "append a");
    check("mkdir -p a/b", "append a/b");
    check("chmod 777 a", "permission a");
    check("chmod -R 777 /", "permission* /");
    check("chmod -x a", "permission a");
    check("chmod +x a b", "permission a, permission b");
    check("chmod --reference=x a", "permission a");
    check("chown -R me:me a", "permission* a");
    check("chgrp g a", "permission a");
    check("chattr -i a", "permission a");
    check("chattr +i a", "permission a");
    check("setfacl -m u:x:rw a", "permission a");
    check("xattr -d com.apple.quarantine a", "permission a");
    check("sponge a", "write a");
    check("patch -p1 a", "write a");
    check("patch -p1 < x.diff", "read x.diff");
    check("mount --bind a b", "");
    check("mount --bind /a /b", "link* /a, link* /b");
    check("mkfs.ext4 /dev/sda1", "write /dev/sda1");
    check("wipefs -a /dev/sda", "write /dev/sda");
    check("fdisk -l /dev/sda", "list /dev/sda");
    check("parted /dev/sda mklabel gpt", "write /dev/sda");
    check("vim a", "write a");
    check("sudo -e /etc/hosts", "write /etc/hosts");
    check("sudo vim a", "");
}

#[test]
fn redirects_count() {
    check("echo x > a", "write a");
    check("echo x >> a", "append a");
    check("cat < a", "read a");
    check("> a", "write a");
    check("exec <> a", "read a, write a");
    check("nc h 1 < a", "send a");
    check("bash < a", "execute a");
    check("cat << body", "");
    check("echo x > /dev/null", "write /dev/null");
}

#[test]
fn reading_and_listing() {
    check("cat a b", "read a, read b");
    check("cat", "");
    check("cat -", "");
    check("head -n 5 a", "read a");
    check("head -5 a", "read a");
    check("tail -f a", "read a");
    check("less +F a", "read a");
    check("tail +5 a", "read a");
    check("grep -n x a", "read a");
    check("grep -rn x .", "read* .");
    check("grep -e x -e y a", "read a");
    check("grep /etc/passwd", "");
    check("grep -r x", "list* .");
    check("rg -g '*.rs' x src", "read* src");
    check("rg x", "list* .");
    check("sed -n 1p a", "read a");
    check("sed -i s/a/b/ a", "write a");
    check("sed -i.bak -e s/a/b/ a", "write a");
    check("sed -i '' s/a/b/ a", "write a");
    check("sed -e s/a/b/", "");
    check("sed 's/a/b/w out' a", "read a, write out");
    check(
        "sed -n -e '/a/w out' -e 'a\\' -e 'when' a",
        "read a, write out",
    );
    check("awk '{print $1}' a", "read a");
    check("awk -F: '{print}' a b", "read a, read b");
    check("awk -v x=1 -f p a", "read p, read a");
    check("gawk -i inplace '{print}' a", "write a");
    check("awk '{print > \"out\"}' a", "read a, write out");
    check("jq .a a", "read a");
    check("jq -r '.a'", "");
    check("yq -i .a=1 a", "write a");
    check("sort -u a -o b", "write b, read a");
    check("xxd a", "read a");
    check("base64 -w 0 a", "read a");
    check("diff a b", "read a, read b");
    check("uniq a b", "read a, write b");
    check("ls", "list .");
    check("ls -la ~/.ssh", "list ~/.ssh");
    check("ls -R a", "list* a");
    check("tree -L 2 a", "list* a");
    check("du -sh a", "list* a");
}

#[test]
fn find_lists_and_deletes() {
    check("find . -name '*.py'", "list* .");
    check("find -name x", "list* .");
    check("find / -delete", "list* /, delete* /");
    check("find . -type f -delete", "list* ., delete* .");
    check("find . -name '*.pyc' -delete", "list* ., delete ./**/*.pyc");
    check("find . -name '*' -delete", "list* ., delete* .");
    check("find ~ -name '.*' -delete", "list* ~, delete* ~");
    check(
        "find a b -mtime +7 -delete",
        "list* a, list* b, delete* a, delete* b",
    );
    check("find . -type d -empty -delete", "list* ., delete ./◆");
    check(
        "find . -path '*/cache/*' -delete",
        "list* ., delete ./**/cache/*",
    );
    check("find . -name a -o -delete", "list* ., delete* .");
    check(
        "find . -path ./.git -prune -o -name '*.tmp' -delete",
        "list* ., delete ./**/*.tmp",
    );
    check("find . -fprint out", "list* ., write out");
    check("fd -e py . src", "list* src/**/*.py");
}

#[test]
fn archives_and_keys() {
    check("tar czf a.tgz src", "write a.tgz, read* src");
    check("tar -czf - src", "read* src");
    check("tar xzf a.tgz", "read a.tgz, write .");
    check("tar -xzf a.tgz -C /opt", "read a.tgz, write /opt");
    check("tar -C d -cf a x", "write a, read* d/x");
    check("tar tf a", "read a");
    check("tar cf a --remove-files d", "write a, read* d, delete* d");
    check("unzip a.zip -d d", "read a.zip, write d");
    check("unzip -l a.zip", "read a.zip");
    check("zip -r a.zip d", "write a.zip, read* d");
    check("7z x a.7z -oout", "read a.7z, write out");
    check("gzip a", "write a");
    check("gunzip -c a.gz", "read a.gz");
    check("openssl enc -aes-256-cbc -in a -out b", "read a, write b");
    check("openssl x509 -in cert -text", "read cert");
    check("ssh-keygen -t ed25519 -f k -N ''", "write k");
    check("ssh-keygen -lf k", "read k");
    check("gpg -o out -d in", "write out, read in");
    check("sqlite3 db 'select 1'", "read db");
    check("sqlite3 db 'drop table x'", "read db, write db");
}

#[test]
fn transfers_send_and_write() {
    check("curl -o a https://x/y", "write a");
    check("curl -LO https://x/y/z.tgz?q=1", "write z.tgz");
    check("curl https://x/y", "");
    check("curl -d @a https://x", "send a");
    check("curl --data-binary @a https://x", "send a");
    check("curl -d 'x@y' https://x", "");
    check("curl -F f=@a https://x", "send a");
    check("curl -F 'f=@a;type=text/plain' https://x", "send a");
    check("curl -T a https://x", "send a");
    check("curl -d @- https://x", "");
    check("curl file:///etc/passwd", "read /etc/passwd");
    check("wget https://x/y", "write y");
    check("wget -qO- https://x/y", "");
    check("wget -O a https://x/y", "write a");
    check("wget -P d https://x/y", "write d/y");
    check("wget --post-file=a https://x", "send a");
    check("scp a h:b", "send a");
    check("scp -r a user@h:", "send* a");
    check("scp h:a b", "write b");
    check("rsync -a src/ dst/", "read* src/, write dst/");
    check(
        "rsync -a --delete src/ dst/",
        "read* src/, write dst/, delete* dst/",
    );
    check("rsync -an --delete src/ dst/", "");
    check("rsync -avz a h:b", "send* a");
    check(
        "rsync --remove-source-files a b/",
        "read a, move* a, write b/a",
    );
    check("aws s3 cp a s3://b", "send a");
    check("aws s3 sync s3://b d --delete", "write d, delete* d");
    check("rclone copy d remote:x", "send* d");
    check("gh gist create a", "send a");
    check("docker run -v /:/host alpine", "link* /");
    check(
        "docker run -v data:/d --mount type=bind,source=/etc,target=/e x",
        "link* /etc",
    );
    check("docker cp c:/a b", "write b");
    check("docker ps", "");
    check("kubectl cp a pod:/b", "send* a");
    check("socat - FILE:/etc/shadow", "send /etc/shadow");
    check("http POST x.com f@./a", "send ./a");
}

#[test]
fn git_changes_the_working_tree() {
    check("git rm a", "delete a");
    check("git rm -r --cached a", "");
    check("git -C d rm -r a", "delete* d/a");
    check("git clean -fdx", "delete* .");
    check("git clean -fd build", "delete* build");
    check("git clean -n", "");
    check("git clean -nfd", "");
    check("git checkout -- a", "write a");
    check("git checkout HEAD~1 -- a", "write a");
    check("git checkout .", "write .");
    check("git checkout main", "");
    check("git checkout -b x", "");
    check("git restore a", "write a");
    check("git restore --staged a", "");
    check("git reset --hard", "write .");
    check("git reset a", "");
    check("git mv a b", "move* a, write b");
    check("git worktree remove --force w", "delete* w");
    check("git commit -m 'rm -rf /etc'", "");
    check("git add .env", "");
    check("git log -- a", "");
    check("git clone u d", "append d");
}

#[test]
fn interpreters_run_and_touch_files() {
    check("bash a.sh x", "execute a.sh");
    check("bash -c 'cat a'", "");
    check("source a", "execute a");
    check(". ./a", "execute ./a");
    check("./run.sh x", "execute ./run.sh");
    check("/usr/bin/cat a", "execute /usr/bin/cat, read a");
    check("python3 a.py b", "execute a.py");
    check("node a.js", "execute a.js");
    check("perl -pi -e s/a/b/ f", "write f");
    check("perl -ne print f", "read f");
    check("python3 -m json.tool f", "read f");
    check("python -c 'import os; os.remove(\"a\")'", "delete a");
}

#[test]
fn one_liners_of_python_touch_more_files() {
    check(
        "python -c 'import shutil; shutil.rmtree(\"/\")'",
        "delete* /",
    );
    check(
        "python -c 'import shutil,os; shutil.rmtree(os.path.expanduser(\"~/x\"))'",
        "delete* ~/x",
    );
    check(
        "python -c 'from pathlib import Path; import shutil; shutil.rmtree(Path.home() / \"x\")'",
        "delete* ~/x",
    );
    check(
        "python -c 'import os,shutil; shutil.rmtree(os.environ[\"HOME\"])'",
        "delete* ~",
    );
    check(
        "python -c 'import os,shutil; shutil.rmtree(os.path.join(os.environ.get(\"HOME\"), \"x\", \"y\"))'",
        "delete* ~/x/y",
    );
    check("python -c 'open(\"a\",\"w\").write(\"x\")'", "write a");
    check("python -c 'print(open(\"a\").read())'", "read a");
    check(
        "python -c 'with open(\"a\", mode=\"a\") as f: f.write(\"x\")'",
        "append a",
    );
    check(
        "python -c 'from pathlib import Path; Path(\"a\").unlink()'",
        "delete a",
    );
    check(
        "python -c 'from pathlib import Path; Path(\"a\").write_text(\"b\")'",
        "write a",
    );
    check(
        "python -c 'from pathlib import Path; p = Path(\"d\") / \"a\"; p.write_text(\"b\")'",
        "write d/a",
    );
    check(
        "python -c 'import os; os.rename(\"a\", \"b\")'",
        "move* a, write b",
    );
    check(
        "python -c 'import os; os.chmod(\"a\", 0o777)'",
        "permission a",
    );
    check(
        "python -c 'x = \"a\".replace(\"b\", \"c\"); l.remove(\"d\")'",
        "",
    );
    check("python -c 'print(\"/etc/passwd\")'", "");
    check("python - << 'import os\nos.remove(\"a\")'", "delete a");
}

#[test]
fn one_liners_of_node_touch_files() {
    check(
        "node -e 'require(\"fs\").rmSync(\"a\",{recursive:true})'",
        "delete* a",
    );
    check(
        "node -e 'const fs=require(\"fs\"); fs.writeFileSync(\"a\",\"b\")'",
        "write a",
    );
    check(
        "node -e 'const fs=require(\"fs\"); fs.rmSync(process.env.HOME+\"/x\",{recursive:true})'",
        "delete* ~/x",
    );
    check(
        "node -e 'console.log(require(\"fs\").readFileSync(\"a\",\"utf8\"))'",
        "read a",
    );
    check("node -p 'require(\"./package.json\").version'", "");
}

#[test]
fn one_liners_of_other_languages_touch_files() {
    check("perl -e 'unlink \"a\", \"b\"'", "delete a");
    check(
        "python -c 'import os; p=\"a\"; os.remove(f\"{p}/b\")'",
        "delete a/b",
    );
}

#[test]
fn one_liners_of_python_touch_files() {
    check(
        "python -c 'import os; os.remove(f\"{os.environ[1]}/b\")'",
        "delete ◆/b",
    );
    check(
        "node -e 'const p=\"a\"; fs.unlinkSync(`${p}/b`)'",
        "delete a/b",
    );
    check(
        "node -e 'fs.rmSync(`${process.env.HOME}/b`)'",
        "delete* ~/b",
    );
    check("perl -e 'unlink(\"a\")'", "delete a");
    check("perl -MFile::Path -e 'rmtree(\"a\")'", "delete* a");
    check("perl -e 'open(F, \">a\"); print F 1'", "write a");
    check("perl -e 'open(my $f, \"<\", \"a\")'", "read a");
    check("perl -e 'unlink \"$ENV{HOME}/a\"'", "delete ~/a");
    check("ruby -e 'FileUtils.rm_rf(\"a\")'", "delete* a");
    check("ruby -rfileutils -e 'FileUtils.rm_rf \"a\"'", "delete* a");
    check("ruby -e 'File.write(\"a\", \"b\")'", "write a");
    check("ruby -e 'puts File.read(\"a\")'", "read a");
    check("ruby -e 'File.delete(\"a\")'", "delete a");
    check("php -r 'unlink(\"a\");'", "delete a");
    check("php -r 'file_put_contents(\"a\", 1);'", "write a");
    check("lua -e 'os.remove(\"a\")'", "delete a");
    check("lua -e 'io.open(\"a\",\"w\")'", "write a");
}

#[test]
fn data_is_no_path() {
    for text in [
        "echo /etc/passwd",
        "printf '%s' /etc/shadow",
        "git commit -m 'edit /etc/hosts'",
        "cargo build --release",
        "npm run build",
        "kill -9 1",
        "export A=/etc",
        "sudo rm -rf /",
        "date +%s",
        "which rm",
        "ssh h cat /etc/passwd",
    ] {
        check(text, "");
    }
}

#[test]
fn process_substitutions_are_no_paths() {
    let mut invocation = line("cat x");
    invocation.argv[1].flags.set(ArgFlags::PROCESS);
    assert_eq!(accesses(&invocation), Vec::new());
}

#[test]
fn flags_of_the_argument_are_kept() {
    let invocation = line("rm -rf ◆");
    let found = accesses(&invocation);
    assert!(
        found[0].path.flags.has(ArgFlags::UNKNOWN) && found[0].path.flags.has(ArgFlags::SPLITS)
    );
    let invocation = line("tar -C ◆ -cf a x");
    let found = accesses(&invocation);
    assert!(found[1].path.flags.has(ArgFlags::UNKNOWN));
}
