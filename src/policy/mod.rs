//! Rules of an insurer as data, and the pure function that applies them.
//!
//! 1. [`read`](read::read) turns the policy files of a pack and of its ancestors into a [`Policy`](model::Policy):
//!    [`schema`] mirrors the file, `when` compiles each `when`, `reach` refuses rules that no record reaches.
//! 2. [`decide`](decide::decide) applies it to the [`Facts`](crate::base::facts::Facts) of one record;
//!    [`expiry`] counts the days.
//! 3. [`Policies`](versions::Policies) chooses the version for an issue date, where a pack has several.
//! 4. [`check`] finds what is wrong with a policy that can be read: rules that nobody reaches, limits without a case.
//! 5. [`explain`](explain::explain) tells people which rule gave the [`Decision`](decision::Decision), and why.
//!
//! It reads no clock and no file, and knows nothing of an insurer: what differs between insurers is in the files.

pub mod check;
pub mod choice;
pub mod codes;
mod condition;
pub mod decide;
pub mod decision;
pub mod expiry;
pub mod explain;
mod file;
mod given;
pub mod model;
mod reach;
pub mod read;
pub mod schema;
mod shape;
pub mod versions;
mod when;
