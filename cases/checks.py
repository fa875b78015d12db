"""System checks: a database that would search Chinese wrongly is refused before it serves."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def chinese_is_searchable(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Return an error unless the database knows that Chinese characters are letters (its LC_CTYPE)."""
    messages: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute("select to_tsvector('simple', '典型案例，网络') @@ '网络'::tsquery")
            if not cursor.fetchone()[0]:
                messages.append(
                    Error(
                        "The database does not part Chinese words from Chinese punctuation.",
                        hint="Create it with LC_CTYPE C.UTF-8 or another UTF-8 locale.",
                        id="cases.E001",
                    )
                )
    return messages
