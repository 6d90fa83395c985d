use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::font::synthetic;
use crate::font::synthetic::Recipe;

fn faces() -> (Faces, Chain) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
    let files =
        ["ipamj-mincho/ipamjm.ttf", "haranoaji/HaranoAjiMincho-Regular.otf", "noto-latin/NotoSerif-Regular.ttf"];
    let faces = Faces::open(&files.map(|file| root.join(file))).unwrap();
    (faces, Chain::new(vec![FaceId(0), FaceId(1), FaceId(2)]))
}

fn find(text: &str) -> Result<(Resolution, Vec<Cluster>), Vec<Unresolved>> {
    let (faces, chain) = faces();
    let mut out = Vec::new();
    resolve(&faces, &chain, text, &mut out).map(|resolution| (resolution, out))
}

fn one(text: &str) -> FaceId {
    match find(text).unwrap().0.served {
        Served::One(face) => face,
        served => panic!("{served:?}"),
    }
}

#[test]
fn messages_carry_code_points_only() {
    let problems = find("\u{845B}\u{E01EF}\u{5C71}\u{31F00}\u{202E}").unwrap_err();
    let texts: Vec<String> = problems.iter().map(Unresolved::to_string).collect();
    assert_eq!(
        texts,
        [
            "U+845B U+E01EF position 1: no font of the chain has this sequence, though its characters are there",
            "U+31F00 position 3: no font of the chain has this character",
            "U+202E position 4: an invisible or direction-changing character",
        ]
    );
    assert_eq!(problems[0].text, 0..7);
}

#[test]
fn a_failed_text_leaves_nothing_behind() {
    let (faces, chain) = faces();
    let mut out = Vec::new();
    resolve(&faces, &chain, "\u{5C71}", &mut out).unwrap();
    resolve(&faces, &chain, "\u{5C71}\u{8BD5}", &mut out).unwrap_err();
    assert_eq!(out.len(), 1);
}

#[test]
fn vietnamese_goes_to_noto_composed_or_not() {
    assert_eq!(one("\u{1EBF}"), FaceId(2));
    assert_eq!(one("e\u{302}\u{301}"), FaceId(2));
    assert_eq!(one("Tr\u{1EA7}n"), FaceId(2));
    assert_eq!(find("e\u{302}\u{301}").unwrap().1.len(), 1);
}

#[test]
fn marks_are_set_by_the_face_or_refused() {
    let (_, clusters) = find("m\u{308}x").unwrap();
    assert_eq!(clusters.iter().map(|cluster| cluster.text.clone()).collect::<Vec<_>>(), [0..3, 3..3, 3..4]);
    assert_eq!(clusters[1].advance, 0);
    let (resolution, clusters) = find("\u{30BB}\u{309A}").unwrap();
    assert_eq!((resolution.served, clusters.len()), (Served::One(FaceId(0)), 1));
    assert_eq!(find("\u{5C71}\u{309A}").unwrap_err()[0].kind, Problem::SequenceInNoFont);
}

#[test]
fn a_mark_without_an_anchor_is_refused() {
    // The face has `$` and the acute accent, and no word on where the one stands on the other.
    for text in ["$\u{301}", "1\u{301}", "@\u{327}", "x\u{20DD}", "\u{5C71}\u{301}", "\u{FF8A}\u{309A}"] {
        assert_eq!(find(text).unwrap_err()[0].kind, Problem::SequenceInNoFont, "{}", text.escape_unicode());
    }
    assert_eq!(one("i\u{307}"), FaceId(2), "Harano has both glyphs, and no anchor");
    let (_, clusters) = find("x\u{301}\u{323}").unwrap();
    assert_eq!(clusters.len(), 3);
    assert!(clusters[1].right != 0 || clusters[1].up != 0);
}

#[test]
fn marks_need_a_letter_and_scripts_that_join_are_refused() {
    let kinds = [
        ("\u{301}", Forbidden::LoneMark),
        ("\u{3099}", Forbidden::LoneMark),
        ("\u{5C71}\u{3000}\u{309A}", Forbidden::LoneMark),
        ("\u{5D0}", Forbidden::Script),
        ("\u{645}\u{62D}", Forbidden::Script),
        ("\u{F56}\u{F7C}", Forbidden::Script),
        ("\u{2067}\u{5C71}", Forbidden::Invisible),
        ("\u{5C71}\u{200B}", Forbidden::Invisible),
        ("\u{1F468}\u{200D}\u{1F469}", Forbidden::Invisible),
        ("\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}", Forbidden::Invisible),
        ("\u{FE0F}", Forbidden::LoneSelector),
    ];
    for (text, kind) in kinds {
        let problems = find(text).unwrap_err();
        assert!(problems.iter().any(|one| one.kind == Problem::Forbidden(kind)), "{}", text.escape_unicode());
    }
    for text in ["1\u{FE0F}\u{20E3}", "\u{263A}\u{FE0F}", "\u{1F1EF}\u{1F1F5}", "\u{1F44D}\u{1F3FD}"] {
        assert!(find(text).is_err(), "{}", text.escape_unicode());
    }
}

#[test]
fn compatibility_ideographs_are_never_taken_apart() {
    assert_eq!(one("\u{F900}"), FaceId(1));
    let (faces, _) = faces();
    let problems = resolve(&faces, &Chain::new(vec![FaceId(0)]), "\u{F900}", &mut Vec::new()).unwrap_err();
    assert_eq!(problems[0].kind, Problem::CharacterInNoFont);
    assert!(find("\u{F900}\u{309A}").is_err());
}

#[test]
fn private_use_needs_a_face_of_the_issuer() {
    let problems = find("\u{E000}").unwrap_err();
    assert_eq!(problems[0].kind, Problem::PrivateUse);
}

#[test]
fn the_issuers_face_serves_private_use_and_nothing_else() {
    let gaiji = synthetic::file(&Recipe::default());
    let common = synthetic::file(&Recipe { character: 0x5C71, ..Recipe::default() });
    let mincho = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts/ipamj-mincho/ipamjm.ttf");
    let faces = Faces::open(&[mincho, gaiji.path().to_owned(), common.path().to_owned()]).unwrap();
    let mut chain = Chain { faces: vec![FaceId(0)], gaiji: vec![FaceId(1)] };
    let found = resolve(&faces, &chain, "\u{5C71}\u{E000}", &mut Vec::new()).unwrap();
    assert_eq!(found.served, Served::Mixed(vec![FaceId(1), FaceId(0)]));
    assert_eq!(found.warnings[0].kind, Doubt::PrivateUse);
    assert!(resolve(&faces, &chain, "\u{E001}", &mut Vec::new()).is_err());
    chain.gaiji = vec![FaceId(2)];
    let found = resolve(&faces, &chain, "\u{5C71}", &mut Vec::new()).unwrap();
    assert_eq!(found.served, Served::One(FaceId(0)));
    let found = resolve(&faces, &Chain::new(vec![FaceId(1)]), "\u{E000}", &mut Vec::new());
    assert!(found.is_err(), "private use of an ordinary face has no meaning");
}

#[test]
fn placeholders_are_printed_and_noticed() {
    let (resolution, _) = find("\u{4F50}\u{25CF}?\u{FF1F}\u{2FF0}").unwrap();
    assert_eq!(resolution.warnings.len(), 4);
    assert_eq!(resolution.warnings[0].position, 2);
    assert_eq!(resolution.warnings[0].text, 3..6);
    assert_eq!(find("").unwrap().0.served, Served::Nothing);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_text_ends_well(text in prop_oneof![
        any::<String>(),
        "[\\u{4E00}-\\u{9FFF}\\u{E0100}-\\u{E0120}\\u{3040}-\\u{30FF}]{0,12}",
        "[a-zA-Z\\u{300}-\\u{360}\\u{1EA0}-\\u{1EF9}\\u{FF61}-\\u{FF9F} ]{0,12}",
    ]) {
        match find(&text) {
            Ok((_, clusters)) => {
                let mut end = 0;
                for cluster in &clusters {
                    prop_assert_eq!(cluster.text.start, end);
                    prop_assert!(cluster.glyph.0 != 0);
                    end = cluster.text.end;
                }
                prop_assert_eq!(end as usize, text.len());
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    let range = problem.text.start as usize..problem.text.end as usize;
                    prop_assert_eq!(text[range].chars().collect::<Vec<_>>(), problem.code_points);
                }
            }
        }
    }
}
