//! Owns the places where text is only text: what a commit message, a pattern or a document says starts
//! nothing. Does not own what is expected there. Invariant: none of these commands runs the text.
#![expect(
    clippy::unnecessary_wraps,
    reason = "every entry of the table may refuse a text"
)]

use super::write::{double, literal, mark, single};

/// A command with a text in it that nothing runs; `None` where the text cannot stand there.
pub(super) struct Place {
    pub(super) name: &'static str,
    pub(super) write: fn(&str) -> Option<String>,
}

const fn place(name: &'static str, write: fn(&str) -> Option<String>) -> Place {
    Place { name, write }
}

fn at(template: &str, text: &str) -> Option<String> {
    Some(template.replacen('@', text, 1))
}

fn heredoc(first: &str, text: &str, last: &str) -> Option<String> {
    let mark = mark(text);
    Some(format!("{first} <<'{mark}'{last}\n{text}\n{mark}"))
}

fn is_line(text: &str) -> bool {
    !text.contains('\n')
}

pub(super) const PLACES: &[Place] = &[
    place("echo", |it| at("echo @", &single(it))),
    place("echo in double quotes", |it| at("echo @", &double(it))),
    place("echo to a note", |it| at("echo @ >> NOTES.md", &single(it))),
    place("printf to the readme", |it| {
        at("printf '%s\\n' @ >> README.md", &single(it))
    }),
    place("commit message", |it| {
        at("git commit -m @", &single(&format!("fix: refuse {it}")))
    }),
    place("commit message in double quotes", |it| {
        at("git commit -am @", &double(it))
    }),
    place("commit message by heredoc", |it| {
        heredoc("git commit -F -", it, "")
    }),
    place("commit message by substitution", |it| {
        let mark = mark(it);
        Some(format!(
            "git commit -m \"$(cat <<'{mark}'\n{it}\n{mark}\n)\""
        ))
    }),
    place("tag message", |it| {
        at("git tag -a v1.2.0 -m @", &single(it))
    }),
    place("log search", |it| {
        at("git log --oneline --grep=@", &single(it))
    }),
    place("stash message", |it| at("git stash push -m @", &single(it))),
    place("grep pattern", |it| at("grep -rn @ src", &single(it))),
    place("grep -F pattern", |it| {
        at("grep -rnF -e @ docs | head", &single(it))
    }),
    place("rg pattern", |it| {
        at("rg -n --fixed-strings @ .", &single(it))
    }),
    place("heredoc into a document", |it| {
        heredoc("cat", it, " > docs/notes.md")
    }),
    place("tee into a document", |it| {
        heredoc("tee docs/notes.md", it, " > /dev/null")
    }),
    place("comment in front", |it| {
        is_line(it).then(|| format!("# {it}\nls -la"))
    }),
    place("comment behind", |it| {
        is_line(it).then(|| format!("ls -la # {it}"))
    }),
    place("cargo test name", |it| at("cargo test @", &single(it))),
    place("pytest -k", |it| at("pytest -k @ -q", &single(it))),
    place("jest -t", |it| at("npx jest -t @", &single(it))),
    place("pull request body", |it| {
        at("gh pr create --title 'Guard' --body @", &single(it))
    }),
    place("pull request body by heredoc", |it| {
        let mark = mark(it);
        Some(format!(
            "gh pr create --title x --body \"$(cat <<'{mark}'\nRefuses `{it}`.\n{mark}\n)\""
        ))
    }),
    place("issue title", |it| {
        at("gh issue create --title @ --body ''", &single(it))
    }),
    place("comment on an issue", |it| {
        at("gh issue comment 7 --body @", &single(it))
    }),
    place("sed address", |it| {
        is_line(it).then(|| {
            format!(
                "sed -n {} log.txt",
                single(&format!("/{}/p", it.replace('/', "\\/")))
            )
        })
    }),
    place("variable that is not run", |it| {
        at("note=@; ls", &single(it))
    }),
    place("variable that is printed", |it| {
        at("note=@; echo \"$note\"", &single(it))
    }),
    place("array that is counted", |it| {
        at("notes=(@ b); echo ${#notes[@]}", &single(it))
    }),
    place("jq string", |it| {
        at("jq -n --arg m @ '{message: $m}'", &single(it))
    }),
    place("jq program", |it| {
        at(
            "jq @ data.json",
            &single(&format!(".a == {}", literal(it, ""))),
        )
    }),
    place("python print", |it| {
        at(
            "python3 -c @",
            &single(&format!("print({})", literal(it, ""))),
        )
    }),
    place("python assertion", |it| {
        let code = format!(
            "from guard import judge\nassert judge({}) == 'deny'",
            literal(it, "")
        );
        at("python3 -c @", &single(&code))
    }),
    place("node print", |it| {
        at(
            "node -e @",
            &single(&format!("console.log({})", literal(it, ""))),
        )
    }),
    place("JSON body to localhost", |it| {
        let body = format!("{{\"command\": {}}}", literal(it, ""));
        at(
            "curl -s -H 'content-type: application/json' -d @ http://localhost:3000/judge",
            &single(&body),
        )
    }),
    place("comparison", |it| {
        at("[ \"$x\" = @ ] && echo same", &single(it))
    }),
    place("comparison in double brackets", |it| {
        at("if [[ $x == @ ]]; then ls; fi", &single(it))
    }),
    place("case pattern", |it| {
        at("case \"$x\" in @) echo same;; esac", &single(it))
    }),
    place("no-op", |it| at(": @", &single(it))),
    place("piped to wc", |it| at("echo @ | wc -c", &single(it))),
    place("piped to a check", |it| {
        at("printf '%s' @ | cargo run --quiet -- check", &single(it))
    }),
    place("here-string to grep", |it| {
        at("grep -c rm <<< @", &single(it))
    }),
    place("argument of a project script", |it| {
        at("./scripts/check.sh --name @", &single(it))
    }),
    place("hookbin explain", |it| at("hookbin explain @", &single(it))),
    place("awk pattern", |it| {
        let fits = is_line(it) && !it.contains(['/', '"', '\\']);
        fits.then(|| {
            format!(
                "awk {} log.txt",
                single(&format!("index($0, \"{it}\") {{ print NR }}"))
            )
        })
    }),
    place("find by name", |it| {
        at(
            "find . -name @ -print",
            &single(&format!("*{}*", it.replace('/', "_"))),
        )
    }),
    place("export of a label", |it| {
        at("export LABEL=@; make docs", &single(it))
    }),
    place("logger", |it| at("logger -t guard @", &single(it))),
    place("man page search", |it| at("apropos @", &single(it))),
    place("diff of two texts", |it| {
        at("diff <(echo @) expected.txt", &single(it))
    }),
];
