//! Owns where hookbin's own files are: [`find`]. Does not own what is in them. Invariant: directories
//! passed by the wiring win, and then the environment is not looked at; an environment variable never
//! moves them into the project.

use crate::host::{Dirs, Host};

/// Directories passed as arguments: all of the wiring, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    pub config: Option<String>,
    pub state: Option<String>,
    pub home: Option<String>,
}

/// Where an administrator's policy is.
const MANAGED: &str = if cfg!(target_os = "macos") {
    "/Library/Application Support/hookbin"
} else {
    "/etc/hookbin"
};

/// Finds the directories. `project` is the project root, empty where unknown.
///
/// Errors: no home directory is known and the wiring names none; a path that is not absolute.
pub fn find(host: &dyn Host, given: &Given, project: &str) -> Result<Dirs, String> {
    let home = match &given.home {
        Some(home) => home.clone(),
        None => host.env("HOME").unwrap_or_default(),
    };
    if given.home.is_some() && !home.starts_with('/') {
        return Err(format!(
            "the home directory `{home}` is not an absolute path"
        ));
    }
    let config = match &given.config {
        Some(dir) => dir.clone(),
        None => ambient(
            host,
            "HOOKBIN_CONFIG_DIR",
            "XDG_CONFIG_HOME",
            ".config",
            &home,
            project,
        )?,
    };
    let state = match &given.state {
        Some(dir) => dir.clone(),
        None => ambient(
            host,
            "HOOKBIN_STATE_DIR",
            "XDG_STATE_HOME",
            ".local/state",
            &home,
            project,
        )?,
    };
    for (what, path) in [("configuration", &config), ("state", &state)] {
        if !path.starts_with('/') {
            return Err(format!(
                "the {what} directory `{path}` is not an absolute path"
            ));
        }
    }
    Ok(Dirs {
        config,
        state,
        managed: MANAGED.to_owned(),
        home,
        executable: host.executable(),
    })
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
}
