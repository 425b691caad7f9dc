//! Owns under which invocation each one of a reading is shown: what starts it, what its output becomes part
//! of, or what it reads from. Does not own how that looks (`render`). Invariant: every invocation has one
//! place, and none is above itself.

use crate::shell::{Arg, Invocation, Reading};

/// Why an invocation stands under another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The other one starts it.
    Starts,
    /// Its input is the other one's output.
    Pipe,
    /// Its output is part of the other one's words.
    Substitution,
}

impl By {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Starts => "starts",
            Self::Pipe => "pipes into",
            Self::Substitution => "takes the output of",
        }
    }
}

/// For each invocation what it stands under.
pub(super) type Places = Vec<Option<(usize, By)>>;

/// One line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) invocation: usize,
    /// What stands before it.
    pub(super) branch: String,
    /// What stands before its details.
    pub(super) margin: String,
}

/// Where each invocation stands.
pub(super) fn places(reading: &Reading) -> Places {
    let all = &reading.invocations;
    let mut places: Places = vec![None; all.len()];
    let at = |it: &u32| usize::try_from(*it).ok().filter(|it| *it < all.len());
    for (index, it) in all.iter().enumerate() {
        let feeder = it.fed_by.iter().find_map(at);
        let beside = |other: &usize| all.get(*other).is_some_and(|by| by.parent == it.parent);
        put(&mut places, index, feeder.filter(beside), By::Pipe);
    }
    for (index, it) in all.iter().enumerate() {
        for part in words(it).flat_map(|word| &word.from).filter_map(at) {
            let head = top(&places, part);
            put(&mut places, head, Some(index), By::Substitution);
        }
    }
    for (index, it) in all.iter().enumerate() {
        put(
            &mut places,
            index,
            it.parent.as_ref().and_then(at),
            By::Starts,
        );
    }
    places
}

/// Every word of an invocation.
fn words(it: &Invocation) -> impl Iterator<Item = &Arg> {
    let assigned = it.assignments.iter().map(|it| &it.value);
    let redirected = it.redirects.iter().map(|it| &it.target);
    it.argv.iter().chain(assigned).chain(redirected)
}

/// The topmost of those that one stands under.
fn top(places: &Places, from: usize) -> usize {
    let above = |it: &usize| places.get(*it).copied().flatten().map(|it| it.0);
    std::iter::successors(Some(from), above)
        .last()
        .unwrap_or(from)
}

/// Places an invocation that has no place, unless it would stand under itself.
fn put(places: &mut Places, index: usize, under: Option<usize>, by: By) {
    if let Some(under) = under
        && top(places, under) != index
        && let Some(place @ None) = places.get_mut(index)
    {
        *place = Some((under, by));
    }
}

/// Deeper rows are indented no further.
const DEPTH_LIMIT: usize = 24;

/// The rows of the tree in the order of the text.
pub(super) fn rows(places: &Places) -> Vec<Row> {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); places.len()];
    let mut open: Vec<(usize, String, usize, bool)> = Vec::new();
    for (index, place) in places.iter().enumerate() {
        match place {
            None => open.push((index, String::new(), 0, true)),
            Some((under, _)) => below
                .get_mut(*under)
                .into_iter()
                .for_each(|it| it.push(index)),
        }
    }
    open.reverse();
    let mut rows = Vec::new();
    while let Some((index, indent, depth, last)) = open.pop() {
        let (mut branch, mut inner) = (indent.clone(), indent);
        if depth > 0 {
            branch.push_str(if last { "└─ " } else { "├─ " });
        }
        if (1..DEPTH_LIMIT).contains(&depth) {
            inner.push_str(if last { "   " } else { "│  " });
        }
        let children = below.get_mut(index).map(std::mem::take);
        let children = children.unwrap_or_default();
        let mut margin = inner.clone();
        margin.push_str(if children.is_empty() { "   " } else { "│  " });
        rows.push(Row {
            invocation: index,
            branch,
            margin,
        });
        for (number, child) in children.into_iter().rev().enumerate() {
            open.push((child, inner.clone(), depth + 1, number == 0));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::{Surroundings, read};

    #[track_caller]
    fn check(command: &str, wanted: &[&str]) {
        let around = Surroundings {
            cwd: "/p",
            home: "/home/dev",
            project: "/p",
            files: None,
        };
        let reading = read(command, &around);
        let places = places(&reading);
        let line = |row: Row| {
            let by = places[row.invocation].map_or("", |it| it.1.word());
            let text = reading.invocations[row.invocation].display();
            format!("{}{by}: {text}", row.branch)
        };
        let lines: Vec<String> = rows(&places).into_iter().map(line).collect();
        assert_eq!(lines, wanted);
        assert_eq!(lines.len(), reading.invocations.len());
    }

    #[test]
    fn what_belongs_together_stands_together() {
        check("ls; pwd", &[": ls", ": pwd"]);
        check("a x | b y", &[": a x", "└─ pipes into: b y"]);
        check(
            "sudo env rm -r x; ls",
            &[
                ": sudo env rm -r x",
                "└─ starts: env rm -r x",
                "   └─ starts: rm -r x",
                ": ls",
            ],
        );
        check(
            "echo $(cat a | grep b) \"$(date)\"",
            &[
                ": echo \u{25c6} \u{25c7}",
                "├─ takes the output of: cat a",
                "│  └─ pipes into: grep b",
                "└─ takes the output of: date",
            ],
        );
        check(
            "find . -print | xargs rm",
            &[
                ": find . -print",
                "└─ pipes into: xargs rm",
                "   └─ starts: rm .",
            ],
        );
    }

    #[test]
    fn long_chains_stay_in_bounds() {
        let reading = read(
            "a | ".repeat(300).trim_end_matches(" | "),
            &Surroundings::default(),
        );
        let rows = rows(&places(&reading));
        assert_eq!(rows.len(), 300);
        assert!(
            rows.iter()
                .all(|it| it.branch.chars().count() < 3 * DEPTH_LIMIT + 4)
        );
    }

    #[test]
    fn nothing_stands_under_itself() {
        let mut reading = read("a | b", &Surroundings::default());
        reading.invocations[0].fed_by = vec![1];
        assert_eq!(rows(&places(&reading)).len(), 2);
        reading.invocations[0].fed_by = vec![0, 7];
        assert_eq!(rows(&places(&reading)).len(), 2);
    }
}
