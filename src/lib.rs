//! Official health-insurance papers from insurance records: 資格情報のお知らせ (notice) and 資格確認書
//! (certificate), as PDF.
//!
//! # The way of a record
//!
//! 1. A [`Pack`](pack::Pack) is the folder that one insurer owns: who it is, its rules, its templates, the names
//!    of its columns. [`Engine::open`] reads and checks it once, with the fonts, and sets all artwork that does
//!    not depend on a record.
//! 2. A [`Reader`](record::reader::Reader) cuts CSV or JSON Lines into raw records, and
//!    [`parse`](record::parse::parse) gives them types and checks them. What comes out is a
//!    [`Record`](record::Record); text stays as it came.
//! 3. [`decide`](policy::decide::decide) applies the insurer's [`Policy`](policy::model::Policy): which paper, if
//!    any, until when it is valid, whether the last four digits of the My Number stand on it, and why. A pure
//!    function of the record.
//! 4. [`Art::compose`](compose::Art::compose) sets the record into the places of a
//!    [`Template`](template::model::Template): text is [shaped](font) and [measured](text), and made to
//!    fit only as far as the template allows. The result is a [`Sheet`](sheet::Sheet): plates, glyphs
//!    and bars at exact places, with nothing left to look up.
//! 5. [`pdf`] encodes each side of it as a page, writes the artwork of a run once, and stamps the pages behind it as
//!    a stream.
//! 6. A [`job`] is a print run as a folder: parts in the order asked for, lists, counts, proof and sums, to be
//!    verified, gone on with after a stop, and reprinted from.
//!
//! [`Engine`] is the only wiring of these. A record goes one way and never back; what cannot be printed
//! correctly leaves the way with a [`RecordReport`] and is listed, and the other records go on. Encoded pages wait in
//! a [`Spool`](engine::spool::Spool): nothing is written before every record has been checked.
//!
//! # Embedding
//!
//! ```
//! use shikaku::{Engine, Input, OpenOptions, Options};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::open("templates/yokogawa".as_ref(), &OpenOptions::default())?; // once, then shared
//!
//! let record = engine.read_json(include_str!("../examples/record.jsonl"))?;
//! let pdf: Vec<u8> = engine.pdf(&record)?; // one record, nothing read from disk again
//! assert!(pdf.starts_with(b"%PDF"));
//!
//! let input = Input::file("templates/yokogawa/sample.csv".as_ref()); // or Input::bytes, or Input::spool for a pipe
//! let mut out: Vec<u8> = Vec::new(); // any `Write`
//! let summary = engine.render(&input, &mut out, &Options::default(), &mut |event| drop(event))?;
//! assert!(summary.printed > 0 && summary.is_clean());
//! # Ok(())
//! # }
//! ```
//!
//! The fonts are too large for a registry package: depend on the repository by git, and name the folder of the
//! fonts in [`OpenOptions`] where the pack does not lie beside it. `examples/embed.rs` is the same with a
//! report of what is not printed.
//!
//! # Promises
//!
//! - [`Engine`] is `Send + Sync`: share one between threads. No result depends on global state; the library reads no clock,
//!   prints nothing, and touches no file but those of the pack, the fonts and the input, and nameless ones that keep a
//!   pipe and the pages of a run; only [`job`] makes files and folders.
//! - No input makes it panic. Every error is typed: [`PackError`] with file, line and column, [`RecordReport`]
//!   with row, record id, field and code, [`RenderError`] for reading and writing.
//! - No value of a record stands in an error, a report, the `Debug` output of a record or the metadata of a PDF,
//!   except its `record_id` and the code points of a character that is itself the fault.
//! - Of a My Number (個人番号) only four digits ever get in. Twelve digits in any field refuse the record.
//! - Nothing is printed that is not right: a missing glyph, a text that does not fit, an unknown key, a date
//!   outside its era is an error, never a substitute.
//! - The same input gives the same bytes, whatever the number of threads, the machine or the day.
//! - Memory does not grow with the number of records, but for a few dozen bytes each.
//!
//! # What it does not do
//!
//! It does not normalise, correct or complete text; it has no expressions in templates and no rules of law in
//! code; it does not send, archive or encrypt what it prints, and it does not ask any system whether a record is
//! true.

#![cfg_attr(not(test), warn(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr))]

pub mod base;
pub mod code;
pub mod compose;
pub mod engine;
pub mod font;
pub mod job;
pub mod pack;
pub mod pdf;
pub mod policy;
pub mod record;
pub mod sheet;
pub mod template;
pub mod text;

pub use crate::engine::Engine;
pub use crate::engine::Event;
pub use crate::engine::Input;
pub use crate::engine::OneError;
pub use crate::engine::OpenOptions;
pub use crate::engine::Options;
pub use crate::engine::PackError;
pub use crate::engine::RecordReport;
pub use crate::engine::RenderError;
pub use crate::engine::Summary;
