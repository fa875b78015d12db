"""What the archive covers: by province on the map, under the filters of the lists; by year and province in a table."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from urllib.parse import urlencode

from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.choices import AnnouncementKind
from cases.models import AnnouncementRow, Place
from cases.pages import Context, Tile, campaign_years
from cases.search.parameters import NONE, OF_PAGES
from cases.search.results import Results

# --- map ------------------------------------------------------------------------------------------------------------


@dataclass
class MapLine:
    """A province with the records that name it, and the addresses of their lists."""

    label: str
    announcements: int
    announcements_url: str
    cases: int
    cases_url: str


def province_map(data: QueryDict) -> Context:
    """Count announcements and cases by province, under the parameters that both lists take."""
    announcements = Results("announcements", data, refuse=(*OF_PAGES, "sort"), at=reverse("cases:map"))
    if announcements.errors:
        return {"results": announcements}
    cases = Results("cases", data, vocabulary=announcements.vocabulary)
    found = {results.kind.slug: _by_province(results) for results in (announcements, cases)}
    lines = [
        MapLine(a.label, a.count, a.url, c.count, c.url)
        for a, c in zip(found["announcements"], found["cases"], strict=True)
    ]
    return {"results": announcements, "cases_total": cases.total, "tiles": found, "lines": lines}


def _by_province(results: Results) -> list[Tile]:
    (facet,) = (facet for facet in results.facets if facet.key == "province")
    return [
        Tile(value.value, value.label, value.count or 0, results.list_with("province", value.value))
        for value in facet.flat()
    ]


# --- coverage -------------------------------------------------------------------------------------------------------


@dataclass
class Cell:
    """How many announcements there are of a year and a province, and the list of them."""

    count: int
    url: str


def problem(parameters: Mapping[str, str]) -> str:
    """Return what is wrong with the parameters of the coverage page, or an empty string."""
    for name, value in parameters.items():
        if name != "kind":
            return _("“%(name)s” is not a parameter of this page") % {"name": name[:60]}
        if value and value not in AnnouncementKind.values:
            return _("“%(value)s” is not one of its values") % {"value": value[:60]}
    return ""


def table(kind: str) -> Context:
    """Count announcements by campaign year and province, of one kind or (with an empty one) of all.

    What states no year or no province has a column and a row of its own; totals count each announcement once.
    """
    rows = AnnouncementRow.objects.filter(kind=kind) if kind else AnnouncementRow.objects.all()
    found: Counter[tuple[str, str]] = Counter()
    for own_years, own_provinces, n in rows.values_list("year", "province").annotate(n=Count("*")):
        # "" stands for all years, or all provinces.
        for pair in product([*(own_years or [NONE]), ""], [*(own_provinces or [NONE]), ""]):
            found[pair] += n
    years = [*map(str, campaign_years()), NONE, ""]
    provinces = [*Place.objects.provinces(), Place.objects.get(code=Place.NATIONAL)]
    lines = [
        *((place.slug, place.name, place.get_absolute_url()) for place in provinces),
        (NONE, _("not stated"), ""),
        ("", _("All"), ""),
    ]

    def cell(year: str, province: str | None) -> Cell:
        chosen = {"year": year, "province": province or "", "kind": kind}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return Cell(found[year, province or ""], f"{reverse('cases:announcement-list')}?{query}")

    return {
        "years": [*years[:-2], _("not stated"), _("All")],
        "lines": [(label, url, [cell(year, slug) for year in years]) for slug, label, url in lines],
        "cells": len(provinces) * (len(years) - 2),
        "empty": sum(not found[year, place.slug or ""] for year in years[:-2] for place in provinces),
        "kinds": [("", _("all kinds")), *AnnouncementKind.choices],
        "kind": kind,
    }
