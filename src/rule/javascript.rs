//! Owns the reading of JavaScript for rules: what of a text calls something, without its strings and comments.
//! Does not own what is dangerous (the rules), nor the programs that code starts (`shell`). Invariants: text
//! that finds its names at run time counts as said wherever it says them; time is linear in its length.

use super::pattern::{occurrences, phrase, stands_alone};

/// Code made ready.
pub(super) struct Code {
    /// Lower case, no comments, no space but between words; of strings only those that name a member or a key.
    text: String,
    /// It runs text, or calls what it names with a value: a string may be code as well.
    dynamic: bool,
    /// It hands commands to a database: `runCommand({drop: "users"})`.
    commands: bool,
    /// It calls functions that were handed on: `f.call(db)`.
    applies: bool,
}

/// What runs text that it is given.
const EVALUATORS: [&str; 4] = ["eval(", "Function(", "atob(", "fromCharCode"];
/// What calls a function that stands elsewhere.
const APPLIERS: [&str; 3] = [".call(", ".apply(", ".bind("];

pub(super) fn code(text: &str) -> Code {
    let mut reader = Reader {
        rest: text,
        ..Reader::default()
    };
    let whole = reader.read();
    let bare = reader.bare;
    Code {
        dynamic: !whole || reader.computed || EVALUATORS.iter().any(|it| bare.contains(it)),
        commands: bare.contains("Command("),
        applies: APPLIERS.iter().any(|it| bare.contains(it)),
        text: bare.to_ascii_lowercase(),
    }
}

impl Code {
    /// True where a phrase (lower case) is called: a name, or with its parenthesis the start of a call. `plain` is the
    /// text with its strings.
    pub(super) fn calls<'p>(&self, wanted: &str, plain: impl FnOnce() -> &'p String) -> bool {
        if self.dynamic {
            return phrase(wanted, plain());
        }
        occurrences(&self.text, wanted).any(|(at, found)| {
            let after = self.text.get(at + found.len()..).unwrap_or_default();
            stands_alone(&self.text, at, found)
                && (wanted.contains('(')
                    || after.starts_with(['(', '`'])
                    || after.starts_with("?.(")
                    || self.applies
                    || self.commands && after.starts_with(':'))
        })
    }
}

#[derive(Default)]
struct Reader<'t> {
    rest: &'t str,
    bare: String,
    computed: bool,
    /// Space was passed since the last letter.
    space: bool,
    /// Braces that are open in each `${…}` around.
    inner: Vec<usize>,
}

/// How deep templates may stand in each other.
const TEMPLATES: usize = 16;

impl<'t> Reader<'t> {
    /// False where a string has no end.
    fn read(&mut self) -> bool {
        while let Some(letter) = self.rest.chars().next() {
            let after = self.rest.get(letter.len_utf8()..).unwrap_or_default();
            let done = match letter {
                '/' if after.starts_with('/') => self.skip_to("\n"),
                '/' if after.starts_with('*') => self.skip_to("*/"),
                '/' if self.starts_value() => self.literal(after, '/').is_some(),
                '"' | '\'' => self.string(after, letter),
                '`' => self.template(after),
                _ => {
                    self.rest = after;
                    self.other(letter)
                }
            };
            if !done {
                return false;
            }
        }
        true
    }

    /// A comment is a space; without an end it goes to the end.
    fn skip_to(&mut self, end: &str) -> bool {
        self.rest = self.rest.split_once(end).map_or("", |it| it.1);
        self.space = true;
        true
    }

    fn other(&mut self, letter: char) -> bool {
        if letter.is_whitespace() {
            self.space = true;
            return true;
        }
        match (letter, self.inner.last_mut()) {
            ('{', Some(open)) => *open += 1,
            ('}', Some(0)) => {
                self.inner.pop();
                return self.template(self.rest);
            }
            ('}', Some(open)) => *open -= 1,
            _ => {}
        }
        let word = |it: char| it.is_alphanumeric() || it == '_' || it == '$';
        if self.space && word(letter) && self.bare.ends_with(word) {
            self.bare.push(' ');
        }
        self.space = false;
        // `db[name]()`: what is called is not written here.
        self.computed |= letter == '(' && self.bare.ends_with(']');
        self.bare.push(letter);
        true
    }

    /// True where a value starts here and no operator stands: `/` opens a pattern.
    fn starts_value(&self) -> bool {
        !self
            .bare
            .ends_with(|it: char| it.is_alphanumeric() || matches!(it, '_' | '$' | ')' | ']' | '"'))
    }

    /// What stands up to an end that is not escaped; the reader goes on behind it.
    fn literal(&mut self, text: &'t str, end: char) -> Option<&'t str> {
        let mut escaped = false;
        let at = text.find(|it| {
            let ends = it == end && !escaped;
            escaped = it == '\\' && !escaped;
            ends
        })?;
        self.rest = text.get(at + end.len_utf8()..).unwrap_or_default();
        text.get(..at)
    }

    fn string(&mut self, text: &'t str, quote: char) -> bool {
        let Some(content) = self.literal(text, quote) else {
            return false;
        };
        self.space = false;
        let after = self.rest.trim_start();
        let member = self.bare.strip_suffix('[').filter(|it| {
            it.ends_with(|it: char| it.is_alphanumeric() || matches!(it, '_' | ')' | ']'))
        });
        if let (Some(before), Some(behind)) = (member, after.strip_prefix(']')) {
            let length = before.len();
            self.bare.truncate(length);
            self.bare.push('.');
            self.bare.push_str(content);
            self.rest = behind;
            // A name in another spelling is one that is not written here.
            self.computed |= content.contains('\\');
        } else if after.starts_with(':') && self.bare.ends_with(['{', ',']) {
            self.bare.push_str(content);
        } else if self.bare.ends_with("Command(") {
            self.bare.push_str(content);
            self.bare.push(':');
        } else {
            self.bare.push('"');
        }
        true
    }

    /// Goes on in a template: its text is data, what stands in `${…}` is code.
    fn template(&mut self, text: &'t str) -> bool {
        let mut escaped = false;
        for (at, letter) in text.char_indices() {
            let after = text.get(at + letter.len_utf8()..).unwrap_or_default();
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '`' => {
                    self.rest = after;
                    self.bare.push('"');
                    return true;
                }
                '$' if after.starts_with('{') => {
                    self.rest = after.get(1..).unwrap_or_default();
                    self.inner.push(0);
                    return self.inner.len() <= TEMPLATES;
                }
                _ => {}
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::code;
    use crate::rule::pattern::plain;

    fn calls(wanted: &str, text: &str) -> bool {
        let plain = plain(text);
        code(text).calls(wanted, || &plain)
    }

    #[test]
    fn calls_count_and_what_is_said_does_not() {
        for (wanted, text, expected) in [
            ("dropdatabase", "db.dropDatabase()", true),
            ("dropdatabase", "db . dropDatabase ( )", true),
            ("dropdatabase", "db['dropDatabase']()", true),
            ("dropdatabase", "db?.dropDatabase?.()", true),
            ("dropdatabase", "let f = 'dropDatabase'; db[f]()", true),
            ("dropdatabase", "db.runCommand({dropDatabase: 1})", true),
            ("dropdatabase", "db.runCommand({\"dropDatabase\": 1})", true),
            ("dropdatabase", "db.runCommand('dropDatabase')", true),
            (
                "dropdatabase",
                "const f = db.dropDatabase; f.call(db)",
                true,
            ),
            ("dropdatabase", "eval('db.dropDatabase()')", true),
            ("dropdatabase", "print(`${db.dropDatabase()}`)", true),
            ("dropdatabase", "/* \" */ db.dropDatabase() // \"", true),
            (
                "dropdatabase",
                "db.x.find({a: /\"/}); db.dropDatabase()",
                true,
            ),
            ("dropdatabase", "print('it\\'s'); db.dropDatabase()", true),
            ("dropdatabase", "db.a.count({op: \"dropDatabase\"})", false),
            ("dropdatabase", "print('dropDatabase()')", false),
            ("dropdatabase", "typeof db.dropDatabase", false),
            ("dropdatabase", "// db.dropDatabase()\ndb.stats()", false),
            ("dropdatabase", "db.a.find({x: /dropDatabase()/})", false),
            ("dropdatabase", "print(`db.dropDatabase()`)", false),
            (
                "dropdatabase",
                "db.runCommand({ping: 1}); print('dropDatabase')",
                false,
            ),
            ("dropdatabase", "db.a.find({dropDatabase: 1})", false),
            (
                "dropdatabase",
                "a.forEach(function(d){print('dropDatabase')})",
                false,
            ),
            (".drop(", "db.users.drop()", true),
            (".drop(", "db.getCollection('users') . drop( )", true),
            (".drop(", "db.a.find({cmd: 'db.users.drop()'})", false),
            ("deletemany({}", "db.u.deleteMany( { } )", true),
            ("deletemany({}", "db.u.deleteMany({a: 1})", false),
        ] {
            assert_eq!(calls(wanted, text), expected, "{wanted} in {text}");
        }
        let _ = calls("x", &"`${".repeat(100_000));
    }
}
