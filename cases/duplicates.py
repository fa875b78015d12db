"""Whether what comes in is in the archive already: by its address, by its words, or by its date and figures."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.db import connection

from cases.fingerprints import folded_sha256, likeness, sketch
from cases.models import Announcement, TextVersion

NEAR = 0.4  # of all runs of words, the part in both texts from which on they are called near
SHARED = 12  # hashes of two sketches that are equal: fewer are no sign of texts as near as that
MOST = 5
FEWEST_FIGURES = 2
Figures = Collection[tuple[str, Decimal]]  # measure and value


class Reason(StrEnum):
    """Why two documents may be one."""

    ADDRESS = "address"
    SAME_TEXT = "same_text"
    NEAR_TEXT = "near_text"
    FIGURES = "figures"


@dataclass(frozen=True)
class Incoming:
    """What is known of a document that comes in; `own` are the ids of records that it is itself."""

    url: str = ""
    text: str = ""
    published: str = ""
    figures: Figures = ()
    own: Collection[int] = field(default_factory=tuple)


@dataclass(frozen=True)
class Duplicate:
    """A record that may be the same document. `likeness` is the shared part of the text, or of the figures."""

    announcement: Announcement
    reason: Reason
    likeness: float
    text: TextVersion | None = None

    @property
    def percent(self) -> int:
        return int(self.likeness * 100)


def find(incoming: Incoming) -> list[Duplicate]:
    """Return the records that may be what comes in, each once, for its strongest reason. Draft copies are none."""
    found: dict[int, Duplicate] = {}
    for search in (_by_address, _by_words, _by_near_words, _by_figures):
        for duplicate in search(incoming):
            pk = duplicate.announcement.pk
            if pk not in incoming.own and duplicate.announcement.revises_id is None:
                found.setdefault(pk, duplicate)
    return list(found.values())[:MOST]


def _by_address(incoming: Incoming) -> Iterator[Duplicate]:
    if incoming.url:
        query = "select id from cases_announcement where page_of(url) = page_of(%s) order by id limit 10"
        for announcement in _announcements(query, [incoming.url]):
            yield Duplicate(announcement, Reason.ADDRESS, 1.0)


def _by_words(incoming: Incoming) -> Iterator[Duplicate]:
    if incoming.text.strip():
        same = TextVersion.objects.filter(fingerprint__folded_sha256=folded_sha256(incoming.text))
        for version in same.select_related("announcement").order_by("id")[:10]:
            yield Duplicate(version.announcement, Reason.SAME_TEXT, 1.0, version)


def _by_near_words(incoming: Incoming) -> Iterator[Duplicate]:
    """Compare the text itself with the few whose sketches share most with its own."""
    if not incoming.text.strip():
        return
    query = """
        select text_version_id from (
            select text_version_id,
                   cardinality(array(select unnest(sketch) intersect select unnest(wanted))) as shared,
                   least(cardinality(sketch), cardinality(wanted)) as most
            from cases_fingerprint, (select %s::bigint[]) as incoming (wanted)
            where sketch && %s::bigint[]
        ) as found
        where shared >= least(%s, most) order by shared desc limit 10"""
    wanted = sketch(incoming.text)
    with connection.cursor() as cursor:
        cursor.execute(query, [wanted, wanted, SHARED])
        ids = [row[0] for row in cursor.fetchall()]
    versions = TextVersion.objects.filter(pk__in=ids).select_related("announcement")
    compared = sorted(((likeness(incoming.text, v.text), v) for v in versions), key=lambda pair: -pair[0])
    for near, version in compared:
        if near >= NEAR:
            yield Duplicate(version.announcement, Reason.NEAR_TEXT, near, version)


def _by_figures(incoming: Incoming) -> Iterator[Duplicate]:
    """Find records of the same day that state the same figures: at least two, and half of what either states."""
    figures = set(incoming.figures)
    if not incoming.published or len(figures) < FEWEST_FIGURES:
        return
    query = """
        select a.id, count(distinct (f.measure_id, f.value)) filter (where w.measure is not null),
               count(distinct (f.measure_id, f.value))
        from cases_announcement a
        join cases_figure f on f.announcement_id = a.id
        left join unnest(%s::text[], %s::numeric[]) as w (measure, value)
            on w.measure = f.measure_id and w.value = f.value
        where a.published = %s and a.revises_id is null
        group by a.id"""
    with connection.cursor() as cursor:
        cursor.execute(query, [[m for m, _v in figures], [v for _m, v in figures], incoming.published])
        shares = {
            pk: shared / min(len(figures), total)
            for pk, shared, total in cursor.fetchall()
            if shared >= FEWEST_FIGURES and shared * 2 >= min(len(figures), total)
        }
    for announcement in Announcement.objects.filter(pk__in=shares).order_by("id"):
        yield Duplicate(announcement, Reason.FIGURES, shares[announcement.pk])


def _announcements(query: str, parameters: list[str]) -> list[Announcement]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        ids = [row[0] for row in cursor.fetchall()]
    return list(Announcement.objects.filter(pk__in=ids).order_by("id"))
