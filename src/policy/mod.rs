//! Rules of an insurer as data, and the pure function that applies them.

pub mod decision;
