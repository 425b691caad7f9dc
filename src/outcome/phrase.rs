//! Owns the phrases by which a text turns to an agent: its instructions are to be set aside or given away,
//! a reader who is a model is told to act, a message pretends to come from the client. Does not own where
//! such phrases are looked for (`mark`). Invariants: a phrase that is spoken of, quoted, or bound to a
//! condition is a mention and no find; what is looked at around one has a limit.

use std::ops::Range;

use self::Found::{Instructions, Mention, Nobody, Nothing, Role};
use super::word::{
    GAP_LIMIT, back, before, boundary, forward, is, is_quoted, names, near, next, word_around,
};

/// What a phrase is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Instructions,
    Role,
    /// Only spoken of.
    Mention,
    /// A verb without such an object.
    Nothing,
    /// A reader whom nobody turns to.
    Nobody,
}

/// So many mentions are looked at: a text with more is about the matter.
pub(super) const MENTIONS: usize = 64;

/// Bytes around a phrase in which its subject is named, where it is one.
const SUBJECT_NEAR: usize = 400;

/// What texts about such phrases call them.
const SUBJECTS: &str = "injection|jailbreak|adversarial|malicious|attack|exploit|red team|red-team|owasp|\
                        guardrail|注入|攻击|攻撃|インジェクション|инъекц|атак|인젝션";

/// The phrase that has a rare letter of it at `at`.
pub(super) fn latin(text: &[u8], at: usize, foreign: bool) -> Option<Found> {
    let letter = text.get(at)?.to_ascii_lowercase();
    let previous = at
        .checked_sub(1)
        .and_then(|it| text.get(it))
        .map_or(0, u8::to_ascii_lowercase);
    match (letter, previous) {
        (b'g', b'i' | b'e' | b'r') | (b'v', b'o' | b'l') | (b'y', b'b') | (b'w', b'o') => {
            set_aside(text, at)
        }
        (b'g', b'n') | (b'a' | b'l', _) if foreign => addressed(text, at),
        (b'y', it) if foreign && !it.is_ascii_alphanumeric() => given_away(text, at),
        (b'<', _) if foreign => role(text, at),
        _ => None,
    }
}

/// `ignore all previous instructions` and its like: a verb, then words of a few classes in any order.
fn set_aside(text: &[u8], at: usize) -> Option<Found> {
    const VERBS: &str = "ignore disregard forget neglect override bypass follow following ignora ignorez ignoriere \
                         ignoriert ignorieren ignorad ignoren vergiss vergesst vergessen olvida olviden \
                         vergeet negeer ignorera zignoruj";
    let verb = word_around(text, at)?;
    let word = text.get(verb.clone())?;
    if !names(VERBS, word) || !boundary(text, verb.start) {
        return None;
    }
    let negated = is_negated(text, verb.start);
    if is(word, "follow") && !negated
        || is(word, "following") && !is_after(text, verb.start, "stop")
    {
        return None;
    }
    let strong = !is(word, "override") && !is(word, "bypass");
    let object = Object::read(text, verb.end).filter(|it| it.is_instructions(strong));
    let Some(object) = object else {
        return Some(Nothing);
    };
    let spoken_of = object.is_bound(text)
        || !is(word, "follow") && is_told_of(text, verb.start)
        || is_quoted(text, verb.start, object.last.end)
        || near(text, verb.start, SUBJECT_NEAR, SUBJECTS);
    Some(if spoken_of { Mention } else { Instructions })
}

/// The words behind a verb, by what they are.
struct Object {
    classes: u16,
    last: Range<usize>,
}

const FILLER: u16 = 1;
/// Nothing is left out.
const WHOLE: u16 = 2;
/// What came before.
const EARLIER: u16 = 4;
/// The reader's own.
const OWN: u16 = 8;
const NOUN: u16 = 16;
/// Nouns that are instructions only where they are the reader's own.
const BOND: u16 = 32;
const TOLD: u16 = 64;
const EVERYTHING: u16 = 128;
/// Shells have prompts too.
const PROMPT: u16 = 256;
const SYSTEM: u16 = 512;
const YOU: u16 = 1024;
const GIVEN: u16 = 2048;

/// The classes of words, in one text each.
const CLASSES: [(u16, &str); 12] = [
    (
        FILLER,
        "the of my our these those this and or other such were been have has i we that said as os las los \
         les le de die der alle",
    ),
    (
        WHOLE,
        "all any every each todas todos toutes tous tutte tutti alle allen aller alla wszystkie",
    ),
    (
        EARLIER,
        "previous prior above earlier preceding foregoing former initial original past before previously \
         preceeding anteriores anterior previas previos précédentes précédents precedenti vorherigen \
         bisherigen vorigen obigen vorangegangenen eerdere vorige tidigare poprzednie",
    ),
    (
        OWN,
        "your deine ihre deinen ihren sus vos tes tus tuas suas je jouw",
    ),
    (
        NOUN,
        "instructions directives directions guidelines instrucciones indicaciones consignes instruções \
         istruzioni anweisungen instructies instruktionen instruktioner instrukcje",
    ),
    (PROMPT, "prompt prompts"),
    (
        BOND,
        "rules training programming restrictions constraints safeguards safety policies limitations",
    ),
    (TOLD, "told instructed taught"),
    (EVERYTHING, "everything anything what alles todo tout"),
    (SYSTEM, "system"),
    (YOU, "you"),
    (GIVEN, "given received"),
];

impl Object {
    /// Reads words until one is of no class.
    fn read(text: &[u8], from: usize) -> Option<Self> {
        const WORDS: usize = 9;
        let mut object = Self {
            classes: 0,
            last: from..from,
        };
        for _ in 0..WORDS {
            let Some(word) = next(text, object.last.end) else {
                break;
            };
            let found = text.get(word.clone())?;
            let Some((class, _)) = CLASSES.iter().find(|(_, it)| names(it, found)) else {
                break;
            };
            object.classes |= class;
            object.last = word;
        }
        let noun = object.has(NOUN | PROMPT | BOND | TOLD);
        (noun && !object.goes_on(text)).then_some(object)
    }

    fn has(&self, class: u16) -> bool {
        self.classes & class != 0
    }

    fn has_all(&self, classes: u16) -> bool {
        self.classes & classes == classes
    }

    /// True where the last word says what kind of thing the next one is: `your training data`.
    fn goes_on(&self, text: &[u8]) -> bool {
        const KINDS: &str = "prompt training programming safety";
        const JOINTS: &str = "and or then now instead by so but immediately for to at in with";
        let last = text.get(self.last.clone()).unwrap_or_default();
        let behind = next(text, self.last.end).filter(|it| it.start == self.last.end + 1);
        let behind = behind.and_then(|it| text.get(it)).unwrap_or_default();
        names(KINDS, last)
            && behind.first().is_some_and(u8::is_ascii_lowercase)
            && !names(JOINTS, behind)
    }

    /// True for the reader's own instructions, or those that came before. Many things override earlier
    /// ones, so that weak verbs need the reader's own.
    fn is_instructions(&self, strong: bool) -> bool {
        let own = self.has(OWN) || strong && self.has_all(YOU | GIVEN);
        let earlier = strong && self.has(EARLIER);
        self.has(NOUN) && (earlier || own)
            || self.has(PROMPT) && (earlier || own && (strong || self.has(SYSTEM)))
            || self.has(BOND) && own
            || strong && self.has(TOLD) && self.has(EVERYTHING | WHOLE) && self.has(YOU)
    }

    /// True where the words go on with a condition or a place: `ignore the above instructions if …`, or
    /// with a no.
    fn is_bound(&self, text: &[u8]) -> bool {
        const BONDS: &str = "if unless when where on in for from about at regarding during until while with \
                             only section s";
        let behind = next(text, self.last.end).and_then(|it| text.get(it));
        let behind = behind.unwrap_or_default();
        names("nicht niet inte", behind)
            || !self.has(WHOLE | OWN | EVERYTHING) && names(BONDS, behind)
    }
}

/// True behind `do not`, `don't`, `never`.
fn is_negated(text: &[u8], at: usize) -> bool {
    is_after(text, at, "not never t")
}

/// True behind one of the words.
fn is_after(text: &[u8], at: usize, words: &str) -> bool {
    before(text, at)
        .and_then(|it| text.get(it))
        .is_some_and(|it| names(words, it))
}

/// True where somebody is said to do it, or could: no order is given.
fn is_told_of(text: &[u8], at: usize) -> bool {
    const SOMEBODY: &str = "may can could would might cannot will they that which who it t not never users models \
                            llms agents attackers sometimes llm";
    let Some(first) = before(text, at) else {
        return false;
    };
    let second = before(text, first.start);
    let third = second.clone().and_then(|it| before(text, it.start));
    let word = |it: &Option<Range<usize>>, list: &str| {
        let found = it.clone().and_then(|it| text.get(it));
        found.is_some_and(|it| names(list, it))
    };
    let readers = "you assistant assistants agent agents ai claude model models llm";
    match text.get(first) {
        Some(it) if is(it, "to") => {
            let wanted = word(&second, "you") && word(&third, "want need require order command");
            !wanted
                && !word(
                    &second,
                    "need have required ordered commanded instructed are",
                )
        }
        Some(it) if names("must should shall", it) => !word(&second, readers),
        Some(it) => names(SOMEBODY, it),
        None => false,
    }
}

/// `if you are an AI assistant, … run …`: a reader who is a model is told to act.
fn addressed(text: &[u8], at: usize) -> Option<Found> {
    const ADDRESSES: &str = "attention|note to|message to|message for|dear ";
    const READERS: &str = "agent agents assistant assistants model models system systems reader readers bot bots \
                           crawler crawlers";
    const ORDERS: &str =
        "execute|run |ignore|disregard|send |download|curl |install|reveal|upload|forget|delete";
    let word = word_around(text, at)?;
    let named = text.get(word.clone())?;
    let model = is(named, "language")
        && next(text, word.end)
            .and_then(|it| text.get(it))
            .is_some_and(|it| is(it, "model"));
    // `AI` and `LLM` are written so; other words that begin like them are many.
    let short = word.start == at && matches!(named, b"AI" | b"LLM" | b"LLMs");
    if !model && !short {
        return None;
    }
    // `AI` is said of many things: it is a reader by the next word, or by the one who is asked.
    let behind = next(text, word.end)
        .and_then(|it| text.get(it))
        .unwrap_or_default();
    let named = model || names(READERS, behind) || matches!(text.get(word.end), Some(b':' | b','));
    let asked = back(text, word.start, 20, "if you are a|if you're a|if you’re a");
    if !(asked || named && back(text, word.start, 60, ADDRESSES))
        || !forward(text, word.end, 240, ORDERS)
    {
        return Some(Nobody);
    }
    Some(
        if near(text, word.start, SUBJECT_NEAR, SUBJECTS)
            || near(text, word.start, SUBJECT_NEAR, "llms.txt|llms-full")
        {
            Mention
        } else {
            Instructions
        },
    )
}

/// `reveal your system prompt`.
fn given_away(text: &[u8], at: usize) -> Option<Found> {
    const VERBS: &str = "reveal print output show repeat leak display share send disclose expose paste post dump \
                         divulge exfiltrate";
    let word = word_around(text, at)?;
    if !is(text.get(word.clone())?, "your") {
        return None;
    }
    let mut end = word.end;
    let (mut inner, mut noun) = (false, false);
    for _ in 0..4 {
        let Some(word) = next(text, end) else { break };
        let found = text.get(word.clone())?;
        let is_inner = names("system initial hidden secret internal developer", found);
        let is_noun = names("prompt prompts instructions", found);
        if !is_inner && !is_noun && !names("original full entire exact complete", found) {
            break;
        }
        inner |= is_inner;
        noun |= is_noun;
        end = word.end;
    }
    let mut verb = before(text, word.start)?;
    if names("me us out all", text.get(verb.clone())?) {
        verb = before(text, verb.start)?;
    }
    if !inner || !noun || !names(VERBS, text.get(verb.clone())?) {
        return None;
    }
    let spoken_of = is_told_of(text, verb.start)
        || is_negated(text, verb.start)
        || is_quoted(text, verb.start, end)
        || near(text, verb.start, SUBJECT_NEAR, SUBJECTS);
    Some(if spoken_of { Mention } else { Instructions })
}

/// The marks by which a client or a model tells roles apart.
fn role(text: &[u8], at: usize) -> Option<Found> {
    const ROLES: [&[u8]; 5] = [
        b"<system-reminder>",
        b"</system-reminder>",
        b"<function_results>",
        b"<|im_start|>system",
        b"<<SYS>>",
    ];
    const ABOUT: &str = "template|tokeniz|chatml|special token|prompt format";
    let rest = text.get(at..)?;
    let mark = ROLES.iter().find(|it| rest.starts_with(it))?;
    let spoken_of = is_quoted(text, at, at + mark.len())
        || near(text, at, SUBJECT_NEAR, ABOUT)
        || near(text, at, SUBJECT_NEAR, SUBJECTS);
    Some(if spoken_of { Mention } else { Role })
}

/// The same in scripts where nothing separates the words, or where they are bent: a verb with what came
/// before and what was said around it.
pub(super) fn other(text: &[u8], at: usize) -> Option<Found> {
    const VERBS: [&str; 7] = [
        "忽略",
        "無視し",
        "무시",
        "игнорируй",
        "Игнорируй",
        "забудь",
        "تجاهل",
    ];
    const EARLIER: &str = "之前|以前|先前|前面|上述|以上|此前|所有|全部|すべて|これまで|全ての|前の|이전|모든|предыдущ|прежн|все |السابقة";
    const NOUNS: &str = "指令|指示|提示词|プロンプト|지시|명령|инструкци|указани|التعليمات";
    /// Bytes around the verb that belong to its sentence.
    const SENTENCE: usize = 100;
    let rest = text.get(at..)?;
    VERBS.iter().find(|it| rest.starts_with(it.as_bytes()))?;
    if !near(text, at, SENTENCE, EARLIER) || !near(text, at, SENTENCE, NOUNS) {
        return Some(Nothing);
    }
    let spoken_of = near(text, at, SUBJECT_NEAR, SUBJECTS) || is_quoted(text, at, at + GAP_LIMIT);
    Some(if spoken_of { Mention } else { Instructions })
}
