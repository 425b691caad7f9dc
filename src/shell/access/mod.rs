//! Owns what an invocation does to which paths: the [`Access`]es of `rm`, `mv`, `tee`, redirects and all
//! the others, in one vocabulary. Does not own where a path really is (`path`) nor what is forbidden.

use super::invocation::Arg;

/// What happens to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessKind {
    /// Content is read.
    Read,
    /// Names are listed or searched.
    List,
    /// Created, or content added at the end.
    Append,
    /// Content is overwritten, truncated or edited in place, or a file put there.
    Write,
    /// The name goes away: rm, unlink, find -delete, git clean, rsync --delete.
    Delete,
    /// The name goes away because the thing is moved elsewhere.
    Move,
    /// Mode, owner, attributes or ACL change.
    Permission,
    /// A link to it is made, or it is mounted or bound elsewhere.
    Link,
    /// It is run or sourced.
    Execute,
    /// It is sent off this machine.
    Send,
}

/// One access of an invocation to one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    pub kind: AccessKind,
    /// The whole tree below is meant, not the one entry.
    pub recursive: bool,
    /// The path as written after expansion, relative to the invocation's cwd.
    pub path: Arg,
}

/// What an invocation does to which paths.
pub fn accesses(invocation: &super::Invocation) -> Vec<Access> {
    let options = super::flags::options(invocation);
    let kind = match invocation.program.as_str() {
        "rm" => AccessKind::Delete,
        "cat" => AccessKind::Read,
        _ => return Vec::new(),
    };
    let recursive = options.has("-r");
    let access = |it: &&Arg| Access {
        kind,
        recursive,
        path: (*it).clone(),
    };
    options.operands.iter().map(access).collect()
}
