"""How each parameter narrows a list. Filter sets over the search rows, one for each kind of record."""

import re
from collections.abc import Iterable, Iterator
from copy import copy
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Self

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from cases import fulltext
from cases.fulltext import TextQuery
from cases.models import AnnouncementRow, CaseRow, FigureRow
from cases.partial_dates import PartialDateError, parse_bound
from cases.search import scopes
from cases.search.parameters import COMPARE, NONE, Query
from cases.search.scopes import Scope, ScopeError
from cases.search.sets import Sets, above, below, days_from, days_until
from cases.search.vocabulary import Vocabulary
from cases.search.words import tsquery

ARRAYS = ("year", "province", "place", "crime_type", "campaign", "verdict")


class Narrowing(django_filters.Filter):
    """A parameter that narrows a list."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return a filter for one more set of them; what its parts say is the same for all."""
        return copy(self)


class _Fields(dict[str, forms.Field]):
    """The fields of a form that is never drawn: each form has its own, which share their widgets and messages."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: copy(field) for name, field in self.items()}


class ValuesField(forms.Field):
    """The values of one facet, each a known one."""

    widget = forms.MultipleHiddenInput  # never written: the facets of a page are
    vocabulary: Vocabulary
    facet: str

    def clean(self, value: Any) -> list[str]:
        values = list(value or ())
        problems = self.vocabulary.problems(self.facet, values)
        if problems:
            raise ValidationError(problems)
        return values


class ValuesFilter(Narrowing):
    """Records that have any of the values; `none` is "has no value"."""

    field_class = ValuesField

    def condition(self, values: list[str], roles: Iterable[str], vocabulary: Vocabulary) -> Q:
        column = self.field_name
        named = [value for value in values if value != NONE]
        if column == "role":
            return Q(place_role__overlap=values)
        if column not in ARRAYS:
            return Q(**{f"{column}__in": values})
        if column in ("province", "place") and roles:
            codes = [vocabulary.province_codes[v] for v in named] if column == "province" else named
            # A case without any place has none in a role either: `none` finds nothing here.
            return Q(place_role__overlap=[f"{role}:{code}" for role in roles for code in codes] or ["-"])
        condition = Q(**{f"{column}__overlap": named}) if named else Q()
        return condition | Q(**{column: []}) if NONE in values else condition

    def in_sets(self, sets: Sets, values: list[str], roles: list[str]) -> str:
        if self.field_name in ("province", "place") and roles:
            codes = sets.place_codes(self.field_name, [value for value in values if value != NONE])
            return sets.any_of("place_role", [f"{role}:{code}" for role in roles for code in codes])
        return sets.any_of(self.field_name, values)


class DateField(forms.CharField):
    """A day, month or year; the bound of a span of time."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_bound(text)
        except PartialDateError as problem:
            raise ValidationError(str(problem)) from problem


class NumberField(forms.CharField):
    """A number as people write it, with or without thousands separators, as large as a figure can be."""

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        if not re.fullmatch(r"-?[0-9]{1,24}(\.[0-9]+)?", text.replace(",", "")):
            raise ValidationError(_("“%(value)s” is not a number") % {"value": text})
        return Decimal(text.replace(",", ""))


class WordsField(forms.CharField):
    """Words to search for, read as `fulltext` reads them."""

    vocabulary: Vocabulary

    def clean(self, value: Any) -> TextQuery | None:
        text = super().clean(value)
        if not text:
            return None
        query = fulltext.parse(text, self.vocabulary.campaign_names)
        if not query.groups:
            raise ValidationError(_("“%(value)s” holds no word to search for") % {"value": text})
        return query


class WordsFilter(Narrowing):
    """`q`: records found by these words."""

    field_class = WordsField

    def condition(self, query: TextQuery) -> Q:
        return Q(doc__matches=tsquery(query))

    def in_sets(self, sets: Sets, query: TextQuery, roles: list[str]) -> str:
        return sets.found_by(query)


class DateFilter(Narrowing):
    """`after` and `before`: what may have been published then, by overlap, inclusive."""

    field_class = DateField

    def condition(self, bound: Any) -> Q:
        first: date | None = bound.earliest if self.lookup_expr == "after" else None
        last: date | None = bound.latest if self.lookup_expr == "before" else None
        return Q(published__overlap=DateRange(first, last, "[]"))

    def in_sets(self, sets: Sets, bound: Any, roles: list[str]) -> str:
        if self.lookup_expr == "after":
            return sets.any_of("last", days_from(bound.earliest))
        return sets.any_of("first", days_until(bound.latest))


class NumberFilter(Narrowing):
    """`min` and `max`: what may be as large, or as small."""

    field_class = NumberField

    def condition(self, bound: Decimal) -> Q:
        span = (bound, None, "[)") if self.lookup_expr == "min" else (None, bound, "(]")
        return Q(interval__overlap=NumericRange(*span))

    def in_sets(self, sets: Sets, bound: Decimal, roles: list[str]) -> str:
        """Take what is larger or smaller by its digits as it is; what begins with the same digits is looked up."""
        facet, end = ("high", "upper") if self.lookup_expr == "min" else ("low", "lower")
        beyond, own = above(bound) if self.lookup_expr == "min" else below(bound)
        alike = RawSQL(f"magnitude({end}(interval)) = %s", (own,), output_field=BooleanField())  # noqa: S611  (a name of ours)
        return f"({sets.any_of(facet, beyond)} | {sets.looked_up(Q(alike) & self.condition(bound))})"


class ScopeField(forms.CharField):
    """An exact scope."""

    vocabulary: Vocabulary

    def clean(self, value: Any) -> Scope | None:
        text = super().clean(value)
        try:
            return scopes.read(text, self.vocabulary) if text else None
        except ScopeError as problem:
            raise ValidationError(str(problem)) from problem


class ScopeFilter(Narrowing):
    """`scope`: figures about exactly this."""

    field_class = ScopeField

    def condition(self, scope: Scope) -> Q:
        return scope.condition

    def in_sets(self, sets: Sets, scope: Scope, roles: list[str]) -> str:
        return sets.looked_up(self.condition(scope))


def _values(*names: str) -> dict[str, ValuesFilter]:
    filters: dict[str, ValuesFilter] = {}
    for name in names:
        filters[name] = ValuesFilter(field_name=name)
        filters[f"{name}.not"] = ValuesFilter(field_name=name, exclude=True)
    return filters


class RowFilters(django_filters.FilterSet):
    """What all three lists have in common. `conditions` is the one place where parameters become SQL."""

    form_class: type[forms.Form]

    def __init__(self, query: Query, vocabulary: Vocabulary) -> None:
        data: dict[str, Any] = {**query.chosen, **query.single}
        data |= {f"{name}.not": values for name, values in query.excluded.items()}
        super().__init__(_Data(data), queryset=self._meta.model._default_manager.all())
        self.vocabulary = vocabulary
        for name, field in self.form.fields.items():
            if isinstance(field, ValuesField):
                field.vocabulary, field.facet = vocabulary, name.removesuffix(".not")
            elif isinstance(field, WordsField | ScopeField):
                field.vocabulary = vocabulary

    def get_form_class(self) -> type[forms.Form]:
        """Return the form that reads all parameters, made once: what a request knows is given to its fields."""
        own = type(self)
        if "form_class" not in vars(own):
            own.form_class = super().get_form_class()
            own.form_class.base_fields = _Fields(own.form_class.base_fields)
        return own.form_class

    def conditions(self, *, without: Iterable[str] = (), instead: dict[str, Any] | None = None) -> Q:
        """Return what the parameters ask for: all of them, without some, or with other values for some."""
        condition = Q()
        for narrowing, value, roles in self.asked(without=without, instead=instead):
            if isinstance(narrowing, ValuesFilter):
                part = narrowing.condition(value, roles, self.vocabulary)
                condition &= ~part if narrowing.exclude else part
            else:
                condition &= narrowing.condition(value)
        return condition

    def asked(
        self, *, without: Iterable[str] = (), instead: dict[str, list[str]] | None = None
    ) -> Iterator[tuple[Any, Any, list[str]]]:
        """Yield each filter that narrows, what it is asked for, and the roles that places are to be stated in."""
        cleaned = {**self.form.cleaned_data, **(instead or {})}
        roles = [] if "role" in without else cleaned.get("role") or []
        for name, narrowing in self.filters.items():
            value = cleaned.get(name)
            if name not in without and value is not None and value != []:
                yield narrowing, value, [] if narrowing.exclude else roles

    @cached_property
    def sets(self) -> Sets:
        """The same as calculations with sets of ids."""
        return Sets(self)

    @property
    def table(self) -> str:
        """The table of search rows that is narrowed."""
        return str(self._meta.model._meta.db_table)

    @property
    def facets(self) -> list[str]:
        """The parameters that are facets, by name."""
        return [name for name, f in self.filters.items() if isinstance(f, ValuesFilter) and not f.exclude]

    @property
    def roles(self) -> list[str]:
        """The roles chosen, in which places are to be stated."""
        return self.chosen("role")

    def chosen(self, name: str) -> list[str]:
        """The values chosen in a facet."""
        return self.form.cleaned_data.get(name) or []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(self.conditions())


class _Data(dict[str, Any]):
    """Parsed parameters in the form that a form's widgets read."""

    def getlist(self, key: str) -> list[str]:
        value = self.get(key, [])
        return value if isinstance(value, list) else [value]


COMMON: dict[str, Any] = {
    "q": WordsFilter(),
    **_values("year", "province", "place", "crime_type", "campaign", "publisher", "kind", "language"),
    "after": DateFilter(lookup_expr="after"),
    "before": DateFilter(lookup_expr="before"),
}


def _filter_set(model: type[Any], **filters: Any) -> type[RowFilters]:
    meta = type("Meta", (), {"model": model, "fields": []})
    return type(f"{model.__name__}Filters", (RowFilters,), {**COMMON, **filters, "Meta": meta})


# Of the comparison only what `parse` lets through counts: its words and days of publication are no parameters there.
FILTERS: dict[str, type[RowFilters]] = {
    "announcements": _filter_set(AnnouncementRow),
    "cases": _filter_set(CaseRow, **_values("role")),
    "figures": _filter_set(
        FigureRow,
        **_values("measure", "unit", "qualifier", "verdict"),
        min=NumberFilter(lookup_expr="min"),
        max=NumberFilter(lookup_expr="max"),
        scope=ScopeFilter(),
    ),
    COMPARE: _filter_set(FigureRow, **_values("measure", "unit")),
}
