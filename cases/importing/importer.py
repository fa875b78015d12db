"""Records into the database: create what is new, update in place what differs, leave the rest, all or nothing.

What belongs together is found by its key: announcements by `key`, cases by `number`, figures by `ref`. Nothing
is deleted and made again, so ids and addresses stay.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cases import intervals, texts
from cases.importing import references, ties, told, writer
from cases.importing.reader import Problem, Record, Source, not_there
from cases.importing.refs import refs_ever, with_refs
from cases.importing.storing import clean, messages, refusing, save, set_case_places, set_codes, set_values, update
from cases.models import (
    Announcement,
    Campaign,
    CampaignMention,
    CrimeType,
    Figure,
    FigureCrimeType,
    FigurePlace,
    Measure,
    Place,
    Publisher,
    Release,
    TypicalCase,
)
from cases.squash import squash


@dataclass
class Report:
    """What an import did, or would do: keys by outcome, what differs, what was not read, why something was refused."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    differences: dict[str, list[told.Line]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)  # among the updated: an import brings nothing back
    problems: list[Problem] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)  # on two figures, those that were taken over
    decisions_unchanged: int = 0


class Importer:
    """One import: the vocabularies by code, and the records one after the other.

    `create` says whether what the archive does not know (a key, a publisher, a campaign) is made; `as_drafts` that
    nothing public is touched: what is new is a draft, and what is public is changed on a draft copy.
    """

    def __init__(self, report: Report, *, create: bool = True, as_drafts: bool = False) -> None:
        self.report = report
        self.create = create
        self.as_drafts = as_drafts
        self.measures = {m.code: m for m in Measure.objects.all()}
        self.publishers = {p.name: p for p in Publisher.objects.all()}
        self.campaigns = {(c.name_en, c.year): c for c in Campaign.objects.all()}
        self.known = references.Known(
            places=set(Place.objects.values_list("code", flat=True)),
            crime_types=set(CrimeType.objects.values_list("code", flat=True)),
            units={code: measure.units for code, measure in self.measures.items()},
            campaigns={name for name, _year in self.campaigns},
        )

    def run(
        self,
        sources: Sequence[Source],
        *,
        written_to: Callable[[Source, Announcement], Announcement | None] = lambda source, stored: stored,
    ) -> list[Announcement]:
        """Bring the database to what the records say; return what has changed.

        `written_to` returns the announcement to which the change of a stored one is written, or None if it refuses.
        Problems are collected; the caller rolls back.
        """
        keys = [source.record["key"] for source in sources]
        # Whoever saves one of them at this moment is waited for: nothing is written over what was not read.
        list(Announcement.objects.filter(key__in=keys).order_by("pk").select_for_update().values_list("pk"))
        stored = {a.key: a for a in writer.prefetched(Announcement.objects.filter(key__in=keys))}
        changed: list[tuple[Source, Announcement]] = []
        self._check_publishers(sources)
        for source in sources:
            announcement = stored.get(source.record["key"])
            before = writer.to_record(announcement) if announcement else None
            if before != source.record and any("ref" not in figure for figure in source.record["figures"]):
                taken = refs_ever(announcement) if announcement else set()
                source = replace(source, record=with_refs(source.record, before, taken))
            if before == source.record:
                self.report.unchanged.append(source.record["key"])
                continue
            if before is None and not self.create:
                self.refuse(source, [("key", not_there(source.record["key"]))])
                continue
            if announcement is not None:
                announcement = written_to(source, announcement)
                if announcement is None:
                    continue
                if self.refuse(source, _without_evidence(before, source.record, announcement)):
                    continue
            announcement = self.save(source, announcement)
            if announcement is not None:
                self.report.differences[source.record["key"]] = told.lines(before, source.record)
                changed.append((source, announcement))
        if not self.report.problems:
            self._tie_records(changed)
        return [announcement for _source, announcement in changed]

    def save(self, source: Source, announcement: Announcement | None) -> Announcement | None:
        """Create or update one announcement with its cases and figures; None if it is refused."""
        record = source.record
        created = announcement is None
        if self.refuse(source, references.problems(record, self.known)):
            return None
        try:
            with transaction.atomic():
                announcement = self._announcement(record, announcement or Announcement(key=record["key"]))
                self._mentions(record, announcement)
                cases = self._cases(record, announcement)
                self._figures(record, announcement, cases)
                for case in announcement.cases.exclude(number__in=cases):
                    case.delete()  # last: deleting a case takes along the figures that it still has
        except ValidationError as problem:
            self.refuse(source, messages(problem))
            return None
        (self.report.created if created else self.report.updated).append(record["key"])
        return announcement

    def refuse(self, source: Source | None, problems: Iterable[tuple[str, str | list[str]]]) -> bool:
        """Report problems, by member, and say whether there are any."""
        found = [
            source.problem(where, message) if source else Problem("database", where, message)
            for where, texts in problems
            for message in ([texts] if isinstance(texts, str) else texts)
        ]
        self.report.problems += found
        return bool(found)

    def _check_publishers(self, sources: Sequence[Source]) -> None:
        """Refuse records that disagree on a publisher: whichever came last would be right."""
        seen: dict[str, Source] = {}
        for source in sources:
            publisher = source.record["publisher"]
            first = seen.setdefault(publisher["name"], source)
            if first.record["publisher"] != publisher:
                told_otherwise = {"name": publisher["name"], "file": first.path}
                self.refuse(source, [("publisher", _("%(name)s is described otherwise in %(file)s") % told_otherwise)])

    # --- the parts of a record ----------------------------------------------------------------------------------

    def _announcement(self, record: Record, a: Announcement) -> Announcement:
        title = record["title"]
        a.title_supplied = title.startswith("[") and title.endswith("]")
        a.title = title[1:-1] if a.title_supplied else title
        a.title_zh = record["title_zh"] or ""
        a.publisher = self._publisher(record["publisher"])
        a.archived_url = record.get("archived_url")
        for name in ("kind", "url", "published", "language", "translation", "abstract"):
            setattr(a, name, record[name])
        new = a._state.adding
        if not new:
            a.version += 1
        clean(a, "")
        save(a, "")
        set_codes(a, "places", record["places"], new=new)
        set_codes(a, "crime_types", record["crime_types"], new=new)
        return a

    def _publisher(self, members: Record) -> Publisher:
        publisher = self.publishers.get(members["name"])
        if publisher is None:
            self._may_create("publisher", members["name"])
            publisher = Publisher(name=members["name"], slug=_free_slug(Publisher, members["name"]))
        if (publisher.kind, publisher.country) != (members["kind"], members["country"]):
            if self.as_drafts and publisher.pk:
                raise ValidationError({"publisher": _("is described otherwise in the archive; change it there")})
            publisher.kind, publisher.country = members["kind"], members["country"]
            clean(publisher, "publisher")
            save(publisher, "publisher")
        return self.publishers.setdefault(publisher.name, publisher)

    def _may_create(self, where: str, name: str) -> None:
        if not self.create:
            raise ValidationError({where: not_there(name)})

    def _mentions(self, record: Record, a: Announcement) -> None:
        stored = {m.campaign_id: m for m in a.mentions.all()}
        campaigns = [self._campaign(members) for members in record["campaigns"]]
        if not _begins_with(campaigns, stored):
            a.mentions.all().delete()  # they stand in the order in which they were entered
            stored = {}
        for i, (members, campaign) in enumerate(zip(record["campaigns"], campaigns, strict=True), 1):
            mention = stored.pop(campaign.pk, None) or CampaignMention(announcement=a, campaign=campaign)
            parent = next((c for (name, _), c in self.campaigns.items() if name == members["parent"]), None)
            values = {
                "name_zh": members["name_zh"] or "",
                "aliases": members["aliases"],
                "start": members["start"],
                "end": members["end"],
                "parent": parent,
            }
            update(mention, values, f"campaigns[{i}]")
        for mention in stored.values():
            mention.delete()

    def _campaign(self, members: Record) -> Campaign:
        """Return the campaign of exactly this name and year; a new name is a new campaign, never a guess."""
        campaign = self.campaigns.get((members["name"], members["year"]))
        if campaign is None:
            self._may_create("campaigns", f"{members['name']} ({members['year']})")
            campaign = Campaign(
                slug=_free_slug(Campaign, members["name"]),
                name_en=members["name"],
                name_zh=members["name_zh"] or "",
                year=members["year"],
                start=members["start"],
                end=members["end"],
            )
            clean(campaign, "campaigns")
            save(campaign, "campaigns")
            self.campaigns[(campaign.name_en, campaign.year)] = campaign
        return campaign

    def _cases(self, record: Record, a: Announcement) -> dict[int, TypicalCase]:
        stored = {case.number: case for case in a.cases.all()}
        cases: dict[int, TypicalCase] = {}
        for i, members in enumerate(record["cases"], 1):
            case = stored.pop(members["number"], None) or TypicalCase(announcement=a, number=members["number"])
            values = {
                "heading": members["heading"],
                "code_name": members["code_name"] or "",
                "summary": members["summary"],
                "period": members["period"],
            }
            new = update(case, values, f"cases[{i}]")
            set_codes(case, "crime_types", members["crime_types"], new=new)
            set_case_places(case, members["places"], f"cases[{i}]", new=new)
            cases[case.number] = case
        return cases

    def _figures(self, record: Record, a: Announcement, cases: dict[int, TypicalCase]) -> None:
        stored = {figure.ref: figure for figure in a.figures.all()}
        figures: dict[str, Figure] = {}
        campaigns = {m["name"]: self._campaign(m) for m in record["campaigns"]}
        for i, members in enumerate(record["figures"], 1):
            ref = members["ref"]
            figure = stored.pop(ref, None) or Figure(announcement=a, ref=ref)
            value = Decimal(repr(members["value"]))
            values = {
                "position": i,
                "measure": self.measures[members["measure"]],
                "qualifier": members["qualifier"],
                "value": value,
                "value_high": _decimal(members.get("high")),
                "unit": members["unit"],
                "step": _decimal(members["step"])
                if "step" in members
                else intervals.step_for(members["phrase"], value),
                "campaign": campaigns[members["campaign"]] if members["campaign"] else None,
                "period": members["period"],
                "as_of": members.get("as_of"),
                "cumulative": members.get("cumulative"),
                "case": cases[members["case"]] if members["case"] is not None else None,
                "of_measure": self.measures[members["of_measure"]] if "of_measure" in members else None,
                "base_period": members.get("base_period"),
                "phrase": members["phrase"],
                "note": members["note"] or "",
                "preferred": "preferred" in members,
                "preferred_reason": members.get("preferred", ""),
            }
            figures[ref] = figure
            if figure._state.adding:
                set_values(figure, values, f"figures[{i}]")
                continue
            update(figure, values, f"figures[{i}]")
            for name, codes in _scope(members).items():
                set_codes(figure, name, codes, new=False)
        self._create_figures(record, list(figures.values()))
        for members, figure in zip(record["figures"], figures.values(), strict=True):
            tied = {
                name: figures[members[name]] if members.get(name) else None for name in ("part_of", "converted_from")
            }
            update(figure, tied, f"figures[{figure.position}]")
        for figure in stored.values():
            figure.delete()
        texts.relocate(a)

    def _create_figures(self, record: Record, figures: list[Figure]) -> None:
        """Write the new ones among the figures of a record, with their scopes, in a few statements."""
        new = {figure.position: figure for figure in figures if figure._state.adding}
        with refusing("figures"):
            Figure.objects.bulk_create(new.values())
        for name, through in (("crime_types", FigureCrimeType), ("places", FigurePlace)):
            column = "crimetype_id" if name == "crime_types" else "place_id"
            through.objects.bulk_create(
                through(figure=figure, **{column: code})
                for position, figure in new.items()
                for code in _scope(record["figures"][position - 1])[name]
            )

    # --- what ties records to each other ------------------------------------------------------------------------

    def _tie_records(self, changed: list[tuple[Source, Announcement]]) -> None:
        """Put reports into their releases and tie tellings of the same case, once every record is there."""
        leading_first = sorted(changed, key=lambda pair: pair[0].record["reports_on"] is not None)
        for step in (ties.tie_releases, ties.tie_cases, ties.check_ties):
            for source, announcement in leading_first:
                try:
                    with refusing(""), transaction.atomic():
                        self.refuse(source, step(source.record, announcement))
                except ValidationError as problem:
                    self.refuse(source, messages(problem))
        Release.objects.filter(reports=None).delete()


def _without_evidence(before: Record | None, record: Record, a: Announcement) -> Iterator[tuple[str, str]]:
    """Find the phrases that a record did not have and that stand nowhere in the text that is stored of it."""
    stored = {figure["ref"]: squash(figure["phrase"]) for figure in (before or record)["figures"]}
    anew = {
        f"figures[{i}].phrase": figure["phrase"]
        for i, figure in enumerate(record["figures"], 1)
        if stored.get(figure["ref"]) != squash(figure["phrase"])
    }
    missing = texts.nowhere(anew.values(), a, title=record["title"])
    yield from (
        (where, f"“{phrase}” does not stand in the stored text") for where, phrase in anew.items() if phrase in missing
    )


def _decimal(number: int | float | None) -> Decimal | None:
    return None if number is None else Decimal(repr(number))


def _begins_with(wanted: Sequence[models.Model], stored: Iterable[Any]) -> bool:
    """Say whether what is to stay of the stored keys stands first, and in this order, among what is wanted."""
    keys = [instance.pk for instance in wanted]
    kept = [key for key in stored if key in keys]
    return keys[: len(kept)] == kept


def _free_slug(model: type[models.Model], name: str) -> str:
    slug = base = slugify(name)[:110] or model._meta.model_name or ""
    n = 1
    while model._default_manager.filter(slug=slug).exists():
        n += 1
        slug = f"{base}-{n}"
    return slug


def _scope(members: Record) -> dict[str, list[str]]:
    """Return the crime types and places of a figure, however many it has."""
    return {
        several: [members[one]] if members[one] else members.get(several, [])
        for one, several in (("crime_type", "crime_types"), ("place", "places"))
    }
