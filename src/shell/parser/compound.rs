//! Owns the grammar of compound commands and function definitions.

use std::rc::Rc;

use crate::shell::ast::{AndOr, Command, Compound, List, Part, Pipeline, Simple, Word};

use super::Parser;
use super::quote::End;

impl Parser<'_> {
    /// Reads a compound command or a function if one starts here.
    pub(super) fn compound(&mut self) -> Option<Command> {
        let keyword = self.keyword();
        if keyword.is_empty() && self.peek() != b'(' {
            return None;
        }
        if !self.enter() {
            return None;
        }
        let command = self.compound_of(keyword);
        self.leave();
        command
    }

    fn compound_of(&mut self, keyword: &str) -> Option<Command> {
        let opening = self.pos;
        self.pos += keyword.len();
        let kind = match keyword {
            "" => self.parenthesis(),
            "{" => {
                let list = self.filled_list();
                self.expect_keyword("}");
                Compound::Group(list)
            }
            "if" => self.conditional(),
            "while" | "until" => {
                let mut condition = self.filled_list();
                let last = condition.items.last_mut();
                if let Some(last) = last.filter(|it| keyword == "until" && it.rest.is_empty()) {
                    last.first.negated = !last.first.negated;
                }
                let body = self.loop_body();
                Compound::While { condition, body }
            }
            "for" | "select" => self.iteration(),
            "case" => self.case(),
            "[[" => self.test(),
            "coproc" => self.coproc(),
            "function" => return Some(self.named_function()),
            "then" | "do" | "done" | "fi" | "esac" | "elif" | "else" | "}" => {
                self.pos = opening;
                self.unexpected();
                return None;
            }
            _ => {
                self.pos = opening;
                return None;
            }
        };
        Some(Command::Compound {
            kind,
            redirects: self.redirects(),
        })
    }

    fn parenthesis(&mut self) -> Compound {
        if self.at(1) == b'(' && self.closes_as_arithmetic() {
            self.pos += 2;
            let mut parts = Vec::new();
            self.arithmetic(&mut parts);
            return Compound::Arithmetic(parts);
        }
        self.pos += 1;
        let list = self.filled_list();
        self.skip_newlines();
        self.expect(b')');
        Compound::Subshell(list)
    }

    fn conditional(&mut self) -> Compound {
        let mut arms = Vec::new();
        loop {
            let condition = self.filled_list();
            self.expect_keyword("then");
            arms.push((condition, self.filled_list()));
            self.skip_newlines();
            if self.keyword() != "elif" {
                break;
            }
            self.pos += 4;
        }
        let otherwise = (self.keyword() == "else").then(|| {
            self.pos += 4;
            self.filled_list()
        });
        self.expect_keyword("fi");
        Compound::If { arms, otherwise }
    }

    fn loop_body(&mut self) -> List {
        self.expect_keyword("do");
        let body = self.filled_list();
        self.expect_keyword("done");
        body
    }

    /// `for` and `select` behind their word: counted, over words, or over the parameters; the short
    /// forms of zsh too.
    fn iteration(&mut self) -> Compound {
        self.skip_blank();
        if self.peek() == b'(' && self.at(1) == b'(' {
            self.pos += 2;
            let mut parts = Vec::new();
            self.arithmetic(&mut parts);
            self.skip_blank();
            if self.peek() == b';' {
                self.pos += 1;
            }
            let body = self.iteration_body();
            return Compound::Counted { parts, body };
        }
        let name = self.word();
        let name = name.plain().unwrap_or_default().to_owned();
        if name.is_empty() {
            self.unexpected();
        }
        self.skip_blank();
        let mut words = None;
        if self.peek() == b'(' {
            self.pos += 1;
            words = Some(self.words_until_end());
            self.expect(b')');
        } else {
            if self.peek() == b';' {
                self.pos += 1;
            }
            self.skip_newlines();
            if self.keyword() == "in" {
                self.pos += 2;
                words = Some(self.words_until_end());
                if !matches!(self.peek(), b';' | b'\n') {
                    self.unexpected();
                }
                if self.peek() == b';' {
                    self.pos += 1;
                }
            }
        }
        let body = self.iteration_body();
        Compound::For { name, words, body }
    }

    fn iteration_body(&mut self) -> List {
        self.skip_newlines();
        match self.keyword() {
            "{" => {
                self.pos += 1;
                let body = self.filled_list();
                self.expect_keyword("}");
                body
            }
            "do" => self.loop_body(),
            _ => {
                let mut body = List::default();
                let first = Pipeline {
                    negated: false,
                    stages: vec![self.command()],
                };
                body.items.push(AndOr {
                    first,
                    rest: Vec::new(),
                    background: false,
                });
                body
            }
        }
    }

    fn words_until_end(&mut self) -> Vec<Word> {
        let mut words = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                0 | b';' | b'\n' | b')' | b'&' | b'|' => return words,
                b'#' => self.skip_comment(),
                _ => {
                    let word = self.word();
                    if word.parts.is_empty() {
                        self.unexpected();
                    }
                    words.push(word);
                }
            }
        }
    }

    fn case(&mut self) -> Compound {
        self.skip_blank();
        let subject = self.word();
        if subject.parts.is_empty() {
            self.unexpected();
        }
        self.skip_newlines();
        self.expect_keyword("in");
        let mut arms = Vec::new();
        loop {
            self.skip_newlines();
            if self.at_end() || self.keyword() == "esac" {
                break;
            }
            if self.peek() == b'(' {
                self.pos += 1;
            }
            let patterns = self.case_patterns();
            let body = self.list();
            arms.push((patterns, body));
            self.skip_newlines();
            match (self.peek(), self.at(1), self.at(2)) {
                (b';', b';', b'&') => self.pos += 3,
                (b';', b';' | b'&' | b'|', _) => self.pos += 2,
                _ => break,
            }
        }
        self.expect_keyword("esac");
        Compound::Case { subject, arms }
    }

    fn case_patterns(&mut self) -> Vec<Word> {
        let mut patterns = Vec::new();
        loop {
            self.skip_blank();
            let word = self.word();
            if word.parts.is_empty() {
                self.unexpected();
            }
            patterns.push(word);
            self.skip_blank();
            if self.peek() != b'|' {
                break;
            }
            self.pos += 1;
        }
        self.expect(b')');
        patterns
    }

    fn coproc(&mut self) -> Compound {
        self.skip_blank();
        let mut name = "COPROC".to_owned();
        let back = self.pos;
        let named = self.name_length();
        if named > 0 && self.keyword().is_empty() {
            self.pos += named;
            self.skip_blank();
            let compound = matches!(
                self.keyword(),
                "{" | "if" | "while" | "until" | "for" | "case" | "[["
            ) || self.peek() == b'(';
            if compound {
                self.slice(back, back + named).clone_into(&mut name);
            } else {
                self.pos = back;
            }
        }
        let body = Box::new(self.command());
        Compound::Coproc { name, body }
    }

    /// `function NAME [()] body`, behind its first word.
    fn named_function(&mut self) -> Command {
        self.skip_blank();
        let name = self.word();
        let text = name.plain().unwrap_or_default().to_owned();
        if name.parts.is_empty() {
            self.unexpected();
        }
        self.skip_blank();
        if self.peek() == b'(' && matches!(self.after(1), b')' | b' ' | b'\t') {
            let back = self.pos;
            self.pos += 1;
            self.skip_blank();
            if self.peek() == b')' {
                self.pos += 1;
            } else {
                self.pos = back;
            }
        }
        self.function_body(text)
    }

    pub(super) fn function_body(&mut self, name: String) -> Command {
        self.skip_newlines();
        let body = self.compound().unwrap_or_else(|| {
            self.unexpected();
            Command::Simple(Simple::default())
        });
        Command::Function {
            name,
            body: Rc::new(body),
        }
    }

    /// `[[ … ]]` behind its opening.
    fn test(&mut self) -> Compound {
        let mut words = Vec::new();
        self.test_or(&mut words);
        self.skip_newlines();
        if self.rest().starts_with("]]") {
            self.pos += 2;
        } else {
            self.unexpected();
        }
        Compound::Test(words)
    }

    /// The text of `=~`'s right side, where parentheses and bars are part of the word.
    pub(super) fn regex_word(&mut self) -> Word {
        let start = self.pos;
        let mut parts: Vec<Part> = Vec::new();
        loop {
            let word = self.word();
            parts.extend(word.parts);
            match self.peek() {
                b'(' if self.enter() => {
                    self.pos += 1;
                    parts.extend(self.parts_until(End::Paren, false));
                    self.expect(b')');
                    self.leave();
                }
                b'|' | b'<' | b'>' if self.pos > start && self.at(1) != self.peek() => {
                    self.pos += 1;
                }
                _ => break,
            }
        }
        Word {
            parts,
            span: self.span(start, self.pos),
        }
    }
}
