"""Common words: those that very many records hold have sets of their own.

Without its set a word is looked up in the index of words, and every record that holds it is read. With it, what holds
the word is known beforehand. Which words are common is a matter of speed only: they are chosen from a sample, now and
then, and the database keeps their sets from then on.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from cases.models import AnnouncementRow, CaseRow, FigureRow

COMMON = 50_000  # records that hold a word
SHARE = 5  # or one record in so many, in an archive where these are fewer ...
FEWEST = 10_000  # ... but not few
SAMPLE = 10_000


def keep() -> dict[str, int]:
    """Choose the common words of every list, make the sets of those that are new, drop others; return their numbers."""
    kept = {}
    for model in (AnnouncementRow, CaseRow, FigureRow):
        table = model._meta.db_table
        before = {str(word) for word in _column("select lexeme from cases_commonword where source = %s", table)}
        common = _common(table)
        if before - common:
            _drop(table, before - common)
        if common - before:
            _make(table, sorted(common - before))
        kept[table] = len(common)
    return kept


def least(total: int) -> int:
    """Return how many of so many records must hold a word that is common."""
    return min(COMMON, max(FEWEST, total // SHARE))


def _common(table: str) -> set[str]:
    """Return the words that are common in a sample of rows, spread evenly over the table."""
    query = "select n from cases_facettotal where source = %s and facet = 'all'"
    total = next(iter(_column(query, table)), 0)
    if total < least(total):
        return set()
    sample = (
        f"select doc from {table} where id in "
        f"(select generate_series(1, max(id), greatest(1, max(id) / {SAMPLE})) from {table})"
    )
    # A campaign's own lexeme has the campaign's set.
    query = (
        "select word from ts_stat(%s) where word not like '%%/%%' "
        f"and ndoc::float8 * %s > {least(total)} * (select count(*) from ({sample}))"
    )
    return {str(word) for word in _column(query, sample, total)}


def _make(table: str, words: list[str]) -> None:
    """Make the sets of words part by part: rows change before or after a part is made, and are kept up with there.

    Searches use the sets once they are complete.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        _hold_rows(cursor)
        cursor.execute("insert into cases_commonword (source, lexeme) select %s, unnest(%s::text[])", [table, words])
    for part in _column(f"select distinct part from cases_facetset where source = '{table}' and facet = 'all'"):
        with transaction.atomic(), connection.cursor() as cursor:
            _hold_rows(cursor)
            cursor.execute(
                f"""insert into cases_facetset (source, facet, value, part, ids)
                    select %s, 'word', word, %s, id_set(array_agg(place_in_part(id)))
                    from {table}, unnest(tsvector_to_array(doc)) word
                    where id >= first_of(%s) and id < first_of(%s + 1) and word = any(%s) group by word
                    on conflict (source, facet, value, part) do update set ids = excluded.ids""",
                [table, part, part, part, words],
            )
    with transaction.atomic(), connection.cursor() as cursor:
        _hold_rows(cursor)
        cursor.execute(
            """insert into cases_facettotal (source, facet, value, n)
               select source, facet, value, sum(bit_count(ids)) from cases_facetset
               where source = %s and facet = 'word' and value = any(%s) group by 1, 2, 3
               on conflict (source, facet, value) do update set n = excluded.n""",
            [table, words],
        )
        query = "update cases_commonword set complete = true where source = %s and lexeme = any(%s)"
        cursor.execute(query, [table, words])


def _drop(table: str, words: Iterable[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        _hold_rows(cursor)
        cursor.execute("delete from cases_commonword where source = %s and lexeme = any(%s)", [table, list(words)])
        for kept in ("cases_facetset", "cases_facettotal"):
            query = f"delete from {kept} where source = %s and facet = 'word' and value = any(%s)"
            cursor.execute(query, [table, list(words)])


def _hold_rows(cursor: Any) -> None:
    """Let no row be refreshed until this transaction ends (sql/search.sql)."""
    cursor.execute("select pg_advisory_xact_lock(hashtext('cases_stale'))")


def _column(query: str, *parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [row[0] for row in cursor.fetchall()]
