//! The values of one record, by field.

use std::fmt;
use std::ops::Range;

use crate::base::Date;
use crate::base::field::{Field, Fields};

/// A value of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text as it came.
    Text(&'a str),
    /// A day.
    Date(Date),
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(u32),
    /// One of the words of the field's [`Kind::Choice`](crate::base::field::Kind::Choice).
    Choice(&'static str),
}

/// The values of one record. Plain data, without a judgement on them; personal, so `Debug` shows none.
///
/// Reused from record to record: [`Facts::clear`] keeps the memory.
#[derive(Clone, Default)]
pub struct Facts {
    text: String,
    cells: Vec<Cell>,
}

#[derive(Clone, Default)]
enum Cell {
    #[default]
    Absent,
    Text(Range<usize>),
    Date(Date),
    Flag(bool),
    Integer(u32),
    Choice(&'static str),
}

impl Facts {
    /// A record in which every field is absent.
    pub fn new(fields: &Fields) -> Facts {
        Facts { text: String::new(), cells: vec![Cell::Absent; fields.count()] }
    }

    /// Makes every field absent again.
    pub fn clear(&mut self) {
        self.text.clear();
        self.cells.fill(Cell::Absent);
    }

    /// Sets a field. Setting a text field twice keeps the memory of both.
    pub fn set(&mut self, field: Field, value: Value<'_>) {
        let cell = match value {
            Value::Text(text) => {
                let start = self.text.len();
                self.text.push_str(text);
                Cell::Text(start..self.text.len())
            }
            Value::Date(date) => Cell::Date(date),
            Value::Flag(flag) => Cell::Flag(flag),
            Value::Integer(number) => Cell::Integer(number),
            Value::Choice(word) => Cell::Choice(word),
        };
        if self.cells.len() <= field.index() {
            self.cells.resize(field.index() + 1, Cell::Absent);
        }
        self.cells[field.index()] = cell;
    }

    /// Makes a field absent.
    pub fn remove(&mut self, field: Field) {
        if let Some(cell) = self.cells.get_mut(field.index()) {
            *cell = Cell::Absent;
        }
    }

    /// The value of a field; `None` when it is absent.
    pub fn get(&self, field: Field) -> Option<Value<'_>> {
        match self.cells.get(field.index())? {
            Cell::Absent => None,
            Cell::Text(range) => self.text.get(range.clone()).map(Value::Text),
            Cell::Date(date) => Some(Value::Date(*date)),
            Cell::Flag(flag) => Some(Value::Flag(*flag)),
            Cell::Integer(number) => Some(Value::Integer(*number)),
            Cell::Choice(word) => Some(Value::Choice(word)),
        }
    }

    /// Whether a field has a value.
    pub fn has(&self, field: Field) -> bool {
        self.get(field).is_some()
    }

    /// A field's text or word; `None` when it is absent or of another type.
    pub fn text(&self, field: Field) -> Option<&str> {
        match self.get(field)? {
            Value::Text(text) | Value::Choice(text) => Some(text),
            Value::Date(_) | Value::Flag(_) | Value::Integer(_) => None,
        }
    }

    /// A field's day; `None` when it is absent or no date.
    pub fn date(&self, field: Field) -> Option<Date> {
        match self.get(field)? {
            Value::Date(date) => Some(date),
            Value::Text(_) | Value::Flag(_) | Value::Integer(_) | Value::Choice(_) => None,
        }
    }

    /// A field's yes or no; `None` when it is absent or no flag.
    pub fn flag(&self, field: Field) -> Option<bool> {
        match self.get(field)? {
            Value::Flag(flag) => Some(flag),
            Value::Text(_) | Value::Date(_) | Value::Integer(_) | Value::Choice(_) => None,
        }
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Facts(●)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_and_clear_forgets_them() {
        let mut facts = Facts::new(&Fields::default());
        facts.set(Field::NAME, Value::Text("見本 花子"));
        facts.set(Field::NUMBER, Value::Text("0001"));
        facts.set(Field::SAMPLE, Value::Flag(true));
        assert_eq!(facts.text(Field::NAME), Some("見本 花子"));
        assert_eq!(facts.text(Field::NUMBER), Some("0001"));
        assert_eq!(facts.flag(Field::SAMPLE), Some(true));
        assert_eq!(facts.date(Field::SAMPLE), None);
        assert_eq!(format!("{facts:?}"), "Facts(●)");
        facts.clear();
        assert!(Field::all().all(|field| !facts.has(field)));
    }
}
