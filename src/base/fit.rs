//! How a text that is too long for its place may be made to fit.

/// One step of a ladder. Steps are tried in the order given; each starts where the last one ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// 長体: narrower glyphs, down to this many thousandths of their width.
    Condense(u16),
    /// Smaller type, down to this many thousandths of the style's size.
    Shrink(u16),
}

/// The steps that a slot allows. *Default*: none, so that what does not fit is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ladder {
    /// In the order in which they are tried.
    pub steps: Vec<Step>,
}
