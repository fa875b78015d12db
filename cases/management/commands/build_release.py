"""Build a data package of everything public."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.packages import build


class Command(BaseCommand):
    help = "Build a data package of everything public, for /downloads/. What has not changed since is not built again."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            package, is_new = build.build(settings.SITE_URL)
        except build.BusyError as busy:
            raise CommandError(f"{busy}") from busy
        if not is_new:
            self.stdout.write(f"{package.name}: nothing has changed since")
            return
        self.stdout.write(f"{package.name}: {sum(package.rows.values()):,} rows, {package.zip.size:,} bytes zipped")
        self.stdout.write(str(package.folder))
