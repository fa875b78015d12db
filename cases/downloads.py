"""The whole result of a list as a file, in any of the formats of `exports`, and the digest of each."""

import re
from functools import cached_property

from django.http import HttpRequest, HttpResponseBase

from cases import sending
from cases.exports import FORMATS, Chunks, Export, Format
from cases.problems import problem_response, site_of
from cases.public_fields import Table
from cases.records import TABLES
from cases.search.parameters import OF_PAGES
from cases.search.results import Results


class Listed:
    """Every row of a table under the parameters of its list, in one format."""

    def __init__(self, results: Results, table: Table, form: Format, site: str) -> None:
        self.form = form
        self.content_type, self.compressible = form.content_type, form.compressible
        self.export = Export(results, table, site)
        self.parts = (table.name, table.columns, form.suffix, results.sort, results.pairs(without=("sort",)))

    @cached_property
    def total(self) -> int:
        return self.export.total

    @property
    def name(self) -> str:
        return f"{self.export.table.address}-{self.total}-rows{self.form.suffix}"

    def chunks(self) -> Chunks:
        return self.form.write(self.export)


def answer(
    request: HttpRequest, results: Results, table: Table, form: Format, *, digest: bool = False
) -> HttpResponseBase:
    """Answer with every row of a table that a result finds, or with the reason why not."""
    if results.errors:
        return problem_response(results)
    return sending.answer(request, Listed(results, table, form, site_of(request)), digest=digest)


class Converter:
    """The part of an address that names a file: `cases.csv`, `case-places.excel.csv.sha256`."""

    FILES = {f"{table.address}{suffix}": (table, form) for table in TABLES.values() for suffix, form in FORMATS.items()}
    regex = rf"(?:{'|'.join(re.escape(name) for name in FILES)})(?:\.sha256)?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def named(request: HttpRequest, name: str) -> HttpResponseBase:
    """Answer with the file, or the digest of the file, that an address names."""
    table, form = Converter.FILES[name.removesuffix(".sha256")]
    results = Results(table.kind, request.GET, refuse=OF_PAGES)
    return answer(request, results, table, form, digest=name.endswith(".sha256"))
