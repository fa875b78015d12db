"""Second step of every `make` target: the database, what belongs in it, the static files; then a command with them.

    .venv/bin/python tools/prepare.py [--bare] [COMMAND ...]

--bare starts the database and loads nothing. The command finds DATABASE_URL and SECRET_KEY in its environment.

What was loaded is written down in the database itself, in the table `setup_loaded`, with a hash of each file: another
database, or one that was emptied, is loaded again by itself, and a record that was edited in the admin is touched again
only if its file changes. What was collected into `staticfiles/` is written down in .venv.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import io
import os
import re
import secrets
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))

import devdb  # noqa: E402

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.db.backends.base.base import BaseDatabaseWrapper

COLLECTION = BASE / "fixtures" / "collection"
TEXTS = BASE / "texts"
COLLECTED = BASE / ".venv" / "static.collected"
LOCK = 20_180_907  # any number, the same everywhere: PostgreSQL's advisory lock of whoever loads


class StepError(Exception):
    """A step failed; the message says why, and what to do where that is known."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Start and load the database, then run a command with it.")
    parser.add_argument("--bare", action="store_true", help="load nothing")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what to run then")
    options = parser.parse_args()
    given = bool(os.environ.get("DATABASE_URL"))
    with step("2/6 database") as report:
        os.environ["DATABASE_URL"] = devdb.database_url()
        os.environ["SECRET_KEY"] = os.environ.get("SECRET_KEY") or secret_key(devdb.data_dir())
        report("the one that DATABASE_URL names" if given else "running")
    if not options.bare:
        load()
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if command:
        sys.stdout.flush()
        os.execvp(command[0], command)  # noqa: S606


def secret_key(folder: Path) -> str:
    """Return the key that signs the site's sessions and forms, made once for each data folder."""
    path = folder / "secret_key"
    with contextlib.suppress(FileNotFoundError):
        return path.read_text().strip()
    folder.mkdir(parents=True, exist_ok=True)
    own = folder / f"secret_key.{os.getpid()}"
    own.touch(mode=0o600)
    own.write_text(secrets.token_urlsafe(64) + "\n")
    with contextlib.suppress(FileExistsError):  # of two at once the first wins
        path.hardlink_to(own)
    own.unlink()
    return path.read_text().strip()


def load() -> None:
    """Bring the database and the static files up to date with what is in this folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
    timeout = os.environ.get("STATEMENT_TIMEOUT_MS")
    os.environ["STATEMENT_TIMEOUT_MS"] = "0"  # the limit is meant for pages
    with step("3/6 tables") as report:
        import django

        django.setup()
        from django.db import connection

        own = unpooled(connection)
        with one_at_a_time(own):
            report(migrate())
            loaded = Loaded(own)
            with step("4/6 places, crime types, measures") as report:
                report(load_reference(loaded))
            with step("5/6 records and texts") as report:
                report(load_records(loaded))
        own.close()
        connection.close_pool()  # type: ignore[attr-defined]
    with step("6/6 static files") as report:
        report(collect_static())
    if timeout is None:
        del os.environ["STATEMENT_TIMEOUT_MS"]
    else:
        os.environ["STATEMENT_TIMEOUT_MS"] = timeout


def unpooled(connection: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    """Return a connection of our own; unlike a pool, it says why it cannot be had."""
    from django.db import OperationalError

    own = connection.copy()
    own.settings_dict["OPTIONS"].pop("pool", None)
    try:
        own.ensure_connection()
    except OperationalError as error:
        url = re.sub(r"(?<=:)[^:/@]+(?=@)", "***", os.environ["DATABASE_URL"])
        raise StepError(f"The database at {url} does not answer: {error}") from error
    return own


@contextlib.contextmanager
def one_at_a_time(own: BaseDatabaseWrapper) -> Iterator[None]:
    """Let one set-up at a time work on the database; the others wait, and find the work done."""
    with own.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if cursor.fetchone() != (True,):
            say("    another set-up is at work on this database; waiting for it")
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    yield


class Loaded:
    """What was loaded into this database: names, each with the hash it had then."""

    def __init__(self, own: BaseDatabaseWrapper) -> None:
        self.own = own
        with own.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS setup_loaded "
                "(name text PRIMARY KEY, sha256 text NOT NULL, loaded_at timestamptz NOT NULL DEFAULT now())"
            )
            cursor.execute("SELECT name, sha256 FROM setup_loaded")
            self.hashes: dict[str, str] = dict(cursor.fetchall())

    def changed(self, files: Iterable[Path]) -> dict[Path, str]:
        """Return the files that were not loaded as they now are, with their hashes."""
        now = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
        return {path: value for path, value in now.items() if self.hashes.get(_name(path)) != value}

    def note(self, files: dict[Path, str]) -> None:
        with self.own.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO setup_loaded (name, sha256) VALUES (%s, %s) "
                "ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256, loaded_at = now()",
                [(_name(path), value) for path, value in files.items()],
            )


def migrate() -> str:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        run("migrate", "--noinput", "--verbosity", "0")
    return f"{len(plan)} migrations applied" if plan else "up to date"


def load_reference(loaded: Loaded) -> str:
    from cases.models import Place

    tables = (path for path in sorted((BASE / "fixtures").rglob("*")) if COLLECTION not in path.parents)
    changed = loaded.changed(path for path in tables if path.is_file())
    if not changed and Place.objects.exists():
        return "up to date"
    run("load_gazetteer")
    run("load_vocabularies")
    loaded.note(changed)
    return "loaded"


def load_records(loaded: Loaded) -> str:
    from django.core.management.base import CommandError

    from cases.models import Announcement

    if not Announcement._base_manager.exists():
        loaded.hashes = {}
    records = loaded.changed(sorted(COLLECTION.glob("*.json")))
    if records:
        every = len(records) == len(list(COLLECTION.glob("*.json")))
        run("import_records", *([COLLECTION] if every else records))
        loaded.note(records)
    texts = loaded.changed(sorted(TEXTS.glob("*.txt")))
    attached = 0
    for path, value in texts.items():
        try:
            run("attach_text", path.stem, path, loud=False)
        except CommandError as error:
            say(f"    {_name(path)} was left out: {error}")
        else:
            loaded.note({path: value})
            attached += 1
    done = [f"{len(records)} records read"] if records else []
    done += [f"{attached} texts attached"] if attached else []
    return ", ".join(done) or "up to date"


def collect_static() -> str:
    """Collect the static files if one of them, or what they are made with, changed."""
    from django.conf import settings

    with (BASE / "requirements.txt").open() as lock:  # one at a time, whatever the database
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _collect_static(settings)


def _collect_static(settings: LazySettings) -> str:
    total = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                total.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    for name in ("requirements.txt", "archive/settings.py"):
        total.update((BASE / name).read_bytes())
    wanted = total.hexdigest()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.is_file() and COLLECTED.is_file() and COLLECTED.read_text() == wanted:
        return "up to date"
    say("    collecting and compressing, which takes some seconds the first time ...")
    run("collectstatic", "--noinput", "--verbosity", "0")
    COLLECTED.write_text(wanted)
    return "collected"


def run(command: str, *arguments: str | Path, loud: bool = True) -> None:
    """Run a management command in this process; show what it prints only if it fails, and is to be loud then."""
    from django.core.management import call_command

    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            call_command(command, *(str(argument) for argument in arguments))
    except (Exception, SystemExit) as error:
        if loud:
            words = " ".join(_name(argument) for argument in arguments[:5])
            say("\n".join(f"    {line}" for line in [*printed.getvalue().splitlines()[-25:], f"in: {command} {words}"]))
        if isinstance(error, SystemExit):
            raise StepError(f"The command ended with {error.code}.") from error
        raise


@contextlib.contextmanager
def step(name: str) -> Iterator[Callable[[str], None]]:
    """Say how a step went and how long it took; let a failure end the set-up with what is known about it."""
    started = time.monotonic()

    def report(text: str) -> None:
        seconds = time.monotonic() - started
        say(f"{name}: {text}" + (f" ({seconds:.1f} s)" if seconds >= 1 else ""))

    try:
        yield report
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
    except (devdb.UnavailableError, StepError) as error:
        sys.exit(f"{name}: failed\n{error}")
    except Exception as error:
        if type(error).__name__ not in ("CommandError", "ImproperlyConfigured", "SystemCheckError", "PermissionError"):
            traceback.print_exc()
        sys.exit(f"{name}: failed. {error}\nThe same command goes on from here once the cause is gone.")


def _name(path: str | Path) -> str:
    path = Path(path)
    return str(path.relative_to(BASE)) if path.is_absolute() and path.is_relative_to(BASE) else str(path)


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
