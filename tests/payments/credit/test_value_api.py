"""Gift cards over HTTP: sold, loaded, looked up, spent, moved, reserved, imported; rights, PINs and limits."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import uuid5

import pytest

from fynlo.api.limits import Limit
from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.credit.models import StoredValue
from payments.credit.services import presenting
from payments.gateways.models import Attempt, Connection
from payments.gateways.services import ConnectionDraft, save_connection
from payments.tenders.models import Payment, TenderType
from pos.registers.journal.models import JournalEntry
from pos.registers.models import CashMovement, Closing
from tests.factories import Shop, TenderTypeFactory, TillClient, order_body, paired_till, shop, signed_in
from tests.payments.credit.cards import agrees, books, card, now, ways_to_pay
from tests.pos.registers.desk import closed, opened

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


def eur(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}


def cash(amount: int) -> dict[str, Any]:
    return {"id": str(new_id()), "tender_type": "cash", "amount": eur(amount)}


def sale_of(amount: int, *tenders: dict[str, Any], **opened: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "gift_card": {"id": str(new_id()), **opened},
        "amount": eur(amount),
        "tenders": list(tenders),
    }


def paying(here: Shop, amount: int, **said: Any) -> dict[str, Any]:
    body = order_body((here.variants["cappuccino"], "2"))
    body["tenders"] = [
        {"id": str(new_id()), "tender_type": "gift", "amount": eur(amount), **said},
    ]
    return body


def ok(answer: Any, status: int = 201) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_card_is_sold_looked_up_and_spent(here: Shop, till: TillClient) -> None:
    body = sale_of(2000, cash(5000))
    made = ok(till.post("/gift-cards", body))
    assert (made["kind"], made["payments"][0]["change"]) == ("activate", eur(3000))
    key = made["gift_card"]["id"]
    assert ok(till.post("/gift-cards", body)) == made
    code = ok(till.post(f"/gift-cards/{key}/code", {}), 200)
    assert (len(code["code"]), code["printed"].replace(" ", "")) == (20, code["code"])
    found = ok(till.post("/gift-cards/lookup", {"code": code["printed"]}), 200)
    assert (found["id"], found["balance"], found["last4"]) == (key, eur(2000), code["code"][-4:])
    order = ok(till.post("/orders", paying(here, 760, value_code=code["code"])))
    assert order["payments"][0]["stored_value"] == {"id": key, "last4": code["code"][-4:]}
    load = {"id": str(new_id()), "amount": eur(500), "tenders": [cash(500)]}
    assert ok(till.post(f"/gift-cards/{key}/loads", load))["kind"] == "load"
    told = ok(till.get(f"/gift-cards/{key}"), 200)
    assert (told["balance"], told["available"], told["state"]) == (eur(1740), eur(1740), "active")
    rows = ok(till.get(f"/gift-cards/{key}/activities"), 200)["items"]
    assert [(row["kind"], row["amount"]["amount_minor"]) for row in rows] == [
        ("activate", 2000),
        ("redeem", -760),
        ("load", 500),
    ]
    assert [each["id"] for each in ok(till.get("/gift-cards"), 200)["items"]] == [key]
    with tenant_context(here.tenant):
        moved = CashMovement.objects.filter(kind="paid_in").order_by("id")
        assert list(moved.values_list("amount_minor", flat=True)) == [2000, 500]
        assert (books()["cash"], books()["gift_cards"]) == (2500, -1740)
        assert JournalEntry.objects.count() == 3
        assert agrees()


def test_nothing_that_is_kept_or_told_has_a_code_or_a_pin(here: Shop, till: TillClient) -> None:
    made = ok(till.post("/gift-cards", sale_of(2000, cash(2000), code="SECRET-4711", pin="482615")))
    key = made["gift_card"]["id"]
    ok(till.post("/orders", paying(here, 760, value_code="SECRET4711", pin="482615")))
    feed = till.get("/feed").content.decode()
    told = str(made) + feed + till.get(f"/gift-cards/{key}").content.decode()
    assert "SECRET" not in told
    assert "482615" not in told
    with tenant_context(here.tenant):
        rows = str(list(StoredValue.objects.values()))
    assert "SECRET" not in rows
    assert "482615" not in rows


def test_selling_needs_money_of_the_right_amount(here: Shop, till: TillClient) -> None:
    gift = {"id": str(new_id()), "tender_type": "gift", "amount": eur(500)}
    for tenders, code in (([cash(100)], "tender_invalid"), ([gift], "tender_invalid"), ([], "invalid_input")):
        answer = till.post("/gift-cards", sale_of(500, *tenders))
        assert (answer.status_code in (400, 422), answer.json()["code"] != "") == (True, True), code
    with tenant_context(here.tenant):
        assert not StoredValue.objects.exists()


def test_giving_away_and_correcting_need_rights(till: TillClient, manager: TillClient) -> None:
    body = {**sale_of(1000), "reason": "birthday"}
    del body["tenders"]
    refused = till.post("/gift-cards", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "approval_required")
    made = ok(manager.post("/gift-cards", {**body, "id": str(new_id())}))
    assert made["balance"] == eur(1000)
    change = {"id": str(new_id()), "amount": eur(-200), "reason": "typed wrongly"}
    path = f"/gift-cards/{made['id']}/adjustments"
    assert till.post(path, change).status_code == 403
    assert ok(manager.post(path, {**change, "id": str(new_id())}))["balance"] == eur(800)
    much = {"id": str(new_id()), "amount": eur(20_001), "reason": "generous"}
    assert manager.post(path, much).json()["code"] == "approval_required"


def test_questions_are_refused_with_pointers(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        gift = card(500, pin="4826")
    short = till.post("/orders", paying(here, 760, value_id=str(gift.pk), pin="4826")).json()
    assert (short["status"], short["code"], short["left_minor"]) == (422, "gift_card_balance", 500)
    unknown = till.post("/orders", paying(here, 760, value_code="NOBODYS-CARD")).json()
    assert (unknown["code"], unknown["errors"][0]["pointer"]) == (
        "gift_card_unknown",
        "/tenders/0/value_code",
    )
    strange = till.post("/orders", paying(here, 760, value_code="?"))
    assert strange.status_code == 400


def test_wrong_pins_stay_counted_though_the_sale_is_rolled_back(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        gift = card(1000, pin="4826")
    for _ in range(5):
        answer = till.post("/orders", paying(here, 760, value_id=str(gift.pk), pin="0000"))
        assert (answer.status_code, answer.json()["code"]) == (422, "pin_wrong")
    late = till.post("/orders", paying(here, 760, value_id=str(gift.pk), pin="4826"))
    assert (late.status_code, late.json()["code"], late["Retry-After"]) == (429, "pin_delayed", "30")
    with tenant_context(here.tenant):
        assert now(gift) == (1000, 0, 0)


def test_codes_are_not_guessed(till: TillClient) -> None:
    codes = [till.post("/gift-cards/lookup", {"code": f"GUESS-{number:04}"}) for number in range(31)]
    assert [answer.status_code for answer in codes] == [422] * 30 + [429]


def test_who_has_guessed_too_often_is_not_told_which_code_would_have_been_right(
    here: Shop, till: TillClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presenting, "GUESSES", Limit(name="stored_value_guess", count=2, seconds=600))
    with tenant_context(here.tenant):
        gift = card(1000, code="RIGHT-0001", pin="4826")
    order = ok(till.post("/orders", paying(here, 760) | {"tenders": [cash(760)]}))
    line = {"order_line_id": order["lines"][0]["id"], "quantity": "1", "goods": "waste"}
    tender = {"id": str(new_id()), "tender_type": "gift", "amount": eur(380), "value_code": "RIGHT-0001"}
    back = {"id": str(new_id()), "lines": [line], "reason": "too cold", "tenders": [tender]}
    for number in range(2):
        assert till.post("/gift-cards/lookup", {"code": f"GUESS-{number:04}"}).status_code == 422
    doors = [
        till.post("/gift-cards/lookup", {"code": "RIGHT-0001"}),
        till.post("/orders", paying(here, 760, value_code="RIGHT-0001", pin="4826")),
        till.post("/orders", paying(here, 760, value_id=str(gift.pk), pin="4826")),
        till.post(f"/orders/{order['id']}/refunds", back),
    ]
    assert [(door.status_code, door.json()["code"]) for door in doors] == [(429, "too_many_requests")] * 4
    assert all(1 <= int(door["Retry-After"]) <= 600 for door in doors)
    ok(till.post("/orders", paying(here, 760) | {"tenders": [cash(760)]}))
    with tenant_context(here.tenant):
        assert now(gift) == (1000, 0, 0)


def test_codes_are_not_guessed_at_any_other_door_either(
    here: Shop, till: TillClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Selling a card whose code is taken and giving back onto a card tell as much as asking for it."""
    monkeypatch.setattr(presenting, "GUESSES", Limit(name="stored_value_guess", count=3, seconds=600))
    with tenant_context(here.tenant):
        card(1000, code="TAKEN-0001", pin="4826")
    order = ok(till.post("/orders", paying(here, 760) | {"tenders": [cash(760)]}))
    tender = {"id": str(new_id()), "tender_type": "gift", "amount": eur(380), "value_code": "NOBODYS-CARD"}
    line = {"order_line_id": order["lines"][0]["id"], "quantity": "1", "goods": "waste"}
    back = {"id": str(new_id()), "lines": [line], "reason": "too cold", "tenders": [tender]}
    path = f"/orders/{order['id']}/refunds"
    doors = [
        lambda: till.post("/gift-cards", sale_of(500, cash(500), code="TAKEN-0001")),
        lambda: till.post(path, back),
        lambda: till.post("/orders", paying(here, 760, value_code="TAKEN-0001", pin="0000")),
        lambda: till.post("/gift-cards/lookup", {"code": "NOBODYS-CARD"}),
    ]
    assert [door().json()["code"] for door in doors] == [
        "gift_card_code_taken",
        "gift_card_unknown",
        "pin_wrong",
        "too_many_requests",
    ]
    assert [door().status_code for door in doors] == [429] * 4


def test_only_who_sold_a_card_sees_its_code(here: Shop, till: TillClient, manager: TillClient) -> None:
    with tenant_context(here.tenant):
        own, other = card(1000, code=None), card(1000, code="PRINTED-1")
    assert till.post(f"/gift-cards/{own.pk}/code", {}).status_code == 403
    assert len(ok(manager.post(f"/gift-cards/{own.pk}/code", {}), 200)["code"]) == 20
    assert manager.post(f"/gift-cards/{other.pk}/code", {}).json()["code"] == "gift_card_code_not_ours"


def test_steps_transfers_and_reservations(here: Shop, till: TillClient, manager: TillClient) -> None:
    with tenant_context(here.tenant):
        lost = card(1000)
    step = {"id": str(new_id()), "kind": "block", "reason": "lost"}
    assert till.post(f"/gift-cards/{lost.pk}/steps", step).status_code == 403
    step["id"] = str(new_id())
    assert ok(manager.post(f"/gift-cards/{lost.pk}/steps", step))["state"] == "blocked"
    move = {"id": str(new_id()), "from_id": str(lost.pk), "to": {"id": str(new_id())}, "reason": "lost"}
    moved = ok(manager.post("/gift-cards/transfers", move))
    key = moved["target"]["id"]
    assert ok(manager.post("/gift-cards/transfers", move)) == moved
    with tenant_context(here.tenant):
        elsewhere = card(100, code="GIFT-0002-ABCD")
    for other in (elsewhere.pk, new_id()):
        refused = manager.post("/gift-cards/transfers", {**move, "to": {"id": str(other)}})
        assert (refused.status_code, refused.json()["code"]) == (409, "gift_card_id_conflict")
    assert (moved["source"]["balance"], moved["target"]["balance"]) == (eur(0), eur(1000))
    until = {"id": str(new_id()), "amount": eur(600), "expires_at": "2000-01-01T00:00:00Z"}
    path = f"/gift-cards/{key}/reservations"
    assert till.post(path, until).status_code == 400

    soon = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
    kept = ok(till.post(path, {**until, "id": str(new_id()), "expires_at": soon}))
    assert [each["id"] for each in ok(till.get(path), 200)["items"]] == [kept["id"]]
    assert ok(till.get(f"/gift-cards/{key}"), 200)["available"] == eur(400)
    gone = ok(till.post(f"/gift-cards/reservations/{kept['id']}/release", {}), 200)
    assert (gone["state"], gone["left"]) == ("released", eur(0))
    with tenant_context(here.tenant):
        assert agrees()


def test_reserving_asks_for_the_pin_and_counts_it(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        gift = card(1000, pin="4826")
    soon = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
    path = f"/gift-cards/{gift.pk}/reservations"

    def asked(**said: str) -> Any:
        return till.post(path, {"id": str(new_id()), "amount": eur(600), "expires_at": soon, **said})

    assert asked().json()["code"] == "pin_needed"
    assert [asked(pin="0000").json()["code"] for _ in range(6)] == ["pin_wrong"] * 5 + ["pin_delayed"]
    assert asked(pin="4826").json()["code"] == "pin_delayed"
    with tenant_context(here.tenant):
        StoredValue.objects.update(pin_blocked_until=None)
    ok(asked(pin="4826"))
    with tenant_context(here.tenant):
        assert now(gift) == (1000, 600, 0)


def test_a_receipt_says_which_card_paid(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        gift = card(1000)
    order = ok(till.post("/orders", paying(here, 760, value_id=str(gift.pk))))
    receipt = till.get(f"/orders/{order['id']}/receipt?format=text")
    assert "*ABCD" in receipt.content.decode()


def test_a_card_sold_before_its_drawer_was_closed_is_a_late_entry_of_it(here: Shop, till: TillClient) -> None:
    first = opened(till, here.register)
    at = clock.rfc3339(clock.now())
    assert closed(till, first, 10_250)["variance"] == eur(250)
    opened(till, here.register)
    body = sale_of(250, cash(250)) | {"at": at}
    assert ok(till.post("/gift-cards", body)) == ok(till.post("/gift-cards", body))
    with tenant_context(here.tenant):
        (late,) = Closing.objects.filter(late_number__isnull=False)
        assert (late.document["what"], late.document["cash_minor"]) == ("movement", 250)
        found = books()
        assert (found["gift_cards"], found.get("cash_over_short", 0)) == (-250, 0)
        assert agrees()


@pytest.fixture
def asked_for(here: Shop) -> None:
    """Ways to pay with rules: a provider's reader, vouchers of 10.00 at most, dollars."""
    with tenant_context(here.tenant):
        account = ConnectionDraft(
            id=new_id(),
            gateway="simulator",
            name="Cards",
            account="sim_1",
            secrets={"webhook_secret": "sim_whsec_of_a_test"},
        )
        connection = save_connection(draft=account, actor=SYSTEM, at=clock.now())
        reader = TenderTypeFactory.create(code="reader", name="Card", kind="card")
        TenderType.objects.filter(pk=reader.pk).update(connection=connection, channel="present")
        TenderTypeFactory.create(code="voucher", name="Voucher", kind="voucher", largest_minor=1000)
        TenderTypeFactory.create(
            code="usd", name="Dollars", kind="other", foreign_currency="USD", foreign_rate=Decimal("0.9")
        )


_RULES = [
    ("reader", "/tenders/0/tender_type", "tender_invalid"),
    ("voucher", "/tenders/0/amount", "tender_too_large"),
    ("usd", "/tenders/0/foreign", "foreign_currency"),
]


@pytest.mark.parametrize(("way", "pointer", "code"), _RULES, ids=[way for way, *_ in _RULES])
def test_a_card_is_not_sold_or_loaded_or_an_account_paid_against_the_rules_of_a_way_to_pay(
    here: Shop, till: TillClient, manager: TillClient, asked_for: None, way: str, pointer: str, code: str
) -> None:
    tender = {**cash(5000), "tender_type": way}
    sold = sale_of(5000, tender)
    with tenant_context(here.tenant):
        known = card(2000)
    load = {"id": str(new_id()), "amount": eur(5000), "tenders": [{**tender, "id": str(new_id())}]}
    account = {"id": str(new_id()), "code": "meier", "name": "Meier"}
    owner = TillClient(here.tenant, signed_in(here.tenant, till.headers, role="owner"))
    assert owner.post("/house-accounts", account).status_code == 201
    refusals = [
        manager.post("/gift-cards", sold),
        manager.post(f"/gift-cards/{known.pk}/loads", load),
        till.post(f"/house-accounts/{account['id']}/payments", {**tender, "id": str(new_id())}),
    ]
    assert [each.status_code for each in refusals] == [422, 422, 422]
    told = [[(error["pointer"], error["code"]) for error in each.json()["errors"]] for each in refusals]
    assert told == [[(pointer, code)], [(pointer, code)], [(pointer.removeprefix("/tenders/0"), code)]]
    with tenant_context(here.tenant):
        assert (StoredValue.objects.count(), now(known)) == (1, (2000, 0, 0))


def test_foreign_notes_pay_a_card_and_what_is_owed(
    here: Shop, till: TillClient, manager: TillClient, asked_for: None
) -> None:
    dollars = {"tender_type": "usd", "foreign": {"amount_minor": 1000, "currency": "USD"}}
    ok(manager.post("/gift-cards", sale_of(900, {**cash(900), **dollars})))
    account = {"id": str(new_id()), "code": "meier", "name": "Meier"}
    owner = TillClient(here.tenant, signed_in(here.tenant, till.headers, role="owner"))
    ok(owner.post("/house-accounts", account))
    paid = {**cash(900), **dollars}
    first = ok(till.post(f"/house-accounts/{account['id']}/payments", paid))
    assert ok(till.post(f"/house-accounts/{account['id']}/payments", paid)) == first
    with tenant_context(here.tenant):
        kept = Payment.objects.values_list("foreign_currency", "foreign_minor", "foreign_rate")
        assert list(kept) == [("USD", 1000, Decimal("0.9"))] * 2


def test_a_card_and_what_is_owed_are_not_paid_under_the_id_of_what_is_asked_for(
    here: Shop, till: TillClient, manager: TillClient, asked_for: None
) -> None:
    owner = TillClient(here.tenant, signed_in(here.tenant, till.headers, role="owner"))
    account = {"id": str(new_id()), "code": "meier", "name": "Meier"}
    ok(owner.post("/house-accounts", account))
    path = f"/house-accounts/{account['id']}/payments"
    with tenant_context(here.tenant):
        keys = [_attempt().pk for _ in range(2)]
    sold, owed = sale_of(900, {**cash(900), "id": str(keys[0])}), {**cash(900), "id": str(keys[1])}
    for answer in (manager.post("/gift-cards", sold), till.post(path, owed)):
        assert (answer.status_code, answer.json()["code"]) == (409, "payment_id_conflict")
    at = {"at": clock.rfc3339(clock.now())}
    first = [ok(manager.post("/gift-cards", sold | at)), ok(till.post(path, owed | at))]
    assert [ok(manager.post("/gift-cards", sold | at)), ok(till.post(path, owed | at))] == first
    with tenant_context(here.tenant):
        own = {uuid5(key, "taken at a till") for key in keys}
        assert set(Payment.objects.values_list("pk", flat=True)) == own


def _attempt() -> Attempt:
    made: Attempt = Attempt.objects.create(
        order_id=new_id(),
        purpose="order",
        connection=Connection.objects.get(),
        tender_type="reader",
        channel="present",
        reference="A-1",
        state="presented",
        currency="EUR",
        amount_minor=900,
        at=clock.now(),
        business_date=clock.now().date(),
    )
    return made
