//! From a text to the glyphs of a chain: all of it, exactly, or a list of what is missing.

mod plain;

use std::fmt;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::font::Chain;
use crate::font::FaceId;
use crate::font::GlyphId;
use crate::font::face::Face;
use crate::font::face::Variant;
use crate::font::faces::Faces;
use crate::font::scan;
use crate::font::scan::Clusters;
use crate::font::shape;

pub use plain::{Plain, plain};

/// A glyph and the cluster that it stands for.
///
/// A cluster is one extended grapheme cluster of the text, selector and marks included. Nearly always
/// it is one glyph; where a face sets marks apart from their base, the marks follow as glyphs with an
/// empty range at the end of the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The face of the glyph.
    pub face: FaceId,
    /// Its number in the face. Never 0.
    pub glyph: GlyphId,
    /// How far the next glyph stands from this one. *Unit*: thousandths of the em, see
    /// [`Face::width`].
    pub advance: i32,
    /// The glyph's own advance width, from which a run counts. *Unit*: thousandths of the em. The same as
    /// `advance` but for glyphs that shaping placed.
    pub width: i32,
    /// How far the drawing is moved to the right. *Unit*: thousandths of the em. 0 but for marks.
    pub right: i32,
    /// How far the drawing is moved upwards. *Unit*: thousandths of the em. 0 but for marks.
    pub up: i32,
    /// The bytes of the text that it stands for; empty for a mark that follows its base.
    pub text: Range<u32>,
}

impl Cluster {
    /// Whether the glyph belongs to the cluster before it.
    pub fn follows(&self) -> bool {
        self.text.is_empty()
    }
}

/// Which faces served a text, and what a person should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// The faces.
    pub served: Served,
    /// Characters that can be printed but hardly are what was meant.
    pub warnings: Vec<Warning>,
}

impl Resolution {
    /// Whether there is nothing to look at: one face, and no character that hardly was meant.
    pub fn is_plain(&self) -> bool {
        self.warnings.is_empty() && !matches!(self.served, Served::Mixed(_))
    }
}

/// The faces of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Served {
    /// The text is empty.
    Nothing,
    /// One face has all of it.
    One(FaceId),
    /// No face has all of it: these, in the order of the chain. The run report lists the field.
    Mixed(Vec<FaceId>),
}

/// A character that can be printed but hardly is what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The bytes of its cluster.
    pub text: Range<u32>,
    /// The number of its cluster, from 1.
    pub position: u32,
    /// The character.
    pub code_point: char,
    /// What it is.
    pub kind: Doubt,
}

/// Why a character hardly is what was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// ● ■ □ 〓 ? ？, or signs of a description such as ⿰: what issuers' systems write for characters that they
    /// do not have.
    Placeholder,
    /// A private-use code point, drawn by the issuer's own face.
    PrivateUse,
}

/// A cluster that cannot be printed. Shown with its code points, never with the text around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// The bytes of the cluster.
    pub text: Range<u32>,
    /// All code points of the cluster.
    pub code_points: Vec<char>,
    /// The number of the cluster, from 1.
    pub position: u32,
    /// Why.
    pub kind: Problem,
}

/// Why a cluster cannot be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No face of the chain has the character.
    CharacterInNoFont,
    /// A private-use character that no 外字 face of the chain has.
    PrivateUse,
    /// No face of the chain has the sequence, though its characters are there one by one.
    SequenceInNoFont,
    /// It may not stand in a text at all.
    Forbidden(Forbidden),
}

/// What may not stand in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forbidden {
    /// U+FFFD: a character was lost before; or U+FFFC: an object was.
    Replacement,
    /// A control character.
    Control,
    /// A bidirectional control, a zero-width character or a filler.
    Invisible,
    /// A variation selector without a character directly before it.
    LoneSelector,
    /// Two variation selectors in a row.
    DoubledSelector,
    /// A combining mark without a letter before it.
    LoneMark,
    /// A letter of a script that runs from right to left, or whose letters join or trade places.
    Script,
    /// A code point that Unicode gives to no character with a form.
    Unassigned,
}

/// `U+845B U+E01EF position 1: no font of the chain has this sequence, though it has the character`.
impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = self.kind.text();
        write!(f, "{} position {}: {problem}", format_code_points(&self.code_points), self.position)
    }
}

impl Problem {
    /// Why, for a message.
    pub fn text(self) -> &'static str {
        match self {
            Problem::CharacterInNoFont => "no font of the chain has this character",
            Problem::PrivateUse => "a private-use character (外字), and no font of the insurer has it",
            Problem::SequenceInNoFont => "no font of the chain has this sequence, though its characters are there",
            Problem::Forbidden(forbidden) => forbidden.text(),
        }
    }

    /// What to do about it.
    pub fn hint(self) -> &'static str {
        match self {
            Problem::CharacterInNoFont => {
                "ask the insurer's records for the registered character, or add a font that has it"
            }
            Problem::PrivateUse => {
                "name the insurer's own font, or what stands in for the character, in [gaiji] of the pack"
            }
            Problem::SequenceInNoFont => {
                "ask the insurer's records for the registered form, or add a font that has the sequence"
            }
            Problem::Forbidden(Forbidden::Script) => "ask for the name in the letters in which Japan registered it",
            Problem::Forbidden(_) => "correct the record: find out which character is registered",
        }
    }
}

impl Forbidden {
    /// What it is, for a message.
    pub fn text(self) -> &'static str {
        match self {
            Forbidden::Replacement => "a replacement character: the text was damaged before",
            Forbidden::Control => "a control character",
            Forbidden::Invisible => "an invisible or direction-changing character",
            Forbidden::LoneSelector => "a variation selector without its character",
            Forbidden::DoubledSelector => "two variation selectors in a row",
            Forbidden::LoneMark => "a combining mark without its letter",
            Forbidden::Script => "a letter of a script that cannot be set letter by letter, from left to right",
            Forbidden::Unassigned => "not a character with a form in Unicode",
        }
    }
}

/// Code points for a message: `U+845B U+E01EF`.
pub fn format_code_points(code_points: &[char]) -> String {
    let codes: Vec<String> = code_points.iter().map(|character| format!("U+{:04X}", *character as u32)).collect();
    codes.join(" ")
}

/// Why a text is not a single character that may have a substitute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is a character that everybody has, or a letter with marks.
    Ordinary,
    /// It is empty, or more than one character.
    Several,
    /// It may not stand in a text at all.
    Forbidden(&'static str),
}

/// Whether a text is one character for private use, or one character with a variation selector: what a pack may
/// name a substitute for.
///
/// # Errors
/// Why it is not.
pub fn one_cluster(text: &str) -> Result<(), Unfit> {
    let mut clusters = Clusters::new(text);
    let (Some(_), None) = (clusters.next(), clusters.next()) else { return Err(Unfit::Several) };
    if let Some(forbidden) = scan::forbidden(text) {
        return Err(Unfit::Forbidden(forbidden.text()));
    }
    let mut characters = text.chars();
    match (characters.next(), characters.next(), characters.next()) {
        (Some(character), None, _) if scan::is_private(character) => Ok(()),
        (Some(_), Some(selector), None) if scan::is_selector(selector) => Ok(()),
        (_, _, _) => Err(Unfit::Ordinary),
    }
}

/// Whether a cluster has a variation selector.
pub fn is_sequence(cluster: &str) -> bool {
    cluster.chars().any(scan::is_selector)
}

/// Whether a character may stand for a missing one: see [`Doubt::Placeholder`].
pub fn is_doubtful(character: char) -> bool {
    scan::is_placeholder(character)
}

/// Why no paper can carry a text, whatever the fonts; `None`: it depends on the fonts.
pub fn unprintable(text: &str) -> Option<&'static str> {
    let found = Clusters::new(text).find_map(|range| scan::forbidden(&text[range]));
    found.map(Forbidden::text)
}

/// Finds the glyphs of a text and adds them to `out`: from the first face of the chain that has the
/// whole text, or else cluster by cluster from the first face that has the cluster.
///
/// The ranges of the added clusters cover the text without gaps. Nothing is allocated for a text that
/// one face has, beyond room in `out`.
///
/// # Errors
/// All clusters that may not be printed or that no face has; `out` is then as it was.
pub fn resolve(
    faces: &Faces,
    chain: &Chain,
    text: &str,
    out: &mut Vec<Cluster>,
) -> Result<Resolution, Vec<Unresolved>> {
    let start = out.len();
    let mut finder = Finder { faces, chain, text, out };
    if let Some(served) = finder.at_once() {
        return Ok(Resolution { served, warnings: Vec::new() });
    }
    let (mut problems, warnings) = check(text);
    let served = if problems.is_empty() { finder.by_one_face() } else { None };
    let served = match served {
        Some(served) => served,
        None => finder.by_cluster(&mut problems),
    };
    if problems.is_empty() {
        return Ok(Resolution { served, warnings });
    }
    out.truncate(start);
    problems.sort_by_key(|problem| problem.position);
    Err(problems)
}

/// Step 1: what may not stand in the text, and what should be looked at.
fn check(text: &str) -> (Vec<Unresolved>, Vec<Warning>) {
    let (mut problems, mut warnings) = (Vec::new(), Vec::new());
    for (number, range) in Clusters::new(text).enumerate() {
        let cluster = &text[range.clone()];
        let position = number as u32 + 1;
        if let Some(forbidden) = scan::forbidden(cluster) {
            problems.push(unresolved(cluster, &range, position, Problem::Forbidden(forbidden)));
            continue;
        }
        for code_point in cluster.chars() {
            let kind = if scan::is_placeholder(code_point) {
                Doubt::Placeholder
            } else if scan::is_private(code_point) {
                Doubt::PrivateUse
            } else {
                continue;
            };
            warnings.push(Warning { text: short(&range), position, code_point, kind });
        }
    }
    (problems, warnings)
}

fn unresolved(cluster: &str, range: &Range<usize>, position: u32, kind: Problem) -> Unresolved {
    Unresolved { text: short(range), code_points: cluster.chars().collect(), position, kind }
}

fn short(range: &Range<usize>) -> Range<u32> {
    range.start as u32..range.end as u32
}

struct Finder<'a> {
    faces: &'a Faces,
    chain: &'a Chain,
    text: &'a str,
    out: &'a mut Vec<Cluster>,
}

impl Finder<'_> {
    /// The result is that of the steps below; they say what is wrong where this says nothing.
    fn at_once(&mut self) -> Option<Served> {
        let start = self.out.len();
        let add = |Plain { face, glyph, width, text }| {
            self.out.push(Cluster { face, glyph, advance: width, width, right: 0, up: 0, text });
        };
        let served = plain(self.faces, self.chain, self.text, add);
        if served.is_none() {
            self.out.truncate(start);
        }
        Some(if self.text.is_empty() { Served::Nothing } else { Served::One(served?) })
    }

    /// Step 4, first half: one face for the whole text. Private use is the 外字 face's, whatever serves
    /// the rest.
    fn by_one_face(&mut self) -> Option<Served> {
        if self.text.is_empty() {
            return Some(Served::Nothing);
        }
        let start = self.out.len();
        let chain = self.chain;
        for id in chain.faces.iter().copied() {
            if Clusters::new(self.text).all(|range| self.add(id, &range) || self.add_private(&range)) {
                return Some(self.served(start));
            }
            self.out.truncate(start);
        }
        None
    }

    /// Step 4, second half: each cluster from the first face that has it.
    fn by_cluster(&mut self, problems: &mut Vec<Unresolved>) -> Served {
        let start = self.out.len();
        let chain = self.chain;
        for (number, range) in Clusters::new(self.text).enumerate() {
            let found = chain.faces.iter().any(|id| self.add(*id, &range)) || self.add_private(&range);
            let position = number as u32 + 1;
            if found || problems.iter().any(|problem| problem.position == position) {
                continue;
            }
            let kind = self.missing(&range);
            problems.push(unresolved(&self.text[range.clone()], &range, position, kind));
        }
        self.served(start)
    }

    /// The faces of the clusters added since `start`, in the order of the chain.
    fn served(&self, start: usize) -> Served {
        let added = &self.out[start..];
        let Some(first) = added.first() else { return Served::Nothing };
        if added.iter().all(|cluster| cluster.face == first.face) {
            return Served::One(first.face);
        }
        let order = self.chain.gaiji.iter().chain(&self.chain.faces);
        Served::Mixed(order.copied().filter(|id| added.iter().any(|cluster| cluster.face == *id)).collect())
    }

    fn missing(&self, range: &Range<usize>) -> Problem {
        if self.text[range.clone()].chars().any(scan::is_private) {
            return Problem::PrivateUse;
        }
        let mut characters = self.text[range.clone()].chars().filter(|character| !scan::is_selector(*character));
        let single = self.text[range.clone()].chars().nth(1).is_none();
        let ids = &self.chain.faces;
        let has = |character: char| ids.iter().any(|id| self.faces.get(*id).glyph(character).is_some());
        if !single && characters.all(has) { Problem::SequenceInNoFont } else { Problem::CharacterInNoFont }
    }

    /// Adds a private-use character from a 外字 face.
    fn add_private(&mut self, range: &Range<usize>) -> bool {
        let mut characters = self.text[range.clone()].chars();
        let (Some(character), None) = (characters.next(), characters.next()) else { return false };
        if !scan::is_private(character) {
            return false;
        }
        let found = self.chain.gaiji.iter().find_map(|id| Some((*id, self.faces.get(*id).glyph(character)?)));
        found.is_some_and(|(id, glyph)| self.push(id, glyph, range))
    }

    /// Step 3: whether the face has the cluster; if so, its glyphs are added.
    fn add(&mut self, id: FaceId, range: &Range<usize>) -> bool {
        let faces = self.faces;
        let face = faces.get(id);
        let cluster = &self.text[range.clone()];
        let mut characters = cluster.chars();
        let Some(base) = characters.next() else { return false };
        if scan::is_private(base) {
            return false;
        }
        let glyph = match (characters.next(), characters.next()) {
            (None, _) if is_vietnamese(base) && !face.is_for_vietnamese() => None,
            (None, _) => face.glyph(base),
            (Some(selector), None) if scan::is_selector(selector) => match face.variant(base, selector) {
                Variant::Default(glyph) | Variant::Own(glyph) => Some(glyph),
                Variant::None => None,
            },
            (Some(_), _) => return self.add_marks(id, range),
        };
        glyph.is_some_and(|glyph| self.push(id, glyph, range))
    }

    /// A base with combining marks: the glyph of the one code point that means the same, or what the
    /// face makes of the parts.
    fn add_marks(&mut self, id: FaceId, range: &Range<usize>) -> bool {
        let cluster = &self.text[range.clone()];
        if cluster.chars().any(|c| scan::is_compatibility_ideograph(c) || scan::is_selector(c) || scan::is_private(c)) {
            return false;
        }
        let face = self.faces.get(id);
        let mut key = cluster.nfc();
        let (composed, more) = (key.next(), key.next());
        if cluster.nfc().any(is_vietnamese) && !face.is_for_vietnamese() {
            return false;
        }
        if let (Some(composed), None) = (composed, more)
            && let Some(glyph) = face.glyph(composed)
        {
            return self.push(id, glyph, range);
        }
        cluster.chars().all(|character| face.glyph(character).is_some()) && self.add_shaped(id, face, range)
    }

    fn add_shaped(&mut self, id: FaceId, face: &Face, range: &Range<usize>) -> bool {
        let Some(shaped) = shape::marks(face, &self.text[range.clone()]) else { return false };
        let whole = short(range);
        for (number, glyph) in shaped.into_iter().enumerate() {
            self.out.push(Cluster {
                face: id,
                glyph: glyph.glyph,
                advance: face.to_thousandths(glyph.advance),
                width: face.width(glyph.glyph),
                right: face.to_thousandths(glyph.right),
                up: face.to_thousandths(glyph.up),
                text: if number == 0 { whole.clone() } else { whole.end..whole.end },
            });
        }
        true
    }

    fn push(&mut self, face: FaceId, glyph: GlyphId, range: &Range<usize>) -> bool {
        let advance = self.faces.get(face).width(glyph);
        self.out.push(Cluster { face, glyph, advance, width: advance, right: 0, up: 0, text: short(range) });
        true
    }
}

/// Letters that Japanese faces draw wrongly when they are made up from parts.
fn is_vietnamese(character: char) -> bool {
    matches!(character, '\u{1EA0}'..='\u{1EF9}')
}

#[cfg(test)]
mod tests;
