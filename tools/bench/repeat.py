"""A larger archive from a smaller one that is loaded: the same announcements again, under other numbers.

Making a text and finding its words costs far more than storing both, so that a million cases made one by one take an
hour. Every repetition has ids, keys and addresses of its own; what it says is what the first one says.
"""

from collections.abc import Iterable, Iterator

import psycopg

from tools.bench.corpus import COLUMNS, Corpus
from tools.bench.load import SEARCH_ROWS, columns_of

# What the columns with numbers number. A release and a text are numbered like their announcement.
_ANNOUNCEMENTS, _CASES, _FIGURES = "announcements", "cases", "figures"
_NUMBERS = {
    "announcement_id": _ANNOUNCEMENTS, "release_id": _ANNOUNCEMENTS, "fullest_id": _ANNOUNCEMENTS,
    "text_version_id": _ANNOUNCEMENTS, "case_id": _CASES, "typicalcase_id": _CASES, "figure_id": _FIGURES,
}  # fmt: skip
_IDS = {
    "cases_announcement": _ANNOUNCEMENTS, "cases_release": _ANNOUNCEMENTS, "cases_textversion": _ANNOUNCEMENTS,
    "cases_announcementrow": _ANNOUNCEMENTS, "cases_typicalcase": _CASES, "cases_caserow": _CASES,
    "cases_figure": _FIGURES, "cases_figurerow": _FIGURES,
}  # fmt: skip
_WORDED = {"key": "key || '-' || {again}", "url": "replace(url, '.html', '-' || {again} || '.html')"}


def statements(connection: psycopg.Connection, corpus: Corpus, times: int, tables: Iterable[str]) -> Iterator[str]:
    """Return what copies the rows that a corpus has in some tables so often that there are `times` as many."""
    many = {_ANNOUNCEMENTS: corpus.announcements, _CASES: corpus.size, _FIGURES: corpus.figures}
    for table in tables:
        if table == "cases_publisher":
            continue
        columns = columns_of(connection, table) if table in SEARCH_ROWS else COLUMNS[table]
        numbered = {"id": _IDS[table], **_NUMBERS} if table in _IDS else _NUMBERS
        for again in range(1, times):
            values = [
                f"{name} + {again * many[numbered[name]]}" if name in numbered
                else _WORDED.get(name, name).format(again=again)
                for name in columns
            ]  # fmt: skip
            of_first = next(name for name in ("id", *_NUMBERS) if name in columns and name in numbered)
            yield (
                f"insert into {table} ({', '.join(columns)}) select {', '.join(values)} from {table} "
                f"where {of_first} <= {many[numbered[of_first]]}"
            )
