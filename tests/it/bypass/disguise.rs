//! Owns the disguises: ways to write a command differently, or to have it started by something else, that
//! keep what it does. Each names the texts it applies to by answering `None` for the others. Does not own
//! what is expected of them. Invariant: a disguise that changes the meaning is not in the table.
#![expect(
    clippy::unnecessary_wraps,
    reason = "every entry of the table may refuse a text"
)]

use super::sample::{Sample, Tool, Word};
use super::write::{
    ansi, base64, double, hex, literal, mark, octal, power, power_base64, single, slashed, torn,
};

/// A way to write a sample differently.
pub(super) struct Disguise {
    pub(super) name: &'static str,
    pub(super) write: fn(&Sample) -> Option<String>,
    /// Which samples it keeps dangerous.
    pub(super) reach: Reach,
}

/// Where a disguise carries a command to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The same place.
    Here,
    /// Another machine or a container.
    Away,
    /// Text for the PowerShell tool.
    Power,
    /// PowerShell text that the Bash tool starts.
    FromBash,
}

const fn here(name: &'static str, write: fn(&Sample) -> Option<String>) -> Disguise {
    Disguise {
        name,
        write,
        reach: Reach::Here,
    }
}

const fn away(name: &'static str, write: fn(&Sample) -> Option<String>) -> Disguise {
    Disguise {
        name,
        write,
        reach: Reach::Away,
    }
}

const fn in_power(name: &'static str, write: fn(&Sample) -> Option<String>) -> Disguise {
    Disguise {
        name,
        write,
        reach: Reach::Power,
    }
}

const fn from_bash(name: &'static str, write: fn(&Sample) -> Option<String>) -> Disguise {
    Disguise {
        name,
        write,
        reach: Reach::FromBash,
    }
}

impl Disguise {
    /// The disguised sample; `None` where the disguise would change its meaning.
    pub(super) fn apply(&self, sample: &Sample) -> Option<String> {
        let tool = match self.reach {
            Reach::Away if !sample.everywhere => return None,
            Reach::Here | Reach::Away => Tool::Bash,
            Reach::Power | Reach::FromBash => Tool::PowerShell,
        };
        let fits = sample.tool == tool || self.name == "powershell same words";
        fits.then(|| (self.write)(sample)).flatten()
    }

    pub(super) fn tool(&self) -> Tool {
        match self.reach {
            Reach::Power => Tool::PowerShell,
            Reach::Here | Reach::Away | Reach::FromBash => Tool::Bash,
        }
    }
}

/// Another spelling of the first word.
fn head(sample: &Sample, write: impl Fn(&str) -> String) -> Option<String> {
    let (head, rest) = sample.head()?;
    Some(write(head) + rest)
}

/// Another spelling of a program that is no builtin.
fn program(sample: &Sample, write: impl Fn(&str) -> String) -> Option<String> {
    let (head, rest) = sample.program()?;
    Some(write(head) + rest)
}

/// Something in front of a program that is no builtin.
fn before(sample: &Sample, prefix: &str) -> Option<String> {
    sample.program()?;
    Some(format!("{prefix}{}", sample.text))
}

/// Another spelling of every word that the shell leaves as it is.
fn each(sample: &Sample, write: impl Fn(usize, &str) -> String) -> Option<String> {
    let words = sample.words.as_ref()?.iter().enumerate();
    let words = words.map(|(index, word)| match &word.value {
        Some(value) => write(index, value),
        None => word.raw.clone(),
    });
    Some(words.collect::<Vec<_>>().join(" "))
}

fn raw(words: &[Word]) -> String {
    let words: Vec<&str> = words.iter().map(|it| it.raw.as_str()).collect();
    words.join(" ")
}

/// Every word where the shell expands none of them.
fn values(sample: &Sample) -> Option<Vec<&str>> {
    sample
        .argv()?
        .iter()
        .map(|it| it.value.as_deref())
        .collect()
}

fn listed(sample: &Sample, write: fn(&str) -> String, between: &str) -> Option<String> {
    let words: Vec<String> = values(sample)?.into_iter().map(write).collect();
    Some(words.join(between))
}

/// Code that starts the text, a literal in it, as the argument of an interpreter.
fn coded(template: &str, code: &str, it: &Sample, special: &str) -> Option<String> {
    put(
        template,
        &single(&code.replacen('§', &literal(&it.text, special), 1)),
    )
}

/// The text at the place of the section sign.
fn put(template: &str, text: &str) -> Option<String> {
    Some(template.replacen('\u{a7}', text, 1))
}

/// The text on lines of its own between two parts, so that comments and heredocs in it end.
fn between(first: &str, sample: &Sample, last: &str) -> Option<String> {
    Some(format!("{first}\n{}\n{last}", sample.text))
}

fn heredoc(reader: &str, sample: &Sample) -> Option<String> {
    let mark = mark(&sample.text);
    Some(format!("{reader} <<'{mark}'\n{}\n{mark}", sample.text))
}

/// A text of one line that ends like a command, so that something can follow it.
fn line(sample: &Sample) -> Option<&str> {
    let text = sample.text.as_str();
    let ends = !text.ends_with(['&', '\\']) && !text.contains(['\n', '#']);
    (ends && !text.contains("<<")).then_some(text)
}

/// Spellings of the words themselves.
pub(super) const WORDS: &[Disguise] = &[
    here("program in single quotes", |it| head(it, single)),
    here("program in double quotes", |it| head(it, double)),
    here("program torn by quotes", |it| head(it, torn)),
    here("program in ANSI-C hex", |it| head(it, ansi)),
    here("program in ANSI-C octal", |it| head(it, octal)),
    here("program behind a backslash", |it| {
        head(it, |head| format!("\\{head}"))
    }),
    here("program with backslashes", |it| head(it, slashed)),
    here("program over two lines", |it| {
        head(it, |head| format!("{}\\\n{}", &head[..1], &head[1..]))
    }),
    here("program by its path", |it| {
        program(it, |head| format!("/usr/bin/{head}"))
    }),
    here("program by a crooked path", |it| {
        program(it, |head| format!("/usr//./bin/../bin/{head}"))
    }),
    here("program in a variable", |it| {
        program(it, |head| format!("c={head}; $c"))
    }),
    here("program in halves", |it| {
        program(it, |head| {
            format!("a={}; b={}; $a$b", &head[..1], &head[1..])
        })
    }),
    here("program as a default", |it| {
        program(it, |head| format!("${{nothing:-{head}}}"))
    }),
    here("program from echo", |it| {
        program(it, |head| format!("$(echo {head})"))
    }),
    here("program from printf -v", |it| {
        program(it, |head| format!("printf -v c %s {head}; \"$c\""))
    }),
    here("program from read", |it| {
        program(it, |head| format!("read -r c <<< {head}; $c"))
    }),
    here("program by reference", |it| {
        program(it, |head| format!("a={head}; n=a; ${{!n}}"))
    }),
    here("program from an associative array", |it| {
        program(it, |head| format!("declare -A m=([k]={head}); ${{m[k]}}"))
    }),
    here("program reversed", |it| {
        program(it, |head| {
            format!("$(rev <<< {})", head.chars().rev().collect::<String>())
        })
    }),
    here("program by alias", |it| {
        program(it, |head| {
            format!("shopt -s expand_aliases\nalias k={head}\nk")
        })
    }),
    here("words in single quotes", |it| {
        each(it, |_, word| single(word))
    }),
    here("words in double quotes", |it| {
        each(it, |_, word| double(word))
    }),
    here("words in mixed quotes", |it| {
        each(it, |index, word| {
            if index % 2 == 0 {
                double(word)
            } else {
                single(word)
            }
        })
    }),
    here("words in ANSI-C hex", |it| each(it, |_, word| ansi(word))),
    here("words with backslashes", |it| {
        each(it, |_, word| slashed(word))
    }),
    here("words torn by quotes", |it| {
        let plain = |it: u8| it.is_ascii_alphanumeric() || b"_./:=@,+%-".contains(&it);
        each(it, |_, word| {
            if word.bytes().all(plain) {
                torn(word)
            } else {
                single(word)
            }
        })
    }),
    here("words on lines of their own", |it| {
        let words: Vec<&str> = it
            .words
            .as_ref()?
            .iter()
            .map(|it| it.raw.as_str())
            .collect();
        Some(words.join(" \\\n  "))
    }),
    here("tabs between the words", |it| {
        let words: Vec<&str> = it
            .words
            .as_ref()?
            .iter()
            .map(|it| it.raw.as_str())
            .collect();
        Some(words.join("\t"))
    }),
    here("last word in a variable", |it| {
        let words = it.words.as_ref()?;
        let (last, rest) = words.split_last()?;
        let value = last.value.as_deref().filter(|_| !rest.is_empty())?;
        Some(format!("x={}; {} \"$x\"", single(value), raw(rest)))
    }),
    here("arguments in a variable", |it| {
        let words = values(it)?;
        let (first, rest) = words.split_first()?;
        let plain = |it: &&str| !it.is_empty() && !it.contains([' ', '\'', '*', '?', '[']);
        (!rest.is_empty() && rest.iter().all(plain))
            .then(|| format!("x={}; {first} $x", single(&rest.join(" "))))
    }),
    here("words in an array", |it| {
        put("a=(§); \"${a[@]}\"", &raw(it.argv()?))
    }),
    here("words as parameters", |it| {
        put("set -- §; \"$@\"", &raw(it.argv()?))
    }),
    here("words in braces", |it| {
        let words = values(it)?;
        let plain = |it: &&str| {
            !it.is_empty() && !it.contains([',', '{', '}', '(', ')', ' ', '\'', '"', '*', '?'])
        };
        let fits = words.len() > 1 && words.iter().all(plain);
        fits.then(|| format!("{{{}}}", words.join(",")))
    }),
    here("blank by IFS", |it| {
        let words = it.words.as_ref()?;
        let (first, rest) = words.split_first()?;
        Some(format!("{}${{IFS}}{}", first.raw, raw(rest))).filter(|_| !rest.is_empty())
    }),
];

/// Programs that start the command behind them.
pub(super) const WRAPPERS: &[Disguise] = &[
    here("env", |it| before(it, "env ")),
    here("env with a variable", |it| {
        before(it, "/usr/bin/env LC_ALL=C ")
    }),
    here("env -S", |it| {
        put("env -S §", &single(&values(it)?.join(" "))).filter(|_| {
            values(it).is_some_and(|words| {
                words
                    .iter()
                    .all(|it| !it.is_empty() && !it.contains([' ', '\'', '"', '\\', '$', '#']))
            })
        })
    }),
    here("sudo", |it| before(it, "sudo ")),
    here("sudo as a user", |it| before(it, "sudo -n -u root -- ")),
    here("doas", |it| before(it, "doas ")),
    here("command", |it| before(it, "command ")),
    here("command -p --", |it| before(it, "command -p -- ")),
    here("exec", |it| before(it, "exec ")),
    here("exec -a", |it| before(it, "exec -a sshd ")),
    here("nohup", |it| before(it, "nohup ")),
    here("timeout", |it| before(it, "timeout -k 1 5 ")),
    here("nice", |it| before(it, "nice -n 19 ")),
    here("ionice", |it| before(it, "ionice -c3 ")),
    here("stdbuf", |it| before(it, "stdbuf -oL ")),
    here("setsid", |it| before(it, "setsid -f ")),
    here("strace", |it| before(it, "strace -f -o /tmp/t ")),
    here("time program", |it| before(it, "/usr/bin/time -v ")),
    here("wrapper on wrapper", |it| {
        before(it, "nice env A=1 nohup timeout 9 ")
    }),
    here("systemd-run", |it| before(it, "systemd-run --user --pty ")),
    here("flock", |it| before(it, "flock /tmp/lock ")),
    here("find -exec", |it| {
        {
            put("find . -maxdepth 0 -exec § \\;", &raw(it.argv()?))
                .filter(|_| !it.text.contains("{}"))
        }
    }),
    here("xargs", |it| {
        let words = values(it)?;
        let (first, rest) = words.split_first()?;
        let plain = |it: &&str| !it.is_empty() && !it.contains([' ', '\'', '"', '\\']);
        (!rest.is_empty() && rest.iter().all(plain)).then(|| {
            format!(
                "printf '%s\\n' {} | xargs {first}",
                listed(it, single, " ")
                    .unwrap_or_default()
                    .split_once(' ')
                    .map_or("", |it| it.1)
            )
        })
    }),
    here("xargs -I", |it| {
        let (last, rest) = it.argv()?.split_last()?;
        let value = last.value.as_deref().filter(|_| !rest.is_empty())?;
        let plain =
            !value.is_empty() && !value.contains(['\'', '"', '\\']) && value.trim() == value;
        plain.then(|| format!("echo {} | xargs -I% {} %", single(value), raw(rest)))
    }),
    here("xargs sh -c", |it| {
        put("echo x | xargs -n1 sh -c §", &single(&it.text))
    }),
    here("watch", |it| put("watch -n1 §", &single(&it.text))),
    here("parallel", |it| put("parallel ::: §", &single(&it.text))),
    here("script -c", |it| {
        put("script -qc § /dev/null", &single(&it.text))
    }),
    here("su -c", |it| put("su -c §", &single(&it.text))),
    here("npx -c", |it| put("npx -c §", &single(&it.text))),
    here("busybox sh", |it| put("busybox sh -c §", &single(&it.text))),
];

/// Text handed to a shell.
pub(super) const TEXTS: &[Disguise] = &[
    here("bash -c in single quotes", |it| {
        put("bash -c §", &single(&it.text))
    }),
    here("bash -c in double quotes", |it| {
        put("bash -c §", &double(&it.text))
    }),
    here("bash -lc in ANSI-C", |it| {
        put("bash -lc §", &ansi(&it.text))
    }),
    here("sh -c", |it| put("sh -c §", &single(&it.text))),
    here("sh -euc with a path", |it| {
        put("/bin/sh -eu -c § -- x", &single(&it.text))
    }),
    here("zsh -c", |it| put("zsh -c §", &single(&it.text))),
    here("eval", |it| put("eval §", &single(&it.text))),
    here("eval of echo", |it| {
        put("eval \"$(echo §)\"", &single(&it.text))
    }),
    here("eval of a variable", |it| {
        put("c=§; eval \"$c\"", &single(&it.text))
    }),
    here("bash -c of a variable", |it| {
        put("export c=§; bash -c \"$c\"", &single(&it.text))
    }),
    here("heredoc to bash", |it| heredoc("bash", it)),
    here("heredoc to sh -s", |it| heredoc("sh -s", it)),
    here("here-string", |it| put("bash <<< §", &single(&it.text))),
    here("echo to sh", |it| {
        put("echo § | sh", &single(&it.text)).filter(|_| !it.text.contains('\\'))
    }),
    here("printf to bash", |it| {
        put("printf '%s\\n' § | bash", &single(&it.text))
    }),
    here("cat heredoc to sh", |it| {
        let mark = mark(&it.text);
        Some(format!("cat <<'{mark}' | sh\n{}\n{mark}", it.text))
    }),
    here("base64 to sh", |it| {
        put("echo § | base64 -d | sh", &base64(it.text.as_bytes()))
    }),
    here("base64 in eval", |it| {
        put(
            "eval \"$(base64 --decode <<< §)\"",
            &base64(it.text.as_bytes()),
        )
    }),
    here("hex to sh", |it| {
        put("echo § | xxd -r -p | bash", &hex(&it.text))
    }),
    here("rev to sh", |it| {
        line(it)?;
        let reversed: String = it.text.chars().rev().collect();
        put("printf '%s' § | rev | sh", &single(&reversed))
    }),
    here("source of a process substitution", |it| {
        put("source <(printf '%s\\n' §)", &single(&it.text))
    }),
    here("bash of a process substitution", |it| {
        put("bash <(echo §)", &single(&it.text)).filter(|_| !it.text.contains('\\'))
    }),
    here("script written and run", |it| {
        let mark = mark(&it.text);
        Some(format!(
            "cat > /tmp/s.sh <<'{mark}'\n{}\n{mark}\nsh /tmp/s.sh",
            it.text
        ))
    }),
    here("trap", |it| put("trap § EXIT", &single(&it.text))),
    here("git alias", |it| {
        put("git -c alias.st=§ st", &single(&format!("!{}", it.text)))
    }),
    here("makefile on stdin", |it| {
        line(it)?;
        (!it.text.contains(['$', '@']))
            .then(|| format!("make -f - <<'EOF'\nall:\n\t{}\nEOF", it.text))
    }),
    here("at now", |it| put("at now <<< §", &single(&it.text))),
    here("mapfile callback", |it| {
        put(
            "mapfile -C § -c 1 < list.txt",
            &single(&format!("{}\n#", it.text)),
        )
    }),
    here("python os.system", |it| {
        coded("python3 -c §", "import os; os.system(§)", it, "")
    }),
    here("python subprocess", |it| {
        coded(
            "python -c §",
            "import subprocess\nsubprocess.run(§, shell=True)",
            it,
            "",
        )
    }),
    here("python list", |it| {
        let list = listed(it, |word| literal(word, ""), ", ")?;
        put(
            "python3 -c §",
            &single(&format!("import subprocess as s; s.check_call([{list}])")),
        )
    }),
    here("python heredoc", |it| {
        Some(format!(
            "python3 - <<'PYTHON'\nimport os\nos.popen({}).read()\nPYTHON",
            literal(&it.text, "")
        ))
    }),
    here("node", |it| {
        coded("node -e §", "require('child_process').execSync(§)", it, "")
    }),
    here("perl", |it| coded("perl -e §", "system(§)", it, "$@")),
    here("ruby", |it| coded("ruby -e §", "system §", it, "#")),
    here("php", |it| coded("php -r §", "system(§);", it, "$")),
    here("awk", |it| coded("awk §", "BEGIN { system(§) }", it, "")),
    here("lua", |it| coded("lua -e §", "os.execute(§)", it, "")),
    here("vim", |it| {
        line(it)?;
        (!it.text.contains(['%', '#', '!', '|', '\\']))
            .then(|| format!("vim -c {} -c q", single(&format!("!{}", it.text))))
    }),
    away("ssh", |it| put("ssh host §", &single(&it.text))),
    away("ssh with options", |it| {
        put(
            "ssh -p 22 -i k -o BatchMode=yes u@host -- §",
            &single(&it.text),
        )
    }),
    away("docker exec", |it| {
        put("docker exec -it app sh -c §", &single(&it.text))
    }),
    away("docker run", |it| {
        put(
            "docker run --rm -v /:/host alpine sh -c §",
            &single(&it.text),
        )
    }),
    away("kubectl exec", |it| {
        put("kubectl exec -n x pod/app -- bash -c §", &single(&it.text))
    }),
];

/// The shell's own grammar around a text.
pub(super) const GRAMMAR: &[Disguise] = &[
    here("subshell", |it| between("(", it, ")")),
    here("brace group", |it| between("{", it, "}")),
    here("function called later", |it| {
        between("work() {", it, "}\nls\nwork")
    }),
    here("function with arguments", |it| {
        put("work() { \"$@\"; }\nwork §", &raw(it.argv()?))
    }),
    here("function with shift", |it| {
        put("work() { shift; \"$@\"; }\nwork x §", &raw(it.argv()?))
    }),
    here("background", |it| Some(format!("{} &", line(it)?))),
    here("if body", |it| between("if [ -d . ]; then", it, "fi")),
    here("else body", |it| {
        between("if [ -d . ]; then ls; else", it, "fi")
    }),
    here("if condition", |it| between("if", it, "then ls; fi")),
    here("while body", |it| {
        between("while true; do", it, "break; done")
    }),
    here("until condition", |it| {
        between("until", it, "do sleep 1; done")
    }),
    here("for body", |it| between("for i in 1 2 3; do", it, "done")),
    here("C-style for body", |it| {
        between("for ((i = 0; i < 3; i++)); do", it, "done")
    }),
    here("case arm", |it| {
        between("case \"$1\" in a) ls;; *)", it, ";; esac")
    }),
    here("select body", |it| {
        between("select x in a b; do", it, "break; done")
    }),
    here("after &&", |it| Some(format!("ls && {}", it.text))),
    here("after ||", |it| Some(format!("false || {}", it.text))),
    here("after ;", |it| Some(format!("ls -la; {}", it.text))),
    here("after a line", |it| {
        Some(format!("set -e\nls\n{}", it.text))
    }),
    here("before &&", |it| Some(format!("{} && ls", line(it)?))),
    here("before ||", |it| Some(format!("{} || true", line(it)?))),
    here("before a line", |it| Some(format!("{}\nls -la\n", it.text))),
    here("cd . in front", |it| Some(format!("cd . && {}", it.text))),
    here("group into tee", |it| {
        Some(format!("{{ {}; }} 2>&1 | tee log.txt", line(it)?))
    }),
    here("errors thrown away", |it| {
        Some(format!("{} 2> /dev/null", line(it)?))
    }),
    here("time", |it| {
        Some(format!("time {}", it.text)).filter(|_| it.program().is_some())
    }),
    here("negated", |it| {
        Some(format!("! {}", it.text))
            .filter(|_| it.head().is_some() && !it.text.contains(['&', '|']))
    }),
    here("coproc", |it| between("coproc {", it, "}")),
    here("substitution", |it| {
        Some(format!("echo \"$( {} )\"", it.text)).filter(|_| line(it).is_some())
    }),
    here("substitution on lines", |it| {
        between("x=$(", it, ")").filter(|_| !it.is_about_printing)
    }),
    here("backquotes", |it| {
        line(it)?;
        (!it.is_about_printing && !it.text.contains(['`', '\\', '$']))
            .then(|| format!("x=`{}`", it.text))
    }),
    here("comment in front", |it| {
        Some(format!("# only a test, do not run\n{}", it.text))
    }),
    here("comment behind", |it| {
        Some(format!("{} # only a test", line(it)?))
    }),
    here("no-op in front", |it| {
        Some(format!(": 'just checking'; {}", it.text))
    }),
    here("blanks around", |it| Some(format!("\n\n  {}  \n", it.text))),
    here("redirect in front", |it| {
        Some(format!("2>/dev/null {}", it.text)).filter(|_| it.head().is_some())
    }),
    here("variable in front", |it| {
        Some(format!("LC_ALL=C {}", it.text)).filter(|_| it.program().is_some())
    }),
    here("carriage of options", |it| {
        Some(format!("set -euo pipefail; IFS=$'\\n\\t'\n{}", it.text))
    }),
    here("process substitution", |it| {
        Some(format!("cat <({})", line(it)?))
    }),
    here("nested groups", |it| between("( { (", it, ") ; } )")),
];

/// Disguises in PowerShell.
pub(super) const POWER: &[Disguise] = &[
    in_power("powershell same words", |it| match it.tool {
        Tool::PowerShell => Some(it.text.clone()),
        Tool::Bash => {
            values(it)?;
            let quoted = |it: &Word| it.raw.contains(['\'', '"', ',', ';', '@', '{', '%']);
            let odd = |it: &Word| quoted(it) || it.raw.starts_with("--%");
            let words = it.argv()?;
            let own = words
                .first()
                .is_some_and(|it| POWER_NAMES.contains(&it.raw.as_str()));
            (!own && !words.iter().any(odd)).then(|| it.text.clone())
        }
    }),
    in_power("powershell block", |it| between("& {", it, "}")),
    in_power("powershell if", |it| between("if ($true) {", it, "}")),
    in_power("powershell foreach", |it| {
        between("foreach ($i in 1..3) {", it, "}")
    }),
    in_power("powershell pipeline foreach", |it| {
        between("1..3 | ForEach-Object {", it, "}")
    }),
    in_power("powershell try", |it| between("try {", it, "} catch { }")),
    in_power("powershell function", |it| {
        between("function Work {", it, "}\nWork")
    }),
    in_power("powershell iex", |it| {
        put("Invoke-Expression §", &power(&it.text))
    }),
    in_power("powershell iex of a pipe", |it| {
        put("§ | iex", &power(&it.text))
    }),
    in_power("powershell iex of a variable", |it| {
        put("$x = §; iex $x", &power(&it.text))
    }),
    in_power("powershell script block", |it| {
        put("& ([scriptblock]::Create(§))", &power(&it.text))
    }),
    in_power("powershell -Command", |it| {
        put("powershell -NoProfile -Command §", &power(&it.text))
    }),
    in_power("pwsh -c", |it| put("pwsh -c §", &power(&it.text))),
    in_power("powershell encoded", |it| {
        put("powershell -EncodedCommand §", &power_base64(&it.text))
    }),
    in_power("powershell after a line", |it| {
        Some(format!("Get-Location\n{}", it.text))
    }),
    in_power("powershell start-job", |it| {
        between("Start-Job -ScriptBlock {", it, "}")
    }),
    in_power("powershell invoke-command", |it| {
        between("Invoke-Command -ScriptBlock {", it, "}")
    }),
    from_bash("powershell from bash", |it| {
        put("pwsh -NoProfile -Command §", &single(&it.text))
    }),
];

/// Programs whose names are cmdlets' other names in PowerShell.
const POWER_NAMES: [&str; 25] = [
    "rm", "mv", "cp", "cat", "sls", "echo", "curl", "wget", "kill", "ps", "ls", "sort", "tee",
    "diff", "sleep", "mount", "man", "rmdir", "set", "start", "type", "where", "sc", "history",
    "pwd",
];
