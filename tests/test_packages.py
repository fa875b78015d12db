"""Data packages: whole, true, the same bytes for the same data, and never changed once they are there."""

import csv
import io
import json
import sqlite3
import subprocess
import sys
from hashlib import sha256
from threading import BoundedSemaphore
from zipfile import ZipFile

import frictionless
import pytest
from django.core.management import CommandError, call_command

from cases import records, sending
from cases.models import Announcement, Span, TextVersion
from cases.packages import build, changes, shelf, tables
from tests.factories import make_announcement, make_case, make_figure

pytestmark = pytest.mark.django_db
SITE = "https://archive.example.org"


@pytest.fixture
def folder(settings, tmp_path):
    settings.PACKAGES_DIR = tmp_path / "packages"
    return settings.PACKAGES_DIR


def built():
    package, is_new = build.build(SITE)
    assert is_new
    return package


def in_zip(package, name):
    with ZipFile(package.path(package.zip)) as archive:
        return archive.read(name)


def rows_of(package, table):
    return list(csv.DictReader(io.StringIO(in_zip(package, f"data/{table}.csv").decode(), newline=""), strict=True))


def query(package, sql, *parameters):
    with sqlite3.connect(package.path(package.sqlite)) as database:
        return database.execute(sql, parameters).fetchall()


# --- what is in them --------------------------------------------------------------------------------------------------


def test_it_is_a_data_package_that_names_what_it_holds(folder):
    package = built()
    report = frictionless.validate(str(package.path(package.zip)), type="package")
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:5]
    told = json.loads(in_zip(package, "datapackage.json"))
    assert {r["name"] for r in told["resources"]} == {*(t.name for t in tables.TABLES), "changes"}
    assert {name: len(rows_of(package, name)) for name in package.rows} == package.rows
    for name in ("README.md", "CODEBOOK.md", "CHANGES.md", "LICENSE.txt"):
        assert in_zip(package, name).strip()
    codebook = in_zip(package, "CODEBOOK.md").decode()
    assert all(f"| `{f.name}` |" in codebook for table in tables.TABLES for f in table.fields)


def test_a_broken_reference_is_found(folder, tmp_path):
    """The validation above can fail."""
    package = built()
    with ZipFile(package.path(package.zip)) as archive:
        archive.extractall(tmp_path / "open")
    path = tmp_path / "open" / "data" / "cases.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:50]))
    report = frictionless.validate(str(tmp_path / "open" / "datapackage.json"))
    found = {kind for (kind,) in report.flatten(["type"])}
    assert {"foreign-key", "byte-count", "hash-count"} <= found


def test_checksums_are_those_of_the_files(folder, tmp_path):
    package = built()
    with ZipFile(package.path(package.zip)) as archive:
        sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())
        assert set(sums) == set(archive.namelist()) - {"SHA256SUMS"}
        for name, digest in sums.items():
            assert sha256(archive.read(name)).hexdigest() == digest
    for held in package.files.values():
        content = package.path(held).read_bytes()
        assert (len(content), sha256(content).hexdigest()) == (held.size, held.sha256)


@pytest.mark.parametrize("table", records.TABLES)
def test_tables_are_those_of_the_site(client, folder, table):
    response = client.get(f"/{records.TABLES[table].address}.csv", HTTP_HOST="localhost")
    text = b"".join(response.streaming_content).decode().replace("http://localhost", SITE)
    own = sorted(csv.DictReader(io.StringIO(text, newline="")), key=lambda row: int(row["id"]))
    assert rows_of(built(), table) == own


def test_the_sqlite_file_holds_the_same(folder):
    package = built()
    assert query(package, "pragma integrity_check") == [("ok",)]
    assert query(package, "pragma foreign_key_check") == []
    for table in tables.TABLES:
        rows = rows_of(package, table.name)
        with sqlite3.connect(package.path(package.sqlite)) as database:
            database.row_factory = sqlite3.Row
            found = [dict(row) for row in database.execute(f"select * from {table.name} order by id")]
        assert len(found) == package.rows[table.name] == len(rows)
        for row, stored in zip(rows, found, strict=True):
            assert {f.name: as_cell(stored[f.name], f) for f in table.fields} == row
    assert package.rows["figures"] == query(package, "select count(*) from figures")[0][0] > 1000


def as_cell(value, field):
    if value is None:
        return ""
    if field.type == "list":
        return "; ".join(json.loads(value))
    if field.type == "boolean":
        return ("false", "true")[value]
    if field.type == "number":
        return f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return str(value)


def test_the_sqlite_file_is_searched_and_filtered_by_index(folder):
    package = built()
    (searched,) = query(package, "select count(*) from announcements_fts where announcements_fts match ?", '"Net 2018"')
    likely = query(package, "select count(*) from announcements where title || coalesce(title_zh, '') || "
                   "coalesce(abstract, '') like '%net 2018%'")  # fmt: skip
    assert searched == likely[0]
    assert searched[0] > 0
    plan = query(package, "explain query plan select * from figures where announcement_id = 1")
    assert "USING INDEX" in plan[0][3]
    metadata = json.loads(package.path(package.metadata).read_text())
    assert list(metadata["databases"]) == [package.sqlite.name.removesuffix(".sqlite")]


# --- only what is public ----------------------------------------------------------------------------------------------


def with_text(display, words, **fields):
    a = make_announcement(status="published", **fields)
    figure = make_figure(a, phrase="33,000 suspects")
    text = f"{words} begin. {'x' * 300} 33,000 suspects {'y' * 300} {words} end."
    version = TextVersion.objects.create(announcement=a, n=1, text=text, language="en", display=display)
    start = text.index("33,000")
    Span.objects.create(
        announcement=a, figure=figure, target="text", text_version=version, start=start, end=start + 15,
        phrase="33,000 suspects",
    )  # fmt: skip
    return a


def test_texts_are_shown_as_far_as_they_may(folder, commit):
    hidden, excerpt, full, redacted = (
        with_text(display, f"{name.title()}bird") for name, display in
        (("hidden", "hidden"), ("excerpt", "excerpt"), ("full", "full"), ("redacted", "full"))
    )  # fmt: skip
    draft = with_text("full", "Draftbird")
    Announcement.objects.filter(pk=draft.pk).update(status="draft")
    Span.objects.filter(announcement=redacted).delete()
    TextVersion.objects.filter(announcement=redacted).update(text="", redacted_reason="names a victim")
    commit()
    package = built()
    found = {int(row["announcement_id"]): row for row in rows_of(package, "passages")}
    assert set(found) & {hidden.pk, excerpt.pk, full.pk, redacted.pk, draft.pk} == {excerpt.pk, full.pk}
    assert found[full.pk]["whole"] == "true"
    assert found[full.pk]["text"].startswith("Fullbird begin.")
    assert found[excerpt.pk]["text"] == f"{'x' * 79} 33,000 suspects {'y' * 79}"
    for held in package.files.values():
        content = package.path(held).read_bytes()
        for word in (b"Hiddenbird", b"Excerptbird", b"Redactedbird", b"Draftbird"):
            assert word not in content
    with ZipFile(package.path(package.zip)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Fullbird" in everything
    assert not any(word in everything for word in (b"Hiddenbird", b"Excerptbird", b"Redactedbird", b"Draftbird"))


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_what_is_not_public_makes_no_new_package(folder, commit, status):
    package = built()
    a = make_announcement(title="Zeisigvogel")
    make_figure(a, case=make_case(a))
    Announcement.objects.filter(pk=a.pk).update(status=status)
    commit()
    assert build.build(SITE) == (package, False)
    assert [p.name for p in shelf.packages()] == [package.name]


# --- the same bytes, kept for ever ------------------------------------------------------------------------------------


def everything(package):
    return {path.name: path.read_bytes() for path in package.folder.iterdir()}


def test_the_same_data_are_the_same_bytes(settings, tmp_path, commit):
    found = []
    for name in ("one", "other"):
        settings.PACKAGES_DIR = tmp_path / name
        found.append(built())
    assert everything(found[0]) == everything(found[1])
    make_figure(make_announcement(status="published", title="One more"))
    commit()
    for name in ("one", "other"):
        settings.PACKAGES_DIR = tmp_path / name
        found.append(built())
    assert everything(found[2]) == everything(found[3])
    assert everything(found[2]) != everything(found[0])


def test_a_new_package_says_what_has_changed_and_leaves_the_old_ones(folder, commit):
    first = built()
    before = everything(first)
    assert "first package" in in_zip(first, "CHANGES.md").decode()
    assert in_zip(first, "changes.csv").decode() == "table,id,change,fields\r\n"
    a = make_announcement(status="published", title="One more")
    make_figure(a)
    changed = Announcement.objects.published().exclude(pk=a.pk).order_by("pk").first()
    changed.title = "Another title"
    changed.save()
    gone = Announcement.objects.published().order_by("pk").last()
    if gone == a:
        gone = Announcement.objects.published().order_by("pk").exclude(pk=a.pk).last()
    Announcement.objects.filter(pk=gone.pk).update(status="withdrawn")
    commit()
    second = built()
    assert second.name != first.name
    assert everything(first) == before
    assert shelf.packages() == [second, first]
    told = {
        (row["table"], row["id"]): row for row in csv.DictReader(io.StringIO(in_zip(second, "changes.csv").decode()))
    }
    assert told["announcements", str(a.pk)]["change"] == changes.ADDED
    assert told["announcements", str(gone.pk)]["change"] == changes.REMOVED
    assert told["announcements", str(changed.pk)] == {
        "table": "announcements", "id": str(changed.pk), "change": changes.CHANGED, "fields": "title",
    }  # fmt: skip
    assert f"Since {first.name}." in in_zip(second, "CHANGES.md").decode()
    assert "| announcements | 1 | 1 | 1 |" in in_zip(second, "CHANGES.md").decode()
    report = frictionless.validate(str(second.path(second.zip)), type="package")
    assert report.valid


# --- whole or not at all ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["_documents", "_zipped", "_place"])
def test_a_build_that_breaks_off_leaves_nothing_to_see(client, folder, monkeypatch, step):
    first = built()
    make_announcement(status="published")

    def killed(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(build, step, killed)
    monkeypatch.setattr(build.shutil, "rmtree", lambda *_args, **_options: None)  # nor is anything tidied up
    with pytest.raises(KeyboardInterrupt):
        build.build("https://other.example.org")
    monkeypatch.undo()
    assert list(folder.glob(".building-*"))
    assert shelf.packages() == [first]
    page = client.get("/downloads/").content.decode()
    assert page.count("<section") == 1
    package, is_new = build.build("https://other.example.org")
    assert is_new
    assert list(folder.glob(".building-*")) == []
    assert shelf.packages() == [package, first]


def test_two_are_not_built_at_once(folder):
    folder.mkdir()
    lock = subprocess.Popen(
        [sys.executable, "-c", "import fcntl,sys;f=open(sys.argv[1],'w');fcntl.flock(f,2);print(1,flush=True);input()",
         str(folder / ".lock")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    lock.stdout.readline()
    with pytest.raises(CommandError, match="another package is being built"):
        call_command("build_release")
    lock.communicate(b"\n")
    call_command("build_release")
    assert len(shelf.packages()) == 1


def test_a_package_is_never_written_over(folder, tmp_path):
    package = built()
    other = tmp_path / "other"
    other.mkdir()
    (other / "file").write_text("other")
    before = everything(package)
    with pytest.raises(OSError, match="not empty"):
        build._place(other, package.folder)
    assert everything(package) == before


# --- over HTTP --------------------------------------------------------------------------------------------------------


def test_files_come_whole_and_named(client, folder):
    package = built()
    for held in package.files.values():
        path = f"/downloads/{package.name}/{held.name}"
        response = client.get(path)
        body = b"".join(response.streaming_content)
        assert (sha256(body).hexdigest(), response["Content-Length"]) == (held.sha256, str(held.size))
        assert response["ETag"] == f'"{held.sha256}"'
        assert f'filename="{held.name}"' in response["Content-Disposition"]
        assert "immutable" in response["Cache-Control"]
        assert client.get(path, HTTP_IF_NONE_MATCH=response["ETag"]).status_code == 304
        head = client.head(path)
        assert (head["Content-Length"], head.content) == (str(held.size), b"")
        page = client.get("/downloads/").content.decode()
        assert path in page
        assert held.sha256 in page
    assert client.get("/downloads/latest.zip")["Location"] == f"/downloads/{package.name}/{package.zip.name}"
    assert client.get("/downloads/latest.sqlite")["Location"] == f"/downloads/{package.name}/{package.sqlite.name}"


def part_of(client, path, asked, **headers):
    response = client.get(path, HTTP_RANGE=asked, **headers)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response, body


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=10-99", 10, 99), ("Bytes= 70000-", 70_000, None), ("bytes=-1", -1, None),
     ("bytes=5-99999999999", 5, None), ("bytes=-99999999999", 0, None), ("bytes=65536-65536", 65_536, 65_536)],
)  # fmt: skip
def test_a_part_of_a_file_is_given_to_whoever_has_the_rest(client, folder, asked, first, last):
    package = built()
    path = f"/downloads/{package.name}/{package.zip.name}"
    whole = package.path(package.zip).read_bytes()
    assert len(whole) > 80_000
    first = first if first >= 0 else len(whole) + first
    last = len(whole) - 1 if last is None else last
    for headers in ({}, {"HTTP_IF_RANGE": f'"{package.zip.sha256}"'}):
        response, body = part_of(client, path, asked, **headers)
        assert (response.status_code, body == whole[first : last + 1]) == (206, True)
        assert response["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"
        assert response["Content-Length"] == str(last - first + 1)
        assert response["ETag"] == f'"{package.zip.sha256}"'


@pytest.mark.parametrize(
    ("asked", "headers"),
    [
        ("bytes=10-99", {"HTTP_IF_RANGE": '"another"'}),
        ("bytes=10-99", {"HTTP_IF_RANGE": "W/{tag}"}),  # weak: it may be another file
        ("bytes=10-99", {"HTTP_IF_RANGE": "Wed, 26 Nov 2025 10:00:00 GMT"}),
        *((asked, {}) for asked in ("", "bytes=", "bytes=-", "bytes=9-8", "bytes=0-1,3-4", "lines=0-9", "bytes=a-b",
                                    "bytes=٣-٤", "bytes=-1-2", f"bytes={'9' * 5000}-")),
    ],
)  # fmt: skip
def test_what_is_no_part_of_this_very_file_is_answered_whole(client, folder, asked, headers):
    package = built()
    headers = {name: value.replace("{tag}", f'"{package.zip.sha256}"') for name, value in headers.items()}
    response, body = part_of(client, f"/downloads/{package.name}/{package.zip.name}", asked, **headers)
    assert (response.status_code, len(body)) == (200, package.zip.size)
    assert response["Accept-Ranges"] == "bytes"
    assert "Content-Range" not in response


def test_bytes_beyond_the_end_are_refused(client, folder):
    package = built()
    path, size = f"/downloads/{package.name}/{package.zip.name}", package.zip.size
    for asked in (f"bytes={size}-", f"bytes={size}-{size + 1}", "bytes=-0"):
        response, _body = part_of(client, path, asked)
        assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{size}")
    # Who has the file already is told so first; and only GET knows parts.
    assert client.get(path, HTTP_RANGE="bytes=0-9", HTTP_IF_NONE_MATCH=f'"{package.zip.sha256}"').status_code == 304
    head = client.head(path, HTTP_RANGE="bytes=0-9")
    assert (head.status_code, head["Content-Length"], head["Accept-Ranges"]) == (200, str(size), "bytes")


def test_a_file_that_was_cut_goes_on_where_it_ended(client, folder):
    package = built()
    for held in package.files.values():
        path, whole = f"/downloads/{package.name}/{held.name}", b""
        while len(whole) < held.size:
            response, body = part_of(client, path, f"bytes={len(whole)}-{len(whole) + held.size // 3}",
                                     HTTP_IF_RANGE=f'"{held.sha256}"')  # fmt: skip
            assert response.status_code == 206
            whole += body
        assert sha256(whole).hexdigest() == held.sha256


@pytest.mark.parametrize(
    "path",
    ["2000-01-02/archive-2000-01-02.zip", "../packages/x", "2000-01-01/manifest.json", "2000-01-01/..%2fmanifest.json",
     ".lock/x", ".building-1/x", "2000-01-01%00/x", "２０００-01-01/archive-2000-01-01.zip"],
)  # fmt: skip
def test_nothing_else_is_given(client, path):
    assert client.get(f"/downloads/{path}").status_code == 404


def test_without_a_package_the_page_says_so(client, folder):
    assert "No package has been built yet" in client.get("/downloads/").content.decode()
    assert client.get("/downloads/latest.zip").status_code == 404


def test_places_for_readers_are_those_of_files(client, folder, monkeypatch):
    package = built()
    monkeypatch.setattr(sending, "SLOTS", BoundedSemaphore(1))
    path = f"/downloads/{package.name}/{package.zip.name}"
    held = client.get(path)
    assert client.get(path).status_code == 503
    b"".join(held.streaming_content)
    b"".join(client.get(path).streaming_content)


def test_a_package_of_long_ago_is_readable(client):
    assert [p.name for p in shelf.packages()] == ["2000-01-01"]
    assert b"".join(client.get("/downloads/latest.zip", follow=True).streaming_content).startswith(b"PK")
