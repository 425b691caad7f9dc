//! Owns how arguments of a program divide into flags, their values, subcommand and operands. Does not
//! own what a flag means. Invariant: every argument ends up in exactly one place, as a flag, as a
//! flag's value or as an operand; what is not understood is an operand, never dropped.

mod table;

#[cfg(test)]
mod tests;

use super::invocation::{Arg, Invocation};
use super::unwrap::like;
use crate::word::listed;
use table::{Grammar, Style};
pub(crate) use table::{Outer, family, outer};

/// The values of flags wherever they stand, whatever the grammar of the program is: what follows them or an
/// equals sign.
pub(crate) fn scattered(args: &[Arg], flags: &str) -> Vec<Arg> {
    let mut found = Vec::new();
    for (index, arg) in args.iter().enumerate() {
        let (name, value) = match arg.text.split_once('=') {
            Some((name, value)) => (name, Some(like(arg, value))),
            None => (arg.text.as_str(), None),
        };
        if listed(flags, name) {
            found.extend(value.or_else(|| args.get(index + 1).cloned()));
        }
    }
    found
}

/// One flag of an invocation in normal form: `-r` out of a cluster, `--recursive` without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag<'a> {
    pub name: String,
    /// The value given with `=`, glued (`-ofile`), or as the next argument where the program's table
    /// says that this flag takes one.
    pub value: Option<String>,
    /// The argument that holds the value where there is one, else the flag's own.
    pub arg: &'a Arg,
    /// The program's table knows the name as it is written: it abbreviates nothing.
    whole: bool,
}

impl Flag<'_> {
    /// The value as an argument of its own, with what is known about the argument it stands in.
    pub fn value_arg(&self) -> Option<Arg> {
        let value = self.value.as_ref()?;
        Some(Arg {
            text: value.clone(),
            ..self.arg.clone()
        })
    }
}

/// An invocation's arguments, divided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options<'a> {
    pub flags: Vec<Flag<'a>>,
    /// Everything that is neither a flag nor a flag's value, in order, subcommands included.
    pub operands: Vec<&'a Arg>,
    /// How many operands stand before the `--` that ended the flags, where one did.
    pub dashes: Option<usize>,
}

impl<'a> Options<'a> {
    /// True where the flag was given, also as a long name's abbreviation of at least three letters.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
            || (name.starts_with('+') && self.operands.iter().any(|it| is_plus(&it.text, name)))
    }

    /// The value of the last flag of that name which has one.
    pub fn value(&self, name: &str) -> Option<&str> {
        let mut named = self.flags.iter().rev().filter(|it| same(it, name));
        named.find_map(|it| it.value.as_deref())
    }

    /// The text of the nth operand, counted from 0.
    pub fn subcommand(&self, n: usize) -> Option<&str> {
        self.operands.get(n).map(|it| it.text.as_str())
    }

    /// The last flag of that name.
    pub fn find(&self, name: &str) -> Option<&Flag<'a>> {
        self.flags.iter().rev().find(|it| same(it, name))
    }

    /// True where any of the names was given.
    pub fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|it| self.has(it))
    }

    /// The values of every flag with one of the names, as arguments.
    pub fn values_of(&self, names: &[&str]) -> Vec<Arg> {
        self.flags
            .iter()
            .filter(|flag| names.iter().any(|it| same(flag, it)))
            .filter_map(Flag::value_arg)
            .collect()
    }

    /// The operands from the nth on.
    pub fn rest(&self, n: usize) -> &[&'a Arg] {
        self.operands.get(n..).unwrap_or_default()
    }
}

/// Divides the arguments of an invocation by the conventions of its program.
pub fn options(invocation: &Invocation) -> Options<'_> {
    divide(family(&invocation.program), invocation.args())
}

/// Divides arguments by the conventions of a program.
pub(crate) fn divide<'a>(program: &str, args: &'a [Arg]) -> Options<'a> {
    let mut reader = Reader {
        program,
        grammar: table::grammar(program, "", ""),
        options: Options::default(),
        ended: false,
    };
    reader.run(args);
    reader.options
}

struct Reader<'a, 'p> {
    program: &'p str,
    grammar: Grammar,
    options: Options<'a>,
    ended: bool,
}

impl<'a> Reader<'a, '_> {
    fn run(&mut self, args: &'a [Arg]) {
        let mut at = 0;
        if self.grammar.style == Style::Tar {
            at = self.old_style(args);
        }
        while let Some(arg) = args.get(at) {
            at += 1;
            let text = arg.text.as_str();
            if self.ended || !self.is_flag(text) {
                self.operand(arg);
            } else if text == "--" {
                self.ended = true;
                self.options.dashes = Some(self.options.operands.len());
            } else if self.grammar.style == Style::Find {
                at = self.find_word(arg, args, at);
            } else if text.starts_with("--") || self.grammar.style == Style::SingleDash {
                at = self.long(arg, args, at);
            } else {
                at = self.cluster(arg, args, at);
            }
        }
    }

    fn is_flag(&self, text: &str) -> bool {
        if self.grammar.style == Style::None {
            return false;
        }
        if text.starts_with('+') {
            return text.len() > 1 && table::plus(self.program);
        }
        text.len() > 1 && text.starts_with('-')
    }

    fn operand(&mut self, arg: &'a Arg) {
        self.options.operands.push(arg);
        if self.ended {
            return;
        }
        let words = &self.options.operands;
        let text = |n: usize| words.get(n).map_or("", |it| it.text.as_str());
        if words.len() <= 2 && self.grammar.subcommands {
            self.grammar = table::grammar(self.program, text(0), text(1));
        }
        let counted = if self.program == "env" {
            usize::from(!arg.text.contains('='))
        } else {
            words.len()
        };
        if self.grammar.stop.is_some_and(|stop| counted >= stop) {
            self.ended = true;
        }
    }

    /// `--name`, `--name=value`, `--name value`; the same with one dash where the program has those.
    fn long(&mut self, arg: &'a Arg, args: &'a [Arg], at: usize) -> usize {
        if let Some((name, value)) = arg.text.split_once('=') {
            self.flag(name, Some(value), arg);
            self.known(name);
            return at;
        }
        if !self.grammar.takes(&arg.text) {
            self.flag(&arg.text, None, arg);
            return at;
        }
        self.separate(&arg.text, arg, args, at)
    }

    /// `-rf`, `-ofile`, `-o file`, `-9`.
    fn cluster(&mut self, arg: &'a Arg, args: &'a [Arg], at: usize) -> usize {
        let sign = if arg.text.starts_with('+') { '+' } else { '-' };
        let letters = arg.text.get(1..).unwrap_or_default();
        let signals = matches!(self.program, "pkill" | "killall" | "kill" | "skill");
        if letters.bytes().all(|it| it.is_ascii_digit()) || signals && is_signal(letters) {
            self.flag(&arg.text, None, arg);
            return at;
        }
        for (index, letter) in letters.char_indices() {
            let name = [sign, letter].iter().collect::<String>();
            let glued = letters.get(index + letter.len_utf8()..).unwrap_or_default();
            if self.grammar.glues(&name) {
                self.flag(&name, Some(glued).filter(|it| !it.is_empty()), arg);
                return at;
            }
            if self.grammar.takes(&name) {
                if glued.is_empty() {
                    return self.separate(&name, arg, args, at);
                }
                let value = glued.strip_prefix('=').unwrap_or(glued);
                self.flag(&name, Some(value), arg);
                return at;
            }
            if glued.starts_with('=') {
                self.flag(&name, glued.get(1..), arg);
                return at;
            }
            self.flag(&name, None, arg);
        }
        at
    }

    /// A flag whose value is the next argument.
    fn separate(&mut self, name: &str, arg: &'a Arg, args: &'a [Arg], at: usize) -> usize {
        match args.get(at) {
            Some(next) => self.flag(name, Some(&next.text), next),
            None => self.flag(name, None, arg),
        }
        self.known(name);
        if self.grammar.ends(name) {
            self.ended = true;
        }
        at + 1
    }

    /// Marks the last flag where the table lists it.
    fn known(&mut self, name: &str) {
        let whole = name.len() > 2 && self.grammar.lists(name);
        if let Some(flag) = self.options.flags.last_mut() {
            flag.whole = whole;
        }
    }

    /// One word of find's expression; the command of `-exec` is its value.
    fn find_word(&mut self, arg: &'a Arg, args: &'a [Arg], at: usize) -> usize {
        if !matches!(arg.text.as_str(), "-exec" | "-execdir" | "-ok" | "-okdir") {
            return self.long(arg, args, at);
        }
        let rest = args.get(at..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|it| it.text == ";" || it.text == "+")
            .unwrap_or(rest.len());
        let words = rest.get(..length).unwrap_or_default();
        let command: Vec<&str> = words.iter().map(|it| it.text.as_str()).collect();
        self.flag(&arg.text, Some(&command.join(" ")), arg);
        at + length + 1
    }

    /// tar's first argument is a cluster without a dash: its values follow in order.
    fn old_style(&mut self, args: &'a [Arg]) -> usize {
        let Some(first) = args.first() else { return 0 };
        let plain = !first.text.starts_with('-')
            && first.text.bytes().all(|it| it.is_ascii_alphabetic())
            && first.text.contains(['c', 'x', 't', 'r', 'u', 'A', 'd']);
        if !plain {
            return 0;
        }
        let mut at = 1;
        for letter in first.text.chars() {
            let name = ['-', letter].iter().collect::<String>();
            if self.grammar.takes(&name) {
                at = self.separate(&name, first, args, at);
            } else {
                self.flag(&name, None, first);
            }
        }
        at
    }

    fn flag(&mut self, name: &str, value: Option<&str>, arg: &'a Arg) {
        self.options.flags.push(Flag {
            name: name.to_owned(),
            value: value.map(str::to_owned),
            arg,
            whole: false,
        });
    }
}

/// True for the name of a signal, which is one flag: `-STOP`, `-sigkill`.
fn is_signal(letters: &str) -> bool {
    let upper = letters.to_ascii_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let names = "ABRT ALRM BUS CHLD CONT FPE HUP ILL INT KILL PIPE POLL PROF QUIT SEGV STOP SYS TERM TRAP TSTP TTIN \
        TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ";
    name.len() > 2 && names.split_ascii_whitespace().any(|it| it == name)
}

/// True where the flag as written means the name.
fn same(flag: &Flag, name: &str) -> bool {
    let written = flag.name.as_str();
    if written == name {
        return true;
    }
    let (short, long) = (bare(written), bare(name));
    // Most differ in their first letter already.
    if short.as_bytes().first() != long.as_bytes().first()
        || short.len() < 2
        || long.len() < 2
        || written.len() == short.len()
    {
        return false;
    }
    short == long
        || (!flag.whole
            && written.starts_with("--")
            && name.starts_with("--")
            && short.len() >= 3
            && long.starts_with(short)
            && !table::is_whole(written))
}

/// A flag without the dashes in front.
fn bare(flag: &str) -> &str {
    let dashes = flag.bytes().take_while(|it| *it == b'-').count();
    flag.get(dashes..).unwrap_or_default()
}

/// True for an operand such as `+i` or `+is` where `+i` is asked for.
fn is_plus(operand: &str, name: &str) -> bool {
    operand.starts_with('+')
        && name.len() == 2
        && operand.get(1..).is_some_and(|it| {
            it.bytes().all(|byte| byte.is_ascii_alphabetic()) && name.ends_with(|c| it.contains(c))
        })
}
