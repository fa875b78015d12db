"""Two editors, one record: what the second typed, set against what the first has saved meanwhile."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

Rows = Mapping[str, Collection[str]]  # the ids of the stored rows, by the prefix of their formset


@dataclass(frozen=True)
class Both:
    """A field, or a row, in both versions."""

    where: str
    name: str
    stored: str
    typed: str
    field: Any = None


def rebased(data: QueryDict, stored: Rows, version: int) -> QueryDict:
    """Return what was typed, as if it had been typed into the record as it is now.

    Rows that somebody has deleted meanwhile are new rows, behind the others: what was typed in them is not lost. Those
    that both have deleted are gone.
    """
    fresh = data.copy()
    for prefix, ids in stored.items():
        own = re.compile(rf"{re.escape(prefix)}-(\d+)-(.+)", re.ASCII)
        rows: dict[int, dict[str, list[str]]] = {}
        for key in list(fresh):
            if found := own.fullmatch(key):
                rows.setdefault(int(found[1]), {})[found[2]] = fresh.pop(key)
        kept = [row for _n, row in sorted(rows.items()) if row.get("id", [""])[-1] in ids]
        others = [row for _n, row in sorted(rows.items()) if row.get("id", [""])[-1] not in ids]
        others = [row | {"id": [""]} for row in others if not (row.get("id", [""])[-1] and row.get("DELETE"))]
        for n, row in enumerate([*kept, *others]):
            for name, values in row.items():
                fresh.setlist(f"{prefix}-{n}-{name}", values)
        fresh[f"{prefix}-TOTAL_FORMS"] = str(len(kept) + len(others))
        fresh[f"{prefix}-INITIAL_FORMS"] = str(len(kept))
    fresh["seen_version"] = str(version)
    return fresh


def both_versions(form: Any, formsets: Collection[Any]) -> Iterator[Both]:
    """Yield every field in which what was typed is not what is stored now, and rows that only one of the two has."""
    yield from _fields("", form)
    for formset in formsets:
        name = str(formset.model._meta.verbose_name).capitalize()
        shown = set()
        for row in formset.forms:
            if row.instance.pk is not None:
                shown.add(row.instance.pk)
                yield from _fields(f"{name} {_called(row.instance)}", row)
            elif row.has_changed():
                yield Both(name, "", _("not there"), "; ".join(_typed(row)), next(iter(row)))
        for instance in formset.get_queryset():
            if instance.pk not in shown:
                yield Both(f"{name} {_called(instance)}", "", str(instance), _("not there; it stays"))


def _fields(where: str, form: Any) -> Iterator[Both]:
    for name in form.changed_data:
        bound = form[name]
        if not bound.is_hidden and name not in ("text", "reason"):
            stored = _said(bound, bound.field.prepare_value(bound.initial))
            yield Both(where, str(bound.label), stored, _said(bound, bound.value()), bound)


def _typed(form: Any) -> list[str]:
    return [str(form[name].value()) for name in form.changed_data if form[name].value() and not form[name].is_hidden][
        :4
    ]


def _called(instance: Any) -> str:
    return str(getattr(instance, "ref", "") or getattr(instance, "number", "") or instance)


def _said(bound: Any, value: Any) -> str:
    if isinstance(bound.field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(bound.field, forms.ChoiceField):
        labels: Any = bound.field.choices
        return str(dict(labels).get(value, value))
    return "–" if value in (None, "", []) else str(value)
