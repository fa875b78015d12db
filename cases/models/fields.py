"""Model fields and expressions that several models share."""

from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import partial_dates


def validate_partial_date(text: str) -> None:
    """Raise ValidationError, with the reason, unless `text` is a date as EDTF level 0/1 writes it."""
    try:
        partial_dates.parse(text)
    except partial_dates.PartialDateError as problem:
        raise ValidationError(str(problem)) from problem


class PartialDateField(models.CharField):
    """A date or interval as far as it is known, stored as written in EDTF (`2018`, `2018-09`, `2018-02/2018-08`).

    Null means "not stated". Its first and last possible day belong in a `span_of` column beside it.
    """

    description = _("date as far as it is known (EDTF)")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 40
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, validate_partial_date]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        """Return null for the empty string that a form sends: there is one way to say "not stated"."""
        return super().get_prep_value(value) or None


def span_of(field: str) -> models.GeneratedField:
    """Return the column with the days a partial date may mean, kept by the database itself.

    The database function refuses a text that is not a date, so no writer can store one.
    """
    return models.GeneratedField(
        expression=models.Func(models.F(field), function="edtf_span"),
        output_field=DateRangeField(),
        db_persist=True,
        editable=False,
    )


def is_partial_date(field: str) -> models.Func:
    """Return a condition, for a CHECK constraint, that the column is null or a date."""
    return models.Func(
        models.F(field),
        template="(edtf_span(%(expressions)s) is distinct from 'empty'::daterange)",
        output_field=models.BooleanField(),
    )


def in_order(start: str, end: str) -> models.Func:
    """Return a condition, for a CHECK constraint, that what has these dates is not over before it starts.

    Where one of the two is not stated, or open, there is nothing to compare.
    """

    def bound(field: str, function: str) -> models.Func:
        return models.Func(models.Func(models.F(field), function="edtf_span"), function=function)

    return models.Func(
        bound(start, "lower"),
        bound(end, "upper"),
        arg_joiner=" < ",
        template="((%(expressions)s) is not false)",
        output_field=models.BooleanField(),
    )


def check_order(start: str | None, end: str | None) -> None:
    """Raise ValidationError, at the field `end`, for what is over before it starts; for nothing else."""
    try:
        first = partial_dates.parse(start).earliest if start else None
        last = partial_dates.parse(end).latest if end else None
    except partial_dates.PartialDateError:
        return
    if first and last and last < first:
        message = gettext("%(end)s is over before %(start)s, when it starts") % {"start": start, "end": end}
        raise ValidationError({"end": message})


def filled(field: str) -> models.Q:
    """Return a condition, for a CHECK constraint, that the column holds more than white space."""
    return models.Q(**{f"{field}__regex": r"\S"})
