"""What two states of a record differ in, member by member, for people to read.

A record is a dictionary as the interchange or the public JSON writes it: its own members, and lists of records that
are found again by a key.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# The lists of records within a record, and the member that names one of them for ever.
KEYS = {"campaigns": "name", "cases": "number", "figures": "ref"}


@dataclass(frozen=True)
class Difference:
    """One member that is not what it was. Without a name it is a whole case, figure or campaign that came or went."""

    kind: str  # "" of the record itself, else the list that it stands in
    key: str
    name: str
    before: Any
    after: Any
    record: Mapping[str, Any] = field(default_factory=dict, repr=False)
    record_before: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def came(self) -> bool:
        return not self.name and self.before is None

    @property
    def went(self) -> bool:
        return not self.name and self.after is None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield what differs, in the order of the members; cases and figures in the order in which they stand."""
    yield from _members("", "", before, after)
    for kind, key in KEYS.items():
        was = {str(one[key]): one for one in before.get(kind, []) if isinstance(one, Mapping)}
        now = {str(one[key]): one for one in after.get(kind, []) if isinstance(one, Mapping)}
        for name in dict.fromkeys([*was, *now]):
            if name not in now:
                yield Difference(kind, name, "", was[name], None, was[name])
            elif name not in was:
                yield Difference(kind, name, "", None, now[name], now[name])
            else:
                yield from _members(kind, name, was[name], now[name])


def _members(kind: str, key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        if was != now and not _is_records(was) and not _is_records(now):
            yield Difference(kind, key, name, was, now, after, before)


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, Mapping) and set(KEYS.values()) & set(one) for one in value)
