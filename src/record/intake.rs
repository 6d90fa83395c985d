//! What a pack says about the records that it takes in.

use crate::base::field::Fields;
use crate::record::columns::Columns;
use crate::record::defaults::Defaults;

/// What a pack says about the records that it takes in: its fields, the names of its columns and
/// the values that it supplies.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// The fields: the table's and the pack's own.
    pub fields: Fields,
    /// Which column holds which field.
    pub columns: Columns,
    /// The values that the pack and the command line supply.
    pub defaults: Defaults,
}

impl Intake {
    /// The given fields under their own names, nothing supplied.
    pub fn new(fields: Fields) -> Intake {
        let columns = Columns::new(&fields, &[]);
        Intake { fields, columns, defaults: Defaults::default() }
    }
}
