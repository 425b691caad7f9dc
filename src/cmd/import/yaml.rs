//! Owns reading the part of YAML that rule files of other tools are written in: block mappings and sequences,
//! scalars plain, quoted and in blocks, lists of scalars in brackets. Does not own what is in them. Invariant:
//! everything else (anchors, tags, maps in braces, several documents, scalars over lines) is refused with its
//! place, never guessed.

use serde_json::{Map, Value};

/// What cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) message: &'static str,
}

/// Deeper nesting is refused.
const DEPTH_LIMIT: usize = 24;

/// Reads a document.
pub(super) fn parse(text: &str) -> Result<Value, Problem> {
    let lines: Vec<&str> = text.lines().collect();
    let mut reader = Reader {
        lines,
        at: 0,
        column: 0,
    };
    if reader.peek()?.is_some_and(|(_, it)| it == "---") {
        reader.next_line();
    }
    let value = match reader.peek()? {
        Some((indent, _)) => reader.node(indent, 0)?,
        None => Value::Null,
    };
    match reader.peek()? {
        None => Ok(value),
        Some(_) => Err(reader.problem("this stands further to the left than its place allows")),
    }
}

struct Reader<'t> {
    lines: Vec<&'t str>,
    /// The line that is read.
    at: usize,
    /// Where on it: behind the dashes of sequences that begin on it.
    column: usize,
}

impl<'t> Reader<'t> {
    fn problem(&self, message: &'static str) -> Problem {
        Problem {
            line: self.at + 1,
            column: self.column + 1,
            message,
        }
    }

    fn next_line(&mut self) {
        self.at += 1;
        self.column = 0;
    }

    /// Where the next content starts, and the content up to the end of its line.
    fn peek(&mut self) -> Result<Option<(usize, &'t str)>, Problem> {
        loop {
            let Some(line) = self.lines.get(self.at) else {
                return Ok(None);
            };
            let rest = line.get(self.column..).unwrap_or_default();
            let content = rest.trim_start_matches(' ');
            if content.trim().is_empty() || content.starts_with('#') {
                self.next_line();
                continue;
            }
            self.column += rest.len() - content.len();
            if content.starts_with('\t') {
                return Err(self.problem("a tab indents this line"));
            }
            if self.at > 0 && self.column == 0 && (content == "---" || content.starts_with("...")) {
                return Err(self.problem("a second document"));
            }
            return Ok(Some((self.column, content.trim_end())));
        }
    }

    /// The value whose lines start at a column.
    fn node(&mut self, indent: usize, depth: usize) -> Result<Value, Problem> {
        if depth > DEPTH_LIMIT {
            return Err(self.problem("nested too deep"));
        }
        let Some((_, content)) = self.peek()? else {
            return Ok(Value::Null);
        };
        if is_item(content) {
            return self.sequence(indent, depth);
        }
        if key(content).is_some() {
            return self.mapping(indent, depth);
        }
        let value = self.scalar(content)?;
        self.next_line();
        Ok(value)
    }

    fn sequence(&mut self, indent: usize, depth: usize) -> Result<Value, Problem> {
        let mut items = Vec::new();
        while let Some((column, content)) = self.peek()? {
            if column != indent || !is_item(content) {
                break;
            }
            let line = self.at;
            self.column += 1;
            let value = match self.peek()? {
                Some((_, content)) if self.at == line && is_block(content) => {
                    self.block(content, indent)?
                }
                Some((column, _)) if column > indent => self.node(column, depth + 1)?,
                _ => Value::Null,
            };
            items.push(value);
        }
        self.ends_at(indent)?;
        Ok(Value::Array(items))
    }

    fn mapping(&mut self, indent: usize, depth: usize) -> Result<Value, Problem> {
        let mut map = Map::new();
        while let Some((column, content)) = self.peek()? {
            if column != indent || is_item(content) {
                break;
            }
            let Some((name, rest)) = key(content) else {
                return Err(self.problem("no `key: value`; is this a value over several lines?"));
            };
            if map.contains_key(&name) {
                return Err(self.problem("this key stands there twice"));
            }
            self.column += content.len() - rest.len();
            let line = self.at;
            let value = match self.peek()? {
                Some((_, content)) if self.at == line && is_block(content) => {
                    self.block(content, indent)?
                }
                Some((_, content)) if self.at == line => {
                    let value = self.scalar(content)?;
                    self.next_line();
                    value
                }
                Some((column, _)) if column > indent => self.node(column, depth + 1)?,
                // A sequence may stand right below its key.
                Some((column, content)) if column == indent && is_item(content) => {
                    self.sequence(indent, depth + 1)?
                }
                _ => Value::Null,
            };
            map.insert(name, value);
        }
        self.ends_at(indent)?;
        Ok(Value::Object(map))
    }

    /// What follows a value belongs to something further to the left.
    fn ends_at(&mut self, indent: usize) -> Result<(), Problem> {
        match self.peek()? {
            Some((column, _)) if column > indent => {
                Err(self.problem("this stands further to the right than what it belongs to"))
            }
            _ => Ok(()),
        }
    }

    /// A scalar in a block: `|` keeps its line breaks, `>` joins its lines.
    fn block(&mut self, header: &str, outer: usize) -> Result<Value, Problem> {
        let header = header.split(" #").next().unwrap_or_default().trim_end();
        let keeps = header.starts_with('|');
        let chomp = header.get(1..).unwrap_or_default();
        if !matches!(chomp, "" | "-" | "+") {
            return Err(self.problem("only `|`, `>` and these with `-` or `+` are read"));
        }
        self.next_line();
        let mut found: Vec<&str> = Vec::new();
        let mut margin = None;
        while let Some(line) = self.lines.get(self.at) {
            let indent = line.len() - line.trim_start_matches(' ').len();
            let blank = line.trim().is_empty();
            if blank {
                found.push("");
                self.next_line();
                continue;
            }
            let margin = *margin.get_or_insert(indent);
            if indent <= outer || indent < margin {
                break;
            }
            found.push(line.get(margin..).unwrap_or_default());
            self.next_line();
        }
        while found.last() == Some(&"") {
            found.pop();
        }
        let blank = found.iter().take_while(|it| it.is_empty()).count();
        found.drain(..blank);
        let mut text = found.join(if keeps { "\n" } else { " " });
        if chomp != "-" && !text.is_empty() {
            text.push('\n');
        }
        Ok(Value::String(text))
    }

    /// A scalar, or a list of them, that fills the rest of its line.
    fn scalar(&mut self, content: &'t str) -> Result<Value, Problem> {
        let (value, rest) = self.flow(content)?;
        let rest = rest.trim_start();
        if rest.is_empty() || rest.starts_with('#') {
            return Ok(value);
        }
        self.column += content.len() - rest.len();
        Err(self.problem("something follows the value"))
    }

    /// A scalar or a list in brackets, and what follows it.
    fn flow(&mut self, content: &'t str) -> Result<(Value, &'t str), Problem> {
        if let Some(empty) = content.strip_prefix("{}") {
            return Ok((Value::Object(Map::new()), empty));
        }
        let Some(mut rest) = content.strip_prefix('[') else {
            let (value, rest) = self.atom(content, false)?;
            return Ok((value, rest));
        };
        let mut items = Vec::new();
        loop {
            rest = rest.trim_start();
            if let Some(rest) = rest.strip_prefix(']') {
                return Ok((Value::Array(items), rest));
            }
            if rest.is_empty() {
                return Err(self.problem("a list in brackets goes on over the end of its line"));
            }
            let (value, behind) = self.atom(rest, true)?;
            items.push(value);
            rest = behind.trim_start();
            match rest.strip_prefix(',') {
                Some(behind) => rest = behind,
                None if rest.starts_with(']') => {}
                None => {
                    return Err(self.problem("a list in brackets goes on over the end of its line"));
                }
            }
        }
    }

    /// A single scalar and what follows it.
    fn atom(&mut self, content: &'t str, listed: bool) -> Result<(Value, &'t str), Problem> {
        if let Some(quoted) = quoted(content) {
            let (text, rest) = quoted.map_err(|message| self.problem(message))?;
            return Ok((Value::String(text), rest));
        }
        if content.starts_with(['&', '*', '!', '|', '>', '%', '@', '`', '{', '[', '?']) {
            return Err(self.problem("anchors, tags, maps in braces and their like are not read"));
        }
        let mut end = content.find(" #").unwrap_or(content.len());
        if listed {
            end = content.find([',', ']']).unwrap_or(content.len()).min(end);
        }
        let (plain, rest) = content.split_at(end);
        let plain = plain.trim_end();
        if !listed && plain.contains(": ") {
            return Err(self.problem("a plain value with `: ` in it: quote it"));
        }
        Ok((meaning(plain), rest))
    }
}

fn is_item(content: &str) -> bool {
    content == "-" || content.starts_with("- ")
}

fn is_block(content: &str) -> bool {
    content.starts_with(['|', '>'])
}

/// What a plain scalar says.
fn meaning(plain: &str) -> Value {
    match plain {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match plain.parse::<i64>() {
            Ok(number) => Value::from(number),
            Err(_) => Value::String(plain.to_owned()),
        },
    }
}

/// The key that a line begins with, and the rest of the line.
fn key(content: &str) -> Option<(String, &str)> {
    let (name, rest) = if let Some(quoted) = quoted(content) {
        quoted.ok()?
    } else {
        let end = content.find(": ").or_else(|| {
            let end = content.len().checked_sub(1)?;
            content.ends_with(':').then_some(end)
        })?;
        let (name, rest) = content.split_at(end);
        if name.starts_with(['&', '*', '!', '%', '@', '`', '{', '[', '?', '#'])
            || name.contains(" #")
        {
            return None;
        }
        (name.trim_end().to_owned(), rest)
    };
    let rest = rest.trim_start().strip_prefix(':')?;
    (rest.is_empty() || rest.starts_with(' ')).then_some((name, rest))
}

type Quoted<'t> = Result<(String, &'t str), &'static str>;

/// A quoted scalar at the start and what follows it; `None` where nothing is quoted.
fn quoted(content: &str) -> Option<Quoted<'_>> {
    let quote = content
        .chars()
        .next()
        .filter(|it| matches!(it, '\'' | '"'))?;
    let mut text = String::new();
    let mut rest = content.get(1..).unwrap_or_default();
    loop {
        let Some(next) = rest.chars().next() else {
            return Some(Err("a quote is not closed on its line"));
        };
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
        if next == quote {
            match rest.strip_prefix('\'') {
                // A doubled one stands for itself.
                Some(behind) if quote == '\'' => {
                    text.push(quote);
                    rest = behind;
                    continue;
                }
                _ => return Some(Ok((text, rest))),
            }
        }
        if next == '\\' && quote == '"' {
            match escape(rest) {
                Some((letter, behind)) => {
                    text.push(letter);
                    rest = behind;
                }
                None => return Some(Err("an escape that nobody knows")),
            }
        } else {
            text.push(next);
        }
    }
}

/// What the text behind a backslash stands for, and what follows it.
fn escape(text: &str) -> Option<(char, &str)> {
    let first = text.chars().next()?;
    let rest = text.get(first.len_utf8()..)?;
    let digits = match first {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => 0,
    };
    if digits > 0 {
        let (code, rest) = rest.split_at_checked(digits)?;
        let letter = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
        return Some((letter?, rest));
    }
    let letter = match first {
        '0' => '\0',
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'e' => '\u{1b}',
        ' ' | '"' | '/' | '\\' => first,
        _ => return None,
    };
    Some((letter, rest))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: &Value) {
        assert_eq!(parse(text).as_ref(), Ok(wanted), "{text}");
    }

    #[track_caller]
    fn refused(text: &str, line: usize, column: usize, message: &str) {
        let problem = parse(text).expect_err(text);
        assert_eq!((problem.line, problem.column), (line, column), "{text}");
        assert!(problem.message.contains(message), "{}", problem.message);
    }

    #[test]
    fn what_rule_files_are_written_in_is_read() {
        check("", &Value::Null);
        check("# nothing\n\n", &Value::Null);
        check(
            "a: 1\nb: true\nc: text # note\nd:\ne: ~\n",
            &json!({"a": 1, "b": true, "c": "text", "d": null, "e": null}),
        );
        check(
            "---\n- a\n- 'it''s'\n- \"x\\n\\u0041\\\\d\"\n-\n",
            &json!(["a", "it's", "x\nA\\d", null]),
        );
        check(
            "a:\n  b:\n    - c: 1\n      d: 2\n    - c: 3\n",
            &json!({"a": {"b": [{"c": 1, "d": 2}, {"c": 3}]}}),
        );
        check(
            "a:\n- b: 1\n- b: 2\nc: 3\n",
            &json!({"a": [{"b": 1}, {"b": 2}], "c": 3}),
        );
        check("- - a\n  - b\n- - c\n", &json!([["a", "b"], ["c"]]));
        check(
            "a: [x, 'y, z', \"w\", 4] # list\nb: []\nc: {}\n",
            &json!({"a": ["x", "y, z", "w", 4], "b": [], "c": {}}),
        );
        check("'q: k': v\n\"r\" : w\n", &json!({"q: k": "v", "r": "w"}));
        check(
            "a: x#y\nb: http://z\nc: rm\\s+-rf\n",
            &json!({"a": "x#y", "b": "http://z", "c": "rm\\s+-rf"}),
        );
    }

    #[test]
    fn blocks_keep_or_join_their_lines() {
        check(
            "a: |\n  one\n    two\n\n  # three\nb: 1\n",
            &json!({"a": "one\n  two\n\n# three\n", "b": 1}),
        );
        check("a: >-\n  one\n  two\n", &json!({"a": "one two"}));
        check("- |-\n  x: y\n- z\n", &json!(["x: y", "z"]));
        check("a: |\n\n  late\n", &json!({"a": "late\n"}));
    }

    #[test]
    fn the_rest_is_refused_with_its_place() {
        refused("a: &x 1", 1, 4, "anchors");
        refused("a: *x", 1, 4, "anchors");
        refused("a: !!str 1", 1, 4, "anchors");
        refused("a: {b: 1}", 1, 4, "braces");
        refused("a: [[1]]", 1, 4, "anchors");
        refused("a: 1\n---\nb: 2", 2, 1, "second document");
        refused("a:\n\tb: 1", 2, 1, "tab");
        refused("a: 'x\n  y'", 1, 4, "not closed");
        refused("a: \"\\q\"", 1, 4, "escape");
        refused("a: 1\na: 2", 2, 1, "twice");
        refused("a: one\n  two", 2, 3, "to the right");
        refused("  a: 1\nb: 2", 2, 1, "to the left");
        refused("a: 'x' y", 1, 8, "follows");
        refused("a: b: c", 1, 4, "quote it");
        refused("a: [x,\n  y]", 1, 4, "over the end");
        refused("a: |2\n   x", 1, 4, "only");
        refused("a: 1\nplain", 2, 1, "no `key: value`");
        let deep: Vec<String> = (0..40).map(|it| " ".repeat(it) + "a:").collect();
        let deep = deep.join(
            "
",
        );
        assert!(parse(&deep).expect_err("deep").message.contains("too deep"));
    }

    #[test]
    fn no_text_makes_it_panic_or_hang() {
        let alphabet = [
            "a", ":", " ", "\n", "-", "- ", "'", "\"", "[", "]", "|", ">", "#", "\\", "ä", "  ",
            "\t", "{}",
        ];
        let mut seed = 7_u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..12 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let pick = usize::try_from(seed >> 40).unwrap() % alphabet.len();
                text.push_str(alphabet[pick]);
            }
            let _ = parse(&text);
        }
    }
}
