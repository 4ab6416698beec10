"""Money of an order is asked for at a simulated reader, and becomes a payment of it exactly once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.gateways.errors import PaymentOutcomeUnknown
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.services import (
    ConnectionDraft,
    ReaderDraft,
    cancel_attempt,
    connection_facts,
    look_at_attempt,
    save_connection,
    save_reader,
    settle,
)
from payments.gateways.simulator.store import desk_of
from payments.gateways.simulator.striking import plan_faults
from payments.ledger.models import Transfer
from payments.tenders.models import Payment, TenderType
from pos.orders.drafts import LineDraft, OrderDraft, TenderDraft
from pos.orders.errors import NothingOwed
from pos.orders.models import Order
from pos.orders.refund_drafts import RefundDraft, RefundLineDraft
from pos.orders.services.asking import AskDraft, ask_for_money
from pos.orders.services.cancelling import CancelDraft, cancel_order
from pos.orders.services.paying import PayDraft, pay_order
from pos.orders.services.refunds import refund_order
from pos.orders.services.tickets import open_ticket
from pos.orders.transfers import OrderOverpaid, TenderInvalid
from tests.factories import Shop, TillClient, order_body, paired_till, shop
from tests.factories.registers import LocationFactory, RegisterFactory

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
CAPPUCCINO = 380


@pytest.fixture
def here(cafe: Any) -> Shop:
    """The café with a simulated reader at its first till."""
    made = shop(cafe)
    with tenant_context(made.tenant):
        draft = ConnectionDraft(
            id=new_id(),
            gateway="simulator",
            name="Simulator",
            account="sim_1",
            settings={"guest": "taps", "clock": AT.isoformat()},
            secrets={"webhook_secret": "sim_whsec_of_a_test"},
        )
        connection = save_connection(draft=draft, actor=SYSTEM, at=AT)
        reader = ReaderDraft(
            id=new_id(),
            connection_id=connection.pk,
            vendor_id="R1",
            name="Bar",
            register_id=made.register.pk,
        )
        save_reader(draft=reader, actor=SYSTEM)
        TenderType.objects.create(
            code="reader", name="Card", kind="card", connection=connection, channel="present"
        )
    return made


def ticket(here: Shop, *names: str) -> Order:
    lines = tuple(
        LineDraft(id=new_id(), variant_id=here.variants[name].id, quantity=Decimal(1)) for name in names
    )
    return open_ticket(draft=OrderDraft(id=new_id(), lines=lines), actor=here.actor(), at=AT).order


def ask(here: Shop, order: Order, minor: int, **facts: Any) -> Attempt:
    draft = AskDraft(id=new_id(), tender_type="reader", amount=Money(minor, "EUR"), **facts)
    return ask_for_money(order_id=order.pk, draft=draft, actor=here.actor(), at=AT)


def looked(attempt: Attempt) -> Attempt:
    return look_at_attempt(attempt_id=attempt.pk, at=AT)


def test_a_card_held_to_the_reader_pays_the_order(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = looked(ask(here, order, CAPPUCCINO))
        assert attempt.state == "captured"
        attempt.refresh_from_db()
        payment = Payment.objects.get()
        assert (payment.pk, payment.amount_minor, payment.tender_type.code) == (
            attempt.pk,
            CAPPUCCINO,
            "reader",
        )
        order.refresh_from_db()
        assert (order.payment_state, order.paid_minor, order.receipt_number) == ("paid", CAPPUCCINO, 1)
        assert attempt.settled_at == AT
        money = Transfer.objects.filter(kind="payment").values_list("debit_key", "credit_key", "amount_minor")
        assert list(money) == [("tender:reader", "receivable", CAPPUCCINO)]


def test_looking_and_settling_again_changes_nothing(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = looked(ask(here, order, CAPPUCCINO))
        before = (Payment.objects.count(), Transfer.objects.count())
        looked(attempt)
        assert settle(attempt_id=attempt.pk, at=AT)
        assert (Payment.objects.count(), Transfer.objects.count()) == before


def test_a_part_leaves_the_rest_due(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        looked(ask(here, order, 200))
        order.refresh_from_db()
        assert (order.payment_state, order.paid_minor) == ("part_paid", 200)
        with pytest.raises(OrderOverpaid, match=r"Only 1\.80 EUR is due that is not asked for already\."):
            ask(here, order, 181)
        looked(ask(here, order, 180))
        order.refresh_from_db()
        assert (order.payment_state, order.paid_minor) == ("paid", CAPPUCCINO)


def test_what_is_asked_for_elsewhere_is_not_asked_for_again(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        ask(here, order, 200)
        with pytest.raises(OrderOverpaid, match=r"Only 1\.80 EUR is due that is not asked for already\."):
            ask(here, order, CAPPUCCINO)
        with pytest.raises(PaymentOutcomeUnknown):
            ask(here, order, 200)


def test_money_for_an_order_that_was_cancelled_meanwhile_stays_with_the_attempt(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = ask(here, order, CAPPUCCINO)
        too_late = [{"fault": "taken_after_cancel", "verb": "cancel"}]
        plan_faults(desk=desk_of(connection_facts(connection=attempt.connection)), stated=too_late)
        cancel_order(order_id=order.pk, draft=CancelDraft(reason="left"), actor=here.actor(), at=AT)
        attempt.refresh_from_db()
        assert (attempt.state, attempt.captured_minor, attempt.settled_at) == ("captured", CAPPUCCINO, None)
        assert attempt.trouble == "It is cancelled or paid already. Give the money back, or look at it again."
        assert not Payment.objects.exists()
        with pytest.raises(NothingOwed):
            ask(here, order, CAPPUCCINO)


def test_what_was_taken_beyond_what_is_owed_is_told(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino", "roll")
        attempt = ask(here, order, CAPPUCCINO + 45)
        Order.objects.filter(pk=order.pk).update(paid_minor=45)
        attempt = looked(attempt)
        attempt.refresh_from_db()
        assert (Payment.objects.get().amount_minor, attempt.captured_minor) == (CAPPUCCINO, CAPPUCCINO + 45)
        assert attempt.trouble == "0.45 EUR was taken beyond what was owed."


def test_a_tip_on_the_reader_goes_to_the_tips(here: Shop) -> None:
    with tenant_context(here.tenant):
        connection = TenderType.objects.get(code="reader").connection
        assert connection is not None
        connection.settings = {**connection.settings, "guest_tip_percent": 10}
        connection.save()
        order = ticket(here, "cappuccino")
        looked(ask(here, order, CAPPUCCINO, tip_on_reader=True))
        order.refresh_from_db()
        assert (order.payment_state, order.tip_minor, order.paid_minor) == ("paid", 38, CAPPUCCINO + 38)


def test_a_way_to_pay_without_an_account_is_no_question_to_ask(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        draft = AskDraft(id=new_id(), tender_type="cash", amount=Money(CAPPUCCINO, "EUR"))
        with pytest.raises(TenderInvalid) as refused:
            ask_for_money(order_id=order.pk, draft=draft, actor=here.actor(), at=AT)
        assert [each.pointer for each in refused.value.errors] == ["/tender_type"]


def test_cancelling_before_anybody_pays_takes_nothing(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = ask(here, order, CAPPUCCINO)
        assert cancel_attempt(attempt_id=attempt.pk, actor=here.actor(), at=AT).state == "cancelled"
        ask(here, order, CAPPUCCINO)
        assert not Payment.objects.exists()


def test_a_refund_goes_back_to_the_card_once(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = looked(ask(here, order, CAPPUCCINO))
        line = order.lines.get()
        draft = RefundDraft(
            id=new_id(),
            order_id=order.pk,
            reason="cold",
            lines=(RefundLineDraft(order_line_id=line.pk, quantity=Decimal(1), goods="waste"),),
        )
        refund_order(draft=draft, actor=here.actor(), at=AT)
        refund_order(draft=draft, actor=here.actor(), at=AT)
        sent = GatewayRefund.objects.get()
        assert (sent.state, sent.amount_minor, sent.attempt_id) == ("succeeded", CAPPUCCINO, attempt.pk)
        attempt.refresh_from_db()
        assert attempt.refunded_minor == CAPPUCCINO
        with pytest.raises(NothingOwed):
            ask(here, order, CAPPUCCINO)


def test_a_till_asks_looks_and_is_told_the_truth_in_one_sentence(here: Shop) -> None:
    till = TillClient(here.tenant, paired_till(here.tenant))
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
    asked = {"id": str(new_id()), "tender_type": "reader", "amount": {"amount_minor": 380, "currency": "EUR"}}
    begun = till.post(f"/orders/{order.pk}/attempts", asked)
    assert (begun.status_code, begun.json()["state"]) == (201, "presented")
    assert begun.json()["next"]["kind"] == "use_reader"
    again = till.post(f"/orders/{order.pk}/attempts", asked)
    assert (again.status_code, again.json()["id"]) == (201, asked["id"])
    seen = till.post(f"/payment-attempts/{asked['id']}/look", {})
    assert (seen.status_code, seen.json()["state"]) == (200, "captured")
    told = till.get(f"/orders/{order.pk}/attempts").json()
    assert [each["sentence"] for each in told] == [seen.json()["sentence"]]
    paid = till.get(f"/orders/{order.pk}").json()
    assert [each["id"] for each in paid["payments"]] == [asked["id"]]


def test_what_cannot_be_asked_for_is_told_with_its_member(here: Shop) -> None:
    till = TillClient(here.tenant, paired_till(here.tenant))
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
    path = f"/orders/{order.pk}/attempts"
    asked = {"id": str(new_id()), "tender_type": "reader", "amount": {"amount_minor": 381, "currency": "EUR"}}
    refused = till.post(path, asked)
    assert (refused.status_code, refused.json()["code"]) == (422, "order_overpaid")
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/amount/amount_minor"]
    refused = till.post(path, {**asked, "tender_type": "barter"})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_tender_type")
    refused = till.post(path, {**asked, "amount": {"amount_minor": 0, "currency": "EUR"}})
    assert (refused.status_code, refused.json()["code"]) == (422, "tender_invalid")
    with tenant_context(here.tenant):
        assert not Attempt.objects.exists()


def cash(here: Shop, order: Order, minor: int, *, at: dt.datetime | None = None) -> Order:
    tender = TenderDraft(id=new_id(), tender_type="cash", amount=Money(minor, "EUR"))
    draft = PayDraft(tenders=(tender,), at=at)
    return pay_order(order_id=order.pk, draft=draft, actor=here.actor(), at=AT).order


def test_cash_is_not_taken_for_what_is_asked_for_at_the_reader(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino", "roll")
        attempt = ask(here, order, CAPPUCCINO)
        with pytest.raises(PaymentOutcomeUnknown, match=r"^3\.80 EUR is being asked for already"):
            cash(here, order, CAPPUCCINO + 45)
        assert cash(here, order, 45).paid_minor == 45
        cancel_attempt(attempt_id=attempt.pk, actor=here.actor(), at=AT)
        assert cash(here, order, CAPPUCCINO).payment_state == "paid"


def test_cash_that_was_taken_beside_the_reader_is_flagged_and_the_reader_stops(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = ask(here, order, CAPPUCCINO)
        paid = cash(here, order, CAPPUCCINO, at=AT)
        assert paid.payment_state == "paid"
        assert [each for each in paid.flags if each["code"] == "paid_beside_attempt"] == [
            {"code": "paid_beside_attempt", "pointer": "/tenders", "under_way_minor": CAPPUCCINO}
        ]
        attempt.refresh_from_db()
        assert attempt.state == "cancelled"


def test_a_provider_is_asked_and_not_believed_to_have_been(here: Shop) -> None:
    till = TillClient(here.tenant, paired_till(here.tenant))
    body = order_body((here.variants["cappuccino"], "1"))
    amount = {"amount_minor": CAPPUCCINO, "currency": "EUR"}
    body["tenders"] = [{"id": str(new_id()), "tender_type": "reader", "amount": amount}]
    refused = till.post("/orders", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "tender_invalid")
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [
        ("/tenders/0/tender_type", "not_asked")
    ]
    happened = till.post("/orders", {**body, "placed_at": "2026-03-02T10:00:00Z"})
    assert happened.status_code == 201
    assert "not_asked" in {each["code"] for each in happened.json()["flags"]}


def test_a_till_of_another_location_does_not_reach_the_attempt(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = ask(here, order, CAPPUCCINO)
        elsewhere = RegisterFactory.create(location=LocationFactory.create(code="kiosk"), code="X1")
    till = TillClient(here.tenant, paired_till(here.tenant, register=elsewhere))
    for step in ("look", "cancel"):
        assert till.post(f"/payment-attempts/{attempt.pk}/{step}", {}).status_code == 404
    assert till.get(f"/payment-attempts/{attempt.pk}").status_code == 404
    assert till.get(f"/orders/{order.pk}/attempts").status_code == 404
    own = TillClient(here.tenant, paired_till(here.tenant))
    assert own.post(f"/payment-attempts/{attempt.pk}/look", {}).status_code == 200
