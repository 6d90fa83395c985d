//! Codes for machines, as bars at exact places. The quiet zone around them is the template's.

pub mod code128;
pub mod qr;

use thiserror::Error;

/// A text that cannot be made into a code. Never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CodeError {
    /// There is nothing to say.
    #[error("the code has no content (give it a value)")]
    Empty,
    /// More than the largest QR symbol of this level can hold.
    #[error("{0} bytes are more than a QR code can hold (shorten the value or take a lower level of correction)")]
    TooLong(usize),
    /// The character with this number, from 1, is not one of ASCII's visible characters or a space.
    #[error("character {0} is not a visible ASCII character (Code 128 holds letters, digits, signs and spaces)")]
    NotAscii(usize),
    /// More characters than the symbol should have.
    #[error("{0} characters are more than a Code 128 symbol should have (at most {most})", most = code128::MOST)]
    TooManyCharacters(usize),
    /// The maker of the symbol refused it.
    #[error("the symbol cannot be made (report the length and kind of the value)")]
    Refused,
}
