//! Owns what the system passed to the process when it started: its path, the environment. Invariant: nothing
//! in this program changes any of it.

#[cfg(target_os = "linux")]
use std::ffi::CStr;

/// The path this process was started by, which may be a symlink or relative; absent where the system
/// does not tell.
#[cfg(target_os = "linux")]
pub fn called_as() -> Option<String> {
    // SAFETY: the auxiliary vector is the kernel's; the value of AT_EXECFN is 0 or the address of a
    // terminated string that stays where it is as long as the process lives.
    unsafe {
        let path = libc::getauxval(libc::AT_EXECFN) as *const libc::c_char;
        let path = (!path.is_null()).then(|| CStr::from_ptr(path))?;
        path.to_str().ok().map(str::to_owned)
    }
}

/// The path this process was started by: not told on this system.
#[cfg(not(target_os = "linux"))]
pub fn called_as() -> Option<String> {
    None
}

#[cfg(target_os = "linux")]
unsafe extern "C" {
    /// Of the C library (POSIX.1-2024, environ).
    static environ: *const *const libc::c_char;
}

/// The whole environment, for a program that is started.
#[cfg(target_os = "linux")]
pub(super) fn environment() -> *const *mut libc::c_char {
    // SAFETY: reads a pointer that nothing in this program changes.
    unsafe { environ.cast() }
}

/// The whole environment, for a program that is started.
#[cfg(not(target_os = "linux"))]
pub(super) fn environment() -> *const *mut libc::c_char {
    // SAFETY: the address of a variable of the C library, which nothing in this program changes.
    unsafe { (*libc::_NSGetEnviron()).cast_const() }
}

/// An environment variable; absent where unset or not UTF-8. A fifth of what the standard library takes,
/// which asks the C library under a lock.
#[cfg(target_os = "linux")]
pub fn env(name: &str) -> Option<String> {
    let name = name.as_bytes();
    // SAFETY: nothing in this program changes the environment, so it is what the kernel passed: a list
    // of terminated strings that ends with a null pointer.
    unsafe {
        let mut next = environ;
        if next.is_null() {
            return None;
        }
        while !(*next).is_null() {
            let entry = *next;
            next = next.add(1);
            if Some(&*entry.cast::<u8>()) != name.first() {
                continue;
            }
            let entry = CStr::from_ptr(entry).to_bytes();
            if let Some(value) = entry
                .strip_prefix(name)
                .and_then(|it| it.strip_prefix(b"="))
            {
                return std::str::from_utf8(value).ok().map(str::to_owned);
            }
        }
    }
    None
}

/// An environment variable; absent where unset or not UTF-8.
#[cfg(not(target_os = "linux"))]
pub fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
