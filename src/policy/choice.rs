//! Conditions outside a policy's rules, in the same notation: by them a pack chooses between its papers.

use std::sync::Arc;

use toml::Spanned;
use toml::de::DeValue;

use crate::base::diagnostic::Diagnostic;
use crate::base::diagnostic::Source;
use crate::base::facts::Facts;
use crate::base::field::Fields;
use crate::base::toml::parse;
use crate::policy::condition::Condition;
use crate::policy::given::DecideError;
use crate::policy::given::Given;
use crate::policy::reach::hides;
use crate::policy::when::Reader;

/// Conditions that must all hold; none: they always do.
#[derive(Clone, Debug, Default)]
pub struct Conditions(Vec<Condition>);

impl Conditions {
    /// Whether they hold for every record.
    pub fn always(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether they hold for this record.
    ///
    /// # Errors
    /// When they read the age without a birth date, or compare an issue date that is absent.
    pub fn hold(&self, facts: &Facts) -> Result<bool, DecideError> {
        if self.always() {
            return Ok(true);
        }
        let given = Given::new(facts)?;
        for condition in &self.0 {
            if !condition.holds(&given)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether they hold for every record for which the later ones hold.
    pub fn hide(&self, later: &Conditions) -> bool {
        hides(&self.0, &later.0)
    }
}

/// The `when` of each entry of a list in a TOML file, in the order of the list; an entry without one always fits.
/// What is wrong with them goes to `errors`, each with its place.
pub fn of_entries(source: &Arc<Source>, list: &str, fields: &Fields, errors: &mut Vec<Diagnostic>) -> Vec<Conditions> {
    let mut table = match parse(source) {
        Ok(table) => table.into_inner(),
        Err(found) => {
            errors.extend(found);
            return Vec::new();
        }
    };
    let Some(DeValue::Array(entries)) = table.remove(list).map(Spanned::into_inner) else { return Vec::new() };
    let reader = Reader { source, fields };
    let mut conditions = |entry: Spanned<DeValue<'_>>| match entry.into_inner() {
        DeValue::Table(mut entry) => entry.remove("when").map_or_else(Vec::new, |when| reader.when(when, errors)),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_) => Vec::new(),
    };
    entries.into_iter().map(|entry| Conditions(conditions(entry))).collect()
}
