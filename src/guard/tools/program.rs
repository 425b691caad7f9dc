//! Owns whether a profile admits a program with its arguments. Does not own what is known of programs
//! (`table`). Invariant: a program that no line names is outside, and so is a file that would be changed
//! where the profile only reads.

use super::shell::Text;
use super::{Profile, awk, git, table};
use crate::shell::access::AccessKind;
use crate::shell::access::sed::Sed;
use crate::shell::flags::{Options, divide, family, options};
use crate::shell::{Arg, Invocation};
use crate::word::listed;

const CHANGES: &str = "it changes files";
const NOT_ONLY_READING: &str = "it is not known to only read";
const NOT_ORDINARY: &str = "it is no program of ordinary development";

pub(super) fn admit(
    profile: Profile,
    text: &Text,
    index: usize,
    invocation: &Invocation,
) -> Result<(), &'static str> {
    let program = invocation.program.as_str();
    if asks(invocation) {
        return Ok(());
    }
    if profile == Profile::Unattended {
        if listed(table::DEVELOPS, program) || is_project_script(text, index, invocation) {
            return Ok(());
        }
    } else {
        accesses(text, index, invocation)?;
    }
    let reviews = if profile == Profile::ReadOnly {
        ""
    } else {
        table::REVIEWS
    };
    let gets = program.starts_with("get-");
    if gets || listed(table::READERS, program) {
        return Ok(());
    }
    let call = Call::of(text, index, invocation);
    let admitted = call.is_some_and(|it| {
        let mut lines = table::READS.lines().chain(reviews.lines());
        lines.any(|line| it.fits(line))
    });
    match (admitted, profile) {
        (true, _) => Ok(()),
        (false, Profile::Unattended) => Err(NOT_ORDINARY),
        (false, _) => Err(NOT_ONLY_READING),
    }
}

/// True for a question to a program about itself.
fn asks(invocation: &Invocation) -> bool {
    let short = matches!(
        invocation.program.as_str(),
        "npm" | "node" | "pnpm" | "yarn" | "rustc"
    );
    let args = invocation.args();
    let question = |it: &Arg| {
        matches!(it.text.as_str(), "--version" | "--help" | "-V" | "-version")
            || short && matches!(it.text.as_str(), "-v" | "-vV")
    };
    let more = |it: &Arg| matches!(it.text.as_str(), "--verbose" | "--short");
    args.first().is_some_and(question) && args.iter().skip(1).all(more)
}

/// `bash scripts/x.sh`, which ordinary development runs.
fn is_project_script(text: &Text, index: usize, invocation: &Invocation) -> bool {
    let shells = ["bash", "sh", "zsh", "dash"];
    shells.contains(&invocation.program.as_str()) && text.runs_own(index, invocation)
}

/// Nothing is changed, run or sent.
fn accesses(text: &Text, index: usize, invocation: &Invocation) -> Result<(), &'static str> {
    let own = invocation.argv.first().map_or("", |it| it.text.as_str());
    // What a script of sed writes is read from the script itself.
    let scripted = family(&invocation.program) == "sed";
    for access in text.cx.accesses.of(index) {
        match access.kind {
            AccessKind::Read | AccessKind::List => {}
            _ if scripted => {}
            AccessKind::Execute if access.path.text == own => {}
            AccessKind::Execute => return Err("it runs a script"),
            AccessKind::Send => return Err("it sends a file"),
            _ if text.may_write(&invocation.cwd, &access.path.text) => {}
            _ => return Err(CHANGES),
        }
    }
    Ok(())
}

/// An invocation as the lines of the table are about it.
struct Call<'a> {
    program: &'a str,
    args: &'a [Arg],
    options: Options<'a>,
    /// The invocation starts another one.
    starts: bool,
}

impl<'a> Call<'a> {
    /// `None` where git is told beforehand what to run or where to look.
    fn of(text: &Text, index: usize, invocation: &'a Invocation) -> Option<Self> {
        let program = invocation.program.as_str();
        let mut options = options(invocation);
        if program == "git" {
            let args = invocation.args();
            let verb = options.operands.first();
            let at = verb.and_then(|it| args.iter().position(|arg| std::ptr::eq(arg, *it)))?;
            if !args.get(..at).is_some_and(git::is_plain) {
                return None;
            }
            // Behind the verb the same letters mean other things.
            options = divide("git", args.get(at..).unwrap_or_default());
        }
        Some(Self {
            program: if program == "git" {
                program
            } else {
                family(program)
            },
            args: invocation.args(),
            options,
            starts: text.children(index).next().is_some(),
        })
    }

    fn operand(&self, n: usize) -> &str {
        self.options
            .operands
            .get(n)
            .map_or("", |it| it.text.as_str())
    }

    /// True where a line of the table names the call and its conditions hold.
    fn fits(&self, line: &str) -> bool {
        let mut words = line.split(' ');
        let head = words.next().unwrap_or_default();
        let (programs, verbs) = head.split_once(':').unwrap_or((head, ""));
        if !programs.split(',').any(|it| it == self.program) {
            return false;
        }
        let depth = verbs.split(',').find_map(|it| self.verb(it));
        match depth {
            None if !verbs.is_empty() => false,
            depth => self.holds(words, depth.unwrap_or(0)),
        }
    }

    /// How many words a verb has, where it is the call's.
    fn verb(&self, verb: &str) -> Option<usize> {
        let mut words = verb.split('.').enumerate();
        let same = words.all(|(n, word)| self.operand(n) == word);
        (same && !verb.is_empty()).then(|| verb.split('.').count())
    }

    fn holds<'w>(&self, words: impl Iterator<Item = &'w str>, depth: usize) -> bool {
        let (mut wanted, mut met, mut narrow) = (false, false, false);
        let mut known: Vec<&str> = Vec::new();
        for word in words {
            let (kind, name) = word.split_at(1);
            let given = || self.options.has(name);
            let refused = match kind {
                "!" => given(),
                ">" => given() && !self.starts,
                "@" => !self.is_plain(name),
                "#" => {
                    let most = name.parse::<usize>().unwrap_or(0);
                    self.options.operands.len() > depth + most
                }
                "?" => {
                    wanted = true;
                    met |= given();
                    false
                }
                _ => {
                    narrow = true;
                    known.push(name);
                    false
                }
            };
            if refused {
                return false;
            }
        }
        let flags = &self.options.flags;
        (met || !wanted) && (!narrow || flags.iter().all(|it| known.contains(&it.name.as_str())))
    }

    /// The looks that flags alone do not tell.
    fn is_plain(&self, what: &str) -> bool {
        let whole = |names: &[&str]| {
            let given = self.options.values_of(names);
            let first = self.options.operands.first();
            let scripts = match given.as_slice() {
                [] => first.map(|it| it.text.clone()),
                all => Some(
                    all.iter()
                        .map(|it| it.text.as_str())
                        .collect::<Vec<_>>()
                        .join("\n"),
                ),
            };
            scripts.unwrap_or_default()
        };
        let texts = || self.args.iter().map(|it| it.text.as_str());
        match what {
            "sed" => Sed::read(&whole(&["-e", "--expression"])).only_prints(),
            "awk" => awk::only_prints(&whole(&["-e", "--source"])),
            "less" => !texts().any(|it| it.starts_with('+') && it.contains(['!', '|', 's'])),
            "urls" => texts().all(is_fetched),
            "dotted" => self.operand(1).contains('.'),
            _ => !texts().any(|it| it.contains("::")),
        }
    }
}

/// Neither a file that is sent or written by another way, nor an address that is more than fetched.
fn is_fetched(text: &str) -> bool {
    let scheme = text.split_once("://").map_or("http", |it| it.0);
    (scheme.starts_with("http") || scheme.contains(' '))
        && !text.starts_with('@')
        && !text.contains("%output{")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line that names a flag twice, or in no known way, would be read as something else.
    #[test]
    fn lines_of_the_table_read() {
        for line in table::READS.lines().chain(table::REVIEWS.lines()) {
            let mut words: Vec<&str> = line.split(' ').skip(1).collect();
            for word in &words {
                assert!(word.starts_with(['!', '?', '+', '#', '>', '@']), "{line}");
                assert!(word.len() > 1, "{line}");
            }
            let count = words.len();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), count, "{line}");
        }
    }
}
