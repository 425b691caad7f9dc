//! Owns what a network address names: the host of a URL or of `user@host:port/path` in one spelling,
//! however it was written, and the kinds of places hosts can be. Does not own where a command connects
//! to (`destination`). Invariant: two spellings that reach the same machine without asking anybody for
//! its name are the same host here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::super::pattern::glob;
use crate::shell::{GUARDED, UNKNOWN};

/// The host of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Lower case, escapes decoded, without a dot at its end; an IP address in its usual form.
    pub name: String,
    ip: Option<IpAddr>,
}

/// Addresses below which clouds hand out credentials: AWS, Google, Azure, `OpenStack` and others; the
/// tasks and pods of AWS; Alibaba, Oracle, Azure's wire server, Tencent.
const METADATA: [&str; 9] = [
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "169.254.0.23",
    "fd00:ec2::254",
    "fd00:ec2::23",
];

/// The same by name.
const METADATA_NAMES: [&str; 8] = [
    "metadata",
    "metadata.google.internal",
    "metadata.goog",
    "instance-data",
    "instance-data.ec2.internal",
    "metadata.tencentyun.com",
    "metadata.packet.net",
    "metadata.platformequinix.com",
];

/// Names below these resolve to the address that is written in front.
const ECHOING: [&str; 6] = [
    ".nip.io",
    ".sslip.io",
    ".xip.io",
    ".traefik.me",
    ".ip.me",
    ".ipq.co",
];

/// Names below these mean nothing outside the user's own network.
const OWN_NAMES: [&str; 9] = [
    ".localhost",
    ".local",
    ".lan",
    ".internal",
    ".intranet",
    ".home.arpa",
    ".test",
    ".home",
    ".corp",
];

impl Address {
    /// The host of a URL, or of `[user@]host[:port][/path]` where the text is known to be an address.
    pub fn of(text: &str, bare: bool) -> Option<Self> {
        let rest = match text.split_once("://") {
            Some((_, rest)) => rest.trim_start_matches(['/', '\\']),
            None if bare => text.trim_start_matches("//"),
            None => return None,
        };
        let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
        let host = authority.rsplit_once('@').map_or(authority, |(_, it)| it);
        let host = match host.strip_prefix('[') {
            Some(literal) => literal.split(']').next().unwrap_or(literal),
            None if host.matches(':').count() > 1 => host,
            None => host.split(':').next().unwrap_or(host),
        };
        Self::named(host)
    }

    /// A host as it stands in an address.
    pub(in crate::rule) fn named(host: &str) -> Option<Self> {
        let plain: String = decoded(host).chars().filter_map(folded).collect();
        let name = plain.trim_end_matches('.');
        let ip = name
            .split('%')
            .next()
            .and_then(|it| it.parse::<Ipv6Addr>().ok())
            .map(embedded)
            .or_else(|| four(name).map(IpAddr::V4))
            .or_else(|| echoed(name).map(IpAddr::V4));
        let name = ip.map_or_else(|| name.to_owned(), |it| it.to_string());
        (!name.is_empty()).then_some(Self { name, ip })
    }

    /// True for the services that hand out a cloud machine's credentials.
    pub(in crate::rule) fn is_metadata(&self) -> bool {
        // What follows the host may be in a variable: `http://1.2.3.4$URI`.
        let name = self
            .name
            .split([UNKNOWN, GUARDED])
            .next()
            .unwrap_or_default();
        METADATA.contains(&name) || METADATA_NAMES.contains(&name)
    }

    /// True for this machine, its network, and names that only the user's own configuration resolves.
    pub fn is_own(&self) -> bool {
        match self.ip {
            Some(IpAddr::V4(ip)) => {
                let [a, b, ..] = ip.octets();
                ip.is_loopback()
                    || ip.is_private()
                    || ip.is_link_local()
                    || ip.is_unspecified()
                    || (a == 100 && (64..128).contains(&b))
            }
            Some(IpAddr::V6(ip)) => {
                let first = ip.segments()[0];
                ip.is_loopback()
                    || ip.is_unspecified()
                    || first & 0xfe00 == 0xfc00
                    || first & 0xffc0 == 0xfe80
            }
            None => !self.name.contains('.') || OWN_NAMES.iter().any(|it| self.name.ends_with(it)),
        }
    }

    /// True where it is not known whose name it is: `$HOST`, `$NAME.com`.
    pub fn is_partial(&self) -> bool {
        let domain = self.name.rsplit('.').take(2);
        domain.into_iter().any(|it| it.contains([UNKNOWN, GUARDED]))
    }

    /// True where a pattern of the policy means this host: a name with `*` for any part, an address in
    /// any spelling, or a network.
    pub fn fits(&self, pattern: &str) -> bool {
        match network(pattern) {
            Some((net, bits)) => self.ip.is_some_and(|ip| is_within(ip, net, bits)),
            None if pattern.contains('*') => {
                glob(pattern, &self.name) || pattern.strip_prefix("*.") == Some(&self.name)
            }
            None => Self::named(pattern).is_some_and(|it| it.name == self.name),
        }
    }

    /// True for this name and what lies below it.
    pub(in crate::rule) fn is_below(&self, domain: &str) -> bool {
        let head = self.name.strip_suffix(domain);
        head.is_some_and(|it| it.is_empty() || it.ends_with('.'))
    }
}

/// True for what [`Address::fits`] understands.
pub fn is_host_pattern(text: &str) -> bool {
    let plain = |it: char| it.is_alphanumeric() || matches!(it, '.' | '-' | '_' | '*' | ':');
    network(text).is_some() || !text.is_empty() && text.chars().all(plain)
}

/// `10.0.0.0/8`, `fd00::/8`.
fn network(text: &str) -> Option<(IpAddr, u32)> {
    let (net, bits) = text.split_once('/')?;
    let net: IpAddr = net.parse().ok()?;
    let bits: u32 = bits.parse().ok()?;
    (bits <= if net.is_ipv4() { 32 } else { 128 }).then_some((net, bits))
}

fn is_within(ip: IpAddr, net: IpAddr, bits: u32) -> bool {
    let same = |ip: u128, net: u128, width: u32| {
        let rest = width.saturating_sub(bits);
        ip.checked_shr(rest).unwrap_or(0) == net.checked_shr(rest).unwrap_or(0)
    };
    match (ip, net) {
        (IpAddr::V4(ip), IpAddr::V4(net)) => same(ip.to_bits().into(), net.to_bits().into(), 32),
        (IpAddr::V6(ip), IpAddr::V6(net)) => same(ip.to_bits(), net.to_bits(), 128),
        _ => false,
    }
}

/// Percent escapes decoded; what is not UTF-8 after that names no host.
fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let digit = |at: usize| char::from(*tail.get(at)?).to_digit(16);
        let escaped = (first == b'%').then(|| digit(0).zip(digit(1))).flatten();
        if let Some(byte) = escaped.and_then(|(high, low)| u8::try_from(high << 4 | low).ok()) {
            bytes.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A character of a host name as resolvers see it: small, wide and circled forms made plain.
fn folded(letter: char) -> Option<char> {
    let code = u32::from(letter);
    let plain = match code {
        0xff01..=0xff5e => char::from_u32(code - 0xfee0)?,
        0x2460..=0x2468 => char::from_u32(code - 0x2460 + u32::from('1'))?,
        0x24ea => '0',
        0x3002 | 0xff61 => '.',
        0x00ad | 0x200b..=0x200d | 0x2060 | 0xfeff => return None,
        _ => letter,
    };
    (!plain.is_control() && !plain.is_whitespace()).then(|| plain.to_ascii_lowercase())
}

/// One to four numbers, each decimal, octal (`0…`) or hexadecimal (`0x…`), the last filling the rest.
fn four(name: &str) -> Option<Ipv4Addr> {
    let parts: Vec<&str> = name.split('.').collect();
    let (last, first) = parts.split_last()?;
    if first.len() > 3 {
        return None;
    }
    let mut bits: u64 = 0;
    for part in first {
        bits = bits << 8 | number(part).filter(|it| *it < 256)?;
    }
    let room = 8 * (4 - u32::try_from(first.len()).ok()?);
    let last = number(last).filter(|it| *it < 1 << room)?;
    u32::try_from(bits << room | last).ok().map(Ipv4Addr::from)
}

fn number(text: &str) -> Option<u64> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if text.len() > 1 && text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok()
}

/// The IPv4 address that an IPv6 address stands for: mapped, compatible, translated, 6to4.
fn embedded(ip: Ipv6Addr) -> IpAddr {
    let four = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] if high != 0 => four(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..]
        | [0xfe80, 0, 0, 0, 0, 0, high @ 0xa9fe, low] => four(high, low),
        _ => IpAddr::V6(ip),
    }
}

/// The address in front of a name that resolves to it: `10.0.0.1.nip.io`, `x-10-0-0-1.sslip.io`,
/// `0a000001.nip.io`.
fn echoed(name: &str) -> Option<Ipv4Addr> {
    let head = ECHOING.iter().find_map(|it| name.strip_suffix(it))?;
    let parts: Vec<&str> = head.split(['.', '-']).collect();
    if let Some(four_parts) = parts.last_chunk::<4>()
        && let Some(ip) = four(&four_parts.join("."))
    {
        return Some(ip);
    }
    let last = parts.last().filter(|it| it.len() == 8)?;
    u32::from_str_radix(last, 16).ok().map(Ipv4Addr::from)
}

#[cfg(test)]
mod tests {
    use super::{Address, is_host_pattern};

    #[test]
    fn every_spelling_of_an_address_is_the_same_host() {
        for text in [
            "http://169.254.169.254/latest",
            "http://169.254.169.254:80",
            "http://2852039166/",
            "http://0xA9FEA9FE/",
            "http://0xa9.0xfe.0xa9.0xfe",
            "http://0251.0376.0251.0376",
            "http://0251.254.43518",
            "http://169.16689662/",
            "http://[::ffff:169.254.169.254]/",
            "http://[::ffff:a9fe:a9fe]:80/",
            "http://[::a9fe:a9fe]/",
            "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
            "http://[64:ff9b::a9fe:a9fe]/",
            "http://[fe80::a9fe:a9fe%25eth0]/",
            "http://169.254.169.254./",
            "http://docs.x.org@169.254.169.254/",
            "http://u:p@169.254.169.254:80/",
            "http://%31%36%39.254.169.254/",
            "HTTP://169.254.169.254\\@x.org/",
            "http:///169.254.169.254/",
            "http://１６９.254。169.254/",
            "http://①⑥⑨.254.169.254/",
            "http://169.254.169.254.nip.io/",
            "http://a.169-254-169-254.sslip.io/",
            "http://a9fea9fe.nip.io/",
            "ftp://169.254.169.254",
        ] {
            let found = Address::of(text, false);
            assert!(found.is_some_and(|it| it.is_metadata()), "{text}");
        }
        for text in [
            "http://[fd00:ec2::254]/latest",
            "http://[FD00:EC2:0:0:0:0:0:254]/",
            "http://Metadata.Google.Internal./computeMetadata",
            "http://metadata/",
            "http://100.100.100.200/",
        ] {
            let found = Address::of(text, false);
            assert!(found.is_some_and(|it| it.is_metadata()), "{text}");
        }
        for text in [
            "http://169.254.169.25/",
            "http://example.com/169.254.169.254/",
            "http://169.254.169.254.example.com/",
            "http://metadata.example.com/",
            "http://x.nip.io/",
            "https://api.example.com/metadata?ip=169.254.169.254",
            "http://169.254.169.254@example.com/",
        ] {
            let found = Address::of(text, false);
            assert!(!found.is_some_and(|it| it.is_metadata()), "{text}");
        }
    }

    #[test]
    fn own_hosts_are_told_from_those_of_others() {
        for (text, expected) in [
            ("localhost:3000", true),
            ("127.1", true),
            ("[::1]:80", true),
            ("192.168.1.5", true),
            ("10.0.0.1:22", true),
            ("172.31.0.1", true),
            ("100.64.0.1", true),
            ("fd12::1", true),
            ("staging", true),
            ("db.internal", true),
            ("printer.local", true),
            ("app.localhost", true),
            ("203.0.113.5", false),
            ("172.32.0.1", false),
            ("x.org", false),
            ("u@x.org:/srv", false),
            ("[2606::1]", false),
        ] {
            let found = Address::of(text, true);
            assert_eq!(found.map(|it| it.is_own()), Some(expected), "{text}");
        }
    }

    #[test]
    fn hosts_fit_patterns_of_the_policy() {
        for (pattern, host, expected) in [
            ("x.org", "X.org.", true),
            ("x.org", "a.x.org", false),
            ("*.x.org", "a.b.x.org", true),
            ("*.x.org", "x.org", true),
            ("*.x.org", "notx.org", false),
            ("*", "x.org", true),
            ("10.0.0.0/8", "10.1.2.3", true),
            ("10.0.0.0/8", "11.1.2.3", false),
            ("0.0.0.0/0", "1.2.3.4", true),
            ("10.0.0.0/8", "x.org", false),
            ("fd00::/8", "fd12::1", true),
            ("1.2.3.4", "0x01020304", true),
            ("::1", "[::1]", true),
        ] {
            let found = Address::of(host, true);
            assert_eq!(
                found.map(|it| it.fits(pattern)),
                Some(expected),
                "{pattern} {host}"
            );
        }
        for pattern in ["x.org", "*.x.org", "10.0.0.0/8", "::1", "*"] {
            assert!(is_host_pattern(pattern), "{pattern}");
        }
        for text in ["", "https://x.org", "x.org/a", "10.0.0.0/40", "a b"] {
            assert!(!is_host_pattern(text), "{text}");
        }
    }

    #[test]
    fn names_are_read_out_of_addresses() {
        for (word, bare, expected) in [
            ("http://u:p@H.x:80/p?q", false, Some("h.x")),
            ("http://[fd00::1]:80/", false, Some("fd00::1")),
            ("h.x/p", true, Some("h.x")),
            ("h.x/p", false, None),
            ("http://good@evil.x\\@y", false, Some("evil.x")),
            ("", true, None),
        ] {
            let found = Address::of(word, bare);
            assert_eq!(found.map(|it| it.name).as_deref(), expected, "{word}");
        }
        let below =
            |name: &str, domain: &str| Address::named(name).is_some_and(|it| it.is_below(domain));
        assert!(below("api.github.com", "github.com"));
        assert!(below("github.com", "github.com"));
        assert!(!below("notgithub.com", "github.com"));
    }
}
