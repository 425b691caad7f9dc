//! Owns members of objects and static calls of .NET: files, downloads, processes, code from text. Does not
//! own the rewriting of text (`text`). Invariant: a call that changes, sends or runs something has an
//! invocation of the program that does the same.

use crate::shell::decode::base64;
use crate::shell::invocation::{Arg, ArgFlags, Span};
use crate::shell::powershell::place;
use crate::shell::unwrap::{like, split};

use crate::shell::walk::Walker;

use super::special::guarded;
use super::value::of;
use super::{many, text};

impl Walker<'_> {
    /// `[Type]::Member(…)`; both names in lower case.
    pub(super) fn static_member(
        &mut self,
        kind: &str,
        member: &str,
        args: Option<&[Vec<Arg>]>,
    ) -> Vec<Arg> {
        let Some(args) = args else {
            return match (kind, member) {
                ("environment", "newline") => vec![Arg::literal("\n", Span::default())],
                _ => vec![Arg::unknown(Span::default())],
            };
        };
        let flat: Vec<Arg> = args.iter().flatten().cloned().collect();
        match kind {
            "io.file" | "io.directory" | "microsoft.visualbasic.fileio.filesystem" => {
                self.file_call(kind, member, &flat)
            }
            "convert" if member == "frombase64string" => vec![decoded(&of(&flat))],
            "environment" => self.environment_call(member, &flat),
            "io.path" => path_call(member, &flat),
            "string" => vec![match member {
                "join" => {
                    let (mark, rest) = flat
                        .split_first()
                        .map_or(("", &[][..]), |it| (it.0.text.as_str(), it.1));
                    text::join(rest, mark)
                }
                "format" => {
                    let (template, rest) = flat.split_first().unzip();
                    let template = template.cloned().unwrap_or_default();
                    text::format(&template, rest.unwrap_or_default())
                }
                _ => text::join(&flat, ""),
            }],
            "array" if member == "reverse" => Vec::new(),
            "guid" => vec![guarded("")],
            "io.directoryinfo" | "io.fileinfo" if member == "new" => flat
                .iter()
                .take(1)
                .map(|it| place::path(it, true))
                .collect(),
            "diagnostics.process" if member == "start" => {
                self.start_line(&flat);
                vec![Arg::unknown(Span::default())]
            }
            "scriptblock" if member == "create" => {
                self.run_code(&of(&flat));
                Vec::new()
            }
            "powershell" | "management.automation.powershell" | "activator" => {
                vec![Arg::unknown(Span::default())]
            }
            "runtime.interopservices.marshal" | "reflection.assembly" => {
                self.note_call(kind, member, &flat);
                vec![Arg::unknown(Span::default())]
            }
            _ => {
                let mut result = of(&flat);
                if !result.flags.has(ArgFlags::HIDDEN) {
                    result = text::unknown(&result);
                }
                vec![result]
            }
        }
    }

    /// Starts a program in the name of a call.
    pub(super) fn start_native(&mut self, mut command: Vec<Arg>) -> Option<u32> {
        let program = command.first_mut()?;
        program.text = program.text.replace('\\', "/");
        let span = program.span;
        self.start_command(command, Vec::new(), span)
    }

    /// Starts a program whose arguments are one text.
    pub(super) fn start_line(&mut self, words: &[Arg]) {
        let mut command = Vec::new();
        for word in words.iter().take(2) {
            command.extend(split(&like(word, word.text.replace('\\', "/"))));
        }
        self.start_native(command);
    }

    /// Notes a call as an invocation of its own name, for rules to see.
    fn note_call(&mut self, kind: &str, member: &str, args: &[Arg]) {
        let name = format!("[{kind}]::{member}");
        let mut command = vec![Arg::literal(name, Span::default())];
        command.extend_from_slice(args);
        self.start_command(command, Vec::new(), Span::default());
    }

    /// Text that becomes code.
    pub(super) fn run_code(&mut self, code: &Arg) {
        let name = Arg::literal("invoke-expression", Span::default());
        let command = vec![name, code.clone()];
        if let Some(index) = self.start_command(command, Vec::new(), Span::default()) {
            self.run_text(code, false, index, Span::default());
        }
    }

    fn file_call(&mut self, kind: &str, member: &str, args: &[Arg]) -> Vec<Arg> {
        let words: &[&str] = match member {
            "delete" | "deletedirectory" if kind != "io.file" => {
                let deep = args.get(1).is_some_and(|it| it.text != "False");
                if deep { &["rm", "-rf"] } else { &["rmdir"] }
            }
            "delete" | "deletefile" => &["rm", "-f"],
            "readalltext" | "readalllines" | "readallbytes" | "readlines" | "openread"
            | "opentext" => &["cat"],
            "writealltext" | "writealllines" | "writeallbytes" | "create" | "createtext"
            | "openwrite" => &["tee"],
            "appendalltext" | "appendalllines" | "appendtext" => &["tee", "-a"],
            "copy" | "copyfile" => &["cp"],
            "copydirectory" => &["cp", "-r"],
            "move" | "movefile" | "movedirectory" | "replace" => &["mv"],
            "createdirectory" => &["mkdir", "-p"],
            "createsymboliclink" => &["ln", "-s"],
            "getfiles"
            | "getdirectories"
            | "enumeratefiles"
            | "enumeratedirectories"
            | "getfilesystementries" => {
                return args.first().map(below).into_iter().collect();
            }
            "exists" => return vec![Arg::unknown(Span::default())],
            _ => return args.to_vec(),
        };
        let takes = match words.first() {
            Some(&("cp" | "mv" | "ln")) => 2,
            _ => 1,
        };
        let mut command: Vec<Arg> = words
            .iter()
            .map(|it| Arg::literal(*it, Span::default()))
            .collect();
        let mut paths: Vec<Arg> = args
            .iter()
            .take(takes)
            .map(|it| place::path(it, true))
            .collect();
        if words.first() == Some(&"ln") {
            paths.reverse();
        }
        command.extend(paths);
        let index = self.start_native(command);
        let mut value = Arg::unknown(Span::default());
        value.from.extend(index);
        vec![value]
    }

    fn environment_call(&mut self, member: &str, args: &[Arg]) -> Vec<Arg> {
        let name = args.first().map(|it| it.text.to_ascii_lowercase());
        let name = name.unwrap_or_default();
        match member {
            "getfolderpath" => {
                let variable = match name.as_str() {
                    "userprofile" | "personal" | "mydocuments" | "desktop" => "home",
                    "applicationdata" => "env:appdata",
                    "localapplicationdata" => "env:localappdata",
                    "system" | "windows" => "env:systemroot",
                    "programfiles" => "env:programfiles",
                    "commonapplicationdata" => "env:programdata",
                    _ => return vec![Arg::unknown(Span::default())],
                };
                self.variable(variable)
            }
            "getenvironmentvariable" => self.variable(&format!("env:{name}")),
            "getenvironmentvariables" => {
                let command = vec![Arg::literal("env", Span::default())];
                self.transfer(command, None)
            }
            "setenvironmentvariable" => {
                self.note_call("environment", member, args);
                Vec::new()
            }
            _ => vec![Arg::unknown(Span::default())],
        }
    }
}

/// What lies directly in a directory.
fn below(directory: &Arg) -> Arg {
    let mut path = place::path(directory, true);
    path.text = format!("{}/*", path.text.trim_end_matches('/'));
    path.flags.set(ArgFlags::GLOB);
    path
}

fn path_call(member: &str, args: &[Arg]) -> Vec<Arg> {
    match (member, args) {
        ("combine" | "join", [base, below @ ..]) => {
            vec![
                below
                    .iter()
                    .fold(base.clone(), |path, it| place::joined(&path, it)),
            ]
        }
        ("gettemppath", _) => vec![Arg::literal("/tmp/", Span::default())],
        ("gettempfilename", _) => vec![guarded("/tmp/")],
        ("getrandomfilename", _) => vec![guarded("")],
        ("getfullpath", [path, ..]) => vec![path.clone()],
        _ => vec![many()],
    }
}

/// Base64, of UTF-8 or of the two-byte text that PowerShell itself encodes.
fn decoded(item: &Arg) -> Arg {
    if let Some(plain) = base64(&item.text) {
        return text::hidden(item, plain.replace('\0', ""));
    }
    let mut unknown = text::unknown(item);
    unknown.flags.set(ArgFlags::HIDDEN);
    unknown
}
