//! What the fuzz targets and the growth measurement share with the property tests.
#![allow(dead_code, reason = "each target uses a part of it")]

#[path = "../../tests/it/generate.rs"]
pub mod generate;
#[path = "../../tests/it/memory.rs"]
pub mod memory;
