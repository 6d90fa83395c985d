//! What is wrong with a pack that could be opened: rules, titles, placeholders, and the cases beside it.

use std::sync::Arc;

use crate::base::diagnostic::{Diagnostic, Place, Source};
use crate::base::field::Fields;
use crate::engine::cases::{self, Case};
use crate::engine::report::Finding;
use crate::engine::{Engine, codes};
use crate::policy::check::rules;
use crate::policy::check::tried::{Tried, untried};
use crate::policy::versions::Version;
use crate::record::Record;
use crate::record::encoding::Encoding;
use crate::record::raw::RawRecord;
use crate::record::reader::{Format, Reader};

/// What [`Engine::check`] found.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Errors and warnings, with places and hints.
    pub found: Vec<Diagnostic>,
    /// Cases that were decided as they demand.
    pub cases: usize,
}

impl Engine {
    /// Looks for what opening the pack does not find: rules that no record reaches, certificates that would be valid
    /// for too long, placeholders that stay empty, an old title; and decides the cases beside the pack.
    ///
    /// Errors mean that the pack is wrong, warnings that a person should look.
    pub fn check(&self) -> Checked {
        let mut checked = Checked { found: self.pack.unfit_placeholders(), cases: 0 };
        for version in self.pack.policies.versions() {
            let titles = version.policy().titles();
            if titles.are_old() {
                let warning = Diagnostic::warning(format!("{}: {}", codes::OLD_TITLE.code, codes::OLD_TITLE.meaning));
                let place = version.policy().titles_place().cloned();
                checked.found.push(Diagnostic { place, ..warning }.hint(OLD_TITLE_HINT));
            }
            for found in rules(version) {
                if !checked.found.contains(&found) {
                    checked.found.push(found);
                }
            }
        }
        match self.pack.cases() {
            Ok(Some(source)) => self.check_cases(&source, &mut checked),
            Ok(None) => checked.found.extend(self.without_cases()),
            Err(error) => checked.found.push(error),
        }
        checked
    }

    /// A pack with rules of its own should have cases.
    fn without_cases(&self) -> Option<Diagnostic> {
        let policies = self.pack.policies.versions().iter().map(Version::policy);
        let mut places = policies.flat_map(|policy| policy.reasons()).filter_map(|reason| reason.place.as_ref());
        let own = places.find(|place| self.pack.is_own(place))?;
        let warning = Diagnostic::warning("the pack has rules of its own and no cases.tsv").at(&own.source, 0..0);
        Some(warning.hint("write the worked examples of the source and the days around each limit into cases.tsv"))
    }

    fn check_cases(&self, source: &Arc<Source>, checked: &mut Checked) {
        let mut tried: Vec<(usize, Tried<'_>)> = Vec::new();
        let mut sound = true;
        for case in cases::read(source, &mut checked.found) {
            match self.try_case(&case) {
                Ok((version, one)) => {
                    match case.compare(source, &one.decision) {
                        Some(error) => checked.found.push(error),
                        None => checked.cases += 1,
                    }
                    tried.extend(version.map(|version| (version, one)));
                }
                Err(why) => {
                    sound = false;
                    checked.found.push(case.refused(source, &why));
                }
            }
        }
        // What a case that cannot be read would try is not known.
        if !sound {
            return;
        }
        let own = |place: &Place| self.pack.is_own(place);
        for (number, version) in self.pack.policies.versions().iter().enumerate() {
            let these: Vec<&Tried<'_>> = tried.iter().filter(|(of, _)| *of == number).map(|(_, tried)| tried).collect();
            checked.found.extend(untried(version, &these, &own, self.fields()));
        }
    }

    /// Decides a case as a record of the pack. The number is that of the version that served it.
    fn try_case(&self, case: &Case<'_>) -> Result<(Option<usize>, Tried<'_>), String> {
        let said = |findings: &[Finding]| {
            let lines: Vec<String> =
                findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
            lines.join("; ")
        };
        let mut record = Record::new(self.fields());
        let mut unknown = Vec::new();
        let mut raw = RawRecord::default();
        let mut reader = Reader::open(case.inputs.text.as_bytes(), Format::JsonLines, Encoding::Utf8, &self.intake)
            .map_err(|error| error.to_string())?;
        if !reader.next(&mut raw).map_err(|error| error.to_string())? {
            return Err("there is no record".to_owned());
        }
        self.read(&raw, reader.layout(), &mut record, &mut unknown).map_err(|report| said(&report.findings))?;
        if let Some(name) = unknown.first() {
            return Err(format!("there is no field `{name}`"));
        }
        let decision = self.decide(&record).map_err(|report| said(&report.findings))?;
        let version = self.pack.policies.pick(&record.facts).ok().flatten().map(|(number, _)| number);
        Ok((version, Tried { facts: record.facts, decision }))
    }

    fn fields(&self) -> &Fields {
        &self.pack.fields
    }
}

/// What to do about an old title.
pub(crate) const OLD_TITLE_HINT: &str = "add `notice_legal = \"資格情報通知書\"` to the titles and print it with {{ title_legal }}, or write the new name into `notice`";
