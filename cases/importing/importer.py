"""Records into the database: create what is new, update in place what differs, leave the rest, all or nothing.

What belongs together is found by its key: announcements by `key`, cases by `number`, figures by `ref`. Nothing
is deleted and made again, so ids and addresses stay.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pghistory
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import slugify

from cases import intervals, publishing, releases, texts
from cases.importing import writer
from cases.importing.reader import Problem, Record, Source, read
from cases.models import (
    Announcement,
    Campaign,
    CampaignMention,
    CasePlace,
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


@dataclass
class Report:
    """What an import did, or would do: keys by outcome, and why something was refused."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _RollbackError(Exception):
    """Leaves the transaction of a dry run or of a refused import."""


def import_records(
    paths: Iterable[Path], *, dry_run: bool = False, by: User | None = None, reason: str = "import"
) -> Report:
    """Import files and folders of records and return what was done. If anything is refused, nothing is written."""
    sources, problems = read(paths)
    report = Report(problems=problems)
    if problems:
        return report
    try:
        with transaction.atomic(), pghistory.context(reason=reason):
            Importer(report).run(sources, by=by, reason=reason)
            if dry_run or report.problems:
                raise _RollbackError
    except _RollbackError:
        pass
    return report


class Importer:
    """One import: the vocabularies by code, and the records one after the other."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.measures = {m.code: m for m in Measure.objects.all()}
        self.crime_types = set(CrimeType.objects.values_list("code", flat=True))
        self.places = set(Place.objects.values_list("code", flat=True))
        self.publishers = {p.name: p for p in Publisher.objects.all()}
        self.campaigns = {(c.name_en, c.year): c for c in Campaign.objects.all()}

    def run(self, sources: Sequence[Source], *, by: User | None, reason: str) -> None:
        """Bring the database to what the records say. Problems are collected; the caller rolls back."""
        keys = [source.record["key"] for source in sources]
        stored = {a.key: a for a in writer.prefetched(Announcement.objects.filter(key__in=keys))}
        changed: list[tuple[Source, Announcement]] = []
        for source in sources:
            record, announcement = source.record, stored.get(source.record["key"])
            if announcement and writer.to_record(announcement) == record:
                self.report.unchanged.append(record["key"])
                continue
            announcement = self.save(source, announcement)
            if announcement is None:
                continue
            stored[record["key"]] = announcement
            changed.append((source, announcement))
        if self.report.problems:
            return
        self._tie_records(changed)
        if self.report.problems:
            return
        for _source, announcement in changed:
            publishing.publish(announcement, by=by, reason=reason)

    def save(self, source: Source, announcement: Announcement | None) -> Announcement | None:
        """Create or update one announcement with its cases and figures; None if it is refused."""
        record = source.record
        problems = list(self._problems(record))
        if not problems:
            try:
                created = announcement is None
                announcement = self._announcement(record, announcement or Announcement(key=record["key"]))
                self._mentions(record, announcement)
                cases = self._cases(record, announcement)
                self._figures(record, announcement, cases)
            except ValidationError as problem:
                for name, messages in _messages(problem):
                    problems += [(name, message) for message in messages]
            else:
                (self.report.created if created else self.report.updated).append(record["key"])
                return announcement
        self.report.problems += [Problem(str(source.path), where, message) for where, message in problems]
        return None

    # --- what a record may name ---------------------------------------------------------------------------------

    def _problems(self, record: Record) -> Iterable[tuple[str, str]]:
        for where, code in _named(record, "place", "places"):
            if code not in self.places:
                yield where, f"{code} is not in the gazetteer"
        for where, code in _named(record, "crime_type", "crime_types"):
            if code not in self.crime_types:
                yield where, f"{code} is not a crime type of the archive"
        numbers = [case["number"] for case in record["cases"]]
        if len(set(numbers)) < len(numbers):
            yield "cases", "two cases have the same number"
        names = {c["name"] for c in record["campaigns"]}
        if len(names) < len(record["campaigns"]):
            yield "campaigns", "a campaign is named twice"
        for i, c in enumerate(record["campaigns"], 1):
            if c["parent"] is not None and not any(name == c["parent"] for name, _year in self.campaigns):
                yield f"campaigns[{i}].parent", f"{c['parent']} is not a campaign of the archive"
        refs = [f["ref"] for f in record["figures"] if "ref" in f]
        if len(set(refs)) < len(refs):
            yield "figures", "two figures have the same ref"
        for i, f in enumerate(record["figures"], 1):
            where = f"figures[{i}]"
            measure = self.measures.get(f["measure"])
            if measure is None:
                yield f"{where}.measure", f"{f['measure']} is not a measure of the archive"
            elif f["unit"] not in measure.units:
                yield f"{where}.unit", f"{f['measure']} is counted in {' or '.join(measure.units)}, not {f['unit']}"
            if f.get("of_measure") and f["of_measure"] not in self.measures:
                yield f"{where}.of_measure", f"{f['of_measure']} is not a measure of the archive"
            if f["case"] is not None and f["case"] not in numbers:
                yield f"{where}.case", f"the record has no case {f['case']}"
            if f["campaign"] is not None and f["campaign"] not in names:
                yield f"{where}.campaign", f"{f['campaign']} is not among the record's campaigns"
            for name in ("part_of", "converted_from"):
                if f.get(name) and (f[name] not in refs or f[name] == f.get("ref")):
                    yield f"{where}.{name}", f"the record has no other figure {f[name]}"

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
        _clean(a, "")
        a.save()
        _set_codes(a, "places", record["places"], new=new)
        _set_codes(a, "crime_types", record["crime_types"], new=new)
        return a

    def _publisher(self, members: Record) -> Publisher:
        publisher = self.publishers.get(members["name"])
        if publisher is None:
            publisher = Publisher(name=members["name"], slug=_free_slug(members["name"]))
        if (publisher.kind, publisher.country) != (members["kind"], members["country"]):
            publisher.kind, publisher.country = members["kind"], members["country"]
            _clean(publisher, "publisher")
            publisher.save()
        return self.publishers.setdefault(publisher.name, publisher)

    def _mentions(self, record: Record, a: Announcement) -> None:
        stored = {m.campaign_id: m for m in a.mentions.all()}
        for i, members in enumerate(record["campaigns"], 1):
            campaign = self._campaign(members)
            mention = stored.pop(campaign.pk, None) or CampaignMention(announcement=a, campaign=campaign)
            parent = next((c for (name, _), c in self.campaigns.items() if name == members["parent"]), None)
            values = {
                "name_zh": members["name_zh"] or "",
                "aliases": members["aliases"],
                "start": members["start"],
                "end": members["end"],
                "parent": parent,
            }
            _update(mention, values, f"campaigns[{i}]")
        for mention in stored.values():
            mention.delete()

    def _campaign(self, members: Record) -> Campaign:
        """Return the campaign of exactly this name and year; a new name is a new campaign, never a guess."""
        campaign = self.campaigns.get((members["name"], members["year"]))
        if campaign is None:
            campaign = Campaign(
                slug=slugify(members["name"])[:120],
                name_en=members["name"],
                name_zh=members["name_zh"] or "",
                year=members["year"],
                start=members["start"],
                end=members["end"],
            )
            _clean(campaign, "campaigns")
            campaign.save(force_insert=True)
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
            new = _update(case, values, f"cases[{i}]")
            _set_codes(case, "crime_types", members["crime_types"], new=new)
            _set_case_places(case, members["places"], f"cases[{i}]", new=new)
            cases[case.number] = case
        for case in stored.values():
            case.delete()
        return cases

    def _figures(self, record: Record, a: Announcement, cases: dict[int, TypicalCase]) -> None:
        stored = {figure.ref: figure for figure in a.figures.all()}
        figures: dict[str, Figure] = {}
        refs = [members.get("ref") or "" for members in record["figures"]]
        campaigns = {m["name"]: self._campaign(m) for m in record["campaigns"]}
        for i, members in enumerate(record["figures"], 1):
            ref = refs[i - 1] or next_ref([*refs, *stored, *figures])
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
                _set(figure, values, f"figures[{i}]")
                continue
            _update(figure, values, f"figures[{i}]")
            for name, codes in _scope(members).items():
                _set_codes(figure, name, codes, new=False)
        self._create_figures(record, list(figures.values()))
        for members, figure in zip(record["figures"], figures.values(), strict=True):
            tied = {
                name: figures[members[name]] if members.get(name) else None for name in ("part_of", "converted_from")
            }
            _update(figure, tied, f"figures[{figure.position}]")
        for figure in stored.values():
            figure.delete()
        texts.relocate(a)

    def _create_figures(self, record: Record, figures: list[Figure]) -> None:
        """Write the new ones among the figures of a record, with their scopes, in a few statements."""
        new = {figure.position: figure for figure in figures if figure._state.adding}
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
        for source, announcement in sorted(changed, key=lambda pair: pair[0].record["reports_on"] is not None):
            self._tie_releases(source, announcement)
        for source, announcement in changed:
            for i, members in enumerate(source.record["cases"], 1):
                self._tie_case(source, announcement, members, f"cases[{i}].same_as")
        Release.objects.filter(reports=None).delete()

    def _tie_releases(self, source: Source, a: Announcement) -> None:
        record = source.record
        keys = [record["reports_on"] or record["key"], *record.get("also_reports_on", [])]
        role = record.get("role", releases.default_role(record["kind"]))
        if record["kind"] == "feature" and record["reports_on"] is None and not {"release", "role"} & set(record):
            del keys[0]  # a feature tells of campaigns; it reports a release only where it says so
        found = {other.key: other for other in Announcement.objects.filter(key__in=keys)}
        missing = [key for key in keys if key not in found]
        if missing:
            where = "reports_on" if missing[0] == record["reports_on"] else "also_reports_on"
            self.report.problems.append(Problem(str(source.path), where, f"there is no record {missing[0]}"))
            return
        wanted = [releases.release_of(found[key]) for key in keys]
        if a.key in keys:
            members = record.get("release", {"name": "", "authority": None, "disclosed": None})
            values = {
                "name": members["name"],
                "authority": members["authority"] or "",
                "disclosed": members["disclosed"],
            }
            _update(wanted[0], values, "release")
        releases.tie(a, wanted, role)

    def _tie_case(self, source: Source, a: Announcement, members: Record, where: str) -> None:
        case = TypicalCase.objects.get(announcement=a, number=members["number"])
        target = None
        if "same_as" in members:
            key, _, number = members["same_as"].rpartition("/")
            target = TypicalCase.objects.filter(
                announcement__key=key, number=int(number) if number.isdecimal() else -1
            ).first()
            if target is None:
                message = f"there is no case {members['same_as']}"
                self.report.problems.append(Problem(str(source.path), where, message))
                return
        _update(case, {"same_as": target}, where)


def next_ref(taken: Iterable[str]) -> str:
    """Return the first ref of the form f1, f2 … after all that are taken; no ref is used twice."""
    numbers = [int(ref[1:]) for ref in taken if ref.startswith("f") and ref[1:].isdecimal()]
    return f"f{max(numbers, default=0) + 1}"


def _named(record: Record, single: str, several: str) -> Iterable[tuple[str, str]]:
    """Yield (member, code) wherever a record names a place or a crime type."""
    for code in record[several]:
        yield several, code
    for i, case in enumerate(record["cases"], 1):
        for named in case[several]:
            yield f"cases[{i}].{several}", named["code"] if isinstance(named, dict) else named
    for i, figure in enumerate(record["figures"], 1):
        if figure[single] is not None:
            yield f"figures[{i}].{single}", figure[single]
        for code in figure.get(several, []):
            yield f"figures[{i}].{several}", code


def _decimal(number: int | float | None) -> Decimal | None:
    return None if number is None else Decimal(repr(number))


def _free_slug(name: str) -> str:
    slug = base = slugify(name)[:110] or "publisher"
    n = 1
    while Publisher.objects.filter(slug=slug).exists():
        n += 1
        slug = f"{base}-{n}"
    return slug


def _scope(members: Record) -> dict[str, list[str]]:
    """Return the crime types and places of a figure, however many it has."""
    return {
        several: [members[one]] if members[one] else members.get(several, [])
        for one, several in (("crime_type", "crime_types"), ("place", "places"))
    }


def _set(instance: models.Model, values: dict[str, Any], where: str) -> bool:
    """Set and check what differs; return whether anything does. A new instance always does."""
    changed = instance._state.adding
    for name, value in values.items():
        if instance._state.adding or getattr(instance, name) != value:
            setattr(instance, name, value)
            changed = True
    if changed:
        _clean(instance, where)
    return changed


def _update(instance: models.Model, values: dict[str, Any], where: str) -> bool:
    """Set, check and save what differs; return whether the instance was new."""
    new = instance._state.adding
    if _set(instance, values, where):
        instance.save()
    return new


def _clean(instance: models.Model, where: str) -> None:
    """Validate an instance's fields; messages name the member of the record. The database checks the rest."""
    try:
        if isinstance(instance, Figure):
            instance.derive()
        # What it refers to has been looked up already.
        instance.clean_fields(exclude=[f.name for f in instance._meta.fields if f.is_relation])
    except ValidationError as problem:
        dot = f"{where}." if where else ""
        raise ValidationError({f"{dot}{name}": messages for name, messages in _messages(problem)}) from problem


def _messages(problem: ValidationError) -> list[tuple[str, list[str]]]:
    return list(problem.message_dict.items()) if hasattr(problem, "error_dict") else [("", problem.messages)]


def _set_codes(owner: Any, name: str, codes: list[str], *, new: bool) -> None:
    """Set a many-to-many relation to these codes, in this order."""
    relation = getattr(type(owner), name)
    owner_column, code_column = relation.field.m2m_column_name(), relation.field.m2m_reverse_name()
    pairs = relation.through.objects.filter(**{owner_column: owner.pk})
    if not new:
        if list(pairs.order_by("id").values_list(code_column, flat=True)) == codes:
            return
        pairs.delete()
    pairs.bulk_create(relation.through(**{owner_column: owner.pk, code_column: code}) for code in codes)


def _set_case_places(case: TypicalCase, places: list[Record], where: str, *, new: bool) -> None:
    wanted = [(place["code"], place["role"]) for place in places]
    if len(set(wanted)) < len(wanted):
        raise ValidationError({f"{where}.places": ["a place is named twice in the same role"]})
    if not new:
        if [(p.place_id, p.role) for p in case.case_places.all()] == wanted:
            return
        case.case_places.all().delete()
    for code, role in wanted:
        place = CasePlace(announcement_id=case.announcement_id, case=case, place_id=code, role=role)
        _clean(place, f"{where}.places")
        place.save()
