"""An independent model of the search for words: what every record can be found by, read from the files, plain Python.

Characters, words and numbers are compared in the plainest way: substrings, sets of words, values.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import snowballstemmer

from tests.oracle import FIXTURES, Identity, campaigns, collection, crime_types, places

TABLE = FIXTURES.parent / "cases" / "sql" / "traditional.tsv"
SCALES = {
    "": 1, "千": 10**3, "万": 10**4, "亿": 10**8, "万亿": 10**12,
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
NUMBER = re.compile(
    r"(?<![0-9.])([0-9]+(?:\.[0-9]+)?)(?:[\s-]*(万亿|千|万|亿)|[\s-]+(thousand|million|billion|trillion)\b)?"
)
stem = cache(snowballstemmer.stemmer("english").stemWord)


@dataclass(frozen=True)
class Record:
    """What one record is found by: its texts, each apart, simplified and in small letters."""

    identity: Identity
    texts: tuple[str, ...]

    def has(self, characters: str) -> bool:
        return any(characters in text for text in self.texts)

    @property
    def stems(self) -> frozenset[str]:
        return _stems(self.texts)

    @property
    def numbers(self) -> frozenset[Decimal]:
        return _numbers(self.texts)


@cache
def simplified() -> dict[int, str]:
    return {ord(line[0]): line[2] for line in TABLE.read_text(encoding="utf-8").splitlines()}


@cache
def plain(text: str) -> str:
    """Return a text in small letters and simplified characters, of plain width, numbers without commas."""
    small = unicodedata.normalize("NFKC", text).lower().translate(simplified())
    return re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", small)


@cache
def _stems(texts: tuple[str, ...]) -> frozenset[str]:
    words = (word for text in texts for word in re.findall("[a-z]+", re.sub("['’](s\\b)?", "", text)))
    return frozenset(stem(word) for word in words)


@cache
def _numbers(texts: tuple[str, ...]) -> frozenset[Decimal]:
    return frozenset(
        (Decimal(number) * SCALES[chinese or english]).normalize()
        for text in texts
        for number, chinese, english in NUMBER.findall(text)
    )


@cache
def records(kind: str) -> list[Record]:
    """Return what the records of a kind are found by. Their documents' texts are not among the files."""
    of = {"announcements": _announcement, "cases": _cases, "figures": _figures}[kind]
    return [
        Record(identity, tuple(plain(str(text)) for text in texts if text is not None))
        for announcement in collection()
        for identity, texts in of(announcement)
    ]


def _slugs(a: dict[str, Any]) -> dict[str, str]:
    known = {(c["name_en"], c["year"]): slug for slug, c in campaigns().items()}
    return {c["name"]: known[c["name"], c["year"]] for c in a["campaigns"]}


def _upwards(codes: Iterable[str], nodes: dict[str, dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for code in codes:
        at: str | None = code
        while at:
            yield nodes[at]
            at = nodes[at]["parent"]


def _names(slugs: Iterable[str], codes: Iterable[str], types: Iterable[str]) -> Iterable[str | None]:
    """Yield every name of campaigns, places and crime types, and of what they are part of."""
    for campaign in _upwards(slugs, campaigns()):
        yield from (campaign["name_en"], campaign["name_zh"], *(name["name"] for name in campaign["names"]))
    for place in _upwards(codes, places()):
        yield from (place["name_en"], place["name_zh"], *place["other_names"].split("|"))
        yield place["pinyin"].replace(" ", "")
    for crime_type in _upwards(types, crime_types()):
        yield from (crime_type["label_en"], crime_type["label_zh"])


def _announcement(a: dict[str, Any]) -> Iterable[tuple[Identity, list[Any]]]:
    printed = [name for c in a["campaigns"] for name in (c["name_zh"], *c["aliases"])]
    own = [a["title"], a["title_zh"], a["abstract"], a["publisher"]["name"], a["publisher"].get("name_zh"), *printed]
    figures = [text for f in a["figures"] for text in (f["phrase"], _number(f["value"]), _number(f.get("high")))]
    yield (a["key"],), [*own, *figures, *_names(_slugs(a).values(), a["places"], a["crime_types"])]


def _cases(a: dict[str, Any]) -> Iterable[tuple[Identity, list[Any]]]:
    for case in a["cases"]:
        names = _names(_slugs(a).values(), [place["code"] for place in case["places"]], case["crime_types"])
        yield (a["key"], case["number"]), [case["heading"], case["code_name"], case["summary"], *names]


def _figures(a: dict[str, Any]) -> Iterable[tuple[Identity, list[Any]]]:
    by_number = {case["number"]: case for case in a["cases"]}
    for f in a["figures"]:
        case = by_number.get(f["case"], {"places": [], "crime_types": []})
        codes = [f["place"]] if f["place"] else f.get("places", [])
        types = [f["crime_type"]] if f["crime_type"] else f.get("crime_types", [])
        slugs = [_slugs(a)[f["campaign"]]] if f["campaign"] else []
        names = _names(slugs, codes or [p["code"] for p in case["places"]], types or case["crime_types"])
        measure = _measures()[f["measure"]]
        own = [f["phrase"], f["note"], _number(f["value"]), _number(f.get("high")), *measure]
        yield (a["key"], f["ref"]), [*own, *names]


def _number(value: float | None) -> str | None:
    return None if value is None else f"{Decimal(repr(value)).normalize():f}"


@cache
def _measures() -> dict[str, tuple[str, str]]:
    with (FIXTURES / "measures.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["label_en"], row["label_zh"]) for row in csv.DictReader(file)}


def holding(kind: str, characters: str) -> set[Identity]:
    """Return the records that hold these characters next to each other."""
    return {record.identity for record in records(kind) if record.has(plain(characters))}


def saying(kind: str, word: str) -> set[Identity]:
    """Return the records that have an English word, in any of its forms."""
    return {record.identity for record in records(kind) if stem(word.lower()) in record.stems}


def printing(kind: str, value: int) -> set[Identity]:
    """Return the records that print a number, in whatever way."""
    return {record.identity for record in records(kind) if Decimal(value).normalize() in record.numbers}
