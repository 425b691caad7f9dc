use clap::{CommandFactory as _, Parser as _};

use super::*;

#[test]
fn the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_and_argument_is_documented() {
    let command = Cli::command();
    for sub in command.get_subcommands() {
        assert!(sub.get_about().is_some(), "{}", sub.get_name());
        for argument in sub.get_arguments() {
            assert!(
                argument.get_help().is_some(),
                "{} {}",
                sub.get_name(),
                argument.get_id()
            );
        }
    }
}

#[test]
fn help_fits_a_terminal() {
    let mut command = Cli::command();
    command.build();
    let names: Vec<String> = command
        .get_subcommands()
        .map(|it| it.get_name().to_owned())
        .collect();
    let mut texts = vec![command.render_long_help().to_string()];
    for name in names {
        let sub = command.find_subcommand_mut(&name).unwrap();
        texts.push(sub.render_long_help().to_string());
    }
    for line in texts.iter().flat_map(|it| it.lines()) {
        assert!(line.chars().count() <= 110, "{line}");
    }
}

#[test]
fn options_may_stand_behind_the_subject() {
    for line in ["explain --json ls", "explain ls --json"] {
        let cli = Cli::try_parse_from(std::iter::once("hookbin").chain(line.split(' '))).unwrap();
        let text = format!("{cli:?}");
        assert!(
            text.contains("json: true") && text.contains("subject: \"ls\""),
            "{text}"
        );
    }
}

#[track_caller]
fn check(line: &str, wanted: Result<(), i32>) {
    let words = std::iter::once("hookbin").chain(line.split(' '));
    let found = Cli::try_parse_from(words)
        .map(drop)
        .map_err(|it| it.exit_code());
    assert_eq!(found, wanted, "{line}");
}

#[test]
fn wrong_usage_is_exit_code_two_and_help_is_none() {
    check("install --user", Ok(()));
    check("install --local --dry-run", Ok(()));
    check("install --user --project", Err(2));
    check("install --force", Err(2));
    check("explain -- -x", Ok(()));
    check("explain rm -rf /", Err(2));
    check("explain --json git-reset-hard", Ok(()));
    check("explain", Err(2));
    check("status --json", Ok(()));
    check("completions zsh", Ok(()));
    check("completions cobol", Err(2));
    check("nonsense", Err(2));
    check("--version", Err(0));
    check("--help", Err(0));
    check("hook --help", Err(0));
}
