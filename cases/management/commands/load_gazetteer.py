"""Load the gazetteer."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.gazetteer.loader import load_gazetteer


class Command(BaseCommand):
    help = "Load the gazetteer of China: every place of GB/T 2260 with its names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures" / "gazetteer.csv")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            loaded = load_gazetteer(file)
        except (OSError, ValueError) as problem:
            raise CommandError(f"{file}: {problem}") from problem
        self.stdout.write(f"places: {loaded.created} created, {loaded.updated} updated, {loaded.unchanged} unchanged")
