"""The test database holds the real collection; each test starts from it and leaves it as it was."""

from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Load the gazetteer, the vocabularies and the collection once, right after the database is made."""
    with django_db_blocker.unblock():
        call_command("load_gazetteer", verbosity=0)
        call_command("load_vocabularies", verbosity=0)
        call_command("import_records", FIXTURES / "collection", verbosity=0)


@pytest.fixture
def commit(db):
    """Do what the end of a transaction does: check deferred constraints and refresh the search rows."""
    from django.db import connection

    return connection.check_constraints
