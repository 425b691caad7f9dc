//! Owns how layers become one set of settings: [`merge`] takes the files in the order user, project,
//! managed and keeps the origin of every value. Does not own files (`load`) nor the order of values
//! (`table`, `value`). Invariant: an untrusted project changes nothing but towards stricter, and what
//! managed policy sets is final.

use super::layer::{Entry, Layer, Source};
use super::table::{By, Kind, Row, Stricter, rows};
use super::tools::{self, ToolRow, Tools};
use super::value::Value;
use super::{AuditFailure, AuditSync, Credentials, Grants, Limits, Marks, Mode, Policy, Preset};
use crate::verdict::Decision;

/// A setting that some file sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub key: String,
    pub value: Value,
    /// The sources it comes from: `user`, `user + project`.
    pub origin: String,
}

/// What the files say together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub set: Vec<Setting>,
    pub overrides: Vec<(String, Decision)>,
    pub floors: Vec<(String, Decision)>,
    pub fixed: Vec<(String, Decision)>,
    pub tools: Vec<ToolRow>,
    pub managed_rules: Vec<String>,
    pub managed_file: String,
    pub notices: Vec<String>,
    pub trusted: Vec<String>,
}

/// Combines layers, which stand in the order of their sources. `trusted` is whether a person accepted
/// the project's file as it is.
pub fn merge(layers: &[Layer], trusted: bool) -> Settings {
    let mut merger = Merger {
        trusted: trusted && !forbids_grants(layers),
        preset: Preset::Standard,
        settings: Settings::default(),
    };
    // The preset comes first: it is the default that the other rows are measured against.
    let preset = |row: &Row| row.key == "preset";
    for row in rows().filter(preset).chain(rows().filter(|it| !preset(it))) {
        merger.row(&row, layers);
        if let Some(Value::Word(word)) = merger.value("preset") {
            merger.preset = Preset::parse(word).unwrap_or_default();
        }
    }
    for layer in layers {
        merger.decisions(layer);
        if layer.source == Source::Managed {
            merger.settings.managed_file.clone_from(&layer.file);
        }
    }
    tools::collect(layers, merger.trusted, &mut merger.settings);
    merger.settings
}

/// Whether managed policy takes back what people accepted.
fn forbids_grants(layers: &[Layer]) -> bool {
    let entries = layers.iter().flat_map(|it| &it.entries);
    let mut grants = entries.filter(|it| it.row.key == "grants");
    grants.any(|it| it.value != it.row.default(Preset::Standard))
}

/// Whether managed policy says which hosts may be reached: nobody else adds to them.
fn seals_hosts(layers: &[Layer]) -> bool {
    let mut managed = layers.iter().filter(|it| it.source == Source::Managed);
    managed.any(|it| it.entries.iter().any(|it| it.row.key == "egress.mode"))
}

struct Merger {
    trusted: bool,
    preset: Preset,
    settings: Settings,
}

impl Merger {
    fn value(&self, key: &str) -> Option<&Value> {
        self.settings
            .set
            .iter()
            .find(|it| it.key == key)
            .map(|it| &it.value)
    }

    fn row(&mut self, row: &Row, layers: &[Layer]) {
        for layer in layers {
            let Some(entry) = layer.entries.iter().find(|it| it.row.key == row.key) else {
                continue;
            };
            if row.key == "egress.allow" && layer.source != Source::Managed && seals_hosts(layers) {
                let (file, line, key) = (&layer.file, entry.line, row.key);
                let notice = format!("{file}:{line}: `{key}` was ignored: managed policy says it");
                self.settings.notices.push(notice);
            } else if row.kind == Kind::Decisions
                && layer.source == Source::Project
                && !self.trusted
            {
                // They count as floors (`decisions`), which cannot loosen.
                self.refuse_pass(layer, entry);
            } else if row.kind == Kind::Decisions && layer.source == Source::Project {
                self.trust(layer, entry);
                self.set(row, &entry.value, layer.source);
            } else if layer.source != Source::Project || self.project_may(layer, entry) {
                self.set(row, &entry.value, layer.source);
            }
        }
    }

    /// Whether the project's value holds; where it does not, the user is told why.
    fn project_may(&mut self, layer: &Layer, entry: &Entry) -> bool {
        let row = &entry.row;
        let why = if row.by <= By::User {
            "is not for a project to set"
        } else if self.tightens(entry) {
            return true;
        } else if self.trusted && row.by == By::Trust {
            self.trust(layer, entry);
            return true;
        } else if row.by == By::Tighten {
            "would loosen, which no project may"
        } else {
            "would loosen and a person has not trusted this file"
        };
        let (file, line) = (&layer.file, entry.line);
        let notice = format!("{file}:{line}: `{}` was ignored: it {why}", row.key);
        self.settings.notices.push(notice);
        false
    }

    /// Notes what holds only because a person accepted the project's file.
    fn trust(&mut self, layer: &Layer, entry: &Entry) {
        let (file, line, key) = (&layer.file, entry.line, entry.row.key);
        let line = format!("{file}:{line}: `{key}` holds: a person trusted this file");
        self.settings.trusted.push(line);
    }

    fn refuse_pass(&mut self, layer: &Layer, entry: &Entry) {
        let Value::Decisions(list) = &entry.value else {
            return;
        };
        for (key, _) in list.iter().filter(|(_, it)| *it == Decision::Pass) {
            self.settings.notices.push(format!(
                "{}:{}: `{key} = \"pass\"` was ignored: a person has not trusted this file",
                layer.file, entry.line
            ));
        }
    }

    fn tightens(&self, entry: &Entry) -> bool {
        let row = &entry.row;
        match row.stricter {
            Stricter::More => true,
            Stricter::Never => false,
            Stricter::Later | Stricter::Lower => {
                let default = row.default(self.preset);
                let old = self.value(row.key).unwrap_or(&default);
                entry.value == *old || Value::is_stricter(row, &entry.value, old)
            }
        }
    }

    fn set(&mut self, row: &Row, value: &Value, source: Source) {
        let old = self.settings.set.iter_mut().find(|it| it.key == row.key);
        match old {
            Some(old) if Value::collects(row.kind) => {
                old.value.collect(value.clone());
                old.origin = format!("{} + {}", old.origin, source.word());
            }
            Some(old) => {
                old.value = value.clone();
                source.word().clone_into(&mut old.origin);
            }
            None => self.settings.set.push(Setting {
                key: row.key.to_owned(),
                value: value.clone(),
                origin: source.word().to_owned(),
            }),
        }
    }

    /// Collects what a layer says of rules into the list where it counts.
    fn decisions(&mut self, layer: &Layer) {
        let trusted = self.trusted;
        let settings = &mut self.settings;
        let (list, switches_off) = match layer.source {
            Source::User => (&mut settings.overrides, true),
            Source::Project if trusted => (&mut settings.overrides, true),
            Source::Project => (&mut settings.floors, false),
            Source::Managed => (&mut settings.fixed, true),
        };
        let mut decide = |key: &String, decision: Decision| {
            list.retain(|(it, _)| it != key);
            list.push((key.clone(), decision));
        };
        for entry in &layer.entries {
            match (entry.row.kind, &entry.value) {
                (Kind::Rules, Value::List(ids)) if switches_off => {
                    for id in ids {
                        decide(id, Decision::Pass);
                    }
                }
                (Kind::Decisions, Value::Decisions(entries)) => {
                    for (key, decision) in entries {
                        decide(key, *decision);
                    }
                }
                _ => {}
            }
        }
    }
}

impl Policy {
    /// The policy of a preset where no file sets anything. The table has the same defaults (a test
    /// compares); they stand here too because the hook path cannot afford to read the table.
    pub fn of(preset: Preset) -> Self {
        let (boundary_outside, content_secrets) = match preset {
            Preset::Standard => (Decision::Pass, Decision::Ask),
            Preset::Strict => (Decision::Ask, Decision::Ask),
            Preset::Unattended => (Decision::Deny, Decision::Deny),
        };
        let unattended = preset == Preset::Unattended;
        Self {
            preset,
            boundary_outside,
            content_secrets,
            redact_output: unattended,
            limits: Limits::of(preset),
            credentials: if unattended {
                Credentials::Strip
            } else {
                Credentials::Name
            },
            ..Self::default()
        }
    }

    /// The policy that settings describe. Relative directories stand below the project root.
    pub fn assemble(settings: Settings, home: &str, project: &str) -> Self {
        let preset = settings.set.iter().find(|it| it.key == "preset");
        let preset = match preset.map(|it| &it.value) {
            Some(Value::Word(word)) => Preset::parse(word).unwrap_or_default(),
            _ => Preset::default(),
        };
        let mut policy = Self {
            overrides: settings.overrides,
            floors: settings.floors,
            fixed: settings.fixed,
            tools: Tools {
                rows: settings.tools,
                asks_outside: false,
            },
            managed_rules: settings.managed_rules,
            managed_file: settings.managed_file,
            notices: settings.notices,
            trusted: settings.trusted,
            ..Self::of(preset)
        };
        for setting in &settings.set {
            match &setting.value {
                Value::Word(word) => policy.set_word(&setting.key, word),
                Value::Flag(flag) if setting.key == "redact_output" => policy.redact_output = *flag,
                Value::Flag(flag) if setting.key == "mark_output" => {
                    policy.marks = if *flag { Marks::Shown } else { Marks::None };
                }
                Value::Number(number) => policy.limits.set_key(&setting.key, *number),
                Value::Paths(paths) if setting.key == "paths.protect" => {
                    policy.paths.clone_from(paths);
                }
                Value::List(list) if setting.key == "paths.free" => {
                    policy.paths_free.clone_from(list);
                }
                Value::List(list) if setting.key == "egress.allow" => {
                    policy.egress.allow.clone_from(list);
                }
                Value::List(list) if setting.key == "egress.ask" => {
                    policy.egress.ask.clone_from(list);
                }
                Value::List(list) if setting.key == "egress.deny" => {
                    policy.egress.deny.clone_from(list);
                }
                Value::List(list) if setting.key == "boundary.roots" => {
                    let roots = list.iter().filter_map(|it| absolute(it, home, project));
                    policy.boundary_roots = roots.collect();
                }
                Value::List(list) if setting.key == "report_dir" => {
                    let places = list.iter().filter_map(|it| absolute(it, home, project));
                    policy.report_dirs = places.collect();
                }
                _ => {}
            }
        }
        policy.settings = settings.set;
        policy
    }

    /// Words were checked when the file was read; one that is not known here is the strictest.
    fn set_word(&mut self, key: &str, word: &str) {
        match (key, word) {
            ("mode", "observe") => self.mode = Mode::Observe,
            ("mode", _) => self.mode = Mode::Enforce,
            ("boundary.outside", word) => {
                self.boundary_outside = Decision::parse(word).unwrap_or(Decision::Deny);
            }
            ("content.secrets", word) => {
                self.content_secrets = Decision::parse(word).unwrap_or(Decision::Deny);
            }
            ("egress.mode", "open") => self.egress.others = Decision::Pass,
            ("egress.mode", "listed") => self.egress.others = Decision::Ask,
            ("egress.mode", _) => self.egress.others = Decision::Deny,
            ("tools.outside", word) => self.tools.asks_outside = word == "ask",
            ("audit.on_failure", "warn") => self.audit_on_failure = AuditFailure::Warn,
            ("audit.on_failure", _) => self.audit_on_failure = AuditFailure::Deny,
            ("audit.sync", "never") => self.audit_sync = AuditSync::Never,
            ("audit.sync", "deny") => self.audit_sync = AuditSync::Deny,
            ("audit.sync", _) => self.audit_sync = AuditSync::Always,
            ("env.credentials", "silent") => self.credentials = Credentials::Silent,
            ("env.credentials", "name") => self.credentials = Credentials::Name,
            ("env.credentials", _) => self.credentials = Credentials::Strip,
            ("grants", "people") => self.grants = Grants::People,
            ("grants", _) => self.grants = Grants::None,
            _ => {}
        }
    }
}

/// A directory as written in a policy file, made absolute and plain. `None` where what it stands below
/// is not known.
fn absolute(written: &str, home: &str, project: &str) -> Option<String> {
    let (base, rest) = match written.strip_prefix('~') {
        Some(rest) => (home, rest),
        None if written.starts_with('/') => ("/", written),
        None => (project, written),
    };
    if base.is_empty() {
        return None;
    }
    let parts = base.split('/').chain(rest.split('/'));
    let mut path = String::new();
    for part in parts.filter(|it| !it.is_empty() && *it != ".") {
        path.push('/');
        path.push_str(part);
    }
    Some(if path.is_empty() {
        "/".to_owned()
    } else {
        path
    })
}

#[cfg(test)]
mod tests;
