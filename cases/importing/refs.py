"""Refs: what a figure is called within its announcement. Given once, never to another figure."""

from collections.abc import Callable, Iterable
from typing import Any

from cases.importing.reader import Record
from cases.models import Announcement, Figure


def next_ref(taken: Iterable[str]) -> str:
    """Return the first ref of the form f1, f2 … after all that are taken; no ref is used twice."""
    numbers = [int(ref[1:]) for ref in taken if ref.startswith("f") and ref[1:].isdecimal()]
    return f"f{max(numbers, default=0) + 1}"


def refs_ever(announcement: Announcement) -> set[str]:
    """Return every ref that a figure of an announcement, or of what it is a draft copy of, ever had."""
    event = Figure._meta.get_field("events").related_model
    ids = [pk for pk in (announcement.pk, announcement.revises_id) if pk is not None]
    return set(event._default_manager.filter(announcement_id__in=ids).values_list("ref", flat=True))


def with_refs(record: Record, stored: Record | None, taken: Iterable[str]) -> Record:
    """Return a record whose figures all have refs: its own, those of the stored figures they are, or new ones.

    A figure without a ref is the stored one that says the same, else the first that makes the same claim in the
    same words, as long as the record does not name that one itself.
    """
    named = {figure["ref"] for figure in record["figures"] if "ref" in figure}
    left = [figure for figure in stored["figures"] if figure["ref"] not in named] if stored else []
    refs = [figure.get("ref") for figure in record["figures"]]
    for likeness in _LIKENESSES:
        for i, figure in enumerate(record["figures"]):
            same = next((f for f in left if likeness(f) == likeness(figure)), None) if refs[i] is None else None
            if same is not None:
                refs[i] = same["ref"]
                left.remove(same)
    used = {*taken, *named, *(figure["ref"] for figure in left)}
    for i, ref in enumerate(refs):
        if ref is None:
            refs[i] = next_ref(used)
        used.add(refs[i])
    figures = [{**figure, "ref": ref} for figure, ref in zip(record["figures"], refs, strict=True)]
    return record | {"figures": figures}


_LIKENESSES: tuple[Callable[[Record], Any], ...] = (
    lambda figure: {name: value for name, value in figure.items() if name != "ref"},
    lambda figure: (figure["measure"], figure["phrase"]),
)
