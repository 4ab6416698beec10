"""A repeat has no second effect and gets the first answer; twins, crashes and refusals included."""

import base64
import datetime as dt
import hashlib
from typing import Any

import pytest
from django.db import connection

from fynlo.api.models import IdempotencyKey
from fynlo.api.stored_answers import forget
from fynlo.api.tasks import forget_idempotency_keys
from fynlo.celery import app
from fynlo.core import clock
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head
from fynlo.events.models import Cursor, Event
from tests.api.conftest import Till
from tests.api.urls import CLASHES

RING = "/api/v1/ring"


def ring(till: Till, key: str = "key-1", path: str = RING, **wish: Any) -> Any:
    return till.send(path, wish, **{"Idempotency-Key": key})


def effects(tenant: Any) -> tuple[int, int, int]:
    """Rows, events, and the feed's head: they must agree."""
    with tenant_context(tenant):
        rows = Cursor.objects.filter(reader__startswith="bell ").count()
        return rows, Event.objects.filter(kind="bell.rang").count(), head()


@pytest.mark.django_db
def test_a_repeat_gets_the_first_answer_byte_for_byte(till, cafe):
    first, again = ring(till), ring(till)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first["Content-Type"] == again["Content-Type"] == "application/json"
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert effects(cafe) == (1, 1, 1)


@pytest.mark.django_db
def test_the_answer_says_where_the_feed_stands(till):
    first, second = ring(till, "a"), ring(till, "b")
    assert (first["Feed-Position"], second["Feed-Position"]) == ("1", "2")
    assert ring(till, "a")["Feed-Position"] == "1"


@pytest.mark.django_db
def test_headers_of_the_first_answer_are_sent(till):
    answer = ring(till)
    assert answer["Location"] == f"/bells/{answer.json()['bell']}"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_without_a_key_nothing_happens(till, cafe):
    answer = till.send(RING, {})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert effects(cafe) == (0, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x" * 256, "tab\tkey", "ключ", "\x7f"])
def test_a_key_that_cannot_be_read_is_refused(till, key):
    answer = ring(till, key)
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "Idempotency-Key")


@pytest.mark.django_db
def test_a_key_of_255_characters_is_a_key(till):
    assert ring(till, "!" * 127 + " " + "~" * 127).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "body"),
    [(RING, {"times": 2}), (RING, {"times": 1, "x": None}), ("/api/v1/ring-too", {}), (RING + "?", {"a": 1})],
)
def test_a_key_belongs_to_one_request(till, cafe, path, body):
    ring(till)
    answer = till.send(path, body, **{"Idempotency-Key": "key-1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert effects(cafe) == (1, 1, 1)


@pytest.mark.django_db
def test_a_body_is_compared_by_its_bytes(till):
    till.send(RING, b'{"times":1}', **{"Idempotency-Key": "k"})
    spaced = till.send(RING, b'{"times": 1}', **{"Idempotency-Key": "k"})
    assert spaced.json()["code"] == "idempotency_key_reused"


@pytest.mark.django_db
def test_a_key_belongs_to_its_device(till, till_named, cafe):
    ring(till)
    maria = ring(till_named("maria"))
    assert maria["Idempotency-Replayed"] == "true"
    other = ring(till_named("other-till"))
    assert (other.status_code, "Idempotency-Replayed" in other) == (201, False)
    assert effects(cafe) == (2, 2, 2)


@pytest.mark.django_db
def test_a_key_belongs_to_its_merchant(till, cafe, grocer):
    ring(till)
    there = ring(Till("grocer.localhost"))
    assert (there.status_code, "Idempotency-Replayed" in there) == (201, False)
    assert effects(cafe) == effects(grocer) == (1, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("then", "status", "code"), [("refuse", 422, "rule_violation"), ("answer 422", 422, None)]
)
def test_a_refusal_leaves_nothing_and_is_repeated(till, cafe, then, status, code):
    first, again = ring(till, then=then), ring(till, then=then)
    assert first.status_code == again.status_code == status
    assert first.content == again.content
    assert first["Content-Type"] == again["Content-Type"]
    assert first.json().get("code") == code
    assert again["Idempotency-Replayed"] == "true"
    assert "Feed-Position" not in first
    assert effects(cafe) == (0, 0, 0)


@pytest.mark.django_db
def test_a_body_that_is_no_json_is_refused_the_same_way_again(till, cafe):
    first = till.send(RING, b'{"times":1,"times":2}', **{"Idempotency-Key": "k"})
    again = till.send(RING, b'{"times":1,"times":2}', **{"Idempotency-Key": "k"})
    assert (first.status_code, first.json()["code"]) == (400, "invalid_json")
    assert first.content == again.content
    assert effects(cafe) == (0, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("then", "status"), [("conflict", 409), ("forbid", 403), ("crash", 500), ("say the unsayable", 500)]
)
def test_what_may_be_different_a_moment_later_is_not_stored(till, cafe, then, status):
    assert ring(till, then=then).status_code == status
    with tenant_context(cafe):
        assert not IdempotencyKey.objects.exists()
    assert effects(cafe) == (0, 0, 0)
    again = ring(till, then=then)
    assert (again.status_code, "Idempotency-Replayed" in again) == (status, False)


@pytest.mark.django_db
def test_a_canary_of_a_crash_stays_inside(till):
    answer = ring(till, then="crash")
    assert b"canary" not in answer.content
    assert b"4111" not in answer.content


@pytest.mark.django_db(transaction=True)
def test_a_process_that_dies_between_effect_and_answer_leaves_neither(till, cafe):
    with pytest.raises(SystemExit):
        ring(till, then="exit")
    assert effects(cafe) == (0, 0, 0)
    with tenant_context(cafe):
        assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_dies_in_between_leaves_neither_and_the_repeat_succeeds(till, cafe):
    lost = ring(till, then="lose the connection")
    assert (lost.status_code, lost.json()["code"]) == (503, "database_unavailable")
    assert effects(cafe) == (0, 0, 0)
    assert ring(till, "key-2").status_code == 201
    assert ring(till, then="lose the connection").status_code == 503  # executed again, not replayed


@pytest.mark.django_db(transaction=True)
def test_when_the_answer_is_lost_after_commit_the_repeat_gets_it(till, cafe):
    lost = ring(till, then="lose the answer")
    assert lost.status_code == 503
    assert effects(cafe) == (1, 1, 1)
    again = ring(till, then="lose the answer")
    assert (again.status_code, again["Idempotency-Replayed"], again["Feed-Position"]) == (201, "true", "1")
    assert effects(cafe) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("clashes", "status", "rows"), [(2, 201, 1), (3, 503, 0)])
def test_a_transaction_that_loses_a_race_starts_over_twice(till, cafe, clashes, status, rows):
    CLASHES.clear()
    answer = ring(till, then="clash", clashes=clashes)
    assert answer.status_code == status
    assert effects(cafe) == (rows, rows, rows)
    if status == 503:
        assert (answer.json()["code"], answer["Retry-After"]) == ("database_busy", "1")


@pytest.mark.django_db(transaction=True)
def test_the_key_is_written_in_the_transaction_of_the_effect(till, cafe):
    ring(till)
    with tenant_context(cafe), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT xmin::text) FROM (SELECT xmin FROM api_idempotencykey UNION ALL "
            "SELECT xmin FROM events_event UNION ALL SELECT xmin FROM events_cursor "
            "WHERE reader LIKE 'bell %%') AS rows"
        )
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_keys_are_forgotten_after_a_day_and_only_then(till, cafe, grocer):
    ring(till, "old")
    ring(till, "young")
    ring(Till("grocer.localhost"), "old")
    at = clock.now()
    with tenant_context(cafe):
        IdempotencyKey.objects.filter(key="old").update(created_at=at - dt.timedelta(hours=24, seconds=1))
        IdempotencyKey.objects.filter(key="young").update(created_at=at - dt.timedelta(hours=23, minutes=59))
        assert forget_idempotency_keys.apply(headers={"tenant_schema": "t_cafe"}).get() == 1
    with tenant_context(cafe):
        assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["young"]
    with tenant_context(grocer):
        assert IdempotencyKey.objects.count() == 1


@pytest.mark.django_db
def test_many_old_keys_are_forgotten_in_batches(cafe):
    with tenant_context(cafe):
        IdempotencyKey.objects.bulk_create(
            IdempotencyKey(scope="device:1", key=str(number), status=201, body=b"", created_at=clock.now())
            for number in range(2_001)
        )
        assert forget(before=clock.now()) == 2_001
        assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
def test_beat_has_every_merchants_keys_forgotten(till, cafe, grocer):
    ring(till)
    ring(Till("grocer.localhost"))
    for tenant in (cafe, grocer):
        with tenant_context(tenant):
            IdempotencyKey.objects.update(created_at=clock.now() - dt.timedelta(hours=25))
    entry = app.conf.beat_schedule["forget idempotency keys"]
    before, app.conf.task_always_eager = app.conf.task_always_eager, True
    try:
        sent = app.tasks[entry["task"]].apply_async(**entry["options"])
    finally:
        app.conf.task_always_eager = before
    assert sent.get() == 2
    for tenant in (cafe, grocer):
        with tenant_context(tenant):
            assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
def test_nobody_who_has_the_table_finds_a_pin_in_it(till, cafe):
    """A body with a PIN of four digits is found from a plain hash in ten thousand tries."""
    body = b'{"pin":"4711"}'
    till.send(RING, body, **{"Idempotency-Key": "k"})
    with tenant_context(cafe):
        kept = IdempotencyKey.objects.get().body_sha256
    plain = hashlib.sha256(body)
    assert kept.startswith("mac1:")
    assert plain.hexdigest() not in kept
    assert base64.urlsafe_b64encode(plain.digest()).decode().rstrip("=") not in kept


@pytest.mark.django_db
@pytest.mark.parametrize(("body", "status"), [(b'{"times":1}', 201), (b'{"times":2}', 409)])
def test_a_repeat_over_a_deployment_gets_the_answer_of_the_release_before(till, cafe, body, status):
    """Rows of the release before have a plain hash of the body."""
    first = till.send(RING, b'{"times":1}', **{"Idempotency-Key": "k"})
    with tenant_context(cafe):
        IdempotencyKey.objects.update(body_sha256=hashlib.sha256(b'{"times":1}').hexdigest())
    again = till.send(RING, body, **{"Idempotency-Key": "k"})
    assert (again.status_code, again.content == first.content) == (status, status == 201)
    assert effects(cafe) == (1, 1, 1)


@pytest.mark.django_db
def test_a_repeat_over_a_change_of_the_secret_gets_the_first_answer(till, cafe, settings):
    first = ring(till)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another secret"
    assert ring(till).content == first.content
    assert effects(cafe) == (1, 1, 1)
