"""Which indexes the queries of a list use. Needs Django, set up for the database that is asked."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from tools.bench import words

LARGE = 50_000  # rows of a table that no page reads from end to end
THREE = "year=2021&province=guangdong&crime_type=fraud"
# Kind, parameters, part of the list, and the indexes of which one answers it in a large archive: which, depends on
# whether what is found are few rows there, and whether a word is so common that its set is kept.
EXPECTED = (
    ("cases", "", "how many", "cases_facettotal_pkey"),
    ("cases", "", "which", "case_row_newest"),
    ("cases", "", "facets", "cases_facettotal_pkey"),
    ("cases", "page=1000", "which", "case_row_newest"),
    ("cases", THREE, "how many", "cases_facetset_pkey"),
    ("cases", THREE, "which", "cases_caserow_pkey", "case_row_newest"),
    ("cases", THREE, "facets", "cases_facetset_pkey"),
    ("cases", f"q={words.SELECTIVE_EN}", "how many", "case_row_words"),
    ("cases", f"q={words.SELECTIVE_EN}", "facets", "cases_caserow_pkey"),
    ("cases", f"q={words.BROAD_EN}", "how many", "case_row_words", "cases_facetset_pkey"),
    ("cases", f"q={words.BROAD_EN}", "which", "case_row_titles"),
    ("cases", f"q={words.BROAD_EN}&{THREE}", "which", "cases_caserow_pkey"),
    ("figures", "", "which", "figure_row_newest"),
    ("figures", "measure=money_involved&sort=largest", "which", "figure_row_size"),
    ("announcements", "", "which", "announcement_row_newest"),
)
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


def uses(index: str, kind: str, query: str, part: str) -> bool:
    """Tell whether a part of a list is answered with an index."""
    return any(index in plan.indexes for plan in of_list(kind, query)[part])


def unexpected() -> Iterator[str]:
    """Yield, for each part of a list that is not answered with the index that is there for it, what it uses."""
    for kind, query, part, *indexes in EXPECTED:
        if not any(uses(index, kind, query, part) for index in indexes):
            found = "; ".join(map(str, of_list(kind, query)[part])) or "nothing"
            yield f"/{kind}/?{query}: {part} uses {found}, not {' or '.join(indexes)}"
