//! Owns whether a script of sed only prints: no `w`, `W` or `e`, as commands or as flags of `s`. Does not
//! own the reading of other scripts. Invariant: what is not understood does more than print.

use crate::shell::{GUARDED, UNKNOWN};

/// True where the script neither writes a file nor runs anything.
pub(super) fn only_prints(script: &str) -> bool {
    let mut script = Script {
        rest: script.chars().collect(),
    };
    script.rest.reverse();
    while script.peek().is_some() {
        if script.command().is_none() {
            return false;
        }
    }
    true
}

struct Script {
    /// What is still to be read, last character first.
    rest: Vec<char>,
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

    /// One command with its addresses; `None` where it does more than print.
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
                // Anything but an end would be a command that is glued on.
                matches!(self.peek(), None | Some(';' | '\n' | '}' | '#'))
                    .then_some(())
                    .or_else(|| self.block())
            }
            's' => {
                let mark = self.rest.pop()?;
                self.delimited(mark, true)?;
                self.delimited(mark, false)?;
                self.skip(|it| it.is_ascii_digit() || "gpiImM".contains(it));
                self.skip(|it| it == ' ');
                matches!(self.peek(), None | Some(';' | '\n' | '}' | '#')).then_some(())
            }
            'y' => {
                let mark = self.rest.pop()?;
                self.delimited(mark, false)?;
                self.delimited(mark, false)
            }
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
                Some(())
            }
            ':' | 'b' | 't' | 'T' | 'v' => {
                self.skip(|it| !matches!(it, ';' | '\n' | '}'));
                Some(())
            }
            _ => None,
        }
    }

    /// A block opens or closes without a mark in front of the next command.
    fn block(&mut self) -> Option<()> {
        self.peek().map(|_| ())
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
    use super::only_prints;

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
            assert_eq!(only_prints(script), expected, "{script}");
        }
    }
}
