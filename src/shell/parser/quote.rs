//! Owns quoting and the openings of substitutions: `'…'`, `"…"`, `$'…'`, backslash, `$(…)`, backquotes,
//! `<(…)`, and runs of text with all of these up to some end. Invariant: what the shell would run in such
//! text becomes a part, wherever it stands.

use crate::shell::ast::Part;

use super::Parser;
use super::ansi::decode_ansi;
use super::word::{push_lit, push_quoted};

/// What ends a run of parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// `"`
    Quote,
    /// The end of the text: a heredoc body, where quotes have no meaning.
    Text,
    /// `}` of a parameter whose word is a value.
    Brace,
    /// `}` of a parameter whose word is a pattern.
    PatternBrace,
    /// `/` or `}` of a replacement.
    Slash,
    /// `:` or `}` of a slice.
    Colon,
    /// `]`
    Bracket,
    /// `)` of an extended glob.
    Paren,
    /// `))`
    Arithmetic,
}

impl End {
    fn reached(self, byte: u8, depth: u32) -> bool {
        match self {
            Self::Quote => byte == b'"',
            Self::Text => false,
            Self::Brace | Self::PatternBrace => byte == b'}',
            Self::Slash => matches!(byte, b'/' | b'}'),
            Self::Colon => byte == b'}' || (byte == b':' && depth == 0),
            Self::Bracket => byte == b']' && depth == 0,
            Self::Paren | Self::Arithmetic => byte == b')' && depth == 0,
        }
    }

    /// How a byte changes the nesting that this end counts.
    fn nests(self, byte: u8) -> i32 {
        match (self, byte) {
            (Self::Bracket, b'[') | (Self::Paren | Self::Arithmetic | Self::Colon, b'(') => 1,
            (Self::Bracket, b']') | (Self::Paren | Self::Arithmetic | Self::Colon, b')') => -1,
            _ => 0,
        }
    }
}

impl Parser<'_> {
    /// Reads up to `end`, which is not consumed. `quoted` inside double quotes or a heredoc.
    pub(super) fn parts_until(&mut self, end: End, quoted: bool) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut depth = 0u32;
        let push = if quoted { push_quoted } else { push_lit };
        while self.spend(1) {
            let from = self.pos;
            let run = self
                .rest()
                .bytes()
                .take_while(|it| !is_special(*it))
                .count();
            if run > 0 {
                push(&mut parts, self.slice(from, from + run));
                self.pos += run;
            }
            let byte = self.peek();
            if self.at_end() {
                if end != End::Text {
                    self.unterminated(end);
                }
                break;
            }
            if end.reached(byte, depth) {
                break;
            }
            match byte {
                b'\\' if quoted => self.escape_in_quotes(&mut parts, end),
                b'\\' => self.escape(&mut parts),
                b'$' => self.dollar(&mut parts, quoted),
                b'`' => self.backquote(&mut parts, quoted),
                b'"' if end != End::Text => self.double(&mut parts),
                b'\'' if !quoted || matches!(end, End::PatternBrace | End::Slash) => {
                    self.single(&mut parts);
                }
                b'<' | b'>' if !quoted && self.at(1) == b'(' && end != End::Arithmetic => {
                    self.process(&mut parts);
                }
                _ => {
                    depth = depth.saturating_add_signed(end.nests(byte));
                    push(&mut parts, self.skip_char());
                }
            }
        }
        parts
    }

    fn unterminated(&mut self, end: End) {
        let what = match end {
            End::Quote => "a double quote is not closed",
            End::Text => return,
            End::Brace | End::PatternBrace | End::Slash | End::Colon => "`${` is not closed",
            End::Bracket => "`[` is not closed",
            End::Paren => "`(` is not closed",
            End::Arithmetic => "`((` is not closed",
        };
        self.syntax(what.to_owned());
    }

    /// A backslash outside quotes.
    pub(super) fn escape(&mut self, parts: &mut Vec<Part>) {
        self.pos += 1;
        if self.at_end() {
            push_quoted(parts, "\\");
        } else if self.peek() == b'\n' {
            self.pos += 1;
        } else {
            push_quoted(parts, self.skip_char());
        }
    }

    fn escape_in_quotes(&mut self, parts: &mut Vec<Part>, end: End) {
        self.pos += 1;
        match self.peek() {
            b'\n' => self.pos += 1,
            b'$' | b'`' | b'\\' => push_quoted(parts, self.skip_char()),
            b'"' if end != End::Text => push_quoted(parts, self.skip_char()),
            b'}' if !matches!(end, End::Quote | End::Text) => push_quoted(parts, self.skip_char()),
            _ => push_quoted(parts, "\\"),
        }
    }

    pub(super) fn single(&mut self, parts: &mut Vec<Part>) {
        self.pos += 1;
        let rest = self.rest();
        if let Some(length) = rest.find('\'') {
            push_quoted(parts, self.slice(self.pos, self.pos + length));
            self.pos += length + 1;
        } else {
            push_quoted(parts, rest);
            self.syntax("a single quote is not closed".to_owned());
        }
    }

    pub(super) fn double(&mut self, parts: &mut Vec<Part>) {
        self.pos += 1;
        if !self.enter() {
            return;
        }
        let inner = self.parts_until(End::Quote, true);
        self.expect(b'"');
        self.leave();
        if !is_list(&inner) {
            push_quoted(parts, "");
        }
        for part in inner {
            match part {
                Part::Quoted(text) => push_quoted(parts, &text),
                part => parts.push(part),
            }
        }
    }

    pub(super) fn dollar(&mut self, parts: &mut Vec<Part>, quoted: bool) {
        self.pos += 1;
        while self.peek() == b'\\' && self.at(1) == b'\n' {
            self.pos += 2;
        }
        match self.peek() {
            b'(' if self.at(1) == b'(' && self.closes_as_arithmetic() => {
                self.pos += 2;
                self.arithmetic(parts);
            }
            b'(' => {
                self.pos += 1;
                let list = self.substitution(b')');
                parts.push(Part::Command { list, quoted });
            }
            b'{' => self.braced(parts, quoted),
            b'[' => {
                self.pos += 1;
                let inner = self.parts_until(End::Bracket, false);
                self.expect(b']');
                parts.push(Part::Arith(inner));
            }
            b'\'' if !quoted => self.ansi(parts),
            b'"' if !quoted => self.double(parts),
            _ => self.bare_parameter(parts, quoted),
        }
    }

    /// The commands of a substitution and what closes it: `)`, or `}` for `${ …; }`.
    pub(super) fn substitution(&mut self, close: u8) -> crate::shell::ast::List {
        let outer = std::mem::take(&mut self.pending);
        let substituted = std::mem::replace(&mut self.substituted, close == b')');
        let list = self.list();
        self.skip_newlines();
        self.expect(close);
        self.substituted = substituted;
        // A heredoc whose operator stands inside may have its body on the line after the substitution.
        let inner = std::mem::replace(&mut self.pending, outer);
        if !self.at_end() {
            self.pending.extend(inner);
        }
        list
    }

    pub(super) fn process(&mut self, parts: &mut Vec<Part>) {
        let input = self.peek() != b'>';
        self.pos += if self.peek() == b'(' { 1 } else { 2 };
        let list = self.substitution(b')');
        parts.push(Part::Process { input, list });
    }

    /// Backquotes: the text between them loses one level of backslashes and is then shell text.
    pub(super) fn backquote(&mut self, parts: &mut Vec<Part>, quoted: bool) {
        self.pos += 1;
        let start = self.pos;
        let mut unescaped: Option<String> = None;
        loop {
            match self.peek() {
                b'`' => break,
                0 if self.at_end() => break,
                b'\\' => {
                    let next = self.at(1);
                    let drop = matches!(next, b'`' | b'\\' | b'$') || (quoted && next == b'"');
                    if drop && unescaped.is_none() {
                        unescaped = Some(self.slice(start, self.pos).to_owned());
                    }
                    self.pos += 1;
                    let escaped = self.skip_char();
                    if let Some(text) = &mut unescaped {
                        if !drop {
                            text.push('\\');
                        }
                        text.push_str(escaped);
                    }
                }
                _ => {
                    let plain = self.skip_char();
                    if let Some(text) = &mut unescaped {
                        text.push_str(plain);
                    }
                }
            }
        }
        let end = self.pos.min(self.text.len());
        self.pos = end;
        let (text, origin) = match &unescaped {
            Some(text) => (text.as_str(), super::Origin::From(self.span(start, end))),
            None => (self.slice(start, end), self.origin_at(start, end)),
        };
        if !self.enter() {
            return;
        }
        let mut inner = self.inner(text, origin);
        let list = inner.script();
        parts.push(Part::Command { list, quoted });
        self.absorb(inner);
        self.leave();
        if self.at_end() {
            self.syntax("a backquote is not closed".to_owned());
        } else {
            self.pos += 1;
        }
    }

    /// `$'…'`, decoded.
    fn ansi(&mut self, parts: &mut Vec<Part>) {
        self.pos += 1;
        let start = self.pos;
        while !self.at_end() && self.peek() != b'\'' {
            self.pos += if self.peek() == b'\\' { 2 } else { 1 };
        }
        let end = self.pos.min(self.text.len());
        let written = self.slice(start, end);
        let decoded = decode_ansi(written);
        parts.push(if is_plain(written) {
            Part::Quoted(decoded)
        } else {
            Part::Ansi(decoded)
        });
        self.pos = end;
        if self.at_end() {
            self.syntax("a single quote is not closed".to_owned());
        } else {
            self.pos += 1;
        }
    }

    /// Arithmetic behind its `((`, with its `))`.
    pub(super) fn arithmetic(&mut self, parts: &mut Vec<Part>) {
        if !self.enter() {
            return;
        }
        let inner = self.parts_until(End::Arithmetic, false);
        self.expect(b')');
        self.expect(b')');
        self.leave();
        parts.push(Part::Arith(inner));
    }

    /// True where the `((` at the position is closed by `))`; otherwise it opens two subshells.
    pub(super) fn closes_as_arithmetic(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let mut at = self.pos + 2;
        let mut depth = 0usize;
        let mut quote = 0u8;
        let mut arithmetic = false;
        while let Some(byte) = bytes.get(at).copied() {
            match byte {
                b'\\' if quote != b'\'' => at += 1,
                b'\'' | b'"' | b'`' if quote == 0 => quote = byte,
                _ if quote != 0 && byte == quote => quote = 0,
                _ if quote != 0 => {}
                b'(' => depth += 1,
                b')' if depth == 0 => {
                    arithmetic = bytes.get(at + 1) == Some(&b')');
                    break;
                }
                b')' => depth -= 1,
                _ => {}
            }
            at += 1;
        }
        // Charged, so that a text of many openings stays linear.
        self.spend(at.saturating_sub(self.pos)) && arithmetic
    }
}

fn is_special(byte: u8) -> bool {
    matches!(
        byte,
        b'\\'
            | b'$'
            | b'`'
            | b'"'
            | b'\''
            | b'<'
            | b'>'
            | b'}'
            | b'/'
            | b':'
            | b'['
            | b']'
            | b'('
            | b')'
    )
}

/// True for `"$@"` and `"${a[@]}"`: the one quoted text that is no word at all where the list is empty.
fn is_list(parts: &[Part]) -> bool {
    let [Part::Param(param)] = parts else {
        return false;
    };
    let all = |it: &Part| matches!(it, Part::Lit(text) | Part::Quoted(text) if text == "@");
    let index = param.index.as_deref();
    param.name == "@" || index.is_some_and(|it| matches!(it, [one] if all(one)))
}

/// True where the escapes of `$'…'` only lay text out and hide no letter.
fn is_plain(written: &str) -> bool {
    let mut rest = written;
    while let Some((_, behind)) = rest.split_once('\\') {
        if !behind.starts_with(['n', 't', 'r', '\'', '"', '\\']) {
            return false;
        }
        rest = behind.get(1..).unwrap_or_default();
    }
    true
}
