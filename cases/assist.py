"""What the recognisers are given of the archive, and what they propose for a text that is to be entered."""

from dataclasses import dataclass
from typing import Any

from cases import models
from cases.extraction.suggest import suggest
from cases.extraction.suggestions import FigureSuggestion, Suggestions
from cases.extraction.vocabulary import Campaign, CrimeType, Measure, Vocabulary
from cases.gazetteer.index import shipped

Row = dict[str, Any]


def vocabulary() -> Vocabulary:
    """Return the archive's vocabularies as they now are. Note: three queries."""
    campaigns = models.Campaign.objects.prefetch_related("names").order_by("slug")
    return Vocabulary(
        places=shipped(),
        crime_types=tuple(
            CrimeType(t.code, t.label_en, t.label_zh, t.parent_id or "") for t in models.CrimeType.objects.all()
        ),
        measures=tuple(Measure(m.code, tuple(m.units)) for m in models.Measure.objects.all()),
        campaigns=tuple(
            Campaign(c.slug, c.year, tuple(filter(None, (c.name_en, c.name_zh, *(n.name for n in c.names.all())))))
            for c in campaigns
        ),
    )


def suggestions(text: str, published: str = "") -> Suggestions:
    """Return what is proposed for a text. Raises PartialDateError if `published` is no date."""
    return suggest(text, vocabulary(), published or None)


@dataclass(frozen=True)
class Draft:
    """A record as it is proposed: its fields and the rows of its lists, by the names that the desk's forms give."""

    fields: Row
    campaigns: list[Row]
    cases: list[Row]
    figures: list[Row]


def drafted(found: Suggestions) -> Draft:
    """Return what is proposed as rows, each with its place in the text as `proposed`: "120-134"."""
    campaigns: dict[str, Row] = {}
    for mention in found.campaigns:
        if mention.slug is None:
            continue
        row = campaigns.setdefault(mention.slug, {"campaign": mention.slug, "aliases": [], "proposed": _at(mention)})
        if mention.phrase not in row["aliases"]:
            row["aliases"].append(mention.phrase)
    only = next(iter(campaigns)) if len(campaigns) == 1 else ""
    return Draft(
        fields={
            "title": found.title,
            "language": found.language,
            "published": found.published or "",
            "publisher": found.publisher.name if found.publisher else "",
        },
        campaigns=[row | {"aliases": "; ".join(row["aliases"])} for row in campaigns.values()],
        cases=[
            {
                "number": case.number,
                "heading": case.heading,
                "code_name": case.code_name or "",
                "crime_types": list(case.crime_types),
                "places_investigating_authority": list(case.places),
                "proposed": _at(case),
            }
            for case in found.cases
        ],
        figures=[_figure(figure, found, only) for figure in found.figures],
    )


def _figure(figure: FigureSuggestion, found: Suggestions, campaign: str) -> Row:
    return {
        "phrase": " ".join(line.strip() for line in figure.phrase.splitlines()),
        "measure": figure.measure or "",
        "qualifier": figure.qualifier,
        "value": figure.value,
        "value_high": figure.high,
        "unit": figure.unit,
        "case_number": None if figure.case is None else found.cases[figure.case].number,
        "places": list(figure.places),
        "crime_types": list(figure.crime_types),
        "campaign": campaign,
        "period": figure.period or "",
        "proposed": _at(figure),
    }


def _at(proposal: Any) -> str:
    return f"{proposal.start}-{proposal.end}"
