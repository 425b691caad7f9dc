//! Owns the conventions of programs that talk to the network or to databases. Does not own what they
//! send where.

use super::{Grammar, single, values, wrapper};

/// Programs that talk to the network or to databases.
pub(super) fn grammar(program: &str) -> Option<Grammar> {
    Some(match program {
        "curl" => values(
            "-o --output -d --data --data-raw --data-binary --data-ascii --data-urlencode --json -F \
             --form --form-string -H --header -X --request -u --user -A --user-agent -e --referer -b \
             --cookie -c --cookie-jar -x --proxy -T --upload-file -K --config -E --cert --key \
             --cacert --capath -m --max-time --connect-timeout --retry --retry-delay \
             --retry-max-time -r --range -w --write-out -y -Y -z --time-cond --url --resolve \
             --interface --dns-servers --limit-rate -C --continue-at -D --dump-header --output-dir \
             -P --ftp-port -Q --quote -t --telnet-option -U --proxy-user --unix-socket --socks5 \
             --socks5-hostname --max-redirs --stderr --trace --trace-ascii --netrc-file \
             --create-file-mode --max-filesize --oauth2-bearer --ciphers --tls-max --connect-to \
             --cert-type --key-type --pass --noproxy --preproxy --doh-url --etag-save \
             --etag-compare --variable --expand-data --url-query --aws-sigv4 --request-target \
             --mail-from --mail-rcpt --mail-auth --login-options --hsts --libcurl --alt-svc --rate",
        ),
        "wget" => values(
            "-O --output-document -o --output-file -a --append-output -i --input-file -P \
             --directory-prefix -e --execute -t --tries -T --timeout -w --wait -Q --quota -U \
             --user-agent --header --post-data --post-file --body-data --body-file --method --user \
             --password --referer --load-cookies --save-cookies -A --accept -R --reject -l --level \
             -D --domains -I -X --limit-rate --ca-certificate --certificate --private-key \
             --default-page --http-user --http-password --proxy-user --proxy-password -B --base \
             --use-askpass --restrict-file-names --read-timeout --dns-timeout --connect-timeout",
        ),
        "http" | "https" | "xh" | "xhs" => values(
            "-o --output -a --auth -A --auth-type --session --proxy --timeout --verify --cert --raw",
        ),
        "scp" => values("-c -D -F -i -J -l -o -P -S -X"),
        "ansible" => values(
            "-a --args -m --module-name -i --inventory -u --user -e --extra-vars -l --limit -f --forks",
        ),
        "rclone" => values(
            "--config --filter --filter-from --exclude --exclude-from --include --include-from \
             --files-from --transfers --checkers --bwlimit --log-file --log-level --max-age --min-age \
             --max-size --min-size --backup-dir --max-depth --retries",
        ),
        "dockerd" => values(
            "-H --host --config-file --data-root --exec-root -G --group --tlscacert --tlscert --tlskey -l \
             --log-level -s --storage-driver -p --pidfile",
        ),
        "sftp" => values("-B -b -c -D -F -i -J -l -o -P -R -S -s -X"),
        "rsync" => values(
            "-e --rsh --rsync-path -f --filter --exclude --exclude-from --include --include-from \
             --files-from --partial-dir --backup-dir --suffix -T --temp-dir --compare-dest \
             --copy-dest --link-dest --bwlimit --port --password-file --log-file --max-size \
             --min-size --timeout --chmod --chown -B --block-size -M --remote-option --out-format \
             --modify-window --address --info --debug --max-delete --skip-compress",
        ),
        _ => return transport(program).or_else(|| database(program)),
    })
}

/// Programs that carry bytes or mail.
fn transport(program: &str) -> Option<Grammar> {
    Some(match program {
        "nc" | "ncat" | "netcat" => values(
            "-p -s -w -i -e --exec -c --sh-exec -x -X -q -I -O -T -V -P -m -M --proxy --proxy-type \
             --proxy-auth -g -G -o --output -d --delay --ssl-cert --ssl-key",
        ),
        "socat" => Grammar {
            ..values("-b -t -T -lf -lp")
        },
        _ => return message(program).or_else(|| database(program)),
    })
}

/// Programs that talk to file and mail servers.
fn message(program: &str) -> Option<Grammar> {
    Some(match program {
        "lftp" => values("-e -c -u -p -f"),
        "tftp" => values("-m -l -r -R -b"),
        "smbclient" => values("-c -U -p -W -I -A -D -m -T -n"),
        "mail" | "mailx" | "s-nail" => values("-s -a -A -r -c -b -S -q -u -f"),
        "mutt" | "neomutt" => values("-s -a -c -b -e -F -H -i -f"),
        "swaks" => values("-t --to -f --from -s --server --attach --header --body -au -ap -p"),
        _ => return None,
    })
}

fn database(program: &str) -> Option<Grammar> {
    Some(match program {
        "pg_restore" => values(
            "-f --file -d --dbname -h --host -p --port -U --username -L --use-list -n --schema -N \
             --exclude-schema -t --table -T --trigger -P --function -I --index -j --jobs -F --format \
             -S --superuser --role --section --filter",
        ),
        "psql" | "pg_dump" | "pg_dumpall" | "dropdb" | "createdb" => values(
            "-c --command -f --file -d --dbname -h --host -p --port -U --username -v --set --variable \
             -o --output -L --log-file -F --field-separator -P --pset -R -T --table-attr -t --table \
             -n --schema -j --jobs -Z",
        ),
        "mysql" | "mysqldump" | "mysqladmin" => Grammar {
            glued: "-p",
            ..values(
                "-e --execute -u --user -h --host -P --port -D --database -S --socket --init-command \
                 --defaults-file --defaults-extra-file --result-file -r --where -w",
            )
        },
        "mongosh" | "mongo" | "mongodump" | "mongorestore" => values(
            "--eval --host --port -u --username -p --password --authenticationDatabase -f --file \
             --uri -d --db -c --collection -o --out",
        ),
        "redis-cli" => wrapper(
            "-h -p -a -n -u --user --pass -s -r -i -D --cluster --pattern --cacert",
            1,
        ),
        "rabbitmqctl" | "rabbitmqadmin" => values(
            "-n --node -t --timeout -p --vhost -l -H --host -P --port -u --username --password -V -c \
             --config",
        ),
        "prisma" | "knex" | "sequelize" | "sequelize-cli" | "typeorm" | "mikro-orm" | "kysely"
        | "drizzle-kit" => values(
            "--env --config --schema --url --knexfile --cwd --client --connection --name -d \
             --dataSource --migrations-path --seeders-path --options-path --to --target",
        ),
        "migrate" | "goose" => single(
            "-path -database -source -prefetch -lock-timeout -dir -table -certfile -ssl-cert",
        ),
        "alembic" | "dbmate" | "sqlx" | "diesel" | "atlas" | "liquibase" | "hasura" => values(
            "-c --config -n --name -x -u --url -d --migrations-dir -e --env --database-url --source \
             --config-file --migration-dir --to --dev-url --var --changelog-file --username \
             --password --defaults-file --classpath --project --endpoint --admin-secret \
             --database-name --target-version",
        ),
        "sqlite3" => single("-cmd -init -separator -nullvalue -newline -vfs -mmap -maxsize"),
        "clickhouse-client" | "cqlsh" | "bigquery" => {
            values("-q --query -h --host -u --user -p --password --port -d --database -e -f")
        }
        _ if program.starts_with("kafka-") => values(
            "--bootstrap-server --zookeeper --topic --group --entity-type --entity-name --add-config \
             --delete-config --command-config --to-offset --to-datetime --partitions --config",
        ),
        _ => return None,
    })
}
