//! What templates print and records never have, and what records have and templates do not print.

use crate::base::diagnostic::Diagnostic;
use crate::base::field::Field;
use crate::pack::{Pack, Paper};
use crate::policy::versions::Policies;
use crate::record::checks::insurer::{Insurer, digits, kind};
use crate::template::model::{Condition, Item, Pattern, Piece, Reference, Shape, Template, Test};

impl Pack {
    /// Placeholders of fields that no record of this insurer has, by its 保険者番号: an error each. One that stands
    /// behind `has:` of the same field never prints and is let be.
    pub fn unfit_placeholders(&self) -> Vec<Diagnostic> {
        let insurer = self.insurer.number.as_deref().and_then(digits).and_then(kind);
        let Some((name, unfit)) = insurer.map(unfit) else { return Vec::new() };
        let mut found: Vec<Diagnostic> = Vec::new();
        let items = self.papers.iter().flat_map(|paper| &paper.sides).flat_map(|side| &side.items);
        for item in items {
            let printed = placeholders(item).into_iter().filter(|(field, guarded)| !guarded && unfit.contains(field));
            for (field, _) in printed {
                let title = self.fields.title(field);
                let hint = format!(
                    "take the placeholder away, or put it behind `when = [\"has:{}\"]` where packs of other insurers \
                     share the template",
                    self.fields.name(field)
                );
                let place = &item.place;
                let message = format!("a record of {name} has no {title}");
                let error = Diagnostic::error(message).at(&place.source, place.span.clone()).hint(hint);
                if !found.contains(&error) {
                    found.push(error);
                }
            }
        }
        found
    }
}

/// The kind of insurer in words, and the fields that its records never have.
///
/// 記号 and 枝番: 大津市 (city.otsu, page 4436). 被保険者氏名 is that of a 被扶養者's insured person, and 事業所 the
/// employer's: a household insured by a 市町村 has neither, but a 世帯主.
fn unfit(insurer: Insurer) -> (&'static str, &'static [Field]) {
    match insurer {
        Insurer::KenkoHoken => ("健康保険", &[Field::HOUSEHOLD_HEAD]),
        Insurer::Other => ("a 共済組合", &[Field::HOUSEHOLD_HEAD]),
        Insurer::Kokuho => ("国民健康保険", &[Field::INSURED_NAME, Field::EMPLOYER_NAME]),
        Insurer::Kouki => (
            "後期高齢者医療",
            &[Field::SYMBOL, Field::BRANCH, Field::INSURED_NAME, Field::EMPLOYER_NAME, Field::HOUSEHOLD_HEAD],
        ),
    }
}

/// A paper that carries no 有効期限 although the policy gives it one: an error each. It would look as if it held for ever.
pub(in crate::pack) fn silent_expiries(papers: &[Paper], policies: &Policies) -> Vec<Diagnostic> {
    let gives =
        |paper: &&Paper| policies.versions().iter().any(|version| version.policy().gives_expiry(paper.document));
    let prints = |side: &Template| side.items.iter().flat_map(placeholders).any(|(field, _)| field == Field::EXPIRY);
    let silent = papers.iter().filter(gives).filter(|paper| !paper.sides.iter().any(prints));
    let first = silent.filter_map(|paper| paper.sides.first()?.items.first());
    let error = |item: &Item| {
        let error = Diagnostic::error("the policy gives this paper a 有効期限, and no side of it prints {{ expiry }}");
        let hint = "print it, behind `when = [\"expires\"]` where not every record has one";
        error.at(&item.place.source, item.place.span.clone()).hint(hint)
    };
    first.map(error).collect()
}

/// The fields of an item's placeholders, and whether each stands behind `has:` of itself.
fn placeholders(item: &Item) -> Vec<(Field, bool)> {
    let affix = |affix: &Option<crate::template::model::Affix>| affix.as_ref().map(|affix| affix.pattern.clone());
    let mut fields = Vec::new();
    let mut gather = |pattern: &Pattern, when: &[&[Test]]| {
        for piece in &pattern.pieces {
            if let Piece::Placeholder(Reference::Field(field), _) = piece {
                fields.push((*field, when.iter().copied().flatten().any(|test| is_has(test, *field))));
            }
        }
    };
    let when: &[Test] = &item.when;
    match &item.shape {
        Shape::Text(text) => {
            let ruby = text.ruby.as_ref().map(|ruby| ruby.value.clone());
            let around = [affix(&text.before), affix(&text.after), ruby];
            around.iter().flatten().chain([&text.value]).for_each(|pattern| gather(pattern, &[when]));
        }
        Shape::Paragraph(text) => {
            affix(&text.before).iter().chain([&text.value]).for_each(|pattern| gather(pattern, &[when]));
        }
        Shape::Table(table) => {
            for (row, cell) in table.rows.iter().flat_map(|row| row.cells.iter().map(move |cell| (row, cell))) {
                let around = [affix(&cell.before), affix(&cell.after), affix(&cell.above), cell.label.clone()];
                around.iter().flatten().chain([&cell.value]).for_each(|pattern| gather(pattern, &[when, &row.when]));
            }
        }
        Shape::Column(column) => {
            affix(&column.after).iter().chain([&column.value]).for_each(|pattern| gather(pattern, &[when]));
        }
        Shape::Qr(qr) => gather(&qr.value, &[when]),
        Shape::DataMatrix(matrix) => gather(&matrix.value, &[when]),
        Shape::Code128(code) => gather(&code.value, &[when]),
        Shape::Line(_) | Shape::Box(_) | Shape::Image(_) => {}
    }
    fields
}

fn is_has(test: &Test, field: Field) -> bool {
    test.condition == Condition::Has(field) && !test.negated
}
