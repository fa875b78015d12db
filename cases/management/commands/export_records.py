"""Write records of the interchange format."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.importing import decisions, writer
from cases.models import Announcement


class Command(BaseCommand):
    help = "Write announcements as records, one JSON file each, into a folder; all of them with what is decided of two."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("keys", nargs="*", metavar="KEY", help="only these (default: all published)")

    def handle(self, *args: Any, folder: Path, keys: list[str], **options: Any) -> None:
        announcements = Announcement.objects.order_by("key")
        announcements = announcements.filter(key__in=keys) if keys else announcements.published()
        missing = set(keys) - set(announcements.values_list("key", flat=True))
        if missing:
            raise CommandError(f"there is no announcement {', '.join(sorted(missing))}")
        written = list(writer.write(writer.prefetched(announcements), folder))
        # What is decided of two records is not for some of them to say.
        decided = 0 if keys else decisions.write(folder)
        and_decided = f" and {decided} decisions" if decided else ""
        self.stdout.write(f"{len(written)} records{and_decided} written to {folder}")
