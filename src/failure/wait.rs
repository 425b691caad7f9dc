//! Owns how long an answer asks to wait. Does not own whether anybody waits. Invariant: an answer that
//! names no time, or one that is no number, is none.

/// Seconds that a rate-limit answer asks to wait: `Retry-After: 30`, `retry after 12 seconds`,
/// `try again in 1m30s`.
pub fn retry_after(text: &str) -> Option<u32> {
    let end = text.floor_char_boundary(LIMIT);
    let lower = text.get(..end).unwrap_or_default().to_ascii_lowercase();
    // The first that is followed by a time.
    let places = PHRASES.iter().flat_map(|phrase| {
        lower.match_indices(phrase).filter_map(|(at, _)| {
            let rest = lower.get(at + phrase.len()..)?;
            Some((at, duration(rest)?))
        })
    });
    places.min_by_key(|it| it.0).map(|it| it.1)
}

/// Bytes that are searched.
const LIMIT: usize = 8 << 10;

const PHRASES: &[&str] = &[
    "retry-after",
    "retry_after",
    "retryafter",
    "retrydelay",
    "retry after",
    "retry in",
    "retrying in",
    "try again in",
    "try again after",
    "wait for",
    "please wait",
    "wait at least",
    "resets in",
    "reset in",
];

/// The seconds at the start of a text: a number behind quotes, `:`, `=` and spaces, and its unit, as often
/// as they follow each other.
fn duration(text: &str) -> Option<u32> {
    let mut rest = text.trim_start_matches([' ', ':', '=', '"', '\'', '>', '~', '\t']);
    let mut seconds = None;
    loop {
        let digits = rest
            .find(|it: char| !it.is_ascii_digit() && it != '.')
            .unwrap_or(rest.len());
        let (number, behind) = rest.split_at(digits);
        let Ok(number) = number.trim_end_matches('.').parse::<f64>() else {
            return seconds.map(rounded);
        };
        let behind = behind.trim_start_matches([' ', '-']);
        let letters = behind
            .find(|it: char| !it.is_ascii_alphabetic())
            .unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(letters);
        let factor = match unit {
            "ms" | "msec" | "millisecond" | "milliseconds" => 0.001,
            "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
            "h" | "hr" | "hrs" | "hour" | "hours" => 3600.0,
            "d" | "day" | "days" => 86_400.0,
            _ => 1.0,
        };
        seconds = Some(seconds.unwrap_or(0.0) + number * factor);
        let named = matches!(unit.as_bytes().first(), Some(b'd' | b'h' | b'm' | b's'));
        if !named {
            return seconds.map(rounded);
        }
        rest = behind.trim_start_matches([' ', ',']);
        rest = rest.strip_prefix("and ").unwrap_or(rest);
    }
}

/// Whole seconds, never too few, a week at most.
fn rounded(seconds: f64) -> u32 {
    const LONGEST: u32 = 7 * 86_400;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number was made small and positive"
    )]
    let whole = seconds.ceil().clamp(0.0, f64::from(LONGEST)) as u32;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_spelling() {
        for (text, wanted) in [
            ("< Retry-After: 30\r\n", 30),
            ("retry after 12 seconds", 12),
            ("Please try again in 1m30s.", 90),
            ("try again in 1 minute and 5 seconds", 65),
            ("{\"retry_after\": 0.64}", 1),
            ("\"retryDelay\": \"34s\"", 34),
            ("Rate limit reached. Please try again in 350ms.", 1),
            ("HTTP 429: retrying in 2.5 s", 3),
            ("resets in 2h", 7200),
            ("please wait 5 minutes", 300),
            ("retry after some time; Retry-After: 7", 7),
            ("retry-after: 99999999999999999999", 604_800),
        ] {
            assert_eq!(retry_after(text), Some(wanted), "{text}");
        }
        for text in [
            "",
            "retry later",
            "try again in a moment",
            "retry-after: soon",
            "30 s",
        ] {
            assert_eq!(retry_after(text), None, "{text}");
        }
    }
}
