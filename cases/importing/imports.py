"""One import from files to the database: all or nothing, and a report of what it did or would do."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pghistory
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from cases import drafts, duplicates, permissions, publishing
from cases.choices import Status
from cases.duplicates import Incoming, Reason
from cases.importing import decisions, tables, writer
from cases.importing.files import File, on_disk
from cases.importing.importer import Importer, Report
from cases.importing.reader import Problem, Record, Source, files_of, read_json
from cases.importing.table_files import is_of_decisions, is_table
from cases.models import Announcement
from cases.permissions import Action


@dataclass(frozen=True)
class Options:
    """How an import is done: whether what is unknown is created, and whether what is public stays as it is."""

    create: bool = True
    create_rows: bool = False  # of tables: a row that is not there is mostly a slip
    as_drafts: bool = False
    dry_run: bool = False


class _RollbackError(Exception):
    """Leaves the transaction of a dry run or of a refused import."""


def import_records(
    paths: Iterable[Path],
    *,
    dry_run: bool = False,
    create: bool | None = None,
    by: User | None = None,
    reason: str = "import",
) -> Report:
    """Import files and folders of records, publish them and return what was done; if anything is refused, nothing is.

    `create` left open: records of JSON are created, rows of tables are not.
    """
    problems: list[Problem] = []
    files = [on_disk(path) for path in files_of(paths, problems)]
    if problems:
        return Report(problems=problems)
    options = Options(dry_run=dry_run) if create is None else Options(create, create, dry_run=dry_run)
    return import_files(files, options, by=by, reason=reason)


def import_files(files: Iterable[File], options: Options, *, by: User | None = None, reason: str = "import") -> Report:
    """Import files of JSON and CSV and return what was done. If anything is refused, nothing is written."""
    files = list(files)
    sources, problems = read_json(file for file in files if not is_table(file))
    report = Report(problems=problems)
    if problems:
        return report
    report.notices += [file.notice for file in files if not is_table(file) and file.notice]
    who = {"user": by.pk} if by else {}
    try:
        with transaction.atomic(), pghistory.context(reason=reason, **who):
            with connection.cursor() as cursor:  # imports come one after the other
                cursor.execute("select pg_advisory_xact_lock(hashtext('cases_import'))")
            _run(sources, [file for file in files if is_table(file)], options, report, by, reason)
            if options.dry_run or report.problems:
                raise _RollbackError
    except _RollbackError:
        pass
    return report


def _run(
    sources: list[Source], found: list[File], options: Options, report: Report, by: User | None, reason: str
) -> None:
    decided = [file for file in found if is_of_decisions(file)]
    edited = tables.read_tables([file for file in found if file not in decided], report, create=options.create_rows)
    keys = {source.record["key"] for source in sources}
    twice = [source for source in edited if source.record["key"] in keys]
    for source in twice:
        message = _("%(key)s is in a file of JSON as well") % {"key": source.record["key"]}
        report.problems.append(source.problem("key", message))
    if report.problems:
        return
    importer = Importer(report, create=options.create or options.create_rows, as_drafts=options.as_drafts)
    writes = _Drafts(importer, by).written_to if options.as_drafts else _in_place
    changed = importer.run([*sources, *edited], written_to=writes)
    if not report.problems:
        decisions.take_over(decided, report, as_drafts=options.as_drafts)
    if report.problems:
        return
    if options.as_drafts and by is not None:
        for announcement in changed:
            announcement.authors.add(by)
    if options.dry_run:
        report.notices += _duplicates(changed, set(report.created))
    if not options.as_drafts:
        for announcement in changed:
            if announcement.status == Status.WITHDRAWN:
                report.withdrawn.append(announcement.key)
            else:
                publishing.publish(announcement, by=by, reason=reason)
    try:
        connection.check_constraints()  # what is checked at the end of the transaction: now, so that it can be told
    except DatabaseError as problem:
        report.problems.append(Problem("database", "", str(problem).partition("\n")[0]))


def _duplicates(changed: Iterable[Announcement], created: Collection[str]) -> Iterator[str]:
    """Say which new records may be in the archive already, under another key and as no report of the same release."""
    for announcement in changed:
        if announcement.key not in created:
            continue
        releases = set(announcement.reports.values_list("release_id", flat=True))
        incoming = Incoming(
            url=announcement.url or "",
            published=announcement.published or "",
            figures=list(announcement.figures.values_list("measure_id", "value")),
            own=[announcement.pk],
        )
        for found in duplicates.find(incoming):
            if releases.isdisjoint(found.announcement.reports.values_list("release_id", flat=True)):
                why = {Reason.ADDRESS: _("the same address")}.get(found.reason, _("the same day and figures"))
                keys = {"key": announcement.key, "other": found.announcement.key, "why": why}
                yield _("%(key)s may be %(other)s again, or a report of its release: %(why)s") % keys


def _in_place(source: Source, stored: Announcement) -> Announcement:
    return stored


class _Drafts:
    """Leaves what is public as it is: the change of a published record goes to its draft copy."""

    def __init__(self, importer: Importer, by: User | None) -> None:
        self.importer, self.by = importer, by

    def written_to(self, source: Source, stored: Announcement) -> Announcement | None:
        """Return the draft to write to; None if it says so already, or if the change is refused."""
        key = stored.key
        if stored.status in (Status.DRAFT, Status.IN_REVIEW):
            refused = permissions.refusal(self.by, Action.CHANGE, stored) if self.by else ""
            if refused:
                self.importer.refuse(source, [("key", refused)])
            return None if refused else stored
        if not stored.is_published:
            self.importer.refuse(source, [("key", _("%(key)s has been withdrawn") % {"key": key})])
            return None
        if source.record.get("release") != _record(stored).get("release"):
            self.importer.refuse(source, [("release", _("of a public record is changed on the page of the release"))])
            return None
        copy = Announcement.objects.filter(revises=stored).first()
        if copy is None:
            return drafts.start_copy(stored, by=self.by)
        if _content(_record(copy)) == _content(source.record):
            self.importer.report.unchanged.append(key)
        else:
            first = _("%(key)s has a draft copy; publish or discard that one first") % {"key": key}
            self.importer.refuse(source, [("key", first)])
        return None


def _record(announcement: Announcement) -> Record:
    return writer.to_record(writer.prefetched(Announcement.objects.filter(pk=announcement.pk)).get())


def _content(record: Record) -> Record:
    """Return a record without its name and its releases, in which a copy and what it revises differ."""
    others = ("key", "reports_on", "also_reports_on", "role", "release")
    return {name: value for name, value in record.items() if name not in others}
