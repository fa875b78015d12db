"""Which indexes the queries of a list use. Needs Django, set up for the database that is asked."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

LARGE = 50_000  # rows of a table that no page reads from end to end
SEARCH_ROWS = ("cases_announcementrow", "cases_caserow", "cases_figurerow")


@dataclass(frozen=True)
class Plan:
    """How the database answers a query: the indexes it uses, and the tables it reads from end to end."""

    indexes: tuple[str, ...]
    read_whole: tuple[str, ...]

    def __str__(self) -> str:
        parts = [*self.indexes, *(f"all of {table}" for table in self.read_whole)]
        return ", ".join(parts) or "no table"


def queries(ask: Callable[[], Any]) -> list[str]:
    """Return the SQL that something executes, with its values."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        ask()
    return [query["sql"] for query in captured.captured_queries if query["sql"]]


def plan_of(query: str) -> Plan:
    """Return the plan of a query, which is not executed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"explain (format json) {query}")
        answer = cursor.fetchone()[0]
    nodes = list(_nodes((json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]))
    indexes = dict.fromkeys(node["Index Name"] for node in nodes if "Index Name" in node)
    whole = dict.fromkeys(node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan")
    return Plan(tuple(indexes), tuple(whole))


def explained(query: str) -> str:
    """Execute a query and return its plan in words, with the time that each part took."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, buffers, costs off) {query}")
        return "\n".join(line for (line,) in cursor.fetchall())


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", []):
        yield from _nodes(below)


def of_list(kind: str, query: str) -> dict[str, list[Plan]]:
    """Return the plans of what a list asks of its search rows: how many there are, which are shown, the facets."""
    return {
        name: [plan_of(sql) for sql in queries(part) if any(table in sql for table in SEARCH_ROWS)]
        for name, part in parts(kind, query).items()
    }


def parts(kind: str, query: str) -> dict[str, Callable[[], Any]]:
    """Return the three questions of a list, to be asked one after another."""
    from django.http import QueryDict

    from cases.search.results import Results

    results = cache(lambda: Results(kind, QueryDict(query)))
    return {
        "how many": lambda: results().total,
        "which": lambda: results().ids,
        "facets": lambda: results().facets,
    }


def read_whole(paths: Iterable[str]) -> Iterator[str]:
    """Yield, for pages of the site, each query that reads one of the large tables from end to end."""
    from django.db import connection
    from django.test import Client

    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relkind = 'r' and reltuples > %s", [LARGE])
        large = {name for (name,) in cursor.fetchall()}
    client = Client(headers={"host": "127.0.0.1"})
    for path in paths:
        for query in queries(partial(client.get, path, follow=True)):
            if query.lstrip().lower().startswith(("select", "with")):
                for table in large.intersection(plan_of(query).read_whole):
                    yield f"{path} reads all of {table}: {query[:300]}"


def assert_uses(index: str, kind: str, query: str, part: str) -> None:
    """Fail unless a part of a list is answered with an index."""
    found = of_list(kind, query)[part]
    assert any(index in plan.indexes for plan in found), f"{kind} {query}: {part} uses {'; '.join(map(str, found))}"  # noqa: S101
