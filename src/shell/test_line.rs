//! Owns the small builder of the tests here: a plain line of words, simple quotes and redirects becomes
//! an [`Invocation`]. Does not own shell syntax. Invariant: `◆` unquoted splits, quoted it does not.

use super::invocation::{Arg, ArgFlags, Assignment, Invocation, Redirect, RedirectOp, Span};
use crate::word::base;

/// One invocation of a line such as `rm -rf "a b" '*' > out`.
pub(super) fn line(text: &str) -> Invocation {
    let mut invocation = Invocation::default();
    let mut redirect = None;
    for word in words(text) {
        if let Some(op) = operator(&word.text)
            && !word.flags.has(ArgFlags::QUOTED)
        {
            redirect = Some(op);
        } else if let Some(op) = redirect.take() {
            invocation.redirects.push(Redirect {
                op,
                fd: None,
                target: word,
                span: Span::default(),
            });
        } else if let (true, Some((name, value))) =
            (invocation.argv.is_empty(), word.text.split_once('='))
        {
            invocation.assignments.push(Assignment {
                name: name.to_owned(),
                value: Arg::literal(value, Span::default()),
            });
        } else {
            invocation.argv.push(word);
        }
    }
    name(&mut invocation);
    invocation
}

/// Sets the program from the first argument.
pub(super) fn name(invocation: &mut Invocation) {
    let first = invocation.argv.first();
    invocation.program = first.map_or_else(String::new, |it| {
        let base = base(&it.text);
        base.trim_end_matches(".exe").to_owned()
    });
}

fn operator(text: &str) -> Option<RedirectOp> {
    Some(match text {
        "<" => RedirectOp::Read,
        ">" => RedirectOp::Write,
        ">>" => RedirectOp::Append,
        "<>" => RedirectOp::ReadWrite,
        "<<" => RedirectOp::Heredoc,
        "<<<" => RedirectOp::HereString,
        _ => return None,
    })
}

fn words(text: &str) -> Vec<Arg> {
    let (mut found, mut arg, mut open, mut quote) = (Vec::new(), Arg::default(), false, None);
    for letter in text.chars() {
        match (quote, letter) {
            (Some(mark), it) if mark == it => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                open = true;
                arg.flags.set(ArgFlags::QUOTED);
            }
            (None, ' ') => {
                if open {
                    found.push(std::mem::take(&mut arg));
                }
                open = false;
            }
            _ => {
                open = true;
                arg.text.push(letter);
                match letter {
                    '◆' | '◇' => arg.flags.set(ArgFlags::UNKNOWN),
                    '*' | '?' | '[' if quote.is_none() => arg.flags.set(ArgFlags::GLOB),
                    _ => {}
                }
                if letter == '◆' && quote.is_none() {
                    arg.flags.set(ArgFlags::SPLITS);
                }
            }
        }
    }
    if open {
        found.push(arg);
    }
    found
}
