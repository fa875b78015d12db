"""Find places by name, in English, pinyin or Chinese, as the gazetteer file spells them.

A name belongs to many places (Suzhou in Jiangsu, Suzhou in Anhui), a place has many names (Xi'an, Xian, 西安, Sian).
``Index.lookup`` answers with all that have the name, the larger ones first; it never chooses. ``Index.spellings`` lists
the names that are safe to look for in running text. docs/gazetteer.md tells where the names come from.
"""

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

COUNTRY, PROVINCE, PREFECTURE, COUNTY = LEVELS = ("country", "province", "prefecture", "county")
COLUMNS: Final = ("code", "level", "parent", "slug", "name_zh", "name_en", "pinyin", "lat", "lon", "other_names")
SHIPPED: Final = Path(__file__).resolve().parents[2] / "fixtures" / "gazetteer.csv"


@dataclass(frozen=True, slots=True)
class Entry:
    """One place. `parent` and `slug` are empty where there is none; a missing point is None."""

    code: str
    level: str
    parent: str
    slug: str
    name_zh: str
    name_en: str
    pinyin: str
    lat: float | None
    lon: float | None
    other_names: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The Chinese name, the English one, and the others."""
        return (self.name_zh, self.name_en, *self.other_names)


def read_gazetteer(path: Path) -> list[Entry]:
    """Read the gazetteer file. Raises ValueError, with the line, for a file that is not one."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        if tuple(next(rows, ())) != COLUMNS:
            raise ValueError(f"{path.name}: the first line must be {','.join(COLUMNS)}")
        return [_read_row(row, f"{path.name}, line {rows.line_num}") for row in rows if row]


def _read_row(row: list[str], where: str) -> Entry:
    if len(row) != len(COLUMNS):
        raise ValueError(f"{where}: {len(row)} columns, not {len(COLUMNS)}")
    code, level, parent, slug, name_zh, name_en, pinyin, lat, lon, others = row
    if not re.fullmatch("[0-9]{6}", code) or level not in LEVELS:
        raise ValueError(f"{where}: {code!r} is not a code of six digits, or {level!r} not a level")
    try:
        north, east = (float(lat), float(lon)) if lat or lon else (None, None)
    except ValueError:
        raise ValueError(f"{where}: {lat!r}, {lon!r} is not a point") from None
    names = tuple(name for name in others.split("|") if name)
    return Entry(code, level, parent, slug, name_zh, name_en, pinyin, north, east, names)


# Folding: what makes two spellings one

_DROPPED = dict.fromkeys(map(ord, " \t\n\r\u3000'’‘ʼʹ`´′＇-‐‑‒–－·•.,"))
_MARKS = re.compile("[-'’‘ʼʹ`´′＇‐‑‒–－]")


def fold(name: str) -> str:
    """Return a name without what spellings differ in: case, width, accents, apostrophes, hyphens and spaces.

    "Tai'an", "Tai ’an", "TAI-AN" and "Taian" are equal, and so are "Ürümqi" and "Urumqi", "Hong Kong" and "hong-kong".
    """
    if not name.isascii():
        letters = unicodedata.normalize("NFKD", name)
        name = unicodedata.normalize("NFC", "".join(c for c in letters if not unicodedata.combining(c)))
    return name.casefold().translate(_DROPPED)


# Last words that name a kind of place, folded, with the levels they can stand for; longer ones first.
_KINDS: Final[tuple[tuple[str, frozenset[str]], ...]] = tuple(
    (word, frozenset(levels))
    for words, levels in (
        (("specialadministrativeregion", "autonomousregion", "municipality", "province"), {PROVINCE}),
        (("autonomousprefecture", "prefecture", "league"), {PREFECTURE}),
        (("autonomouscounty", "autonomousbanner", "district", "county", "banner", "newarea"), {COUNTY}),
        (("city",), {PROVINCE, PREFECTURE, COUNTY}),
        (("特别行政区", "特別行政區", "自治区", "自治區", "省"), {PROVINCE}),
        (("自治州", "地区", "地區", "州", "盟"), {PREFECTURE}),
        (("自治县", "自治縣", "自治旗", "县", "縣", "旗", "区", "區"), {COUNTY}),
        (("市",), {PROVINCE, PREFECTURE, COUNTY}),
    )
    for word in words
)

# The country's own names answer a look-up, but a text that says China does not claim the whole country.
_COUNTRY_NAMES: Final = ("China", "中国", "中國")

# Names that are also ordinary words: found when looked up, useless in running text.
_ORDINARY: Final = frozenset(
    "城区 郊区 矿区 东区 西区 南区 北区 和县 新县 老城区 新城区 新市区 城中区 市中区 大堂区 离岛区 Mile".split()  # noqa: SIM905
)


class Index:
    """The places of a gazetteer, by code and by name."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = {entry.code: entry for entry in sorted(entries, key=_rank)}
        self._children: dict[str, list[Entry]] = {}
        self._slugs: dict[str, Entry] = {}
        # Folded name → its places. Listed: as the file spells it. Bare: without the last word.
        self._listed: dict[str, dict[str, Entry]] = {}
        self._bare: dict[str, dict[str, Entry]] = {}
        # Whether a place writes a folded name with an apostrophe (Jin'an) or without (Jinan).
        self._marked: set[tuple[str, str]] = set()
        self._plain: set[tuple[str, str]] = set()
        for entry in self._entries.values():
            self._add(entry)
        for below in self._children.values():
            below.sort(key=lambda e: e.code)

    def _add(self, entry: Entry) -> None:
        if entry.parent:
            self._children.setdefault(entry.parent, []).append(entry)
        if entry.slug:
            self._slugs[entry.slug] = entry
        country = _COUNTRY_NAMES if entry.level == COUNTRY else ()
        for name in (*entry.names, entry.slug, entry.pinyin, *country):
            if key := fold(name):
                self._listed.setdefault(key, {})[entry.code] = entry
                (self._marked if "'" in name else self._plain).add((key, entry.code))
        for name in (entry.name_zh, entry.name_en):
            bare, levels = _split(fold(name))
            if levels and len(bare) > 1:
                self._bare.setdefault(bare, {})[entry.code] = entry

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        """Go through the places, larger ones first, by code within a level."""
        return iter(self._entries.values())

    def get(self, code: str) -> Entry | None:
        """Return the place with this code."""
        return self._entries.get(code)

    def by_slug(self, slug: str) -> Entry | None:
        """Return the province-level place, or the whole country, with exactly this slug."""
        return self._slugs.get(slug)

    def children(self, code: str) -> list[Entry]:
        """Return the places directly below this one, by code. The whole country has none: provinces stand alone."""
        return list(self._children.get(code, ()))

    def ancestors(self, code: str) -> list[Entry]:
        """Return the way down to a place: its province first, the place itself last; [] for an unknown code."""
        way: list[Entry] = []
        entry = self._entries.get(code)
        while entry is not None and entry not in way:
            way.append(entry)
            entry = self._entries.get(entry.parent)
        return way[::-1]

    def province_of(self, code: str) -> Entry | None:
        """Return the province-level place a place lies in (a province: itself; the whole country: itself)."""
        way = self.ancestors(code)
        return way[0] if way else None

    def lookup(self, name: str, within: str | None = None) -> list[Entry]:
        """Return every place of this name: provinces first, then prefectures, then counties, each by code.

        The name may end in any word for a kind of place, or in none: "Hefei", "Hefei City", 合肥, 合肥市. A kind
        narrows the answer where it can: "Jilin Province", "Chaoyang District". So does an apostrophe: "Jin'an" is not
        Jinan. `within` is the code of a place that the ones found must lie in, or be.
        """
        key = fold(name)
        found = self._listed.get(key)
        if not found:
            bare, levels = _split(key)
            found = self._listed.get(bare) or self._bare.get(bare) or {} if levels else {}
            found = {code: e for code, e in found.items() if e.level in levels} or found
            key = bare if found else key
        found = found or self._bare.get(key) or {}

        spelled = self._marked if _MARKS.search(name.strip()) else self._plain
        as_spelled = [entry for code, entry in found.items() if (key, code) in spelled]
        answer = as_spelled or list(found.values())
        if within is not None:
            answer = [entry for entry in answer if any(a.code == within for a in self.ancestors(entry.code))]
        return answer

    def suggest_slug(self, wrong: str) -> str | None:
        """Return the slug that someone meant who wrote this: "Canton" and 广东省 and "guangdnog" → guangdong.

        None where nothing is near, and where the name is one of places in several provinces.
        """
        found = self.lookup(wrong)
        if found:
            slugs = {self._slug_of(entry) for entry in found if entry.level == found[0].level}
            return slugs.pop() if len(slugs) == 1 else None
        for level in (PROVINCE, PREFECTURE):
            names = {fold(n): e for e in self if e.level == level for n in (*e.names, e.slug) if len(n) > 3}
            near = difflib.get_close_matches(fold(wrong)[:40], names, n=1, cutoff=0.8)
            if near:
                return self._slug_of(names[near[0]])
        return None

    def _slug_of(self, entry: Entry) -> str:
        province = self.province_of(entry.code)
        return province.slug if province else ""

    def spellings(self) -> Iterator[tuple[str, Entry]]:
        """Give every spelling that means a place where it stands in running text, once for each place that has it."""
        for entry in self:
            for name in dict.fromkeys(entry.names):
                if name not in _ORDINARY and (name.isascii() or entry.name_zh not in _ORDINARY):
                    yield name, entry


def _rank(entry: Entry) -> tuple[int, str]:
    return LEVELS.index(entry.level), entry.code


def _split(key: str) -> tuple[str, frozenset[str]]:
    """Return a folded name without its last word, and the levels that word stands for; no levels without the word."""
    for word, levels in _KINDS:
        if key.endswith(word) and len(key) > len(word):
            return key.removesuffix(word), levels
    return key, frozenset()


@cache
def shipped() -> Index:
    """Return the index of the gazetteer that comes with the archive, built once."""
    return Index(read_gazetteer(SHIPPED))


def suggest_slug(wrong: str) -> str | None:
    """Return the slug of the province meant by a wrong one, from the gazetteer that comes with the archive."""
    return shipped().suggest_slug(wrong)
