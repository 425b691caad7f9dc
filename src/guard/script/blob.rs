//! Owns the question whether git has exactly this content of a file: its blob id is looked for in the index
//! of the repository around it, without starting git. Does not own what follows from it. Invariant: a
//! file that was changed since it was last added is not known, and neither is one without a repository.

use crate::host::Host;
use crate::path::{INDEX_LIMIT, kept_by_git, repository_around};

/// A file larger than this is never looked up.
const FILE_LIMIT: usize = 1 << 20;

/// True where the index lists a file with the content of this one.
pub(super) fn is_known(host: &dyn Host, homes: &[String], path: &str) -> bool {
    let found = || {
        let (directory, _) = path.rsplit_once('/')?;
        let root = repository_around(host, directory, homes)?;
        let content = host.read(path, FILE_LIMIT).ok()?;
        let index = kept_by_git(host, &root, "index", INDEX_LIMIT)?;
        let id = id(&content);
        Some(index.windows(id.len()).any(|it| it == id))
    };
    found().unwrap_or(false)
}

/// The name that git gives a file's content: SHA-1 over a header and the bytes.
pub fn id(content: &[u8]) -> [u8; 20] {
    let mut message = format!("blob {}\0", content.len()).into_bytes();
    message.extend_from_slice(content);
    let bits = (message.len() as u64).wrapping_mul(8);
    message.push(0x80);
    while message.len() % 64 != 56 {
        message.push(0);
    }
    message.extend_from_slice(&bits.to_be_bytes());
    let mut state: [u32; 5] = [
        0x6745_2301,
        0xefcd_ab89,
        0x98ba_dcfe,
        0x1032_5476,
        0xc3d2_e1f0,
    ];
    for block in message.chunks_exact(64) {
        mix(&mut state, block);
    }
    let mut id = [0; 20];
    for (place, word) in id.chunks_exact_mut(4).zip(state) {
        place.copy_from_slice(&word.to_be_bytes());
    }
    id
}

/// One block of SHA-1 (FIPS 180-4, 6.1.3: the schedule of sixteen words is turned round).
#[expect(
    clippy::many_single_char_names,
    reason = "the standard's names of the working variables"
)]
fn mix(state: &mut [u32; 5], block: &[u8]) {
    let mut words = [0_u32; 16];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = bytes.iter().fold(0, |all, it| all << 8 | u32::from(*it));
    }
    let mut mixed = *state;
    for round in 0..80 {
        let [a, b, c, d, e] = mixed;
        let (choice, constant) = match round / 20 {
            0 => (b & c | !b & d, 0x5a82_7999_u32),
            1 => (b ^ c ^ d, 0x6ed9_eba1),
            2 => (b & c | b & d | c & d, 0x8f1b_bcdc),
            _ => (b ^ c ^ d, 0xca62_c1d6),
        };
        let [first, _, third, _, _, _, _, _, ninth, .., fourteenth, _, _] = words;
        let next = [a.rotate_left(5), choice, e, constant, first]
            .into_iter()
            .fold(0, u32::wrapping_add);
        words.rotate_left(1);
        if let Some(end) = words.last_mut() {
            *end = (fourteenth ^ ninth ^ third ^ first).rotate_left(1);
        }
        mixed = [next, a, b.rotate_left(30), c, d];
    }
    for (slot, value) in state.iter_mut().zip(mixed) {
        *slot = slot.wrapping_add(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::fake::FakeHost;

    fn hex(bytes: &[u8]) -> String {
        let mut text = String::new();
        crate::hex::push(&mut text, bytes);
        text
    }

    #[test]
    fn content_has_the_name_that_git_gives_it() {
        assert_eq!(hex(&id(b"")), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(
            hex(&id(b"hello\n")),
            "ce013625030ba8dba906f756967f9e9ca394464a"
        );
        assert_eq!(
            hex(&id(&[b'a'; 200])),
            "1d33d17ad3abab24046a78cf5a4abc31e69865b3"
        );
    }

    #[test]
    fn only_what_git_has_as_it_is_counts() {
        let host = FakeHost::new();
        let index = [b"DIRC....".as_slice(), &id(b"echo a\n"), b"run.sh"].concat();
        host.add_file("/w/p/.git/index", index);
        host.add_file("/w/p/s/run.sh", "echo a\n");
        host.add_file("/w/p/s/new.sh", "echo b\n");
        host.add_file("/w/run.sh", "echo a\n");
        assert!(is_known(&host, &[], "/w/p/s/run.sh"));
        assert!(!is_known(&host, &[], "/w/p/s/new.sh"));
        assert!(!is_known(&host, &[], "/w/run.sh"));
        assert!(!is_known(&host, &[], "/w/p/s/gone.sh"));
        // A worktree points to where its index is.
        host.add_file("/v/.git", "gitdir: /w/p/.git\n");
        host.add_file("/v/run.sh", "echo a\n");
        assert!(is_known(&host, &[], "/v/run.sh"));
    }
}
