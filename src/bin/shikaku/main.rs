//! `shikaku`: official health-insurance papers from insurance records.
//!
//! The program sees the public library only; each command is one file.

mod args;
mod check;
mod common;
mod decide;
mod diagnostics;
mod glyphs;
mod job;
mod progress;
mod render;
mod reprint;
mod schema;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

/// How the program ends. The numbers are the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// All records printed, or lawfully not printed.
    Clean = 0,
    /// Done, but records were rejected or held, or there was nothing to print.
    Incomplete = 1,
    /// Bad usage, pack, template or policy; nothing was written.
    Usage = 2,
    /// Reading or writing failed; nothing was left under the final name.
    Failed = 3,
    /// Stopped by Ctrl-C; nothing was left.
    Stopped = 130,
}

fn main() -> ExitCode {
    let ending = match Cli::parse().command {
        Command::Render(options) => render::run(&options),
        Command::Decide(options) => decide::run(&options),
        Command::Job(options) => job::run(&options),
        Command::Reprint(options) => reprint::run(&options),
        Command::Verify(options) => verify::run(&options),
        Command::Check(options) => check::run(&options),
        Command::Glyphs(options) => glyphs::run(&options),
        Command::Schema(options) => schema::run(&options),
    };
    ExitCode::from(ending as u8)
}
