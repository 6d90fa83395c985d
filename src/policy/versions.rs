//! The versions of a policy, and the one that serves a record.

use crate::base::Date;
use crate::base::diagnostic::Place;
use crate::base::facts::Facts;
use crate::base::field::Field;
use crate::policy::codes;
use crate::policy::decide::DecideError;
use crate::policy::decide::decide;
use crate::policy::decide::nothing;
use crate::policy::decision::Decision;
use crate::policy::decision::Document;
use crate::policy::model::Policy;

/// A policy and the issue dates that it serves.
#[derive(Clone, Debug)]
pub struct Version {
    first: Option<Date>,
    last: Option<Date>,
    policy: Policy,
    place: Option<Place>,
}

/// The versions of a policy in the order of their dates, without gap or overlap.
#[derive(Clone, Debug)]
pub struct Policies {
    versions: Vec<Version>,
}

impl Version {
    /// A policy from the issue date `first` (`None`: from ever) to `last` (`None`: for ever), both included.
    pub fn new(first: Option<Date>, last: Option<Date>, policy: Policy) -> Version {
        Version { first, last, policy, place: None }
    }

    /// The same, as listed at this place of a pack.toml.
    pub fn at(self, place: Place) -> Version {
        Version { place: Some(place), ..self }
    }

    /// Where it is listed; `None` for a policy without versions.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// The first issue date; `None`: every earlier one.
    pub fn first(&self) -> Option<Date> {
        self.first
    }

    /// The last issue date; `None`: every later one.
    pub fn last(&self) -> Option<Date> {
        self.last
    }

    /// Its rules.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Whether it serves every issue date, so that none is needed to choose it.
    pub fn is_always(&self) -> bool {
        self.first.is_none() && self.last.is_none()
    }

    fn serves(&self, issue: Date) -> bool {
        self.first.is_none_or(|first| first <= issue) && self.last.is_none_or(|last| issue <= last)
    }
}

impl Policies {
    /// A policy without versions: it serves every record.
    pub fn always(policy: Policy) -> Policies {
        Policies { versions: vec![Version::new(None, None, policy)] }
    }

    /// These versions, oldest first. Whoever lists them has seen to it that they neither overlap nor leave a gap.
    pub fn new(versions: Vec<Version>) -> Policies {
        Policies { versions }
    }

    /// All versions, oldest first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The version for the issue date of a record, with its number from 0; `None` when there is none.
    ///
    /// # Errors
    /// When there are versions to choose from and the record has no issue date.
    pub fn pick(&self, facts: &Facts) -> Result<Option<(usize, &Version)>, DecideError> {
        if let [only] = self.versions.as_slice()
            && only.is_always()
        {
            return Ok(Some((0, only)));
        }
        let issue = facts.date(Field::ISSUE_DATE).ok_or(DecideError::Needs(Field::ISSUE_DATE))?;
        Ok(self.versions.iter().enumerate().find(|(_, version)| version.serves(issue)))
    }

    /// What the policy says of a record: [`decide`] with the version for its issue date.
    ///
    /// # Errors
    /// As [`Policies::pick`] and [`decide`].
    pub fn decide(&self, facts: &Facts) -> Result<Decision<'_>, DecideError> {
        match self.pick(facts)? {
            Some((_, version)) => decide(&version.policy, facts),
            None => Ok(nothing(Document::None, &codes::NO_POLICY_VERSION)),
        }
    }
}
