//! Owns the conventions of file utilities and small tools. Does not own what they do to files
//! (`access`).

use super::{Grammar, PLAIN, Style, single, values};

/// The rest: file utilities and small tools.
pub(super) fn grammar(program: &str) -> Grammar {
    match program {
        "dd" | "eval" | "test" | "[" | "expr" | "true" | "false" | ":" => Grammar {
            style: Style::None,
            ..PLAIN
        },
        "find" => Grammar {
            style: Style::Find,
            ..values(
                "-name -iname -path -ipath -wholename -iwholename -regex -iregex -type -xtype -size \
                 -mtime -atime -ctime -mmin -amin -cmin -newer -anewer -cnewer -newermt -user -group \
                 -uid -gid -perm -maxdepth -mindepth -printf -fprint -fprint0 -fls -fprintf -links \
                 -inum -samefile -lname -ilname -fstype -used -context -regextype -files0-from -D -f",
            )
        },
        "tar" => Grammar {
            style: Style::Tar,
            ..values(
                "-f --file -C --directory -T --files-from -X --exclude-from --exclude --transform \
                 --xform -b --blocking-factor -g --listed-incremental -I --use-compress-program -K -N \
                 --newer -V --label -L --strip-components --owner --group --mode --mtime \
                 --to-command --checkpoint-action --rsh-command -F --info-script --new-volume-script \
                 --suffix --one-top-level= -s --include",
            )
        },
        "terraform" | "terragrunt" | "packer" | "vault" | "consul" | "nomad" => Grammar {
            subcommands: true,
            ..single("-var -var-file -target -state -out -backup -lock-timeout -parallelism")
        },
        "openssl" => single(
            "-in -out -inform -outform -key -keyout -pass -passin -passout -k -K -iv -md -S -iter -days \
             -subj -config -CA -CAkey -connect -servername -cert -newkey -inkey -rand -CAfile -name",
        ),
        "ffmpeg" | "ffprobe" | "convert" | "magick" | "hdiutil" | "xcodebuild" | "ant"
        | "javac" | "diskutil" | "security" | "defaults" | "dscl" | "keytool" | "kill"
        | "setxkbmap" => single(single_values(program)),
        "sed" => Grammar {
            glued: "-i",
            ..values("-e --expression -f --file -l --line-length")
        },
        _ => values(file_values(program)),
    }
}

fn single_values(program: &str) -> &'static str {
    match program {
        "ffmpeg" | "ffprobe" => {
            "-i -f -c -c:v -c:a -b -b:v -b:a -r -s -t -ss -to -vf -af -map -filter_complex -crf \
             -preset -codec -loglevel -v -show_entries -of"
        }
        "hdiutil" => "-volname -fs -size -format -o -srcfolder -mountpoint",
        "xcodebuild" => "-project -workspace -scheme -configuration -sdk -destination -target",
        "javac" | "ant" => "-d -cp -classpath -f -buildfile -source -target -lib",
        "keytool" => "-alias -keystore -storepass -file -keypass",
        "kill" => "-s -n -l",
        _ => "",
    }
}

fn file_values(program: &str) -> &'static str {
    match program {
        "cp" | "mv" | "ln" => "-t --target-directory -S --suffix --backup=",
        "install" => "-t --target-directory -S --suffix -m --mode -o --owner -g --group -B -f",
        "shred" => "-n --iterations -s --size --random-source",
        "mkdir" | "mkfifo" | "mknod" => "-m --mode --context=",
        "date" => "-d --date -f --file -r --reference -s --set",
        "pv" => "-o --output -s --size -L --rate-limit -N --name -i --interval -B --buffer-size",
        "touch" => "-d --date -r --reference -t",
        "truncate" => "-s --size -r --reference",
        "chmod" | "chown" | "chgrp" => "--reference --from",
        "setfacl" => "-m --modify -x --remove -M --modify-file -X --remove-file --set --set-file",
        "chattr" => "-p -v",
        "xattr" => "-w -d -p",
        "head" | "tail" => "-n --lines -c --bytes --pid -s --sleep-interval --max-unchanged-stats",
        "sort" => {
            "-o --output -k --key -t --field-separator -T --temporary-directory -S --parallel \
                   --files0-from --batch-size --compress-program --random-source"
        }
        "uniq" => "-f --skip-fields -s --skip-chars -w --check-chars",
        "cut" => "-d --delimiter -f --fields -c --characters -b --bytes --output-delimiter",
        "grep" => {
            "-e --regexp -f --file -A --after-context -B --before-context -C --context -m --max-count \
             -d --directories -D --devices --include --exclude --exclude-dir --exclude-from --label \
             --binary-files"
        }
        "ag" | "ack" => {
            "-A --after -B --before -C --context -m --max-count -G --file-search-regex -p \
             --path-to-ignore --ignore --ignore-dir --depth -t --type -T --pager"
        }
        "rg" => {
            "-e --regexp -f --file -A --after-context -B --before-context -C --context -m --max-count \
             -d -D --include --exclude --exclude-dir --exclude-from --label -g --glob --iglob -t \
             --type -T --type-not -j --threads -M --max-columns --sort --sortr --pre -r --replace -E \
             --encoding -d --max-depth --max-filesize --ignore-file --color --colors"
        }
        "jq" | "yq" => "--indent -f --from-file -L --tab= -p -o",
        "base64" | "base32" | "basenc" => "-w --wrap -b -i -o --input --output --break",
        "xxd" | "od" | "hexdump" | "strings" => {
            "-c -cols -l -len -s -seek -g -o -n -A -t -j -N -w -e -d -S -T --bytes --radix"
        }
        "diff" | "cmp" | "comm" => "-U -C -I -x -X -W --label -F -L --exclude --exclude-from",
        "fd" => {
            "-e --extension -t --type -d --max-depth -E --exclude -x -X -j --threads -S --size \
                 --changed-within --changed-before -o --owner --base-directory --search-path \
                 --min-depth --exact-depth -c --color --max-results --ignore-file --format"
        }
        "tree" | "du" | "ls" | "exa" | "eza" => {
            "-L -P -I -o --level -d --max-depth --exclude -X -B --block-size -t --threshold --sort \
             --time --ignore --hide --filelimit -w --width -T --tabsize"
        }
        _ => tool_values(program),
    }
}

fn tool_values(program: &str) -> &'static str {
    match program {
        "hookbin" => "--config-dir --state-dir --home",
        "serve" | "http-server" | "live-server" | "miniserve" => {
            "-l --listen -p --port -a -c --config -L -S -C -K -P --proxy --host --cors -i"
        }
        "aria2c" => "-d --dir -o --out -i --input-file -x -s -j -k --header --referer --user-agent",
        "axel" => "-o --output -n --num-connections -s --max-speed -U --user-agent -H --header",
        "json" => "-f -e -c -d -D",
        "pax" => "-f -b -s -x -o -p",
        "shuf" => "-o --output -n --head-count -i --input-range --random-source",
        "split" => {
            "-a --suffix-length -b --bytes -C --line-bytes -l --lines -n --number -t --separator \
             --additional-suffix --filter"
        }
        "csplit" => "-b --suffix-format -f --prefix -n --digits",
        "dasel" => "-f --file -o --out -r -w -p --parser -s --selector -v --value -t --type",
        "objcopy" => "-j -R -K -N -I -O -B --only-section --remove-section --add-section",
        "fuse-overlayfs" | "bindfs" | "mergerfs" | "unionfs" => "-o",
        "inotifywait" => "-e --event -t --timeout --format --timefmt --exclude -o --outfile",
        "patch" => {
            "-p --strip -d --directory -i --input -o --output -r --reject-file -B -D -F -V -z"
        }
        "zip" => "-b -n -t -tt -i -x -P --password -s -O --out",
        "unzip" => "-d -x -P",
        "cpio" => "-D --directory -F --file -I -O -H --format -E -R --owner -M -C --io-size",
        "gpg" | "gpg2" => {
            "-o --output -r --recipient -u --local-user --homedir --passphrase --keyserver \
             --passphrase-file --passphrase-fd --cipher-algo --pinentry-mode --batch= --recv-keys="
        }
        "ssh-keygen" => "-f -t -b -C -N -P -m -R -F -I -s -n -V -O -D -E -Y -a -r -w -Z -z",
        "ssh-add" | "ssh-copy-id" => "-i -t -o -p -d -e -s",
        "age" => "-o --output -r --recipient -R --recipients-file -i --identity",
        "make" | "gmake" | "ninja" | "just" | "task" => {
            "-C --directory -f --file --makefile -I --include-dir -o --old-file -W -j -l -t \
             --justfile --working-directory -d"
        }
        "chsh" => "-s --shell -R --root",
        "useradd" | "usermod" | "adduser" => {
            "-c -d -e -f -g -G -k -K -p -s -u -R -l --home --shell"
        }
        "mount" => "-t --types -o --options -L -U -T --source --target -O",
        "crontab" => "-u",
        "at" | "batch" => "-f -q -t",
        "hyperfine" => {
            "-w --warmup -r --runs -m --min-runs -M --max-runs -p --prepare -c --cleanup -s --setup -L \
             --parameter-list -P --parameter-scan -n --command-name -S --shell -i= --export-json \
             --export-markdown --export-csv --output -C --conclude -D"
        }
        "nix-shell" | "nix-build" => "--run --command -I -p --packages= -A --attr -E --expr --arg",
        "iptables" | "ip6tables" => "-t -A -I -D -P -j -p -s -d -i -o -m --dport --sport -N",
        "ps" | "pgrep" | "pkill" => {
            "-u --euid -U --uid -t --terminal -g -G -P --parent -s -p -o -F \
                                     --signal --ns -C"
        }
        "mktemp" => "-p --tmpdir= --suffix",
        "mkfs" | "mke2fs" => "-t -L -b -N -m -U -O -E",
        "logger" | "mail" | "sendmail" => "-t -p -s -f -n -P -a -r -c -b",
        "sqlcmd" => "-Q -q -S -U -P -d -i -o",
        _ => "",
    }
}
