//! Reading the policy of a pack: its own file, and where that is silent the files of its ancestors.

use std::sync::Arc;

use crate::base::diagnostic::Diagnostic;
use crate::base::diagnostic::Place;
use crate::base::diagnostic::Source;
use crate::base::field::Fields;
use crate::policy::decision::DigitsPlace;
use crate::policy::decision::Document;
use crate::policy::file::Layer;
use crate::policy::file::layer;
use crate::policy::model::Last4;
use crate::policy::model::Policy;

/// Reads the policy files from the pack's own to its oldest ancestor's.
///
/// A key that a file does not have is taken from the next one; lists and tables are replaced whole, never merged;
/// only `last4` is taken key by key. Where none of the rules of `last4` holds, those of the oldest ancestor are
/// asked.
///
/// # Errors
/// Everything that is wrong with any of the files, in the order of `chain` and of the places in each file.
pub fn read(chain: &[Arc<Source>], fields: &Fields) -> Result<Policy, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut layers = Vec::with_capacity(chain.len());
    for source in chain {
        let mut found = Vec::new();
        layers.push(layer(source, fields, &mut found));
        found.sort_by_key(|diagnostic| diagnostic.place.as_ref().map(|place| place.span.start));
        found.dedup();
        errors.extend(found);
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    inherit(layers).map_err(|missing| vec![absent(missing, chain)])
}

/// # Errors
/// The name of a key that no file has and that no policy can do without.
fn inherit(mut layers: Vec<Layer>) -> Result<Policy, &'static str> {
    let oldest = layers.pop().unwrap_or_default();
    let younger_have_rules = layers.iter().any(|layer| layer.last4_rules.is_some());
    let fallback = oldest.last4_rules.clone().filter(|_| younger_have_rules).unwrap_or_default();
    let own = layers.into_iter().chain([oldest]).fold(Layer::default(), Layer::or);
    let last4 = Last4 {
        place: own.place.unwrap_or(DigitsPlace::Both),
        never_on: own.never_on.unwrap_or_else(|| vec![Document::Certificate]),
        rules: own.last4_rules.unwrap_or_default(),
        fallback,
    };
    Ok(Policy {
        titles: own.titles.unwrap_or_default(),
        titles_place: own.titles_place,
        system_start: own.system_start.ok_or("system_start")?,
        max_certificate_years: own.max_certificate_years.ok_or("max_certificate_years")?,
        reissue: own.reissue.unwrap_or_default(),
        eligibility: own.eligibility.unwrap_or_default(),
        expiry_notice: own.expiry_notice.unwrap_or_default(),
        expiry_certificate: own.expiry_certificate.unwrap_or_default(),
        caps: own.caps.unwrap_or_default(),
        last4,
    })
}

impl Layer {
    /// What this one says, and where it is silent what the parent says.
    fn or(self, parent: Layer) -> Layer {
        Layer {
            titles_place: if self.titles.is_some() { self.titles_place } else { parent.titles_place },
            titles: self.titles.or(parent.titles),
            system_start: self.system_start.or(parent.system_start),
            max_certificate_years: self.max_certificate_years.or(parent.max_certificate_years),
            reissue: self.reissue.or(parent.reissue),
            eligibility: self.eligibility.or(parent.eligibility),
            expiry_notice: self.expiry_notice.or(parent.expiry_notice),
            expiry_certificate: self.expiry_certificate.or(parent.expiry_certificate),
            caps: self.caps.or(parent.caps),
            place: self.place.or(parent.place),
            never_on: self.never_on.or(parent.never_on),
            last4_rules: self.last4_rules.or(parent.last4_rules),
        }
    }
}

fn absent(key: &str, chain: &[Arc<Source>]) -> Diagnostic {
    let found = Diagnostic::error(format!("no `{key}` in the policy or in one that it inherits from"))
        .hint("inherit from the pack `base`, which has it");
    let place = chain.first().map(|source| Place { source: Arc::clone(source), span: 0..0 });
    Diagnostic { place, ..found }
}
