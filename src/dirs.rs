//! Owns where hookbin's own files are: [`find`]. Does not own what is in them. Invariant: directories
//! passed by the wiring win, and then the environment is not looked at; an environment variable never
//! moves them into the project.

use crate::host::{ADMINISTRATOR, Dirs, FileKind, Host, Meta, through_links};
use crate::path::normalise;

/// What the process was started with: directories passed as arguments, all of the wiring or none, and
/// the program's own name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    pub config: Option<String>,
    pub state: Option<String>,
    pub home: Option<String>,
    /// The first word of the command line.
    pub program: String,
}

/// What the companion's file is called behind the name of the executable, which it stands beside.
const COMPANION: &str = "-cli";

/// The file that holds every command but the hook.
pub fn companion(executable: &str) -> String {
    format!("{executable}{COMPANION}")
}

/// True for the companion of an executable. Costs nothing where the names differ.
pub fn is_companion(path: &str, executable: &str) -> bool {
    let stem = path.len().checked_sub(COMPANION.len());
    stem.is_some_and(|it| {
        path.is_char_boundary(it)
            && !executable.is_empty()
            && path
                .get(it..)
                .is_some_and(|it| it.eq_ignore_ascii_case(COMPANION))
            && path
                .get(..it)
                .is_some_and(|it| it.eq_ignore_ascii_case(executable))
    })
}

/// Where an administrator's policy is.
const MANAGED: &str = if cfg!(target_os = "macos") {
    "/Library/Application Support/hookbin"
} else {
    "/etc/hookbin"
};

/// Finds the directories. `project` is the project root, empty where unknown.
///
/// Errors: no home directory is known and the wiring names none; the wiring names some directories and not
/// all; a path that is not absolute.
pub fn find(host: &dyn Host, given: &Given, project: &str) -> Result<Dirs, String> {
    let (config, state, home) = match wired(given)? {
        Some(dirs) => dirs,
        None => surrounding(host, project)?,
    };
    for (what, path) in [("configuration", &config), ("state", &state)] {
        if !path.starts_with('/') {
            return Err(format!(
                "the {what} directory `{path}` is not an absolute path"
            ));
        }
    }
    let executable = executable(host);
    Ok(Dirs {
        config,
        state,
        managed: MANAGED.to_owned(),
        home,
        link: link(host, &given.program, &executable),
        executable,
    })
}

/// The file that the wiring starts; where the companion runs, the one beside it.
fn executable(host: &dyn Host) -> String {
    let mut running = host.executable();
    if running.ends_with("/hookbin-cli") {
        running.truncate(running.len() - COMPANION.len());
    }
    running
}

/// Configuration, state and home.
type Found = (String, String, String);

/// The directories of the wiring. Where one is missing the environment would have a say in what the wiring
/// was to settle.
fn wired(given: &Given) -> Result<Option<Found>, String> {
    let parts = [
        ("configuration", &given.config),
        ("state", &given.state),
        ("home", &given.home),
    ];
    for (what, path) in parts {
        if let Some(path) = path
            && !path.starts_with('/')
        {
            return Err(format!(
                "the {what} directory `{path}` is not an absolute path"
            ));
        }
    }
    match (&given.config, &given.state, &given.home) {
        (Some(config), Some(state), Some(home)) => {
            Ok(Some((config.clone(), state.clone(), home.clone())))
        }
        (None, None, None) => Ok(None),
        _ => {
            let missing = parts.iter().filter(|it| it.1.is_none()).map(|it| it.0);
            let missing: Vec<&str> = missing.collect();
            Err(format!(
                "the wiring names some of hookbin's directories, but not {}: run `hookbin install`",
                missing.join(" and ")
            ))
        }
    }
}

/// The directories as the environment has them.
fn surrounding(host: &dyn Host, project: &str) -> Result<Found, String> {
    let home = host.env("HOME").unwrap_or_default();
    let config = ambient(
        host,
        "HOOKBIN_CONFIG_DIR",
        "XDG_CONFIG_HOME",
        ".config",
        &home,
        project,
    )?;
    let state = ambient(
        host,
        "HOOKBIN_STATE_DIR",
        "XDG_STATE_HOME",
        ".local/state",
        &home,
        project,
    )?;
    Ok((config, state, home))
}

/// What is wrong with whose hookbin's directories are, in words for people: others who can write there can
/// replace what is remembered and recorded.
pub fn exposed(host: &dyn Host, dirs: &Dirs) -> Vec<String> {
    const OTHERS_WRITE: u32 = 0o002;
    let mut found = Vec::new();
    for (what, path) in [("configuration", &dirs.config), ("state", &dirs.state)] {
        let directory = through_links(host, path).and_then(|it| host.metadata(&it));
        let Ok(directory) = directory else {
            continue;
        };
        if directory.owner != host.user() && directory.owner != ADMINISTRATOR {
            found.push(format!(
                "the {what} directory {path} belongs to another user ({}): use one of your own",
                directory.owner
            ));
        }
        if directory.mode & OTHERS_WRITE != 0 {
            found.push(format!(
                "the {what} directory {path} can be written by everybody: `chmod 700 {path}` in a terminal"
            ));
        }
    }
    found
}

/// The link that the running executable was started by, where it leads there under our name.
fn link(host: &dyn Host, program: &str, executable: &str) -> String {
    let leads_there = || {
        let file = through_links(host, program).and_then(|it| host.metadata(&it));
        let own = host.metadata(executable);
        let inode = |it: Meta| (it.device, it.inode);
        matches!((file, own), (Ok(file), Ok(own)) if inode(file) == inode(own))
    };
    let named = program.starts_with('/') && program.ends_with("/hookbin");
    if named && program != executable && leads_there() {
        return program.to_owned();
    }
    String::new()
}

/// The absolute path that a person's `program` was found by: on the PATH where it is a bare name.
pub fn called(host: &dyn Host, program: &str, cwd: &str) -> String {
    if program.contains('/') {
        let absolute = if program.starts_with('/') {
            program.to_owned()
        } else {
            format!("{cwd}/{program}")
        };
        return normalise(&absolute);
    }
    let path = host.env("PATH").unwrap_or_default();
    let is_program = |path: &String| {
        let file = through_links(host, path).and_then(|it| host.metadata(&it));
        file.is_ok_and(|it| it.kind == FileKind::File && it.mode & 0o111 != 0)
    };
    let directories = path.split(':').filter(|it| it.starts_with('/'));
    directories
        .map(|it| normalise(&format!("{it}/{program}")))
        .find(is_program)
        .unwrap_or_default()
}

fn ambient(
    host: &dyn Host,
    own: &str,
    base: &str,
    below_home: &str,
    home: &str,
    project: &str,
) -> Result<String, String> {
    if let Some(dir) = host.env(own).filter(|it| !it.is_empty()) {
        if !project.is_empty() && is_below(&dir, project) {
            return Err(format!(
                "{own} points into the project, where the agent may write: {dir}"
            ));
        }
        return Ok(dir);
    }
    if let Some(dir) = host.env(base).filter(|it| it.starts_with('/')) {
        // Where the project is the home itself, the usual places lie in it; they are protected paths.
        let of_project = !project.is_empty() && !is_below(home, project);
        if of_project && is_below(&dir, project) {
            return Err(format!(
                "{base} points into the project, where the agent may write: {dir}"
            ));
        }
        return Ok(format!("{}/hookbin", dir.trim_end_matches('/')));
    }
    if home.is_empty() {
        return Err(
            "HOME is not set and the wiring names no directories: run `hookbin install`".to_owned(),
        );
    }
    Ok(format!(
        "{}/{below_home}/hookbin",
        home.trim_end_matches('/')
    ))
}

/// Whether `path` is `root` or below it, lexically.
fn is_below(path: &str, root: &str) -> bool {
    path.strip_prefix(root.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::fake::FakeHost;

    const PROJECT: &str = "/home/dev/p";

    #[test]
    fn directories_of_the_wiring_win_over_any_environment() {
        let host = FakeHost::new();
        for name in [
            "HOME",
            "HOOKBIN_CONFIG_DIR",
            "HOOKBIN_STATE_DIR",
            "XDG_CONFIG_HOME",
            "XDG_STATE_HOME",
        ] {
            host.set_env(name, "/elsewhere");
        }
        let given = Given {
            config: Some("/c".to_owned()),
            state: Some("/s".to_owned()),
            home: Some("/h".to_owned()),
            ..Given::default()
        };
        let dirs = find(&host, &given, PROJECT).unwrap();
        let found = [dirs.config, dirs.state, dirs.home, dirs.managed];
        assert_eq!(found, ["/c", "/s", "/h", MANAGED]);
    }

    #[test]
    fn no_variable_points_into_the_project() {
        for (name, inside) in [
            ("HOOKBIN_CONFIG_DIR", "/home/dev/p/c"),
            ("HOOKBIN_STATE_DIR", "/home/dev/p"),
            ("XDG_CONFIG_HOME", "/home/dev/p/.config"),
            ("XDG_STATE_HOME", "/home/dev/p"),
        ] {
            let host = FakeHost::new();
            host.set_env("HOME", "/home/dev");
            host.set_env(name, inside);
            let error = find(&host, &Given::default(), PROJECT).unwrap_err();
            assert!(error.starts_with(name), "{error}");
            assert!(find(&host, &Given::default(), "/home/dev/other").is_ok());
        }
        let host = FakeHost::new();
        host.set_env("HOME", "/home/dev");
        host.set_env("XDG_STATE_HOME", "/home/dev/.local/state");
        let at_home = find(&host, &Given::default(), "/home/dev").unwrap();
        assert_eq!(at_home.state, "/home/dev/.local/state/hookbin");
    }

    /// A machine where `/opt/v1/hookbin` runs and links of several kinds lead there.
    fn linked() -> FakeHost {
        let host = FakeHost::new();
        for (path, content) in [("/opt/v1/hookbin", "one"), ("/opt/v2/hookbin", "two")] {
            host.write(path, content.as_bytes(), 0o755).unwrap();
        }
        host.write("/opt/plain/hookbin", b"no program", 0o644)
            .unwrap();
        host.add_link("/proc/self/exe", "/opt/v1/hookbin");
        host.add_link("/bin/hookbin", "../opt/v1/hookbin");
        host.add_link("/bin/hb", "../opt/v1/hookbin");
        host.add_link("/opt/now", "v1");
        host.add_link("/old/hookbin", "/opt/v2/hookbin");
        host.add_link("/gone/hookbin", "/opt/v0/hookbin");
        host
    }

    #[test]
    fn only_a_link_that_leads_to_us_under_our_name_is_kept() {
        for (program, link) in [
            ("/bin/hookbin", "/bin/hookbin"),
            ("/opt/now/hookbin", "/opt/now/hookbin"),
            ("/opt/v1/hookbin", ""),
            ("/bin/hb", ""),
            ("/old/hookbin", ""),
            ("/gone/hookbin", ""),
            ("/nothing/hookbin", ""),
            ("hookbin", ""),
            ("bin/hookbin", ""),
            ("", ""),
        ] {
            let given = Given {
                config: Some("/c".to_owned()),
                state: Some("/s".to_owned()),
                home: Some("/h".to_owned()),
                program: program.to_owned(),
            };
            let dirs = find(&linked(), &given, PROJECT).unwrap();
            assert_eq!(dirs.link, link, "{program}");
            assert_eq!(dirs.executable, "/opt/v1/hookbin", "{program}");
            let wired = if link.is_empty() {
                "/opt/v1/hookbin"
            } else {
                link
            };
            assert_eq!(dirs.program(), wired, "{program}");
        }
    }

    #[test]
    fn a_name_is_looked_up_as_a_shell_does() {
        for (program, path, found) in [
            (
                "hookbin",
                "/nothing:/gone:/opt/plain:/bin:/old",
                "/bin/hookbin",
            ),
            ("hookbin", "/old:/bin", "/old/hookbin"),
            ("hookbin", "relative::.", ""),
            ("hookbin", "", ""),
            ("/bin/hookbin", "/old", "/bin/hookbin"),
            ("./hookbin", "/old", "/work/hookbin"),
            ("../bin/hookbin", "/old", "/bin/hookbin"),
        ] {
            let host = linked();
            host.set_env("PATH", path);
            assert_eq!(called(&host, program, "/work"), found, "{program} {path}");
        }
    }

    #[test]
    fn the_wiring_names_all_directories_or_none() {
        let host = FakeHost::new();
        host.set_env("HOME", "/home/dev");
        let some = |given: &str| {
            let dir = |it: &str| given.contains(it).then(|| format!("/{it}"));
            let given = Given {
                config: dir("config"),
                state: dir("state"),
                home: dir("home"),
                ..Given::default()
            };
            find(&host, &given, PROJECT)
        };
        assert!(some("").is_ok() && some("config state home").is_ok());
        let missing = some("home").unwrap_err();
        assert!(missing.contains("not configuration and state"), "{missing}");
        for given in [
            "config",
            "state",
            "config state",
            "config home",
            "state home",
        ] {
            assert!(some(given).is_err(), "{given}");
        }
    }
}
