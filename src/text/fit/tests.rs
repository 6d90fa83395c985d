use proptest::prelude::*;

use super::*;
use crate::text::measure::tests::clusters;
use crate::text::measure::width;

fn nine() -> Setting {
    Setting::new(Length::pt(9), Length::ZERO)
}

fn ladder(steps: &[Step]) -> Ladder {
    Ladder { steps: steps.to_vec() }
}

fn two(size: u16, anywhere: bool) -> Step {
    Step::TwoLines { size, anywhere }
}

/// Fits clusters of these advances that stand for letters.
fn fit_advances(advances: &[i32], available: Length, steps: &[Step]) -> Result<Fitted, TooLong> {
    let words = "x".repeat(advances.len());
    let clusters = clusters(advances);
    let faces = Faces::default();
    fit(
        Text { words: &words, clusters: &clusters, extra: &[], faces: &faces, trim: Trim::default() },
        nine(),
        available,
        &ladder(steps),
    )
}

/// Fits words whose letters are as wide as the em, and their ASCII spaces half as wide.
fn fit_words(words: &str, available: Length, steps: &[Step]) -> Result<Fitted, TooLong> {
    let mut found = clusters(&words.chars().map(|it| if it == ' ' { 500 } else { 1000 }).collect::<Vec<_>>());
    for (cluster, (at, character)) in found.iter_mut().zip(words.char_indices()) {
        cluster.text = at as u32..(at + character.len_utf8()) as u32;
    }
    let faces = Faces::default();
    fit(
        Text { words, clusters: &found, extra: &[], faces: &faces, trim: Trim::default() },
        nine(),
        available,
        &ladder(steps),
    )
}

/// The two lines of words.
fn lines_of(words: &str, fitted: &Fitted) -> Vec<String> {
    let lines = [Some(&fitted.first), fitted.second.as_deref().map(|(line, _)| line)];
    let text = |line: &Line| words.chars().skip(line.clusters.start).take(line.clusters.len()).collect();
    lines.into_iter().flatten().map(text).collect()
}

#[test]
fn each_step_goes_only_as_far_as_needed() {
    let steps = [Step::Condense(800), Step::Shrink(700)];
    let fitted = |available| fit_advances(&[1000; 10], available, &steps).unwrap();
    assert_eq!(fitted(Length::pt(90)).steps, []);
    assert_eq!(fitted(Length::pt(89)).steps, [Step::Condense(988)]);
    assert_eq!(fitted(Length::pt(72)).steps, [Step::Condense(800)]);
    assert_eq!(fitted(Length::pt(71)).steps, [Step::Condense(800), Step::Shrink(986)]);
    let tightest = Length::units(Length::pt(90).to_units() * 56 / 100);
    assert_eq!(fitted(tightest).setting.size, Length::parse("6.3pt").unwrap());
    let refused = fit_advances(&[1000; 10], tightest - Length::units(1), &steps).unwrap_err();
    assert_eq!(refused.needed, tightest);
}

#[test]
fn the_order_is_the_ladders() {
    let steps = [Step::Shrink(900), Step::Condense(900), Step::Shrink(800)];
    let fitted = fit_advances(&[1000; 10], Length::pt(68), &steps).unwrap();
    assert_eq!(fitted.steps, [Step::Shrink(900), Step::Condense(900), Step::Shrink(839)]);
    assert!(fit_advances(&[1000; 10], Length::pt(89), &[]).is_err());
}

#[test]
fn only_spaces_are_narrowed() {
    let steps = [Step::Tighten(500), Step::Condense(700)];
    let fitted = fit_words("見本\u{3000}太郎 一", Length::pt(54), &steps).unwrap();
    // 5 letters and spaces of 1500 thousandths, for which there is room of 1000.
    assert_eq!(fitted.steps, [Step::Tighten(666)]);
    assert_eq!(fitted.spaces, [0, 0, -334, 0, 0, -167, 0]);
    assert_eq!((fitted.tightness(), fitted.setting.stretch), (666, NATURAL));
    assert!(fitted.width() <= Length::pt(54));
    let fitted = fit_words("見本\u{3000}太郎", Length::pt(36), &steps).unwrap();
    assert_eq!(fitted.steps, [Step::Tighten(500), Step::Condense(888)]);
    assert_eq!(fit_words("見本太郎", Length::pt(35), &steps).unwrap().steps, [Step::Condense(972)]);
}

#[test]
fn two_lines_break_at_the_best_place_and_begin_anew() {
    let steps = [Step::Tighten(500), Step::Condense(700), two(600, false), Step::Condense(600)];
    let break_up = |words: &str, points| fit_words(words, Length::pt(points), &steps);
    // The space is the better place while both lines fit; 10 letters of 5.4 pt.
    let name = "アレックス・ロハス デ・ラ・クルス";
    let fitted = break_up(name, 54).unwrap();
    assert_eq!(lines_of(name, &fitted), ["アレックス・ロハス ", "デ・ラ・クルス"]);
    assert_eq!(fitted.steps, [two(600, false)]);
    assert_eq!((fitted.setting.stretch, fitted.first.width), (NATURAL, Length::units(127_000 * 486 / 10)));
    // Without room for that, the wider line is as short as can be, and then narrowed.
    let name = "アレックスアレックス・ロハス デ・ラ・クルス";
    let fitted = break_up(name, 54).unwrap();
    assert_eq!(lines_of(name, &fitted), ["アレックスアレックス・", "ロハス デ・ラ・クルス"]);
    assert_eq!(fitted.steps, [two(600, false), Step::Tighten(500), Step::Condense(909)]);
    assert_eq!(fitted.second.as_ref().unwrap().1, Split::Place);
    assert!(fitted.width() <= Length::pt(54));
}

#[test]
fn space_between_scripts_counts_but_not_at_a_break() {
    let words = "山田AB";
    let mut found = clusters(&[1000; 4]);
    for (cluster, (at, character)) in found.iter_mut().zip(words.char_indices()) {
        cluster.text = at as u32..(at + character.len_utf8()) as u32;
    }
    let faces = Faces::default();
    let text = Text { words, clusters: &found, extra: &[0, 250, 0, 0], faces: &faces, trim: Trim::default() };
    assert_eq!(fit(text, nine(), Length::pt(40), &Ladder::default()).unwrap().width(), nine().length(4250));
    let fitted = fit(text, nine(), Length::pt(18), &ladder(&[two(1000, false)])).unwrap();
    assert_eq!((fitted.first.width, fitted.width()), (Length::pt(18), Length::pt(18)));
}

#[test]
fn letters_part_only_where_the_step_says_so() {
    let name = "マリアテレサアレハンドラデロスアンヘレス";
    let steps = |anywhere| [Step::Condense(700), two(500, anywhere), Step::Shrink(400)];
    assert!(fit_words(name, Length::pt(50), &steps(false)).is_err());
    let fitted = fit_words(name, Length::pt(45), &steps(true)).unwrap();
    assert_eq!(lines_of(name, &fitted), ["マリアテレサアレハン", "ドラデロスアンヘレス"]);
    assert_eq!(fitted.second.as_ref().unwrap().1, Split::Letters);
    let with_space = format!("李 {name}");
    let fitted = fit_words(&with_space, Length::pt(50), &steps(true)).unwrap();
    assert_eq!(fitted.second.as_ref().unwrap().1, Split::Letters, "the space alone does not help");
    let needed = fit_words(name, Length::pt(20), &steps(true)).unwrap_err().needed;
    assert!(needed < Length::pt(40) && needed > Length::pt(20), "{needed}");
}

#[test]
fn drawings_beyond_the_advance_count() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts/noto-latin/NotoSerif-Regular.ttf");
    let faces = Faces::open(&[root]).unwrap();
    let chain = crate::font::Chain::new(vec![crate::font::FaceId(0)]);
    let mut clusters = Vec::new();
    crate::font::resolve::resolve(&faces, &chain, "jonf", &mut clusters).unwrap();
    let text = Text { words: "jonf", clusters: &clusters, extra: &[], faces: &faces, trim: Trim::default() };
    let found = extent(&faces, &clusters, 0, &[]);
    assert!(found.left > 0 && found.right > 0, "{found:?}");
    let advance = width(&clusters, nine());
    assert!(fit(text, nine(), advance, &Ladder::default()).is_err());
    let fitted = fit(text, nine(), advance, &ladder(&[Step::Condense(500)])).unwrap();
    assert!(fitted.first.left > Length::ZERO && fitted.setting.stretch < NATURAL);
    assert_eq!(fitted.first.width, fitted.setting.length(found.whole()));
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (250..1000_u16).prop_map(Step::Tighten),
        (300..1000_u16).prop_map(Step::Condense),
        (300..1000_u16).prop_map(Step::Shrink),
    ];
    let before = prop::collection::vec(step.clone(), 0..4);
    let broken = prop::option::of((300..1000_u16, any::<bool>()).prop_map(|(size, anywhere)| two(size, anywhere)));
    (before, broken, prop::collection::vec(step, 0..3))
        .prop_map(|(before, broken, after)| before.into_iter().chain(broken).chain(after).collect())
}

/// The limits of spaces, letters and size.
const LIMITS: [fn(&Step) -> Option<u16>; 3] = [
    |step| match step {
        Step::Tighten(limit) => Some(*limit),
        Step::Condense(_) | Step::Shrink(_) | Step::TwoLines { .. } => None,
    },
    |step| match step {
        Step::Condense(limit) => Some(*limit),
        Step::Tighten(_) | Step::Shrink(_) | Step::TwoLines { .. } => None,
    },
    |step| match step {
        Step::Shrink(limit) | Step::TwoLines { size: limit, .. } => Some(*limit),
        Step::Tighten(_) | Step::Condense(_) => None,
    },
];

proptest! {
    #[test]
    fn never_wider_than_the_room_never_below_a_limit(
        words in "[あ-ん　 ・A-Z]{0,30}",
        size in 1..5_000_000_i64,
        space in -50..300_i32,
        available in 0..100_000_000_i64,
        steps in steps(),
    ) {
        let mut found = clusters(&words.chars().map(|it| if it < '\u{80}' { 480 } else { 1000 }).collect::<Vec<_>>());
        for (cluster, (at, character)) in found.iter_mut().zip(words.char_indices()) {
            cluster.text = at as u32..(at + character.len_utf8()) as u32;
        }
        let faces = Faces::default();
        let text = Text { words: &words, clusters: &found, extra: &[], faces: &faces, trim: Trim::default() };
        let setting = Setting { size: Length::units(size), space, stretch: NATURAL };
        let available = Length::units(available);
        let limit = |kind: fn(&Step) -> Option<u16>| steps.iter().filter_map(kind).min().unwrap_or(NATURAL);
        match fit(text, setting, available, &ladder(&steps)) {
            Ok(fitted) => {
                prop_assert!(fitted.width() <= available);
                let [tight, narrow, least] = LIMITS.map(limit);
                prop_assert!(fitted.tightness() >= tight);
                prop_assert!(fitted.setting.stretch >= narrow);
                prop_assert!(fitted.setting.size >= setting.size.scale(i64::from(least), 1000));
                if fitted.steps.is_empty() {
                    prop_assert_eq!(fitted.setting, setting);
                    prop_assert!(fitted.spaces.is_empty() && fitted.second.is_none());
                }
                let lines = [Some(&fitted.first), fitted.second.as_deref().map(|(line, _)| line)];
                let mut end = 0;
                for line in lines.into_iter().flatten() {
                    prop_assert_eq!(line.clusters.start, end);
                    end = line.clusters.end;
                    let whole = &words.chars().collect::<Vec<_>>()[line.clusters.clone()];
                    let seen = whole.iter().any(|it| *it != ' ' && *it != '　');
                    prop_assert!(seen || fitted.second.is_none());
                }
                prop_assert_eq!(end, found.len());
            }
            Err(refused) => prop_assert!(refused.needed > available),
        }
    }
}
