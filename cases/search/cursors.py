"""Where a page of a list begins: after the last record of the page before, whatever has come or gone since.

A cursor names the order of the list and what that record is sorted by. It is opaque to readers.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.db.models.expressions import OrderBy

Order = Sequence[OrderBy | str]
READ: dict[str, Callable[[Any], Any]] = {
    "day": date.fromisoformat,
    "value": Decimal,
    "interval__startswith": Decimal,
    "interval__endswith": Decimal,
    "rank": float,
    "factor": Decimal,
    "basis": str,
    "found_at": datetime.fromisoformat,
    "id": int,
    "announcement_id": int,
}


def columns(order: Order) -> list[str]:
    """Return what an order sorts by."""
    return [
        term.removeprefix("-") if isinstance(term, str) else term.expression.name  # type: ignore[union-attr]
        for term in order
    ]


def encode(sort: str, values: Sequence[Any]) -> str:
    """Return the cursor of a record with these values in the columns of its order."""
    written = json.dumps([sort, *values], default=str, separators=(",", ":"))
    return urlsafe_b64encode(written.encode()).decode().rstrip("=")


def decode(cursor: str, sort: str, order: Order) -> list[Any]:
    """Return the values that a cursor holds. Raises ValueError if it is none of this order."""
    try:
        written = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if encode(written[0], written[1:]) != cursor or written[0] != sort or len(written) != len(order) + 1:
            raise ValueError(cursor)
        values = [
            None if value is None else READ[column](value)
            for column, value in zip(columns(order), written[1:], strict=True)
        ]
    except (ArithmeticError, AttributeError, IndexError, KeyError, RecursionError, TypeError) as problem:
        raise ValueError(cursor) from problem
    if any((isinstance(v, int) and abs(v) >= 2**63) or (isinstance(v, Decimal) and not v.is_finite()) for v in values):
        raise ValueError(cursor)
    return values


def after(order: Order, values: Sequence[Any]) -> Q:
    """Return the condition of what stands after a record with these values."""
    beyond, same = Q(pk__in=[]), Q()
    for term, column, value in zip(order, columns(order), values, strict=True):
        descending = term.startswith("-") if isinstance(term, str) else term.descending
        nulls_last = not isinstance(term, str) and bool(term.nulls_last)
        if value is not None:
            step = Q(**{f"{column}__{'lt' if descending else 'gt'}": value})
            beyond |= same & (step | Q(**{f"{column}__isnull": True}) if nulls_last else step)
        same &= Q(**{f"{column}__isnull": True}) if value is None else Q(**{column: value})
    return beyond


def expressions(order: Order) -> list[tuple[Any, str]]:
    """Return what an order sorts by as expressions, each with its direction in SQL."""
    found: list[tuple[Any, str]] = []
    for term in order:
        if isinstance(term, str):
            found.append((F(term.removeprefix("-")), "desc" if term.startswith("-") else "asc"))
        else:
            nulls = " nulls last" if term.nulls_last else ""
            found.append((term.expression, f"{'desc' if term.descending else 'asc'}{nulls}"))
    return found
