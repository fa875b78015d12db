"""Load records of the interchange format, or tables of CSV as the archive writes them."""

from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.importing.importer import Report
from cases.importing.imports import import_records


class Command(BaseCommand):
    help = "Import records: files of JSON or CSV, or folders of JSON. All or nothing; what is the same is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument(
            "--create",
            action=BooleanOptionalAction,
            help="create what the archive does not know, or refuse it (default: records are created, rows of CSV not)",
        )

    def handle(self, *args: Any, paths: list[Path], dry_run: bool, create: bool | None, **options: Any) -> None:
        report = import_records(paths, dry_run=dry_run, create=create)
        for problem in report.problems:
            self.stderr.write(str(problem))
        for notice in report.notices:
            self.stderr.write(notice)
        if report.problems:
            raise CommandError(f"refused: {len(report.problems)} problems, nothing was imported")
        if options["verbosity"] > 1 or dry_run:
            for outcome in ("created", "updated"):
                for key in getattr(report, outcome):
                    self.stdout.write(f"{outcome} {key}")
                    for difference in report.differences[key]:
                        self.stdout.write(f"  {difference}")
            for decision in report.decisions:
                self.stdout.write(f"decided {decision}")
        for key in report.withdrawn:
            self.stdout.write(f"{key} stays withdrawn: restore it at the editors' desk to make it public again")
        self.stdout.write(
            f"{'would be: ' if dry_run else ''}{len(report.created)} created, {len(report.updated)} updated, "
            f"{len(report.unchanged)} unchanged{_decided(report)}"
        )


def _decided(report: Report) -> str:
    if not report.decisions and not report.decisions_unchanged:
        return ""
    return f"; {len(report.decisions)} decisions taken over, {report.decisions_unchanged} unchanged"
