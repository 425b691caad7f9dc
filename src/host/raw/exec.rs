//! Owns handing the process over to another program: [`exec`]. The standard library's way brings all of its
//! starting of processes into an executable that starts none.

use std::ffi::CString;
use std::io;
use std::ptr;

/// Turns this process into the program at an absolute path. `args` begin with the program's own name; the
/// environment stays. Comes back only with the reason why it could not.
pub fn exec(path: &str, args: &[String]) -> io::Error {
    let Ok(path) = CString::new(path) else {
        return io::ErrorKind::InvalidInput.into();
    };
    let args: Result<Vec<CString>, _> = args.iter().map(|it| CString::new(it.as_str())).collect();
    let Ok(args) = args else {
        return io::ErrorKind::InvalidInput.into();
    };
    let mut pointers: Vec<*const libc::c_char> = args.iter().map(|it| it.as_ptr()).collect();
    pointers.push(ptr::null());
    // SAFETY: a terminated path and a list of terminated strings that ends with a null pointer; all of them
    // outlive the call, which only reads them.
    unsafe {
        libc::execv(path.as_ptr(), pointers.as_ptr());
    }
    io::Error::last_os_error()
}
