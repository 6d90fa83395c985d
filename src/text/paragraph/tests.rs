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

fn ten() -> Setting {
    Setting::new(Length::pt(10), Length::ZERO)
}

/// The measure of so many full-width letters.
fn measure(letters: i64, align: Align) -> Measure {
    Measure { width: Length::pt(10 * letters), align, hanging: true, ..Measure::default() }
}

fn broken(text: &str, letters: i64) -> Vec<String> {
    let clusters = clusters(text);
    let span = Span { text, clusters: &clusters, extra: &[], setting: ten() };
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
    let spans = [Span { text, clusters: &clusters, extra: &[], setting: ten() }];
    let found = lines(&spans, &measure(7, Align::Justify)).unwrap();
    assert_eq!(text_of(&found[0], &spans), "あいう wordえ");
    let space = &found[0].segments[0].space;
    assert_eq!(space, &[125, 125, 0, 125, 0, 0, 0, 125, 0]);
    assert_eq!(found[0].width, Length::pt(70));
    assert_eq!(found[1].segments[0].space, [0; 7]);
}

#[test]
fn a_mark_hangs_behind_a_filled_line() {
    let text = "あいうえお、かきくけこさ";
    let clusters = clusters(text);
    let spans = [Span { text, clusters: &clusters, extra: &[], setting: ten() }];
    let found = lines(&spans, &measure(5, Align::Justify)).unwrap();
    assert_eq!((found[0].width, found[0].hang), (Length::pt(50), Length::pt(10)));
    let found = lines(&spans, &measure(5, Align::Right)).unwrap();
    assert_eq!((found[0].width, found[0].hang, found[0].x), (Length::pt(40), Length::ZERO, Length::pt(10)));
}

#[test]
fn nothing_hangs_where_it_must_not() {
    let text = "あいうえお、かきくけこさ";
    let clusters = clusters(text);
    let spans = [Span { text, clusters: &clusters, extra: &[], setting: ten() }];
    let found = lines(&spans, &Measure { hanging: false, ..measure(5, Align::Justify) }).unwrap();
    let broken: Vec<String> = found.iter().map(|line| text_of(line, &spans)).collect();
    assert_eq!(broken, ["あいうえ", "お、かきく", "けこさ"]);
    assert!(found.iter().all(|line| line.hang == Length::ZERO));
}

#[test]
fn space_between_scripts_falls_away_at_a_break() {
    let text = "あいAい";
    let clusters = clusters(text);
    let spans = [Span { text, clusters: &clusters, extra: &[0, 250, 250, 0], setting: ten() }];
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
        Span { text: bold, clusters: &first, extra: &[], setting: Setting::new(Length::pt(20), Length::ZERO) },
        Span { text: plain, clusters: &second, extra: &[], setting: ten() },
    ];
    let room = Measure { first: Length::pt(10), other: Length::pt(20), ..measure(7, Align::Left) };
    let found = lines(&spans, &room).unwrap();
    assert_eq!(found.iter().map(|line| text_of(line, &spans)).collect::<Vec<_>>(), ["あいうえ", "おかきくけ"]);
    assert_eq!(found[0].segments[1].x, Length::pt(50));
    assert_eq!(found[1].segments[0], Segment { span: 1, clusters: 2..7, x: Length::pt(20), space: vec![0; 5] });
}

#[test]
fn what_cannot_be_broken_is_refused() {
    let clusters = clusters("incomprehensibilities");
    let span = Span { text: "incomprehensibilities", clusters: &clusters, extra: &[], setting: ten() };
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
            Span { text: &text, clusters: &first, extra: &[], setting: Setting::new(Length::pt(10), Length::pt(tracking)) },
            Span { text: &more, clusters: &second, extra: &[], setting: Setting::new(Length::pt(9), Length::ZERO) },
        ];
        let room = Measure { first: Length::pt(10), ..measure(letters, align) };
        let Ok(found) = lines(&spans, &room) else { return Ok(()) };
        let all: String = found.iter().map(|line| text_of(line, &spans)).collect();
        prop_assert_eq!(all, format!("{text}{more}"));
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
