//! The eighty hard names in both chains, and more of other kinds: each ends as its row says, in the face that its row
//! names.
#![expect(clippy::panic, clippy::unwrap_used, reason = "what tests call may fail as tests do")]

use std::path::Path;

use shikaku::font::Chain;
use shikaku::font::FaceId;
use shikaku::font::faces::Faces;
use shikaku::font::resolve::Cluster;
use shikaku::font::resolve::Doubt;
use shikaku::font::resolve::Problem;
use shikaku::font::resolve::Served;
use shikaku::font::resolve::format_code_points;
use shikaku::font::resolve::resolve;

const TABLE: &str = include_str!("data/hard-names.tsv");

/// Files, with the short names that the table uses.
const FILES: [(&str, &str); 6] = [
    ("IPAmj", "ipamj-mincho/ipamjm.ttf"),
    ("HaranoMin", "haranoaji/HaranoAjiMincho-Regular.otf"),
    ("NotoSerif", "noto-latin/NotoSerif-Regular.ttf"),
    ("BIZUDG", "biz-udgothic/BIZUDGothic-Regular.ttf"),
    ("HaranoGo", "haranoaji/HaranoAjiGothic-Regular.otf"),
    ("NotoSans", "noto-latin/NotoSans-Regular.ttf"),
];

struct Row {
    id: &'static str,
    name: String,
    graphemes: usize,
    expected: &'static str,
    chains: [&'static str; 2],
}

fn rows() -> Vec<Row> {
    let rows: Vec<Row> = TABLE.lines().skip(1).map(row).collect();
    assert_eq!(rows.len(), 80);
    rows
}

fn row(line: &'static str) -> Row {
    let cells: Vec<&str> = line.split('\t').collect();
    let [id, _, name, codes, kana, kana_codes, graphemes, _, _, expected, mincho, gothic] = cells[..] else {
        panic!("{} cells in {line}", cells.len());
    };
    assert_eq!(name, text(codes), "{id}: the editor changed the name");
    assert_eq!(kana, text(kana_codes), "{id}: the editor changed the kana");
    Row { id, name: text(codes), graphemes: graphemes.parse().unwrap(), expected, chains: [mincho, gothic] }
}

fn text(codes: &str) -> String {
    codes.split(' ').map(|code| char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap()).collect()
}

fn faces() -> Faces {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
    Faces::open(&FILES.map(|(_, file)| root.join(file))).unwrap()
}

fn chains() -> [Chain; 2] {
    [[0, 1, 2, 9], [3, 4, 5, 0]].map(|ids| Chain::new(ids.into_iter().filter(|id| *id < 6).map(FaceId).collect()))
}

#[test]
fn every_name_ends_as_its_row_says() {
    let faces = faces();
    let mut wrong = Vec::new();
    for row in rows() {
        for (chain, expected) in chains().iter().zip(row.chains) {
            let mut clusters = Vec::new();
            let found = match resolve(&faces, chain, &row.name, &mut clusters) {
                Ok(resolution) => served(&resolution.served),
                Err(problems) => problems
                    .iter()
                    .map(|problem| {
                        match problem.kind {
                            Problem::CharacterInNoFont | Problem::PrivateUse | Problem::SequenceInNoFont => "MISSING ",
                            Problem::Forbidden(_) => "ERROR ",
                        }
                        .to_owned()
                            + &format_code_points(&problem.code_points).replace(' ', "+")
                    })
                    .collect::<Vec<_>>()
                    .join(" "),
            };
            if found != sorted(expected) {
                wrong.push(format!("{}: expected {expected}, found {found}", row.id));
            }
            if !clusters.is_empty() {
                assert_eq!(clusters.iter().filter(|cluster| !cluster.follows()).count(), row.graphemes, "{}", row.id);
                covers(&row.name, &clusters);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How a text ends in a chain: the faces that serve it, or why it is refused.
fn ends(faces: &Faces, chain: &Chain, text: &str) -> String {
    match resolve(faces, chain, text, &mut Vec::new()) {
        Ok(resolution) => served(&resolution.served),
        Err(problems) => format!("{:?}", problems[0].kind),
    }
}

#[test]
fn more_names_end_as_their_rows_say() {
    let faces = faces();
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in include_str!("data/more-names.tsv").lines().skip(1) {
        let [id, codes, mincho, gothic] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let found = chains().map(|chain| ends(&faces, &chain, &text(codes)));
        if found != [mincho, gothic] {
            wrong.push(format!("{id}\t{codes}\t{}\t{}", found[0], found[1]));
        }
        count += 1;
    }
    assert!(wrong.is_empty() && count > 150, "found {count}:\n{}", wrong.join("\n"));
}

fn served(served: &Served) -> String {
    let name = |id: &FaceId| FILES[usize::from(id.0)].0;
    match served {
        Served::Nothing => "nothing".to_owned(),
        Served::One(id) => name(id).to_owned(),
        Served::Mixed(ids) => sorted(&format!("MIX {}", ids.iter().map(name).collect::<Vec<_>>().join("/"))),
    }
}

/// The faces of a mixed name in alphabetical order.
fn sorted(expected: &str) -> String {
    let Some(faces) = expected.strip_prefix("MIX ") else { return expected.to_owned() };
    let mut faces: Vec<&str> = faces.split('/').collect();
    faces.sort_unstable();
    format!("MIX {}", faces.join("/"))
}

fn covers(name: &str, clusters: &[Cluster]) {
    let mut end = 0;
    for cluster in clusters {
        assert_eq!(cluster.text.start, end);
        assert_ne!(cluster.glyph.0, 0);
        end = cluster.text.end;
    }
    assert_eq!(end as usize, name.len());
}

#[test]
fn errors_and_warnings_are_of_the_kind_that_the_row_says() {
    let faces = faces();
    for row in rows() {
        for chain in chains() {
            let result = resolve(&faces, &chain, &row.name, &mut Vec::new());
            let found = match &result {
                Ok(resolution) if resolution.warnings.is_empty() => "ok",
                Ok(resolution) => {
                    assert!(resolution.warnings.iter().all(|warning| warning.kind == Doubt::Placeholder));
                    "warn placeholder"
                }
                Err(problems) => match problems[0].kind {
                    Problem::PrivateUse => "error unless a gaiji font maps it",
                    Problem::CharacterInNoFont => "error no glyph",
                    Problem::SequenceInNoFont => "error IVS-unsupported",
                    Problem::Forbidden(shikaku::font::resolve::Forbidden::LoneSelector) => "error lone VS",
                    Problem::Forbidden(_) => "error control/invisible",
                },
            };
            let expected = if row.expected.starts_with("font-dependent") { "ok" } else { row.expected };
            assert_eq!(found, expected, "{}", row.id);
        }
    }
}
