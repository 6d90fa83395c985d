//! The program: sees the public library only.

#[allow(dead_code, reason = "called by the subcommands")]
mod diagnostics;

fn main() {}
