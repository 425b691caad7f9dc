//! Owns what cmdlets do, in the terms of the programs that do the same: `Remove-Item -Recurse` is `rm -r`,
//! `Invoke-WebRequest` is `curl`. Does not own the parameters (`bind`) nor any judgement. Invariant: a path
//! that a cmdlet takes is a path of its kin, with everything that is known about it.

use super::bind::Bound;
use super::place::{is_file, joined, listed, path};
use crate::shell::invocation::{Arg, Span};
use crate::shell::unwrap::like;
use crate::word::base;

/// A call of a cmdlet.
pub(in crate::shell) struct Call<'a> {
    /// Lower case, aliases resolved.
    pub(in crate::shell) name: &'a str,
    /// As it was written, lower case.
    pub(in crate::shell) written: &'a str,
    pub(in crate::shell) bound: &'a Bound,
    /// The objects that are piped in, as far as they are known.
    pub(in crate::shell) input: &'a [Arg],
    pub(in crate::shell) span: Span,
}

impl Call<'_> {
    /// The paths it works on: given, or piped in.
    fn paths(&self) -> Vec<Arg> {
        let literal = self.bound.values("literalpath");
        let given = self.bound.first_of(&["path", "filepath"]);
        let all = match (literal, given) {
            ([], []) => return self.input.to_vec(),
            ([], given) => given,
            (literal, _) => literal,
        };
        all.iter().map(|it| path(it, !literal.is_empty())).collect()
    }

    /// The paths, narrowed by `-Filter` and `-Include`.
    fn narrowed(&self, recursive: bool) -> Vec<Arg> {
        let names = self.bound.first_of(&["filter", "include"]);
        let paths = self.paths();
        if names.is_empty() {
            return paths;
        }
        listed(paths, names, recursive)
    }

    fn value(&self, name: &str) -> Vec<Arg> {
        let values = self.bound.values(name).iter();
        values.map(|it| path(it, false)).collect()
    }

    fn argv(&self, words: &[&str], args: Vec<Arg>) -> Vec<Arg> {
        let words = words.iter().map(|it| Arg::literal(*it, self.span));
        words.chain(args).collect()
    }
}

/// The programs that do what the cmdlet does, each with its arguments.
pub(in crate::shell) fn kin(call: &Call) -> Vec<Vec<Arg>> {
    if call.bound.has("whatif") {
        return Vec::new();
    }
    let one = |words: &[&str], args: Vec<Arg>| {
        if args.is_empty() {
            Vec::new()
        } else {
            vec![call.argv(words, args)]
        }
    };
    let files = || call.paths().into_iter().filter(is_file).collect::<Vec<_>>();
    match call.name {
        "remove-item" => remove(call),
        "get-childitem" => list(call),
        "get-content" | "import-csv" | "import-clixml" => one(&["cat"], files()),
        "select-string" => one(&["grep", "-e", "x"], files()),
        "set-content" | "export-clixml" => one(&["tee"], files()),
        "add-content" => one(&["tee", "-a"], files()),
        "out-file" | "export-csv" | "tee-object" if call.bound.has("append") => {
            one(&["tee", "-a"], given(call))
        }
        "out-file" | "export-csv" | "tee-object" => one(&["tee"], given(call)),
        "clear-content" => one(&["truncate", "-s", "0"], files()),
        "copy-item" if call.bound.has("recurse") => transfer(call, &["cp", "-r"]),
        "copy-item" => transfer(call, &["cp"]),
        "move-item" => transfer(call, &["mv"]),
        "rename-item" => rename(call),
        "new-item" => create(call),
        "set-acl" => one(&["setfacl", "-m", "x"], files()),
        "invoke-webrequest" | "invoke-restmethod" => vec![request(call)],
        "start-bitstransfer" => vec![bits(call)],
        "invoke-sqlcmd" => one(&["sqlcmd", "-Q"], call.bound.values("query").to_vec()),
        "stop-process" => kill(call),
        "stop-computer" => vec![call.argv(&["shutdown", "-h", "now"], Vec::new())],
        "restart-computer" => vec![call.argv(&["reboot"], Vec::new())],
        "compress-archive" => archive(call),
        "expand-archive" => {
            let mut args = files();
            let to = call.value("destinationpath");
            args.extend((!to.is_empty()).then(|| Arg::literal("-d", call.span)));
            args.extend(to);
            one(&["unzip"], args)
        }
        "send-mailmessage" => {
            let files = call.value("attachments");
            let mut argv = call.argv(&["mail"], Vec::new());
            for file in files {
                argv.extend([Arg::literal("-A", call.span), file]);
            }
            vec![argv]
        }
        _ => Vec::new(),
    }
}

/// The paths that were given; what is piped in is content.
fn given(call: &Call) -> Vec<Arg> {
    let paths = call.bound.first_of(&["literalpath", "filepath", "path"]);
    let paths = paths.iter().map(|it| path(it, false));
    paths.filter(is_file).collect()
}

/// What `Get-ChildItem` finds, as paths.
pub(in crate::shell) fn children(call: &Call) -> Vec<Arg> {
    let names = call.bound.first_of(&["filter", "include"]);
    let recursive = call.bound.has("recurse") || call.bound.has("depth");
    let mut paths = call.paths();
    if paths.is_empty() {
        paths.push(Arg::literal(".", call.span));
    }
    paths.retain(is_file);
    listed(paths, names, recursive)
}

fn remove(call: &Call) -> Vec<Vec<Arg>> {
    let recursive = call.bound.has("recurse");
    let paths: Vec<Arg> = call
        .narrowed(recursive)
        .into_iter()
        .filter(is_file)
        .collect();
    if paths.is_empty() {
        return Vec::new();
    }
    let flag = if recursive { "-rf" } else { "-f" };
    vec![call.argv(&["rm", flag], paths)]
}

fn list(call: &Call) -> Vec<Vec<Arg>> {
    let paths = call.paths();
    if paths.iter().any(|it| lower(it).starts_with("env:")) {
        return vec![call.argv(&["env"], Vec::new())];
    }
    let paths: Vec<Arg> = paths.into_iter().filter(is_file).collect();
    if paths.is_empty() {
        return Vec::new();
    }
    vec![call.argv(&["ls"], paths)]
}

fn transfer(call: &Call, words: &[&str]) -> Vec<Vec<Arg>> {
    let mut args: Vec<Arg> = call.narrowed(true).into_iter().filter(is_file).collect();
    if args.is_empty() {
        return Vec::new();
    }
    let to = call.value("destination");
    if to.is_empty() {
        args.push(Arg::literal(".", call.span));
    }
    args.extend(to);
    vec![call.argv(words, args)]
}

fn rename(call: &Call) -> Vec<Vec<Arg>> {
    let mut args: Vec<Arg> = call.paths().into_iter().filter(is_file).collect();
    let (Some(from), Some(to)) = (args.first(), call.value("newname").pop()) else {
        return Vec::new();
    };
    let length = from.text.len() - base(&from.text).len();
    let beside = from.text.get(..length).unwrap_or_default();
    let to = like(&to, format!("{beside}{}", to.text));
    args.push(to);
    vec![call.argv(&["mv"], args)]
}

/// What `New-Item` makes.
pub(in crate::shell) fn new_paths(call: &Call) -> Vec<Arg> {
    let paths: Vec<Arg> = call.paths().into_iter().filter(is_file).collect();
    match (call.value("name").pop(), paths.first()) {
        (Some(name), Some(path)) => vec![joined(path, &name)],
        (Some(name), None) => vec![name],
        (None, _) => paths,
    }
}

fn create(call: &Call) -> Vec<Vec<Arg>> {
    let paths = new_paths(call);
    if paths.is_empty() {
        return Vec::new();
    }
    let kind = call.bound.first_of(&["itemtype", "type"]);
    let kind = kind.first().map(lower).unwrap_or_default();
    let directory = matches!(call.written, "mkdir" | "md") || kind.starts_with('d');
    if directory {
        return vec![call.argv(&["mkdir", "-p"], paths)];
    }
    if kind.ends_with("link") || kind == "junction" {
        let mut args = call.bound.first_of(&["target", "value"]).to_vec();
        args = args.iter().map(|it| path(it, true)).collect();
        args.extend(paths);
        return vec![call.argv(&["ln", "-s"], args)];
    }
    if call.bound.has("value") || call.bound.has("force") {
        return vec![call.argv(&["tee"], paths)];
    }
    vec![call.argv(&["touch"], paths)]
}

fn request(call: &Call) -> Vec<Arg> {
    let mut argv = call.argv(&["curl"], Vec::new());
    let mut flag = |name: &str, values: Vec<Arg>| {
        for value in values {
            argv.extend([Arg::literal(name, call.span), value]);
        }
    };
    let method = call.bound.values("method").iter();
    let method = method.map(|it| like(it, it.text.to_ascii_uppercase()));
    flag("-X", method.collect());
    flag("-T", call.value("infile"));
    flag("-o", call.value("outfile"));
    let marked = |it: &Arg, lead: &str| like(it, format!("{lead}{}", it.text));
    let body = call.bound.values("body").iter();
    flag("-d", body.map(|it| marked(it, "")).collect());
    // A table's rows are `-name:value`; what a command gave is a file.
    let form = call.bound.values("form").iter();
    let rows = form.map(|it| {
        let value = it.text.split_once(':').map_or("", |row| row.1);
        let lead = if it.from.is_empty() { "x=" } else { "x=@" };
        like(it, format!("{lead}{value}"))
    });
    flag("-F", rows.collect());
    let headers = call.bound.values("headers").iter();
    flag("-H", headers.cloned().collect());
    if call.bound.has("method") && !call.bound.has("body") && !call.input.is_empty() {
        let piped = call.input.iter();
        flag("-d", piped.map(|it| marked(it, "")).collect());
    }
    if call.bound.has("skipcertificatecheck") {
        argv.push(Arg::literal("-k", call.span));
    }
    argv.extend(call.bound.values("uri").iter().cloned());
    argv
}

fn bits(call: &Call) -> Vec<Arg> {
    let uploads = call.bound.text("transfertype").to_ascii_lowercase();
    let uploads = uploads.starts_with("upload");
    let flag = if uploads { "-T" } else { "-o" };
    let (file, address) = if uploads {
        ("source", "destination")
    } else {
        ("destination", "source")
    };
    let mut argv = call.argv(&["curl", flag], call.value(file));
    argv.extend(call.bound.values(address).iter().cloned());
    argv
}

fn kill(call: &Call) -> Vec<Vec<Arg>> {
    let names = call.bound.values("name").to_vec();
    if !names.is_empty() {
        let names: Vec<Arg> = names
            .iter()
            .map(|it| {
                like(
                    it,
                    if it.text == "*" {
                        "."
                    } else {
                        it.text.as_str()
                    },
                )
            })
            .collect();
        return names
            .into_iter()
            .map(|it| call.argv(&["pkill"], vec![it]))
            .collect();
    }
    let ids = call.bound.values("id").to_vec();
    if ids.is_empty() {
        return Vec::new();
    }
    vec![call.argv(&["kill"], ids)]
}

fn archive(call: &Call) -> Vec<Vec<Arg>> {
    let sources: Vec<Arg> = call.paths().into_iter().filter(is_file).collect();
    let mut argv = call.argv(&["zip", "-r"], call.value("destinationpath"));
    argv.extend(sources);
    vec![argv]
}

fn lower(arg: &Arg) -> String {
    arg.text.to_ascii_lowercase()
}
