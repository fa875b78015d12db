"""The entries of the vocabularies that facets are made of, read once for each version of the data."""

from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from cases.data_version import current, in_snapshot, snapshot
from cases.models import Campaign, CampaignName, CrimeType, Measure, Place, Publisher


class Entries:
    """What the tables say. Each is read when it is first asked for; whoever keeps an instance reads all of it first."""

    @cached_property
    def campaigns(self) -> list[tuple[str, str, str, int | None, str | None]]:
        """Slug, both names, year, and the slug of what it is part of; of public campaigns."""
        return list(Campaign.objects.public().values_list("slug", "name_en", "name_zh", "year", "parent_id"))

    @cached_property
    def campaign_names(self) -> list[tuple[str, str]]:
        """Every name of every public campaign, with the campaign's slug."""
        names = [(name, slug) for slug, *own, _year, _parent in self.campaigns for name in own if name]
        others = CampaignName.objects.filter(campaign__in=[slug for slug, *_others in self.campaigns])
        return names + list(others.values_list("name", "campaign_id"))

    @cached_property
    def provinces(self) -> list[tuple[str, str, str, str]]:
        """Slug, code and both names, by code; the whole country among them."""
        places = Place.objects.filter(slug__isnull=False).order_by("code")
        return list(places.values_list("slug", "code", "name_en", "name_zh"))  # type: ignore[arg-type]

    @cached_property
    def crime_types(self) -> list[tuple[str, str, str, str | None]]:
        """Code, both labels, and the code of what it is part of."""
        return list(CrimeType.objects.values_list("code", "label_en", "label_zh", "parent_id"))

    @cached_property
    def measures(self) -> list[tuple[str, str, str]]:
        """Code and both labels."""
        return list(Measure.objects.values_list("code", "label_en", "label_zh"))

    @cached_property
    def publishers(self) -> list[tuple[str, str]]:
        """Slug and name, of those that have brought out something public."""
        brought_out = RawSQL("select value from cases_facettotal where facet = 'publisher' and n > 0", ())
        return list(Publisher.objects.filter(slug__in=brought_out).values_list("slug", "name"))


_TABLES = [name for name, value in vars(Entries).items() if isinstance(value, cached_property)]
_kept: tuple[Any, Entries] | None = None


def entries() -> Entries:
    """Return the entries as the public data has them now, or in the snapshot that is being read from."""
    global _kept
    if connection.in_atomic_block and not in_snapshot():
        return Entries()  # who writes sees what is written
    kept = _kept
    if kept and kept[0] == _version():
        return kept[1]
    with snapshot():
        key, read = _version(), Entries()
        for name in _TABLES:
            getattr(read, name)
    _kept = key, read
    return read


def _version() -> tuple[Any, ...]:
    """Return what the entries depend on: the database, and its version."""
    settings = connection.settings_dict
    return settings["HOST"], settings["PORT"], settings["NAME"], current()
