//! The least a process of this build can be: the floor that the hook is measured against. Compiled by the
//! benchmark with the flags of the release profile.

fn main() {}
