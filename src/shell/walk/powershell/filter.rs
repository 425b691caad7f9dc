//! Owns the names that `Where-Object` asks for. Does not own what it passes on. Invariant: names are given
//! only where the condition asks for nothing but them.

use crate::shell::invocation::{Arg, Span};
use crate::shell::powershell::ast::{Block, Element, Expr, Part, Statement, Step};
use crate::shell::unwrap::like;

use super::command::Ready;

/// The names that `Where-Object` asks for, where it asks for nothing else.
pub(super) fn filter_names(ready: &Ready) -> Option<Vec<Arg>> {
    if let [block] = ready.blocks.as_slice() {
        return names_in(block);
    }
    let texts: Vec<&Arg> = ready
        .words
        .iter()
        .filter_map(|it| it.items.first())
        .collect();
    let [property, operator, value] = texts.as_slice() else {
        return None;
    };
    let operator = operator.text.strip_prefix('-')?;
    name_test(&property.text, operator, value).map(|it| vec![it])
}

/// The names that a condition such as `$_.Name -eq 'x' -or $_.Extension -eq '.log'` asks for.
fn names_in(block: &Block) -> Option<Vec<Arg>> {
    let [Statement::Pipeline(pipeline)] = block.body.as_slice() else {
        return None;
    };
    let [Element::Value(Expr::Chain(first, rest), ..)] = pipeline.elements.as_slice() else {
        return None;
    };
    let mut names = Vec::new();
    let mut left: Option<&Expr> = Some(first.as_ref());
    for (operator, right) in rest {
        match left.take() {
            Some(property) => {
                let Expr::List(values) = right else {
                    names.push(tested(property, operator, right)?);
                    continue;
                };
                for value in values {
                    names.push(tested(property, operator, value)?);
                }
            }
            None if operator == "or" => left = Some(right),
            None => return None,
        }
    }
    left.is_none().then_some(names)
}

fn tested(property: &Expr, operator: &str, value: &Expr) -> Option<Arg> {
    let Expr::Postfix(on, steps) = property else {
        return None;
    };
    let Expr::Variable(variable) = on.as_ref() else {
        return None;
    };
    let [Step::Member { name, args: None }] = steps.as_slice() else {
        return None;
    };
    let literal = |it: &Expr| match it {
        Expr::Text(parts, _) => match parts.as_slice() {
            [Part::Literal(text)] => Some(text.clone()),
            _ => None,
        },
        _ => None,
    };
    let value = Arg::literal(literal(value)?, Span::default());
    (variable == "_" || variable == "psitem").then_some(())?;
    name_test(&literal(name)?, operator, &value)
}

fn name_test(property: &str, operator: &str, value: &Arg) -> Option<Arg> {
    let operator = operator.to_ascii_lowercase();
    let wild = value.text.chars().all(|it| matches!(it, '*' | '.' | '?'));
    if wild || !matches!(operator.as_str(), "eq" | "like" | "in" | "ieq" | "ilike") {
        return None;
    }
    match property.to_ascii_lowercase().as_str() {
        "name" => Some(value.clone()),
        "extension" => Some(like(value, format!("*{}", value.text))),
        "basename" => Some(like(value, format!("{}*", value.text))),
        _ => None,
    }
}
