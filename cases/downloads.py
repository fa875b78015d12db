"""CSV: the whole result of a list, by COPY, streamed as the database writes it."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from cases import records
from cases.api import problem_response
from cases.search.parameters import PAGING
from cases.search.results import Results

CHUNK = 64 * 1024


def csv_response(request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """Answer with every record of a list under its filters, or with the reason why not."""
    results = Results(kind, request.GET, refuse=PAGING)
    if results.errors:
        return problem_response(results)
    response = StreamingHttpResponse(
        stream(results, request.build_absolute_uri("/").rstrip("/")),
        content_type="text/csv; charset=utf-8; header=present",
    )
    response["Content-Disposition"] = f'attachment; filename="{kind}-{results.total}-rows.csv"'
    response["X-Total-Count"] = str(results.total)
    return response


def stream(results: Results, site: str) -> Iterator[bytes]:
    """Yield the CSV in chunks: a header line and one line for each record, in the order of the list."""
    table = records.TABLES[results.kind.slug]
    order = Window(RowNumber(), order_by=results.order)
    inner, parameters = (
        results.found.order_by().annotate(place_in_list=order).values("id", "place_in_list").query.sql_with_params()
    )
    query = (
        f"copy (select {records.csv_select(table)} from {table.source} "
        f"join ({inner}) wanted on wanted.id = r.id order by wanted.place_in_list) to stdout (format csv, header)"
    )
    # The driver's own cursor: Django's wrappers do not know COPY.
    with connection.cursor() as wrapper, wrapper.cursor.copy(records.with_site(query, site), parameters) as copy:
        chunk = bytearray()
        for block in copy:
            chunk += block
            if len(chunk) >= CHUNK:
                yield bytes(chunk)
                chunk.clear()
        yield bytes(chunk)
