//! Owns the vocabulary of rule files: the words of path classes, accesses, contexts and redirects with
//! their bits, and the program groups. Shared with the build script, therefore free of any other module.
//! Invariant: the order of the words is the order of the bits; a test compares it with the types.

/// The words of `path::Class`, in the order of its variants.
pub(super) const CLASSES: &str = "root home homes system system-top system-config accounts mounted device \
    kernel project ancestor in-project git git-hooks build-output temp temp-top shell-startup ssh \
    private-key authorized-keys cloud-credentials token-store env-file secret-store \
    user-persistence system-persistence claude-settings hookbin data-file ci-workflow sink";

/// The words of `shell::access::AccessKind`, in the order of its variants.
pub(super) const ACCESSES: &str = "read list append write delete move permission link execute send";

/// The words of `shell::Context`, in the order of its bits, and `hidden` (the program's own name was
/// assembled or decoded) after them.
pub(super) const CONTEXTS: &str = "subshell substitution condition loop function background privileged \
    remote container deferred decoded nested fed switched hidden";

/// The words of `shell::RedirectOp`, in the order of its variants.
pub(super) const REDIRECTS: &str = "read write append read-write heredoc here-string duplicate";

/// The kinds of hosts, written `@own` in a rule.
pub(super) const HOSTS: &str = "metadata own unknown";

pub(super) const SEVERITIES: &str = "low medium high critical";
pub(super) const DECISIONS: &str = "pass warn ask deny";
pub(super) const STATUSES: &str = "experimental stable deprecated";

/// Programs of one kind, written `@shell` in a rule.
pub(super) fn group(name: &str) -> Option<&'static str> {
    Some(match name {
        "shell" => "sh bash zsh dash ksh ksh93 mksh ash fish csh tcsh rbash pwsh powershell",
        "interpreter" => {
            "sh bash zsh dash ksh ksh93 mksh ash fish csh tcsh rbash pwsh powershell python* pypy* \
             perl* ruby* node nodejs deno bun php* lua* luajit tclsh osascript Rscript"
        }
        "downloader" => "curl wget wget2 aria2c axel http https xh fetch lynx w3m ftp lftp tftp",
        "decoder" => "base64 base32 basenc xxd openssl uudecode rev gbase64",
        "sender" => {
            "curl wget wget2 http https xh xhs nc ncat netcat nc.traditional nc.openbsd socat websocat \
             telnet ssh scp sftp rsync ftp ncftpput lftp tftp rclone aws gsutil azcopy mc s3cmd s5cmd b2 \
             mail mailx mutt neomutt s-nail sendmail swaks dig nslookup host ping drill kdig s_client \
             smbclient curlie wscat grpcurl ssmtp msmtp whois finger redis-cli gh glab hub mosquitto_pub \
             logger kcat ncftp ftpput"
        }
        "sql" => {
            "psql mysql mariadb sqlite3 sqlite sqlcmd duckdb clickhouse-client clickhouse cqlsh usql pgcli \
             mycli litecli cockroach ysqlsh snowsql sqlplus isql vsql trino presto beeline impala-shell \
             spark-sql dolt osql db2 mssql-cli"
        }
        _ => return None,
    })
}

/// The position of a word in one of the lists above.
pub(super) fn position(words: &str, word: &str) -> Option<u32> {
    words
        .split_ascii_whitespace()
        .zip(0..)
        .find(|(it, _)| *it == word)
        .map(|(_, position)| position)
}

/// The word at a position; empty past the end.
pub(super) fn word_at(words: &'static str, position: u8) -> &'static str {
    words
        .split_ascii_whitespace()
        .nth(usize::from(position))
        .unwrap_or_default()
}
