"""The made-up archive of the benchmark: the same for the same seed, and fit for the database as any other."""

import subprocess
import sys

import pytest
from django.db import connection

from cases import verify
from cases.models import Announcement, Figure, TypicalCase
from tools.bench import load, plans, words
from tools.bench.corpus import Corpus


def test_the_same_seed_makes_the_same_rows_in_any_parts():
    corpus = Corpus(100, seed=7)
    whole = corpus.rows(0, corpus.announcements)
    parts = [Corpus(100, seed=7).rows(*part) for part in corpus.chunks(6)]
    assert {table: [row for part in parts for row in part[table]] for table in whole} == whole
    assert Corpus(100, seed=8).rows(0, 3) != corpus.rows(0, 3)


@pytest.mark.parametrize("size", [1, 7, 100, 1234])
def test_there_are_as_many_cases_as_asked_for(size):
    corpus = Corpus(size)
    rows = corpus.rows(0, corpus.announcements)
    assert [row[0] for row in rows["cases_typicalcase"]] == list(range(1, size + 1))
    assert [row[0] for row in rows["cases_figure"]] == list(range(1, corpus.figures + 1))


def test_the_words_measured_with_are_as_frequent_as_told():
    corpus = Corpus(5000)
    rows = corpus.rows(0, corpus.announcements)
    summaries = [row[5] for row in rows["cases_typicalcase"]]

    def share(*of):
        return sum(any(word in summary for word in of) for summary in summaries) / len(summaries)

    assert share(words.BROAD_EN) == pytest.approx(0.3, abs=0.04)
    assert share(words.BROAD_ZH) == pytest.approx(0.3, abs=0.04)
    assert share(words.SELECTIVE_EN, words.SELECTIVE_ZH) == pytest.approx(0.002, abs=0.002)
    others = " ".join(f"{row[3]} {row[4]}" for row in rows["cases_typicalcase"])
    others += " ".join(row[3] for row in rows["cases_textversion"])
    for word in (words.BROAD_EN, words.BROAD_ZH, words.SELECTIVE_EN, words.SELECTIVE_ZH):
        assert word not in others


@pytest.fixture
def made_up(commit):
    """The rows of a small corpus instead of the collection, put in with every trigger and constraint at work."""
    corpus = Corpus(60)
    with connection.cursor() as cursor:
        cursor.execute(
            "truncate cases_publisher, cases_release, cases_announcement, cases_facettotal, cases_facetset cascade"
        )
        cursor.execute(f"truncate {', '.join(load.SEARCH_ROWS)}, cases_verdict, cases_seriesclaim")
    connection.ensure_connection()
    load.copy(connection.connection, corpus.shared() | corpus.rows(0, corpus.announcements))
    commit()
    return corpus


def test_the_database_takes_the_rows(made_up):
    assert Announcement.objects.published().count() == made_up.announcements
    assert TypicalCase.objects.published().count() == 60
    assert [problem for check in verify.CHECKS if check is not verify.versions for problem in check()] == []


def test_figures_say_what_their_words_say(made_up):
    for figure in Figure.objects.all():
        stored = figure.step, figure.bounds
        figure.step = None
        figure.derive()
        assert (figure.step, figure.bounds) == stored, figure.phrase


def test_plans_name_the_indexes(made_up):
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_sort = off")
    assert plans.uses("case_row_newest", "cases", "", "which")
    assert plans.uses("case_row_words", "cases", f"q={words.BROAD_EN}", "how many")
    assert not plans.uses("case_row_words", "cases", "", "which")


@pytest.mark.trust
def test_a_large_archive_is_asked_by_its_indexes():
    """Of 100,000 cases, every list is answered with the index meant for it, and no page reads a large table whole."""
    command = [sys.executable, "-m", "tools.bench", "--plans", "--sizes", str(load.DISTINCT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
