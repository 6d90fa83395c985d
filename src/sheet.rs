//! What one record looks like: marks at exact places, nothing left to decide.
//!
//! Promises, kept by [`compose`](crate::compose) and relied on by [`pdf`](crate::pdf): every glyph is
//! in its face and is not glyph 0; every run knows the text that it stands for, and is called plain only where it
//! is; marks lie on the paper;
//! the last four digits of a My Number, where they show, are one run.

use std::fmt;
use std::ops::Range;

use crate::base::geometry::{Point, Rect, Size};
use crate::base::length::Length;
use crate::base::modules::Modules;
use crate::base::stroke::Stroke;
use crate::base::tint::Tint;
use crate::font::{FaceId, GlyphId};

/// The paper of one record: its sides, front first.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// One page each.
    pub sides: Vec<Side>,
}

/// One side of a sheet.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// The size of the paper.
    pub size: Size,
    /// The plates under the marks, in the order of drawing.
    pub plates: Vec<PlateId>,
    /// What the record adds.
    pub marks: Vec<Mark>,
}

/// Names a plate: the group of a template that it draws, and which of the group's conditions hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlateId {
    /// The template, as numbered by whoever composes.
    pub template: u16,
    /// The group of items within it.
    pub group: u16,
    /// One bit for each condition of the group.
    pub mask: u16,
}

/// Artwork that sheets share: drawn once in a file, whatever the number of sheets.
#[derive(Clone, Debug)]
pub struct Plate {
    /// Its name.
    pub id: PlateId,
    /// The size of the paper.
    pub size: Size,
    /// What it draws.
    pub marks: Vec<Mark>,
}

/// Something drawn.
#[derive(Clone, Debug)]
pub enum Mark {
    /// Glyphs on one baseline.
    Run(Run),
    /// A straight line.
    Line(Line),
    /// An upright rectangle.
    Box(Box),
    /// The dark modules of a code.
    Bars(Bars),
    /// A picture.
    Image(Image),
}

/// Glyphs of one face on one baseline. `Debug` shows neither text nor glyphs: they may be personal.
#[derive(Clone, Default)]
pub struct Run {
    /// The face.
    pub face: FaceId,
    /// The size of the em box.
    pub size: Length,
    /// The left end of the baseline.
    pub at: Point,
    /// Thousandths of the natural width; 1000 is natural, less is 長体.
    pub stretch: u16,
    /// Degrees, counter-clockwise, around `at`.
    pub rotate: i16,
    /// Only the outline of the letters, this wide; `None`: filled.
    pub outline: Option<Length>,
    /// The tint.
    pub tint: Tint,
    /// The text that the glyphs stand for, exactly as the record has it.
    pub text: String,
    /// In the order of drawing.
    pub glyphs: Vec<Glyph>,
    /// Whether each glyph stands for one character of the text, which is the [text](crate::font::face::Face::texts)
    /// that it stands for by itself, and no space is added to any. *Default*: not known.
    pub plain: bool,
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Run { face, size, at, glyphs, .. } = self;
        write!(f, "Run({} glyphs of face {}, {size} at {} {}, ●)", glyphs.len(), face.0, at.x, at.y)
    }
}

/// A glyph of a run.
#[derive(Clone, PartialEq, Eq)]
pub struct Glyph {
    /// Its number in the face. Never 0.
    pub id: GlyphId,
    /// The bytes of [`Run::text`] that it stands for: a whole cluster. Empty for the second and later
    /// glyphs of a cluster.
    pub text: Range<u32>,
    /// Added to the glyph's own advance, before `stretch`; thousandths of the em.
    pub space: i32,
}

impl fmt::Debug for Glyph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Glyph(●)")
    }
}

/// A straight line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// One end.
    pub from: Point,
    /// The other end.
    pub to: Point,
    /// How it is drawn.
    pub stroke: Stroke,
}

/// An upright rectangle; its edges are the middle of the stroke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Box {
    /// Where.
    pub rect: Rect,
    /// The stroke; `None`: none.
    pub stroke: Option<Stroke>,
    /// The tint inside; `None`: empty.
    pub fill: Option<Tint>,
}

/// The dark modules of a code, in full black. `Debug` shows none of them: they may be personal.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Bars {
    /// Where; the modules fill it from edge to edge.
    pub rect: Rect,
    /// What they are.
    pub modules: Modules,
}

impl fmt::Debug for Bars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rect { at, size } = self.rect;
        write!(f, "Bars({} by {} at {} {}, ●)", size.width, size.height, at.x, at.y)
    }
}

/// A picture at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Where.
    pub rect: Rect,
    /// Which of the pictures that were handed to the writer.
    pub index: usize,
}
