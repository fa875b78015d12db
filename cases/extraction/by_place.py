"""What stands in a text, from left to right, to be looked up by where it stands."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar


class _Placed(Protocol):
    @property
    def start(self) -> int: ...


P = TypeVar("P", bound=_Placed)


class ByPlace(Generic[P]):
    """What stands in a text, from left to right."""

    def __init__(self, found: Iterable[P]) -> None:
        self._found = list(found)
        self._starts = [each.start for each in self._found]

    def within(self, low: int, high: int) -> list[P]:
        """Return what begins from one place on and before another."""
        return self._found[bisect_left(self._starts, low) : bisect_left(self._starts, high)]
