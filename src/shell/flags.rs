//! Owns how arguments of a program divide into flags, their values, subcommand and operands.

use super::invocation::Arg;

/// One flag of an invocation in normal form: `-r` out of a cluster, `--recursive` without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag<'a> {
    pub name: String,
    /// The value given with `=`, glued (`-ofile`), or as the next argument where the program's table
    /// says that this flag takes one.
    pub value: Option<String>,
    pub arg: &'a Arg,
}

/// An invocation's arguments, divided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options<'a> {
    pub flags: Vec<Flag<'a>>,
    /// Everything that is neither a flag nor a flag's value, in order, subcommands included.
    pub operands: Vec<&'a Arg>,
}

impl Options<'_> {
    pub fn has(&self, name: &str) -> bool {
        self.flags.iter().any(|it| it.name == name)
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        let flag = self.flags.iter().find(|it| it.name == name)?;
        flag.value.as_deref()
    }
}

/// Divides the arguments.
pub fn options(invocation: &super::Invocation) -> Options<'_> {
    let mut options = Options::default();
    for arg in invocation.args() {
        if let Some((name, value)) = arg.text.split_once('=')
            && name.starts_with("--")
        {
            options.flags.push(Flag {
                name: name.to_owned(),
                value: Some(value.to_owned()),
                arg,
            });
        } else if arg.text.starts_with("--") {
            options.flags.push(Flag {
                name: arg.text.clone(),
                value: None,
                arg,
            });
        } else if let Some(cluster) = arg.text.strip_prefix('-') {
            for letter in cluster.chars() {
                options.flags.push(Flag {
                    name: format!("-{letter}"),
                    value: None,
                    arg,
                });
            }
        } else {
            options.operands.push(arg);
        }
    }
    options
}
