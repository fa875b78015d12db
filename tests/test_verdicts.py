"""Verdicts as they are kept: never out of date, of nothing that is not public, and as editors decide."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cases import releases, verdicts
from cases.choices import ReportRole
from cases.models import Announcement, Decision, Figure, FigureRow, Release, ReleaseReport, SeriesClaim, Verdict
from tests.factories import make_announcement, make_campaign, make_case, make_figure

pytestmark = pytest.mark.django_db


def of(*figures):
    """Return what is kept of figures: each pair with its verdict."""
    ids = [figure.pk for figure in figures]
    kept = Verdict.objects.filter(a__in=ids, b__in=ids).order_by("a_id", "b_id")
    return [(verdict.a_id, verdict.b_id, verdict.verdict) for verdict in kept]


def row(figure):
    return FigureRow.objects.get(pk=figure.pk).verdict


def arrested(report, value, phrase=None, **fields):
    words = phrase or f"arrested {value} suspects"
    return make_figure(report, **{"value": value, "phrase": words, "qualifier": "exact", **fields})


@pytest.fixture
def told_twice(commit):
    """One release told by two published reports, which contradict each other by a factor of ten."""
    first, second = (make_announcement(status="published") for _ in range(2))
    release = releases.release_of(first)
    releases.tie(second, [release], ReportRole.REPORT)
    figures = arrested(first, 3412), arrested(second, 34120)
    commit()
    return first, second, *figures


def test_all_of_the_collection_is_kept_as_it_is_found():
    assert Verdict.objects.filter(basis="release", verdict="contradict").count() > 30
    assert list(verdicts.differences()) == []


def test_what_two_reports_say_is_kept_with_its_reason(told_twice):
    first, second, a, b = told_twice
    verdict = Verdict.objects.get(a=a, b=b)
    assert (verdict.basis, verdict.verdict, verdict.how) == ("release", "contradict", "apart")
    assert (verdict.factor, verdict.power_of_ten) == (10, 10)
    assert verdict.assumed == []
    assert set(verdict.publisher) == {first.publisher.slug, second.publisher.slug}
    assert row(a) == row(b) == ["contradict"]


def test_a_figure_that_is_changed_is_compared_again_and_keeps_its_pair(told_twice, commit):
    *_, a, b = told_twice
    before = Verdict.objects.get(a=a, b=b)
    b.value, b.phrase, b.step = 3412, "arrested 3,412 suspects", None
    b.save()
    commit()
    after = Verdict.objects.get(a=a, b=b)
    assert (after.pk, after.verdict, after.factor) == (before.pk, "agree", None)
    assert row(a) == row(b) == ["agree"]


def test_what_leaves_the_public_is_compared_with_nothing(told_twice, commit):
    _first, second, a, b = told_twice
    second.status = "withdrawn"
    second.save()
    commit()
    assert of(a, b) == []
    assert row(a) == []  # nor is it the only one to say so: there is no other report
    second.status = "published"
    second.save()
    commit()
    assert of(a, b) == [(a.pk, b.pk, "contradict")]


def test_a_draft_is_compared_with_nothing(told_twice, commit):
    first, _second, a, _b = told_twice
    draft = make_announcement()
    releases.tie(draft, [first.releases.get()], ReportRole.REPORT)
    third = arrested(draft, 3412)
    commit()
    assert of(a, third) == []
    draft.status = "published"
    draft.save()
    commit()
    assert of(a, third) == [(a.pk, third.pk, "agree")]


def test_what_one_report_alone_tells_says_so_as_long_as_there_is_another(told_twice, commit):
    first, second, _a, _b = told_twice
    alone = make_figure(first, measure_id="websites_closed", unit="websites", phrase="closed 33,000", value=33000)
    commit()
    assert row(alone) == ["only_here"]
    ReleaseReport.objects.filter(announcement=second).delete()
    commit()
    assert row(alone) == []


@pytest.mark.parametrize("narrowed_by", [None, "crime_types", "places"])
def test_a_part_that_its_scope_does_not_tell_from_its_whole_contradicts_no_whole(told_twice, commit, narrowed_by):
    _first, second, a, b = told_twice
    whole = arrested(second, 52120)
    b.value, b.phrase, b.step, b.part_of = 2120, "2,120 of them", None, whole
    b.save()
    if narrowed_by:  # what its scope tells, it is compared by
        getattr(b, narrowed_by).set({"crime_types": ["fraud"], "places": ["340000"]}[narrowed_by])
        getattr(a, narrowed_by).set(getattr(b, narrowed_by).all())
    commit()
    assert of(a, b) == ([(a.pk, b.pk, "contradict")] if narrowed_by else [])
    b.part_of = None
    b.save()
    commit()
    assert (a.pk, b.pk, "contradict") in of(a, b)


def test_another_report_leaves_a_pair_as_it_is(told_twice, commit):
    first, _second, a, b = told_twice
    before = Verdict.objects.values().get(a=a, b=b)
    third = make_announcement(status="published")
    releases.tie(third, [first.releases.get()], ReportRole.COPY)
    arrested(third, 3412)
    commit()
    assert Verdict.objects.values().get(a=a, b=b) == before


def test_releases_that_are_merged_meet(commit):
    first, second = (make_announcement(status="published") for _ in range(2))
    release, _other = releases.release_of(first), releases.release_of(second)
    a, b = arrested(first, 3412), arrested(second, 34120)
    commit()
    assert of(a, b) == []
    releases.tie(second, [release], ReportRole.REPORT)
    commit()
    assert of(a, b) == [(a.pk, b.pk, "contradict")]


def test_a_report_of_several_releases_is_compared_with_each_in_what_it_says_of_it(commit):
    feature, one, other = (make_announcement(status="published") for _ in range(3))
    of_one, of_other = releases.release_of(one), releases.release_of(other)
    releases.tie(feature, [of_one, of_other], ReportRole.REPORT)
    said_of_one = arrested(feature, 3412, release=of_one)
    a, b = arrested(one, 3412), arrested(other, 700)
    commit()
    assert of(said_of_one, a, b) == [(feature.figures.get().pk, a.pk, "agree")]


def test_figures_of_one_case_meet_once_it_is_known_to_be_one(told_twice, commit):
    first, second, *_ = told_twice
    case, again = make_case(first), make_case(second)
    a, b = arrested(first, 12, case=case), arrested(second, 15, case=again)
    commit()
    assert of(a, b) == []
    again.same_as = case
    again.save()
    commit()
    assert of(a, b) == [(a.pk, b.pk, "contradict")]


def test_a_series_grows_across_releases(commit):
    campaign = make_campaign()
    counts = []
    for value, until in ((22000, "2018-09"), (57519, "2018-12"), (57400, "2018-12")):
        report = make_announcement(status="published", published="2019")
        releases.release_of(report)
        counts.append(arrested(report, value, campaign=campaign, period=f"2018-02/{until}"))
    commit()
    a, b, c = counts
    assert of(*counts) == [(a.pk, b.pk, "later"), (b.pk, c.pk, "revised")]
    assert row(b) == ["later", "revised"]
    b.announcement.status = "withdrawn"
    b.announcement.save()
    commit()
    assert of(*counts) == [(a.pk, c.pk, "later")]
    campaign.year = 2017
    campaign.save()
    commit()
    assert Verdict.objects.get(a=a, b=c).year == ["2017"]


def test_what_is_written_past_the_application_is_shown_without_verdicts_until_they_are_found(told_twice, commit):
    *_, a, b = told_twice
    with connection.cursor() as cursor:
        cursor.execute("update cases_figure set value = 5, step = 1, interval = '[5, 5]' where id = %s", [b.pk])
        cursor.execute("set constraints all immediate")  # the end of a transaction of somebody else
        cursor.execute("set constraints all deferred")
    assert of(a, b) == []
    assert row(a) == ["only_here"]
    assert any("out of date" in problem for problem in verdicts.differences())
    commit()
    assert of(a, b) == [(a.pk, b.pk, "contradict")]
    assert list(verdicts.differences()) == []


def test_nothing_is_left_of_what_is_deleted(told_twice, commit):
    _first, second, _a, b = told_twice
    pk = b.pk
    Announcement.objects.filter(pk=second.pk).update(status="draft")
    commit()
    second.delete()
    Release.objects.filter(reports=None).delete()
    commit()
    assert not Verdict.objects.filter(b=pk).exists()
    assert not SeriesClaim.objects.filter(figure_id=pk).exists()
    assert list(verdicts.differences()) == []


def test_verify_names_what_is_kept_otherwise(told_twice):
    *_, a, b = told_twice
    Verdict.objects.filter(a=a, b=b).update(verdict="agree", factor=None)
    assert list(verdicts.differences()) == [f"verdict of figures {a.pk} and {b.pk}: wrong verdict, factor"]
    Verdict.objects.filter(a=a, b=b).delete()
    assert list(verdicts.differences()) == [f"verdict of figures {a.pk} and {b.pk}: it is missing"]


# --- what editors decide ----------------------------------------------------------------------------------------------


def test_editors_overrule_and_take_it_back(told_twice, commit):
    *_, a, b = told_twice
    editor = User.objects.create_user("editor")
    decision = Decision.objects.create(a=b, b=a, action="agree", reason="a misprint of ours", decided_by=editor)
    commit()
    verdict = Verdict.objects.get(a=a, b=b)
    assert (verdict.verdict, verdict.how, verdict.editors) == ("agree", "editors", "a misprint of ours")
    assert verdict.factor == 10  # what the numbers are stays to be seen
    decision.delete()
    commit()
    assert Verdict.objects.get(a=a, b=b).verdict == "contradict"


def test_a_decision_is_on_record_with_who_and_why(told_twice):
    *_, a, b = told_twice
    editor = User.objects.create_user("editor")
    decision = Decision.objects.create(a=a, b=b, action="part", reason="another raid", decided_by=editor)
    decision.reason = "another town"
    decision.save()
    decision.delete()
    event = Decision.events.rel.related_model
    kept = event.objects.filter(a=a.pk).order_by("pgh_id").values_list("pgh_label", "reason", "decided_by")
    assert list(kept) == [
        ("insert", "another raid", editor.pk),
        ("update", "another town", editor.pk),
        ("delete", "another town", editor.pk),
    ]


def test_claims_that_are_parted_and_aligned(told_twice, commit):
    _first, _second, a, b = told_twice
    Decision.objects.create(a=a, b=b, action="part", reason="another raid")
    commit()
    assert of(a, b) == []
    assert row(a) == ["only_here"]
    Decision.objects.all().delete()
    b.places.add("340000")
    commit()
    assert of(a, b) == []
    Decision.objects.create(a=a, b=b, action="align", reason="both mean the province")
    commit()
    assert of(a, b) == [(a.pk, b.pk, "contradict")]


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"reason": " "}, "decision_has_reason"),
        ({"action": "later"}, "decision_action_known"),
    ],
)
def test_a_decision_without_sense_is_refused(told_twice, fields, constraint):
    *_, a, b = told_twice
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Decision.objects.create(**{"a": a, "b": b, "action": "part", "reason": "because", **fields})


def test_what_is_counted_otherwise_is_never_compared(told_twice, commit):
    first, _second, _a, b = told_twice
    other = make_figure(first, measure_id="websites_closed", unit="websites", phrase="closed 33,000", value=33000)
    decision = Decision(a=other, b=b, action="align", reason="no")
    with pytest.raises(ValidationError) as refused:
        decision.full_clean()
    assert "b" in refused.value.message_dict
    with pytest.raises(IntegrityError, match="decision_is_of_one_measure"), transaction.atomic():
        decision.save()


def test_settling_asks_as_much_however_large_the_rest_is(told_twice, django_assert_max_num_queries):
    """The collection has 1087 figures; only the releases and series of what has changed are read."""
    *_, a, _b = told_twice
    Figure.objects.get(pk=a.pk).save()
    with django_assert_max_num_queries(20):
        verdicts.settle()
