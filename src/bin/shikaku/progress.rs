//! Progress of long work, on stderr: a bar on a terminal, or an event a second for programs.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

/// Records between two looks at the clock.
const STEP: u64 = 256;

/// Between two events for programs.
const PAUSE: Duration = Duration::from_secs(1);

/// The bar's own units where only a share of the input is known.
const WHOLE: u64 = 1000;

/// Who is told.
enum Audience {
    Nobody,
    Person,
    Program,
}

/// Counts the records composed, then the sheets written.
pub struct Progress {
    bar: ProgressBar,
    audience: Audience,
    stage: &'static str,
    began: Instant,
    told: Instant,
    refused: u64,
}

impl Progress {
    /// For nobody if it is quiet, for a program if it asks for JSON, else for whoever looks at a terminal.
    pub fn new(quiet: bool, json: bool) -> Progress {
        let audience = match (quiet, json) {
            (true, _) => Audience::Nobody,
            (false, true) => Audience::Program,
            (false, false) if io::stderr().is_terminal() => Audience::Person,
            (false, false) => Audience::Nobody,
        };
        let target = match audience {
            Audience::Nobody | Audience::Program => ProgressDrawTarget::hidden(),
            Audience::Person => ProgressDrawTarget::stderr_with_hz(10),
        };
        let bar = ProgressBar::with_draw_target(Some(WHOLE), target);
        bar.set_style(style("{spinner} composing {wide_bar} {msg}, {eta} left"));
        let now = Instant::now();
        Progress { bar, audience, stage: "composing", began: now, told: now, refused: 0 }
    }

    /// One more record that is refused or held.
    pub fn refused(&mut self) {
        self.refused += 1;
    }

    /// So many records are composed, which is this share of the input, if that is known.
    pub fn checked(&mut self, records: u64, share: impl FnOnce() -> Option<f64>) {
        if records.is_multiple_of(STEP) {
            self.tell(records, share());
        }
    }

    /// So many of all sheets are written.
    pub fn printed(&mut self, done: u64, all: u64) {
        if self.stage != "writing" {
            self.stage = "writing";
            self.began = Instant::now();
            self.bar.reset();
            self.bar.set_style(style("{spinner} writing   {wide_bar} {msg}, {eta} left"));
        }
        if done.is_multiple_of(STEP) || done == all {
            self.tell(done, Some(done as f64 / all.max(1) as f64));
        }
    }

    fn tell(&mut self, records: u64, share: Option<f64>) {
        let passed = self.began.elapsed().as_secs_f64().max(1e-3);
        let rate = records as f64 / passed;
        match self.audience {
            Audience::Nobody => {}
            Audience::Person => {
                self.bar.set_position((share.unwrap_or(0.0) * WHOLE as f64) as u64);
                self.bar.set_message(format!("{records} sheets, {rate:.0}/s, {} refused or held", self.refused));
            }
            Audience::Program if self.told.elapsed() < PAUSE => {}
            Audience::Program => {
                self.told = Instant::now();
                let left = share.filter(|share| *share > 0.0).map(|share| (passed * (1.0 / share - 1.0)).round());
                eprintln!(
                    "{}",
                    json!({ "event": "progress", "stage": self.stage, "records": records,
                            "per_second": rate.round(), "seconds_left": left, "refused": self.refused })
                );
            }
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
