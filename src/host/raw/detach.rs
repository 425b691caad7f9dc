//! Owns starting a program that outlives this process: [`detach`], the one way in which the hook starts
//! anything. Invariant: the program has none of our streams, files, locks, limits, timers, handlers or
//! masks, and no terminal; user and environment are all that it shares.

use std::ffi::{CStr, CString};
use std::io;
use std::mem::MaybeUninit;
use std::ptr;

use super::limit;

#[cfg(target_os = "linux")]
const SETSID: libc::c_short = libc::POSIX_SPAWN_SETSID;
/// Of Apple's <spawn.h>.
#[cfg(not(target_os = "linux"))]
const SETSID: libc::c_short = 0x0400;

/// Descriptors looked at where the system does not list those that are open.
const DESCRIPTORS: libc::c_int = 1024;

/// Starts the program at an absolute path in a session of its own and does not wait for it. `args` begin
/// with the program's own name.
///
/// Errors: it cannot be started.
pub fn detach(path: &str, args: &[String]) -> io::Result<()> {
    let path = CString::new(path)?;
    let args: Vec<CString> = args
        .iter()
        .map(|it| CString::new(it.as_str()))
        .collect::<Result<_, _>>()?;
    let mut pointers: Vec<*mut libc::c_char> =
        args.iter().map(|it| it.as_ptr().cast_mut()).collect();
    pointers.push(ptr::null_mut());
    close_all_on_exec();
    let actions = Actions::new()?;
    let attributes = Attributes::new()?;
    limit::lifted(|| {
        let mut child: libc::pid_t = 0;
        // SAFETY: a terminated path, a list of terminated strings that ends with a null pointer, the
        // environment as the kernel passed it, and two initialised objects; all outlive the call.
        let error = unsafe {
            libc::posix_spawn(
                &raw mut child,
                path.as_ptr(),
                &raw const actions.0,
                &raw const attributes.0,
                pointers.as_ptr(),
                super::passed::environment(),
            )
        };
        result(error)
    })
}

/// Whatever the client left open for us stays with us: an open pipe keeps its reader waiting.
fn close_all_on_exec() {
    let listed = std::fs::read_dir("/dev/fd").map(|entries| {
        let names = entries.flatten().map(|it| it.file_name());
        names
            .filter_map(|it| it.to_str()?.parse().ok())
            .collect::<Vec<libc::c_int>>()
    });
    let open = listed.unwrap_or_else(|_| (0..DESCRIPTORS).collect());
    for descriptor in open.into_iter().filter(|it| *it > libc::STDERR_FILENO) {
        // SAFETY: changes one flag of a descriptor; one that is not open is an error without effect.
        unsafe {
            libc::fcntl(descriptor, libc::F_SETFD, libc::FD_CLOEXEC);
        }
    }
}

/// What becomes of descriptors and the working directory: nothing of ours stays.
struct Actions(libc::posix_spawn_file_actions_t);

impl Actions {
    fn new() -> io::Result<Self> {
        let mut actions = MaybeUninit::uninit();
        // SAFETY: initialises the object, which is only then taken for one.
        let mut actions = unsafe {
            result(libc::posix_spawn_file_actions_init(actions.as_mut_ptr()))?;
            Self(actions.assume_init())
        };
        for descriptor in 0..=libc::STDERR_FILENO {
            // SAFETY: an initialised object and a terminated path, which is copied.
            result(unsafe {
                libc::posix_spawn_file_actions_addopen(
                    &raw mut actions.0,
                    descriptor,
                    NOWHERE.as_ptr(),
                    libc::O_RDWR,
                    0,
                )
            })?;
        }
        // SAFETY: an initialised object and a terminated path, which is copied.
        result(unsafe {
            libc::posix_spawn_file_actions_addchdir_np(&raw mut actions.0, ROOT.as_ptr())
        })?;
        Ok(actions)
    }
}

const NOWHERE: &CStr = c"/dev/null";
const ROOT: &CStr = c"/";

impl Drop for Actions {
    fn drop(&mut self) {
        // SAFETY: an initialised object that nobody uses any more.
        unsafe {
            libc::posix_spawn_file_actions_destroy(&raw mut self.0);
        }
    }
}

/// A session of its own, no signal masked, none ignored or handled.
struct Attributes(libc::posix_spawnattr_t);

impl Attributes {
    fn new() -> io::Result<Self> {
        let mut attributes = MaybeUninit::uninit();
        // SAFETY: initialises the object, which is only then taken for one.
        let mut attributes = unsafe {
            result(libc::posix_spawnattr_init(attributes.as_mut_ptr()))?;
            Self(attributes.assume_init())
        };
        let flags = [libc::POSIX_SPAWN_SETSIGMASK, libc::POSIX_SPAWN_SETSIGDEF];
        let flags = flags.into_iter().fold(SETSID, |all, it| {
            all | libc::c_short::try_from(it).unwrap_or(0)
        });
        let mut none = MaybeUninit::uninit();
        let mut every = MaybeUninit::uninit();
        // SAFETY: the sets are filled before they are read, and copied into an initialised object.
        unsafe {
            libc::sigemptyset(none.as_mut_ptr());
            libc::sigfillset(every.as_mut_ptr());
            result(libc::posix_spawnattr_setsigmask(
                &raw mut attributes.0,
                none.as_ptr(),
            ))?;
            result(libc::posix_spawnattr_setsigdefault(
                &raw mut attributes.0,
                every.as_ptr(),
            ))?;
            result(libc::posix_spawnattr_setflags(&raw mut attributes.0, flags))?;
        }
        Ok(attributes)
    }
}

impl Drop for Attributes {
    fn drop(&mut self) {
        // SAFETY: an initialised object that nobody uses any more.
        unsafe {
            libc::posix_spawnattr_destroy(&raw mut self.0);
        }
    }
}

/// These calls return the error instead of storing it.
fn result(error: libc::c_int) -> io::Result<()> {
    match error {
        0 => Ok(()),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}
