"""Files of records, read and checked for shape: what is a record, and where exactly is it not one.

The members are those of the interchange format (docs/interchange.md). Plain Python: nothing here knows the
database, so that whatever is refused here is refused with the file and the member named.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.importing.files import File, UnreadableError
from cases.importing.positions import Places, stands_at

Record = dict[str, Any]
NOT_CREATED = gettext_lazy("what is not there is created only if that is asked for")
DECISIONS = "decisions.csv"  # beside the records of a folder: what is decided of their figures

TEXT, TEXT_OR_NULL = (str,), (str, type(None))
NUMBER, NUMBER_OR_NULL = (int, float), (int, float, type(None))
WHOLE, WHOLE_OR_NULL = (int,), (int, type(None))
LIST, OBJECT, FLAG = (list,), (dict,), (bool,)

Shape = dict[str, tuple[type, ...]]


@dataclass(frozen=True)
class Members:
    """The members of one kind of object: all in the order they are written, and which may be left out."""

    types: Shape
    optional: frozenset[str] = frozenset()


RECORD = Members(
    {
        "key": TEXT,
        "kind": TEXT,
        "title": TEXT,
        "title_zh": TEXT_OR_NULL,
        "publisher": OBJECT,
        "url": TEXT_OR_NULL,
        "archived_url": TEXT,
        "published": TEXT_OR_NULL,
        "language": TEXT,
        "translation": TEXT,
        "abstract": TEXT,
        "campaigns": LIST,
        "reports_on": TEXT_OR_NULL,
        "also_reports_on": LIST,
        "role": TEXT,
        "release": OBJECT,
        "figures": LIST,
        "cases": LIST,
        "places": LIST,
        "crime_types": LIST,
    },
    frozenset({"archived_url", "also_reports_on", "role", "release"}),
)
PUBLISHER = Members({"name": TEXT, "kind": TEXT, "country": TEXT})
RELEASE = Members({"name": TEXT, "authority": TEXT_OR_NULL, "disclosed": TEXT_OR_NULL})
CAMPAIGN = Members(
    {
        "name": TEXT,
        "name_zh": TEXT_OR_NULL,
        "year": WHOLE_OR_NULL,
        "aliases": LIST,
        "parent": TEXT_OR_NULL,
        "start": TEXT_OR_NULL,
        "end": TEXT_OR_NULL,
    }
)
FIGURE = Members(
    {
        "ref": TEXT,
        "measure": TEXT,
        "qualifier": TEXT,
        "value": NUMBER,
        "high": NUMBER,
        "unit": TEXT,
        "step": NUMBER,
        "campaign": TEXT_OR_NULL,
        "crime_type": TEXT_OR_NULL,
        "crime_types": LIST,
        "place": TEXT_OR_NULL,
        "places": LIST,
        "period": TEXT_OR_NULL,
        "as_of": TEXT,
        "cumulative": FLAG,
        "case": WHOLE_OR_NULL,
        "part_of": TEXT,
        "of_measure": TEXT,
        "base_period": TEXT,
        "converted_from": TEXT,
        "phrase": TEXT,
        "note": TEXT_OR_NULL,
        "preferred": TEXT,
    },
    frozenset(
        {"ref", "high", "step", "crime_types", "places", "as_of", "cumulative", "part_of", "of_measure"}
        | {"base_period", "converted_from", "preferred"}
    ),
)
CASE = Members(
    {
        "number": WHOLE,
        "heading": TEXT,
        "code_name": TEXT_OR_NULL,
        "summary": TEXT,
        "crime_types": LIST,
        "places": LIST,
        "period": TEXT_OR_NULL,
        "same_as": TEXT,
    },
    frozenset({"same_as"}),
)
CASE_PLACE = Members({"code": TEXT, "role": TEXT})


@dataclass(frozen=True, order=True)
class Problem:
    """Why a record is refused: the file (or key), the place in it and the member, and what is wrong with it."""

    source: str
    where: str
    message: str
    at: str = ""  # such as "line 12, column 5"

    def __str__(self) -> str:
        return _(": ").join(filter(None, (self.source, self.at, self.where, self.message)))


def not_there(name: str) -> str:
    """Return why something that the archive does not have is refused."""
    return _("%(name)s is not in the archive: %(why)s") % {"name": name, "why": NOT_CREATED}


def _nowhere(where: str) -> tuple[str, str, str]:
    return "", "", where


@dataclass(frozen=True)
class Source:
    """A record, the file it came from, and how to find a member: (file, place in it, what it is called there)."""

    path: Path
    record: Record
    locate: Callable[[str], tuple[str, str, str]] = _nowhere

    def problem(self, where: str, message: str) -> Problem:
        """Return what is wrong with a member, with where it stands."""
        file, at, called = self.locate(where)
        return Problem(file or str(self.path), called, message, at)


def read_json(files: Iterable[File]) -> tuple[list[Source], list[Problem]]:
    """Return the records of files of JSON, and what is wrong with the others."""
    sources: list[Source] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for file in files:
        try:
            record = loads(file.read())
        except UnreadableError as problem:
            problems.append(Problem(file.name, "", str(problem)))
            continue
        except (ValueError, RecursionError) as problem:
            problems.append(Problem(file.name, "", _("is not JSON: %(problem)s") % {"problem": problem}))
            continue
        source = Source(Path(file.name), record, _Locator(file))
        found = [source.problem(where, message) for where, message in shape_problems(record)]
        if not found and record["key"] in seen:
            found = [
                source.problem(
                    "key",
                    _("%(key)s is also the key of %(file)s") % {"key": record["key"], "file": seen[record["key"]]},
                )
            ]
        problems += found
        if not found:
            seen[record["key"]] = file.name
            sources.append(source)
    return sources, problems


class _Locator:
    """Finds members in a file, which is read again once something is wrong in it: texts are not kept."""

    def __init__(self, file: File) -> None:
        self.file = file

    @cached_property
    def places(self) -> Places:
        return Places(self.file.read())

    def __call__(self, where: str) -> tuple[str, str, str]:
        return self.file.name, self.places.of(where), where


def loads(text: str, *, parse_float: Callable[[str], Any] = float) -> Any:
    """Return what a text of JSON says. Raises ValueError, with line and column if it is not JSON at all."""
    try:
        return json.loads(text, object_pairs_hook=_members, parse_constant=_no_number, parse_float=parse_float)
    except json.JSONDecodeError as problem:
        raise ValueError(f"{stands_at(problem.lineno, problem.colno)}: {problem.msg}") from problem


def _members(pairs: list[tuple[str, Any]]) -> Record:
    names = [name for name, _value in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(_("the member %(name)s stands twice in one object") % {"name": twice[0]})
    return dict(pairs)


def _no_number(constant: str) -> None:
    raise ValueError(_("%(value)s is no number") % {"value": constant})


def shape_problems(record: Any) -> Iterator[tuple[str, str]]:
    """Yield (member, message) for everything in a record that is missing, unknown or of the wrong type."""
    yield from _check("", record, RECORD)
    yield from unstorable("", record)
    if not isinstance(record, dict):
        return
    yield from _check("publisher", record.get("publisher"), PUBLISHER)
    if "release" in record:
        yield from _check("release", record["release"], RELEASE)
    for name, members in (("campaigns", CAMPAIGN), ("figures", FIGURE), ("cases", CASE)):
        for i, part in enumerate(_list(record, name), 1):
            yield from _check(f"{name}[{i}]", part, members)
    for i, case in enumerate(_list(record, "cases"), 1):
        for j, place in enumerate(_list(case, "places"), 1):
            yield from _check(f"cases[{i}].places[{j}]", place, CASE_PLACE)
        yield from _texts(f"cases[{i}].crime_types", _list(case, "crime_types"))
    for i, figure in enumerate(_list(record, "figures"), 1):
        for name, single in (("crime_types", "crime_type"), ("places", "place")):
            if isinstance(figure, dict) and name in figure:
                yield from _texts(f"figures[{i}].{name}", _list(figure, name))
                if figure.get(single) is not None:
                    yield f"figures[{i}].{single}", _("must be null beside %(name)s") % {"name": name}
                if len(_list(figure, name)) < 2:
                    two_or_more = _("takes two or more; a single one is written as %(name)s") % {"name": single}
                    yield f"figures[{i}].{name}", two_or_more
    for i, campaign in enumerate(_list(record, "campaigns"), 1):
        yield from _texts(f"campaigns[{i}].aliases", _list(campaign, "aliases"))
    for name in ("places", "crime_types", "also_reports_on"):
        yield from _texts(name, _list(record, name))


def files_of(paths: Iterable[Path], problems: list[Problem]) -> Iterator[Path]:
    """Yield the files that paths name: themselves, or the records and decisions of folders; report what is none."""
    for path in paths:
        if path.is_dir():
            files = sorted(path.glob("*.json"))
            if not files:
                problems.append(Problem(str(path), "", _("holds no .json file")))
            yield from files
            if (path / DECISIONS).exists():
                yield path / DECISIONS
        elif path.exists():
            yield path
        else:
            problems.append(Problem(str(path), "", _("does not exist")))


def _check(where: str, value: Any, members: Members) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield where, _("is not an object")
        return
    dot = f"{where}." if where else ""
    for name in value:
        if name not in members.types:
            yield f"{dot}{name}", _("is not a member of the format")
    for name, types in members.types.items():
        if name not in value:
            if name not in members.optional:
                yield f"{dot}{name}", _("is missing")
        elif not isinstance(value[name], types) or (isinstance(value[name], bool) and bool not in types):
            wanted = _(" or ").join("null" if t is type(None) else t.__name__ for t in types)
            found = {"found": type(value[name]).__name__, "wanted": wanted}
            yield f"{dot}{name}", _("is %(found)s, not %(wanted)s") % found
        elif value[name] in ("", []) and name in members.optional:
            yield f"{dot}{name}", _("is empty: leave it out")
        elif value[name] == "" and type(None) in types:
            yield f"{dot}{name}", _("is empty: write null")


def unstorable(where: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield (member, message) for what JSON can hold and a database cannot."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from unstorable(f"{where}.{name}" if where else name, member)
    elif isinstance(value, list):
        for i, member in enumerate(value, 1):
            yield from unstorable(f"{where}[{i}]", member)
    elif isinstance(value, str) and "\x00" in value:
        yield where, _("holds a NUL character")
    elif isinstance(value, str) and not value.isprintable() and any("\ud800" <= c <= "\udfff" for c in value):
        yield where, _("holds half a character (a lone surrogate)")
    elif isinstance(value, float) and not isfinite(value):
        yield where, _("is too large a number")


def _list(value: Any, name: str) -> list[Any]:
    found = value.get(name, []) if isinstance(value, dict) else []
    return found if isinstance(found, list) else []


def _texts(where: str, values: list[Any]) -> Iterator[tuple[str, str]]:
    for i, value in enumerate(values, 1):
        if not isinstance(value, str):
            yield f"{where}[{i}]", _("is not a string")
    texts = [v for v in values if isinstance(v, str)]
    for value in sorted({v for v in texts if texts.count(v) > 1}):
        yield where, _("names %(value)s twice") % {"value": value}
