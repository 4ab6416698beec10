"""What people do about differences, and who may."""

import datetime as dt
from contextlib import suppress
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import Forbidden
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.events.models import Event
from payments.gateways.models import Attempt, GatewayRefund
from payments.ledger.models import Transfer
from payments.reconciliation import actions
from payments.reconciliation.errors import ActionNotPossible, NoSuchTotal, ReasonNeeded, TotalPosted
from payments.reconciliation.models import Difference, SettlementLine
from payments.reconciliation.services import MachineDraft, enter_machine_total, resolve_difference
from payments.reconciliation.services.closing import OF_LINES
from payments.reconciliation.services.machines import look_at_totals
from payments.tenders.models import Payment
from pos.registers.models import Location
from tests.factories import TenderTypeFactory
from tests.factories.registers import RegisterFactory
from tests.payments.credit.cards import card
from tests.payments.reconciliation.listing import AT, DAY, Desk, balances, book, differences

pytestmark = pytest.mark.django_db
ANA = Actor(kind="employee", id=None, name="Ana", permissions=frozenset({"payments.reconcile"}))


def only() -> Difference:
    found: Difference = Difference.objects.get()
    return found


def resolve(action: str, reason: str = "", actor: Actor = ANA) -> Difference:
    return resolve_difference(difference_id=only().pk, action=action, reason=reason, actor=actor, at=AT)


def test_whoever_accepts_says_why_and_it_stays_accepted(desk: Desk) -> None:
    desk.pays_out(desk.line("charge", 700, payment="pay_x"))
    desk.run()
    with pytest.raises(ReasonNeeded):
        resolve("accept", "  ")
    done = resolve("accept", "Taken by hand in the vendor's app.")
    assert (done.state, done.action, done.resolved_by, done.resolved_at) == (
        "resolved",
        "accepted",
        "Ana",
        AT,
    )
    desk.run(at=AT + DAY)
    assert differences() == []
    said = Event.objects.get(kind="reconciliation.difference_resolved")
    assert (said.data["action"], said.data["by"]) == ("accepted", "Ana")


def test_what_was_accepted_is_open_again_with_other_amounts(desk: Desk) -> None:
    attempt = desk.attempt(1000)
    line = desk.charge(attempt, gross=1100)
    desk.waits(line)
    desk.run()
    resolve("accept", "Rounded by the vendor.")
    desk.waits(desk.line("charge", 5, payment=attempt.vendor_id))
    desk.run(at=AT + DAY)
    assert differences() == [("amount", attempt.vendor_id)]
    assert only().theirs_minor == 1105


def test_a_line_can_be_booked_as_a_fee_once(desk: Desk) -> None:
    desk.pays_out(desk.line("climate_contribution", -50))
    desk.run()
    assert balances() == {"bank": -50, "payouts_unexplained": 50}
    resolve("to_fees", "Climate contribution.")
    assert balances() == {"bank": -50, "fees": 50}
    with pytest.raises(ActionNotPossible):
        resolve("to_fees", "Again.")
    desk.run(at=AT + DAY)
    assert (balances(), differences()) == ({"bank": -50, "fees": 50}, [])
    assert SettlementLine.objects.exclude(about="own").get().about == "fee"


def test_what_is_moved_is_booked_on_the_day_of_the_shop(desk: Desk) -> None:
    """At 02:30 in a bar that closes at four it is still the day before, whatever the date is elsewhere."""
    night = dt.datetime(2026, 3, 22, 1, 30, tzinfo=dt.UTC)
    Location.objects.create(code="BAR", name="Bar", time_zone="Europe/Berlin", cut_off=dt.time(4, 0))
    desk.pays_out(desk.line("climate_contribution", -50), desk.line("charge", 700, payment="pay_late"))
    desk.run()
    found = Difference.objects.get(kind="unknown_category")
    resolve_difference(difference_id=found.pk, action="to_fees", reason="Climate.", actor=ANA, at=night)
    late = desk.attempt(700, vendor_id="pay_late")
    desk.run(at=night)
    assert SettlementLine.objects.get(payment="pay_late").booked_as == f"tender:{late.tender_type}"
    moved = Transfer.objects.filter(kind="payout", business_date__gt=AT.date())
    assert set(moved.values_list("amount_minor", "business_date")) == {
        (50, dt.date(2026, 3, 21)),
        (700, dt.date(2026, 3, 21)),
    }


def test_the_second_of_two_is_told_who_was_first_and_what_they_did(desk: Desk) -> None:
    desk.pays_out(desk.charge(desk.attempt(1000)), desk.line("climate_contribution", -50))
    desk.run()
    resolve("to_fees", "Their fund.")
    bea = Actor(kind="employee", id=None, name="Bea", permissions=frozenset({"payments.reconcile"}))
    for action in ("to_fees", "accept"):
        with pytest.raises(ActionNotPossible) as refused:
            resolve(action, "Me too.", actor=bea)
        assert refused.value.detail == "Ana dealt with it already (booked as a fee: Their fund.)."
    assert (only().resolved_by, balances("fees")["fees"]) == ("Ana", 50)


def test_before_its_payout_is_booked_nothing_can_be_moved(desk: Desk) -> None:
    desk.waits(desk.line("climate_contribution", -50))
    desk.run()
    with pytest.raises(ActionNotPossible, match="not booked yet"):
        resolve("to_fees", "Climate.")


@pytest.mark.parametrize("action", ["give_back", "settle", "look", "nonsense"])
def test_only_what_helps_is_possible(desk: Desk, action: str) -> None:
    desk.pays_out(desk.line("charge", 700, payment="pay_x"))
    desk.run()
    with pytest.raises(ActionNotPossible):
        resolve(action, "because")


def test_who_may_not_may_not(desk: Desk) -> None:
    desk.pays_out(desk.line("charge", 700, payment="pay_x"))
    desk.run()
    with pytest.raises(Forbidden):
        resolve("accept", "x", Actor(kind="employee", id=None, name="Eve"))


def test_every_kind_has_a_sentence_and_an_action() -> None:
    assert set(actions.KINDS) == set(actions.ACTIONS)
    assert set(OF_LINES) < set(actions.KINDS)
    assert {each for every in actions.ACTIONS.values() for each in every} == set(actions.WORDS)


def total(minor: int, fee: int | None = None, **facts: Any) -> MachineDraft:
    values: dict[str, Any] = {
        "register_id": REGISTER,
        "business_date": AT.date(),
        "tender_type": "card",
        "total": Money(minor, "EUR"),
        "fee": None if fee is None else Money(fee, "EUR"),
    }
    return MachineDraft(**{**values, **facts})


REGISTER = new_id()


@pytest.fixture
def sold(in_cafe: Any) -> None:
    """25.00 by card at the register on the day, 3.00 of them given back."""
    from payments.tenders.models import TenderType

    TenderType.objects.get_or_create(code="card", defaults={"name": "Card", "kind": "card"})
    TenderType.objects.get_or_create(code="cash", defaults={"name": "Cash", "kind": "cash"})
    RegisterFactory.create(id=REGISTER, code="M1")
    book("tender:card", "sales:food", 2500, register_id=REGISTER)
    book("sales:food", "tender:card", 300, register_id=REGISTER)
    book("tender:card", "sales:food", 9900, register_id=new_id())


def test_a_machine_that_agrees_leaves_no_difference(sold: None) -> None:
    enter_machine_total(draft=total(2200), actor=ANA, at=AT)
    assert differences() == []


def test_a_machine_that_says_something_else_is_told_until_it_agrees(sold: None) -> None:
    enter_machine_total(draft=total(2700), actor=ANA, at=AT)
    found = only()
    assert (found.kind, found.ours_minor, found.theirs_minor, found.state) == (
        "machine_total",
        2200,
        2700,
        "open",
    )
    enter_machine_total(draft=total(2200), actor=ANA, at=AT)
    assert (only().state, only().action) == ("resolved", "agrees")


def test_with_its_fee_it_goes_to_the_bank_once(sold: None) -> None:
    before = balances("tender:card")["tender:card"]
    for _ in range(2):
        enter_machine_total(draft=total(2200, 44), actor=ANA, at=AT)
    assert balances("bank", "fees") == {"bank": 2156, "fees": 44}
    assert balances("tender:card")["tender:card"] == before - 2200
    with pytest.raises(TotalPosted):
        enter_machine_total(draft=total(2300, 44), actor=ANA, at=AT)


def test_a_mistyped_total_is_booked_when_it_is_corrected_or_somebody_accepts_it(sold: None) -> None:
    enter_machine_total(draft=total(220_000, 44), actor=ANA, at=AT)
    assert (balances("bank", "fees"), only().state) == ({"bank": 0, "fees": 0}, "open")
    enter_machine_total(draft=total(2300, 44), actor=ANA, at=AT)
    assert (balances("bank", "fees"), only().theirs_minor) == ({"bank": 0, "fees": 0}, 2300)
    for _ in range(2):
        with suppress(ActionNotPossible):
            resolve("accept", "Typed in twice.")
    assert balances("bank", "fees") == {"bank": 2256, "fees": 44}
    with pytest.raises(TotalPosted):
        enter_machine_total(draft=total(2200, 44), actor=ANA, at=AT)


def test_an_accepted_total_goes_to_the_bank_once_its_fee_is_known(sold: None) -> None:
    enter_machine_total(draft=total(2300), actor=ANA, at=AT)
    resolve("accept", "Typed in twice.")
    assert balances("bank") == {"bank": 0}
    enter_machine_total(draft=total(2300, 44), actor=ANA, at=AT)
    assert (balances("bank"), only().state) == ({"bank": 2256}, "resolved")


def test_a_slip_told_late_makes_a_difference_to_a_total_that_agreed(sold: None) -> None:
    enter_machine_total(draft=total(2200), actor=ANA, at=AT)
    book("tender:card", "sales:food", 500, register_id=REGISTER)
    look_at_totals(at=AT + 13 * DAY)
    assert (only().ours_minor, only().theirs_minor, only().state) == (2700, 2200, "open")


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"tender_type": "cash"}, "/tender_type"),
        ({"tender_type": "asked"}, "/tender_type"),
        ({"register_id": new_id()}, "/register_id"),
        ({"business_date": AT.date() + DAY}, "/business_date"),
    ],
    ids=["cash", "a provider's", "no register", "tomorrow"],
)
def test_what_no_machine_can_have_printed_is_not_booked(
    desk: Desk, sold: None, facts: dict[str, Any], pointer: str
) -> None:
    TenderTypeFactory.create(code="asked", kind="card", connection=desk.connection, channel="present")
    before = Transfer.objects.count()
    with pytest.raises(NoSuchTotal) as refused:
        enter_machine_total(draft=total(2200, 44, **facts), actor=ANA, at=AT)
    assert [each.pointer for each in refused.value.errors] == [pointer]
    assert Transfer.objects.count() == before


def test_money_without_an_order_is_put_to_it_or_stays(desk: Desk) -> None:
    attempt = desk.attempt(1000, settled=False)
    desk.waits(desk.charge(attempt))
    desk.run()
    assert resolve("settle", actor=SYSTEM).state == "open"  # nobody settles this purpose
    Attempt.objects.update(settled_at=AT)
    assert resolve("settle", actor=SYSTEM).action == "settled"


def test_what_was_taken_beyond_what_was_owed_is_listed_and_goes_back(desk: Desk) -> None:
    attempt = desk.attempt(1000)
    Attempt.objects.update(details={"beyond_minor": 300})
    desk.waits(desk.charge(attempt))
    desk.run()
    assert (only().kind, only().ours_minor) == ("unsettled", 300)
    back = Actor(
        kind="employee",
        id=None,
        name="Ana",
        permissions=frozenset({"payments.reconcile", "payments.refund_retry"}),
    )
    assert resolve("give_back", "too much", actor=back).action == "given_back"
    assert list(GatewayRefund.objects.values_list("attempt_id", "amount_minor")) == [(attempt.pk, 300)]


@pytest.mark.parametrize("purpose", ["order", "value_sale"])
@pytest.mark.parametrize("has_payment", [True, False], ids=["paid", "not paid"])
def test_what_was_put_to_an_order_or_a_card_has_a_payment_of_it(
    desk: Desk, has_payment: bool, purpose: str
) -> None:
    """An older release took another payment with its id for its own."""
    attempt = desk.attempt(1000)
    Attempt.objects.update(purpose=purpose, order_id=attempt.order_id if purpose == "order" else None)
    Payment(
        id=attempt.pk if has_payment else new_id(),
        order_id=attempt.order_id if purpose == "order" else None,
        stored_value=None if purpose == "order" else card(1000),
        tender_type=TenderTypeFactory.create(code=attempt.tender_type, kind="card"),
        amount_minor=1000,
        tendered_minor=1000,
        currency="EUR",
        at=AT,
        business_date=AT.date(),
    ).save(force_insert=True)
    desk.waits(desk.charge(attempt))
    desk.run()
    if has_payment:
        assert differences() == []
        return
    assert (only().kind, only().ours_minor) == ("unsettled", 1000)
    with pytest.raises(ActionNotPossible):
        resolve("settle", actor=SYSTEM)
    assert resolve("give_back", "nobody's", actor=SYSTEM).action == "given_back"
    attempt.refresh_from_db()
    assert attempt.refunded_minor == 1000
