//! Owns the command line: argv becomes [`Cli`]. Does not own what a command does (`cmd`) nor the hook
//! path, which never gets here. Invariant: help, manual pages and completions all derive from this file
//! and the argument types beside each command.

use clap::{Parser, Subcommand};

use crate::cmd::allow::AllowArgs;
use crate::cmd::audit::AuditArgs;
use crate::cmd::ci::CiArgs;
use crate::cmd::completions::CompletionsArgs;
use crate::cmd::explain::ExplainArgs;
use crate::cmd::import::ImportArgs;
use crate::cmd::install::InstallArgs;
use crate::cmd::man::ManArgs;
use crate::cmd::notify::NotifyArgs;
use crate::cmd::policy::PolicyArgs;
use crate::cmd::reset::ResetArgs;
use crate::cmd::rules::RulesArgs;
use crate::cmd::status::StatusArgs;
use crate::cmd::test::TestArgs;
use crate::cmd::trust::TrustArgs;
use crate::dirs::Given;

/// A guard for coding agents: sees every tool call of Claude Code, decides, remembers and records.
#[derive(Clone, Debug, Parser)]
#[command(name = "hookbin", version, max_term_width = 100, after_long_help = AFTER_HELP)]
#[command(disable_help_subcommand = true, propagate_version = false)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  hookbin install --user            guard every session from now on
  hookbin explain 'rm -rf ~/old'    how a command is judged, and why
  hookbin status                    what is in force

Exit codes:
  0  fine
  1  the answer is no, or problems were found
  2  wrong usage, or a failure";

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Judge one event on standard input: the client starts this, not people
    #[command(after_long_help = HOOK_HELP)]
    Hook(HookArgs),
    /// Wire hookbin into a settings file of the client
    #[command(after_long_help = INSTALL_HELP)]
    Install(InstallArgs),
    /// Take hookbin out of a settings file of the client
    #[command(after_long_help = UNINSTALL_HELP)]
    Uninstall(InstallArgs),
    /// Show what is wired and in force, and how a session stands; exit code 1 where the guard is not
    #[command(after_long_help = STATUS_HELP)]
    Status(StatusArgs),
    /// Run every rule's samples, or scenario files, through the real engine
    #[command(after_long_help = TEST_HELP)]
    Test(TestArgs),
    /// List, show and check rules
    Rules(RulesArgs),
    /// Show the settings in force and check policy files
    Policy(PolicyArgs),
    /// Trust the exact content of a project's policy file (people only)
    Trust(TrustArgs),
    /// Grant an exception from a rule (people only)
    Allow(AllowArgs),
    /// Clear what stopped a session: its breakers, or what it has used up (people only)
    #[command(after_long_help = RESET_HELP)]
    Reset(ResetArgs),
    /// Make a pipeline fail where an agent was stopped
    Ci(CiArgs),
    /// List, show, follow and verify the audit records
    Audit(AuditArgs),
    /// Notifications: try the channels, deliver what waits, list it (people only)
    #[command(after_long_help = NOTIFY_HELP)]
    Notify(NotifyArgs),
    /// Show how a command is read, which rules match and what is decided, or what a rule says
    #[command(after_long_help = EXPLAIN_HELP)]
    Explain(ExplainArgs),
    /// Make a rule file of the rules of another tool
    #[command(after_long_help = IMPORT_HELP)]
    Import(ImportArgs),
    /// Print the completion script of a shell
    #[command(after_long_help = COMPLETIONS_HELP)]
    Completions(CompletionsArgs),
    /// Print the manual page, or write one per command
    Man(ManArgs),
}

impl Command {
    /// The directories that the command line names instead of the environment.
    pub fn given(&self) -> Given {
        match self {
            Self::Notify(args) => args.given(),
            _ => Given::default(),
        }
    }
}

/// Arguments of the hook, for its help only.
#[derive(Clone, Debug, clap::Args)]
pub struct HookArgs {
    /// The event's name, by which a failure knows its direction
    event: Option<String>,
    /// Where the user's policy and rules are
    #[arg(long, value_name = "DIR")]
    config_dir: Option<String>,
    /// Where sessions and the audit chain are
    #[arg(long, value_name = "DIR")]
    state_dir: Option<String>,
    /// The home directory to protect
    #[arg(long, value_name = "DIR")]
    home: Option<String>,
}

const HOOK_HELP: &str = "\
The event is one JSON object on standard input. A refusal is a JSON object on standard output, the same
reason on standard error, and exit code 2. Silence and exit code 0 mean: no objection.";

const INSTALL_HELP: &str = "\
Only hookbin's own entries change; every other byte of the file stays, and the file as it was is kept
beside it as <file>.hookbin-backup. A second run changes nothing. At the end the wired program is
asked to judge a destructive command, which is never run, and has to refuse it.

Examples:
  hookbin install                   your own settings, for every project
  hookbin install --project         the shared settings of this project; hookbin comes from the PATH
  hookbin install --local           your own settings of this project
  hookbin install --dry-run         show the difference and write nothing

Exit codes:
  0  wired, and the program refuses
  1  wired, but the program did not refuse: the output says what to do
  2  nothing was changed";

const UNINSTALL_HELP: &str = "\
Removes hookbin's entries and nothing else. Policy, state and audit records stay where they are.

Examples:
  hookbin uninstall                 from your own settings
  hookbin uninstall --project       from the shared settings of this project
  hookbin uninstall --dry-run       show the difference and write nothing";

const STATUS_HELP: &str = "\
Examples:
  hookbin status                    the wiring, and the session that was last at work
  hookbin status --session 0a92     steps, budgets, open breakers and recent errors of one session
  hookbin status --json             the same for scripts";

const RESET_HELP: &str = "\
The session goes on from where it stands: no file and no record is touched. The next event tells you that
it was done.

Examples:
  hookbin reset breaker             what failed again and again may be tried once more
  hookbin reset budget              steps, subagents and minutes are counted from the start
  hookbin reset breaker --session 0a92 --agent main";

const TEST_HELP: &str = "\
Examples:
  hookbin test                      the samples of all built-in rules
  hookbin test my-scenarios/        scenario files (docs/testing.md describes the format)

Exit codes:
  0  every expectation holds
  1  some do not: each is shown with what was wanted and what came
  2  a file cannot be read or understood";

const EXPLAIN_HELP: &str = "\
Nothing is run. What is started, read from or substituted stands below what does it. What is not known
stands as a mark: \u{25c6} may be anything, also nothing; \u{25c7} is something, but names nothing outside its
place. `near` names rules that all but one condition hold of.

Examples:
  hookbin explain 'sudo rm -rf \"$BUILD\"/*'
  hookbin explain git-reset-hard
  hookbin explain --powershell 'Get-ChildItem dist | Remove-Item -Recurse'
  hookbin explain --json 'curl -fsSL example.com/i.sh | sh'";

const NOTIFY_HELP: &str = "\
Channels stand in your own policy file: notify.webhook, notify.slack, notify.telegram, notify.command.

Examples:
  hookbin notify test               one notification to every channel, and what became of it
  hookbin notify list               what waits, and what failed in the last day
  hookbin notify flush              try everything that waits once more, now

Exit codes:
  0  every channel has what it was sent
  1  some do not: each is shown with the reason
  2  a failure";

const IMPORT_HELP: &str = "\
Reads secret rules in TOML (id, description, regex, keywords) and patterns of guards in YAML, by the names
of their fields. A rule needs a regex without look-around, a word of three letters in all that it matches,
and samples, which are made from it. One that loses a condition (a floor of entropy, exceptions) only warns.
What is not taken over is listed with its reason; exit code 1 then.

Examples:
  hookbin import gitleaks.toml
  hookbin import patterns.yaml --pack team --out ~/.config/hookbin/rules/team.toml";

const COMPLETIONS_HELP: &str = "\
Examples:
  hookbin completions bash > ~/.local/share/bash-completion/completions/hookbin
  hookbin completions zsh  > ~/.zfunc/_hookbin
  hookbin completions fish > ~/.config/fish/completions/hookbin.fish";

#[cfg(test)]
mod tests;
