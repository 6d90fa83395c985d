//! A template from its file: parts fetched, styles resolved, everything checked.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;

use crate::base::diagnostic::Diagnostic;
use crate::base::diagnostic::Place;
use crate::base::diagnostic::Source;
use crate::base::diagnostic::nearest;
use crate::base::geometry::Point;
use crate::base::geometry::Rect;
use crate::base::geometry::Size;
use crate::base::length::Length;
use crate::template::file;
use crate::template::file::Parsed;
use crate::template::layout::Layout;
use crate::template::measure;
use crate::template::measure::Wrong;
use crate::template::model;
use crate::template::model::Shape;
use crate::template::model::Template;
use crate::template::path::beside;
use crate::template::path::tidy;
use crate::template::schema;
use crate::template::schema::File;
use crate::template::schema::Measure;
use crate::template::shape;
use crate::template::shape::Drawn;
use crate::template::style::Declarations;
use crate::template::style::Styles;
use crate::template::table;
use crate::template::values::Scope;
use crate::template::values::Surface;
use crate::template::values::Values;
use crate::template::vocabulary::SHEETS;
use crate::template::vocabulary::Vocabulary;

/// Fetches a file that a template names. The path is the using file's name with the written path
/// joined to it, so it is relative to wherever the template's own name is.
pub type Fetch<'a> = dyn Fn(&str) -> Result<Arc<Source>, Diagnostic> + 'a;

/// The shortest and the longest edge of a paper.
const EDGES: [Length; 2] = [Length::mm(20), Length::mm(1000)];

/// Where the sheet is unknown, items are read on this one, so that their other errors show too.
const UNKNOWN_SHEET: Size = Size { width: Length::mm(10_000), height: Length::mm(10_000) };

/// Parts that use parts deeper than this are taken for an endless circle.
const DEEPEST: usize = 8;

/// Reads a template.
///
/// Does no I/O itself: `fetch` brings the parts and the files of styles.
///
/// # Errors
/// Everything that is wrong with the file, its parts and its styles: each with a place, ordered by
/// file and place.
pub fn read(source: &Arc<Source>, vocabulary: &Vocabulary<'_>, fetch: &Fetch<'_>) -> Result<Template, Vec<Diagnostic>> {
    let mut reader = Reader { vocabulary, fetch, errors: Vec::new(), layout: Layout::default(), trail: Vec::new() };
    reader.trail.push(tidy(&source.name));
    let size = reader.template(source);
    let Reader { mut errors, layout, .. } = reader;
    layout.check_slips(&mut errors);
    match size {
        Some(size) if errors.is_empty() => {
            Ok(Template { name: source.name.clone(), size, slips: layout.slips(), items: layout.into_items() })
        }
        Some(_) | None => Err(tidied(errors, source)),
    }
}

/// Errors in the order of the files and without repetitions, the template's own file first.
fn tidied(mut errors: Vec<Diagnostic>, own: &Arc<Source>) -> Vec<Diagnostic> {
    let key = |error: &Diagnostic| match &error.place {
        None => (false, String::new(), 0, error.message.clone()),
        Some(Place { source, span }) => {
            (source.name != own.name, source.name.clone(), span.start, error.message.clone())
        }
    };
    errors.sort_by_cached_key(key);
    errors.dedup();
    errors
}

struct Reader<'a> {
    vocabulary: &'a Vocabulary<'a>,
    fetch: &'a Fetch<'a>,
    errors: Vec<Diagnostic>,
    layout: Layout,
    /// The files that are being read, the template first.
    trail: Vec<String>,
}

impl Reader<'_> {
    /// Reads the template's own file; `None` when its size is unknown.
    fn template(&mut self, source: &Arc<Source>) -> Option<Size> {
        let Parsed { file, head } = file::read(source, &mut self.errors)?;
        let size = if head { self.sheet(source, file.sheet.as_ref()) } else { None };
        let area = Rect { at: Point::default(), size: size.unwrap_or(UNKNOWN_SHEET) };
        self.folds(source, &file, area.bottom());
        let styles = self.styles(source, &file);
        let scope =
            Scope { source, styles: &styles, surface: Surface::Body, area, origin: Point::default(), when: Vec::new() };
        self.items(&scope, &file.item);
        size
    }

    fn fail(&mut self, source: &Arc<Source>, span: Range<usize>, wrong: Wrong) {
        let found = Diagnostic::error(wrong.message).at(source, span);
        self.errors.push(match wrong.hint {
            Some(hint) => found.hint(hint),
            None => found,
        });
    }

    /// The size of the paper.
    fn sheet(&mut self, source: &Arc<Source>, sheet: Option<&Spanned<schema::Sheet>>) -> Option<Size> {
        let names = || SHEETS.iter().map(|entry| entry.name);
        let Some(sheet) = sheet else {
            let wrong = Wrong::new("the template does not say the size of its paper");
            self.fail(source, 0..0, wrong.hint("begin with sheet = \"A4\""));
            return None;
        };
        match sheet.get_ref() {
            schema::Sheet::Named(name) => {
                let found = SHEETS.iter().find(|entry| entry.name == name).map(|entry| entry.size);
                if found.is_none() {
                    let hint = match nearest(name, names()) {
                        Some(near) => format!("did you mean \"{near}\"?"),
                        None => format!(
                            "write {}, or {{ width = \"…\", height = \"…\" }}",
                            names().collect::<Vec<_>>().join(", ")
                        ),
                    };
                    self.fail(source, sheet.span(), Wrong::new(format!("unknown paper \"{name}\"")).hint(hint));
                }
                found
            }
            schema::Sheet::Measured(size) => {
                let width = self.edge(source, &size.width);
                let height = self.edge(source, &size.height);
                Some(Size { width: width?, height: height? })
            }
        }
    }

    fn edge(&mut self, source: &Arc<Source>, found: &Measure) -> Option<Length> {
        let edge = measure::length(found.get_ref()).and_then(|edge| match edge {
            edge if edge < EDGES[0] || edge > EDGES[1] => Err(Wrong::new("a paper's edge goes from 20mm to 1000mm")),
            edge => Ok(edge),
        });
        edge.map_err(|wrong| self.fail(source, found.span(), wrong)).ok()
    }

    /// Where the paper is folded, from the top down.
    fn folds(&mut self, source: &Arc<Source>, file: &File, bottom: Length) {
        let mut last = Length::ZERO;
        for found in file.folds.iter().flatten() {
            match measure::length(found.get_ref()) {
                Ok(fold) if fold > last && fold < bottom => {
                    last = fold;
                    self.layout.fold(fold);
                }
                Ok(_) => {
                    let wrong = Wrong::new("folds lie on the sheet, each below the one before");
                    self.fail(source, found.span(), wrong);
                }
                Err(wrong) => self.fail(source, found.span(), wrong),
            }
        }
    }

    /// The styles that a file may name: those of the files that it uses, and its own.
    fn styles(&mut self, source: &Arc<Source>, file: &File) -> Styles {
        let mut declarations = Declarations::default();
        for path in file.r#use.iter().flatten() {
            let Some((_, used)) = self.bring(source, path) else { continue };
            if let Some(parsed) = file::read(&used, &mut self.errors) {
                self.only_styles(&used, &parsed.file);
                declarations.add(&used, parsed.file.style);
            }
        }
        declarations.add(source, file.style.clone());
        declarations.resolve(self.vocabulary, &mut self.errors)
    }

    /// A file of styles holds nothing else.
    fn only_styles(&mut self, source: &Arc<Source>, file: &File) {
        let hint = "a file in `use` holds [style.NAME] only; for items write `part`";
        let uses = file.r#use.iter().flatten().next().map(Spanned::span);
        let item = file.item.first().map(Spanned::span);
        for (key, span) in [("use", uses), ("item", item)] {
            if let Some(span) = span {
                self.fail(source, span, Wrong::new(format!("a file of styles has no `{key}`")).hint(hint));
            }
        }
        self.no_sheet(source, file, "a file of styles");
    }

    /// Only the template itself knows its paper.
    fn no_sheet(&mut self, source: &Arc<Source>, file: &File, kind: &str) {
        let sheet = file.sheet.as_ref().map(Spanned::span);
        let folds = file.folds.iter().flatten().next().map(Measure::span);
        for (key, span) in [("sheet", sheet), ("folds", folds)] {
            if let Some(span) = span {
                let wrong = Wrong::new(format!("{kind} has no `{key}`"));
                self.fail(source, span, wrong.hint("only the template itself says what its paper is"));
            }
        }
    }

    /// Fetches a file that another one names.
    fn bring(&mut self, source: &Arc<Source>, path: &Spanned<String>) -> Option<(String, Arc<Source>)> {
        let joined = match beside(&source.name, path.get_ref()) {
            Ok(joined) => joined,
            Err(wrong) => {
                self.fail(source, path.span(), wrong);
                return None;
            }
        };
        match (self.fetch)(&joined) {
            Ok(used) => Some((joined, used)),
            Err(error) if error.place.is_some() => {
                self.errors.push(error);
                None
            }
            Err(error) => {
                self.errors.push(error.at(source, path.span()));
                None
            }
        }
    }

    fn items(&mut self, scope: &Scope<'_>, items: &[Spanned<schema::Item>]) {
        for item in items {
            self.item(scope, item);
        }
    }

    /// One item: its conditions, then its only kind.
    fn item(&mut self, scope: &Scope<'_>, found: &Spanned<schema::Item>) {
        let item = found.get_ref();
        let mut values = Values::new(scope.clone(), self.vocabulary, &mut self.errors);
        let narrowed = values.narrow(&item.when);
        let kinds = kinds(item);
        let [kind] = kinds.as_slice() else {
            let wrong = match kinds.as_slice() {
                [] => Wrong::new("the item has no kind"),
                _ => Wrong::new("the item has more than one kind").hint("write an [[item]] for each"),
            };
            let names = "text, paragraph, table, line, box, image, qr, datamatrix, code128, slip, part";
            let hint = wrong.hint.clone().unwrap_or_else(|| format!("write one of {names}"));
            values.fail(found.span(), wrong.hint(hint));
            return;
        };
        let inner = values.scope.clone();
        let drawn = match kind {
            Kind::Text(text) => shape::text(&mut values, text),
            Kind::Paragraph(paragraph) => shape::paragraph(&mut values, paragraph),
            Kind::Table(table) => table::table(&mut values, table),
            Kind::Line(line) => shape::line(&mut values, line),
            Kind::Box(frame) => shape::frame(&mut values, frame),
            Kind::Image(image) => shape::image(&mut values, image),
            Kind::Qr(qr) => shape::qr(&mut values, qr),
            Kind::DataMatrix(matrix) => shape::data_matrix(&mut values, matrix),
            Kind::Code128(bars) => shape::code128(&mut values, bars),
            Kind::Slip(slip) => return self.slip(&inner, slip),
            Kind::Part(part) => return self.part(&inner, part),
        };
        let imprint = values.imprint_rule(match kind {
            Kind::Paragraph(_) => Some("paragraph"),
            Kind::Table(_) => Some("table"),
            Kind::Text(_) | Kind::Line(_) | Kind::Box(_) | Kind::Image(_) => None,
            Kind::Qr(_) | Kind::DataMatrix(_) | Kind::Code128(_) | Kind::Slip(_) | Kind::Part(_) => None,
        });
        if let (Some(drawn), Some(_), Some(())) = (drawn, narrowed, imprint) {
            self.place(&inner, drawn, found.span());
        }
    }

    /// Puts an item on the sheet.
    fn place(&mut self, scope: &Scope<'_>, drawn: Drawn, span: Range<usize>) {
        let place = Place { source: Arc::clone(scope.source), span };
        let whole = match &drawn.shape {
            Shape::Table(_) => Some("table"),
            Shape::Qr(_) => Some("QR code"),
            Shape::DataMatrix(_) => Some("Data Matrix"),
            Shape::Code128(_) => Some("bar code"),
            Shape::Text(_)
            | Shape::Column(_)
            | Shape::Paragraph(_)
            | Shape::Line(_)
            | Shape::Box(_)
            | Shape::Image(_) => None,
        };
        if let (Some(kind), Some(extent)) = (whole, drawn.extent) {
            self.layout.check_folds(kind, extent, &place, &mut self.errors);
        }
        let item = model::Item { when: scope.when.clone(), shape: drawn.shape, place };
        self.layout.add(item, drawn.extent, scope.surface);
    }

    /// A slip: a dashed box and items of its own.
    fn slip(&mut self, scope: &Scope<'_>, found: &Spanned<schema::Slip>) {
        let slip = found.get_ref();
        let mut values = Values::new(scope.clone(), self.vocabulary, &mut self.errors);
        if scope.surface != Surface::Body || self.trail.len() > 1 {
            let wrong = Wrong::new("a slip stands in the template itself, not in a part or another slip");
            values.fail(found.span(), wrong.hint("let the slip use a part for its items"));
            return;
        }
        let margin = values.not_negative(&slip.margin);
        let size = values.size(&slip.size);
        let cut = slip.cut.as_ref().map(|cut| values.stroke(cut));
        let (Some(margin), Some(size)) = (margin, size) else { return };
        let rect = corner(slip.corner, scope.area.size, margin, size);
        if values.inside(rect, Length::ZERO, slip.size.span()).is_none() {
            return;
        }
        let place = Place { source: Arc::clone(scope.source), span: found.span() };
        self.layout.check_folds("slip", rect, &place, &mut self.errors);
        let number = self.layout.add_slip(rect, &scope.when, place);
        let inner = Scope { surface: Surface::Slip(number), area: rect, origin: rect.at, ..scope.clone() };
        if let Some(Some(stroke)) = cut {
            let shape = Shape::Box(model::Box { rect, stroke: Some(stroke), fill: None });
            self.place(&inner, Drawn { shape, extent: None }, found.span());
        }
        self.items(&inner, &slip.item);
    }

    /// The items of another file.
    fn part(&mut self, scope: &Scope<'_>, found: &Spanned<schema::Part>) {
        let part = found.get_ref();
        let mut values = Values::new(scope.clone(), self.vocabulary, &mut self.errors);
        let origin = part.at.as_ref().map_or(Some(scope.origin), |at| values.point(at));
        let Some((path, source)) = self.bring(scope.source, &part.file) else { return };
        if self.trail.contains(&path) || self.trail.len() > DEEPEST {
            let wrong = Wrong::new("the part uses itself");
            self.fail(scope.source, part.file.span(), wrong.hint("take this item out of the circle"));
            return;
        }
        let Some(origin) = origin else { return };
        self.trail.push(path);
        if let Some(Parsed { file, .. }) = file::read(&source, &mut self.errors) {
            self.no_sheet(&source, &file, "a part");
            let styles = self.styles(&source, &file);
            let inner = Scope { source: &source, styles: &styles, origin, ..scope.clone() };
            self.items(&inner, &file.item);
        }
        self.trail.pop();
    }
}

/// The rectangle of a slip.
fn corner(corner: schema::Corner, sheet: Size, margin: Length, size: Size) -> Rect {
    let (right, bottom) = (sheet.width - margin - size.width, sheet.height - margin - size.height);
    let at = match corner {
        schema::Corner::UpperLeft => Point { x: margin, y: margin },
        schema::Corner::UpperRight => Point { x: right, y: margin },
        schema::Corner::LowerLeft => Point { x: margin, y: bottom },
        schema::Corner::LowerRight => Point { x: right, y: bottom },
    };
    Rect { at, size }
}

/// What an item says that it is.
enum Kind<'a> {
    Text(&'a schema::Text),
    Paragraph(&'a schema::Paragraph),
    Table(&'a Spanned<schema::Table>),
    Line(&'a schema::Line),
    Box(&'a Spanned<schema::Frame>),
    Image(&'a schema::Image),
    Qr(&'a schema::Qr),
    DataMatrix(&'a schema::DataMatrix),
    Code128(&'a schema::Code128),
    Slip(&'a Spanned<schema::Slip>),
    Part(&'a Spanned<schema::Part>),
}

/// The kinds that an item names; it should be one.
fn kinds(item: &schema::Item) -> Vec<Kind<'_>> {
    let kinds = [
        item.text.as_ref().map(|it| Kind::Text(it.get_ref())),
        item.paragraph.as_ref().map(|it| Kind::Paragraph(it.get_ref())),
        item.table.as_ref().map(Kind::Table),
        item.line.as_ref().map(|it| Kind::Line(it.get_ref())),
        item.r#box.as_ref().map(Kind::Box),
        item.image.as_ref().map(|it| Kind::Image(it.get_ref())),
        item.qr.as_ref().map(|it| Kind::Qr(it.get_ref())),
        item.datamatrix.as_ref().map(|it| Kind::DataMatrix(it.get_ref())),
        item.code128.as_ref().map(|it| Kind::Code128(it.get_ref())),
        item.slip.as_ref().map(Kind::Slip),
        item.part.as_ref().map(Kind::Part),
    ];
    kinds.into_iter().flatten().collect()
}
