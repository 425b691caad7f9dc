//! Owns aliases, the shell's and git's, that the text itself sets and then uses. Does not own those of the
//! user's own files. Invariant: an alias is followed once, not within itself.

use crate::shell::flags::options;
use crate::shell::invocation::{Context, Invocation};
use crate::shell::unwrap::{self, like};

use super::Walker;

impl Walker<'_> {
    /// The alias that a program's name is.
    pub(super) fn follow_alias(&mut self, program: &str, index: u32) {
        self.follow_name(program, 0, index);
        if program == "git" {
            self.follow_git(index);
        }
    }

    /// What the alias stands for, with the arguments from the nth on behind it.
    fn follow_name(&mut self, name: &str, rest: usize, index: u32) {
        let Some(alias) = self.state.alias(name) else {
            return;
        };
        if self.calls.iter().any(|it| it == name) {
            return;
        }
        let mut text = alias.clone();
        let behind = |it: &Invocation| it.args().get(rest..).unwrap_or_default().to_vec();
        self.calls.push(name.to_owned());
        if is_words(&text.text) {
            let words = unwrap::split(&text);
            let argv = |it: &Invocation| [words.as_slice(), &behind(it)].concat();
            self.start_child(index, argv, 0);
        } else {
            if let Some(invocation) = self.reading.at(index) {
                for arg in behind(invocation) {
                    text.text.push(' ');
                    text.text.push_str(&quote(&arg.text));
                }
            }
            self.walk_text(&text, Context::NESTED, index);
        }
        self.calls.pop();
    }

    /// `git config alias.NAME TEXT`, and the use of such a name.
    fn follow_git(&mut self, index: u32) {
        let Some(invocation) = self.reading.at(index) else {
            return;
        };
        let args = invocation.args();
        if let Some(at) = args.iter().position(|it| it.text.starts_with("alias.")) {
            let sets = args.iter().any(|it| it.text == "config");
            if let (true, [name, text]) = (sets, args.get(at..at + 2).unwrap_or_default()) {
                let name = format!("git {}", name.text.get(6..).unwrap_or_default());
                let text = match text.text.strip_prefix('!') {
                    Some(command) => like(text, command),
                    None => like(text, format!("git {}", text.text)),
                };
                self.state.set_alias(&name, text);
            }
            return;
        }
        if let [.., key, value] = args
            && key.text.eq_ignore_ascii_case("clean.requireForce")
            && value.text == "false"
            && args.iter().any(|it| it.text == "config")
        {
            // From here on `git clean` needs no force.
            let forced = like(value, "git clean -f");
            self.state.set_alias("git clean", forced);
            return;
        }
        if !self.state.has_aliases() {
            return;
        }
        let options = options(invocation);
        let verb = options.subcommand(0).unwrap_or_default();
        let Some(at) = args.iter().position(|it| it.text == verb) else {
            return;
        };
        let name = format!("git {verb}");
        self.follow_name(&name, at + 1, index);
    }
}

/// True for text that is nothing but words, which what follows an alias is added to.
fn is_words(text: &str) -> bool {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b" -_./:,@%+".contains(&it);
    text.bytes().all(plain)
}

/// A word of shell text that expands to this text.
pub(super) fn quote(text: &str) -> String {
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || b"-_./=:,@%+*?~".contains(&it) || it > 127);
    if plain {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
