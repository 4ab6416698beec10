"""What an order owes less of is not taken: reserved money, refunded orders, readers that ask for a voided line."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import TestCase

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.gateways.errors import AmountOutOfRange
from payments.gateways.models import Attempt
from payments.gateways.services import capture_attempt, increment_attempt, look_at_attempt
from pos.orders.changing import ChangeDraft
from pos.orders.errors import NothingOwed
from pos.orders.models import Order
from pos.orders.refund_drafts import RefundDraft
from pos.orders.services.changes import change_order
from pos.orders.services.refunds import refund_order
from tests.factories import Shop, shop
from tests.payments.gateways.vendor import Vendor, vendor_present
from tests.pos.orders.at_vendor import AT, ask, connect, state
from tests.pos.orders.test_asking import CAPPUCCINO, cash, ticket

pytestmark = pytest.mark.django_db

BOTH = CAPPUCCINO + 45


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with vendor_present() as made:
        yield made


@pytest.fixture
def here(cafe: Any, vendor: Vendor) -> Shop:
    made = shop(cafe)
    with tenant_context(made.tenant):
        connect(made)
    return made


def held(here: Shop, vendor: Vendor, order: Order, minor: int, *, tip: int = 0) -> Attempt:
    """So much of the order is reserved on a guest's card."""
    attempt = ask(here, order, minor, capture="manual", incremental=True, tip_on_reader=bool(tip))
    vendor.guest_pays(attempt.pk, tip=tip)
    assert look_at_attempt(attempt_id=attempt.pk, at=AT).state == "authorised"
    return attempt


def captured(here: Shop, attempt: Attempt, minor: int | None = None) -> Attempt:
    amount = None if minor is None else Money(minor, "EUR")
    return capture_attempt(attempt_id=attempt.pk, amount=amount, actor=here.actor(), at=AT)


def voided(here: Shop, order: Order, *places: int) -> None:
    """Lines are taken off; what comes after COMMIT comes at once."""
    lines = list(order.lines.order_by("id"))
    changes = [
        ChangeDraft(id=new_id(), kind="void", line_id=lines[place].pk, reason="not wanted")
        for place in places
    ]
    with TestCase.captureOnCommitCallbacks(execute=True):
        change_order(
            order_id=order.pk, changes=changes, actor=here.actor(), at=AT, matches=lambda revision: None
        )


def test_no_more_is_reserved_than_is_owed(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        tab = held(here, vendor, ticket(here, "cappuccino", "roll"), CAPPUCCINO)
        with pytest.raises(AmountOutOfRange, match=r"^Only 4\.25 EUR is owed") as refused:
            increment_attempt(attempt_id=tab.pk, to=Money(BOTH + 1, "EUR"), actor=here.actor(), at=AT)
        assert [each.pointer for each in refused.value.errors] == ["/to"]
        to = Money(BOTH, "EUR")
        assert increment_attempt(attempt_id=tab.pk, to=to, actor=here.actor(), at=AT).authorised_minor == BOTH


def test_no_more_is_taken_than_is_owed(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino", "roll")
        tab = held(here, vendor, order, BOTH)
        cash(here, order, 45, at=AT)
        with pytest.raises(AmountOutOfRange, match=r"^Only 3\.80 EUR is owed") as refused:
            captured(here, tab)
        assert [each.pointer for each in refused.value.errors] == ["/amount"]
        assert vendor.captured == 0
        assert captured(here, tab, CAPPUCCINO).captured_minor == CAPPUCCINO
        order.refresh_from_db()
        assert (order.payment_state, order.paid_minor) == ("paid", BOTH)


def test_the_tip_of_the_reader_may_be_taken_with_it(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        assert captured(here, held(here, vendor, order, CAPPUCCINO, tip=50)).captured_minor == CAPPUCCINO + 50


def test_nothing_is_taken_for_an_order_that_was_paid_in_cash_meanwhile(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        tab = held(here, vendor, order, CAPPUCCINO)
        cash(here, order, CAPPUCCINO, at=AT)
        with pytest.raises(AmountOutOfRange):
            captured(here, tab)
        assert (state(tab), vendor.captured) == ("authorised", 0)


def test_what_was_taken_is_told_to_whoever_takes_another_sum(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        tab = held(here, vendor, ticket(here, "cappuccino"), CAPPUCCINO)
        captured(here, tab)
        assert captured(here, tab).captured_minor == captured(here, tab, CAPPUCCINO).captured_minor
        for other in (0, 2**53 - 1):
            with pytest.raises(AmountOutOfRange, match=r"^3\.80 EUR was taken already\.$"):
                captured(here, tab, other)


@pytest.mark.parametrize(
    ("back", "why"), [(CAPPUCCINO, "refunded"), (100, "part_refunded")], ids=["all", "a part"]
)
def test_what_went_back_is_not_asked_for_again(here: Shop, vendor: Vendor, back: int, why: str) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        cash(here, order, CAPPUCCINO)
        draft = RefundDraft(id=new_id(), order_id=order.pk, amount=Money(back, "EUR"), reason="cold")
        refund_order(draft=draft, actor=here.actor(), at=AT)
        for pay in (ask, cash):
            with pytest.raises(NothingOwed, match="sell it again as another order") as refused:
                pay(here, order, back)
            assert refused.value.data["why"] == why
        assert not vendor.charges


def test_a_reader_stops_asking_for_a_line_that_was_voided(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino", "roll")
        attempt = ask(here, order, BOTH)
        voided(here, order, 1)
        assert (state(attempt), vendor.charges["ch_1"].state) == ("cancelled", "cancelled")
        assert state(ask(here, order, CAPPUCCINO)) == "presented"


def test_a_reader_goes_on_asking_for_what_is_still_owed(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino", "roll")
        attempt = ask(here, order, CAPPUCCINO)
        voided(here, order, 1)
        assert state(attempt) == "presented"


def test_what_is_reserved_stays_as_long_as_anything_is_owed(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino", "roll")
        tab = held(here, vendor, order, BOTH)
        voided(here, order, 1)
        assert state(tab) == "authorised"
        voided(here, order, 0)
        assert (state(tab), vendor.captured) == ("cancelled", 0)
