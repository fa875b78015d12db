"""The verdicts of the announcement that is being edited, as they stand for what is public of it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F, Q
from django.urls import reverse

from cases import permissions, queue, side_by_side
from cases.choices import VerdictKind
from cases.models import Announcement, Decision, Verdict

MOST = 200  # on a page, contradictions first


def told(announcement: Announcement, user: User | AnonymousUser) -> dict[str, Any]:
    """Return what the form shows: each pair of a figure of the announcement and another one, and who may decide it."""
    live = announcement.revises_id or announcement.pk
    own = Q(a_announcement_id=live) | Q(b_announcement_id=live)
    apart = Verdict.objects.filter(own).annotate(apart=Q(verdict=VerdictKind.CONTRADICT))
    kept: list[Any] = list(apart.order_by("-apart", F("factor").desc(nulls_last=True), "id")[:MOST])
    pairs = {(verdict.a_id, verdict.b_id) for verdict in kept}
    ids = {pk for pair in pairs for pk in pair}
    decided = {(d.a_id, d.b_id): d for d in Decision.objects.filter(a__in=ids, b__in=ids)}
    for verdict in kept:
        decision = decided.get((min(verdict.a_id, verdict.b_id), max(verdict.a_id, verdict.b_id)))
        verdict.decided = decision is not None
        verdict.decide_url = (
            reverse("admin:cases_decision_change", args=[decision.pk])
            if decision
            else f"{reverse('admin:cases_decision_add')}?{urlencode({'a': verdict.a_id, 'b': verdict.b_id})}"
        )
    found = side_by_side.with_figures(kept)
    return {
        "verdicts": [verdict for verdict in found if verdict.verdict == VerdictKind.CONTRADICT],
        "agreeing": [verdict for verdict in found if verdict.verdict != VerdictKind.CONTRADICT],
        "undecided": queue.UNDECIDED.filter(own).count(),
        "may_decide": permissions.has(user, "add_decision"),
    }
