"""Pages by cursor, query parameters, and entity tags."""

import base64

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.api.models import IdempotencyKey
from fynlo.core import clock
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context

pytestmark = pytest.mark.django_db


def make_rows(tenant, count):
    with tenant_context(tenant):
        for number in range(count):
            IdempotencyKey.objects.create(
                scope="device:1",
                key=f"key-{number}",
                method="POST",
                path="/",
                body_sha256="",
                status=201,
                content_type="",
                body=b"",
                created_at=clock.now(),
            )


def keys(answer):
    assert answer.status_code == 200, answer.content
    return [item["key"] for item in answer.json()["items"]]


def test_pages_follow_each_other_without_gap_or_repeat(till, cafe):
    make_rows(cafe, 7)
    seen, cursor = [], ""
    while cursor is not None:
        answer = till.get(f"/api/v1/bells?limit=3{cursor and '&cursor=' + cursor}")
        seen.append(keys(answer))
        cursor = answer.json()["next_cursor"]
    assert seen == [["key-0", "key-1", "key-2"], ["key-3", "key-4", "key-5"], ["key-6"]]


def test_rows_that_come_and_go_shift_nothing(till, cafe):
    make_rows(cafe, 5)
    first = till.get("/api/v1/bells?limit=2&kind=large")
    assert keys(first) == ["key-4", "key-3"]
    with tenant_context(cafe):
        IdempotencyKey.objects.filter(key__in=["key-4", "key-2"]).delete()
    make_newer = till.get(f"/api/v1/bells?limit=2&kind=large&cursor={first.json()['next_cursor']}")
    assert keys(make_newer) == ["key-1", "key-0"]
    assert make_newer.json()["next_cursor"] is None


def test_a_page_that_ends_with_the_list_has_no_next(till, cafe):
    make_rows(cafe, 2)
    answer = till.get("/api/v1/bells?limit=2")
    assert answer.json()["next_cursor"] is None


def test_an_empty_list_is_a_page_too(till):
    answer = till.get("/api/v1/bells")
    assert answer.content == b'{"items":[],"next_cursor":null}'


def test_fifty_unless_asked_and_two_hundred_at_most(till, cafe):
    make_rows(cafe, 51)
    assert len(keys(till.get("/api/v1/bells"))) == 50
    assert till.get("/api/v1/bells?limit=200").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_is_one_statement(till, cafe, count):
    make_rows(cafe, count)
    with tenant_context(cafe), CaptureQueriesContext(connection) as queries:
        till.get("/api/v1/bells")
    assert len([query for query in queries if "api_idempotencykey" in query["sql"]]) == 1


def test_only_the_wanted_members(till, cafe):
    make_rows(cafe, 1)
    assert till.get("/api/v1/bells?fields=key,weight").json()["items"] == [
        {"key": "key-0", "weight": "1.500"}
    ]


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("limit=0", "limit", "invalid"),
        ("limit=201", "limit", "invalid"),
        ("limit=ten", "limit", "invalid"),
        ("limit=", "limit", "invalid"),
        ("limit=+5", "limit", "invalid"),
        ("limit=1_0", "limit", "invalid"),
        ("limit=%D9%A3", "limit", "invalid"),
        ("limit=" + "9" * 400, "limit", "invalid"),
        ("limit=1&limit=2", "limit", "repeated_parameter"),
        ("limti=5", "limti", "unknown_parameter"),
        ("cursor=abc", "cursor", "invalid_cursor"),
        ("cursor=", "cursor", "invalid_cursor"),
        ("cursor=%00", "cursor", "invalid"),
        ("cursor=%FF", "cursor", "invalid"),
        ("cursor=" + "A" * 501, "cursor", "invalid"),
        ("after=-1", "after", "invalid"),
        ("after=9007199254740992", "after", "invalid"),
        ("since=2026-03-01", "since", "invalid"),
        ("id=7", "id", "invalid"),
        ("kind=larg", "kind", "invalid_choice"),
        ("fields=key,kee", "fields", "unknown_field"),
        ("%00x=1", "\ufffdx", "unknown_parameter"),
    ],
)
def test_parameters_that_cannot_be_understood_are_named(till, cafe, query, parameter, code):
    make_rows(cafe, 1)
    answer = till.get(f"/api/v1/bells?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_query")
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)
    assert "pointer" not in error


def test_an_unknown_parameter_is_told_the_nearest_name(till):
    (error,) = till.get("/api/v1/bells?limti=5").json()["errors"]
    assert error["detail"] == 'This parameter is not known. Did you mean "limit"?'


def test_a_cursor_of_the_other_direction_is_refused(till):
    cursor = base64.urlsafe_b64encode(b"\x02" + new_id().bytes).rstrip(b"=").decode()
    assert till.get(f"/api/v1/bells?kind=large&cursor={cursor}").status_code == 200
    assert till.get(f"/api/v1/bells?cursor={cursor}").json()["errors"][0]["code"] == "invalid_cursor"


def test_what_the_caller_has_is_not_sent_again(till):
    first = till.get("/api/v1/tagged")
    assert first.content == b'{"events":0}'
    assert first["Cache-Control"] == "private, no-cache"
    again = till.get("/api/v1/tagged", **{"If-None-Match": f'"other", {first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    weak = till.get("/api/v1/tagged", **{"If-None-Match": f"W/{first['ETag']}"})
    assert weak.status_code == 304
    assert till.get("/api/v1/tagged", **{"If-None-Match": '"other"'}).status_code == 200


def test_another_address_has_another_tag(till):
    other = till.client.get("/api/v1/tagged", headers={"Authorization": "Bearer till"})
    assert other["ETag"] == till.get("/api/v1/tagged")["ETag"]
    assert {"Authorization", "Staff-Session"} <= {name.strip() for name in other["Vary"].split(",")}


def test_a_change_needs_the_state_it_was_meant_for(till):
    from fynlo.api.etags import etag

    assert till.send("/api/v1/tagged", {}, method="PUT").json()["code"] == "precondition_required"
    stale = till.send("/api/v1/tagged", {}, method="PUT", **{"If-Match": etag("revision", 6)})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    weak = till.send("/api/v1/tagged", {}, method="PUT", **{"If-Match": "W/" + etag("revision", 7)})
    assert weak.status_code == 412
    for match in (etag("revision", 7), f'"x", {etag("revision", 7)}', "*"):
        assert till.send("/api/v1/tagged", {}, method="PUT", **{"If-Match": match}).status_code == 200
