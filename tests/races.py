"""Editors, reviewers and imports that write at the same moment, each over a connection of its own.

Run as a program on a database of its own: `python -m tests.races ROUNDS`. Prints what was accepted, refused and lost.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

import django

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from cases import releases, verdicts  # noqa: E402
from cases.choices import ReportRole  # noqa: E402
from cases.importing.imports import import_records  # noqa: E402
from cases.importing.writer import dumps, prefetched, to_record  # noqa: E402
from cases.models import Announcement, Verdict  # noqa: E402
from tests.factories import make_announcement, make_figure  # noqa: E402
from tests.test_admin import Fields, change  # noqa: E402

numbers = count(1)


def signed_in(name, group):
    person = User.objects.create_user(name, is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(person)
    return client


def form(client, pk):
    return {k: v for k, v in Fields(client.get(change(pk)).content.decode()).values.items() if "__prefix__" not in k}


def together(*acts):
    """Do these at the same moment; return what each returned."""
    start = Barrier(len(acts))

    def do(act):
        start.wait()
        try:
            return act()
        finally:
            connection.close()

    return list(POOL.map(do, acts))


POOL = ThreadPoolExecutor(4)
EDITORS = [signed_in(f"editor {n}", "Editors") for n in range(3)]
REVIEWER = signed_in("reviewer", "Reviewers")
PUBLISHER = make_announcement().publisher
lost, odd, accepted, refused = 0, [], 0, 0


def title():
    return f"Title {next(numbers)}"


def post(client, pk, sent):
    return client.post(change(pk), sent).status_code


def step(pk, action, **data):
    return REVIEWER.post(f"/admin/cases/announcement/{pk}/step/{action}/", {"reason": "because", **data}).status_code


def judge(what, statuses, done, kept):
    """Count: every act that was accepted must be found in what is on record."""
    global lost, accepted, refused
    accepted += done
    refused += sum(status == 409 for status in statuses)
    lost += not kept
    if not set(statuses) <= {302, 409} or not kept:
        odd.append((what, statuses))


def edits():
    """Three save the same version."""
    draft = make_announcement(publisher=PUBLISHER)
    sent = form(EDITORS[0], draft.pk) | {"_save": "1"}
    titles = [title() for _ in EDITORS]
    statuses = together(
        *(
            lambda client=client, typed=typed: post(client, draft.pk, sent | {"title": typed})
            for client, typed in zip(EDITORS, titles, strict=True)
        )
    )
    draft.refresh_from_db()
    winners = [typed for typed, status in zip(titles, statuses, strict=True) if status == 302]
    judge("edits", statuses, len(winners), winners == [draft.title] and draft.version == 2)


def edit_and_publish():
    """One saves while another publishes what was there before: whoever is second is told."""
    draft = make_announcement(publisher=PUBLISHER, status="in_review")
    before, typed = draft.title, title()
    sent = form(EDITORS[0], draft.pk) | {"_save": "1", "title": typed}
    statuses = together(
        lambda: post(EDITORS[0], draft.pk, sent), lambda: step(draft.pk, "publish", seen_version=draft.version)
    )
    draft.refresh_from_db()
    result = (draft.status, draft.title)
    kept = result == (("in_review", typed) if statuses[0] == 302 else ("published", before))
    judge("edit and publish", statuses, statuses.count(302), kept and statuses.count(302) == 1)


def publish_and_withdraw():
    """Two copies of one press, and a second step: each is taken once."""
    draft = make_announcement(publisher=PUBLISHER, status="in_review")
    statuses = together(*[lambda: step(draft.pk, "publish")] * 2)
    taken = list(draft.transitions.values_list("step", flat=True))
    statuses = [409 if status == 403 else status for status in statuses]  # no longer in a state to be published
    draft.refresh_from_db()
    kept = taken == ["publish"] and draft.published_versions.count() == 1 and draft.status == "published"
    judge("publish twice", statuses, 1, kept and 302 in statuses)


def copy_and_import():
    """A copy is published while a file with another abstract is imported: neither is lost without a word."""
    live = make_announcement(publisher=PUBLISHER, status="in_review")
    step(live.pk, "publish")
    EDITORS[0].post(f"/admin/cases/announcement/{live.pk}/copy/")
    copy = live.revisions.get()
    typed, from_file = title(), title()
    sent = form(EDITORS[0], copy.pk) | {"_review": "1", "title": typed}
    assert post(EDITORS[0], copy.pk, sent) == 302
    record = to_record(prefetched(Announcement.objects.filter(pk=live.pk)).get()) | {"abstract": from_file}
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{live.key}.json"
        path.write_text(dumps(record), encoding="utf-8")
        statuses = together(lambda: step(copy.pk, "publish"), lambda: import_records([path]).problems)
    live.refresh_from_db()
    versions = [json.loads(body) for body in live.published_versions.order_by("n").values_list("body", flat=True)]
    seen = {(version["title"], version["abstract"]) for version in versions}
    if statuses[0] == 302:  # published first: the import came after it, and is on record after it
        kept = any(t == typed for t, _ in seen) and live.abstract == from_file
    else:
        kept = live.abstract == from_file and Announcement.objects.filter(pk=copy.pk, title=typed).exists()
    judge("copy and import", [statuses[0]], 1 + (statuses[0] == 302), kept and statuses[1] == [])


def reports(status):
    """Make two reports of one release, each with a figure that the other contradicts."""
    made = [make_announcement(publisher=PUBLISHER, status=status) for _ in range(2)]
    release = releases.release_of(made[0])
    releases.tie(made[1], [release], ReportRole.REPORT)
    values = next(numbers), next(numbers) + 10_000
    figures = [
        make_figure(report, value=value, qualifier="exact", phrase=f"{value} caught")
        for report, value in zip(made, values, strict=True)
    ]
    return made, figures


def kept_of(figures):
    ids = [figure.pk for figure in figures]
    return list(Verdict.objects.filter(a__in=ids, b__in=ids).values_list("verdict", flat=True))


def publish_what_contradicts():
    """Two reports of one release become public together: whoever is second finds the contradiction, once."""
    drafts, figures = reports("in_review")
    before = kept_of(figures)
    statuses = together(*(lambda pk=draft.pk: step(pk, "publish") for draft in drafts))
    kept = before == [] and kept_of(figures) == ["contradict"]
    judge("publish what contradicts", statuses, statuses.count(302), kept and statuses == [302, 302])


def decide_and_import():
    """An editor decides on two figures while a file changes one: the verdict is the editor's, on the new number."""
    (first, _second), figures = reports("published")
    record = to_record(prefetched(Announcement.objects.filter(pk=first.pk)).get())
    value = next(numbers) + 500_000
    record["figures"][0] |= {"value": value, "phrase": f"{value} caught"}
    sent = {"a": figures[0].pk, "b": figures[1].pk, "action": "agree", "reason": "a misprint"}
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{first.key}.json"
        path.write_text(dumps(record), encoding="utf-8")
        statuses = together(
            lambda: EDITORS[0].post("/admin/cases/decision/add/", sent).status_code,
            lambda: 302 if import_records([path]).problems == [] else 500,
        )
    figures[0].refresh_from_db()
    kept = kept_of(figures) == ["agree"] and figures[0].value == value
    judge("decide and import", statuses, statuses.count(302), kept and statuses == [302, 302])


RACES = (
    edits,
    edit_and_publish,
    publish_and_withdraw,
    copy_and_import,
    publish_what_contradicts,
    decide_and_import,
)

if __name__ == "__main__":
    rounds = int(sys.argv[1])
    for n in range(rounds):
        RACES[n % len(RACES)]()
    told = {"races": rounds, "accepted": accepted, "refused": refused, "lost": lost, "odd": odd[:9]}
    json.dump(told | {"verdicts": list(verdicts.differences())[:9]}, sys.stdout)
