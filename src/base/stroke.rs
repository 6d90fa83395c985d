//! How a line is drawn.

use crate::base::length::Length;
use crate::base::tint::Tint;

/// A stroke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stroke {
    /// Its width.
    pub width: Length,
    /// Its tint.
    pub tint: Tint,
    /// Lengths on and off; `None`: solid.
    pub dash: Option<[Length; 2]>,
}
