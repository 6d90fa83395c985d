//! The closed lists of words in the [`schema`](crate::template::schema).

use serde::Deserialize;

/// Where a line stands in its width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
    /// 均等割付, or justified lines.
    Justify,
}

/// What stands where a value is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Empty {
    /// The record is refused.
    #[default]
    Refuse,
    /// An em dash.
    Dash,
    /// Nothing.
    Blank,
}

/// Error correction of a QR code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Level {
    /// 7 %.
    L,
    /// 15 %.
    #[default]
    M,
    /// 25 %.
    Q,
    /// 30 %.
    H,
}

/// A corner of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Corner {
    /// `upper-left`.
    UpperLeft,
    /// `upper-right`.
    UpperRight,
    /// `lower-left`.
    LowerLeft,
    /// `lower-right`.
    LowerRight,
}

/// How a text is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// 横書き.
    #[default]
    Horizontal,
    /// 縦書き.
    Vertical,
}

/// How figures stand in a vertical text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Digits {
    /// Upright; two of them side by side (縦中横).
    #[default]
    Upright,
    /// Up to three as `upright`, more of them as `rotated`.
    Mixed,
    /// Turned like Latin words.
    Rotated,
}
