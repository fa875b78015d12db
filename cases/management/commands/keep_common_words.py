"""Keep sets of the words that many records hold, so that searches for them stay fast."""

from typing import Any

from django.core.management.base import BaseCommand

from cases.search import common_words


class Command(BaseCommand):
    help = "Choose the words that many records hold, and keep the sets of records that hold them. Run it now and then."

    def handle(self, *args: Any, **options: Any) -> None:
        for table, words in common_words.keep().items():
            self.stdout.write(f"{table}: {words} common words")
