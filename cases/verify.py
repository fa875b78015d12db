"""Whether what the archive derives and keeps is still what it was made from. Slow and plain on purpose."""

from collections.abc import Callable, Iterator

from django.db import connection

from cases import verdicts
from cases.fingerprints import folded_sha256, sketch
from cases.models import AnnouncementRow, CaseRow, FigureRow, TextVersion

ROWS = (AnnouncementRow, CaseRow, FigureRow)


def problems() -> Iterator[str]:
    """Yield, in words, everything that does not hold."""
    for check in CHECKS:
        yield from check()


def search_rows() -> Iterator[str]:
    """Compare every search row with what its view computes anew."""
    for model in ROWS:
        table = model._meta.db_table
        columns = ", ".join(f'"{f.column}"' for f in model._meta.fields)
        for here, there, message in (
            (table, f"{table}_source", "has a row that is not what it should be"),
            (f"{table}_source", table, "lacks its row"),
        ):
            query = (
                f"select id from (select {columns} from {here} except all select {columns} from {there}) as differing"
            )
            yield from (f"{table}: {pk} {message}" for pk in _column(query))


def node_words() -> Iterator[str]:
    """Compare the words kept of places, crime types and campaigns with their names."""
    query = """
        with nodes as (
            select 'place' as kind, code::text from cases_place
            union all select 'crime_type', code from cases_crimetype
            union all select 'campaign', slug from cases_campaign)
        select concat_ws(' ', coalesce(k.kind, n.kind), coalesce(k.code, n.code))
        from cases_nodewords k full join nodes n using (kind, code)
        where k.words is distinct from words_of_node(n.kind, n.code)"""
    yield from (f"{node}: it is not found by its names" for node in _column(query))


def totals() -> Iterator[str]:
    """Count the values of every facet anew."""
    for model in ROWS:
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute("select facet_values(%s)", [table])
            values = cursor.fetchone()[0]
        query = f"""
            with changed as (select * from {table}),
                 counted as (select facet, value, count(*) as n from ({values}) as t (facet, value) group by 1, 2)
            select concat_ws(' ', facet, value) from counted
            full join (select * from cases_facettotal where source = '{table}' and n <> 0) kept using (facet, value)
            where counted.n is distinct from kept.n order by 1"""
        yield from (f"{table}: the total of {value} is wrong" for value in _column(query))


def sets() -> Iterator[str]:
    """Make the sets of all values anew."""
    for model in ROWS:
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute("select facet_values(%s)", [table])
            values = cursor.fetchone()[0]
        query = f"""
            with changed as (select * from {table}),
                 made as (select facet, value, part_of(id) as part, id_set(array_agg(place_in_part(id))) as ids
                          from ({values}) as t (facet, value, id) group by 1, 2, 3)
            select distinct concat_ws(' ', facet, value) from made
            full join (select * from cases_facetset where source = '{table}' and bit_count(ids) > 0) kept
            using (facet, value, part) where made.ids is distinct from kept.ids order by 1"""
        yield from (f"{table}: the set of {value} is wrong" for value in _column(query))


def nothing_stale() -> Iterator[str]:
    """Look for announcements whose rows were to be refreshed and were not."""
    yield from (f"announcement {pk}: its rows are out of date" for pk in _column("select * from cases_stale"))


def hashes() -> Iterator[str]:
    """Compute the hash of every stored text and published version again."""
    for table, column in (("cases_textversion", "text"), ("cases_publishedversion", "body")):
        redacted = "and text <> ''" if column == "text" else ""
        digest = f"encode(sha256(convert_to({column}, 'UTF8')), 'hex')"
        query = f"select id from {table} where sha256 <> {digest} {redacted} order by id"
        yield from (f"{table}: {pk} is not what its hash says" for pk in _column(query))


def fingerprints() -> Iterator[str]:
    """Compare what the texts are found by with the texts."""
    versions = TextVersion.objects.exclude(text="").select_related("fingerprint").order_by("id")
    for version in versions.iterator(chunk_size=100):
        kept = getattr(version, "fingerprint", None)
        if kept is None or (kept.folded_sha256, kept.sketch) != (folded_sha256(version.text), sketch(version.text)):
            yield f"cases_textversion: {version.pk} is not found by its words"


def evidence() -> Iterator[str]:
    """Compare every span with the words that stand there."""
    query = """
        select s.id from cases_span s
        join cases_announcement a on a.id = s.announcement_id
        left join cases_textversion t on t.id = s.text_version_id
        where s.case_id is null and coalesce(t.text, a.title) <> ''
          and squash(substr(coalesce(t.text, a.title), s.start + 1, s."end" - s.start)) <> squash(s.phrase)
        order by s.id"""
    yield from (f"span {pk}: its words do not stand there" for pk in _column(query))


def versions() -> Iterator[str]:
    """Look for public announcements of which no published version is kept."""
    query = """
        select a.key from cases_announcement a where a.status = 'published'
          and not exists (select from cases_publishedversion v where v.announcement_id = a.id) order by a.key"""
    yield from (f"announcement {key}: public, but no version of it is kept" for key in _column(query))


def kept_verdicts() -> Iterator[str]:
    """Compare all claims anew."""
    yield from verdicts.differences()


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    search_rows,
    node_words,
    totals,
    sets,
    nothing_stale,
    hashes,
    fingerprints,
    evidence,
    versions,
    kept_verdicts,
)


def _column(query: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]
