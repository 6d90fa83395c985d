//! Official health-insurance papers from insurance records.

#![cfg_attr(not(test), warn(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr))]

pub mod base;
pub mod code;
pub mod compose;
pub mod engine;
pub mod font;
pub mod pack;
pub mod pdf;
pub mod policy;
pub mod record;
pub mod sheet;
pub mod template;
pub mod text;
