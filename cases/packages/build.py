"""Building a data package: all of it aside, from one state of the data; then it is put into its place in one step."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.db import connection

from cases import data_version
from cases.packages import changes, documents, shelf, written
from cases.packages.tables import TABLES

BLOCK = 1024 * 1024
UNFINISHED = ".building-"


class BusyError(Exception):
    """Another package is being built."""


def build(site: str) -> tuple[shelf.Package, bool]:
    """Build a package of what is public now; return it, and whether it is new.

    If the newest package holds the same data already, it is left at that. Raises BusyError.
    """
    with _alone():
        return _build(site)


@contextmanager
def _alone() -> Iterator[None]:
    """Let one build at a time work in the folder; what one that broke off has left goes."""
    shelf.folder().mkdir(parents=True, exist_ok=True)
    with (shelf.folder() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise BusyError("another package is being built") from held
        for left in shelf.folder().glob(f"{UNFINISHED}*"):
            shutil.rmtree(left)
        yield


def _build(site: str) -> tuple[shelf.Package, bool]:
    before = shelf.latest()
    aside = Path(mkdtemp(prefix=UNFINISHED, dir=shelf.folder()))
    try:
        tables, package = aside / "tables", aside / "package"
        (tables / "data").mkdir(parents=True)
        package.mkdir()
        database = package / "unnamed.sqlite"
        with data_version.snapshot():
            with connection.cursor() as cursor:
                cursor.execute("set local statement_timeout = 0")
            version = data_version.current()
            rows = written.data(tables / "data", database, site)
        digest = sha256("".join(_digest(tables / "data" / f"{t.name}.csv") for t in TABLES).encode()).hexdigest()
        if before is not None and before.tables_sha256 == digest:
            return before, False
        name = shelf.free_name(f"{version.since.astimezone(UTC):%Y-%m-%d}")
        _documents(tables, name, version, site, rows, before)
        _zipped(tables, package / f"archive-{name}.zip", version)
        database.rename(package / f"archive-{name}.sqlite")
        (package / f"archive-{name}-metadata.json").write_text(documents.datasette(name, site), encoding="utf-8")
        held = [{"name": p.name, "size": p.stat().st_size, "sha256": _digest(p)} for p in sorted(package.iterdir())]
        manifest = {
            "data_version": version.n,
            "since": version.since.isoformat(timespec="seconds"),
            "site": site,
            "rows": rows,
            "tables_sha256": digest,
            "files": held,
        }
        (package / shelf.MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        _place(package, shelf.folder() / name)
        found = shelf.package(name)
        assert found is not None  # noqa: S101  (it has just been put there)
        return found, True
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _documents(
    folder: Path,
    name: str,
    version: data_version.Version,
    site: str,
    rows: dict[str, int],
    before: shelf.Package | None,
) -> None:
    """Write what stands beside the tables."""
    changed = changes.written(folder / "changes.csv", folder / "data", before.path(before.zip) if before else None)
    texts = {
        "README.md": documents.readme(name, version, site, rows),
        "CODEBOOK.md": documents.codebook(),
        "CHANGES.md": documents.changelog(name, before.name if before else "", changed),
        "LICENSE.txt": (settings.BASE_DIR / "LICENSE").read_text(encoding="utf-8"),
    }
    data = [folder / "changes.csv", *sorted((folder / "data").iterdir())]
    files = {str(path.relative_to(folder)): (path.stat().st_size, _digest(path)) for path in data}
    texts["datapackage.json"] = documents.datapackage(name, version, site, files)
    for path, text in texts.items():
        (folder / path).write_text(text, encoding="utf-8", newline="\n")
    listed = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = "".join(f"{_digest(path)}  {path.relative_to(folder)}\n" for path in listed)
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8", newline="\n")


def _zipped(folder: Path, target: Path, version: data_version.Version) -> None:
    """Pack a folder: the same files are the same bytes, whenever and wherever it is done."""
    moment = version.since.astimezone(UTC).timetuple()[:6]
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = ZipInfo(str(path.relative_to(folder)), moment)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3  # Unix, whatever this is
            entry.external_attr = 0o100644 << 16
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as packed:
                shutil.copyfileobj(source, packed, BLOCK)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        digest = sha256()
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _place(package: Path, target: Path) -> None:
    """Put a finished package where it is seen. What is there already is never replaced: a rename onto it fails."""
    for path in package.iterdir():
        path.chmod(0o644)
        with path.open("rb") as file:
            os.fsync(file.fileno())
    package.chmod(0o755)
    package.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
