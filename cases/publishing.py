"""What becomes public, and the record of it."""

import json
from hashlib import sha256
from typing import Any

import pghistory
from django.contrib.auth.models import User
from django.db import connection, transaction

from cases import records, tombstones
from cases.choices import Status
from cases.models import Announcement, PublishedVersion
from cases.public_fields import OF_ANNOUNCEMENT, PUBLISHED_BY


@transaction.atomic
def publish(announcement: Announcement, *, by: User | None = None, reason: str) -> None:
    """Make an announcement public and keep what is public of it as a version, unless nothing public has changed."""
    with pghistory.context(reason=reason):
        last = announcement.published_versions.order_by("-n").first()
        if announcement.status != Status.PUBLISHED:
            announcement.status = Status.PUBLISHED
            announcement.save(update_fields=["status", "updated_at"])
            if last is not None:
                tombstones.take_down(announcement)
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext('cases_stale'))")
            cursor.execute("select refresh_if_stale(%s)", [announcement.pk])
        record = records.announcement_record(announcement.pk)
        if record is None:
            raise RuntimeError(f"{announcement.key} is published but has no search row")
        body = records.canonical_json(record)
        digest = sha256(body.encode()).hexdigest()
        if last is None or last.sha256 != digest:
            before = json.loads(last.body) if last else None
            PublishedVersion.objects.create(
                announcement=announcement,
                n=last.n + 1 if last else 1,
                body=body,
                sha256=digest,
                published_by=by,
                reason=reason,
                cases=_said_anew(before, record, "cases"),
                figures=_said_anew(before, record, "figures"),
            )


def _said_anew(before: dict[str, Any] | None, after: dict[str, Any], kind: str) -> list[int] | None:
    """Return the ids of the cases or figures of which a public record says what it did not before; None: of all.

    What each says of its announcement does not count, nor a field that records did not have yet.
    """
    if before is None:
        return None
    of_announcement = {field.name for field in (*OF_ANNOUNCEMENT, *PUBLISHED_BY)}
    was = {part["id"]: part for part in before[kind]}
    return [
        part["id"]
        for part in after[kind]
        if part["id"] not in was
        or any(was[part["id"]].get(name, value) != value for name, value in part.items() if name not in of_announcement)
    ]
