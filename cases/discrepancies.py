"""Contradictions within releases and, apart from them, what changed in a series: a list like the others.

Its rows are the verdicts that the database keeps (`verdicts`); every format asks this one object, as `Results` of the
lists of records, of which it is one but for what its rows are and how they are counted.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from cases import side_by_side, verdict_words
from cases.choices import VerdictKind
from cases.models import Verdict
from cases.public_fields import Field, Table
from cases.search import facets
from cases.search.filters import RowFilters, ValuesFilter
from cases.search.kinds import Kind
from cases.search.parameters import DISCREPANCIES, NONE, parse
from cases.search.results import Results
from cases.search.row_counts import Unnest
from cases.search.surroundings import Option
from cases.search.vocabulary import Vocabulary

KIND = Kind(DISCREPANCIES, gettext_lazy("Discrepancies"), Verdict, ("factor", "latest"))
SHOWN = (VerdictKind.CONTRADICT, VerdictKind.LATER, VerdictKind.REVISED)
SORTS: dict[str, tuple[str | Promise, tuple[OrderBy | str, ...]]] = {
    "factor": (gettext_lazy("farthest apart first"), ("basis", F("factor").desc(nulls_last=True), "id")),
    "latest": (gettext_lazy("found last first"), ("basis", "-found_at", "id")),
}


class _AnyOf(ValuesFilter):
    """Rows whose array holds any of the values; of the two claims at least one."""

    def condition(self, values: list[str], roles: Iterable[str], vocabulary: Vocabulary) -> Q:
        named = [value for value in values if value != NONE]
        condition = Q(**{f"{self.field_name}__overlap": named}) if named else Q()
        return condition | Q(**{self.field_name: []}) if NONE in values else condition


class _Slip(ValuesFilter):
    """Pairs that are a power of ten apart."""

    def condition(self, values: list[str], roles: Iterable[str], vocabulary: Vocabulary) -> Q:
        condition = Q(power_of_ten__in=[int(value) for value in values if value != NONE])
        return condition | Q(power_of_ten=None) if NONE in values else condition


def _both(name: str, kind: type[ValuesFilter]) -> dict[str, ValuesFilter]:
    return {name: kind(field_name=name), f"{name}.not": kind(field_name=name, exclude=True)}


DiscrepancyFilters: type[RowFilters] = type(
    "DiscrepancyFilters",
    (RowFilters,),
    {
        **_both("basis", ValuesFilter),
        **_both("year", _AnyOf),
        **_both("measure", ValuesFilter),
        **_both("publisher", _AnyOf),
        **_both("slip", _Slip),
        "Meta": type("Meta", (), {"model": Verdict, "fields": []}),
    },
)


class Discrepancies(Results):
    """What the list of discrepancies shows for its parameters. With `errors` it has no rows."""

    def __init__(self, data: QueryDict, *, refuse: Iterable[str] = ()) -> None:
        self.kind = KIND
        self.at = self.kind.url
        self.query = parse(DISCREPANCIES, data, refuse=refuse)
        self.vocabulary = Vocabulary()
        self.filters = DiscrepancyFilters(self.query, self.vocabulary)
        self.errors = list(self.query.errors)
        if not self.filters.is_valid():
            for name, problems in self.filters.form.errors.items():
                self.errors += [(name, str(problem)) for problem in problems]
        self._check_single_values()

    @property
    def order(self) -> tuple[OrderBy | str, ...]:
        return SORTS[self.sort][1]

    @property
    def orders(self) -> tuple[str, ...]:
        return KIND.sorts

    @property
    def sorts(self) -> list[Option]:
        others = self.pairs(without=("sort",))
        return [
            Option(str(label), self.address([*others, ("sort", sort)]), sort == self.sort)
            for sort, (label, _order) in SORTS.items()
        ]

    def _those(self, *, without: Iterable[str] = ()) -> QuerySet[Verdict]:
        kept: QuerySet[Verdict] = self.filters.queryset.filter(verdict__in=SHOWN)
        return kept.filter(self.filters.conditions(without=without))

    @cached_property
    def found(self) -> QuerySet[Any]:
        return self.filters.queryset.none() if self.errors else self._those().order_by(*self.order)

    @cached_property
    def total(self) -> int:
        return 0 if self.errors else self.found.order_by().count()

    def between(self, start: int, stop: int) -> QuerySet[Any]:
        return self.found[start:stop]

    @cached_property
    def rows(self) -> list[Any]:
        """The pairs on the page, in order, each with its two figures, the sentence about it and the reason."""
        found = {verdict.pk: verdict for verdict in Verdict.objects.filter(pk__in=self.ids)}
        return side_by_side.with_figures([found[pk] for pk in self.ids if pk in found])

    @property
    def words(self) -> None:
        """There are none to search for."""
        return

    @cached_property
    def facets(self) -> list[facets.Facet]:
        counts = None
        if not self.errors:
            counts = {name: self._counted(name) for name in self.filters.facets}
        return facets.build(DISCREPANCIES, self.query, self.filters, {}, counts, self._toggle)

    def _counted(self, name: str) -> dict[str, int]:
        """Return how many pairs each value would give, alone in its facet."""
        rows = self._those(without=[name]).order_by()
        column = {"slip": "power_of_ten"}.get(name, name)
        term = Unnest(F(column)) if name in ("year", "publisher") else F(column)
        counted = dict(rows.annotate(term=term).values("term").annotate(n=Count("*")).values_list("term", "n"))
        if name == "year":
            counted[NONE] = rows.filter(year=[]).count()
        return {NONE if value is None else str(value): n for value, n in counted.items()}


def _claim(side: str, label: str, label_zh: str) -> tuple[Field, ...]:
    """Return the fields of one of the two claims."""
    figure, report = f"{side}f", f"{side}a"
    told = (
        ("id", "integer", f"{figure}.id", "id", "编号", gettext_lazy("Id of the figure.")),
        ("key", "text", f"{report}.key", "key", "通报键", gettext_lazy("Key of its announcement.")),
        ("ref", "text", f"{figure}.ref", "ref", "引用号", gettext_lazy("Names the figure within its announcement.")),
        ("value", "number", f"trim_scale({figure}.value)", "value", "数值", gettext_lazy("As stated, in whole units.")),
        (
            "qualifier",
            "text",
            f"{figure}.qualifier",
            "qualifier",
            "限定",
            gettext_lazy("exact, more_than, nearly, about, …"),
        ),
        (
            "phrase",
            "text",
            f"{figure}.phrase",
            "phrase",
            "原文",
            gettext_lazy("The words that make the claim, verbatim."),
        ),
    )
    return tuple(
        Field(f"{side}_{name}", kind, sql, f"{label}: {en}", f"{label_zh}:{zh}", description)  # type: ignore[arg-type]
        for name, kind, sql, en, zh, description in told
    )


TABLE = Table(
    "discrepancies",
    gettext_lazy("Discrepancies"),
    gettext_lazy("Pairs of figures that contradict each other, and steps of series that have grown or were revised."),
    """cases_verdict r
       join cases_figure af on af.id = r.a_id join cases_announcement aa on aa.id = af.announcement_id
       join cases_figure bf on bf.id = r.b_id join cases_announcement ba on ba.id = bf.announcement_id""",
    (
        Field("id", "integer", "r.id", "Id", "编号", gettext_lazy("The number of the pair, while it is compared.")),
        Field(
            "basis",
            "text",
            "r.basis",
            "Basis",
            "依据",
            gettext_lazy("release: two reports of one release; report: one report; series: two releases."),
        ),
        Field("release_id", "integer", "r.release_id", "Release id", "发布事件编号", gettext_lazy("Of basis release.")),
        Field("measure", "text", "r.measure", "Measure", "指标", gettext_lazy("What both count, by code.")),
        Field("unit", "text", "af.unit", "Unit", "单位", gettext_lazy("What the values count; money by ISO 4217.")),
        Field(
            "scope",
            "text",
            "concat_ws('; ', nullif(af.campaign_id, ''), nullif(af.period, ''), "
            "nullif(array_to_string(array(select x.place_id from cases_figure_places x where x.figure_id = af.id"
            " order by 1), ', '), ''), "
            "nullif(array_to_string(array(select x.crimetype_id from cases_figure_crime_types x"
            " where x.figure_id = af.id order by 1), ', '), ''), 'case ' || af.case_id)",
            "Scope",
            "范围",
            gettext_lazy("Of the first claim: campaign, period, places, crime types and case, as far as stated."),
        ),
        Field(
            "verdict", "text", "r.verdict", "Verdict", "判定", gettext_lazy("contradict; in series later or revised.")
        ),
        Field(
            "factor",
            "number",
            "trim_scale(r.factor)",
            "Factor",
            "倍数",
            gettext_lazy("The larger stated value over the smaller; empty: there is none."),
        ),
        Field(
            "power_of_ten",
            "integer",
            "r.power_of_ten",
            "Power of ten",
            "十的幂",
            gettext_lazy("The power of ten that the factor is within 2 per cent of: a slip."),
        ),
        Field(
            "reason",
            "text",
            verdict_words.reason_sql("r"),
            "Reason",
            "理由",
            gettext_lazy("Why, and what was assumed."),
        ),
        *_claim("a", "First claim", "第一条"),
        *_claim("b", "Second claim", "第二条"),
    ),
)
