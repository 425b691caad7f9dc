//! Owns what clients of databases are fed by other programs of the text: SQL that a query, `sed` or `awk`
//! makes, directly or through a file, and the lines that are Redis' commands. Does not own what those
//! programs write (`client`). Invariant: each such text becomes an invocation of the client once.

use crate::shell::client::{Told, executed, is_sql, own, told, written};
use crate::shell::flags::options;
use crate::shell::invocation::{Arg, ArgFlags, Invocation, RedirectOp, Span};
use crate::shell::unwrap::{like, split};

use super::Walker;

/// So many programs before a client are looked at.
const SOURCES: usize = 32;
/// So many lines of input are commands of their own.
const LINES: usize = 64;

impl Walker<'_> {
    /// Follows what a program is told by its input, or by files of the text.
    pub(super) fn follow_told(&mut self, program: &str, index: u32) {
        match told(program) {
            Told::Nothing => {}
            Told::Statements => self.generated(index),
            Told::Lines => self.lines(index),
            Told::Services => self.composed(program, index),
            Told::Pods => self.applied(index),
            Told::Requests => self.requested(index),
        }
    }

    /// The SQL that other programs, or the query itself, make for this client.
    fn generated(&mut self, index: u32) {
        let Some(invocation) = self.reading.invocations.get(index as usize) else {
            return;
        };
        if self.is_repeated(invocation) || invocation.args().iter().any(|it| it.text == ":memory:")
        {
            return;
        }
        let mut texts: Vec<String> = own(invocation).filter_map(executed).collect();
        let mut sources = invocation.fed_by.clone();
        sources.extend(self.writers(invocation));
        let mut at = 0;
        while let Some(it) = sources.get(at).copied().filter(|_| at < SOURCES) {
            at += 1;
            let Some(source) = self.reading.invocations.get(it as usize) else {
                continue;
            };
            match source.program.as_str() {
                "echo" => texts.extend(said(source)),
                "printf" | "cat" => texts.extend(own(source).filter_map(executed)),
                _ => texts.extend(written(source)),
            }
            for more in source.fed_by.iter().copied().chain(self.writers(source)) {
                if !sources.contains(&more) {
                    sources.push(more);
                }
            }
        }
        let flag = if invocation.program == "psql" {
            "-c"
        } else {
            "-e"
        };
        let first = invocation.argv.first().cloned().unwrap_or_default();
        for text in texts {
            let mut text = like(&first, text);
            text.flags.set(ArgFlags::QUOTED);
            let argv = vec![first.clone(), like(&first, flag), text];
            self.start_nested(index, argv, Vec::new(), 0);
        }
    }

    /// The earlier programs that write the files which this one reads.
    fn writers(&self, invocation: &Invocation) -> Vec<u32> {
        let reads = invocation.redirects.iter();
        let reads = reads
            .filter(|it| it.op == RedirectOp::Read)
            .map(|it| &it.target);
        let read: Vec<String> = reads
            .chain(invocation.args())
            .filter(|it| it.text.contains(['.', '/']) && !it.text.contains([' ', ';']))
            .map(|it| self.place(it.text.trim_start_matches("-f")))
            .collect();
        if read.is_empty() {
            return Vec::new();
        }
        let writes = |it: &Invocation| {
            let outputs = it.redirects.iter();
            let outputs =
                outputs.filter(|it| matches!(it.op, RedirectOp::Write | RedirectOp::Append));
            let tee = if it.program == "tee" { it.args() } else { &[] };
            let own = options(it).values_of(&["-o", "--output"]);
            let own = own.iter().filter(|_| is_sql(&it.program));
            let mut targets = outputs.map(|it| &it.target).chain(tee).chain(own);
            targets.any(|it| read.contains(&self.place(&it.text)))
        };
        let before = (0_u32..).zip(&self.reading.invocations);
        let found = before.filter(|it| it.1.span != invocation.span && writes(it.1));
        found.map(|it| it.0).take(SOURCES).collect()
    }

    /// Every line that a client of Redis is fed, as its arguments.
    fn lines(&mut self, index: u32) {
        let Some(invocation) = self.reading.invocations.get(index as usize) else {
            return;
        };
        if self.is_repeated(invocation) || !options(invocation).operands.is_empty() {
            return;
        }
        let known = self
            .stdin
            .clone()
            .filter(|it| !it.flags.has(ArgFlags::MANY));
        let document = invocation
            .redirects
            .iter()
            .find(|it| matches!(it.op, RedirectOp::Heredoc | RedirectOp::HereString));
        let document = document.map(|it| it.target.clone());
        let Some(text) = known.or(document).or_else(|| self.fed_text(invocation)) else {
            return;
        };
        let first = invocation.argv.first().cloned().unwrap_or_default();
        let lines = text.text.lines().map(str::trim);
        // Most commands store and read: those are nobody's concern.
        let stores = |it: &&str| {
            let verb = it
                .split(' ')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            !verb.is_empty() && !verb.ends_with("get") && !verb.ends_with("set")
        };
        for line in lines.filter(stores).take(LINES) {
            let mut argv = vec![first.clone()];
            argv.extend(split(&like(&text, line)));
            self.start_nested(index, argv, Vec::new(), 0);
        }
    }

    /// What `echo` and `printf` feed it, where not all that feeds it is known.
    fn fed_text(&self, invocation: &Invocation) -> Option<Arg> {
        let feeders = invocation.fed_by.iter();
        let feeders = feeders.filter_map(|it| self.reading.invocations.get(*it as usize));
        let prints = |it: &&Invocation| matches!(it.program.as_str(), "echo" | "printf");
        let texts = feeders.filter(prints).flat_map(own);
        let texts: Vec<String> = texts
            .map(|it| it.replace("\\n", "\n").replace("\\r", ""))
            .collect();
        (!texts.is_empty()).then(|| Arg::literal(texts.join("\n"), Span::default()))
    }

    /// True for an invocation that this module started.
    fn is_repeated(&self, invocation: &Invocation) -> bool {
        let parent = invocation
            .parent
            .and_then(|it| self.reading.invocations.get(it as usize));
        parent.is_some_and(|it| it.program == invocation.program)
    }
}

/// What `echo` says as a whole: its words are no texts of their own.
fn said(echo: &Invocation) -> Vec<String> {
    let words: Vec<&str> = own(echo).filter(|it| !it.starts_with('-')).collect();
    let whole = words.join(" ");
    let mut said: Vec<String> = executed(&whole).into_iter().collect();
    if words.len() > 1 {
        said.push(whole);
    }
    said
}
