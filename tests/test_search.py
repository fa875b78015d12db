"""The search for words: what is found, however it is written; what is shown of it; help where nothing is found."""

import re
from functools import cache
from itertools import pairwise
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import fulltext, highlights, texts
from cases.models import Announcement, Figure, Span, TextVersion, TypicalCase
from cases.search.results import Results
from cases.search.vocabulary import Vocabulary
from tests import oracle, oracle_words
from tests.factories import make_announcement, make_campaign, make_case, make_figure, make_publisher, mention

pytestmark = pytest.mark.django_db

LISTS = pytest.mark.parametrize("kind", oracle.KINDS)


@cache
def names():
    """Return, for each list, the name that the interchange has for each id of the collection."""
    return {
        "announcements": {pk: (key,) for pk, key in Announcement.objects.values_list("pk", "key")},
        "cases": {row[0]: row[1:] for row in TypicalCase.objects.values_list("pk", "announcement__key", "number")},
        "figures": {row[0]: row[1:] for row in Figure.objects.values_list("pk", "announcement__key", "ref")},
    }


@pytest.fixture
def find():
    """Return a function that gives what a list of the collection finds for words, with one vocabulary for all."""
    vocabulary = Vocabulary()

    def found(kind, q):
        results = Results(kind, QueryDict(urlencode({"q": q})), vocabulary=vocabulary)
        assert not results.errors, (q, results.errors)
        return {names()[kind][pk] for pk in results.filters.qs.order_by().values_list("id", flat=True)}

    return found


def ask(kind, q, /, **more):
    return Results(kind, QueryDict(urlencode({"q": q, **more}, doseq=True)))


# --- one thing, written in many ways --------------------------------------------------------------------------------

EQUAL = [
    # any name of a campaign, in any script and spelling
    ("净网2018", "淨網2018", "凈網2018", "Net Net 2018", "净网 2018", "net-net 2018", "Ｎｅｔ Ｎｅｔ ２０１８"),
    ("净网2018", "Cyberspace Management 2018", "“净网2018”", "《净网2018》", "淨网２０１８"),
    ("净网2021", "Net Net 2021", "淨網2021", "Cleaning the Internet 2021"),
    ("净网2019", "NET NET 2019", "凈网2019"),
    ("护苗", "護苗"),
    ("清网行动", "清網行動", "Clear the Net"),
    # traditional and simplified characters, old forms
    ("诈骗", "詐騙", "诈騙"),
    ("网络", "網絡", "网絡"),
    ("嫌疑人", "嫌疑⼈"),
    ("抓获", "抓獲"),
    ("侦破", "偵破"),
    ("个人信息", "個人信息", "個⼈信息"),
    ("网络赌博", "網絡賭博"),
    ("专项行动", "專項行動"),
    ("暗网", "暗網"),
    ("网", "網"),
    ("骗", "騙"),
    ("软件", "軟件"),
    ("关停", "關停"),
    ("万", "萬"),
    ("陕西", "陝西"),
    ("广东", "廣東"),
    # width, case, accents, apostrophes, hyphens, points
    ("QQ", "ＱＱ", "qq", "Qq"),
    ("DDoS", "ddos", "ＤＤｏＳ", "DDOS"),
    ("Tai'an", "Taian", "Tai’an", "TAI'AN", "Tāi'ān"),
    ("Hefei", "hefei", "Héféi", "HEFEI", "Hefeishi"),
    ("telecom-fraud", '"telecom fraud"', "“Telecom Fraud”", "„telecom fraud“", "「telecom fraud」"),
    ("5.22", "5·22", "５.２２", "5・22", "“5.22”"),
    ("suspect's", "suspect", "suspects", "suspect’s"),
    # forms of English words
    ("arrest", "arrested", "arrests", "arresting", "ARRESTED"),
    ("hacker", "hackers"),
    ("website", "websites", "Websites"),
    ("gambling", "gamble", "gambles"),
    ("fraud", "frauds", "the fraud", "fraud of"),
    # numbers, as written and as value
    ("57000", "5.7万", "57,000", "5.7萬", "57 thousand", "５７０００", "５.７万", "五万七千", "5.7 万", "57-thousand"),
    ("57519", "57,519", "５７，５１９", "57519.0", "5.7519万"),
    ("1.56 million", "1560000", "1,560,000", "156万", "156萬", "1.56-million", "１．５６ million"),
    ("22000", "22,000", "2.2万", "22 thousand", "2.2萬", "二万二千"),
    ("100 million", "100000000", "1亿", "1億", "100,000,000", "10000万"),
    ("34000", "3.4万", "34,000"),
    ("9,000", "9000", "9千", "nine thousand", "9 thousand"),
    ("23 billion", "230亿", "23,000,000,000", "230億", "23,000 million"),
    ("5.7万余", "57000余", "57,000餘", "5.7萬餘"),
    ('"19,000 suspects"', '"19000 suspects"', '"1.9万 suspects"', '"19 thousand suspects"'),
    # places and crime types in either language, and read
    ("安徽省", "anhuisheng", "Anhuisheng"),
    ("西藏", "Xizang", "xizang"),
    ("网络水军", "網絡水軍", '"network water army"'),
    ("跨境赌博", "跨境賭博"),
    # operators
    ("-fraud", "NOT fraud", "－fraud", "−fraud", "NOT Frauds"),
    ("fraud OR gambling", "gambling OR fraud", "frauds OR gambles"),
    ("fraud gambling", "gambling fraud", "fraud and gambling", "fraud AND gambling"),
    ("fraud -gambling", "-gambling fraud", "fraud NOT gambling"),
    ("诈骗 OR 赌博", "賭博 OR 詐騙"),
]  # fmt: skip


def test_the_table_is_as_long_as_it_was_meant_to_be():
    assert sum(len(group) - 1 for group in EQUAL) >= 41


@pytest.mark.parametrize("group", EQUAL, ids=lambda group: group[0])
def test_however_it_is_written_it_finds_the_same(find, group):
    first = [find(kind, group[0]) for kind in oracle.KINDS]
    assert any(first)
    for other in group[1:]:
        assert [find(kind, other) for kind in oracle.KINDS] == first, other


def test_a_campaign_is_found_by_any_of_its_names(find):
    """Its records, whatever else they say; and those of what is inside it."""
    for slug in ("net-net-2018", "net-net-2021", "clear-the-net-2011"):
        campaign = oracle.campaigns()[slug]
        for name in (campaign["name_en"], campaign["name_zh"], *(other["name"] for other in campaign["names"])):
            for kind in oracle.KINDS:
                wanted = {record.identity for record in oracle.records(kind) if slug in record.values["campaign"]}
                assert wanted <= find(kind, name), name


# --- against the files ----------------------------------------------------------------------------------------------


def chinese(kind, length, most):
    """Return some of the stretches of Chinese characters that records hold."""
    known = {plain for name, _slug in Vocabulary().campaign_names for plain in [oracle_words.plain(name)]}
    runs = {
        run[i : i + length]
        for record in oracle_words.records(kind)
        for text in record.texts
        for run in re.findall("[一-鿿]+", text)
        for i in range(len(run) - length + 1)
    }
    # The name of a campaign stands for all its names, and a numeral for its number.
    words = [run for run in sorted(runs) if not any(name in run for name in known)]
    words = [word for word in words if len(word) == 1 or not set(word) <= set("一二三四五六七八九十百千万亿")]
    return words[:: len(words) // most + 1]


@LISTS
@pytest.mark.parametrize(("length", "most"), [(1, 20), (2, 40), (3, 15), (6, 10)])
def test_chinese_words_are_found_as_substrings(find, kind, length, most):
    words = chinese(kind, length, most) + ["一", "千"] * (length == 1)
    assert len(words) > most // 2
    for word in [*words, *(word[::-1] for word in words[:4])]:
        assert find(kind, word) == oracle_words.holding(kind, word), word


@LISTS
def test_traditional_words_are_found_as_substrings_of_simplified_texts(find, kind):
    traditional = {simple: ord_ for ord_, simple in oracle_words.simplified().items()}
    for word in chinese(kind, 2, 8):
        written = "".join(chr(traditional.get(c, ord(c))) for c in word)
        assert find(kind, written) == oracle_words.holding(kind, word), written


ENGLISH = (
    *("arrested", "police", "information", "hacking", "websites", "money", "illegal", "gambling", "zebra", "yuan"),
    *("servers", "students", "Beijing", "Internet", "accounts", "supervision", "telecom", "company", "online"),
)


@LISTS
def test_english_words_are_found_in_all_their_forms(find, kind):
    for word in ENGLISH:
        assert find(kind, word) == oracle_words.saying(kind, word), word


VALUES = [57_000, 57_519, 22_000, 34_000, 1_560_000, 150_000, 3_000, 10_000, 100_000_000, 9_000, 12_000, 2_000, 123_457]


@LISTS
def test_a_number_is_found_in_every_way_that_it_is_printed(find, kind):
    for value in VALUES:
        assert find(kind, f"{value:,}") == oracle_words.printing(kind, value), value


@LISTS
def test_operators_are_those_of_sets(find, kind):
    everything = {record.identity for record in oracle.records(kind)}
    fraud, gambling = (oracle_words.saying(kind, word) for word in ("fraud", "gambling"))
    net = oracle_words.holding(kind, "网络")
    for q, wanted in {
        "fraud gambling": fraud & gambling,
        "fraud 网络": fraud & net,
        "fraud OR gambling": fraud | gambling,
        "fraud -gambling": fraud - gambling,
        "-fraud": everything - fraud,
        "-fraud -gambling": everything - fraud - gambling,
        "fraud 网络 OR gambling -网络": (fraud & net) | (gambling - net),
        "-fraud OR gambling": (everything - fraud) | gambling,
        "zebra OR fraud OR zebra": fraud,
        '-"网络"': everything - net,
        '"fraud" "gambling"': fraud & gambling,
        "FRAUD or GAMBLING": fraud & gambling,  # only OR in capitals is an operator
    }.items():
        assert find(kind, q) == wanted, q


def test_quoted_words_are_neighbours_in_their_order(commit):
    apart, together = (make_announcement(status="published", title=title) for title in (
        "Zeisig and other birds and finch", "The zeisigs of a finch"
    ))  # fmt: skip
    split = make_announcement(status="published", title="Seen: a zeisig", abstract="Of a finch nothing is known")
    commit()
    everywhere = {apart.pk, together.pk, split.pk}
    for q, wanted in {
        "zeisig finch": everywhere,
        "finch zeisig": everywhere,
        '"zeisig of a finch"': {together.pk},
        "zeisig-of-a-finch": {together.pk},
        '"finch of a zeisig"': set(),
        '"zeisig finch"': set(),  # the end of one text and the beginning of the next are no neighbours
        'zeisig -"other birds"': everywhere - {apart.pk},
    }.items():
        assert set(ask("announcements", q).found.values_list("id", flat=True)) == wanted, q


# --- what cannot be read is mended, and said ------------------------------------------------------------------------

OPEN = "A quotation mark was left open; it was closed at the end."
SIGNS = "Parentheses, * and | have no meaning here and were left out."
ALONE = "OR, NOT or a sign stood alone, with nothing to join, and was left out."
LONG = "Only the first 24 words were searched for."
REPAIRED = [
    ('"personal information', '"personal information"', [OPEN]),
    ('fraud "', "fraud", [OPEN, ALONE]),
    ("“personal information", '"personal information"', [OPEN]),
    ("(fraud OR gambling) Anhui", "fraud OR gambling Anhui", [SIGNS]),
    ("（诈骗）", "诈骗", [SIGNS]),
    ("frau* | gambl*", "frau gambl", [SIGNS]),
    ("OR fraud", "fraud", [ALONE]),
    ("fraud OR", "fraud", [ALONE]),
    ("fraud OR OR gambling", "fraud OR gambling", [ALONE]),
    ("fraud -", "fraud", [ALONE]),
    ("fraud NOT", "fraud", [ALONE]),
    ("- fraud", "fraud", [ALONE]),
    ("fraud & ! gambling", "fraud gambling", [ALONE]),
    (" ".join(["fraud"] * 30), "fraud", [LONG]),
    ('(fraud OR "', "fraud", [OPEN, SIGNS, ALONE]),
    ("fraud gambling", "fraud gambling", []),
]


@pytest.mark.parametrize(("q", "mended", "said"), REPAIRED, ids=lambda value: str(value)[:30])
def test_what_cannot_be_read_is_repaired(find, q, mended, said):
    for kind in oracle.KINDS:
        assert find(kind, q) == find(kind, mended)
        assert ask(kind, q).repairs == said


@pytest.mark.parametrize("q", ['(fraud OR "', '(zebra OR "'])
def test_a_repair_is_said_whether_anything_is_found_or_not(client, q):
    html = client.get("/cases/", {"q": q}).content.decode()
    assert all(sentence in html for sentence in (OPEN, SIGNS, ALONE))


@pytest.mark.parametrize("q", ['"', "-", "()", "the", "OR", "NOT", "· ， 。", '""', "*"])
def test_what_holds_no_word_is_named(client, q):
    page = client.get("/cases/", {"q": q})
    assert page.status_code == 400
    assert not page.context["results"].rows
    assert client.get("/cases.json", {"q": q}).json()["errors"][0]["parameter"] == "q"


# --- the two halves of the search -----------------------------------------------------------------------------------

LETTERS = st.sampled_from(
    [
        *"aeé ÜüÅ净淨凈网網萬万亿0123579.,·'’-“”（）　Ａｚ１，ﬁ㈱İΣßıŉ𠮷〇 ",
        "million",
        "the",
        " · ",
        "fraud",
        "Tai'an",
        "5.7万",
    ]
)
PIECES = st.lists(LETTERS, max_size=12).map("".join)


def test_every_word_of_our_texts_is_marked_where_it_stands():
    """Also where its stem is not the beginning of it."""
    pages = [path.read_text() for path in (oracle.FIXTURES.parent / "docs").glob("*.md")]
    words = set(re.findall("[a-z]+", " ".join(pages).lower())) - fulltext.STOP_WORDS
    words |= {"dying", "lying", "skies", "happily", "relational", "sensibility", "archaeologies"}
    assert len(words) > 1_500
    for word in words:
        assert highlights.find(fulltext.parse(word).terms, f"so {word}, they"), word


@settings(max_examples=150, derandomize=True, deadline=None)
@given(text=PIECES, q=PIECES)
def test_what_the_database_finds_is_what_is_marked(text, q):
    text, q = text.replace(" · ", "·"), q.replace(" · ", "·")  # what parts two texts is in no one text
    with connection.cursor() as cursor:
        cursor.execute(
            "select search_fold(%s), search_vector(%s, 'A') @@ search_phrase(%s), numnode(search_phrase(%s))",
            [text, text, fulltext.fold(q), fulltext.fold(q)],
        )
        folded, matched, nodes = cursor.fetchone()
    assert folded == fulltext.fold(text)
    if nodes:
        assert matched == bool(highlights.find([fulltext.Term(q, (fulltext.fold(q),))], text))


# --- what is shown --------------------------------------------------------------------------------------------------

TEXT = (
    "Secret opening zeisig. " + "Filling words stand here. " * 8 + "Police arrested more than 33,000 suspects in the "
    "finch affair. " + "Filling words stand here. " * 8 + "A <b>nightjar</b> at the end."
)


@pytest.fixture
def told(commit):
    """Return a public announcement with a text that holds one figure and one case."""
    a = make_announcement(status="published", title="Nothing of note", published="2018-09-07")
    figure = make_figure(a)
    case = make_case(a, heading="One case")
    version = texts.attach(a, TEXT).version
    start = TEXT.index("Police")
    Span.objects.create(
        announcement=a, case=case, target="text", text_version=version, start=start, end=TEXT.index("affair.") + 7
    )
    commit()
    a.figure, a.case = figure, case
    return a


def snippets(kind, q):
    """Return the snippets of everything that is found, as (label, HTML, address)."""
    return [(s.label, str(s.html), s.url) for row in ask(kind, q).rows for s in row.snippets]


class TestSnippets:
    def display(self, a, how, commit):
        TextVersion.objects.filter(announcement=a).update(display=how)
        commit()

    def test_an_excerpt_shows_what_is_around_the_evidence_only(self, told, client, commit):
        ((label, html, url),) = snippets("announcements", "finch")
        assert label == "Text"
        assert "<mark>finch</mark> affair" in html
        assert url.endswith(f"#f-{told.figure.pk}")
        ((label, html, _url),) = snippets("announcements", "zeisig")
        assert (label, "mark" in html) == ("Text", False)
        assert "not shown" in html
        assert "Secret" not in client.get("/announcements/?q=zeisig").content.decode()

    def test_a_whole_text_shows_every_hit_and_nothing_in_it_is_markup(self, told, commit):
        self.display(told, "full", commit)
        ((_label, html, _url),) = snippets("announcements", "zeisig")
        assert "Secret opening <mark>zeisig</mark>" in html
        ((_label, html, _url),) = snippets("announcements", "nightjar")
        assert "&lt;b&gt;<mark>nightjar</mark>&lt;/b&gt;" in html

    def test_a_hidden_text_is_neither_shown_nor_found(self, told, client, commit):
        self.display(told, "hidden", commit)
        for kind in ("announcements", "cases"):
            for word in ("zeisig", "finch", "nightjar"):
                assert ask(kind, word).total == 0
        assert "finch" not in client.get("/announcements/?q=33000+Nothing").content.decode().replace("q=finch", "")

    def test_a_case_shows_its_own_passage_only(self, told, commit):
        self.display(told, "full", commit)
        ((label, html, url),) = snippets("cases", "finch")
        assert (label, url.startswith(told.case.get_absolute_url())) == ("Text", True)
        assert "<mark>finch</mark>" in html
        assert "Filling" not in html
        assert ask("cases", "zeisig").total == 0

    def test_titles_code_names_and_chinese_titles_are_marked(self, commit):
        a = make_announcement(status="published", title="[Zeisig] <i>", title_zh="查获黄雀五只", title_supplied=True)
        make_case(a, heading="Zeisig", code_name="5.22 黄雀")
        commit()
        (row,) = ask("announcements", "zeisig 黃雀").rows
        assert row.marked_title == "[[<mark>Zeisig</mark>] &lt;i&gt;]"
        assert row.marked_title_zh == "查获<mark>黄雀</mark>五只"
        (row,) = ask("cases", "5·22 黄雀").rows
        assert row.marked_code_name == "<mark>5.22</mark> <mark>黄雀</mark>"

    def test_what_is_found_by_a_name_says_so(self, commit):
        a = make_announcement(status="published", title="One", publisher=make_publisher(name="The Zeisig Gazette"))
        a.places.add("340100")
        a.crime_types.add("gambling.cross_border")
        mention(a, make_campaign(name_en="Finch Action", name_zh="黄雀行动"), aliases=["Bird Action"])
        commit()
        for q, label, marked in (
            ("安徽 zeisig", "Place", "Anhui · <mark>安徽</mark>省"),
            ("hefeishi zeisig", "Place", "Hefei · 合肥市 · <mark>hefeishi</mark>"),
            ("跨境 zeisig", "Crime type", "Cross-border gambling · <mark>跨境</mark>赌博"),
            ("黃雀行動 zeisig", "Campaign", "<mark>Finch Action</mark> · <mark>黄雀行动</mark>"),
            ("bird zeisig", "Campaign", "<mark>Bird</mark> Action"),
            ("zeisig", "Publisher", "The <mark>Zeisig</mark> Gazette"),
        ):
            assert (label, marked) in [(said, html) for said, html, _url in snippets("announcements", q)], q

    def test_of_each_record_there_are_a_few(self):
        assert max(len(row.snippets) for row in ask("announcements", "suspects OR 嫌疑人", per_page="100").rows) == 3

    @LISTS
    def test_they_lead_to_what_is_there(self, client, kind):
        for q in ("网络诈骗", "Hefei OR note", "净网2018", "33,000 OR 5.7万"):
            for row in ask(kind, q).rows[:3]:
                for snippet in row.snippets:
                    parts = urlsplit(snippet.url)
                    page = client.get(f"{parts.path}?{parts.query}")
                    assert page.status_code == 200
                    assert not parts.fragment or f'id="{parts.fragment}"' in page.content.decode(), snippet.url

    @LISTS
    @pytest.mark.parametrize("q", ["网络", "安徽", "telecom fraud", "净网2018", "57000", "hackers"])
    def test_every_row_shows_what_it_is_found_by(self, kind, q):
        for row in ask(kind, q, per_page="50").rows:
            headings = [getattr(row, name, "") for name in ("marked_title", "marked_title_zh", "marked_code_name")]
            assert any("<mark>" in html for html in [*headings, *(s.html for s in row.snippets)]), row


class TestRanking:
    def test_titles_and_campaigns_are_first(self, commit):
        made = {}
        made["text"] = make_announcement(status="published", published="2024-05", title="One")
        texts.attach(made["text"], "zeisig zeisig zeisig zeisig. " * 20)
        made["summary"] = make_announcement(
            status="published", published="2024-04", title="Two", abstract="zeisig zeisig zeisig zeisig"
        )
        made["campaign"] = make_announcement(status="published", published="2024-03", title="Three")
        mention(made["campaign"], make_campaign(name_en="Hunt for the zeisig and others"))
        made["title"] = make_announcement(status="published", published="2011", title="Zeisig: a bird of many words")
        commit()
        order = [row.pk for row in ask("announcements", "zeisig").rows]
        assert order == [made[name].pk for name in ("title", "campaign", "summary", "text")]
        newest = [row.pk for row in ask("announcements", "zeisig", sort="newest").rows]
        assert newest == [made[name].pk for name in ("text", "summary", "campaign", "title")]

    def test_a_campaign_that_answers_whole_is_before_a_title_that_answers_in_part(self, commit):
        part = make_announcement(status="published", title="A zeisig", abstract="finch " * 40)
        whole = make_announcement(status="published", title="One")
        mention(whole, make_campaign(name_en="Hunt for zeisig and finch"))
        commit()
        assert [row.pk for row in ask("announcements", "zeisig finch").rows] == [whole.pk, part.pk]

    @LISTS
    def test_what_is_as_good_is_newest_first_and_the_order_is_whole(self, kind):
        results = ask(kind, "网络 OR police")
        ranked = list(results.found.values_list("rank", "day", "announcement_id", "id"))
        assert [r[0] for r in ranked] == sorted((r[0] for r in ranked), reverse=True)
        for one, other in pairwise(ranked):
            if one[0] == other[0] and one[1] and other[1]:
                assert (one[1], one[2]) >= (other[1], other[2])
        assert len({r[3] for r in ranked}) == len(ranked) == results.total

    def test_of_very_many_hits_those_in_titles_are_first_however_old(self, commit, monkeypatch):
        monkeypatch.setattr("cases.search.results.RANKED", 3)
        texts_of = [make_announcement(status="published", published=f"2024-0{n}", title="One") for n in (1, 2, 3, 4)]
        for one in texts_of:
            texts.attach(one, "zeisig zeisig zeisig. " * 20)
        title = make_announcement(status="published", published="2011", title="Zeisig: a bird of many words")
        commit()
        newest = [one.pk for one in reversed(texts_of)]
        results = ask("announcements", "zeisig")
        assert list(results.found.values_list("id", flat=True)) == [title.pk, *newest]
        one_by_one = [row.pk for at in range(5) for row in results.between(at, at + 1)]
        assert one_by_one == [title.pk, *newest]

    @LISTS
    def test_by_relevance_only_with_words(self, client, kind):
        assert client.get(f"/{kind}/?sort=relevance").status_code == 400
        assert client.get(f"/{kind}.json?sort=relevance&year=2018").status_code == 400
        assert client.get(f"/{kind}/?sort=relevance&q=net").status_code == 200
        assert "relevance" not in ask(kind, "").orders
        assert ask(kind, "net").orders[0] == "relevance"


# --- where nothing is found -----------------------------------------------------------------------------------------


class TestNothing:
    @pytest.mark.parametrize(
        ("q", "meant"),
        [
            ("gamblng", "gambling"),
            ("Anhiu", "anhui"),
            ("Shenzen", "shenzhen"),
            ("pornografy", "pornography"),
            ("telcom fraud", "telecom fraud"),
            ("darkweb", "dark web"),
            ("zeisigg OR gamblng", "zeisigg OR gambling"),
            ("合飞", "合肥"),
            ("静网2018", "净网2018"),
            ("靜網2018", "净网2018"),
            ("电信炸骗", "电信网络诈骗"),
            ("网路赌博", "网络赌博"),
            ("安徽诈骗", "安徽 诈骗"),
            ("网络水君", "网络水军"),
        ],
    )
    def test_a_spelling_from_the_archives_own_words_is_proposed(self, q, meant):
        results = ask("announcements", q)
        assert results.total == 0
        proposed = {option.label: option for option in results.suggestions}
        assert meant in proposed, list(proposed)
        option = proposed[meant]
        assert ask("announcements", meant).total == option.count > 0
        assert parse_qsl(urlsplit(option.url).query) == [("q", meant)]

    @pytest.mark.parametrize("q", ["zeisigvogel", "qqqqzzzz", "鹦鹉螺", "zebrra -fraud"])
    def test_what_is_like_nothing_has_none(self, q):
        assert ask("announcements", q).suggestions == []

    def test_no_name_that_is_not_public_is_proposed(self, commit):
        mention(make_announcement(publisher=make_publisher(name="Zeisigvogel")), make_campaign(name_en="Nightjarfinch"))
        commit()
        for q in ("Zeisigvogle", "Nightjarfinhc"):
            assert ask("announcements", q).suggestions == []

    def test_the_page_says_it_again_and_what_each_part_costs(self, client):
        page = client.get("/figures/?q=zebra+fraud&year=2018&province.not=anhui&min=1")
        results, html = page.context["results"], page.content.decode()
        assert (page.status_code, results.total) == (200, 0)
        assert [chip.label for part in results.sentence for chip in part.chips] == ["zebra fraud", "2018", "Anhui", "1"]
        advised = {option.label: option for option in results.advice}
        assert list(advised) == [
            *("containing zebra fraud", "from 2018", "not in Anhui", "of at least 1"),
            *("zebra", "fraud"),
        ]
        for option in advised.values():
            pairs = parse_qsl(urlsplit(option.url).query)
            assert Results("figures", QueryDict(urlencode(pairs))).total == option.count
            assert f"without “{option.label}”" in html
        assert advised["zebra"].count
        assert not advised["fraud"].count
        assert 'href="/coverage/"' in html


# --- within a result ------------------------------------------------------------------------------------------------


@LISTS
@pytest.mark.parametrize("more", [{}, {"sort": "oldest", "year": "2018", "province.not": "anhui"}])
def test_a_record_leads_on_within_the_search(client, kind, more):
    results = ask(kind, "网络", **more)
    rows = results.rows
    assert len(rows) > 1
    address = f"{rows[0].get_absolute_url()}{rows[0].trail}"
    for position, row in enumerate(rows[:2], 1):
        page = client.get(address)
        trail = page.context["trail"]
        assert page.wsgi_request.path == unquote(urlsplit(row.get_absolute_url()).path)
        assert (trail.number, trail.total) == (position, results.total)
        assert (trail.previous_url is None) == (position == 1)
        assert 'rel="next nofollow"' in page.content.decode()
        address = trail.next_url


@LISTS
def test_every_choice_can_be_turned_into_its_opposite(client, kind):
    chosen = {
        "year": "2018", "province": "none", "crime_type": "fraud", "campaign": "net-net-2018",
        "publisher": "xinhua", "kind": "report", "language": "zh", "place": "340000",
        **({"role": "arrest"} if kind == "cases" else {}),
    }  # fmt: skip
    if kind == "figures":
        chosen |= {"measure": "suspects_arrested", "unit": "persons", "qualifier": "exact", "verdict": "agree"}
    results = ask(kind, "网络", **chosen)
    assert set(chosen) == {facet.key for facet in results.facets}
    (turns,) = results.turns
    opposite = [dict(parse_qsl(urlsplit(chip.url).query)) for chip in turns.chips]
    assert opposite == [
        {"q": "网络", **{n: v for n, v in chosen.items() if n != name}, f"{name}.not": chosen[name]}
        for name in (facet.key for facet in results.facets)
    ]
    (back,) = ask(kind, "网络", **{f"{name}.not": value for name, value in chosen.items()}).turns
    for chip, name in zip(back.chips, (facet.key for facet in results.facets), strict=True):
        assert (name, chosen[name]) in parse_qsl(urlsplit(chip.url).query)
    html = client.get(f"/{kind}/", {"q": "网络", **chosen}).content.decode()
    assert all(f'href="{chip.url.replace("&", "&amp;")}"' in html for chip in turns.chips)


def test_what_is_no_value_cannot_be_left_out_instead(client):
    response = client.get("/cases/?year=twelve&province=anhui")
    assert response.status_code == 400
    assert "Leave out instead" not in response.content.decode()


def test_counts_of_tabs_are_those_of_the_lists(client):
    for q in ("净网2018", "fraud -gambling"):
        page = client.get("/cases/", {"q": q})
        for tab, kind in zip(page.context["results"].tabs, oracle.KINDS, strict=True):
            assert tab.count == client.get(f"/{kind}.json", {"q": q}).json()["count"]
            assert tab.url == f"/{kind}/?q={quote(q).replace('%20', '+')}"


# --- what the archive covers ----------------------------------------------------------------------------------------


class TestCoverage:
    @pytest.mark.parametrize("kind", ["", "release", "report", "feature", "case_list"])
    def test_every_cell_is_its_list(self, client, kind):
        page = client.get(f"/coverage/?kind={kind}")
        lines = page.context["lines"]
        shown = {cell.url: cell.count for _label, _url, cells in lines for cell in cells}
        years, provinces = [*sorted(oracle.years()), "none", None], [*oracle.provinces(), "none", None]
        assert len(shown) == len(years) * len(provinces)
        for year in years:
            for province in provinces:
                wanted = {"year": year, "province": province, "kind": kind}
                chosen = {name: [value] for name, value in wanted.items() if value}
                query = urlencode([(name, value) for name, (value,) in chosen.items()])
                state = oracle.State("announcements", chosen)
                assert shown[f"/announcements/?{query}"] == len(oracle.found(state)), query

    def test_an_empty_cell_is_said_to_be_unknown(self, client):
        page = client.get("/coverage/")
        dots = page.content.decode().count("none found")
        assert dots == sum(not cell.count for _label, _url, cells in page.context["lines"] for cell in cells)
        assert "Empty is not zero." in page.content.decode()

    @pytest.mark.parametrize("query", ["kind=none", "kind=%00", "year=2018"])
    def test_what_it_does_not_take_is_named(self, client, query):
        page = client.get(f"/coverage/?{query}")
        assert page.status_code == 400
        assert re.search("“.*” is not", page.content.decode())
