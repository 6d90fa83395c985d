//! The words that every other module shares. Imports nothing of the crate.

pub mod diagnostic;
pub mod facts;
pub mod field;
pub mod fit;
pub mod geometry;
pub mod length;
pub mod modules;
pub mod row;
pub mod secret;
pub mod stroke;
pub mod tint;
pub mod toml;
pub mod wareki;

/// A day of the Gregorian calendar.
pub type Date = chrono::NaiveDate;
