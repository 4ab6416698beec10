"""Stops ("86"): from a till, told to all at once, and gone when their time is over."""

import datetime as dt

import pytest

from fynlo.core import clock
from fynlo.core.errors import Forbidden, NotFound, RuleViolation
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from pos.catalog.models import Stop
from pos.catalog.queries.stops import stopped_variants, stops
from pos.catalog.services.stops import StopDraft, lift, stop
from tests.factories import Shop, TillClient
from tests.pos.catalog.makers import READER

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
ONE = NOON + dt.timedelta(hours=1)
TWO = NOON + dt.timedelta(hours=2)


def test_a_till_stops_an_item_and_the_feed_tells_it(here: Shop, till: TillClient) -> None:
    item_id = here.variants["roll"].item_id
    answer = till.post("/catalog/stops", {"item_id": str(item_id), "reason": "Oven is cold"})
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert told == {
        "id": told["id"],
        "item_id": str(item_id),
        "variant_id": None,
        "location_id": None,
        "reason": "Oven is cold",
        "until": None,
        "at": told["at"],
        "stopped_by": told["stopped_by"],
    }
    assert till.get("/catalog/stops").json()["items"] == [told]
    with tenant_context(here.tenant):
        (fact,) = [event for event in read_after(0) if event.t == "catalog.stopped"]
        assert fact.seq == int(answer.headers["Feed-Position"])
    assert (str(fact.id), fact.data) == (told["id"], told)


def test_the_same_stop_from_two_tills_is_one_stop_told_once(here: Shop, till: TillClient) -> None:
    body = {"variant_id": str(here.variants["roll"].pk), "location_id": str(here.location.pk)}
    first, second = till.post("/catalog/stops", body), till.post("/catalog/stops", body)
    assert first.json() == second.json()
    assert "Feed-Position" not in second.headers
    with tenant_context(here.tenant):
        assert Stop.objects.count() == 1


def test_another_reason_or_time_changes_the_stop_and_is_told(here: Shop) -> None:
    till, item_id = here.actor(), here.variants["roll"].item_id
    with tenant_context(here.tenant):
        before = stop(draft=StopDraft(item_id=item_id), actor=till, at=NOON)
        told = head()
        after = stop(draft=StopDraft(item_id=item_id, until=TWO, reason="Oven"), actor=till, at=ONE)
        assert head() == told + 1
    assert after["id"] == before["id"]
    assert (after["until"], after["reason"]) == ("2026-03-01T14:00:00.000Z", "Oven")


def test_lifting_ends_a_stop_and_is_told(here: Shop, till: TillClient) -> None:
    made = till.post("/catalog/stops", {"item_id": str(here.variants["roll"].item_id)}).json()
    answer = till.post(f"/catalog/stops/{made['id']}/lift", {})
    assert (answer.status_code, answer.json()) == (200, made)
    assert till.get("/catalog/stops").json()["items"] == []
    with tenant_context(here.tenant):
        assert [event.t for event in read_after(0)][-1] == "catalog.stop_lifted"
    again = till.post(f"/catalog/stops/{made['id']}/lift", {})
    assert (again.status_code, again.json()["code"]) == (404, "not_found")


def test_a_stop_holds_until_its_time_and_begins_anew_after_it(here: Shop) -> None:
    till, roll = here.actor(), here.variants["roll"]
    draft = StopDraft(variant_id=roll.pk, until=ONE)
    with tenant_context(here.tenant):
        made = stop(draft=draft, actor=till, at=NOON)
        assert [str(row.pk) for row in stops(at=ONE - dt.timedelta(microseconds=1))] == [made["id"]]
        assert list(stops(at=ONE)) == []
        assert stopped_variants(variant_ids=[roll.pk], location_id=None, at=ONE) == frozenset()
        with pytest.raises(RuleViolation, match="This time has passed"):
            stop(draft=draft, actor=till, at=ONE)
        again = stop(draft=StopDraft(variant_id=roll.pk, until=TWO), actor=till, at=ONE)
        assert [row.until for row in stops(at=ONE)] == [TWO]
    assert again["id"] == made["id"]


def test_a_stopped_item_stops_its_variants_where_the_stop_holds(here: Shop) -> None:
    till, roll, cheese = here.actor(), here.variants["roll"], here.variants["cheese"]
    elsewhere = new_id()
    with tenant_context(here.tenant):
        stop(draft=StopDraft(item_id=roll.item_id, location_id=here.location.pk), actor=till, at=NOON)
        stop(draft=StopDraft(variant_id=cheese.pk), actor=till, at=NOON)

        def found(location_id: object, at: dt.datetime = NOON) -> frozenset[object]:
            wanted = [variant.pk for variant in here.variants.values()]
            return stopped_variants(variant_ids=wanted, location_id=location_id, at=at)  # type: ignore[arg-type]

        assert found(here.location.pk) == {roll.pk, cheese.pk}
        assert found(elsewhere) == {cheese.pk}
        assert found(here.location.pk, NOON - dt.timedelta(seconds=1)) == frozenset()


def test_what_is_not_there_or_not_clear_is_refused_by_name(here: Shop, there: Shop, till: TillClient) -> None:
    theirs = str(there.variants["roll"].pk)
    for body, status, pointer in (
        ({"variant_id": theirs}, 404, "/variant_id"),
        ({"item_id": str(new_id())}, 404, "/item_id"),
        ({"variant_id": str(here.variants["roll"].pk), "location_id": str(new_id())}, 404, "/location_id"),
        ({}, 422, "/item_id"),
        ({"item_id": str(new_id()), "variant_id": theirs}, 422, "/item_id"),
        ({"item_id": str(new_id()), "until": "2020-01-01T00:00:00Z"}, 422, "/until"),
    ):
        answer = till.post("/catalog/stops", body)
        assert answer.status_code == status, answer.content
        assert answer.json()["errors"][0]["pointer"] == pointer


def test_stopping_needs_its_permission_and_only_that(here: Shop) -> None:
    with tenant_context(here.tenant):
        with pytest.raises(Forbidden):
            stop(draft=StopDraft(item_id=here.variants["roll"].item_id), actor=READER, at=clock.now())
        with pytest.raises(Forbidden):
            lift(stop_id=new_id(), actor=READER, at=clock.now())
        with pytest.raises(NotFound):
            lift(stop_id=new_id(), actor=here.actor(), at=clock.now())
