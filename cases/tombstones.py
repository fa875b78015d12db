"""What answers at the addresses of records that are no longer public: a reason (410), or the way on (301).

The database keeps the ways short: what leads to a record that leads on itself leads to where that leads.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from cases.choices import TombstoneKind
from cases.models import Announcement, Figure, Release, Tombstone, TypicalCase


def put_up(announcement: Announcement, reason: str) -> None:
    """Let everything of a withdrawn announcement say why it is gone."""
    _write(TombstoneKind.ANNOUNCEMENT, [(announcement.pk, announcement.key, None)], reason)
    _write(TombstoneKind.CASE, ((case.pk, case.heading, None) for case in announcement.cases.all()), reason)
    _write(TombstoneKind.FIGURE, ((figure.pk, figure.ref, None) for figure in announcement.figures.all()), reason)
    _write(TombstoneKind.RELEASE, ((release.pk, release.name, None) for release in _lost(announcement)), reason)


def lead_on(announcement: Announcement, into: Announcement, reason: str) -> None:
    """Let a withdrawn announcement lead to another, and each of its cases to the same case there."""
    put_up(announcement, reason)
    release = into.releases.order_by("reports__id").first()
    same = TypicalCase.objects.filter(announcement=into)
    told = [
        (
            case.pk,
            case.heading,
            same.filter(Q(pk=case.same_as_id) | Q(same_as=case)).values_list("pk", flat=True).first(),
        )
        for case in announcement.cases.all()
    ]
    _write(TombstoneKind.ANNOUNCEMENT, [(announcement.pk, announcement.key, into.pk)], reason)
    _write(TombstoneKind.CASE, told, reason)
    if release is not None:
        lost = ((gone.pk, gone.name, release.pk) for gone in _lost(announcement))
        _write(TombstoneKind.RELEASE, lost, reason)


def take_down(announcement: Announcement) -> None:
    """Let everything of an announcement that is public again answer for itself."""
    ids: Any
    for kind, ids in (
        (TombstoneKind.ANNOUNCEMENT, [announcement.pk]),
        (TombstoneKind.CASE, TypicalCase.objects.filter(announcement=announcement).values("pk")),
        (TombstoneKind.FIGURE, Figure.objects.filter(announcement=announcement).values("pk")),
        (TombstoneKind.RELEASE, Release.objects.filter(reports__announcement=announcement).values("pk")),
    ):
        Tombstone.objects.filter(kind=kind, record_id__in=ids).delete()


def _lost(announcement: Announcement) -> list[Release]:
    """Return the releases of an announcement of which nothing public is left."""
    return list(announcement.releases.exclude(pk__in=Release.objects.public().values("pk")))


def _write(kind: str, rows: Iterable[tuple[int, str, int | None]], reason: str) -> None:
    Tombstone.objects.bulk_create(
        (Tombstone(kind=kind, record_id=pk, label=label, moved_to=to, reason=reason) for pk, label, to in rows),
        update_conflicts=True,
        unique_fields=["kind", "record_id"],
        update_fields=["label", "moved_to", "reason"],
    )
