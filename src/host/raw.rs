//! Owns what needs `unsafe`: the crash handling of the hook process, raw streams, random bytes. Does not
//! own decisions: it is told the failing direction. Invariant: once [`guard_process`] ran, no way to die
//! short of SIGKILL leaves without the exit code and the reason of that direction.
#![expect(
    unsafe_code,
    reason = "signals, limits and raw streams are C calls; every block says why it holds"
)]

mod buffer;
mod clock;
mod detach;
mod exec;
mod limit;
mod passed;

use std::io;
use std::mem::{self, MaybeUninit};
use std::os::fd::RawFd;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

use self::buffer::Buffer;
use self::clock::monotonic_us;
pub(super) use self::clock::now;
pub use self::detach::detach;
pub use self::exec::exec;
pub use self::passed::{called_as, env};

/// What a failure of hookbin itself answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Direction {
    /// A lifecycle event: reported on stderr, exit 0, the agent is never trapped.
    Open,
    /// The event is not known yet: exit 2 with the reason on stderr.
    Closed,
    /// PreToolUse: as `Closed`, and the denial as JSON on stdout where nothing was written yet.
    Denying,
    /// Observe mode: exit 0 without a word.
    Silent,
}

/// Longer than any honest event takes, shorter than the client's patience.
const DEADLINE_SECONDS: u8 = 2;
/// Enough for a handler that writes and leaves.
const HANDLER_STACK: usize = 16 * 1024;

static DIRECTION: AtomicU8 = AtomicU8::new(Direction::Closed as u8);
static ANSWERED: AtomicBool = AtomicBool::new(false);

/// Written to by the kernel only, as the stack of the signal handlers.
struct Stack(std::cell::UnsafeCell<MaybeUninit<[u8; HANDLER_STACK]>>);
// SAFETY: no Rust code reads or writes it; the kernel runs one handler at a time on it.
unsafe impl Sync for Stack {}
static STACK: Stack = Stack(std::cell::UnsafeCell::new(MaybeUninit::uninit()));

/// Makes every way to fail end in the exit code of the direction: panics, fatal signals on a stack of
/// their own, a deadline, a memory limit. To be called first in the hook process, and only there.
pub fn guard_process(direction: Direction) {
    BEGUN.store(monotonic_us(), Ordering::Relaxed);
    set_direction(direction);
    std::panic::set_hook(Box::new(|info| {
        let at = info.location();
        fail_at(
            &FATAL_ERROR,
            at.map_or("", |it| it.file()),
            at.map_or(0, std::panic::Location::line),
        );
    }));
    // SAFETY: plain C calls on memory that lives as long as the process; the handler only uses
    // atomics, poll, write and _exit, which are async-signal-safe. A call that fails leaves that one
    // protection out, which is no worse than before it.
    unsafe {
        let stack = libc::stack_t {
            ss_sp: STACK.0.get().cast(),
            ss_flags: 0,
            ss_size: HANDLER_STACK,
        };
        libc::sigaltstack(&raw const stack, ptr::null_mut());
        install_handlers();
        limit::lower();
        arm(DEADLINE_SECONDS);
    }
}

/// When [`guard_process`] ran, in microseconds of the monotonic clock; 0 where it never did.
static BEGUN: AtomicU64 = AtomicU64::new(0);

/// Microseconds since [`guard_process`] ran; 0 in a process without it.
pub fn uptime_us() -> u64 {
    match BEGUN.load(Ordering::Relaxed) {
        0 => 0,
        begun => monotonic_us().saturating_sub(begun),
    }
}

/// The signals that mean a failure of ours.
const FATAL: [libc::c_int; 8] = [
    libc::SIGSEGV,
    libc::SIGBUS,
    libc::SIGABRT,
    libc::SIGILL,
    libc::SIGFPE,
    libc::SIGTRAP,
    libc::SIGSYS,
    libc::SIGALRM,
];

/// SAFETY: to be called once, from the only thread.
unsafe fn install_handlers() {
    // SAFETY: a zeroed sigaction and sigset are valid; the kernel copies both.
    unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        let handler: extern "C" fn(libc::c_int) = on_signal;
        action.sa_sigaction = handler as *const () as libc::sighandler_t;
        action.sa_flags = libc::SA_ONSTACK;
        // One at a time: a second fault inside the handler is a kill, and that is the end anyway.
        libc::sigfillset(&raw mut action.sa_mask);
        let mut ours: libc::sigset_t = mem::zeroed();
        libc::sigemptyset(&raw mut ours);
        for signal in FATAL {
            libc::sigaction(signal, &raw const action, ptr::null_mut());
            libc::sigaddset(&raw mut ours, signal);
        }
        // A mask inherited from the parent must not keep the deadline away.
        libc::sigprocmask(libc::SIG_UNBLOCK, &raw const ours, ptr::null_mut());
        // A closed pipe and a file size limit become errors that can be answered.
        libc::signal(libc::SIGPIPE, libc::SIG_IGN);
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
}

fn arm(seconds: u8) {
    // SAFETY: the kernel copies the struct.
    unsafe {
        let mut timer: libc::itimerval = mem::zeroed();
        timer.it_value.tv_sec = seconds.into();
        libc::setitimer(libc::ITIMER_REAL, &raw const timer, ptr::null_mut());
    }
}

/// Sets what a failure answers, once more is known about the event.
pub fn set_direction(direction: Direction) {
    DIRECTION.store(direction as u8, Ordering::Relaxed);
}

/// The direction in force.
pub fn direction() -> Direction {
    match DIRECTION.load(Ordering::Relaxed) {
        it if it == Direction::Open as u8 => Direction::Open,
        it if it == Direction::Denying as u8 => Direction::Denying,
        it if it == Direction::Silent as u8 => Direction::Silent,
        _ => Direction::Closed,
    }
}

/// What happened, for the two streams: prebuilt, because a handler may not format.
struct Failure {
    /// Beginning of the line on stderr.
    what: &'static [u8],
    /// The denial on stdout.
    denial: &'static [u8],
}

macro_rules! failure {
    ($what:literal) => {
        Failure {
            what: concat!("hookbin failed: ", $what).as_bytes(),
            denial: concat!(
                r#"{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","#,
                r#""permissionDecisionReason":"hookbin failed: "#,
                $what,
                r#"; the call is denied because it could not be judged"}}"#,
                "\n"
            )
            .as_bytes(),
        }
    };
}

static FATAL_ERROR: Failure = failure!("internal error");
static DEADLINE: Failure = failure!("no decision within 2 seconds");
static ABORTED: Failure = failure!("out of memory or aborted");
static CRASHED: Failure = failure!("crashed");

extern "C" fn on_signal(signal: libc::c_int) {
    let failure = match signal {
        libc::SIGALRM => &DEADLINE,
        libc::SIGABRT => &ABORTED,
        _ => &CRASHED,
    };
    fail_at(failure, "", 0);
}

/// Writes the reason and leaves. Async-signal-safe: no allocation, no lock, no formatting machinery.
fn fail_at(failure: &Failure, file: &str, line: u32) -> ! {
    let direction = direction();
    if direction != Direction::Silent {
        if direction == Direction::Denying && !ANSWERED.swap(true, Ordering::Relaxed) {
            write_if_ready(libc::STDOUT_FILENO, failure.denial);
        }
        let mut text = Buffer::default();
        text.push(failure.what);
        if !file.is_empty() {
            text.push(b" at ");
            // The end of the path says enough and nothing about the machine it was built on.
            text.push(file.rsplit('/').next().unwrap_or_default().as_bytes());
            text.push(b":");
            text.push_number(line);
        }
        text.push(match direction {
            Direction::Open => b"; the event goes unanswered\n".as_slice(),
            _ => b"; the call is denied because it could not be judged\n".as_slice(),
        });
        write_if_ready(libc::STDERR_FILENO, text.filled());
    }
    leave(match direction {
        Direction::Open | Direction::Silent => 0,
        Direction::Closed | Direction::Denying => 2,
    })
}

/// One write, and only where it does not block: a stuck reader must not keep a failing process alive.
fn write_if_ready(fd: RawFd, bytes: &[u8]) {
    // SAFETY: poll and write on memory that outlives the calls.
    unsafe {
        let mut state = libc::pollfd {
            fd,
            events: libc::POLLOUT,
            revents: 0,
        };
        if libc::poll(&raw mut state, 1, 0) == 1 && state.revents & libc::POLLOUT != 0 {
            libc::write(fd, bytes.as_ptr().cast(), bytes.len());
        }
    }
}

/// Ends the process at once, without destructors or exit handlers.
pub fn leave(code: i32) -> ! {
    // SAFETY: _exit has no preconditions.
    unsafe { libc::_exit(code) }
}

/// What stdin is read in at first: nearly every event fits.
const FIRST_READ: usize = 64 * 1024;

/// Reads standard input to its end.
///
/// Errors: more than `limit` bytes, or a stream that cannot be read.
pub fn read_stdin(limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes: Vec<u8> = Vec::with_capacity(FIRST_READ);
    loop {
        if bytes.len() > limit {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("input is larger than {limit} bytes"),
            ));
        }
        if bytes.len() == bytes.capacity() {
            bytes.reserve(bytes.len());
        }
        let room = bytes.spare_capacity_mut();
        // SAFETY: the kernel writes at most `room.len()` bytes to `room`.
        let count = unsafe { libc::read(libc::STDIN_FILENO, room.as_mut_ptr().cast(), room.len()) };
        match usize::try_from(count) {
            Ok(0) => {
                // What is allocated next follows what was read, not what could have been.
                bytes.shrink_to_fit();
                return Ok(bytes);
            }
            // SAFETY: so many bytes behind the old length were just written.
            Ok(count) => unsafe { bytes.set_len(bytes.len() + count) },
            Err(_) => match io::Error::last_os_error() {
                error if error.kind() == io::ErrorKind::Interrupted => {}
                error => return Err(error),
            },
        }
    }
}

/// Writes the answer.
pub fn write_stdout(bytes: &[u8]) -> io::Result<()> {
    ANSWERED.store(true, Ordering::Relaxed);
    write_all(libc::STDOUT_FILENO, bytes)
}

/// Writes to standard error.
pub fn write_stderr(bytes: &[u8]) -> io::Result<()> {
    write_all(libc::STDERR_FILENO, bytes)
}

fn write_all(fd: RawFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        // SAFETY: the pointer and length are those of a live slice.
        let count = unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) };
        match usize::try_from(count) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(_) => match io::Error::last_os_error() {
                error if error.kind() == io::ErrorKind::Interrupted => {}
                error => return Err(error),
            },
        }
    }
    Ok(())
}

/// The user as whom the process acts.
pub(super) fn user() -> u32 {
    // SAFETY: geteuid has no preconditions and cannot fail.
    unsafe { libc::geteuid() }
}

/// Sixteen bytes nobody can guess. Where the kernel gives none: bytes nobody else has at this moment.
pub fn random() -> [u8; 16] {
    let mut bytes = [0u8; 16];
    if !fill_randomly(&mut bytes) {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |it| it.as_nanos());
        bytes = (now ^ (u128::from(std::process::id()) << 96)).to_le_bytes();
    }
    bytes
}

#[cfg(target_os = "linux")]
fn fill_randomly(bytes: &mut [u8; 16]) -> bool {
    // SAFETY: writes at most the slice's length to it; so few bytes come whole or not at all.
    unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), bytes.len(), 0) == 16 }
}

#[cfg(not(target_os = "linux"))]
fn fill_randomly(bytes: &mut [u8; 16]) -> bool {
    // SAFETY: writes at most the slice's length to it.
    unsafe { libc::getentropy(bytes.as_mut_ptr().cast(), bytes.len()) == 0 }
}

/// Switches a file between appending and positioned writes.
pub(super) fn set_appending(fd: RawFd, appending: bool) -> io::Result<()> {
    // SAFETY: changes one status flag of an open file.
    let done = unsafe {
        let flags = libc::fcntl(fd, libc::F_GETFL);
        let flags = if appending {
            flags | libc::O_APPEND
        } else {
            flags & !libc::O_APPEND
        };
        libc::fcntl(fd, libc::F_SETFL, flags)
    };
    if done < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
