//! Owns the distance between two words and the nearest of many, for suggestions in messages. Invariant:
//! a suggestion is offered only where most of the word agrees.

/// The candidate closest to `word`, where it is close enough to be meant.
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.len() / 3).clamp(1, 3);
    candidates
        .map(|it| (distance(word, it), it))
        .filter(|(distance, it)| *distance <= limit && *distance < it.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, it)| it)
}

/// Insertions, deletions and replacements between two words (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (index, a) in left.chars().take(LENGTH_LIMIT).enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(right.chars()) {
            let here = (diagonal + usize::from(a != b))
                .min(before + 1)
                .min(*cell + 1);
            diagonal = *cell;
            *cell = here;
            before = here;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Longer words are compared by their beginning: the cost is the product of the lengths.
const LENGTH_LIMIT: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let check = |a: &str, b: &str, expected: usize| {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        };
        check("", "", 0);
        check("", "abc", 3);
        check("mode", "mode", 0);
        check("mod", "mode", 1);
        check("kitten", "sitting", 3);
        check("ä", "a", 1);
    }

    #[test]
    fn only_a_close_word_is_suggested() {
        let check = |word: &str, expected: Option<&str>| {
            assert_eq!(
                nearest(word, ["observe", "enforce"].into_iter()),
                expected,
                "{word}"
            );
        };
        check("observ", Some("observe"));
        check("inforce", Some("enforce"));
        check("off", None);
        check("", None);
    }
}
