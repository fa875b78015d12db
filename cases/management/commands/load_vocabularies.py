"""Load the controlled vocabularies."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cases.importing.vocabularies import load_vocabularies


class Command(BaseCommand):
    help = "Load the crime types, measures and campaigns from a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        for name, count in load_vocabularies(folder).items():
            self.stdout.write(f"{name}: {count} new or changed")
