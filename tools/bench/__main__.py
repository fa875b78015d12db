"""Measure the archive on this machine, on made-up collections of SIZES typical cases, five figures each.

    make bench [SIZES="10000 100000 1000000"] [SEED=2018] [KEEP=1] [REUSE=1] [DATASETTE=0] [ARGS=--plans]

The server is that of DATABASE_URL, or the archive's own. The databases there are made for the measurement and dropped
at the end; KEEP=1 leaves them, and REUSE=1 measures those that were left. The same cases are asked of Datasette too,
unless DATASETTE=0. A run of several sizes writes docs/performance.md. With --plans nothing is timed: the run fails if a
page reads a large table from end to end, or a list is not answered with the index that is there for it.
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

from tools import prepare
from tools.bench import chinese, compared, datasette, downloads, extraction, load, measure, plans, report, saves

BASE = Path(__file__).resolve().parent.parent.parent
SIZES = (10_000, 100_000, 1_000_000)
DOCUMENT = BASE / "docs" / "performance.md"


def main() -> None:
    signal.signal(signal.SIGTERM, _end)
    options = _options()
    started = perf_counter()
    document = report.Report()
    if not options.plans:
        print("\n".join(extraction.lines()), flush=True)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(datasette.installed()) if options.datasette and not options.plans else None
        grown = compared.Growth()
        for size in options.sizes:
            database = load.Database(os.environ["DATABASE_URL"], f"archive_bench_{size}")
            with database.reserved():
                _measure_one(database, size, options, document, grown, folder)
    if options.plans:
        return
    report.growth(document, grown)
    if len(options.sizes) > 1 and folder:
        document.write(DOCUMENT)
        print(f"\nWritten to {DOCUMENT.relative_to(BASE)}.")
    print(f"\nDone in {perf_counter() - started:.0f} s.")


def _options() -> argparse.Namespace:
    sizes = (os.environ.get("SIZES") or os.environ.get("SIZE") or " ".join(map(str, SIZES))).split()
    parser = argparse.ArgumentParser(description="Measure the archive on made-up collections.")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(map(int, sizes)), help="typical cases")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or 2018))
    parser.add_argument("--keep", action="store_true", default=bool(os.environ.get("KEEP")), help="keep the databases")
    parser.add_argument("--reuse", action="store_true", default=bool(os.environ.get("REUSE")), help="those that were")
    parser.add_argument("--datasette", type=int, default=int(os.environ.get("DATASETTE") or 1), help="0: without it")
    parser.add_argument("--plans", action="store_true", help="only check the plans of queries; nothing is timed")
    return parser.parse_args()


def _end(number: int, frame: FrameType | None) -> None:
    print(f"\nended by {signal.Signals(number).name}", flush=True)
    sys.exit(128 + number)


@contextlib.contextmanager
def _django(url: str) -> Iterator[None]:
    """Let Django's connection be one to this database."""
    os.environ |= {"DATABASE_URL": url, "STATEMENT_TIMEOUT_MS": "0"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
    import django
    from django.db import connection

    django.setup()
    connection.settings_dict["NAME"] = url.partition("?")[0].rpartition("/")[2]
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]


def _measure_one(
    database: load.Database,
    size: int,
    options: argparse.Namespace,
    document: report.Report,
    grown: compared.Growth,
    folder: Path | None,
) -> None:
    seed = database.made_of()[1] if options.reuse else options.seed
    if not options.reuse:
        database.create(size, seed)
    try:
        with _django(database.url):
            prepare.collect_static()
            steps = load.Steps() if not options.reuse else None
            if steps:
                load.load(database.url, size, seed, steps)
            if not options.plans:
                _measure(database.url, size, seed, document, grown, folder, steps)
            _check_plans(database.url, size)
    finally:
        if options.keep or options.reuse:
            print(f"\nThe database stays: DATABASE_URL='{database.url}'")
        else:
            database.drop()


def _measure(
    url: str,
    size: int,
    seed: int,
    document: report.Report,
    grown: compared.Growth,
    folder: Path | None,
    steps: load.Steps | None,
) -> None:
    if not document.parts:
        report.opening(document, url, seed)
    document.say(f"# {size:,} cases")
    if steps:
        report.loading(document, steps, load.sizes(url))
    with measure.site(url) as client:
        first = measure.first(client)
    with measure.site(url) as client:
        measure.warm_up(client)
        measured = list(measure.run(client))
        grown.add(size, measured)
        report.pages(document, measured, first)
        with saves.editor(url) as meanwhile:
            report.meanwhile(document, list(measure.run(client, measure.AFTER_A_WRITE)), meanwhile)
        report.after_writes(document, *measure.after_writes(client, url))
        report.large_save(document, *saves.large(client, url))
        report.others(document, list(measure.others(client, url)))
        fetched = list(downloads.fetched(client, url, ("cases", "figures") if size <= load.DISTINCT else ("cases",)))
        report.downloads(document, fetched)
        if folder:
            print("building the SQLite file of Datasette ...", flush=True)
            built = datasette.build(url, folder)
            with datasette.served(folder) as other:
                pairs = list(compared.both(client, other, measured))
                streamed = datasette.stream(other)
            grown.compare(size, pairs)
            report.datasette(document, built, pairs)
            report.streamed(document, *streamed, size, fetched)
    if size == load.DISTINCT:
        with load.connect(url) as connection:
            if connection.execute("select to_regclass('bench_texts')").fetchone() == (None,):
                chinese.texts(url)
        found = chinese.compare(url)
        report.chinese(document, found)
        if found.recall < 1:
            raise load.BenchError("Not every case that holds a word was found by it.")
    asked = [(s.name, plans.of_list(s.kind, urlencode(s.queries[0]))) for s in measure.SCENARIOS]
    report.plans(document, asked)


def _check_plans(url: str, size: int) -> None:
    if size >= load.DISTINCT:
        wrong = [*plans.read_whole(measure.all_paths(url)), *plans.unexpected()]
        if wrong:
            raise load.BenchError("Queries are not answered as they should be:\n" + "\n".join(wrong))


if __name__ == "__main__":
    try:
        main()
    except (load.BenchError, psycopg.OperationalError) as problem:
        sys.exit(f"\n{problem}")
    except KeyboardInterrupt:
        sys.exit(130)
