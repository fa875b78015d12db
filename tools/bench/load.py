"""A made-up archive into a database of its own: made, filled by COPY, its search rows computed, and dropped again."""

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from io import StringIO
from multiprocessing import get_context
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.utils.module_loading import import_string
from psycopg import sql

from tools.bench.corpus import COLUMNS, NUMBERED, Corpus, Row

ANNOUNCEMENTS_AT_ONCE = 250
SETTLED_AT_ONCE = 500  # announcements
AT_ONCE = 2  # connections, and processes that make rows
LOCK = 20_180_908  # any number: PostgreSQL's advisory lock of whoever measures
NOTE = re.compile(r"Made up to measure: (\d+) cases, seed (\d+)")
DISTINCT = 100_000  # cases that differ; a larger archive repeats them
SEARCH_ROWS = ("cases_announcementrow", "cases_caserow", "cases_figurerow")


class BenchError(Exception):
    """The measurement cannot go on; the message says why."""


class Steps:
    """The steps of the loading, with the seconds that each took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        print(f"{name} ...", end=" ", flush=True)
        started = perf_counter()
        try:
            yield
        except BaseException:
            print("failed", flush=True)
            raise
        self.seconds[name] = perf_counter() - started
        print(f"{self.seconds[name]:.1f} s", flush=True)


class Database:
    """A database for measuring, on the server that an address names."""

    def __init__(self, server: str, name: str) -> None:
        parts = urlsplit(server)
        self.name = name
        self.url = urlunsplit(parts._replace(path=f"/{name}"))
        self.beside = urlunsplit(parts._replace(path="/postgres")) if parts.path == f"/{name}" else server

    @contextlib.contextmanager
    def reserved(self) -> Iterator[None]:
        """Hold off others that would measure with the same database."""
        with connect(self.beside) as connection:
            if not _one(connection, "select pg_try_advisory_lock(%s)", LOCK):
                raise BenchError("Another measurement is under way on this server.")
            yield

    def made_of(self) -> tuple[int, int]:
        """Return the size and seed of the database that is there."""
        with connect(self.beside) as connection:
            note = _one(
                connection,
                "select shobj_description(oid, 'pg_database') from pg_database where datname = %s",
                self.name,
            )
        found = NOTE.fullmatch(note or "")
        if not found:
            raise BenchError(f"The server has no database {self.name} that was made for measuring and kept.")
        return int(found[1]), int(found[2])

    def create(self, size: int, seed: int) -> None:
        with connect(self.beside) as connection:
            if _one(connection, "select exists (select from pg_database where datname = %s)", self.name):
                self.made_of()  # else it is somebody's, and stays
                self.drop()
            name = sql.Identifier(self.name)
            connection.execute(sql.SQL("create database {}").format(name))
            note = sql.Literal(f"Made up to measure: {size} cases, seed {seed}")
            connection.execute(sql.SQL("comment on database {} is {}").format(name, note))

    def drop(self) -> None:
        with connect(self.beside) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(self.name)))


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True)


def _one(connection: psycopg.Connection, query: str, *values: Any) -> Any:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None


def load(url: str, size: int, seed: int, steps: Steps) -> None:
    """Fill an empty database. Django must have been set up for it."""
    from django.core.management import call_command

    from tools.bench import repeat

    corpus = Corpus(min(size, DISTINCT), seed)
    times, rest = divmod(size, corpus.size)
    if rest:
        raise BenchError(f"More than {DISTINCT:,} cases are made as a multiple of them: SIZE={times * DISTINCT}")
    with steps.step("tables"):
        call_command("migrate", verbosity=0)
    with steps.step("places, crime types, measures, campaigns"):
        call_command("load_gazetteer", stdout=StringIO())
        call_command("load_vocabularies", stdout=StringIO())
    with connect(url) as connection:
        put_off = set_aside_indexes(connection, COLUMNS)
        put_off_rows = set_aside_indexes(connection, SEARCH_ROWS)
    with steps.step("records, made and copied"):
        copy_corpus(url, corpus)
    if times > 1:
        with steps.step(f"records {times} times"), connect(url) as connection:
            side_by_side(url, list(repeat.statements(connection, corpus, times, COLUMNS)))
    with steps.step("indexes of the records"):
        side_by_side(url, put_off)
        with connect(url) as connection:
            connection.execute("analyze")
    with steps.step("verdicts between reports"):
        settle_reports(times * corpus.announcements)
    with steps.step("search rows"):
        side_by_side(url, list(search_rows(url, corpus)))
    if times > 1:
        with steps.step(f"search rows {times} times"), connect(url) as connection:
            side_by_side(url, list(repeat.statements(connection, corpus, times, SEARCH_ROWS)))
    finish(url, put_off_rows, steps)


def finish(url: str, put_off: Sequence[str], steps: Steps) -> None:
    """Make what is kept of the search rows: their counts, indexes and statistics."""
    from django.core.management import call_command

    with steps.step("counts and sets"):
        side_by_side(url, [f"select recount('{table}')" for table in SEARCH_ROWS])
    with steps.step("indexes of the search rows"):
        side_by_side(url, put_off)
    with steps.step("verdicts of series"):
        import_string("cases.verdicts.settle_all_series")()
    with steps.step("statistics"), connect(url) as connection:
        set_sequences(connection)
        connection.execute("vacuum (analyze)")
    with steps.step("sets of common words"):
        call_command("keep_common_words", stdout=StringIO())
    with connect(url) as connection:
        connection.execute("vacuum (analyze) cases_facetset, cases_facettotal")
        connection.execute("checkpoint")


# --- records ----------------------------------------------------------------------------------------------------------


def copy_corpus(url: str, corpus: Corpus) -> None:
    """Make the records in several processes; each copies what it makes."""
    with connect(url) as connection:
        _without_triggers(connection)
        copy(connection, corpus.shared())
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        parts = [
            pool.submit(_make_and_copy, url, corpus.size, corpus.seed, *chunk)
            for chunk in corpus.chunks(ANNOUNCEMENTS_AT_ONCE)
        ]
        _finish(parts)


_corpus = cache(Corpus)


def _make_and_copy(url: str, size: int, seed: int, first: int, last: int) -> None:
    corpus = _corpus(size, seed)
    with connect(url) as connection:
        _without_triggers(connection)
        copy(connection, corpus.rows(first, last))


def _without_triggers(connection: psycopg.Connection) -> None:
    """Let what is copied be taken as it is: no history, no references checked one by one, no rows refreshed."""
    try:
        connection.execute("set session_replication_role = replica")
    except psycopg.errors.InsufficientPrivilege:
        raise BenchError("Loading without triggers needs a superuser of the database server.") from None


def copy(connection: psycopg.Connection, rows: dict[str, list[Row]]) -> None:
    """Copy rows into their tables, in one transaction."""
    with connection.transaction(), connection.cursor() as cursor:
        for table, of_table in rows.items():
            names = ", ".join(COLUMNS[table])
            with cursor.copy(f"copy {table} ({names}) from stdin") as into:
                for start in range(0, len(of_table), 500):
                    into.write("".join(map(_line, of_table[start : start + 500])))


def _line(row: Row) -> str:
    return "\t".join(map(_field, row)) + "\n"


_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    return value.translate(_ESCAPED) if isinstance(value, str) else str(value)


def set_sequences(connection: psycopg.Connection) -> None:
    """Let new records be numbered after those that were copied with their numbers."""
    for table in NUMBERED:
        connection.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 1)) from {table}")


# --- verdicts ---------------------------------------------------------------------------------------------------------


def settle_reports(announcements: int) -> None:
    """Find in several processes how the reports of each release stand to each other, before there are search rows."""
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn"), initializer=_begin_settling) as pool:
        _finish([pool.submit(_settle, first, announcements) for first in range(1, announcements, SETTLED_AT_ONCE)])


def _begin_settling() -> None:
    import django
    from django.db import connection

    django.setup()
    connection.ensure_connection()
    _without_triggers(connection.connection)


def _settle(first: int, announcements: int) -> None:
    import_string("cases.verdicts.settle_reports")(range(first, min(first + SETTLED_AT_ONCE, announcements + 1)))


# --- search rows ------------------------------------------------------------------------------------------------------


def search_rows(url: str, corpus: Corpus) -> Iterator[str]:
    """Return the statements that fill the search rows from the views that say what they hold."""
    with connect(url) as connection:
        for table in SEARCH_ROWS:
            names = ", ".join(columns_of(connection, table))
            for first, last in corpus.chunks(max(ANNOUNCEMENTS_AT_ONCE, corpus.announcements // 20)):
                yield (
                    f"insert into {table} ({names}) select {names} from {table}_source "
                    f"where announcement_id between {first + 1} and {last}"
                )


def columns_of(connection: psycopg.Connection, table: str) -> list[str]:
    query = "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
    return [name for (name,) in connection.execute(query, [table])]


def set_aside_indexes(connection: psycopg.Connection, tables: Iterable[str]) -> list[str]:
    """Drop the indexes that no constraint needs; return the statements that make them again."""
    found = connection.execute(
        """select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
           from pg_index i join pg_class c on c.oid = i.indrelid
           where c.relname = any (%s) and not i.indisunique and c.relnamespace = current_schema()::regnamespace
           order by c.relpages desc, 1""",
        [list(tables)],
    ).fetchall()
    for index, _definition in found:
        connection.execute(f"drop index {index}")
    return [definition for _index, definition in found]


def side_by_side(url: str, statements: Sequence[str]) -> None:
    """Execute statements over several connections, in any order, as they stand: without triggers."""

    def execute(statement: str) -> None:
        with connect(url) as connection:
            _without_triggers(connection)
            connection.execute("set maintenance_work_mem = '512MB'")
            connection.execute("set work_mem = '128MB'")
            connection.execute("set synchronous_commit = off")
            connection.execute(statement)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        _finish([pool.submit(execute, statement) for statement in statements])


def _finish(futures: list[Future[None]]) -> None:
    """Wait for all; of the first that fails, raise why, and begin no others."""
    try:
        for future in futures:
            future.result()
    except BaseException:
        for future in futures:
            future.cancel()
        raise


def sizes(url: str) -> dict[str, tuple[int, int]]:
    """Return how many rows each larger table has, and its bytes with its indexes."""
    with connect(url) as connection:
        return {
            name: (rows, size)
            for name, rows, size in connection.execute(
                """select relname, n_live_tup, pg_total_relation_size(relid) from pg_stat_user_tables
                   where relname like 'cases%' and n_live_tup > 0 order by 3 desc limit 12"""
            )
        }
