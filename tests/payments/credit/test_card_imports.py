"""Cards of an earlier system: a file taken over as a whole, its PINs hashed, every row that is wrong told."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.credit import card_files
from payments.credit.models import StoredValue, ValueImport
from tests.factories import Shop, TillClient, paired_till, shop, signed_in
from tests.payments.credit.cards import agrees, books, ways_to_pay
from tests.payments.credit.test_value_api import eur, ok, paying

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(cafe: Any) -> Shop:
    made = shop(cafe)
    with tenant_context(cafe):
        ways_to_pay()
    return made


@pytest.fixture
def till(here: Shop) -> TillClient:
    return TillClient(here.tenant, paired_till(here.tenant, register=here.register))


@pytest.fixture
def manager(here: Shop, till: TillClient) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


FILE = "code,balance,holder,expires_on\nOLD-0001,12.50,Ms Sommer,2030-12-31\nOLD-0002,7,,\n"


def upload(client: TillClient, text: str, **said: Any) -> Any:
    query = "&".join(f"{name}={value}" for name, value in said.items())
    path = f"/api/v1/gift-cards/imports?{query}"
    return client._client.post(path, text, content_type="text/csv", headers=client.headers)


def test_cards_are_imported_once_and_taken_back_unless_used(
    here: Shop, till: TillClient, manager: TillClient
) -> None:
    key = str(new_id())
    looked = ok(upload(manager, FILE, id=key, name="Old", dry_run="true"))
    assert (looked["rows_count"], looked["total"], looked["is_dry_run"]) == (2, eur(1950), True)
    for _ in range(2):
        ok(upload(manager, FILE, id=key, name="Old"))
    with tenant_context(here.tenant):
        assert (StoredValue.objects.count(), books()) == (2, {"gift_cards": -1950, "gift_card_opening": 1950})
    ok(till.post("/orders", paying(here, 700, value_code="OLD 0002") | {}))
    again = upload(manager, FILE, id=str(new_id()), name="Twice")
    assert [each["pointer"] for each in again.json()["errors"]] == ["/1/code", "/2/code"]
    back = ok(manager.post(f"/gift-cards/imports/{key}/reversal", {}), 200)
    assert (back["is_reversed"], back["kept_count"]) == (True, 1)
    with tenant_context(here.tenant):
        assert agrees()
        assert "gift_card_opening" in books()
    assert [row["name"] for row in ok(manager.get("/gift-cards/imports"), 200)["items"]] == ["Old"]


def test_every_row_that_is_wrong_is_told(manager: TillClient, till: TillClient) -> None:
    text = "code,balance,expires_on\nX,1\nGOOD-01,1.234,2030-02-30\nGOOD-02,1,\nGOOD 02,2,\nGOOD-03,-1,\n"
    answer = upload(manager, text, id=str(new_id()), name="Bad").json()
    assert [(each["pointer"], each["code"]) for each in answer["errors"]] == [
        ("/1", "columns"),
        ("/2/balance", "amount"),
        ("/2/expires_on", "date"),
        ("/4/code", "duplicate"),
        ("/5/balance", "amount"),
    ]
    for bad in ("\n", "a,b\n1,2\n", 'code,balance\n"x'):
        assert upload(manager, bad, id=str(new_id()), name="Bad").status_code == 400, bad
    assert upload(till, FILE, id=str(new_id()), name="No").status_code == 403


def test_imported_cards_keep_their_pins_hashed(here: Shop, till: TillClient, manager: TillClient) -> None:
    key = str(new_id())
    text = "code,balance,pin\nOLD-0001,12.50,482615\nOLD-0002,7,\n"
    ok(upload(manager, text, id=str(new_id()), name="Old", dry_run="true"))
    told = [upload(manager, text, id=key, name="Old").content for _ in range(2)]
    told += [manager.get(path).content for path in ("/gift-cards/imports", "/gift-cards", "/feed")]
    assert not any(b"482615" in each or b"OLD" in each for each in told)
    with tenant_context(here.tenant):
        cards = {row.shown: row for row in StoredValue.objects.all()}
        assert (cards["0001"].pin_hash[:9], cards["0002"].pin_hash) == ("$argon2id", "")
        kept = str(list(StoredValue.objects.values())) + str(list(ValueImport.objects.values()))
        assert "482615" not in kept
    wanted = {"value_code": "OLD 0001"}
    assert till.post("/orders", paying(here, 760, **wanted)).json()["code"] == "pin_needed"
    assert till.post("/orders", paying(here, 760, pin="482616", **wanted)).json()["code"] == "pin_wrong"
    ok(till.post("/orders", paying(here, 760, pin="482615", **wanted)))


def test_pins_that_are_wrong_are_told_with_everything_else(
    manager: TillClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "pin,code,balance\n123,GOOD-01,1\n1234,GOOD-02,x\nabcd,GOOD-03,1\n1234567890123,GOOD-04,1\n"
    answer = upload(manager, text, id=str(new_id()), name="Bad")
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/1/pin", "pin"),
        ("/2/balance", "amount"),
        ("/3/pin", "pin"),
        ("/4/pin", "pin"),
    ]
    assert b"1234567890123" not in answer.content
    monkeypatch.setattr(card_files, "MOST_PINS", 1)
    many = "pin,code,balance\n1234,GOOD-01,1\n1234,GOOD-02,1\n"
    refused = upload(manager, many, id=str(new_id()), name="Many")
    assert (refused.status_code, "1 cards with a PIN" in refused.json()["detail"]) == (400, True)
