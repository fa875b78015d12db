"""What an import changes of a record, as lines that a person reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cases import differences
from cases.importing.reader import Record


@dataclass(frozen=True)
class Line:
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


def lines(before: Record | None, after: Record) -> list[Line]:
    """Return what differs; of a new record only what it holds in all."""
    if before is None:
        counts = [Line(name, None, len(after[name])) for name in ("cases", "figures")]
        return [Line("title", None, after["title"]), *counts]
    return [*_members(before, after), *_orders(before, after)]


def _members(before: Record, after: Record) -> Iterator[Line]:
    for found in differences.differences(before, after):
        part = f"{found.kind}[{found.key}]" if found.kind else ""
        yield Line(".".join(filter(None, (part, found.name))), found.before, found.after)


def _orders(before: Record, after: Record) -> Iterator[Line]:
    """Yield the lists of which the parts are the same in another order."""
    for kind, key in differences.KEYS.items():
        old, new = ([part[key] for part in record[kind]] for record in (before, after))
        if old != new and sorted(map(str, old)) == sorted(map(str, new)):
            yield Line(_("%(kind)s: order") % {"kind": kind}, old, new)


def shown(value: Any) -> str:
    """Return a value of a record as one short line."""
    if value is None or value == []:
        return "—"
    if isinstance(value, Mapping):
        told = value.get("phrase") or value.get("heading")
        return _short(str(told)) if told else _short(", ".join(f"{name} {shown(v)}" for name, v in value.items()))
    if isinstance(value, list):
        return _short("; ".join(shown(v) for v in value))
    return _short(str(value))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 120 else f"{text[:117]}…"
