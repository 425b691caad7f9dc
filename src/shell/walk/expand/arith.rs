//! Owns the value of arithmetic over written-out numbers. Does not own variables: an expression with a name
//! in it has no value here. Invariant: exact or None; nesting is bounded.

/// Parentheses and signs deeper than this are not followed.
const DEPTH_LIMIT: u32 = 16;

/// The operators of two numbers, the weakest first; a longer one stands before what it begins with.
const ROWS: [&[&str]; 7] = [
    &["|"],
    &["^"],
    &["&"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
    &["**"],
];

/// The value of an expression of decimal, octal and hexadecimal numbers.
pub(super) fn value(text: &str) -> Option<i64> {
    let mut reader = Reader {
        rest: text,
        depth: 0,
    };
    let value = reader.binary(0)?;
    reader.rest.trim().is_empty().then_some(value)
}

struct Reader<'t> {
    rest: &'t str,
    depth: u32,
}

impl Reader<'_> {
    fn take(&mut self, marks: &[&str]) -> Option<usize> {
        self.rest = self.rest.trim_start();
        let found = marks.iter().position(|it| self.rest.starts_with(it))?;
        let length = marks.get(found)?.len();
        self.rest = self.rest.get(length..)?;
        Some(found)
    }

    /// Operators that bind at least as strongly as those of a row of [`ROWS`].
    fn binary(&mut self, row: usize) -> Option<i64> {
        let Some(marks) = ROWS.get(row) else {
            return self.factor();
        };
        let mut left = self.binary(row + 1)?;
        while let Some(found) = self.take(marks) {
            let right = self.binary(row + 1)?;
            let by = u32::try_from(right);
            left = match *marks.get(found)? {
                "|" => left | right,
                "^" => left ^ right,
                "&" => left & right,
                "<<" => left.checked_shl(by.ok()?)?,
                ">>" => left.checked_shr(by.ok()?)?,
                "+" => left.checked_add(right)?,
                "-" => left.checked_sub(right)?,
                "**" => left.checked_pow(by.ok()?)?,
                "*" => left.checked_mul(right)?,
                "/" => left.checked_div(right)?,
                _ => left.checked_rem(right)?,
            };
        }
        Some(left)
    }

    fn factor(&mut self) -> Option<i64> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return None;
        }
        let value = match self.take(&["(", "-", "+", "~"]) {
            Some(0) => {
                let inner = self.binary(0)?;
                self.take(&[")"])?;
                inner
            }
            Some(1) => self.factor()?.checked_neg()?,
            Some(2) => self.factor()?,
            Some(_) => !self.factor()?,
            None => self.number()?,
        };
        self.depth -= 1;
        Some(value)
    }

    fn number(&mut self) -> Option<i64> {
        let end = self.rest.find(|it: char| !it.is_ascii_alphanumeric());
        let (digits, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        if let Some(rest) = rest.strip_prefix('#') {
            // `base#digits`
            let base = digits.parse().ok().filter(|it| (2..=36).contains(it))?;
            let end = rest.find(|it: char| !it.is_ascii_alphanumeric());
            let (digits, rest) = rest.split_at(end.unwrap_or(rest.len()));
            self.rest = rest;
            return i64::from_str_radix(digits, base).ok();
        }
        let hexadecimal = digits
            .strip_prefix("0x")
            .or_else(|| digits.strip_prefix("0X"));
        match (hexadecimal, digits.strip_prefix('0')) {
            (Some(digits), _) => i64::from_str_radix(digits, 16).ok(),
            (None, Some(digits)) if !digits.is_empty() => i64::from_str_radix(digits, 8).ok(),
            _ => digits.parse().ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn written_out_numbers_have_a_value() {
        for (text, expected) in [
            ("160+9", Some(169)),
            (" 2 * (80 + 4) + 1 ", Some(169)),
            ("0xA9", Some(169)),
            ("0251", Some(169)),
            ("16#a9", Some(169)),
            ("2#10101001", Some(169)),
            ("99#1", None),
            ("-(-169)", Some(169)),
            ("7 % 4 / 2", Some(1)),
            ("1/0", None),
            ("a+9", None),
            ("(169<<24) + (254<<16)", Some(2_851_995_648)),
            ("0xa9fe & 0xff", Some(254)),
            ("2**8 - 87", Some(169)),
            ("1 && 0", None),
            ("1 << 99", None),
            ("9223372036854775807+1", None),
            ("", None),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
        assert_eq!(value(&"(".repeat(100_000)), None);
    }
}
