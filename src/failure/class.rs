//! Owns the classes of failures, as `rules/errors/` lists them. Does not own how one is recognised.
//! Invariant: what is kept or written is the id; the number is of this build.

/// The class of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class(u8);

include!(concat!(env!("OUT_DIR"), "/classes.rs"));

impl Class {
    /// Its name, permanent: `not-found`.
    pub fn id(self) -> &'static str {
        self.of(&IDS)
    }

    /// What is wrong, in a few words.
    pub fn title(self) -> &'static str {
        self.of(&TITLES)
    }

    /// What to do rather than repeat the call, one sentence for the model.
    pub fn instead(self) -> &'static str {
        self.of(&INSTEADS)
    }

    pub fn by_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.id() == id)
    }

    /// By its number in the table of phrases.
    pub(super) fn by_number(number: u8) -> Self {
        Self(number)
    }

    fn of(self, texts: &'static [&'static str]) -> &'static str {
        texts.get(usize::from(self.0)).copied().unwrap_or_default()
    }
}
