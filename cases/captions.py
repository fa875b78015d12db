"""What a record is called in one line of text, and what it says in a few: for feeds, citations and other programs."""

import re

from django.utils.translation import gettext as _

from cases.models import Announcement, Figure, TypicalCase

Record = Announcement | TypicalCase | Figure
# Of a text, what no document of XML may hold.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def title(record: Record) -> str:
    """Return what a record is called where nothing else says what it belongs to."""
    if isinstance(record, Announcement):
        return one_line(f"[{record.title}]" if record.title_supplied else record.title)
    whole = title(record.announcement)
    if isinstance(record, TypicalCase):
        words = {"heading": one_line(record.heading), "number": record.number, "title": whole}
        return _("%(heading)s (case %(number)d of “%(title)s”)") % words
    words = {"measure": record.measure.label, "number": record.printed, "ref": record.ref, "title": whole}
    return _("%(measure)s: %(number)s (figure %(ref)s of “%(title)s”)") % words


def summary(record: Record) -> str:
    """Return what a record says, in the archive's words or, of a figure, in those that make the claim."""
    if isinstance(record, Figure):
        return record.phrase
    return record.abstract if isinstance(record, Announcement) else record.summary


def one_line(text: str) -> str:
    """Return a text without line breaks and other white space than single spaces."""
    return " ".join(text.split())


def for_xml(text: str) -> str:
    """Return a text as a document of XML can hold it; what it cannot hold is shown to be missing."""
    return _NO_XML.sub("\ufffd", text)
