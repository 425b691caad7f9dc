//! What a demanding stranger would write: secrets where they harm, and what only looks like one. Secrets are
//! put together at run time, never written whole: `{p36}` stands for 36 letters and digits in no order,
//! `{h40}` for hexadecimal digits, `{u16}` for base32, `{b40}` for base64, `{d12}` for digits, `{uuid}`, and
//! `{sum}` for 36 that end in their checksum.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::scenario::{self, Scenario, Step};

const HEX: &str = "0123456789abcdef";
const PLAIN: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

fn random(alphabet: &str, length: usize, seed: &mut u64) -> String {
    let letters: Vec<char> = alphabet.chars().collect();
    let mut next = || {
        *seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        letters[usize::try_from(*seed >> 33).unwrap() % letters.len()]
    };
    (0..length).map(|_| next()).collect()
}

fn part(name: &str, seed: &mut u64) -> Option<String> {
    if name == "uuid" {
        let hex = random(HEX, 32, seed);
        let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
        return Some(parts.map(|(from, to)| &hex[from..to]).join("-"));
    }
    if name == "sum" {
        let body = random(PLAIN, 30, seed);
        return Some(crate::secret::summed(&body));
    }
    let alphabet = match name.get(..1)? {
        "p" => PLAIN,
        "h" => HEX,
        "u" => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
        "b" => "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/",
        "d" => "0123456789",
        _ => return None,
    };
    Some(random(alphabet, name.get(1..)?.parse().ok()?, seed))
}

/// The template with its parts made; a brace around anything else stays.
fn made(template: &str, seed: u64) -> String {
    let mut seed = seed;
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let made = after
            .split_once('}')
            .and_then(|(name, tail)| Some((part(name, &mut seed)?, tail)));
        if let Some((value, tail)) = made {
            out.push_str(&value);
            rest = tail;
        } else {
            out.push('{');
            rest = after;
        }
    }
    // Two words are written in two parts, so that no scanner takes these lists for keys.
    (out + rest)
        .replace("PRI+VATE", "PRIVATE")
        .replace("AKIA+", "AKIA")
        .replace("\\n", "\n")
}

fn files() -> BTreeMap<String, String> {
    let of = |(path, text): (&str, &str)| (path.to_owned(), text.to_owned());
    BTreeMap::from(
        [
            (".git/HEAD", "ref: refs/heads/main\n"),
            (
                ".gitignore",
                ".env\n.env.*\n!.env.example\n*.local.json\n/secrets/\nnode_modules\n",
            ),
            ("src/main.py", "import os\n"),
        ]
        .map(of),
    )
}

fn mismatch(step: Step, files: BTreeMap<String, String>) -> Option<String> {
    let scenario = Scenario {
        files,
        steps: vec![step],
        ..Scenario::default()
    };
    let outcome = scenario::run(&scenario);
    outcome.mismatches.first().map(|it| it.came.clone())
}

#[track_caller]
fn judged(step: Step, files: BTreeMap<String, String>, what: &str) {
    let came = mismatch(step, files);
    assert_eq!(came, None, "{what}");
}

fn write(path: &str, content: &str) -> Value {
    let path = if path.starts_with(['/', '~']) {
        path.to_owned()
    } else {
        format!("/home/dev/project/{path}")
    };
    json!({"file_path": path.replace('~', "/home/dev"), "content": content})
}

/// Lines of `path | content`, each of which must get the decision.
#[track_caller]
fn all(decision: &str, lines: &str) {
    let mut wrong = Vec::new();
    for (number, line) in lines
        .lines()
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .enumerate()
    {
        let (path, template) = line.split_once(" | ").unwrap();
        let content = made(template, 41 + number as u64 * 977);
        let step = Step {
            tool: Some("Write".to_owned()),
            input: Some(write(path, &content)),
            decision: decision.to_owned(),
            ..Step::default()
        };
        if let Some(came) = mismatch(step, files()) {
            wrong.push(format!("{line}\n{content}\ncame: {came}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn secrets_in_files_that_git_keeps_are_asked_about() {
    all("ask", SECRETS);
}

const SECRETS: &str = r#"
src/config.py | AWS_ACCESS_KEY_ID = "AKIA{u16}"\nAWS_SECRET_ACCESS_KEY = "{b40}"
src/aws.ts | const client = new S3({credentials: {accessKeyId: 'AKIA{u16}', secretAccessKey: '{b40}'}})
terraform/main.tf | provider "aws" {\n  access_key = "AKIA{u16}"\n  secret_key = "{b40}"\n}
deploy/values.yaml | env:\n  - name: GITHUB_TOKEN\n    value: ghp_{sum}
scripts/release.sh | export GITHUB_TOKEN=ghp_{sum}\ngh release create v1
src/gh.js | const t = `ghs_{sum}`;
.github/dependabot-secrets.yml | token: github_pat_{p22}_{p59}
src/llm.py | client = OpenAI(api_key="sk-proj-{p48}T3BlbkFJ{p48}")
src/llm.ts | const anthropic = new Anthropic({ apiKey: "sk-ant-api03-{p93}AA" });
app/settings.py | STRIPE_SECRET_KEY = "sk_live_{p24}"
app/billing.rb | Stripe.api_key = 'rk_live_{p24}'
src/slack.go | const token = "xoxb-{d12}-{d13}-{p24}"
src/notify.py | url = "https://hooks.slack.com/services/T{u8}/B{u8}/{p24}"
bot/index.js | client.login(process.env.X || 'https://discord.com/api/webhooks/{d18}/{p68}')
bot/main.py | app = ApplicationBuilder().token("{d10}:AA{p33}").build()
.npmrc.ci | //registry.npmjs.org/:_authToken=npm_{sum}
setup/publish.cfg | password = pypi-AgEIcHlwaS5vcmc{p120}
docker/entry.sh | echo dckr_pat_{p27} | docker login -u me --password-stdin
src/db.py | DSN = "postgresql://app:{p20}@db.prod-cluster.net:5432/app"
src/mongo.ts | mongoose.connect("mongodb+srv://svc:{p18}@cluster0.ab1cd.mongodb.net/app")
config/redis.yml | url: redis://default:{p32}@eu1-quick-cat-12345.upstash.io:6379
src/mail.js | sgMail.setApiKey('SG.{p22}.{p43}')
src/maps.kt | val gitlab = "glpat-{p20}"
ci/vars.yml | VAULT_TOKEN: hvs.{p90}
infra/do.tf | token = "dop_v1_{h64}"
infra/cloudflare.tf | cloudflare_api_token = "{p40}"
src/dd.py | DATADOG_API_KEY = "{h32}"
src/twilio.py | twilio_auth_token = "{h32}"
lib/heroku.sh | HEROKU_API_KEY={uuid} git push heroku
src/hf.py | login(token="hf_{p34}")
src/groq.ts | apiKey: "gsk_{p52}"
src/linear.ts | new LinearClient({ apiKey: "lin_api_{p40}" })
src/notion.py | notion = Client(auth="ntn_{p46}")
src/shop.rb | token = "shpat_{h32}"
src/square.py | access_token = "EAAAE{p59}"
src/sentry.sh | SENTRY_AUTH_TOKEN=sntryu_{h64} sentry-cli releases new x
src/grafana.py | h = {"Authorization": "Bearer glsa_{p32}_{h8}"}
src/nr.yml | license_key: NRAK-{u27}
src/blob.cs | var c = "DefaultEndpointsProtocol=https;AccountName=x;AccountKey={b86}==;EndpointSuffix=core.windows.net";
src/azure.py | client_secret = "{p3}8Q~{p34}"
keys/server.key | -----BEGIN PRI+VATE KEY-----\n{b64}\n{b64}\n{b64}\n-----END PRI+VATE KEY-----
keys/deploy | -----BEGIN OPENSSH PRI+VATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n{b70}\n{b70}\n-----END OPENSSH PRI+VATE KEY-----
src/firebase.json | {"type": "service_account", "private_key": "-----BEGIN PRI+VATE KEY-----\\n{b64}\\n{b64}\\n{b64}\\n-----END PRI+VATE KEY-----\\n"}
src/wallet.ts | const PRIVATE_KEY = "0x{h64}"
src/age.txt.py | key = "AGE-SECRET-KEY-1{u58}"
pulumi/dev.ts | const t = "pul-{h40}"
src/replicate.py | replicate = "r8_{p37}"
src/figma.ts | const FIGMA = 'figd_{p40}'
src/airtable.js | Airtable.configure({apiKey: 'pat{p14}.{h64}'})
src/minified.js | !function(){var a="ok",b="sk_live_{p40}";fetch(b)}();
tests/real.py | TOKEN = "ghp_{sum}"
.gitmodules | url = https://x-access-token:ghp_{sum}@github.com/acme/lib.git
src/Main.java | private static final String TOKEN = "glpat-{p20}";
.npmrc | //registry.npmjs.org/:_authToken=npm_{sum}
terraform.tfvars | do_token = "dop_v1_{h64}"
k8s/secret.yaml | stringData:\n  token: sk_live_{p30}
src/main.rs | let key = "sk-or-v1-{h64}";\r\nlet other = 1;\r
contest/latest.py | KEY = "AKIA{u16}"
src/supabase.ts | createClient(url, "sb_secret_{p32}")
.env.example | GITHUB_TOKEN=ghp_{sum}
.mcp.json | {"mcpServers": {"github": {"env": {"GITHUB_TOKEN": "gho_{sum}"}}}}
"#;

#[test]
fn what_is_no_secret_or_in_its_place_is_silent() {
    all("pass", HARMLESS);
}

const HARMLESS: &str = r#"
.env | STRIPE_SECRET_KEY=sk_live_{p24}\nGITHUB_TOKEN=ghp_{sum}
.env.production | DATABASE_URL=postgresql://app:{p20}@db.prod-cluster.net/app
config/db.local.json | {"password": "{p30}", "token": "ghp_{sum}"}
secrets/key.pem | -----BEGIN PRI+VATE KEY-----\n{b64}\n{b64}\n-----END PRI+VATE KEY-----
/tmp/x.sh | export GITHUB_TOKEN=ghp_{sum}
~/notes/tokens.txt | ghp_{sum}
.env.example | STRIPE_SECRET_KEY=sk_live_xxxxxxxxxxxxxxxxxxxxxxxx\nAPI_KEY=your-api-key-here
README.md | export OPENAI_API_KEY="sk-..."\nexport AWS_ACCESS_KEY_ID=AKIA+IOSFODNN7EXAMPLE
src/config.py | AWS_ACCESS_KEY_ID = os.environ["AWS_ACCESS_KEY_ID"]\nSECRET_KEY = os.getenv("SECRET_KEY")
src/config.ts | export const apiKey = process.env.API_KEY ?? "";
src/aws.py | key = "AKIA+IOSFODNN7EXAMPLE"; secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
docker-compose.yml | environment:\n  POSTGRES_PASSWORD: postgres\n  MYSQL_ROOT_PASSWORD: root\n  REDIS_URL: redis://:devpassword@redis:6379
docker-compose.dev.yml | DATABASE_URL: postgres://app:app_dev_pw1@localhost:5432/app
src/db.py | engine = create_engine("postgresql://user:password@localhost/db")
src/db.ts | const url = `postgres://${user}:${password}@${host}/db`;
tests/test_auth.py | token = "ghp_{p36}"\npassword = "Sup3rS3cretPw!"
tests/fixtures/config.json | {"api_key": "{h32}", "token": "{p40}"}
tests/certs/server.key | -----BEGIN PRI+VATE KEY-----\n{b64}\n{b64}\n-----END PRI+VATE KEY-----
package-lock.json | {"integrity": "sha512-{b86}==", "resolved": "https://registry.npmjs.org/x/-/x-1.0.0.tgz"}
yarn.lock | resolved "https://registry.yarnpkg.com/x/-/x-1.0.0.tgz#{h40}"\nintegrity sha512-{b86}==
Cargo.lock | checksum = "{h64}"
go.sum | github.com/a/b v1.0.0 h1:{b43}=
poetry.lock | {file = "x.whl", hash = "sha256:{h64}"}
src/commit.ts | const BASE = "{h40}"; // the commit we forked at
src/ids.ts | export const USER_ID = "{uuid}"; const token = "{uuid}";
src/hash.py | assert sha256(b"x").hexdigest() == "{h64}"
src/img.ts | export const logo = "data:image/png;base64,iVBORw0KGgo{b400}AKIA+{u16}+{b60}";
src/pub.pem | -----BEGIN PUBLIC KEY-----\n{b64}\n{b64}\n-----END PUBLIC KEY-----
src/cert.pem | -----BEGIN CERTIFICATE-----\n{b64}\n{b64}\n-----END CERTIFICATE-----
src/parse.rs | const BEGIN: &str = "-----BEGIN RSA PRI+VATE KEY-----";\nconst END: &str = "-----END RSA PRI+VATE KEY-----";
src/keys.md | -----BEGIN PRI+VATE KEY-----\n...your key here...\n-----END PRI+VATE KEY-----
.ssh-pub | ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{b43} dev@host
src/auth.ts | const token = await getToken(user); localStorage.setItem("token", token);
src/jwt.test.ts | const t = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.{p43}"
src/scan.py | PATTERNS = [r"AKIA[0-9A-Z]{16}", r"ghp_[A-Za-z0-9]{36}", r"sk_live_[0-9a-zA-Z]{24}"]
src/stripe.ts | const key = "sk_test_{p24}"; const pk = "pk_live_{p24}";
src/placeholder.py | TOKEN = "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
src/placeholder.ts | const k = "sk-ant-api03-YOUR-KEY-GOES-HERE-0000000000000000"
src/seq.go | token := "ghp_1234567890abcdefghijklmnopqrstuvwxyz"
ci/tokens.yml | token: ${{ secrets.GITHUB_TOKEN }}
k8s/secret-ref.yaml | valueFrom:\n  secretKeyRef:\n    name: db\n    key: password
helm/values.yaml | password: ""\nexistingSecret: my-secret\napiKey: changeme
src/i18n.json | {"password": "Passwort", "token": "Zugriffsschlüssel", "secret": "Geheimnis"}
src/form.tsx | <input name="password" type="password" placeholder="Password123" />
src/policy.py | password_regex = r"^(?=.*[A-Z])(?=.*[0-9]).{12,}$"
src/kebab.ts | import sk from "sk-some-class-name-that-is-long-2"; const token = "color-primary-500-hover-dark";
src/page.ts | nextPageToken: "{p48}", csrfToken: "{p32}"
src/ansible.yml | password: "{{ vault_db_password }}"\ntoken: !vault abc
src/sentry.ts | Sentry.init({ dsn: "https://{h32}@o45123.ingest.sentry.io/123456" })
src/x.svg | <path d="M12.34 56.78L90.12 34.56c-1.2.3-4.5.6-7.8.9z" id="SVGID_1_"/>
src/locales.ts | export const KEY_BINDINGS = { accessKey: "Alt+Shift+K", shortcutKey: "Ctrl+Shift+P" };
src/hardhat.ts | const PRIVATE_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
src/test/java/AppTest.java | String password = "Tr0ub4dor&3xYz"; String key = "{p40}";
src/state.ts | const token = useToken(); const apiKey = props.apiKey; password: form.values.password2
src/types.ts | export interface Auth { accessToken: string; refreshToken?: string; apiKey: ApiKeyV2 }
src/redux.ts | const SET_ACCESS_TOKEN = "auth/SET_ACCESS_TOKEN_V2"; const key = "user:1234:profile:v2:cached";
src/k8s.yaml | image: registry.example.com/app@sha256:{h64}\nchecksum/config: {h64}
src/etag.ts | const cacheKey = "{h40}"; const etag = 'W/"{p27}"';
src/index.html | <script src="x.js" integrity="sha384-{b64}" crossorigin></script>
src/tokens.css | --token-primary-500: #a1b2c3; --key-frame-1: 0.3s;
src/lib.rs | let token = Token::Ident("verification_token_2_for_users"); // secret: none
src/cli.rs | #[arg(long, env = "API_TOKEN")] token: Option<String>,
.gitlab/notes.yaml | password: $DB_PASSWORD\ntoken: ${CI_JOB_TOKEN}\nkey: "%env(APP_SECRET)%"
src/aws_iam.json | "Resource": "arn:aws:iam::123456789012:role/app", "UserId": "AIDA{u16}"
src/vectors.rs | const KEY: [u8; 4] = hex!("{h64}"); assert_eq!(out, "{h128}");
uv.lock | { url = "https://files.pythonhosted.org/packages/ab/{h60}/x.whl", hash = "sha256:{h64}", size = 12 }
node_modules/x/index.js | t = "ghp_{sum}"
migrations/1.sql | INSERT INTO users (name, password_hash) VALUES ('a', '$2b$12${p53}');
"#;

#[test]
fn likely_secrets_are_pointed_out() {
    all("warn", LIKELY);
}

const LIKELY: &str = r#"
src/a.py | api_key = "{p40}"
src/b.ts | const firebase = { apiKey: "AIza{p35}" };
src/c.py | token = "ghp_{p36}"
src/d.yml | admin_password: "{p10}!{p6}"
README.md | export TOKEN=xoxb-{d12}-{d13}-{p24}
tests/test_x.py | KEY = "AKIA{u16}"
"#;

fn step(tool: &str, input: Value, decision: &str) -> Step {
    Step {
        tool: Some(tool.to_owned()),
        input: Some(input),
        decision: decision.to_owned(),
        ..Step::default()
    }
}

#[test]
fn an_edit_is_judged_by_what_it_brings() {
    let line = |seed| made("TOKEN = \"ghp_{sum}\"", seed);
    let (token, other) = (line(5), line(99));
    let check = |old: &str, new: &str, stands: &str, decision: &str| {
        let path = "/home/dev/project/src/main.py";
        let input = json!({"file_path": path, "old_string": old, "new_string": new});
        let mut files = files();
        files.insert("src/main.py".to_owned(), stands.to_owned());
        judged(step("Edit", input, decision), files, new);
    };
    check("x", &token, "x", "ask");
    check(&token, &format!("{token} # old"), "x", "pass");
    check(&token, &other, "x", "ask");
    check(&token, "TOKEN = os.environ['T']", "x", "pass");
    check("x", &token, &token, "pass");
}

#[test]
fn what_a_file_held_is_nothing_new_and_every_editor_counts() {
    let token = made("TOKEN = \"ghp_{sum}\"", 5);
    let mut held = files();
    held.insert("src/main.py".to_owned(), token.clone());
    judged(
        step("Write", write("src/main.py", &token), "pass"),
        held,
        "as it was",
    );
    let notebook = json!({"notebook_path": "/home/dev/project/a.ipynb", "new_source": token});
    judged(step("NotebookEdit", notebook, "ask"), files(), "a notebook");
    let edits = json!([{"old_string": "x", "new_string": token}]);
    let several = json!({"file_path": "/home/dev/project/a.py", "edits": edits});
    judged(step("MultiEdit", several, "ask"), files(), "several edits");
}

#[test]
fn shell_text_and_other_tools_are_judged_alike() {
    let token = made("ghp_{sum}", 5);
    let bash = |command: &str, decision: &str| {
        let command = command.replace("TTT", &token);
        judged(Step::command(&command, decision, ""), files(), &command);
    };
    bash("cat > src/config.py <<'EOF'\nTOKEN = 'TTT'\nEOF", "ask");
    bash("echo 'token: TTT' >> config.yml", "ask");
    bash("printf 'T=%s\\n' TTT > deploy.sh", "ask");
    bash("echo TTT | tee -a src/t.txt.py", "ask");
    bash("cd src && cat > x.py <<EOF\nT='TTT'\nEOF", "ask");
    bash("echo 'GITHUB_TOKEN=TTT' >> .env", "pass");
    bash("cat > /tmp/t.py <<'EOF'\nT='TTT'\nEOF", "pass");
    bash("ssh host \"echo TTT > token.py\"", "pass");
    bash("grep -rn TTT src", "pass");
    let call = |tool: &str, input: Value, decision: &str| {
        judged(step(tool, input, decision), files(), tool);
    };
    let text = format!("the token is {token}");
    call(
        "mcp__fs__write_file",
        json!({"path": "/home/dev/project/a.py", "content": text}),
        "ask",
    );
    call(
        "mcp__github__create_issue",
        json!({"title": "x", "body": text}),
        "ask",
    );
    call(
        "mcp__slack__post_message",
        json!({"channel": "c", "text": text}),
        "ask",
    );
    call("mcp__docs__search", json!({"text": text}), "pass");
    call(
        "mcp__github__create_issue",
        json!({"title": "x", "body": "use ghp_xxxx"}),
        "pass",
    );
    call(
        "Read",
        json!({"file_path": "/home/dev/project/a.py"}),
        "pass",
    );
}

#[test]
fn the_reason_names_the_kind_and_never_the_secret() {
    let token = made("ghp_{sum}", 5);
    let content = format!("a\nb\nT = '{token}'\n");
    let asked = Step {
        rule: "content-secret".to_owned(),
        reason: "github-token (line 3)".to_owned(),
        ..step("Write", write("src/main.py", &content), "ask")
    };
    judged(asked, files(), "named");
    let said = Step {
        reason: token,
        ..step("Write", write("src/main.py", &content), "ask")
    };
    let scenario = Scenario {
        files: files(),
        steps: vec![said],
        ..Scenario::default()
    };
    assert_eq!(scenario::run(&scenario).mismatches.len(), 1);
}

#[test]
fn a_project_without_a_repository_is_warned_and_the_setting_decides() {
    let content = made("T = 'ghp_{sum}'", 5);
    let file = || write("src/main.py", &content);
    judged(
        step("Write", file(), "warn"),
        BTreeMap::new(),
        "no repository",
    );
    for (word, decision) in [
        ("pass", "pass"),
        ("warn", "warn"),
        ("ask", "ask"),
        ("deny", "deny"),
    ] {
        let mut scenario = Scenario {
            files: files(),
            steps: vec![step("Write", file(), decision)],
            ..Scenario::default()
        };
        scenario.policy.user = format!("content.secrets = \"{word}\"");
        let outcome = scenario::run(&scenario);
        assert!(
            outcome.mismatches.is_empty(),
            "{word}: {:?}",
            outcome.mismatches
        );
    }
}

/// What git has is kept whatever its lists say; of a worktree the index lies elsewhere.
#[test]
fn what_a_worktree_has_is_kept() {
    let content = made("T = 'ghp_{sum}'", 6);
    let files = [
        (".git", "gitdir: /srv/repo/.git/worktrees/w"),
        (
            "/srv/repo/.git/worktrees/w/index",
            "DIRC\0\0\0\x02....\0\x0elocal/token.py\0",
        ),
        (".gitignore", "local/"),
    ];
    let files: BTreeMap<String, String> = files.map(|it| (it.0.into(), it.1.into())).into();
    for (path, decision) in [("local/token.py", "ask"), ("local/other.py", "pass")] {
        let file = write(path, &content);
        judged(step("Write", file, decision), files.clone(), path);
    }
}
