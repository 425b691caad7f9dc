//! Owns the rarer programs that do nothing but start another one: changed users and limits, init processes of
//! containers, variables from a file. One row each: name, flags with a value, operands before the command.
//! Invariant: the rows are in order, so that a name is found in a few steps.

/// The flags' values are what a shell is given, and the rest starts nothing.
const TEXTS: u8 = u8::MAX;

const ROWS: &[(&str, &str, u8)] = &[
    ("abduco", "-e", 1),
    ("berglas", "", 1),
    ("cargo-watch", "-s --shell", TEXTS),
    ("catatonit", "", 0),
    ("cgexec", "-g", 0),
    ("chokidar", "-c --command", TEXTS),
    (
        "chpst",
        "-u -U -b -e -/ -n -l -L -m -d -o -p -f -c -r -t",
        0,
    ),
    ("cross-env", "", 0),
    ("cross-env-shell", "", 0),
    ("daemonize", "-a -c -e -o -p -l -u -E", 0),
    ("dbus-launch", "", 0),
    ("dotenv-cli", "-e -v -p -c", 0),
    ("dtach", "-e -r", 1),
    ("dumb-init", "-r --rewrite", 0),
    ("env-cmd", "-f --file -r --rc-file -e --environments", 0),
    ("envchain", "", 1),
    ("envconsul", "", 0),
    ("envdir", "", 1),
    ("envuidgid", "", 1),
    (
        "fakechroot",
        "-l --lib -d --elfloader -c --config-dir -e --environment -b --bindir",
        0,
    ),
    ("fzf", "--preview --become", TEXTS),
    ("gosu", "", 1),
    ("ifne", "", 0),
    ("man", "-P --pager -H", TEXTS),
    ("pee", "", 0),
    ("pgrphack", "", 0),
    (
        "proot",
        "-r --rootfs -b --bind -m --mount -q --qemu -w --pwd --cwd -v --verbose -k -R -S",
        0,
    ),
    ("reflex", "-r --regex -g --glob -s -R -G -d", 0),
    ("retry", "-t --times -d --delay -m -u", 0),
    ("rg", "--pre", TEXTS),
    ("rlwrap", "-b -C -f -H -l -P -q -s -S -z -p", 0),
    ("rush", "-j -d -D -n -t -r", 0),
    ("s6-envdir", "", 1),
    ("s6-setuidgid", "", 1),
    ("s6-softlimit", "-a -c -d -f -l -m -o -p -r -s -t", 0),
    ("setlock", "", 1),
    ("setuidgid", "", 1),
    ("shx", "", 0),
    ("softlimit", "-a -c -d -f -l -m -o -p -r -s -t", 0),
    ("sort", "--compress-program", TEXTS),
    ("split", "--filter", TEXTS),
    ("start-stop-daemon", "-x --exec -a --startas", TEXTS),
    ("su-exec", "", 1),
    ("summon", "-p -f -D -e -i --provider --environment", 0),
    (
        "systemd-cat",
        "-t --identifier -p --priority --stderr-priority --level-prefix",
        0,
    ),
    ("tcpdump", "-z", TEXTS),
    ("tini", "-p -e", 0),
    ("ts", "-L -D -N -S", 0),
    ("tsp", "-L -D -N -S", 0),
    ("uname26", "", 0),
    ("viddy", "-n --interval", 0),
    ("wget", "--use-askpass", TEXTS),
    ("with-contenv", "", 0),
    ("zip", "-TT --unzip-command", TEXTS),
];

/// What stands for a program in the table.
pub(crate) enum Outer {
    /// Flags with a value, and how many operands are no part of the command.
    Starts(&'static str, usize),
    /// Flags whose values are commands.
    Texts(&'static str),
}

pub(crate) fn outer(program: &str) -> Option<Outer> {
    let at = ROWS.binary_search_by(|row| row.0.cmp(program)).ok()?;
    let (_, flags, before) = *ROWS.get(at)?;
    Some(match before {
        TEXTS => Outer::Texts(flags),
        before => Outer::Starts(flags, usize::from(before)),
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn rows_are_in_order() {
        assert!(super::ROWS.is_sorted_by(|left, right| left.0 < right.0));
    }
}
