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
