"""How often somebody may try: counted in the database, so that it holds across processes and machines.

Who tries is kept as a keyed hash, and no longer than the limits look back.
"""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cases.models import Attempt

KEPT = timedelta(hours=1)  # longer than any limit looks back


@dataclass(frozen=True)
class Limit:
    """So many attempts within so many seconds."""

    what: str
    most: int
    seconds: int

    def wait(self, who: str = "") -> int:
        """Return how many seconds somebody has to wait before the next attempt; 0 if none."""
        since = timezone.now() - timedelta(seconds=self.seconds)
        recent = Attempt.objects.filter(what=self.what, who=_hashed(who), at__gt=since).order_by("-at")
        nth = recent.values_list("at", flat=True)[self.most - 1 : self.most].first()
        return 0 if nth is None else max(1, ceil((nth - since).total_seconds()))

    def note(self, who: str = "") -> None:
        """Count an attempt, and forget those that no limit looks back to."""
        Attempt.objects.filter(at__lt=timezone.now() - KEPT).delete()
        Attempt.objects.create(what=self.what, who=_hashed(who))


def address(request: HttpRequest) -> str:
    """Return whom to count: the address a request comes from; of IPv6 the network that one customer is given.

    Behind a proxy it is what the proxy has appended; what stands before that is the client's own claim.
    """
    claimed = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        claimed = request.META.get("HTTP_X_FORWARDED_FOR", claimed).rpartition(",")[2].strip()
    try:
        ip = ip_address(claimed)
    except ValueError:
        return claimed[:64]
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or (int(ip) >> 64))
    return str(ip)


def _hashed(who: str) -> str:
    return salted_hmac("cases.limits", who, algorithm="sha256").hexdigest()
