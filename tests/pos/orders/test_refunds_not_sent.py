"""A provider gives back what it took: whatever else would go back by it is asked of nobody."""

import datetime as dt

import pytest

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.gateways.models import GatewayRefund
from pos.orders.models import Order, Refund
from pos.orders.refund_drafts import RefundDraft, RefundTenderDraft
from pos.orders.services.refunds import refund_order
from pos.orders.transfers import TenderInvalid
from tests.factories import Shop
from tests.pos.orders.test_asking import AT, CAPPUCCINO, ask, cash, here, looked, ticket

__all__ = ["here"]

pytestmark = pytest.mark.django_db(transaction=True)

ROLL = 45


def back(order: Order, *tenders: tuple[str, int], at: dt.datetime | None = None) -> RefundDraft:
    return RefundDraft(
        id=new_id(),
        order_id=order.pk,
        reason="cold",
        amount=Money(sum(minor for _, minor in tenders), "EUR"),
        tenders=tuple(
            RefundTenderDraft(id=new_id(), tender_type=code, amount=Money(minor, "EUR"))
            for code, minor in tenders
        ),
        at=at,
    )


def paid_both_ways(here: Shop) -> Order:
    """The cappuccino by card at the reader, the roll in cash."""
    order = ticket(here, "cappuccino", "roll")
    looked(ask(here, order, CAPPUCCINO))
    return cash(here, order, ROLL)


def test_not_a_cent_more_than_a_reader_took_goes_back_by_it(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = paid_both_ways(here)
        with pytest.raises(TenderInvalid, match=r"^0\.01 EUR was not taken by Card") as refused:
            refund_order(
                draft=back(order, ("cash", ROLL - 1), ("reader", CAPPUCCINO + 1)), actor=here.actor(), at=AT
            )
        assert [each.pointer for each in refused.value.errors] == ["/tenders/1/tender_type"]
        assert not Refund.objects.exists()
        refund_order(draft=back(order, ("cash", ROLL), ("reader", CAPPUCCINO)), actor=here.actor(), at=AT)
        assert GatewayRefund.objects.get().amount_minor == CAPPUCCINO


def test_what_a_till_says_went_back_by_a_reader_that_never_took_it_is_flagged(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = cash(here, ticket(here, "cappuccino"), CAPPUCCINO)
        refund_order(draft=back(order, ("reader", CAPPUCCINO), at=AT), actor=here.actor(), at=AT)
        (flag,) = (each for each in Refund.objects.get().flags if each["code"] == "refund_not_sent")
        assert flag == {
            "code": "refund_not_sent",
            "pointer": "/tenders/0/tender_type",
            "amount_minor": CAPPUCCINO,
        }
        assert not GatewayRefund.objects.exists()
