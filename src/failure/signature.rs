//! Owns what makes two failures the same: [`sign`]. Does not own which line tells them. Invariant: what is
//! digested was redacted before.

use super::class::Class;
use super::line::Told;
use super::shape::shape;
use super::text::Text;
use crate::session::digest;

/// The signature of a failure.
pub(super) fn sign(text: &Text, program: &str, root: &str, told: &Told) -> String {
    let names = told.class == Class::TEST_FAILURE;
    let line = text.line(told.line);
    // Where nothing but the status is known, it is all there is to compare.
    let message = if text.lower(told.line).starts_with("exit code ") {
        line.to_owned()
    } else {
        shape(line, root, names)
    };
    let place = shape(place(text, told), root, false);
    digest(&[told.class.id(), program, &message, &place].join("\n"))
}

/// The line beside the telling one that says where or what: two failures with the same words in two
/// places are two.
fn place<'t>(text: &'t Text, told: &Told) -> &'t str {
    if told.class == Class::EDIT_NO_MATCH {
        return text.line(told.line + 1);
    }
    let behind = (told.line + 1..told.line + 3).map(|it| text.line(it));
    let arrow = behind.into_iter().find(|it| it.starts_with("--> "));
    let before = (told.line.saturating_sub(4)..told.line).rev();
    let file = || {
        before
            .map(|it| text.line(it))
            .find(|it| it.starts_with("File \""))
    };
    arrow.or_else(file).unwrap_or_default()
}
