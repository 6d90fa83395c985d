//! Where a name may be broken into two lines.

use crate::font::resolve::Cluster;
use crate::text::paragraph::{NOT_FIRST, NOT_LAST};

/// How good a place for a break is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Between two letters that belong together.
    Letters,
    /// Behind ・ or another sign that joins words, at brackets, or where Latin and Japanese meet.
    Joint,
    /// Behind a space.
    Space,
}

/// Words end behind these.
const JOINTS: &str = "・･-‐－=＝゠、，,;；/／）)〕］]」』";

/// Words begin with these.
const OPENERS: &str = "（(〔［[「『";

/// The places of a text: the number of the cluster that the second line would begin with, and how good it
/// is. Neither line is empty or blank, and none begins or ends with what must not (禁則).
pub(super) fn places(words: &str, clusters: &[Cluster]) -> Vec<(usize, Place)> {
    let mut places = Vec::new();
    let (mut seen, mut before_left, mut left) = (false, None, None);
    for (number, pair) in clusters.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        // A mark that follows its base has no text: no line begins with it, and its base was here before.
        if let Some(first) = first_of(words, before) {
            (before_left, left) = (left, Some(first));
        }
        let Some(right) = first_of(words, after) else { continue };
        seen |= !is_space(left.unwrap_or(' '));
        let Some(left) = left else { continue };
        let begins = !is_space(right) && !NOT_FIRST.contains(right) && !JOINTS.contains(right);
        if seen && begins && !NOT_LAST.contains(left) && !is_in_number(before_left, left, right) {
            places.push((number + 1, place(left, right)));
        }
    }
    places
}

/// How many clusters there are without the spaces at the end.
pub(super) fn without_spaces(words: &str, clusters: &[Cluster]) -> usize {
    let seen = |cluster: &Cluster| first_of(words, cluster).is_none_or(|first| !is_space(first));
    clusters.iter().rposition(seen).map_or(0, |last| last + 1)
}

/// Whether a cluster is a space that may be narrowed.
pub(super) fn is_blank(words: &str, cluster: &Cluster) -> bool {
    first_of(words, cluster).is_some_and(is_space)
}

fn place(left: char, right: char) -> Place {
    if is_space(left) {
        Place::Space
    } else if JOINTS.contains(left) || OPENERS.contains(right) || is_latin(left) != is_latin(right) {
        Place::Joint
    } else {
        Place::Letters
    }
}

/// Whether a break in front of `right` would part a number: between two figures, or behind the hyphen that joins them
/// in an address.
fn is_in_number(before: Option<char>, left: char, right: char) -> bool {
    let figure = |character: char| matches!(character, '0'..='9' | '０'..='９');
    let joined = "-‐－−ー".contains(left) && before.is_some_and(figure);
    figure(right) && (figure(left) || joined)
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\u{3000}')
}

/// Whether a letter, a figure or a sign is written as Latin is: no ideograph, no kana.
fn is_latin(character: char) -> bool {
    character < '\u{2E80}'
}

fn first_of(words: &str, cluster: &Cluster) -> Option<char> {
    words.get(cluster.text.start as usize..cluster.text.end as usize)?.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::{FaceId, GlyphId};

    fn clusters(words: &str) -> Vec<Cluster> {
        words
            .char_indices()
            .map(|(at, character)| Cluster {
                face: FaceId(0),
                glyph: GlyphId(1),
                advance: 1000,
                width: 1000,
                right: 0,
                up: 0,
                text: at as u32..(at + character.len_utf8()) as u32,
            })
            .collect()
    }

    fn broken(words: &str, wanted: Place) -> Vec<String> {
        let found = places(words, &clusters(words)).into_iter().filter(|(_, place)| *place == wanted);
        let broken = |(number, _): (usize, Place)| {
            let second: String = words.chars().skip(number).collect();
            format!("{}|{second}", words.chars().take(number).collect::<String>())
        };
        found.map(broken).collect()
    }

    #[test]
    fn words_end_at_spaces_joints_and_brackets() {
        assert_eq!(broken("スミス・見本　花子", Place::Space), ["スミス・見本　|花子"]);
        assert_eq!(broken("スミス・見本　花子", Place::Joint), ["スミス・|見本　花子"]);
        assert_eq!(broken("KIM MINJI（金田）", Place::Joint), ["KIM MINJI|（金田）"]);
        assert_eq!(broken("WI-ŻÓ", Place::Joint), ["WI-|ŻÓ"]);
        assert_eq!(broken("見本MARIA", Place::Joint), ["見本|MARIA"]);
        assert_eq!(broken(" A  B ", Place::Space), [" A  |B "]);
    }

    #[test]
    fn letters_part_only_where_kinsoku_lets_them() {
        assert_eq!(broken("マリー", Place::Letters), ["マ|リー"]);
        assert_eq!(broken("シャ々ッ子", Place::Letters), ["シャ々ッ|子"]);
        assert!(places("一", &clusters("一")).is_empty() && places("", &[]).is_empty());
    }
}
