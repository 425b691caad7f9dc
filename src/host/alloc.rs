//! Owns the memory of the hook process: [`Bump`], an arena that gives out and never takes back, because
//! the process ends before that could matter. Does not own what happens past its end: the system
//! allocator. Invariant: only the one thread that called [`switch_on`] uses the arena, until it calls
//! [`switch_off`]; before and after that this is the system allocator.
#![expect(
    unsafe_code,
    reason = "a global allocator is unsafe by nature; every block says why it holds"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Enough for a script of a quarter of a megabyte; more of it would count against a limit of memory.
const ARENA: usize = 4 << 20;

/// In BSS: pages that are not touched cost nothing.
#[repr(align(4096))]
struct Arena(UnsafeCell<[u8; ARENA]>);
// SAFETY: `Bump` hands out disjoint ranges and never reads or writes them itself otherwise.
unsafe impl Sync for Arena {}
static MEMORY: Arena = Arena(UnsafeCell::new([0; ARENA]));

/// Offset of the first free byte; written by the owning thread only.
static NEXT: AtomicUsize = AtomicUsize::new(0);
static TAKEN: AtomicBool = AtomicBool::new(false);

thread_local! {
    static OWNER: Cell<bool> = const { Cell::new(false) };
}

/// The arena serves this thread from here on; the first caller wins, others change nothing.
pub fn switch_on() {
    if !TAKEN.swap(true, Ordering::AcqRel) {
        OWNER.set(true);
    }
}

/// The system serves this thread again. What the arena gave out stays where it is.
pub fn switch_off() {
    OWNER.set(false);
}

/// The global allocator of the executable.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bump;

impl Bump {
    /// The offset of a block in the arena, absent for memory of the system.
    #[inline]
    fn offset(block: *mut u8) -> Option<usize> {
        let offset = (block as usize).wrapping_sub(MEMORY.0.get() as usize);
        (offset < ARENA).then_some(offset)
    }

    #[inline]
    fn take(layout: Layout) -> Option<*mut u8> {
        let next = NEXT.load(Ordering::Relaxed);
        let start = next.checked_add(layout.align() - 1)? & !(layout.align() - 1);
        let end = start.checked_add(layout.size())?;
        // The arena itself is aligned to a page; what wants more goes to the system.
        if end > ARENA || layout.align() > 4096 {
            return None;
        }
        NEXT.store(end, Ordering::Relaxed);
        // SAFETY: `start` is inside the arena.
        Some(unsafe { MEMORY.0.get().cast::<u8>().add(start) })
    }
}

// SAFETY: blocks are disjoint: `NEXT` only moves past a block that is given out, and back only over the
// last one when that is given back. Only the owning thread moves it, so plain loads and stores suffice.
// Everything else is passed on to the system allocator with the same layout it came with.
unsafe impl GlobalAlloc for Bump {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if OWNER.get()
            && let Some(block) = Self::take(layout)
        {
            return block;
        }
        // SAFETY: the caller's contract is passed on.
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match Self::offset(block) {
            None => {
                // SAFETY: not from the arena, so from the system, with this layout.
                unsafe { System.dealloc(block, layout) }
            }
            Some(start) => {
                if OWNER.get() && start + layout.size() == NEXT.load(Ordering::Relaxed) {
                    NEXT.store(start, Ordering::Relaxed);
                }
            }
        }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Some(start) = Self::offset(block) else {
            // SAFETY: not from the arena, so from the system, with this layout.
            return unsafe { System.realloc(block, layout, size) };
        };
        if OWNER.get()
            && start + layout.size() == NEXT.load(Ordering::Relaxed)
            && start.checked_add(size).is_some_and(|it| it <= ARENA)
        {
            NEXT.store(start + size, Ordering::Relaxed);
            return block;
        }
        if size <= layout.size() {
            return block;
        }
        // SAFETY: the new layout is valid by the caller's contract; the new block is larger than the
        // old one and disjoint from it.
        unsafe {
            let larger = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !larger.is_null() {
                ptr::copy_nonoverlapping(block, larger, layout.size());
            }
            larger
        }
    }
}

#[cfg(test)]
mod tests;
