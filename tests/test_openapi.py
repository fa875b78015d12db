"""The OpenAPI document: true of every address, of what it takes and of what it answers."""

import re
from urllib.parse import urlsplit

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.urls import get_resolver
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi_checks
from schemathesis.specs.openapi.checks import JsonSchemaError

from cases import records
from cases.citation import FORMATS as CITATIONS
from cases.exports import FORMATS
from cases.search.parameters import OF_PAGES, PARAMETERS, of_kind
from cases.search.vocabulary import Vocabulary
from tests.factories import make_announcement

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(client):
    return client.get("/api/openapi.json").json()


@pytest.fixture
def _kept_connection(document):
    """Keep the connection of the test, which the end of a request would close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def served(document):
    """Return a document as schemathesis asks the site by it."""
    schema = schemathesis.openapi.from_dict(document)
    schema.app = get_wsgi_application()
    return schema


def test_it_is_an_openapi_document(document):
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_it_says_where_it_is_and_is_kept_until_something_changes(client, commit):
    first = client.get("/api/openapi.json", HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert first.json()["servers"] == [{"url": "http://localhost"}]
    assert first["Access-Control-Allow-Origin"] == "*"
    assert first.json()["info"]["title"] == "Archive of Enforcement Announcements"
    again = client.get("/api/openapi.json", HTTP_HOST="localhost", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    make_announcement(status="published")
    commit()
    assert client.get("/api/openapi.json", HTTP_IF_NONE_MATCH=first["ETag"], HTTP_HOST="localhost").status_code == 200


# Addresses for machines rather than for programs that read data.
NOT_DATA = {"robots.txt"}


def test_every_address_for_programs_is_told_and_no_other(document):
    found = set()
    for pattern in next(p for p in get_resolver().url_patterns if getattr(p, "app_name", "") == "cases").url_patterns:
        route = str(pattern.pattern)
        if route == "<file:name>":
            files = [f"/{table.address}{suffix}" for table in records.TABLES.values() for suffix in FORMATS]
            found |= {name + end for name in files for end in ("", ".sha256")}
        elif route.endswith(".<cite:end>"):
            record = re.sub("<(?:[a-z]+:)?([a-z]+)>", r"{\1}", route.replace("int:pk", "id"))
            found |= {f"/{record.removesuffix('{end}')}{end}" for end in CITATIONS}
        elif "." in route and route not in NOT_DATA:
            found.add("/" + re.sub("<(?:[a-z]+:)?([a-z]+)>", r"{\1}", route.replace("int:pk", "id")))
    assert set(document["paths"]) == found


def test_every_parameter_is_told_where_it_is_taken(document):
    for table in records.TABLES.values():
        expected = {p.name for p in of_kind(table.kind)}
        expected |= {f"{p.name}.not" for p in of_kind(table.kind) if p.facet}
        assert taken(document, f"/{table.address}.csv") == expected - set(OF_PAGES)
        if table.name == table.kind:
            assert taken(document, f"/{table.address}.json") == expected
    assert set(PARAMETERS) <= {p["name"] for p in document["components"]["parameters"].values()}


def taken(document, path):
    names = [p["$ref"].rpartition("/")[2] for p in document["paths"][path]["get"]["parameters"]]
    return {document["components"]["parameters"][name]["name"] for name in names}


def test_every_value_is_told_and_taken(client, document):
    """All values of a vocabulary are in the document, and a list takes each."""
    vocabulary = Vocabulary()
    told = document["components"]["parameters"]
    for name in ("province", "crime_type", "campaign", "publisher", "measure", "unit", "qualifier", "kind", "language"):
        values = told[name]["schema"]["items"]["enum"]
        assert set(values) - {"none"} == set(vocabulary.nodes(name))
        assert ("none" in values) == PARAMETERS[name].has_none
        for start in range(0, len(values), 50):
            response = client.get("/figures.json", {name: values[start : start + 50], "per_page": 25})
            assert response.status_code == 200, response.content


def test_every_field_is_told_with_its_type(document):
    for table in records.TABLES.values():
        schema = document["components"]["schemas"][table.name]
        assert list(schema["properties"]) == schema["required"] == table.columns
    assert document["components"]["schemas"]["figures"]["properties"]["value"]["type"] == ["number", "null"]


@pytest.mark.usefixtures("_kept_connection")
def test_the_first_and_last_page_of_every_list_is_as_told(document):
    """Every record of the collection fits its schema; schemathesis sees those that its questions happen to find."""
    schema = served(document)
    for kind in ("announcements", "cases", "figures"):
        operation = schema[f"/{kind}.json"]["GET"]
        answer = operation.Case(query={"per_page": 100, "facets": 1}).call()
        while True:
            operation.validate_response(answer)
            assert answer.status_code == 200
            following = answer.json()["next"]
            if not following:
                break
            query = dict(pair.split("=") for pair in urlsplit(following).query.split("&"))
            answer = operation.Case(query=query).call()


@pytest.mark.usefixtures("_kept_connection")
def test_a_false_document_would_be_found(document):
    document["components"]["schemas"]["cases"]["properties"]["number"]["type"] = "string"
    operation = served(document)["/cases.json"]["GET"]
    with pytest.raises(JsonSchemaError, match="is not of type"):
        operation.validate_response(operation.Case().call())


# --- whatever the document allows to be asked, and what it does not ---------------------------------------------------

CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
]


def operations(document):
    return [found.ok() for found in served(document).get_all_operations()]


def ask_whatever_is_allowed(operation, examples):
    """Put questions to an address that its description allows, and some that it does not; check every answer."""
    for mode in GenerationMode:

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def ask(case):
            case.call_and_validate(checks=CHECKS)

        try:
            ask()
        except Unsatisfiable:  # what takes nothing cannot be asked wrongly
            assert mode == GenerationMode.NEGATIVE


@pytest.mark.usefixtures("_kept_connection")
def test_answers_are_as_told(document):
    for operation in operations(document):
        ask_whatever_is_allowed(operation, examples=3 if operation.path.endswith(".json") else 1)


@pytest.mark.usefixtures("_kept_connection")
@pytest.mark.trust
def test_answers_to_many_questions_are_as_told(document):
    for operation in operations(document):
        ask_whatever_is_allowed(operation, examples=40)


def test_only_reading_is_allowed(client, document):
    for path in document["paths"]:
        for method in ("post", "put", "patch", "delete"):
            address = path.format(id=1, kind="pages", n=1, slug="net-net-2018")
            assert getattr(client, method)(address).status_code == 405
