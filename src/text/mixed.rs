//! 和欧間: space between Japanese and Latin letters.

use crate::font::resolve::Cluster;

/// The space to add after each cluster, in thousandths of the em: `space` between a kanji or kana and a Latin
/// letter or figure, in either order; nothing at signs, brackets and spaces. Adds to `out` as many as there are
/// clusters, or none where there is nothing to add.
pub fn mixed(words: &str, clusters: &[Cluster], space: u16, out: &mut Vec<i32>) {
    let start = out.len();
    let mut before = Script::Other;
    for (number, cluster) in clusters.iter().enumerate() {
        let text = words.get(cluster.text.start as usize..cluster.text.end as usize).unwrap_or_default();
        let Some(first) = text.chars().next() else { continue };
        let script = script(first);
        let meets = matches!((before, script), (Script::Japanese, Script::Latin) | (Script::Latin, Script::Japanese));
        if meets {
            out.resize(start + clusters.len(), 0);
            if let Some(last) = out.get_mut(start + number - 1) {
                *last = i32::from(space);
            }
        }
        before = script;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Japanese,
    Latin,
    Other,
}

fn script(character: char) -> Script {
    match character {
        '0'..='9' | 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => Script::Latin,
        '々' | '〆' | '〇' | 'ぁ'..='ゟ' | 'ァ'..='ヺ' | 'ー'..='ヿ' => Script::Japanese,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => {
            Script::Japanese
        }
        _ => Script::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::measure::tests::clusters;

    fn spaces(words: &str) -> Vec<i32> {
        let mut found = clusters(&vec![1000; words.chars().count()]);
        for (cluster, (at, character)) in found.iter_mut().zip(words.char_indices()) {
            cluster.text = at as u32..(at + character.len_utf8()) as u32;
        }
        let mut out = Vec::new();
        mixed(words, &found, 250, &mut out);
        out
    }

    #[test]
    fn space_stands_between_letters_of_two_scripts_only() {
        assert_eq!(spaces("月12日"), [250, 0, 250, 0]);
        assert_eq!(spaces("QRコード"), [0, 250, 0, 0, 0]);
        assert!(spaces("（A）、A 山").is_empty());
        assert!(spaces("山田").is_empty());
        assert!(spaces("").is_empty());
    }
}
