"""The addresses of all public pages, for search engines: in parts of a bounded size, by the ids of records."""

from collections.abc import Iterator
from datetime import datetime
from math import ceil
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Max, QuerySet
from django.urls import reverse

from cases.models import (
    Announcement,
    AnnouncementRow,
    Campaign,
    CaseRow,
    CrimeType,
    Figure,
    FigureRow,
    Place,
    PublishedVersion,
    Release,
    TypicalCase,
)

IDS = 10_000  # in one part; the protocol allows 50,000 addresses
MOST = 10**9  # of the parts of one kind
PAGES = "pages"
# Each kind of record, and what of it an address is made of.
RECORDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "announcements": (Announcement, ("title", "key")),
    "cases": (TypicalCase, ("heading", "number", "announcement_id")),
    "figures": (Figure, ("announcement_id",)),
    "releases": (Release, ()),
}
_LISTS = ("home", "announcement-list", "case-list", "figure-list", "campaign-list", "place-list", "crime-type-list")
_ABOUT = ("about", "codebook", "corrections", "coverage", "map")


class Entry(NamedTuple):
    """A page: its address, and when what it says last changed, where that is known."""

    path: str
    changed: datetime | None = None


def parts() -> Iterator[tuple[str, int]]:
    """Yield the parts that hold something, each by its kind and number."""
    yield PAGES, 1
    for kind in RECORDS:
        public = _public(kind)
        last = public.aggregate(last=Max("id"))["last"] or 0
        query, parameters = public.values("id").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                "select n from generate_series(1, %s) n where exists"
                f" (select from ({query}) r where r.id > (n - 1) * {IDS} and r.id <= n * {IDS}) order by n",
                [ceil(last / IDS), *parameters],
            )
            yield from [(kind, n) for (n,) in cursor.fetchall()]


def entries(kind: str, n: int) -> list[Entry]:
    """Return the pages of one part; none if there is no such part."""
    if kind == PAGES:
        return [Entry(path) for path in _pages()] if n == 1 else []
    if not 0 < n < MOST:
        return []
    model, fields = RECORDS[kind]
    ids = _public(kind).filter(id__gt=(n - 1) * IDS, id__lte=n * IDS)
    records = list(model.objects.filter(pk__in=ids.values("id")).only("id", *fields).order_by("pk"))
    if kind == "releases":
        return [Entry(record.get_absolute_url()) for record in records]
    of = [getattr(record, "announcement_id", record.pk) for record in records]
    changed = _changed(set(of))
    return [Entry(record.get_absolute_url(), changed.get(pk)) for record, pk in zip(records, of, strict=True)]


def _public(kind: str) -> QuerySet[Any]:
    """Return what of a kind is public, by id."""
    rows: dict[str, Any] = {"announcements": AnnouncementRow, "cases": CaseRow, "figures": FigureRow}
    public: QuerySet[Any] = rows[kind].objects.all() if kind in rows else Release.objects.public()
    return public.order_by()


def _changed(announcements: set[int]) -> dict[int, datetime]:
    """Return when what is public of announcements last changed, by id."""
    versions = PublishedVersion.objects.filter(announcement__in=announcements).order_by()
    return dict(versions.values("announcement").annotate(at=Max("published_at")).values_list("announcement", "at"))


def _pages() -> Iterator[str]:
    yield from (reverse(f"cases:{name}") for name in (*_LISTS, *_ABOUT))
    with connection.cursor() as cursor:
        cursor.execute("select distinct value from cases_facettotal where facet = 'place' and n > 0")
        places = [value for (value,) in cursor.fetchall()]
    for objects in (
        Campaign.objects.public().order_by("pk"),
        CrimeType.objects.order_by("pk"),
        Place.objects.filter(pk__in=places).order_by("pk"),
    ):
        yield from (one.get_absolute_url() for one in objects)
