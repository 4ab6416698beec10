"""Notes of other currencies: taken, given back, counted in their currency, and exact in the books."""

from decimal import Decimal
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.clock import rfc3339
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.credit.models import HouseAccount
from payments.ledger.queries import trial_balance
from payments.tenders.models import Payment, Refund, TenderType
from pos.receipts.queries.closing_rows import sections
from pos.registers.foreign import Held, difference_worth, notes_of, rate_of
from pos.registers.models import CashMovement, CashSession, Closing
from tests.admin.browsing import office
from tests.factories import Shop, TillClient, order_body
from tests.pos.registers.desk import approved, closed, euro, key, manager_at, opened, sold, step, the_z

pytestmark = pytest.mark.django_db
CAPPUCCINO = 380


def usd(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "USD"}


def at_rate(here: Shop, rate: str) -> None:
    """What a dollar is taken at from now on."""
    with tenant_context(here.tenant):
        values = {"name": "Dollars", "kind": "other", "foreign_currency": "USD"}
        TenderType.objects.update_or_create(code="usd", defaults={**values, "foreign_rate": Decimal(rate)})


@pytest.fixture(autouse=True)
def dollars(here: Shop) -> None:
    at_rate(here, "0.91")


def notes(minor: int, worth: int) -> dict[str, Any]:
    return {"id": key(), "tender_type": "usd", "amount": euro(worth), "foreign": usd(minor)}


def paid_in_notes(here: Shop, till: TillClient, name: str, minor: int, worth: int, **said: Any) -> Any:
    body = order_body((here.variants[name], "1"), **said)
    return till.post("/orders", {**body, "tenders": [notes(minor, worth)]})


def moved_notes(till: TillClient, session: dict[str, Any], kind: str, minor: int, **said: Any) -> Any:
    body = {"kind": kind, "foreign": usd(minor), **said}
    return till.post(f"/cash-sessions/{session['id']}/movements", body)


def books(here: Shop) -> dict[str, int]:
    with tenant_context(here.tenant):
        found = {row.code: row.balance_minor for row in trial_balance() if row.balance_minor}
        assert sum(found.values()) == 0
        return found


def in_drawer(here: Shop) -> tuple[int, int, int]:
    """The sums of all movements: own money, dollars, what these were worth."""
    with tenant_context(here.tenant):
        rows = CashMovement.objects.values_list("amount_minor", "foreign_minor", "worth_minor")
        own, foreign, worth = zip(*rows, strict=True)
        return sum(own), sum(each or 0 for each in foreign), sum(each or 0 for each in worth)


def test_a_day_with_dollars_is_counted_in_dollars(here: Shop, till: TillClient) -> None:
    """The example of docs/concepts/foreign-cash.md, number by number."""
    manager = manager_at(here, till)
    float_ = {"amount": usd(2_000), "denominations": [{"value_minor": 1_000, "count": 2}]}
    session = opened(manager, here.register, foreign=[float_])
    assert session["opening_foreign"] == [float_]
    first = paid_in_notes(here, manager, "cappuccino", 1_000, 910).json()
    (payment,) = first["payments"]
    assert (payment["amount"], payment["change"]) == (euro(380), euro(530))
    assert payment["foreign"] == {"amount": usd(1_000), "rate": "0.91"}
    drop = moved_notes(manager, session, "drop", 500).json()
    assert (drop["amount"], drop["slip_number"]) == (euro(0), 1)
    assert drop["foreign"] == {"amount": usd(-500), "worth": euro(-455), "rate": "0.91"}
    at_rate(here, "0.95")
    assert paid_in_notes(here, manager, "book", 2_000, 1_900).json()["change"] == euro(700)
    back = {
        "id": key(),
        "lines": [{"order_line_id": first["lines"][0]["id"], "quantity": "1"}],
        "reason": "cold",
        "tenders": [
            {"id": key(), "tender_type": "usd", "amount": euro(364), "foreign": usd(400)},
            {"id": key(), "tender_type": "cash", "amount": euro(16)},
        ],
    }
    given = manager.post(f"/orders/{first['id']}/refunds", back)
    assert given.status_code == 201, given.json()
    assert given.json()["tenders"][0]["foreign"] == {"amount": usd(400), "rate": "0.91"}
    with tenant_context(here.tenant):
        kept = Refund.objects.get(tender_type__code="usd")
        assert (kept.foreign_currency, kept.foreign_minor, kept.foreign_rate) == ("USD", 400, Decimal("0.91"))
    assert in_drawer(here) == (8_754, 4_100, 3_811)
    told = closed(manager, session, 8_754, foreign=[{"amount": usd(4_000)}])
    assert (told["variance"], [flag["code"] for flag in told["flags"]]) == (euro(0), ["foreign_variance"])
    (counted,) = told["foreign"]
    assert counted == {
        "currency": "USD",
        "expected": usd(4_100),
        "expected_worth": euro(3_811),
        "counted": usd(4_000),
        "variance": usd(-100),
        "variance_worth": euro(-93),
        "rate": "0.9295122",
        "denominations": [],
    }
    assert told["counts"][0]["foreign"] == [counted]
    cash = the_z(manager, here.register)["document"]["cash"]
    assert cash["expected"] == euro(8_754)
    assert {each["kind"] for each in cash["movements"]} == {"float", "change", "refund"}
    (zed,) = cash["foreign"]
    assert [(each["kind"], each["amount"], each["worth"]) for each in zed["movements"]] == [
        ("drop", usd(-500), euro(-455)),
        ("float", usd(2_000), euro(1_820)),
        ("refund", usd(-400), euro(-364)),
        ("sale", usd(3_000), euro(2_810)),
    ]
    assert (zed["expected"], zed["counted"], zed["variance"]) == (usd(4_100), usd(4_000), usd(-100))
    assert (zed["expected_worth"], zed["variance_worth"]) == (euro(3_811), euro(-93))
    found = books(here)
    assert (found["tender:usd"], found["safe"], found["cash_over_short"]) == (1_898, 455, 93)
    assert found["cash"] == -530 - 700 - 16


def test_when_all_notes_are_missing_nothing_is_left_in_the_books(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    paid_in_notes(here, till, "cappuccino", 1_000, 910)
    at_rate(here, "0.953")
    paid_in_notes(here, till, "cappuccino", 700, 667)
    told = step(
        manager_at(here, till), session, "close", {"counted": euro(9_183), "foreign": [{"amount": usd(0)}]}
    )
    assert told.json()["foreign"][0]["variance_worth"] == euro(-910 - 667)
    assert "tender:usd" not in books(here)


def test_notes_nobody_counted_are_flagged_and_stay(here: Shop, till: TillClient) -> None:
    """A till of the release before knows nothing of them, and its drawer must close."""
    session = opened(till, here.register)
    paid_in_notes(here, till, "cappuccino", 1_000, 910)
    told = closed(till, session, 9_470)
    assert told["flags"] == [{"code": "foreign_not_counted", "currency": "USD"}]
    (kept,) = told["foreign"]
    assert (kept["expected"], kept["counted"], kept["variance"]) == (usd(1_000), None, None)
    assert books(here)["tender:usd"] == 910


def test_a_difference_in_notes_counts_against_the_limit(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    assert paid_in_notes(here, till, "cappuccino", 2_000, 1_820).status_code == 201
    counts = {"counted": euro(10_000 - 1_440 + 5), "foreign": [{"amount": usd(500)}]}
    kept = step(till, session, "close", counts)
    assert (kept.status_code, kept.json()["needs_approval"]["asked"]) == (202, 1_365 + 5)
    token = approved(here, till, action="variance", subject_id=session["id"], amount=1_370)
    assert step(till, session, "close", {"approval": token}).status_code == 200
    assert books(here)["cash_over_short"] == 1_365 - 5


def test_a_blind_count_tells_nothing_of_notes_before_it(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    paid_in_notes(here, till, "cappuccino", 1_000, 910)
    assert till.get(f"/cash-sessions/{session['id']}").json()["foreign"] == []
    (of_x,) = till.get(f"/registers/{here.register.pk}/x-report").json()["cash"]["foreign"]
    assert (of_x["expected"], of_x["expected_worth"], of_x["movements"][0]["amount"]) == (None, None, None)
    assert (of_x["rate"], of_x["movements"][0]["worth"]) == (None, None)


def test_sales_between_count_and_close_are_taken_as_recorded(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    paid_in_notes(here, till, "cappuccino", 1_000, 910)
    counted = step(till, session, "counts", {"counted": euro(9_470), "foreign": [{"amount": usd(1_000)}]})
    assert counted.json()["counts"][0]["foreign"][0]["variance"] == usd(0)
    paid_in_notes(here, till, "cappuccino", 500, 455)
    told = step(till, session, "close").json()
    assert (told["foreign"][0]["expected"], told["foreign"][0]["counted"]) == (usd(1_500), usd(1_500))


def test_a_float_that_is_confirmed_counts(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register, in_control=True, foreign=[{"amount": usd(2_000)}])
    assert in_drawer_is_empty(here)
    told = step(
        till, session, "confirm-opening", {"counted": euro(10_000), "foreign": [{"amount": usd(1_500)}]}
    )
    assert told.json()["flags"] == [
        {"code": "float_differs", "declared_minor": 2_000, "counted_minor": 1_500, "currency": "USD"}
    ]
    assert in_drawer(here) == (10_000, 1_500, 1_365)
    (kept,) = closed(till, session, 10_000, foreign=[{"amount": usd(1_500)}])["foreign"]
    assert (kept["variance"], kept["variance_worth"]) == (usd(0), euro(0))


def in_drawer_is_empty(here: Shop) -> bool:
    with tenant_context(here.tenant):
        return not CashMovement.objects.exists()


def test_what_comes_late_explains_the_notes_that_were_over(here: Shop, till: TillClient) -> None:
    manager = manager_at(here, till)
    session = opened(manager, here.register)
    sold(here, manager)
    happened = rfc3339(clock.now())
    closed(manager, session, 9_850, foreign=[{"amount": usd(1_000)}], force="till was offline")
    assert books(here)["cash_over_short"] == 530 - 910
    late = paid_in_notes(here, manager, "cappuccino", 1_000, 910, placed_at=happened)
    assert late.status_code == 201, late.json()
    found = books(here)
    assert (found["tender:usd"], found.get("cash_over_short", 0)) == (910, 0)
    assert in_drawer(here) == (10_380, 0, 0)
    (entry,) = the_z(manager, here.register)["late"]["entries"]
    assert entry["foreign"] == [{"amount": usd(1_000), "worth": euro(910)}]


def problems(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code in (400, 422), answer.json()
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("foreign", "found"),
    [
        (
            [{"amount": {"amount_minor": 1, "currency": "GBP"}}],
            [("/foreign/0/amount/currency", "wrong_currency")],
        ),
        ([{"amount": euro(1)}], [("/foreign/0/amount/currency", "wrong_currency")]),
        ([{"amount": usd(1)}, {"amount": usd(2)}], [("/foreign/1/amount/currency", "repeated")]),
        ([{"amount": usd(-1)}], [("/foreign/0/amount/amount_minor", "negative")]),
        (
            [{"amount": usd(5), "denominations": [{"value_minor": 1, "count": 4}]}],
            [("/foreign/0/amount", "count_differs")],
        ),
    ],
    ids=["nobody takes it", "own", "twice", "below zero", "pieces"],
)
@pytest.mark.parametrize("name", ["counts", "close"])
def test_what_cannot_be_counted_is_told_where_it_is(
    here: Shop, till: TillClient, name: str, foreign: Any, found: Any
) -> None:
    session = opened(till, here.register)
    assert problems(step(till, session, name, {"counted": euro(10_000), "foreign": foreign})) == found
    with tenant_context(here.tenant):
        assert (CashSession.objects.get().state, CashSession.objects.get().counts) == ("open", [])


def test_notes_are_moved_by_hand_or_own_money_is(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    assert problems(moved_notes(till, session, "paid_in", 100, amount=euro(1))) == [
        ("/foreign", "amount_wrong")
    ]
    assert problems(moved_notes(till, session, "drop", -100)) == [("/foreign", "amount_wrong")]
    pounds = {"amount_minor": 1, "currency": "GBP"}
    body = {"kind": "paid_in", "foreign": pounds}
    answer = till.post(f"/cash-sessions/{session['id']}/movements", body)
    assert problems(answer) == [("/foreign/currency", "wrong_currency")]
    said = {"id": key()}
    put = moved_notes(till, session, "paid_in", 1_000, **said)
    assert moved_notes(till, session, "paid_in", 1_000, **said).json() == put.json()
    other = moved_notes(till, session, "paid_in", 900, **said)
    assert (other.status_code, other.json()["code"]) == (409, "movement_id_conflict")
    assert (books(here)["tender:usd"], books(here)["paid_in"]) == (910, -910)
    manager = manager_at(here, till)
    for minor in (-300, -700):
        assert moved_notes(manager, session, "correction", minor).status_code == 201
    assert "tender:usd" not in books(here)


def test_money_from_notes_goes_back_in_own_cash_unless_notes_are_named(here: Shop, till: TillClient) -> None:
    opened(till, here.register)
    order = paid_in_notes(here, till, "cappuccino", 400, 364).json()
    rest = {"tenders": [{"id": key(), "tender_type": "cash", "amount": euro(16)}]}
    assert till.post(f"/orders/{order['id']}/payments", rest).json()["payment_state"] == "paid"
    line = {"order_line_id": order["lines"][0]["id"], "quantity": "1"}
    body = {"id": key(), "lines": [line], "reason": "cold"}
    dollars = {"id": key(), "tender_type": "usd", "amount": euro(CAPPUCCINO)}
    asked = {**body, "tenders": [dollars]}
    assert problems(till.post(f"/orders/{order['id']}/refunds", asked)) == [
        ("/tenders/0/foreign", "foreign_currency")
    ]
    wrong = {**body, "tenders": [{**dollars, "foreign": usd(400)}]}
    assert problems(till.post(f"/orders/{order['id']}/refunds", wrong)) == [
        ("/tenders/0/amount", "foreign_worth")
    ]
    back = till.post(f"/orders/{order['id']}/refunds", body)
    assert [(each["tender_type"], each["given"], each["foreign"]) for each in back.json()["tenders"]] == [
        ("cash", euro(16), None),
        ("cash", euro(364), None),
    ]
    assert (books(here)["tender:usd"], books(here)["cash"]) == (364, -364)


def test_notes_that_were_given_back_are_a_fact(here: Shop, till: TillClient) -> None:
    opened(till, here.register)
    order = paid_in_notes(here, till, "cappuccino", 1_000, 910).json()
    line = {"order_line_id": order["lines"][0]["id"], "quantity": "1"}
    dollars = {"id": key(), "tender_type": "usd", "amount": euro(CAPPUCCINO), "foreign": usd(400)}
    body = {"id": key(), "lines": [line], "tenders": [dollars], "at": rfc3339(clock.now())}
    back = till.post(f"/orders/{order['id']}/refunds", body)
    assert back.status_code == 201, back.json()
    assert {"code": "foreign_worth", "pointer": "/tenders/0/amount"} in back.json()["flags"]
    assert in_drawer(here) == (10_000 - 530, 600, 530)


def test_what_is_owed_is_paid_in_notes(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    with tenant_context(here.tenant):
        account = HouseAccount.objects.create(code="meier", name="Meier & Co", opened_at=clock.now())
    body = {"id": key(), "tender_type": "usd", "amount": euro(910), "foreign": usd(1_000)}
    answer = till.post(f"/house-accounts/{account.pk}/payments", body)
    assert answer.status_code == 201, answer.json()
    assert in_drawer(here) == (10_000, 1_000, 910)
    (kept,) = closed(till, session, 10_000, foreign=[{"amount": usd(1_000)}])["foreign"]
    assert kept["variance"] == usd(0)


def test_a_repeat_that_names_other_notes_is_another_sale(here: Shop, till: TillClient) -> None:
    body = {**order_body((here.variants["cappuccino"], "1")), "placed_at": rfc3339(clock.now())}
    tender = notes(1_000, 910)
    assert till.post("/orders", {**body, "tenders": [tender]}).status_code == 201
    other = till.post("/orders", {**body, "tenders": [{**tender, "foreign": usd(2_000)}]})
    assert (other.status_code, other.json()["code"]) == (409, "order_id_conflict")


@pytest.mark.parametrize(
    ("held", "counted", "worth"),
    [
        (Held(3_000, 2_777), 3_000, 0),
        (Held(3_000, 2_777), 2_999, -1),
        (Held(3_000, 2_777), 0, -2_777),
        (Held(3_000, 2_777), 6_000, 2_777),
        (Held(0, 0), 100, 95),
        (Held(0, -3), 0, 3),
        (Held(-100, -91), 0, 91),
        (Held(-100, -91), 100, 190),
    ],
)
def test_what_a_difference_is_worth(held: Held, counted: int, worth: int) -> None:
    found = difference_worth(held=held, counted=Money(counted, "USD"), rate=Decimal("0.95"), currency="EUR")
    assert found == worth


def test_notes_that_leave_take_along_what_they_stand_at() -> None:
    held, rate = Held(3_000, 2_777), Decimal("0.95")
    gone = [
        notes_of(money=Money(-minor, "USD"), rate=rate, currency="EUR", held=held).worth_minor
        for minor in (1, 1_000, 3_000, 4_000)
    ]
    assert gone == [-1, -926, -2_777, -3_800]
    assert rate_of(held, "USD", "EUR") == Decimal("0.92566667")
    assert rate_of(Held(100, 15), "JPY", "KWD") == Decimal("0.00015000")


def test_payments_keep_what_was_handed_over(here: Shop, till: TillClient) -> None:
    paid_in_notes(here, till, "cappuccino", 1_000, 910)
    with tenant_context(here.tenant):
        kept = Payment.objects.get()
        assert (kept.amount_minor, kept.tendered_minor, kept.change_minor) == (380, 910, 530)
        assert (kept.foreign_currency, kept.foreign_minor, kept.foreign_rate) == (
            "USD",
            1_000,
            Decimal("0.91"),
        )
    assert books(here)["tender:usd"] == 910


def test_the_back_office_shows_what_was_counted(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    paid_in_notes(here, till, "cappuccino", 1_000, 910)
    closed(till, session, 9_470, foreign=[{"amount": usd(1_000)}])
    zed = the_z(till, here.register)
    browser = office(here.tenant)
    page = browser.get(f"/pos/closing/{zed['id']}/change/").content.decode()
    assert "10.00 USD expected, 10.00 USD counted, 0.00 USD over or short" in page
    page = browser.get(f"/pos/cashsession/{session['id']}/change/").content.decode()
    assert "10.00 USD expected, 10.00 USD counted" in page
    assert "10.00 USD (9.10 EUR)" in page


def test_the_printed_z_has_a_line_for_each_currency(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    paid_in_notes(here, till, "cappuccino", 1_000, 910)
    closed(manager_at(here, till), session, 9_470, foreign=[{"amount": usd(900)}])
    with tenant_context(here.tenant):
        stored = Closing.objects.get().document
    (cash,) = [section for section in sections(stored) if section.key == "cash"]
    assert (cash.rows[-1].text, cash.rows[-1].amount_minor) == ("10.00 USD / 9.00 USD / -1.00 USD", -91)
