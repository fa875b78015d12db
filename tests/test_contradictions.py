"""What readers of the collection took for contradictions, and what the rule says of each.

The tables stand in `fixtures/collection/README.md`, one for each verdict: in a row, one or more figures of one report,
then those told otherwise. They are read here, so that neither the list nor the rule nor the records can drift apart.
"""

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

from cases import reconcile
from cases.models import Figure, ReleaseReport, Verdict
from cases.public_claims import Claims
from cases.reconcile import AGREE, AGREE_ROUNDED, CONTRADICT, LATER, REVISED
from tests.test_docs import DOCS, section, tables

NOT_COMPARED = "not compared"
COLLECTION = Path(__file__).resolve().parent.parent / "fixtures" / "collection"
LIST = DOCS["fixtures/collection/README.md"]
HEADINGS = {
    "Contradictions": CONTRADICT,
    "A later count": LATER,
    "Revised": REVISED,
    "The same number": AGREE,
    "Rounding": AGREE_ROUNDED,
    "Not compared": NOT_COMPARED,
}

Name = tuple[str, str]


def named(cell: str) -> list[Name]:
    """Return the figures that a cell names: the key of the record and the ref."""
    return [(key, ref) for key, ref in re.findall(r"`(\w+) (\w+)`", cell)]


ROWS = [(verdict, row) for heading, verdict in HEADINGS.items() for row in tables(section(LIST, heading))]
TABLE = [
    (*one, *other, verdict)
    for verdict, (_of, mine, theirs, _why) in ROWS
    for one in named(mine)
    for other in named(theirs)
]


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """Every claim of the collection by key and ref, what is kept of pairs, and which reports share a release."""
    with django_db_blocker.unblock():
        claims = {claim.id: claim for claim in Claims().read("true")}
        ids = {(key, ref): pk for pk, key, ref in Figure.objects.values_list("pk", "announcement__key", "ref")}
        kept = {frozenset((a, b)): verdict for a, b, verdict in Verdict.objects.values_list("a", "b", "verdict")}
        releases = defaultdict(set)
        for report, release in ReleaseReport.objects.values_list("announcement", "release"):
            releases[report].add(release)
    return claims, ids, kept, releases


@pytest.mark.parametrize("row", TABLE, ids=lambda row: " ".join(row[:4]))
def test_the_rule_finds_what_the_list_says(told, row):
    claims, ids, kept, releases = told
    a, b = (claims[ids[identity]] for identity in (row[:2], row[2:4]))
    found = kept.get(frozenset((a.id, b.id)), NOT_COMPARED)
    if found == NOT_COMPARED and not releases[a.report] & releases[b.report] and a.report != b.report:
        # A series is kept from one rung to the next; these two may be further apart.
        step = reconcile.succession(a, b)
        found = step.verdict if step else NOT_COMPARED
    assert found == row[4]


def test_every_contradiction_of_the_collection_was_judged(told):
    _claims, ids, kept, _releases = told
    names = {pk: name for name, pk in ids.items()}
    found = {frozenset(names[pk] for pk in pair) for pair, verdict in kept.items() if verdict == CONTRADICT}
    assert found == {frozenset((row[:2], row[2:4])) for row in TABLE if row[4] == CONTRADICT}


def test_the_list_says_how_long_it_is_and_names_no_pair_twice():
    stated = re.search(r"(\d+) pairs of\s+claims", section(LIST, "What reports of one release tell differently"))
    assert int(stated[1]) == len(TABLE) == len({frozenset((row[:2], row[2:4])) for row in TABLE})


def test_the_words_of_the_list_stand_in_the_records():
    phrases = {}
    for path in COLLECTION.glob("*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        phrases |= {(record["key"], figure["ref"]): figure["phrase"] for figure in record["figures"]}
    cells = [cell for _verdict, row in ROWS for cell in row[1:3]]
    assert all("“" in cell and named(cell) for cell in cells)
    strange = [
        words
        for cell in cells
        for words in re.findall(r"“([^”]+)”", cell)
        if not any(words in phrases[name] for name in named(cell))
    ]
    assert strange == []
