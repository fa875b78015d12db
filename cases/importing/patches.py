"""Rows of CSV written into records: which member of a record a column is, and how its cell says it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cases import intervals
from cases.importing.reader import NOT_CREATED, Record

# The columns of each table that say what is to be, and the members that they are. All others follow from them, or
# are said elsewhere.
CONTENT: dict[str, dict[str, str]] = {
    "announcements": {
        "kind": "kind",
        "title": "title",
        "title_zh": "title_zh",
        "title_supplied": "title",
        "publisher": "publisher",
        "published": "published",
        "language": "language",
        "translation": "translation",
        "source_url": "url",
        "archived_url": "archived_url",
        "abstract": "abstract",
        "campaigns": "campaigns",
        "crime_types": "crime_types",
        "places": "places",
    },
    "cases": {
        "heading": "heading",
        "code_name": "code_name",
        "summary": "summary",
        "period": "period",
        "crime_types": "crime_types",
        "places": "places",
        "place_roles": "places",
    },
    "case_places": {"place": "places", "role": "places"},
    "figures": {
        "measure": "measure",
        "qualifier": "qualifier",
        "value": "value",
        "value_high": "high",
        "unit": "unit",
        "step": "step",
        "phrase": "phrase",
        "note": "note",
        "case_number": "case",
        "campaign": "campaign",
        "crime_types": "crime_types",
        "places": "places",
        "period": "period",
        "as_of": "as_of",
        "cumulative": "cumulative",
        "of_measure": "of_measure",
        "base_period": "base_period",
        "preferred": "preferred",
        "preferred_reason": "preferred",
    },
}
NAMED_BY = {
    "announcements": ("key",),
    "cases": ("announcement_key", "number"),
    "case_places": ("announcement_key", "case_number", "id"),
    "figures": ("announcement_key", "ref"),
}
# The columns by which a table is known, the first one that fits: cases and figures name a place and a case as well.
KNOWN_BY = {
    **{name: NAMED_BY[name] for name in ("announcements", "figures", "cases")},
    "case_places": ("announcement_key", "case_number", "place", "role"),
}
# Made from the columns of the same row: read from them, not from here.
FOLLOWS = {
    "announcements": {
        *("publisher_kind", "published_earliest", "published_latest", "campaigns_en", "campaigns_zh"),
        *("campaign_years", "crime_types_en", "crime_types_zh", "places_en", "places_zh", "cases", "figures"),
    },
    "cases": {
        *("period_earliest", "period_latest", "crime_types_en", "crime_types_zh", "places_en", "places_zh"),
        *("figures", "campaign_years"),
    },
    "case_places": {"place_en", "place_zh", "level", "province"},
    "figures": {
        *("measure_en", "measure_zh", "low", "high", "low_included", "high_included", "case_id", "campaign_en"),
        *("campaign_zh", "campaign_year", "crime_types_en", "crime_types_zh", "places_en", "places_zh"),
        *("period_earliest", "period_latest"),
    },
}

Cells = Mapping[str, Any]  # values by column, of the columns that the file has


class CellError(ValueError):
    """A cell that says nothing that a record can take. The column is named beside it."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def blank_record(key: str) -> Record:
    """Return a record that says nothing yet but its key."""
    record: Record = dict.fromkeys(
        ("kind", "title", "title_zh", "publisher", "url", "published", "language", "reports_on")
    )
    lists: Record = {name: [] for name in ("campaigns", "figures", "cases", "places", "crime_types")}
    return {"key": key, "translation": "none", "abstract": "", **record, **lists}


def blank_case(number: int) -> Record:
    members: Record = {"number": number, "heading": None, "code_name": None, "summary": "", "period": None}
    return members | {"crime_types": [], "places": []}


def blank_figure(ref: str) -> Record:
    names = ("measure", "value", "unit", "campaign", "crime_type", "place", "period", "case", "phrase", "note")
    return {"ref": ref, **dict.fromkeys(names), "qualifier": "exact"}


def patch_announcement(
    record: Record, cells: Cells, publishers: Mapping[str, Record], campaigns: Mapping[str, Record]
) -> None:
    """Write a row of announcements into a record. Publishers are found by name, campaigns by slug."""
    _set(record, cells, ("kind", "title_zh", "published", "language", "translation", "crime_types", "places"))
    title = record["title"] or ""
    supplied = title.startswith("[") and title.endswith("]")
    title = cells["title"] or "" if "title" in cells else title[1:-1] if supplied else title
    record["title"] = f"[{title}]" if cells.get("title_supplied", supplied) else title
    if "abstract" in cells:
        record["abstract"] = cells["abstract"] or ""
    if "source_url" in cells:
        record["url"] = cells["source_url"]
    _set_optional(record, cells, {"archived_url": "archived_url"})
    if "publisher" in cells:
        name = cells["publisher"]
        if name not in publishers:
            known = _("%(name)s is not a publisher of the archive") % {"name": name}
            raise CellError("publisher", known if name else _("is empty"))
        record["publisher"] = publishers[name]
    if "campaigns" in cells:
        record["campaigns"] = _campaigns(record, cells["campaigns"], campaigns)


def _campaigns(record: Record, slugs: list[str], campaigns: Mapping[str, Record]) -> list[Record]:
    stated = {(mention["name"], mention["year"]): mention for mention in record["campaigns"]}
    mentions = []
    for slug in slugs:
        if slug not in campaigns:
            raise CellError("campaigns", _("%(name)s is not a campaign of the archive") % {"name": slug})
        named = campaigns[slug]
        nothing_stated: Record = {"name_zh": None, "aliases": [], "parent": None, "start": None, "end": None}
        mentions.append(stated.get((named["name"], named["year"]), named | nothing_stated))
    return mentions


def patch_case(case: Record, cells: Cells) -> None:
    """Write a row of cases into the case of a record."""
    _set(case, cells, ("heading", "code_name", "period", "crime_types"))
    if "summary" in cells:
        case["summary"] = cells["summary"] or ""
    if "places" in cells or "place_roles" in cells:
        codes = cells.get("places", [place["code"] for place in case["places"]])
        roles = cells.get("place_roles", [place["role"] for place in case["places"]])
        if len(codes) != len(roles):
            raise CellError("place_roles", _("names %(roles)d roles of %(places)d places")
                            % {"roles": len(roles), "places": len(codes)})  # fmt: skip
        case["places"] = [{"code": code, "role": role} for code, role in zip(codes, roles, strict=True)]


def patch_case_place(case: Record, cells: Cells, stored: Record | None, *, create: bool) -> None:
    """Write a row of the places of cases into the case of a record. `stored` is the place that it was, if it is known.

    A place that is restated has another id: a row whose id is gone says what is there already, or a new place.
    """
    stated = {"code": cells["place"], "role": cells["role"]}
    places: list[Record] = case["places"]
    if stored is None:
        if stated in places:
            return
        if not create:
            raise CellError("place", _("the case has no such place: %(why)s") % {"why": NOT_CREATED})
        places.append(stated)
    elif stored not in places:
        raise CellError("place", _("the places of this case are changed elsewhere in the files as well"))
    elif stated != stored and stated in places:
        raise CellError("role", _("the case has this place in this role already"))
    else:
        places[places.index(stored)] = stated


def patch_figure(figure: Record, cells: Cells, record: Record, campaigns: Mapping[str, Record]) -> None:
    """Write a row of figures into the figure of a record."""
    _set(figure, cells, ("measure", "qualifier", "unit", "phrase", "note", "period"))
    if "value" in cells:
        figure["value"] = _json(cells["value"])
    optional = {"value_high": "high", "as_of": "as_of", "cumulative": "cumulative", "of_measure": "of_measure"}
    _set_optional(figure, cells, optional | {"base_period": "base_period"}, _json)
    _set_step(figure, cells)
    if "case_number" in cells:
        figure["case"] = cells["case_number"]
    if "campaign" in cells:
        slug = cells["campaign"]
        if slug and slug not in campaigns:
            raise CellError("campaign", _("%(name)s is not a campaign of the archive") % {"name": slug})
        figure["campaign"] = campaigns[slug]["name"] if slug else None
    case = next((case for case in record["cases"] if case["number"] == figure["case"]), None)
    of_case = {
        "crime_types": case["crime_types"] if case else [],
        "places": list(dict.fromkeys(place["code"] for place in case["places"])) if case else [],
    }
    for name, single in (("crime_types", "crime_type"), ("places", "place")):
        if name in cells:
            own = [figure[single]] if figure[single] else figure.get(name, [])
            # The column tells of the case's where the figure has none of its own.
            _set_scope(figure, name, single, own if cells[name] == (own or of_case[name]) else cells[name])
    _set_preferred(figure, cells)


def _set_step(figure: Record, cells: Cells) -> None:
    """Set the step where it is not what the phrase says anyway."""
    if "step" not in cells:
        return
    figure.pop("step", None)
    phrase, value = figure["phrase"], figure["value"]
    said = phrase and value is not None and cells["step"] == intervals.step_for(phrase, Decimal(repr(value)))
    if cells["step"] is not None and not said:
        figure["step"] = _json(cells["step"])


def _set_scope(figure: Record, several: str, single: str, codes: list[str]) -> None:
    figure[single] = codes[0] if len(codes) == 1 else None
    figure.pop(several, None)
    if len(codes) > 1:
        figure[several] = codes


def _set_preferred(figure: Record, cells: Cells) -> None:
    if not {"preferred", "preferred_reason"} & set(cells):
        return
    preferred = cells.get("preferred", "preferred" in figure) or False
    reason = cells.get("preferred_reason", figure.get("preferred"))
    if preferred != bool(reason):
        raise CellError("preferred_reason", _("a preferred figure has a reason, and only a preferred one"))
    figure.pop("preferred", None)
    if preferred:
        figure["preferred"] = reason


def _set(members: Record, cells: Cells, names: tuple[str, ...]) -> None:
    members |= {name: cells[name] for name in names if name in cells}


def _set_optional(
    members: Record, cells: Cells, names: dict[str, str], written: Callable[[Any], Any] = lambda value: value
) -> None:
    """Set members that are left out where they say nothing."""
    for column, name in names.items():
        if column in cells:
            members.pop(name, None)
            if cells[column] is not None:
                members[name] = written(cells[column])


def _json(value: Any) -> Any:
    """Return a number as JSON writes it: whole numbers without a point."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
