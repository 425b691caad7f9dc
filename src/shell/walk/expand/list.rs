//! Owns elements and slices of lists: `${a[1]}`, `${m[key]}`, `${@:2}`. Elements with a name of their own
//! stand in a list as `[name]=value`. Invariant: an element is known only where the whole list is.

use crate::shell::ast::{Param, Part};
use crate::shell::invocation::{Arg, ArgFlags, Span};

use super::super::Walker;
use super::super::state::Value;
use super::param::Found;

impl Walker<'_> {
    /// A subscript; a name in it stands for the number that it holds.
    pub(super) fn subscript(&mut self, parts: &[Part]) -> Arg {
        let key = self.join_parts(parts);
        match self.state.get(&key.text) {
            Some(Value::Scalar(them)) => match them.as_slice() {
                [one] if one.text.bytes().all(|it| it.is_ascii_digit()) => one.clone(),
                _ => key,
            },
            _ => key,
        }
    }
}

/// One element of an array, where a subscript asks for it.
pub(super) fn select(found: Found, param: &Param, key: Option<&Arg>) -> Found {
    let Found::List(values) = found else {
        return found;
    };
    if matches!(param.name.as_str(), "@" | "*") {
        return Found::List(values);
    }
    let key = match &param.index {
        None => "0",
        Some(index) => match index.as_slice() {
            [Part::Lit(text) | Part::Quoted(text)] if text == "@" || text == "*" => {
                return if values.is_empty() {
                    Found::Nothing
                } else {
                    Found::List(values.into_iter().map(unnamed).collect())
                };
            }
            [Part::Lit(text) | Part::Quoted(text)] => match key {
                // A name with a value of its own, where no element is called so.
                Some(key) if !values.iter().any(|it| is_element(it, text)) => key.text.as_str(),
                _ => text.as_str(),
            },
            _ => match key.filter(|it| it.is_known()) {
                Some(key) => key.text.as_str(),
                None => return Found::Unknown,
            },
        },
    };
    if values.iter().any(|it| it.flags.has(ArgFlags::MANY)) {
        return Found::Unknown;
    }
    let named = format!("[{key}]=");
    if let Some(at) = values.iter().rposition(|it| it.text.starts_with(&named)) {
        let found = values.into_iter().nth(at).map(unnamed);
        return found.map_or(Found::Unknown, Found::One);
    }
    match key.parse::<usize>() {
        Ok(at) => values
            .into_iter()
            .nth(at)
            .map_or(Found::Nothing, |it| Found::One(unnamed(it))),
        Err(_) => Found::Unknown,
    }
}

fn is_element(value: &Arg, name: &str) -> bool {
    let rest = value.text.strip_prefix('[');
    rest.and_then(|it| it.strip_prefix(name))
        .is_some_and(|it| it.starts_with("]="))
}

/// The names of the elements: `${!m[@]}`.
pub(super) fn keys(values: &[Arg]) -> Found {
    let name = |it: &Arg| {
        let (name, _) = it.text.strip_prefix('[')?.split_once("]=")?;
        Some(Arg::literal(name, it.span))
    };
    let names: Option<Vec<Arg>> = values.iter().map(name).collect();
    names
        .filter(|it| !it.is_empty())
        .map_or(Found::Unknown, Found::List)
}

/// The value of an element without its name.
fn unnamed(mut value: Arg) -> Arg {
    if value.text.starts_with('[')
        && let Some((_, text)) = value.text.split_once("]=")
    {
        value.text = text.to_owned();
        // The brackets of the name are no pattern.
        if !value.text.contains(['*', '?', '[']) {
            value.flags.0 &= !ArgFlags::GLOB;
        }
    }
    value
}

/// Some elements of a list; positional parameters count from one.
pub(super) fn slice(
    values: Vec<Arg>,
    offset: &Arg,
    length: Option<&Arg>,
    from_one: bool,
) -> Vec<Arg> {
    let number = |arg: &Arg| arg.text.trim().parse::<usize>().ok();
    let known = !values.iter().any(|it| it.flags.has(ArgFlags::MANY));
    let count = length.map_or(Some(usize::MAX), number);
    if let (true, Some(from), Some(count)) = (known, number(offset), count) {
        let from = from.saturating_sub(usize::from(from_one));
        return values.into_iter().skip(from).take(count).collect();
    }
    let mut unknown = Arg::unknown(Span::default());
    unknown.flags.set(ArgFlags::MANY);
    unknown.from = values.into_iter().flat_map(|it| it.from).collect();
    vec![unknown]
}
