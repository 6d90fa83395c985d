//! Before a job: which characters its records need, which fonts have them, and which are missing.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::compose::context::Context;
use crate::compose::problem::Problem;
use crate::compose::proof::{ProofHead, ProofItem, proof};
use crate::compose::texts::SlotText;
use crate::engine::run::RenderError;
use crate::engine::{Engine, Event, Input, Options, over_70};
use crate::font::error::FontError;
use crate::font::gaiji::{Stock, stock};
use crate::font::resolve::{Cluster, Unresolved, format_code_points, is_doubtful, is_sequence, resolve};
use crate::font::{Chain, FaceId};
use crate::pdf::encoder::{Encoder, Kit};
use crate::pdf::metadata::Metadata;
use crate::pdf::page::Scratch;
use crate::pdf::shell;
use crate::pdf::shell::{Compression, Plan};
use crate::pdf::stamp::Stamper;
use crate::pdf::usage::Usage;
use crate::policy::decision::Outcome;
use crate::record::Record;
use crate::sheet::Side;

/// So many records are named for a character that is printed, and so many for one that is not.
const MOST_NAMED: usize = 10;
const MOST_NAMED_MISSING: usize = 1000;

/// So many of the insurer's own fonts are named at the head of a proof.
const MOST_FONTS: usize = 3;

/// What kind of use it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GlyphKind {
    /// No font of the chain has it, or it is a placeholder that the pack refuses: its records are refused.
    Missing,
    /// No font has it, and the pack names a substitute.
    Substituted,
    /// A character of the insurer's own font (外字).
    Gaiji,
    /// A character with a variation selector.
    Sequence,
    /// ● ■ □ 〓 ? ？ and the like: may stand for a missing character.
    Placeholder,
    /// In another font than the first of its chain.
    Other,
    /// In the first font of its chain.
    Ordinary,
}

/// A character, with its selector or marks, in one font of one chain.
#[derive(Clone, Debug, Serialize)]
pub struct GlyphUse {
    /// What kind of use it is.
    pub kind: GlyphKind,
    /// The chain, by the name that the pack gives it.
    pub chain: String,
    /// Its code points, as `U+845B U+E0103`.
    pub characters: String,
    /// The font that has it; `None`: it is missing.
    pub font: Option<String>,
    /// The code points that stand in for it; `None`: nothing does.
    pub substitute: Option<String>,
    /// Why it is missing.
    pub message: Option<String>,
    /// The fields that have it, by their names in the input.
    pub fields: Vec<String>,
    /// In so many records.
    pub rows: u64,
    /// The first of them: ten, of a missing character a thousand.
    pub records: Vec<NamedRecord>,
    #[serde(skip)]
    text: String,
    #[serde(skip)]
    face: Option<FaceId>,
}

/// A record, without what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedRecord {
    /// Its number in the input, from 1.
    pub row: u64,
    /// Its `record_id`.
    pub record_id: Option<String>,
}

/// What an input needs of the fonts.
#[derive(Clone, Debug, Default)]
pub struct Glyphs {
    /// By kind, chain and code points.
    pub uses: Vec<GlyphUse>,
    /// Records whose texts were looked at.
    pub checked: u64,
    /// Records that get no paper, lawfully or for now; their texts were not looked at.
    pub without_paper: u64,
    /// Records that cannot be read or decided; their texts were not looked at.
    pub unreadable: u64,
}

impl Glyphs {
    /// Whether every character of every record that could be read has a font or a substitute.
    pub fn is_complete(&self) -> bool {
        self.unreadable == 0 && !self.uses.iter().any(|one| one.kind == GlyphKind::Missing)
    }
}

/// Why there is no proof sheet.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// No character needs to be looked at.
    #[error("no character of the input needs a proof")]
    Nothing,
    /// The pack has no font of the insurer's own.
    #[error("the pack has no 外字 ([gaiji] names no font), so there is nothing to prove without records")]
    NoGaiji,
    /// The sheet cannot be set.
    #[error("the proof sheet cannot be set in the fonts of the pack")]
    Compose(Vec<Problem>),
    /// The PDF cannot be made.
    #[error("{0}")]
    Render(#[from] RenderError),
    /// A font of the insurer cannot be read.
    #[error("{0}")]
    Font(#[from] FontError),
}

/// What is collected of a character.
#[derive(Default)]
struct Tally {
    rows: u64,
    last_row: u64,
    fields: Vec<String>,
    records: Vec<NamedRecord>,
    substitute: Option<String>,
    message: Option<String>,
}

/// Characters by chain and face; `None`: no face.
struct Census {
    tallies: BTreeMap<(usize, Option<FaceId>), BTreeMap<String, Tally>>,
    refuses_placeholders: bool,
}

/// One text of one record.
struct Place<'p> {
    chain: usize,
    field: &'p str,
    record: &'p Record,
}

impl Census {
    /// Whether a character has a font and is refused all the same.
    fn refuses(&self, text: &str) -> bool {
        self.refuses_placeholders && text.chars().any(is_doubtful)
    }

    fn add(&mut self, place: &Place<'_>, face: Option<FaceId>, text: &str) -> &mut Tally {
        let refused = face.is_none() || self.refuses(text);
        let texts = self.tallies.entry((place.chain, face)).or_default();
        if !texts.contains_key(text) {
            texts.insert(text.to_owned(), Tally::default());
        }
        let tally = texts.entry(text.to_owned()).or_default();
        if tally.last_row != place.record.row {
            tally.last_row = place.record.row;
            tally.rows += 1;
            let most = if refused { MOST_NAMED_MISSING } else { MOST_NAMED };
            if tally.records.len() < most {
                let record_id = place.record.id().map(str::to_owned);
                tally.records.push(NamedRecord { row: place.record.row, record_id });
            }
        }
        if !tally.fields.iter().any(|field| field == place.field) {
            tally.fields.push(place.field.to_owned());
        }
        tally
    }
}

impl Engine {
    /// Goes through the texts that the records of `input` would print, and finds the font of each character.
    /// Nothing is fitted or printed.
    ///
    /// # Errors
    /// When reading fails.
    pub fn glyphs(
        &self,
        input: &Input,
        options: &Options<'_>,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Glyphs, RenderError> {
        let refuses_placeholders = self.art.setter.house().refuses_placeholders;
        let mut census = Census { tallies: BTreeMap::new(), refuses_placeholders };
        let mut glyphs = Glyphs::default();
        let mut records = 0;
        self.visit(input, options, |record| {
            records += 1;
            let decided = record.and_then(|record| {
                let decision = self.decide(record)?;
                let served = match decision.outcome() {
                    Outcome::Printed => self.serving(&record.facts, decision.document),
                    Outcome::None | Outcome::Held | Outcome::Rejected => Ok(None),
                };
                let served = served.map_err(|error| self.undecidable(record, error))?;
                Ok((record, decision, served))
            });
            match decided {
                Err(report) => {
                    glyphs.unreadable += 1;
                    observe(Event::Record(&report));
                }
                Ok((record, decision, served)) => match served {
                    None => glyphs.without_paper += 1,
                    Some((_, served)) => {
                        glyphs.checked += 1;
                        let facts = &record.facts;
                        let context = Context { facts, decision: &decision, over_70: over_70(facts), back: false };
                        self.art.texts(&served.boards, &context, |text| self.count(record, &text, &mut census));
                    }
                },
            }
            observe(Event::Checked(records));
            Ok::<(), RenderError>(())
        })?;
        glyphs.uses = self.uses(census);
        Ok(glyphs)
    }

    /// Finds the fonts of one text.
    fn count(&self, record: &Record, text: &SlotText<'_>, census: &mut Census) {
        let Some((_, chain)) = self.art.setter.chains().get(text.chain) else { return };
        let place = Place { chain: text.chain, field: self.pack.fields.name(text.field), record };
        let faces = self.art.setter.faces();
        let house = self.art.setter.house();
        let mut clusters = Vec::new();
        let unresolved = match resolve(faces, chain, text.words, &mut clusters) {
            Ok(_) => return tally(census, &place, text.words, &clusters),
            Err(unresolved) => unresolved,
        };
        if let Some(other) = house.substituted(text.words, &unresolved)
            && resolve(faces, chain, &other.words, &mut clusters).is_ok()
        {
            tally(census, &place, &other.words, &clusters);
            for (from, to) in &other.replaced {
                census.add(&place, None, from).substitute = Some(to.clone());
            }
            return;
        }
        self.count_apart(&place, text.words, (chain, &unresolved), census);
    }

    /// A text that cannot be printed: what is missing, and where the rest of it would come from.
    fn count_apart(
        &self,
        place: &Place<'_>,
        words: &str,
        (chain, unresolved): (&Chain, &[Unresolved]),
        census: &mut Census,
    ) {
        let mut end = 0;
        let mut clusters = Vec::new();
        let mut rest = |from: usize, to: usize, census: &mut Census| {
            let Some(part) = words.get(from..to) else { return };
            clusters.clear();
            if resolve(self.art.setter.faces(), chain, part, &mut clusters).is_ok() {
                tally(census, place, part, &clusters);
            }
        };
        for one in unresolved {
            let (start, stop) = (one.text.start as usize, one.text.end as usize);
            rest(end, start, census);
            end = stop;
            let Some(text) = words.get(start..stop) else { continue };
            let substitute = self.art.setter.house().substitutes.get(text).cloned();
            let tally = census.add(place, None, text);
            tally.message = Some(one.kind.text().to_owned());
            tally.substitute = substitute;
        }
        rest(end, words.len(), census);
    }

    fn uses(&self, census: Census) -> Vec<GlyphUse> {
        let setter = &self.art.setter;
        let mut uses = Vec::new();
        let refuses_placeholders = census.refuses_placeholders;
        for ((chain, face), texts) in census.tallies {
            let Some((name, fonts)) = setter.chains().get(chain) else { continue };
            for (text, tally) in texts {
                let points: Vec<char> = text.chars().collect();
                let doubtful = points.iter().any(|character| is_doubtful(*character));
                let refused =
                    (doubtful && refuses_placeholders).then(|| "a placeholder, which the pack refuses".to_owned());
                let kind = match face {
                    Some(_) if refused.is_some() => GlyphKind::Missing,
                    None if tally.substitute.is_some() => GlyphKind::Substituted,
                    None => GlyphKind::Missing,
                    Some(face) if setter.house().gaiji.contains(&face) => GlyphKind::Gaiji,
                    Some(_) if is_sequence(&text) => GlyphKind::Sequence,
                    Some(_) if doubtful => GlyphKind::Placeholder,
                    Some(face) if fonts.faces.first() != Some(&face) => GlyphKind::Other,
                    Some(_) => GlyphKind::Ordinary,
                };
                let of = |text: &String| format_code_points(&text.chars().collect::<Vec<_>>());
                uses.push(GlyphUse {
                    kind,
                    chain: name.clone(),
                    characters: format_code_points(&points),
                    font: face.map(|face| setter.faces().get(face).name().to_owned()),
                    substitute: tally.substitute.as_ref().map(of),
                    message: tally.message.or(refused).filter(|_| kind == GlyphKind::Missing),
                    fields: tally.fields,
                    rows: tally.rows,
                    records: tally.records,
                    text,
                    face,
                });
            }
        }
        // Chains were in order, and so were faces and texts.
        uses.sort_by_key(|one| one.kind);
        uses
    }

    /// The insurer's own fonts (外字): each file with its SHA-256 and what it has.
    ///
    /// # Errors
    /// None of these is expected: the fonts were checked when the pack was opened.
    pub fn gaiji(&self) -> Result<Vec<(String, String, Stock)>, FontError> {
        let faces = self.art.setter.house().gaiji.iter().map(|id| self.art.setter.faces().get(*id));
        let told = faces.map(|face| {
            let sum: [u8; 32] = Sha256::digest(face.data()).into();
            let sum = sum.iter().map(|byte| format!("{byte:02x}")).collect();
            Ok((face.source().to_string(), sum, stock(face)?))
        });
        told.collect()
    }

    /// 文字確認票: every 外字, every variation sequence, every placeholder, substitute and character outside the
    /// first font of its chain, large, for a person to sign. `input` names the input on the sheet.
    ///
    /// # Errors
    /// When there is nothing to show, or the PDF cannot be made.
    pub fn proof(&self, glyphs: &Glyphs, input: &str) -> Result<Vec<u8>, ProofError> {
        let items: Vec<ProofItem> = glyphs.uses.iter().filter_map(|one| self.proof_item(one)).collect();
        if items.is_empty() {
            return Err(ProofError::Nothing);
        }
        self.proof_of(&items, format!("入力 {input}　対象 {} 件　文字 {} 種", glyphs.checked, items.len()))
    }

    /// 文字確認票 of every character of the insurer's own fonts (外字), used or not, in the order of the code points of
    /// each font.
    ///
    /// # Errors
    /// When the pack has no such font, or the PDF cannot be made.
    pub fn gaiji_proof(&self) -> Result<Vec<u8>, ProofError> {
        let setter = &self.art.setter;
        let mut items = Vec::new();
        for (id, (file, sum, stock)) in setter.house().gaiji.iter().zip(self.gaiji()?) {
            let file = named(&file, &sum);
            let font = setter.faces().get(*id).name();
            for character in stock.characters {
                let lines = [format_code_points(&[character]), font.to_owned(), file.clone()];
                let text = character.to_string();
                items.push(ProofItem { kind: "外字", text, faces: vec![*id], plain: None, lines });
            }
        }
        if items.is_empty() {
            return Err(ProofError::NoGaiji);
        }
        self.proof_of(&items, format!("外字 全 {} 字", items.len()))
    }

    /// Draws the sheets; `second` is the second line of their head.
    fn proof_of(&self, items: &[ProofItem], mut second: String) -> Result<Vec<u8>, ProofError> {
        let insurer = self.pack.insurer.name.as_deref().unwrap_or(&self.pack.name);
        let fonts = self.gaiji()?;
        for (file, sum, _) in fonts.iter().take(MOST_FONTS) {
            second.push_str(&format!("　外字 {}", named(file, sum)));
        }
        if fonts.len() > MOST_FONTS {
            second.push_str(&format!("　ほか {}", fonts.len() - MOST_FONTS));
        }
        let head = ProofHead { lines: [insurer.to_owned(), second] };
        let sides = proof(&self.art.setter, &head, items).map_err(ProofError::Compose)?;
        Ok(self.plain_pdf(&sides, "文字確認票")?)
    }

    fn proof_item(&self, one: &GlyphUse) -> Option<ProofItem> {
        let setter = &self.art.setter;
        let kind = match one.kind {
            GlyphKind::Missing | GlyphKind::Ordinary => return None,
            GlyphKind::Substituted => "代替",
            GlyphKind::Gaiji => "外字",
            GlyphKind::Sequence => "異体字",
            GlyphKind::Placeholder => "代用記号",
            GlyphKind::Other => "補助書体",
        };
        let fields = &self.pack.fields;
        let labels: Vec<&str> = one.fields.iter().filter_map(|name| Some(fields.label(fields.find(name)?))).collect();
        let use_ = format!("{}　{}　{} 件", one.chain, labels.join("・"), one.rows);
        if let Some(to) = setter.house().substitutes.get(&one.text).filter(|_| one.kind == GlyphKind::Substituted) {
            let (_, chain) = setter.chains().iter().find(|(name, _)| *name == one.chain)?;
            let mut clusters = Vec::new();
            resolve(setter.faces(), chain, to, &mut clusters).ok()?;
            let mut faces: Vec<FaceId> = clusters.iter().map(|cluster| cluster.face).collect();
            faces.dedup();
            let codes = format!("{} → {}", one.characters, one.substitute.as_deref().unwrap_or_default());
            let names: Vec<&str> = faces.iter().map(|face| setter.faces().get(*face).name()).collect();
            let font = names.join(" ");
            return Some(ProofItem { kind, text: to.clone(), faces, plain: None, lines: [codes, font, use_] });
        }
        let plain = (one.kind == GlyphKind::Sequence).then(|| one.text.chars().take(1).collect());
        let lines = [one.characters.clone(), one.font.clone()?, use_];
        Some(ProofItem { kind, text: one.text.clone(), faces: vec![one.face?], plain, lines })
    }

    /// Sides without plates as a PDF.
    fn plain_pdf(&self, sides: &[Side], title: &str) -> Result<Vec<u8>, RenderError> {
        let mut usage = Usage::new();
        sides.iter().for_each(|side| usage.add_side(side));
        let metadata = Metadata { title: title.to_owned(), language: "ja-JP".to_owned(), date: None };
        let faces = self.art.setter.faces();
        let kit = Kit { faces, pictures: &[], compression: Compression::Fast };
        let encoder = Encoder::new(kit, [])?;
        let shell = shell::build(&Plan { encoder: &encoder, usage: &usage, metadata: &metadata })?;
        let mut stamper = Stamper::new(Vec::new(), &shell)?;
        let mut scratch = Scratch::default();
        for side in sides {
            let page = encoder.encode(side, &mut scratch)?;
            stamper.page(&page)?;
        }
        Ok(stamper.finish()?)
    }
}

/// A file without its folder, and the beginning of its SHA-256.
fn named(path: &str, sum: &str) -> String {
    format!("{} (SHA-256 {})", path.rsplit('/').next().unwrap_or(path), sum.get(..16).unwrap_or_default())
}

/// Counts the clusters of a text that was found.
fn tally(census: &mut Census, place: &Place<'_>, words: &str, clusters: &[Cluster]) {
    for cluster in clusters.iter().filter(|cluster| !cluster.follows()) {
        let text = words.get(cluster.text.start as usize..cluster.text.end as usize).unwrap_or_default();
        if !text.trim().is_empty() {
            census.add(place, Some(cluster.face), text);
        }
    }
}
