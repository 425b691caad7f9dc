//! Owns names and what they stand for, where many copies are made and few of them changed. Does not own
//! what they mean (`state`). Invariant: a copy costs one count, its first change one small part of all, and
//! comparing two copies no more than the parts in which they differ.

use std::collections::BTreeMap;
use std::rc::Rc;

/// Enough that at the most names a reading may know a part holds few.
const PARTS: usize = 64;

type Part<T> = BTreeMap<Rc<str>, T>;
type Parts<T> = [Option<Rc<Part<T>>>; PARTS];

/// A map by name. A state of the shell is copied for every subshell, substitution and branch, and most of
/// these set a name or two.
#[derive(Clone, Debug)]
pub(super) struct Names<T> {
    /// Absent for no names: most states have none, and many are made.
    parts: Option<Rc<Parts<T>>>,
    count: usize,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self {
            parts: None,
            count: 0,
        }
    }
}

impl<T: Clone> Names<T> {
    pub(super) fn len(&self) -> usize {
        self.count
    }

    fn part(&self, at: usize) -> Option<&Rc<Part<T>>> {
        self.parts.as_ref()?.get(at)?.as_ref()
    }

    pub(super) fn get(&self, name: &str) -> Option<&T> {
        self.part(place(name))?.get(name)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        // A name that is not there is no reason for a copy.
        self.get(name)?;
        let parts = Rc::make_mut(self.parts.as_mut()?);
        Rc::make_mut(parts.get_mut(place(name))?.as_mut()?).get_mut(name)
    }

    pub(super) fn set(&mut self, name: &str, value: T) {
        if let Some(known) = self.get_mut(name) {
            *known = value;
            return;
        }
        let parts = self
            .parts
            .get_or_insert_with(|| Rc::new([const { None }; PARTS]));
        if let Some(part) = Rc::make_mut(parts).get_mut(place(name)) {
            Rc::make_mut(part.get_or_insert_default()).insert(name.into(), value);
            self.count += 1;
        }
    }

    pub(super) fn remove(&mut self, name: &str) {
        if self.get(name).is_some()
            && let Some(parts) = &mut self.parts
            && let Some(Some(part)) = Rc::make_mut(parts).get_mut(place(name))
        {
            Rc::make_mut(part).remove(name);
            self.count -= 1;
        }
    }

    /// True where one is an unchanged copy of the other.
    fn is_copy(&self, other: &Self) -> bool {
        match (&self.parts, &other.parts) {
            (Some(ours), Some(theirs)) => Rc::ptr_eq(ours, theirs),
            (ours, theirs) => ours.is_none() && theirs.is_none(),
        }
    }

    /// Every name of both in the parts in which they may differ, with what it stands for here and there.
    pub(super) fn beside<'n>(
        &'n self,
        other: &'n Self,
    ) -> impl Iterator<Item = (&'n Rc<str>, Option<&'n T>, Option<&'n T>)> {
        let count = if self.is_copy(other) { 0 } else { PARTS };
        let pairs = (0..count).map(|at| (self.part(at), other.part(at)));
        let changed = pairs.filter(|pair| match pair {
            (Some(ours), Some(theirs)) => !Rc::ptr_eq(ours, theirs),
            (ours, theirs) => ours.is_some() || theirs.is_some(),
        });
        changed.flat_map(|(ours, theirs)| {
            let (ours, theirs) = (ours.map(Rc::as_ref), theirs.map(Rc::as_ref));
            let here = ours.into_iter().flatten().map(move |(name, it)| {
                let there = theirs.and_then(|theirs| theirs.get(name));
                (name, Some(it), there)
            });
            let there = theirs.into_iter().flatten();
            let only_there =
                there.filter(move |(name, _)| !ours.is_some_and(|it| it.contains_key(*name)));
            here.chain(only_there.map(|(name, it)| (name, None, Some(it))))
        })
    }
}

/// The part a name belongs to.
fn place(name: &str) -> usize {
    let sum = name.bytes().fold(0_usize, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(byte))
    });
    sum % PARTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_change_on_their_own() {
        let mut names = Names::default();
        for number in 0..100 {
            names.set(&format!("x{number}"), number);
        }
        let mut copy = names.clone();
        assert!(copy.is_copy(&names) && copy.beside(&names).next().is_none());
        copy.set("x7", 0);
        copy.set("y", 1);
        copy.remove("x8");
        copy.remove("z");
        assert_eq!((names.len(), copy.len()), (100, 100));
        assert_eq!((names.get("x7"), copy.get("x7")), (Some(&7), Some(&0)));
        assert!(!copy.is_copy(&names) && copy.get_mut("z").is_none());
        let differ = names.beside(&copy).filter(|(_, here, there)| here != there);
        let mut found: Vec<_> = differ.map(|(name, a, b)| (&**name, a, b)).collect();
        found.sort_unstable();
        let wanted = [
            ("x7", Some(&7), Some(&0)),
            ("x8", Some(&8), None),
            ("y", None, Some(&1)),
        ];
        assert_eq!(found, wanted);
    }
}
