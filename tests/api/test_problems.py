"""Every failure is a problem document that says what the caller may know, and nothing else."""

import re

import pytest
from django.db import connection

from fynlo.api import storage_errors
from fynlo.core.errors import Conflict
from fynlo.core.tenancy import tenant_context

pytestmark = pytest.mark.django_db

UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def test_a_problem_names_its_code_and_the_request(till):
    answer = till.get("/api/v1/fail/http404")
    body = answer.json()
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert UUID7.fullmatch(body["instance"])
    assert answer["X-Request-ID"] == body.pop("instance")
    assert body == {
        "type": "/api/docs/errors#not_found",
        "title": "There is no such thing here",
        "status": 404,
        "code": "not_found",
        "detail": "There is no such thing here",
    }


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("denied", 403, "forbidden"),
        ("suspicious", 400, "invalid_input"),
        ("crash", 500, "internal_error"),
        ("nonsense", 500, "internal_error"),
        ("null", 500, "internal_error"),
        ("redis", 503, "redis_unavailable"),
        ("slow", 503, "database_timeout"),
        ("locked", 503, "database_busy"),
        ("deadlock", 503, "database_busy"),
        ("full", 503, "database_unavailable"),
        ("standby", 503, "database_unavailable"),
        ("constraint", 409, "conflict"),
    ],
)
def test_failures_have_names_and_keep_their_reasons_inside(till, how, status, code):
    answer = till.get(f"/api/v1/fail/{how}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("Retry-After" in answer) == (status == 503)
    for inside in (b"canary", b"secret", b"nowhere", b"events_cursor", b"Traceback", b"127.0.0.1"):
        assert inside not in answer.content


def test_a_limit_says_when_to_come_back(till):
    answer = till.get("/api/v1/fail/throttled")
    assert (answer.status_code, answer["Retry-After"]) == (429, "17")


def test_every_401_has_the_same_body_and_asks_for_a_bearer_token(till, till_named):
    answers = [
        till_named("nobody").get("/api/v1/bells"),
        till.client.get("/api/v1/bells"),
        till.get("/api/v1/fail/unauthenticated"),
        till.client.get("/api/v1/silent"),
    ]
    bodies = []
    for answer in answers:
        body = answer.json()
        body.pop("instance")
        bodies.append(body)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
    assert bodies == [bodies[0]] * 4
    assert len({len(answer.content) for answer in answers}) == 1


def test_a_method_the_address_does_not_know(till):
    answer = till.send("/api/v1/bells", {})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD"


def test_options_is_no_method_here(till):
    assert till.send("/api/v1/bells", b"", method="OPTIONS").status_code == 405


def test_a_form_of_answer_that_does_not_exist(till):
    answer = till.get("/api/v1/bells", Accept="text/csv")
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "text/plain"},
        {"Content-Type": ""},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Encoding": "gzip"},
        {"Content-Encoding": "br"},
    ],
)
def test_a_body_in_another_form_is_refused(till, headers):
    answer = till.send("/api/v1/echo", {}, **headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_named_constraint_is_told_by_its_room(till):
    class BellTaken(Conflict):
        """The bell is rung by somebody else."""

        code = "bell_taken"

    storage_errors.explain(prefix="events_cursor_", detail="Too short a match.")
    storage_errors.explain(prefix="events_cursor_position", error=BellTaken, detail="Somebody has it.")
    try:
        body = till.get("/api/v1/fail/constraint").json()
    finally:
        storage_errors._meanings.clear()
    assert (body["status"], body["code"], body["detail"]) == (409, "bell_taken", "Somebody has it.")


def test_an_unknown_address_of_the_api_is_a_problem_that_names_nothing(till):
    answer = till.get("/api/v1/orders/secret-thing")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert b"secret-thing" not in answer.content


def test_an_unknown_page_is_a_small_page_that_names_nothing(till):
    answer = till.get("/secret-thing")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert b"<h1>There is no such thing here</h1>" in answer.content
    assert b"secret-thing" not in answer.content


def test_the_request_id_of_a_caller_is_kept_when_it_is_harmless(till):
    kept = till.get("/api/v1/fail/http404", **{"X-Request-ID": "till-7.order_42"})
    assert kept.json()["instance"] == kept["X-Request-ID"] == "till-7.order_42"
    for strange in ("short", "x" * 65, "line\tbreak!", 'quote"quote', "ünïcödé1"):
        replaced = till.get("/api/v1/fail/http404", **{"X-Request-ID": strange})
        assert UUID7.fullmatch(replaced["X-Request-ID"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/api/v1/fail/lost", "/page/lost"])
def test_a_lost_database_is_503_and_the_next_request_works(till, cafe, path):
    answer = till.get(path)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "2"
    if path.startswith("/api/"):
        assert answer.json()["code"] == "database_unavailable"
    else:
        assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert till.get("/api/v1/bells").status_code == 200
    with tenant_context(cafe), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        assert cursor.fetchone() == ("t_cafe",)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_when_the_tenant_is_looked_up_is_503_too(till):
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "1"
    try:
        api, page = till.get("/api/v1/bells"), till.get("/page/redis")
    finally:
        connection.settings_dict["PORT"] = port
    assert (api.status_code, api.json()["code"], api["Retry-After"]) == (503, "database_unavailable", "2")
    assert (page.status_code, page["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert till.get("/api/v1/bells").status_code == 200
