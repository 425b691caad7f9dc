//! Owns delivering what waits: each notification to each channel, again after a while where one failed. Does
//! not own the connection ([`Courier`]) nor the files (`spool`). For subcommands, never for the hook.
//! Invariants: one delivery at a time; a channel that has a notification does not get it again; what no try
//! brought there is given up after [`TRIES`] of them and gone after a day.

use std::io;

use super::channel::{Channel, Errand};
use super::spool::{self, Waiting};
use crate::host::{Dirs, Host};

/// A notification is tried so often at most.
pub const TRIES: u32 = 5;
/// Seconds from a failed try to the next.
const BACKOFF: [i64; 4] = [5, 30, 120, 600];
/// Nothing waits longer than a day.
const KEEP_SECONDS: u64 = 24 * 3600;
/// A look at the spool at least so often, while something waits for its next try.
const LOOK_SECONDS: i64 = 5;

/// What brings a notification to its destination.
pub trait Courier {
    /// Posts a JSON text; the error names neither URL nor what was answered.
    fn post(&self, url: &str, body: &str) -> Result<(), String>;
    /// Runs a program with this standard input, for a bounded time.
    fn run(&self, command: &[String], input: &str) -> Result<(), String>;
}

/// What one pass over the spool came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Notifications that every channel has.
    pub delivered: usize,
    /// Those that some channel does not have, with the reason of the last.
    pub failed: usize,
    pub reason: String,
    /// When the next try is due, where one is: Unix time.
    pub next: Option<i64>,
}

impl Passed {
    fn note_next(&mut self, due: i64) {
        self.next = Some(self.next.map_or(due, |it| it.min(due)));
    }
}

/// Everything that a delivery needs.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    pub host: &'a dyn Host,
    pub dirs: &'a Dirs,
    pub channels: &'a [Channel],
    pub courier: &'a dyn Courier,
}

impl Delivery<'_> {
    /// One notification to one channel.
    pub fn tell(&self, channel: &Channel, waiting: &Waiting) -> Result<(), String> {
        match channel.errand(self.host, waiting)? {
            Errand::Post { url, body } => self.courier.post(&url, &body),
            Errand::Run { command, input } => self.courier.run(&command, &input),
        }
    }

    /// Tries what is due, or with `all` everything that is not given up. `None` where another delivery is
    /// at work.
    pub fn pass(&self, all: bool) -> io::Result<Option<Passed>> {
        let directory = spool::directory(self.dirs);
        let lock = self.host.try_lock(&format!("{directory}/delivery.lock"))?;
        let Some(_held) = lock else {
            return Ok(None);
        };
        let mut passed = Passed::default();
        for name in spool::names(self.host, &directory)? {
            let path = format!("{directory}/{name}");
            match spool::read(self.host, &path) {
                Some(waiting) if !self.is_over(&waiting) => {
                    self.attempt(&path, waiting, all, &mut passed)?;
                }
                // Too old, or nothing that could ever be told.
                _ => self.remove(&path)?,
            }
        }
        Ok(Some(passed))
    }

    /// Passes until nothing is left to try, waiting for what is to be tried again. One process waits for
    /// all; a host on which waiting is pointless ends it.
    pub fn linger(&self) -> io::Result<()> {
        while self.pass(false)?.is_some() && self.is_due()? {}
        let vigil = format!("{}/vigil.lock", spool::directory(self.dirs));
        let Some(_held) = self.host.try_lock(&vigil)? else {
            return Ok(());
        };
        while let Some(next) = self.next()? {
            let seconds = (next - self.now()).clamp(1, LOOK_SECONDS);
            if !self.host.wait(seconds.unsigned_abs() * 1000) {
                break;
            }
            self.pass(false)?;
        }
        Ok(())
    }

    fn attempt(
        &self,
        path: &str,
        mut waiting: Waiting,
        all: bool,
        passed: &mut Passed,
    ) -> io::Result<()> {
        if waiting.tries >= TRIES {
            return Ok(());
        }
        if !all && waiting.next > self.now() {
            passed.note_next(waiting.next);
            return Ok(());
        }
        let mut reasons = Vec::new();
        for channel in self.channels {
            let word = channel.word();
            if waiting.served.iter().any(|it| it == word) {
                continue;
            }
            match self.tell(channel, &waiting) {
                Ok(()) => waiting.served.push(word.to_owned()),
                Err(reason) => reasons.push(format!("{word}: {reason}")),
            }
        }
        if reasons.is_empty() {
            passed.delivered += 1;
            return self.remove(path);
        }
        let backoff = BACKOFF.get(waiting.tries as usize);
        waiting.tries += 1;
        waiting.reason = reasons.join("; ");
        passed.failed += 1;
        passed.reason.clone_from(&waiting.reason);
        if let Some(backoff) = backoff {
            waiting.next = self.now() + backoff;
            passed.note_next(waiting.next);
        }
        spool::write(self.host, path, &waiting)
    }

    /// A hook may have made room meanwhile.
    fn remove(&self, path: &str) -> io::Result<()> {
        match self.host.remove(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn is_over(&self, waiting: &Waiting) -> bool {
        self.now().abs_diff(waiting.at) > KEEP_SECONDS
    }

    fn now(&self) -> i64 {
        self.host.now().timestamp()
    }

    /// When the next try of anything is due.
    fn next(&self) -> io::Result<Option<i64>> {
        let waiting = spool::waiting(self.host, self.dirs)?;
        let tried = waiting.iter().filter(|(_, it)| it.tries < TRIES);
        Ok(tried.map(|(_, it)| it.next).min())
    }

    fn is_due(&self) -> io::Result<bool> {
        Ok(self.next()?.is_some_and(|it| it <= self.now()))
    }
}

#[cfg(test)]
mod tests;
