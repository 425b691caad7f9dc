//! Owns whether a program, or what its pipe leads to, tells no value of what it reads: counts, checksums,
//! the names of keys. Does not own which values matter. Invariant: a program, a pattern or a filter that is
//! not understood tells values.

use super::flags::{Options, family, options};
use super::invocation::{Invocation, Reading, RedirectOp};

/// Pipes longer than this are not followed.
const PIPE_LIMIT: usize = 8;

/// True where nothing but counts and names of what the invocation puts out reaches anybody.
pub fn tells_no_value(reading: &Reading, invocation: &Invocation) -> bool {
    let mut it = invocation;
    for step in 0..PIPE_LIMIT {
        if reduces(it) {
            return true;
        }
        let &[next] = it.feeds.as_slice() else {
            return false;
        };
        if keeps(it) || step > 0 && !passes_on(&it.program) {
            return false;
        }
        let Some(next) = reading.at(next) else {
            return false;
        };
        it = next;
    }
    false
}

/// True where its output goes into a file as well.
fn keeps(invocation: &Invocation) -> bool {
    invocation.redirects.iter().any(|it| {
        !matches!(it.op, RedirectOp::Read | RedirectOp::Duplicate) && it.target.text != "/dev/null"
    })
}

fn passes_on(program: &str) -> bool {
    matches!(
        program,
        "cat" | "grep" | "egrep" | "fgrep" | "head" | "tail" | "sort" | "uniq" | "tac"
    )
}

/// True for a program that tells no value of what it reads.
fn reduces(invocation: &Invocation) -> bool {
    let program = family(&invocation.program);
    match program {
        "wc" | "md5sum" | "sha1sum" | "sha256sum" | "sha512sum" | "b2sum" | "cksum" | "shasum" => {
            return true;
        }
        "cut" | "grep" | "rg" | "sed" | "awk" | "jq" => {}
        _ => return false,
    }
    let options = options(invocation);
    let value = |name: &str| options.value(name);
    match program {
        "cut" => {
            let delimiter = value("-d").or(value("--delimiter"));
            let fields = value("-f").or(value("--fields"));
            matches!(delimiter, Some("" | "=")) && matches!(fields, Some("1" | "-1"))
        }
        "grep" | "rg" => searches(&options),
        "sed" => {
            let given = options.values_of(&["-e", "--expression"]);
            match (options.flags.len(), given.as_slice()) {
                (0, []) => first(&options).is_some_and(drops_values),
                (1, [script]) => drops_values(&script.text),
                _ => false,
            }
        }
        "awk" => matches!(value("-F"), Some("" | "=")) && first(&options).is_some_and(prints_first),
        _ => first(&options).is_some_and(lists_keys),
    }
}

fn first<'a>(options: &Options<'a>) -> Option<&'a str> {
    options.operands.first().map(|it| it.text.as_str())
}

fn searches(options: &Options) -> bool {
    let quiet = [
        "-c",
        "--count",
        "-q",
        "--quiet",
        "-l",
        "--files-with-matches",
    ];
    if options.has_any(&quiet) {
        return true;
    }
    let patterns = options.values_of(&["-e", "--regexp"]);
    let pattern = match patterns.as_slice() {
        [] => first(options),
        [one] => Some(one.text.as_str()),
        _ => None,
    };
    options.has_any(&["-o", "--only-matching"]) && pattern.is_some_and(ends_at_the_name)
}

/// True for a pattern from the start of a line over what names are made of, up to an equals sign.
fn ends_at_the_name(pattern: &str) -> bool {
    let Some(name) = pattern.strip_prefix('^') else {
        return false;
    };
    let name = name.strip_suffix("(?==)").unwrap_or(name);
    let name = name.strip_suffix('=').unwrap_or(name).replace("[^=]", "");
    name.bytes().all(|it| {
        it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'[' | b']' | b'*' | b'+' | b'\\')
    }) && !["\\W", "\\S", "\\D", "\\H"]
        .iter()
        .any(|it| name.contains(it))
}

/// `s/=.*//`, also with a fixed text in the values' place.
fn drops_values(script: &str) -> bool {
    let rest = script.strip_prefix('s');
    let Some((rest, mark)) = rest.and_then(|it| Some((it, it.chars().next()?))) else {
        return false;
    };
    let mut parts = rest.split(mark).skip(1);
    let (pattern, put, flags) = (parts.next(), parts.next(), parts.next());
    matches!(pattern, Some("=.*" | "=.*$" | "\\(=\\).*"))
        && put.is_some_and(|it| !it.contains(['&', '\\']))
        && matches!(flags, Some("" | "g"))
        && parts.next().is_none()
}

/// `{print $1}`, also behind a condition.
fn prints_first(script: &str) -> bool {
    let script = script.replace(' ', "");
    let condition = script.trim_end_matches(';').strip_suffix("{print$1}");
    condition.is_some_and(|it| !it.contains(['$', '{', ';', '\n']))
}

/// A filter of jq that goes on with names or counts only.
fn lists_keys(filter: &str) -> bool {
    let reduced = |part: &str| {
        let part = part.trim().trim_end_matches("[]").trim_end_matches("[]?");
        matches!(part, "keys" | "keys_unsorted" | "length" | "type")
            || matches!(part.rsplit_once('.'), Some((_, "key")))
            || part.ends_with("metadata.name")
    };
    !filter.contains(['$', ',', '{', '(']) && filter.split('|').any(reduced)
}

#[cfg(test)]
mod tests {
    use super::super::{Surroundings, read};
    use super::tells_no_value;

    fn check(text: &str, expected: bool) {
        let reading = read(text, &Surroundings::default());
        let first = reading.invocations.first().expect(text);
        assert_eq!(tells_no_value(&reading, first), expected, "{text}");
    }

    #[test]
    fn counts_and_names_are_no_values() {
        for text in [
            "wc -l .env",
            "cut -d= -f1 .env | sort",
            "cut -d '=' -f 1 .env",
            "grep -c '' .env",
            "grep -q '^A=' .env",
            "grep -oE '^[A-Z0-9_]+=' .env",
            "grep -o '^[^=]*' .env",
            "grep -oP '^\\w+(?==)' .env",
            "sed 's/=.*//' .env",
            "sed -e 's/=.*/=***/' .env",
            "awk -F= '{print $1}' .env",
            "awk -F= '!/^#/ {print $1}' .env",
            "cat .env | grep -v '^#' | cut -d= -f1",
            "kubectl get secret x -o json | jq '.data | keys'",
            "kubectl get secret x -o json | jq -r '.items[].metadata.name'",
            "vault kv get -format=json x | jq -r '.data.data | keys[]'",
        ] {
            check(text, true);
        }
    }

    #[test]
    fn anything_else_tells_values() {
        for text in [
            "cat .env",
            "cut -d= -f2 .env",
            "cut -d= -f1- .env",
            "cut -c1-80 .env",
            "grep -o '[A-Z_]*' .env",
            "grep -o '^[A-Z_]*=.*' .env",
            "grep -o '^\\S*' .env",
            "grep KEY .env",
            "sed 's/=.*/&/' .env",
            "sed 's/#.*//' .env",
            "sed -n 's/=.*//p;p' .env",
            "sed -e 's/=.*//' -e 's/x/y/w out' .env",
            "awk -F= '{print $2}' .env",
            "awk -F= '1;{print $1}' .env",
            "awk -F= '$0 {print $1}' .env",
            "cat .env | tee x | cut -d= -f1",
            "cat .env > x | wc -l",
            "kubectl get secret x -o json | jq .data",
            "kubectl get secret x -o json | jq '. as $x | keys | $x'",
            "kubectl get secret x -o json | jq '.data.keys'",
            "kubectl get secret x -o json | jq 'keys, .'",
        ] {
            check(text, false);
        }
    }
}
