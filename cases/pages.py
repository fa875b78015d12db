"""What each page shows: the queries behind the record, authority and home pages, one function a page.

A function that takes a record hangs on it what only its page shows (`…_list`), hence `Any`.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.core.cache import cache
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from cases import data_version, discrepancies, in_place, records, side_by_side
from cases.choices import AnnouncementKind, Language, PlaceRole, Qualifier, Unit
from cases.models import (
    Announcement,
    AnnouncementRow,
    Campaign,
    CaseRow,
    CrimeType,
    Figure,
    FigureRow,
    Measure,
    Place,
    Release,
    ReleaseReport,
    TypicalCase,
    Verdict,
)
from cases.models.announcement import bring_first_figures
from cases.models.search_row import Row
from cases.search import counting
from cases.search.kinds import NEWEST
from cases.search.parameters import NONE, PARAMETERS

Context = dict[str, Any]
NEWEST_ON_PAGE = 12
ROWS: dict[str, type[Row]] = {"announcements": AnnouncementRow, "cases": CaseRow, "figures": FigureRow}


def _kept(rows: type[Row], facet: str, values: Collection[str] | None = None) -> dict[str, int]:
    """Return how many records of a kind there are with each value of a facet, as the database keeps count."""
    return counting.totals(rows._meta.db_table, [facet], values)[facet]


def _counts(facet: str, value: str) -> dict[str, int]:
    """Return how many records of each kind there are with one value of a facet."""
    return {kind: _kept(rows, facet, [value]).get(value, 0) for kind, rows in ROWS.items()}


def campaign_years() -> list[int]:
    """Return the years of all public campaigns, the first one first."""
    years = Campaign.objects.public().exclude(year=None).order_by("year").values_list("year", flat=True)
    return [year for year in years.distinct() if year is not None]


def _newest(model: Any, rows: Any, limit: int = NEWEST_ON_PAGE) -> list[Any]:
    ids = list(rows.order_by(*NEWEST).values_list("id", flat=True)[:limit])
    found = {record.pk: record for record in model.objects.filter(pk__in=ids).for_listing()}
    records = [found[pk] for pk in ids]
    bring_first_figures(records)
    return records


def _links(**parameters: str) -> dict[str, str]:
    """Return the addresses of the three lists with these parameters."""
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return {f"{kind}s": f"{reverse(f'cases:{kind}-list')}?{query}" for kind in ("announcement", "case", "figure")}


@dataclass
class Tile:
    """A province on the map, with its number."""

    slug: str
    label: str
    count: int
    url: str


@dataclass
class Year:
    """A campaign year, with its number."""

    year: str
    label: str
    announcements: int
    url: str


def home() -> Context:
    by_year = _kept(AnnouncementRow, "year")
    by_province = _kept(AnnouncementRow, "province")
    lists = reverse("cases:announcement-list")
    return {
        "totals": {
            **{kind: counting.whole(rows._meta.db_table) for kind, rows in ROWS.items()},
            "releases": _public_releases(),
        },
        "years": [Year(str(y), str(y), by_year.get(str(y), 0), f"{lists}?year={y}") for y in campaign_years()],
        "tiles": [
            Tile(place.slug or "", place.name, by_province.get(place.slug or "", 0), f"{lists}?province={place.slug}")
            for place in Place.objects.provinces()
        ],
        "national_count": by_province.get("national", 0),
        "not_stated_count": by_province.get(NONE, 0),
        "newest": _newest(Announcement, AnnouncementRow.objects.all(), 6),
    }


def _public_releases() -> int:
    """Return how many public releases there are; they are counted once for each version of the data."""
    with data_version.snapshot():
        counted = data_version.etag(data_version.current(), "releases")
        return int(cache.get_or_set(counted, Release.objects.public().count, timeout=None) or 0)


# --- records --------------------------------------------------------------------------------------------------------


def announcement(a: Any) -> Context:
    figures = list(a.figures.for_listing().order_by("position"))
    cases: list[Any] = list(a.cases.with_terms().order_by("number"))
    text = in_place.locate(a, figures, cases)
    beside = {figure.pk for shown in text.passages for figure in shown.figures}
    for case in cases:
        case.figures_list = [figure for figure in figures if figure.case_id == case.pk]
    a.mentions_list = list(a.mentions.select_related("campaign", "parent"))
    a.releases_list = list(a.releases.order_by("reports__id"))
    reports = (
        ReleaseReport.objects.filter(release__in=a.releases_list, announcement__status="published")
        .exclude(announcement=a)
        .select_related("announcement__publisher", "release")
    )
    return {
        "announcement": a,
        "cases": cases,
        "figures": [figure for figure in figures if figure.case_id is None and figure.pk not in beside],
        "text": text,
        "reports": list(reports),
        "standing": side_by_side.standing(a.pk),
    }


def case(c: Any) -> Context:
    root = c.same_as or c
    tellings = TypicalCase.objects.published().filter(Q(pk=root.pk) | Q(same_as=root)).exclude(pk=c.pk)
    c.tellings = list(tellings.select_related("announcement__publisher"))
    return {
        "case": c,
        "figures": list(c.figures.for_listing().order_by("position")),
        "siblings": list(c.announcement.cases.exclude(pk=c.pk).order_by("number")),
    }


def figure(f: Any) -> Context:
    related = ReleaseReport.objects.filter(
        release__reports__announcement=f.announcement, announcement__status="published"
    ).values_list("announcement", flat=True)
    # Looked up before: the database expects so many of them that it would rather read all cases and figures.
    others = Figure.objects.published().filter(announcement__in=list(related), measure=f.measure, unit=f.unit)
    others = others.exclude(pk=f.pk).for_listing().order_by("announcement", "position")
    f.parts_list = list(f.parts.select_related("measure").order_by("position"))
    verdicts = Verdict.objects.filter(Q(a=f) | Q(b=f)).order_by("basis", "-factor", "id")
    return {"figure": f, "others": list(others), "verdicts": side_by_side.with_figures(list(verdicts))}


# --- authority pages ------------------------------------------------------------------------------------------------


def campaign_list() -> Context:
    by_slug = _kept(AnnouncementRow, "campaign")
    campaigns: list[Any] = list(
        Campaign.objects.public().order_by(F("year").desc(nulls_last=True), "name_en").select_related("parent")
    )
    for c in campaigns:
        c.announcements_count = by_slug.get(c.slug, 0)
    return {"years": [(year, list(group)) for year, group in groupby(campaigns, key=lambda c: c.year)]}


def campaign(c: Any) -> Context:
    c.names_list = list(c.names.all())
    c.children_list = list(c.children.public().order_by("name_en"))
    c.confusable_list = list(c.not_to_be_confused_with.public())
    announcements = AnnouncementRow.objects.filter(campaign__contains=[c.slug])
    mentions = c.mentions.filter(announcement__status="published").select_related("announcement__publisher")
    return {
        "campaign": c,
        "mentions": list(mentions),
        "announcements": _newest(Announcement, announcements),
        "counts": _counts("campaign", c.slug),
        "links": _links(campaign=c.slug),
    }


def place_list() -> Context:
    announcements = _kept(AnnouncementRow, "province")
    cases = _kept(CaseRow, "province")

    def line(p: Place) -> Context:
        slug = p.slug or ""
        return {"place": p, "announcements": announcements.get(slug, 0), "cases": cases.get(slug, 0)}

    return {
        "provinces": [line(p) for p in Place.objects.provinces()],
        "national": line(Place.objects.get(code=Place.NATIONAL)),
        "tiles": [
            Tile(p.slug or "", p.name, announcements.get(p.slug or "", 0), p.get_absolute_url())
            for p in Place.objects.provinces()
        ],
    }


def place(p: Any) -> Context:
    ancestors = Place.objects.filter(code__in=[code for code in p.path if code != p.code])
    children: list[Any] = list(p.children.order_by("code"))
    by_code = _kept(AnnouncementRow, "place", [child.code for child in children])
    for child in children:
        child.announcements_count = by_code.get(child.code, 0)
    announcements = AnnouncementRow.objects.filter(place__contains=[p.code])
    cases = CaseRow.objects.filter(place__contains=[p.code])
    p.names_list = list(p.names.all())
    parameters = {"province": p.slug} if p.slug else {"place": p.code}
    return {
        "place": p,
        "ancestors": sorted(ancestors, key=lambda a: p.path.index(a.code)),
        "children": children,
        "announcements": _newest(Announcement, announcements),
        "cases": _newest(TypicalCase, cases),
        "counts": _counts("place", p.code),
        "links": _links(**parameters),
    }


@dataclass
class CrimeTypeNode:
    """A crime type in the tree, with what the archive holds of it and of what is below it."""

    crime_type: CrimeType
    announcements: int
    cases: int
    children: list["CrimeTypeNode"] = field(default_factory=list)


def crime_type_list() -> Context:
    announcements = _kept(AnnouncementRow, "crime_type")
    cases = _kept(CaseRow, "crime_type")
    nodes = {
        t.code: CrimeTypeNode(t, announcements.get(t.code, 0), cases.get(t.code, 0)) for t in CrimeType.objects.all()
    }
    roots: list[CrimeTypeNode] = []
    for node in nodes.values():
        siblings = nodes[node.crime_type.parent_id].children if node.crime_type.parent_id else roots
        siblings.append(node)
    return {"nodes": roots}


def crime_type(t: CrimeType) -> Context:
    announcements = AnnouncementRow.objects.filter(crime_type__contains=[t.code])
    cases = CaseRow.objects.filter(crime_type__contains=[t.code])
    ancestors = CrimeType.objects.filter(code__in=[code for code in t.path if code != t.code])
    return {
        "crime_type": t,
        "ancestors": sorted(ancestors, key=lambda a: t.path.index(a.code)),
        "children": list(t.children.all()),
        "announcements": _newest(Announcement, announcements),
        "cases": _newest(TypicalCase, cases),
        "counts": _counts("crime_type", t.code),
        "links": _links(crime_type=t.code),
    }


# --- codebook -------------------------------------------------------------------------------------------------------


def codebook() -> Context:
    choices = (
        (_("Kinds of announcement"), AnnouncementKind),
        (_("Qualifiers"), Qualifier),
        (_("Units"), Unit),
        (_("Roles of places"), PlaceRole),
        (_("Languages"), Language),
    )
    return {
        "tables": [*records.TABLES.values(), discrepancies.TABLE],
        "parameters": list(PARAMETERS.values()),
        "vocabularies": [
            (_("Crime types"), [(t.code, t.label_en, t.label_zh, t.definition) for t in CrimeType.objects.all()]),
            (_("Measures"), [(m.code, m.label_en, m.label_zh, m.definition) for m in Measure.objects.all()]),
            *[(label, [(value, text, "", "") for value, text in source.choices]) for label, source in choices],
        ],
    }
