//! Owns which invocations only ask: for help, or what a call would do. Does not own rules. Invariant:
//! where it is not sure that the program stops after the answer, the invocation asks nothing. It is
//! consulted for invocations that a rule found by name; silent ones never pay for it.

use crate::shell::Invocation;
use crate::shell::flags::{Flag, Options};
use crate::word::{base, listed};

/// Tools that answer `--help` wherever it stands in front of `--`, and do nothing else then.
const TOOLS: &str = " act alembic amplify ansible ansible-galaxy ansible-playbook ansible-pull ansible-vault apt \
    apt-get aptitude argocd artisan atlas aws awslocal az azd balena bit boundary bq brew buf buildah bundle bw \
    cargo cargo-release cdk cdktf cf changeset chamber circleci claude clickhouse clusterctl codex composer \
    conan conda consul copilot cosign crane crictl crush cursor-agent dart dbmate deno diesel dnf docker \
    docker-compose doctl doppler dotnet drizzle-kit droid eas eksctl etcdctl expo fastlane firebase \
    flatpak flit fly flyctl flutter flux flyway gcloud gem gemini gh git glab go goose gopass \
    goreleaser gradle gradlew gsutil hasura hatch hcloud helm helmfile heroku hookbin ibmcloud infisical \
    influx istioctl jf jfrog jsr k3d k3s kind knex kubeadm kubectl launchctl lerna \
    linode-cli liquibase loginctl luarocks maturin microk8s minikube mise mix mvn mvnd mvnw nerdctl \
    netlify nix nomad np npm nuget nx oc oci op opencode openstack oras ovsx packer pdm pip pip3 pipx pm2 pnpm pod \
    podman podman-compose poetry prisma pulumi qwen railway rails rake release-it render rover rye \
    sam semantic-release sequelize sequelize-cli serverless skaffold skopeo sls snap sops sqlx sst steampipe step supabase \
    systemctl task teller terraform terragrunt tofu tsh twine typeorm ufw uv vagrant vault vcluster vela velero \
    vercel vsce waypoint wrangler yarn yum zypper ";

/// Tools that answer `-help` as well.
const SINGLE_DASH: &str =
    " boundary consul go nomad packer terraform terragrunt tofu vault waypoint ";

/// Tools for which `-h` names a host, a header or a list.
const OTHER_H: &str = " aws awslocal bq docker-compose git gsutil ";

/// Tools for which `-n` says that nothing is to happen.
const DRY_N: &str = " cargo dart flutter pub rake rails ";

/// Words behind which the arguments are another program's.
const STARTING: &str =
    " run exec x dlx tool start eval shell debug run-script script dev call fire ssh console ";

/// npm takes any flag, and these are the calls that heed this one.
const NPM_DRY: &str = " publish unpublish pack install i add ci uninstall remove rm update version \
    deprecate dedupe prune link ";

/// True where the invocation prints help or says what it would do, and nothing else.
pub(super) fn only_asks(invocation: &Invocation, options: &Options) -> bool {
    let program = invocation.program.as_str();
    let first = invocation.args().first().map_or("", |it| it.text.as_str());
    if first == "--help" {
        return true;
    }
    if listed(TOOLS, program) {
        return !starts_another(options)
            && (asks_for_help(program, invocation, options) || is_dry_run(program, options));
    }
    is_framework(program, options)
}

/// A console of a web framework, which is a script to its interpreter: `php artisan x --help`.
fn is_framework(program: &str, options: &Options) -> bool {
    let interpreted = program == "php" || program.starts_with("python");
    let mut words = options.operands.iter().map(|it| it.text.as_str());
    let script = words.next().unwrap_or_default();
    let script = base(script);
    interpreted
        && matches!(script, "artisan" | "console" | "manage.py")
        && (words.clone().next() == Some("help") || words.any(|it| it == "--help"))
}

fn starts_another(options: &Options) -> bool {
    let mut words = options.operands.iter().take(2);
    words
        .position(|it| listed(STARTING, &it.text))
        .is_some_and(|at| options.operands.len() > at + 1)
}

fn asks_for_help(program: &str, invocation: &Invocation, options: &Options) -> bool {
    let alone = |it: &Flag, name: &str| it.arg.text == name && it.value.is_none();
    let given = |name: &str| options.flags.iter().any(|it| alone(it, name));
    let word = |n: usize| options.operands.get(n).map_or("", |it| it.text.as_str());
    if given("--help") || word(0) == "help" {
        return true;
    }
    if given("-h") {
        return !listed(OTHER_H, program) || program == "git" && options.flags.len() == 1;
    }
    if matches!(program, "aws" | "awslocal") {
        return options.dashes.is_none()
            && options.operands.last().is_some_and(|it| it.text == "help");
    }
    listed(SINGLE_DASH, program)
        && options.dashes.is_none()
        && invocation.args().iter().any(|it| it.text == "-help")
}

fn is_dry_run(program: &str, options: &Options) -> bool {
    let word = |n: usize| options.operands.get(n).map_or("", |it| it.text.as_str());
    if matches!(program, "npm" | "pnpm" | "bun" | "yarn") {
        let verb = if word(0) == "npm" { word(1) } else { word(0) };
        return listed(NPM_DRY, verb) && is_set(options, "--dry-run");
    }
    [
        "--dry-run",
        "--dryrun",
        "--what-if",
        "--no-act",
        "--simulate",
    ]
    .iter()
    .any(|it| is_set(options, it))
        || match program {
            "ansible" | "ansible-playbook" | "ansible-pull" => options.has_any(&[
                "--check",
                "-C",
                "--syntax-check",
                "--list-hosts",
                "--list-tasks",
            ]),
            "gradle" | "gradlew" => options.has("-m"),
            "apt" | "apt-get" | "aptitude" => options.has_any(&["-s", "--just-print", "--recon"]),
            _ => listed(DRY_N, program) && options.flags.iter().any(|it| it.arg.text == "-n"),
        }
}

/// The flag stands there, and not with a value that takes it back.
fn is_set(options: &Options, name: &str) -> bool {
    let mut named = options.flags.iter().rev().filter(|it| it.name == name);
    named.next().is_some_and(|it| {
        let value = it.value.as_deref().unwrap_or_default();
        !matches!(value, "none" | "false" | "no" | "0" | "off")
    })
}

#[cfg(test)]
mod tests {
    use super::only_asks;
    use crate::shell::{self, flags};

    #[test]
    fn help_and_dry_runs_are_told_from_the_real_thing() {
        for (command, expected) in [
            ("terraform destroy --help", true),
            ("terraform destroy -help", true),
            ("terraform destroy -h", true),
            ("terraform destroy", false),
            ("vault kv get -path-h x", false),
            ("vault kv get -help", true),
            ("kubectl delete pod x --dry-run=client", true),
            ("kubectl delete pod x --dry-run=none", false),
            ("kubectl delete pod x -- --help", false),
            ("aws ec2 terminate-instances help", true),
            ("aws ec2 terminate-instances --dry-run", true),
            ("aws s3 rm --recursive s3://help", false),
            ("gcloud help compute instances delete", true),
            ("docker run -h db alpine", false),
            ("docker run alpine --help", false),
            ("docker run --help", true),
            ("docker compose --dry-run down -v", true),
            ("git stash drop -h", true),
            ("git push -f -h", false),
            ("npm publish --dry-run=false", false),
            ("npm publish --dry-run", true),
            ("npm owner add x y --dry-run", false),
            ("cargo publish -n", true),
            ("go run github.com/x/y@latest --help", false),
            ("deno run https://x/y.ts --help", false),
            ("ansible-playbook site.yml --check", true),
            ("rm -rf x --help", false),
            ("rm --help -rf x", true),
            ("python manage.py flush --help", true),
            ("python3 -c 'x()' --help", false),
            ("php artisan help migrate:fresh", true),
        ] {
            let reading = shell::read(command, &shell::Surroundings::default());
            let invocation = reading.invocations.first().unwrap();
            let options = flags::options(invocation);
            assert_eq!(only_asks(invocation, &options), expected, "{command}");
        }
    }
}
