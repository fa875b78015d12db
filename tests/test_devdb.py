"""The database server that comes with the archive, and the first step of every `make` target, as a user meets them.

Each test works in a folder of its own under /tmp, which the server's account can enter, and stops what it starts.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import dj_database_url
import psycopg
import pytest

import devdb

ROOT = os.geteuid() == 0
ordinary_account_only = pytest.mark.skipif(ROOT, reason="NOT TESTED: root may write everywhere; run as another account")
root_only = pytest.mark.skipif(not ROOT, reason="NOT TESTED: only root hands the server to another account")


@pytest.fixture(scope="module")
def running() -> Iterator[devdb.Server]:
    """A server that runs, for tests that only ask it something."""
    yield from served()


@pytest.fixture
def server() -> Iterator[devdb.Server]:
    """A server that runs, for tests that harm it."""
    yield from served()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for data, with nothing in it; whatever is started there is stopped."""
    yield from scratch()


def scratch() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="devdb-", dir=devdb.TEMPORARY))
    path.chmod(0o755)
    try:
        yield path
    finally:
        for home in (path, *path.iterdir()):
            if home.is_dir() and any(home.glob("pg*/data")):
                devdb.Server(home).reset()
        shutil.rmtree(path)


def served(binaries: devdb.Binaries | None = None) -> Iterator[devdb.Server]:
    for path in scratch():
        server = devdb.Server(path, binaries)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def command(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Start `python devdb.py ...` for a data folder."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, devdb.BASE / "devdb.py", *words],
        env=environment | {"DATA_DIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def children(pid: int) -> list[int]:
    """Return the processes that a process started; Linux only."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in found.read_text().split()] if found.exists() else []


def kill(*pids: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):  # ended when its parent did
            os.kill(pid, signal.SIGKILL)


def keep_a_row(server: devdb.Server) -> None:
    server.psql("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")


def kept_rows(server: devdb.Server) -> str:
    return server.psql("SELECT count(*) FROM kept")


def test_start_prints_the_address_alone(folder: Path) -> None:
    status, out, err = answer(command(folder, "start"))
    assert (status, "creating the database" in err) == (0, True)
    settings = dj_database_url.parse(out.strip())
    assert out.count("\n") == 1
    assert settings["NAME"] == "archive"
    assert settings["OPTIONS"]["host"] == str(folder.resolve() / f"pg{devdb.find_binaries().major}" / "s")
    assert answer(command(folder, "url"))[1] == out
    assert answer(command(folder, "status"))[0] == 0
    assert answer(command(folder, "stop"))[0] == 0
    assert answer(command(folder, "status"))[0] == 3


def test_several_first_starts_at_once_give_one_server(folder: Path) -> None:
    answers = [answer(process) for process in [command(folder, "start") for _ in range(3)]]
    assert [status for status, _, _ in answers] == [0, 0, 0], answers
    assert len({out for _, out, _ in answers}) == 1
    assert sum(err.count("creating the database") for _, _, err in answers) == 1
    server = devdb.Server(folder)
    assert server.state() == "running"
    assert server.pid()


def test_chinese_is_searchable(running: devdb.Server) -> None:
    running.psql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    assert running.psql("SELECT array_length(show_trgm('电信诈骗'), 1)") == "5"
    assert float(running.psql("SELECT similarity('北京市公安局', '北京公安局')")) > 0.4
    words = running.psql("SELECT string_agg(alias, ' ') FROM ts_debug('simple', '典型案例，announcement')")
    assert words == "word blank asciiword"
    assert (
        running.psql("SELECT string_agg(w, '' ORDER BY w) FROM unnest(ARRAY['b', 'é', 'a', '中', 'B']) w") == "Babé中"
    )


def test_what_is_confirmed_is_on_disk(running: devdb.Server) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
        assert running.psql(f"SHOW {setting}") == "on", setting


def test_only_its_own_account_reaches_it(running: devdb.Server) -> None:
    assert running.psql("SHOW listen_addresses") == ""
    assert stat.S_IMODE(running.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(running.data.stat().st_mode) == 0o700
    if ROOT:
        assert pwd.getpwuid(running.data.stat().st_uid).pw_name in ("postgres", "nobody")


def test_data_outlives_a_stop_and_not_a_reset(server: devdb.Server) -> None:
    keep_a_row(server)
    assert server.stop()
    assert not server.stop()
    server.start()
    assert kept_rows(server) == "1000"
    server.reset()
    assert not server.data.exists()
    server.start()
    assert server.psql("SELECT to_regclass('kept') IS NULL") == "t"


def test_reset_wants_to_be_asked_for(server: devdb.Server) -> None:
    status, _, err = answer(command(server.home.parent, "reset"))
    assert (status, "make reset YES=1" in err) == (1, True)
    assert server.state() == "running"


def test_comes_back_after_the_server_was_killed(server: devdb.Server) -> None:
    keep_a_row(server)
    pid = server.pid()
    assert pid
    kill(pid)
    server.start()
    assert server.pid() != pid
    assert kept_rows(server) == "1000"


def test_comes_back_after_all_of_its_processes_were_killed(server: devdb.Server) -> None:
    keep_a_row(server)
    pid = server.pid()
    assert pid
    kill(pid, *children(pid))
    server.start()
    assert kept_rows(server) == "1000"


@pytest.mark.trust
def test_comes_back_while_a_killed_server_leaves_a_long_query(server: devdb.Server) -> None:
    keep_a_row(server)
    url, pid = server.url(), server.pid()
    assert pid
    program = "import psycopg, sys; psycopg.connect(sys.argv[1]).execute(sys.argv[2])"
    query = "SELECT count(*) FROM generate_series(1, 98765432100)"
    client = subprocess.Popen([sys.executable, "-c", program, url, query], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while server.psql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%9876543210%'") < "2":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    kill(pid)
    try:
        server.start()
        assert kept_rows(server) == "1000"
    finally:
        client.kill()
        client.wait()


@pytest.mark.trust
def test_comes_back_from_many_kills_with_what_was_confirmed(server: devdb.Server) -> None:
    server.psql("CREATE TABLE confirmed (n int)")
    for n in range(1, 9):
        server.psql(f"INSERT INTO confirmed VALUES ({n})")
        pid = server.pid()
        assert pid
        kill(pid, *(children(pid) if n % 2 else ()))
        starts = [command(server.home.parent, "start") for _ in range(3)]
        assert [answer(process)[0] for process in starts] == [0, 0, 0]
        assert server.psql("SELECT count(*) FROM confirmed") == str(n)


def test_a_pid_file_that_names_another_process_is_no_obstacle(server: devdb.Server) -> None:
    server.stop()
    stale = f"{os.getpid()}\n{server.data}\n1\n5432\n{server.socket}\n\n0 0\nready\n"
    (server.data / "postmaster.pid").write_text(stale)
    server.start()
    assert server.pid() not in (None, os.getpid())


def test_an_interrupted_creation_is_repeated(folder: Path) -> None:
    server = devdb.Server(folder)
    unfinished = server.home / "data.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    server.start()
    assert server.state() == "running"
    assert not unfinished.exists()


@pytest.mark.parametrize("name", ["x" * 100, 'it\'s, a "b" $c é'])
def test_a_path_that_a_socket_cannot_have_is_no_obstacle(folder: Path, name: str) -> None:
    server = devdb.Server(folder / name)
    address = server.start()
    assert server.socket.parent == devdb.TEMPORARY
    with psycopg.connect(address) as connection:
        assert connection.execute("SHOW unix_socket_directories").fetchone() == (str(server.socket),)
    server.reset()
    assert not server.socket.exists()


@pytest.mark.trust
def test_the_systems_own_postgresql_will_do() -> None:
    binaries = devdb.system_binaries()
    if not binaries:
        pytest.skip("NOT TESTED: this system has no PostgreSQL of its own")
    for server in served(binaries):
        server.psql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        assert server.psql("SELECT array_length(show_trgm('电信诈骗'), 1)") == "5"
        assert server.psql("SHOW server_version_num")[:2] == str(binaries.major)


@root_only
def test_a_folder_closed_to_the_servers_account_is_refused_not_replaced(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    status, out, err = answer(command(closed / "data", "start"))
    assert (status, out) == (1, "")
    assert str(closed) in err
    assert "may not enter" in err
    assert "DATA_DIR=" in err
    assert list(closed.iterdir()) == []
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@ordinary_account_only
def test_a_folder_that_cannot_be_written_is_refused(folder: Path) -> None:
    folder.chmod(0o500)
    status, out, err = answer(command(folder / "data", "start"))
    folder.chmod(0o755)
    assert (status, out) == (1, "")
    assert "Permission denied" in err
    assert "DATA_DIR=" in err


def test_a_file_is_no_folder(folder: Path) -> None:
    (folder / "file").touch()
    status, _, err = answer(command(folder / "file", "start"))
    assert (status, "is not a folder" in err) == (1, True)


@root_only
def test_another_accounts_folder_in_tmp_is_not_trusted(folder: Path) -> None:
    server = devdb.Server(folder / ("x" * 100))
    server.socket.mkdir()
    try:
        os.chown(server.socket, 12345, 12345)
        with pytest.raises(devdb.UnavailableError, match="made by another account"):
            server.start()
    finally:
        server.socket.rmdir()


def test_a_given_database_is_left_to_its_owner(folder: Path) -> None:
    environment = os.environ | {"DATABASE_URL": "postgresql://elsewhere/archive", "DATA_DIR": str(folder)}
    run = [sys.executable, devdb.BASE / "devdb.py"]
    started = subprocess.run([*run, "start"], env=environment, capture_output=True, text=True, check=True)
    assert started.stdout == "postgresql://elsewhere/archive\n"
    for word in ("stop", "reset"):
        refused = subprocess.run([*run, word, "--yes"], env=environment, capture_output=True, text=True, check=False)
        assert (refused.returncode, "DATABASE_URL is set" in refused.stderr) == (1, True)
    assert list(folder.iterdir()) == []


def test_a_taken_port_is_named_with_a_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        tool = devdb.BASE / "tools" / "packages.py"
        refused = subprocess.run(
            [sys.executable, tool, "--port", "127.0.0.1", str(port)], capture_output=True, text=True, check=False
        )
    assert refused.returncode == 1
    assert f"Port {port} is in use" in refused.stderr
    assert "make run" in refused.stderr
