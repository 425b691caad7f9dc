//! The one integration binary: the real program as a process (`process`, `world`, `tamper`, `crowd`,
//! `alone`, `install`, `notify`), the rules of the house (`house`, `packages`), what holds for every input (`property`, `powershell`, `promise`, `frozen`) and the
//! real client against a scripted API (`client`, `outcome`, `limit`). Does not own unit behaviour, which is tested beside the
//! code. Invariant: a test writes only below its own temporary
//! directory, reaches only loopback, and runs with an environment of its own.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests start processes and prepare real files"
)]

#[cfg(test)]
mod alone;
#[cfg(test)]
mod api;
#[cfg(test)]
mod bypass;
#[cfg(test)]
mod client;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod frozen;
#[cfg(test)]
mod generate;
#[cfg(test)]
mod hook;
#[cfg(test)]
mod house;
#[cfg(test)]
mod install;
#[cfg(test)]
mod limit;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod message;
#[cfg(test)]
mod notify;
#[cfg(test)]
mod outcome;
#[cfg(test)]
mod packages;
#[cfg(test)]
mod powershell;
#[cfg(test)]
mod process;
#[cfg(test)]
mod promise;
#[cfg(test)]
mod property;
#[cfg(test)]
mod rig;
#[cfg(test)]
mod scenario;
#[cfg(test)]
mod scratch;
#[cfg(test)]
mod tamper;
#[cfg(test)]
mod world;
