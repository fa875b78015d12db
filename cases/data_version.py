"""The version of the public data, and reading all of an answer from one state of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import connection, transaction

_VERSION = "select n, changed_at from cases_dataversion"
_reader: Any = connection  # keeps the version that its snapshot is of (archive/postgres)


class Version(NamedTuple):
    """A version of the public data: its number, and since when it is so. A restored archive may count a number anew."""

    n: int
    since: datetime


def current() -> Version:
    """Return the version of the public data, as the snapshot sees it that is being read from."""
    if in_snapshot():
        return Version(*_reader.snapshot_of)
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        return Version(*cursor.fetchone())


@contextmanager
def snapshot(*, seconds: int | None = None) -> Iterator[None]:
    """Let all that is read within be of one state of the data. `seconds` is what one query may take at most.

    Within a transaction of the caller's, that transaction decides.
    """
    if connection.in_atomic_block:
        yield
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"set transaction isolation level repeatable read, read only; {_VERSION}")
            cursor.nextset()
            _reader.snapshot_of = cursor.fetchone()
            if seconds is not None:
                # What is streamed comes as it is found: in an index's order, without a sort of the whole before it.
                cursor.execute(f"set local statement_timeout = '{seconds}s'")
                cursor.execute("set local enable_hashjoin = off")
                cursor.execute("set local enable_mergejoin = off")
            yield
    finally:
        _reader.snapshot_of = None


def in_snapshot() -> bool:
    """Return whether what is read now is read from one state of the data, in which nothing is written."""
    return _reader.snapshot_of is not None


def etag(version: Version, *parts: object) -> str:
    """Return the strong entity tag of an answer: of one version of the data, and of whatever else decides its bytes."""
    digest = sha256(repr((version.since.isoformat(), *parts)).encode()).hexdigest()
    return f'"{version.n}-{digest[:20]}"'
