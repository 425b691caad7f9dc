//! Owns handles that lead to a shell: Perl's `open(my $p, "|sh")`, `popen("sh", "w")` of other languages, and what
//! is written to them. Does not own other files.

use super::awk::is_shell;
use super::eval::{Operand, Reader};
use super::format::format;
use super::token::Token;
use super::{Language, Value};

/// What a handle of this kind is called while the code is read.
pub(super) const SHELL: &str = "|sh";

impl Reader<'_> {
    /// Remembers the handle of an `open` whose arguments begin at `start`, where a shell is behind it.
    pub(super) fn piped(&mut self, chain: &str, start: usize, args: &[Value]) {
        if self.language != Language::Perl || chain != "open" {
            return;
        }
        let mut texts = args.iter().skip(1).map(Value::text);
        let way = texts.next().unwrap_or_default();
        let Some(program) = way.trim_start().strip_prefix('|') else {
            return;
        };
        let program = match program {
            "-" => texts.collect::<Vec<_>>().join(" "),
            program => program.to_owned(),
        };
        let names = self.tokens.iter().skip(start);
        let name = names.take(2).find_map(|it| match it {
            Token::Name(name) if name != "my" && name != "our" && name != "local" => Some(name),
            _ => None,
        });
        if let Some(name) = name.filter(|_| is_shell(&Value::Text(program))) {
            let operand = Operand {
                value: Value::Unknown,
                chain: SHELL.to_owned(),
            };
            self.remember(name.clone(), operand);
        }
    }

    /// `print $p "text"`, `print {$p} "text"`: what a shell is given it runs. False for any other print.
    pub(super) fn printed(&mut self, chain: &str) -> bool {
        if !matches!(chain, "print" | "printf" | "say") {
            return false;
        }
        let braces = usize::from(self.is(0, '{'));
        let Some(Token::Name(name)) = self.peek(braces).cloned() else {
            return false;
        };
        let known = self.names.iter().rev().find(|it| it.0 == name);
        if known.is_none_or(|it| it.1.chain != SHELL) {
            return false;
        }
        self.at += 1 + 2 * braces;
        let mut items = vec![self.expression().value];
        while self.take(',') {
            items.push(self.expression().value);
        }
        let text = match items.split_first() {
            Some((first, rest)) if chain == "printf" => format(first, &Value::List(rest.to_vec())),
            _ => Value::Text(items.iter().map(Value::text).collect()),
        };
        self.call("`".to_owned(), Value::Unknown, vec![text]);
        true
    }
}

/// What is written by a method of such a handle.
pub(super) fn written(chain: &str, args: &[Value]) -> Option<Value> {
    let method = chain.strip_prefix(SHELL)?;
    matches!(method, ".write" | ".puts" | ".print" | ".writelines")
        .then(|| Value::Text(args.iter().map(Value::text).collect()))
}
