//! The fonts of a pack, opened and checked before a record needs them.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::diagnostic::{Diagnostic, Place};
use crate::compose::house::House;
use crate::compose::typeset::Typesetter;
use crate::font::faces::Faces;
use crate::font::gaiji::stock;
use crate::font::resolve::{format_code_points, resolve};
use crate::font::source::FontSource;
use crate::font::{Chain, FaceId};
use crate::pack::{Gaiji, Pack, Placeholders, Substitute};

/// Opens the fonts of all chains, each file once, and the insurer's own.
pub(super) fn typesetter(pack: &Pack) -> Result<Typesetter, Vec<Diagnostic>> {
    let chains: BTreeSet<&FontSource> = pack.chains.values().flatten().collect();
    let mut files: Vec<FontSource> = chains.into_iter().cloned().collect();
    let first = files.len();
    files.extend(pack.gaiji.fonts.iter().map(|font| font.file.clone()));
    let faces = Faces::open_all(&files).map_err(|(number, error)| {
        let own = number.checked_sub(first).and_then(|number| pack.gaiji.fonts.get(number)).map(|font| &font.place);
        let place = own.or_else(|| pack.places.get(files.get(number)?));
        vec![placed(Diagnostic::error(error.to_string()), place)]
    })?;
    let own: Vec<FaceId> = (first..files.len()).map(|number| FaceId(number as u16)).collect();
    let mut errors = check_own(&faces, &pack.gaiji, &own);
    let substitutes =
        pack.gaiji.substitutes.iter().map(|(from, substitute)| (from.clone(), substitute.text.clone())).collect();
    let refuses_placeholders = match pack.gaiji.placeholders {
        Placeholders::Reject => true,
        Placeholders::Warn => false,
    };
    let house = House { gaiji: own, substitutes, refuses_placeholders };
    let setter = Typesetter::new(faces, &files, &pack.chains, house);
    errors.extend(check_substitutes(&setter, &pack.gaiji.substitutes));
    if errors.is_empty() { Ok(setter) } else { Err(errors) }
}

fn placed(diagnostic: Diagnostic, place: Option<&Place>) -> Diagnostic {
    match place {
        Some(place) => diagnostic.at(&place.source, place.span.clone()),
        None => diagnostic,
    }
}

/// Draws every character of the insurer's own fonts; no two fonts may have the same one.
fn check_own(faces: &Faces, gaiji: &Gaiji, own: &[FaceId]) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let mut taken: BTreeMap<char, usize> = BTreeMap::new();
    for (number, (id, font)) in own.iter().zip(&gaiji.fonts).enumerate() {
        let stock = match stock(faces.get(*id)) {
            Ok(stock) => stock,
            Err(error) => {
                errors.push(placed(Diagnostic::error(error.to_string()), Some(&font.place)));
                continue;
            }
        };
        let twice: Vec<(char, usize)> =
            stock.characters.iter().filter_map(|one| Some((*one, *taken.get(one)?))).collect();
        if let Some((character, other)) = twice.first() {
            let file = |number: usize| gaiji.fonts.get(number).map_or_else(String::new, |font| font.file.to_string());
            let code = format_code_points(&[*character]);
            let (file, other, count) = (file(number), file(*other), twice.len());
            let message = format!("{file} and {other} both have {code}; characters that they share: {count}");
            let hint = "name one of the two fonts, or have the characters of one moved to other code points";
            errors.push(placed(Diagnostic::error(message).hint(hint), Some(&font.place)));
        }
        stock.characters.iter().for_each(|character| {
            taken.entry(*character).or_insert(number);
        });
    }
    errors
}

/// A substitute that no text would ever get, or that no chain can print, is a slip of whoever wrote it.
fn check_substitutes(setter: &Typesetter, substitutes: &BTreeMap<String, Substitute>) -> Vec<Diagnostic> {
    let chains = || setter.chains().iter().map(|(_, chain)| chain);
    let has = |chain: &Chain, text: &str| resolve(setter.faces(), chain, text, &mut Vec::new()).is_ok();
    let mut errors = Vec::new();
    for (from, substitute) in substitutes {
        let points: Vec<char> = from.chars().collect();
        let code = format_code_points(&points);
        let error = if chains().all(|chain| has(chain, from)) {
            Diagnostic::error(format!("{code} is in the fonts of every chain, so nothing ever stands in for it"))
                .hint("take the line away, or the character out of the font if its drawing is wrong")
        } else if !chains().any(|chain| has(chain, &substitute.text)) {
            Diagnostic::error(format!("no chain can print what stands in for {code}"))
                .hint("name characters that the fonts have; `shikaku glyphs` tells")
        } else {
            continue;
        };
        errors.push(placed(error, Some(&substitute.place)));
    }
    errors
}
