"""What was public of a record at one of its versions, read back from what was kept when it was published."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases import records
from cases.captions import Record
from cases.models import Announcement, Figure, Measure, PublishedVersion, Publisher, TypicalCase
from cases.public_fields import OF_ANNOUNCEMENT, PUBLISHED_BY, Table

Said = dict[str, Any]  # a record as its public JSON had it


class UnknownVersionError(ValueError):
    """A record has no such version. Says which ones it has."""


@dataclass(frozen=True)
class Told:
    """A part of a version as a page tells it: what it is called, and what each of its fields said."""

    record: Record
    fields: list[tuple[str, Any]]


@dataclass(frozen=True)
class Shown:
    """A record in one version of its announcement."""

    kind: str
    version: PublishedVersion
    last: int
    said: Said
    whole: Said

    @cached_property
    def record(self) -> Record:
        """The record as it was then. It is not of the database, and knows nothing that stands there."""
        return _record(self.kind, self.said, _announcement(self.whole))

    @property
    def fields(self) -> list[tuple[str, Any]]:
        return _fields(records.TABLES[self.kind], self.said)

    @property
    def numbers(self) -> range:
        """The numbers of all versions of the announcement."""
        return range(1, self.last + 1)

    @property
    def cases(self) -> list[Told]:
        return self._parts("cases")

    @property
    def figures(self) -> list[Told]:
        return self._parts("figures")

    def _parts(self, kind: str) -> list[Told]:
        if self.kind != "announcements":
            return []  # of a case it says only how many figures there were
        announcement = _announcement(self.whole)
        without = {"id", "url", *(field.name for field in (*OF_ANNOUNCEMENT, *PUBLISHED_BY))}
        told = [(said, _fields(records.TABLES[kind], said, without)) for said in self.said[kind]]
        return [Told(_record(kind, said, announcement), fields) for said, fields in told]


def last(announcement: Announcement) -> int | None:
    """Return the number of the version that is public, if its publication was kept."""
    return announcement.published_versions.order_by("-n").values_list("n", flat=True).first()


def shown(kind: str, record: Record, asked: str) -> Shown:
    """Return a public record as a version of its announcement had it. Raises UnknownVersionError."""
    announcement = record if isinstance(record, Announcement) else record.announcement
    newest = last(announcement) or 0
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 0
    version = announcement.published_versions.filter(n=number).first()
    if version is None:
        raise UnknownVersionError(_("is not a version of this record; it has 1 to %(n)d") % {"n": newest})
    whole = json.loads(version.body)
    if kind == "announcements":
        return Shown(kind, version, newest, whole, whole)
    said = next((part for part in whole[kind] if part["id"] == record.pk), None)
    if said is None:
        raise UnknownVersionError(_("is a version of the announcement in which this was not said yet"))
    return Shown(kind, version, newest, said, whole)


def _fields(table: Table, said: Said, without: Collection[str] = ()) -> list[tuple[str, Any]]:
    """Return the labels and values of the fields that said something, in the language of the page."""
    chinese = (get_language() or "").startswith("zh")
    return [
        (field.label_zh if chinese else field.label_en, str(value) if field.type == "integer" else value)
        for field in table.fields
        if field.name not in without and (value := said.get(field.name)) not in (None, "", [])
    ]


def _announcement(said: Said) -> Announcement:
    names = ("title", "title_zh", "title_supplied", "published", "language", "abstract", "key")
    known = {name: said[name] for name in names if name in said}
    return Announcement(pk=said["id"], url=said["source_url"], publisher=Publisher(name=said["publisher"]), **known)


def _record(kind: str, said: Said, announcement: Announcement) -> Record:
    if kind == "announcements":
        return announcement
    if kind == "cases":
        known = {name: said[name] for name in ("number", "heading", "summary")}
        return TypicalCase(pk=said["id"], announcement=announcement, **known)
    numbers = {name: _decimal(said[name]) for name in ("value", "value_high")}
    known = {name: said[name] for name in ("ref", "qualifier", "phrase", "unit")} | numbers
    measure = Measure(code=said["measure"], label_en=said["measure_en"], label_zh=said["measure_zh"])
    return Figure(pk=said["id"], announcement=announcement, measure=measure, **known)


def _decimal(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(repr(number))
