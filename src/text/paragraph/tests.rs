use proptest::prelude::*;

use super::*;
use crate::font::FaceId;
use crate::font::GlyphId;

/// Clusters as a face of half-width Latin and full-width Japanese would give them.
fn clusters(text: &str) -> Vec<Cluster> {
    text.char_indices()
        .map(|(at, character)| Cluster {
            face: FaceId(0),
            glyph: GlyphId(1),
            advance: if character.is_ascii() { 500 } else { 1000 },
            width: if character.is_ascii() { 500 } else { 1000 },
            right: 0,
            up: 0,
            text: at as u32..(at + character.len_utf8()) as u32,
        })
        .collect()
}

/// No faces: letters that draw inside their advances.
fn none() -> &'static Faces {
    static NONE: std::sync::LazyLock<Faces> = std::sync::LazyLock::new(|| Faces::open(&[]).unwrap());
    &NONE
}

fn ten() -> Setting {
    Setting::new(Length::pt(10), Length::ZERO)
}

/// The measure of so many full-width letters.
fn measure(letters: i64, align: Align) -> Measure {
    Measure { width: Length::pt(10 * letters), align, hanging: true, ..Measure::default() }
}

fn broken(text: &str, letters: i64) -> Vec<String> {
    let clusters = clusters(text);
    let span = Span { text, clusters: &clusters, extra: &[], setting: ten(), faces: none(), trim: false };
    let lines = lines(&[span], &measure(letters, Align::Justify)).unwrap();
    lines.iter().map(|line| text_of(line, &[span])).collect()
}

fn text_of(line: &Line, spans: &[Span<'_>]) -> String {
    line.segments
        .iter()
        .flat_map(|segment| {
            let span = &spans[segment.span];
            let clusters = &span.clusters[segment.clusters.clone()];
            clusters.iter().map(|cluster| &span.text[cluster.text.start as usize..cluster.text.end as usize])
        })
        .collect()
}

#[test]
fn kinsoku_holds() {
    assert_eq!(broken("あいうえお。かき", 5), ["あいうえお。", "かき"]);
    assert_eq!(broken("あいうえお」かき", 5), ["あいうえ", "お」かき"]);
    assert_eq!(broken("あいうえ「かきく", 5), ["あいうえ", "「かきく"]);
    assert_eq!(broken("あいうえデータで", 5), ["あいうえ", "データで"]);
    assert_eq!(broken("あいうえおゃかき", 5), ["あいうえ", "おゃかき"]);
    assert_eq!(broken("あいうえ～かきく", 4), ["あいう", "え～かき", "く"]);
    assert_eq!(broken("電話は１２３４番", 5), ["電話は", "１２３４番"]);
    assert_eq!(broken("あい Latin words", 5), ["あい Latin ", "words"]);
    assert_eq!(broken("あいうえお。」かき", 5), ["あいうえ", "お。」かき"]);
}

#[test]
fn a_full_line_ends_at_the_right_edge() {
    let text = "あいう wordえおか、きくけこ";
    let clusters = clusters(text);
    let spans = [Span { text, clusters: &clusters, extra: &[], setting: ten(), faces: none(), trim: false }];
    let found = lines(&spans, &measure(7, Align::Justify)).unwrap();
    assert_eq!(text_of(&found[0], &spans), "あいう wordえ");
    let space = &found[0].segments[0].space;
    // The space between words takes a quarter of an em first, and then all gaps the rest alike.
    assert_eq!(space, &[62, 63, 0, 312, 0, 0, 0, 63, 0]);
    assert_eq!(found[0].width, Length::pt(70));
    assert_eq!(found[1].segments[0].space, [0; 7]);
}

#[test]
fn a_mark_hangs_behind_a_filled_line() {
    let text = "あいうえお、かきくけこさ";
    let clusters = clusters(text);
    let spans = [Span { text, clusters: &clusters, extra: &[], setting: ten(), faces: none(), trim: false }];
    let found = lines(&spans, &measure(5, Align::Justify)).unwrap();
    assert_eq!((found[0].width, found[0].hang), (Length::pt(50), Length::pt(10)));
    let found = lines(&spans, &measure(5, Align::Right)).unwrap();
    assert_eq!((found[0].width, found[0].hang, found[0].x), (Length::pt(40), Length::ZERO, Length::pt(10)));
}

#[test]
fn nothing_hangs_where_it_must_not() {
    let text = "あいうえお、かきくけこさ";
    let clusters = clusters(text);
    let spans = [Span { text, clusters: &clusters, extra: &[], setting: ten(), faces: none(), trim: false }];
    let found = lines(&spans, &Measure { hanging: false, ..measure(5, Align::Justify) }).unwrap();
    let broken: Vec<String> = found.iter().map(|line| text_of(line, &spans)).collect();
    assert_eq!(broken, ["あいうえ", "お、かきく", "けこさ"]);
    assert!(found.iter().all(|line| line.hang == Length::ZERO));
}

#[test]
fn space_between_scripts_falls_away_at_a_break() {
    let text = "あいAい";
    let clusters = clusters(text);
    let spans =
        [Span { text, clusters: &clusters, extra: &[0, 250, 250, 0], setting: ten(), faces: none(), trim: false }];
    let found = lines(&spans, &measure(2, Align::Left)).unwrap();
    assert_eq!(
        found.iter().map(|line| line.width).collect::<Vec<_>>(),
        [Length::pt(20), Length::units(127_000 * 175 / 10)]
    );
    assert_eq!(found[1].segments[0].space, [250, 0]);
}

#[test]
fn spans_break_together_and_indents_hold() {
    let (bold, plain) = ("あい", "うえおかきくけ");
    let (first, second) = (clusters(bold), clusters(plain));
    let spans = [
        Span {
            text: bold,
            clusters: &first,
            extra: &[],
            setting: Setting::new(Length::pt(20), Length::ZERO),
            faces: none(),
            trim: false,
        },
        Span { text: plain, clusters: &second, extra: &[], setting: ten(), faces: none(), trim: false },
    ];
    let room = Measure { first: Length::pt(10), other: Length::pt(20), ..measure(7, Align::Left) };
    let found = lines(&spans, &room).unwrap();
    assert_eq!(found.iter().map(|line| text_of(line, &spans)).collect::<Vec<_>>(), ["あいうえ", "おかきくけ"]);
    assert_eq!(found[0].segments[1].x, Length::pt(50));
    assert_eq!(found[1].segments[0], Segment { span: 1, clusters: 2..7, x: Length::pt(20), space: vec![0; 5] });
}

/// The widest space that was put between the letters of each line but the last, in thousandths of the em; lines that
/// were not filled count as holes.
fn opened(found: &[Line], room: &Measure) -> Vec<i32> {
    let filled = found.iter().take(found.len().saturating_sub(1));
    let widest = filled.map(|line| {
        let short = room.width - line.x - line.width > Length::pt(1) / 100;
        let spaces = line.segments.iter().flat_map(|segment| &segment.space);
        if short { 10_000 } else { spaces.copied().max().unwrap_or(0) }
    });
    widest.collect()
}

/// The same for lines that each take as much as they can.
fn greedy_opened(spans: &[Span<'_>], room: &Measure) -> Vec<i32> {
    let mut atoms = atoms(spans);
    find_breaks(spans, &mut atoms);
    let width = |indent| i128::from((room.width - indent).to_units()) * FINE;
    let rooms = Rooms { first: width(room.first), other: width(room.other), hanging: room.hanging };
    let mut start = 0;
    let line = |end: usize| {
        let indent = if start == 0 { room.first } else { room.other };
        let fill = Fill { align: Align::Justify, filled: end < atoms.len() };
        let line = set(&atoms[start..end], indent, rooms.of(start), fill);
        start = end;
        line
    };
    let found: Vec<Line> = greedy(&atoms, rooms).unwrap().into_iter().map(line).collect();
    opened(&found, room)
}

#[test]
fn lines_are_chosen_together() {
    // The word would leave a hole in the line before it if the first one were as full as can be.
    let text = "あいうえおかきくけこさしすせincomprehensiたちつてと";
    let clusters = clusters(text);
    let span = Span { text, clusters: &clusters, extra: &[], setting: ten(), faces: none(), trim: false };
    let room = measure(10, Align::Justify);
    let found = lines(&[span], &room).unwrap();
    let worst = |opened: Vec<i32>| opened.into_iter().max().unwrap();
    assert_eq!((worst(opened(&found, &room)), worst(greedy_opened(&[span], &room))), (500, 10_000));
    assert_eq!(found.iter().map(|line| text_of(line, &[span])).collect::<String>(), text);
}

/// Many texts of short and long words: never is a line opened more than the worst of those that each take as much as
/// they can, however much better the others would become.
#[test]
fn no_line_is_opened_more_than_it_must() {
    let mut state = 1_u64;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let (mut better, mut count) = (0, 0);
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..4 + next(12) {
            match next(3) {
                0 => (0..1 + next(9)).for_each(|_| text.push('a')),
                1 => (0..1 + next(5)).for_each(|_| text.push('あ')),
                _ => text.push(' '),
            }
        }
        let clusters = clusters(&text);
        let span = Span { text: &text, clusters: &clusters, extra: &[], setting: ten(), faces: none(), trim: false };
        let room = measure(5 + next(8) as i64, Align::Justify);
        let Ok(found) = lines(&[span], &room) else { continue };
        let worst = |opened: Vec<i32>| opened.into_iter().max().unwrap_or(0);
        let (together, alone) = (worst(opened(&found, &room)), worst(greedy_opened(&[span], &room)));
        assert!(together <= alone + 1, "{text:?} in {:?}: {together} {alone}", room.width);
        (better, count) = (better + usize::from(together + 1 < alone), count + 1);
    }
    assert!(better > 100 && count > 5_000, "{better} of {count} texts became better");
}

#[test]
fn words_and_numbers_are_never_spaced_out() {
    let text = "あい Nguyễn１２３ O’Brien ｶﾞｷﾞさしすせそ、たち";
    let clusters = clusters(text);
    let span = Span { text, clusters: &clusters, extra: &[], setting: ten(), faces: none(), trim: false };
    for letters in 12..20 {
        for line in lines(&[span], &measure(letters, Align::Justify)).unwrap() {
            let [segment] = &line.segments[..] else { panic!("{line:?}") };
            let letters: Vec<char> = text_of(&line, &[span]).chars().collect();
            for (pair, space) in letters.windows(2).zip(&segment.space) {
                let latin = |letter: char| letter == '’' || (letter < '\u{2000}' && letter != ' ');
                let together = (latin(pair[0]) && latin(pair[1])) || "ﾞ、 ".contains(pair[1]);
                let number = "１２３".contains(pair[0]) && "１２３".contains(pair[1]);
                assert!(*space == 0 || !(together || number), "{pair:?} {space}");
            }
        }
    }
}

#[test]
fn brackets_lose_their_white_half_at_the_ends_of_lines() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts/biz-udgothic/BIZUDGothic-Regular.ttf");
    let faces = Faces::open(&[root]).unwrap();
    let set = |text: &str, room: Measure, trim: bool| {
        let mut clusters = Vec::new();
        crate::font::resolve::resolve(&faces, &crate::font::Chain::new(vec![FaceId(0)]), text, &mut clusters).unwrap();
        let spans = [Span { text, clusters: &clusters, extra: &[], setting: ten(), faces: &faces, trim }];
        let found = lines(&spans, &room).unwrap();
        let texts: Vec<String> = found.iter().map(|line| text_of(line, &spans)).collect();
        (found, texts)
    };
    let (found, texts) = set("「あいうえ」お", measure(5, Align::Left), true);
    assert_eq!(texts, ["「あいうえ」", "お"], "an em is won");
    assert_eq!((found[0].x, found[0].segments[0].x, found[0].width), (Length::ZERO, -Length::pt(5), Length::pt(50)));
    let (found, texts) = set("「あいうえ」お", measure(5, Align::Left), false);
    assert_eq!((texts[0].as_str(), found[0].segments[0].x), ("「あいう", Length::ZERO));
    let (found, texts) = set("あいう（え）お", measure(6, Align::Right), true);
    assert_eq!(texts[0], "あいう（え）");
    assert_eq!((found[0].x, found[0].width), (Length::pt(5), Length::pt(55)));
    // A mark that hangs behind a bracket needs all of it.
    let (found, texts) = set("あいうえ」。かきくけこ", measure(5, Align::Justify), true);
    assert_eq!((texts[0].as_str(), found[0].hang), ("あいうえ」。", Length::pt(10)));
}

#[test]
fn what_cannot_be_broken_is_refused() {
    let clusters = clusters("incomprehensibilities");
    let span = Span {
        text: "incomprehensibilities",
        clusters: &clusters,
        extra: &[],
        setting: ten(),
        faces: none(),
        trim: false,
    };
    let refused = lines(&[span], &measure(5, Align::Justify)).unwrap_err();
    assert_eq!((refused.needed, refused.available), (Length::pt(105), Length::pt(50)));
}

proptest! {
    #[test]
    fn paragraphs_keep_every_rule(
        text in "([あ-んア-ン一-三、。」）ーっゃ（「…a-z0-9０-９ ]|です。|である、){0,60}",
        more in "[あ-ん、。（「」）]{0,20}",
        letters in 8..30_i64,
        align in prop_oneof![Just(Align::Left), Just(Align::Justify), Just(Align::Center), Just(Align::Right)],
        tracking in 0..2_i64,
    ) {
        let (first, second) = (clusters(&text), clusters(&more));
        let spans = [
            Span { text: &text, clusters: &first, extra: &[], setting: Setting::new(Length::pt(10), Length::pt(tracking)), faces: none(), trim: false },
            Span { text: &more, clusters: &second, extra: &[], setting: Setting::new(Length::pt(9), Length::ZERO), faces: none(), trim: false },
        ];
        let room = Measure { first: Length::pt(10), ..measure(letters, align) };
        let Ok(found) = lines(&spans, &room) else { return Ok(()) };
        let all: String = found.iter().map(|line| text_of(line, &spans)).collect();
        prop_assert_eq!(all, format!("{text}{more}"));
        if align == Align::Justify {
            let (together, alone) = (opened(&found, &room), greedy_opened(&spans, &room));
            prop_assert_eq!(together.len(), alone.len());
            let worst = |opened: &[i32]| opened.iter().copied().max().unwrap_or(0);
            // What is added to a gap is rounded to a thousandth.
            prop_assert!(worst(&together) <= worst(&alone) + 1, "{:?} {:?}", together, alone);
        }
        for (number, line) in found.iter().enumerate() {
            let written = text_of(line, &spans);
            let begin = written.chars().next().unwrap();
            prop_assert!(number == 0 || !"、。」）ーっゃぁァッ".contains(begin), "{}", written);
            let end = written.trim_end_matches([' ', '\u{3000}']).chars().next_back();
            prop_assert!(number + 1 == found.len() || end.is_none_or(|end| !"（「".contains(end)), "{}", written);
            prop_assert!(line.x + line.width <= room.width);
            prop_assert!(line.hang <= Length::pt(10));
            prop_assert!(line.hang == Length::ZERO || end.is_some_and(|end| "、。".contains(end)));
            for segment in &line.segments {
                prop_assert_eq!(segment.space.len(), segment.clusters.len());
                prop_assert!(segment.space.iter().all(|space| *space >= 0));
            }
        }
    }
}
