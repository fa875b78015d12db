"""The test database holds the real collection; each test starts from it and leaves it as it was."""

from threading import BoundedSemaphore

import pytest
from django.db import connection
from django.utils import translation

from tests.database import loaded_template


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Have the test database made as a copy of one that is loaded already."""
    connection.settings_dict["TEST"]["TEMPLATE"] = loaded_template()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Run those last that want no database: of two processes, which take half the tests each to begin with, the second
    then has something to do while the first one loads the database. The browser's are before all (browser/conftest.py).
    """
    items.sort(key=lambda item: "db" not in item.fixturenames and item.get_closest_marker("django_db") is None)


@pytest.fixture
def commit(db):
    """Do what the end of a transaction does: settle verdicts, check deferred constraints, refresh the search rows."""
    return connection.check_constraints


@pytest.fixture(autouse=True)
def _it_is_english():
    """Let no test speak the language of the page that another one asked for last."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def _no_place_for_files_is_taken(monkeypatch):
    """Let no test want for a place that an answer of another one holds, which was not read and is not yet collected."""
    monkeypatch.setattr("cases.sending.SLOTS", BoundedSemaphore(2))
