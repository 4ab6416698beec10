"""What a view declares is what it asks for; a view that declares nothing answers nobody."""

import pytest

pytestmark = pytest.mark.django_db


def test_a_permission_that_is_held_opens_the_view(till_named):
    assert till_named("reader").get("/api/v1/bells").status_code == 200


def test_a_permission_that_is_missing_is_named(till_named):
    answer = till_named("reader").send("/api/v1/ring", {}, **{"Idempotency-Key": "k"})
    body = answer.json()
    assert (answer.status_code, body["code"], body["permission"]) == (403, "forbidden", "orders.place")


def test_a_head_request_asks_for_the_permission_to_read(till):
    answer = till.send("/api/v1/bells", b"", method="HEAD")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_view_without_a_declaration_answers_nobody(till):
    answer = till.get("/api/v1/silent")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert b"leaked" not in answer.content


def test_a_public_view_does_not_look_at_credentials(till, till_named):
    assert till.client.get("/api/v1/public").json() == {"signed_in": False}
    assert till.get("/api/v1/public").json() == {"signed_in": False}
    assert till_named("nobody").get("/api/v1/public").json() == {"signed_in": False}


def test_no_cache_between_keeps_an_answer(till):
    for path in ("/api/v1/bells", "/api/v1/fail/http404", "/api/v1/receipt"):
        answer = till.get(path)
        assert answer["Cache-Control"] == "no-store"
        assert {"Authorization", "Staff-Session"} <= {name.strip() for name in answer["Vary"].split(",")}


def test_plain_text_is_answered_as_text_and_its_failures_as_problems(till):
    answer = till.get("/api/v1/receipt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == "Summe 12,50 €\n"
    refused = till.get("/api/v1/receipt?lang=de")
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
