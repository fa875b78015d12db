"""What ties records to each other: reports of one release, tellings of one case.

Each step yields (member, message) for what is wrong; a record's steps come after the same step of what it leads to.
"""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from cases import releases
from cases.choices import AnnouncementKind
from cases.importing.reader import Record
from cases.importing.storing import update
from cases.models import Announcement, ReleaseReport, TypicalCase


def tie_releases(record: Record, announcement: Announcement) -> Iterator[tuple[str, str]]:
    """Make an announcement a report of the releases that its record names, by their fullest reports."""
    keys = [record["reports_on"] or record["key"], *record.get("also_reports_on", [])]
    if record["reports_on"] is None and _tells_of_no_release(record, announcement):
        del keys[0]
    found = {other.key: other for other in Announcement.objects.filter(key__in=keys)}
    for key in keys:
        if key not in found:
            where = "reports_on" if key == record["reports_on"] else "also_reports_on"
            yield where, _("there is no record %(key)s") % {"key": key}
            return
    wanted = [releases.release_of(found[key]) for key in keys]
    if announcement.key in keys:
        described = record.get("release", {"name": "", "authority": None, "disclosed": None})
        update(wanted[0], described | {"authority": described["authority"] or ""}, "release")
    releases.tie(announcement, wanted, record.get("role", releases.default_role(record["kind"])))


def _tells_of_no_release(record: Record, announcement: Announcement) -> bool:
    """A feature tells of campaigns; it reports a release only where it, or a report of the same release, says so."""
    own = announcement.revises or announcement
    others = ReleaseReport.objects.filter(release__fullest=own).exclude(announcement__in=[own, announcement])
    return record["kind"] == AnnouncementKind.FEATURE and not {"release", "role"} & set(record) and not others.exists()


def tie_cases(record: Record, announcement: Announcement) -> Iterator[tuple[str, str]]:
    """Tie the cases of an announcement to the fullest tellings that its record names."""
    cases = {case.number: case for case in TypicalCase.objects.filter(announcement=announcement)}
    for i, members in enumerate(record["cases"], 1):
        where, target = f"cases[{i}].same_as", None
        if "same_as" in members:
            key, _slash, number = members["same_as"].rpartition("/")
            number = int(number) if number.isdecimal() and len(number) < 10 else 0
            target = TypicalCase.objects.filter(announcement__key=key, number=number).first()
            if target is None:
                yield where, _("there is no case %(name)s") % {"name": members["same_as"]}
                continue
            if target.announcement_id == announcement.pk:
                yield where, _("leads to a case of the same record")
                continue
        update(cases[members["number"]], {"same_as": target}, where)


def check_ties(record: Record, announcement: Announcement) -> Iterator[tuple[str, str]]:
    """Find what leads to a record, or a case, that leads on, now that everything is tied."""
    named = [record["reports_on"], *record.get("also_reports_on", [])]
    for fullest in Announcement.objects.filter(key__in=[key for key in named if key is not None]):
        first = fullest.reports.select_related("release__fullest").first()
        if first and first.release.fullest and first.release.fullest != fullest:
            where = "reports_on" if fullest.key == record["reports_on"] else "also_reports_on"
            keys = {"key": fullest.key, "other": first.release.fullest.key}
            yield where, _("%(key)s reports on %(other)s; lead to that record") % keys
    if record["reports_on"] is not None:
        others = Announcement.objects.filter(releases__fullest=announcement)
        for key in others.exclude(Q(pk=announcement.pk) | Q(revises=announcement)).values_list("key", flat=True):
            keys = {"key": key, "other": record["reports_on"]}
            yield "reports_on", _("%(key)s reports on this record; let it lead to %(other)s as well") % keys
    cases = TypicalCase.objects.filter(announcement=announcement).order_by("number")
    places = {members["number"]: i for i, members in enumerate(record["cases"], 1)}
    for case in cases.select_related("same_as"):
        where, target = f"cases[{places[case.number]}].same_as", case.same_as
        if target is None:
            continue
        if target.same_as_id is not None:
            yield where, _("leads to a case that leads on to another; lead to the fullest telling")
        elif case.other_tellings.exists():
            yield where, _("other cases lead to this one; let them lead to the fullest telling as well")
