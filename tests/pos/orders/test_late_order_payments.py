"""Money for an open order that a till took while it was offline: recorded as it happened, flagged, beside its Z."""

from decimal import Decimal
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.credit.models import HouseAccount
from payments.ledger.models import Transfer
from payments.ledger.queries import trial_balance
from payments.tenders.models import Payment
from pos.inventory.models import StockLevel, StockMovement
from pos.orders.models import Order, OrderChange
from pos.registers.journal.models import JournalEntry
from pos.registers.models import CashMovement, Closing
from tests.factories import Shop, TenderTypeFactory, TillClient, order_body, signed_in
from tests.pos.orders.test_stock_policies import keep
from tests.pos.orders.tickets import Json, cash, change, changed, euro, line, opened, paid
from tests.pos.registers import desk

pytestmark = pytest.mark.django_db

OPENED, TAKEN = "2026-03-01T12:00:00.000Z", "2026-03-01T13:00:00.000Z"


def codes(told: Json) -> list[tuple[str, str]]:
    """Codes and pointers of the flags of an order."""
    return [(flag["code"], flag["pointer"]) for flag in told["flags"] if flag["code"] != "negative_stock"]


def balance(here: Shop) -> dict[str, int]:
    """What every account stands at."""
    with tenant_context(here.tenant):
        return {row.code: row.balance_minor for row in trial_balance() if row.balance_minor}


def in_drawer(here: Shop, session: Json) -> list[tuple[str, int]]:
    """What moved in a session."""
    with tenant_context(here.tenant):
        found = CashMovement.objects.filter(session_id=session["id"]).order_by("id")
        return list(found.values_list("kind", "amount_minor"))


def test_it_is_recorded_at_its_moment_and_on_its_day(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"), placed_at=OPENED)
    done = paid(till, told["id"], cash(500), at=TAKEN, expected_due=euro(380))
    assert (done["payment_state"], done["placed_at"], done["business_date"]) == ("paid", TAKEN, "2026-03-01")
    assert codes(done) == [("paid_earlier", "/at"), ("no_open_session", "")]
    assert done["flags"][0]["paid_at"] == TAKEN
    with tenant_context(here.tenant):
        rows = [
            *Payment.objects.values_list("at", "business_date"),
            *CashMovement.objects.values_list("at", "business_date"),
            *Transfer.objects.values_list("at", "business_date"),
            *JournalEntry.objects.values_list("at", "business_date"),
            *StockMovement.objects.values_list("at", "business_date"),
            *OrderChange.objects.filter(order_id=told["id"]).values_list("at", "business_date"),
        ]
        assert {(clock.rfc3339(at), day.isoformat()) for at, day in rows} == {(TAKEN, "2026-03-01")}
        (entry,) = JournalEntry.objects.all()
        assert entry.recorded_at.date() > entry.business_date
        order = Order.objects.get()
        assert (order.edited_at or order.placed_at) > order.placed_at


def test_the_same_tenders_again_are_taken_once(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"), placed_at=OPENED)
    tender = cash(500)
    first = paid(till, told["id"], tender, at=TAKEN)
    assert paid(till, told["id"], tender, at=TAKEN) == first
    with tenant_context(here.tenant):
        assert Payment.objects.count() == 1
        assert [flag["code"] for flag in Order.objects.get().flags].count("paid_earlier") == 1


def test_a_sale_paid_into_a_drawer_that_is_closed_stands_beside_its_z(here: Shop, till: TillClient) -> None:
    """A cappuccino for 5.00, 1.20 back: whoever counted had 3.80 over, and now has not."""
    first = desk.opened(till, here.register)
    told = opened(till, line(here, "cappuccino"))
    at = clock.rfc3339(clock.now())
    assert desk.closed(till, first, 10_380)["variance"] == euro(380)
    second = desk.opened(till, here.register)
    tender = cash(500)
    done = paid(till, told["id"], tender, at=at)
    assert paid(till, told["id"], tender, at=at) == done
    assert (done["session_id"], done["receipt_reference"], done["change"]) == (
        first["id"],
        "K1-R1",
        euro(120),
    )
    assert in_drawer(here, first) == [
        ("float", 10_000),
        ("sale", 500),
        ("change", -120),
        ("correction", -380),
    ]
    assert in_drawer(here, second) == [("float", 10_000)]
    section = desk.the_z(till, here.register)["late"]
    assert (section["total"], section["cash"], section["variance"]) == (euro(380), euro(380), euro(0))
    (entry,) = section["entries"]
    assert (entry["number"], entry["what"], entry["told"]) == ("K1-Z1-L1", "sale", "K1-R1")
    books = balance(here)
    assert (books.get("cash_over_short", 0), books.get("receivable", 0)) == (0, 0)
    assert desk.closed(till, second, 10_000)["variance"] == euro(0)
    zed = desk.the_z(till, here.register)["document"]
    assert (zed["sales"]["count"], zed["tenders"], zed["numbers"]["receipts"]["gaps"]) == (0, [], [])
    assert (zed["numbers"]["receipts"]["count"], zed["late"]["numbers"]) == (1, ["K1-Z1-L1"])
    assert zed["grand_total"] == euro(380)


def test_a_part_that_came_late_is_cash_of_its_drawer_and_the_sale_is_of_the_one_that_settles(
    here: Shop, till: TillClient
) -> None:
    first = desk.opened(till, here.register)
    told = opened(till, line(here, "cappuccino"))
    at = clock.rfc3339(clock.now())
    desk.closed(till, first, 10_100)
    second = desk.opened(till, here.register)
    part = paid(till, told["id"], cash(100), at=at)
    assert (part["payment_state"], part["due"]) == ("part_paid", euro(280))
    section = desk.the_z(till, here.register)["late"]
    (entry,) = section["entries"]
    assert (entry["what"], entry["told"], section["total"]) == ("movement", "K1-1", euro(0))
    assert (section["cash"], section["variance"]) == (euro(100), euro(0))
    done = paid(till, told["id"], cash(280))
    assert (done["payment_state"], done["receipt_reference"], done["session_id"]) == (
        "paid",
        "K1-R1",
        second["id"],
    )
    assert desk.closed(till, second, 10_280)["variance"] == euro(0)
    zed = desk.the_z(till, here.register)["document"]
    assert (zed["sales"]["count"], zed["sales"]["total"]) == (1, euro(380))
    assert (zed["numbers"]["receipts"]["gaps"], zed["late"]["numbers"]) == ([], ["K1-Z1-L1"])
    assert in_drawer(here, second) == [("float", 10_000), ("sale", 280)]


def test_a_part_by_card_was_in_no_drawer(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        TenderTypeFactory.create(code="card", name="Card", kind="card")
    first = desk.opened(till, here.register)
    told = opened(till, line(here, "cappuccino"))
    at = clock.rfc3339(clock.now())
    desk.closed(till, first, 10_000)
    part = paid(till, told["id"], {**cash(100), "tender_type": "card"}, at=at)
    assert (part["session_id"], part["due"]) == (first["id"], euro(280))
    with tenant_context(here.tenant):
        assert not Closing.objects.filter(late_number__isnull=False).exists()


def test_money_for_another_sum_than_is_due_was_taken_all_the_same(here: Shop, till: TillClient) -> None:
    """The till showed a cappuccino; a colleague had added a roll (0.45) meanwhile. That is still to pay."""
    told = opened(till, line(here, "cappuccino"), placed_at=OPENED)
    changed(till, told["id"], change("add", line=line(here, "roll")))
    part = paid(till, told["id"], cash(380), at=TAKEN, expected_due=euro(380))
    assert (part["payment_state"], part["due"]) == ("part_paid", euro(45))
    (flag,) = [flag for flag in part["flags"] if flag["code"] == "due_changed"]
    assert flag == {
        "code": "due_changed",
        "pointer": "/expected_due",
        "actual": euro(425),
        "expected": euro(380),
    }
    changed(till, told["id"], change("add", line=line(here, "roll")))
    after = till.get(f"/orders/{told['id']}").json()
    assert "due_changed" in [code for code, _ in codes(after)]


def test_goods_that_were_not_there_left_all_the_same(here: Shop, till: TillClient) -> None:
    keep(here, "deny", "roll")
    told = opened(till, line(here, "roll"), placed_at=OPENED)
    asked = till.post(f"/orders/{told['id']}/payments", {"tenders": [cash(45)]})
    assert (asked.status_code, asked.json()["code"]) == (409, "out_of_stock")
    done = paid(till, told["id"], cash(45), at=TAKEN)
    assert ("sold_out_of_stock", "/lines/0/variant_id") in codes(done)
    with tenant_context(here.tenant):
        level = StockLevel.objects.get(variant_id=here.variants["roll"].id)
        assert level.on_hand == Decimal(-1)


def test_an_account_that_owes_more_than_it_may_owes_it_all_the_same(here: Shop, till: TillClient) -> None:
    owner = TillClient(here.tenant, signed_in(here.tenant, till.headers, role="owner"))
    account = {"id": str(new_id()), "code": "meier", "name": "Meier & Co", "limit": euro(300)}
    assert owner.post("/house-accounts", account).status_code == 201
    with tenant_context(here.tenant):
        TenderTypeFactory.create(code="account", name="On account", kind="house_account")
    told = opened(till, line(here, "cappuccino"), placed_at=OPENED)
    tender = {**cash(380), "tender_type": "account", "house_account_id": account["id"]}
    asked = till.post(f"/orders/{told['id']}/payments", {"tenders": [tender]})
    assert (asked.status_code, asked.json()["code"]) == (409, "house_limit_exceeded")
    done = paid(till, told["id"], tender, at=TAKEN)
    assert ("house_limit_exceeded", "/tenders/0") in codes(done)
    with tenant_context(here.tenant):
        assert HouseAccount.objects.get().balance_minor == 380
    assert balance(here)["house:meier"] == 380


@pytest.mark.parametrize(
    ("at", "flag", "placed"),
    [
        pytest.param("2099-03-01T13:00:00.000Z", "clock_skew", "2099-03-01T13:00:00.000Z", id="future"),
        pytest.param("2026-03-01T11:00:00.000Z", "clock_skew", OPENED, id="before-it-was-opened"),
    ],
)
def test_a_clock_that_is_wrong_is_flagged(
    here: Shop, till: TillClient, at: str, flag: str, placed: str
) -> None:
    """Nobody pays for an order before it was opened: that is the earliest."""
    told = opened(till, line(here, "cappuccino"), placed_at=OPENED)
    done = paid(till, told["id"], cash(380), at=at)
    assert (done["placed_at"], (flag, "/at") in codes(done)) == (placed, True)


def test_a_time_that_no_shop_has_seen_is_a_mistake(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    body = {"tenders": [cash(380)], "at": "1066-10-14T09:00:00Z"}
    refused = till.post(f"/orders/{told['id']}/payments", body)
    (problem,) = refused.json()["errors"]
    assert (refused.status_code, problem["pointer"], problem["code"]) == (400, "/at", "out_of_range")


def test_what_is_paid_or_given_up_already_takes_no_more_money(here: Shop, till: TillClient) -> None:
    sale: Any = till.post("/orders", order_body((here.variants["cappuccino"], "1"), cash=(380, "EUR"))).json()
    again = till.post(f"/orders/{sale['id']}/payments", {"tenders": [cash(380)], "at": TAKEN})
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")
