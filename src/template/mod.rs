//! Templates: TOML files in mm, pt and Q that describe one side of a sheet.
//!
//! [`read`](read::read) turns the text of a file into a [`Template`](model::Template): `file` makes it
//! the structs of the [`schema`], `values`, `shape` and `table` check what stands in them, `style`
//! and `placeholder` look names up in the [`vocabulary`], and `layout` keeps what must not lie across
//! what. The guide of the language is `docs/template.md`.
//!
//! Not done here: nothing is drawn or measured, no font and no picture is opened, and no file is read.

pub mod choice;
pub mod code;
mod column;
mod file;
mod layout;
mod measure;
pub mod model;
mod path;
mod placeholder;
pub mod read;
mod ruby;
pub mod schema;
mod shape;
mod style;
mod table;
mod values;
pub mod vocabulary;
