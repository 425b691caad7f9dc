use super::*;

#[track_caller]
fn check(language: Language, text: &str, expected: &str) {
    let found: Vec<String> = calls(language, text)
        .iter()
        .map(|it| {
            let args: Vec<String> = it.args.iter().map(Value::text).collect();
            format!("{}({})", it.chain, args.join(","))
        })
        .collect();
    assert_eq!(found.join(" "), expected, "{text}");
}

#[test]
fn calls_are_found_with_literal_arguments() {
    check(Language::Python, "a.b('c', d)", "a.b(c,◆)");
    check(Language::Python, "a(b('c'))", "b(c) a(◆)");
    check(Language::Python, "x = 'a' 'b'\nf(x + 'c')", "f(abc)");
    check(Language::Python, "f(r'a\\b', b'c', '''d''')", "f(a\\b,c,d)");
    check(Language::Python, "# f('a')\ng('b')", "g(b)");
    check(
        Language::Python,
        "if x:\n  f('a')\nelse:\n  g('b')",
        "f(a) g(b)",
    );
    check(
        Language::Python,
        "'%s %s' % ('a', 'b')\nf('%s' % 'c')",
        "f(c)",
    );
    check(
        Language::Python,
        "f('a {}'.format('b'))",
        ".format(b) f(a b)",
    );
    check(
        Language::Node,
        "f(`a${b}`, /* g('x') */ 'c') // h('d')",
        "f(a◆,c)",
    );
    check(
        Language::Node,
        "x.forEach(y => { f('a'); })",
        "f(a) x.forEach(y=◆,◆)",
    );
    check(Language::Ruby, "system 'a', 'b'", "system(a,b)");
    check(Language::Perl, "chmod 0755, 'a'", "chmod(0755,a)");
    check(
        Language::Perl,
        "system(pack('H*', '6c73'))",
        "pack(H*,6c73) system(ls)",
    );
    check(Language::Lua, "f('\\108\\115')", "f(ls)");
    check(Language::Node, "f('\\u{6c}s')", "f(ls)");
    check(
        Language::Ruby,
        "system format('%c%c', 108, 115)",
        "format(%c%c,108,115) system(ls)",
    );
    check(Language::Ruby, "f(\"a#{b}c\")", "f(a◆c)");
    check(
        Language::Perl,
        "system('a' . 'b'); qx{c}",
        "system(ab) `(c)",
    );
    check(Language::Php, "exec('a' . \"b$c\");", "exec(ab◆)");
    check(Language::Awk, "{ system(\"a \" $1) }", "system(a ◆)");
    check(
        Language::Lua,
        "os.execute('a' .. 'b') -- x('y')",
        "os.execute(ab)",
    );
}

#[test]
fn hostile_code_ends() {
    for piece in [
        "(", "[", "{", "a(", "a.", "'", "\"", "f\"{", "-", "!", "$", "`", "a=", "a(a=", "=>{",
        "a[", "%x(", "a b ",
    ] {
        for language in [
            Language::Python,
            Language::Node,
            Language::Perl,
            Language::Ruby,
            Language::Php,
            Language::Lua,
            Language::Awk,
            Language::AppleScript,
        ] {
            let found = calls(language, &piece.repeat(4_000));
            assert!(found.len() <= 20_000, "{piece}");
        }
    }
}

#[test]
fn methods_that_are_named_are_called() {
    check(Language::Ruby, "send(:system, 'ls')", "system(ls)");
    check(
        Language::Ruby,
        "method(:exec).call('ls')",
        "method(exec) exec(ls)",
    );
    check(
        Language::Ruby,
        "x ? f(:a, 'b') : system('c')",
        "f(a,b) system(c)",
    );
    check(
        Language::Ruby,
        "Dir['a/*'].each(&File.method(:delete))",
        "Dir.glob(a/*) File.method(delete) File.delete(a/*)",
    );
    check(
        Language::Ruby,
        "system(*%w[ls -l]); \"pwd\".then { exec _1 }",
        "system(ls -l) exec(pwd)",
    );
}

#[test]
fn what_a_shell_is_given_by_a_pipe_is_a_command() {
    check(
        Language::Awk,
        "{ print \"ls\", \"-l\" | \"sh\" }",
        "pipe(ls -l) pipe(sh)",
    );
    check(Language::Awk, "{ print \"ls\" | \"sort\" }", "pipe(sort)");
    check(
        Language::Awk,
        "{ c = \"ls\"; while ((c | getline x) > 0) print x }",
        "pipe(ls) while(◆ ◆,◆,0)",
    );
    check(
        Language::Perl,
        "open(my $p, '|sh'); print $p \"ls\"; print \"pwd\"",
        "open(◆,|sh) `(ls) print(pwd)",
    );
    check(Language::Perl, "my $c = 'ls'; qx{$c -l}", "`(ls -l)");
}

#[test]
fn text_is_put_together() {
    check(
        Language::Lua,
        "f(('a %s %q'):format('b', 'c'))",
        ".format(b,c) f(a b \"c\")",
    );
    check(
        Language::Lua,
        "f(('a-X'):gsub('X', 'b')); g(('a'):gsub('.', 'b'))",
        ".gsub(X,b) f(a-b) .gsub(.,b) g(◆)",
    );
    check(
        Language::Perl,
        "f(sprintf('%-3s 5%%', 'a'))",
        "sprintf(%-3s 5%%,a) f(a 5%)",
    );
}
