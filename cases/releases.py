"""Releases and the announcements that report them."""

from collections.abc import Sequence

from cases.choices import AnnouncementKind, ReportRole, TombstoneKind
from cases.models import Announcement, Release, ReleaseReport, Tombstone


def default_role(kind: str) -> str:
    """Return the role in a release that goes without saying: a release is the original, all else a report."""
    return ReportRole.ORIGINAL if kind == AnnouncementKind.RELEASE else ReportRole.REPORT


def release_of(fullest: Announcement) -> Release:
    """Return the release of which an announcement is the fullest report; make it if there is none."""
    release = Release.objects.filter(fullest=fullest).first()
    if release is None:
        release = Release.objects.create(fullest=fullest)
        ReleaseReport.objects.create(announcement=fullest, release=release, role=default_role(fullest.kind))
    return release


def tie(announcement: Announcement, releases: Sequence[Release], role: str) -> None:
    """Make an announcement a report of exactly these releases. A release that loses its last report leads on."""
    # Asked anew: what was fetched with the announcement may be from before `release_of`.
    before = {report.release_id: report for report in ReleaseReport.objects.filter(announcement=announcement)}
    wanted = [release.pk for release in releases]
    kept = [pk for pk in before if pk in wanted]
    if wanted[: len(kept)] != kept:
        for pk in kept:
            before.pop(pk).delete()  # reports stand in the order in which they were entered
    for release in releases:
        report = before.pop(release.pk, None)
        if report is None:
            ReleaseReport.objects.create(announcement=announcement, release=release, role=role)
        elif report.role != role:
            report.role = role
            report.save(update_fields=["role"])
    for report in before.values():
        report.delete()
        if releases and not ReleaseReport.objects.filter(release_id=report.release_id).exists():
            Tombstone.objects.get_or_create(
                kind=TombstoneKind.RELEASE,
                record_id=report.release_id,
                defaults={"moved_to": releases[0].pk, "reason": "merged: it is the same release"},
            )
