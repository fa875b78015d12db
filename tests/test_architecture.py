"""The layers: a module imports from its own layer or a lower one. What the archive knows needs nobody who asks."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Which module stands where; `docs/architecture.md` tells why. The first pattern that fits a module decides.
LAYERS = {
    # Plain Python: rules, readers and recognisers. No models, no database.
    0: r"cases\.(cells|charts|choices|claims|comparing|comparison|differences|evidence|fingerprints|fulltext)"
    r"|cases\.(highlights|intervals|marking|numerals|partial_dates|public_fields|ranges|reconcile|relations|verdict_words|squash)"
    r"|cases\.api_examples"
    r"|cases\.extraction(\..*)?|cases\.gazetteer|cases\.gazetteer\.index"
    r"|cases\.importing|cases\.importing\.(csv_rows|documents|files|json_rows|limits|positions|reader|workbook_rows)",
    # The data.
    1: r"cases\.wording|cases\.models(\..*)?",
    # What the archive does.
    2: r"cases\.(across_years|assist|captions|citation|coverage|data_version|drafts|duplicates|exports)"
    r"|cases\.(in_place|lookups|methodology|pages|public_claims|publishing|records|releases|sitemaps|texts|verdicts|verify)"
    r"|cases\.(versions|workbooks)"
    r"|cases\.(openapi|openapi_schemas|packages(\..*)?)"
    r"|cases\.(changes|corrections|limits|permissions|queue|tombstones|workflow)"
    r"|cases\.(discrepancies|side_by_side)"
    r"|cases\.(search|importing|gazetteer)(\..*)?",
    # Who asks.
    3: r"cases\.(api|compare|compare_page|citing|downloads|feeds|forms|ledger|middleware|problems|reporting|uploads)"
    r"|cases\.(data_packages|reference|sending|verdict_pages)"
    r"|cases\.(admin|desk|forms|templatetags|views)(\..*)?",
    # What holds it together.
    4: r"cases|cases\.(apps|checks|urls)|cases\.management(\..*)?|archive(\..*)?",
}
# Layer 0 may take these from Django: they know no database.
HARMLESS = re.compile(r"django\.utils(\..*)?|django\.db\.models\.TextChoices")
MOST_LINES = 400


@cache
def modules() -> dict[str, Path]:
    """Return every module of the site by its dotted name; migrations are a record, not code."""
    found = {}
    for package in ("cases", "archive"):
        for path in (ROOT / package).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if not name.startswith("cases.migrations"):
                found[name] = path
    return found


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


def layer(name: str) -> int | None:
    return next((n for n, pattern in LAYERS.items() if re.fullmatch(pattern, name)), None)


def imports(name: str) -> Iterator[str]:
    """Yield what a module imports, wherever in it: modules by name, members as `module.member`."""
    package = name if modules()[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def own_imports(name: str) -> Iterator[str]:
    """Yield the modules of the site that a module imports."""
    for imported in imports(name):
        parts = imported.split(".")
        for n in range(len(parts), 0, -1):
            if ".".join(parts[:n]) in modules():
                yield ".".join(parts[:n])
                break


def all_modules() -> list[str]:
    return sorted(modules())


@pytest.mark.parametrize("name", all_modules())
def test_has_its_layer(name):
    assert layer(name) is not None, f"{name} has no layer yet: give it one in LAYERS, and say why in the architecture"


def test_layers_name_only_what_there_may_be():
    """The rule itself is sound: what is imported by everybody is not above what imports it."""
    assert layer("cases.importing.reader") == 0
    assert layer("cases.importing.importer") == 2
    assert layer("cases.models.figure") == 1
    assert layer("cases.views") == 3
    assert layer("cases.gazetteer.loader") == 2
    assert layer("cases.management.commands.import_records") == 4
    assert layer("cases.something_new") is None


@pytest.mark.parametrize("name", all_modules())
def test_imports_from_its_own_layer_or_lower(name):
    too_high = sorted({f"{other} (layer {layer(other)})" for other in own_imports(name) if layer(other) > layer(name)})
    assert too_high == []


@pytest.mark.parametrize("name", [name for name in all_modules() if layer(name) == 0])
def test_layer_0_knows_no_database(name):
    of_django = {imported for imported in imports(name) if imported.startswith(("django", "pghistory", "pgtrigger"))}
    assert {imported for imported in of_django if not HARMLESS.fullmatch(imported)} == set()


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return a way round for each module that imports itself by way of others."""
    found = []

    def follow(path: list[str]) -> None:
        for following in sorted(graph[path[-1]]):
            if following == path[0]:
                found.append([*path, following])
            elif following not in path and following > path[0]:
                follow([*path, following])

    for name in graph:
        follow([name])
    return found


def test_no_module_imports_itself_by_way_of_others():
    graph = {name: {other for other in own_imports(name) if other != name} for name in modules()}
    assert circles(graph) == []


@pytest.mark.parametrize("name", all_modules())
def test_imports_stand_at_the_top(name):
    """An import inside a function hides a layer that is wrong."""
    inside = [
        f"line {node.lineno}"
        for function in ast.walk(tree(name))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


@pytest.mark.parametrize("name", all_modules())
def test_imports_by_full_name(name):
    relative = [node.lineno for node in ast.walk(tree(name)) if isinstance(node, ast.ImportFrom) and node.level]
    stars = [
        node.lineno
        for node in ast.walk(tree(name))
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]
    assert (relative, stars) == ([], [])


@pytest.mark.parametrize("name", [name for name, path in sorted(modules().items()) if path.name == "__init__.py"])
def test_packages_are_empty_but_for_models_and_admin(name):
    if name not in ("cases.models", "cases.admin"):
        assert modules()[name].read_text(encoding="utf-8").strip() == ""


@pytest.mark.parametrize("name", all_modules())
def test_no_module_is_too_long(name):
    lines = modules()[name].read_text(encoding="utf-8").count("\n")
    assert lines <= MOST_LINES, "what can be named by itself goes into a module of its own"


@pytest.mark.parametrize("name", [name for name in all_modules() if modules()[name].name != "__init__.py"])
def test_says_what_it_is_for(name):
    if name != "archive.wsgi":
        assert ast.get_docstring(tree(name)), "a module begins with a sentence on what is in it"
