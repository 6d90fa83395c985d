//! One side of a sheet as a content stream: plates by name, then the marks, in few bytes.

use crate::base::geometry::{Point, Size};
use crate::base::length::Length;
use crate::base::stroke::Stroke;
use crate::base::tint::Tint;
use crate::font::face::Face;
use crate::font::texts::Texts;
use crate::font::{FaceId, GlyphId};
use crate::pdf::cluster::clusters;
use crate::pdf::encoder::Encoder;
use crate::pdf::object;
use crate::pdf::space::{Space, decimal, decimals, direction, millipoints};
use crate::sheet::{Bars, Box, Image, Line, Mark, PlateId, Run, Side};

/// Why a sheet cannot be written. None of these depends on the reader's data being unusual: the sheet was made
/// for another pack, or it is broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// The pack has no such face.
    #[error("face {} is not one of the pack: was the sheet made for another one?", face.0)]
    Face {
        /// The face.
        face: FaceId,
    },
    /// The face has no such glyph, or it is glyph 0, the box of a missing character.
    #[error("a mark uses the missing glyph of face {}, or one that it does not have", face.0)]
    Glyph {
        /// The face.
        face: FaceId,
    },
    /// A glyph points outside the text of its run, or into the middle of a character.
    #[error("a glyph of face {} points outside the text of its run", face.0)]
    Text {
        /// The face.
        face: FaceId,
    },
    /// The pack has no such plate.
    #[error("plate {0:?} is not one of the pack: was the sheet made for another one?")]
    Plate(PlateId),
    /// A plate was drawn for paper of another size.
    #[error("plate {plate:?} is for paper of {} by {}, the side is {} by {}", drawn.width, drawn.height, side.width, side.height)]
    PlateSize {
        /// The plate.
        plate: PlateId,
        /// The paper it was drawn for.
        drawn: Size,
        /// The paper of the side.
        side: Size,
    },
    /// The pack has no such picture.
    #[error("picture {0} is not one of the pack: was the sheet made for another one?")]
    Picture(usize),
    /// The compressor failed.
    #[error("a page could not be compressed: {0}")]
    Deflate(String),
}

/// Appends the content stream of `side`. `string` is working space.
pub(super) fn encode(
    encoder: &Encoder,
    side: &Side,
    string: &mut Vec<u8>,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut writer = Writer { encoder, space: Space::new(side.size.height), out, string, state: State::default() };
    for id in &side.plates {
        let (number, plate) = encoder.plate(*id).ok_or(EncodeError::Plate(*id))?;
        if plate.size != side.size {
            return Err(EncodeError::PlateSize { plate: *id, drawn: plate.size, side: side.size });
        }
        writer.out.extend_from_slice(b"/P");
        object::integer(writer.out, number as i64);
        writer.out.extend_from_slice(b" Do\n");
    }
    for mark in &side.marks {
        match mark {
            Mark::Run(run) => writer.run(run)?,
            Mark::Line(line) => writer.line(line),
            Mark::Box(mark) => writer.rectangle(mark),
            Mark::Bars(bars) => writer.bars(bars),
            Mark::Image(image) => writer.image(image)?,
        }
    }
    writer.end_text();
    Ok(())
}

struct Writer<'a> {
    encoder: &'a Encoder<'a>,
    space: Space,
    out: &'a mut Vec<u8>,
    string: &'a mut Vec<u8>,
    state: State,
}

/// What the reader of the stream has been told already; the defaults are those of a new page.
struct State {
    in_text: bool,
    /// Where the current line of text starts; `None` when it is rotated.
    origin: Option<[i64; 2]>,
    font: Option<(FaceId, i64)>,
    stretch: u16,
    spacing: i64,
    outlined: bool,
    fill: Tint,
    stroke: Tint,
    width: i64,
    dash: Option<[i64; 2]>,
}

impl Default for State {
    fn default() -> State {
        State {
            in_text: false,
            origin: None,
            font: None,
            stretch: 1000,
            spacing: 0,
            outlined: false,
            fill: Tint::BLACK,
            stroke: Tint::BLACK,
            width: 1000,
            dash: None,
        }
    }
}

impl Writer<'_> {
    fn run(&mut self, run: &Run) -> Result<(), EncodeError> {
        if run.glyphs.is_empty() {
            return Ok(());
        }
        let face = self.encoder.face(run.face).ok_or(EncodeError::Face { face: run.face })?;
        match run.outline {
            Some(width) => {
                self.width(millipoints(width));
                self.stroke_tint(run.tint);
                self.dash(None);
            }
            None => self.fill_tint(run.tint),
        }
        if self.state.outlined != run.outline.is_some() {
            self.state.outlined = run.outline.is_some();
            self.out.extend_from_slice(if self.state.outlined { b"1 Tr " } else { b"0 Tr " });
        }
        self.typeface(run);
        let even = even_space(run);
        if run.glyphs.len() > 1 && self.state.spacing != even {
            self.state.spacing = even;
            self.operator(&[even], b"Tc ");
        }
        self.place(run.at, run.rotate);
        self.show(run, face, even != 0)?;
        self.out.push(b'\n');
        Ok(())
    }

    fn typeface(&mut self, run: &Run) {
        let font = (run.face, millipoints(run.size));
        if self.state.font != Some(font) {
            self.state.font = Some(font);
            self.out.extend_from_slice(b"/F");
            object::integer(self.out, i64::from(run.face.0));
            self.out.push(b' ');
            self.operator(&[font.1], b"Tf ");
        }
        if self.state.stretch != run.stretch {
            self.state.stretch = run.stretch;
            self.operator(&[100 * i64::from(run.stretch)], b"Tz ");
        }
    }

    /// Moves to the start of a line of text. No space at the end: a string, an array or a name follows.
    fn place(&mut self, at: Point, rotate: i16) {
        let [x, y] = self.space.point(at);
        if !self.state.in_text {
            self.state.in_text = true;
            self.state.origin = Some([0, 0]);
            self.out.extend_from_slice(b"BT ");
        }
        let upright = rotate.rem_euclid(360) == 0;
        match self.state.origin.filter(|_| upright) {
            Some([from_x, from_y]) => self.operator(&[x - from_x, y - from_y], b"Td"),
            None => {
                let [cosine, sine] = direction(rotate).map(|value| value + 0.0);
                self.out.extend_from_slice(format!("{cosine} {sine} {} {cosine} ", 0.0 - sine).as_bytes());
                self.operator(&[x, y], b"Tm");
            }
        }
        self.state.origin = upright.then_some([x, y]);
    }

    /// Shows the glyphs; `spaced`: the space between them is set already.
    fn show(&mut self, run: &Run, face: &Face, spaced: bool) -> Result<(), EncodeError> {
        let texts = face.texts();
        if run.plain || is_plain(run, texts, spaced) {
            self.show_plain(run);
            return Ok(());
        }
        let mut show = Show { out: self.out, string: self.string, array: false, adjust: 0 };
        for cluster in clusters(run) {
            let plain = cluster.plain(texts).is_some();
            if !plain {
                let text = cluster.text.ok_or(EncodeError::Text { face: run.face })?;
                show.end();
                show.out.extend_from_slice(b"/Span<</ActualText");
                object::string(show.out, &object::text(text));
                show.out.extend_from_slice(b">>BDC");
            }
            for glyph in cluster.glyphs {
                // Glyph 0 is the box of a missing character.
                if glyph.id.0 == 0 || u32::from(glyph.id.0) >= face.glyph_count() {
                    return Err(EncodeError::Glyph { face: run.face });
                }
                show.glyph(glyph.id);
                if !spaced {
                    show.adjust += i64::from(glyph.space);
                }
            }
            if !plain {
                show.end();
                show.out.extend_from_slice(b" EMC");
            }
        }
        show.end();
        Ok(())
    }

    /// Shows the glyphs of a run as one string.
    fn show_plain(&mut self, run: &Run) {
        self.out.push(b'(');
        let start = self.out.len();
        self.out.resize(start + 2 * run.glyphs.len(), 0);
        let mut escaped = false;
        for (place, glyph) in self.out[start..].chunks_exact_mut(2).zip(&run.glyphs) {
            let code = glyph.id.0.to_be_bytes();
            escaped |= object::is_escaped(code[0]) | object::is_escaped(code[1]);
            place.copy_from_slice(&code);
        }
        if escaped {
            self.string.extend_from_slice(&self.out[start..]);
            self.out.truncate(start);
            self.string.drain(..).for_each(|byte| object::escaped(self.out, byte));
        }
        self.out.extend_from_slice(b")Tj");
    }

    fn line(&mut self, line: &Line) {
        self.pen(&line.stroke);
        let (from, to) = (self.space.point(line.from), self.space.point(line.to));
        self.operator(&from, b"m ");
        self.operator(&to, b"l S\n");
    }

    fn rectangle(&mut self, mark: &Box) {
        if let Some(stroke) = &mark.stroke {
            self.pen(stroke);
        }
        if let Some(tint) = mark.fill {
            self.fill_tint(tint);
        }
        let paint: &[u8] = match (&mark.stroke, mark.fill) {
            (Some(_), Some(_)) => b"re B\n",
            (Some(_), None) => b"re S\n",
            (None, Some(_)) => b"re f\n",
            (None, None) => return,
        };
        self.end_text();
        let rect = self.space.rect(mark.rect);
        self.operator(&rect, paint);
    }

    /// An image mask, one bit for each module: half the bytes of rectangles, and printers that know black and white only
    /// make dark modules no wider. In hexadecimal, so that no reader takes data for the end of the image.
    fn bars(&mut self, bars: &Bars) {
        let modules = &bars.modules;
        if modules.height() == 0 {
            return;
        }
        self.end_text();
        self.fill_tint(Tint::BLACK);
        let [x, y, width, height] = self.space.rect(bars.rect);
        self.out.extend_from_slice(b"q ");
        self.operator(&[width, 0, 0, height, x, y], b"cm\nBI/W ");
        object::integer(self.out, modules.width() as i64);
        self.out.extend_from_slice(b"/H ");
        object::integer(self.out, modules.height() as i64);
        self.out.extend_from_slice(b"/IM true/F/AHx ID ");
        for row in modules.rows() {
            // A row ends with a whole byte: two digits of four modules. What is 0 is painted.
            for part in row.chunks(8) {
                let light = (0..8).map(|bit| !part.get(bit).is_some_and(|dark| *dark));
                object::hexadecimal(self.out, light.fold(0, |byte, light| byte << 1 | u8::from(light)));
            }
        }
        self.out.extend_from_slice(b">\nEI Q\n");
    }

    fn image(&mut self, image: &Image) -> Result<(), EncodeError> {
        if self.encoder.picture(image.index).is_none() {
            return Err(EncodeError::Picture(image.index));
        }
        self.end_text();
        // Bilevel pictures are stencils: they take the colour that is set.
        self.fill_tint(Tint::BLACK);
        let [x, y, width, height] = self.space.rect(image.rect);
        self.out.extend_from_slice(b"q ");
        self.operator(&[width, 0, 0, height, x, y], b"cm/I");
        object::integer(self.out, image.index as i64);
        self.out.extend_from_slice(b" Do Q\n");
        Ok(())
    }

    fn pen(&mut self, stroke: &Stroke) {
        self.end_text();
        self.width(millipoints(stroke.width));
        self.stroke_tint(stroke.tint);
        self.dash(stroke.dash);
    }

    fn width(&mut self, width: i64) {
        if self.state.width != width {
            self.state.width = width;
            self.operator(&[width], b"w ");
        }
    }

    fn dash(&mut self, dash: Option<[Length; 2]>) {
        let dash = dash.map(|lengths| lengths.map(millipoints));
        if self.state.dash != dash {
            self.state.dash = dash;
            self.out.push(b'[');
            if let Some([on, off]) = dash {
                decimal(self.out, on);
                self.out.push(b' ');
                decimal(self.out, off);
            }
            self.out.extend_from_slice(b"]0 d ");
        }
    }

    fn fill_tint(&mut self, tint: Tint) {
        if self.state.fill != tint {
            self.state.fill = tint;
            self.operator(&[gray(tint)], b"g ");
        }
    }

    fn stroke_tint(&mut self, tint: Tint) {
        if self.state.stroke != tint {
            self.state.stroke = tint;
            self.operator(&[gray(tint)], b"G ");
        }
    }

    fn end_text(&mut self) {
        if self.state.in_text {
            self.state.in_text = false;
            self.out.extend_from_slice(b"ET\n");
        }
    }

    fn operator(&mut self, operands: &[i64], operator: &[u8]) {
        decimals(self.out, operands);
        self.out.extend_from_slice(operator);
    }
}

/// Whether a run is plain that nobody calls so: see [`Run::plain`]. Space that is set already does not count.
fn is_plain(run: &Run, texts: &Texts, spaced: bool) -> bool {
    let (mut characters, mut at) = (run.text.chars(), 0);
    run.glyphs.iter().all(|glyph| {
        let own = characters.next().is_some_and(|character| {
            let from = at;
            at += character.len_utf8() as u32;
            glyph.text == (from..at) && texts.get(glyph.id).is_character(character)
        });
        // Glyph 0 is the box of a missing character; beyond the last one none has a text.
        own && glyph.id.0 != 0 && (spaced || glyph.space == 0)
    })
}

/// Glyphs on their way into `Tj` or `TJ`.
struct Show<'a> {
    out: &'a mut Vec<u8>,
    /// The codes of the string that is next.
    string: &'a mut Vec<u8>,
    array: bool,
    adjust: i64,
}

impl Show<'_> {
    /// A code is the number of the glyph in its face.
    fn glyph(&mut self, glyph: GlyphId) {
        if self.adjust != 0 {
            if !self.array {
                self.array = true;
                self.out.push(b'[');
            }
            self.put_string();
            object::integer(self.out, -self.adjust);
            self.adjust = 0;
        }
        let [high, low] = glyph.0.to_be_bytes();
        object::escaped(self.string, high);
        object::escaped(self.string, low);
    }

    fn end(&mut self) {
        if self.string.is_empty() {
            return;
        }
        self.put_string();
        self.out.extend_from_slice(if self.array { b"]TJ" } else { b"Tj" });
        self.array = false;
    }

    fn put_string(&mut self) {
        if self.string.is_empty() {
            return;
        }
        self.out.push(b'(');
        self.out.append(self.string);
        self.out.push(b')');
    }
}

/// DeviceGray counts light, a tint counts ink.
pub(super) fn gray(tint: Tint) -> i64 {
    1000 - i64::from(tint.to_permille())
}

/// The space that follows every glyph but the last, if it is the same throughout and a whole number of
/// thousandths of a point; 0 otherwise.
fn even_space(run: &Run) -> i64 {
    let Some(([first, others @ ..], _)) = run.glyphs.split_last().map(|(last, before)| (before, last)) else {
        return 0;
    };
    if first.space == 0 || others.iter().any(|glyph| glyph.space != first.space) {
        return 0;
    }
    let thousandths = run.size.to_units().checked_mul(i64::from(first.space)).unwrap_or(1);
    if thousandths % 127_000 == 0 { thousandths / 127_000 } else { 0 }
}
