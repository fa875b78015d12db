"""The version of the public data, and reading all of an answer from one state of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from threading import local
from typing import NamedTuple

from django.db import connection, transaction

_inside = local()  # a connection belongs to a thread, and a snapshot to a connection


class Version(NamedTuple):
    """A version of the public data: its number, and since when it is so. A restored archive may count a number anew."""

    n: int
    since: datetime


def current() -> Version:
    """Return the version of the public data, as the snapshot sees it that is being read from."""
    with connection.cursor() as cursor:
        cursor.execute("select n, changed_at from cases_dataversion")
        return Version(*cursor.fetchone())


@contextmanager
def snapshot(*, seconds: int | None = None) -> Iterator[None]:
    """Let all that is read within be of one state of the data. `seconds` is what one query may take at most.

    Within a transaction of the caller's, that transaction decides.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        if seconds is not None:
            # What is streamed comes as it is found: in the order of an index, without a sort of the whole before it.
            cursor.execute(f"set local statement_timeout = '{seconds}s'")
            cursor.execute("set local enable_hashjoin = off")
            cursor.execute("set local enable_mergejoin = off")
        _inside.snapshot = True
        try:
            yield
        finally:
            _inside.snapshot = False


def in_snapshot() -> bool:
    """Return whether what is read now is read from one state of the data, in which nothing is written."""
    return getattr(_inside, "snapshot", False)


def etag(version: Version, *parts: object) -> str:
    """Return the strong entity tag of an answer: of one version of the data, and of whatever else decides its bytes."""
    digest = sha256(repr((version.since.isoformat(), *parts)).encode()).hexdigest()
    return f'"{version.n}-{digest[:20]}"'
