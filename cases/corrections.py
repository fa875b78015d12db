"""The public ledger of changes after publication: what figures said before and since, what left the public and why.

It is read off the published versions and the steps on record; nothing is written for it. Words that were taken out
are not said again here: of free text it tells that it has changed, not what it was.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases import records
from cases.choices import AnnouncementKind, Language, Qualifier, Status, Translation, Unit
from cases.differences import Difference, differences
from cases.models import Announcement, PublishedVersion, Transition

PER_PAGE = 25
EVENTS = {
    "changed": _("changed"),
    "withdraw": _("withdrawn"),
    "merge": _("merged into another record"),
    "restore": _("public again"),
}
# The members that are compared; those that follow from them (labels, intervals, first and last days) are not.
VALUES: dict[str, tuple[str, ...]] = {
    "": ("kind", "published", "publisher", "language", "translation", "campaigns", "crime_types", "places"),
    "cases": ("number", "code_name", "period", "crime_types", "places"),
    "figures": (
        *("measure", "qualifier", "value", "value_high", "unit", "step", "case_number", "campaign", "period", "as_of"),
        *("cumulative", "of_measure", "base_period", "preferred", "crime_types", "places"),
    ),
}
WORDS: dict[str, tuple[str, ...]] = {
    "": ("title", "title_zh", "abstract", "source_url", "archived_url"),
    "cases": ("heading", "summary"),
    "figures": ("phrase", "note", "preferred_reason"),
}
# The members with a code that the record itself does not put into words.
CODES: dict[str, Any] = {
    "kind": AnnouncementKind,
    "language": Language,
    "translation": Translation,
    "qualifier": Qualifier,
    "unit": Unit,
}
TABLES = {"": records.ANNOUNCEMENTS, "cases": records.CASES, "figures": records.FIGURES}


@dataclass(frozen=True)
class Change:
    """One member that changed in public. `before` and `after` are None where it is words."""

    kind: str  # announcement, case or figure
    id: int | None
    key: str  # the case's number, the figure's ref
    name: str  # the public field; empty for a case or figure that came or went
    before: Any
    after: Any
    is_words: bool = False
    before_said: Any = None  # the same in the words of the reader's language, where the value is a code
    after_said: Any = None

    @property
    def label(self) -> str:
        table = TABLES[{"announcement": "", "case": "cases", "figure": "figures"}[self.kind]]
        found = next((f for f in table.fields if f.name == self.name), None)
        if found is None:
            return self.name
        return found.label_zh if (get_language() or "").startswith("zh") else found.label_en


@dataclass(frozen=True)
class Entry:
    """What happened to one announcement at one moment, and why."""

    at: datetime
    event: str
    announcement: Announcement
    reason: str
    version: int | None = None
    moved_to: int | None = None
    changes: Sequence[Change] = field(default_factory=tuple)

    @property
    def label(self) -> str:
        return str(EVENTS[self.event])

    @property
    def name(self) -> str:
        """Return what the ledger calls an entry for ever."""
        return f"{self.announcement.pk}-{self.event}-{self.version or int(self.at.timestamp())}"


def total() -> int:
    """Return how many entries there are."""
    return _versions().count() + _steps().count()


def entries(start: int = 0, stop: int | None = None) -> list[Entry]:
    """Return a part of the ledger, the newest first."""
    versions = _versions().values_list("published_at", Value("changed", CharField()), "pk")
    steps = _steps().values_list("at", "step", "pk")
    found = list(versions.union(steps, all=True).order_by("-published_at", "-pk")[start:stop])
    by_version = {v.pk: v for v in _with_before([pk for _at, event, pk in found if event == "changed"])}
    wanted = [pk for _at, event, pk in found if event != "changed"]
    by_step = {t.pk: t for t in Transition.objects.filter(pk__in=wanted).select_related("announcement")}
    return [_of_version(by_version[pk]) if event == "changed" else _of_step(by_step[pk]) for _at, event, pk in found]


def every_entry(chunk: int = 200) -> Iterator[Entry]:
    """Yield the whole ledger, a part at a time."""
    start = 0
    while part := entries(start, start + chunk):
        yield from part
        start += chunk


def _versions() -> QuerySet[PublishedVersion]:
    return PublishedVersion.objects.filter(n__gt=1).order_by()


def _steps() -> QuerySet[Transition]:
    return Transition.objects.filter(
        source__in=[Status.PUBLISHED, Status.WITHDRAWN], step__in=[step for step in EVENTS if step != "changed"]
    ).order_by()


def _with_before(ids: Sequence[int]) -> list[Any]:
    """Return versions, each with the body of the one before it as `before`."""
    versions: list[Any] = list(PublishedVersion.objects.filter(pk__in=ids).select_related("announcement"))
    by_announcement = {(v.announcement_id, v.n - 1): v for v in versions}
    earlier = PublishedVersion.objects.filter(
        announcement__in={a for a, _n in by_announcement}, n__in={n for _a, n in by_announcement}
    )
    for version in earlier:
        if (version.announcement_id, version.n) in by_announcement:
            by_announcement[version.announcement_id, version.n].before = version.body
    return versions


def _of_version(version: Any) -> Entry:
    a = version.announcement
    changes = tuple(changes_between(json.loads(version.before), json.loads(version.body))) if a.is_published else ()
    return Entry(version.published_at, "changed", a, version.reason, version.n, changes=changes)


def _of_step(step: Transition) -> Entry:
    return Entry(step.at, step.step, step.announcement, step.reason, moved_to=step.moved_to_id)


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    """Yield what differs between two public records, as the ledger tells it."""
    kinds = {"": "announcement", "cases": "case", "figures": "figure"}
    for d in differences(before, after):
        if d.kind not in kinds:
            continue
        pk = d.record.get("id")
        if not d.name:
            before, after = _came_or_went(d)
            yield Change(kinds[d.kind], pk, d.key, "", before, after, False, before, after)
        elif d.name in VALUES[d.kind]:
            said = (_said(d.name, d.before, d.record_before), _said(d.name, d.after, d.record))
            yield Change(kinds[d.kind], pk, d.key, d.name, d.before, d.after, False, *said)
        elif d.name in WORDS[d.kind]:
            yield Change(kinds[d.kind], pk, d.key, d.name, None, None, is_words=True)


def _said(name: str, value: Any, record: Mapping[str, Any]) -> Any:
    """Return what a member says, with the label that the record, or the archive, has for a code."""
    if name in CODES and value in CODES[name].values:
        return CODES[name](value).label
    return record.get(f"{name}_{'zh' if (get_language() or '').startswith('zh') else 'en'}") or value


def _came_or_went(d: Difference) -> tuple[Any, Any]:
    """Return a figure that came or went as its value; of a case only that there is one."""
    said = d.record.get("value") if d.kind == "figures" else d.key
    return (None, said) if d.came else (said, None)
