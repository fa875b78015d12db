"""Whatever is sent, the site answers, says what is wrong, and shows nothing of its inside."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Announcement, Campaign, Figure, Release, TypicalCase
from cases.search.parameters import PARAMETERS
from tests.test_filters import BAD

pytestmark = pytest.mark.django_db

# --- what there is to ask: every public address, with a good example of it --------------------------------------------

LISTS = [
    f"/{kind}{suffix}"
    for kind in ("announcements", "cases", "figures", "discrepancies")
    for suffix in ("/", ".csv", ".json", ".atom")
]
# Of the files, which have one name in the URLconf, one of each format and of each table that is no list.
FILES = ["/release-reports.csv", "/case-places.excel.csv", "/cases.jsonl", "/figures.xlsx", "/announcements.csv.sha256"]

SITEMAPS = [f"/sitemap-{kind}-1.xml" for kind in ("pages", "announcements", "cases", "figures", "releases")]
# Of the data packages.
PACKAGED = "/downloads/2000-01-01/archive-2000-01-01.zip"
# Addresses with a part that is looked up: what stands before and after it, and whether it is a number.
LOOKED_UP = {
    "cases:announcement-detail-json": ("/announcements/{}.json", "id"),
    "cases:announcement-short": ("/announcements/{}/", "id"),
    "cases:announcement-detail": ("/announcements/{}/slug/", "id"),
    "cases:case-detail-json": ("/cases/{}.json", "id"),
    "cases:case-short": ("/cases/{}/", "id"),
    "cases:case-detail": ("/cases/{}/slug/", "id"),
    "cases:figure-detail-json": ("/figures/{}.json", "id"),
    "cases:figure-detail": ("/figures/{}/", "id"),
    "cases:announcement-cite": ("/announcements/{}.bib", "id"),
    "cases:case-cite": ("/cases/{}.ris", "id"),
    "cases:figure-cite": ("/figures/{}.csl.json", "id"),
    "cases:campaign-cite": ("/campaigns/{}.bib", "name"),
    "cases:release-detail": ("/releases/{}/", "id"),
    "cases:release-csv": ("/releases/{}.csv", "id"),
    "cases:release-csv-sha256": ("/releases/{}.csv.sha256", "id"),
    "cases:release-json": ("/releases/{}.json", "id"),
    "cases:campaign-detail": ("/campaigns/{}/", "name"),
    "cases:place-detail": ("/places/{}/", "name"),
    "cases:crime-type-detail": ("/crime-types/{}/", "name"),
}
POST_ONLY = {"set_language": "/language/", "cases:report-send": "/report/send/"}


@cache
def endpoints():
    """Return every public address of the URLconf by name; an address nobody thought of here fails."""
    examples = {
        "id": {
            "announcement": Announcement.objects.order_by("pk").first().pk,
            "case": TypicalCase.objects.order_by("pk").first().pk,
            "figure": Figure.objects.order_by("pk").first().pk,
            "release": Release.objects.order_by("pk").first().pk,
        },
        "name": {"campaign": Campaign.objects.order_by("pk").first().pk, "place": "340100", "crime": "hacking"},
    }
    found = {}
    for name in public_names():
        if name in POST_ONLY:
            continue
        if name == "cases:file":
            found |= {path: path for path in FILES}
        elif name == "cases:package-file":
            found[name] = PACKAGED
        elif name == "cases:sitemap":
            found |= {path: path for path in SITEMAPS}
        elif name in LOOKED_UP:
            template, sort = LOOKED_UP[name]
            found[name] = template.format(examples[sort][name.removeprefix("cases:").split("-")[0]])
        else:
            found[name] = reverse(name)  # an address with a part that LOOKED_UP does not know is an error here
    return found


def public_names():
    for pattern in get_resolver().url_patterns:
        namespace = f"{pattern.app_name}:" if getattr(pattern, "app_name", None) else ""
        if namespace == "admin:":
            continue
        for one in getattr(pattern, "url_patterns", [pattern]):
            yield f"{namespace}{one.name}"


# --- what to ask ------------------------------------------------------------------------------------------------------

HUGE = "9" * 4301
QUERIES = [
    *dict.fromkeys(query for _kind, query, _name in BAD),
    "%00",
    "%00=%00",
    "%ff=%fe",
    "%ed%a0%80=1",
    "year=%ed%a0%80&campaign=%ed%b0%80",
    "year=\x80\xff",
    "year",
    "&&&=&=x",
    "=",
    ";year=2018;page=1",
    "year[]=2018&year[$ne]=1",
    "year__gte=2018&id__in=1&pk=1&announcement__status=draft",
    "q=" + "a" * 65_536,
    "year=" + "1" * 65_536,
    "a" * 65_536,
    "&".join(f"province=x{n}" for n in range(5_000)),
    "&".join(f"year={n}" for n in range(1_000, 6_000)),
    "&".join(f"place.not={n:06}" for n in range(5_000)),
    "&".join(f"k{n}=v" for n in range(5_000)),
    "page=" + HUGE,
    "year=" + HUGE,
    "min=" + HUGE,
    "min=-" + "9" * 24 + "." + "9" * 150,
    "max=0." + "0" * 190 + "1",
    "min=1e-99999999999",
    "page=0x10",
    "page=1;drop table cases_announcement",
    "page=1'--",
    "page=%2b1",
    "page=1.0",
    *(
        f"q={quote(words)}"
        for words in (
            *(
                "'",
                "''",
                "\\",
                "\\'",
                ":*",
                "a:*",
                "!a",
                "!!",
                "&",
                "a & | b",
                "a <-> b",
                "<->",
                "'campaign/net-net-2018'",
            ),
            *(
                '"',
                '"' * 200,
                '"a',
                "(",
                ")" * 200,
                "OR",
                "OR OR",
                "a OR",
                "-",
                "- -",
                "-a",
                "-" * 200,
                "--a",
                '-"a b"',
            ),
            *(
                "\u0301",
                "e\u0301" * 90,
                "\u202e\u200b",
                "·",
                "…",
                "\U0001f9ff",
                "\U00020000",
                "\ufeff",
                "１，０００",
                "ﷺ" * 10,
            ),
            *(
                "净",
                "净" * 200,
                "净 " * 100,
                "净网2018" * 25,
                "a " * 100,
                "the of and",
                "%",
                "_",
                "1e999 万",
                "9" * 200,
            ),
            *("0x" + "f" * 100, "-1.5万 OR 数十", "'; drop table x; --", "<script>alert(1)</script>", "a\tb", "${q}"),
        )
    ),
    "per_page=-25",
    "per_page=1000000",
    "sort=-id",
    "sort=newest,id;--",
    "sort=%00",
    "sort=announcement__status",
    "place=../../etc/passwd",
    "place=' or 1=1 --",
    "place=%27)%20union%20select%201--",
    "crime_type=%25&crime_type=_",
    "crime_type={{7777*7777}}&campaign=${7777*7777}",
    "campaign=<script>alert(1)</script>",
    '"><script>alert(1)</script>=1',
    "publisher=javascript:alert(1)",
    "province=" + "%E9%99%95%E8%A5%BF",
    "province=" + "x" * 200,
    "&".join(f"province={n}{'guang' * 30}" for n in range(60)),
    "province.not=anhui&province=anhui&year.not=none&year=none",
    "role=arrest&place=none&province=none",
    "after=2018-13&before=2018-00-01",
    "after=-2018-01-01",
    "after=2018-01-01T00:00:00Z",
    "after=２０１８",
    "after=2018/2019",
    "after=2018年13月",
    "before=1900~&after=2100%25",
    "after=../..",
    "facets=2",
    "facets=1&per_page=100&page=1",
    "page=1&page=1&sort=newest&sort=newest",
    "utm_source=x&fbclid=%00&year=%ff",
    "utm_source=%0d%0aSet-Cookie:%20a=b",
    "csrfmiddlewaretoken=x&next=//evil.example",
    "format=json&callback=alert",
    "cursor=AAAA&version=-1",
    ".csv.not=1&.not=&not=1",
    "year.not=2018&year.not.not=2018&year..not=1",
    "YEAR=2018",
    "year%20=2018",
    "\u202eyear=2018",
    "\u4e00" * 5_000,
]
# A record's page takes the parameters of the list that its reader comes from.
POSITIONS = [
    *(("1", "year=2018"), ("0", ""), ("-1", "q=net"), ("999999999", "q=net"), ("1e3", ""), ("１", ""), ("%00", "")),
    *(("2", "page=999999"), ("2", "year=abc"), ("2", "q=%00&sort=relevance"), ("1", "year=%ff"), ("9" * 5_000, "q=a")),
    *(("1&position=2", "colour=red"), ("1", "per_page=100&page=2&facets=1"), ("1%0d%0aa:b", "kind=release")),
]
IDS = [
    *("0", "00", "007", "-1", "1.0", "1e3", "１２", "abc", "None", "%ff", "%0a", "1%0a"),
    *(str(2**31), str(2**63 - 1), str(2**63), str(2**64), "9" * 400, HUGE, "..%2f..%2fetc%2fpasswd", "%2e%2e", "//"),
    *("1'--", "<script>", "{{7777*7777}}", "\u4e00", "\u202e", "a" * 4_000),
]
PATHS = [
    *("//evil.example", "//evil.example/announcements/", "//announcements/", "/announcements//", "/\\evil.example/"),
    *("/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/cases/../admin/", "/static/..%2farchive/settings.py"),
    *("/%00", "/%ff%fe", "/announcements%00/", "/announcements.csv/", "/announcements.csv.not", "/cases.json%00"),
    *("/announcements.xml", "/cases/1/a/b/", "/cases/1/..%2f..%2f/", "/announcements/1/%00/", "/cases/1"),
    *("/healthz/", "/robots.txt/", "/favicon.ico", "/.git/config", "/.env", "/wp-login.php", "/" + "a" * 8_000),
    *("/places/gu\u0131zhou/", "/places/Anhui/", "/places/34010/", "/crime-types/hacking./", "/\u202e"),
]
VERBS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "A" * 200)

ANSWERS = {200, 301, 302, 400, 404, 410}
INSIDE = ("Traceback", "psycopg", "django.", "Exception Type", "cases_announcement ", "SELECT ", "/site-packages/")


def ask(client, path, method="GET", **extra):
    """Ask in a savepoint, so that a failure of the database stays where it happens."""
    client.raise_request_exception = False
    before = transaction.savepoint()
    response = client.generic(method, path, **extra)
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.status_code >= 500:
        transaction.savepoint_rollback(before)
    else:
        transaction.savepoint_commit(before)
    return response


def faults(response, allowed=ANSWERS):
    """Return what is wrong with an answer."""
    text = response.body.decode("utf-8", "replace")
    found = [] if response.status_code in allowed else [f"status {response.status_code}"]
    if response.status_code != 200 or "html" in response["Content-Type"]:
        found += [f"shows {word!r}" for word in INSIDE if word in text]
    if "html" in response["Content-Type"] and ("<script>alert" in text or "60481729" in text):
        found.append("repeats markup")
    location = response.get("Location", "/")
    if not location.startswith("/") or location.startswith(("//", "/\\")):
        found.append(f"leads to {location}")
    return found + header_faults(response)


def header_faults(response):
    policy = response.get("Content-Security-Policy", "")
    expected = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
    }
    found = [f"{name}: {response.get(name)}" for name, value in expected.items() if response.get(name) != value]
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy or "base-uri 'none'" not in policy:
        found.append(f"policy {policy!r}")
    lax = [word for word in ("unsafe", "data:", "http:", "https:", "*", "blob:") if word in policy]
    return found + [f"policy allows {word}" for word in lax]


def check(client, paths, **extra):
    """Ask for all of these and fail with everything that went wrong."""
    wrong = {path[:120]: problems for path in paths if (problems := faults(ask(client, path, **extra)))}
    assert wrong == {}


def test_every_public_address_is_known_here_and_answers(client):
    assert set(LOOKED_UP) <= set(public_names())
    for name, path in endpoints().items():
        assert ask(client, path).status_code in (200, 301, 302), name
    assert {urlsplit(path).path for path in endpoints().values()} >= set(LISTS)


@pytest.mark.parametrize("path", LISTS)
def test_no_query_breaks_a_list(client, path):
    # One list takes the whole corpus; of the others each takes its part, all of it between them.
    own = QUERIES if path == "/figures.json" else QUERIES[LISTS.index(path) :: len(LISTS)]
    check(client, [f"{path}?{query}" for query in own])


@pytest.mark.trust
@pytest.mark.parametrize("path", LISTS)
def test_no_query_at_all_breaks_a_list(client, path):
    check(client, [f"{path}?{query}" for query in QUERIES])


def test_no_query_breaks_what_takes_none(client):
    others = [path for path in endpoints().values() if path not in LISTS]
    odd = ["%00=%ff", "\u4e00" * 500, "page=-1&sort=__class__", "&".join(f"k{n}=v" for n in range(2_000))]
    check(client, [f"{path}?{query}" for path in others for query in odd])


@pytest.mark.parametrize("name", ["announcement", "case", "figure"])
def test_no_list_breaks_the_page_of_a_record(client, name):
    path = ask(client, endpoints()[f"cases:{name}-detail"]).get("Location") or endpoints()[f"cases:{name}-detail"]
    check(client, [f"{path}?position={position}&{query}" for position, query in POSITIONS])
    check(client, [f"/{name}s/{path.split('/')[2]}/?position={position}&{query}" for position, query in POSITIONS])


@pytest.mark.parametrize("template", [template for template, _sort in LOOKED_UP.values()])
def test_no_number_or_name_breaks_a_record(client, template):
    check(client, [template.format(quote(odd, safe="/.%")) for odd in IDS])


@pytest.mark.parametrize("template", [template for template, _sort in LOOKED_UP.values()])
def test_a_nul_in_an_address_is_no_record(client, template):
    check(client, [template.format(odd) for odd in ("%00", "1%00", "%00340100", "hacking%00")])


def test_no_slug_breaks_a_record(client):
    record = endpoints()["cases:announcement-short"]
    check(client, [f"{record}{quote(odd, safe='/.%')}/" for odd in IDS])


def test_no_path_breaks_the_site(client):
    check(client, [quote(path, safe="/.%\\") for path in PATHS])


HOSTS = ["evil.example", "testserver@evil.example", "testserver:x", "", "a" * 300, "[::1", "_"]


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_that_is_not_ours_is_refused(client, host):
    response = ask(client, "/announcements.json", HTTP_HOST=host, SERVER_NAME=host)
    assert faults(response, {400}) == []
    assert b"evil.example" not in response.body


@pytest.mark.parametrize(
    "header",
    [
        {"HTTP_ACCEPT_LANGUAGE": "zh" * 4_000},
        {"HTTP_ACCEPT_LANGUAGE": "xx-%00,*;q=9,zh;q=nan"},
        {"HTTP_COOKIE": "django_language=../../etc; session=x; csrf=%00"},
        {"HTTP_COOKIE": 'csrf="\\000"; django_language="\\000\\377"; session="\\377aaaaaaaaaaaaaa"'},
        {"HTTP_COOKIE": 'session="\\000aaaaaaaaaaaaaaaaaaaa"'},
        {"HTTP_COOKIE": "=;;=a;" * 500},
        {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "gopher"},
        {"HTTP_IF_NONE_MATCH": '"' * 200, "HTTP_IF_MODIFIED_SINCE": "yesterday"},
        {"HTTP_RANGE": "bytes=-1,0-,9999999999-"},
        {"HTTP_ACCEPT": "application/xml;q=NaN", "HTTP_ACCEPT_ENCODING": "*;q=0"},
        {"CONTENT_LENGTH": "-1", "CONTENT_TYPE": "multipart/form-data; boundary=\xff"},
    ],
)
def test_no_header_breaks_a_request(client, header):
    for path in ("/", "/cases/?year=2018", "/figures.json", "/cases.csv?year=2018", "/nowhere"):
        assert faults(ask(client, path, **header)) == [], path


def test_only_reading_is_allowed_and_the_answer_says_so(client):
    for name, path in endpoints().items():
        for verb in VERBS:
            response = ask(client, path, verb)
            assert faults(response, {405}) == [], (name, verb)
            assert {"GET", "HEAD"} <= set(response["Allow"].split(", ")), (name, verb)


def test_writing_without_a_token_is_refused_in_our_own_words():
    """As a browser meets it: the check for forged requests comes first."""
    client = Client(enforce_csrf_checks=True)
    for name, path in endpoints().items():
        for verb in ("POST", "PUT", "DELETE"):
            response = ask(client, path, verb)
            assert faults(response, {403, 405}) == [], (name, verb)
            assert b"<style" not in response.body, (name, verb)


def test_head_is_get_without_a_body(client):
    for name, path in endpoints().items():
        get, head = ask(client, path), ask(client, path, "HEAD")
        assert (head.status_code, head.body) == (get.status_code, b""), name
        assert head["Content-Type"] == get["Content-Type"], name


FORM = {"content_type": "application/x-www-form-urlencoded"}
ELSEWHERE = ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]


@pytest.mark.parametrize("next_page", ELSEWHERE)
def test_the_choice_of_a_language_leads_nowhere_else(client, next_page):
    response = ask(client, "/language/", "POST", data=f"language=zh-hans&next={quote(next_page)}", **FORM)
    assert faults(response, {302}) == []


@pytest.mark.parametrize("data", ["", "language=", "language=%00&next=%00", "language=../..", "next=/%0d%0aa:b"])
def test_no_form_breaks_the_choice_of_a_language(client, data):
    assert faults(ask(client, "/language/", "POST", data=data, **FORM), {204, 302}) == []
    assert faults(ask(client, "/language/", "GET"), {405}) == []


def test_every_kind_of_answer_carries_the_headers(client):
    for path, status in (
        ("/", 200),
        ("/figures.csv?year=2018", 200),
        ("/figures.json", 200),
        ("/cases/?utm_source=x", 302),
        ("/places/anhui/", 301),
        ("/cases/?colour=red", 400),
        ("/cases.json?colour=red", 400),
        ("/nowhere/", 404),
        ("/cases/0.json", 404),
        ("/healthz", 200),
        ("/robots.txt", 200),
        ("/admin/login/", 200),
    ):
        response = ask(client, path)
        assert response.status_code == status, path
        assert header_faults(response) == [], path
        assert response["X-Frame-Options"] == "DENY", path  # for browsers that do not know frame-ancestors


# --- without a database -----------------------------------------------------------------------------------------------

# A site of its own in a process of its own, with the settings that it is served with, its pool included.
SITE = """
import json, sys, time
import archive.settings
archive.settings.ALLOWED_HOSTS = ["testserver"]
archive.settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
import django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from django.test import Client

def ask(path):
    started = time.monotonic()
    response = Client(raise_request_exception=False).get(path)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    answer = [response.status_code, dict(response.headers), body.decode(), time.monotonic() - started]
    connection.close()
    return answer
"""


def run_site(script, database_url):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "archive.settings", "DATABASE_URL": database_url}
    environment |= {"SECRET_KEY": "of a test", "DEBUG": "0", "HTTPS": "0"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SITE + script],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).resolve().parent.parent,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_without_a_database_the_site_says_when_to_come_back(tmp_path):
    paths = list(dict.fromkeys([*endpoints().values(), "/healthz"]))
    script = f"""
with ThreadPoolExecutor(len({paths!r})) as pool:
    print(json.dumps(dict(zip({paths!r}, pool.map(ask, {paths!r})))))
"""
    answers = json.loads(run_site(script, f"postgresql://nobody@/nothing?host={quote(str(tmp_path), safe='')}"))
    assert set(answers) == set(paths)
    without = {reverse(f"cases:{name}") for name in ("robots", "opensearch", "about", "report", "report-sent")}
    for path, (status, headers, body, seconds) in answers.items():
        if path.startswith("/downloads/"):  # read from a folder
            continue
        assert status == (200 if path in without else 503), path
        assert seconds < 10, path
        if status == 503:
            assert int(headers["Retry-After"]) >= 1, path
            assert not [word for word in (*INSIDE, str(tmp_path)) if word in body], path
            assert "default-src 'none'" in headers["Content-Security-Policy"], path


def test_a_lost_connection_costs_no_more_than_a_503_and_heals_by_itself():
    parts = urlsplit(os.environ["DATABASE_URL"])
    url = parts._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    script = """
import os, psycopg
statuses = []
for n in range(12):
    if n in (2, 5):
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            (pid,) = cursor.fetchone()
        connection.close()
        with psycopg.connect(os.environ["DATABASE_URL"]) as other:
            other.execute("select pg_terminate_backend(%s)", [pid])
        time.sleep(0.2)
    statuses.append(ask("/cases.json?year=2018")[0])
print(json.dumps(statuses))
"""
    statuses = json.loads(run_site(script, url))
    assert set(statuses) <= {200, 503}
    assert statuses.count(503) <= 2
    assert statuses[-1] == statuses[0] == 200


# --- at length --------------------------------------------------------------------------------------------------------

KEYS = st.one_of(
    st.sampled_from([*PARAMETERS, *(f"{name}.not" for name in PARAMETERS), "q", "utm_source", "cursor", "version"]),
    st.text(max_size=12),
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["none", "2018", "anhui", "340000", "hacking", "1", "25", "newest", "arrest", "2018-09", "0"]),
    st.integers().map(str),
    st.floats().map(str),
    st.binary(max_size=12).map(lambda octets: octets.decode("latin-1")),
)


@pytest.mark.trust
@settings(max_examples=20_000, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(LISTS), st.lists(st.tuples(KEYS, TEXTS), max_size=6), st.booleans())
def test_no_random_query_breaks_a_list(client, path, pairs, raw):
    def written(text):
        return text.encode("latin-1", "replace").decode("latin-1") if raw else quote(text, errors="surrogatepass")

    query = "&".join(f"{written(key)}={written(value)}" for key, value in pairs)
    assert faults(ask(client, f"{path}?{query}".replace("#", "%23"))) == []
