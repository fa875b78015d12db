"""The documents say what the code does: variables, targets, commands, members of files, rules, addresses, links."""

import csv
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from cases import choices, intervals, partial_dates, records
from cases.importing import reader
from cases.search.parameters import DISCREPANCIES, EVERYWHERE, PARAMETERS
from tests import test_architecture

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("README.md", "CHANGELOG.md", "docs/*.md", "fixtures/collection/README.md")
DOCS = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for name in NAMES for path in sorted(ROOT.glob(name))
}
README = DOCS["README.md"]
METHODOLOGY = DOCS["docs/methodology.md"]


def section(text, heading):
    """Return what stands under a heading, without what stands under the headings below it."""
    found = re.search(rf"^(#+) {re.escape(heading)}$\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no heading {heading}"
    return found[2]


def tables(text):
    """Return the rows of all tables, as lists of cells, without heads."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]
    heads = {i - 1 for i, row in enumerate(cells) if set("".join(row)) <= set("-: ")}
    return [row for i, row in enumerate(cells) if i not in heads and i - 1 not in heads]


def code(cell):
    """Return what stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


# --- variables, targets, commands -------------------------------------------------------------------------------------


def variables_read():
    found = set()
    for name in ("archive/settings.py", "archive/gunicorn.py", "devdb.py"):
        text = (ROOT / name).read_text(encoding="utf-8")
        found |= set(re.findall(r"""environ(?:\.get\(|\[)\s*["']([A-Z][A-Z_]+)""", text))
        found |= set(re.findall(r"""env_[a-z]+\(\s*["']([A-Z][A-Z_]+)""", text))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    own = set(re.findall(r"^([A-Z_]+) = ", makefile, re.MULTILINE))
    return found | set(re.findall(r"\$\(([A-Z_]+)\)", makefile)) - own


def test_every_variable_is_in_the_readme_and_no_other():
    rows = tables(section(README, "Configuration"))
    assert {"DATABASE_URL", "PORT", "YES"} <= variables_read()
    assert {code(row[0])[0] for row in rows} == variables_read()
    assert all(row[2] for row in rows)


@pytest.mark.parametrize("name", ["HOST", "PORT", "WEB_CONCURRENCY", "DATABASE_POOL", "STATEMENT_TIMEOUT_MS"])
def test_defaults_are_those_of_the_code(name):
    stated = next(row[1] for row in tables(section(README, "Configuration")) if code(row[0]) == [name])
    sources = "".join((ROOT / path).read_text() for path in ("archive/settings.py", "archive/gunicorn.py"))
    found = re.search(rf"""["']{name}["']\)? or ["']?([\w.]+)|["']{name}["'], (\d+)""", sources)
    assert found
    assert stated == (found[1] or found[2])


def test_every_make_target_is_told():
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert "run" in targets
    told = {word for text in DOCS.values() for word in re.findall(r"\bmake ([a-z]+)", text)}
    assert set(targets) - {"help"} <= told
    assert {word for text in DOCS.values() for word in re.findall(r"`make ([a-z]+)", text)} <= set(targets)


def test_every_command_is_told():
    own = {name for name, app in get_commands().items() if app == "cases"}
    told = {name for row in tables(section(DOCS["docs/operations.md"], "Commands")) for name in code(row[0])}
    assert own <= {name.split()[0] for name in told}


def test_every_command_shown_exists():
    known = set(get_commands())
    for name, text in DOCS.items():
        for command in re.findall(r"manage\.py ([a-z_]+)", text):
            assert command in known, f"{name}: {command}"


# --- files of records -------------------------------------------------------------------------------------------------

MEMBERS = {
    "Record": reader.RECORD,
    "Publisher": reader.PUBLISHER,
    "Release": reader.RELEASE,
    "Campaign": reader.CAMPAIGN,
    "Figure": reader.FIGURE,
    "Case": reader.CASE,
    "Place of a case": reader.CASE_PLACE,
}


@pytest.mark.parametrize("heading", MEMBERS)
def test_every_member_is_told_in_its_order(heading):
    rows = tables(section(DOCS["docs/interchange.md"], heading))
    assert [code(row[0])[0] for row in rows] == list(MEMBERS[heading].types)
    assert {code(row[0])[0] for row in rows if row[1] == "if set"} == MEMBERS[heading].optional
    assert all(row[2] for row in rows)


def test_no_kind_of_object_is_left_out():
    kinds = [value for value in vars(reader).values() if isinstance(value, reader.Members)]
    assert all(any(value is told for told in MEMBERS.values()) for value in kinds)


def test_the_example_is_a_record():
    example = re.search(r"```json\n(.*?)```", DOCS["docs/interchange.md"], re.DOTALL)
    record = json.loads(example[1])
    assert list(reader.shape_problems(record)) == []
    real = json.loads((ROOT / "fixtures" / "collection" / f"{record['key']}.json").read_text(encoding="utf-8"))
    shortened = {"abstract": real["abstract"], "figures": real["figures"][: len(record["figures"])]}
    assert record | {"abstract": real["abstract"]} == real | shortened


@pytest.mark.parametrize(
    ("heading", "member", "values"),
    [
        ("Record", "kind", choices.AnnouncementKind),
        ("Record", "language", choices.Language),
        ("Record", "translation", choices.Translation),
        ("Record", "role", choices.ReportRole),
        ("Publisher", "kind", choices.PublisherKind),
        ("Figure", "qualifier", choices.Qualifier),
        ("Place of a case", "role", choices.PlaceRole),
    ],
)
def test_every_value_of_a_closed_list_is_told(heading, member, values):
    rows = tables(section(DOCS["docs/interchange.md"], heading))
    meaning = next(row[2] for row in rows if code(row[0]) == [member])
    assert set(values.values) <= set(code(meaning))


# --- rules ------------------------------------------------------------------------------------------------------------


def in_digits(number):
    return Decimal(number.replace(",", ""))


def test_intervals_of_the_examples_follow_the_rule():
    rows = tables(section(METHODOLOGY, "Examples from the collection"))
    assert len(rows) >= 10
    for key, phrase, value, step, shown in rows:
        record = json.loads((ROOT / "fixtures" / "collection" / f"{key}.json").read_text(encoding="utf-8"))
        figure = next(f for f in record["figures"] if f["phrase"] == phrase)
        assert in_digits(value) == Decimal(str(figure["value"])), phrase
        read = Decimal(str(figure["step"])) if "step" in figure else intervals.step_for(phrase, in_digits(value))
        assert read == in_digits(step), phrase
        signed = figure["unit"] == "percent"
        found = intervals.interval(in_digits(value), figure["qualifier"], read, None, phrase, signed=signed)
        assert str(found) == shown, phrase


def test_words_of_several_are_those_of_the_table():
    rows = tables(section(METHODOLOGY, '"Several"'))
    assert len(rows) >= 10
    for words, shown in rows:
        for word in words.split(", "):
            assert str(intervals.several_interval(word)) == shown, word


def test_dates_are_read_and_shown_as_told():
    rows = tables(section(METHODOLOGY, "How a date is read"))
    assert len(rows) >= 8
    for written, shown, first, last in rows:
        parsed = partial_dates.parse(written)
        assert partial_dates.display(written) == shown
        assert parsed.earliest == (date.fromisoformat(first) if first else None), written
        assert parsed.latest == (date.fromisoformat(last) if last else None), written


def test_every_qualifier_is_told():
    labels = {str(label) for label in choices.Qualifier.labels}
    assert {row[0] for row in tables(section(METHODOLOGY, "How a number is read"))} == labels
    assert labels <= {row[0] for row in tables(section(DOCS["docs/editors.md"], "6. Figures"))}


def test_every_role_of_a_place_is_told():
    rows = tables(section(DOCS["docs/editors.md"], "5. Typical cases"))
    assert {row[0] for row in rows} == {str(label) for label in choices.PlaceRole.labels}


def test_numbers_of_the_collection_are_true():
    records_ = [json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "fixtures/collection").glob("*.json")]
    counts = {
        "announcements": len(records_),
        "documents": len(records_),
        "figures": sum(len(record["figures"]) for record in records_),
        "typical cases": sum(len(record["cases"]) for record in records_),
        "crime types": len(list(csv.DictReader((ROOT / "fixtures/crime_types.csv").open(encoding="utf-8")))),
        "measures": len(list(csv.DictReader((ROOT / "fixtures/measures.csv").open(encoding="utf-8")))),
        "places of China": len(list(csv.DictReader((ROOT / "fixtures/gazetteer.csv").open(encoding="utf-8")))),
    }
    for name in ("README.md", "CHANGELOG.md", "docs/methodology.md", "docs/operations.md"):
        for stated, what in re.findall(rf"([0-9][0-9,]{{1,}}) ({'|'.join(counts)})\b", DOCS[name]):
            if int(in_digits(stated)) >= 40:
                assert in_digits(stated) == counts[what], f"{name}: {stated} {what}"
    assert f"{counts['announcements']} announcements" in README


# --- the codebook -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=list(PARAMETERS))
def test_every_parameter_is_described(parameter):
    assert str(parameter.label)
    assert str(parameter.description).endswith(".")
    assert str(parameter.values)
    assert parameter.kinds
    assert set(parameter.kinds) <= {*EVERYWHERE, DISCREPANCIES}


@pytest.mark.parametrize("table", records.TABLES.values(), ids=list(records.TABLES))
def test_every_field_is_described_in_both_languages(table):
    assert len(set(table.columns)) == len(table.columns)
    for field in table.fields:
        assert field.label_en, field.name
        assert re.search("[\u4e00-\u9fff]", field.label_zh), field.name
        assert re.fullmatch(r"[a-z][a-z0-9_]*", field.name)
        assert len(field.description) > 5, field.name
        assert field.description.endswith((".", "…")), field.name


# --- the architecture -------------------------------------------------------------------------------------------------


def told_layers():
    block = re.search(r"```\n(0  .*?)```", DOCS["docs/architecture.md"], re.DOTALL)[1]
    told, number = {}, 0
    for line in block.splitlines():
        if line[0].isdigit():
            number = int(line[0])
        names = line[3:].split("   ")[0].split()
        told.update(dict.fromkeys(names, number))
    return told


def test_layers_are_those_that_are_held():
    told = told_layers()
    for name in test_architecture.all_modules():
        own = name.removeprefix("cases.").replace(".", "/")
        if "/" not in own and (ROOT / "cases" / own).is_dir():
            continue  # the package's own file
        found = [told[key] for key in (own, f"{own.partition('/')[0]}/*") if key in told]
        if name != "cases":
            assert found, f"{name} is not among the layers of docs/architecture.md"
            assert found[0] == test_architecture.layer(name), name


# --- links, addresses, names ------------------------------------------------------------------------------------------


def anchor(heading):
    """Return the anchor that a heading gets."""
    plain = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading.strip().lower()))
    return plain.replace(" ", "-")


@pytest.mark.parametrize("name", DOCS)
def test_links_lead_somewhere(name):
    for target in re.findall(r"\]\(([^)\s]+)\)", DOCS[name]):
        if re.match(r"[a-z]+:", target):
            assert target.startswith("https://"), target
            continue
        path, _hash, wanted = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        assert file.exists(), f"{name}: {target}"
        if wanted:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert wanted in map(anchor, headings), f"{name}: {target}"


def test_no_document_is_out_of_reach():
    linked = {(ROOT / name).parent / target for name in DOCS for target in re.findall(r"\]\(([^)#\s]+)", DOCS[name])}
    reached = {path.resolve() for path in linked}
    for name in set(DOCS) - {"README.md"}:
        assert (ROOT / name).resolve() in reached, name
    for image in (ROOT / "docs" / "images").glob("*"):
        assert image.resolve() in reached, image.name
        assert image.stat().st_size <= 250_000, image.name


FILES = ("etc/", "srv/", "var/", "root", "opt/", "usr/", "dev/")


@pytest.mark.parametrize("name", DOCS)
def test_addresses_exist(name):
    """Every address in backticks or on this machine is one of the site; `<…>` stands for a number or a name."""
    found = set(re.findall(r"`(/[^`\s]*)`", DOCS[name]))
    found |= set(re.findall(r"http://127\.0\.0\.1:\d+(/[^\s'`>)]*)", DOCS[name]))
    for address in found:
        path = re.sub("<[^>]+>", "1", address.partition("?")[0])
        if path[1:].startswith(FILES) or path == "/":
            continue
        try:
            resolve(path)
        except Resolver404:
            pytest.fail(f"{name}: {address}")


@pytest.mark.django_db
@pytest.mark.parametrize("name", DOCS)
def test_questions_in_addresses_are_answered(client, name):
    for address in set(re.findall(r"(?<![\w/])(/(?:announcements|cases|figures)[\w./]*\?[^\s'`\")]+)", DOCS[name])):
        assert client.get(address).status_code == 200, f"{name}: {address}"


@pytest.mark.parametrize("name", DOCS)
def test_no_path_of_somebodys_machine(name):
    assert not re.findall(r"(?<![\w.])/(?:home|Users|tmp|work|mnt)/\S+", DOCS[name])


@pytest.mark.parametrize("name", DOCS)
def test_files_that_are_named_exist(name):
    """Names in backticks that look like files of the project are files of the project."""
    made = ("var/", "texts/", "new/", ".venv", "staticfiles/")
    for mention in re.findall(r"`([\w./-]+/[\w./-]*\.(?:py|sql|md|csv|json|html|css|js))`", DOCS[name]):
        if mention.startswith(("/", *made)):
            continue
        places = [ROOT / mention, ROOT / "cases" / mention, (ROOT / name).parent / mention]
        assert any(place.exists() for place in places), f"{name}: {mention}"
