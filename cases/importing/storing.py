"""Rows set to what a record says: only what differs is checked and written, and what is refused names its member."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models

from cases.importing.reader import Record
from cases.models import CasePlace, Figure, TypicalCase

MEMBERS = {"value_high": "high"}  # fields that the format calls otherwise


def set_values(instance: models.Model, values: dict[str, Any], where: str) -> bool:
    """Set and check what differs; return whether anything does. A new instance always does."""
    changed = instance._state.adding
    for name, value in values.items():
        if instance._state.adding or getattr(instance, name) != value:
            setattr(instance, name, value)
            changed = True
    if changed:
        clean(instance, where)
    return changed


def update(instance: models.Model, values: dict[str, Any], where: str) -> bool:
    """Set, check and save what differs; return whether the instance was new."""
    new = instance._state.adding
    if set_values(instance, values, where):
        save(instance, where)
    return new


def save(instance: models.Model, where: str) -> None:
    with refusing(where):
        instance.save()


@contextmanager
def refusing(where: str) -> Iterator[None]:
    """Turn what the database refuses into a ValidationError that names the member of the record."""
    try:
        yield
    except DatabaseError as problem:
        raise ValidationError({where: [str(problem).partition("\n")[0]]}) from problem


def clean(instance: models.Model, where: str) -> None:
    """Validate an instance's fields; messages name the member of the record. The database checks the rest."""
    try:
        if isinstance(instance, Figure):
            instance.derive()
        # What it refers to has been looked up already.
        instance.clean_fields(exclude=[f.name for f in instance._meta.fields if f.is_relation])
        instance.clean()
    except ValidationError as problem:
        dot = f"{where}." if where else ""
        raise ValidationError(
            {f"{dot}{MEMBERS.get(name, name)}": texts for name, texts in messages(problem)}
        ) from problem


def messages(problem: ValidationError) -> list[tuple[str, list[str]]]:
    """Return (member, messages) for everything that a ValidationError says."""
    return list(problem.message_dict.items()) if hasattr(problem, "error_dict") else [("", problem.messages)]


def set_codes(owner: Any, name: str, codes: list[str], *, new: bool) -> None:
    """Set a many-to-many relation to these codes, in this order."""
    relation = getattr(type(owner), name)
    owner_column, code_column = relation.field.m2m_column_name(), relation.field.m2m_reverse_name()
    pairs = relation.through.objects.filter(**{owner_column: owner.pk})
    if not new:
        if list(pairs.order_by("id").values_list(code_column, flat=True)) == codes:
            return
        pairs.delete()
    pairs.bulk_create(relation.through(**{owner_column: owner.pk, code_column: code}) for code in codes)


def set_case_places(case: TypicalCase, places: list[Record], where: str, *, new: bool) -> None:
    """Set the places of a case, with their roles, in this order."""
    wanted = [(place["code"], place["role"]) for place in places]
    if not new:
        if [(p.place_id, p.role) for p in case.case_places.all()] == wanted:
            return
        case.case_places.all().delete()
    for code, role in wanted:
        place = CasePlace(announcement_id=case.announcement_id, case=case, place_id=code, role=role)
        clean(place, f"{where}.places")
        save(place, f"{where}.places")
