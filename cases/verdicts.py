"""Verdicts in the database: found for what has changed, kept with it, and found anew when they are checked.

`reconcile` says how claims stand to each other; here stands which claims are put before it. Nothing but these functions
writes verdicts. `settle` is called by the commit of a transaction (archive/postgres).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Context, Decimal
from itertools import combinations
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from cases import reconcile
from cases.choices import Status, VerdictBasis
from cases.claims import Claim
from cases.models import Announcement, SeriesClaim, Verdict
from cases.public_claims import Claims, series_of
from cases.reconcile import Pair

AT_ONCE = 500  # announcements, when all are settled
FOUND = ("basis", "release_id", "series", "a_announcement_id", "b_announcement_id", "verdict", "how", "assumed")
COLUMNS = (*FOUND, "editors", "factor", "power_of_ten", "measure", "year", "publisher")

# The claims of some series; one that stands alone follows nothing.
_IN_SERIES = """
    select s.figure_id from cases_seriesclaim s
    join (select series from cases_seriesclaim where series = any(%s) group by 1 having count(*) > 1) n using (series)
"""


# --- what is to be kept -----------------------------------------------------------------------------------------------


def found_in_reports(reports: Iterable[int], claims: Claims | None = None) -> dict[tuple[int, int], tuple[Any, ...]]:
    """Return what is found of pairs of figures within the releases of some announcements and within each of these."""
    concerned = set(reports)
    claims = claims or Claims()
    releases = _reports_of_releases(concerned)
    claims.of(sorted(concerned.union(*releases.values())))
    decisions = _decisions(claims.facts)
    found: dict[tuple[int, int], tuple[Any, ...]] = {}
    for release, members in releases.items():
        for one, other in combinations(members, 2):
            if one in concerned or other in concerned:
                pairs = reconcile.align(claims.within(one, release), claims.within(other, release), decisions).pairs
                _put(found, pairs, claims, VerdictBasis.RELEASE, release=release)
    for report in sorted(concerned):
        _put(found, reconcile.within(claims.by_report[report]), claims, VerdictBasis.REPORT)
    return found


def found_in_series(names: Sequence[str]) -> dict[tuple[int, int], tuple[Any, ...]]:
    """Return what is found of pairs of figures that follow each other in some series."""
    claims = Claims()
    by_series: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims.read(f"f.id in ({_IN_SERIES})", list(names)):
        by_series[series_of(claim)].append(claim)
    releases, fullest = _releases_of_reports({claim.report for of_series in by_series.values() for claim in of_series})
    decisions = _decisions(claims.facts)
    found: dict[tuple[int, int], tuple[Any, ...]] = {}
    for name in sorted(by_series):
        ordered = sorted(by_series[name], key=lambda claim: claim.report not in fullest)
        _put(found, reconcile.ladder(ordered, releases, decisions), claims, VerdictBasis.SERIES, series=name)
    return found


def _put(
    found: dict[tuple[int, int], tuple[Any, ...]],
    pairs: Iterable[Pair],
    claims: Claims,
    basis: VerdictBasis,
    *,
    release: int | None = None,
    series: str = "",
) -> None:
    """Add pairs as the rows that are kept of them; the first thing that is found of a pair is kept."""
    for pair in pairs:
        a, b = claims.facts[pair.a.id], claims.facts[pair.b.id]
        row = (
            *(basis.value, release, series, pair.a.report, pair.b.report, pair.verdict, pair.found.how),
            *(list(pair.assumed), pair.editors, _rounded(pair.found.factor), pair.found.power_of_ten),
            *(pair.a.measure, sorted({year for year in (a.year, b.year) if year}), sorted({a.publisher, b.publisher})),
        )
        found.setdefault((pair.a.id, pair.b.id), row)


def _rounded(factor: Decimal | None) -> Decimal | None:
    return None if factor is None else factor.quantize(Decimal("0.000001"), context=Context(prec=60))


def _reports_of_releases(reports: set[int]) -> dict[int, list[int]]:
    """Return the releases that some announcements report, each with all its published reports, the earlier first."""
    query = """
        select x.release_id, x.announcement_id from cases_releasereport x
        join cases_announcement a on a.id = x.announcement_id and a.status = 'published'
        where x.release_id in (select release_id from cases_releasereport where announcement_id = any(%s))
        order by 1, 2"""
    found: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(query, [sorted(reports)])
        for release, report in cursor.fetchall():
            found[release].append(report)
    return found


def _releases_of_reports(reports: set[int]) -> tuple[dict[int, list[int]], set[int]]:
    """Return the releases of some announcements, and which of these are the fullest report of one."""
    releases: dict[int, list[int]] = defaultdict(list)
    fullest = set()
    query = """
        select x.announcement_id, x.release_id, l.fullest_id = x.announcement_id from cases_releasereport x
        join cases_release l on l.id = x.release_id where x.announcement_id = any(%s) order by 1, 2"""
    with connection.cursor() as cursor:
        cursor.execute(query, [sorted(reports)])
        for report, release, is_fullest in cursor.fetchall():
            releases[report].append(release)
            if is_fullest:
                fullest.add(report)
    return releases, fullest


def _decisions(figures: Iterable[int]) -> dict[frozenset[int], reconcile.Decision]:
    with connection.cursor() as cursor:
        cursor.execute("select a_id, b_id, action, reason from cases_decision where a_id = any(%s)", [list(figures)])
        return {frozenset((a, b)): reconcile.Decision(action, reason) for a, b, action, reason in cursor.fetchall()}


# --- keeping it -------------------------------------------------------------------------------------------------------


def settle() -> None:
    """Bring the verdicts of everything that has changed up to date, in this transaction.

    One transaction at a time, in the order of their commits: the one that waits sees what the other has written.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('cases_stale'))")
        cursor.execute("delete from cases_unsettled where xact is not null returning announcement_id, release_id")
        changed = cursor.fetchall()
    reports = {report for report, _release in changed}
    if not reports:
        return
    claims = Claims()
    names = _keep_series(reports, claims)
    with connection.cursor() as cursor:
        query = "select announcement_id from cases_releasereport where release_id = any(%s)"
        cursor.execute(query, [[release for _report, release in changed if release is not None]])
        beside = {row[0] for row in cursor.fetchall()}  # what is only there, where a report has come or gone
    _settle_reports(reports, claims, beside)
    _settle_series(names)


def settle_all() -> None:
    """Settle the whole archive, a part at a time: what came without triggers, or was there before verdicts were."""
    published = Announcement.objects.filter(status=Status.PUBLISHED).order_by("id").values_list("id", flat=True)
    for ids in _parts(published, AT_ONCE):
        settle_reports(ids)
    settle_all_series()
    with connection.cursor() as cursor:
        cursor.execute("delete from cases_unsettled")


def settle_reports(ids: Iterable[int]) -> None:
    """Settle, in one transaction, what some announcements claim beside the other reports of their releases."""
    claims = Claims()
    with transaction.atomic():
        _keep_series(set(ids), claims)
        _settle_reports(set(ids), claims)


def settle_all_series() -> None:
    """Settle what follows each other in every series that is noted, a part at a time."""
    followed = SeriesClaim.objects.values_list("series").annotate(n=Count("pk")).filter(n__gt=1)
    kept = Verdict.objects.filter(basis=VerdictBasis.SERIES).values_list("series", flat=True)
    for part in _parts(sorted({*kept, *(name for name, _n in followed)}), AT_ONCE):
        with transaction.atomic():
            _settle_series(set(part))


def settle_what_is_due() -> None:
    """Settle the whole archive if a migration has asked for it."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('cases_unsettled') is not null")
        if not cursor.fetchone()[0]:
            return
        cursor.execute("select exists (select from cases_unsettled where xact is null)")
        due = cursor.fetchone()[0]
    if due:
        settle_all()


def _keep_series(reports: set[int], claims: Claims) -> set[str]:
    """Note which series the claims of some announcements belong to; return all that these were in or are in."""
    kept = dict(SeriesClaim.objects.filter(announcement_id__in=reports).values_list("figure_id", "series"))
    claims.of(sorted(reports))
    current = {c.id: (report, series_of(c)) for report in reports for c in claims.by_report[report] if c.series}
    gone = [pk for pk in kept if pk not in current]
    moved = [(pk, *place) for pk, place in current.items() if kept.get(pk) != place[1]]
    SeriesClaim.objects.filter(figure_id__in=gone).delete()
    SeriesClaim.objects.bulk_create(
        [SeriesClaim(figure_id=pk, announcement_id=report, series=name) for pk, report, name in moved],
        update_conflicts=True,
        unique_fields=["figure_id"],
        update_fields=["announcement_id", "series"],
    )
    return {*kept.values(), *(name for _report, name in current.values())}


def _settle_reports(reports: set[int], claims: Claims, beside: Iterable[int] = ()) -> None:
    found = found_in_reports(reports, claims)
    in_reports = Q(basis__in=(VerdictBasis.RELEASE, VerdictBasis.REPORT))
    concerned = Q(a_announcement_id__in=reports) | Q(b_announcement_id__in=reports)
    others = {report for row in found.values() for report in row[3:5]}
    _write(Verdict.objects.filter(in_reports & concerned), found, {*reports, *others, *beside})


def _settle_series(names: set[str]) -> None:
    kept = Verdict.objects.filter(basis=VerdictBasis.SERIES, series__in=names)
    _write(kept, found_in_series(sorted(names)), set())


def _write(kept: Any, found: dict[tuple[int, int], tuple[Any, ...]], reports: set[int]) -> None:
    """Make the rows that are kept those that are found, and the search rows of their announcements say so."""
    stored = {(a, b): (pk, row) for pk, a, b, *row in kept.values_list("id", "a_id", "b_id", *COLUMNS)}
    gone = [pk for pair, (pk, _row) in stored.items() if pair not in found]
    changed = {pair: row for pair, row in found.items() if pair not in stored or tuple(stored[pair][1]) != row}
    reports |= {report for pair, (_pk, row) in stored.items() if pair not in found for report in row[3:5]}
    reports |= {report for row in changed.values() for report in row[3:5]}
    now = timezone.now()
    Verdict.objects.filter(pk__in=gone).delete()
    Verdict.objects.bulk_create(
        [
            Verdict(a_id=a, b_id=b, found_at=now, **dict(zip(COLUMNS, row, strict=True)))
            for (a, b), row in sorted(changed.items())
        ],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["a", "b"],
        update_fields=[*COLUMNS, "found_at"],
    )
    with connection.cursor() as cursor:
        cursor.execute("select refresh_verdicts(%s)", [sorted(reports)])


# --- whether it is kept -----------------------------------------------------------------------------------------------


def differences() -> Iterator[str]:
    """Find every verdict anew, and yield, in words, what is kept otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("select distinct announcement_id from cases_unsettled order by 1")
        yield from (f"announcement {pk}: its verdicts are out of date" for (pk,) in cursor.fetchall())
    published = Announcement.objects.filter(status=Status.PUBLISHED).order_by("id").values_list("id", flat=True)
    in_series: dict[int, str] = {}
    for ids in _parts(published, AT_ONCE):
        claims = Claims()
        found = found_in_reports(ids, claims)
        in_series |= {c.id: series_of(c) for pk in ids for c in claims.by_report[pk] if c.series}
        yield from _differing(found, Q(a_announcement_id__in=ids) | Q(b_announcement_id__in=ids), series=False)
    kept = dict(SeriesClaim.objects.values_list("figure_id", "series"))
    wrong = sorted(pk for pk in kept.keys() | in_series.keys() if kept.get(pk) != in_series.get(pk))
    yield from (f"figure {pk}: its series is not what it should be" for pk in wrong)
    for names in _parts(sorted(set(in_series.values())), AT_ONCE):
        yield from _differing(found_in_series(names), Q(series__in=names), series=True)
    stray = Verdict.objects.exclude(
        a_announcement_id__in=published.values("id"), b_announcement_id__in=published.values("id")
    )
    yield from (
        f"verdict {pk}: one of its figures is not public" for pk in stray.order_by("id").values_list("id", flat=True)
    )


def _differing(found: dict[tuple[int, int], tuple[Any, ...]], concerned: Q, *, series: bool) -> Iterator[str]:
    of_basis = Q(basis=VerdictBasis.SERIES)
    rows = Verdict.objects.filter(concerned & (of_basis if series else ~of_basis)).values_list("a_id", "b_id", *COLUMNS)
    kept = {(a, b): tuple(row) for a, b, *row in rows}
    for a, b in sorted(kept.keys() | found.keys()):
        if (a, b) not in found:
            yield f"verdict of figures {a} and {b}: it should not be there"
        elif (a, b) not in kept:
            yield f"verdict of figures {a} and {b}: it is missing"
        elif kept[a, b] != found[a, b]:
            names = [name for name, x, y in zip(COLUMNS, kept[a, b], found[a, b], strict=True) if x != y]
            yield f"verdict of figures {a} and {b}: wrong {', '.join(names)}"


def _parts(values: Any, size: int) -> Iterator[list[Any]]:
    listed = list(values)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]
