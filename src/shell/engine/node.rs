//! Owns the part of YAML that compose files and manifests are written in, and JSON with it: block and flow
//! mappings and lists, scalars plain, quoted and in blocks. Does not own what they mean. Invariants: bounded in
//! depth, linear in length; what cannot be read is an empty text, never a failure.

/// Deeper nesting is not read.
const DEPTH_LIMIT: u32 = 24;

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::shell) enum Node {
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

static NOTHING: Node = Node::Text(String::new());
const EMPTY: Node = Node::Text(String::new());

impl Node {
    /// The value under a key; empty where there is none.
    pub(in crate::shell) fn get(&self, key: &str) -> &Node {
        let found = self
            .pairs()
            .iter()
            .find(|it| it.0.eq_ignore_ascii_case(key));
        found.map_or(&NOTHING, |it| &it.1)
    }

    pub(in crate::shell) fn pairs(&self) -> &[(String, Node)] {
        match self {
            Self::Map(pairs) => pairs,
            _ => &[],
        }
    }

    pub(in crate::shell) fn items(&self) -> &[Node] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    pub(in crate::shell) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    pub(in crate::shell) fn is_true(&self) -> bool {
        matches!(self.text(), "true" | "True" | "yes" | "on")
    }
}

/// The documents of a text.
pub(in crate::shell) fn documents(text: &str) -> Vec<Node> {
    if text.len() > super::SIZE_LIMIT {
        return Vec::new();
    }
    if text.trim_start().starts_with('{') {
        return vec![flow(text.trim_start())];
    }
    let lines: Vec<&str> = text.lines().collect();
    let parts = lines.split(|it| it.trim_end() == "---");
    parts.map(|it| Reader::new(it).block(0, 0)).collect()
}

/// One line: how far in it stands, and what is on it.
type Line<'t> = (usize, &'t str);

struct Reader<'t> {
    lines: Vec<Line<'t>>,
    at: usize,
}

impl<'t> Reader<'t> {
    fn new(lines: &[&'t str]) -> Self {
        let line = |it: &&'t str| {
            let bare = it.trim_start();
            (it.len() - bare.len(), bare.trim_end())
        };
        Self {
            lines: lines.iter().map(line).collect(),
            at: 0,
        }
    }

    /// The next line that says something.
    fn peek(&mut self) -> Option<Line<'t>> {
        while let Some((indent, line)) = self.lines.get(self.at).copied() {
            if !line.is_empty() && !line.starts_with('#') {
                return Some((indent, line));
            }
            self.at += 1;
        }
        None
    }

    /// The value whose lines stand at least this far in.
    fn block(&mut self, least: usize, depth: u32) -> Node {
        let Some((indent, line)) = self
            .peek()
            .filter(|it| it.0 >= least && depth < DEPTH_LIMIT)
        else {
            return EMPTY;
        };
        if is_item(line) {
            return self.list(indent, depth);
        }
        if key(line).is_some() {
            return self.map(indent, depth);
        }
        self.at += 1;
        self.value(line, indent, depth)
    }

    fn list(&mut self, indent: usize, depth: u32) -> Node {
        let mut items = Vec::new();
        while let Some((_, line)) = self.peek().filter(|it| it.0 == indent && is_item(it.1)) {
            let rest = line.get(1..).unwrap_or_default().trim_start();
            if rest.is_empty() {
                self.at += 1;
                items.push(self.block(indent + 1, depth + 1));
                continue;
            }
            // What is behind the dash stands as if on a line of its own.
            if let Some(it) = self.lines.get_mut(self.at) {
                *it = (indent + line.len() - rest.len(), rest);
            }
            let before = self.at;
            items.push(self.block(indent + 1, depth + 1));
            self.at = self.at.max(before + 1);
        }
        Node::List(items)
    }

    fn map(&mut self, indent: usize, depth: u32) -> Node {
        let mut pairs = Vec::new();
        while let Some((_, line)) = self.peek().filter(|it| it.0 == indent) {
            self.at += 1;
            let Some((name, rest)) = key(line) else {
                continue;
            };
            let rest = rest.trim_start();
            let below = rest.is_empty() || rest.starts_with(['#', '&', '!']);
            let value = match self.peek() {
                Some((next, line)) if below && next == indent && is_item(line) => {
                    self.list(indent, depth + 1)
                }
                _ if below => self.block(indent + 1, depth + 1),
                _ => self.value(rest, indent, depth),
            };
            pairs.push((name, value));
        }
        Node::Map(pairs)
    }

    /// A value that starts on a line which is consumed already.
    fn value(&mut self, line: &'t str, indent: usize, depth: u32) -> Node {
        if line.starts_with(['|', '>']) {
            let mut text = String::new();
            while let Some((_, line)) = self
                .lines
                .get(self.at)
                .filter(|it| it.0 > indent || it.1.is_empty())
            {
                text.push_str(line);
                text.push('\n');
                self.at += 1;
            }
            return Node::Text(text);
        }
        let mut text = line.to_owned();
        if line.starts_with(['[', '{']) {
            while open(&text) > 0
                && let Some((_, more)) = self.lines.get(self.at)
            {
                text.push(' ');
                text.push_str(more);
                self.at += 1;
            }
            return Flow { rest: &text }.node(depth);
        }
        if !line.starts_with(['"', '\'']) {
            // A plain text may go on further in.
            while let Some((_, more)) = self
                .lines
                .get(self.at)
                .filter(|it| it.0 > indent && !it.1.is_empty())
            {
                text.push(' ');
                text.push_str(more);
                self.at += 1;
            }
            return Node::Text(uncommented(&text).to_owned());
        }
        Flow { rest: &text }.node(depth)
    }
}

fn is_item(line: &str) -> bool {
    line == "-" || line.starts_with("- ")
}

/// How many brackets are open behind a text; their quotes are left alone.
fn open(text: &str) -> isize {
    let count = |marks: [char; 2]| text.matches(marks).count().cast_signed();
    count(['[', '{']) - count([']', '}'])
}

fn uncommented(text: &str) -> &str {
    text.split(" #").next().unwrap_or(text).trim_end()
}

/// A key and what is behind its colon.
fn key(line: &str) -> Option<(String, &str)> {
    if line.starts_with(['[', '{', '|', '>']) {
        return None;
    }
    if let Some(mark) = line.chars().next().filter(|it| matches!(it, '"' | '\'')) {
        let (name, rest) = line.get(1..)?.split_once(mark)?;
        let rest = rest.trim_start().strip_prefix(':')?;
        return Some((name.to_owned(), rest));
    }
    let (name, rest) = match line.split_once(": ") {
        Some(pair) => pair,
        None => (line.strip_suffix(':')?, ""),
    };
    (!name.contains([' ', '"'])).then(|| (name.trim_end().to_owned(), rest))
}

/// A value in brackets, as in JSON.
pub(in crate::shell) fn flow(text: &str) -> Node {
    let mut end = text.len().min(super::SIZE_LIMIT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Flow {
        rest: text.get(..end).unwrap_or_default(),
    }
    .node(0)
}

struct Flow<'t> {
    rest: &'t str,
}

impl Flow<'_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, mark: char) -> bool {
        self.space();
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn node(&mut self, depth: u32) -> Node {
        self.space();
        if depth > DEPTH_LIMIT {
            self.rest = "";
        }
        if self.take('[') {
            let mut items = Vec::new();
            while !self.rest.is_empty() && !self.take(']') {
                items.push(self.node(depth + 1));
                if !self.take(',') && !self.rest.starts_with(']') {
                    break;
                }
            }
            return Node::List(items);
        }
        if self.take('{') {
            let mut pairs = Vec::new();
            while !self.rest.is_empty() && !self.take('}') {
                let name = self.scalar(&[':', ',', '}']);
                let value = if self.take(':') {
                    self.node(depth + 1)
                } else {
                    EMPTY
                };
                pairs.push((name, value));
                if !self.take(',') && !self.rest.trim_start().starts_with('}') {
                    break;
                }
            }
            return Node::Map(pairs);
        }
        Node::Text(self.scalar(&[',', ']', '}']))
    }

    fn scalar(&mut self, ends: &[char]) -> String {
        self.space();
        let Some(mark) = self
            .rest
            .chars()
            .next()
            .filter(|it| matches!(it, '"' | '\''))
        else {
            let end = self.rest.find(ends).unwrap_or(self.rest.len());
            let (text, rest) = self.rest.split_at_checked(end).unwrap_or_default();
            self.rest = rest;
            return text.trim().to_owned();
        };
        let mut text = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        let mut end = self.rest.len();
        while let Some((at, letter)) = letters.next() {
            if letter == mark {
                end = at + 1;
                break;
            }
            match letter {
                '\\' if mark == '"' => text.extend(letters.next().map(|it| match it.1 {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                })),
                _ => text.push(letter),
            }
        }
        self.rest = self.rest.get(end..).unwrap_or_default();
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Node, documents, flow};

    fn shown(node: &Node) -> String {
        match node {
            Node::Text(text) => format!("{text:?}"),
            Node::List(items) => {
                let items: Vec<String> = items.iter().map(shown).collect();
                format!("[{}]", items.join(","))
            }
            Node::Map(pairs) => {
                let pairs: Vec<String> = pairs
                    .iter()
                    .map(|it| format!("{}={}", it.0, shown(&it.1)))
                    .collect();
                format!("{{{}}}", pairs.join(","))
            }
        }
    }

    #[test]
    fn block_and_flow_values_are_read() {
        for (text, expected) in [
            ("a: 1\nb:\n  c: x y # z\n", "{a=\"1\",b={c=\"x y\"}}"),
            ("a:\n- b\n- c: d\n  e: f\n", "{a=[\"b\",{c=\"d\",e=\"f\"}]}"),
            ("a: [\"/:/h\", b]\n", "{a=[\"/:/h\",\"b\"]}"),
            ("a: [b,\n  c]\nd: e\n", "{a=[\"b\",\"c\"],d=\"e\"}"),
            ("a: |\n  x\n  y\nb: c\n", "{a=\"x\\ny\\n\",b=\"c\"}"),
            ("a: {b: {c: 'd'}}", "{a={b={c=\"d\"}}}"),
            ("a: rm\n  -rf /\nb: c", "{a=\"rm -rf /\",b=\"c\"}"),
            ("- a\n-\n  b: c\n", "[\"a\",{b=\"c\"}]"),
            ("\"a\": 'x: y'\n", "{a=\"x: y\"}"),
            ("a: b:c\n", "{a=\"b:c\"}"),
            (
                "{\"A\": {\"b\": [1, \"c\\\"d\"]}}",
                "{A={b=[\"1\",\"c\\\"d\"]}}",
            ),
        ] {
            let found: Vec<String> = documents(text).iter().map(shown).collect();
            assert_eq!(found.join("|"), expected, "{text}");
        }
        assert_eq!(documents("a: b\n---\nc: d\n").len(), 2);
    }

    #[test]
    fn broken_and_deep_text_ends() {
        for text in [
            "[", "{a", "{a: [", "a: [b", "- - - -", ": :", "a: |", "{,}", "[]]",
        ] {
            documents(text);
            flow(text);
        }
        flow(&"[".repeat(60_000));
        documents(&"- ".repeat(30_000));
    }
}
