"""Two-character Chinese words: whether every record that holds them is found, and how much faster than by reading all.

The truth is the substring: the folded texts of a case, joined as its search row joins them, searched with LIKE.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import psycopg

from cases.fulltext import CJK
from tools.bench import words
from tools.bench.load import AT_ONCE, connect, side_by_side

QUERIES = 30
REPETITIONS = 3

NAMES = """
create unlogged table bench_names as
select 'place' as kind, code, concat_ws(' · ', name_en, name_zh, (
    select string_agg(name, ' · ') from cases_placename where place_id = code)) as names from cases_place
union all select 'crime_type', code, label_en || ' · ' || label_zh from cases_crimetype
union all select 'campaign', slug, concat_ws(' · ', name_en, name_zh, (
    select string_agg(name, ' · ') from cases_campaignname where campaign_id = slug)) from cases_campaign
"""
TEXTS = """
insert into bench_texts
select r.id, search_fold(concat_ws(' · ', c.heading, c.code_name, c.summary, s.passage, (
    select string_agg(names, ' · ') from bench_names n
    where n.kind = 'place' and n.code = any (r.place) or n.kind = 'crime_type' and n.code = any (r.crime_type)
       or n.kind = 'campaign' and n.code = any (r.campaign))))
from cases_caserow r join cases_typicalcase c on c.id = r.id
left join lateral (select substr(t.text, s.start + 1, s."end" - s.start) as passage
                   from cases_span s join cases_textversion t on t.id = s.text_version_id
                   where s.case_id = r.id and t.display <> 'hidden' order by t.n desc, s.start limit 1) s on true
where r.id between {first} and {last}
"""


@dataclass
class Comparison:
    """What the index finds against what is there, and the median milliseconds of either way."""

    queries: list[str]
    recall: float
    false_hits: int
    fewest: int
    most: int
    index_ms: float
    like_ms: float

    @property
    def ratio(self) -> float:
        return self.like_ms / self.index_ms


def texts(url: str) -> None:
    """Write down the folded text of every case."""
    with connect(url) as connection:
        connection.execute("drop table if exists bench_names, bench_texts")
        connection.execute(NAMES)
        connection.execute("create index on bench_names (kind, code)")
        connection.execute("analyze bench_names")
        connection.execute("create unlogged table bench_texts (id bigint primary key, text text not null)")
        row = connection.execute("select coalesce(max(id), 0) from cases_caserow").fetchone()
    step = max(1, (row[0] if row else 0) // (4 * AT_ONCE) + 1)
    side_by_side(url, [TEXTS.format(first=at * step, last=(at + 1) * step - 1) for at in range(4 * AT_ONCE)])
    with connect(url) as connection:
        connection.execute("vacuum (analyze) bench_texts")


def chosen(connection: psycopg.Connection) -> list[str]:
    """Return words, frequent and rare, and pairs of characters from the texts, also where two words meet."""
    every = words.WORDS_ZH.split()
    half = QUERIES // 2
    spread = [every[at * (len(every) - 1) // (half - 1)] for at in range(half)]
    pairs: Counter[str] = Counter()
    for (text,) in connection.execute("select text from bench_texts where id % 101 = 0 order by id limit 500"):
        for run in re.findall(f"[{CJK}]+", text):
            pairs.update(run[at : at + 2] for at in range(len(run) - 1))
    ranked = [pair for pair, _n in sorted(pairs.items(), key=lambda item: (-item[1], item[0])) if pair not in spread]
    rest = QUERIES - len(spread)
    return spread + [ranked[at * (len(ranked) - 1) // (rest - 1)] for at in range(rest)]


def compare(url: str) -> Comparison:
    """Search for each word in both ways, several times."""
    with connect(url) as connection:
        connection.execute("set max_parallel_workers_per_gather = 0")
        queries = chosen(connection)

        def by_index(query: str) -> list[tuple[int]]:
            return connection.execute("select id from cases_caserow where doc @@ search_phrase(%s)", [query]).fetchall()

        def by_reading(query: str) -> list[tuple[int]]:
            return connection.execute("select id from bench_texts where text like %s", [f"%{query}%"]).fetchall()

        found_by_index, index_ms = _timed(by_index, queries)
        found_by_reading, like_ms = _timed(by_reading, queries)
    there = sum(map(len, found_by_reading))
    both = sum(len(a & b) for a, b in zip(found_by_index, found_by_reading, strict=True))
    numbers = [len(found) for found in found_by_reading]
    false_hits = sum(map(len, found_by_index)) - both
    return Comparison(queries, both / there if there else 1, false_hits, min(numbers), max(numbers), index_ms, like_ms)


def _timed(search: Callable[[str], list[tuple[int]]], queries: list[str]) -> tuple[list[set[int]], float]:
    found: list[set[int]] = []
    ms: list[float] = []
    for query in queries:
        search(query)
        of_query = []
        for _ in range(REPETITIONS):
            started = perf_counter()
            rows = search(query)
            of_query.append((perf_counter() - started) * 1000)
        found.append({row[0] for row in rows})
        ms.append(median(of_query))
    return found, median(ms)
