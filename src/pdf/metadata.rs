//! What the file says about itself: never anything about a person, and never the time of day.

use std::fmt::Write as _;

use lopdf::{Dictionary, Object, StringFormat};

use crate::base::Date;
use crate::pdf::object;

/// The program as it names itself inside the file.
const PRODUCER: &str = concat!("shikaku ", env!("CARGO_PKG_VERSION"));

/// What the file says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// The title that a viewer shows, for instance 資格情報のお知らせ. It travels with the file, so it
    /// must not hold anything of a record.
    pub title: String,
    /// The language of the text, as in BCP 47. *Default*: `ja-JP`.
    pub language: String,
    /// The day of making, an input of the job; `None`: the file names none.
    pub date: Option<Date>,
}

impl Default for Metadata {
    fn default() -> Metadata {
        Metadata { title: String::new(), language: "ja-JP".into(), date: None }
    }
}

/// Why metadata cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// XML cannot hold the title.
    #[error("the title has a control character (U+{0:04X}): remove it")]
    Title(u32),
    /// The language is no language tag.
    #[error("\"{0}\" is not a language tag: write for instance ja-JP")]
    Language(String),
}

impl Metadata {
    pub(super) fn check(&self) -> Result<(), MetadataError> {
        let unfit = |character: &char| character.is_control() || matches!(character, '\u{FFFE}' | '\u{FFFF}');
        if let Some(character) = self.title.chars().find(unfit) {
            return Err(MetadataError::Title(character.into()));
        }
        let subtag =
            |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match self.language.split('-').all(subtag) {
            true => Ok(()),
            false => Err(MetadataError::Language(self.language.clone())),
        }
    }

    /// The Info dictionary.
    pub(super) fn info(&self) -> Dictionary {
        let mut info = Dictionary::new();
        if !self.title.is_empty() {
            info.set("Title", string(object::text(&self.title)));
        }
        info.set("Producer", string(PRODUCER.into()));
        if let Some(date) = self.date {
            let day = date.format("D:%Y%m%d").to_string();
            info.set("CreationDate", string(day.clone().into()));
            info.set("ModDate", string(day.into()));
        }
        info
    }

    /// The catalog's own entries.
    pub(super) fn catalog(&self) -> Dictionary {
        let mut preferences = Dictionary::new();
        if !self.title.is_empty() {
            preferences.set("DisplayDocTitle", true);
        }
        // Slips are cut to the size of a card: a viewer must not shrink the page to fit.
        preferences.set("PrintScaling", Object::Name(b"None".to_vec()));
        let mut catalog = Dictionary::new();
        catalog.set("Type", Object::Name(b"Catalog".to_vec()));
        catalog.set("Lang", string(self.language.clone().into()));
        catalog.set("ViewerPreferences", preferences);
        catalog
    }

    /// The XMP packet. It agrees with the Info dictionary in what both hold.
    pub(super) fn xmp(&self, id: &[u8; 16]) -> String {
        let mut out = String::from(
            "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
             <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
             <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
             <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
             xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" \
             xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\">\n\
             <dc:format>application/pdf</dc:format>\n",
        );
        // Writing to a String cannot fail.
        if !self.title.is_empty() {
            let title = escaped(&self.title);
            let _ = writeln!(
                out,
                "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>"
            );
        }
        let language = escaped(&self.language);
        let _ = writeln!(out, "<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>");
        let _ = writeln!(out, "<pdf:Producer>{PRODUCER}</pdf:Producer>");
        if let Some(date) = self.date {
            for property in ["CreateDate", "ModifyDate", "MetadataDate"] {
                let _ = writeln!(out, "<xmp:{property}>{}</xmp:{property}>", date.format("%Y-%m-%d"));
            }
        }
        let _ = writeln!(out, "<xmpMM:DocumentID>uuid:{}</xmpMM:DocumentID>", uuid(id));
        out.push_str("</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
        out
    }
}

fn string(bytes: Vec<u8>) -> Object {
    Object::String(bytes, StringFormat::Literal)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn uuid(id: &[u8; 16]) -> String {
    let mut out = String::new();
    for (index, byte) in id.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        let _ = write!(out, "{byte:02x}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_is_refused() {
        let title = |title: &str| Metadata { title: title.into(), ..Metadata::default() }.check();
        assert_eq!(title("資格情報のお知らせ A & B <x>"), Ok(()));
        assert_eq!(title("a\u{7}b"), Err(MetadataError::Title(7)));
        let language = |language: &str| Metadata { language: language.into(), ..Metadata::default() }.check();
        assert_eq!(language("ja"), Ok(()));
        for wrong in ["", "ja_JP", "ja-", "日本語"] {
            assert_eq!(language(wrong), Err(MetadataError::Language(wrong.into())));
        }
    }
}
