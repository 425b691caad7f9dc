use super::is_named;
use super::pattern::glob;

#[test]
fn names_of_tools() {
    for (pattern, tool, expected) in [
        ("Read", "Read", true),
        ("Read", "Grep", true),
        ("Grep", "Read", false),
        ("Edit", "Write", true),
        ("Write", "Edit", false),
        ("Bash", "Monitor", true),
        ("Task", "Agent", true),
        ("mcp__github", "mcp__github__get_issue", true),
        ("mcp__github", "mcp__github_evil__get", false),
        ("mcp__github", "mcp__github__", false),
        ("mcp__github__*", "mcp__github__get_issue", true),
        ("mcp__github__get_*", "mcp__github__delete", false),
        ("*", "Anything", true),
        ("mcp__*", "Bash", false),
    ] {
        assert_eq!(is_named(pattern, tool), expected, "{pattern} {tool}");
    }
}

#[test]
fn globs_of_texts() {
    for (pattern, text, expected) in [
        ("git *", "git status", true),
        ("git *", "git", false),
        ("git", "git status", false),
        ("*", "", true),
        ("a*b*c", "axxbyyc", true),
        ("a*b*c", "axxc", false),
        ("a*a", "a", false),
        ("*b", "aab", true),
        ("npm run test*", "npm run test:unit", true),
    ] {
        assert_eq!(glob(pattern, text), expected, "{pattern} {text}");
    }
}
