//! Owns what an alias starts: its words with the arguments behind them, as the shell would put them together.

use crate::shell::invocation::{Context, Invocation};
use crate::shell::unwrap;

use super::Walker;

impl Walker<'_> {
    pub(super) fn follow_alias(&mut self, program: &str, index: u32) {
        let Some(alias) = self.state.alias(program) else {
            return;
        };
        if self.calls.iter().any(|it| it == program) {
            return;
        }
        let mut text = alias.clone();
        self.calls.push(program.to_owned());
        if is_words(&text.text) {
            let words = unwrap::split(&text);
            let argv = |it: &Invocation| [words.as_slice(), it.args()].concat();
            self.start_child(index, argv, 0);
        } else {
            if let Some(invocation) = self.reading.invocations.get(index as usize) {
                for arg in invocation.args() {
                    text.text.push(' ');
                    text.text.push_str(&quote(&arg.text));
                }
            }
            self.walk_text(&text, Context::NESTED, index);
        }
        self.calls.pop();
    }
}

/// True for text that is nothing but words, which what follows an alias is added to.
fn is_words(text: &str) -> bool {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b" -_./:,@%+".contains(&it);
    text.bytes().all(plain)
}

/// A word of shell text that expands to this text.
fn quote(text: &str) -> String {
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || b"-_./=:,@%+*?~".contains(&it) || it > 127);
    if plain {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
