//! The arena gives out disjoint, aligned blocks and grows the last one in place. One test, because the
//! arena belongs to one thread for the life of the process.

use super::*;

#[test]
fn blocks_are_disjoint_aligned_and_grow_in_place() {
    let bump = Bump;
    let layout = |size, align| Layout::from_size_align(size, align).unwrap();
    // SAFETY: every block is used within its layout and given back with it.
    unsafe {
        let outside = bump.alloc(layout(64, 8));
        assert!(Bump::offset(outside).is_none(), "before it is switched on");
        switch_on();

        let one = bump.alloc(layout(10, 1));
        let two = bump.alloc(layout(16, 64));
        assert!(Bump::offset(one).is_some() && (two as usize).is_multiple_of(64));
        one.write_bytes(1, 10);
        two.write_bytes(2, 16);
        assert_eq!(*one.add(9), 1);

        let grown = bump.realloc(two, layout(16, 64), 4096);
        assert_eq!(grown, two, "the last block grows in place");
        let moved = bump.realloc(one, layout(10, 1), 20);
        assert_ne!(moved, one);
        assert_eq!(*moved.add(9), 1);
        let kept = bump.realloc(grown, layout(4096, 64), 8);
        assert_eq!(kept, grown, "a shrinking block stays");

        let last = bump.alloc(layout(32, 8));
        bump.dealloc(last, layout(32, 8));
        assert_eq!(
            bump.alloc(layout(32, 8)),
            last,
            "the last block is taken back"
        );

        let spilled = bump.alloc(layout(ARENA + 1, 8));
        assert!(Bump::offset(spilled).is_none());
        let spilled = bump.realloc(spilled, layout(ARENA + 1, 8), ARENA + 100);
        bump.dealloc(spilled, layout(ARENA + 100, 8));
        let last = bump.alloc(layout(8, 8));
        let spilled = bump.realloc(last, layout(8, 8), 2 * ARENA);
        assert!(
            Bump::offset(spilled).is_none(),
            "growth past the arena moves out"
        );
        bump.dealloc(spilled, layout(2 * ARENA, 8));

        let other = std::thread::spawn(|| {
            switch_on();
            let block = Bump.alloc(Layout::new::<u64>());
            let inside = Bump::offset(block).is_some();
            Bump.dealloc(block, Layout::new::<u64>());
            inside
        });
        assert!(
            !other.join().unwrap(),
            "another thread never gets the arena"
        );
        bump.dealloc(outside, layout(64, 8));
    }
}
