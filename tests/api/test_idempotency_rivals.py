"""Twins of a request at the same moment: one effect and one answer, and what happens without each guard."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from fynlo.core.tenancy import tenant_context
from tests.api.conftest import Till
from tests.api.test_idempotency import RING, effects, ring


def rivals(count: int, call: Callable[[], Any]) -> list[Any]:
    """`count` threads that make the same call at the same moment; their answers."""
    barrier, answers = threading.Barrier(count), []

    def run() -> None:
        barrier.wait()
        try:
            answers.append(call())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == count
    return answers


def ring_as_rivals(count: int, path: str, **wish: Any) -> list[Any]:
    return rivals(count, lambda: ring(Till("cafe.localhost"), path=path, **wish))


@pytest.mark.django_db(transaction=True)
def test_twenty_twins_have_one_effect(till, cafe):
    answers = ring_as_rivals(20, RING)
    assert effects(cafe) == (1, 1, 1)
    assert {answer.status_code for answer in answers} <= {201, 409}
    rung = [answer for answer in answers if answer.status_code == 201]
    assert {(answer.content, answer["Feed-Position"]) for answer in rung} == {(rung[0].content, "1")}
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "idempotency_key_in_use"
            assert answer["Retry-After"] == "1"
    assert ring(till).content == rung[0].content


@pytest.mark.django_db(transaction=True)
def test_twenty_repeats_of_an_answered_request_all_get_its_answer(till, cafe):
    first = ring(till)
    answers = ring_as_rivals(20, RING)
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, first.content)}
    assert {answer["Idempotency-Replayed"] for answer in answers} == {"true"}
    assert effects(cafe) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_constraint_keeps_the_promise(till, cafe):
    """All five have found no stored answer and have made their effect before the first one commits."""
    answers = ring_as_rivals(5, "/api/v1/unlocked-ring", then="meet")
    assert effects(cafe) == (1, 1, 1)
    assert [answer.status_code for answer in answers] == [201] * 5
    assert len({answer.content for answer in answers}) == 1
    assert [answer.get("Idempotency-Replayed", "") for answer in answers].count("true") == 4


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_constraint_they_double(till, cafe, as_owner):
    with tenant_context(cafe), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE api_idempotencykey DROP CONSTRAINT api_idempotencykey_scope_key")
    ring_as_rivals(5, "/api/v1/unlocked-ring", then="meet")
    assert effects(cafe) == (5, 5, 5)


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_twenty_repeats_are_twenty_effects(till, cafe):
    ring_as_rivals(20, "/api/v1/unguarded-ring")
    assert effects(cafe) == (20, 20, 20)


@pytest.mark.django_db(transaction=True)
def test_a_twin_is_turned_away_while_the_first_is_running(till, cafe):
    """The first request holds the claim open from outside: the twin gets its answer at once."""
    with tenant_context(cafe), connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            ["t_cafe:idempotency:device:01920000-0000-7000-8000-000000000001:key-1"],
        )
        (answer,) = rivals(1, lambda: ring(Till("cafe.localhost")))
        cursor.execute("ROLLBACK")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_in_use")
    assert answer["Retry-After"] == "1"
    assert ring(till).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_twenty_twins_are_refused_with_one_answer(till, cafe):
    answers = rivals(20, lambda: ring(Till("cafe.localhost"), then="refuse"))
    refusals = {answer.content for answer in answers if answer.status_code == 422}
    assert len(refusals) == 1
    assert {answer.status_code for answer in answers} <= {422, 409}
    assert effects(cafe) == (0, 0, 0)
