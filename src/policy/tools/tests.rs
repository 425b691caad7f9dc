use super::*;
use crate::policy::layer;
use crate::policy::table;

#[test]
fn the_table_of_settings_has_the_words_of_profiles() {
    let row = table::row("tools.profile").unwrap();
    assert_eq!(row.kind, table::Kind::Word(Profile::WORDS));
    for word in Profile::WORDS.split(' ') {
        assert_eq!(Profile::parse(word).map(Profile::word), Some(word));
    }
    assert_eq!(Profile::parse("readonly"), None);
}

#[test]
fn patterns_are_checked() {
    for (pattern, expected) in [
        ("Read", true),
        ("Bash(git *)", true),
        ("Bash(npm run test:*)", true),
        ("mcp__github__*", true),
        ("mcp__github", true),
        ("Edit(src/**)", true),
        ("WebFetch(domain:*.x.org)", true),
        ("Agent(Explore)", true),
        ("*", true),
        ("", false),
        ("Bash()", false),
        ("Bash(git", false),
        ("Bash git", false),
        ("WebFetch(x.org)", false),
        ("WebFetch(domain:)", false),
        ("mcp__github(x)", false),
        ("Bash(git) x", false),
    ] {
        assert_eq!(problem(pattern).is_none(), expected, "{pattern}");
    }
}

/// What holds of a user's, a project's and a managed file, as `origin agent verb text`.
fn held(files: [&str; 3], trusted: bool) -> (Vec<String>, Vec<String>) {
    let sources = [Source::User, Source::Project, Source::Managed];
    let layers: Vec<Layer> = sources
        .into_iter()
        .zip(files)
        .filter(|it| !it.1.is_empty())
        .map(|(source, text)| {
            let (layer, problems) = layer::parse(source, "f.toml", text);
            assert_eq!(problems, []);
            layer
        })
        .collect();
    let mut settings = Settings::default();
    collect(&layers, trusted, &mut settings);
    let (rows, notices) = (settings.tools, settings.notices);
    let line = |it: ToolRow| format!("{} {}/{} {}", it.origin, it.agent, it.verb.key(), it.text);
    (rows.into_iter().map(line).collect(), notices)
}

#[test]
fn walls_of_layers_are_kept_apart() {
    let user = "[tools]\nprofile = \"unattended\"\nallow = [\"mcp__a\"]\n";
    let project = "[tools]\nprofile = \"read-only\"\nallow = [\"Bash(make *)\"]\n";
    let (rows, _) = held([user, project, ""], false);
    assert_eq!(
        rows,
        [
            "user /allow mcp__a",
            "user /profile unattended",
            "project /allow Bash(make *)",
            "project /profile read-only",
        ]
    );
}

#[test]
fn a_project_adds_to_the_users_list_once_trusted() {
    let user = "tools.profile = \"read-only\"\n";
    let project = "tools.allow = [\"Bash(make *)\"]\n";
    assert_eq!(
        held([user, project, ""], false).0,
        ["user /profile read-only"]
    );
    assert_eq!(
        held([user, project, ""], true).0,
        ["user /profile read-only", "user /allow Bash(make *)"]
    );
    // Where nobody else has a list it is one.
    assert_eq!(
        held(["", project, ""], false).0,
        ["project /allow Bash(make *)"]
    );
    // Nobody adds to what managed policy says.
    assert_eq!(
        held(["", project, "tools.profile = \"ci-review\""], true).0,
        ["managed /profile ci-review"]
    );
}

#[test]
fn agents_have_lists_of_their_own() {
    let user = "[tools.agents.Explore]\nprofile = \"read-only\"\ndeny = [\"WebFetch\"]\n";
    let project = "[tools.agents.Explore]\nallow = [\"Edit\"]\nask = [\"Read\"]\n";
    let (rows, notices) = held([user, project, ""], false);
    assert_eq!(
        rows,
        [
            "user Explore/deny WebFetch",
            "user Explore/profile read-only",
            "project Explore/ask Read",
        ]
    );
    assert_eq!(notices.len(), 1);
}
