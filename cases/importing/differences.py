"""What differs between two records, member by member, as an editor would say it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cases.importing.reader import Record

# What the parts of a list go by; other lists are compared as a whole.
KEYS = {"figures": "ref", "cases": "number", "campaigns": "name"}


@dataclass(frozen=True)
class Difference:
    """One member that differs: `figures[f3].value`. None is a member, or a part, that is not there."""

    where: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.where}: {self.shown_before} → {self.shown_after}"

    @property
    def shown_before(self) -> str:
        return shown(self.before)

    @property
    def shown_after(self) -> str:
        return shown(self.after)


def differences(before: Record | None, after: Record) -> list[Difference]:
    """Return what differs, in the order of the new record; of a new record only what it holds in all."""
    if before is None:
        return [
            Difference("title", None, after["title"]),
            Difference("cases", None, len(after["cases"])),
            Difference("figures", None, len(after["figures"])),
        ]
    return list(_of_object("", before, after))


def _of_object(where: str, before: Record, after: Record) -> Iterator[Difference]:
    dot = f"{where}." if where else ""
    for name in dict.fromkeys([*after, *before]):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if name in KEYS and not where:
            yield from _of_list(name, KEYS[name], old or [], new or [])
        elif isinstance(old, dict) and isinstance(new, dict):
            yield from _of_object(f"{dot}{name}", old, new)
        else:
            yield Difference(f"{dot}{name}", old, new)


def _of_list(name: str, key: str, before: list[Record], after: list[Record]) -> Iterator[Difference]:
    old = {part[key]: part for part in before}
    new = {part[key]: part for part in after}
    for which, part in new.items():
        if which in old:
            yield from _of_object(f"{name}[{which}]", old[which], part)
        else:
            yield Difference(f"{name}[{which}]", None, part)
    for which, part in old.items():
        if which not in new:
            yield Difference(f"{name}[{which}]", part, None)
    kept = [which for which in new if which in old]
    if kept != [which for which in old if which in new]:
        yield Difference(f"{name}: order", [which for which in old if which in new], kept)


def shown(value: Any) -> str:
    """Return a value of a record as one short line."""
    if value is None:
        return "—"
    if isinstance(value, dict):
        told = value.get("phrase") or value.get("heading") or value.get("name")
        return _short(str(told)) if told else _short(", ".join(f"{name} {shown(v)}" for name, v in value.items()))
    if isinstance(value, list):
        return _short("; ".join(shown(v) for v in value)) if value else "—"
    return _short(str(value))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 120 else f"{text[:117]}…"
