"""Store the text of an announcement and locate its evidence in it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases import texts
from cases.models import Announcement


class Command(BaseCommand):
    help = "Store a UTF-8 text file as a text version of an announcement, and find every phrase in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, key: str, file: Path, **options: Any) -> None:
        announcement = Announcement.objects.filter(key=key).first()
        if announcement is None:
            raise CommandError(f"there is no announcement {key}")
        try:
            text = file.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as problem:
            raise CommandError(f"{file} cannot be read: {problem}") from problem
        if "\x00" in text:
            raise CommandError(f"{file} holds NUL characters: it is not a text")
        if not text.strip():
            raise CommandError(f"{file} is empty")
        attached = texts.attach(announcement, text)
        self.stdout.write(
            f"{key}: text {attached.version.n} {'stored' if attached.new else 'is there already'}, "
            f"{len(attached.found)} phrases found"
        )
        for figure in attached.ambiguous:
            self.stdout.write(f"  several places, an editor chooses: {figure.ref} “{figure.phrase}”")
        for figure in attached.missing:
            self.stdout.write(f"  not found: {figure.ref} “{figure.phrase}”")
