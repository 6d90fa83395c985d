//! Progress of long work: on a terminal only, on stderr.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Records between two movements of the bar.
const STEP: u64 = 256;

/// A bar that counts the records checked, then those printed.
pub struct Progress {
    bar: ProgressBar,
    printing: bool,
}

impl Progress {
    /// A bar, hidden where nobody would see it.
    pub fn new(quiet: bool) -> Progress {
        let target = match quiet || !io::stderr().is_terminal() {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr_with_hz(10),
        };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(style("{spinner} checking  {human_pos} records, {per_sec}"));
        Progress { bar, printing: false }
    }

    /// So many records are checked.
    pub fn checked(&self, records: u64) {
        if records.is_multiple_of(STEP) {
            self.bar.set_position(records);
        }
    }

    /// So many of all records to be printed are printed.
    pub fn printed(&mut self, done: u64, all: u64) {
        if !self.printing {
            self.printing = true;
            self.bar.reset();
            self.bar.set_length(all);
            self.bar.set_style(style("{spinner} printing  {wide_bar} {human_pos}/{human_len}, {per_sec}, {eta} left"));
        }
        if done.is_multiple_of(STEP) || done == all {
            self.bar.set_position(done);
        }
    }

    /// Writes something on stderr without tearing the bar.
    pub fn hidden(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
