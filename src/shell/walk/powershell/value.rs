//! Owns what expressions of PowerShell are worth: strings, variables, lists, operators. Does not own members
//! and static calls (`method`) nor the rewriting of text (`text`). Invariants: an expression that runs
//! something is walked, and what is not computed is unknown with its sources.

use crate::shell::invocation::{Arg, ArgFlags, GUARDED, Span, UNKNOWN};
use crate::shell::powershell::ast::{Expr, Part, Script, Step};
use crate::shell::unwrap::like;

use crate::shell::walk::{EXPANDED_LIMIT, Walker};

use super::limited;
use super::text;

impl Walker<'_> {
    /// The objects that an expression is.
    pub(super) fn value_of(&mut self, expr: &Expr) -> Vec<Arg> {
        let items = match expr {
            Expr::Text(parts, _) => vec![self.text_of(parts)],
            Expr::Variable(name) | Expr::Splat(name) => self.variable(name),
            Expr::Run(script) => self.run_captured(script),
            Expr::List(items) => items.iter().flat_map(|it| self.value_of(it)).collect(),
            Expr::Block(block) => {
                let current = self.session.current.clone();
                self.call_block(block, None, current);
                vec![Arg::unknown(Span::default())]
            }
            Expr::Table(rows) => self.rows(rows),
            Expr::Type(_) => vec![Arg::unknown(Span::default())],
            Expr::Cast(name, on) => {
                let items = self.value_of(on);
                self.cast(name, items)
            }
            Expr::Postfix(on, steps) => self.steps(on, steps),
            Expr::Chain(first, rest) => self.chain(first, rest),
            Expr::Unary(operator, on) => {
                let items = self.value_of(on);
                match operator.as_str() {
                    "-join" => vec![text::join(&items, "")],
                    "," | "+" => items,
                    "-" => items
                        .iter()
                        .map(|it| like(it, format!("-{}", it.text)))
                        .collect(),
                    _ => vec![of(&items)],
                }
            }
        };
        self.spend(&items);
        limited(items)
    }

    /// Counts what values cost, so that none grows without bounds.
    fn spend(&mut self, items: &[Arg]) {
        let cost = items.iter().map(|it| it.text.len() + 4 * it.from.len() + 1);
        self.expanded_bytes += cost.sum::<usize>();
        if self.expanded_bytes > EXPANDED_LIMIT {
            self.limit("expands to more than 16 MiB", Span::default());
        }
    }

    fn text_of(&mut self, parts: &[Part]) -> Arg {
        let mut whole = Arg::default();
        let mut values = 0;
        for part in parts {
            match part {
                Part::Literal(text) => whole.text.push_str(text),
                Part::Value(expr) => {
                    values += usize::from(!matches!(expr, Expr::Text(..)));
                    let items = self.value_of(expr);
                    let value = text::join(&items, " ");
                    whole.text.push_str(&value.text);
                    whole.flags.set(value.flags.0);
                    whole.from.extend(value.from);
                }
            }
        }
        if values > 1 && values == parts.len() && !whole.text.contains(UNKNOWN) {
            whole.flags.set(ArgFlags::HIDDEN);
        }
        if self.marked && whole.text.contains([UNKNOWN, GUARDED]) {
            whole.flags.set(ArgFlags::UNKNOWN);
            whole.from.extend(&self.marks_from);
        }
        whole
    }

    /// The rows of a table as they would be written as parameters: `-Key:value`.
    fn rows(&mut self, rows: &[(Expr, Script)]) -> Vec<Arg> {
        let mut found = Vec::new();
        for (key, value) in rows {
            let key = self.value_of(key);
            let key = key.first().map_or("", |it| it.text.as_str()).to_owned();
            for value in self.run_captured(value) {
                found.push(like(&value, format!("-{key}:{}", value.text)));
            }
        }
        found
    }

    fn cast(&mut self, name: &str, items: Vec<Arg>) -> Vec<Arg> {
        match name {
            "char" | "char[]" => items.iter().map(text::character).collect(),
            "scriptblock" => {
                for item in &items {
                    self.run_code(item);
                }
                items
            }
            "string" if items.len() > 1 => vec![text::join(&items, " ")],
            _ => items,
        }
    }

    fn chain(&mut self, first: &Expr, rest: &[(String, Expr)]) -> Vec<Arg> {
        let mut items = self.value_of(first);
        for (operator, right) in rest {
            let right = self.value_of(right);
            items = match operator.as_str() {
                "+" => sum(items, right),
                "f" => vec![text::format(&of(&items), &right)],
                "join" => {
                    let mark = of(&right);
                    vec![text::join(&items, &mark.text)]
                }
                "replace" => text::replace(&items, &right),
                "split" => items
                    .iter()
                    .flat_map(|it| text::divide(it, &right))
                    .collect(),
                "as" => items,
                "??" | "?" => {
                    items.extend(right);
                    items
                }
                _ => {
                    items.extend(right);
                    let mut result = of(&items);
                    result.text = UNKNOWN.to_string();
                    result.flags.set(ArgFlags::UNKNOWN);
                    vec![result]
                }
            };
            self.spend(&items);
            if self.stopped {
                break;
            }
        }
        items
    }

    fn steps(&mut self, on: &Expr, steps: &[Step]) -> Vec<Arg> {
        let mut steps = steps.iter();
        let mut items = match (on, steps.as_slice().first()) {
            (Expr::Type(name), Some(Step::Member { name: member, args })) => {
                steps.next();
                let member = self.value_of(member);
                let member = of(&member).text.to_ascii_lowercase();
                let args = args.as_ref().map(|it| self.values(it, &[]));
                self.static_member(name, &member, args.as_deref())
            }
            (Expr::Block(block), Some(_)) => {
                let current = self.session.current.clone();
                self.call_block(block, None, current)
            }
            _ => self.value_of(on),
        };
        for step in steps {
            items = match step {
                Step::Member { name, args } => {
                    let name = self.value_of(name);
                    let name = of(&name).text.to_ascii_lowercase();
                    let args = args.as_ref().map(|it| self.values(it, &items));
                    let span = items.first().map(|it| it.span).unwrap_or_default();
                    self.member(items, &name, args.as_deref(), span)
                }
                Step::Index(at) => {
                    let at = self.value_of(at);
                    text::element(items, &at)
                }
            };
        }
        items
    }

    /// The arguments of a call; a block among them runs with the object as `$_`.
    fn values(&mut self, args: &[Expr], current: &[Arg]) -> Vec<Vec<Arg>> {
        let mut found = Vec::new();
        for arg in args {
            if let Expr::Block(block) = arg {
                found.push(self.call_block(block, None, current.to_vec()));
            } else {
                found.push(self.value_of(arg));
            }
        }
        found
    }
}

/// Several objects as one: the only one, or an unknown one with all sources.
pub(super) fn of(items: &[Arg]) -> Arg {
    if let [one] = items {
        return one.clone();
    }
    let mut arg = Arg::unknown(Span::default());
    for item in items {
        arg.from.extend(&item.from);
        arg.flags.set(item.flags.0 & ArgFlags::HIDDEN);
    }
    arg
}

/// `+`: texts join, lists grow.
pub(super) fn sum(left: Vec<Arg>, right: Vec<Arg>) -> Vec<Arg> {
    if let ([one], [other]) = (left.as_slice(), right.as_slice()) {
        let cut = one.text.ends_with(char::is_alphanumeric)
            && other.text.starts_with(char::is_alphanumeric);
        let mut sum = text::join(&[one.clone(), other.clone()], "");
        if cut {
            sum.flags.set(ArgFlags::HIDDEN);
        }
        return vec![sum];
    }
    let mut all = left;
    all.extend(right);
    limited(all)
}
