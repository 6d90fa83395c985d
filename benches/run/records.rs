//! Made-up records: ordinary names for the most part, and the others as often as an insurer has them.

use std::io;
use std::io::Write;

const HEADER: &str = "整理番号,要求帳票,発行区分,交付年月日,氏名,フリガナ,性別,生年月日,本人・家族,被保険者氏名,\
    資格取得年月日,健保組合登録日,記号,番号,枝番,負担割合,発効期日,負担割合有効期限,郵便番号,住所,\
    個人番号下4桁,マイナ保険証状態,見本";

#[rustfmt::skip]
const FAMILIES: &[(&str, &str)] = &[
    ("佐藤", "サトウ"), ("鈴木", "スズキ"), ("高橋", "タカハシ"), ("田中", "タナカ"), ("伊藤", "イトウ"), ("渡辺", "ワタナベ"),
    ("山本", "ヤマモト"), ("中村", "ナカムラ"), ("小林", "コバヤシ"), ("加藤", "カトウ"), ("吉田", "ヨシダ"), ("山田", "ヤマダ"),
    ("佐々木", "ササキ"), ("山口", "ヤマグチ"), ("松本", "マツモト"), ("井上", "イノウエ"), ("木村", "キムラ"), ("林", "ハヤシ"),
    ("斎藤", "サイトウ"), ("清水", "シミズ"), ("山崎", "ヤマザキ"), ("森", "モリ"), ("池田", "イケダ"), ("橋本", "ハシモト"),
    ("阿部", "アベ"), ("石川", "イシカワ"), ("山下", "ヤマシタ"), ("中島", "ナカジマ"), ("石井", "イシイ"), ("小川", "オガワ"),
    ("前田", "マエダ"), ("岡田", "オカダ"), ("長谷川", "ハセガワ"), ("藤田", "フジタ"), ("後藤", "ゴトウ"), ("近藤", "コンドウ"),
    ("村上", "ムラカミ"), ("遠藤", "エンドウ"), ("青木", "アオキ"), ("坂本", "サカモト"), ("福田", "フクダ"), ("太田", "オオタ"),
    ("西村", "ニシムラ"), ("藤井", "フジイ"), ("金子", "カネコ"), ("岡本", "オカモト"), ("藤原", "フジワラ"), ("三浦", "ミウラ"),
    ("中野", "ナカノ"), ("原田", "ハラダ"),
];

#[rustfmt::skip]
const GIVENS: &[(&str, &str)] = &[
    ("翔太", "ショウタ"), ("陽菜", "ハルナ"), ("健一", "ケンイチ"), ("美咲", "ミサキ"), ("大輔", "ダイスケ"), ("恵子", "ケイコ"),
    ("誠", "マコト"), ("由美子", "ユミコ"), ("拓也", "タクヤ"), ("さくら", "サクラ"), ("直樹", "ナオキ"), ("真由美", "マユミ"),
    ("隆", "タカシ"), ("久美子", "クミコ"), ("浩二", "コウジ"), ("愛", "アイ"), ("達也", "タツヤ"), ("千尋", "チヒロ"),
    ("純一", "ジュンイチ"), ("彩香", "アヤカ"), ("蓮", "レン"), ("結衣", "ユイ"), ("悠真", "ユウマ"), ("葵", "アオイ"),
    ("学", "マナブ"), ("幸子", "サチコ"), ("和夫", "カズオ"), ("みどり", "ミドリ"), ("博之", "ヒロユキ"), ("裕子", "ユウコ"),
    ("剛", "ツヨシ"), ("智子", "トモコ"), ("英樹", "ヒデキ"), ("明美", "アケミ"), ("俊介", "シュンスケ"), ("香織", "カオリ"),
    ("亮", "リョウ"), ("沙織", "サオリ"), ("哲也", "テツヤ"), ("麻衣", "マイ"),
];

/// Characters beyond the usual ones: one record in fifty.
const RARE: &[(&str, &str)] = &[
    ("𠮷野　信", "ヨシノ　シン"),
    ("髙﨑　德子", "タカサキ　トクコ"),
    ("渡邊　曻", "ワタナベ　ノボル"),
    ("奈〻木　いすゞ", "ナナキ　イスズ"),
];

/// Variation sequences: one record in a hundred.
const VARIANTS: &[(&str, &str)] = &[
    ("葛\u{E0103}城　例子", "カツラギ　レイコ"),
    ("渡邉\u{E0102}　票輔", "ワタナベ　ヒョウスケ"),
    ("辻\u{E0102}本　例一", "ツジモト　レイイチ"),
];

/// Names that must be made to fit: one record in two hundred.
const LONG: &[(&str, &str)] = &[
    (
        "マリアテレサアレハンドラデロスアンヘレスゴンサレスフェルナンデス",
        "マリアテレサアレハンドラデロスアンヘレスゴンサレスフェルナンデス",
    ),
    ("SAMPLE ALEXANDRA JORDAN ELIZABETH", "サンプル　アレクサンドラ　ジョーダン　エリザベス"),
];

const TOWNS: &[&str] = &[
    "東京都見本市見本町二丁目",
    "神奈川県例示市港北区例示台一丁目",
    "埼玉県試験市大字試験字東原",
    "千葉県雛形市雛形西",
    "大阪府手本市中央区手本通三丁目",
    "愛知県書式市緑区書式が丘",
    "北海道記入郡記入町北十二条西四丁目",
    "福岡県様式市早良区様式",
];

const HOUSES: &[&str] =
    &["", " 見本ハイツ102号", "", " 例示マンション1203号室", " コーポ手本201", "　グランドメゾン様式東館　七〇三号室"];

/// Numbers that look drawn by lot, and are the same on every machine: SplitMix64.
struct Lot(u64);

impl Lot {
    fn draw(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % below
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.draw(list.len() as u64) as usize]
    }

    fn name(&mut self) -> (String, String) {
        let (name, kana) = match self.draw(1000) {
            0..5 => self.of(LONG),
            5..15 => self.of(VARIANTS),
            15..35 => self.of(RARE),
            _ => {
                let (family, given) = (self.of(FAMILIES), self.of(GIVENS));
                return (format!("{}　{}", family.0, given.0), format!("{}　{}", family.1, given.1));
            }
        };
        ((*name).to_owned(), (*kana).to_owned())
    }
}

/// Writes a header and so many records of notices.
pub fn write(count: u64, mut out: impl Write) -> io::Result<()> {
    writeln!(out, "{HEADER}")?;
    let mut lot = Lot(2);
    (1..=count).try_for_each(|number| record(number, &mut lot, &mut out))?;
    out.flush()
}

fn record(number: u64, lot: &mut Lot, out: &mut impl Write) -> io::Result<()> {
    let (name, kana) = lot.name();
    let old = lot.draw(100) < 4;
    let dependant = lot.draw(100) < 40;
    let year = if old { 24 + lot.draw(4) } else { 33 + lot.draw(30) };
    let birth = format!("昭和{year}年{}月{}日", 1 + lot.draw(12), 1 + lot.draw(28));
    let sex = lot.of(&["男", "女"]);
    let (kind, insured, branch) = match dependant {
        true => ("家族", lot.name().0, 1 + lot.draw(3)),
        false => ("本人", String::new(), 0),
    };
    let acquired = format!("平成{}年{}月1日", 10 + lot.draw(20), 1 + lot.draw(12));
    let ratio = if old { "2割,R6.2.1,R7.7.31" } else { ",," };
    let (town, house) = (lot.of(TOWNS), lot.of(HOUSES));
    let address = format!("{town}{}番{}号{house}", 1 + lot.draw(30), 1 + lot.draw(20));
    // Patterns, never the end of anybody's number.
    let digits = match lot.draw(100) {
        0..3 => String::new(),
        other => (other % 10).to_string().repeat(4),
    };
    writeln!(
        out,
        "B{number:08},notice,campaign,R6.10.25,{name},{kana},{sex},{birth},{kind},{insured},{acquired},2010-04-10,\
         {},{:06},{branch:02},{ratio},180-{:04},{address},{digits},usable,1",
        10 + lot.draw(8),
        lot.draw(1_000_000),
        lot.draw(10_000),
    )
}
