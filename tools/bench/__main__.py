"""Measure the archive on this machine, on a made-up collection of SIZE typical cases (100,000 unless set).

    make bench [SIZE=10000] [SEED=2018] [KEEP=1] [REUSE=1]

The server is that of DATABASE_URL, or the archive's own. The database there is made for the measurement and dropped
at the end; KEEP=1 leaves it, and REUSE=1 measures one that was left. A run of the full size writes docs/performance.md.
"""

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from types import FrameType
from urllib.parse import urlencode

import psycopg

from tools.bench import chinese, load, measure, plans, report

BASE = Path(__file__).resolve().parent.parent.parent
FULL = 100_000
DOCUMENT = BASE / "docs" / "performance.md"


def main() -> None:
    signal.signal(signal.SIGTERM, _end)
    options = _options()
    started = perf_counter()
    database = load.Database(os.environ["DATABASE_URL"], options.database)
    os.environ |= {"DATABASE_URL": database.url, "STATEMENT_TIMEOUT_MS": "0"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
    with database.reserved():
        size, seed = database.made_of() if options.reuse else (options.size, options.seed)
        if not options.reuse:
            database.create(size, seed)
        try:
            with _django():
                document = _measure(database, size, seed, load.Steps() if not options.reuse else None)
        finally:
            if options.keep or options.reuse:
                print(f"\nThe database stays: DATABASE_URL='{database.url}'")
            else:
                database.drop()
    if size >= FULL and not options.reuse:
        document.write(DOCUMENT)
        print(f"\nWritten to {DOCUMENT.relative_to(BASE)}.")
    print(f"\nDone in {perf_counter() - started:.0f} s.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the archive on a made-up collection.")
    parser.add_argument("--size", type=int, default=int(os.environ.get("SIZE") or FULL), help="typical cases")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or 2018))
    parser.add_argument("--keep", action="store_true", default=bool(os.environ.get("KEEP")), help="keep the database")
    parser.add_argument("--reuse", action="store_true", default=bool(os.environ.get("REUSE")), help="one that was kept")
    parser.add_argument("--database", default="archive_bench", help="its name")
    return parser.parse_args()


def _end(number: int, frame: FrameType | None) -> None:
    print(f"\nended by {signal.Signals(number).name}", flush=True)
    sys.exit(128 + number)


@contextlib.contextmanager
def _django() -> Iterator[None]:
    import django
    from django.db import connection

    django.setup()
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]


def _measure(database: load.Database, size: int, seed: int, steps: load.Steps | None) -> report.Report:
    from tools import prepare

    url = database.url
    if steps:
        load.load(url, size, seed, steps)
        with steps.step("texts to compare Chinese words with"):
            chinese.texts(url)
    prepare.collect_static()
    document = report.Report()
    report.opening(document, url, size, seed)
    if steps:
        report.loading(document, steps, load.sizes(url))
    with measure.site(url) as client:
        measure.warm_up(client)
        report.pages(document, list(measure.run(client)))
        report.after_writes(document, *measure.after_writes(client, url))
        report.downloads(document, list(measure.downloads(client)))
    compared = chinese.compare(url)
    report.chinese(document, compared)
    report.plans(document, [(s.name, plans.of_list(s.kind, urlencode(s.queries[0]))) for s in measure.SCENARIOS])
    if compared.recall < 1:
        raise load.BenchError("Not every case that holds a word was found by it.")
    return document


if __name__ == "__main__":
    try:
        main()
    except (load.BenchError, psycopg.OperationalError) as problem:
        sys.exit(f"\n{problem}")
    except KeyboardInterrupt:
        sys.exit(130)
