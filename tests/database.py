"""The database that tests begin with: the real collection, loaded once and kept as a template to copy.

Loading takes half a minute, copying a second. The template's name holds a hash of all that decides what is in it.
"""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
# Loading does not reach the rooms of those who ask.
NOT_LOADING = {
    "views",
    "api",
    "api_examples",
    "openapi",
    "reference",
    "shelf",
    "packages",
    "downloads",
    "sending",
    "feeds",
    "forms",
    "admin",
    "templatetags",
    "pages",
    "charts",
    "extraction",
}
COMMANDS = (
    ("migrate",),
    ("load_gazetteer",),
    ("load_vocabularies",),
    ("import_records", str(FIXTURES / "collection")),
)
LOCK = 20_110_824  # any number, the same for all who test on this server


def fingerprint() -> str:
    """Return a hash of the files that decide what is loaded."""
    files = [ROOT / "requirements.txt", ROOT / "archive" / "settings.py", *FIXTURES.rglob("*")]
    files += [p for p in (ROOT / "cases").rglob("*") if p.relative_to(ROOT / "cases").parts[0] not in NOT_LOADING]
    digest = sha256()
    for path in sorted(p for p in files if p.is_file() and p.suffix != ".pyc" and p.stem not in NOT_LOADING):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def loaded_template() -> str:
    """Return the name of the database to copy; make it if there is none. Older ones go."""
    name = f"archive_loaded_{fingerprint()}"
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [LOCK])  # given back when the connection ends
        query = r"select datname from pg_database where datname like 'archive\_loaded\_%'"
        found = {row[0] for row in connection.execute(query)}
        if name not in found:
            for old in found:
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(old)))
            unfinished = sql.Identifier("archive_loaded_unfinished")
            connection.execute(sql.SQL("create database {}").format(unfinished))
            _load(urlunsplit(urlsplit(server)._replace(path="/archive_loaded_unfinished")))
            connection.execute(sql.SQL("alter database {} rename to {}").format(unfinished, sql.Identifier(name)))
    return name


def _load(database: str) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "archive.settings", "DATABASE_URL": database, "STATEMENT_TIMEOUT_MS": "0"}
    for command in COMMANDS:
        subprocess.run(
            [sys.executable, "manage.py", *command, "--verbosity", "0"], cwd=ROOT, env=os.environ | settings, check=True
        )
