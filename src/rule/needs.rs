//! Owns the mask of what a clause needs of an invocation at all, and how it is compared. Shared with the
//! build script. Does not own what an invocation has (`facts`). Invariant: a mask never asks for more
//! than the clause's own predicates do, so that leaving a clause out by it changes no result.

use super::code::op;

/// An assignment, or a program that makes one.
pub(super) const ENVIRONMENT: u64 = 1;
/// A redirect.
pub(super) const REDIRECT: u64 = 1 << 1;
/// Input from a pipe.
pub(super) const FED: u64 = 1 << 2;
/// Output into a pipe.
pub(super) const FEEDS: u64 = 1 << 3;
/// The output of another program in an argument or as input.
pub(super) const SUBSTITUTED: u64 = 1 << 4;
/// Another invocation before it in the text.
pub(super) const LATER: u64 = 1 << 5;
/// Another invocation in the text.
pub(super) const ACCOMPANIED: u64 = 1 << 6;
/// In the background of a function.
pub(super) const FORKED: u64 = 1 << 7;
/// A program that is not known.
pub(super) const UNKNOWN: u64 = 1 << 8;
/// A program that is known, or none.
pub(super) const KNOWN: u64 = 1 << 9;

/// One of these kinds of access, of these kinds of recursive access, and of these contexts: the first
/// bit of each group of sixteen, which holds where it is empty.
pub(super) const KINDS: u32 = 16;
pub(super) const RECURSIVE: u32 = 32;
pub(super) const CONTEXTS: u32 = 48;

/// True where facts meet needs: all of the lowest group, and any of each other.
pub(super) fn met(needs: u64, facts: u64) -> bool {
    let any = |group: u32| {
        let wanted = bits(needs, group);
        wanted == 0 || wanted & bits(facts, group) != 0
    };
    bits(needs, 0) & !facts == 0 && any(KINDS) && any(RECURSIVE) && any(CONTEXTS)
}

/// What a conjunction needs.
pub(super) fn of(predicates: &[(u8, Vec<u8>)]) -> u64 {
    let mut needs = 0;
    for (operation, payload) in predicates {
        let byte = |at: usize| payload.get(at).copied().unwrap_or_default();
        let pair = u64::from(byte(0)) | u64::from(byte(1)) << 8;
        let positive = |fact: u64| if byte(0) == 1 { fact } else { 0 };
        needs |= match *operation {
            op::ENV => ENVIRONMENT,
            op::REDIRECT => REDIRECT,
            op::PIPED_FROM => FED,
            op::PIPED_TO => FEEDS,
            op::FED_BY_SUBSTITUTION => SUBSTITUTED,
            op::RUNS_OUTPUT_OF | op::GOES_TO => ACCOMPANIED,
            op::FORKS_ITSELF => positive(FORKED),
            op::PROGRAM_UNKNOWN if byte(0) == 1 => UNKNOWN,
            op::PROGRAM_UNKNOWN => KNOWN,
            op::ACCESS if byte(2) == 1 => first(needs, RECURSIVE, pair),
            op::ACCESS => first(needs, KINDS, pair),
            op::CONTEXT_ANY => first(needs, CONTEXTS, pair),
            _ => 0,
        };
    }
    needs
}

/// The bits of a group: of several predicates only the first counts, as the others are alternatives to
/// its own.
fn first(needs: u64, group: u32, wanted: u64) -> u64 {
    if bits(needs, group) == 0 {
        wanted << group
    } else {
        0
    }
}

/// One group of a mask.
fn bits(mask: u64, group: u32) -> u64 {
    mask >> group & 0xffff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_is_left_out_only_for_what_it_cannot_do_without() {
        let access = |kinds: u8, recursive: u8| (op::ACCESS, vec![kinds, 0, recursive, 2]);
        let read = 1 << KINDS;
        let tree = 1 << RECURSIVE | read;
        for (predicates, facts, expected) in [
            (vec![], 0, true),
            (vec![(op::ARG, vec![])], 0, true),
            (vec![(op::NOT, vec![op::ENV, 0, 0])], 0, true),
            (vec![(op::ENV, vec![])], 0, false),
            (vec![(op::ENV, vec![])], ENVIRONMENT | FED, true),
            (
                vec![(op::ENV, vec![]), (op::REDIRECT, vec![])],
                ENVIRONMENT,
                false,
            ),
            (vec![access(3, 2)], read, true),
            (vec![access(3, 0)], tree, true),
            (vec![access(2, 2)], read, false),
            (vec![access(1, 1)], read, false),
            (vec![access(1, 1)], tree, true),
            // The second would need another bit; no bit can say both.
            (vec![access(1, 2), access(2, 2)], read, true),
            (
                vec![(op::CONTEXT_ANY, vec![0, 0x40, 0, 0])],
                1 << (CONTEXTS + 14),
                true,
            ),
            (
                vec![(op::CONTEXT_ANY, vec![0, 0x40, 0, 0])],
                1 << CONTEXTS,
                false,
            ),
            (vec![(op::PROGRAM_UNKNOWN, vec![1])], KNOWN, false),
            (vec![(op::PROGRAM_UNKNOWN, vec![0])], KNOWN, true),
            (vec![(op::FORKS_ITSELF, vec![0])], 0, true),
        ] {
            assert_eq!(met(of(&predicates), facts), expected, "{predicates:?}");
        }
    }
}
