//! x
mod install;
