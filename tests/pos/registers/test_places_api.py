"""Setting up locations, registers and drawers over HTTP: hours, tax address, whose drawer it is, practice."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from pos.registers.journal.models import JournalEntry
from pos.registers.models import Drawer, Register
from tests.factories import Shop, TillClient
from tests.factories.tills import signed_in
from tests.pos.registers.desk import closed, euro, key, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(here: Shop, till: TillClient) -> TillClient:
    """The owner, signed in at the café's till."""
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="owner"))


def put(who: TillClient, path: str, body: Any) -> Any:
    """PUT under the `ETag` that is there, if anything is."""
    there = who.get(path)
    match = {"If-Match": there["ETag"]} if there.status_code == 200 else {}
    return TillClient(_tenant_of(who), {**who.headers, **match}).put(path, body)


def _tenant_of(who: TillClient) -> Any:
    class Named:
        slug = who._client.defaults["HTTP_HOST"].partition(".")[0]

    return Named()


def test_a_location_with_its_hours_and_tax_address(here: Shop, there: Shop, owner: TillClient) -> None:
    body = {
        "code": "stand",
        "name": "Market stand",
        "address": ["Market 1"],
        "tax_address": ["Head office 2", "10119 Berlin"],
        "tax_number": "27/123/45678",
        "time_zone": "Europe/Berlin",
        "cut_off": "04:00",
        "opening_hours": {"sat": ["08:00-12:30", "14:00-18:00"], "fri": ["18:00-02:00"]},
    }
    path = f"/locations/{key()}"
    made = put(owner, path, body)
    assert made.status_code == 201
    told = made.json()
    assert {name: told[name] for name in ("tax_address", "tax_number", "opening_hours")} == {
        "tax_address": ["Head office 2", "10119 Berlin"],
        "tax_number": "27/123/45678",
        "opening_hours": {"sat": ["08:00-12:30", "14:00-18:00"], "fri": ["18:00-02:00"]},
    }
    stale = owner.put(path, body)
    assert (stale.status_code, stale.json()["code"]) == (428, "precondition_required")
    changed = put(owner, path, {**body, "opening_hours": {}})
    assert (changed.status_code, changed.json()["opening_hours"]) == (200, {})
    assert owner.get(f"/locations/{there.location.pk}").status_code == 404


HOURS: list[tuple[dict[str, Any], str]] = [
    ({"mon": ["9-18"]}, "/opening_hours/mon/0"),
    ({"mon": ["09:00-09:00"]}, "/opening_hours/mon/0"),
    ({"mon": ["09:00-13:00", "12:00-18:00"]}, "/opening_hours/mon/1"),
    ({"mon": ["18:00-02:00", "19:00-20:00"]}, "/opening_hours/mon/0"),
]


@pytest.mark.parametrize("case", range(len(HOURS)))
def test_hours_that_cannot_be(here: Shop, owner: TillClient, case: int) -> None:
    hours, pointer = HOURS[case]
    body = {
        "code": "stand",
        "name": "Stand",
        "address": [],
        "time_zone": "Europe/Berlin",
        "cut_off": "04:00",
        "opening_hours": hours,
    }
    refused = put(owner, f"/locations/{key()}", body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer)


def test_a_register_gets_a_drawer_of_its_own_another_one_or_none(here: Shop, owner: TillClient) -> None:
    body = {"location_id": str(here.location.pk), "code": "K3", "name": "Till 3"}
    path = f"/registers/{key()}"
    made = put(owner, path, body).json()
    assert made["drawer"] == {"id": made["id"], "code": "K3"}
    drawer = {"location_id": str(here.location.pk), "code": "BAR", "name": "Bar"}
    assert put(owner, f"/drawers/{key()}", drawer).status_code == 201
    assert put(owner, path, {**body, "drawer": "BAR"}).json()["drawer"]["code"] == "BAR"
    assert put(owner, path, body).json()["drawer"]["code"] == "BAR"
    assert put(owner, path, {**body, "drawer": "none"}).json()["drawer"] is None
    assert put(owner, path, {**body, "drawer": "own"}).json()["drawer"]["code"] == "K3"
    lost = put(owner, path, {**body, "drawer": "ELSEWHERE"})
    assert (lost.status_code, lost.json()["errors"][0]["pointer"]) == (404, "/drawer")
    codes = [row["code"] for row in owner.get(f"/drawers?location_id={here.location.pk}").json()["items"]]
    assert sorted(codes) == ["BAR", "K3"]


def test_a_register_keeps_its_drawer_while_that_is_open(
    here: Shop, till: TillClient, owner: TillClient
) -> None:
    session = opened(till, here.register)
    drawer = {"location_id": str(here.location.pk), "code": "BAR", "name": "Bar"}
    put(owner, f"/drawers/{key()}", drawer)
    body = {"location_id": str(here.location.pk), "code": "K1", "name": "Till K1", "drawer": "BAR"}
    refused = put(owner, f"/registers/{here.register.pk}", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "drawer_open")
    closed(till, session, 10_000)
    assert put(owner, f"/registers/{here.register.pk}", body).json()["drawer"]["code"] == "BAR"


def test_a_drawer_in_use_stays_and_one_out_of_use_is_not_opened(
    here: Shop, till: TillClient, owner: TillClient
) -> None:
    session = opened(till, here.register)
    path = f"/drawers/{here.register.pk}"
    body = {"location_id": str(here.location.pk), "code": "K1", "name": "Till K1", "is_active": False}
    assert put(owner, path, body).json()["code"] == "drawer_open"
    closed(till, session, 10_000)
    assert put(owner, path, body).json()["code"] == "drawer_open"
    with tenant_context(here.tenant):
        Drawer.objects.filter(pk=here.register.pk).update(is_active=False)
    refused = till.post(f"/registers/{here.register.pk}/sessions", {"opening_float": euro(0)})
    assert (refused.status_code, refused.json()["code"]) == (409, "drawer_out_of_use")
    other = put(owner, path, {**body, "code": "K9"})
    assert (other.status_code, other.json()["code"]) == (422, "fixed_for_ever")


def test_practice_is_switched_on_and_off_for_the_record(here: Shop, owner: TillClient) -> None:
    body = {"location_id": str(here.location.pk), "code": "K1", "name": "Till K1"}
    path = f"/registers/{here.register.pk}"
    assert put(owner, path, {**body, "is_training": True}).json()["is_training"] is True
    assert put(owner, path, body).json()["is_training"] is True
    assert put(owner, path, {**body, "is_training": False}).json()["is_training"] is False
    with tenant_context(here.tenant):
        told = JournalEntry.objects.filter(kind="system").order_by("position").values_list("body", flat=True)
        assert ["training_on" in body for body in told] == [True, False]
        assert Register.objects.get(pk=here.register.pk).last_journal_position == 2


def test_it_takes_the_right_to_configure(here: Shop, till: TillClient) -> None:
    for path in (f"/locations/{here.location.pk}", f"/registers/{here.register.pk}", f"/drawers/{key()}"):
        assert till.put(path, {}).status_code == 403
