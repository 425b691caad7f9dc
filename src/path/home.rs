//! Owns what lies in a home: shell start-up, persistence, token stores, cloud credentials, secret
//! stores. Does not own names that mean the same anywhere (`name`). Invariant: paths come folded
//! (`classify::fold`), without the home in front.

use super::system::is_suffix;
use super::{Class, Classes};
use crate::word::base;

/// What a path below a home is, by its part after the home.
pub(super) fn in_home(tail: &str, classes: &mut Classes) {
    let tail = tail.strip_suffix('/').unwrap_or(tail);
    let first = tail.bytes().next().unwrap_or_default();
    let relevant = first == b'.'
        || first == b'_'
        || ["library/", "appdata/", "documents/"]
            .iter()
            .any(|it| tail.starts_with(it));
    if !relevant {
        return;
    }
    for prefix in prefixes(tail) {
        if let Some(class) = by_prefix(prefix) {
            classes.add(class);
        }
    }
    if is_cloud(tail) {
        classes.add(Class::CloudCredentials);
    }
    if is_browser_store(tail) {
        classes.add(Class::SecretStore);
    }
    if tail == ".claude.json" {
        classes.add(Class::ClaudeSettings);
    }
    if tail.starts_with(".gnupg/private-keys") || tail == ".gnupg/secring.gpg" {
        classes.add(Class::PrivateKey);
    }
    if matches!(tail, ".config/sops/age/keys.txt" | ".config/solana/id.json") {
        classes.add(Class::PrivateKey);
    }
}

/// The path and every directory above it, the deepest last.
fn prefixes(tail: &str) -> impl Iterator<Item = &str> {
    let ends = tail.bytes().enumerate().filter(|(_, it)| *it == b'/');
    let above = ends.filter_map(move |(at, _)| tail.get(..at));
    above.chain(std::iter::once(tail))
}

/// What the path is and everything below it.
fn by_prefix(prefix: &str) -> Option<Class> {
    startup(prefix)
        .or_else(|| persistence(prefix))
        .or_else(|| token_store(prefix))
        .or_else(|| secret_store(prefix))
}

fn startup(prefix: &str) -> Option<Class> {
    matches!(
        prefix,
        ".bashrc"
            | ".bash_profile"
            | ".bash_login"
            | ".bash_logout"
            | ".bash_aliases"
            | ".profile"
            | ".zshrc"
            | ".zshenv"
            | ".zprofile"
            | ".zlogin"
            | ".zlogout"
            | ".zsh_aliases"
            | ".kshrc"
            | ".mkshrc"
            | ".cshrc"
            | ".tcshrc"
            | ".login"
            | ".logout"
            | ".inputrc"
            | ".xprofile"
            | ".xinitrc"
            | ".xsession"
            | ".xsessionrc"
            | ".pam_environment"
            | ".zshrc.local"
            | ".bashrc.local"
            | ".aliases"
            | ".config/fish/config.fish"
            | ".config/fish/conf.d"
            | ".config/fish/functions"
            | ".bashrc.d"
            | ".bash.d"
            | ".zshrc.d"
            | ".zsh"
            | ".config/zsh"
            | ".config/bash"
            | ".config/nushell/config.nu"
            | ".config/nushell/env.nu"
            | ".config/powershell"
            | ".oh-my-zsh/custom"
            | "documents/powershell"
            | "documents/windowspowershell"
            | ".config/environment.d"
    )
    .then_some(Class::ShellStartup)
}

fn persistence(prefix: &str) -> Option<Class> {
    match prefix {
        ".config/hookbin" | ".local/state/hookbin" | "library/application support/hookbin" => {
            Some(Class::Hookbin)
        }
        ".config/systemd/user"
        | ".local/share/systemd/user"
        | ".config/autostart"
        | "library/launchagents"
        | ".config/autostart-scripts"
        | ".config/plasma-workspace/env"
        | ".kde/autostart"
        | ".crontab"
        | ".config/cron"
        | ".local/share/dbus-1/services"
        | ".gitconfig"
        | ".config/git/config"
        | ".config/git/hooks"
        | ".git-templates"
        | ".vimrc"
        | ".vim/vimrc"
        | ".vim/plugin"
        | ".config/nvim/init.lua"
        | ".config/nvim/init.vim"
        | ".config/nvim/plugin"
        | ".emacs"
        | ".emacs.d/init.el"
        | ".config/emacs/init.el"
        | ".gdbinit"
        | ".lldbinit"
        | ".rprofile"
        | ".irbrc"
        | ".pryrc"
        | ".gemrc"
        | ".hgrc"
        | ".direnvrc"
        | ".config/direnv/direnvrc"
        | ".config/pip/pip.conf"
        | ".pip/pip.conf"
        | ".config/uv/uv.toml"
        | ".condarc"
        | ".yarnrc"
        | ".bunfig.toml"
        | ".bundle/config"
        | ".config/go/env"
        | ".gradle/init.gradle"
        | ".gradle/init.gradle.kts"
        | ".gradle/init.d"
        | ".curlrc"
        | ".wgetrc"
        | "appdata/roaming/microsoft/windows/start menu/programs/startup" => {
            Some(Class::UserPersistence)
        }
        _ => None,
    }
}

fn token_store(prefix: &str) -> Option<Class> {
    matches!(
        prefix,
        ".netrc"
            | "_netrc"
            | ".npmrc"
            | ".yarnrc.yml"
            | ".pypirc"
            | ".gem/credentials"
            | ".config/gh/hosts.yml"
            | ".config/hub"
            | ".config/glab-cli/config.yml"
            | ".docker/config.json"
            | ".git-credentials"
            | ".config/git/credentials"
            | ".cargo/credentials"
            | ".cargo/credentials.toml"
            | ".pgpass"
            | ".my.cnf"
            | ".mylogin.cnf"
            | ".vault-token"
            | ".m2/settings.xml"
            | ".m2/settings-security.xml"
            | ".gradle/gradle.properties"
            | ".composer/auth.json"
            | ".config/composer/auth.json"
            | ".nuget/nuget.config"
            | ".terraformrc"
            | ".huggingface/token"
            | ".cache/huggingface/token"
            | ".config/configstore"
            | ".config/netlify"
            | ".netlify/config.json"
            | ".local/share/com.vercel.cli/auth.json"
            | ".config/stripe/config.toml"
            | ".sentryclirc"
            | ".codex/auth.json"
            | ".gemini/oauth_creds.json"
            | ".config/openai"
            | ".config/anthropic"
            | ".fly/config.yml"
            | ".config/hcloud/cli.toml"
            | ".kaggle/kaggle.json"
            | ".config/containers/auth.json"
            | ".bun/credentials"
            | ".config/helm/registry/config.json"
            | ".ngrok2/ngrok.yml"
            | ".config/ngrok/ngrok.yml"
            | ".config/heroku"
            | ".wakatime.cfg"
            | ".config/doctl/config.yaml"
    )
    .then_some(Class::TokenStore)
}

fn secret_store(prefix: &str) -> Option<Class> {
    matches!(
        prefix,
        ".local/share/keyrings"
            | ".local/share/kwalletd"
            | ".password-store"
            | "library/keychains"
            | "library/cookies"
            | ".config/keepassxc"
            | ".config/bitwarden cli"
            | ".config/bitwarden"
            | ".config/1password"
            | ".electrum/wallets"
            | ".bitcoin/wallet.dat"
            | ".ethereum/keystore"
            | ".config/op"
            | ".gnupg/private-keys-v1.d"
    )
    .then_some(Class::SecretStore)
}

/// Credentials of clouds; their directories themselves stand for what is in them.
pub(super) fn is_cloud(tail: &str) -> bool {
    matches!(
        tail,
        ".aws" | ".azure" | ".kube" | ".config/gcloud" | ".oci"
    ) || prefixes(tail).any(cloud)
        || tail.starts_with(".oci/") && is_suffix(tail, ".pem")
}

fn cloud(prefix: &str) -> bool {
    matches!(
        prefix,
        ".aws/credentials"
            | ".aws/sso/cache"
            | ".aws/cli/cache"
            | ".azure/accesstokens.json"
            | ".azure/msal_token_cache.json"
            | ".azure/msal_token_cache.bin"
            | ".azure/azureprofile.json"
            | ".azure/service_principal_entries.json"
            | ".config/gcloud/credentials.db"
            | ".config/gcloud/access_tokens.db"
            | ".config/gcloud/application_default_credentials.json"
            | ".config/gcloud/legacy_credentials"
            | ".kube/config"
            | ".oci/config"
            | ".aliyun/config.json"
            | ".terraform.d/credentials.tfrc.json"
            | ".boto"
            | ".s3cfg"
            | ".config/rclone/rclone.conf"
            | ".databrickscfg"
            | ".config/linode-cli"
            | ".openstack/clouds.yaml"
            | ".config/openstack/clouds.yaml"
            | ".bluemix/config.json"
            | ".config/scw/config.yaml"
            | ".snowsql/config"
    )
}

fn is_browser_store(tail: &str) -> bool {
    let last = base(tail);
    let of_browser = matches!(
        last,
        "login data"
            | "cookies"
            | "web data"
            | "local state"
            | "login data for account"
            | "key4.db"
            | "key3.db"
            | "logins.json"
            | "cookies.sqlite"
            | "signons.sqlite"
            | "login data-journal"
    );
    of_browser
        && [
            "mozilla",
            "firefox",
            "chrom",
            "brave",
            "edge",
            "opera",
            "vivaldi",
            "thunderbird",
            "librewolf",
        ]
        .iter()
        .any(|it| tail.contains(it))
}
