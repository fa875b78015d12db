"""How gunicorn serves the archive: `gunicorn --config archive/gunicorn.py archive.wsgi:application`.

HOST and PORT say where, WEB_CONCURRENCY how many processes, each with four threads.
"""

import gc
import os
import socket
from importlib import import_module
from pathlib import Path
from typing import Any

HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = os.environ.get("PORT") or "8000"
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104


def in_url(host: str) -> str:
    """Return a host as it stands in an address: an IPv6 one in brackets."""
    return f"[{host}]" if ":" in host else host


def names_of_this_machine() -> list[str]:
    """Return the names and numbers under which others may reach this machine, as far as it knows them."""
    names = [socket.gethostname(), socket.getfqdn()]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # chooses the way out; sends nothing
            names.append(probe.getsockname()[0])
        except OSError:
            pass
    return names


bind = f"{in_url(HOST)}:{PORT}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
timeout = 60
graceful_timeout = 30
loglevel = "warning"
control_socket_disable = True  # its path would be the same for every site of this account
COLLECT_AFTER = 20_000  # new objects that hold others; about what one page makes
SHARED_MEMORY = "/dev/shm"  # noqa: S108
worker_tmp_dir = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else None  # a heartbeat on disk may stall
chdir = str(Path(__file__).resolve().parent.parent)

# Django answers only to names it was told. Those of the address that it listens on need not be told twice.
if not os.environ.get("ALLOWED_HOSTS"):
    others = names_of_this_machine() if HOST in EVERYWHERE else [in_url(HOST)]
    os.environ["ALLOWED_HOSTS"] = ",".join(dict.fromkeys(LOOPBACK + others))


def post_worker_init(worker: Any) -> None:
    """Keep the collector of garbage from looking again and again at what lives as long as the process.

    Once all modules are loaded, walking them took longer than most pages, and always met some reader's.
    """
    import_module("archive.urls")
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


def when_ready(server: Any) -> None:
    """Say where the site is."""
    names = os.environ["ALLOWED_HOSTS"].split(",") if HOST in EVERYWHERE else [in_url(HOST)]
    addresses = " ".join(f"http://{name}:{PORT}/" for name in names)
    print(f"The archive is at {addresses}  (Ctrl-C ends it)", flush=True)  # noqa: T201
