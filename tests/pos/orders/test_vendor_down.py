"""The payment provider is down: cash goes on, a card says the truth, and what goes back goes back later, once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import TestCase

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.gateways import base
from payments.gateways.errors import CapabilityMissing
from payments.gateways.models import GatewayRefund
from payments.gateways.sentences import sentence
from payments.gateways.services import check_connection, look_at_attempt, resolve_due
from payments.tenders.models import TenderType
from pos.orders.models import Order
from pos.orders.refund_drafts import RefundDraft, RefundLineDraft
from pos.orders.services.refunds import refund_order
from tests.factories import Shop, shop
from tests.payments.gateways.vendor import EVERYTHING, Vendor, vendor_present
from tests.pos.orders.at_vendor import AT, ask, connect, later
from tests.pos.orders.test_asking import CAPPUCCINO, cash, ticket

pytestmark = pytest.mark.django_db

VERBS = ("begin", "present", "advance", "cancel", "refund", "capabilities")


def dead() -> Exception:
    return base.OutcomeUnknown("The line is dead.")


def busy() -> Exception:
    return base.TryAgain("Busy.")


def gone() -> Exception:
    return base.NotConnected("The key was revoked.")


DOWN = pytest.mark.parametrize("how", [dead, busy, gone], ids=["dead", "busy", "gone"])


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with vendor_present() as made:
        yield made


@pytest.fixture
def here(cafe: Any, vendor: Vendor) -> Shop:
    made = shop(cafe)
    with tenant_context(made.tenant):
        connect(made)
        account = TenderType.objects.get(code="reader").connection_id
        assert account is not None
        check_connection(connection_id=account, at=AT)
    return made


def goes_down(vendor: Vendor, how: Callable[[], Exception]) -> None:
    for verb in VERBS:
        vendor.then(verb, *(how() for _ in range(50)))


@DOWN
def test_cash_goes_on(here: Shop, vendor: Vendor, how: Callable[[], Exception]) -> None:
    goes_down(vendor, how)
    with tenant_context(here.tenant):
        assert cash(here, ticket(here, "cappuccino"), CAPPUCCINO).payment_state == "paid"


@pytest.mark.parametrize(
    ("how", "state", "told"),
    [
        (dead, "unknown", "It is not known yet whether 3.80 EUR was taken."),
        (
            busy,
            "prepared",
            "3.80 EUR: the payment provider is busy; nothing was taken yet, it is tried again.",
        ),
        (gone, "refused", "3.80 EUR could not be asked for, the payment account is not connected"),
    ],
    ids=["dead", "busy", "gone"],
)
def test_a_card_says_the_truth_and_takes_nothing(
    here: Shop, vendor: Vendor, how: Callable[[], Exception], state: str, told: str
) -> None:
    goes_down(vendor, how)
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = ask(here, order, CAPPUCCINO)
        assert (attempt.state, sentence(attempt)[: len(told)]) == (state, told)
        vendor.script.clear()
        for seconds in (20, 60, 300):
            resolve_due(at=later(seconds=seconds), limit=10)
        assert (len(vendor.charges) <= 1, vendor.captured) == (True, 0)


@DOWN
def test_a_refund_is_decided_now_and_goes_back_once_when_it_can(
    here: Shop, vendor: Vendor, how: Callable[[], Exception]
) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = ask(here, order, CAPPUCCINO)
        vendor.guest_pays(attempt.pk)
        assert look_at_attempt(attempt_id=attempt.pk, at=AT).state == "captured"
        goes_down(vendor, how)
        give_back(here, order)
        planned = GatewayRefund.objects.get()
        assert planned.state in {"prepared", "unknown"}
        assert vendor.charges["ch_1"].refunded == 0
        vendor.script.clear()
        check_connection(connection_id=attempt.connection_id, at=later(seconds=20))
        for seconds in (20, 60, 300):
            resolve_due(at=later(seconds=seconds), limit=10)
        planned.refresh_from_db()
        assert (planned.state, vendor.charges["ch_1"].refunded) == ("succeeded", CAPPUCCINO)
        sent = (
            attempt.steps.order_by("number").filter(what="sent", verb="refund").values_list("by", flat=True)
        )
        assert [*dict.fromkeys(sent)] == [here.actor().name, "sweep"]


def test_a_part_the_provider_does_not_give_back_is_told_where_another_way_can_be_said(
    here: Shop, vendor: Vendor
) -> None:
    vendor.offers = replace(EVERYTHING, partial_refund=False)
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino", "roll")
        attempt = ask(here, order, CAPPUCCINO + 45)
        check_connection(connection_id=attempt.connection_id, at=AT)
        vendor.guest_pays(attempt.pk)
        assert look_at_attempt(attempt_id=attempt.pk, at=AT).state == "captured"
        with pytest.raises(CapabilityMissing) as refused:
            give_back(here, order)
        assert [each.pointer for each in refused.value.errors] == ["/tenders"]


def give_back(here: Shop, order: Order) -> None:
    """The guest brings it back, and is told that the money comes."""
    line = order.lines.order_by("position")[0]
    draft = RefundDraft(
        id=new_id(),
        order_id=order.pk,
        reason="cold",
        lines=(RefundLineDraft(order_line_id=line.pk, quantity=Decimal(1), goods="waste"),),
    )
    with TestCase.captureOnCommitCallbacks(execute=True):
        refund_order(draft=draft, actor=here.actor(), at=AT)
