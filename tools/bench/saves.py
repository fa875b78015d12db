"""What an editor's saves cost, and what reading costs meanwhile."""

import contextlib
import json
from collections.abc import Iterator
from threading import Event, Thread
from time import perf_counter

import psycopg

from tools.bench.load import BenchError, connect
from tools.bench.measure import Client, Timings, save

FIGURES = 60
SAVES = 12
PAUSE = 0.25  # seconds between the saves of an editor who writes all the time


@contextlib.contextmanager
def editor(url: str) -> Iterator[Timings]:
    """Let an editor save a record again and again meanwhile."""
    saves = Timings()
    ended = Event()

    def write() -> None:
        with connect(url) as connection:
            while not ended.wait(PAUSE):
                saves.ms.append(save(connection) * 1000)

    writing = Thread(target=write)
    writing.start()
    try:
        yield saves
    finally:
        ended.set()
        writing.join()


def large(client: Client, url: str) -> tuple[Timings, int]:
    """Move sixty figures of one announcement to another campaign and back, each time in one transaction.

    Return how long the transactions take, and how many figures more there are at once. Raise BenchError if the
    counts are not at once what they must be.
    """
    timings = Timings()
    with connect(url) as connection:
        row = connection.execute(
            """select array_agg(id) from (
                   select id from cases_figure where announcement_id = (
                       select announcement_id from cases_figurerow group by 1 having count(*) >= %s order by 1 limit 1)
                   order by position limit %s) chosen""",
            [FIGURES, FIGURES],
        ).fetchone()
        ids = row[0] if row and row[0] else []
        (campaigns,) = connection.execute(
            """select array_agg(slug) from (
                   select slug from cases_campaign c where year is not null and parent_id is null
                   and not exists (select from cases_campaign where parent_id = c.slug) order by slug limit 2) alone"""
        ).fetchone() or ([],)
        before = dict(connection.execute("select id, campaign_id from cases_figure where id = any(%s)", [ids]))
        move(connection, ids, campaigns[0])
        of_first = _count(client, campaigns[0])
        for at in range(SAVES):
            timings.ms.append(move(connection, ids, campaigns[(at + 1) % 2]) * 1000)
            expected = of_first - (len(ids) if at % 2 == 0 else 0)
            if _count(client, campaigns[0]) != expected:
                raise BenchError("The figures that were moved are not counted where they are.")
        for pk, slug in before.items():
            connection.execute("update cases_figure set campaign_id = %s where id = %s", [slug, pk])
    return timings, len(ids)


def move(connection: psycopg.Connection, ids: list[int], campaign: str) -> float:
    """Give figures another campaign; return the seconds until that is public."""
    started = perf_counter()
    connection.execute("update cases_figure set campaign_id = %s where id = any(%s)", [campaign, ids])
    return perf_counter() - started


def _count(client: Client, campaign: str) -> int:
    return int(json.loads(client.get(f"/figures.json?campaign={campaign}").body)["count"])
