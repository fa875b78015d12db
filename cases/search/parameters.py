"""The public parameters: each defined once, with the lists it belongs to and what the codebook says of it.

Values are parsed at this edge and nowhere else. Whatever cannot be meant is an error that names the parameter;
nothing is dropped in silence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Text = str | Promise

ANNOUNCEMENTS, CASES, FIGURES = "announcements", "cases", "figures"
ALL = (ANNOUNCEMENTS, CASES, FIGURES)
COMPARE = "compare"  # no list, but the comparison across campaign years, which takes most filters of figures
DISCREPANCIES = "discrepancies"  # pairs of figures
EVERYWHERE = (*ALL, COMPARE)
LISTS = (*ALL, DISCREPANCIES)

NONE = "none"
MAX_VALUES = 100  # of one key: more is no question a person asks, and each costs the database
MAX_LENGTH = 200  # of one value
PAGE_SIZES = (25, 50, 100)
MAX_PAGE = 100_000

# Dropped by redirect: addresses that people paste carry them.
TRACKING = (
    *("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id", "utm_source_platform"),
    *("utm_creative_format", "utm_marketing_tactic", "fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid"),
)


@dataclass(frozen=True)
class Parameter:
    """One public parameter. A `facet` narrows by values and is counted; others are single-valued."""

    name: str
    label: Text
    description: Text
    values: Text
    kinds: tuple[str, ...] = ALL
    facet: bool = False
    layout: Literal["bars", "tiles", "tree", "list"] = "list"
    has_none: bool = False


PARAMETERS: dict[str, Parameter] = {
    p.name: p
    for p in (
        Parameter(
            "q",
            gettext_lazy("Words"),
            gettext_lazy(
                "Words in English or Chinese, in any script; numbers as written or as values. “Quoted words” are "
                "neighbours, -word is not, OR is either; any name of a campaign stands for all its names."
            ),
            gettext_lazy("words"),
        ),
        Parameter(
            "year",
            gettext_lazy("Campaign year"),
            gettext_lazy(
                "The year of the campaign: of an announcement its campaigns' years, of a case its announcement's, "
                "of a figure its own campaign's only."
            ),
            gettext_lazy("a year, 2018; none"),
            kinds=(*EVERYWHERE, DISCREPANCIES),
            facet=True,
            layout="bars",
            has_none=True,
        ),
        Parameter(
            "province",
            gettext_lazy("Province"),
            gettext_lazy("A province-level unit, or national for claims about the whole country."),
            gettext_lazy("a slug, anhui; national; none"),
            kinds=EVERYWHERE,
            facet=True,
            layout="tiles",
            has_none=True,
        ),
        Parameter(
            "place",
            gettext_lazy("Place"),
            gettext_lazy("A place and everything in it. A figure's places are its own, else its case's."),
            gettext_lazy("a GB/T 2260 code, 340100; none"),
            kinds=EVERYWHERE,
            facet=True,
            has_none=True,
        ),
        Parameter(
            "role",
            gettext_lazy("Role of the place"),
            gettext_lazy("Narrows province and place of cases to places in this role."),
            gettext_lazy("investigating_authority, arrest, scene, victims"),
            kinds=(CASES,),
            facet=True,
        ),
        Parameter(
            "crime_type",
            gettext_lazy("Crime type"),
            gettext_lazy("A crime type and everything below it. A figure's are its own, else its case's."),
            gettext_lazy("a code, hacking.intrusion; none"),
            kinds=EVERYWHERE,
            facet=True,
            layout="tree",
            has_none=True,
        ),
        Parameter(
            "campaign",
            gettext_lazy("Campaign"),
            gettext_lazy("A campaign and the campaigns inside it."),
            gettext_lazy("a slug, net-net-2018; none"),
            kinds=EVERYWHERE,
            facet=True,
            has_none=True,
        ),
        Parameter(
            "measure",
            gettext_lazy("Measure"),
            gettext_lazy("What a figure counts."),
            gettext_lazy("a code, suspects_arrested"),
            kinds=(FIGURES, COMPARE, DISCREPANCIES),
            facet=True,
        ),
        Parameter(
            "unit",
            gettext_lazy("Unit"),
            gettext_lazy("The unit a figure is stated in; money by ISO 4217."),
            gettext_lazy("persons, cases, CNY, …"),
            kinds=(FIGURES, COMPARE),
            facet=True,
        ),
        Parameter(
            "qualifier",
            gettext_lazy("Qualifier"),
            gettext_lazy("How a figure is qualified."),
            gettext_lazy("exact, more_than, nearly, about, …"),
            kinds=(FIGURES,),
            facet=True,
        ),
        Parameter(
            "verdict",
            gettext_lazy("Verdict"),
            gettext_lazy("How a figure stands to those of other reports; none is not compared with any."),
            gettext_lazy("agree, agree_rounded, contradict, only_here, later, revised; none"),
            kinds=(FIGURES,),
            facet=True,
            has_none=True,
        ),
        Parameter(
            "basis",
            gettext_lazy("Where they stand"),
            gettext_lazy("Whether two figures are of one release, of one report, or follow each other in a series."),
            gettext_lazy("release, report, series"),
            kinds=(DISCREPANCIES,),
            facet=True,
        ),
        Parameter(
            "slip",
            gettext_lazy("Slip"),
            gettext_lazy("The power of ten that two figures are apart; none: they are not."),
            gettext_lazy("10, 100, …, 1000000; none"),
            kinds=(DISCREPANCIES,),
            facet=True,
            has_none=True,
        ),
        Parameter(
            "publisher",
            gettext_lazy("Publisher"),
            gettext_lazy("Who brought the announcement out."),
            gettext_lazy("a slug, xinhua"),
            kinds=(*EVERYWHERE, DISCREPANCIES),
            facet=True,
        ),
        Parameter(
            "kind",
            gettext_lazy("Kind"),
            gettext_lazy("The kind of announcement."),
            gettext_lazy("release, report, feature, case_list"),
            kinds=EVERYWHERE,
            facet=True,
        ),
        Parameter(
            "language",
            gettext_lazy("Language"),
            gettext_lazy("The language of the announcement."),
            gettext_lazy("en, zh"),
            kinds=EVERYWHERE,
            facet=True,
        ),
        Parameter(
            "after",
            gettext_lazy("Published from"),
            gettext_lazy("Announcements that may have been published then or later (overlap, inclusive)."),
            gettext_lazy("2018, 2018-09, 2018-09-07 or 2018年9月"),
        ),
        Parameter(
            "before",
            gettext_lazy("Published until"),
            gettext_lazy("Announcements that may have been published then or earlier (overlap, inclusive)."),
            gettext_lazy("2018, 2018-09, 2018-09-07 or 2018年9月"),
        ),
        Parameter(
            "min",
            gettext_lazy("At least"),
            gettext_lazy("Figures whose interval reaches this number or more."),
            gettext_lazy("a number"),
            kinds=(FIGURES,),
        ),
        Parameter(
            "max",
            gettext_lazy("At most"),
            gettext_lazy("Figures whose interval begins at this number or below."),
            gettext_lazy("a number"),
            kinds=(FIGURES,),
        ),
        Parameter(
            "scope",
            gettext_lazy("Exact scope"),
            gettext_lazy(
                "Figures of no case, about exactly this: a campaign, then the places and crime types that are stated, "
                "all of them and no others."
            ),
            gettext_lazy("slug and codes with ~ between, net-net-2018~000000~hacking"),
            kinds=(FIGURES,),
        ),
        Parameter(
            "number",
            gettext_lazy("Number shown"),
            gettext_lazy(
                "Of several claims of the same: the one that the editors prefer or the rule picks, the lowest or the "
                "highest."
            ),
            "preferred, low, high",
            kinds=(COMPARE,),
        ),
        Parameter(
            "sort",
            gettext_lazy("Order"),
            gettext_lazy("The order of the list; low and high go by the bounds of what a figure can be."),
            gettext_lazy(
                "newest, oldest; with q also relevance; figures also largest, smallest, low, high; "
                "discrepancies factor, latest"
            ),
            kinds=LISTS,
        ),
        Parameter(
            "page", gettext_lazy("Page"), gettext_lazy("The page of the list, from 1."), gettext_lazy("a number"), LISTS
        ),
        Parameter(
            "per_page",
            gettext_lazy("Records per page"),
            gettext_lazy("How many records a page has."),
            "25, 50, 100",
            LISTS,
        ),
        Parameter(
            "cursor",
            gettext_lazy("Cursor"),
            gettext_lazy("In JSON: where the page begins, as the address of the next page says it."),
            gettext_lazy("as it was given"),
            LISTS,
        ),
        Parameter(
            "facets", gettext_lazy("Facets"), gettext_lazy("In JSON: 1 adds the counts of every facet."), "0, 1", LISTS
        ),
    )
}

# On a record's page: where it stands in the list whose other parameters stand beside it.
POSITION = "position"

# Parameters of one page of a result, which a file (always the whole result) does not take ...
OF_PAGES = ("page", "per_page", "facets", "cursor")
# ... and those of JSON, which a page for readers does not take.
OF_JSON = ("cursor",)


def of_kind(kind: str) -> list[Parameter]:
    """Return the parameters that a list takes, in the order in which they are shown."""
    return [p for p in PARAMETERS.values() if kind in p.kinds]


@dataclass
class Query:
    """The parameters of a request, parsed: chosen and excluded values by facet, single values by name, errors."""

    kind: str
    chosen: dict[str, list[str]] = field(default_factory=dict)
    excluded: dict[str, list[str]] = field(default_factory=dict)
    single: dict[str, str] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return a single value, or an empty string."""
        return self.single.get(name, "")

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters, each value once, in the order of every address."""
        chosen = [(name, value) for name, values in self.chosen.items() for value in values]
        excluded = [(f"{name}.not", value) for name, values in self.excluded.items() for value in values]
        return in_order([*chosen, *excluded, *self.single.items()])


def in_order(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return parameters as they stand in every address: keys as defined here, values sorted. One state, one address."""
    places = {name: place for place, name in enumerate(PARAMETERS)}
    return sorted(pairs, key=lambda pair: (places[pair[0].removesuffix(".not")], pair))


def parse(kind: str, data: QueryDict | Mapping[str, Iterable[str]], *, refuse: Iterable[str] = ()) -> Query:
    """Return the parameters of a list. Empty values count as absent, as plain forms send them.

    `refuse` names parameters that this format does not take.
    """
    query = Query(kind)
    known = {p.name: p for p in of_kind(kind)}
    for key in data:
        raw = data.getlist(key) if isinstance(data, QueryDict) else list(data[key])
        values = list(dict.fromkeys(value.strip() for value in raw if value.strip()))
        name, negated = (key[:-4], True) if key.endswith(".not") else (key, False)
        parameter = known.get(name)
        if parameter is None or (negated and not parameter.facet):
            if key not in TRACKING:
                query.errors.append((_shown(key), _("is not a parameter of this list")))
            continue
        if not values:
            continue
        if name in refuse:
            query.errors.append((key, _("is not taken by this format")))
            continue
        problem = _problem(parameter, values)
        if problem:
            query.errors.append((key, problem))
        elif parameter.facet:
            (query.excluded if negated else query.chosen)[name] = values
        else:
            query.single[name] = values[0]
    return query


def _problem(parameter: Parameter, values: list[str]) -> str:
    if len(values) > MAX_VALUES:
        return _("has %(n)d values; %(most)d are the most") % {"n": len(values), "most": MAX_VALUES}
    if not parameter.facet and len(values) > 1:
        return _("is given more than once")
    for value in values:
        if len(value) > MAX_LENGTH:
            return _("is too long")
        if any(ord(c) < 32 or 0xD800 <= ord(c) <= 0xDFFF or c in "\x7f\ufffd" for c in value):
            return _("holds characters that no value has")
    return ""


def _shown(key: str) -> str:
    """Return a parameter's name as far as it can be repeated to the reader."""
    return "".join(c if c.isprintable() else "�" for c in key[:60])
