//! Points and boxes on a sheet: x from the left edge, y from the top edge.

use crate::base::length::Length;

/// A place on a sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Point {
    /// From the left edge.
    pub x: Length,
    /// From the top edge, downwards.
    pub y: Length,
}

impl Point {
    /// The point moved by another one.
    pub fn offset(self, by: Point) -> Point {
        Point { x: self.x + by.x, y: self.y + by.y }
    }
}

/// A width and a height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Size {
    /// From left to right.
    pub width: Length,
    /// From top to bottom.
    pub height: Length,
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rect {
    /// The upper left corner.
    pub at: Point,
    /// Its extent to the right and downwards.
    pub size: Size,
}

impl Rect {
    /// The x of the right edge.
    pub fn right(self) -> Length {
        self.at.x + self.size.width
    }

    /// The y of the lower edge.
    pub fn bottom(self) -> Length {
        self.at.y + self.size.height
    }

    /// Whether `inner` lies wholly inside, edges included.
    pub fn contains(self, inner: Rect) -> bool {
        self.at.x <= inner.at.x
            && self.at.y <= inner.at.y
            && inner.right() <= self.right()
            && inner.bottom() <= self.bottom()
    }
}
