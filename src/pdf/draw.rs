//! What printpdf draws: one page for each plate, and a last page that shows a glyph of each font so
//! that printpdf embeds them. The only place that knows printpdf.

use std::collections::BTreeMap;

use lopdf::{Document, ObjectId};
use printpdf::{
    Codepoint, Color, CurTransMat, DictItem, ExternalStream, ExternalXObject, FontId, FontMetrics, Greyscale,
    LinePoint, Mm, Op, PaintMode, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions, Polygon,
    PolygonRing, Pt, TextItem, TextMatrix, TextRenderingMode, WindingOrder, XObject, XObjectId, XObjectTransform,
};

use crate::base::geometry::Rect;
use crate::base::stroke::Stroke;
use crate::base::tint::Tint;
use crate::font::FaceId;
use crate::pdf::cluster::clusters;
use crate::pdf::content::{EncodeError, gray};
use crate::pdf::font::Subset;
use crate::pdf::object;
use crate::pdf::picture::{Picture, Pixels};
use crate::pdf::shell::ShellError;
use crate::pdf::space::{Space, direction, millipoints};
use crate::sheet::{Bars, Box, Image, Line, Mark, Plate, Run};

/// What printpdf made, as objects.
pub(super) struct Drawn {
    pub(super) objects: Document,
    /// The content of each plate, in the order given.
    pub(super) plates: Vec<Vec<u8>>,
    pub(super) fonts: BTreeMap<FaceId, ObjectId>,
    pub(super) pictures: BTreeMap<usize, ObjectId>,
}

/// Draws the plates with the faces and pictures they use.
pub(super) fn draw(
    faces: &BTreeMap<FaceId, Subset>,
    plates: &[(usize, &Plate)],
    pictures: &BTreeMap<usize, &Picture>,
) -> Result<Drawn, ShellError> {
    let mut document = PdfDocument::new("");
    for (face, subset) in faces {
        document.resources.fonts.map.insert(font_id(*face), PdfFont::new(parsed(subset)));
    }
    for (index, picture) in pictures {
        document.resources.xobjects.map.insert(picture_id(*index), XObject::External(external(picture)));
    }
    // The size of these pages is never read: the forms get theirs from the plates.
    let page = |ops| PdfPage::new(Mm(1.0), Mm(1.0), ops);
    for (_, plate) in plates {
        document.pages.push(page(operations(faces, plate)?));
    }
    document.pages.push(page(carrier(faces)));
    let options = PdfSaveOptions { optimize: false, subset_fonts: false, secure: true, image_optimization: None };
    let mut warnings = Vec::new();
    let objects = document.to_lopdf_document(&options, &mut warnings);
    if let Some(warning) = warnings.first() {
        return Err(ShellError::Drawing(warning.msg.clone()));
    }
    taken_apart(objects, faces, pictures, plates.len()).map_err(|error| ShellError::Drawing(error.to_string()))
}

fn taken_apart(
    objects: Document,
    faces: &BTreeMap<FaceId, Subset>,
    pictures: &BTreeMap<usize, &Picture>,
    plates: usize,
) -> lopdf::Result<Drawn> {
    let pages: Vec<ObjectId> = objects.get_pages().into_values().collect();
    let first = pages.first().copied().ok_or(lopdf::Error::PageNumberNotFound(1))?;
    let resources = objects.get_dictionary(objects.get_dictionary(first)?.get(b"Resources")?.as_reference()?)?;
    let named = |kind: &[u8], name: &str| {
        objects.get_dictionary(resources.get(kind)?.as_reference()?)?.get(name.as_bytes())?.as_reference()
    };
    let fonts =
        faces.keys().map(|face| Ok((*face, named(b"Font", &font_id(*face).0)?))).collect::<lopdf::Result<_>>()?;
    let pictures = pictures
        .keys()
        .map(|index| Ok((*index, named(b"XObject", &picture_id(*index).0)?)))
        .collect::<lopdf::Result<_>>()?;
    let content = |page: &ObjectId| {
        let content = objects.get_dictionary(*page)?.get(b"Contents")?.as_reference()?;
        Ok(objects.get_object(content)?.as_stream()?.content.clone())
    };
    let plates = pages.iter().take(plates).map(content).collect::<lopdf::Result<_>>()?;
    Ok(Drawn { plates, fonts, pictures, objects })
}

/// The name of a face inside the file.
pub(super) fn font_id(face: FaceId) -> FontId {
    FontId(format!("F{}", face.0))
}

/// The name of a picture inside the file.
pub(super) fn picture_id(index: usize) -> XObjectId {
    XObjectId(format!("I{index}"))
}

/// The cut-down font as printpdf takes it. Widths and metrics are set on what it writes.
fn parsed(subset: &Subset) -> ParsedFont {
    let metrics = FontMetrics { ascent: 0, descent: 0 };
    ParsedFont::with_glyph_data(subset.program.clone(), 0, None, BTreeMap::new(), BTreeMap::new(), 1000, metrics)
}

fn external(picture: &Picture) -> ExternalXObject {
    let name = |text: &str| DictItem::Name(text.into());
    let mut dict = BTreeMap::from([
        ("Type".into(), name("XObject")),
        ("Subtype".into(), name("Image")),
        ("Width".into(), DictItem::Int(picture.width.into())),
        ("Height".into(), DictItem::Int(picture.height.into())),
    ]);
    let content = match &picture.pixels {
        Pixels::Gray(bytes) => {
            dict.insert("ColorSpace".into(), name("DeviceGray"));
            dict.insert("BitsPerComponent".into(), DictItem::Int(8));
            bytes
        }
        Pixels::Bilevel(bytes) => {
            dict.insert("ImageMask".into(), DictItem::Bool(true));
            dict.insert("BitsPerComponent".into(), DictItem::Int(1));
            bytes
        }
    };
    let stream = ExternalStream { dict, content: content.clone(), compress: false };
    ExternalXObject { stream, width: None, height: None, dpi: None }
}

fn carrier(faces: &BTreeMap<FaceId, Subset>) -> Vec<Op> {
    let show = |face: &FaceId| {
        let glyphs = vec![codepoint(1, 0)];
        [
            Op::StartTextSection,
            Op::SetFont { font: PdfFontHandle::External(font_id(*face)), size: Pt(1.0) },
            Op::ShowText { items: vec![TextItem::GlyphIds(glyphs)] },
            Op::EndTextSection,
        ]
    };
    faces.keys().flat_map(show).collect()
}

fn operations(faces: &BTreeMap<FaceId, Subset>, plate: &Plate) -> Result<Vec<Op>, ShellError> {
    let space = Space::new(plate.size.height);
    let mut ops = Vec::new();
    for mark in &plate.marks {
        ops.push(Op::SaveGraphicsState);
        match mark {
            Mark::Run(run) => {
                self::run(faces, space, run, &mut ops).map_err(|error| ShellError::Plate { plate: plate.id, error })?;
            }
            Mark::Line(line) => ops.extend(self::line(space, line)),
            Mark::Box(mark) => ops.extend(rectangle(space, mark)),
            Mark::Bars(bars) => ops.extend(self::bars(space, bars)),
            Mark::Image(image) => ops.extend(self::image(space, image)),
        }
        ops.push(Op::RestoreGraphicsState);
    }
    Ok(ops)
}

fn run(faces: &BTreeMap<FaceId, Subset>, space: Space, run: &Run, ops: &mut Vec<Op>) -> Result<(), EncodeError> {
    if run.glyphs.is_empty() {
        return Ok(());
    }
    let subset = faces.get(&run.face).ok_or(EncodeError::Face { face: run.face })?;
    match run.outline {
        Some(width) => ops.extend([
            Op::SetOutlineColor { col: gray_colour(run.tint) },
            Op::SetOutlineThickness { pt: points(millipoints(width)) },
            Op::SetTextRenderingMode { mode: TextRenderingMode::Stroke },
        ]),
        None => ops.push(Op::SetFillColor { col: gray_colour(run.tint) }),
    }
    ops.push(Op::StartTextSection);
    let size = points(millipoints(run.size));
    ops.push(Op::SetFont { font: PdfFontHandle::External(font_id(run.face)), size });
    if run.stretch != 1000 {
        ops.push(Op::SetHorizontalScaling { percent: f32::from(run.stretch) / 10.0 });
    }
    let [x, y] = space.point(run.at).map(points);
    if run.rotate.rem_euclid(360) == 0 {
        ops.push(Op::SetTextCursor { pos: printpdf::Point { x, y } });
    } else {
        let [cosine, sine] = direction(run.rotate).map(|value| value as f32);
        ops.push(Op::SetTextMatrix { matrix: TextMatrix::Raw([cosine, sine, -sine, cosine, x.0, y.0]) });
    }
    let mut plain = Vec::new();
    for cluster in clusters(run) {
        let mut glyphs = Vec::with_capacity(cluster.glyphs.len());
        for glyph in cluster.glyphs {
            let code = subset.number(glyph.id).ok_or(EncodeError::Glyph { face: run.face })?;
            glyphs.push(codepoint(code, glyph.space));
        }
        if cluster.plain(subset.face.texts()).is_some() {
            plain.append(&mut glyphs);
            continue;
        }
        show(ops, std::mem::take(&mut plain));
        let text = cluster.text.ok_or(EncodeError::Text { face: run.face })?;
        let text = DictItem::Bytes(object::text(text));
        let properties = DictItem::Dict { map: BTreeMap::from([("ActualText".into(), text)]) };
        ops.push(Op::BeginMarkedContentWithProperties { tag: "Span".into(), properties });
        show(ops, glyphs);
        ops.push(Op::EndMarkedContent);
    }
    show(ops, plain);
    ops.push(Op::EndTextSection);
    Ok(())
}

fn show(ops: &mut Vec<Op>, glyphs: Vec<Codepoint>) {
    if !glyphs.is_empty() {
        ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(glyphs)] });
    }
}

/// A glyph and the space after it, which `TJ` counts leftwards. Its text is set on what printpdf writes;
/// without any, printpdf would look for one.
fn codepoint(code: u16, space: i32) -> Codepoint {
    let offset = if space == 0 { 0.0 } else { -(space as f32) };
    Codepoint::with_cid(code, offset, String::new())
}

fn line(space: Space, line: &Line) -> Vec<Op> {
    let mut ops = pen(&line.stroke);
    let points = [line.from, line.to].map(|end| corner(space.point(end))).to_vec();
    ops.push(Op::DrawLine { line: printpdf::Line { points, is_closed: false } });
    ops
}

fn rectangle(space: Space, mark: &Box) -> Vec<Op> {
    let mode = match (&mark.stroke, mark.fill) {
        (Some(_), Some(_)) => PaintMode::FillStroke,
        (Some(_), None) => PaintMode::Stroke,
        (None, Some(_)) => PaintMode::Fill,
        (None, None) => return Vec::new(),
    };
    let mut ops = mark.stroke.as_ref().map(pen).unwrap_or_default();
    if let Some(tint) = mark.fill {
        ops.push(Op::SetFillColor { col: gray_colour(tint) });
    }
    let [x, y, width, height] = space.rect(mark.rect).map(points);
    let winding_order = Some(WindingOrder::NonZero);
    ops.push(Op::DrawRectangle { rectangle: printpdf::Rect { x, y, width, height, mode: Some(mode), winding_order } });
    ops
}

fn bars(space: Space, bars: &Bars) -> Vec<Op> {
    let rings: Vec<PolygonRing> = bars.modules.rects(bars.rect).into_iter().map(|rect| ring(space, rect)).collect();
    if rings.is_empty() {
        return Vec::new();
    }
    let polygon = Polygon { rings, mode: PaintMode::Fill, winding_order: WindingOrder::NonZero };
    vec![Op::SetFillColor { col: gray_colour(Tint::BLACK) }, Op::DrawPolygon { polygon }]
}

fn ring(space: Space, rect: Rect) -> PolygonRing {
    let [x, y, width, height] = space.rect(rect);
    let corners = [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
    PolygonRing { points: corners.map(corner).to_vec() }
}

fn image(space: Space, image: &Image) -> Vec<Op> {
    let [x, y, width, height] = space.rect(image.rect).map(|value| points(value).0);
    let transform = XObjectTransform { no_auto_scale: true, ..XObjectTransform::default() };
    vec![
        Op::SetFillColor { col: gray_colour(Tint::BLACK) },
        Op::SetTransformationMatrix { matrix: CurTransMat::Raw([width, 0.0, 0.0, height, x, y]) },
        Op::UseXobject { id: picture_id(image.index), transform },
    ]
}

fn pen(stroke: &Stroke) -> Vec<Op> {
    let mut ops = vec![
        Op::SetOutlineColor { col: gray_colour(stroke.tint) },
        Op::SetOutlineThickness { pt: points(millipoints(stroke.width)) },
    ];
    if let Some(dash) = stroke.dash {
        let pattern = dash.map(|length| points(millipoints(length)).0).to_vec().into();
        ops.push(Op::SetLineDashPattern { dash: printpdf::LineDashPattern { offset: 0.0, pattern } });
    }
    ops
}

fn corner(at: [i64; 2]) -> LinePoint {
    let [x, y] = at.map(points);
    LinePoint { p: printpdf::Point { x, y }, bezier: false }
}

fn points(thousandths: i64) -> Pt {
    Pt(thousandths as f32 / 1000.0)
}

fn gray_colour(tint: Tint) -> Color {
    Color::Greyscale(Greyscale { percent: gray(tint) as f32 / 1000.0, icc_profile: None })
}
