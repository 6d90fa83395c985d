//! One policy file: its keys checked and compiled, nothing inherited yet.

use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;
use toml::value::Datetime;

use crate::base::Date;
use crate::base::diagnostic::Diagnostic;
use crate::base::diagnostic::Place;
use crate::base::diagnostic::Source;
use crate::base::diagnostic::nearest;
use crate::base::field::Fields;
use crate::base::toml::parse;
use crate::base::toml::value;
use crate::policy::codes;
use crate::policy::decision::DigitsPlace;
use crate::policy::decision::Document;
use crate::policy::decision::Reason;
use crate::policy::decision::Titles;
use crate::policy::model::Cap;
use crate::policy::model::Eligible;
use crate::policy::model::Reissue;
use crate::policy::model::ReissueTable;
use crate::policy::model::Rule;
use crate::policy::model::Shape;
use crate::policy::model::Terms;
use crate::policy::model::Verdict;
use crate::policy::reach;
use crate::policy::schema;
use crate::policy::shape;
use crate::policy::when::Reader;

/// What one file says; `None` where it is silent.
#[derive(Default)]
pub(in crate::policy) struct Layer {
    pub titles: Option<Titles>,
    pub titles_place: Option<Place>,
    pub system_start: Option<Date>,
    pub max_certificate_years: Option<u32>,
    pub reissue: Option<ReissueTable>,
    pub eligibility: Option<Vec<Rule<Eligible>>>,
    pub expiry_notice: Option<Vec<Rule<Shape>>>,
    pub expiry_certificate: Option<Vec<Rule<Shape>>>,
    pub caps: Option<Vec<Cap>>,
    pub place: Option<DigitsPlace>,
    pub never_on: Option<Vec<Document>>,
    pub last4_rules: Option<Vec<Rule<bool>>>,
}

/// What a rule says beside its conditions; `then` is `None` when that was wrong and has been reported.
struct Said<T> {
    then: Option<T>,
    reason: Spanned<String>,
    src: Spanned<String>,
}

/// Reads one file. What is wrong with it goes to `errors`.
pub(in crate::policy) fn layer(source: &Arc<Source>, fields: &Fields, errors: &mut Vec<Diagnostic>) -> Layer {
    let mut layer = Layer::default();
    let table = match parse(source) {
        Ok(table) => table,
        Err(found) => {
            errors.extend(found);
            return layer;
        }
    };
    let file = File { reader: Reader { source, fields } };
    for (key, value) in table.into_inner() {
        file.key(&mut layer, &key, value, errors);
    }
    layer
}

struct File<'a> {
    reader: Reader<'a>,
}

impl<'a> File<'a> {
    fn source(&self) -> &'a Arc<Source> {
        self.reader.source
    }

    fn key<K: AsRef<str>>(
        &self,
        layer: &mut Layer,
        key: &Spanned<K>,
        value: Spanned<DeValue<'_>>,
        errors: &mut Vec<Diagnostic>,
    ) {
        match key.get_ref().as_ref() {
            "title" => {
                layer.titles_place = Some(Place { source: Arc::clone(self.source()), span: key.span() });
                layer.titles = self.titles(value, errors);
            }
            "system_start" => layer.system_start = self.system_start(value, errors),
            "max_certificate_years" => layer.max_certificate_years = self.years(value, errors),
            "reissue" => layer.reissue = self.reissue_table(value, errors),
            "eligibility" => layer.eligibility = Some(self.rules(value, errors, |said, _| eligibility(said))),
            "expiry_notice" => layer.expiry_notice = Some(self.expiries(value, Document::Notice, errors)),
            "expiry_certificate" => {
                layer.expiry_certificate = Some(self.expiries(value, Document::Certificate, errors));
            }
            "caps" => layer.caps = self.caps(value, errors),
            "last4" => self.last4(layer, value, errors),
            other => errors.push(self.unknown(other, key)),
        }
    }

    fn unknown<T>(&self, name: &str, key: &Spanned<T>) -> Diagnostic {
        let found = Diagnostic::error(format!("unknown key `{name}`")).at(self.source(), key.span());
        match nearest(name, schema::TOP_LEVEL.iter().copied()) {
            Some(known) => found.hint(format!("did you mean `{known}`?")),
            None if name == "inherit" => found.hint("a pack names its parent in pack.toml"),
            None => found.hint(format!("one of {}", schema::TOP_LEVEL.join(", "))),
        }
    }

    fn take<'s, T: Deserialize<'s>>(&self, given: Spanned<DeValue<'s>>, errors: &mut Vec<Diagnostic>) -> Option<T> {
        value(self.source(), given).map_err(|error| errors.push(error)).ok()
    }

    fn wrong<T>(&self, place: &Spanned<T>, message: &str) -> Diagnostic {
        Diagnostic::error(message).at(self.source(), place.span())
    }

    fn titles(&self, value: Spanned<DeValue<'_>>, errors: &mut Vec<Diagnostic>) -> Option<Titles> {
        let title: schema::Title = self.take(value, errors)?;
        let mut checked = |text: Option<Spanned<String>>| {
            let text = text?;
            if text.get_ref().trim().is_empty() {
                errors
                    .push(self.wrong(&text, "a title is empty").hint("leave the key out where there is no such paper"));
            }
            Some(text.into_inner())
        };
        Some(Titles {
            notice: checked(title.notice),
            notice_legal: checked(title.notice_legal),
            slip: checked(title.slip),
            certificate: checked(title.certificate),
        })
    }

    fn system_start(&self, value: Spanned<DeValue<'_>>, errors: &mut Vec<Diagnostic>) -> Option<Date> {
        let day: Spanned<Datetime> = self.take(value, errors)?;
        self.reader.day(&day, day.get_ref()).map_err(|error| errors.push(error)).ok()
    }

    fn years(&self, value: Spanned<DeValue<'_>>, errors: &mut Vec<Diagnostic>) -> Option<u32> {
        let years: Spanned<u32> = self.take(value, errors)?;
        if !(1..=5).contains(years.get_ref()) {
            let found = self.wrong(&years, "a certificate is valid for one to five years");
            errors.push(found.hint("厚生労働省 (2025-03-13): at most five years"));
        }
        Some(years.into_inner())
    }

    fn reissue_table(&self, value: Spanned<DeValue<'_>>, errors: &mut Vec<Diagnostic>) -> Option<ReissueTable> {
        let table: schema::ReissueTable = self.take(value, errors)?;
        Some(ReissueTable {
            notice: table.notice.and_then(|entry| self.reissue(entry, errors)),
            certificate: table.certificate.and_then(|entry| self.reissue(entry, errors)),
        })
    }

    fn reissue(&self, entry: Spanned<schema::Reissue>, errors: &mut Vec<Diagnostic>) -> Option<Reissue> {
        let entry = entry.into_inner();
        let reason = self.reason(entry.reason, entry.src, errors)?;
        let verdict = match entry.allowed.get_ref() {
            schema::Allowed::Stated(true) => {
                Verdict::Allowed(Reason { code: codes::REISSUE_APPLICATION_REQUIRED.into(), ..reason })
            }
            schema::Allowed::Stated(false) => Verdict::Never(reason),
            schema::Allowed::Open(schema::Undetermined::Undetermined) => Verdict::Undetermined(reason),
        };
        if !matches!(verdict, Verdict::Allowed(_)) {
            let places =
                [entry.needs_application.as_ref().map(Spanned::span), entry.fee_yen.as_ref().map(Spanned::span)];
            for span in places.into_iter().flatten() {
                let found = Diagnostic::error("this has no meaning without `allowed = true`").at(self.source(), span);
                errors.push(found.hint("remove it"));
            }
        }
        Some(Reissue {
            verdict,
            terms: Terms {
                needs_application: entry.needs_application.map(Spanned::into_inner),
                fee_yen: entry.fee_yen.map(Spanned::into_inner),
            },
        })
    }

    fn caps(&self, value: Spanned<DeValue<'_>>, errors: &mut Vec<Diagnostic>) -> Option<Vec<Cap>> {
        let span = value.span();
        let caps: schema::Caps = self.take(value, errors)?;
        if caps.age75_prev_day && caps.age75_as_printed {
            let found = Diagnostic::error("`age75_prev_day` and `age75_as_printed` are the same cap");
            errors.push(found.at(self.source(), span).hint("keep one of them"));
        }
        let pending_months = self.pending_months(&caps, errors);
        let switches = [
            (caps.age70_month_end, Cap::Age70MonthEnd),
            (caps.age75_prev_day || caps.age75_as_printed, Cap::Age75),
            (caps.residence_plus_one, Cap::Residence { pending_months }),
            (caps.student_end, Cap::Student),
            (caps.voluntary_end, Cap::Voluntary),
            (caps.disability_book, Cap::DisabilityBook),
        ];
        Some(switches.into_iter().filter(|(on, _)| *on).map(|(_, cap)| cap).collect())
    }

    fn pending_months(&self, caps: &schema::Caps, errors: &mut Vec<Diagnostic>) -> Option<u32> {
        let months = caps.residence_pending_months.as_ref()?;
        if !(1..=12).contains(months.get_ref()) {
            errors.push(self.wrong(months, "1 to 12 months are expected here").hint("中野区 adds 2"));
        }
        if !caps.residence_plus_one {
            let found = self.wrong(months, "`residence_pending_months` belongs to `residence_plus_one`");
            errors.push(found.hint("write `residence_plus_one = true` beside it"));
        }
        Some(*months.get_ref())
    }

    fn last4(&self, layer: &mut Layer, value: Spanned<DeValue<'_>>, errors: &mut Vec<Diagnostic>) {
        let span = value.span();
        let DeValue::Table(mut table) = value.into_inner() else {
            errors.push(Diagnostic::error("`last4` is a table").at(self.source(), span));
            return;
        };
        if let Some(rules) = table.remove("rule") {
            layer.last4_rules = Some(self.rules(rules, errors, |said: schema::Digits, _| Said {
                then: Some(said.show),
                reason: said.reason,
                src: said.src,
            }));
        }
        let Some(head): Option<schema::Last4> = self.take(Spanned::new(span, DeValue::Table(table)), errors) else {
            return;
        };
        layer.place = head.place.map(|place| match place {
            schema::Place::Body => DigitsPlace::Body,
            schema::Place::Slip => DigitsPlace::Slip,
            schema::Place::Both => DigitsPlace::Both,
        });
        let Some(never_on) = head.never_on else { return };
        if !never_on.get_ref().contains(&schema::Paper::Certificate) {
            let found = self.wrong(&never_on, "a certificate never carries the digits");
            errors.push(found.hint("name \"certificate\" in the list"));
        }
        let papers = never_on.get_ref().iter().map(|paper| match paper {
            schema::Paper::Notice => Document::Notice,
            schema::Paper::Certificate => Document::Certificate,
        });
        layer.never_on = Some(papers.collect());
    }

    fn expiries(&self, value: Spanned<DeValue<'_>>, paper: Document, errors: &mut Vec<Diagnostic>) -> Vec<Rule<Shape>> {
        self.rules(value, errors, |said: Spanned<schema::Expiry>, errors| {
            let span = said.span();
            let said = said.into_inner();
            let then = shape::read(&self.reader, &said, span, errors);
            if let (Some(Shape::Never(_)), Document::Certificate, Some(none)) = (&then, paper, &said.none) {
                let found = self.wrong(none, "a certificate always has an expiry");
                errors.push(found.hint("use `unspecified = true` where the source names no date"));
            }
            Said { then, reason: said.reason, src: said.src }
        })
    }

    /// A list of rules: every wrong one is reported, then the ones that no record reaches.
    fn rules<'s, F: Deserialize<'s>, T>(
        &self,
        array: Spanned<DeValue<'s>>,
        errors: &mut Vec<Diagnostic>,
        mut said: impl FnMut(F, &mut Vec<Diagnostic>) -> Said<T>,
    ) -> Vec<Rule<T>> {
        let span = array.span();
        let DeValue::Array(items) = array.into_inner() else {
            let found = Diagnostic::error("a list of rules is expected here").at(self.source(), span);
            errors.push(found.hint("write each rule under a heading in double brackets"));
            return Vec::new();
        };
        let mut rules = Vec::with_capacity(items.len());
        for item in items {
            let span = item.span();
            let DeValue::Table(table) = item.into_inner() else {
                errors.push(Diagnostic::error("a rule is a table").at(self.source(), span));
                continue;
            };
            rules.extend(self.rule(Spanned::new(span, table), errors, &mut said));
        }
        reach::check(&rules, errors);
        rules
    }

    fn rule<'s, F: Deserialize<'s>, T>(
        &self,
        table: Spanned<DeTable<'s>>,
        errors: &mut Vec<Diagnostic>,
        said: &mut impl FnMut(F, &mut Vec<Diagnostic>) -> Said<T>,
    ) -> Option<Rule<T>> {
        let span = table.span();
        let mut table = table.into_inner();
        let before = errors.len();
        let mut place = span.clone();
        let mut when = Vec::new();
        match table.remove("when") {
            Some(value) => {
                place = value.span();
                when = self.reader.when(value, errors);
            }
            None => {
                let found = Diagnostic::error("missing `when`").at(self.source(), span.clone());
                errors.push(found.hint("write `when = {}` for a rule that always holds"));
            }
        }
        let said = said(self.take(Spanned::new(span, DeValue::Table(table)), errors)?, errors);
        let reason = self.reason(said.reason, said.src, errors);
        let then = said.then?;
        (errors.len() == before).then_some(())?;
        let place = Place { source: Arc::clone(self.source()), span: place };
        Some(Rule { when, then, reason: reason?, place })
    }

    fn reason(&self, code: Spanned<String>, src: Spanned<String>, errors: &mut Vec<Diagnostic>) -> Option<Reason> {
        let before = errors.len();
        let word = code.get_ref();
        let tail = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
        if !word.starts_with(|letter: char| letter.is_ascii_uppercase()) || !word.chars().all(tail) {
            let found = self.wrong(&code, "a reason is a code in capital letters, digits and `_`");
            errors.push(found.hint("such as EXP_HALFYEAR_ANCHOR"));
        }
        if codes::is_reserved(word) {
            let found = self.wrong(&code, &format!("`{word}` has a fixed meaning"));
            errors.push(found.hint("choose another code; ERR_, WARN_ and CAP_ are the engine's own"));
        }
        if src.get_ref().trim().is_empty() {
            let found = self.wrong(&src, "a rule without a source");
            errors.push(found.hint("name publisher, date and place, or `derived: why`"));
        }
        let place = Some(Place { source: Arc::clone(self.source()), span: code.span() });
        (errors.len() == before).then(|| Reason {
            code: code.into_inner().into(),
            source: src.into_inner().into(),
            place,
        })
    }
}

fn eligibility(said: schema::Eligibility) -> Said<Eligible> {
    let document = match said.document {
        schema::Document::Notice => Document::Notice,
        schema::Document::Certificate => Document::Certificate,
        schema::Document::None => Document::None,
        schema::Document::Hold => Document::Hold,
    };
    let terms = Terms { needs_application: said.needs_application, fee_yen: said.fee_yen };
    Said { then: Some(Eligible { document, terms }), reason: said.reason, src: said.src }
}
