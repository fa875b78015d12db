"""Whole lists taken away as CSV over HTTP, beside what psql takes for the same query."""

import contextlib
import http.client
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg

import devdb
from tools.bench.load import BenchError
from tools.bench.measure import Client

TIMES = 3


@dataclass
class Download:
    """A CSV of a whole list: the seconds until its first byte and its last over HTTP, and those that psql takes for the
    same query; the bytes by which the processes of the site had grown at most.

    What breaks off, such as by the time limit of a query, has no numbers over HTTP.
    """

    kind: str
    psql: float
    size: int = 0
    first_byte: float | None = None
    seconds: float | None = None
    grown: int | None = None


def fetched(client: Client, url: str, kinds: Sequence[str] = ("cases", "figures")) -> Iterator[Download]:
    """Fetch the CSV of whole lists; beside it, let psql copy what the same queries give."""
    for kind in kinds:
        query = _copied(kind, client.port)
        download = Download(kind, median(_psql(url, query) for _ in range(TIMES)))
        try:
            _peaks(client, anew=True)
            before = _peaks(client)
            files = [client.download(f"/{kind}.csv") for _ in range(TIMES)]
        except (BenchError, http.client.HTTPException, OSError) as problem:
            print(f"\n/{kind}.csv: {problem}", flush=True)
            client.connection.close()
        else:
            after = _peaks(client)
            download.grown = max((after[pid] - before[pid] for pid in before if pid in after), default=None)
            download.size = files[0][0]
            download.first_byte = median(first for _size, first, _whole in files)
            download.seconds = median(whole for *_, whole in files)
        yield download


def _copied(kind: str, port: int) -> str:
    """Return the COPY that the CSV of a whole list is made with."""
    from django.db import connection
    from django.http import QueryDict

    from cases import exports, records
    from cases.search.results import Results

    export = exports.Export(Results(kind, QueryDict()), records.TABLES[kind], f"http://127.0.0.1:{port}")
    query, parameters = export.query(records.csv_select(export.table))
    connection.ensure_connection()
    return str(psycopg.ClientCursor(connection.connection).mogrify(query, parameters))


def _psql(url: str, query: str) -> float:
    """Return the seconds that psql takes to copy a query as CSV, as `\\copy` does."""
    started = perf_counter()
    # As the site plans what it streams: `data_version.snapshot`.
    copy = f"set enable_hashjoin = off; set enable_mergejoin = off; copy ({query}) to stdout (format csv, header)"
    command = [devdb.find_binaries().folder / "psql", url, "--quiet", "--command", copy]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - started


def _peaks(client: Client, *, anew: bool = False) -> dict[int, int]:
    """Return the most memory, in bytes, that each process of the site has had; `anew` forgets what was before.

    Only Linux tells; elsewhere there are none.
    """
    peaks = {}
    pid = client.site.pid if client.site else 0
    with contextlib.suppress(OSError):
        for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            if anew:
                Path(f"/proc/{child}/clear_refs").write_text("5")
            status = Path(f"/proc/{child}/status").read_text()
            peaks[child] = next(int(line.split()[1]) * 1024 for line in status.splitlines() if "VmHWM" in line)
    return peaks
