//! Owns what becomes of a file with a secret in it: kept by git, out of its reach, or made to show
//! something. Does not own the judgement (`guard/content`). Invariant: repositories are read, git is
//! never started.

use crate::guard::Cx;
use crate::path::{Class, Classes, INDEX_LIMIT, Located, kept_by_git, repository_around};
use crate::rule;
use crate::word::base;

use super::ignore;

/// What becomes of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// A file of a repository that git keeps, or would.
    Kept,
    /// The same among tests, examples and documents.
    Sample,
    /// A file of the project that nothing keeps out of a repository, though none keeps it yet.
    Loose,
    /// Ignored, or in no repository: where secrets belong.
    Free,
    /// No file: others read it.
    Others,
}

pub(super) fn of(cx: &Cx, located: &Located) -> Fate {
    const FREE: Classes = Classes::all(&[Class::Temp, Class::Sink, Class::Git, Class::BuildOutput]);
    let path = located.real.as_str();
    let Some((directory, _)) = path.rsplit_once('/') else {
        return Fate::Free;
    };
    if !path.starts_with('/') || located.classes.meets(FREE) {
        return Fate::Free;
    }
    let Some(root) = repository_around(cx.host, directory, &cx.places.homes) else {
        let inside = located.classes.has(Class::InProject);
        return if inside { Fate::Loose } else { Fate::Free };
    };
    let inner = path
        .strip_prefix(root.as_str())
        .unwrap_or(path)
        .trim_start_matches('/');
    let index = kept_by_git(cx.host, &root, "index", INDEX_LIMIT);
    if index.is_some_and(|it| rule::lists(&it, inner)) {
        return if is_sample(inner) {
            Fate::Sample
        } else {
            Fate::Kept
        };
    }
    if ignore::is_ignored(
        cx.host,
        cx.places.homes.first().map(String::as_str),
        &root,
        inner,
    ) {
        Fate::Free
    } else if located.classes.has(Class::EnvFile) {
        Fate::Loose
    } else if is_sample(inner) {
        Fate::Sample
    } else {
        Fate::Kept
    }
}

/// Tests, examples and documents, by the names in a path.
fn is_sample(path: &str) -> bool {
    let name = base(path);
    let name = name.split('.').next().unwrap_or_default();
    if ["Test", "Tests", "Spec", "Mock"]
        .iter()
        .any(|it| name.ends_with(it))
    {
        return true;
    }
    let path = path.to_ascii_lowercase();
    let mut parts = path.split('/');
    let last = parts.next_back().unwrap_or_default();
    let stem = last.split('.').next().unwrap_or_default();
    let says = |it: &str| {
        it.split(['-', '_', '.']).any(|word| {
            matches!(
                word,
                "test"
                    | "tests"
                    | "testing"
                    | "testdata"
                    | "spec"
                    | "specs"
                    | "fixture"
                    | "fixtures"
                    | "mock"
                    | "mocks"
                    | "example"
                    | "examples"
                    | "sample"
                    | "samples"
                    | "demo"
                    | "snapshots"
                    | "cassettes"
                    | "e2e"
                    | "stub"
                    | "stubs"
            )
        })
    };
    let document = matches!(
        last.rsplit_once('.').map_or("", |it| it.1),
        "md" | "mdx" | "rst" | "adoc" | "txt" | "snap" | "template" | "tmpl"
    );
    document
        || matches!(stem, "readme" | "changelog")
        || says(last)
        || parts.any(|it| says(it) || matches!(it, "doc" | "docs" | "documentation" | "testutil"))
}

/// Recordings of terminals and what tests expect of them hold escape sequences by their nature.
pub(super) fn is_recording(located: &Located) -> bool {
    let path = &located.lexical;
    let extension = path.rsplit_once('.').map_or("", |it| it.1);
    matches!(
        extension,
        "cast" | "ans" | "ansi" | "snap" | "golden" | "svg" | "term" | "bin" | "log" | "typescript"
    ) || is_sample(path)
}
