//! What the tests of handlers share: one event through the whole pipeline.

use crate::dirs::Given;
use crate::hook::{Args, run};
use crate::host::fake::FakeHost;
use crate::response::Response;

/// The answer to an event of a wiring that names its directories.
pub(crate) fn answer(host: &FakeHost, event: &str, payload: &str) -> Response {
    let given = Given {
        config: Some("/config".to_owned()),
        state: Some("/state".to_owned()),
        home: Some("/home/dev".to_owned()),
        ..Given::default()
    };
    let args = Args {
        event: event.to_owned(),
        given,
        ..Args::default()
    };
    run(&args, host, Ok(payload.as_bytes().to_vec()))
}
