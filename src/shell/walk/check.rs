//! Owns the calls of shells and interpreters that only check syntax. Does not own what a checker reads.
//! Invariant: a call of which any flag is not understood runs its script.

use crate::shell::flags::family;
use crate::shell::invocation::Arg;

use super::start::is_shell;

/// The program that stands for a shell or interpreter that reads its script and runs none of it.
const CHECKER: &str = "shellcheck";

/// The name of the program, or of what it acts as with these arguments.
pub(super) fn acting(program: String, args: &[Arg]) -> String {
    let (wanted, allowed, long) = match family(&program) {
        shell if is_shell(shell) => ('n', "nvxeufs", "--no-execute"),
        "node" => ('c', "c", "--check"),
        "php" => ('l', "l", "--syntax-check"),
        "perl" | "ruby" => ('c', "cwWT", ""),
        _ => return program,
    };
    let mut words = args.iter().map(|it| it.text.as_str());
    let mut checks = false;
    while let Some(word) = words.next() {
        let letters = match word.strip_prefix('-') {
            None if word.starts_with('+') => return program,
            None | Some("" | "-") => break,
            Some(_) if word == long => {
                checks = true;
                continue;
            }
            Some("-norc" | "-noprofile" | "-posix") => continue,
            Some("o") if wanted == 'n' => {
                checks |= words.next() == Some("noexec");
                continue;
            }
            Some(letters) => letters,
        };
        if !letters.chars().all(|it| allowed.contains(it)) {
            return program;
        }
        checks |= letters.contains(wanted);
    }
    if checks { CHECKER.to_owned() } else { program }
}
