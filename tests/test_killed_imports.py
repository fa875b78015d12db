"""An import that is killed, whenever it is, has done everything or nothing; two at once come one after the other."""

import csv
import os
import subprocess
import sys
import time

import psycopg
import pytest

from tests.browser.conftest import copy_of_database
from tests.database import ROOT

pytestmark = [pytest.mark.trust, pytest.mark.django_db]
KILLS = 50


@pytest.fixture
def _django_db_helper(django_db_setup):
    """Have the test database made, but open no connection to it: it is copied."""


@pytest.fixture
def database(django_db_setup, django_db_blocker):
    with copy_of_database(django_db_blocker, "killed") as address:
        yield address


def start(database, path):
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_records", str(path)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def ask(database, query, *parameters):
    with psycopg.connect(database) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('cases_import'))")  # what was under way is over
        return connection.execute(query, parameters).fetchall()


def write(path, keys, n):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["key", "abstract"], *([key, f"Import {n}"] for key in keys)])


def test_killed_at_any_moment_it_has_done_everything_or_nothing(database, tmp_path):
    path = tmp_path / "announcements.csv"
    keys = [key for (key,) in ask(database, "select key from cases_announcement where status = 'published'")]
    write(path, keys, "whole")
    begun = time.monotonic()
    assert start(database, path).wait() == 0
    whole = time.monotonic() - begun
    outcomes = []
    for n in range(KILLS):
        write(path, keys, n)
        process = start(database, path)
        time.sleep(whole * (0.2 + n / KILLS))
        process.kill()
        process.wait()
        ((done,),) = ask(database, "select count(*) from cases_announcement where abstract = %s", f"Import {n}")
        assert done in (0, len(keys)), f"killed after {whole * (0.2 + n / KILLS):.1f} s it has done a part"
        ((versions,),) = ask(
            database, "select count(*) from cases_publishedversion where body like %s", f'%Import {n}"%'
        )
        assert versions == done
        outcomes.append(done)
    assert 0 in outcomes
    assert len(keys) in outcomes


def test_two_at_once_come_one_after_the_other(database, tmp_path):
    keys = [key for (key,) in ask(database, "select key from cases_announcement where status = 'published'")]
    for n in range(2):
        write(tmp_path / f"{n}.csv", keys, n)
    running = [start(database, tmp_path / f"{n}.csv") for n in range(2)]
    assert [process.wait() for process in running] == [0, 0], [process.stdout.read() for process in running]
    left = ask(database, "select distinct abstract from cases_announcement where abstract like 'Import %%'")
    assert len(left) == 1
