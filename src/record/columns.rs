//! Which column holds which field.

use std::collections::BTreeMap;

use crate::base::field::Field;
use crate::base::field::Fields;
use crate::record::mynumber;

/// The names under which fields come: those of the pack first, then the fields' own.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// By the length of the name, in bytes: few share one, and most that differ are told apart by it.
    names: Vec<Vec<(String, Field)>>,
}

impl Columns {
    /// The fields' own names and the pack's names for the headers of its files. A name that the pack
    /// gives to a field means that field, even if another field is called so. Names match character
    /// by character.
    pub fn new(fields: &Fields, headers: &[(String, Field)]) -> Columns {
        let own = fields.iter().map(|field| (fields.name(field).to_owned(), field));
        let known: BTreeMap<String, Field> = own.chain(headers.iter().cloned()).collect();
        let mut columns = Columns::default();
        for (name, field) in known {
            let length = name.len();
            columns.names.resize_with(columns.names.len().max(length + 1), Vec::new);
            columns.names[length].push((name, field));
        }
        columns
    }

    /// The field that comes under a name; `None` when no field takes it.
    pub fn find(&self, name: &str) -> Option<Field> {
        let (_, field) = self.names.get(name.len())?.iter().find(|(known, _)| known == name)?;
        Some(*field)
    }
}

/// A column of a CSV file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What the header says; `column N` where it is empty, does not print or may itself be a My Number.
    pub name: String,
    /// The field; `None` when no field takes the column.
    pub field: Option<Field>,
}

/// Why a CSV header is of no use. Never tells what it says: the file may have none, and this may be data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Two columns name the same field.
    #[error("columns {first} and {second} name the same field; leave one out")]
    RepeatedColumn {
        /// Number of the first column, from 1.
        first: usize,
        /// Number of the second column, from 1.
        second: usize,
    },
    /// No column names a field.
    #[error("no column is known; the first line must name the columns as the pack or `shikaku schema` does")]
    NoKnownColumn,
}

/// How the values of a record are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// CSV: by the place of the column.
    Csv(Vec<Column>),
    /// JSON Lines: by the key.
    JsonLines,
}

impl Layout {
    /// The columns of a CSV file that no field takes. Warn of each once per run.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        let columns = match self {
            Layout::Csv(columns) => columns.as_slice(),
            Layout::JsonLines => &[],
        };
        columns.iter().filter(|column| column.field.is_none()).map(|column| column.name.as_str())
    }

    /// The layout that a CSV header tells.
    pub(crate) fn of_header(cells: &[String], columns: &Columns) -> Result<Layout, HeaderError> {
        let mut first: BTreeMap<Field, usize> = BTreeMap::new();
        let mut layout = Vec::with_capacity(cells.len());
        for (index, cell) in cells.iter().enumerate() {
            let field = columns.find(cell);
            if let Some(known) = field
                && let Some(before) = first.insert(known, index)
            {
                return Err(HeaderError::RepeatedColumn { first: before + 1, second: index + 1 });
            }
            let hidden = cell.is_empty() || cell.chars().any(char::is_control) || mynumber::is_suspect(cell);
            let name = if hidden { format!("column {}", index + 1) } else { cell.clone() };
            layout.push(Column { name, field });
        }
        if first.is_empty() {
            return Err(HeaderError::NoKnownColumn);
        }
        Ok(Layout::Csv(layout))
    }
}
