//! Ordinary commands, and mutations of all corpora, against what bash itself says of them.

use std::fmt::Write as _;

use crate::shell::parser::{Origin, Parser};
use crate::shell::{Reading, Surroundings, read};

/// Commands that bash accepts and this reader does not, each with its reason.
const EXCEPTIONS: &[&str] = &[];

/// How many mutated commands are compared.
const MUTATIONS: usize = 2000;
/// How many of them may be judged differently: bash and this reader differ where a subscript is not
/// closed, in the short loops of zsh, and in `${ …; }`, which this bash may be too old for.
const TOLERATED: usize = 30;

#[expect(
    clippy::disallowed_methods,
    reason = "the corpora are files of this package"
)]
fn corpus(name: &str) -> String {
    let path = format!("{}/fixtures/corpora/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

pub(super) fn ordinary() -> Vec<String> {
    let text = corpus("nl2bash-plain.txt");
    text.split('\0')
        .filter(|it| !it.trim().is_empty())
        .map(str::to_owned)
        .collect()
}

/// True where the text itself is refused, whatever stands in text that it hands to other shells.
fn refused(text: &str) -> bool {
    let mut parser = Parser::new(text, Origin::At(0), 0);
    parser.script();
    parser.into_problem().is_some()
}

fn read_plain(text: &str) -> Reading {
    read(text, &Surroundings::default())
}

/// Which of the commands bash accepts; nothing where there is no bash.
#[expect(
    clippy::disallowed_methods,
    reason = "bash is the oracle of this test; it only parses"
)]
fn accepted_by_bash(commands: &[String]) -> Option<Vec<bool>> {
    // Each is parsed by a bash of its own that runs nothing; one more bash starts them all.
    // Some errors are only said, and not part of the exit status.
    let mut script = String::from(
        "judge() { local said; said=$(bash -O extglob -n -c \"$1\" 2>&1) || { echo n; return; }\n\
         case $said in '' | *warning:*) echo y ;; *) echo n ;; esac; }\n",
    );
    for command in commands {
        let quoted = command.replace('\'', "'\\''");
        let checked = format!("judge '{quoted}'\n");
        script.push_str(&checked);
    }
    let mut child = std::process::Command::new("bash")
        .arg("-s")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take()?;
    let writer =
        std::thread::spawn(move || std::io::Write::write_all(&mut stdin, script.as_bytes()));
    let output = child.wait_with_output().ok()?;
    writer.join().ok()?.ok()?;
    let answers = output.stdout.split(|it| *it == b'\n');
    Some(
        answers
            .filter(|it| !it.is_empty())
            .map(|it| it == b"y")
            .collect(),
    )
}

#[test]
fn ordinary_commands_that_bash_accepts_are_read() {
    let commands = ordinary();
    assert!(commands.len() > 6000);
    let suspects: Vec<String> = commands
        .into_iter()
        .filter(|it| !read_plain(it).problems.is_empty())
        .collect();
    let Some(answers) = accepted_by_bash(&suspects) else {
        return;
    };
    assert_eq!(answers.len(), suspects.len());
    let mut failures = String::new();
    for (command, accepted) in suspects.iter().zip(answers) {
        if accepted && !EXCEPTIONS.contains(&command.as_str()) {
            writeln!(
                failures,
                "{command}\n    {:?}",
                read_plain(command).problems
            )
            .unwrap();
        }
    }
    assert!(
        failures.is_empty(),
        "refused, and bash accepts:\n{failures}"
    );
}

#[test]
fn mutations_are_judged_as_bash_judges_them() {
    let seeds = ordinary();
    let tricky: serde_json::Value = serde_json::from_str(&corpus("tricky.json")).unwrap();
    let tricky: Vec<String> = tricky
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["cmd"].as_str().unwrap().to_owned())
        .collect();
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut commands = Vec::new();
    while commands.len() < MUTATIONS {
        let from = if random.below(2) == 0 {
            &tricky
        } else {
            &seeds
        };
        let base = &from[random.below(from.len())];
        let mutant = mutate(base, &mut random);
        if !mutant.trim().is_empty() && mutant.len() < 400 {
            commands.push(mutant);
        }
    }
    let Some(answers) = accepted_by_bash(&commands) else {
        return;
    };
    assert_eq!(answers.len(), commands.len());
    let mut different = Vec::new();
    for (command, accepted) in commands.iter().zip(answers) {
        if refused(command) == accepted {
            let word = if accepted {
                "bash accepts"
            } else {
                "bash refuses"
            };
            different.push(format!("{word}: {command:?}"));
        }
    }
    assert!(
        different.len() <= TOLERATED,
        "{} differ:\n{}",
        different.len(),
        different.join("\n")
    );
}

/// A small generator with a fixed seed, so that every run compares the same commands.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

pub(super) fn mutate(base: &str, random: &mut Random) -> String {
    const PIECES: [&str; 36] = [
        "(", ")", "{", "}", "'", "\"", "`", "$", "$(", "${", ";", "&", "|", "<", ">", "\n", " ",
        "#", "\\", "[[ ", " ]]", "((", "))", "if ", "; then ", "; fi", "do ", "done", "case ",
        "esac", "<<E\n", "=", "*", "!", "~", "a",
    ];
    let mut chars: Vec<char> = base.chars().collect();
    for _ in 0..=random.below(3) {
        let at = random.below(chars.len() + 1);
        if random.below(3) == 0 && at < chars.len() {
            chars.remove(at);
        } else {
            let piece = PIECES[random.below(PIECES.len())];
            chars.splice(at..at, piece.chars());
        }
    }
    chars.into_iter().collect()
}
