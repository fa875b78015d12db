"""The folder of data packages. Each is a folder of its own, which is there whole or not at all, and never changes."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

MANIFEST = "manifest.json"
NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:-(\d{1,6}))?", re.ASCII)


@dataclass(frozen=True)
class Held:
    """One file of a package."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Package:
    """A package as it lies there."""

    name: str
    folder: Path
    data_version: int
    since: datetime
    site: str
    rows: dict[str, int]
    tables_sha256: str
    files: dict[str, Held]

    @property
    def date(self) -> str:
        return self.name[:10]

    @property
    def zip(self) -> Held:
        return self.files[f"archive-{self.name}.zip"]

    @property
    def sqlite(self) -> Held:
        return self.files[f"archive-{self.name}.sqlite"]

    @property
    def metadata(self) -> Held:
        return self.files[f"archive-{self.name}-metadata.json"]

    @property
    def shown(self) -> list[Held]:
        """Its files in the order in which readers want them."""
        return [self.zip, self.sqlite, self.metadata]

    def path(self, held: Held) -> Path:
        return self.folder / held.name


def folder() -> Path:
    return Path(settings.PACKAGES_DIR)


def packages() -> list[Package]:
    """Return all packages, the newest first."""
    if not folder().is_dir():
        return []
    names = [path.name for path in folder().iterdir() if NAME.fullmatch(path.name)]
    return [found for name in sorted(names, key=_order, reverse=True) if (found := package(name)) is not None]


def latest() -> Package | None:
    return next(iter(packages()), None)


def package(name: str) -> Package | None:
    """Return the package of this name, if there is one."""
    if not NAME.fullmatch(name):
        return None
    try:
        told: dict[str, Any] = json.loads((folder() / name / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    files = {file["name"]: Held(**file) for file in told["files"]}
    return Package(
        name,
        folder() / name,
        told["data_version"],
        datetime.fromisoformat(told["since"]),
        told["site"],
        told["rows"],
        told["tables_sha256"],
        files,
    )


def _order(name: str) -> tuple[str, int]:
    found = NAME.fullmatch(name)
    return (found[1], int(found[2] or 1)) if found else ("", 0)


def free_name(date: str) -> str:
    """Return a name of this day that no package has had."""
    name, n = date, 1
    while (folder() / name).exists():
        n += 1
        name = f"{date}-{n}"
    return name
