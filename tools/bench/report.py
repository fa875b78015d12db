"""The numbers of one run as a document."""

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tools.bench.chinese import Comparison
from tools.bench.compared import Growth, Pair
from tools.bench.datasette import VERSION
from tools.bench.downloads import Download
from tools.bench.load import Steps, connect
from tools.bench.measure import MOST_SECONDS, REPETITIONS, WRITES, Measured, Scenario, Timings
from tools.bench.plans import Plan

SETTINGS = (
    *("shared_buffers", "work_mem", "effective_cache_size", "random_page_cost", "fsync", "jit"),
    "max_parallel_workers_per_gather",
)


class Report:
    """Markdown, part by part; each part is printed as soon as it is known."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def say(self, text: str) -> None:
        self.parts.append(text)
        print(f"\n{text}", flush=True)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Add a table: the first column is words, the others are numbers."""
        cells = [[str(cell) for cell in row] for row in (heads, *rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = ["| " + " | ".join(_padded(row, widths)) + " |" for row in cells]
        lines.insert(1, "| " + " | ".join(["-" * widths[0], *("-" * (w - 1) + ":" for w in widths[1:])]) + " |")
        self.say("\n".join(lines))

    def write(self, path: Path) -> None:
        path.write_text("\n\n".join(self.parts) + "\n", encoding="utf-8")


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]


def opening(report: Report, url: str, seed: int) -> None:
    """Say what was measured, on what, with what."""
    with connect(url) as connection:
        row = connection.execute("select current_setting('server_version')").fetchone()
        found = connection.execute("select name, current_setting(name) from unnest(%s::text[]) name", [list(SETTINGS)])
        settings: dict[str, str] = dict(found.fetchall())
    report.say("# How fast it is")
    report.say(
        "Written by `make bench`, which makes up an archive, loads it into a database of its own and asks for pages as "
        "readers would. All numbers are of one run; other work on the machine makes them larger."
    )
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    report.say(
        f"- {datetime.now(UTC):%Y-%m-%d}, seed {seed}\n"
        f"- {_processor()}, {os.cpu_count()} cores, {_memory()} of memory, {platform.system()} {platform.machine()}; "
        f"load average when the measuring began: {load}\n"
        f"- Python {platform.python_version()}, Django {version('django')}, gunicorn {version('gunicorn')}, "
        f"PostgreSQL {row[0].split()[0] if row else ''}\n"
        f"- PostgreSQL's settings: {', '.join(f'{name} {settings[name]}' for name in SETTINGS)}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def loading(report: Report, steps: Steps, sizes: dict[str, tuple[int, int]]) -> None:
    report.say("## Loading")
    report.table(("step", "s"), ((name, f"{seconds:.1f}") for name, seconds in steps.seconds.items()))
    report.say("The largest tables, with their indexes:")
    report.table(
        ("table", "rows", "MB"), ((f"`{name}`", f"{n:,}", f"{size / 1e6:,.0f}") for name, (n, size) in sizes.items())
    )


def pages(report: Report, measured: Sequence[Measured], first: dict[str, float]) -> None:
    report.say("## Pages and JSON")
    report.say(
        "Milliseconds from the request to the last byte, over HTTP, by one client that keeps its connection; the site "
        f"runs as `make run` runs it. Every request is made {REPETITIONS} times, or for {MOST_SECONDS:.0f} s "
        "where that is less; *n* says how often. A page has all its facets, and JSON is asked for with `facets=1`. "
        "*first* is the page as the first reader gets it from a site that has just been started."
    )
    report.table(
        ("what", "found", "page p50", "p95", "n", "JSON p50", "p95", "n", "first"),
        (
            (
                *(m.scenario.name, f"{m.found:,}", *_columns(m.page), len(m.page.ms), *_columns(m.json)),
                *(len(m.json.ms), f"{first[m.scenario.name]:.0f}"),
            )
            for m in measured
        ),
    )


def meanwhile(report: Report, measured: Sequence[Measured], saves: Timings) -> None:
    report.say("## While an editor saves")
    report.say(
        f"The same, while one editor saves four times a second; {len(saves.ms)} saves, "
        f"p50 {saves.p50:.0f} ms, p95 {saves.p95:.0f} ms."
    )
    report.table(
        ("what", "page p50", "p95", "n", "JSON p50", "p95", "n"),
        ((m.scenario.name, *_columns(m.page), len(m.page.ms), *_columns(m.json), len(m.json.ms)) for m in measured),
    )


def large_save(report: Report, saves: Timings, figures: int) -> None:
    report.say(
        f"A save that moves {figures} figures of one announcement to another campaign, in one transaction with "
        f"history, search rows, totals and sets: p50 {saves.p50:.0f} ms, p95 {saves.p95:.0f} ms (n {len(saves.ms)}). "
        "After each the list of that campaign's figures was asked for over HTTP, and had them or had them no more."
    )


def datasette(report: Report, built: tuple[float, int], pairs: Sequence[Pair]) -> None:
    seconds, size = built
    report.say("## Beside Datasette")
    report.say(
        f"The same cases in SQLite with FTS5 ({size / 1e6:,.0f} MB, made in {seconds:.0f} s), asked of Datasette "
        f"{VERSION}: 25 of them, how many there are, and three facets, of which one with a choice counts only that; "
        "the archive counts all its facets, each with its own choice lifted. Both found the same. JSON, in "
        "milliseconds."
    )
    report.table(
        ("what", "found", "archive p50", "p95", "Datasette p50", "p95", "n", "times faster"),
        (
            (
                p.name,
                f"{p.found:,}",
                *_columns(p.archive),
                *_columns(p.datasette),
                len(p.datasette.ms),
                f"{p.ratio:.1f}",
            )
            for p in pairs
        ),
    )


def growth(report: Report, grown: Growth) -> None:
    """Say how the times grow from size to size; of one size there is nothing to say."""
    sizes = sorted(grown.json)
    if len(sizes) < 2:
        return
    report.say("# Growth")
    report.say(
        "Milliseconds of JSON with all facets (p50 and p95), at each number of cases; *exponent*: the time grows with "
        "this power of the number of cases."
    )
    names = list(grown.json[sizes[-1]])
    report.table(
        ("what", *(f"{size:,}" for size in sizes), "exponent"),
        (
            (
                name,
                *(" / ".join(_columns(grown.json[size][name])) for size in sizes),
                f"{grown.exponent(name):.2f}",
            )
            for name in names
        ),
    )
    if grown.pairs:
        report.say("Times faster than Datasette, by the middle of all repetitions:")
        report.table(
            ("what", *(f"{size:,}" for size in sorted(grown.pairs))),
            (
                (name, *(f"{grown.pairs[size][name].ratio:.1f}" for size in sorted(grown.pairs)))
                for name in grown.pairs[sizes[-1]]
            ),
        )


def after_writes(report: Report, measured: Sequence[tuple[Scenario, Timings]], saves: Timings) -> None:
    report.say("## Right after a save")
    report.say(
        f"The page again, each time just after an announcement was changed ({WRITES} times each), so that nothing kept "
        f"from before can answer. The save itself, search rows and history included: p50 {saves.p50:.0f} ms, "
        f"p95 {saves.p95:.0f} ms."
    )
    report.table(("what", "page p50", "p95", "n"), ((s.name, *_columns(t), len(t.ms)) for s, t in measured))


def _columns(timings: Timings) -> tuple[str, str]:
    return f"{timings.p50:.0f}", f"{timings.p95:.0f}"


def others(report: Report, measured: Sequence[tuple[str, Timings]]) -> None:
    report.say("## Other pages")
    report.say("Milliseconds over HTTP, asked for as the lists are.")
    report.table(("what", "p50", "p95", "n"), ((name, *_columns(t), len(t.ms)) for name, t in measured))


def downloads(report: Report, fetched: Sequence[Download]) -> None:
    report.say("## CSV")
    report.say(
        "The whole list in one file, over HTTP; beside it, what psql takes to copy the same query to nowhere. Medians "
        "of three. *grown*: by how much more memory than before any process of the site had at most."
    )
    report.table(
        ("list", "MB", "s", "MB/s", "first byte, s", "psql, s", "times psql", "grown, MB"),
        ((d.kind, f"{d.size / 1e6:,.1f}", *_over_http(d)) for d in fetched),
    )


def _over_http(download: Download) -> tuple[str, ...]:
    if download.seconds is None or download.first_byte is None:
        return "broke off", "", "", f"{download.psql:.2f}", "", ""
    return (
        f"{download.seconds:.2f}",
        f"{download.size / 1e6 / download.seconds:.1f}",
        f"{download.first_byte:.2f}",
        f"{download.psql:.2f}",
        f"{download.seconds / download.psql:.2f}",
        "" if download.grown is None else f"{download.grown / 1e6:.1f}",
    )


def streamed(report: Report, rows: int, size: int, seconds: float, found: int, fetched: Sequence[Download]) -> None:
    """Compare the CSV of all cases with Datasette's stream, in cases a second."""
    here = next((d.seconds for d in fetched if d.kind == "cases" and d.seconds), None)
    if here is None or not rows:
        return
    report.say(
        f"Datasette's stream of the cases as CSV, of eight columns: {rows:,} of them ({size / 1e6:,.1f} MB) in "
        f"{seconds:.1f} s, {rows / seconds:,.0f} a second. The archive's, of all its columns: {found / here:,.0f} a "
        f"second, {found / here / (rows / seconds):.1f} times as many."
    )


def chinese(report: Report, compared: Comparison) -> None:
    report.say("## Chinese words of two characters")
    report.say(
        f"{len(compared.queries)} of them, found in {compared.fewest:,} to {compared.most:,} cases: words and pairs of "
        "characters from the texts. What is there is told by `LIKE` over the folded texts of all cases, one row each, "
        "read from end to end; both give the ids, in one process, over one connection."
    )
    report.table(
        ("recall", "false hits", "index, ms", "LIKE, ms", "times faster"),
        [
            (
                *(f"{compared.recall:.3f}", compared.false_hits, f"{compared.index_ms:.2f}"),
                *(f"{compared.like_ms:.1f}", f"{compared.ratio:.0f}"),
            )
        ],
    )


def plans(report: Report, found: Sequence[tuple[str, dict[str, list[Plan]]]]) -> None:
    report.say("## What the database reads")
    report.say("The indexes that each query over the search rows uses, as the database plans it:")
    report.say(
        "\n".join(
            f"- {name}\n" + "\n".join(f"  - {part}: {_in_words(plans_)}" for part, plans_ in parts.items())
            for name, parts in found
        )
    )


def _in_words(plans_: Sequence[Plan]) -> str:
    return "; ".join(map(str, plans_)) or "kept totals, or nothing"
