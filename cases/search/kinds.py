"""The kinds of record as lists present them, and the orders that a list can have."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.expressions import OrderBy
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from cases.models import Announcement, Figure, TypicalCase

# What one announcement tells stays together and in its order.
NEWEST: tuple[OrderBy | str, ...] = (F("day").desc(nulls_last=True), "-announcement_id", "id")
SORTS: dict[str, tuple[str | Promise, tuple[OrderBy | str, ...]]] = {
    "relevance": (gettext_lazy("best first"), (F("rank").desc(), *NEWEST)),
    "newest": (gettext_lazy("newest first"), NEWEST),
    "oldest": (gettext_lazy("oldest first"), (F("day").asc(nulls_last=True), "announcement_id", "id")),
    "largest": (gettext_lazy("largest first"), (F("value").desc(), "-id")),
    "smallest": (gettext_lazy("smallest first"), (F("value").asc(), "id")),
    # By what a figure can be; what has no such bound stands last.
    "low": (gettext_lazy("lowest bound first"), (F("interval__startswith").asc(nulls_last=True), "id")),
    "high": (gettext_lazy("highest bound first"), (F("interval__endswith").desc(nulls_last=True), "id")),
}


@dataclass(frozen=True)
class Kind:
    """A kind of record as lists present it."""

    slug: str
    label: str | Promise
    model: type[Any]
    sorts: tuple[str, ...]

    @property
    def row_template(self) -> str:
        return f"cases/_row_{self.model._meta.model_name.removeprefix('typical')}.html"

    @property
    def url(self) -> str:
        one = f"{self.slug[:-3]}y" if self.slug.endswith("ies") else self.slug.rstrip("s")
        return reverse(f"cases:{one}-list")


KINDS = {
    kind.slug: kind
    for kind in (
        Kind("announcements", gettext_lazy("Announcements"), Announcement, ("newest", "oldest")),
        Kind("cases", gettext_lazy("Cases"), TypicalCase, ("newest", "oldest")),
        Kind("figures", gettext_lazy("Figures"), Figure, ("newest", "oldest", "largest", "smallest", "low", "high")),
    )
}
