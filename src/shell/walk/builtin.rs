//! Owns what the shell's own builtins do to its state: directories, variables, parameters, aliases, and
//! the ends of branches. Builtins that start something are `unwrap`'s.

use std::rc::Rc;

use crate::shell::decode;
use crate::shell::invocation::{Arg, ArgFlags, Invocation, Redirect, RedirectOp};
use crate::shell::unwrap::{join, like, split};

use super::Walker;
use super::state::Value;
use crate::word::is_variable;

/// How many lines of literal input a `read` in a loop may see.
const LINES: usize = 8;

impl Walker<'_> {
    /// Applies the effect of an invocation on the shell's state.
    pub(super) fn builtin(&mut self, program: &str, index: u32) {
        if !changes_state(program) || self.wrappers > 0 {
            return;
        }
        let Some(invocation) = self.reading.at(index) else {
            return;
        };
        let args = invocation.args().to_vec();
        match program {
            "cd" | "chdir" => self.change_directory(&args),
            "pushd" => self.push_directory(&args),
            "popd" => self.pop_directory(),
            "let" => self.let_numbers(&args),
            "export" | "declare" | "typeset" | "local" | "readonly" => self.declare(&args),
            "read" => self.read_variables(&args, index),
            "mapfile" | "readarray" => self.map_lines(&args, index),
            "getopts" => {
                for arg in args.iter().filter(|it| is_variable(&it.text)) {
                    self.state.set(&arg.text, unknown_list());
                }
            }
            "unset" => {
                for arg in args.iter().filter(|it| is_variable(&it.text)) {
                    self.state.set(&arg.text, Value::one(Arg::default()));
                }
            }
            "set" => self.set_parameters(args),
            "shift" => self.shift(&args),
            "alias" => self.define_aliases(args),
            "unalias" => args.iter().for_each(|it| self.state.unalias(&it.text)),
            "printf" => self.printf_variable(index, &args),
            "hash" => self.remember_place(&args),
            "exec" if args.is_empty() => {}
            _ => self.state.dead = true,
        }
    }

    fn declare(&mut self, args: &[Arg]) {
        let flag = |letter| {
            let mut flags = args.iter().filter(|it| it.text.starts_with('-'));
            flags.any(|it| it.text.contains(letter))
        };
        let (refers, is_list, counts) = (flag('n'), flag('a'), flag('i'));
        for arg in args {
            if counts {
                self.declare_number(arg);
            }
            let Some((name, text)) = arg.text.split_once('=') else {
                continue;
            };
            let (name, appends) = match name.strip_suffix('+') {
                Some(name) => (name, true),
                None => (name, false),
            };
            if !is_variable(name) || text == "()" {
                continue;
            }
            if refers && is_variable(text) {
                self.state.refer(name, text);
                continue;
            }
            // Text in parentheses is read once more as the words of a list.
            let inner = text.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
            if let Some(inner) = inner.filter(|_| is_list && !appends) {
                let words = split(&like(arg, inner));
                self.state.set(name, Value::List(words));
                continue;
            }
            let mut value = arg.clone();
            text.clone_into(&mut value.text);
            value.flags.0 &= !(ArgFlags::GLOB | ArgFlags::SPLITS);
            if appends {
                self.state.set(name, Value::unknown());
            } else {
                self.state.set(name, Value::one(value));
            }
        }
    }

    /// The fields of a known line, cut at the `IFS` of the command or of the shell.
    fn fields_of(&self, input: &Arg, index: u32) -> Option<Vec<Arg>> {
        let line = input.text.strip_suffix('\n').unwrap_or(&input.text);
        if !input.is_known() || line.contains('\n') {
            return None;
        }
        let invocation = self.reading.at(index)?;
        let own = invocation.assignments.iter().find(|it| it.name == "IFS");
        let separators = match own {
            Some(own) => own.value.text.clone(),
            None => self.separators().unwrap_or_else(|| " \t\n".to_owned()),
        };
        let cut = |it: char| separators.contains(it);
        let pieces = line.split(cut);
        let fields = pieces.filter(|it| !it.is_empty() || !separators.contains(' '));
        Some(fields.map(|it| like(input, it.trim())).collect())
    }

    /// Gives each variable its field, and the last one the rest.
    fn share_out(&mut self, names: &[&Arg], fields: &[Arg]) {
        for (at, name) in names.iter().enumerate() {
            let value = if at + 1 < names.len() {
                fields.get(at).cloned().unwrap_or_default()
            } else {
                join(fields.iter().skip(at))
            };
            self.state.set(&name.text, Value::one(value));
        }
    }

    /// `mapfile -t NAME` of known lines.
    fn map_lines(&mut self, args: &[Arg], index: u32) {
        let unknown = self.read_from(index);
        let lines = self.stdin.as_ref().filter(|it| it.is_known()).map(lines_of);
        for arg in args.iter().filter(|it| is_variable(&it.text)) {
            let value = match &lines {
                Some(lines) => Value::List(lines.clone()),
                None => many(unknown.clone()),
            };
            self.state.set(&arg.text, value);
        }
    }

    /// What is not known of the input of a builtin: it comes from the file that is its stdin, or out of the
    /// pipe.
    fn read_from(&self, index: u32) -> Arg {
        let mut unknown = Arg::unknown(crate::shell::Span::default());
        unknown.from.extend_from_slice(&self.feeders);
        let reader = self.reading.at(index);
        let is_input = |it: &Redirect| it.op == RedirectOp::Read && it.fd.is_none_or(|it| it == 0);
        if reader.is_some_and(|it| it.redirects.iter().any(is_input)) {
            unknown.from.push(index);
        }
        unknown
    }

    fn read_variables(&mut self, args: &[Arg], index: u32) {
        let mut names: Vec<&Arg> = Vec::new();
        let mut array = false;
        let mut skip = false;
        for arg in args {
            if std::mem::take(&mut skip) {
                continue;
            }
            if let Some(flags) = arg.text.strip_prefix('-') {
                array |= flags.ends_with('a');
                skip = flags.ends_with(['d', 'i', 'n', 'N', 'p', 't', 'u', 'k']);
            } else if is_variable(&arg.text) {
                names.push(arg);
            }
        }
        let input = self.stdin.clone();
        let alone = names.len() == 1 && !array;
        let lines = input.as_ref().filter(|_| alone).map(lines_of);
        let name = names
            .first()
            .map_or("REPLY", |it| it.text.as_str())
            .to_owned();
        let value = match lines {
            Some(lines) if !lines.is_empty() && lines.len() <= LINES => Value::Scalar(lines),
            _ => Value::one(self.read_from(index)),
        };
        let fields = input.as_ref().and_then(|it| self.fields_of(it, index));
        match fields {
            Some(fields) if array => self.state.set(&name, Value::List(fields)),
            Some(fields) if names.len() > 1 => self.share_out(&names, &fields),
            _ => {
                let unknown = self.read_from(index);
                for other in names.iter().skip(1) {
                    self.state.set(&other.text, Value::one(unknown.clone()));
                }
                let value = if array { many(unknown) } else { value };
                self.state.set(&name, value);
            }
        }
    }

    fn set_parameters(&mut self, mut args: Vec<Arg>) {
        let Some(first) = args.first() else {
            return;
        };
        if first.text == "--" {
            args.remove(0);
        } else if first.text.starts_with(['-', '+']) {
            return;
        }
        let many = args.iter().any(|it| it.flags.has(ArgFlags::MANY));
        self.state.positional = (!many).then(|| Rc::new(args));
    }

    /// `let NAME=NUMBER`; any other expression has a value that is not known.
    fn let_numbers(&mut self, args: &[Arg]) {
        for arg in args {
            let Some((name, value)) = arg.text.split_once('=').filter(|it| is_variable(it.0))
            else {
                continue;
            };
            let number = value.parse::<i64>().is_ok();
            let known = number.then(|| Value::one(like(arg, value)));
            self.state.set(name, known.unwrap_or_else(Value::unknown));
        }
    }

    fn shift(&mut self, args: &[Arg]) {
        let count = args.first().map_or(Ok(1), |it| it.text.parse::<usize>());
        let Some(positional) = &mut self.state.positional else {
            return;
        };
        match count {
            Ok(count) => {
                let positional = Rc::make_mut(positional);
                positional.drain(..count.min(positional.len()));
            }
            Err(_) => self.state.positional = None,
        }
    }

    fn define_aliases(&mut self, args: Vec<Arg>) {
        for mut arg in args {
            let Some((name, text)) = arg.text.split_once('=') else {
                continue;
            };
            let (name, text) = (name.to_owned(), text.to_owned());
            arg.text = text;
            self.state.set_alias(&name, arg);
        }
    }

    /// `hash -p FILE NAME`: the name runs the file from here on.
    fn remember_place(&mut self, args: &[Arg]) {
        if let [flag, file, names @ ..] = args
            && flag.text == "-p"
        {
            for name in names {
                self.state.set_alias(&name.text, file.clone());
            }
        }
    }

    /// `printf -v NAME …`
    fn printf_variable(&mut self, index: u32, args: &[Arg]) {
        let [flag, name, rest @ ..] = args else {
            return;
        };
        if flag.text != "-v" {
            return;
        }
        let Some(invocation) = self.reading.at(index) else {
            return;
        };
        let mut words: Vec<Arg> = invocation.argv.first().cloned().into_iter().collect();
        words.extend_from_slice(rest);
        let printed = Invocation {
            argv: words,
            ..invocation.clone()
        };
        let value = match decode::stdout(&printed, None) {
            Some(mut arg) => {
                arg.flags.set(ArgFlags::HIDDEN);
                Value::one(arg)
            }
            None => Value::unknown(),
        };
        self.state.set(&name.text, value);
    }
}

/// True for the builtins that [`Walker::builtin`] knows.
fn changes_state(program: &str) -> bool {
    matches!(
        program,
        "cd" | "chdir"
            | "pushd"
            | "popd"
            | "export"
            | "declare"
            | "typeset"
            | "local"
            | "readonly"
            | "read"
            | "mapfile"
            | "readarray"
            | "getopts"
            | "unset"
            | "set"
            | "shift"
            | "alias"
            | "unalias"
            | "exit"
            | "return"
            | "break"
            | "continue"
            | "exec"
            | "printf"
            | "hash"
            | "let"
    )
}

fn lines_of(input: &Arg) -> Vec<Arg> {
    let lines = input.text.lines().map(|line| Arg {
        text: line.trim().to_owned(),
        ..input.clone()
    });
    lines.collect()
}

fn unknown_list() -> Value {
    many(Arg::unknown(crate::shell::Span::default()))
}

fn many(mut arg: Arg) -> Value {
    arg.flags.set(ArgFlags::MANY);
    Value::List(vec![arg])
}
