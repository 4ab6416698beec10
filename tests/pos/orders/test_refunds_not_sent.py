"""A provider gives back what it took: whatever else would go back by it is asked of nobody."""

import datetime as dt

import pytest

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.queries import stranded_refunds
from payments.gateways.sentences import refund_sentence_key
from payments.reconciliation.models import Dispute
from pos.orders.errors import PaymentDisputed
from pos.orders.models import Order, Refund
from pos.orders.queries.refunds import refundable_document
from pos.orders.refund_drafts import RefundDraft, RefundTenderDraft
from pos.orders.services.refunds import refund_order
from pos.orders.transfers import TenderInvalid
from tests.factories import Shop, TillClient, paired_till
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


def disputed(order: Order, minor: int, state: str = "needs_response") -> Dispute:
    """The bank of who paid by card took so much of it back."""
    attempt = Attempt.objects.get(order_id=order.pk)
    return Dispute.objects.create(
        connection=attempt.connection,
        vendor_id="dp_1",
        attempt_id=attempt.pk,
        order_id=order.pk,
        amount_minor=minor,
        currency="EUR",
        state=state,
        opened_at=AT,
        seen_at=AT,
    )


@pytest.mark.parametrize("state", ["needs_response", "under_review", "lost"])
def test_what_the_guests_bank_took_back_does_not_go_back_again_by_any_way(here: Shop, state: str) -> None:
    with tenant_context(here.tenant):
        order = paid_both_ways(here)
        found = disputed(order, CAPPUCCINO, state)
        for number, tenders in enumerate(([("cash", ROLL), ("reader", 100)], [("cash", ROLL + 100)])):
            with pytest.raises(PaymentDisputed, match=r"took 3\.80 EUR back already") as refused:
                refund_order(draft=back(order, *tenders), actor=here.actor(), at=AT)
            pointer = f"/tenders/{1 - number}/tender_type"
            assert [(each.pointer, each.code) for each in refused.value.errors] == [
                (pointer, "payment_disputed")
            ]
        assert not Refund.objects.exists()
        card, coins = refundable_document(order_id=order.pk)["payments"]
        told = [(each["disputed"]["amount_minor"], each["left"]["amount_minor"]) for each in (card, coins)]
        assert told == [(CAPPUCCINO, 0), (0, ROLL)]
        Dispute.objects.filter(pk=found.pk).update(state="won")
        refund_order(draft=back(order, ("cash", ROLL), ("reader", 100)), actor=here.actor(), at=AT)
        assert GatewayRefund.objects.get().state == "succeeded"


def test_what_a_dispute_left_goes_back(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        looked(ask(here, order, CAPPUCCINO))
        disputed(order, 300)
        refund_order(draft=back(order, ("reader", 80)), actor=here.actor(), at=AT)
        with pytest.raises(PaymentDisputed):
            refund_order(draft=back(order, ("reader", 1)), actor=here.actor(), at=AT)
        assert [(each.amount_minor, each.state) for each in GatewayRefund.objects.all()] == [
            (80, "succeeded")
        ]


def test_a_refund_of_a_disputed_payment_that_a_till_says_happened_is_flagged_and_sent_to_nobody(
    here: Shop,
) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = looked(ask(here, order, CAPPUCCINO))
        disputed(order, CAPPUCCINO)
        refund_order(draft=back(order, ("reader", CAPPUCCINO), at=AT), actor=here.actor(), at=AT)
        (flag,) = (each for each in Refund.objects.get().flags if each["code"] == "payment_disputed")
        assert flag == {
            "code": "payment_disputed",
            "pointer": "/tenders/0/tender_type",
            "payment_id": str(attempt.pk),
            "disputed_minor": CAPPUCCINO,
        }
        (refund,) = stranded_refunds()
        assert (refund.state, refund.vendor_id, refund_sentence_key(refund)) == (
            "failed",
            "",
            "failed.disputed",
        )
    (told,) = (
        TillClient(here.tenant, paired_till(here.tenant)).get(f"/orders/{order.pk}/refunds").json()["items"]
    )
    (tender,) = told["tenders"]
    assert tender["provider"]["id"] == str(refund.pk)
    assert tender["provider"]["sentence"].startswith("3.80 EUR was not given back: the guest objected")
