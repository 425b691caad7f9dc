//! Command lines against another parser: what it reads as fixed words, this reader starts with the same
//! words. Bounded by a fixed number of commands; mutations come from a fixed seed.

use shuck_ast::{Command, Stmt, StmtSeq, Word};
use shuck_parser::parser::Parser;

use super::corpus::{Random, mutate, ordinary};
use crate::shell::{Reading, Surroundings, read};

/// How many mutated commands are compared.
const MUTATIONS: usize = 1500;
/// Longer mutants are left out, so that the oracle's time stays bounded.
const LONGEST: usize = 300;
/// What the oracle does otherwise, and is not compared: it keeps `~`, braces and globs as they are
/// written, which this reader expands or marks; escapes in `$'…'` and quotes inside backquotes it may
/// leave as they stand; it ends a word before every `]]` and `}`, where bash reads on (`]]x` is one word).
fn is_compared(text: &str) -> bool {
    let quirks = ["~", "{", "}", "]]", "`", "\\", "$'", "$\""];
    !quirks.iter().any(|it| text.contains(it))
}

/// The command lines of fixed words that the oracle sees outside of compound commands.
fn fixed_lines(source: &str) -> Option<Vec<Vec<String>>> {
    let result = Parser::new(source).parse();
    if result.is_err() {
        return None;
    }
    let mut lines = Vec::new();
    sequence(&result.file.body, source, &mut lines);
    Some(lines)
}

fn sequence(body: &StmtSeq, source: &str, lines: &mut Vec<Vec<String>>) {
    for it in &body.stmts {
        statement(it, source, lines);
    }
}

fn statement(it: &Stmt, source: &str, lines: &mut Vec<Vec<String>>) {
    match &it.command {
        Command::Simple(simple) => {
            let text = |word: &Word| {
                word.try_static_text(source)
                    .map(std::borrow::Cow::into_owned)
            };
            let words = std::iter::once(&simple.name).chain(&simple.args);
            if let Some(line) = words.map(text).collect::<Option<Vec<String>>>()
                && line.first().is_some_and(|it| !it.is_empty())
            {
                lines.push(line);
            }
        }
        Command::Binary(binary) => {
            statement(&binary.left, source, lines);
            statement(&binary.right, source, lines);
        }
        _ => {}
    }
}

fn has(reading: &Reading, line: &[String]) -> bool {
    reading
        .invocations
        .iter()
        .any(|it| it.argv.iter().map(|it| &it.text).eq(line))
}

/// Lines that only the oracle sees, where both accept the command.
fn missing(command: &str) -> Vec<Vec<String>> {
    if !is_compared(command) {
        return Vec::new();
    }
    let reading = read(command, &Surroundings::default());
    if !reading.problems.is_empty() {
        return Vec::new();
    }
    let mut lines = fixed_lines(command).unwrap_or_default();
    lines.retain(|it| !has(&reading, it));
    lines
}

fn differing<'a>(commands: impl Iterator<Item = &'a String>) -> Vec<String> {
    commands
        .flat_map(|command| {
            let lines = missing(command);
            lines
                .into_iter()
                .map(move |it| format!("{command:?}: {it:?}"))
        })
        .collect()
}

#[test]
fn command_lines_of_ordinary_commands_agree() {
    let commands = ordinary();
    let compared = commands
        .iter()
        .filter(|it| is_compared(it) && fixed_lines(it).is_some_and(|it| !it.is_empty()))
        .count();
    assert!(compared > 2000, "only {compared} are compared");
    let different = differing(commands.iter());
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn command_lines_of_mutated_commands_agree() {
    let seeds = ordinary();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mutants: Vec<String> = (0..MUTATIONS)
        .map(|_| {
            let base = &seeds[random.below(seeds.len())];
            mutate(base, &mut random)
        })
        .filter(|it| it.len() < LONGEST)
        .collect();
    let different = differing(mutants.iter());
    assert!(different.is_empty(), "{}", different.join("\n"));
}
