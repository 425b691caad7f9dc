//! Owns the variables of PowerShell: assignments, those that are always there, and the environment. Does
//! not own the values of expressions (`value`). Invariant: a variable that nothing in the text sets is
//! unknown unless Windows or PowerShell says what it holds.

use std::rc::Rc;

use crate::shell::invocation::{Arg, Assignment, Span};
use crate::shell::powershell::ast::{Block, Element, Expr, Script, Statement};
use crate::shell::powershell::place;

use crate::shell::walk::Walker;
use crate::shell::walk::start::Start;
use crate::shell::walk::state::Value;

use super::{many, value};

impl Walker<'_> {
    pub(super) fn run_assignment(&mut self, target: &Expr, adds: bool, value: &Script) {
        let items = match block_in(value) {
            Some(block) => {
                if let Expr::Variable(name) = target {
                    self.keep_block(format!("${name}"), block);
                }
                return;
            }
            None => self.run_captured(value),
        };
        match target {
            Expr::Variable(name) if adds => {
                let old = self.variable(name);
                let sum = value::sum(old, items);
                self.set_variable(name, sum);
            }
            Expr::Variable(name) => self.set_variable(name, items),
            Expr::Cast(_, on) => {
                if let Expr::Variable(name) = on.as_ref() {
                    self.set_variable(name, items);
                }
            }
            Expr::List(targets) => {
                for target in targets {
                    if let Expr::Variable(name) = target {
                        self.set_variable(name, items.clone());
                    }
                }
            }
            _ => {}
        }
    }

    pub(super) fn set_variable(&mut self, name: &str, items: Vec<Arg>) {
        let value = match items.as_slice() {
            [one] => Value::one(one.clone()),
            _ => Value::List(items),
        };
        let Some(variable) = name.strip_prefix("env:") else {
            if name.contains(['\\', '/']) {
                self.write_variable(name);
            }
            self.state.set(&format!("${name}"), value);
            return;
        };
        let variable = variable.to_ascii_uppercase();
        let single = match &value {
            Value::Scalar(them) | Value::List(them) => them.first().cloned().unwrap_or_default(),
        };
        self.state.set(&variable, value);
        self.start(Start {
            assignments: vec![Assignment {
                name: variable,
                value: single,
            }],
            parent: self.parent,
            context: self.context,
            ..Start::default()
        });
    }

    /// `${C:\x} = …` writes the file.
    fn write_variable(&mut self, name: &str) {
        let place = place::path(&Arg::literal(name, Span::default()), true);
        let argv = vec![Arg::literal("tee", Span::default()), place];
        self.start(Start {
            argv,
            parent: self.parent,
            context: self.context,
            ..Start::default()
        });
    }

    /// The value of a variable of the session or the environment.
    pub(super) fn variable(&mut self, name: &str) -> Vec<Arg> {
        let stored = match name.strip_prefix("env:") {
            Some(variable) => self.state.get(&variable.to_ascii_uppercase()),
            None => self.state.get(&format!("${name}")),
        };
        match stored {
            Some(Value::Scalar(items) | Value::List(items)) => return items.clone(),
            None => {}
        }
        if matches!(name, "_" | "psitem" | "input") {
            let current = self.session.current.clone();
            return if current.is_empty() {
                vec![Arg::unknown(Span::default())]
            } else {
                current
            };
        }
        match self.built_in(name) {
            Some(text) => vec![Arg::literal(text, Span::default())],
            None if name == "args" => vec![many()],
            None => vec![Arg::unknown(Span::default())],
        }
    }

    fn built_in(&self, name: &str) -> Option<String> {
        let home = match self.around.home {
            "" => "~",
            home => home,
        };
        Some(match name {
            "home" | "env:home" | "env:userprofile" | "env:homepath" => home.to_owned(),
            "env:homedrive" | "null" => String::new(),
            "true" => "True".to_owned(),
            "false" => "False".to_owned(),
            "pwd" => self.absolute(&self.state.cwd)?,
            "env:claude_project_dir" if !self.around.project.is_empty() => {
                self.around.project.to_owned()
            }
            "env:temp" | "env:tmp" | "env:tmpdir" => "/tmp".to_owned(),
            "env:systemdrive" => "C:".to_owned(),
            "env:systemroot" | "env:windir" => "C:/Windows".to_owned(),
            "env:programfiles" | "env:programw6432" => "C:/Program Files".to_owned(),
            "env:programfiles(x86)" => "C:/Program Files (x86)".to_owned(),
            "env:programdata" | "env:allusersprofile" => "C:/ProgramData".to_owned(),
            "env:public" => "C:/Users/Public".to_owned(),
            "env:appdata" => format!("{home}/AppData/Roaming"),
            "env:localappdata" => format!("{home}/AppData/Local"),
            "profile" => format!("{home}/.config/powershell/Microsoft.PowerShell_profile.ps1"),
            "env:comspec" => "cmd".to_owned(),
            "pshome" => "/opt/microsoft/powershell/7".to_owned(),
            _ => return None,
        })
    }
}

/// The script block that a statement is, where it is nothing else.
fn block_in(script: &Script) -> Option<&Rc<Block>> {
    let [Statement::Pipeline(pipeline)] = script.as_slice() else {
        return None;
    };
    match pipeline.elements.as_slice() {
        [Element::Value(Expr::Block(block), ..)] => Some(block),
        _ => None,
    }
}
