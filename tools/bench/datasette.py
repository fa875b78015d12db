"""The same cases in Datasette, for comparison: SQLite with FTS5, indexes, and the facets that Datasette has itself.

It is installed into an environment of its own, which is deleted in the end with the database.
"""

import contextlib
import csv
import http.client
import io
import json
import os
import socket
import sqlite3
import subprocess
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Any
from urllib.parse import urlencode

from tools.bench.load import BenchError, connect
from tools.bench.measure import Client, Scenario, Timings

VERSION = "0.65.5"
FEWEST, MOST, MOST_SECONDS = 2, 20, 12.0
STREAM_SECONDS = 30.0  # of its stream of all cases, the rows of so long are counted
PASSAGES = """
    select c.id, c.heading, c.summary, s.passage, r.year[1], r.day::text,
           array_to_json(case when r.province = '{}' then '{none}' else r.province end)::text,
           array_to_json(case when r.crime_type = '{}' then '{none}'
                              else array(select t from unnest(r.crime_type) t where t !~ '[.]') end)::text
    from cases_caserow r join cases_typicalcase c on c.id = r.id
    left join lateral (select substr(t.text, s.start + 1, s."end" - s.start) as passage
                       from cases_span s join cases_textversion t on t.id = s.text_version_id
                       where s.case_id = r.id and t.display <> 'hidden' order by t.n desc, s.start limit 1) s on true
"""
TABLES = """
    create table cases (id integer primary key, heading text, summary text, passage text, year text, day text,
                        province text, crime_type text);
"""
INDEXES = """
    create index cases_year on cases (year);
    create index cases_day on cases (day);
    create virtual table cases_fts using fts5 (heading, summary, passage, content="cases", content_rowid='id',
                                               tokenize='porter unicode61');
    insert into cases_fts (cases_fts) values ('rebuild');
    analyze;
"""
SETTINGS = {
    "sql_time_limit_ms": 120_000, "facet_time_limit_ms": 120_000, "suggest_facets": "off", "default_facet_size": 100,
    "cache_size_kb": 400_000, "default_cache_ttl": 0,
}  # fmt: skip


@contextlib.contextmanager
def installed() -> Iterator[Path]:
    """Install Datasette in a folder of its own for as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="archive-bench-") as folder:
        print(f"installing Datasette {VERSION} ...", flush=True)
        venv.create(Path(folder) / "venv", with_pip=True)
        pip = [Path(folder) / "venv" / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*pip, f"datasette=={VERSION}"], check=False).returncode:
            raise BenchError("Datasette cannot be installed.")
        yield Path(folder)


def build(url: str, folder: Path) -> tuple[float, int]:
    """Copy the cases into SQLite; return the seconds that took, and the bytes of the file."""
    started = perf_counter()
    path = folder / "bench.db"
    path.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as lite, connect(url) as connection:
        lite.executescript("pragma journal_mode = off; pragma synchronous = off;" + TABLES)
        with connection.transaction(), connection.cursor("passages") as cursor:
            cursor.itersize = 5_000
            lite.executemany("insert into cases values (?, ?, ?, ?, ?, ?, ?, ?)", cursor.execute(PASSAGES))
        lite.executescript(INDEXES)
        lite.commit()
    return perf_counter() - started, path.stat().st_size


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Client]:
    """Run Datasette over the file, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command: list[Any] = [folder / "venv" / "bin" / "datasette", "serve", "--immutable", folder / "bench.db"]
    command += ["--port", port]
    for name, value in SETTINGS.items():
        command += ["--setting", name, value]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    process = subprocess.Popen(list(map(str, command)), env=environment, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        deadline = monotonic() + 120
        while True:
            client = Client(port)
            try:
                client.get("/-/versions.json")
                break
            except (OSError, http.client.HTTPException):
                if process.poll() is not None or monotonic() > deadline:
                    raise BenchError("Datasette does not start.") from None
                sleep(0.2)
        yield client
    finally:
        process.terminate()
        process.wait()


def path_of(query: tuple[tuple[str, str], ...]) -> str:
    """Return the address that asks Datasette for 25 cases, how many there are, and three facets."""
    names = {"year": "year", "province": "province__arraycontains", "crime_type": "crime_type__arraycontains"}
    facets = [("_facet", "year"), ("_facet_array", "province"), ("_facet_array", "crime_type"), ("_size", "25")]
    asked = [("_search" if name == "q" else names[name], value) for name, value in query]
    return f"/bench/cases.json?{urlencode([*facets, *asked])}"


def ask(client: Client, scenario: Scenario) -> tuple[int, dict[str, dict[str, int]], Timings]:
    """Return how many cases Datasette finds, its facets, and how long it takes."""
    path = path_of(scenario.queries[0])
    answer = json.loads(client.get(path).body)
    facets = {
        name: {str(value["value"]): value["count"] for value in facet["results"]}
        for name, facet in answer["facet_results"].items()
    }
    timings = Timings()
    deadline = monotonic() + MOST_SECONDS
    while len(timings.ms) < MOST and (monotonic() < deadline or len(timings.ms) < FEWEST):
        timings.ms.append(client.get(path).seconds * 1000)
    return answer["filtered_table_rows_count"], facets, timings


def stream(client: Client) -> tuple[int, int, float]:
    """Return the rows and bytes of Datasette's stream of all cases as CSV, as far as it comes in some time, and the
    seconds that they took.
    """
    started = perf_counter()
    client.connection.request("GET", "/bench/cases.csv?_stream=on&_size=max")
    response = client.connection.getresponse()
    counted = _Counted(response)
    rows = -1  # the header
    for _row in csv.reader(io.TextIOWrapper(io.BufferedReader(counted), "utf-8", newline="")):
        rows += 1
        if rows % 1000 == 0 and perf_counter() - started > STREAM_SECONDS:
            break
    seconds = perf_counter() - started
    client.connection.close()
    return rows, counted.size, seconds


class _Counted(io.RawIOBase):
    """An answer that is read, and how many bytes of it have been."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.response = response
        self.size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.response.read1(len(buffer))
        buffer[: len(data)] = data
        self.size += len(data)
        return len(data)
