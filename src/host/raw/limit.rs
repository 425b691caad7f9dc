//! Owns the limits that the hook process sets itself: memory and core files. Invariant: only soft limits
//! are lowered, so that [`lifted`] can give back what was there.

use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};

/// Memory past this is a failed allocation, which can be answered, instead of a kill, which cannot.
const MEMORY: libc::rlim_t = 1 << 30;

#[cfg(all(target_os = "linux", target_env = "gnu"))]
type Resource = libc::__rlimit_resource_t;
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
type Resource = libc::c_int;

/// What was there before [`lower`], which nobody else changes.
static BEFORE: [AtomicU64; 2] = [AtomicU64::new(UNKNOWN), AtomicU64::new(UNKNOWN)];
const UNKNOWN: u64 = u64::MAX - 1;

/// The limits and how far they are lowered.
const LIMITS: [(Resource, libc::rlim_t); 2] = [(libc::RLIMIT_AS, MEMORY), (libc::RLIMIT_CORE, 0)];

/// Lowers the soft limits; a lower one that is set already stays.
pub(super) fn lower() {
    for ((resource, value), before) in LIMITS.into_iter().zip(&BEFORE) {
        if let Some(limit) = soft(resource)
            && limit > value
        {
            before.store(limit, Ordering::Relaxed);
            set(resource, value);
        }
    }
}

/// Does something under the limits that were there before [`lower`].
pub(super) fn lifted<T>(action: impl FnOnce() -> T) -> T {
    for ((resource, _), before) in LIMITS.into_iter().zip(&BEFORE) {
        let before = before.load(Ordering::Relaxed);
        if before != UNKNOWN {
            set(resource, before);
        }
    }
    let done = action();
    if BEFORE
        .iter()
        .any(|it| it.load(Ordering::Relaxed) != UNKNOWN)
    {
        lower();
    }
    done
}

fn soft(resource: Resource) -> Option<libc::rlim_t> {
    // SAFETY: writes this one struct only.
    unsafe {
        let mut limit: libc::rlimit = mem::zeroed();
        (libc::getrlimit(resource, &raw mut limit) == 0).then_some(limit.rlim_cur)
    }
}

fn set(resource: Resource, value: libc::rlim_t) {
    // SAFETY: both calls read and write this one struct only.
    unsafe {
        let mut limit: libc::rlimit = mem::zeroed();
        if libc::getrlimit(resource, &raw mut limit) == 0 {
            limit.rlim_cur = value;
            libc::setrlimit(resource, &raw const limit);
        }
    }
}
