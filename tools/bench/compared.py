"""The archive beside Datasette, and how both grow with the number of cases."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Any
from urllib.parse import urlencode

from tools.bench import datasette
from tools.bench.load import BenchError
from tools.bench.measure import Client, Measured, Timings


@dataclass
class Pair:
    """One question, asked of the archive and of Datasette, which gave the same number of cases."""

    name: str
    found: int
    archive: Timings
    datasette: Timings

    @property
    def ratio(self) -> float:
        return self.datasette.p50 / self.archive.p50


@dataclass
class Growth:
    """What was measured at each size: the middle time of each question, and the times beside Datasette's."""

    json: dict[int, dict[str, Timings]] = field(default_factory=dict)
    pairs: dict[int, dict[str, Pair]] = field(default_factory=dict)

    def add(self, size: int, measured: Sequence[Measured]) -> None:
        self.json[size] = {m.scenario.name: m.json for m in measured}

    def compare(self, size: int, pairs: Sequence[Pair]) -> None:
        self.pairs[size] = {pair.name: pair for pair in pairs}

    def exponent(self, name: str) -> float:
        """Return the power of the number of cases with which a time grows, from the smallest to the largest."""
        small, large = min(self.json), max(self.json)
        return log(self.json[large][name].p50 / self.json[small][name].p50) / log(large / small)


def both(client: Client, other: Client, measured: Sequence[Measured]) -> Iterator[Pair]:
    """Ask Datasette what the archive was asked, as far as it can be; first see that it finds the same."""
    for m in measured:
        if m.scenario.beside_datasette:
            print(f"asking Datasette for: {m.scenario.name}", flush=True)
            found, facets, timings = datasette.ask(other, m.scenario)
            here = json.loads(client.get(f"/cases.json?facets=1&{urlencode(m.scenario.queries[0])}").body)
            _same(m.scenario.name, here, found, facets, chosen=[name for name, _value in m.scenario.queries[0]])
            yield Pair(m.scenario.name, found, m.json, timings)


def _same(name: str, here: dict[str, Any], found: int, facets: dict[str, dict[str, int]], chosen: list[str]) -> None:
    """Refuse to compare what differs. A facet with a choice counts only that in Datasette, and is left aside."""
    if here["count"] != found:
        raise BenchError(f"{name}: the archive finds {here['count']} cases, Datasette {found}.")
    for facet, there in facets.items():
        if facet not in chosen:
            # What is below a crime type the archive lists only where that is chosen; for "none" Datasette has no value.
            counts = {v["value"]: v["count"] for v in here["facets"][facet] if v["count"] and v["value"] in there}
            if not counts or counts != {value: there[value] for value in counts}:
                raise BenchError(f"{name}: the two count {facet} differently.")
