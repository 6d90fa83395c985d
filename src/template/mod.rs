//! Templates: TOML files in mm, pt and Q that describe one side of a sheet.

pub mod model;
