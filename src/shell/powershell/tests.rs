//! What PowerShell text reads as: one line for each invocation, kin behind its cmdlet.

use crate::shell::{Invocation, Reading, Surroundings, read_powershell};

fn reading(text: &str) -> Reading {
    let around = Surroundings {
        cwd: "/home/dev/project",
        home: "/home/dev",
        project: "/home/dev/project",
        files: None,
    };
    read_powershell(text, &around)
}

/// The reading of a text in which just these commands are found.
#[track_caller]
fn shows(text: &str, expected: &[&str]) -> Reading {
    let reading = reading(text);
    let shown: Vec<String> = reading
        .invocations
        .iter()
        .map(Invocation::display)
        .collect();
    assert_eq!(shown, expected, "{text}");
    reading
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let reading = shows(text, expected);
    assert!(
        reading.problems.is_empty(),
        "{text}: {:?}",
        reading.problems
    );
}

/// The text is refused, and still every command in it is found.
#[track_caller]
fn refused(text: &str, expected: &[&str]) {
    let reading = shows(text, expected);
    assert!(!reading.problems.is_empty(), "{text}");
}

#[test]
fn words_are_divided_as_powershell_does() {
    check("git status; npm test", &["git status", "npm test"]);
    check(
        "git commit -m 'it''s' \"a `\"b`\" \"\"c\"\"\"",
        &["git commit -m it's a \"b\" \"c\""],
    );
    check("x a`\n  b # c\ny 'd' # e", &["x a b", "y d"]);
    check("x <# a\nb #> c", &["x c"]);
    check("x a#b", &["x a#b"]);
    check("x a,b, c d", &["x a b c d"]);
    check("x @'\na 'b' $c\n'@ d", &["x a 'b' $c d"]);
    check("$n = 1; x @\"\na $n\n\"@", &["x a 1"]);
    check(
        "git show stash@{0} HEAD@{1}",
        &["git show stash@{0} HEAD@{1}"],
    );
    check("x --% a 'b c' %d%", &["x a b c %d%"]);
    check("7z x a.7z; 7 + 1", &["7z x a.7z"]);
    check("x \u{201c}a b\u{201d} \u{2018}c\u{2019}", &["x a b c"]);
    check("x \u{2013}r", &["x -r"]);
}

#[test]
fn names_are_resolved() {
    check("C:\\tools\\x.exe a", &["C:/tools/x.exe a"]);
    check(".\\gradlew.bat b", &["./gradlew.bat b"]);
    check("NPM.cmd ci", &["npm ci"]);
    check("& 'git' status", &["git status"]);
    check("gci src", &["get-childitem src", "ls src"]);
    check(
        "Set-Alias z Remove-Item; z a",
        &["set-alias z Remove-Item", "remove-item a", "rm -f a"],
    );
    check(
        "Microsoft.PowerShell.Management\\Get-Item a",
        &["get-item a"],
    );
}

#[test]
fn names_of_both_worlds_are_what_their_parameters_say() {
    check("rm -rf a", &["rm -rf a"]);
    check("rm -r -fo a", &["remove-item -r -fo a", "rm -rf a"]);
    check("curl -fsSL https://x", &["curl -fsSL https://x"]);
    check(
        "curl -Uri https://x -OutFile a",
        &[
            "invoke-webrequest -Uri https://x -OutFile a",
            "curl -o a https://x",
        ],
    );
    check("kill -9 4", &["kill -9 4"]);
    check("kill 4", &["stop-process 4", "kill 4"]);
}

#[test]
fn parameters_bind_by_name_abbreviation_and_position() {
    let shown = "remove-item -rec -LiteralPath a";
    check("ri -rec -LiteralPath a", &[shown, "rm -rf a"]);
    check(
        "ri -Path:a -Recurse:$false",
        &["remove-item -Path:a -Recurse:False", "rm -f a"],
    );
    check("ri a -Recurse -WhatIf", &["remove-item a -Recurse -WhatIf"]);
    check("cpi a b -Rec", &["copy-item a b -Rec", "cp -r a b"]);
    check(
        "$a = @{ Path = 'b'; Recurse = $true }; ri @a",
        &["remove-item -Path:b -Recurse:True", "rm -rf b"],
    );
    check(
        "ri C:\\x\\y, D:\\",
        &["remove-item C:\\x\\y D:\\", "rm -f /C:/x/y /D:/"],
    );
    check(
        "ri Env:A; ri HKCU:\\a",
        &["remove-item Env:A", "remove-item HKCU:\\a"],
    );
}

#[test]
fn objects_flow_through_pipelines() {
    check(
        "gci a | ri",
        &["get-childitem a", "ls a", "remove-item", "rm -f a/*"],
    );
    check(
        "gci a -r -filter *.log | ri",
        &[
            "get-childitem a -r -filter *.log",
            "ls a",
            "remove-item",
            "rm -f a/**/*.log",
        ],
    );
    check(
        "gci a | ? Name -eq b | ri -r",
        &[
            "get-childitem a",
            "ls a",
            "where-object Name -eq b",
            "remove-item -r",
            "rm -rf a/b",
        ],
    );
    check(
        "'a', 'b' | % { ri $_ }",
        &["foreach-object", "remove-item a b", "rm -f a b"],
    );
    check("foreach ($f in 'a', 'b') { x $f }", &["x a b"]);
    check(
        "(gci a).FullName | cat",
        &["get-childitem a", "ls a", "get-content", "cat a/*"],
    );
    check("'rm -rf /' | bash", &["bash", "rm -rf /"]);
}

#[test]
fn values_are_computed() {
    check(
        "$a = 'b'; x $a \"$a-c\" ${a} $(echo d)",
        &["write-output d", "x b b-c b d"],
    );
    check(
        "x $HOME $env:USERPROFILE\\.ssh \"$($env:TEMP)\\a\"",
        &["x /home/dev /home/dev\\.ssh /tmp\\a"],
    );
    check("$a = 'b'; $a += 'c'; x $a", &["x bc"]);
    check(
        "x ('a' + 'b') ('{1}{0}' -f 'a', 'b') ('a', 'b' -join '-')",
        &["x ab ba a-b"],
    );
    check(
        "x ('abc'.Replace('b', 'x')) ([char]65) ('cba'[-1..-3])",
        &["x axc A abc"],
    );
    check(
        "x (Join-Path a b) (Join-Path -Path a -ChildPath c)",
        &[
            "join-path a b",
            "join-path -Path a -ChildPath c",
            "x a/b a/c",
        ],
    );
    check("x $unknown", &["x \u{25c6}"]);
    check("if ($a) { $b = 'c' } else { $b = 'd' }; x $b", &["x c d"]);
    check(
        "cd /tmp; pwd; x $PWD",
        &["set-location /tmp", "cd /tmp", "get-location", "x /tmp"],
    );
}

#[test]
fn everything_that_may_run_is_walked() {
    check(
        "if (a) { b } elseif (c) { d } else { e }",
        &["a", "c", "b", "d", "e"],
    );
    check(
        "while (a) { b }; do { c } until (d); for ($i = 0; $i -lt 3; $i++) { e }",
        &["a", "b", "c", "d", "e"],
    );
    check("try { a } catch [X] { b } finally { c }", &["a", "b", "c"]);
    check(
        "switch -regex (a) { 'b' { c } default { d } }",
        &["a", "c", "d"],
    );
    check("a && b || c &", &["a", "b", "c"]);
    check(
        "& { a }; . { b }; $c = { d }; & $c; $e = { f }",
        &["a", "b", "d", "f"],
    );
    check("function g($h) { i $h }; g j", &["g j", "i j"]);
    check(
        "function g { param($h, $k = (l)) i $h }; g -h j",
        &["g -h j", "l", "i j"],
    );
    check("class A { [void] B() { c } }; d", &["d", "c"]);
    check(
        "x (y) { z } \"$(w)\" @{ a = (v) }",
        &["y", "w", "v", "x \u{25c6} \u{25c6} -a:\u{25c6}", "z"],
    );
    check(
        "trap { a }; begin { b } process { c }; return d",
        &["a", "b", "c", "d"],
    );
    check("[A]::B((c)).D({ e })", &["c", "e"]);
}

#[test]
fn text_that_runs_is_read_again() {
    check("iex 'a b'", &["invoke-expression a b", "a b"]);
    check("'a' | iex", &["invoke-expression", "a"]);
    check("pwsh -nop -c 'a; b'", &["pwsh -nop -c a; b", "a", "b"]);
    check(
        "cmd /c \"rd /s /q C:\\x & type y\"",
        &["cmd /c rd /s /q C:\\x & type y", "rm -rf /C:/x", "cat y"],
    );
    check("bash -c 'a $(b)'", &["bash -c a $(b)", "b", "a \u{25c6}"]);
    check(
        "Start-Process a -ArgumentList 'b c', d",
        &["start-process a -ArgumentList b c d", "a b c d"],
    );
    check(
        "[scriptblock]::Create('a').Invoke()",
        &["invoke-expression a", "a"],
    );
}

#[test]
fn what_is_not_understood_is_a_problem_and_nothing_is_lost() {
    refused("a (", &["a"]);
    refused("a ) b", &["a", "b"]);
    refused("a 'b", &["a b"]);
    refused("if { a }", &["a"]);
    refused("$x = ; a", &["a"]);
    // A `$` that begins no variable ends no list of parameters, and is passed over.
    refused("function f { param($( ) a }; b", &["b", "a"]);
}

#[test]
fn depth_is_limited() {
    for (open, close) in [
        ("(", ")"),
        ("{", "}"),
        ("$(", ")"),
        ("@{a=", "}"),
        ("\"$(", ")\""),
        ("[A]::b(", ")"),
        ("!", ""),
        ("$a=", ""),
        ("if (1) {", "}"),
        ("$a[", "]"),
        ("& {", "}"),
    ] {
        let text = format!("{}x{}", open.repeat(5000), close.repeat(5000));
        let reading = reading(&text);
        assert!(
            reading
                .problems
                .iter()
                .any(|it| it.message.contains("64 levels")),
            "{open}"
        );
    }
}
