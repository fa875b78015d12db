"""An independent model of the three lists: the collection read from its files and filtered in plain Python.

It follows the rules of the addresses and parameters as they are written down, without the database and without
the code under test. Only the step of a number in words comes from `cases.intervals`, which has tests of its own.
Records are named as in the interchange: announcements by (key,), cases by (key, number), figures by (key, ref).
"""

import csv
import json
import re
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Count
from django.utils.text import slugify
from hypothesis import strategies as st

from cases.choices import AnnouncementKind, Language, PlaceRole, Qualifier, Unit, VerdictKind
from cases.intervals import interval, step_for
from cases.models import ReleaseReport, Verdict

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
KINDS = ("announcements", "cases", "figures")
EVERYWHERE = ("year", "province", "place", "crime_type", "campaign", "publisher", "kind", "language")
FACETS = {
    "announcements": EVERYWHERE,
    "cases": (*EVERYWHERE, "role"),
    "figures": (*EVERYWHERE, "measure", "unit", "qualifier", "verdict"),
}
HAVE_NONE = ("year", "province", "place", "crime_type", "campaign", "verdict")
# The order in which parameters stand in every address that the site writes.
ORDER = (
    *("q", "year", "province", "place", "role", "crime_type", "campaign", "measure", "unit", "qualifier"),
    *(
        "verdict",
        "publisher",
        "kind",
        "language",
        "after",
        "before",
        "min",
        "max",
        "sort",
        "page",
        "per_page",
        "facets",
    ),
)

Identity = tuple[Any, ...]
Values = frozenset[str]
Days = tuple[date | None, date | None]


@dataclass(frozen=True)
class Record:
    """One record as a list sees it: the values it has in each facet, ancestors included."""

    identity: Identity
    values: dict[str, Values]
    published: Days | None
    in_roles: frozenset[tuple[str, str]] = frozenset()  # of a case: (role, place code or province slug)
    claims: tuple[Decimal | None, Decimal | None, bool, bool] | None = None  # of a figure: low, high, each included?


@dataclass(frozen=True)
class State:
    """What a reader has asked of a list."""

    kind: str
    chosen: dict[str, list[str]] = field(default_factory=dict)
    excluded: dict[str, list[str]] = field(default_factory=dict)
    single: dict[str, str] = field(default_factory=dict)

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters in the one order that the site itself writes."""
        found: list[tuple[str, str]] = []
        for name in ORDER:
            found += [(name, value) for value in sorted(set(self.chosen.get(name, ())))]
            found += [(f"{name}.not", value) for value in sorted(set(self.excluded.get(name, ())))]
            found += [(name, self.single[name])] if name in self.single else []
        return found

    def alone(self, facet: str, value: str) -> "State":
        """Return the state with this value alone chosen in its facet, all else kept."""
        return replace(self, chosen={**self.chosen, facet: [value]})


# --- vocabularies ---------------------------------------------------------------------------------------------------


@cache
def places() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in _csv("gazetteer.csv")}


@cache
def crime_types() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in _csv("crime_types.csv")}


@cache
def measures() -> list[str]:
    return [row["code"] for row in _csv("measures.csv")]


@cache
def campaigns() -> dict[str, dict[str, Any]]:
    return {c["slug"]: c for c in json.loads((FIXTURES / "campaigns.json").read_text(encoding="utf-8"))}


@cache
def provinces() -> dict[str, str]:
    """Return the codes of provinces, and of the whole country, by their slugs."""
    return {place["slug"]: code for code, place in places().items() if place["slug"]}


@cache
def years() -> list[str]:
    return sorted({str(c["year"]) for c in campaigns().values() if c["year"]}, reverse=True)


def vocabulary(kind: str, facet: str) -> list[str]:
    """Return every value that a facet may be asked for, `none` aside."""
    known: dict[str, Iterable[str]] = {
        "year": years(),
        "province": provinces(),
        "place": places(),
        "crime_type": crime_types(),
        "campaign": campaigns(),
        "publisher": {value for record in records(kind) for value in record.values["publisher"]},
        "kind": AnnouncementKind.values,
        "language": Language.values,
        "role": PlaceRole.values,
        "measure": measures(),
        "unit": Unit.values,
        "qualifier": Qualifier.values,
        "verdict": VerdictKind.values,
    }
    return list(known[facet])


def _csv(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _with_ancestors(values: Iterable[str], nodes: dict[str, dict[str, Any]]) -> Values:
    found: set[str] = set()
    for value in values:
        node: str | None = value
        while node:
            found.add(node)
            node = nodes[node]["parent"]
    return frozenset(found)


def _root(code: str) -> str:
    while parent := places()[code]["parent"]:
        code = parent
    return code


def _provinces_of(codes: Iterable[str]) -> Values:
    return frozenset(places()[_root(code)]["slug"] for code in codes)


# --- records --------------------------------------------------------------------------------------------------------


@cache
def collection() -> list[dict[str, Any]]:
    files = sorted((FIXTURES / "collection").glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in files]


@cache
def records(kind: str) -> list[Record]:
    """Return the records of a kind."""
    of = {"announcements": _announcement, "cases": _cases, "figures": _figures}[kind]
    return [record for announcement in collection() for record in of(announcement)]


def _slugs(announcement: dict[str, Any]) -> dict[str, str]:
    """Return the slugs of an announcement's campaigns by their names."""
    known = {(c["name_en"], c["year"]): slug for slug, c in campaigns().items()}
    return {c["name"]: known[c["name"], c["year"]] for c in announcement["campaigns"]}


def _years(slugs: Iterable[str]) -> Values:
    return frozenset(str(campaigns()[slug]["year"]) for slug in slugs if campaigns()[slug]["year"])


def _printed_by(announcement: dict[str, Any]) -> dict[str, Values]:
    return {
        "publisher": frozenset({slugify(announcement["publisher"]["name"])}),
        "kind": frozenset({announcement["kind"]}),
        "language": frozenset({announcement["language"]}),
    }


def _scope(codes: Iterable[str], types: Iterable[str]) -> dict[str, Values]:
    return {
        "province": _provinces_of(codes),
        "place": _with_ancestors(codes, places()),
        "crime_type": _with_ancestors(types, crime_types()),
    }


def _announcement(a: dict[str, Any]) -> Iterable[Record]:
    slugs = _slugs(a).values()
    values = {
        "year": _years(slugs),
        "campaign": _with_ancestors(slugs, campaigns()),
        **_scope(a["places"], a["crime_types"]),
        **_printed_by(a),
    }
    yield Record((a["key"],), values, days(a["published"]))


def _cases(a: dict[str, Any]) -> Iterable[Record]:
    (of_announcement,) = _announcement(a)
    for case in a["cases"]:
        roles = frozenset(place["role"] for place in case["places"])
        in_roles = {
            (place["role"], name)
            for place in case["places"]
            for name in _with_ancestors([place["code"]], places()) | _provinces_of([place["code"]])
        }
        codes = [place["code"] for place in case["places"]]
        values = {**of_announcement.values, **_scope(codes, case["crime_types"]), "role": roles}
        yield Record((a["key"], case["number"]), values, of_announcement.published, frozenset(in_roles))


def _figures(a: dict[str, Any]) -> Iterable[Record]:
    by_number = {case["number"]: case for case in a["cases"]}
    for f in a["figures"]:
        case = by_number.get(f["case"], {"places": [], "crime_types": []})
        codes = [f["place"]] if f["place"] else f.get("places", [])
        types = [f["crime_type"]] if f["crime_type"] else f.get("crime_types", [])
        slugs = [_slugs(a)[f["campaign"]]] if f["campaign"] else []
        values = {
            "year": _years(slugs),
            "campaign": _with_ancestors(slugs, campaigns()),
            **_scope(codes or [p["code"] for p in case["places"]], types or case["crime_types"]),
            **_printed_by(a),
            **{name: frozenset({f[name]}) for name in ("measure", "unit", "qualifier")},
            "verdict": verdicts().get((a["key"], f["ref"]), frozenset()),
        }
        yield Record((a["key"], f["ref"]), values, days(a["published"]), claims=_claims(f))


@cache
def verdicts() -> dict[Identity, Values]:
    """Return how figures stand to others: what the pairs say (tests/test_contradictions.py holds these to the list)."""
    found: dict[Identity, set[str]] = defaultdict(set)
    paired = set()
    columns = ("a__announcement__key", "a__ref", "b__announcement__key", "b__ref", "verdict", "basis")
    for a, a_ref, b, b_ref, verdict, basis in Verdict.objects.values_list(*columns):
        for identity in ((a, a_ref), (b, b_ref)):
            found[identity].add(verdict)
            if basis == "release":
                paired.add(identity)
    reports = ReleaseReport.objects.annotate(n=Count("release__reports")).filter(n__gt=1)
    in_company = set(reports.values_list("announcement__key", flat=True))
    for a in collection():
        for f in a["figures"] if a["key"] in in_company else ():
            if (a["key"], f["ref"]) not in paired:
                found[a["key"], f["ref"]].add("only_here")
    return {identity: frozenset(values) for identity, values in found.items()}


def _claims(f: dict[str, Any]) -> tuple[Decimal | None, Decimal | None, bool, bool]:
    """Return the values that a claim allows, by the published rule of intervals."""
    value = Decimal(repr(f["value"]))
    step = Decimal(repr(f["step"])) if "step" in f else Decimal(step_for(f["phrase"], value))
    if f["qualifier"] == "exact":
        return value, value, True, True
    if f["qualifier"] == "at_least":
        return value, None, True, False
    if f["qualifier"] == "about":
        return value - step, value + step, True, True
    if f["qualifier"] == "more_than" and value >= 0:
        return value, value + step, True, False
    if f["qualifier"] == "nearly" and value >= 0:
        return value - step, value, False, False
    by_table = interval(
        value, f["qualifier"], step, high=f.get("high"), phrase=f["phrase"], signed=f["unit"] == "percent"
    )
    return by_table.low, by_table.high, by_table.low_closed, by_table.high_closed


# --- dates ----------------------------------------------------------------------------------------------------------


def days(text: str | None) -> Days | None:
    """Return the first and the last day that a partial date may mean; None if there is none."""
    if text is None:
        return None
    first, _slash, last = text.partition("/")
    last = last if _slash else first
    return (_bounds(first)[0] if first.strip(".") else None, _bounds(last)[1] if last.strip(".") else None)


def _bounds(text: str) -> tuple[date, date]:
    year, *rest = (int(part) for part in re.findall("[0-9]+", text))
    month, day = [*rest, None, None][:2]
    return (
        date(year, month or 1, day or 1),
        date(year, month or 12, day or monthrange(year, month or 12)[1]),
    )


# --- what a list answers --------------------------------------------------------------------------------------------


def matches(record: Record, state: State) -> bool:
    """Say whether a record belongs to the answer: OR within a parameter, AND between them."""
    roles = state.chosen.get("role", [])
    for name, wanted in state.chosen.items():
        if roles and name in ("place", "province"):
            # A place and its role must be stated of each other; what is not stated has no role.
            if not any((role, value) in record.in_roles for role in roles for value in wanted):
                return False
        elif not _has(record, name, wanted):
            return False
    if any(_has(record, name, unwanted) for name, unwanted in state.excluded.items()):
        return False
    return _overlaps(record, state.single)


def _has(record: Record, facet: str, wanted: list[str]) -> bool:
    own = record.values[facet]
    return bool(own & set(wanted)) or (not own and "none" in wanted)


def _overlaps(record: Record, single: dict[str, str]) -> bool:
    if "after" in single or "before" in single:
        if record.published is None:
            return False
        earliest, latest = record.published
        if "after" in single and latest and latest < _bounds(single["after"])[0]:
            return False
        if "before" in single and earliest and earliest > _bounds(single["before"])[1]:
            return False
    if "min" in single or "max" in single:
        assert record.claims is not None
        low, high, low_included, high_included = record.claims
        if "min" in single and high is not None:
            least = Decimal(single["min"].replace(",", ""))
            if high < least or (high == least and not high_included):
                return False
        if "max" in single and low is not None:
            most = Decimal(single["max"].replace(",", ""))
            if low > most or (low == most and not low_included):
                return False
    return True


def found(state: State) -> set[Identity]:
    """Return the records that a list has to answer with."""
    return {record.identity for record in records(state.kind) if matches(record, state)}


def counts(state: State, facet: str) -> dict[str, int]:
    """Return, for each value of a facet, the records with that value alone chosen; others are absent."""
    if facet == "role":
        numbers = {value: len(found(state.alone(facet, value))) for value in PlaceRole.values}
        return {value: n for value, n in numbers.items() if n}
    others = replace(state, chosen={name: values for name, values in state.chosen.items() if name != facet})
    counted = Counter(
        value for record in records(state.kind) if matches(record, others) for value in _countable(record, facet, state)
    )
    return dict(counted)


def _countable(record: Record, facet: str, state: State) -> Iterable[str]:
    """Return the values of a facet by which a record can be found."""
    roles = state.chosen.get("role")
    if roles and facet in ("province", "place"):
        known = provinces() if facet == "province" else places()
        return {value for role, value in record.in_roles if role in roles and value in known}
    return record.values[facet] or {"none"}


# --- random states --------------------------------------------------------------------------------------------------

DATES = ("2011", "2014-03", "2016", "2018", "2018-09", "2018-09-07", "2019年", "2020年4月", "2021-07-31", "2024~")
NUMBERS = ("0", "1", "5", "12", "100", "2,000", "22000", "33000", "57519.5", "188000000", "-30")


@st.composite
def states(draw: st.DrawFn, kind: str, most: int = 4) -> State:
    """Draw what readers ask: one to four parameters, near a record that exists, so that most answers hold something."""
    near = draw(st.sampled_from(records(kind)))
    chosen: dict[str, list[str]] = {}
    excluded: dict[str, list[str]] = {}
    single: dict[str, str] = {}
    singles = ("after", "before", *(("min", "max") if kind == "figures" else ()))
    names = [*FACETS[kind], *(f"{name}.not" for name in FACETS[kind]), *singles]
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=most, unique=True)):
        if name in singles:
            single[name] = draw(st.sampled_from(DATES if name in ("after", "before") else NUMBERS))
            continue
        facet = name.removesuffix(".not")
        offered = [*vocabulary(kind, facet), *(["none"] if facet in HAVE_NONE else [])]
        if name != facet:
            excluded[facet] = draw(st.lists(st.sampled_from(offered), min_size=1, max_size=3, unique=True))
            continue
        own = sorted(near.values[facet]) or (["none"] if facet in HAVE_NONE else offered)
        chosen[facet] = [draw(st.sampled_from(own))]
        chosen[facet] += draw(st.lists(st.sampled_from([*own, *offered]), max_size=3, unique=True))
        chosen[facet] = list(dict.fromkeys(chosen[facet]))
    if "role" in chosen and draw(st.booleans()):
        chosen.setdefault("province", [draw(st.sampled_from(sorted(near.values["province"]) or ["none"]))])
    return State(kind, chosen, excluded, single)
