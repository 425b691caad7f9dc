//! Owns the value of arithmetic over written-out numbers. Does not own variables: an expression with a name
//! in it has no value here. Invariant: exact or None; nesting is bounded.

/// Parentheses and signs deeper than this are not followed.
const DEPTH_LIMIT: u32 = 16;

/// The value of an expression of decimal, octal and hexadecimal numbers.
pub(super) fn value(text: &str) -> Option<i64> {
    let mut reader = Reader {
        rest: text,
        depth: 0,
    };
    let value = reader.sum()?;
    reader.rest.trim().is_empty().then_some(value)
}

struct Reader<'t> {
    rest: &'t str,
    depth: u32,
}

impl Reader<'_> {
    fn take(&mut self, marks: &[char]) -> Option<char> {
        self.rest = self.rest.trim_start();
        let mark = self.rest.chars().next().filter(|it| marks.contains(it))?;
        self.rest = self.rest.get(mark.len_utf8()..)?;
        Some(mark)
    }

    fn sum(&mut self) -> Option<i64> {
        let mut left = self.product()?;
        while let Some(mark) = self.take(&['+', '-']) {
            let right = self.product()?;
            left = match mark {
                '+' => left.checked_add(right)?,
                _ => left.checked_sub(right)?,
            };
        }
        Some(left)
    }

    fn product(&mut self) -> Option<i64> {
        let mut left = self.factor()?;
        while let Some(mark) = self.take(&['*', '/', '%']) {
            let right = self.factor()?;
            left = match mark {
                '*' => left.checked_mul(right)?,
                '/' => left.checked_div(right)?,
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
        let value = match self.take(&['(', '-', '+']) {
            Some('(') => {
                let inner = self.sum()?;
                self.take(&[')'])?;
                inner
            }
            Some('-') => self.factor()?.checked_neg()?,
            Some(_) => self.factor()?,
            None => self.number()?,
        };
        self.depth -= 1;
        Some(value)
    }

    fn number(&mut self) -> Option<i64> {
        let end = self.rest.find(|it: char| !it.is_ascii_alphanumeric());
        let (digits, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
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
            ("-(-169)", Some(169)),
            ("7 % 4 / 2", Some(1)),
            ("1/0", None),
            ("a+9", None),
            ("1 << 3", None),
            ("9223372036854775807+1", None),
            ("", None),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
        assert_eq!(value(&"(".repeat(100_000)), None);
    }
}
