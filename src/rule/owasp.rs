//! Owns the entries of OWASP's top ten lists for LLM applications (2025) and for agentic applications (2026)
//! that rules name, and the page that says which rules stand against which. Does not own the mapping: each
//! pack or rule file has it. Invariant: every entry of both lists is on the page, also one without a rule.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::source::Source;

/// Every entry: its code and its name.
pub const ENTRIES: [(&str, &str); 20] = [
    ("ASI01", "Agent Goal Hijack"),
    ("ASI02", "Tool Misuse and Exploitation"),
    ("ASI03", "Identity and Privilege Abuse"),
    ("ASI04", "Agentic Supply Chain Vulnerabilities"),
    ("ASI05", "Unexpected Code Execution"),
    ("ASI06", "Memory and Context Poisoning"),
    ("ASI07", "Insecure Inter-Agent Communication"),
    ("ASI08", "Cascading Failures"),
    ("ASI09", "Human-Agent Trust Exploitation"),
    ("ASI10", "Rogue Agents"),
    ("LLM01", "Prompt Injection"),
    ("LLM02", "Sensitive Information Disclosure"),
    ("LLM03", "Supply Chain"),
    ("LLM04", "Data and Model Poisoning"),
    ("LLM05", "Improper Output Handling"),
    ("LLM06", "Excessive Agency"),
    ("LLM07", "System Prompt Leakage"),
    ("LLM08", "Vector and Embedding Weaknesses"),
    ("LLM09", "Misinformation"),
    ("LLM10", "Unbounded Consumption"),
];

/// True for the code of an entry.
pub fn is_known(code: &str) -> bool {
    ENTRIES.iter().any(|(known, _)| *known == code)
}

/// For each entry the rules of these files that name it, by pack.
type Covered<'s> = BTreeMap<&'s str, BTreeMap<&'s str, usize>>;

fn covered(sources: &[Source]) -> Covered<'_> {
    let mut covered = Covered::new();
    for source in sources {
        for rule in &source.rules {
            for code in source.owasp(rule.get_ref()) {
                let packs = covered.entry(code).or_default();
                *packs.entry(&source.pack.id).or_default() += 1;
            }
        }
    }
    covered
}

/// The coverage as a Markdown page.
pub fn page(sources: &[Source]) -> String {
    let covered = covered(sources);
    let mut page = HEAD.to_owned();
    for (code, name) in ENTRIES {
        let packs = covered.get(code);
        let rules: usize = packs.map_or(0, |it| it.values().sum());
        let _ = write!(page, "| {code} | {name} | {rules} |");
        for (number, (pack, rules)) in packs.into_iter().flatten().enumerate() {
            let comma = if number == 0 { "" } else { "," };
            let _ = write!(page, "{comma} {pack} {rules}");
        }
        page.push_str(" |\n");
    }
    page
}

const HEAD: &str = "\
# Coverage

Which rules stand against which entry of OWASP's top ten lists for agentic applications (ASI, 2026) and for LLM
applications (LLM, 2025). Every rule names its entries, or its pack does for it; this page is what
`hookbin rules list --owasp` prints for the built-in packs, and a test compares them. An entry without a rule is
none that a rule over calls could hold; the guards beside the rules (paths, settings, tools) are not counted.

| entry | name | rules | packs |
|---|---|---|---|
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::catalog;

    #[test]
    fn coverage_page_is_what_the_packs_say() {
        let page = page(&catalog::builtin().unwrap());
        assert!(
            page == include_str!("../../docs/coverage.md"),
            "docs/coverage.md is old: `cargo run -- rules list --owasp > docs/coverage.md` writes it"
        );
        assert_eq!(page.matches("| LLM").count(), 10);
        assert_eq!(page.matches("| ASI").count(), 10);
    }
}
