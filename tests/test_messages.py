"""Both languages: every string has a translation, and pages in Chinese are in Chinese."""

import re
from collections import Counter
from html.parser import HTMLParser

import polib
import pytest
from django.conf import settings
from django.utils import translation

from cases.models import Announcement, Campaign, CrimeType, Figure, Place, Release, TypicalCase
from tools import messages

PLACEHOLDERS = re.compile(r"%\(\w+\)\d*[sdfr]|%[sd]|\{\w*\}|%%|<[^>]+>")
VOID = {"meta", "link", "input", "br", "img", "hr", "rect", "path", "line", "circle", "col", "wbr"}
SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-copy", "data-copied", "data-narrow")
# Codes and names that are the same in both languages.
SAME = {"english", "json", "edtf"}


@pytest.fixture(scope="module")
def found():
    return messages.messages()


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(messages.PO), encoding="utf-8")


def translation_of(entry):
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


# --- the catalogue --------------------------------------------------------------------------------------------------


def test_every_string_is_translated(found, catalogue):
    known = {(e.msgctxt, e.msgid): e for e in catalogue if not e.obsolete}
    assert [key for key in found if key not in known] == []
    assert [key for key, e in known.items() if not translation_of(e).strip()] == []
    assert [key for key, e in known.items() if e.fuzzy] == []
    assert [key for key, m in found.items() if m.plural != known[key].msgid_plural] == []


def test_what_is_compiled_is_the_catalogue(catalogue):
    """Run `python tools/messages.py` after a change; both files belong in the commit."""
    compiled = polib.mofile(str(messages.PO.with_suffix(".mo")), encoding="utf-8")
    said = {(e.msgctxt, e.msgid): translation_of(e) for e in catalogue if not e.obsolete}
    assert {(e.msgctxt, e.msgid): translation_of(e) for e in compiled} == said


def test_placeholders_agree(catalogue):
    for entry in catalogue:
        if not entry.obsolete:
            told = Counter(PLACEHOLDERS.findall(entry.msgid_plural or entry.msgid))
            assert Counter(PLACEHOLDERS.findall(translation_of(entry))) == told, entry.msgid


def test_chinese_has_chinese_punctuation(catalogue):
    """No ASCII comma, colon, question mark or straight quotation mark between Chinese characters."""
    wrong = re.compile(r"[㐀-鿿][,:;?!\"](?:[㐀-鿿\s]|$)")
    assert [translation_of(e) for e in catalogue if not e.obsolete and wrong.search(translation_of(e))] == []


def test_strings_are_found_in_every_form():
    python = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy as p
_("one" " two"); ngettext("%d thing", "%d things", n); p("month", "May"); other("not this")
"""
    template = """
{% load i18n %}{% translate "a 5% rise" %}{% translate 'or' context "between" %}{{ _("there") }}
{% blocktranslate count n=n with x=y trimmed %}
  {{ n }} page of {{ x }}{% plural %}{{ n }} pages of {{ x }}
{% endblocktranslate %}{# {% translate "not this" %} #}
"""
    assert [(m.context, m.text, m.plural) for m in messages.in_python(python, "x.py")] == [
        (None, "one two", ""),
        (None, "%d thing", "%d things"),
        ("month", "May", ""),
    ]
    assert [(m.context, m.text, m.plural) for m in messages.in_template(template, "x.html")] == [
        (None, "a 5%% rise", ""),
        ("between", "or", ""),
        (None, "there", ""),
        (None, "%(n)s page of %(x)s", "%(n)s pages of %(x)s"),
    ]


def test_what_cannot_be_translated_is_refused():
    with pytest.raises(messages.MessageError, match=r"x\.py:2"):
        list(messages.in_python('from django.utils.translation import gettext as _\n_(f"{n} cases")', "x.py"))


def test_numbers_with_their_qualifiers():
    with translation.override("zh-hans"):
        shown = {
            q: Figure(value=22000, value_high=30000, qualifier=q).printed for q in ("more_than", "nearly", "range")
        }
    assert shown == {"more_than": "超过2.2万", "nearly": "近2.2万", "range": "2.2万至3万"}


# --- pages in Chinese -----------------------------------------------------------------------------------------------


class Words(HTMLParser):
    """Collect what a page says in its own language: texts and spoken attributes, without codes and marked English."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.said = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        above = self.open[-1][1] if self.open else False
        lang = None if tag == "html" else attributes.get("lang")
        left_out = tag in ("script", "style", "code") or (above if lang is None else lang.startswith("en"))
        if not left_out:
            self.said += [attributes[name] for name in SPOKEN if attributes.get(name)]
            if tag == "input" and attributes.get("type") in ("submit", "button"):
                self.said.append(attributes.get("value", ""))
        if tag not in VOID:
            self.open.append((tag, left_out))

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not (self.open and self.open[-1][1]):
            self.said.append(data)


def words_of(page):
    parser = Words()
    parser.feed(page)
    return [" ".join(text.split()) for text in parser.said if text.strip()]


def leftovers(page, found):
    """Return what a page says that is a string of the interface in English, alone or inside a longer text."""
    said = words_of(page)
    whole = {text.casefold() for text in said}
    left = []
    for message in found.values():
        for text in filter(None, (message.text, message.plural)):
            plain = PLACEHOLDERS.sub("", text).strip()
            if len(plain) <= 3 or not plain.isascii() or plain.casefold() in SAME or re.fullmatch(r"[\d\s-]+", plain):
                continue
            pieces = [piece.strip() for piece in PLACEHOLDERS.split(text) if len(piece.strip()) > 3]
            inside = len(plain.split()) > 1 and pieces and any(all(piece in line for piece in pieces) for line in said)
            if plain.casefold() in whole or inside:
                left.append(text)
    return left


def addresses():
    figure = Figure.objects.published().first()
    return {
        "home": "/",
        "announcements": "/announcements/",
        "cases": "/cases/?year=2018&year=2021&province=anhui",
        "figures": "/figures/?measure=suspects_arrested&min=10",
        "nothing found": "/announcements/?q=zzzzqqqq",
        "errors": "/announcements/?year=x&after=2018-13&sort=relevance&page=0&nonsense=1",
        "announcement": Announcement.objects.published().filter(cases__isnull=False).first().get_absolute_url(),
        "case": TypicalCase.objects.published().first().get_absolute_url(),
        "figure": figure.get_absolute_url(),
        "release": Release.objects.public().first().get_absolute_url(),
        "campaigns": "/campaigns/",
        "campaign": Campaign.objects.filter(year=2018).first().get_absolute_url(),
        "places": "/places/",
        "place": Place.objects.get(slug="anhui").get_absolute_url(),
        "crime types": "/crime-types/",
        "crime type": CrimeType.objects.first().get_absolute_url(),
        "coverage": "/coverage/",
        "about": "/about/",
        "codebook": "/codebook/",
        "missing": "/announcements/999999999/",
    }


def test_pages_in_chinese_have_no_english(client, db, found):
    left = {}
    for name, address in addresses().items():
        response = client.get(address, headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.5"})
        assert response.headers["Content-Language"] == "zh-hans", name
        if problems := leftovers(response.content.decode(), found):
            left[name] = problems
    assert left == {}


def test_the_check_finds_english(client, db, found):
    left = leftovers(client.get("/about/").content.decode(), found)
    assert "How numbers are read" in left
    assert "Campaigns" in left


def test_the_choice_of_a_language_is_kept(client, db):
    client.post("/language/", {"language": "zh-hans", "next": "/about/"})
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hans"
    page = client.get("/about/").content.decode()
    assert '<html lang="zh-hans">' in page
    assert "关于档案库" in page


def test_dates_are_written_as_the_page_does(client, db):
    address = Announcement.objects.published().get(published="2018-09-07").get_absolute_url()
    assert "7 September 2018" in client.get(address).content.decode()
    chinese = client.get(address, headers={"accept-language": "zh"}).content.decode()
    assert "2018年9月7日" in chinese
    assert "September" not in " ".join(words_of(chinese))
