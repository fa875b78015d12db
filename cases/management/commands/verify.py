"""Check that everything derived is still what it was made from."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases import verify


class Command(BaseCommand):
    help = "Compare search rows, hashes, evidence and published versions with what they were made from."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(verify.problems())
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"{len(found)} problems")
        self.stdout.write("everything holds")
