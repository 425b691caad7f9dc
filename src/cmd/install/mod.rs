//! x
mod diff;
mod edit;
mod json;
mod plan;
mod wiring;
