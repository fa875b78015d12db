"""Citations: complete, the same in every format, and safe whatever a title holds; versions, as they were."""

import json
import re
from dataclasses import replace
from datetime import date
from hashlib import sha256
from html import unescape

import pytest
from django.utils import timezone, translation
from hypothesis import given, settings

from cases import citation, publishing
from cases.models import Announcement, Campaign, Figure, TypicalCase
from tests.factories import make_announcement, make_case, make_figure, make_publisher
from tests.nasty import NASTY

pytestmark = pytest.mark.django_db

CITED = citation.Citation(
    id="announcement-12",
    title="Police crack 57,519 cases",
    author="Xinhua",
    archive="Archive of Enforcement Announcements",
    language="en",
    issued=(2018, 9, 7),
    address="https://x.example/announcements/12/?version=2",
    source="http://xinhua.example/a_b?c=1&d=%E5#e",
    version="2",
    accessed=date(2026, 11, 26),
)


def public(commit, **fields):
    """Publish an announcement with a case and a figure, and return the three."""
    a = make_announcement(published="2018-09-07", url="http://source.example/1?a=b&c=%20d", **fields)
    case = make_case(a, heading="The “5.22” case")
    figure = make_figure(a, case=case, phrase="over 33,000 held")
    publishing.publish(a, reason="test")
    commit()
    return a, case, figure


# --- the styles -----------------------------------------------------------------------------------------------------


def test_styles_name_source_archive_version_and_day():
    assert CITED.chicago == (
        "Xinhua. “Police crack 57,519 cases.” September 7, 2018. Archive of Enforcement Announcements, version 2. "
        "Accessed November 26, 2026. https://x.example/announcements/12/?version=2. "
        "Source: http://xinhua.example/a_b?c=1&d=%E5#e"
    )
    assert CITED.apa == (
        "Xinhua. (2018, September 7). Police crack 57,519 cases (Version 2). Archive of Enforcement Announcements. "
        "Retrieved November 26, 2026, from https://x.example/announcements/12/?version=2. "
        "Source: http://xinhua.example/a_b?c=1&d=%E5#e"
    )
    assert CITED.gbt7714 == (
        "Xinhua. Police crack 57,519 cases[EB/OL]//Archive of Enforcement Announcements: version 2. "
        "(2018-09-07)[2026-11-26]. https://x.example/announcements/12/?version=2. "
        "Source: http://xinhua.example/a_b?c=1&d=%E5#e"
    )


@pytest.mark.parametrize(
    ("issued", "chicago", "apa", "gbt", "ris"),
    [
        ((2018, 9), " September 2018.", "(2018, September)", "(2018-09)", "2018/09/"),
        ((2018,), " 2018.", "(2018)", "(2018)", "2018//"),
        ((), "”", "(n.d.)", "", None),
    ],
)
def test_no_day_is_invented(issued, chicago, apa, gbt, ris):
    cited = replace(CITED, issued=issued)
    assert f"cases.”{chicago.removeprefix('”')} Archive" in cited.chicago
    assert f"Xinhua. {apa}. Police" in cited.apa
    assert f"version 2. {gbt}[2026-11-26]" in cited.gbt7714
    assert re.findall(r"^DA  - (.*)\r$", cited.ris, re.M) == ([ris] if ris else [])
    assert cited.csl.get("issued") == ({"date-parts": [list(issued)]} if issued else None)


@pytest.mark.parametrize(
    ("written", "issued"),
    [("2018-09-07", (2018, 9, 7)), ("2018-09~", (2018, 9)), ("2018?", (2018,)), ("2018-02/2018-08", (2018,)),
     ("2017/2018", ()), ("2018/..", ()), (None, ())],
)  # fmt: skip
def test_a_date_is_cited_as_far_as_it_is_known(commit, written, issued):
    a = make_announcement(published=written)
    assert citation.of_record(a, "", date(2026, 1, 1), 1).issued == issued


# --- the formats ----------------------------------------------------------------------------------------------------


def fields_of_ris(text):
    """Read RIS as a reference manager does; anything but lines of a tag and a value fails."""
    lines = text.split("\r\n")
    assert lines.pop() == ""
    found = [re.fullmatch(r"([A-Z][A-Z0-9])  - ([^\r\n]*)", line).groups() for line in lines]
    assert (found[0][0], found[-1]) == ("TY", ("ER", ""))
    assert len({tag for tag, _value in found}) == len(found)
    return dict(found)


def fields_of_bibtex(text):
    """Read BibTeX by its braces, and undo its escapes."""
    match = re.fullmatch(r"@misc\{([\w-]+),\n(.*)\n\}\n", text, re.S)
    found, at, body = {}, 0, match[2]
    while at < len(body):
        name = re.compile(r"\s*(\w+) = \{").match(body, at)
        start = at = name.end()
        depth = 1
        while depth:
            depth += {"{": 1, "}": -1}.get(body[at], 0)  # also an escaped one, to BibTeX
            at += 1
        found[name[1]] = body[start : at - 1]
        at += len(",\n")
    return found


def from_tex(value):
    if value.startswith("{") and value.endswith("}"):
        value = value[1:-1]
    assert not re.search(r"(?<!\\)[%$#&_]|(?<!\\)[~^]", re.sub(r"\\\\", "", value)), value
    names = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^"}
    names |= {"textbraceleft": "{", "textbraceright": "}"}
    return re.sub(r"\\(?:(text\w+)\{\}|(.))", lambda m: names[m[1]] if m[1] else m[2], value)


def check_a_title_survives(text):
    title = citation._plain(text) or "x"
    cited = replace(CITED, title=title, author=f"{title} and {title}")
    bibtex = fields_of_bibtex(cited.bibtex)
    assert from_tex(bibtex["title"]) == title
    assert from_tex(bibtex["author"]) == cited.author
    assert fields_of_ris(cited.ris)["TI"] == title
    assert json.loads(citation.FORMATS["csl.json"].write(cited))[0]["title"] == title
    assert not set(cited.linked_data) & set("<>&\u2028\u2029")
    assert json.loads(cited.linked_data)["name"] == title
    assert "\n" not in cited.chicago + cited.apa + cited.gbt7714


def as_zotero_reads_authors(value):
    """Return (last name, first name) as Zotero's RIS.js has them: split at commas, what follows the second is lost."""
    last, *rest = re.split(r"\s*,\s*", value)
    return last, rest[0] if rest else ""


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Ministry of Public Security", "Ministry of Public Security"),
        ("Xinhua, on People's Daily Online, after CCTV (copy)", "Xinhua，on People's Daily Online，after CCTV (copy)"),
        ("公安部，网安局", "公安部，网安局"),
        ("Smith and Sons, Ltd.", "Smith and Sons，Ltd."),
    ],
)
def test_an_organisation_is_never_taken_for_a_person(name, read):
    cited = replace(CITED, author=name)
    assert as_zotero_reads_authors(fields_of_ris(cited.ris)["AU"]) == (read, "")
    assert fields_of_ris(cited.ris)["AU"].count(",") == 1  # all of it is the last name, for EndNote too
    assert fields_of_bibtex(cited.bibtex)["author"] == f"{{{name}}}"  # braces: neither "and" nor commas part it
    assert cited.csl["author"] == [{"literal": name}]


@settings(max_examples=200, deadline=None)
@given(NASTY)
def test_any_title_survives_every_format(text):
    check_a_title_survives(text)


@pytest.mark.parametrize(
    "text",
    [
        "100% of #1 & $5_000 {of} C:\\dir ~^", "}, note = {gone", "a\r\nER  - \r\nTY  - BOOK", "TI  - x\u2028y\u0085z",
        "</script><script>alert(1)</script>", "\\", "\\}", "净网2018：“百日”行动", "<!--", "a\x01\x1f\ufffe",
    ],
)  # fmt: skip
def test_titles_made_to_break_a_format_do_not(text):
    check_a_title_survives(text)


@pytest.mark.parametrize("url", ["http://x.example/}{,%20\\a净?a=1_2#~", "http://x.example/a_b?c=%E5&d=1"])
def test_an_address_holds_nothing_that_a_format_reads(commit, url):
    a = make_announcement(url=url)
    cited = citation.of_record(a, "", date(2026, 1, 1), 1)
    assert not set(cited.source) & set("{}\\净")
    assert from_tex(fields_of_bibtex(cited.bibtex)["note"]) == f"Source: {cited.source}"


@pytest.mark.parametrize("end", citation.FORMATS)
def test_every_record_and_campaign_has_its_twins(client, commit, end):
    a, case, figure = public(commit, title="A 100% {nasty}\ntitle", language="zh")
    campaign = Campaign.objects.public().first()
    for path in (f"/announcements/{a.pk}", f"/cases/{case.pk}", f"/figures/{figure.pk}", f"/campaigns/{campaign.slug}"):
        response = client.get(f"{path}.{end}")
        assert response["Content-Type"] == citation.FORMATS[end].content_type
        assert response["Content-Disposition"].endswith(f'.{end}"')
        text = response.content.decode()
        own = text if end != "csl.json" else json.dumps(json.loads(text))
        assert f"http://testserver{path}/" in own
        assert timezone.localdate().isoformat() in own or timezone.localdate().strftime("%Y/%m/%d") in own or (
            end == "csl.json" and json.loads(text)[0]["accessed"]["date-parts"][0][0] == timezone.localdate().year
        )  # fmt: skip
        page = client.get(f"{path}/", follow=True).content.decode()
        assert f'href="{path}.{end}"' in page
        assert client.get(f"{path}.{end}", HTTP_IF_NONE_MATCH=response["ETag"]).status_code == 304
        assert client.get(f"{path}.{end}", HTTP_ACCEPT_LANGUAGE="zh-hans").content == response.content


def test_a_citation_is_of_the_version_that_was_read(client, commit):
    a, case, _figure = public(commit, title="As it was")
    Announcement.objects.filter(pk=a.pk).update(title="As it is")
    publishing.publish(Announcement.objects.get(pk=a.pk), reason="misread")
    commit()
    new = fields_of_ris(client.get(f"/cases/{case.pk}.ris").content.decode())
    old = fields_of_ris(client.get(f"/cases/{case.pk}.ris?version=1").content.decode())
    assert (new["ET"], new["UR"]) == ("2", f"http://testserver/cases/{case.pk}/?version=2")
    assert (old["ET"], old["UR"]) == ("1", f"http://testserver/cases/{case.pk}/?version=1")
    assert old["TI"] == "The “5.22” case (case 1 of “As it was”)"
    assert new["TI"] == "The “5.22” case (case 1 of “As it is”)"
    assert client.get(new["UR"].removeprefix("http://testserver"), follow=True).status_code == 200


# --- in pages -------------------------------------------------------------------------------------------------------


def test_pages_carry_metadata_of_all_three_kinds(client, commit):
    publisher = make_publisher(name='The "Daily" <News> & Co')
    a, case, figure = public(commit, title="</script><script>alert(1)</script>", publisher=publisher)
    for record in (a, case, figure):
        page = client.get(record.get_absolute_url()).content.decode()
        meta = {
            name: unescape(content) for name, content in re.findall(r'<meta name="([\w.]+)" content="([^"]*)">', page)
        }
        (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
        data = json.loads(data)
        assert a.title in meta["citation_title"]
        assert meta["citation_title"] == meta["DC.title"] == data["name"]
        assert meta["citation_author"] == data["author"]["name"] == publisher.name
        assert meta["citation_publication_date"] == "2018/09/07"
        assert meta["DC.date"] == data["datePublished"] == "2018-09-07"
        assert meta["DC.source"] == data["isBasedOn"] == a.url
        assert meta["citation_public_url"] == meta["DC.identifier"] == data["url"]
        assert data["url"].endswith(f"/{record.pk}/?version=1")
        assert "<script>alert" not in page


def test_styles_are_english_and_gbt_is_in_the_language_of_the_page(client, commit):
    a, case, _figure = public(commit, title="净网2018：“百日”行动", language="zh")
    for language, archive in (("en", "Archive of Enforcement Announcements"), ("zh-hans", "执法通报档案")):
        with translation.override(language):
            archive = translation.gettext("Archive of Enforcement Announcements")
        context = client.get(case.get_absolute_url(), HTTP_ACCEPT_LANGUAGE=language).context["citation"]
        assert set(context["styles"]) == {"Chicago", "APA", "GB/T 7714"}
        assert "Archive of Enforcement Announcements, version 1. Accessed" in context["styles"]["Chicago"]
        assert f"[EB/OL]//{archive}" in context["styles"]["GB/T 7714"]
        assert all(a.publisher.name in text and a.url in text for text in context["styles"].values())


# --- versions -------------------------------------------------------------------------------------------------------


def test_a_version_is_shown_as_it_was(client, commit):
    a, case, figure = public(commit, title="As it was <b>", abstract="Then")
    before = a.published_versions.get(n=1)
    figure.phrase, figure.value = "over 34,000 held", 34_000
    figure.save()
    Announcement.objects.filter(pk=a.pk).update(title="As it is")
    publishing.publish(Announcement.objects.get(pk=a.pk), reason="misread")
    commit()
    page = client.get(f"/announcements/{a.pk}/", {"version": 1}, follow=True).content.decode()
    assert "As it was &lt;b&gt;" in page
    assert "over 33,000 held" in page
    assert "over 34,000" not in page
    assert "As it is" not in page.replace("To the record as it is now", "")
    assert 'name="robots" content="noindex"' in page
    assert (
        f'<link rel="canonical" href="http://testserver{Announcement.objects.get(pk=a.pk).get_absolute_url()}">' in page
    )
    assert "over 33,000 held" in client.get(f"/figures/{figure.pk}/?version=1").content.decode()
    assert "over 34,000 held" in client.get(f"/figures/{figure.pk}/?version=2").content.decode()
    assert "5.22" in client.get(f"/cases/{case.pk}/?version=1", follow=True).content.decode()
    kept = client.get(f"/announcements/{a.pk}.json?version=1")
    assert sha256(kept.content).hexdigest() == before.sha256
    assert client.get(f"/figures/{figure.pk}.json?version=1").json()["value"] == 33_000
    assert client.get(f"/figures/{figure.pk}.json").json()["value"] == 34_000
    same = client.get(f"/announcements/{a.pk}.json?version=1", HTTP_IF_NONE_MATCH=kept["ETag"])
    assert same.status_code == 304


@pytest.mark.parametrize("version", ["0", "2", "x", "-1", "1.0", "9" * 40, "１", "%00"])
def test_a_version_that_there_is_not_is_named(client, commit, version):
    a, case, figure = public(commit)
    later = make_figure(a, phrase="later")
    publishing.publish(a, reason="later")
    commit()
    if version == "2":
        assert client.get(f"/figures/{later.pk}/?version=2").status_code == 200
        assert client.get(f"/figures/{later.pk}/?version=1").status_code == 400
        version = "3"
    for record, kind in ((a, "announcements"), (case, "cases"), (figure, "figures")):
        response = client.get(f"{record.get_absolute_url()}?version={version}")
        assert response.status_code == 400
        assert "version" in response.content.decode()
        for twin in ("json", "bib"):
            response = client.get(f"/{kind}/{record.pk}.{twin}?version={version}")
            assert (response.status_code, response.json()["errors"][0]["parameter"]) == (400, "version")


def test_all_of_the_collection_can_be_cited(client):
    """As it stands: every kind of title, date and publisher that there is."""
    for model in (Announcement, TypicalCase, Figure):
        for record in model.objects.published().select_related():
            for language in ("en", "zh-hans"):
                with translation.override(language):
                    cited = citation.of_record(record, "http://testserver", date(2026, 11, 26), 1)
                assert fields_of_ris(cited.ris)["TI"] == cited.title
                assert from_tex(fields_of_bibtex(cited.bibtex)["title"]) == cited.title
                assert json.loads(cited.linked_data)["name"] == cited.title
