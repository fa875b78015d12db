"""The page of the rules: its examples are claims of the collection, and the code that decides is what it shows."""

from decimal import Decimal
from html import unescape

import pytest

from cases import intervals, methodology, verdict_words
from cases.choices import Qualifier
from cases.methodology import Examples
from cases.models import Announcement

pytestmark = pytest.mark.django_db


def page(client):
    response = client.get("/methodology/")
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_every_example_is_a_claim_of_the_collection():
    examples = Examples()
    pairs = (*methodology.WITHIN, *methodology.SCOPES, *methodology.SERIES, methodology.CHANGE)
    named = {
        *methodology.READ.values(),
        *methodology.LADDER,
        *methodology.SPLIT,
        *methodology.BROKEN,
        *(name for pair in pairs for name in pair),
    }
    assert set(examples._figures) == named
    assert [r.figure.qualifier for r in examples.readings if r.figure] == list(methodology.READ)


def test_the_examples_show_each_way_to_agree_and_to_differ():
    examples = Examples()
    assert [(pair.found.verdict, pair.found.how) for pair in examples.within] == [
        ("agree", "same"),
        ("agree_rounded", "meet"),
        ("agree_rounded", "touch"),
        ("agree_rounded", "rounded"),
        ("contradict", "apart"),
        ("contradict", "apart"),
    ]
    assert [pair.found.power_of_ten for pair in examples.within[4:]] == [None, 10]
    assert [pair.found.verdict for pair in examples.series] == ["later", "revised"]
    assert [pair.found is None for pair in examples.scopes] == [False, False, False, True, True, True]
    assert [figure.value for _rung, figure in examples.ladder] == [22_000, 57_519]
    assert [figure.value for figure in examples.split] == [25_000, 55_000, 566_000]
    assert examples.change[3].verdict == "confirmed"
    assert [b.reasons for b in examples.broken[1].breaks] == [("other_length",), ("other_length",)]


def test_every_qualifier_has_its_rule_and_every_word_of_several_its_interval(client):
    html = page(client)
    for qualifier in Qualifier:
        assert f'<th scope="row">{qualifier.label}</th>' in html
        if qualifier != "several":
            high = methodology.HIGH if qualifier == "range" else None
            assert f">{intervals.interval(Decimal(500), qualifier, Decimal(100), high=high)}</td>" in html
    for words in intervals.SEVERAL:
        assert f">{words}</span>" in html


def test_what_it_says_is_what_the_code_decides(client, monkeypatch):
    assert page(client).count("a slip by a power of ten") == 1
    monkeypatch.setattr("cases.reconcile.power_of_ten", lambda times: None)
    assert "a slip by a power of ten" not in page(client)
    monkeypatch.setattr("cases.comparison.Rung.is_decided", True)
    assert "566,000" not in page(client)


def test_a_verdict_is_explained_as_everywhere_else(client):
    html = page(client)
    for pair in Examples().scopes[:3]:
        assert pair.assumed
        assert verdict_words.reason(pair.found.how, pair.assumed) in html


def test_examples_that_are_no_longer_public_are_left_out(client, commit):
    assert "57,519" in page(client)
    Announcement.objects.filter(key__in=["r060", "r088", "s000"]).update(status="withdrawn")
    commit()
    html = page(client)
    assert "57,519 cases" not in html
    assert "none in the collection" in html


def test_an_archive_without_the_collection_has_the_rules_all_the_same(client, commit):
    Announcement.objects.update(status="draft")
    commit()
    html = page(client)
    assert "[500, 600)" in html
    assert "method-pair" not in html


# The figures with what a list shows of them: themselves, crime types, places; and their claims.
def test_it_costs_four_queries(client, django_assert_num_queries):
    with django_assert_num_queries(4):
        client.get("/methodology/")
