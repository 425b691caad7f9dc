use super::*;

fn places() -> Places {
    Places {
        homes: vec!["/home/dev".to_owned()],
        project: "/home/dev/project".to_owned(),
        cwd: "/home/dev/project".to_owned(),
        ..Places::default()
    }
}

fn check(text: &str, expected: &[&str]) {
    let spelling = spell(&places(), &Cwd::Start, text, true);
    let forms: Vec<String> = spelling
        .forms
        .iter()
        .map(|it| format!("{}{}", it.path, if it.every { " *" } else { "" }))
        .collect();
    assert_eq!(forms, expected, "{text}");
}

#[test]
fn written_paths_become_absolute() {
    check("src/main.rs", &["/home/dev/project/src/main.rs"]);
    check("./src//main.rs", &["/home/dev/project/src/main.rs"]);
    check(".", &["/home/dev/project"]);
    check("..", &["/home/dev"]);
    check("../../../../..", &["/"]);
    check("~", &["/home/dev"]);
    check("~/", &["/home/dev"]);
    check("~/../x", &["/home/x"]);
    check("~root/.ssh", &["/root/.ssh"]);
    check("~other/x", &["/home/other/x"]);
    check("~dev/x", &["/home/dev/x"]);
    check("~+/x", &["/home/dev/project/x"]);
    check("~$report.docx", &["/home/dev/project/~$report.docx"]);
    check("/", &["/"]);
    check("//", &["/"]);
    check("/./", &["/"]);
    check("/../..", &["/"]);
    check("/usr/../etc/./passwd", &["/etc/passwd"]);
    check("/proc/self/root/etc/passwd", &["/etc/passwd"]);
    check("/proc/1/root", &["/"]);
    check("/proc/self/task/7/root/etc", &["/etc"]);
    check("/proc/self/root/proc/self/root/etc", &["/etc"]);
    check("/proc/self/cwd/x", &["/home/dev/project/x"]);
    check("/x/../proc/self/root/etc", &["/etc"]);
    check("/proc/cpuinfo", &["/proc/cpuinfo"]);
    check(r"C:\Users\dev", &["/C:/Users/dev"]);
    check("C:", &["/C:"]);
    check("c:/", &["/c:"]);
    check(r"\\?\C:\x", &["/C:/x"]);
    check("", &[]);
}

#[test]
fn globs_of_all_entries_mean_the_directory() {
    check("/*", &["/ *"]);
    check("/???", &["/ *"]);
    check("/*/*", &["/ *"]);
    check("/**", &["/ *"]);
    check("~/.*", &["/home/dev *"]);
    check("~/*", &["/home/dev *"]);
    check("*", &["/home/dev/project *"]);
    check("./*", &["/home/dev/project *"]);
    check("../*", &["/home/dev *"]);
    check(".[!.]*", &["/home/dev/project *"]);
    check("[a-z]*", &["/home/dev/project *"]);
    check(
        "app/[id]/page.tsx",
        &["/home/dev/project/app/[id]/page.tsx"],
    );
    check("app/[id]", &["/home/dev/project/app/[id]"]);
    check("src/*.rs", &["/home/dev/project/src/*.rs"]);
    check("src/*/..", &["/home/dev/project/src"]);
    check("/etc/*/", &["/etc *"]);
}

#[test]
fn unknown_parts_may_be_empty() {
    check("/◆", &["/◆", "/"]);
    check("~/◆", &["/home/dev/◆", "/home/dev"]);
    check("~/◆*", &["/home/dev/◆*", "/home/dev *"]);
    check("/tmp/◇", &["/tmp/◇"]);
    check("/tmp/◆/x", &["/tmp/◆/x", "/tmp/x"]);
    check("◆", &[]);
    check("◆/*", &[]);
    check("◆/.ssh/id_rsa", &[".ssh/id_rsa"]);
    check("◇/x", &["/home/dev/project/◇/x"]);
    check("a/◆/..", &["/home/dev/project/a", "/home/dev/project"]);
}

#[test]
fn an_unknown_directory_leaves_names() {
    let spelling = spell(&places(), &Cwd::Unknown, "../../x", true);
    assert_eq!(spelling.forms[0].path, "../../x");
    assert!(!spelling.known && spelling.raw.is_empty());
    let at = |path: &str, text: &str| {
        let spelling = spell(&places(), &Cwd::At(path.to_owned()), text, true);
        spelling
            .forms
            .first()
            .map(|it| it.path.clone())
            .unwrap_or_default()
    };
    assert_eq!(at("sub", "x"), "/home/dev/project/sub/x");
    assert_eq!(at("/etc", "passwd"), "/etc/passwd");
    assert_eq!(at("..", "x"), "/home/dev/x");
}

#[test]
fn patterns_that_fit_protected_names_are_guessed() {
    let guessed = |text: &str| -> Vec<String> {
        let spelling = spell(&places(), &Cwd::Start, text, true);
        spelling.guesses.into_iter().map(|it| it.path).collect()
    };
    assert_eq!(guessed("/et?"), ["/etc"]);
    assert_eq!(guessed("~/.ss*/id_r*"), ["/home/dev/.ssh/id_rsa"]);
    assert_eq!(guessed("/etc/pass◆"), ["/etc/passwd"]);
    assert!(guessed("src/*.rs").is_empty());
    assert!(guessed("*").is_empty());
    assert!(guessed("src/main.rs").is_empty());
    assert_eq!(guessed(".g?t"), ["/home/dev/project/.git"]);
}

#[test]
fn normalising_keeps_leading_parents_of_relative_paths() {
    for (path, expected) in [
        ("a/../../b", "../b"),
        ("../..", "../.."),
        ("a/b/../c/", "a/c"),
        ("", ""),
        (".", ""),
        ("/a/b/../../..", "/"),
        ("../a/..", ".."),
    ] {
        assert_eq!(normalise(path), expected, "{path}");
    }
}
