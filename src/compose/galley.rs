//! Where a side is set: memory that is used again from side to side and from record to record.

use crate::compose::problem::Note;
use crate::font::resolve::Cluster;
use crate::sheet::{Mark, Run, Sheet, Side};

/// Where a side is set.
#[derive(Default)]
pub struct Galley {
    /// What has been set.
    pub marks: Vec<Mark>,
    /// What was done to set it, and what a person should look at.
    pub notes: Vec<Note>,
    runs: Vec<Run>,
    sides: Vec<Side>,
    texts: Vec<SetText>,
}

/// Words with their glyphs.
#[derive(Default)]
pub struct SetText {
    /// The words.
    pub words: String,
    /// Their glyphs.
    pub clusters: Vec<Cluster>,
    /// Added after each of them, in thousandths of the em; empty: nothing.
    pub extra: Vec<i32>,
}

/// Shows nothing of what is set, which is about a person.
impl std::fmt::Debug for Galley {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Galley").field("marks", &self.marks.len()).finish_non_exhaustive()
    }
}

impl Galley {
    /// An empty text.
    pub fn text(&mut self) -> SetText {
        self.texts.pop().unwrap_or_default()
    }

    /// Takes back a text that is done with.
    pub fn take_back(&mut self, mut text: SetText) {
        text.words.clear();
        text.clusters.clear();
        text.extra.clear();
        self.texts.push(text);
    }

    /// A run without text and glyphs; everything else of it is to be set anew.
    pub fn run(&mut self) -> Run {
        self.runs.pop().unwrap_or_default()
    }

    /// Takes back a run that nothing was put into.
    pub fn spare(&mut self, run: Run) {
        self.runs.push(run);
    }

    /// A side without plates; what is set from now on is for it.
    pub fn side(&mut self) -> Side {
        self.marks.clear();
        self.sides.pop().unwrap_or_default()
    }

    /// Takes a sheet apart that is done with.
    pub fn clear(&mut self, sheet: &mut Sheet) {
        for mut side in sheet.sides.drain(..) {
            self.clear_side(&mut side);
            self.sides.push(side);
        }
    }

    /// Takes a side apart that is done with; what is set from now on is for another one.
    pub fn clear_side(&mut self, side: &mut Side) {
        self.marks.clear();
        for mark in side.marks.drain(..) {
            match mark {
                Mark::Run(mut run) => {
                    run.text.clear();
                    run.glyphs.clear();
                    self.runs.push(run);
                }
                Mark::Line(_) | Mark::Box(_) | Mark::Bars(_) | Mark::Image(_) => {}
            }
        }
        side.plates.clear();
    }
}
