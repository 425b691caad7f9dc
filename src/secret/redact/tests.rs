//! Secrets go, everything around them stays. Secrets are put together at run time, never written whole.

use super::*;

/// In the samples `{}` stands for the secret: it must go and the mark must take its place.
#[track_caller]
fn gone(sample: &str, secret: &str, kind: &str) {
    let text = sample.replace("{}", secret);
    let wanted = sample.replace("{}", &format!("[redacted:{kind}]"));
    let found = redact(&text);
    assert_eq!(found, wanted, "{text}");
    let again = redact(&found);
    assert!(matches!(again, Cow::Borrowed(_)), "{found} became {again}");
}

#[track_caller]
fn stays(text: &str) {
    let found = redact(text);
    assert!(matches!(found, Cow::Borrowed(_)), "{text} became {found}");
}

/// A body of letters and digits.
fn body(length: usize) -> String {
    "a1B2c3D4e5F6g7H8".chars().cycle().take(length).collect()
}

fn upper(length: usize) -> String {
    "A1B2C3D4E5F6G7H8".chars().cycle().take(length).collect()
}

#[test]
fn tokens_are_known_by_their_prefix() {
    let token = |prefix: &str, length| [prefix, &body(length)].concat();
    gone("x {} y", &["AK", "IA", &upper(16)].concat(), "aws-key");
    gone("x={}", &["AS", "IA", &upper(16)].concat(), "aws-key");
    gone(
        "git clone https://{}@github.com/a/b",
        &token("ghp_", 36),
        "github-token",
    );
    gone("'{}'", &token("github_pat_", 60), "github-token");
    gone("echo {}", &token("glpat-", 20), "gitlab-token");
    gone("{}", &token("xoxb-1234-", 24), "slack-token");
    gone("{}\n", &token("sk-ant-api03-", 40), "anthropic-key");
    gone("({})", &token("sk-proj-", 40), "openai-key");
    gone("{};", &token("sk-", 48), "api-key");
    gone("{}", &token("sk_live_", 24), "stripe-key");
    gone("\"{}\"", &token("AIza", 35), "google-key");
    gone("{}", &token("npm_", 36), "npm-token");
    gone("{}", &token("pypi-AgEI", 60), "pypi-token");
    gone("{}", &token("hf_", 34), "huggingface-token");
    gone(
        "{}",
        &["1234567890", ":AA", &body(33)].concat(),
        "telegram-token",
    );
    let jwt = ["eyJ", &body(20), ".eyJ", &body(30), ".", &body(43)].concat();
    gone("curl -H 'X: {}'", &jwt, "jwt");
    gone("two {} words", &token("ghp_", 36), "github-token");
}

#[test]
fn the_kind_of_a_token_wins_over_its_name() {
    gone(
        "GITHUB_TOKEN={} make",
        &["ghp_", &body(36)].concat(),
        "github-token",
    );
    gone(
        "Authorization: Bearer {}",
        &["sk-ant-", &body(40)].concat(),
        "anthropic-key",
    );
}

#[test]
fn names_give_values_away() {
    let word = ["hunter", "2!"].concat();
    gone("password={}", &word, "password");
    gone("DB_PASSWORD='{}' ./run", &word, "password");
    gone(
        "export AWS_SECRET_ACCESS_KEY={}; aws s3 ls",
        &body(40),
        "key",
    );
    gone("deploy --password {} --region x", &word, "password");
    gone("deploy --db-password={} x", &word, "password");
    gone("curl 'https://h/p?api_key={}&x=1'", &body(20), "key");
    gone(r#"{"password": "{}", "user": "me"}"#, &word, "password");
    gone(r#"sh -c "echo {\"token\":\"{}\"}""#, &body(12), "token");
    gone("X-Api-Key: {}", &body(20), "key");
    gone("PRIVATE-TOKEN: {}", &body(20), "token");
    gone("client_secret = \"{}\"", &body(12), "secret");
    gone("secret: {}\nnext: 1", &body(12), "secret");
    gone("AccountKey={};EndpointSuffix=x", &body(40), "key");
    gone("--passphrase '{}'", "correct horse battery", "password");
    gone("PGPASSWORD={} psql", "plainword", "password");
    gone("MYSQL_PWD={} mysql", "plainword", "password");
}

#[test]
fn headers_and_urls_give_values_away() {
    gone(
        "curl -H 'Authorization: Bearer {}' https://h",
        &body(24),
        "authorization",
    );
    gone(
        "curl -H \"Authorization: Basic {}\"",
        "dXNlcjpwYXNz",
        "authorization",
    );
    gone("-H 'authorization: token {}'", &body(24), "authorization");
    gone("Proxy-Authorization: {}", &body(24), "authorization");
    gone("use Bearer {} here", &body(24), "authorization");
    gone(
        "git push https://me:{}@host/x.git",
        "pa55word",
        "url-password",
    );
    gone("redis://:{}@host:6379/0", "pa55word", "url-password");
    gone("postgres://u:{}@h/db?x=1", "p@ss", "url-password");
}

#[test]
fn short_flags_count_only_where_the_program_makes_them_passwords() {
    gone("mysql -u root -p{} db", "s3cret", "password");
    gone("sshpass -p {} ssh h", "s3cret", "password");
    gone("sshpass -p '{}' ssh h", "s3 cret", "password");
    gone("curl -u me:{} https://h", "s3cret", "password");
    gone("curl --user me:{} https://h", "s3cret", "password");
    gone("docker login -u me -p {} r.io", "s3cret", "password");
    gone("redis-cli -a {} ping", "s3cret", "password");
    stays("mkdir -p dir && ssh -p 22 h && cp -pr a b");
    stays("mysql -u root -p db");
    stays("mysql x; mkdir -pv dir");
    stays("curl -u me https://h");
    stays("docker run --user 1000:1000 -p 80:80 x");
}

#[test]
fn private_keys_go_with_their_armour() {
    let armour = |edge: &str| ["-----", edge, " RSA PRIV", "ATE KEY-----"].concat();
    let key = [&armour("BEGIN"), "\nMIIE\nabc\n", &armour("END")].concat();
    gone("cat <<E\n{}\nE\n", &key, "private-key");
    gone(
        "{}",
        &[&armour("BEGIN"), "\nMIIE cut"].concat(),
        "private-key",
    );
    stays("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----");
    stays("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----");
}

#[test]
fn ordinary_text_stays() {
    stays("");
    stays("ls -la && cargo test --locked");
    stays("TOKEN=$TOKEN PASSWORD=\"$PASSWORD\" API_KEY=${KEY:-} ./run");
    stays("TOKEN=$(gh auth token) x");
    stays("password=<your password>");
    stays("grep -rn 'password' src");
    stays("let token = next_token(input);");
    stays("fn check(password: &str, token: Option<String>)");
    stays("interface A { token: string; apiKey: string }");
    stays("token == other && secret != x");
    stays("if token: return");
    stays("password=");
    stays("tokens: 12345678, max_tokens=4096");
    stays("monkey=banana donkey: 1234567 PWD=/home/me");
    stays("git commit -m 'rotate the api key: done'");
    stays("task-list-of-some-long-hyphenated-names-2 disk-usage");
    stays("sk-some-class-name-that-is-long-2");
    stays("https://user@host/path and git@github.com:a/b.git");
    stays("http://host:8080/x?y=a@b");
    stays("compass=north12345 bypass=abc123 --pass-through x");
    stays("the bearer of bad news, authorization required: no");
    stays("sha256:0123456789abcdef0123456789abcdef0123456789abcdef");
    stays("akia ghp_short glpat-x eyJhbGciOi");
    stays("curl https://h -H 'Authorization: Bearer $TOKEN'");
}

#[test]
fn text_of_every_shape_is_survived() {
    let parts = [
        "password",
        "=",
        ":",
        "\"",
        "'",
        "\\",
        " ",
        "--token",
        "-p",
        "mysql",
        "curl",
        "-u",
        "://",
        "@",
        "ü",
        "€",
        "\n",
        "[redacted:",
        "]",
        "eyJ",
        ".",
        "-----BEGIN ",
        "PRIVATE KEY",
        "-----END ",
        "sk-",
        "a1",
        "Authorization",
        "Bearer",
        "\0",
        "1234567890:AA",
    ];
    let mut seed = 1u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..seed % 9 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text.push_str(parts[usize::try_from(seed >> 33).unwrap() % parts.len()]);
        }
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407)
            >> 3;
        let once = redact(&text).into_owned();
        assert_eq!(redact(&once), once, "{text:?}");
    }
}

#[test]
fn a_made_up_mark_hides_nothing() {
    let word = body(12);
    gone("[redacted: password={} ]", &word, "password");
    gone("[redacted:password={}]", &word, "password");
}

#[test]
fn the_colon_of_a_mark_names_no_password() {
    let word = body(12);
    gone("curl -u\"u password={} x\" y", &word, "password");
    gone("curl -u \"u[redacted:x]:{}\"", &word, "password");
}

#[test]
fn a_user_that_is_no_plain_name_goes_with_the_password() {
    let word = body(12);
    let both = format!("u password={word} x:{word}");
    gone("curl -u \"{}\" y", &both, "password");
    gone("curl -u'{}' y", &both, "password");
    gone(
        "curl --user '{}'",
        &format!("token={word}:ab cd"),
        "password",
    );
    let token = ["ghp_", &body(36)].concat();
    gone("curl -u {} y", &format!("{token}:x"), "password");
    let user = format!("{token}:x-oauth-basic");
    gone("git clone https://{}@h/a", &user, "url-password");
    gone("https://{}@h/a", &format!("pass=a:{word}"), "url-password");
    // A name, a reference, a domain, an address: what does the reader good stays.
    gone("curl -u first.last+x@example.com:{}", &word, "password");
    gone("curl -u 'DOMAIN\\\\me:{}'", &word, "password");
    gone("curl -u \"$USER:{}\"", &word, "password");
    gone("https://${USER}:{}@h", &word, "url-password");
}

#[test]
fn a_token_in_the_user_goes_with_the_password() {
    let token = ["gl", "rt-", &body(24)].concat();
    for user in [
        format!("{token}@@h"),
        format!("me--{token}@h"),
        format!("me@{token}"),
        format!("é{token}@h"),
        format!("$USER-{token}@h"),
    ] {
        let both = format!("{user}:pa55word");
        gone("curl -u{} y", &both, "password");
        gone("curl -u '{}' y", &both, "password");
        gone("curl --proxy-user={} y", &both, "password");
        gone("curl -u{} y", &format!("{user}:$P"), "password");
        gone("curl -u{} y", &format!("{user}:"), "password");
    }
    gone("curl -u{} y", &token, "gitlab-token");
    gone("curl -u{} y", &format!("{token}@h"), "password");
    stays("curl -ufirst.last.of.1987.and.more https://h");
    let both = format!("$U.{token}@b:pa55word");
    gone("https://{}@h/x", &both, "url-password");
    // A name that happens to be long, and the address that it is part of.
    gone(
        "https://{}@h/x",
        &format!("{token}@h:pa55word"),
        "url-password",
    );
}

#[test]
fn a_url_is_read_up_to_a_mark_in_either_pass() {
    for sample in [
        "x://do\x7f1:{word}@[redacted:[passwords_password=@y1token: b",
        "x://u:{word}@[redacted:password]password=@abcd b",
        "x://u:{word}@[redacted:password]@h b",
        "x://u:{word}@password=@abcd b",
    ] {
        let text = sample.replace("{word}", "pa55word");
        let once = redact(&text).into_owned();
        assert!(!once.contains("pa55"), "{text} became {once}");
        assert_eq!(redact(&once), once, "{text}");
    }
}

#[test]
fn an_armour_hides_no_end_from_the_first_pass() {
    let armour = |edge: &str| ["-----", edge, " PRIV", "ATE KEY-----"].concat();
    let (begin, end) = (armour("BEGIN"), armour("END"));
    let quoted = format!("{begin}\n\" ' \n{end}");
    for sample in [
        "curl -u\"{}x:{word}\" y",
        "curl -u{}x:{word} y",
        "curl -u'{} x:{word}' y",
        "curl -u \"a {}b:{word}\" y",
        "https://{}x:{word}@h",
        "https://u:{}{word}@h",
        "password=\"a {} {word}\"",
        "password=a{}{word}",
        "sshpass -p \"a {}{word}\"",
        "Authorization: {}{word}",
    ] {
        let text = sample.replace("{}", &quoted).replace("{word}", "pa55word");
        let once = redact(&text).into_owned();
        assert!(!once.contains(&end), "{text} became {once}");
        assert_eq!(redact(&once), once, "{text}");
    }
    // Nothing of a key is left where a string around it ends with its first line.
    let text = format!("password=\"a {begin}\nMIIE\n{end}\"");
    let once = redact(&text).into_owned();
    assert!(!once.contains("MIIE"), "{once}");
    // What was taken out of a first line makes no armour of it.
    let token = ["gl", "rt-", &body(60)].concat();
    let text = format!("{} {token} PRIVATE KEY-----", "-----BEGIN");
    let once = redact(&text).into_owned();
    assert_eq!(redact(&once), once, "{text}");
}

#[test]
fn a_value_that_hid_an_end_is_no_reason_to_read_on() {
    gone(
        "https://hpassword={})p:x@h",
        "ixa:lee//tps://d:",
        "password",
    );
    gone("https://a:token:{},@h", "abc1/d", "token");
    gone("curl -u \"password='{}' x:abcd\"", "a b\"c", "password");
}

#[test]
fn a_mark_makes_no_secret_of_what_it_stands_in() {
    gone("x_token\" :Authorization:{} b", "yeJ", "authorization");
    gone("Bearer ://{}@6f", "ba1b2;3d40e5f6a7b8c9d0", "url-password");
}

#[test]
fn a_program_in_a_user_is_one_in_either_pass() {
    let text = "x://mysql\\me:pa55@mysqL -pIiadmnm";
    let once = redact(text).into_owned();
    assert_eq!(redact(&once), once);
}

#[test]
fn a_user_is_passed_over_in_either_pass() {
    let token = ["gl", "rt-", &body(24)].concat();
    let text = format!("curl -u -u{token}@h:pa55word y -u me:pa55word");
    let once = redact(&text).into_owned();
    assert!(!once.contains("pa55word"), "{once}");
    assert_eq!(redact(&once), once);
}

#[test]
fn a_mark_ends_no_value() {
    let token = ["gl", "rt-", &body(24)].concat();
    gone("password=a.{}~f(x)", &token, "gitlab-token");
    gone("token: new.{}~f(x)", &token, "gitlab-token");
    gone("password={}", "ab[redacted:x]cd", "password");
}

#[test]
fn a_parenthesis_in_a_string_is_no_call() {
    let word = ["a(", &body(12)].concat();
    gone("curl -u 'me:{}'", &word, "password");
    gone("password=\"{}\"", &word, "password");
    gone("password=\"{}\"", "http://a:b(c@h", "password");
    gone("password={} x", "http://a:b(c@h", "password");
    gone("curl -u \"u:{}\"", "http://a:b(c@h", "password");
    stays("password=input(prompt); token=os.environ.get(name)");
}

#[test]
fn cost_grows_with_length() {
    let text = "cp build/output.tar.gz --target=release token-ring ; ".repeat(20_000);
    stays(&text);
    let text = "password=\"".repeat(50_000);
    redact(&text);
    redact(&"sk-".repeat(20_000));
    redact(&"eyJ-".repeat(20_000));
    redact(&"curl -u' :-U\" :".repeat(20_000));
    let text = "-----BEGIN x PRIVATE KEY".repeat(20_000);
    redact(&text);
}

/// What the pass knows: names, marks, brackets, quotes, the beginnings of tokens.
const KNOWN: &str = "password token: token:=a( \"token\": --token\u{a0} Authorization:a( \
    Authorization:\u{a0}token\u{a0} Bearer= Bearer\u{a0}a1 api_key= pass= secret= passwd:. \
    mysql\u{a0} \u{a0}-p sshpass\u{a0}-p curl\u{a0} \u{a0}-u \u{a0}-U' redis\u{a0}-a login\u{a0} --user= \
    :// https:// @ : [ ] ( ) { } < > \" ' \\ ` \u{a0} \t \n = / . , ; | & $ - _ ? % # x a1 \u{e9} \
    [redacted: [redacted:x] eyJ eyJ- eyJaaaaaaaaaaaa. sk- sk-proj- sk_live_ AKIA ghp_ glpat- xoxb- \
    AGE-SECRET-KEY-1 SG. 12345678:AA -----BEGIN\u{a0} -----BEGIN\u{a0}PRIVATE\u{a0}KEY -----END\u{a0}";

/// How often each byte was looked at.
fn work(text: &str) -> usize {
    super::super::scan::work::take();
    redact(text);
    super::super::scan::work::take() / text.len()
}

#[test]
fn work_grows_with_length_only() {
    let known: Vec<String> = KNOWN
        .split(' ')
        .map(|it| it.replace('\u{a0}', " "))
        .collect();
    for one in &known {
        for count in [1000, 2000, 4000] {
            let text = one.repeat(count);
            assert!(work(&text) < 20, "{one:?} {count} times: {}", work(&text));
        }
        for other in &known {
            let unit = [one.as_str(), other].concat();
            for text in [unit.repeat(200), [one, other.repeat(200).as_str()].concat()] {
                assert!(work(&text) < 20, "{one:?} {other:?}: {}", work(&text));
            }
        }
    }
}

#[test]
fn a_lone_token_ends_at_the_first_at_sign() {
    let word = body(24);
    let text = format!("x://{word}@host/[password=@y1");
    let once = redact(&text).into_owned();
    assert!(!once.contains(&word), "{once}");
    let text = format!("x://{word}@[hostpassword=@word1 y");
    let once = redact(&text).into_owned();
    assert!(!once.contains(&word), "{once}");
    assert_eq!(redact(&once), once);
}

#[test]
fn a_token_of_letters_alone_is_one_where_they_change_case() {
    let letters = "aBcDxYzQ".chars().cycle().take(34).collect::<String>();
    gone("x {} y", &["hf_", &letters].concat(), "huggingface-token");
    stays("hf_transformersmodelnamethatisverylongindeed");
    stays("npm_configRegistryUrlOverrideForWorkspaces");
}
