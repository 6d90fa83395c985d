#!/usr/bin/env python3
"""Compares every printed value of the sample with what two outside readers extract from the PDF.

    check_text.py --pdf OUT.pdf --pack templates/yokogawa --decisions DECISIONS.jsonl

What must stand on a page is worked out here from sample.csv alone, without shikaku's code; only which paper a record
gets, its expiry and whether the digits show come from `shikaku decide` (whose values have tables of their own).

poppler (pdftotext -bbox) is exact: words are compared code point by code point, variation selectors included, with
their places: on the slip or beside it. mupdf (mutool) is the second reader: Debian's version ignores ActualText and
cuts variation selectors in two, so there white space and selectors are left out of the comparison, and places too.

Exit status 0: everything agrees. 1: something does not; each line says where. Standard library, pdftotext, mutool.
"""

import argparse
import csv
import datetime
import html
import json
import pathlib
import re
import subprocess
import sys
import tomllib

MM = 72 / 25.4
ERAS = [("令和", "R", (2019, 5, 1)), ("平成", "H", (1989, 1, 8)), ("昭和", "S", (1926, 12, 25)),
        ("大正", "T", (1912, 7, 30)), ("明治", "M", (1868, 1, 25))]
SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def read_date(text):
    """A date as the sample writes it; None for an empty cell."""
    if not text:
        return None
    era = re.fullmatch(r"(令和|平成|昭和|大正|明治|[RHSTM])(\d+|元)[年.](\d+)[月.](\d+)日?", text)
    if era:
        first = next(first for kanji, letter, first in ERAS if era[1] in (kanji, letter))
        year = 1 if era[2] == "元" else int(era[2])
        return datetime.date(first[0] + year - 1, int(era[3]), int(era[4]))
    western = re.fullmatch(r"(\d{4})[-/]?(\d\d)[-/]?(\d\d)", text)
    if not western:
        raise ValueError(f"the checker does not read this form of a date: {text}")
    return datetime.date(int(western[1]), int(western[2]), int(western[3]))


def wareki(date):
    """令和7年6月1日; None stays None."""
    if date is None:
        return None
    kanji, _, first = next(era for era in ERAS if datetime.date(*era[2]) <= date)
    year = date.year - first[0] + 1
    return f"{kanji}{'元' if year == 1 else year}年{date.month}月{date.day}日"


class Page:
    """The words of a page with their places, in points from the upper left corner."""

    def __init__(self, number, source):
        self.number = number
        word = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
        self.words = [(tuple(map(float, found[:4])), html.unescape(found[4])) for found in word.findall(source)]
        size = re.search(r'width="([\d.]+)" height="([\d.]+)"', source)
        self.size = (float(size[1]), float(size[2]))

    def next_word(self, box):
        """The nearest word to the right on the same line."""
        def beside(other):
            shared = min(box[3], other[3]) - max(box[1], other[1])
            return other[0] > box[2] - 1 and shared > 0.7 * min(box[3] - box[1], other[3] - other[1])
        right = [(other[0] - box[2], other, text) for other, text in self.words if beside(other)]
        return min(right)[1:] if right else None

    def places(self, value):
        """Where the words of a value stand one after another: boxes of the first and the last word."""
        parts = value.split()
        found = []
        for box, text in self.words:
            chain, last = [text], box
            while len(chain) < len(parts) and chain == parts[:len(chain)]:
                following = self.next_word(last)
                if following is None:
                    break
                last = following[0]
                chain.append(following[1])
            if chain == parts:
                found.append((box[0], min(box[1], last[1]), last[2], max(box[3], last[3])))
        return found


def inside(box, rect):
    """A point of slack: boxes of words have the height of the font, not of the letters."""
    return rect[0] - 1 <= box[0] and box[2] <= rect[2] + 1 and rect[1] - 1 <= box[1] and box[3] <= rect[3] + 1


def name_on(side, row):
    """氏（旧姓）名 where there is a former name; 通称 on a front and the registered name on the back."""
    name, former, alias = row["氏名"], row["旧姓"], row["通称名"]
    if side == "back":
        return name if alias else None
    if former:
        family, given = name.split("　", 1)
        return f"{family}（{former}）{given}"
    return alias or name


def body_values(row, decision, pack):
    """What every front carries beside the slip."""
    insurer = pack["insurer"]
    return {
        "氏名": name_on("front", row), "フリガナ": row["フリガナ"], "生年月日": wareki(read_date(row["生年月日"])),
        "交付年月日": wareki(read_date(row["交付年月日"])), "資格取得年月日": wareki(read_date(row["資格取得年月日"])),
        "記号": row["記号"], "番号": row["番号"], "枝番": row["枝番"], "本人・家族": row["本人・家族"],
        "保険者番号": insurer["number"], "保険者名": insurer["name"], "負担割合": row["負担割合"],
        "発効期日": wareki(read_date(row["発効期日"])),
        "負担割合有効期限": wareki(read_date(row["負担割合有効期限"])),
        "郵便番号": row["郵便番号"] and f"〒{row['郵便番号']}",
        "性別": "裏面参照" if row["性別の表面表示"] == "see_back" else row["性別"],
        "被保険者氏名": row["被保険者氏名"] if row["本人・家族"] == "家族" else None,
        "宛名": f"{name_on('front', row)}　様", "題": decision["title"],
    }


def slip_values(row, pack):
    """What the slip of a notice carries."""
    return {
        "氏名": name_on("front", row), "フリガナ": row["フリガナ"], "生年月日": wareki(read_date(row["生年月日"])),
        "交付年月日": wareki(read_date(row["交付年月日"])) + "交付",
        "資格取得年月日": wareki(read_date(row["資格取得年月日"])), "記号": row["記号"], "番号": row["番号"],
        "枝番": row["枝番"], "本人・家族": row["本人・家族"], "保険者番号・保険者名":
        f"{pack['insurer']['number']}　{pack['insurer']['name']}", "負担割合": row["負担割合"] and f"負担割合　{row['負担割合']}",
        "期間": row["発効期日"] and row["負担割合有効期限"] and
        f"{wareki(read_date(row['発効期日']))}から{wareki(read_date(row['負担割合有効期限']))}まで",
    }


class Check:
    """Gathers what is wrong."""

    def __init__(self, slip):
        self.slip = slip
        self.wrong, self.compared, self.second = [], 0, 0

    def say(self, page, what):
        self.wrong.append(f"page {page.number}: {what}")

    def values(self, page, values, place, plain):
        """Each value stands at least once at its place, and the second reader has it too."""
        for label, value in values.items():
            if not value:
                continue
            self.compared += 1
            wanted = "on the slip" if place == "slip" else "beside the slip" if place == "body" else "on the page"
            found = page.places(value)
            if place != "page":
                found = [box for box in found if inside(box, self.slip) == (place == "slip")]
            if not found:
                self.say(page, f"pdftotext does not find {label} {wanted}: {points(value)}")
            if bare(value) not in plain:
                self.say(page, f"mutool does not find {label}: {points(value)}")
            else:
                self.second += 1

    def digits(self, page, digits, shown, plain):
        """The last four digits: once on the slip and once in the body, or nowhere."""
        found = page.places(digits)
        on_slip = [box for box in found if inside(box, self.slip)]
        anywhere = [text for _, text in page.words if re.search(rf"(?<!\d){digits}(?!\d)", text)]
        expected = (1, 2) if shown else (0, 0)
        self.compared += 1
        if (len(on_slip), len(anywhere)) != expected:
            self.say(page, f"the digits stand {len(on_slip)} times on the slip and {len(anywhere)} times on the page, "
                           f"not {expected[0]} and {expected[1]}")
        if len(re.findall(rf"(?<!\d){digits}(?!\d)", plain)) != expected[1]:
            self.say(page, f"mutool finds the digits another number of times than {expected[1]}")
        else:
            self.second += 1

    def foreign(self, page, row, rows):
        """Nothing of another record: no number, name or digits of somebody else, no twelve digits."""
        own = {value for value in row.values() if value}
        words = {text for _, text in page.words}
        for other in rows:
            for field in ("番号", "整理番号"):
                if other[field] not in own and other[field] in words:
                    self.say(page, f"{field} of another record")
            for field in ("氏名", "フリガナ"):
                if other[field] not in own and page.places(other[field]):
                    self.say(page, f"{field} of another record")
        if any(re.search(r"\d{12}", text) for text in words):
            self.say(page, "twelve digits in a row")


def points(value):
    return f"{value} ({' '.join(f'U+{ord(letter):04X}' for letter in value)})"


def bare(text):
    return SELECTORS.sub("", "".join(text.split()))


def slip_rect(pack_folder):
    """The slip's rectangle in points, worked out from the size of A4 and the slip's margin and size."""
    pack = tomllib.loads((pack_folder / "pack.toml").read_text(encoding="utf-8"))
    front = next(paper["sides"][0] for paper in pack["document"] if paper["document"] == "notice")
    template = tomllib.loads((pack_folder / front).read_text(encoding="utf-8"))
    slip = next(item["slip"] for item in template["item"] if "slip" in item)
    assert slip["corner"] == "lower-right" and template["sheet"] == "A4"
    margin = float(slip["margin"].removesuffix("mm"))
    width, height = (float(length.removesuffix("mm")) for length in slip["size"])
    assert (width, height) == (85.60, 53.98), "the slip has the size of a card (ISO/IEC 7810 ID-1)"
    left, top = 210 - margin - width, 297 - margin - height
    return tuple(length * MM for length in (left, top, left + width, top + height))


def run(*command):
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed: {done.stderr.decode('utf-8', 'replace')}")
    # mutool writes what lies beyond U+FFFF as two surrogates.
    text = done.stdout.decode("utf-8", "surrogatepass")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def check_record(check, fronts, row, decision, pack):
    """The pages of one record. `fronts` gives its pages, front first, each with mutool's text."""
    (page, plain), back = fronts[0], fronts[1:]
    values, digits = body_values(row, decision, pack), row["個人番号下4桁"]
    flat = bare(plain)
    if decision["document"] == "notice":
        check.values(page, values, "body", flat)
        check.values(page, slip_values(row, pack), "slip", flat)
    else:
        del values["郵便番号"]
        expiry = wareki(read_date(decision["expiry"])) + "まで有効"
        more = {"有効期限": expiry, "限度額適用区分": row["限度額適用区分"], "特定疾病区分": row["特定疾病区分"],
                "限度区分発効期日": wareki(read_date(row["限度区分発効期日"]))}
        check.values(page, values | more, "page", flat)
        name = name_on("back", row)
        remarks = {"戸籍上の氏名": name and f"戸籍上の氏名　{name}", "備考": row["備考"]}
        if row["性別の表面表示"] == "see_back":
            remarks["性別"] = f"戸籍上の性別は{row['性別']}"
        check.values(back[0][0], remarks, "page", bare(back[0][1]))
    if digits:
        shown = decision["document"] == "notice" and decision["last4"] == "shown"
        for each, text in fronts:
            check.digits(each, digits, shown, text)
    elif decision["last4"] == "shown":
        check.say(page, "digits are to be shown, but the record has none")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--pdf", required=True)
    arguments.add_argument("--pack", required=True, type=pathlib.Path)
    arguments.add_argument("--decisions", required=True, type=pathlib.Path)
    given = arguments.parse_args()

    with open(given.pack / "sample.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = given.decisions.read_text(encoding="utf-8").splitlines()
    decisions = {decision["record_id"]: decision for decision in map(json.loads, lines)}
    source = run("pdftotext", "-bbox", given.pdf, "-")
    pages = [Page(number, text) for number, text in enumerate(source.split("<page ")[1:], 1)]
    pack = tomllib.loads((given.pack / "pack.toml").read_text(encoding="utf-8"))
    check, next_page = Check(slip_rect(given.pack)), 0
    printed = 0
    for row in rows:
        decision = decisions[row["整理番号"]]
        sides = {"notice": 1, "certificate": 2}.get(decision["document"], 0)
        own = pages[next_page:next_page + sides]
        next_page += sides
        if len(own) < sides:
            check.wrong.append(f"{row['整理番号']}: its pages are missing")
        elif sides:
            printed += 1
            with_text = [(page, run("mutool", "draw", "-q", "-F", "txt", given.pdf, str(page.number))) for page in own]
            check_record(check, with_text, row, decision, pack)
            for page in own:
                check.foreign(page, row, rows)
    if next_page != len(pages):
        check.wrong.append(f"{len(pages)} pages, but the decisions make {next_page}")
    metadata = run("pdfinfo", given.pdf) + run("pdfinfo", "-meta", given.pdf)
    for row in rows:
        for field in ("氏名", "フリガナ", "番号", "整理番号", "被保険者氏名", "住所"):
            if row[field] and row[field] in metadata:
                check.wrong.append(f"metadata: {field} of {row['整理番号']}")
    print("\n".join(check.wrong[:50]) or f"{printed} papers on {len(pages)} pages: {check.compared} values compared by "
          f"pdftotext code point by code point and in their places, {check.second} of them by mutool without selectors")
    return 1 if check.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
