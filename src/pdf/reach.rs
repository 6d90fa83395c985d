//! How far the outline of a glyph reaches, for the writer of instances, which counts steps in 16 bits.

use skrifa::FontRef;
use skrifa::GlyphId;
use skrifa::MetadataProvider;
use skrifa::instance::{Location, Size};
use skrifa::outline::{DrawSettings, OutlinePen};

/// Steps between two points that lie within this distance of the origin fit into 16 bits.
pub(super) const FARTHEST: f32 = 16_000.0;

/// The largest distance of any point of the outline from an axis, in font units; 0 of a glyph that draws
/// nothing. `None`: the outline is broken.
pub(super) fn reach(font: &FontRef, glyph: GlyphId, location: &Location) -> Option<f32> {
    let Some(outline) = font.outline_glyphs().get(glyph) else { return Some(0.0) };
    let mut reach = Reach(0.0);
    outline.draw(DrawSettings::unhinted(Size::unscaled(), location), &mut reach).ok()?;
    Some(reach.0)
}

struct Reach(f32);

impl Reach {
    fn point(&mut self, x: f32, y: f32) {
        self.0 = self.0.max(x.abs()).max(y.abs());
    }
}

impl OutlinePen for Reach {
    fn move_to(&mut self, x: f32, y: f32) {
        self.point(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.point(x, y);
    }

    fn quad_to(&mut self, control_x: f32, control_y: f32, x: f32, y: f32) {
        self.point(control_x, control_y);
        self.point(x, y);
    }

    fn curve_to(&mut self, first_x: f32, first_y: f32, second_x: f32, second_y: f32, x: f32, y: f32) {
        self.point(first_x, first_y);
        self.point(second_x, second_y);
        self.point(x, y);
    }

    fn close(&mut self) {}
}
