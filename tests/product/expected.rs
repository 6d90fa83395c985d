//! What the papers of 横河電機健康保険組合 must say of a record, worked out from its CSV without the library.

use crate::product::Row;

/// 保険者名 of the pack.
pub const INSURER: &str = "横河電機健康保険組合";
/// 保険者番号 of the pack: a placeholder.
pub const INSURER_NUMBER: &str = "06139992";
/// 保険者所在地 of the pack: a placeholder.
pub const INSURER_ADDRESS: &str = "〒000-0000　東京都見本市見本町一丁目1番1号";
/// 保険者電話番号 of the pack.
pub const INSURER_PHONE: &str = "0422-52-5521";

/// Year, month, day.
pub type Day = (i32, u32, u32);

/// The eras with their first days, the latest first.
const ERAS: [(char, &str, Day); 5] = [
    ('R', "令和", (2019, 5, 1)),
    ('H', "平成", (1989, 1, 8)),
    ('S', "昭和", (1926, 12, 25)),
    ('T', "大正", (1912, 7, 30)),
    ('M', "明治", (1868, 1, 25)),
];

/// A day in any of the forms of the sample.
pub fn day(text: &str) -> Day {
    let numbers: Vec<i32> = text
        .replace('元', "1")
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().unwrap())
        .collect();
    let era = ERAS.iter().find(|(letter, name, _)| text.starts_with(*letter) || text.starts_with(name));
    match (era, numbers.as_slice()) {
        (Some((_, _, (first, ..))), [year, month, day]) => (first - 1 + year, *month as u32, *day as u32),
        (None, [year, month, day]) => (*year, *month as u32, *day as u32),
        (None, [packed]) => (packed / 10_000, (packed / 100 % 100) as u32, (packed % 100) as u32),
        _ => panic!("no day: {text}"),
    }
}

/// 和暦 of a day, as 令和7年6月1日.
pub fn wareki((year, month, day): Day) -> String {
    let (_, name, (first, ..)) = ERAS.iter().find(|(_, _, start)| (year, month, day) >= *start).unwrap();
    let year = match year - first + 1 {
        1 => "元".to_owned(),
        year => year.to_string(),
    };
    format!("{name}{year}年{month}月{day}日")
}

/// 和暦 of a day in the record; empty where the cell is.
pub fn wareki_of(text: &str) -> String {
    if text.is_empty() { String::new() } else { wareki(day(text)) }
}

/// A paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// 資格情報のお知らせ.
    Notice,
    /// 資格確認書.
    Certificate,
}

/// The paper of a record; `None`: lawfully none.
pub fn paper(row: &Row) -> Option<Paper> {
    if row.get("要求帳票") == "notice" {
        let refused = row.get("発行区分") == "reissue" && row.get("交付申請の有無") != "有";
        return (!refused).then_some(Paper::Notice);
    }
    let issued = day(row.get("交付年月日"));
    let old_card = row.get("有効な保険証の有無") == "有" && issued <= (2025, 12, 1);
    let refused = row.get("交付申請の有無") != "有"
        || row.get("マイナ保険証状態") == "usable"
        || old_card
        || issued < (2024, 12, 2);
    (!refused).then_some(Paper::Certificate)
}

/// The last valid day of a certificate: in the transition period its end, then the next 1 June or 1 December.
pub fn expiry(row: &Row) -> Day {
    let issued = day(row.get("交付年月日"));
    let (year, ..) = issued;
    let days = [(2025, 12, 1), (year, 6, 1), (year, 12, 1), (year + 1, 6, 1)];
    days.into_iter().find(|last| *last >= issued && *last >= (2025, 12, 1)).unwrap()
}

/// The last four digits where a notice shows them: to those who were members, and registered, by 17 September 2024.
pub fn digits(row: &Row) -> Option<&str> {
    let registered = row.get("健保組合登録日");
    let shown = paper(row) == Some(Paper::Notice)
        && row.get("発行区分") != "reissue"
        && day(row.get("資格取得年月日")) <= (2024, 9, 17)
        && !registered.is_empty()
        && day(registered) <= (2024, 9, 17)
        && row.get("番号突合済み") != "無";
    Some(row.get("個人番号下4桁")).filter(|digits| shown && !digits.is_empty())
}

/// The name as a front shows it.
pub fn name(row: &Row) -> String {
    let name = if row.get("通称名").is_empty() { row.get("氏名") } else { row.get("通称名") };
    match row.get("旧姓") {
        "" => name.to_owned(),
        former => {
            let (family, given) = name.split_once(['　', ' ']).unwrap();
            format!("{family}（{former}）{given}")
        }
    }
}

/// The sex as the front of a paper shows it; `—` where it is left out.
pub fn sex(row: &Row) -> &str {
    match (row.get("性別の表面表示"), paper(row)) {
        ("see_back", Some(Paper::Certificate)) => "裏面参照",
        ("see_back" | "blank", _) => "—",
        _ => row.get("性別"),
    }
}

/// A label of a table with what must stand beside it.
pub type Pair = (&'static str, String);

/// What the table on the front of a paper must say, in no order.
pub fn table(row: &Row) -> Vec<Pair> {
    let date = |header| wareki_of(row.get(header));
    let dash = |text: String| if text.is_empty() { "—".to_owned() } else { text };
    let mut pairs = vec![
        ("記号", row.get("記号").to_owned()),
        ("番号", row.get("番号").to_owned()),
        ("枝番", row.get("枝番").to_owned()),
        ("氏名", name(row)),
        ("性別", sex(row).to_owned()),
        ("生年月日", date("生年月日")),
        ("本人・家族", row.get("本人・家族").to_owned()),
        ("資格取得年月日", date("資格取得年月日")),
        ("保険者番号", INSURER_NUMBER.to_owned()),
        ("保険者名", INSURER.to_owned()),
    ];
    if !row.get("負担割合").is_empty() {
        pairs.push(("負担割合", row.get("負担割合").to_owned()));
        pairs.push(("発効期日", dash(date("発効期日"))));
        pairs.push(("有効期限", dash(date("負担割合有効期限"))));
    }
    let dependant = row.get("本人・家族") == "家族";
    match paper(row) {
        Some(Paper::Notice) => {
            pairs.extend(dependant.then(|| ("被保険者", row.get("被保険者氏名").to_owned())));
            pairs.extend(digits(row).map(|digits| ("個人番号（下4桁）", format!("＊＊＊＊　＊＊＊＊　{digits}"))));
        }
        Some(Paper::Certificate) => {
            pairs.extend(dependant.then(|| ("被保険者氏名", row.get("被保険者氏名").to_owned())));
            pairs.push(("交付年月日", date("交付年月日")));
            pairs.push(("有効期限", wareki(expiry(row)) + "まで有効"));
            if !row.get("限度額適用区分").is_empty() {
                pairs.push(("限度額適用区分", row.get("限度額適用区分").to_owned()));
                pairs.push(("発効期日", dash(date("限度区分発効期日"))));
                pairs.push(("長期入院", dash(date("長期入院該当年月日"))));
            }
            if !row.get("特定疾病区分").is_empty() {
                pairs.push(("特定疾病区分", row.get("特定疾病区分").to_owned()));
            }
        }
        None => panic!("no paper"),
    }
    pairs.sort();
    pairs
}

/// What the slip must say under each of its labels.
pub fn slip(row: &Row) -> Vec<Pair> {
    let mut pairs = vec![
        ("記号", row.get("記号").to_owned()),
        ("番号", row.get("番号").to_owned()),
        ("枝番", row.get("枝番").to_owned()),
        ("氏名", name(row)),
        ("生年月日", wareki_of(row.get("生年月日"))),
        ("資格取得年月日", wareki_of(row.get("資格取得年月日"))),
        ("本人・家族", row.get("本人・家族").to_owned()),
        ("保険者番号・保険者名", format!("{INSURER_NUMBER}　{INSURER}")),
    ];
    pairs.sort();
    pairs
}

/// What the slip must say beside that, each on a line of its own.
pub fn slip_lines(row: &Row) -> Vec<String> {
    let mut lines = vec![
        row.get("フリガナ").to_owned(),
        wareki_of(row.get("交付年月日")) + "交付",
        "資格情報のお知らせ".to_owned(),
    ];
    lines.extend(digits(row).map(str::to_owned));
    if !row.get("負担割合").is_empty() {
        lines.push(format!("負担割合　{}", row.get("負担割合")));
        let [from, until] = ["発効期日", "負担割合有効期限"].map(|header| wareki_of(row.get(header)));
        if !from.is_empty() && !until.is_empty() {
            lines.push(format!("{from}から{until}まで"));
        }
    }
    lines
}

/// The lines of the sender, from top to bottom.
pub fn sender(row: &Row) -> Vec<String> {
    vec![
        wareki_of(row.get("交付年月日")),
        INSURER.to_owned(),
        INSURER_ADDRESS.to_owned(),
        format!("電話　{INSURER_PHONE}"),
    ]
}

/// What the back of a certificate must say of the record, from top to bottom.
pub fn back(row: &Row) -> Vec<String> {
    let mut lines = Vec::new();
    if !row.get("通称名").is_empty() {
        lines.push(format!("戸籍上の氏名　{}", row.get("氏名")));
    }
    if row.get("性別の表面表示") == "see_back" {
        lines.push(format!("戸籍上の性別は{}", row.get("性別")));
    }
    if !row.get("旧姓").is_empty() {
        lines.push("氏名欄の括弧内は旧姓".to_owned());
    }
    if !row.get("備考").is_empty() {
        lines.push(row.get("備考").to_owned());
    }
    lines
}
