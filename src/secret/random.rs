//! Owns whether a value looks as a generator of secrets would make it, or as a person does who needs an
//! example. Does not own kinds of secrets. Invariant: in doubt a value is an example.

/// True for what a generator may have made: many different characters, in no order.
pub(super) fn is_random(value: &[u8]) -> bool {
    let hex = value.iter().all(|it| it.is_ascii_hexdigit() || *it == b'-');
    let least = if hex {
        (value.len() * 3 / 8).min(8)
    } else {
        (value.len() / 2).min(14)
    };
    distinct(value) >= least && !is_ordered(value) && !repeats(value) && !says_example(value)
}

/// True where letters and digits alternate as they do in no words: `kX9f2` rather than `long-name-2`.
pub(super) fn is_mixed(value: &[u8]) -> bool {
    changes(value) * 7 >= value.len()
}

/// How often lower case, upper case and digits follow each other.
pub(super) fn changes(value: &[u8]) -> usize {
    let changes = value.windows(2).filter(|it| match it {
        [a, b] => class(*a) != class(*b) && class(*a) != Class::Other && class(*b) != Class::Other,
        _ => false,
    });
    changes.count()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Digit,
    Other,
}

fn class(byte: u8) -> Class {
    match byte {
        b'a'..=b'z' => Class::Lower,
        b'A'..=b'Z' => Class::Upper,
        b'0'..=b'9' => Class::Digit,
        _ => Class::Other,
    }
}

/// How many of lower case, upper case, digits and others occur.
pub(super) fn classes(value: &[u8]) -> usize {
    [Class::Lower, Class::Upper, Class::Digit, Class::Other]
        .iter()
        .filter(|it| value.iter().any(|byte| class(*byte) == **it))
        .count()
}

fn distinct(value: &[u8]) -> usize {
    let (mut low, mut high) = (0_u64, 0_u64);
    for byte in value {
        let bit = 1 << (byte & 63);
        if byte & 64 == 0 {
            low |= bit;
        } else {
            high |= bit;
        }
    }
    (low.count_ones() + high.count_ones()) as usize
}

/// `123456`, `fedcba`, `aaaaaa`, `a1b2c3d4`.
fn is_ordered(value: &[u8]) -> bool {
    /// In a long value zero bytes make a run of `A`.
    const LONG: usize = 100;
    let folded = |at: usize| value.get(at).map_or(0, u8::to_ascii_lowercase);
    let most = if value.len() > LONG { 24 } else { 5 };
    let (mut up, mut down, mut same, mut woven) = (0, 0, 0, 0);
    for at in 0..value.len() {
        let (it, next, second) = (folded(at), folded(at + 1), folded(at + 2));
        let step = |run: usize, holds: bool| if holds { run + 1 } else { 0 };
        up = step(up, next == it.wrapping_add(1));
        down = step(down, next.wrapping_add(1) == it);
        same = step(same, next == it);
        woven = step(woven, second == it.wrapping_add(1));
        if up >= 5 || down >= 5 || same >= most || woven >= 6 {
            return true;
        }
    }
    false
}

/// `deadbeefdeadbeef`: a piece of up to 20 characters, again and again.
fn repeats(value: &[u8]) -> bool {
    (1..=20.min(value.len() / 2)).any(|period| {
        let ahead = value.get(period..).unwrap_or_default();
        ahead.iter().zip(value).all(|(a, b)| a == b)
    })
}

/// What people write in place of a secret.
const EXAMPLES: &str = "example sample dummy placeholder redacted changeme change_me change-me replace insert_ \
    yourkey your_ your- youra yours youro yourt xxxx notareal not_a_real not-a-real notreal notasecret not-a-secret \
    fakekey fake_ fake- faket test_ test- testing testkey testtoken invalid deadbeef cafebabe facefeed badc0ffee qwerty \
    foobar passw p4ss p@ss letmein secret_ my_ mysecret supersecret undefined todo localhost enter_ put_ \
    lorem ipsum abc123 abcd1234 hunter2 ....";

/// True where the value says itself, at either end, that it is none.
pub(super) fn says_example(value: &[u8]) -> bool {
    /// In the middle of a long value words come up by chance.
    const NEAR: usize = 128;
    let near = value.first_chunk::<NEAR>().map_or(value, |it| it);
    let far = value.last_chunk::<NEAR>().map_or(&[][..], |it| it);
    [near, far].into_iter().any(|end| {
        let end = end.to_ascii_lowercase();
        // Most places are done with at the first byte.
        let holds = |word: &str| {
            let word = word.as_bytes();
            let mut places = end.windows(word.len());
            places.any(|it| it.first() == word.first() && it == word)
        };
        EXAMPLES.split_ascii_whitespace().any(holds)
    })
}

/// The checksum that GitHub and npm end their tokens in: six digits of base 62, of all before them.
pub(super) fn ends_in_checksum(body: &[u8]) -> bool {
    body.split_last_chunk::<6>()
        .is_some_and(|(text, tail)| checksum(text) == *tail)
}

fn checksum(text: &[u8]) -> [u8; 6] {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut sum = crc(text);
    let mut tail = [b'0'; 6];
    for place in tail.iter_mut().rev() {
        *place = DIGITS.get((sum % 62) as usize).copied().unwrap_or(b'0');
        sum /= 62;
    }
    tail
}

/// The text with its checksum behind it.
#[cfg(test)]
pub(crate) fn summed(text: &str) -> String {
    let tail = checksum(text.as_bytes());
    text.chars().chain(tail.map(char::from)).collect()
}

/// CRC-32 as zip has it, a bit at a time: it is asked of one token.
fn crc(text: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in text {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 {
                sum >> 1 ^ 0xedb8_8320
            } else {
                sum >> 1
            };
        }
    }
    !sum
}
