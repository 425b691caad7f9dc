//! Owns the programs that hand text to a database, and the text that a query, `sed` or `awk` makes for one of
//! them. Does not own the walk to whoever reads it (`walk`). Invariant: what is not literal is a mark.

use super::flags::{family, options};
use super::invocation::{Invocation, RedirectOp, UNKNOWN};

/// Text past this is not looked at.
const SIZE_LIMIT: usize = 64 * 1024;

/// What a program is told by its input, or by files, that is judged as a command of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Nothing,
    /// SQL.
    Statements,
    /// Commands of Redis, one on a line.
    Lines,
    /// Compose files.
    Services,
    /// Manifests.
    Pods,
    /// Requests to an engine.
    Requests,
}

/// What a program is told. Every program start asks this once.
pub(super) fn told(program: &str) -> Told {
    match program {
        "psql" | "mysql" | "mariadb" | "sqlite3" | "duckdb" | "sqlcmd" | "clickhouse-client"
        | "clickhouse" | "usql" | "pgcli" | "mycli" | "litecli" | "cockroach" | "ysqlsh"
        | "sqlplus" => Told::Statements,
        "redis-cli" | "valkey-cli" | "keydb-cli" => Told::Lines,
        "docker" | "podman" | "nerdctl" | "docker-compose" | "podman-compose" => Told::Services,
        "kubectl" | "oc" | "microk8s" | "minikube" => Told::Pods,
        "curl" => Told::Requests,
        _ => Told::Nothing,
    }
}

/// True for a client that executes the SQL it is fed.
pub(super) fn is_sql(program: &str) -> bool {
    told(program) == Told::Statements
}

/// The SQL that a program writes for another one to execute: what its query's literals make, or what is
/// put in the place of lines.
pub(super) fn written(invocation: &Invocation) -> Option<String> {
    let mut made = String::new();
    match family(&invocation.program) {
        "sed" => scripts(invocation)
            .iter()
            .for_each(|it| replacements(it, &mut made)),
        "awk" => scripts(invocation)
            .iter()
            .for_each(|it| printed(it, &mut made)),
        program if is_sql(program) => {
            for text in own(invocation) {
                made.push_str(&generated(text));
            }
        }
        _ => return None,
    }
    (!made.is_empty()).then_some(made)
}

/// What `\gexec` executes: the rows of the query before it.
pub(super) fn executed(text: &str) -> Option<String> {
    let before = text.rsplit_once("\\gexec")?.0;
    Some(generated(before)).filter(|it| !it.is_empty())
}

/// The texts that a client is given: arguments and documents.
pub(super) fn own(invocation: &Invocation) -> impl Iterator<Item = &str> {
    let here = |it: &RedirectOp| matches!(it, RedirectOp::Heredoc | RedirectOp::HereString);
    let documents = invocation.redirects.iter().filter(move |it| here(&it.op));
    let args = invocation
        .args()
        .iter()
        .chain(documents.map(|it| &it.target));
    args.map(|it| it.text.as_str())
        .filter(|it| it.len() <= SIZE_LIMIT)
}

/// What the rows of the queries in a text are: the literals that are selected, with a mark for what is
/// between two of them.
fn generated(text: &str) -> String {
    let (mut made, mut word, mut literal) = (String::new(), String::new(), String::new());
    let (mut selects, mut inside, mut within) = (false, false, false);
    for letter in text.chars() {
        match letter {
            '\'' if inside => {
                if selects {
                    push(&mut made, &literal, within);
                    within = true;
                }
                literal.clear();
                inside = false;
            }
            '\'' => inside = true,
            _ if inside => literal.push(letter),
            _ if letter.is_ascii_alphanumeric() || letter == '_' => {
                word.push(letter.to_ascii_lowercase());
                continue;
            }
            _ => {}
        }
        match word.as_str() {
            "select" | "values" => selects = true,
            "from" | "where" => selects = false,
            _ => {}
        }
        word.clear();
        if letter == ';' && !inside {
            (selects, within) = (false, false);
            made.push('\n');
        }
    }
    let found = made.chars().any(|it| !it.is_whitespace());
    if found { made } else { String::new() }
}

/// Adds a literal, behind a mark where another one stands before it.
fn push(out: &mut String, literal: &str, within: bool) {
    if within {
        out.push(UNKNOWN);
    }
    let mut letters = literal.chars().peekable();
    while let Some(letter) = letters.next() {
        // `format('… %I …', x)`.
        let place = |it: &char| matches!(it, 'I' | 's' | 'L' | 'd');
        let placed = letter == '%' && letters.next_if(place).is_some();
        out.push(if placed { UNKNOWN } else { letter });
    }
}

/// What awk's `print` has as literals.
fn printed(script: &str, out: &mut String) {
    for part in script.split("print").skip(1) {
        let line = part.split(['}', '\n']).next().unwrap_or(part);
        let texts = line.split('"').skip(1).step_by(2);
        for (at, text) in texts.enumerate() {
            push(out, text, at > 0);
        }
        out.push('\n');
    }
}

/// The scripts of sed and awk on their command line.
fn scripts(invocation: &Invocation) -> Vec<String> {
    let options = options(invocation);
    let given = options.values_of(&["-e", "--expression"]);
    if given.is_empty() {
        let first = options.operands.first();
        return first.iter().map(|it| it.text.clone()).collect();
    }
    given.iter().map(|it| it.text.clone()).collect()
}

/// What sed puts in the place of text, or beside it.
fn replacements(script: &str, out: &mut String) {
    let mut rest = script;
    while let Some(letter) = rest.chars().next() {
        let tail = rest.get(letter.len_utf8()..).unwrap_or_default();
        let mark = tail.chars().next().filter(|it| !it.is_alphanumeric());
        rest = match (letter, mark) {
            ('/', _) => field(tail, '/').1,
            ('s' | 'y', Some(mark)) => {
                let (_, behind) = field(tail.get(mark.len_utf8()..).unwrap_or_default(), mark);
                let (text, behind) = field(behind, mark);
                if letter == 's' {
                    out.push_str(&text);
                }
                behind
            }
            ('a' | 'i' | 'c', Some('\\' | ' ')) => {
                let (line, behind) = tail.split_once('\n').unwrap_or((tail, ""));
                out.push_str(line.trim_start_matches(['\\', ' ']));
                out.push('\n');
                behind
            }
            _ => tail,
        };
    }
}

/// The text up to a mark, with marks for what was matched, and what is behind it.
fn field(text: &str, mark: char) -> (String, &str) {
    let mut found = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some((_, it)) if it.is_ascii_digit() => found.push(UNKNOWN),
                Some((_, 'n')) => found.push('\n'),
                Some((_, it)) => found.push(it),
                None => {}
            },
            '&' => found.push(UNKNOWN),
            _ if letter == mark => {
                return (found, text.get(at + mark.len_utf8()..).unwrap_or_default());
            }
            _ => found.push(letter),
        }
    }
    (found, "")
}

#[cfg(test)]
mod tests {
    use super::{generated, replacements};

    #[test]
    fn what_a_query_selects_is_text() {
        for (query, expected) in [
            (
                "select 'drop table ' || name || ';' from t where a = 'b'",
                "drop table ◆;",
            ),
            (
                "SELECT CONCAT('DROP DATABASE `', x, '`;') FROM s",
                "DROP DATABASE `◆`;",
            ),
            ("select format('truncate %I;', t) from x", "truncate ◆;"),
            ("insert into t values (1); select 1", ""),
            ("select * from t where a = 'drop table x'", ""),
        ] {
            assert_eq!(generated(query), expected, "{query}");
        }
    }

    #[test]
    fn what_sed_writes_is_what_stands_in_the_place_of_something() {
        for (script, expected) in [
            ("s/.*/DROP TABLE users;/", "DROP TABLE users;"),
            ("s/^/drop table /; s/$/;/", "drop table ;"),
            ("s|x|drop table &|", "drop table ◆"),
            ("/DROP TABLE/d", ""),
            ("s/DROP TABLE/-- &/", "-- ◆"),
            ("1i drop table x;", "drop table x;\n"),
        ] {
            let mut out = String::new();
            replacements(script, &mut out);
            assert_eq!(out, expected, "{script}");
        }
    }
}
