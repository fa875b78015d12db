"""The site as it is deployed, asked over HTTP by one client that keeps its connection."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from time import monotonic, perf_counter, sleep
from urllib.parse import urlencode

import psycopg

from tools.bench import words
from tools.bench.load import BenchError, connect

BASE = Path(__file__).resolve().parent.parent.parent
REPETITIONS, FEWEST = 40, 10
MOST_SECONDS = 8.0  # of one cell of the table; what is slower is asked less often
WRITES = 15
# Set by whoever runs the measurement, and not meant for the site that is measured.
NOT_PASSED_ON = ("STATEMENT_TIMEOUT_MS", "DEBUG", "HTTPS", "BEHIND_PROXY", "ALLOWED_HOSTS")


@dataclass(frozen=True)
class Scenario:
    """Something that readers ask; several queries take turns. `page` is asked for as far as the list reaches."""

    name: str
    kind: str
    queries: tuple[tuple[tuple[str, str], ...], ...] = ((),)
    page: int = 1
    beside_datasette: bool = False


def _asked(**parameters: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    return (tuple(parameters.items()),)


THREE = {"year": "2021", "province": "guangdong", "crime_type": "fraud"}
TWO_CHARACTERS = ("网络", "手机", "直播", "医院", "票据", "出纳", words.BROAD_ZH, words.SELECTIVE_ZH)
SCENARIOS = (
    Scenario("cases, all", "cases", beside_datasette=True),
    Scenario("one year", "cases", _asked(year="2019"), beside_datasette=True),
    Scenario("one province", "cases", _asked(province="guangdong"), beside_datasette=True),
    Scenario("year, province and crime type", "cases", _asked(**THREE), beside_datasette=True),
    Scenario("a rare word (0.1 % of cases)", "cases", _asked(q=words.SELECTIVE_EN), beside_datasette=True),
    Scenario("a frequent word (30 %)", "cases", _asked(q=words.BROAD_EN), beside_datasette=True),
    Scenario(
        "a frequent word, year, province, crime type", "cases", _asked(q=words.BROAD_EN, **THREE), beside_datasette=True
    ),
    Scenario("page 1,000, or the last", "cases", page=1000),
    Scenario("eight Chinese words of two characters", "cases", tuple((("q", word),) for word in TWO_CHARACTERS)),
    Scenario("an early year, from a month on", "cases", _asked(year="2011", after="2011-09")),
    Scenario("figures, all", "figures"),
    Scenario("figures of a year and a province", "figures", _asked(year="2021", province="guangdong")),
    Scenario("figures, a frequent word", "figures", _asked(q=words.BROAD_EN)),
    Scenario("figures of one measure, the largest first", "figures", _asked(measure="money_involved", sort="largest")),
    Scenario("announcements, all", "announcements"),
)
AFTER_A_WRITE = tuple(SCENARIOS[at] for at in (0, 1, 2, 3, 5, 6))


@dataclass
class Timings:
    """How long requests took, in milliseconds."""

    ms: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return median(self.ms)

    @property
    def p95(self) -> float:
        return quantiles(self.ms, n=20, method="inclusive")[-1] if len(self.ms) > 1 else self.ms[0]


@dataclass
class Measured:
    """One scenario: how many records it finds, and the timings of the page and of the JSON."""

    scenario: Scenario
    found: int
    page: Timings
    json: Timings


@dataclass
class Answer:
    """What came back, and when."""

    body: bytes
    seconds: float


class Client:
    """One reader with one connection, opened anew where the site has closed it."""

    def __init__(self, port: int, site: "subprocess.Popen[bytes] | None" = None) -> None:
        self.port = port
        self.site = site
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def get(self, path: str) -> Answer:
        started = perf_counter()
        response = self._ask(path)
        body = response.read()
        return Answer(body, perf_counter() - started)

    def download(self, path: str) -> tuple[int, float, float]:
        """Return the bytes of an answer that is not kept, the seconds until the first of them, and until the last."""
        started = perf_counter()
        response = self._ask(path)
        size = len(response.read(1))
        first = perf_counter() - started
        while block := response.read(256 * 1024):
            size += len(block)
        return size, first, perf_counter() - started

    def followed(self, path: str) -> str:
        """Return the address that an address leads on to in the end."""
        response = self._sent(path)
        response.read()
        return self.followed(response.headers["Location"]) if response.status in (301, 302) else path

    def _ask(self, path: str) -> http.client.HTTPResponse:
        response = self._sent(path)
        if response.status != 200:
            raise BenchError(f"{path} answers {response.status}: {response.read(300).decode(errors='replace')}")
        return response

    def _sent(self, path: str) -> http.client.HTTPResponse:
        try:
            self.connection.request("GET", path, headers={"Host": f"127.0.0.1:{self.port}"})
            return self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # it was idle for too long
            self.connection.close()
            self.connection.request("GET", path, headers={"Host": f"127.0.0.1:{self.port}"})
            return self.connection.getresponse()


@contextlib.contextmanager
def site(url: str) -> Iterator[Client]:
    """Run the site with a database, on a free port of this machine, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    environment |= {"DATABASE_URL": url, "HOST": "127.0.0.1", "PORT": str(port)}
    command = [sys.executable, "-m", "gunicorn", "--config", "archive/gunicorn.py", "archive.wsgi:application"]
    process = subprocess.Popen(command, cwd=BASE, env=environment, stdout=subprocess.DEVNULL)
    try:
        client = _answering(process, port)
        client.site = process
        yield client
    finally:
        process.terminate()
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answering(process: "subprocess.Popen[bytes]", port: int) -> Client:
    deadline = monotonic() + 60
    while process.poll() is None and monotonic() < deadline:
        client = Client(port)
        try:
            client.get("/healthz")
        except (OSError, http.client.HTTPException):
            sleep(0.1)
        else:
            return client
    raise BenchError("The site does not start.")


def warm_up(client: Client) -> None:
    """Let every process of the site load what it loads at its first request."""
    for _ in range(6):
        other = Client(client.port)
        for path in ("/cases/", "/cases.json?facets=1", "/figures/", "/announcements/"):
            other.get(path)
        other.connection.close()


def first(client: Client, scenarios: Sequence[Scenario] = SCENARIOS) -> dict[str, float]:
    """Return the milliseconds of the first time each page is asked for, of a site that has just been started."""
    return {s.name: client.get(_paths(s, "/")[0]).seconds * 1000 for s in scenarios}


def run(client: Client, scenarios: Sequence[Scenario] = SCENARIOS) -> Iterator[Measured]:
    """Ask for each scenario as a page with all its facets, and as JSON with the counts of its facets."""
    for scenario in scenarios:
        print(f"asking for: {scenario.name}", flush=True)
        found = [_found(client, scenario, query) for query in scenario.queries]
        pages = min(scenario.page, max(1, -(-found[0] // 25)))
        page = repeated(client, _paths(scenario, "/", pages))
        as_json = repeated(client, _paths(scenario, ".json", pages, facets="1"))
        yield Measured(scenario, round(median(found)), page, as_json)


def _paths(scenario: Scenario, suffix: str, page: int = 1, **more: str) -> list[str]:
    more |= {"page": str(page)} if page > 1 else {}
    return [f"/{scenario.kind}{suffix}?{urlencode([*query, *more.items()])}" for query in scenario.queries]


def all_paths(url: str) -> list[str]:
    """Return the address of every scenario, as a page and as JSON, and of a record of each kind."""
    lists = [path for s in SCENARIOS for suffix in ("/", ".json") for path in _paths(s, suffix)]
    with connect(url) as connection:
        found = connection.execute(
            """select format('/announcements/%s/', max(id)) from cases_announcementrow union all
               select format('/cases/%s/', max(id)) from cases_caserow union all
               select format('/figures/%s/', max(id)) from cases_figurerow"""
        )
        return [*lists, *(path for (path,) in found)]


def _found(client: Client, scenario: Scenario, query: tuple[tuple[str, str], ...]) -> int:
    answer = json.loads(client.get(f"/{scenario.kind}.json?{urlencode(query)}").body)
    return int(answer["count"])


def repeated(client: Client, paths: Sequence[str], repetitions: int = REPETITIONS) -> Timings:
    """Ask for paths in turn: so often, or, where that takes long, for some seconds."""
    for path in paths:
        client.get(path)
    timings = Timings()
    deadline = monotonic() + MOST_SECONDS
    for path in islice(cycle(paths), max(repetitions, len(paths))):
        timings.ms.append(client.get(path).seconds * 1000)
        if monotonic() > deadline and len(timings.ms) >= max(FEWEST, len(paths)):
            break
    return timings


def after_writes(client: Client, url: str) -> tuple[list[tuple[Scenario, Timings]], Timings]:
    """Ask for pages right after an editor's save each: nothing that depends on the records can have been kept.

    Return the timings of the pages, and those of the saves.
    """
    saves = Timings()
    measured: list[tuple[Scenario, Timings]] = []
    with connect(url) as connection:
        for scenario in AFTER_A_WRITE:
            timings = Timings()
            deadline = monotonic() + MOST_SECONDS
            for path in islice(cycle(_paths(scenario, "/")), WRITES):
                saves.ms.append(save(connection) * 1000)
                timings.ms.append(client.get(path).seconds * 1000)
                if monotonic() > deadline and len(timings.ms) >= FEWEST:
                    break
            measured.append((scenario, timings))
    return measured, saves


def save(connection: psycopg.Connection) -> float:
    """Put a word into the summary of an announcement or take it back, as an editor's save would; return the seconds."""
    started = perf_counter()
    connection.execute(
        """update cases_announcement
           set abstract = case when abstract like '% Changed.' then left(abstract, -9) else abstract || ' Changed.' end,
               version = version + 1, updated_at = now()
           where id = (select announcement_id from cases_typicalcase order by id limit 1)"""
    )
    return perf_counter() - started


def other_paths(url: str) -> dict[str, str]:
    """Return the addresses of pages that are no lists, of records and releases those with the most in them."""
    with connect(url) as connection:
        found = connection.execute(
            """with largest as
                   (select announcement_id as id from cases_figure group by 1 order by count(*) desc, 1 limit 1),
               told as (select release_id as id from cases_releasereport group by 1 order by count(*) desc, 1 limit 1)
               select 'the announcement with the most figures', format('/announcements/%s/', id) from largest union all
               select 'a case', format('/cases/%s/', max(id)) from cases_caserow union all
               select 'a figure', format('/figures/%s/', max(id)) from cases_figurerow union all
               select 'the release with the most reports', format('/releases/%s/', id) from told"""
        ).fetchall()
    return {
        "home": "/",
        **dict(found),
        "all discrepancies": "/discrepancies/",
        "discrepancies of one year": "/discrepancies/?year=2021",
        "comparison of all measures": "/compare/",
        "comparison of one measure": "/compare/?measure=money_involved",
        "all campaigns": "/campaigns/",
        "all places": "/places/",
        "a province": "/places/440000/",
        "map": "/map/",
        "coverage": "/coverage/",
    }


def others(client: Client, url: str) -> Iterator[tuple[str, Timings]]:
    """Ask for pages that are no lists."""
    for name, path in other_paths(url).items():
        print(f"asking for: {name}", flush=True)
        yield name, repeated(client, [client.followed(path)])
