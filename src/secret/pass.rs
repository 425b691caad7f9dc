//! Owns the one pass over the words of a text, in which each is asked whether a token starts here or a
//! secret is named here. Does not own what these look like (`shape`, `assign`, `credential`), nor what
//! becomes of them (`redact`, `find`). Invariant: values come in order and never overlap.

use std::ops::Range;

use super::assign;
use super::credential;
use super::scan::{Text, Value, is_word, length_until, mark_length};
use super::shape::{self, SHORTEST};

/// The secrets that are a word of the text or the value of one.
pub(super) fn values(text: &str) -> Vec<Value> {
    let mut pass = Pass {
        read: Text::new(text.as_bytes()),
        found: Vec::new(),
        program: Program::Other,
    };
    let mut at = 0;
    while let Some(&byte) = pass.read.bytes.get(at) {
        at = if is_word(byte) {
            pass.word(at)
        } else {
            pass.mark(at, byte)
        };
    }
    pass.found
}

/// The program whose arguments are being read, where its short flags carry passwords.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Program {
    Other,
    /// `-pPASSWORD`, attached.
    Mysql,
    /// `-p PASSWORD`.
    Sshpass,
    /// `-u USER:PASSWORD`.
    Curl,
    /// `-a PASSWORD`.
    Redis,
    /// `docker login -p PASSWORD`.
    Login,
}

struct Pass<'a> {
    read: Text<'a>,
    found: Vec<Value>,
    program: Program,
}

impl Pass<'_> {
    /// Looks at the word that starts at `start`; returns where to go on.
    fn word(&mut self, start: usize) -> usize {
        let end = start + length_until(self.read.bytes, start, |it| !is_word(it));
        let goes_on = || matches!(self.read.byte(end), Some(b'-' | b'.' | b'/' | b':'));
        if (end - start >= SHORTEST || goes_on())
            && let Some(token) = shape::token(&self.read, start, self.read.bytes.len())
        {
            return self.replace(start..start + token.length, token.kind);
        }
        if let Some(value) = assign::named(&self.read, start, end) {
            return self.take(value, end);
        }
        self.note_program(self.read.part(start..end));
        end
    }

    /// Looks at what is no word; returns where to go on.
    fn mark(&mut self, at: usize, byte: u8) -> usize {
        match byte {
            b':' if self.read.rest(at).starts_with(b"://") => {
                match credential::in_url(&self.read, at + 3) {
                    Some(value) => {
                        // The words of the user are read as they are where a mark is the password.
                        let user = self.read.part(at + 3..value.at.start);
                        user.split(|it| !is_word(*it))
                            .for_each(|it| self.note_program(it));
                        self.take(value, at + 3)
                    }
                    None => at + 3,
                }
            }
            b'-' if self.program != Program::Other => self.flag(at),
            // The marks of an earlier pass stay as they are.
            b'[' => at + mark_length(self.read.rest(at)).unwrap_or(1),
            b'\n' | b';' | b'|' | b'&' => {
                self.program = Program::Other;
                at + 1
            }
            _ => at + 1,
        }
    }

    fn note_program(&mut self, word: &[u8]) {
        // Most words are done here.
        if !matches!(word.first(), Some(b'c' | b'l' | b'm' | b'r' | b's')) || word.len() < 4 {
            return;
        }
        self.program = match word {
            b"mysql" | b"mysqldump" | b"mysqladmin" | b"mysqlimport" | b"mysqlsh" | b"mariadb"
            | b"mycli" => Program::Mysql,
            b"sshpass" => Program::Sshpass,
            b"curl" => Program::Curl,
            b"redis" => Program::Redis,
            b"login" => Program::Login,
            _ => return,
        };
    }

    /// A short flag of a program whose flags carry passwords.
    fn flag(&mut self, at: usize) -> usize {
        let spaced = |at: usize| {
            self.read
                .byte(at)
                .is_some_and(|it| it.is_ascii_whitespace())
        };
        let starts = at == 0 || spaced(at - 1);
        let Some(letter) = self.read.byte(at + 1).filter(|_| starts) else {
            return at + 1;
        };
        let apart = spaced(at + 2);
        let value = match (self.program, letter) {
            (Program::Mysql, b'p') if !apart => credential::short_flag(&self.read, at + 2, false),
            (Program::Sshpass | Program::Login, b'p') | (Program::Redis, b'a') => {
                credential::short_flag(&self.read, at + 2, false)
            }
            (Program::Curl, b'u' | b'U') => credential::short_flag(&self.read, at + 2, true),
            (Program::Curl, b'-') => self.user_flag(at),
            _ => None,
        };
        match value {
            Some(value) => self.take(value, at + 1),
            None => at + 1,
        }
    }

    /// `--user name:password` and `--proxy-user` of curl.
    fn user_flag(&self, at: usize) -> Option<Value> {
        let rest = self.read.rest(at);
        let name = [b"--user".as_slice(), b"--proxy-user"]
            .into_iter()
            .find(|it| rest.starts_with(it))?;
        let joint = at + name.len();
        matches!(self.read.byte(joint)?, b' ' | b'=')
            .then(|| credential::short_flag(&self.read, joint + 1, true))?
    }

    fn take(&mut self, value: Value, otherwise: usize) -> usize {
        // What an earlier pass left is no secret.
        let found = self.read.part(value.at.clone());
        if mark_length(found) == Some(found.len()) {
            return value.at.end.max(otherwise);
        }
        // A token inside says more about the kind than the name in front of it does.
        match shape::token(&self.read, value.at.start, value.at.end) {
            Some(token) if token.length == found.len() => self.replace(value.at, token.kind),
            _ => self.replace(value.at, value.kind),
        }
    }

    fn replace(&mut self, at: Range<usize>, kind: &'static str) -> usize {
        let end = at.end;
        self.found.push(Value { at, kind });
        end
    }
}
