//! Owns the layout of the compiled table: section order, record sizes and the predicate operations.
//! Shared by the compiler (also in the build script) and the reader. Invariant: changing anything here
//! changes [`VERSION`], so that a cached table of another layout is refused.

/// First bytes of a table.
pub(super) const MAGIC: [u8; 4] = *b"HBRT";
/// Version of this layout.
pub(super) const VERSION: u16 = 7;

/// Header: magic, version (u16), zero (u16), checksum (u64), then for each section of [`Section`] its
/// start (u32) and its length in bytes (u32).
pub(super) const HEADER: usize = 16 + 8 * SECTIONS;
pub(super) const SECTIONS: usize = 9;

/// The sections in file order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Section {
    /// Rule records of [`RULE`] bytes.
    Rules,
    /// Clause records of [`CLAUSE`] bytes.
    Clauses,
    /// Programs, sorted: name (u32), list (u32).
    Programs,
    /// Program prefixes (`mkfs*` without the star), as above.
    Prefixes,
    /// Lists of clauses: count (u16), clause numbers (u16 each). The first is that of clauses without a
    /// program, the second that of raw text, the third that of other tools.
    Lists,
    /// Keywords of raw text: hash (u16), clause (u16), keyword (u32), sorted by hash.
    Keywords,
    /// A bit for each hash of [`gram`] that starts a keyword; empty where there are no keywords.
    Grams,
    /// Predicates: operation (u8), payload length (u16), payload.
    Code,
    /// Strings: length (see [`LENGTH`]), text. The last section, and UTF-8 as a whole: it is checked
    /// once and not for every string that is looked at.
    Heap,
}

/// Bytes of a string's length: seven bits in each, the lowest first, so that a length is text as well.
pub(super) const LENGTH: usize = 3;

/// Where the heap starts; 0 in what is no table.
pub(super) const fn heap_start(bytes: &[u8]) -> usize {
    match bytes.split_at_checked(16 + 8 * Section::Heap as usize) {
        Some((_, [a, b, c, d, ..])) => u32::from_le_bytes([*a, *b, *c, *d]) as usize,
        _ => 0,
    }
}

/// id, pack, title, why, instead (u32 each), severity, decision, status, fallback (u8 each).
pub(super) const RULE: usize = 24;
/// rule (u16), code length (u16), code start (u32), needs (u64, see `needs`).
pub(super) const CLAUSE: usize = 16;

/// Predicate operations. A payload of strings is a sequence of u32 heap positions.
pub(crate) mod op {
    /// context mask (u32): any bit is set
    pub(crate) const CONTEXT_ANY: u8 = 1;
    /// context mask (u32): no bit is set
    pub(crate) const CONTEXT_NONE: u8 = 2;
    /// wanted (u8)
    pub(crate) const PROGRAM_UNKNOWN: u8 = 3;
    /// program patterns; only inside `not` and beside another program
    pub(crate) const PROGRAM: u8 = 4;
    pub(crate) const SUBCOMMAND: u8 = 5;
    pub(crate) const ANY_FLAG: u8 = 6;
    pub(crate) const ALL_FLAGS: u8 = 7;
    pub(crate) const NO_FLAG: u8 = 8;
    pub(crate) const ARG: u8 = 9;
    pub(crate) const NO_ARG: u8 = 10;
    pub(crate) const WORD: u8 = 11;
    pub(crate) const LAST: u8 = 12;
    /// minimum and maximum number of operands after the subcommand (u8, u8)
    pub(crate) const OPERANDS: u8 = 13;
    pub(crate) const ARG_TEXT: u8 = 14;
    /// kinds (u16), recursive (u8), unknown (u8), classes (u64), other classes (u64), number of `at`
    /// globs (u16), tracked (u8), zero (u8), then `at` and `not_at` globs; 2 means "either" in the u8 fields
    pub(crate) const ACCESS: u8 = 15;
    /// operators (u16), zero (u16), classes (u64), `at` globs
    pub(crate) const REDIRECT: u8 = 16;
    pub(crate) const PIPED_FROM: u8 = 17;
    pub(crate) const PIPED_TO: u8 = 18;
    pub(crate) const FED_BY_SUBSTITUTION: u8 = 19;
    pub(crate) const RUNS_OUTPUT_OF: u8 = 20;
    pub(crate) const ENV: u8 = 21;
    pub(crate) const HOST: u8 = 22;
    pub(crate) const TOOL: u8 = 23;
    /// regex
    pub(crate) const TEXT: u8 = 24;
    /// predicates, at least one of which must fail
    pub(crate) const NOT: u8 = 25;
    /// minimum number of arguments, flags included (u8)
    pub(crate) const MIN_WORDS: u8 = 26;
    /// wanted (u8)
    pub(crate) const FORKS_ITSELF: u8 = 27;
    /// globs
    pub(crate) const ON_BRANCH: u8 = 28;
    pub(crate) const GOES_TO: u8 = 29;
    pub(crate) const UNDER_ENV: u8 = 30;
    /// wanted (u8)
    pub(crate) const SENDS_FILES: u8 = 36;
    /// wanted (u8)
    pub(crate) const STRANGE_PACKAGE: u8 = 37;
    /// globs
    pub(crate) const VARIABLE: u8 = 40;
    /// as [`TOOL`], every glob with [`super::MCP`] in front: the other tools need no look at any
    pub(crate) const TOOL_OF_SERVER: u8 = 41;
    /// wanted (u8)
    pub(crate) const TELLS_VALUES: u8 = 42;
}

/// What the name of every tool of an MCP server starts with.
pub(super) const MCP: &str = "mcp__";

/// Bytes of [`op::ACCESS`] and [`op::REDIRECT`] before their globs.
pub(super) const ACCESS_HEAD: usize = 24;
pub(super) const REDIRECT_HEAD: usize = 12;

/// Hash of the last three letters of a text, ignoring case, below 4096: the hash up to the letter before
/// and the letter. Every letter before those three has gone out of it.
pub(super) fn gram(before: u16, letter: u8) -> u16 {
    (before << 4 ^ u16::from(letter | 0x20)) & 0xfff
}

/// Checksum of everything after the header's first 16 bytes. It finds damage, not malice.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64 ^ bytes.len() as u64;
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        let word = word.try_into().map_or(0, u64::from_le_bytes);
        sum = (sum ^ word).wrapping_mul(0x100_0000_01b3).rotate_left(23);
    }
    for &byte in words.remainder() {
        sum = (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    sum
}
