//! A job: one print run as a folder that a print shop takes, checks, prints, and reprints from.
//!
//! 1. [`Engine::spool`](crate::engine::Engine::spool) composes every record once and keeps the pages.
//! 2. [`plan`] puts the sheets in order, numbers them and cuts the run into parts, never inside a 封入グループ.
//! 3. [`run`] writes the parts, the lists, the proof and the sums into a folder beside the final one, which takes its
//!    name when everything is there. What was killed on the way is gone on with by the same command.
//! 4. [`verify`] proves a folder against its sums and counts; [`reprint`] prints some of its sheets again; [`audit`]
//!    is the log of both.
//!
//! A job's number follows from its content: the same records, pack, fonts and options give the same number and the
//! same bytes. No file but the pages holds a name, an address or a number of an insured person.

pub mod audit;
pub mod error;
mod folder;
mod lists;
pub mod order;
pub mod output;
mod part;
pub mod plan;
mod proof;
pub mod reprint;
pub mod run;
pub mod ticket;
pub mod verify;
