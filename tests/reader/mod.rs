//! Reads PDFs back with somebody else's reader (hayro), for tests: text with its places, and pictures.
//! Text inside form XObjects (plates) is read like any other, and ActualText replaces what it covers.

#![allow(dead_code, reason = "each test file uses its part of this")]

use hayro::hayro_interpret::font::{Glyph as ShownGlyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::hayro_syntax::Pdf;
use hayro::hayro_interpret::hayro_syntax::object::{Dict, String as PdfString};
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, interpret_page,
};
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

/// Millimetres in a point.
const MM: f64 = 25.4 / 72.0;

/// What a page shows.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Width and height in millimetres.
    pub size: (f64, f64),
    /// In the order of drawing.
    pub runs: Vec<Run>,
    /// Bounds of every filled or stroked path, in millimetres: left, top, right, bottom.
    pub paths: Vec<[f64; 4]>,
    /// Bounds of every picture, likewise.
    pub images: Vec<[f64; 4]>,
}

/// Text shown at once.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// The text as a reader extracts it.
    pub text: String,
    /// The start of the baseline in millimetres from the left edge.
    pub x: f64,
    /// The start of the baseline in millimetres from the top edge.
    pub y: f64,
    /// Where the last glyph ends, without space after it.
    pub end: (f64, f64),
    /// The size of the em in points.
    pub size: f64,
    /// Degrees, counter-clockwise.
    pub rotation: f64,
    /// Only outlines are drawn.
    pub outlined: bool,
    /// Each glyph.
    pub glyphs: Vec<Glyph>,
}

/// A glyph of a run.
#[derive(Clone, Debug, Default)]
pub struct Glyph {
    /// Its text by the font's own table, without ActualText; `None`: the table has none.
    pub text: Option<String>,
    /// The code in the content stream.
    pub code: u32,
    /// Where it stands, in millimetres from the left edge.
    pub x: f64,
    /// The baseline, in millimetres from the top edge.
    pub y: f64,
}

impl Page {
    /// The texts of all runs.
    pub fn texts(&self) -> Vec<&str> {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    /// The run with exactly this text.
    pub fn run(&self, text: &str) -> &Run {
        self.runs.iter().find(|run| run.text == text).unwrap_or_else(|| panic!("no run {text:?}: {:?}", self.texts()))
    }
}

/// Everything that each page shows.
pub fn pages(bytes: &[u8]) -> Vec<Page> {
    let pdf = Pdf::new(bytes.to_vec()).expect("a PDF that opens");
    let cache = InterpreterCache::new();
    pdf.pages()
        .iter()
        .map(|page| {
            let (width, height) = page.render_dimensions();
            let bounds = Rect::new(0.0, 0.0, width.into(), height.into());
            let transform = page.initial_transform(true).to_kurbo();
            let mut context = Context::new(transform, bounds, &cache, page.xref(), InterpreterSettings::default());
            let mut reader = Reader::default();
            interpret_page(page, &mut context, &mut reader);
            assert!(reader.spans.is_empty(), "marked content is left open");
            Page { size: (bounds.width() * MM, bounds.height() * MM), ..reader.page }
        })
        .collect()
}

/// The text of each page, run by run.
pub fn texts(bytes: &[u8]) -> Vec<Vec<String>> {
    pages(bytes).into_iter().map(|page| page.runs.into_iter().map(|run| run.text).collect()).collect()
}

/// A page as a picture.
pub fn render(bytes: &[u8], page: usize, dpi: f32) -> image::GrayImage {
    let pdf = Pdf::new(bytes.to_vec()).expect("a PDF that opens");
    let cache = RenderCache::new();
    let scale = dpi / 72.0;
    let pixmap = hayro::render(
        &pdf.pages()[page],
        &cache,
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let (width, height) = (pixmap.width().into(), pixmap.height().into());
    let gray = pixmap.data_as_u8_slice().chunks(4).map(|pixel| pixel[0]).collect();
    image::GrayImage::from_raw(width, height, gray).expect("as many pixels as width and height say")
}

#[derive(Default)]
struct Reader {
    page: Page,
    /// Open marked content: ActualText, where it has one.
    spans: Vec<Option<String>>,
    /// ActualText that waits for its first glyphs.
    pending: Option<String>,
    /// The next show follows the last one without a break that a writer meant.
    joins: bool,
}

impl Reader {
    fn show(&mut self, run: Run) {
        if std::mem::take(&mut self.joins)
            && let Some(last) = self.page.runs.last_mut()
            && last.continues(&run)
        {
            last.text.push_str(&run.text);
            last.glyphs.extend(run.glyphs);
            last.end = run.end;
        } else {
            self.page.runs.push(run);
        }
    }
}

impl Run {
    /// Whether `next` goes on where this run ends: same size and direction, less than half an em away.
    fn continues(&self, next: &Run) -> bool {
        let gap = (next.x - self.end.0).hypot(next.y - self.end.1);
        self.size == next.size && self.rotation == next.rotation && gap < 0.5 * self.size * MM
    }
}

impl<'a> Device<'a> for Reader {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, _: &DrawMode) {
        self.page.paths.push(millimetres(props.transform.transform_rect_bbox(path.bounding_box())));
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, shown: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let mut run = Run { outlined: matches!(mode, DrawMode::Stroke(_)), ..Run::default() };
        for (index, positioned) in shown.glyphs().iter().enumerate() {
            let place = props.transform * positioned.transform();
            let at = place * Point::ORIGIN;
            let glyph: &ShownGlyph = positioned;
            let text = glyph.as_unicode().map(|text| match text {
                BfString::Char(character) => character.to_string(),
                BfString::String(text) => text,
            });
            if index == 0 {
                (run.x, run.y) = (at.x * MM, at.y * MM);
                (run.size, run.rotation) = size_and_rotation(place);
            }
            if let ShownGlyph::Outline(outline) = glyph {
                let end = place * Point::new(outline.advance_width().unwrap_or(0.0).into(), 0.0);
                run.end = (end.x * MM, end.y * MM);
            }
            run.text.push_str(text.as_deref().unwrap_or("\u{FFFD}"));
            run.glyphs.push(Glyph { text, code: glyph.char_code(), x: at.x * MM, y: at.y * MM });
        }
        if self.spans.iter().any(Option::is_some) {
            run.text = self.pending.take().unwrap_or_default();
        }
        self.show(run);
    }

    fn draw_image(&mut self, _: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.page.images.push(millimetres(props.transform.transform_rect_bbox(Rect::new(0.0, 0.0, 1.0, 1.0))));
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        let text = properties.and_then(|properties| properties.get::<PdfString<'_>>("ActualText"));
        let text = text.map(|text| decoded(text.as_bytes()));
        if text.is_some() {
            self.pending.clone_from(&text);
            self.joins = true;
        }
        self.spans.push(text);
    }

    fn end_marked_content(&mut self) {
        self.joins = self.spans.pop().flatten().is_some();
    }
}

/// Size in points and degrees counter-clockwise of a glyph's transform, which has 1000 units to the em.
fn size_and_rotation(place: Affine) -> (f64, f64) {
    let [a, b, c, d, ..] = place.as_coeffs();
    let rounded = |value: f64| (value * 1000.0).round() / 1000.0;
    (rounded(c.hypot(d) * 1000.0), rounded(-b.atan2(a).to_degrees()) + 0.0)
}

fn millimetres(rect: Rect) -> [f64; 4] {
    [rect.x0, rect.y0, rect.x1, rect.y1].map(|value| value * MM)
}

/// A PDF text string: UTF-16BE with its mark, or Latin.
fn decoded(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xFE, 0xFF]) {
        Some(wide) => {
            let units: Vec<u16> = wide.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).expect("well-formed UTF-16")
        }
        None => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}
