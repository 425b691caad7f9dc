//! Owns what container tools are told by files and requests of the text itself: compose files, manifests, the
//! engine's socket. Does not own their formats (`engine`). Invariant: only what the text writes or pipes is
//! read, and no file of the machine is opened.

use crate::shell::engine::{Run, api, arguments, compose, pod};
use crate::shell::flags::options;
use crate::shell::invocation::{Arg, ArgFlags, Invocation, RedirectOp};

use super::Walker;

impl Walker<'_> {
    /// `docker compose up`, `docker compose run SERVICE …`.
    pub(super) fn composed(&mut self, program: &str, index: u32) {
        if program == "podman" {
            self.played(index);
        }
        let Some(invocation) = self.reading.invocations.get(index as usize) else {
            return;
        };
        let args = invocation.args();
        let own = program.ends_with("compose");
        let at = args.iter().position(|it| it.text == "compose");
        let from = if own { Some(0) } else { at.map(|it| it + 1) };
        let Some(from) = from else {
            return;
        };
        let args = args.get(from..).unwrap_or_default();
        let verb = args.iter().position(|it| {
            matches!(
                it.text.as_str(),
                "up" | "run" | "create" | "start" | "watch"
            )
        });
        let Some(verb) = verb else {
            return;
        };
        let (before, behind) = args.split_at_checked(verb).unwrap_or_default();
        let (mut only, mut instead) = (None, Vec::new());
        if behind.first().is_some_and(|it| it.text == "run") {
            let (service, command) = service(behind.get(1..).unwrap_or_default());
            only = service;
            instead = command;
        }
        let mut texts: Vec<Arg> = Vec::new();
        let mut named = before
            .iter()
            .skip_while(|it| !is_file_flag(&it.text))
            .peekable();
        if named.peek().is_none() {
            texts.extend(compose::FILES.iter().filter_map(|it| self.file(it)));
        }
        for (at, arg) in before.iter().enumerate() {
            let glued = arg.text.strip_prefix("--file=");
            let next = || before.get(at + 1).map(|it| it.text.as_str());
            let name = if is_file_flag(&arg.text) {
                glued.or_else(next)
            } else {
                None
            };
            texts.extend(name.and_then(|it| self.given_text(it, invocation)));
        }
        let mut runs = Vec::new();
        for text in &texts {
            runs.extend(compose::services(&text.text, only.as_deref(), &instead));
        }
        self.start_runs(index, runs);
    }

    /// `kubectl apply -f FILE`.
    pub(super) fn applied(&mut self, index: u32) {
        let Some(invocation) = self.reading.invocations.get(index as usize) else {
            return;
        };
        let options = options(invocation);
        let makes = ["apply", "create", "replace", "run"];
        let verb = options
            .operands
            .iter()
            .any(|it| makes.contains(&it.text.as_str()));
        let dry = options.values_of(&["--dry-run"]);
        if !verb || dry.iter().any(|it| it.text != "none") {
            return;
        }
        let mut runs = Vec::new();
        for name in options.values_of(&["-f", "--filename"]) {
            if let Some(text) = self.given_text(&name.text, invocation) {
                runs.extend(pod::containers(&text.text));
                continue;
            }
            // A directory of manifests.
            let place = self.place(name.text.trim_end_matches('/')) + "/";
            let below = self.files.iter().filter(|it| it.0.starts_with(&place));
            runs.extend(below.flat_map(|it| pod::containers(&it.1.text)));
        }
        self.start_runs(index, runs);
    }

    /// `podman kube play FILE`.
    fn played(&mut self, index: u32) {
        let Some(invocation) = self.reading.invocations.get(index as usize) else {
            return;
        };
        let options = options(invocation);
        let words: Vec<&str> = options.operands.iter().map(|it| it.text.as_str()).collect();
        let ["play" | "kube", "kube" | "play", file, ..] = words.as_slice() else {
            return;
        };
        if let Some(text) = self.given_text(file, invocation) {
            self.start_runs(index, pod::containers(&text.text));
        }
    }

    /// `curl --unix-socket /var/run/docker.sock …`.
    pub(super) fn requested(&mut self, index: u32) {
        let Some(invocation) = self.reading.invocations.get(index as usize) else {
            return;
        };
        let engine = |it: &Arg| {
            let text = it.text.as_str();
            text.ends_with("docker.sock")
                || text.ends_with("podman.sock")
                || text.contains(":2375/")
        };
        if !invocation.args().iter().any(engine) {
            return;
        }
        let options = options(invocation);
        let data = options.values_of(&[
            "-d",
            "--data",
            "--data-raw",
            "--data-binary",
            "--data-ascii",
            "--json",
        ]);
        let body: Vec<String> = data
            .iter()
            .filter_map(|it| match it.text.strip_prefix('@') {
                Some(name) => self.given_text(name, invocation).map(|it| it.text),
                None => Some(it.text.clone()),
            })
            .collect();
        let given = options.values_of(&["-X", "--request"]).pop();
        let default = if data.is_empty() { "GET" } else { "POST" };
        let method = given.map_or(default.to_owned(), |it| it.text.to_ascii_uppercase());
        let urls = options.operands.iter().copied().cloned();
        let urls: Vec<Arg> = urls.chain(options.values_of(&["--url"])).collect();
        for url in urls {
            if let Some(words) = api::request(&method, &url.text, &body.concat()) {
                self.start_nested(index, arguments(&url, words), Vec::new(), 0);
            }
        }
    }

    /// The text that a name stands for: a file that this text wrote, or the standard input.
    fn given_text(&self, name: &str, invocation: &Invocation) -> Option<Arg> {
        if !matches!(name, "-" | "/dev/stdin") {
            return self.file(name);
        }
        let documents = invocation.redirects.iter().rev();
        let mut documents = documents
            .filter(|it| matches!(it.op, RedirectOp::Heredoc | RedirectOp::HereString))
            .map(|it| it.target.clone());
        let known = self
            .stdin
            .clone()
            .filter(|it| !it.flags.has(ArgFlags::MANY));
        documents.next().or(known)
    }

    fn start_runs(&mut self, index: u32, runs: Vec<Run>) {
        let span = self
            .reading
            .invocations
            .get(index as usize)
            .map(|it| it.span);
        let at = Arg::literal("", span.unwrap_or_default());
        for run in runs {
            self.start_nested(index, arguments(&at, run.words()), Vec::new(), 0);
        }
    }
}

fn is_file_flag(text: &str) -> bool {
    text == "-f" || text == "--file" || text.starts_with("--file=")
}

/// The service behind `run`, and the command that it is to run instead of its own.
fn service(args: &[Arg]) -> (Option<String>, Vec<String>) {
    let mut at = 0;
    while let Some(arg) = args.get(at).filter(|it| it.text.starts_with('-')) {
        let takes = [
            "-e",
            "--env",
            "-v",
            "--volume",
            "-p",
            "--publish",
            "-u",
            "--user",
            "-w",
            "--workdir",
            "--name",
            "--entrypoint",
            "-l",
            "--label",
            "--cap-add",
            "--cap-drop",
        ];
        at += 1 + usize::from(takes.contains(&arg.text.as_str()));
    }
    let name = args.get(at).map(|it| it.text.clone());
    let rest = args.get(at + 1..).unwrap_or_default();
    (name, rest.iter().map(|it| it.text.clone()).collect())
}
