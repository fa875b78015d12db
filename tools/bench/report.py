"""The numbers of one run as a document."""

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tools.bench.chinese import Comparison
from tools.bench.load import Steps, connect
from tools.bench.measure import REPETITIONS, WRITES, Download, Measured, Scenario, Timings
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


def opening(report: Report, url: str, cases: int, seed: int) -> None:
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
        f"- {datetime.now(UTC):%Y-%m-%d}, {cases:,} cases (seed {seed})\n"
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


def pages(report: Report, measured: Sequence[Measured]) -> None:
    report.say("## Pages and JSON")
    report.say(
        "Milliseconds from the request to the last byte, over HTTP, by one client that keeps its connection; the site "
        f"runs as `make run` runs it. Every request is made {REPETITIONS} times, or for fifteen seconds where that is "
        "less; *n* says how often. A page has all its facets, and JSON is asked for with `facets=1`."
    )
    report.table(
        ("what", "found", "page p50", "p95", "n", "JSON p50", "p95", "n"),
        (
            (m.scenario.name, f"{m.found:,}", *_columns(m.page), len(m.page.ms), *_columns(m.json), len(m.json.ms))
            for m in measured
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


def downloads(report: Report, fetched: Sequence[Download]) -> None:
    report.say("## CSV")
    report.say(
        "The whole list in one file, over HTTP; beside it, the time that the same code takes to produce it without a "
        "site around it. Medians of three."
    )
    report.table(
        ("list", "MB", "s", "MB/s", "first byte, s", "without HTTP, s"),
        ((d.kind, f"{d.size / 1e6:,.1f}", *_over_http(d), f"{d.in_process:.2f}") for d in fetched),
    )


def _over_http(download: Download) -> tuple[str, str, str]:
    if download.seconds is None or download.first_byte is None:
        return "broke off", "", ""
    return f"{download.seconds:.2f}", f"{download.size / 1e6 / download.seconds:.1f}", f"{download.first_byte:.2f}"


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
