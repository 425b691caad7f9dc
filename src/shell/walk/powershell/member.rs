//! Owns members of objects: of web clients, files, processes and texts. Does not own static calls
//! (`method`). Invariant: a member that changes, sends or runs something has an invocation.

use crate::shell::invocation::{Arg, Span};
use crate::shell::powershell::place;
use crate::shell::unwrap::like;

use crate::shell::walk::Walker;

use super::text;
use super::value::of;

impl Walker<'_> {
    /// A member of objects; with arguments where it is called.
    pub(super) fn member(
        &mut self,
        items: Vec<Arg>,
        name: &str,
        args: Option<&[Vec<Arg>]>,
        span: Span,
    ) -> Vec<Arg> {
        let Some(args) = args else {
            return property(items, name);
        };
        let flat: Vec<Arg> = args.iter().flatten().cloned().collect();
        if let Some(found) = self.net_member(name, &flat, span) {
            return found;
        }
        let word = |it: &str| Arg::literal(it, span);
        let first = flat.first().cloned();
        match name {
            "delete" => {
                let mut command = vec![word("rm"), word("-rf")];
                command.extend(items.into_iter().filter(place::is_file));
                if command.len() > 2 {
                    self.start_native(command);
                }
                Vec::new()
            }
            "moveto" | "copyto" => {
                let program = if name == "moveto" { "mv" } else { "cp" };
                let mut command = vec![word(program)];
                command.extend(items);
                command.extend(first.map(|it| place::path(&it, true)));
                self.start_native(command);
                Vec::new()
            }
            "invokescript" | "newscriptblock" | "addscript" | "invokecommand" => {
                if let Some(code) = first {
                    self.run_code(&code);
                }
                items
            }
            "shellexecute" | "run" | "exec" | "create" => {
                if flat.first().is_some_and(Arg::is_known) {
                    self.start_line(&flat);
                }
                Vec::new()
            }
            "deletefolder" | "deletefile" => {
                let path = first.map(|it| place::path(&it, false));
                let command = [word("rm"), word("-rf")].into_iter();
                self.start_native(command.chain(path).collect());
                Vec::new()
            }
            "kill" => {
                let from: Vec<u32> = items.iter().flat_map(|it| it.from.clone()).collect();
                self.stop_listed(&from, self.parent.unwrap_or_default(), span);
                Vec::new()
            }
            _ => rewritten(&items, name, &flat),
        }
    }

    /// Members that send or fetch, of whatever object.
    fn net_member(&mut self, name: &str, args: &[Arg], span: Span) -> Option<Vec<Arg>> {
        let word = |it: &str| Arg::literal(it, span);
        let first = args.first().cloned();
        let second = args.get(1).cloned();
        Some(match name {
            "downloadstring" | "downloaddata" | "openread" | "getstringasync" | "getasync"
            | "getbytearrayasync" | "getstreamasync" => self.transfer(vec![word("curl")], first),
            "downloadfile" | "downloadfileasync" | "downloadfiletaskasync" => {
                let mut command = vec![word("curl"), word("-o")];
                command.extend(second.map(|it| place::path(&it, true)));
                self.transfer(command, first)
            }
            "uploadfile" | "uploadfileasync" => {
                let mut command = vec![word("curl"), word("-T")];
                command.extend(args.last().map(|it| place::path(it, true)));
                self.transfer(command, first)
            }
            "uploadstring" | "uploaddata" | "uploadvalues" | "postasync" | "putasync" => {
                let mut command = vec![word("curl"), word("-d")];
                command.extend(args.last().cloned());
                self.transfer(command, first)
            }
            _ => return None,
        })
    }

    /// Starts the transfer; what it brings is unknown and comes from it.
    pub(super) fn transfer(&mut self, mut command: Vec<Arg>, address: Option<Arg>) -> Vec<Arg> {
        command.extend(address);
        let index = self.start_native(command);
        let mut value = Arg::unknown(Span::default());
        value.from.extend(index);
        vec![value]
    }
}

/// A property: of paths and answers the thing itself, of others unknown.
fn property(items: Vec<Arg>, name: &str) -> Vec<Arg> {
    match name {
        "fullname"
        | "path"
        | "pspath"
        | "providerpath"
        | "content"
        | "rawcontent"
        | "value"
        | "source"
        | "definition"
        | "currentuserallhosts"
        | "currentusercurrenthost"
        | "allusersallhosts"
        | "alluserscurrenthost"
        | "linktarget"
        | "target"
        | "result"
        | "commandline"
        | "id"
        | "root" => items,
        _ => items.iter().map(text::unknown).collect(),
    }
}

/// Methods of text.
fn rewritten(items: &[Arg], name: &str, args: &[Arg]) -> Vec<Arg> {
    match name {
        "replace" => text::replace(items, args),
        "split" => items.iter().flat_map(|it| text::divide(it, args)).collect(),
        "tolower" | "tolowerinvariant" => same(items, str::to_lowercase),
        "toupper" | "toupperinvariant" => same(items, str::to_uppercase),
        "trim" => same(items, |it| it.trim().to_owned()),
        "trimend" | "trimstart" | "tostring" | "toarray" | "getresponse" | "wait"
        | "getawaiter" | "getresult" | "readasstringasync" | "readtoend" | "where" | "foreach"
        | "clone" => items.to_vec(),
        "getstring" | "getbytes" | "insert" | "concat" => {
            let all: Vec<Arg> = items
                .iter()
                .filter(|it| it.is_known())
                .chain(args)
                .cloned()
                .collect();
            vec![of(&all)]
        }
        "tochararray" => match items {
            [one] => {
                let letters = one.text.chars().take(256);
                letters
                    .map(|it| text::hidden(one, it.to_string()))
                    .collect()
            }
            _ => items.to_vec(),
        },
        _ => items.iter().chain(args).map(text::unknown).collect(),
    }
}

fn same(items: &[Arg], change: impl Fn(&str) -> String) -> Vec<Arg> {
    items.iter().map(|it| like(it, change(&it.text))).collect()
}
