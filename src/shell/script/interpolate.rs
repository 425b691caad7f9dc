//! Owns literals that hold expressions: `"$name"`, `#{expr}`, `${expr}`, `f"{expr}"`, once the lexer has set
//! the expressions off by marks. Does not own where a literal ends (`token`). Invariant: an expression that
//! is not a plain name becomes a mark for something unknown, never nothing.

use super::token::Token;

/// Private marks around an interpolated expression while a literal is read.
pub(super) const OPEN: char = '\u{1}';
pub(super) const CLOSE: char = '\u{2}';

/// A string literal: its interpolated names become terms of a concatenation.
pub(super) fn terms(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut parts = text.split(OPEN);
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inner, rest) = part.split_once(CLOSE).unwrap_or((part, ""));
        if inner.chars().all(|it| it.is_alphanumeric() || it == '_') {
            found.push(Token::Text(std::mem::take(&mut plain)));
            found.push(Token::Mark('+'));
            found.push(Token::Name(inner.to_owned()));
            found.push(Token::Mark('+'));
        } else {
            plain.push_str(unnamed(inner));
        }
        plain.push_str(rest);
    }
    found.push(Token::Text(plain));
    found
}

/// A command in backquotes is a call of that name.
pub(super) fn command(text: &str) -> Vec<Token> {
    let mut found = vec![Token::Name("`".to_owned()), Token::Mark('(')];
    found.extend(terms(text));
    found.push(Token::Mark(')'));
    found
}

/// Ruby's `%w[a b]`: a list of its words.
pub(super) fn words(text: &str) -> Vec<Token> {
    let mut found = vec![Token::Mark('[')];
    for word in text.split_whitespace() {
        found.extend(terms(word));
        found.push(Token::Mark(','));
    }
    found.push(Token::Mark(']'));
    found
}

/// A format string with its `{...}` parts set off by [`OPEN`] and [`CLOSE`].
pub(super) fn formatted(text: &str) -> String {
    let (mut found, mut depth) = (String::new(), 0_u32);
    for letter in text.chars() {
        match letter {
            '{' => {
                if depth == 0 {
                    found.push(OPEN);
                }
                depth += 1;
            }
            '}' => {
                if depth == 1 {
                    found.push(CLOSE);
                }
                depth = depth.saturating_sub(1);
            }
            _ => found.push(letter),
        }
    }
    found
}

/// What stands for an interpolated expression: the home directory, or nothing that is known.
fn unnamed(inner: &str) -> &'static str {
    if ["HOME", "homedir()", ".home()", "Dir.home"]
        .iter()
        .any(|it| inner.contains(it))
    {
        "~"
    } else {
        "\u{25c6}"
    }
}
