//! What holds for every PowerShell text, tried with texts that nobody wrote: damaged ones from fixed seeds,
//! and every shape at growing length. Does not own known cases, which are tested beside the code.

use hookbin::shell;

use crate::generate::Shape;
use crate::memory::{self, AROUND};
use crate::property;

const EVASIONS: &str = include_str!("../../fixtures/scenarios/command/evasion-powershell.toml");
const ORDINARY: &str = include_str!("../../fixtures/scenarios/command/ordinary-powershell.toml");

/// The commands of the scenarios about PowerShell.
fn commands() -> Vec<String> {
    let lists = [EVASIONS, ORDINARY].map(|it| it.parse::<toml::Table>().expect("TOML"));
    let lists = lists.iter().filter_map(|it| it["commands"].as_array());
    lists
        .flatten()
        .filter_map(|it| it["lines"].as_array())
        .flatten()
        .filter_map(|it| it.as_str().map(str::to_owned))
        .collect()
}

fn judge(text: &str) {
    let host = memory::machine();
    let reading = shell::read_powershell(text, &AROUND);
    memory::check_shape(text, &reading);
    memory::check(&host, text, &reading);
}

#[test]
fn mutated_powershell_is_read_and_judged() {
    property::mutate(&commands(), 11, WORDS, judge);
}

#[test]
fn powershell_may_end_anywhere() {
    property::cut(&commands(), 12, |text| {
        memory::check_shape(text, &shell::read_powershell(text, &AROUND));
    });
}

#[test]
fn cost_of_powershell_grows_with_length_only() {
    property::lengthen(SHAPES, judge);
}

const WORDS: &[&str] = &[
    "'",
    "\"",
    "`",
    "$(",
    "@(",
    "@{",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "$",
    "$_",
    "@'\n",
    "\n'@",
    "@\"\n",
    "\n\"@",
    "<#",
    "#>",
    "#",
    "|",
    "||",
    "&&",
    "&",
    ";",
    "\n",
    "`\n",
    ",",
    ".",
    "::",
    "=",
    "+=",
    "-f ",
    "-join ",
    "-replace ",
    " -Recurse",
    " -Force",
    "C:\\",
    "~",
    "\\",
    "/",
    "*",
    "Remove-Item ",
    "gci ",
    "iex ",
    "irm ",
    "% { ",
    "? { ",
    "if (",
    "} else {",
    "foreach ($a in ",
    "function f { ",
    "param(",
    "switch (",
    "try { ",
    "} catch { ",
    "return ",
    "$env:A",
    "${",
    "--%",
    "[IO.File]::Delete(",
    "[char]",
    "pwsh -c '",
    "cmd /c \"",
    ">> ",
    "2>&1",
    "\u{25c6}",
    "\u{201c}",
    "\u{2019}",
    "\u{2013}",
    "\0",
    "ü",
];

/// Shapes whose cost must grow with their length and no faster.
const SHAPES: &[Shape] = &[
    ("commands", |n| "git status; ".repeat(n / 12)),
    ("cmdlets", |n| "Remove-Item a -Recurse; ".repeat(n / 24)),
    ("pipeline", |n| "gci a | ".repeat(n / 8) + "ri"),
    ("lists", |n| format!("ri {}a", "b, ".repeat(n / 3))),
    ("sums", |n| {
        format!("$a = 'b'{}; x $a", " + 'c'".repeat(n / 6))
    }),
    ("doublings", |n| {
        format!("$a = 'bbbb'; {}x $a", "$a = \"$a$a\"; ".repeat(n / 14))
    }),
    ("grown-lists", |n| {
        format!("$a = @('b', 'c'); {}ri $a", "$a += $a; ".repeat(n / 10))
    }),
    ("members", |n| format!("x $a{}", ".b".repeat(n / 2))),
    ("branches", |n| {
        "if ($a) { $b = 1 } else { $b = 2 }; ".repeat(n / 36)
    }),
    ("elses", |n| {
        format!("if (a) {{ b }}{}", " elseif (a) { c }".repeat(n / 17))
    }),
    ("loops", |n| {
        "foreach ($a in 1, 2) { x $a }; ".repeat(n / 31)
    }),
    ("functions", |n| "function f { g }; f; ".repeat(n / 21)),
    ("blocks-that-call-blocks", |n| {
        "$a = { & $b; & $b }; $b = { & $a; & $a }; ".repeat(n / 41)
    }),
    ("strings", |n| format!("x \"{}\"", "$a $(b) ".repeat(n / 8))),
    ("open-quotes", |n| "'\" ".repeat(n / 3)),
    ("open-brackets", |n| "( { [ ".repeat(n / 6)),
    ("types", |n| "[a".repeat(n / 2)),
    ("comments", |n| "<# a #> # b\n".repeat(n / 12)),
    ("blank-lines", |n| format!("a{}b", "\n".repeat(n))),
    ("backticks", |n| format!("x{}", " `\n".repeat(n / 3))),
    ("tables", |n| {
        format!("$a = @{{ {} }}; x @a", "b = 1; ".repeat(n / 7))
    }),
    ("aliases", |n| {
        format!("{}z1 a", "Set-Alias z1 ri; ".repeat(n / 17))
    }),
    ("read-again", |n| "iex 'a b'; ".repeat(n / 11)),
    ("evaluated-in-evaluated", |n| "iex \"iex ".repeat(n / 9)),
    ("filters", |n| "gci a | ? Name -eq b | ri; ".repeat(n / 27)),
    ("splits", |n| {
        format!("x ('{}' -split ',')", "a,".repeat(n / 2))
    }),
    ("percents", |n| {
        format!("cmd /c \"{}\"", "%a% & ".repeat(n / 6))
    }),
];
