"""Validator of the interchange files; standard library only.

    python tests/interchange_check.py fixtures

Reads `collection/*.json`, `measures.csv`, `crime_types.csv` and `campaigns.json` below the folder named and prints
what is wrong with them. The exit status is 0 when nothing was found. `check(folder)` returns the same as a list.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

KINDS = {"release", "report", "feature", "case_list"}
ROLES = {"original", "report", "translation", "copy"}
PUBLISHER_KINDS = {"authority", "official_media", "news", "trade_press", "aggregator"}
LANGUAGES = {"en", "zh"}
SCRIPTS = {"en": {"Latn"}, "zh": {"Latn", "Hans", "Hant"}}
TRANSLATIONS = {"none", "machine", "human", "unknown"}
QUALIFIERS = {"exact", "more_than", "nearly", "about", "at_least", "up_to", "less_than", "range", "several"}
PLACE_ROLES = {"investigating_authority", "arrest", "scene", "victims"}
NATIONAL = "000000"
# The first two digits of GB/T 2260 codes.
PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")
MONEY = {"CNY", "USD", "EUR", "GBP"}
# Printed as a name by one reworded copy, but too common a word to stand for a campaign.
NOT_A_NAME = {("Net Net 2018", "网络")}

NULL = type(None)
NUMBER = (int, float)
# Members in the order in which they are written; a star marks those written only when set.
RECORD = {
    "key": str, "kind": str, "title": str, "title_zh": (str, NULL), "publisher": dict, "url": (str, NULL),
    "archived_url*": str, "published": (str, NULL), "language": str, "translation": str, "abstract": str,
    "campaigns": list, "reports_on": (str, NULL), "also_reports_on*": list, "role*": str, "release*": dict,
    "figures": list, "cases": list, "places": list, "crime_types": list,
}  # fmt: skip
PUBLISHER = {"name": str, "kind": str, "country": str}
RELEASE = {"name": str, "authority": (str, NULL), "disclosed": (str, NULL)}
MENTION = {
    "name": str, "name_zh": (str, NULL), "year": (int, NULL), "aliases": list, "parent": (str, NULL),
    "start": (str, NULL), "end": (str, NULL),
}  # fmt: skip
FIGURE = {
    "ref": str, "measure": str, "qualifier": str, "value": NUMBER, "high*": NUMBER, "unit": str, "step*": NUMBER,
    "campaign": (str, NULL), "crime_type": (str, NULL), "crime_types*": list, "place": (str, NULL), "places*": list,
    "period": (str, NULL), "as_of*": str, "cumulative*": bool, "case": (int, NULL), "part_of*": str,
    "of_measure*": str, "base_period*": str, "converted_from*": str, "phrase": str, "note": (str, NULL),
    "preferred*": str,
}  # fmt: skip
CASE = {
    "number": int, "heading": str, "code_name": (str, NULL), "summary": str, "crime_types": list, "places": list,
    "period": (str, NULL), "same_as*": str,
}  # fmt: skip
CASE_PLACE = {"code": str, "role": str}
DECISION_COLUMNS = ["a_key", "a_ref", "b_key", "b_ref", "decision", "reason", "decided_at"]
DECISIONS = {"align", "part", "agree", "agree_rounded", "contradict"}
CAMPAIGN = {
    "slug": str, "name_en": str, "name_zh": (str, NULL), "year": (int, NULL), "start": (str, NULL),
    "end": (str, NULL), "authority": (str, NULL), "parent": (str, NULL), "description": str,
    "not_to_be_confused_with": list, "names": list,
}  # fmt: skip
CAMPAIGN_NAME = {"name": str, "language": str, "script": str, "note*": str}
MEASURE_COLUMNS = ["code", "label_en", "label_zh", "unit", "definition"]
CRIME_COLUMNS = ["code", "label_en", "label_zh", "parent", "statutes", "definition"]

DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?[?~%]?")
Row = dict[str, Any]
Report = Callable[[str, str], None]


def check(folder: str | Path) -> list[str]:
    """Return one line for everything that is wrong below the folder; an empty list is a clean bill."""
    found: list[str] = []

    def wrong(where: str, what: str) -> None:
        found.append(f"{where}: {what}")

    root = Path(folder)
    measures = _table(root / "measures.csv", MEASURE_COLUMNS, wrong)
    crimes = _table(root / "crime_types.csv", CRIME_COLUMNS, wrong)
    _check_vocabularies(measures, crimes, wrong)
    campaigns = _read(root / "campaigns.json", wrong)
    records: dict[str, Row] = {}
    files = sorted((root / "collection").glob("*.json"))
    if not files:
        wrong(str(root / "collection"), "holds no .json file")
    for path in files:
        record = _read(path, wrong)
        if isinstance(record, dict) and _check_record(path.name, record, measures, crimes, wrong):
            records[record["key"]] = record
    _check_ties(records, wrong)
    if (root / "collection" / "decisions.csv").exists():
        _check_decisions(root / "collection" / "decisions.csv", records, wrong)
    if isinstance(campaigns, list):
        _check_campaigns(campaigns, records, wrong)
    else:
        wrong("campaigns.json", "is not a list")
    return found


# --- small checks -----------------------------------------------------------------------------------------------


def date_ok(text: str) -> bool:
    """Say whether the text is a year, month or day that exists, with an optional `~`, `?` or `%`."""
    match = DATE.fullmatch(text)
    if not match:
        return False
    year, month, day = (int(part) if part else 0 for part in match.groups())
    if not 1900 <= year <= 2100 or (match[2] and not 1 <= month <= 12):
        return False
    return not match[3] or 1 <= day <= monthrange(year, month)[1]


def edtf_ok(text: str) -> bool:
    """Say whether the text is a partial date, or an interval of them with `..` or nothing for an open side."""
    sides = text.split("/")
    if len(sides) == 1:
        return date_ok(text)
    if len(sides) != 2 or not any(side not in ("", "..") for side in sides):
        return False
    if not all(side in ("", "..") or date_ok(side) for side in sides):
        return False
    start, end = (re.sub(r"[?~%]$", "", side) for side in sides)
    length = min(len(start), len(end))
    return start in ("", "..") or end in ("", "..") or start[:length] <= end[:length]


def place_ok(code: Any) -> bool:
    """Say whether this is the whole country or has the form of a GB/T 2260 code."""
    return isinstance(code, str) and (
        code == NATIONAL or bool(re.fullmatch(r"[0-9]{6}", code) and PROVINCE.match(code))
    )


def fold(name: str) -> str:
    """Reduce a name to its letters and digits, so that quotation marks, spaces and case do not tell names apart."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def words(text: str) -> float:
    """Measure a phrase: words of Latin script, and a third of the Chinese characters."""
    return len(re.findall(r"[\u4e00-\u9fff]", text)) / 3 + len(re.findall(r"[A-Za-z0-9][\w.,%$-]*", text))


def _shape(where: str, value: Any, members: dict[str, Any], wrong: Report) -> bool:
    if not isinstance(value, dict):
        wrong(where, "is not an object")
        return False
    types = {name.rstrip("*"): kind for name, kind in members.items()}
    needed = [name for name in members if not name.endswith("*")]
    problems = [f"{name} is not a member of the format" for name in value if name not in types]
    problems += [f"{name} is missing" for name in needed if name not in value]
    for name, kind in types.items():
        if name not in value:
            continue
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if not isinstance(value[name], kinds) or (isinstance(value[name], bool) and bool not in kinds):
            problems.append(f"{name} has the wrong type")
    if not problems and list(value) != [name for name in types if name in value]:
        problems.append("members are not in the agreed order")
    for problem in problems:
        wrong(where, problem)
    return not problems


def _text(where: str, text: str, wrong: Report, least: int = 1) -> None:
    if len(text.strip()) < least or text != text.strip():
        wrong(where, f"is empty, too short or has loose spaces: {text[:40]!r}")
    if re.search(r"(^|[\s(\"'])/(work|tmp|home|root|usr|var)/", text):
        wrong(where, f"names a path of a machine: {text[:60]!r}")


def _date(where: str, text: str | None, wrong: Report, valid: Callable[[str], bool] = date_ok) -> None:
    if text is not None and not valid(text):
        wrong(where, f"is not a date of the notation: {text!r}")


def _codes(where: str, codes: list[Any], known: Callable[[Any], bool], wrong: Report, least: int = 0) -> None:
    for code in codes:
        if not known(code):
            wrong(where, f"{code!r} is not known")
    if len(set(map(str, codes))) != len(codes):
        wrong(where, "names one twice")
    if len(codes) < least:
        wrong(where, f"takes {least} or more")


# --- files ------------------------------------------------------------------------------------------------------


def _read(path: Path, wrong: Report) -> Any:
    try:
        raw = path.read_bytes().decode("utf-8")
        value = json.loads(raw)
    except (OSError, ValueError) as problem:
        wrong(path.name, f"cannot be read: {problem}")
        return None
    if raw != json.dumps(value, ensure_ascii=False, indent=2) + "\n":
        wrong(path.name, "is not laid out as agreed (UTF-8, indent 2, a line feed at the end)")
    return value


def _table(path: Path, columns: list[str], wrong: Report) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames != columns:
                wrong(path.name, f"has the columns {reader.fieldnames}")
                return rows
            for row in reader:
                if row["code"] in rows:
                    wrong(path.name, f"{row['code']} stands twice")
                if None in row or not all(row[c] and row[c] == row[c].strip() for c in columns if c != "parent"):
                    wrong(path.name, f"{row['code']} has an empty or untidy cell")
                rows[row["code"]] = row
    except OSError as problem:
        wrong(path.name, f"cannot be read: {problem}")
    return rows


def _check_vocabularies(measures: dict[str, Row], crimes: dict[str, Row], wrong: Report) -> None:
    for code, row in crimes.items():
        if row["parent"] and row["parent"] not in crimes:
            wrong("crime_types.csv", f"{code} has an unknown parent")
        if "." in code and row["parent"] != code.rsplit(".", 1)[0]:
            wrong("crime_types.csv", f"{code} does not stand under its prefix")
    for code, row in measures.items():
        units = set(row["unit"].split("/"))
        if units & MONEY and units != MONEY:
            wrong("measures.csv", f"{code} does not take every currency")
    for name in ("label_en", "label_zh"):
        for rows, file in ((measures, "measures.csv"), (crimes, "crime_types.csv")):
            labels = [row[name] for row in rows.values()]
            for label in sorted({label for label in labels if labels.count(label) > 1}):
                wrong(file, f"two rows are labelled {label}")


# --- one record -------------------------------------------------------------------------------------------------


def _check_record(name: str, record: Row, measures: dict[str, Row], crimes: dict[str, Row], wrong: Report) -> bool:
    if not _shape(name, record, RECORD, wrong):
        return False
    if name != f"{record['key']}.json" or not re.fullmatch(r"[a-z][a-z0-9-]*", record["key"]):
        wrong(name, "file name and key differ or have the wrong form")
    for member, allowed in (("kind", KINDS), ("language", LANGUAGES), ("translation", TRANSLATIONS)):
        if record[member] not in allowed:
            wrong(name, f"{member} is {record[member]!r}")
    if "role" in record:
        if record["role"] not in ROLES:
            wrong(name, f"role is {record['role']!r}")
        elif record["role"] == ("original" if record["kind"] == "release" else "report"):
            wrong(name, "role is written although it is the default")
        elif (
            record["kind"] == "feature"
            and record["reports_on"] is None
            and not {"also_reports_on", "release"} & set(record)
        ):
            wrong(name, "role is written on a feature that reports no release")
    if _shape(f"{name} publisher", record["publisher"], PUBLISHER, wrong):
        if record["publisher"]["kind"] not in PUBLISHER_KINDS:
            wrong(name, f"publisher kind is {record['publisher']['kind']!r}")
        if not re.fullmatch(r"[A-Z]{2}", record["publisher"]["country"]):
            wrong(name, "publisher country is not a code of two letters")
    for member in ("url", "archived_url"):
        if record.get(member) is not None and not re.fullmatch(r"https?://\S+", record[member]):
            wrong(name, f"{member} is not an address")
    _date(f"{name} published", record["published"], wrong)
    _text(f"{name} title", record["title"], wrong)
    _text(f"{name} abstract", record["abstract"], wrong, 40)
    if not 2 <= len(re.findall(r"[.!?](?=\s|$)", record["abstract"])) <= 5:
        wrong(name, "abstract should have two to four sentences")
    if "release" in record and _shape(f"{name} release", record["release"], RELEASE, wrong):
        if record["reports_on"] is not None:
            wrong(name, "release is written on the fullest member only")
        _text(f"{name} release name", record["release"]["name"], wrong)
        _date(f"{name} release disclosed", record["release"]["disclosed"], wrong, edtf_ok)
    _codes(f"{name} places", record["places"], place_ok, wrong)
    _codes(f"{name} crime_types", record["crime_types"], crimes.__contains__, wrong)
    for i, mention in enumerate(record["campaigns"], 1):
        where = f"{name} campaign {i}"
        if _shape(where, mention, MENTION, wrong):
            for side in ("start", "end"):
                _date(f"{where} {side}", mention[side], wrong)
            _codes(f"{where} aliases", mention["aliases"], lambda alias: isinstance(alias, str), wrong)
    _check_cases(name, record, crimes, wrong)
    _check_figures(name, record, measures, crimes, wrong)
    return True


def _check_cases(name: str, record: Row, crimes: dict[str, Row], wrong: Report) -> None:
    numbers = [case.get("number") for case in record["cases"] if isinstance(case, dict)]
    if len(set(numbers)) != len(numbers):
        wrong(name, "two cases have the same number")
    for case in record["cases"]:
        where = f"{name} case {case.get('number') if isinstance(case, dict) else '?'}"
        if not _shape(where, case, CASE, wrong):
            continue
        _text(f"{where} heading", case["heading"], wrong)
        _text(f"{where} summary", case["summary"], wrong, 10)
        _date(f"{where} period", case["period"], wrong, edtf_ok)
        _codes(f"{where} crime_types", case["crime_types"], record["crime_types"].__contains__, wrong)
        pairs = []
        for place in case["places"]:
            if _shape(f"{where} place", place, CASE_PLACE, wrong):
                if not place_ok(place["code"]) or place["role"] not in PLACE_ROLES:
                    wrong(where, f"place {place!r}")
                pairs.append((place["code"], place["role"]))
        if len(set(pairs)) != len(pairs):
            wrong(where, "a place is named twice in the same role")


def _check_figures(name: str, record: Row, measures: dict[str, Row], crimes: dict[str, Row], wrong: Report) -> None:
    figures = [figure for figure in record["figures"] if isinstance(figure, dict)]
    by_ref = {figure.get("ref"): figure for figure in figures}
    if len(by_ref) != len(record["figures"]):
        wrong(name, "a figure is no object, or two have the same ref")
    named = {mention["name"] for mention in record["campaigns"] if isinstance(mention, dict) and "name" in mention}
    numbers = {case.get("number") for case in record["cases"] if isinstance(case, dict)}
    for figure in figures:
        where = f"{name} {figure.get('ref', '?')}"
        if not _shape(where, figure, FIGURE, wrong):
            continue
        for problem in _figure_problems(figure, by_ref, measures, named, numbers):
            wrong(where, problem)
        for one, several, known in (
            ("crime_type", "crime_types", crimes.__contains__),
            ("place", "places", place_ok),
        ):
            codes = figure.get(several, [figure[one]] if figure[one] is not None else [])
            _codes(f"{where} {several}", codes, known, wrong, 2 if several in figure else 0)
            if several in figure and figure[one] is not None:
                wrong(where, f"{one} must be null beside {several}")
            for code in codes:
                if one == "crime_type" and not any(_kin(code, other) for other in record["crime_types"]):
                    wrong(where, f"crime type not at announcement level: {code}")
        if NATIONAL in figure.get("places", []):
            wrong(where, "the whole country stands beside other places")
        if figure["place"] == NATIONAL and record["places"][:1] != [NATIONAL]:
            wrong(where, "000000 is not the first of the record's places")
        for member, valid in (("period", edtf_ok), ("as_of", date_ok), ("base_period", edtf_ok)):
            _date(f"{where} {member}", figure.get(member), wrong, valid)
        _text(f"{where} phrase", figure["phrase"], wrong)
        if words(figure["phrase"]) > 13:
            wrong(where, f"phrase too long: {figure['phrase']}")
        for member in ("note", "preferred"):
            if figure.get(member) is not None:
                _text(f"{where} {member}", figure[member], wrong)


def _figure_problems(
    figure: Row, by_ref: dict[Any, Row], measures: dict[str, Row], named: set[str], numbers: set[Any]
) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", figure["ref"]):
        yield "ref has the wrong form"
    if figure["measure"] not in measures:
        yield f"measure {figure['measure']} is not known"
    elif figure["unit"] not in measures[figure["measure"]]["unit"].split("/"):
        yield f"{figure['measure']} is not counted in {figure['unit']}"
    if figure["qualifier"] not in QUALIFIERS:
        yield f"qualifier {figure['qualifier']} is not known"
    if (figure["qualifier"] == "range") != ("high" in figure):
        yield "high belongs to a range and a range needs it"
    elif "high" in figure and figure["high"] <= figure["value"]:
        yield "high is not above value"
    if "step" in figure and figure["step"] <= 0:
        yield "step is not above zero"
    if figure["value"] < 0 and figure["measure"] != "change_percent":
        yield "a count is below zero"
    if figure["campaign"] is not None and figure["campaign"] not in named:
        yield f"campaign not in the record: {figure['campaign']}"
    if figure["case"] is not None and figure["case"] not in numbers:
        yield f"case {figure['case']} is not in the record"
    for member in ("part_of", "converted_from"):
        if member in figure and (figure[member] == figure["ref"] or figure[member] not in by_ref):
            yield f"{member} leads to {figure[member]}, which is no other figure of the record"
    seen, whole = {figure["ref"]}, figure
    while (whole := by_ref.get(whole.get("part_of"), {})) and whole is not figure:
        if whole["ref"] in seen:
            yield "part_of goes round in a circle"
            break
        seen.add(whole["ref"])
    source = by_ref.get(figure.get("converted_from"))
    if source and (source.get("unit") == figure["unit"] or {source.get("unit"), figure["unit"]} - MONEY):
        yield "converted_from does not lead to an amount in another currency"
    relative = figure["measure"] in ("change_percent", "share_percent")
    if "of_measure" in figure and (not relative or figure["of_measure"] not in measures):
        yield "of_measure needs a change or a share, and a known measure"
    if "base_period" in figure and figure["measure"] != "change_percent":
        yield "base_period needs a change"


def _kin(code: str, other: str) -> bool:
    return code == other or code.startswith(f"{other}.") or other.startswith(f"{code}.")


# --- what ties records to each other ----------------------------------------------------------------------------


def _check_ties(records: dict[str, Row], wrong: Report) -> None:
    urls: dict[str, str] = {}
    for key, record in records.items():
        url = record["url"]
        if url is not None and urls.setdefault(url, key) != key:
            wrong(key, f"url also in {urls[url]}")
        also = record.get("also_reports_on", [])
        for member, targets in (("reports_on", [record["reports_on"]]), ("also_reports_on", also)):
            for target in targets:
                if target is None and member == "reports_on":
                    continue
                if target not in records or target == key:
                    wrong(key, f"{member} leads to {target!r}")
                elif records[target]["reports_on"] is not None:
                    wrong(key, f"{member} leads to {target}, which reports on {records[target]['reports_on']}")
        if "also_reports_on" in record and (not also or record["reports_on"] in also or len(set(also)) != len(also)):
            wrong(key, "also_reports_on is empty or names a release twice")
    fullest = {target for r in records.values() for target in (r["reports_on"], *r.get("also_reports_on", []))}
    for target in sorted(fullest & records.keys()):
        if "release" not in records[target]:
            wrong(target, "has members but says nothing of its release")
    cases = {f"{k}/{case['number']}": case for k, r in records.items() for case in r["cases"] if "number" in case}
    for name, case in cases.items():
        target = case.get("same_as")
        if target is None:
            continue
        if target not in cases or target == name:
            wrong(name, f"same_as leads to {target!r}")
        elif "same_as" in cases[target]:
            wrong(name, f"same_as leads to {target}, which is the same as {cases[target]['same_as']}")


def _check_decisions(path: Path, records: dict[str, Row], wrong: Report) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        lines = list(reader)
    if reader.fieldnames != DECISION_COLUMNS:
        wrong(path.name, f"has the columns {reader.fieldnames}")
        return
    figures = {(key, figure.get("ref")): figure for key, record in records.items() for figure in record["figures"]}
    pairs = [tuple((line[f"{side}_key"], line[f"{side}_ref"]) for side in "ab") for line in lines]
    if any(a >= b for a, b in pairs) or pairs != sorted(set(pairs)):
        wrong("decisions.csv", "a pair stands twice, or not in its order")
    for n, (line, pair) in enumerate(zip(lines, pairs, strict=True), 1):
        where = f"decisions.csv, decision {n}"
        for name in pair:
            if name not in figures:
                wrong(where, f"there is no figure {'/'.join(name)}")
        if len({(figures[name]["measure"], figures[name]["unit"]) for name in pair if name in figures}) > 1:
            wrong(where, "the two figures are not counted alike")
        if line["decision"] not in DECISIONS:
            wrong(where, f"{line['decision']} is no decision")
        if not line["reason"].strip():
            wrong(where, "has no reason")
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", line["decided_at"]):
            wrong(where, f"{line['decided_at']} is no moment of UTC")


# --- campaigns --------------------------------------------------------------------------------------------------


def _check_campaigns(campaigns: list[Any], records: dict[str, Row], wrong: Report) -> None:
    known: dict[str, Row] = {}
    owners: dict[tuple[str, int | None], str] = {}
    for i, campaign in enumerate(campaigns, 1):
        where = f"campaigns.json {campaign.get('slug') if isinstance(campaign, dict) else i}"
        if not _shape(where, campaign, CAMPAIGN, wrong):
            continue
        if campaign["slug"] in known:
            wrong(where, "slug stands twice")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", campaign["slug"]):
            wrong(where, "slug has the wrong form")
        known[campaign["slug"]] = campaign
        for side in ("start", "end"):
            _date(f"{where} {side}", campaign[side], wrong)
        _text(f"{where} description", campaign["description"], wrong, 40)
        own = [campaign["name_en"], *([campaign["name_zh"]] if campaign["name_zh"] else [])]
        for name in campaign["names"]:
            if not _shape(f"{where} name", name, CAMPAIGN_NAME, wrong):
                continue
            if name["script"] not in SCRIPTS.get(name["language"], set()):
                wrong(where, f"{name['name']}: language {name['language']} in script {name['script']}")
            if (name["script"] == "Latn") == bool(re.search(r"[\u4e00-\u9fff]", name["name"])):
                wrong(where, f"{name['name']} is not in the script {name['script']}")
            own.append(name["name"])
        folded = [fold(name) for name in own]
        for name in sorted({name for name in folded if folded.count(name) > 1}):
            wrong(where, f"has the name {name} twice")
        for name in set(folded):
            owner = owners.setdefault((name, campaign["year"]), campaign["slug"])
            if owner != campaign["slug"]:
                wrong(where, f"shares the name {name} of {campaign['year']} with {owner}")
    for slug, campaign in known.items():
        if campaign["parent"] is not None and campaign["parent"] not in known:
            wrong(f"campaigns.json {slug}", f"parent {campaign['parent']} is not known")
        for other in campaign["not_to_be_confused_with"]:
            if other not in known or other == slug:
                wrong(f"campaigns.json {slug}", f"not_to_be_confused_with {other!r}")
            elif slug not in known[other]["not_to_be_confused_with"]:
                wrong(f"campaigns.json {slug}", f"{other} does not name it in return")
    by_name = {(campaign["name_en"], campaign["year"]): campaign for campaign in known.values()}
    names_en = {name for name, _year in by_name}
    for key, record in records.items():
        for mention in record["campaigns"]:
            if not isinstance(mention, dict) or not {"name", "year", "aliases", "parent"} <= set(mention):
                continue
            campaign = by_name.get((mention["name"], mention["year"]))
            if campaign is None:
                wrong(key, f"{mention['name']} ({mention['year']}) is not in campaigns.json")
                continue
            if mention["parent"] is not None and mention["parent"] not in names_en:
                wrong(key, f"parent {mention['parent']} is not in campaigns.json")
            allowed = {campaign["slug"], *campaign["not_to_be_confused_with"]}
            for alias in mention["aliases"]:
                if (
                    owners.get((fold(alias), mention["year"])) not in allowed
                    and (mention["name"], alias) not in NOT_A_NAME
                ):
                    wrong(key, f"{alias!r} is not among the names of {campaign['slug']}")
            printed = mention["name_zh"]
            if printed is not None and owners.get((fold(printed), mention["year"])) != campaign["slug"]:
                wrong(key, f"{printed!r} is not among the names of {campaign['slug']}")


def main(arguments: list[str]) -> int:
    """Print what `check` finds and how much was read; return the exit status."""
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent / "fixtures"
    found = check(folder)
    for _line in found:
        pass
    list((folder / "collection").glob("*.json"))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
