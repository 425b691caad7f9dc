//! Owns what a script of sed does beside printing: the files that `w` and `W` write, as commands or as flags of
//! `s`, and whether it runs anything. Does not own the reading of other scripts. Invariant: what is not
//! understood may run anything, and hides no file that is written behind it.

use crate::shell::{GUARDED, UNKNOWN};

/// What a script was found to do.
pub(crate) struct Sed {
    pub(crate) written: Vec<String>,
    /// It runs nothing.
    plain: bool,
}

impl Sed {
    pub(crate) fn read(script: &str) -> Self {
        let mut script = Script {
            rest: script.chars().rev().collect(),
            written: Vec::new(),
        };
        let mut plain = true;
        while script.peek().is_some() {
            if script.command().is_none() {
                plain = false;
                script.skip(|it| !matches!(it, ';' | '\n'));
            }
        }
        Self {
            written: script.written,
            plain,
        }
    }

    /// True where the script neither writes a file nor runs anything.
    pub(crate) fn only_prints(&self) -> bool {
        self.plain && self.written.is_empty()
    }
}

struct Script {
    /// What is still to be read, last character first.
    rest: Vec<char>,
    written: Vec<String>,
}

impl Script {
    fn peek(&self) -> Option<char> {
        self.rest.last().copied()
    }

    fn skip(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.rest.pop();
        }
    }

    /// One command with its addresses; `None` where it is not known to run nothing.
    fn command(&mut self) -> Option<()> {
        self.skip(|it| it.is_whitespace() || it == ';');
        if self.peek().is_none() {
            return Some(());
        }
        self.addresses()?;
        match self.rest.pop()? {
            '{' | '}' | '=' | 'd' | 'D' | 'g' | 'G' | 'h' | 'H' | 'n' | 'N' | 'p' | 'P' | 'x'
            | 'z' | 'F' | 'l' | 'q' | 'Q' | 'L' => {
                self.skip(|it| it.is_ascii_digit() || it == ' ');
            }
            's' => {
                let mark = self.rest.pop()?;
                self.delimited(mark, true)?;
                self.delimited(mark, false)?;
                self.skip(|it| it.is_ascii_digit() || "gpiImM".contains(it));
                self.skip(|it| it == ' ');
                match self.peek() {
                    None | Some(';' | '\n' | '}' | '#') => {}
                    Some('w') => {
                        self.rest.pop();
                        self.file();
                    }
                    Some(_) => return None,
                }
            }
            'y' => {
                let mark = self.rest.pop()?;
                self.delimited(mark, false)?;
                self.delimited(mark, false)?;
            }
            'w' | 'W' => self.file(),
            // Text and names of files that are read go to the end of the line.
            'a' | 'i' | 'c' | 'r' | 'R' | '#' => {
                while let Some(it) = self.rest.pop() {
                    match it {
                        '\\' => {
                            self.rest.pop();
                        }
                        '\n' => break,
                        _ => {}
                    }
                }
            }
            ':' | 'b' | 't' | 'T' | 'v' => {
                self.skip(|it| !matches!(it, ';' | '\n' | '}'));
            }
            _ => return None,
        }
        Some(())
    }

    /// The name of a file that is written, up to the end of the line.
    fn file(&mut self) {
        let mut name = String::new();
        while let Some(it) = self.rest.pop().filter(|it| *it != '\n') {
            name.push(it);
        }
        self.written.push(name.trim().to_owned());
    }

    fn addresses(&mut self) -> Option<()> {
        loop {
            let mark = match self.peek() {
                Some('/') => '/',
                Some('\\') => {
                    self.rest.pop();
                    self.peek()?
                }
                Some(it)
                    if it.is_ascii_digit()
                        || it.is_whitespace()
                        || matches!(it, '$' | ',' | '~' | '+' | '!' | UNKNOWN | GUARDED) =>
                {
                    self.rest.pop();
                    continue;
                }
                _ => return Some(()),
            };
            self.rest.pop();
            self.delimited(mark, true)?;
            self.skip(|it| matches!(it, 'I' | 'M'));
        }
    }

    /// Text up to a mark; a bracket of an expression holds it.
    fn delimited(&mut self, mark: char, expression: bool) -> Option<()> {
        loop {
            match self.rest.pop()? {
                it if it == mark => return Some(()),
                '\\' => {
                    self.rest.pop()?;
                }
                '[' if expression => self.bracket()?,
                _ => {}
            }
        }
    }

    fn bracket(&mut self) -> Option<()> {
        if self.peek() == Some('^') {
            self.rest.pop();
        }
        if self.peek() == Some(']') {
            self.rest.pop();
        }
        loop {
            match self.rest.pop()? {
                ']' => return Some(()),
                '[' if matches!(self.peek(), Some(':' | '.' | '=')) => {
                    let kind = self.rest.pop()?;
                    while !(self.rest.pop()? == kind && self.peek() == Some(']')) {}
                    self.rest.pop();
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sed;

    #[test]
    fn writing_and_running_is_found() {
        for (script, expected) in [
            ("1,80p", true),
            ("$!d", true),
            ("/a/,/b/p", true),
            ("\\,w x,p", true),
            ("s/a/b/g", true),
            ("s|[^|]*$|w x|", true),
            ("s/[[:space:]/]*$//; /^$/d", true),
            ("/x/{s/a/b/;p}", true),
            ("/x/{p;q}", true),
            ("1{/x/!{p}}", true),
            ("n;d", true),
            ("$!N;P;D", true),
            (":a;N;$!ba;s/\\n/ /g", true),
            ("1i\\\nw out", true),
            ("a w out", true),
            ("y/abc/wxe/", true),
            ("◆,◆p", true),
            ("s/◆/x/", true),
            ("10q", true),
            ("# w x\np", true),
            ("w out", false),
            ("/x/w out", false),
            ("1,5W out", false),
            ("s/a/b/w out", false),
            ("s/a/b/gpw out", false),
            ("s/a/b/e", false),
            ("s/.*/x/Ie", false),
            ("1e touch x", false),
            ("e", false),
            ("p;w out", false),
            ("{w out\n}", false),
            ("p\nw out", false),
            ("s/[/]/x/w out", false),
            ("s,a,b,;w out", false),
            ("a text\nw out", false),
            ("◆", false),
            ("◆◆", false),
            ("s/a/b", false),
            ("k", false),
            ("p w out", false),
            ("}w out", false),
        ] {
            assert_eq!(Sed::read(script).only_prints(), expected, "{script}");
        }
    }

    #[test]
    fn files_that_are_written_are_named() {
        for (script, expected) in [
            ("w out", "out"),
            ("wout", "out"),
            ("/x/,$w a b", "a b"),
            ("1!W out", "out"),
            ("s,a,b,gpw out", "out"),
            ("s/a/b/w one\nw two", "one two"),
            ("{p;w out\n}", "out"),
            ("a text\nw out", "out"),
            ("e touch x\nw out", "out"),
            ("s/◆/x/w out", "out"),
            ("k;w out", "out"),
            ("a w out", ""),
            ("y/abc/wxe/", ""),
            ("s/w out/w w/", ""),
            ("/w x/p", ""),
        ] {
            assert_eq!(Sed::read(script).written.join(" "), expected, "{script}");
        }
    }
}
