//! What lies where on a sheet, and what must not lie across what.

use crate::base::diagnostic::Diagnostic;
use crate::base::diagnostic::Place;
use crate::base::geometry::Rect;
use crate::base::length::Length;
use crate::template::model::Item;
use crate::template::model::Shape;
use crate::template::model::Test;
use crate::template::values::Surface;
use crate::template::vocabulary::can_hold;

/// The items of a sheet with the room that they take.
#[derive(Default)]
pub(in crate::template) struct Layout {
    folds: Vec<Length>,
    slips: Vec<Slip>,
    placed: Vec<Placed>,
}

struct Slip {
    rect: Rect,
    when: Vec<Test>,
    place: Place,
}

struct Placed {
    item: Item,
    extent: Option<Rect>,
    surface: Surface,
}

impl Layout {
    /// Adds a fold.
    pub fn fold(&mut self, fold: Length) {
        self.folds.push(fold);
    }

    /// Adds a slip and gives its number.
    pub fn add_slip(&mut self, rect: Rect, when: &[Test], place: Place) -> usize {
        self.slips.push(Slip { rect, when: when.to_vec(), place });
        self.slips.len() - 1
    }

    /// Adds an item.
    pub fn add(&mut self, item: Item, extent: Option<Rect>, surface: Surface) {
        self.placed.push(Placed { item, extent, surface });
    }

    /// Where slips are cut off.
    pub fn slips(&self) -> Vec<Rect> {
        self.slips.iter().map(|slip| slip.rect).collect()
    }

    /// The items, in the order of drawing. A paragraph without a height ends above the slip that lies
    /// below it, so that no text runs onto a slip.
    pub fn into_items(self) -> Vec<Item> {
        let Layout { slips, placed, .. } = self;
        placed.into_iter().map(|placed| placed.above(&slips)).collect()
    }

    /// Reports something that lies across a fold and must not.
    pub fn check_folds(&self, kind: &str, extent: Rect, place: &Place, errors: &mut Vec<Diagnostic>) {
        for fold in self.folds.iter().filter(|fold| extent.at.y < **fold && **fold < extent.bottom()) {
            let message = format!("the {kind} lies across the fold at {fold}");
            let hint =
                format!("it reaches from {} to {} down; move it above or below the fold", extent.at.y, extent.bottom());
            errors.push(Diagnostic::error(message).at(&place.source, place.span.clone()).hint(hint));
        }
    }

    /// Reports what the cut of a slip would take with it: items of the sheet on a slip, and slips on
    /// slips. Turned text and boxes around the whole slip may.
    pub fn check_slips(&self, errors: &mut Vec<Diagnostic>) {
        for (number, slip) in self.slips.iter().enumerate() {
            for other in self.slips.iter().skip(number + 1) {
                if overlap(slip.rect, other.rect) && together(&slip.when, &other.when) {
                    let found = Diagnostic::error("the slip lies on another slip");
                    errors.push(found.at(&other.place.source, other.place.span.clone()));
                }
            }
            for placed in &self.placed {
                if placed.is_cut_by(slip) {
                    let place = &placed.item.place;
                    let message = "the item lies on a slip or across its edge, and does not belong to it";
                    let found = Diagnostic::error(message).at(&place.source, place.span.clone());
                    let SlipRoom { left, right, top, bottom } = room(slip.rect);
                    errors.push(found.hint(format!(
                        "the slip takes {left} to {right} across and {top} to {bottom} down; write the item inside the slip or move it"
                    )));
                }
            }
        }
    }
}

/// The edges of a slip, for messages.
struct SlipRoom {
    left: Length,
    right: Length,
    top: Length,
    bottom: Length,
}

fn room(rect: Rect) -> SlipRoom {
    SlipRoom { left: rect.at.x, right: rect.right(), top: rect.at.y, bottom: rect.bottom() }
}

impl Placed {
    /// The item, held above the slips below it when it is a paragraph without a height.
    fn above(self, slips: &[Slip]) -> Item {
        let Placed { mut item, extent, surface } = self;
        if let (Shape::Paragraph(paragraph), Some(extent), Surface::Body) = (&mut item.shape, extent, surface) {
            let below = |slip: &&Slip| {
                let beside = extent.right() <= slip.rect.at.x || slip.rect.right() <= extent.at.x;
                !beside && extent.at.y < slip.rect.at.y && together(&item.when, &slip.when)
            };
            let highest = slips.iter().filter(below).map(|slip| slip.rect.at.y - extent.at.y).min();
            paragraph.height = paragraph.height.or(highest);
        }
        item
    }

    fn is_cut_by(&self, slip: &Slip) -> bool {
        let Some(extent) = self.extent else { return false };
        let around = matches!(self.item.shape, Shape::Box(_)) && extent.contains(slip.rect);
        self.surface == Surface::Body && !around && overlap(extent, slip.rect) && together(&self.item.when, &slip.when)
    }
}

/// Whether two rectangles share more than an edge. A line without width or height counts where it
/// runs through the inside.
fn overlap(left: Rect, right: Rect) -> bool {
    left.at.x < right.right() && right.at.x < left.right() && left.at.y < right.bottom() && right.at.y < left.bottom()
}

/// Whether both lists of conditions can hold at once.
fn together(left: &[Test], right: &[Test]) -> bool {
    let all: Vec<Test> = left.iter().chain(right).copied().collect();
    can_hold(&all)
}
