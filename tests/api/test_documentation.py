"""The OpenAPI document says what holds for every endpoint; the pages work without the internet."""

import re

import orjson
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from fynlo.api.documentation import schema_document
from fynlo.api.errors import known_errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(till):
    return till.client.get("/api/schema").json()


def test_the_document_is_valid_and_comes_out_the_same_every_time(document):
    validate_schema(document)
    assert document["openapi"].startswith("3.1")
    again = SchemaGenerator(urlconf="tests.api.urls").get_schema(request=None, public=True)
    assert orjson.dumps(again) == orjson.dumps(document)


def test_every_operation_may_answer_with_a_problem(document):
    operations = [
        operation
        for path in document["paths"].values()
        for name, operation in path.items()
        if name != "parameters"
    ]
    assert len(operations) >= 10
    for operation in operations:
        assert operation["responses"]["default"] == {"$ref": "#/components/responses/Problem"}
    answer = document["components"]["responses"]["Problem"]
    assert list(answer["content"]) == ["application/problem+json"]


def test_requests_with_an_effect_name_their_key(document):
    ring = document["paths"]["/api/v1/ring"]["post"]
    (header,) = [item for item in ring["parameters"] if item["in"] == "header"]
    assert (header["name"], header["required"]) == ("Idempotency-Key", True)
    assert "parameters" not in document["paths"]["/api/v1/echo"]["post"]


def test_query_parameters_are_those_the_view_declares(document):
    bells = document["paths"]["/api/v1/bells"]["get"]
    names = [item["name"] for item in bells["parameters"] if item["in"] == "query"]
    assert names == ["after", "cursor", "fields", "id", "kind", "limit", "since"]
    (limit,) = [item for item in bells["parameters"] if item["name"] == "limit"]
    assert limit["schema"] == {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}


def test_what_answers_pages_is_called_a_list(document):
    assert document["paths"]["/api/v1/bells"]["get"]["operationId"] == "bells_list"
    assert document["paths"]["/api/v1/tagged"]["get"]["operationId"] == "tagged_retrieve"


def test_fields_say_their_form(document):
    line = document["components"]["schemas"]["LineRequest"]
    assert line["required"] == ["id", "quantity"]
    assert line["properties"]["price"]["properties"]["amount_minor"]["type"] == "integer"
    quantity = re.compile(line["properties"]["quantity"]["pattern"])
    assert quantity.match("0.250")
    assert not quantity.match("1e3")


def test_the_document_is_not_sent_again_to_who_has_it(till):
    first = till.client.get("/api/schema")
    again = till.client.get("/api/schema", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_document_of_one_url_configuration_is_not_anothers(till):
    assert schema_document("tests.api.urls") != schema_document("tests.observability.urls")


def test_the_reference_needs_no_other_host(till):
    page = till.client.get("/api/docs")
    assert page.status_code == 200
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.content.decode())
    files = [source for source in sources if source.startswith(settings.STATIC_URL)]
    assert len(files) >= 3
    for source in sources:
        assert source.startswith("/"), source
    for source in files:
        assert finders.find(source.removeprefix(settings.STATIC_URL)), source
    assert "<script>" not in page.content.decode()


def test_every_code_has_its_place_on_the_page_of_errors(till):
    page = till.client.get("/api/docs/errors").content.decode()
    codes = [kind.code for kind in known_errors()]
    assert len(codes) == len(set(codes)) > 20
    for code in codes:
        assert f'<tr id="{code}">' in page


def test_a_problem_points_to_its_place_on_that_page(till):
    address, _, code = till.get("/api/v1/fail/http404").json()["type"].partition("#")
    page = till.client.get(address)
    assert page.status_code == 200
    assert f'id="{code}"' in page.content.decode()
