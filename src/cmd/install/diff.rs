//! Owns the difference between two texts as a unified diff, for `--dry-run`. Invariant: applying what it
//! prints to the old text gives the new one; very long texts get one coarse hunk instead of many.

use std::fmt::Write as _;

/// Unchanged lines shown around a change.
const AROUND: usize = 3;
/// Above this many cells of the comparison table the middle is shown as one change.
const TABLE_LIMIT: usize = 4_000_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Same,
    Old,
    New,
}

/// The unified diff between two texts; empty where they are equal.
pub(crate) fn unified(path: &str, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    let (old_lines, new_lines) = (lines(old), lines(new));
    let steps = steps(&old_lines, &new_lines);
    let mut text = format!("--- {path}\n+++ {path}\n");
    let mut at = 0;
    while let Some(next) = steps.iter().skip(at).position(|it| *it != Step::Same) {
        let start = (at + next).saturating_sub(AROUND).max(at);
        let end = hunk_end(&steps, at + next);
        hunk(&mut text, &steps, start..end, &old_lines, &new_lines);
        at = end;
    }
    text
}

/// Where the hunk around the change at `from` ends: changes closer than two contexts belong together.
fn hunk_end(steps: &[Step], from: usize) -> usize {
    let mut last = from;
    for (index, step) in steps.iter().enumerate().skip(from) {
        if *step != Step::Same {
            last = index;
        } else if index > last + 2 * AROUND {
            break;
        }
    }
    (last + 1 + AROUND).min(steps.len())
}

fn hunk(
    text: &mut String,
    steps: &[Step],
    range: std::ops::Range<usize>,
    old: &[&str],
    new: &[&str],
) {
    let count = |end: usize, side: Step| {
        let before = steps.iter().take(end);
        before
            .filter(|it| **it == Step::Same || **it == side)
            .count()
    };
    let (mut old_at, mut new_at) = (count(range.start, Step::Old), count(range.start, Step::New));
    let old_len = count(range.end, Step::Old) - old_at;
    let new_len = count(range.end, Step::New) - new_at;
    let first = |at: usize, len: usize| if len == 0 { at } else { at + 1 };
    let _ = writeln!(
        text,
        "@@ -{},{old_len} +{},{new_len} @@",
        first(old_at, old_len),
        first(new_at, new_len)
    );
    for step in steps.iter().take(range.end).skip(range.start) {
        let (mark, line) = match step {
            Step::Same => (' ', old.get(old_at)),
            Step::Old => ('-', old.get(old_at)),
            Step::New => ('+', new.get(new_at)),
        };
        old_at += usize::from(*step != Step::New);
        new_at += usize::from(*step != Step::Old);
        let line = line.copied().unwrap_or_default();
        let _ = write!(text, "{mark}{line}");
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// The way from the old lines to the new ones.
fn steps(old: &[&str], new: &[&str]) -> Vec<Step> {
    let same = |(a, b): &(&&str, &&str)| a == b;
    let head = old.iter().zip(new).take_while(same).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest);
    let tail = tail.take_while(same).count();
    let middle_old = old.get(head..old.len() - tail).unwrap_or_default();
    let middle_new = new.get(head..new.len() - tail).unwrap_or_default();
    let mut steps = vec![Step::Same; head];
    if middle_old.len() * middle_new.len() > TABLE_LIMIT {
        steps.extend(middle_old.iter().map(|_| Step::Old));
        steps.extend(middle_new.iter().map(|_| Step::New));
    } else {
        longest_common(&mut steps, middle_old, middle_new);
    }
    steps.extend(std::iter::repeat_n(Step::Same, tail));
    steps
}

/// Adds the steps along a longest common subsequence.
fn longest_common(steps: &mut Vec<Step>, old: &[&str], new: &[&str]) {
    let width = new.len() + 1;
    let mut table = vec![0_u32; (old.len() + 1) * width];
    let cell = |table: &[u32], a: usize, b: usize| table.get(a * width + b).copied().unwrap_or(0);
    for (a, left) in old.iter().enumerate().rev() {
        for (b, right) in new.iter().enumerate().rev() {
            let value = if left == right {
                cell(&table, a + 1, b + 1) + 1
            } else {
                cell(&table, a + 1, b).max(cell(&table, a, b + 1))
            };
            if let Some(slot) = table.get_mut(a * width + b) {
                *slot = value;
            }
        }
    }
    let (mut a, mut b) = (0, 0);
    while let (Some(left), Some(right)) = (old.get(a), new.get(b)) {
        if left == right {
            steps.push(Step::Same);
            a += 1;
            b += 1;
        } else if cell(&table, a + 1, b) >= cell(&table, a, b + 1) {
            steps.push(Step::Old);
            a += 1;
        } else {
            steps.push(Step::New);
            b += 1;
        }
    }
    steps.extend(old.iter().skip(a).map(|_| Step::Old));
    steps.extend(new.iter().skip(b).map(|_| Step::New));
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[track_caller]
    fn check(old: &str, new: &str, wanted: &str) {
        let text = unified("f", old, new);
        assert_eq!(text.strip_prefix("--- f\n+++ f\n").unwrap_or(&text), wanted);
    }

    #[test]
    fn shows_what_changes() {
        check("a\n", "a\n", "");
        check("", "a\n", "@@ -0,0 +1,1 @@\n+a\n");
        check("a\n", "", "@@ -1,1 +0,0 @@\n-a\n");
        check("a\nb\n", "a\nc\n", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
        check(
            "a",
            "b\n",
            "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n",
        );
        check(
            "1\n2\n3\n4\n5\n",
            "1\n2\n3\n4\nx\n5\n",
            "@@ -2,4 +2,5 @@\n 2\n 3\n 4\n+x\n 5\n",
        );
    }

    #[test]
    fn keeps_far_changes_apart_and_near_ones_together() {
        let old: String = (0..40)
            .flat_map(|it| [it.to_string(), "\n".to_owned()])
            .collect();
        let far = old.replace("\n5\n", "\nx\n").replace("\n30\n", "\ny\n");
        assert_eq!(unified("f", &old, &far).matches("@@ -").count(), 2);
        let near = old.replace("\n5\n", "\nx\n").replace("\n9\n", "\ny\n");
        assert_eq!(unified("f", &old, &near).matches("@@ -").count(), 1);
    }
}
