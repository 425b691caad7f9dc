//! Owns the cmdlets that run other commands, change the session or pass objects on. Does not own their
//! parameters. Invariant: a block or text that a cmdlet is given is walked, whatever the cmdlet does with it.

use crate::shell::invocation::{Arg, ArgFlags, Context, GUARDED, Span, UNKNOWN};
use crate::shell::powershell::ast::{Block, Element, Expr, Statement};
use crate::shell::powershell::kin::{Call, children};
use crate::shell::powershell::place::{self, joined, some_of};
use crate::shell::unwrap::{like, split};

use crate::shell::walk::Walker;

use super::command::Ready;
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
                self.session.aliases.push((name, value));
                return Vec::new();
            }
            "set-variable" | "new-variable" => {
                let name = ready.bound.text("name").to_ascii_lowercase();
                self.set_variable(&name, ready.bound.values("value").to_vec());
                return Vec::new();
            }
            "stop-process" => self.stop_listed(ready),
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
        self.start_kin(argv, index, span);
    }

    /// True for the content of files as they stand: running it is running them.
    fn is_file_text(&self, text: &Arg, piped: bool) -> bool {
        let sources = if piped { &self.feeders } else { &text.from };
        let name = |it: &u32| {
            let found = self.reading.invocations.get(*it as usize);
            found.map_or("", |it| it.program.as_str())
        };
        !sources.is_empty()
            && sources
                .iter()
                .all(|it| matches!(name(it), "get-content" | "cat" | "out-string"))
    }

    /// `Start-Process`: a program, its arguments, and whether it runs as administrator.
    fn start_process(&mut self, ready: &Ready) {
        let mut argv: Vec<Arg> = ready.bound.values("filepath").to_vec();
        for arg in ready.bound.values("argumentlist") {
            argv.extend(if arg.text.contains(' ') {
                split(&like(arg, arg.text.replace('\\', "\\\\")))
            } else {
                vec![arg.clone()]
            });
        }
        if argv.is_empty() {
            return;
        }
        if let Some(program) = argv.first_mut() {
            program.text = program.text.replace('\\', "/");
        }
        let privileged = ready.bound.text("verb").eq_ignore_ascii_case("runas");
        let outer = self.context;
        if privileged {
            self.context = outer.with(Context::PRIVILEGED);
        }
        self.start_kin(argv, ready.index, ready.span);
        self.context = outer;
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

    /// Processes that are piped in: those of a name, or all there are.
    fn stop_listed(&mut self, ready: &Ready) {
        let ids = ready.bound.first_of(&["id", "name", "inputobject"]);
        let from: Vec<u32> = match ids {
            [] => self.feeders.clone(),
            ids => ids.iter().flat_map(|it| it.from.clone()).collect(),
        };
        let program = |it: u32| self.reading.invocations.get(it as usize);
        let filtered = from
            .iter()
            .filter_map(|it| program(*it))
            .any(|it| matches!(it.program.as_str(), "where-object" | "select-object"));
        let Some(list) = from
            .iter()
            .filter_map(|it| program(*it))
            .find(|it| it.program == "get-process")
        else {
            return;
        };
        let names: Vec<Arg> = list
            .args()
            .iter()
            .filter(|it| !it.text.starts_with('-'))
            .cloned()
            .collect();
        let word = |it: &str| Arg::literal(it, ready.span);
        if names.is_empty() && !filtered {
            self.start_kin(
                vec![word("kill"), word("-9"), word("-1")],
                ready.index,
                ready.span,
            );
        }
        for name in names {
            let name = if name.text == "*" { word(".") } else { name };
            self.start_kin(vec![word("pkill"), name], ready.index, ready.span);
        }
    }
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
        "new-temporaryfile" => {
            let mut file = Arg::literal(format!("/tmp/{GUARDED}"), ready.span);
            file.flags.set(ArgFlags::UNKNOWN);
            vec![file]
        }
        "sort-object" | "out-string" | "tee-object" | "get-unique" => input,
        "select-object" => select(ready, input),
        "get-command" => words()
            .filter(|it| !it.text.starts_with('-'))
            .take(1)
            .collect(),
        "write-host" | "out-null" | "out-file" | "set-content" | "add-content" | "remove-item"
        | "copy-item" | "move-item" | "stop-process" | "start-sleep" | "out-host" => Vec::new(),
        "start-job" | "invoke-command" | "measure-command" => blocks,
        _ => vec![many()],
    }
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

/// The names that `Where-Object` asks for, where it asks for nothing else.
fn filter_names(ready: &Ready) -> Option<Vec<Arg>> {
    if let [block] = ready.blocks.as_slice() {
        return names_in(block);
    }
    let texts: Vec<&Arg> = ready
        .words
        .iter()
        .filter_map(|it| it.items.first())
        .collect();
    let [property, operator, value] = texts.as_slice() else {
        return None;
    };
    let operator = operator.text.strip_prefix('-')?;
    name_test(&property.text, operator, value).map(|it| vec![it])
}

/// The names that a condition such as `$_.Name -eq 'x' -or $_.Extension -eq '.log'` asks for.
fn names_in(block: &Block) -> Option<Vec<Arg>> {
    let [Statement::Pipeline(pipeline)] = block.body.as_slice() else {
        return None;
    };
    let [Element::Value(Expr::Chain(first, rest), ..)] = pipeline.elements.as_slice() else {
        return None;
    };
    let mut names = Vec::new();
    let mut left: Option<&Expr> = Some(first.as_ref());
    for (operator, right) in rest {
        match left.take() {
            Some(property) => {
                let Expr::List(values) = right else {
                    names.push(tested(property, operator, right)?);
                    continue;
                };
                for value in values {
                    names.push(tested(property, operator, value)?);
                }
            }
            None if operator == "or" => left = Some(right),
            None => return None,
        }
    }
    left.is_none().then_some(names)
}

fn tested(property: &Expr, operator: &str, value: &Expr) -> Option<Arg> {
    use crate::shell::powershell::ast::{Part, Step};
    let Expr::Postfix(on, steps) = property else {
        return None;
    };
    let Expr::Variable(variable) = on.as_ref() else {
        return None;
    };
    let [Step::Member { name, args: None }] = steps.as_slice() else {
        return None;
    };
    let literal = |it: &Expr| match it {
        Expr::Text(parts, _) => match parts.as_slice() {
            [Part::Literal(text)] => Some(text.clone()),
            _ => None,
        },
        _ => None,
    };
    let value = Arg::literal(literal(value)?, Span::default());
    (variable == "_" || variable == "psitem").then_some(())?;
    name_test(&literal(name)?, operator, &value)
}

fn name_test(property: &str, operator: &str, value: &Arg) -> Option<Arg> {
    let operator = operator.to_ascii_lowercase();
    let wild = value.text.chars().all(|it| matches!(it, '*' | '.' | '?'));
    if wild || !matches!(operator.as_str(), "eq" | "like" | "in" | "ieq" | "ilike") {
        return None;
    }
    match property.to_ascii_lowercase().as_str() {
        "name" => Some(value.clone()),
        "extension" => Some(like(value, format!("*{}", value.text))),
        "basename" => Some(like(value, format!("{}*", value.text))),
        _ => None,
    }
}
