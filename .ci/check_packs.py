#!/usr/bin/env python3
"""Compares what must stand on every paper of a pack with what two outside readers extract from the PDF.

    check_packs.py --pdf OUT.pdf --pack templates/NAME --decisions DECISIONS.jsonl

The pack-independent half of check_text.py, for any pack: name, numbers, dates, expiry and digits of each record of
sample.csv, and nothing of another record's. Which paper a record gets, its expiry and whether the digits show come
from `shikaku decide`. Readers and exit status as there.
"""

import argparse
import csv
import datetime
import json
import pathlib
import sys
import tomllib

from check_text import Check, Page, bare, name_on, read_date, run, wareki

# By the fields' names; check_text.py's helpers read the labels of the yokogawa sample.
LABELS = {"name": "氏名", "name_alias": "通称名", "name_former": "旧姓"}
NOWHERE = (0, 0, 0, 0)


def ancestry(folder):
    """The pack.toml of a pack and its ancestors, its own first."""
    files = []
    while folder:
        files.append(tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8")))
        parent = files[-1].get("inherit")
        folder = folder.parent / parent if parent else None
    return files


def records(folder, files):
    """The sample's records by field."""
    columns = {}
    for file in reversed(files):
        columns |= file.get("columns", {})
    with open(folder / "sample.csv", encoding="utf-8-sig", newline="") as file:
        return [{columns.get(header, header): cell for header, cell in row.items()} for row in csv.DictReader(file)]


def wanted(row, decision, insurer):
    """What must stand somewhere on the papers of a record."""
    def day(field):
        return wareki(read_date(row.get(field, "")))
    def number(field):
        shown = row.get(field) or ""
        return shown.lstrip("0") if row.get("symbol_display") == "significant" else shown
    labelled = {label: row.get(field, "") for field, label in LABELS.items()}
    values = {"氏名": name_on("front", labelled), "番号": number("number"), "記号": number("symbol"),
              "枝番": row.get("branch"), "保険者番号": insurer["number"], "保険者名": insurer["name"],
              "負担割合": row.get("ratio"), "負担割合有効期限": day("ratio_until")}
    if row.get("layout") == "portal":
        return values
    values |= {"フリガナ": row.get("name_kana"), "生年月日": day("birth_date"), "資格取得年月日": day("acquired_on"),
               "交付年月日": day("issue_date"), "発効期日": day("ratio_from")}
    if decision["expiry"] not in (None, "none"):
        values["有効期限"] = wareki(datetime.date.fromisoformat(decision["expiry"]))
    if decision["document"] == "certificate":
        values |= {"限度額適用区分": row.get("limit_category"), "特定疾病区分": row.get("specific_disease"),
                   "備考": row.get("remarks_back")}
    return values


def check_record(check, pages, plain, row, values):
    """Each value stands on one of the pages, for both readers; a value may be part of a longer word."""
    for label, value in values.items():
        if not value:
            continue
        check.compared += 1
        alone = any(page.places(value) for page in pages)
        # Words that touch are one word to pdftotext, and a long text stands on several lines. Spread kana (ルビ) are words
        # of a letter each, among those of the lines around them.
        if not alone and not any(bare_of(value) in text for page in pages for text in (read_on(page), by_lines(page))):
            check.say(pages[0], f"pdftotext does not find {label} of {row['record_id']}")
        if bare(value) not in plain:
            check.say(pages[0], f"mutool does not find {label} of {row['record_id']}")
        else:
            check.second += 1


def read_on(page):
    """All words in the reader's order."""
    return bare_of("".join(text for _, text in page.words))


def by_lines(page):
    """All words by their lines, from left to right."""
    return bare_of("".join(text for _, text in sorted(page.words, key=lambda word: (round(word[0][1], 1), word[0][0]))))


def bare_of(text):
    """Without white space, selectors kept."""
    return "".join(text.split())


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--pdf", required=True)
    arguments.add_argument("--pack", required=True, type=pathlib.Path)
    arguments.add_argument("--decisions", required=True, type=pathlib.Path)
    given = arguments.parse_args()

    files = ancestry(given.pack)
    insurer = {}
    for file in reversed(files):
        insurer |= file.get("insurer", {})
    rows = records(given.pack, files)
    lines = given.decisions.read_text(encoding="utf-8").splitlines()
    decisions = {decision["record_id"]: decision for decision in map(json.loads, lines)}
    source = run("pdftotext", "-bbox", given.pdf, "-")
    pages = [Page(number, text) for number, text in enumerate(source.split("<page ")[1:], 1)]
    check, next_page, printed = Check(NOWHERE), 0, 0
    for row in rows:
        decision = decisions[row["record_id"]]
        sides = {"notice": 1, "certificate": 2}.get(decision["document"], 0)
        own = pages[next_page:next_page + sides]
        next_page += sides
        if not sides:
            continue
        if len(own) < sides:
            check.wrong.append(f"{row['record_id']}: its pages are missing")
            continue
        printed += 1
        plain = bare("".join(run("mutool", "draw", "-q", "-F", "txt", given.pdf, str(page.number)) for page in own))
        check_record(check, own, plain, row, wanted(row, decision, insurer))
        if row.get("last4") and row.get("layout") != "portal":
            found = sum(len(page.places(row["last4"])) for page in own)
            if found != (2 if decision["last4"] == "shown" else 0):
                check.say(own[0], f"the digits stand {found} times")
        others = {other["name"] for other in rows} - set(row.values())
        for page in own:
            for name in others:
                if page.places(name):
                    check.say(page, "the name of another record")
    if next_page != len(pages):
        check.wrong.append(f"{len(pages)} pages, but the decisions make {next_page}")
    print("\n".join(check.wrong[:50]) or f"{given.pack.name}: {printed} papers on {len(pages)} pages, "
          f"{check.compared} values compared by pdftotext, {check.second} of them by mutool without selectors")
    return 1 if check.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
