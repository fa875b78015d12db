"""Propose what can be coded in the text of a release."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.extraction.suggest import suggest
from cases.extraction.suggestions import Suggestions
from cases.extraction.vocabulary import shipped_vocabulary
from cases.importing.files import UnreadableError, on_disk
from cases.partial_dates import PartialDateError


class Command(BaseCommand):
    help = "Propose figures, cases, places, crime types, campaigns and dates of a text. Needs no database."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the text, in UTF-8 or GB18030")
        parser.add_argument("--published", help="when it was published, such as 2018-09-07 or 2018-09")
        parser.add_argument("--format", choices=("json", "text"), default="json")

    def handle(self, *args: Any, file: Path, published: str | None, **options: Any) -> None:
        try:
            found = suggest(on_disk(file).read(), shipped_vocabulary(), published)
        except (OSError, UnreadableError) as error:
            raise CommandError(f"{file}: {getattr(error, 'strerror', None) or error}") from error
        except PartialDateError as error:
            raise CommandError(f"--published: {error}") from error
        if options["format"] == "text":
            self.stdout.write("\n".join(_lines(found)))
        else:
            self.stdout.write(json.dumps(found.to_json(), ensure_ascii=False, indent=2))


def _lines(found: Suggestions) -> Iterator[str]:
    yield f"{found.title} ({found.language}, {found.published or 'no date'})"
    for campaign in found.campaigns:
        yield f"campaign  {campaign.name}: {campaign.phrase!r} at {campaign.start}"
    for case in found.cases:
        yield f"case {case.number}  {case.heading} [{', '.join((*case.places, *case.crime_types))}]"
    for figure in found.figures:
        number = f"{figure.value:,f}" + (f" to {figure.high:,f}" if figure.high is not None else "")
        where = "" if figure.case is None else f" (case {found.cases[figure.case].number})"
        yield f"figure  {figure.qualifier} {number} {figure.unit}, {figure.measure or '?'}{where}: {figure.phrase!r}"
    for place in found.places:
        others = f" (or {', '.join(place.candidates[1:])})" if place.candidates else ""
        yield f"place  {place.code} {place.name}: {place.phrase!r}{others}"
    for crime in found.crime_types:
        yield f"crime type  {crime.code}: {crime.phrase!r}"
