"""The comparison across campaign years as a page, as CSV and as JSON."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from cases import comparison, sending
from cases.across_years import Change, Comparison
from cases.compare_page import Shown, ShownChange, ShownRung
from cases.comparison import Line, Rung
from cases.problems import problem_response, site_of
from cases.search.vocabulary import NATIONAL

COLUMNS = (
    *("measure", "unit", "places", "crime_types", "year", "campaign", "rung", "rungs"),
    *("period", "months", "as_of", "as_of_is_stated", "cumulative", "qualifier", "value", "value_high"),
    *("low", "high", "low_included", "high_included", "figure_id", "claims", "claims_agree", "lowest", "highest"),
    "claims_url",
)


def page_of(request: HttpRequest) -> HttpResponse:
    """Measures by campaign years. Parameters in error are named, with status 400 and without any number."""
    found = Comparison(request.GET)
    context = {
        "results": found,
        "shown": Shown(found),
        "changes": [
            ShownChange(change, found.vocabulary.label("measure", change.measure), found.scope_label(change))
            for change in found.changes
        ],
        "choices": _choices(found),
        "numbers": [
            (comparison.PREFERRED, _("the one preferred")),
            (comparison.LOW, _("the lowest")),
            (comparison.HIGH, _("the highest")),
        ],
    }
    return render(request, "cases/compare.html", context, status=400 if found.errors else 200)


def _choices(found: Comparison) -> list[dict[str, Any]]:
    """Return the lists that the form offers: of each its parameter, label, and values with those that are chosen."""
    offered = (
        ("measure", _("Measure"), _("all measures")),
        ("crime_type", _("Crime type"), _("all kinds of crime")),
        ("province", _("Province"), _("the whole country")),
    )
    return [
        {
            "name": name,
            "label": label,
            "all": everything,
            "options": [
                (node.value, node.label, node.value in found.query.chosen.get(name, []))
                for node in found.vocabulary.nodes(name).values()
                if node.value != NATIONAL
            ],
        }
        for name, label, everything in offered
    ]


def json_of(request: HttpRequest) -> HttpResponseBase:
    """The whole comparison for programs: lines, their entries and rungs, their breaks, and the changes checked."""
    found = Comparison(request.GET)
    if found.errors:
        return problem_response(found)
    return sending.json_answer(request, lambda: _told(found, site_of(request)), "compare", found.pairs())


def _told(found: Comparison, site: str) -> dict[str, Any]:
    return {
        "number": found.number,
        "count": len(found.lines),
        "lines": [_line(found, line, site) for line in found.lines],
        "changes": [_change(found, change) for change in found.changes],
    }


def csv_of(request: HttpRequest, *, digest: bool = False) -> HttpResponseBase:
    """The whole comparison as a table, one row for each rung, or the digest of it."""
    found = Comparison(request.GET)
    if found.errors:
        return problem_response(found)
    file = sending.Written(
        "comparison",
        COLUMNS,
        lambda: _rows(found, site_of(request)),
        found.pairs(),
        total=lambda: sum(len(entry.rungs) for line in found.lines for entry in line.entries),
    )
    return sending.answer(request, file, digest=digest)


def _rows(found: Comparison, site: str) -> Iterator[list[Any]]:
    for line in found.lines:
        about = "; ".join(found.places_of(line)), "; ".join(found.crime_types_of(line))
        for entry in line.entries:
            for at, rung in enumerate(entry.rungs, 1):
                told = _rung(found, rung)
                values = [told[name] for name in COLUMNS[8:-1]]
                yield [
                    *(line.measure, line.unit, *about, entry.year, entry.campaign, at, len(entry.rungs)),
                    *values,
                    site + found.claims_url(line, entry),
                ]


def _line(found: Comparison, line: Line, site: str) -> dict[str, Any]:
    return {
        "measure": line.measure,
        "unit": line.unit,
        "places": found.places_of(line),
        "crime_types": found.crime_types_of(line),
        "entries": [
            {
                "year": entry.year,
                "campaign": entry.campaign,
                "claims": entry.count,
                "claims_url": site + found.claims_url(line, entry),
                "rungs": [_rung(found, rung) for rung in entry.rungs],
            }
            for entry in line.entries
        ],
        "breaks": [
            {"before": broken.before.campaign, "after": broken.after.campaign, "reasons": list(broken.reasons)}
            for broken in line.breaks
        ],
    }


def _rung(found: Comparison, rung: Rung) -> dict[str, Any]:
    shown = ShownRung(rung, found.number)
    claim, bounds, chosen = shown.claim, shown.bounds, not shown.is_undecided
    return {
        "period": claim.period or None,
        "months": rung.months,
        "as_of": shown.as_of or None,
        "as_of_is_stated": not shown.as_of_is_derived,
        "cumulative": claim.cumulative,
        "qualifier": claim.qualifier if chosen else None,
        "value": _number(claim.value) if chosen else None,
        "value_high": _number(claim.value_high) if chosen else None,
        "low": _number(bounds.low),
        "high": _number(bounds.high),
        "low_included": bounds.low_closed,
        "high_included": bounds.high_closed,
        "figure_id": claim.id if chosen else None,
        "claims": shown.count,
        "claims_agree": rung.agrees,
        "lowest": _number(shown.lowest.interval.low),
        "highest": _number(shown.highest.interval.high),
    }


def _change(found: Comparison, change: Change) -> dict[str, Any]:
    check = change.check
    return {
        "figure_id": change.stated.id,
        "measure": change.measure,
        "places": found.places_of(change),
        "crime_types": found.crime_types_of(change),
        "period": change.stated.period or None,
        "base_period": change.base_period or None,
        "stated": _number(change.stated.value),
        "phrase": change.phrase,
        "verdict": check.verdict,
        "base_figure_id": check.base.id if check.base else None,
        "figure_id_compared": check.result.id if check.result else None,
        "low": _number(check.low),
        "high": _number(check.high),
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else round(float(value), 6)
