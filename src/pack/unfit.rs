//! Fields that a template prints and that a record of this insurer never has.

use crate::base::diagnostic::Diagnostic;
use crate::base::field::Field;
use crate::pack::Pack;
use crate::record::checks::insurer::{Insurer, digits, kind};
use crate::template::model::{Condition, Item, Pattern, Piece, Reference, Shape, Test};

impl Pack {
    /// Placeholders of fields that no record of this insurer has, by its 保険者番号: an error each. One that stands
    /// behind `has:` of the same field never prints and is let be.
    pub fn unfit_placeholders(&self) -> Vec<Diagnostic> {
        let insurer = self.insurer.number.as_deref().and_then(digits).and_then(kind);
        let Some((name, unfit)) = insurer.map(unfit) else { return Vec::new() };
        let mut found: Vec<Diagnostic> = Vec::new();
        let items = self.papers.iter().flat_map(|paper| &paper.sides).flat_map(|side| &side.items);
        for item in items {
            for field in printed(item).into_iter().filter(|field| unfit.contains(field)) {
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

/// The fields of an item's placeholders that do not stand behind `has:` of themselves.
fn printed(item: &Item) -> Vec<Field> {
    let affix = |affix: &Option<crate::template::model::Affix>| affix.as_ref().map(|affix| affix.pattern.clone());
    let mut fields = Vec::new();
    let mut gather = |pattern: &Pattern, when: &[&[Test]]| {
        for piece in &pattern.pieces {
            if let Piece::Placeholder(Reference::Field(field), _) = piece
                && !when.iter().copied().flatten().any(|test| is_has(test, *field))
            {
                fields.push(*field);
            }
        }
    };
    let when: &[Test] = &item.when;
    match &item.shape {
        Shape::Text(text) => {
            let around = [affix(&text.before), affix(&text.after)];
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
        Shape::Column(column) => gather(&column.value, &[when]),
        Shape::Qr(qr) => gather(&qr.value, &[when]),
        Shape::Code128(code) => gather(&code.value, &[when]),
        Shape::Line(_) | Shape::Box(_) | Shape::Image(_) => {}
    }
    fields
}

fn is_has(test: &Test, field: Field) -> bool {
    test.condition == Condition::Has(field) && !test.negated
}
