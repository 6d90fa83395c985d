//! Codes for machines, as modules. The quiet zone around them is the template's.

pub mod code128;
pub mod datamatrix;
pub mod qr;

use thiserror::Error;

use crate::base::geometry::Size;
use crate::base::length::Length;
use crate::base::modules::Modules;

/// The narrowest module: four dots of a printer with 600 to the inch.
pub const FINEST: Length = Length::units(170 * 360);

/// A text that cannot be made into a code. Never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CodeError {
    /// There is nothing to say.
    #[error("the code has no content (give it a value)")]
    Empty,
    /// More than the largest QR symbol of this level can hold.
    #[error("{0} bytes are more than a QR code can hold (shorten the value or take a lower level of correction)")]
    TooLong(usize),
    /// More than a QR symbol of the version that the template asks for can hold.
    #[error(
        "{bytes} bytes are more than a QR code of version {version} holds (shorten the value, take a higher version, or leave the version out)"
    )]
    TooLongForVersion {
        /// Bytes of the value.
        bytes: usize,
        /// 1 to 40.
        version: u8,
    },
    /// More characters than the largest Data Matrix holds of any kind.
    #[error("{0} characters are more than a Data Matrix can hold (at most {most})", most = datamatrix::MOST)]
    TooManyForMatrix(usize),
    /// The character with this number, from 1, is not one of ASCII's visible characters or a space.
    #[error("character {0} is not a visible ASCII character (the code holds letters, digits, signs and spaces)")]
    NotAscii(usize),
    /// More characters than the symbol should have.
    #[error("{0} characters are more than a Code 128 symbol should have (at most {most})", most = code128::MOST)]
    TooManyCharacters(usize),
    /// The modules would be narrower than [`FINEST`].
    #[error(
        "the modules of the code would be {0} wide, and a printer needs {FINEST} (shorten the value or make the code larger)"
    )]
    TooFine(Length),
    /// The maker of the symbol refused it.
    #[error("the symbol cannot be made (report the length and kind of the value)")]
    Refused,
}

/// Checks that a symbol can be printed in a place of this size.
///
/// # Errors
/// When its modules would be too narrow.
pub fn check_size(modules: &Modules, size: Size) -> Result<(), CodeError> {
    match modules.finest(size) {
        None => Err(CodeError::Refused),
        Some(finest) if finest < FINEST => Err(CodeError::TooFine(finest)),
        Some(_) => Ok(()),
    }
}

/// Checks that a text is one of visible ASCII characters and spaces: what every reader takes for the same.
fn check_ascii(text: &str) -> Result<(), CodeError> {
    if text.is_empty() {
        return Err(CodeError::Empty);
    }
    match text.chars().position(|character| !matches!(character, ' '..='~')) {
        Some(position) => Err(CodeError::NotAscii(position + 1)),
        None => Ok(()),
    }
}
