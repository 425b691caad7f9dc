//! Owns the places where text is only text: what a commit message, a pattern or a document says starts
//! nothing. Does not own what is expected there. Invariant: none of these commands runs the text.
#![expect(
    clippy::unnecessary_wraps,
    reason = "every entry of the table may refuse a text"
)]

use super::write::{double, literal, mark, single};

/// A command with a text in it that nothing runs.
pub(super) struct Place {
    pub(super) name: &'static str,
    /// The command, `@` in the text's place.
    template: &'static str,
    /// How the text is written there; `None` where it cannot stand there.
    write: fn(&str) -> Option<String>,
}

impl Place {
    pub(super) fn put(&self, text: &str) -> Option<String> {
        at(self.template, &(self.write)(text)?)
    }
}

/// A place where the text stands in single quotes.
const fn quoted(name: &'static str, template: &'static str) -> Place {
    Place {
        name,
        template,
        write: |it| Some(single(it)),
    }
}

const fn place(name: &'static str, write: fn(&str) -> Option<String>) -> Place {
    let template = "@";
    Place {
        name,
        template,
        write,
    }
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
    quoted("echo", "echo @"),
    place("echo in double quotes", |it| at("echo @", &double(it))),
    quoted("echo to a note", "echo @ >> NOTES.md"),
    quoted("printf to the readme", "printf '%s\\n' @ >> README.md"),
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
    quoted("tag message", "git tag -a v1.2.0 -m @"),
    quoted("log search", "git log --oneline --grep=@"),
    quoted("stash message", "git stash push -m @"),
    quoted("grep pattern", "grep -rn @ src"),
    quoted("grep -F pattern", "grep -rnF -e @ docs | head"),
    quoted("rg pattern", "rg -n --fixed-strings @ ."),
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
    quoted("cargo test name", "cargo test @"),
    quoted("pytest -k", "pytest -k @ -q"),
    quoted("jest -t", "npx jest -t @"),
    quoted("pull request body", "gh pr create --title 'Guard' --body @"),
    place("pull request body by heredoc", |it| {
        let mark = mark(it);
        Some(format!(
            "gh pr create --title x --body \"$(cat <<'{mark}'\nRefuses `{it}`.\n{mark}\n)\""
        ))
    }),
    quoted("issue title", "gh issue create --title @ --body ''"),
    quoted("comment on an issue", "gh issue comment 7 --body @"),
    place("sed address", |it| {
        is_line(it).then(|| {
            format!(
                "sed -n {} log.txt",
                single(&format!("/{}/p", it.replace('/', "\\/")))
            )
        })
    }),
    quoted("variable that is not run", "note=@; ls"),
    quoted("variable that is printed", "note=@; echo \"$note\""),
    quoted("array that is counted", "notes=(@ b); echo ${#notes[@]}"),
    quoted("jq string", "jq -n --arg m @ '{message: $m}'"),
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
    quoted("comparison", "[ \"$x\" = @ ] && echo same"),
    quoted(
        "comparison in double brackets",
        "if [[ $x == @ ]]; then ls; fi",
    ),
    quoted("case pattern", "case \"$x\" in @) echo same;; esac"),
    quoted("no-op", ": @"),
    quoted("piped to wc", "echo @ | wc -c"),
    quoted(
        "piped to a check",
        "printf '%s' @ | cargo run --quiet -- check",
    ),
    quoted("here-string to grep", "grep -c rm <<< @"),
    quoted(
        "argument of a project script",
        "./scripts/check.sh --name @",
    ),
    quoted("hookbin explain", "hookbin explain @"),
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
    quoted("export of a label", "export LABEL=@; make docs"),
    quoted("logger", "logger -t guard @"),
    quoted("man page search", "apropos @"),
    quoted("diff of two texts", "diff <(echo @) expected.txt"),
];
