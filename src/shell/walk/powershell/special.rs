//! Owns the cmdlets that run other commands, change the session or pass objects on. Does not own their
//! parameters. Invariant: a block or text that a cmdlet is given is walked, whatever the cmdlet does with it.

use crate::shell::invocation::{Arg, ArgFlags, Context, GUARDED, Span, UNKNOWN};

use crate::shell::powershell::kin::{Call, children, new_paths};
use crate::shell::powershell::place::{self, joined, some_of};
use crate::shell::unwrap::like;

use crate::shell::walk::Walker;

use super::command::Ready;
use super::filter::filter_names;
use super::{as_text, many};

impl Walker<'_> {
    /// What a command does beyond its kin, and what it puts out.
    pub(super) fn finish(&mut self, ready: &Ready, input: Vec<Arg>) -> Vec<Arg> {
        match ready.name.as_str() {
            "invoke-expression" => return self.invoke_expression(ready, &input),
            "start-process" => {
                self.start_process(ready);
                return Vec::new();
            }
            "invoke-command" if elsewhere(ready) => {
                let outer = self.context;
                self.context = outer.with(Context::REMOTE | Context::NESTED);
                let out = self.run_blocks(ready, &input);
                self.context = outer;
                return out;
            }
            "set-location" | "push-location" | "pop-location" => {
                self.change_place(ready);
                return Vec::new();
            }
            "set-alias" | "new-alias" => {
                let name = ready.bound.text("name").to_ascii_lowercase();
                let value = ready.bound.text("value").to_ascii_lowercase();
                self.session.aliases.retain(|it| it.0 != name);
                self.session.aliases.push((name, value));
                return Vec::new();
            }
            "set-variable" | "new-variable" => {
                let name = ready.bound.text("name").to_ascii_lowercase();
                self.set_variable(&name, ready.bound.values("value").to_vec());
                return Vec::new();
            }
            "stop-process" => {
                let ids = ready.bound.first_of(&["id", "name", "inputobject"]);
                let from: Vec<u32> = match ids {
                    [] => self.feeders.clone(),
                    ids => ids.iter().flat_map(|it| it.from.clone()).collect(),
                };
                self.stop_listed(&from, ready.index, ready.span);
            }
            "invoke-wmimethod" | "invoke-cimmethod" => self.create_process(ready),
            "invoke-item" => {
                let path = ready.words.iter().flat_map(|it| it.items.iter());
                let argv: Vec<Arg> = path.map(|it| place::path(it, true)).collect();
                if argv.first().is_some_and(|it| it.text.contains("./")) {
                    self.start_kin(argv, ready.index, ready.span);
                }
            }
            "foreach-object" => return self.for_each(ready, input),
            "where-object" => {
                let names = filter_names(ready);
                self.run_blocks(ready, &input);
                return some_of(&input, names);
            }
            _ => {}
        }
        let blocks = self.run_blocks(ready, &input);
        output(ready, input, blocks)
    }

    /// Runs every block among the words, with the objects that are piped in as `$_`.
    fn run_blocks(&mut self, ready: &Ready, input: &[Arg]) -> Vec<Arg> {
        let mut out = Vec::new();
        let current = if input.is_empty() {
            self.session.current.clone()
        } else {
            input.to_vec()
        };
        let parent = self.parent.replace(ready.index);
        for block in &ready.blocks {
            out.extend(self.call_block(block, None, current.clone()));
        }
        self.parent = parent;
        out
    }

    fn for_each(&mut self, ready: &Ready, input: Vec<Arg>) -> Vec<Arg> {
        let method = ready.bound.first_of(&["membername", "process"]);
        if let Some(method) = method.first().map(|it| it.text.to_ascii_lowercase()) {
            return self.member(input, &method, Some(&[]), ready.span);
        }
        let outer = self.context;
        self.context = outer.with(Context::LOOP);
        let out = self.run_blocks(ready, &input);
        self.context = outer;
        out
    }

    /// `iex`: its text is a command.
    fn invoke_expression(&mut self, ready: &Ready, input: &[Arg]) -> Vec<Arg> {
        let given = ready.bound.values("command");
        let piped = given.is_empty();
        let text = if piped {
            as_text(input).unwrap_or_else(|| Arg::unknown(ready.span))
        } else {
            crate::shell::unwrap::join(given.iter())
        };
        self.run_text(&text, piped, ready.index, ready.span);
        vec![Arg::unknown(ready.span)]
    }

    /// Text that becomes a command.
    pub(super) fn run_text(&mut self, text: &Arg, piped: bool, index: u32, span: Span) {
        let known = |it: char| it != UNKNOWN && it != GUARDED && !it.is_whitespace();
        if text.text.chars().any(known) {
            self.follow_powershell(index, text, 0);
            return;
        }
        let word = |it: &str| Arg::literal(it, span);
        let argv = if piped {
            vec![word("pwsh"), word("-")]
        } else {
            vec![word("eval"), text.clone()]
        };
        if self.is_file_text(text, piped) {
            return;
        }
        let outer = self.context;
        if text.flags.has(ArgFlags::HIDDEN) {
            self.context = outer.with(Context::DECODED | Context::FED);
        }
        self.start_kin(argv, index, span);
        self.context = outer;
    }

    /// True for the content of files as they stand: running it is running them.
    fn is_file_text(&self, text: &Arg, piped: bool) -> bool {
        let sources = if piped { &self.feeders } else { &text.from };
        let name = |it: &u32| {
            let found = self.reading.at(*it);
            found.map_or("", |it| it.program.as_str())
        };
        !sources.is_empty()
            && sources
                .iter()
                .all(|it| matches!(name(it), "get-content" | "cat" | "out-string"))
    }

    /// Directories change in this very session, hence not as a program that it starts.
    fn change_place(&mut self, ready: &Ready) {
        let word = match ready.name.as_str() {
            "set-location" => "cd",
            "push-location" => "pushd",
            _ => "popd",
        };
        let mut argv = vec![Arg::literal(word, ready.span)];
        let to = ready.bound.first_of(&["literalpath", "path"]).first();
        argv.extend(to.map(|it| {
            let mut place = place::path(it, true);
            if let (Some(rest), false) = (place.text.strip_prefix('~'), self.around.home.is_empty())
            {
                place.text = format!("{}{rest}", self.around.home);
            }
            place
        }));
        if word != "pushd" || argv.len() > 1 {
            self.start_command(argv, Vec::new(), ready.span);
        }
    }
}

/// Something new each time, in a place.
pub(super) fn guarded(place: &str) -> Arg {
    let mut arg = Arg::literal(format!("{place}{GUARDED}"), Span::default());
    arg.flags.set(ArgFlags::UNKNOWN);
    arg
}

/// True where the block runs on another machine.
fn elsewhere(ready: &Ready) -> bool {
    [
        "computername",
        "session",
        "hostname",
        "vmname",
        "containerid",
    ]
    .iter()
    .any(|it| ready.bound.has(it))
}

/// What a command puts out, as far as it is known.
fn output(ready: &Ready, input: Vec<Arg>, blocks: Vec<Arg>) -> Vec<Arg> {
    let words = || ready.words.iter().flat_map(|it| it.items.iter().cloned());
    let call = Call {
        name: &ready.name,
        written: "",
        bound: &ready.bound,
        input: &input,
        span: ready.span,
    };
    match ready.name.as_str() {
        "write-output" => words().filter(|it| it.text != "-NoEnumerate").collect(),
        "get-childitem" => children(&call),
        "get-item" | "resolve-path" | "convert-path" | "get-itemproperty" => {
            let given = ready.bound.first_of(&["literalpath", "path"]);
            let given = if given.is_empty() { &input } else { given };
            given.iter().map(|it| place::path(it, false)).collect()
        }
        "join-path" => join(ready),
        "split-path" => parts(ready, &input),
        "get-location" => vec![Arg::literal(".", ready.span)],
        "new-temporaryfile" => vec![guarded("/tmp/")],
        "new-guid" | "get-random" | "get-date" => vec![guarded("")],
        "get-psdrive" => vec![Arg::literal("C:/", ready.span)],
        "new-object" => created(ready),
        "new-item" => new_paths(&call),
        "sort-object" | "out-string" | "tee-object" | "get-unique" => input,
        "select-object" => select(ready, input),
        "get-command" => words()
            .filter(|it| !it.text.starts_with('-'))
            .take(1)
            .collect(),
        "write-host" | "out-null" | "out-file" | "set-content" | "add-content" | "remove-item"
        | "copy-item" | "move-item" | "stop-process" | "start-sleep" | "out-host" => Vec::new(),
        "start-job" | "invoke-command" | "measure-command" => blocks,
        _ => {
            let mut unknown = many();
            unknown.from.push(ready.index);
            vec![unknown]
        }
    }
}

/// `New-Object IO.DirectoryInfo x` is the place `x`; other objects are unknown.
fn created(ready: &Ready) -> Vec<Arg> {
    let mut items = ready.words.iter().flat_map(|it| it.items.iter());
    let kind = items.find(|it| !it.text.starts_with('-'));
    let kind = kind.map_or(String::new(), |it| it.text.to_ascii_lowercase());
    if kind.ends_with("directoryinfo") || kind.ends_with("fileinfo") {
        return items
            .filter(|it| !it.text.starts_with('-'))
            .map(|it| place::path(it, true))
            .collect();
    }
    let mut object = Arg::unknown(ready.span);
    object.from.push(ready.index);
    vec![object]
}

fn select(ready: &Ready, input: Vec<Arg>) -> Vec<Arg> {
    let expanded = ready.bound.text("expandproperty").to_ascii_lowercase();
    let fewer = ["first", "last", "skip", "skiplast", "index"];
    if !matches!(expanded.as_str(), "" | "fullname" | "path" | "pspath") {
        return vec![many()];
    }
    if fewer.iter().any(|it| ready.bound.has(it)) {
        return some_of(&input, None);
    }
    input
}

fn join(ready: &Ready) -> Vec<Arg> {
    let below = ready.bound.values("childpath").iter();
    let more = ready.bound.values("additionalchildpath").iter();
    let below: Vec<&Arg> = below.chain(more).chain(&ready.bound.rest).collect();
    let bases = ready.bound.values("path").iter();
    bases
        .map(|base| {
            below
                .iter()
                .fold(base.clone(), |path, it| joined(&path, it))
        })
        .collect()
}

fn parts(ready: &Ready, input: &[Arg]) -> Vec<Arg> {
    let given = ready.bound.first_of(&["literalpath", "path"]);
    let given = if given.is_empty() { input } else { given };
    let leaf = ready.bound.has("leaf");
    given
        .iter()
        .map(|it| {
            let path = place::path(it, true);
            let (above, name) = path.text.rsplit_once('/').unwrap_or(("", &path.text));
            like(&path, if leaf { name } else { above })
        })
        .collect()
}
