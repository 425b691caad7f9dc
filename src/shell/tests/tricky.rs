//! The corpus of hard inputs: what must be found in each, and what must not.

use crate::shell::{Arg, Invocation, ProblemKind, RedirectOp, Surroundings, UNKNOWN, read};

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the corpus is a file of this package"
)]
fn every_tricky_command_is_read_right() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/corpora/tricky.json");
    let corpus: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut failures = Vec::new();
    let mut count = 0;
    for entry in corpus.as_array().unwrap() {
        count += 1;
        if let Err(why) = check(entry) {
            failures.push(format!("{}: {why}", entry["cmd"]));
        }
    }
    assert_eq!(count, 90);
    assert!(
        failures.is_empty(),
        "{} failed:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

fn check(entry: &serde_json::Value) -> Result<(), String> {
    let words = |key: &str| -> Vec<String> {
        let list = entry[key].as_array().unwrap().iter();
        list.map(|it| it.as_str().unwrap().to_owned()).collect()
    };
    let reading = read(entry["cmd"].as_str().unwrap(), &Surroundings::default());
    let bad = reading
        .problems
        .iter()
        .any(|it| it.kind == ProblemKind::Syntax);
    if bad != entry["bad"].as_bool().unwrap() || (!bad && !reading.problems.is_empty()) {
        return Err(format!("problems {:?}", reading.problems));
    }
    let lines: Vec<String> = reading
        .invocations
        .iter()
        .map(Invocation::display)
        .collect();
    for must in words("must") {
        if !lines.iter().any(|it| matches_marks(&must, it)) {
            return Err(format!("no `{must}` in {lines:?}"));
        }
    }
    for program in words("no") {
        if reading.invocations.iter().any(|it| it.program == program) {
            return Err(format!("`{program}` in {lines:?}"));
        }
    }
    for redirect in words("red") {
        let (op, target) = redirect.split_at(redirect.find(|it| !"<>&|".contains(it)).unwrap());
        let found = reading.invocations.iter().flat_map(|it| &it.redirects);
        if !found
            .into_iter()
            .any(|it| spelled(it.op, op) && matches_marks(target, &text(&it.target)))
        {
            return Err(format!("no `{redirect}`"));
        }
    }
    Ok(())
}

fn text(arg: &Arg) -> String {
    arg.text.clone()
}

fn spelled(op: RedirectOp, spelling: &str) -> bool {
    match op {
        RedirectOp::Read => spelling == "<",
        RedirectOp::Write => matches!(spelling, ">" | ">|" | "&>"),
        RedirectOp::Append => matches!(spelling, ">>" | "&>>"),
        RedirectOp::ReadWrite => spelling == "<>",
        RedirectOp::Heredoc => spelling == "<<",
        RedirectOp::HereString => spelling == "<<<",
        RedirectOp::Duplicate => matches!(spelling, "<&" | ">&"),
    }
}

/// True where the text is the wanted one; a mark in it stands for any text.
fn matches_marks(wanted: &str, text: &str) -> bool {
    let mut pieces = wanted.split(UNKNOWN);
    let Some(mut rest) = text.strip_prefix(pieces.next().unwrap()) else {
        return false;
    };
    let mut exact = true;
    for piece in pieces {
        exact = piece.is_empty();
        if exact {
            rest = "";
            continue;
        }
        let Some(at) = rest.rfind(piece) else {
            return false;
        };
        rest = rest.get(at + piece.len()..).unwrap();
        exact = true;
    }
    exact && rest.is_empty()
}
