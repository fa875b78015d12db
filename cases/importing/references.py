"""What a record may name: the entries of the vocabularies, and the parts of the record itself."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases import releases
from cases.choices import ReportRole
from cases.importing.reader import Record


@dataclass(frozen=True)
class Known:
    """The codes of the vocabularies, the units of each measure, and the names of the campaigns."""

    places: Collection[str]
    crime_types: Collection[str]
    units: Mapping[str, Collection[str]]
    campaigns: Collection[str]


def problems(record: Record, known: Known) -> Iterator[tuple[str, str]]:
    """Yield (member, message) for everything that a record of the right shape names and that is not there."""
    for where, code in _named(record, "place", "places"):
        if code not in known.places:
            yield where, _("%(code)s is not in the gazetteer") % {"code": code}
    for where, code in _named(record, "crime_type", "crime_types"):
        if code not in known.crime_types:
            yield where, _("%(code)s is not a crime type of the archive") % {"code": code}
    yield from _cases(record)
    yield from _campaigns(record, known)
    yield from _figures(record, known)
    yield from _releases(record)


def _named(record: Record, single: str, several: str) -> Iterator[tuple[str, str]]:
    """Yield (member, code) wherever a record names a place or a crime type."""
    for code in record[several]:
        yield several, code
    for i, case in enumerate(record["cases"], 1):
        for named in case[several]:
            yield f"cases[{i}].{several}", named["code"] if isinstance(named, dict) else named
    for i, figure in enumerate(record["figures"], 1):
        if figure[single] is not None:
            yield f"figures[{i}].{single}", figure[single]
        for code in figure.get(several, []):
            yield f"figures[{i}].{several}", code


def _cases(record: Record) -> Iterator[tuple[str, str]]:
    numbers = [case["number"] for case in record["cases"]]
    if len(set(numbers)) < len(numbers):
        yield "cases", _("two cases have the same number")
    elif numbers != sorted(numbers):
        yield "cases", _("the cases are not in the order of their numbers")
    for i, case in enumerate(record["cases"], 1):
        pairs = [(place["code"], place["role"]) for place in case["places"]]
        if len(set(pairs)) < len(pairs):
            yield f"cases[{i}].places", _("a place is named twice in the same role")


def _campaigns(record: Record, known: Known) -> Iterator[tuple[str, str]]:
    names = [campaign["name"] for campaign in record["campaigns"]]
    if len(set(names)) < len(names):
        yield "campaigns", _("a campaign is named twice")
    for i, campaign in enumerate(record["campaigns"], 1):
        if campaign["parent"] is not None and campaign["parent"] not in known.campaigns:
            unknown = _("%(name)s is not a campaign of the archive") % {"name": campaign["parent"]}
            yield f"campaigns[{i}].parent", unknown


def _figures(record: Record, known: Known) -> Iterator[tuple[str, str]]:
    numbers = {case["number"] for case in record["cases"]}
    campaigns = {campaign["name"] for campaign in record["campaigns"]}
    refs = [figure["ref"] for figure in record["figures"] if "ref" in figure]
    if len(set(refs)) < len(refs):
        yield "figures", _("two figures have the same ref")
    whole = {figure.get("ref"): figure.get("part_of") for figure in record["figures"]}
    for i, figure in enumerate(record["figures"], 1):
        where, measure, unit = f"figures[{i}]", figure["measure"], figure["unit"]
        if measure not in known.units:
            yield f"{where}.measure", _("%(code)s is not a measure of the archive") % {"code": measure}
        elif unit not in known.units[measure]:
            units = {"measure": measure, "units": _(" or ").join(known.units[measure]), "unit": unit}
            yield f"{where}.unit", _("%(measure)s is counted in %(units)s, not %(unit)s") % units
        if "of_measure" in figure and figure["of_measure"] not in known.units:
            unknown = _("%(code)s is not a measure of the archive") % {"code": figure["of_measure"]}
            yield f"{where}.of_measure", unknown
        if figure["case"] is not None and figure["case"] not in numbers:
            yield f"{where}.case", _("the record has no case %(n)d") % {"n": figure["case"]}
        if figure["campaign"] is not None and figure["campaign"] not in campaigns:
            absent = _("%(name)s is not among the record's campaigns") % {"name": figure["campaign"]}
            yield f"{where}.campaign", absent
        for name in ("part_of", "converted_from"):
            if name in figure and (figure[name] not in refs or figure[name] == figure.get("ref")):
                yield f"{where}.{name}", _("the record has no other figure %(ref)s") % {"ref": figure[name]}
        if _goes_round(figure.get("ref"), whole):
            yield f"{where}.part_of", _("leads round in a circle")


def _goes_round(ref: str | None, whole: dict[str | None, str | None]) -> bool:
    """Say whether a figure is, by way of others, a part of itself."""
    above, passed = whole.get(ref), {ref}
    while above is not None and above not in passed:
        passed.add(above)
        above = whole.get(above)
    return above is not None and above == ref


def _releases(record: Record) -> Iterator[tuple[str, str]]:
    key, reports_on, also = record["key"], record["reports_on"], record.get("also_reports_on", [])
    if reports_on == key:
        yield "reports_on", _("leads to the record itself; a record that stands for its release writes null")
    if {key, reports_on} & set(also):
        yield "also_reports_on", _("names the record itself, or what it reports on already")
    if record.get("role") == releases.default_role(record["kind"]):
        yield "role", _("is what goes without saying of a %(kind)s: leave it out") % {"kind": record["kind"]}
    elif "role" in record and record["role"] not in ReportRole.values:
        yield "role", _("%(role)s is not a role in a release") % {"role": record["role"]}
    release = record.get("release")
    if release is not None and reports_on is not None:
        yield "release", _("is described by the record that stands for it, %(key)s") % {"key": reports_on}
    if release is not None and not any(release.values()):
        yield "release", _("says nothing: leave it out")
