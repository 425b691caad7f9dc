//! Owns the last reading, of what nothing else here knows: a program that is handed words or a text which read
//! as the destruction of a home, the system or a disk. Does not own the judgement: what is found here is
//! read as a command like any other. Invariant: words that are data for a known program are none.

use super::{Cx, foreign, outer};
use crate::shell::invocation::Arg;
use crate::word::{base, listed};

/// So many words may stand before a command that no dashes set off.
const BEFORE: usize = 2;

/// Flags whose value is a command, whatever the program.
const COMMANDS: &str =
    "-c -x -exec --exec --cmd --command --run --filter --shell --on-change --startas";

/// Programs and verbs whose words are text, or commands of their own that share a name with a program.
const TALKERS: &str = "[ [[ : ack add ag aider alias apk apropos apt apt-get ask aws az bat brew cargo cat \
    check claude cloud codex command comment compgen complete conda consul cowsay cowthink curl dialog dnf docker \
    dropbox echo emacs espeak etcdctl explain export expr figlet fc gcloud gemini gh git glab go grep gsutil hadoop \
    hash hdfs helm help hg history hookbin http hub hyperfine info ipfs jj jq judge kdialog kubectl lint llm log \
    logger lolcat ls mail mailx man mc message mutt nerdctl note notify-send npm oc ollama osascript pacman parse \
    pnpm podman print printf pip push-notify rclone redis-cli rg s3cmd say search set show snap spd-say svn task \
    terminal-notifier test tldr todo toilet touch trap trash type typeset vault wall whatis whence whereis \
    which whiptail write xdotool yarn yq zenity zypper";

/// Parts of the names of flags that text follows.
const LABELS: &str = "message title body name grep pattern text desc comment subject query search label summary note prompt";

/// Reads what nothing else read.
pub(super) fn read(cx: &mut Cx) {
    let args = cx.invocation.args();
    // A program that is not known is judged by its words anyway.
    if args.is_empty() || cx.program.is_empty() || is_everyday(cx.program) {
        return;
    }
    outer::verbs(cx);
    foreign::read(cx);
    let (mut words, mut flag) = (0, "");
    for (index, arg) in args.iter().enumerate() {
        let text = arg.text.as_str();
        let rest = args.get(index..).unwrap_or_default();
        if destroys(text) && words <= BEFORE && !is_label(flag) && reads_as(rest) {
            if !talks(cx, rest.len()) {
                cx.argv(rest.to_vec(), 0);
            }
            return;
        }
        let (name, value) = match text.split_once('=') {
            Some((name, value)) if text.starts_with('-') => (name, value),
            _ => (flag, text),
        };
        if name.len() > 1
            && text.len() > 5
            && listed(COMMANDS, name)
            && is_destructive(value)
            && !talks(cx, rest.len())
        {
            cx.text(super::like(arg, value), 0);
        }
        if text == "--" {
            words = 0;
            flag = "";
        } else if text.starts_with('-') {
            flag = text;
        } else {
            words += usize::from(flag.is_empty());
            flag = "";
        }
    }
}

/// Programs of nearly every text, which start nothing.
fn is_everyday(program: &str) -> bool {
    matches!(
        program,
        "echo" | "printf" | "grep" | "sed" | "cat" | "head" | "tail" | "wc" | "ls" | "cut" | "tr"
    )
}

/// True where the program, or a word before the last `rest` ones, says that text follows.
fn talks(cx: &Cx, rest: usize) -> bool {
    let args = cx.invocation.args();
    let before = args.get(..args.len().saturating_sub(rest));
    let mut words = before.unwrap_or_default().iter().map(|it| it.text.as_str());
    listed(TALKERS, cx.program) || words.any(|it| listed(TALKERS, it))
}

/// A long flag that stands before data.
fn is_label(flag: &str) -> bool {
    matches!(flag, "-m" | "-b" | "-k" | "-q")
        || (flag.len() > 5 && LABELS.split(' ').any(|it| flag.contains(it)))
}

/// True for the name of a program that can destroy a tree or a disk, or a shell.
fn destroys(text: &str) -> bool {
    // The look at the last letter spares nearly every word the rest.
    let ends = |it: &u8| matches!(it, b'm' | b'd' | b'n' | b's' | b'h' | b'o');
    let may = text.as_bytes().last().is_some_and(ends) || text.bytes().any(|it| it == b'k');
    if !may || text.len() < 2 || text.len() > 24 {
        return false;
    }
    let name = base(text);
    matches!(
        name,
        "rm" | "dd" | "shred" | "chmod" | "chown" | "find" | "wipefs" | "sh" | "bash" | "sudo"
    ) || name.starts_with("mkfs")
}

/// True where the words are a destructive command on a place that matters.
fn reads_as(words: &[Arg]) -> bool {
    let texts: Vec<&str> = words.iter().map(|it| it.text.as_str()).collect();
    is_command(&texts)
}

fn is_command(words: &[&str]) -> bool {
    let Some((program, rest)) = words.split_first() else {
        return false;
    };
    let name = base(program);
    let mut operands = rest.iter().filter(|it| !it.starts_with('-'));
    match name {
        "sudo" => destroys(rest.first().unwrap_or(&"")) && is_command(rest),
        "sh" | "bash" => {
            let text = rest.iter().skip_while(|it| **it != "-c").nth(1);
            text.is_some_and(|it| is_destructive(it))
        }
        "find" => rest.contains(&"-delete") && operands.next().is_some_and(|it| matters(it)),
        "rm" | "chmod" | "chown" => {
            let recursive = |it: &&&str| {
                it.starts_with('-') && it.contains(['r', 'R']) && !it.contains("preserve")
            };
            let skipped = usize::from(name != "rm");
            rest.iter().any(|it| recursive(&it))
                && operands.nth(skipped).is_some_and(|it| matters(it))
        }
        _ => rest
            .iter()
            .any(|it| it.trim_start_matches("of=").starts_with("/dev/")),
    }
}

/// True for a text that starts, or goes on after a separator, with a destructive command.
pub(super) fn is_destructive(text: &str) -> bool {
    text.split([';', '&', '|', '\n']).any(|part| {
        let words: Vec<&str> = part.split_ascii_whitespace().collect();
        words.first().is_some_and(|it| destroys(it)) && is_command(&words)
    })
}

/// True for a place whose loss is no accident of a build: judged by the rules afterwards.
pub(super) fn matters(path: &str) -> bool {
    let path = path.trim_matches(['"', '\'']);
    matches!(path, "." | ".." | "*" | ".git")
        || path.starts_with(['~', '/']) && !path.starts_with("/tmp/")
        || path.starts_with("$HOME")
}
