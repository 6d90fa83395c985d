//! Words with placeholders: `{{ field }}`, `{{ field | format }}`, `{{ title }}`, `{{ pack.NAME }}`, `{{ job.NAME }}`.
//!
//! `{{{{` stands for a literal `{{`, `}}}}` for a literal `}}`.

use std::ops::Range;

use crate::base::diagnostic::nearest;
use crate::base::field::Field;
use crate::base::field::Kind;
use crate::template::code::JobValue;
use crate::template::measure::Wrong;
use crate::template::model::Format;
use crate::template::model::Pattern;
use crate::template::model::Piece;
use crate::template::model::Reference;
use crate::template::vocabulary::FORMATS;
use crate::template::vocabulary::JOB;
use crate::template::vocabulary::Vocabulary;
use crate::template::vocabulary::unknown_field;

/// The references that are no fields.
const TITLES: [(&str, Reference); 3] =
    [("title", Reference::Title), ("title_legal", Reference::TitleLegal), ("title_slip", Reference::TitleSlip)];

/// A wrong stretch of the words, in bytes of them.
pub(in crate::template) type Fault = (Range<usize>, Wrong);

/// Words that were read.
#[derive(Default)]
pub(in crate::template) struct Words {
    /// What they are.
    pub pattern: Pattern,
    /// What is wrong with them.
    pub faults: Vec<Fault>,
    /// The first value of the job, in bytes.
    pub job: Option<Range<usize>>,
    /// The first field of the record, in bytes.
    pub field: Option<Range<usize>>,
}

/// Reads words with placeholders. Wrong placeholders are left out of the pattern and reported.
pub(in crate::template) fn read(text: &str, vocabulary: &Vocabulary<'_>) -> Words {
    let mut words = Words::default();
    let Words { pattern, faults, job, field } = &mut words;
    let mut literal = String::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some((written, braces)) = [("{{{{", "{{"), ("}}}}", "}}")].iter().find(|(it, _)| rest.starts_with(it)) {
            literal.push_str(braces);
            at += written.len();
        } else if rest.starts_with("{{") {
            let length = rest.find("}}").map_or(rest.len(), |end| end + 2);
            match placeholder(&rest[..length], vocabulary) {
                Ok(piece) => {
                    match &piece {
                        Piece::Job(_) => _ = job.get_or_insert(at..at + length),
                        Piece::Placeholder(Reference::Field(_), _) => _ = field.get_or_insert(at..at + length),
                        Piece::Placeholder(..) | Piece::Literal(_) => {}
                    }
                    finish(pattern, &mut literal);
                    pattern.pieces.push(piece);
                }
                Err(wrong) => faults.push((at..at + length, wrong)),
            }
            at += length;
        } else {
            let character = rest.chars().next().unwrap_or_default();
            if let Some(wrong) = stray(rest, character) {
                faults.push((at..at + character.len_utf8(), wrong));
            }
            literal.push(character);
            at += character.len_utf8();
        }
    }
    finish(pattern, &mut literal);
    words
}

/// Moves the words gathered so far into the pattern.
fn finish(pattern: &mut Pattern, literal: &mut String) {
    if !literal.is_empty() {
        pattern.pieces.push(Piece::Literal(std::mem::take(literal)));
    }
}

/// What may not stand among words: braces that look like a placeholder's, and invisible controls.
fn stray(rest: &str, character: char) -> Option<Wrong> {
    if rest.starts_with("}}") {
        return Some(Wrong::new("`}}` without a `{{` before it").hint("for the braces themselves write `}}}}`"));
    }
    if rest.starts_with("｛｛") || rest.starts_with("｝｝") {
        return Some(Wrong::new("full-width braces make no placeholder").hint("write `{{` and `}}`"));
    }
    if character.is_control() && character != '\n' {
        let message = format!("the control character U+{:04X} cannot be printed", u32::from(character));
        return Some(Wrong::new(message).hint("leave it out"));
    }
    None
}

/// One placeholder, braces included.
fn placeholder(text: &str, vocabulary: &Vocabulary<'_>) -> Result<Piece, Wrong> {
    let inner = text
        .strip_suffix("}}")
        .and_then(|text| text.strip_prefix("{{"))
        .ok_or_else(|| Wrong::new("`{{` without a `}}` after it").hint("for the braces themselves write `{{{{`"))?;
    let (name, format) = match inner.split_once('|') {
        Some((name, format)) => (name.trim(), Some(format.trim())),
        None => (inner.trim(), None),
    };
    if let Some(name) = name.strip_prefix("job.") {
        return job(name, format).map(Piece::Job);
    }
    let reference = reference(name, vocabulary)?;
    let format = match (&reference, format) {
        (Reference::Field(field), format) => field_format(*field, format, vocabulary)?,
        (Reference::Title | Reference::TitleLegal | Reference::TitleSlip | Reference::Pack(_), None) => Format::Plain,
        (Reference::Title | Reference::TitleLegal | Reference::TitleSlip | Reference::Pack(_), Some(_)) => {
            return Err(Wrong::new(format!("`{name}` takes no format")).hint(format!("write `{{{{ {name} }}}}`")));
        }
    };
    Ok(Piece::Placeholder(reference, format))
}

/// What a name stands for.
fn reference(name: &str, vocabulary: &Vocabulary<'_>) -> Result<Reference, Wrong> {
    if name.is_empty() {
        return Err(Wrong::new("an empty placeholder").hint("name a field, such as `{{ name }}`"));
    }
    if let Some(text) = name.strip_prefix("pack.") {
        return pack_text(text, vocabulary);
    }
    if let Some((_, title)) = TITLES.iter().find(|(known, _)| *known == name) {
        return Ok(title.clone());
    }
    vocabulary.fields.find(name).map(Reference::Field).ok_or_else(|| {
        let (message, hint) = unknown_field(name, vocabulary.fields);
        let title = nearest(name, TITLES.iter().map(|(known, _)| *known));
        let hint = title.map(|title| format!("did you mean `{title}`?")).or(hint);
        Wrong { message, hint }
    })
}

/// A value of the job.
fn job(name: &str, format: Option<&str>) -> Result<JobValue, Wrong> {
    let entry = JOB.iter().find(|entry| entry.name == name).ok_or_else(|| {
        let names = || JOB.iter().map(|entry| entry.name);
        let hint = match nearest(name, names()) {
            Some(near) => format!("did you mean `job.{near}`?"),
            None => format!("a job has {}", names().map(|name| format!("`job.{name}`")).collect::<Vec<_>>().join(", ")),
        };
        Wrong::new(format!("a job has no `{name}`")).hint(hint)
    })?;
    let Some(format) = format else { return Ok(entry.value) };
    let number = format.strip_prefix("digits:").and_then(|digits| digits.parse().ok());
    let digits = number.filter(|digits| (1..=9).contains(digits));
    let wrong = || Err(Wrong::new(format!("unknown format `{format}`")).hint("it takes `digits:1` to `digits:9`"));
    match entry.value {
        JobValue::Sequence(_) => digits.map_or_else(wrong, |digits| Ok(JobValue::Sequence(Some(digits)))),
        JobValue::Page(_) => digits.map_or_else(wrong, |digits| Ok(JobValue::Page(Some(digits)))),
        JobValue::Pages(_) => digits.map_or_else(wrong, |digits| Ok(JobValue::Pages(Some(digits)))),
        JobValue::Id | JobValue::GroupEnd => {
            let wrong = Wrong::new(format!("`job.{name}` takes no format"));
            Err(wrong.hint(format!("write `{{{{ job.{name} }}}}`")))
        }
    }
}

/// A text of the pack.
fn pack_text(name: &str, vocabulary: &Vocabulary<'_>) -> Result<Reference, Wrong> {
    if vocabulary.texts.contains(name) {
        return Ok(Reference::Pack(name.to_owned()));
    }
    let hint = match nearest(name, vocabulary.texts.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `pack.{near}`?"),
        None => format!("write {name} = \"…\" under [text] in pack.toml"),
    };
    Err(Wrong::new(format!("the pack has no text `{name}`")).hint(hint))
}

/// The format of a field, checked against the field.
fn field_format(field: Field, format: Option<&str>, vocabulary: &Vocabulary<'_>) -> Result<Format, Wrong> {
    let fields = vocabulary.fields;
    let title = fields.title(field);
    if fields.kind(field) == Kind::Flag {
        let hint = "print words of your own in an item with a condition";
        return Err(Wrong::new(format!("{title} is a yes or no and cannot be printed")).hint(hint));
    }
    let name = format.unwrap_or("plain");
    let entry = FORMATS.iter().find(|entry| entry.name == name).ok_or_else(|| {
        let names = || FORMATS.iter().map(|entry| entry.name);
        let hint = match nearest(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the formats are {}", names().collect::<Vec<_>>().join(", ")),
        };
        Wrong::new(format!("unknown format `{name}`")).hint(hint)
    })?;
    if entry.fits.includes(fields, field) {
        return Ok(entry.format);
    }
    let fitting = FORMATS.iter().filter(|entry| entry.fits.includes(fields, field)).map(|entry| entry.name);
    let hint = format!("it takes {}", fitting.collect::<Vec<_>>().join(", "));
    Err(Wrong::new(format!("the format `{name}` does not fit {title}")).hint(hint))
}

/// Whether a pattern prints the last four digits.
pub(in crate::template) fn has_digits(pattern: &Pattern) -> bool {
    pattern.pieces.iter().any(|piece| match piece {
        Piece::Placeholder(reference, _) => *reference == Reference::Field(Field::LAST4),
        Piece::Literal(_) | Piece::Job(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::field::Fields;

    fn read_with(text: &str) -> (Pattern, Vec<Fault>) {
        let fields = Fields::default();
        let texts = BTreeSet::from(["phone".to_owned()]);
        let chains = BTreeSet::new();
        let Words { pattern, faults, .. } = read(text, &Vocabulary { fields: &fields, texts: &texts, chains: &chains });
        (pattern, faults)
    }

    #[test]
    fn words_and_placeholders_come_in_order() {
        let (pattern, faults) = read_with("電話 {{pack.phone}}（{{ birth_date | iso }}）{{{{x}}}}");
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(
            pattern.pieces,
            [
                Piece::Literal("電話 ".into()),
                Piece::Placeholder(Reference::Pack("phone".into()), Format::Plain),
                Piece::Literal("（".into()),
                Piece::Placeholder(Reference::Field(Field::BIRTH_DATE), Format::Iso),
                Piece::Literal("）{{x}}".into()),
            ]
        );
    }

    #[test]
    fn wrong_placeholders_say_what_to_write() {
        for (text, message, hint) in [
            ("{{氏名}}", "unknown field `氏名`", "fields go by their names: write `name`"),
            ("{{ nmae }}", "unknown field `nmae`", "did you mean `name`?"),
            ("{{ titel }}", "unknown field `titel`", "did you mean `title`?"),
            ("{{ name | wareki }}", "the format `wareki` does not fit 氏名 (name)", "it takes plain, wide, registered"),
            ("{{ last4 | wide }}", "the format `wide` does not fit 個人番号の下4桁 (last4)", "it takes plain, masked"),
            ("{{ name | wid }}", "unknown format `wid`", "did you mean `wide`?"),
            ("{{ title | wide }}", "`title` takes no format", "write `{{ title }}`"),
            ("{{ pack.phon }}", "the pack has no text `phon`", "did you mean `pack.phone`?"),
            (
                "{{ job.seq }}",
                "a job has no `seq`",
                "a job has `job.id`, `job.sequence`, `job.page`, `job.pages`, `job.group_end`",
            ),
            ("{{ job.sequense }}", "a job has no `sequense`", "did you mean `job.sequence`?"),
            ("{{ job.id | wide }}", "`job.id` takes no format", "write `{{ job.id }}`"),
            ("{{ job.page | digits:0 }}", "unknown format `digits:0`", "it takes `digits:1` to `digits:9`"),
            ("{{ job.sequence | seven }}", "unknown format `seven`", "it takes `digits:1` to `digits:9`"),
            ("{{ name", "`{{` without a `}}` after it", "for the braces themselves write `{{{{`"),
            ("name }}", "`}}` without a `{{` before it", "for the braces themselves write `}}}}`"),
            ("{{ }}", "an empty placeholder", "name a field, such as `{{ name }}`"),
            ("｛｛name", "full-width braces make no placeholder", "write `{{` and `}}`"),
            ("a\tb", "the control character U+0009 cannot be printed", "leave it out"),
        ] {
            let (_, faults) = read_with(text);
            assert_eq!(faults.len(), 1, "{text}");
            assert_eq!(faults[0].1, Wrong::new(message).hint(hint), "{text}");
        }
        let (_, faults) = read_with("{{ sample }}");
        assert_eq!(faults[0].1.message, "見本フラグ (sample) is a yes or no and cannot be printed");
    }
}
