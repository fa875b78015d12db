"""Data packages under stress: built while others write, and killed at any moment; opened by Datasette itself."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
import venv
from urllib.parse import quote

import psycopg
import pytest

from tests.browser.conftest import copy_of_database
from tests.database import ROOT
from tools.bench.datasette import VERSION

pytestmark = [pytest.mark.trust, pytest.mark.django_db]
KILLS = 20


@pytest.fixture
def _django_db_helper(django_db_setup):
    """Have the test database made, but open no connection to it: it is copied."""


@pytest.fixture
def database(django_db_setup, django_db_blocker):
    with copy_of_database(django_db_blocker, "packages") as address:
        yield address


def start(database, folder):
    settings = {"DATABASE_URL": database, "PACKAGES_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "archive.settings"}
    return subprocess.Popen(
        [sys.executable, "manage.py", "build_release"],
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip


def whole(folder):
    """Return the packages that there are, each checked against its manifest."""
    found = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    for name in found:
        manifest = json.loads((folder / name / "manifest.json").read_text())
        assert len(manifest["files"]) == 3
        for file in manifest["files"]:
            assert (folder / name / file["name"]).stat().st_size == file["size"]
    return found


def test_killed_at_any_moment_there_is_a_package_or_none(database, tmp_path):
    begun = time.monotonic()
    assert start(database, tmp_path / "first").wait() == 0
    seconds = time.monotonic() - begun
    outcomes = []
    for n in range(KILLS):
        folder = tmp_path / str(n)
        process = start(database, folder)
        time.sleep(seconds * (0.3 + n / KILLS))
        process.kill()
        process.wait()
        outcomes.append(len(whole(folder)) if folder.exists() else 0)
    assert set(outcomes) == {0, 1}
    folder = tmp_path / str(outcomes.index(0))
    assert start(database, folder).wait() == 0
    assert len(whole(folder)) == 1
    assert list(folder.glob(".building-*")) == []


def test_all_tables_are_of_one_state_while_others_write(database, tmp_path):
    """Somebody gives two tables the same number, again and again, in one transaction; a package never sees two."""
    done = threading.Event()

    def write():
        with psycopg.connect(database) as connection:
            n = 0
            while not done.is_set():
                n += 1
                with connection.transaction():
                    connection.execute("update cases_announcement set title = %s where id = 1", [f"State {n}"])
                    connection.execute("update cases_release set authority = %s where id = 1", [f"State {n}"])

    with psycopg.connect(database, autocommit=True) as connection:
        ((pk,),) = connection.execute("select min(id) from cases_announcementrow").fetchall()
        assert pk == 1
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            process = start(database, tmp_path / str(n))
            output = process.communicate()[0]
            assert process.returncode == 0, output
    finally:
        done.set()
        writer.join()
    seen = set()
    for n in range(5):
        (path,) = (tmp_path / str(n)).glob("*/*.sqlite")
        with sqlite3.connect(path) as package:
            titles = package.execute("select title from announcements where id = 1").fetchall()
            authorities = package.execute("select authority from releases where id = 1").fetchall()
        if titles[0][0].startswith("State"):
            assert titles == authorities
        seen |= set(titles)
    assert len(seen) > 1


def test_datasette_opens_it(database, tmp_path):
    assert start(database, tmp_path / "packages").wait() == 0
    ((name,),) = [whole(tmp_path / "packages")]
    folder = tmp_path / "packages" / name
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    pip = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        f"datasette=={VERSION}",
        "setuptools",
    ]
    subprocess.run(pip, check=True)
    files = [folder / f"archive-{name}.sqlite", "--metadata", folder / f"archive-{name}-metadata.json"]

    def get(path):
        command = [python, "-m", "datasette", *files, "--get", path]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    base = f"/archive-{name}"
    tables = {table["name"]: table for table in get(f"{base}.json")["tables"]}
    assert tables["figures"]["count"] > 1000
    assert tables["announcements"]["fts_table"] == "announcements_fts"
    found = get(f"{base}/announcements.json?_search={quote('净网2018')}&_shape=objects")
    assert found["filtered_table_rows_count"] > 0
    assert get(f"{base}/figures.json?_facet=unit&_shape=objects")["facet_results"]
    assert get("/-/metadata.json")["databases"][f"archive-{name}"]["tables"]["cases"]["columns"]["id"]
