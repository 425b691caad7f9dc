//! Owns reading where notifications go: URLs, tokens, chats, a program, the words of what is told. Does not
//! own what is wrong with one of them (`problem`). Invariant: a message quotes nothing of a URL or token.

use toml::Spanned;
use toml::de::{DeArray, DeValue};

use super::{Reader, problem, wanted};
use crate::policy::table::{Kind, Row};
use crate::policy::value::{Hidden, Value};

impl Reader<'_> {
    /// A URL, token or chat.
    pub(super) fn destination(&mut self, row: &Row, text: &str, at: usize) -> Option<Value> {
        let found = match row.kind {
            Kind::Url => problem::url(text),
            Kind::Token => problem::token(text),
            _ => problem::chat(text),
        };
        if let Some(message) = found {
            self.problem(at, message);
            return None;
        }
        Some(if row.kind == Kind::Chat {
            Value::Word(text.to_owned())
        } else {
            Value::Hidden(Hidden::new(text))
        })
    }

    /// A program with its arguments.
    pub(super) fn program(&mut self, row: &Row, value: &Spanned<DeValue>) -> Option<Value> {
        let words: Option<Vec<String>> = match value.get_ref() {
            DeValue::String(program) => Some(vec![program.to_string()]),
            DeValue::Array(items) => {
                let text = |it: &Spanned<DeValue>| it.get_ref().as_str().map(str::to_owned);
                items.iter().map(text).collect()
            }
            _ => None,
        };
        let at = value.span().start;
        let Some(words) = words else {
            self.problem(at, format!("`{}` wants {}", row.key, wanted(row)));
            return None;
        };
        if let Some(message) = problem::command(&words) {
            self.problem(at, message);
            return None;
        }
        Some(Value::List(words))
    }

    /// Words out of a list of them.
    pub(super) fn words(&mut self, row: &Row, words: &str, items: &DeArray) -> Value {
        let mut found = Vec::new();
        for item in items {
            let at = item.span().start;
            match item.get_ref().as_str() {
                Some(word) => found.extend(self.word(row.key, words, word, at)),
                None => self.problem(at, format!("`{}` wants {}", row.key, wanted(row))),
            }
        }
        Value::List(found)
    }
}
