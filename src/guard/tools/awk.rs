//! Owns whether a program of awk only prints: no redirect to a file, no pipe, no `system`, nothing
//! loaded. Does not own what it would write (`shell::access`). Invariant: what is not understood does more
//! than print.

use crate::shell::UNKNOWN;

/// True where the program neither writes a file nor runs anything.
pub(super) fn only_prints(program: &str) -> bool {
    if program.is_empty() || program.chars().all(|it| it == UNKNOWN) {
        return false;
    }
    let mut reader = Reader {
        rest: program,
        last: '\n',
        printing: None,
        depth: 0,
    };
    while !reader.rest.is_empty() {
        if reader.step().is_none() {
            return false;
        }
    }
    true
}

struct Reader<'a> {
    rest: &'a str,
    /// The last character that is no blank.
    last: char,
    /// How deep in parentheses the `print` stands whose end has not come yet.
    printing: Option<usize>,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// One piece of the program; `None` where it does more than print.
    fn step(&mut self) -> Option<()> {
        let first = self.rest.chars().next()?;
        match first {
            '"' => self.quoted('"')?,
            '/' if is_start(self.last) => self.quoted('/')?,
            '#' => self.rest = self.rest.find('\n').map_or("", |at| self.from(at)),
            '|' if self.rest.starts_with("||") => self.take(2),
            '|' | '@' => return None,
            '>' if self.printing == Some(self.depth) => self.redirect()?,
            it if it.is_alphabetic() || it == '_' => self.word()?,
            it => {
                match it {
                    '(' => self.depth += 1,
                    ')' => self.depth = self.depth.saturating_sub(1),
                    ';' | '}' | '\n' => self.printing = None,
                    _ => {}
                }
                if !it.is_whitespace() || it == '\n' {
                    self.last = it;
                }
                self.take(it.len_utf8());
            }
        }
        Some(())
    }

    fn from(&self, at: usize) -> &'a str {
        self.rest.get(at..).unwrap_or_default()
    }

    fn take(&mut self, bytes: usize) {
        self.rest = self.from(bytes);
    }

    fn word(&mut self) -> Option<()> {
        let end = |it: char| !(it.is_alphanumeric() || it == '_');
        let length = self.rest.find(end).unwrap_or(self.rest.len());
        let word = self.rest.get(..length)?;
        self.take(length);
        self.last = 'a';
        match word {
            "print" | "printf" => self.printing = Some(self.depth),
            "system" | "getline" if self.rest.trim_start().starts_with('(') => return None,
            _ => {}
        }
        Some(())
    }

    /// `> "/dev/stderr"` and what goes to nowhere are no files.
    fn redirect(&mut self) -> Option<()> {
        let target = self.rest.trim_start_matches('>').trim_start();
        let sinks = ["\"/dev/stderr\"", "\"/dev/stdout\"", "\"/dev/null\""];
        let behind = sinks.iter().find_map(|it| target.strip_prefix(it))?;
        let behind = behind.trim_start_matches([' ', '\t']);
        if !(behind.is_empty() || behind.starts_with([';', '}', '\n'])) {
            return None;
        }
        self.rest = behind;
        self.printing = None;
        Some(())
    }

    /// A string or an expression up to its end. A mark in brackets is read by some as the end of the
    /// expression and by others not.
    fn quoted(&mut self, mark: char) -> Option<()> {
        let mut letters = self.rest.char_indices().skip(1);
        let mut bracket = false;
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => {
                    letters.next();
                }
                '[' if mark == '/' => bracket = true,
                ']' => bracket = false,
                it if it == mark => {
                    if bracket {
                        return None;
                    }
                    self.take(at + 1);
                    self.last = 'a';
                    return Some(());
                }
                _ => {}
            }
        }
        None
    }
}

/// True behind what no value ends: there a slash starts an expression.
fn is_start(last: char) -> bool {
    "\n(,{};!~&|".contains(last)
}

#[cfg(test)]
mod tests {
    use super::only_prints;

    #[test]
    fn writing_and_running_is_found() {
        for (program, expected) in [
            ("{ print $1 }", true),
            ("$3 > 1000 { print $1 }", true),
            ("NR>=10 && NR<=20", true),
            ("/a|b>c/ { print }", true),
            ("!/x/", true),
            ("$1 ~ /^a\\/b/ && $2 ~ /|/", true),
            ("{ print ($1 > 2) }", true),
            ("{ if ($1 > m) m = $1 } END { print m }", true),
            ("{ print \"> x | y\" }", true),
            ("{ print $1 / 2; x = $2 / 3 }", true),
            ("END { print s > \"/dev/stderr\" }", true),
            ("{ a[$1]++ } END { for (k in a) print k, a[k] }", true),
            ("{ print } # > x", true),
            ("$1 > ◆", true),
            ("{ while ((getline line < \"f\") > 0) n++ }", true),
            ("{ print > \"out\" }", false),
            ("{ print >> $1 }", false),
            ("{ print $1, $2 > f }", false),
            ("{ printf(\"%s\", $1) > \"out\" }", false),
            ("{ print | \"sh\" }", false),
            ("{ \"date\" | getline d }", false),
            ("{ print |& \"sh\" }", false),
            ("BEGIN { system(\"touch x\") }", false),
            ("BEGIN { system (\"touch x\") }", false),
            ("@load \"x\"", false),
            ("{ print > \"/dev/stderr\" \".txt\" }", false),
            ("/[/\"]/ { print > \"f\" }", false),
            ("{ x = 1 / 2; print > \"f\"; y = 3 / 4 }", false),
            ("{ print \"a\" > \"b\" }", false),
            ("{ print \"open", false),
            ("◆", false),
            ("", false),
        ] {
            assert_eq!(only_prints(program), expected, "{program}");
        }
    }
}
