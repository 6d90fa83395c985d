//! Fonts and chains as the composer uses them: words to glyphs, glyphs to runs.

use std::collections::BTreeMap;

use crate::base::field::Field;
use crate::base::fit::{Figures, Ladder};
use crate::base::geometry::Point;
use crate::base::length::Length;
use crate::base::tint::Tint;
use crate::compose::galley::{Galley, SetText};
use crate::compose::house::House;
use crate::compose::problem::{Note, NoteKind, Problem, ProblemKind};
use crate::font::faces::Faces;
use crate::font::resolve::{Cluster, Doubt, Plain, Resolution, Served, Unresolved, plain, resolve};
use crate::font::source::FontSource;
use crate::font::{Chain, FaceId};
use crate::sheet::{Glyph, Mark, Run};
use crate::template::model::Style;
use crate::text::column::{NoForm, Stone, stones};
use crate::text::fit::{Fitted, Line, Text, TooLong, fit, line};
use crate::text::measure::{Extent, Setting, extent, plain_extent};
use crate::text::mixed::mixed;
use crate::text::runs::{RunGlyph, Runs};
use crate::text::spread::spread;
use crate::text::trim::Trim;

/// The fonts of a pack, and its chains by name.
#[derive(Debug)]
pub struct Typesetter {
    faces: Faces,
    chains: Vec<(String, Chain)>,
    house: House,
}

/// A style with its chain found.
#[derive(Clone, Copy, Debug)]
pub struct Lettering {
    chain: usize,
    /// The size of the em box.
    pub size: Length,
    /// Added between letters.
    pub tracking: Length,
    /// From baseline to baseline.
    pub leading: Length,
    /// The tint.
    pub tint: Tint,
    /// Added between Japanese and Latin letters, in thousandths of the em.
    pub mixed_space: u16,
    /// Whether brackets lose their white half at the ends of lines.
    pub trim: bool,
}

/// How glyphs are put into runs.
#[derive(Clone, Copy, Debug)]
pub struct How<'h> {
    /// Size and spacing.
    pub setting: Setting,
    /// Added after each glyph, in thousandths of the em; empty: nothing.
    pub spaces: &'h [i32],
    /// The tint.
    pub tint: Tint,
}

impl Lettering {
    /// The number of its chain.
    pub fn chain(&self) -> usize {
        self.chain
    }

    /// Black letters of a chain, at a size, for papers that no template makes.
    pub fn plain(chain: usize, size: Length) -> Lettering {
        Lettering { chain, size, tracking: Length::ZERO, leading: size, tint: Tint::BLACK, mixed_space: 0, trim: false }
    }

    /// How its letters are set, not yet fitted.
    pub fn setting(&self) -> Setting {
        Setting::new(self.size, self.tracking)
    }
}

/// What cannot be printed.
pub(super) fn problems(unresolved: &[Unresolved], field: Option<Field>) -> Vec<Problem> {
    let problem = |cluster: &Unresolved| Problem {
        kind: ProblemKind::Glyph {
            message: cluster.to_string(),
            hint: cluster.kind.hint(),
            codepoints: cluster.code_points.iter().map(|point| *point as u32).collect(),
        },
        field,
    };
    unresolved.iter().map(problem).collect()
}

impl Typesetter {
    /// Opened fonts, the files that they came from, the chains as the pack has them, and what it says of
    /// characters that they do not have.
    pub fn new(
        faces: Faces,
        files: &[FontSource],
        chains: &BTreeMap<String, Vec<FontSource>>,
        house: House,
    ) -> Typesetter {
        let face = |file: &FontSource| files.iter().position(|known| known == file).map(|index| FaceId(index as u16));
        let chain = |(name, files): (&String, &Vec<FontSource>)| {
            let faces = files.iter().filter_map(face).collect();
            (name.clone(), Chain { faces, gaiji: house.gaiji.clone() })
        };
        Typesetter { faces, chains: chains.iter().map(chain).collect(), house }
    }

    /// The fonts.
    pub fn faces(&self) -> &Faces {
        &self.faces
    }

    /// The chains with their names, in the order of their numbers.
    pub fn chains(&self) -> &[(String, Chain)] {
        &self.chains
    }

    /// What the pack says of characters that no font has.
    pub fn house(&self) -> &House {
        &self.house
    }

    /// A style with its chain. A style that names no chain of the pack gets an empty one, and every
    /// character set in it is then refused; reading a template makes sure that there is none.
    pub fn lettering(&self, style: &Style) -> Lettering {
        let chain = self.chains.iter().position(|(name, _)| *name == style.chain).unwrap_or(self.chains.len());
        let Style { size, tracking, leading, tint, mixed_space, trim, .. } = *style;
        Lettering { chain, size, tracking, leading, tint, mixed_space, trim }
    }

    /// Finds the glyphs of the words of `text` and notes what a person should look at.
    ///
    /// # Errors
    /// Every character or sequence that cannot be printed.
    pub fn resolve(
        &self,
        lettering: &Lettering,
        field: Option<Field>,
        text: &mut SetText,
        notes: &mut Vec<Note>,
    ) -> Result<(), Vec<Problem>> {
        let empty = Chain::default();
        let chain = self.chains.get(lettering.chain).map_or(&empty, |(_, chain)| chain);
        let resolution = match resolve(&self.faces, chain, &text.words, &mut text.clusters) {
            Ok(resolution) => resolution,
            Err(unresolved) => self.substituted(chain, field, (text, &unresolved), notes)?,
        };
        if lettering.mixed_space > 0 {
            mixed(&text.words, &text.clusters, lettering.mixed_space, &mut text.extra);
        }
        // Fixed words were looked at by whoever wrote them.
        match field {
            Some(field) if !resolution.is_plain() => self.remark(field, &resolution, notes),
            Some(_) | None => Ok(()),
        }
    }

    /// The same with the substitutes of the pack for what no font has.
    fn substituted(
        &self,
        chain: &Chain,
        field: Option<Field>,
        (text, unresolved): (&mut SetText, &[Unresolved]),
        notes: &mut Vec<Note>,
    ) -> Result<Resolution, Vec<Problem>> {
        let Some(other) = self.house.substituted(&text.words, unresolved) else {
            return Err(problems(unresolved, field));
        };
        let resolution = resolve(&self.faces, chain, &other.words, &mut text.clusters)
            .map_err(|unresolved| problems(&unresolved, field))?;
        text.words = other.words;
        for (from, to) in other.replaced {
            let [from, to] = [from, to].map(|text| text.chars().map(u32::from).collect());
            notes.push(Note { kind: NoteKind::Substituted { from, to }, field });
        }
        Ok(resolution)
    }

    /// Notes what a person should look at.
    fn remark(&self, field: Field, resolution: &Resolution, notes: &mut Vec<Note>) -> Result<(), Vec<Problem>> {
        let field = Some(field);
        let of = |kind: Doubt| -> Vec<u32> {
            let warnings = resolution.warnings.iter().filter(|warning| warning.kind == kind);
            warnings.map(|warning| warning.code_point as u32).collect()
        };
        let codepoints = of(Doubt::Placeholder);
        if !codepoints.is_empty() && self.house.refuses_placeholders {
            return Err(vec![Problem { kind: ProblemKind::Placeholder { codepoints }, field }]);
        }
        if !codepoints.is_empty() {
            notes.push(Note { kind: NoteKind::Placeholder { codepoints }, field });
        }
        let codepoints = of(Doubt::PrivateUse);
        if !codepoints.is_empty() {
            notes.push(Note { kind: NoteKind::Gaiji { codepoints }, field });
        }
        // That 外字 stand in a font of their own is said already.
        if let Served::Mixed(faces) = &resolution.served {
            let others = faces.iter().filter(|face| !self.house.gaiji.contains(face));
            let fonts: Vec<String> = others.map(|face| self.faces.get(*face).name().to_owned()).collect();
            if fonts.len() > 1 {
                notes.push(Note { kind: NoteKind::MixedFonts { fonts }, field });
            }
        }
        Ok(())
    }

    /// Cuts a text into what stands in a column, with the glyphs' vertical forms.
    ///
    /// # Errors
    /// A character without a vertical form.
    pub fn stones(
        &self,
        text: &mut SetText,
        how: (Figures, i32),
        field: Option<Field>,
    ) -> Result<Vec<Stone>, Vec<Problem>> {
        stones(&self.faces, &text.words, &mut text.clusters, how).map_err(|NoForm(number)| {
            let range = text.clusters.get(number).map(|cluster| cluster.text.start as usize..cluster.text.end as usize);
            let cluster = range.and_then(|range| text.words.get(range)).unwrap_or_default();
            let message = "the font has no form of this character for vertical setting".to_owned();
            let codepoints = cluster.chars().map(|point| point as u32).collect();
            let hint = "set the text horizontally, or in a font that has vertical forms";
            vec![Problem { kind: ProblemKind::Glyph { message, hint, codepoints }, field }]
        })
    }

    /// Fits glyphs into a width; brackets lose their white half at the ends that `trim` says.
    ///
    /// # Errors
    /// The width that is needed at the tightest, and the one that there is.
    pub fn fit(
        &self,
        (text, trim): (&SetText, Trim),
        lettering: &Lettering,
        available: Length,
        ladder: &Ladder,
    ) -> Result<Fitted, TooLong> {
        fit(self.measured(text, trim), lettering.setting(), available, ladder)
    }

    /// Sets a text that needs nothing but its place, as most do: [plain] words without added space, which fit into a
    /// width as they are; `finish` puts the run where it belongs. The run and the line are those that
    /// [`resolve`](Typesetter::resolve), [`fit`](Typesetter::fit) and [`runs`](Typesetter::runs) would come to.
    /// `false`: it needs them, and nothing was set; otherwise the words are in the run and no longer in `words`.
    #[expect(clippy::too_many_arguments, reason = "words, room and how they look; where to, and the last touch")]
    pub fn at_once(
        &self,
        (words, trim): (&mut String, Trim),
        lettering: &Lettering,
        available: Length,
        galley: &mut Galley,
        finish: impl FnOnce(&mut Run, &Line),
    ) -> bool {
        let setting = lettering.setting();
        let Some((_, chain)) = self.chains.get(lettering.chain) else { return false };
        if words.is_empty() || setting.space != 0 || lettering.mixed_space != 0 || trim.concerns(words) {
            return false;
        }
        let (mut run, mut advance) = (galley.run(), 0);
        let add = |Plain { glyph, width, text, .. }| {
            advance += i64::from(width);
            run.glyphs.push(Glyph { id: glyph, text, space: 0 });
        };
        let found = plain(&self.faces, chain, words, add).and_then(|face| {
            let extent = plain_extent(self.faces.get(face), words, advance);
            let line = line(0..run.glyphs.len(), setting, extent);
            (line.width <= available).then_some((face, line))
        });
        let Some((face, line)) = found else {
            run.glyphs.clear();
            galley.spare(run);
            return false;
        };
        run.face = face;
        run.size = setting.size;
        run.at = Point::default();
        run.stretch = setting.stretch;
        (run.rotate, run.outline, run.plain) = (0, None, true);
        run.tint = lettering.tint;
        std::mem::swap(&mut run.text, words);
        finish(&mut run, &line);
        galley.marks.push(Mark::Run(run));
        true
    }

    fn measured<'t>(&'t self, text: &'t SetText, trim: Trim) -> Text<'t> {
        let SetText { words, clusters, extra } = text;
        Text { words, clusters, extra, faces: &self.faces, trim }
    }

    /// The room that glyphs take, not fitted.
    pub fn extent(&self, text: &SetText, lettering: &Lettering, trim: Trim) -> Extent {
        let whole = extent(&self.faces, &text.clusters, lettering.setting().space, &text.extra);
        trim.apply(&self.faces, &text.words, &text.clusters, whole)
    }

    /// 均等割付: what is added after each glyph so that they fill the width; nothing where they are wider.
    pub fn spread(&self, text: &SetText, setting: Setting, (available, trim): (Length, Trim)) -> Vec<i32> {
        let whole = extent(&self.faces, &text.clusters, setting.space, &[]);
        let Extent { left, right, .. } = trim.apply(&self.faces, &text.words, &text.clusters, whole);
        spread(&text.clusters, setting, available - setting.length(left) - setting.length(right)).unwrap_or_default()
    }

    /// Sets the runs of glyphs on a baseline that begins at `(0, 0)`, one for each stretch of one face;
    /// `finish` puts each where it belongs.
    #[expect(clippy::too_many_arguments, reason = "words, glyphs and how they look; where to, and the last touch")]
    pub fn runs(
        &self,
        words: &str,
        clusters: &[Cluster],
        how: How<'_>,
        galley: &mut Galley,
        mut finish: impl FnMut(&mut Run),
    ) {
        let How { setting, spaces, tint } = how;
        let mut runs = Runs::new(clusters, setting, spaces);
        loop {
            let mut run = galley.run();
            let glyph = |glyph: RunGlyph| Glyph { id: glyph.id, text: glyph.text, space: glyph.space };
            let Some(head) = runs.next(&mut run.glyphs, glyph) else {
                galley.spare(run);
                return;
            };
            run.face = head.face;
            run.size = setting.size;
            run.at = Point { x: head.x, y: -head.up };
            run.stretch = setting.stretch;
            (run.rotate, run.outline, run.plain) = (0, None, false);
            run.tint = tint;
            run.text.push_str(words.get(head.text.start as usize..head.text.end as usize).unwrap_or_default());
            finish(&mut run);
            galley.marks.push(Mark::Run(run));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn setter() -> Typesetter {
        let fonts = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
        let file = |name: &str| FontSource::file(fonts.join(name));
        let files = ["noto-latin/NotoSerif-Regular.ttf", "ipamj-mincho/ipamjm.ttf"].map(file);
        let chain = |numbers: &[usize]| numbers.iter().map(|number| files[*number].clone()).collect::<Vec<_>>();
        let chains = BTreeMap::from([("latin".to_owned(), chain(&[0, 1])), ("name".to_owned(), chain(&[1, 0]))]);
        Typesetter::new(Faces::open_all(&files).unwrap(), &files, &chains, House::default())
    }

    proptest! {
        /// The quick way and the long one come to the same, and what the quick one calls plain is plain.
        #[test]
        fn at_once_is_resolved_fitted_and_run(
            words in "[fjTW.0-9 \u{3000}（」、。山葛邉ァ\u{30fc}\u{2010}\u{e0100}\u{309a}か\u{3f}]{1,12}",
            chain in 0..2_usize,
            trims: (bool, bool),
            tracked: bool,
            room in 1..200_i64,
        ) {
            static SETTER: std::sync::LazyLock<Typesetter> = std::sync::LazyLock::new(setter);
            let tracking = if tracked { Length::pt(1) } else { Length::ZERO };
            let lettering = Lettering { tracking, ..Lettering::plain(chain, Length::pt(10)) };
            let (trim, room) = (Trim { start: trims.0, end: trims.1 }, Length::pt(room));
            let (mut galley, mut line) = (Galley::default(), None);
            if !SETTER.at_once((&mut words.clone(), trim), &lettering, room, &mut galley, |_, found| line = Some(found.clone())) {
                prop_assert!(galley.marks.is_empty());
                return Ok(());
            }
            let mut text = SetText { words: words.clone(), ..SetText::default() };
            let mut notes = Vec::new();
            prop_assert!(SETTER.resolve(&lettering, Some(Field::NAME), &mut text, &mut notes).is_ok() && notes.is_empty());
            let fitted = SETTER.fit((&text, trim), &lettering, room, &Ladder::default()).unwrap();
            prop_assert_eq!(fitted, Fitted { setting: lettering.setting(), first: line.unwrap(), second: None, spaces: vec![], steps: vec![] });
            let how = How { setting: lettering.setting(), spaces: &[], tint: lettering.tint };
            SETTER.runs(&text.words, &text.clusters, how, &mut galley, |_| ());
            let [Mark::Run(quick), Mark::Run(slow)] = galley.marks.as_slice() else { panic!("one run each") };
            let of = |run: &Run| (run.face, run.size, run.at, run.stretch, run.rotate, run.outline, run.tint, run.text.clone());
            prop_assert_eq!(of(quick), of(slow));
            prop_assert!(quick.glyphs == slow.glyphs && quick.plain);
            let texts = SETTER.faces().get(quick.face).texts();
            prop_assert!(quick.glyphs.iter().zip(words.chars()).all(|(glyph, own)| texts.get(glyph.id).is_character(own)));
            prop_assert_eq!(quick.glyphs.len(), words.chars().count());
        }
    }

    /// Most texts go the quick way; those that need something do not.
    #[test]
    fn what_needs_nothing_is_set_at_once() {
        let (setter, mut galley) = (setter(), Galley::default());
        let both = Trim { start: true, end: true };
        let mut set = |words: &str, trim: Trim, lettering: &Lettering| {
            setter.at_once((&mut words.to_owned(), trim), lettering, Length::pt(100), &mut galley, |_, _| ())
        };
        let plain = Lettering::plain(1, Length::pt(10));
        for words in ["山田　太郎", "（山）", "令和7年4月7日"] {
            assert!(set(words, Trim::default(), &plain), "{words}");
        }
        assert!(set("山（田）山", both, &plain));
        for words in ["（山", "山。"] {
            assert!(!set(words, both, &plain), "{words}");
        }
        for words in ["葛\u{E0101}", "か\u{309A}", "山田太郎山田太郎山田太郎", "?", "\u{1EBF}", ""] {
            assert!(!set(words, Trim::default(), &plain), "{words}");
        }
        assert!(!set("山", Trim::default(), &Lettering { tracking: Length::pt(1), ..plain }));
        assert!(!set("山", Trim::default(), &Lettering { mixed_space: 250, ..plain }));
    }
}
