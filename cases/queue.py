"""What waits for the editors: each kind of work as the records that need it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from cases import permissions
from cases.choices import ReportState, Status, VerdictKind
from cases.models import Announcement, Decision, ErrorReport, Figure, Span, TextVersion, TypicalCase, Verdict

SHOWN = 8
MOST = 1000  # counted no further: that there is much to do is said by "more than"


@dataclass(frozen=True)
class Waiting:
    """One kind of work: how much there is (at most `MOST` + 1 is counted) and what to begin with."""

    slug: str
    title: str
    help: str
    count: int
    first: list[Any]

    @property
    def is_more(self) -> bool:
        return self.count > MOST


def needs(announcements: QuerySet[Announcement], slug: str) -> QuerySet[Announcement]:
    """Return those announcements that need this kind of work. Raises KeyError for a kind that there is not."""
    return announcements.filter(NEEDS[slug])


def _evidence() -> Q:
    """Figures whose words are not found, or not found once, in the latest text of their announcement."""
    latest = TextVersion.objects.filter(announcement=OuterRef("announcement")).order_by("-n").values("pk")[:1]
    spans = Span.objects.filter(figure=OuterRef("pk"), text_version=Subquery(latest))
    return Q(Exists(TextVersion.objects.filter(announcement=OuterRef("pk")))) & Q(
        Exists(Figure.objects.filter(~Exists(spans), announcement=OuterRef("pk")))
    )


# Contradictions of which no editor has said anything: neither decided, nor one of the two claims preferred.
UNDECIDED: QuerySet[Verdict] = Verdict.objects.filter(
    ~Exists(Decision.objects.filter(a=OuterRef("a_id"), b=OuterRef("b_id"))),
    ~Exists(Decision.objects.filter(a=OuterRef("b_id"), b=OuterRef("a_id"))),
    verdict=VerdictKind.CONTRADICT,
    a__preferred=False,
    b__preferred=False,
)
NEEDS: dict[str, Any] = {
    "drafts": Q(status=Status.DRAFT),
    "review": Q(status=Status.IN_REVIEW),
    "evidence": _evidence() & ~Q(status=Status.WITHDRAWN),
    "places": Q(Exists(TypicalCase.objects.filter(announcement=OuterRef("pk"), case_places=None)))
    & ~Q(status=Status.WITHDRAWN),
    "contradictions": Q(Exists(UNDECIDED.filter(a_announcement_id=OuterRef("pk"))))
    | Q(Exists(UNDECIDED.filter(b_announcement_id=OuterRef("pk")))),
}


def waiting(user: User | AnonymousUser) -> list[Waiting]:
    """Return all that waits for somebody: two queries for each kind, however much there is."""
    seen = permissions.visible(user)
    told = {
        "drafts": (_("Drafts"), _("Not handed over yet, the last changed first.")),
        "review": (_("In review"), _("To be read against the document and published by somebody else.")),
        "evidence": (_("Evidence that does not stand"), _("Words of figures that are not, or not once, in the text.")),
        "places": (_("Places unresolved"), _("Typical cases without a place.")),
        "contradictions": (
            _("Contradictions undecided"),
            _("Figures that other reports contradict, and of which no editor has said anything."),
        ),
    }
    found = [
        _waiting(
            slug, title, help_text, needs(seen, slug).order_by("-updated_at" if slug == "drafts" else "updated_at")
        )
        for slug, (title, help_text) in told.items()
    ]
    if permissions.has(user, "view_errorreport"):
        reports = ErrorReport.objects.filter(state=ReportState.OPEN).order_by("reported_at")
        found.append(_waiting("reports", _("Reports of errors"), _("From readers, the oldest first."), reports))
    return found


def _waiting(slug: str, title: str, help_text: str, queryset: QuerySet[Any]) -> Waiting:
    return Waiting(slug, title, help_text, queryset.order_by()[: MOST + 1].count(), list(queryset[:SHOWN]))
