"""An id is of one payment: money asked for at a provider is never taken for what a till took under the same id."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.db import connection

from fynlo.core import clock
from fynlo.core.clock import rfc3339
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.gateways.models import Attempt
from payments.gateways.services import look_at_attempt, present_again
from payments.ledger.queries import trial_balance
from payments.tenders.models import Payment
from pos.orders.drafts import TenderDraft
from pos.orders.errors import PaymentIdConflict
from pos.orders.models import Order
from pos.orders.services.asking import AskDraft, ask_for_money
from pos.orders.services.paying import PayDraft, pay_order
from pos.orders.services.tender_ids import CODE
from tests.concurrency.rivals import at_once
from tests.factories import Shop, TillClient, order_body, paired_till, shop
from tests.payments.gateways.vendor import Vendor, vendor_present
from tests.pos.orders.at_vendor import AT, connect
from tests.pos.orders.test_asking import CAPPUCCINO, ticket

pytestmark = pytest.mark.django_db

TRIGGERS = ("payments_payment", "payments_attempt")


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


def asked(here: Shop, order: Order, key: UUID) -> Attempt:
    draft = AskDraft(id=key, tender_type="reader", amount=Money(CAPPUCCINO, "EUR"))
    return ask_for_money(order_id=order.pk, draft=draft, actor=here.actor(), at=AT)


def paid(here: Shop, order: Order, key: UUID, *, at: dt.datetime | None = None, way: str = "cash") -> Order:
    draft = PayDraft(tenders=(TenderDraft(id=key, tender_type=way, amount=Money(CAPPUCCINO, "EUR")),), at=at)
    return pay_order(order_id=order.pk, draft=draft, actor=here.actor(), at=AT).order


@contextmanager
def unguarded() -> Iterator[None]:
    """As it was before: each table knows its own ids only. The connection has the owner's rights."""
    _alter("DISABLE")
    try:
        yield
    finally:
        _alter("ENABLE")


def _alter(how: str) -> None:
    with connection.cursor() as cursor:
        for table in TRIGGERS:
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER id_used_once")


def test_a_till_does_not_take_cash_under_the_id_of_what_is_asked_for(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order, other, key = ticket(here, "cappuccino"), ticket(here, "cappuccino"), new_id()
        asked(here, order, key)
        with pytest.raises(PaymentIdConflict):
            paid(here, other, key)
        vendor.guest_pays(key)
        assert look_at_attempt(attempt_id=key, at=AT).settled_at == AT
        assert Payment.objects.get().order_id == order.pk


def test_a_card_that_was_declined_is_not_paid_in_cash_under_its_id(here: Shop, vendor: Vendor) -> None:
    """Else the guest pays cash, and the card that goes through afterwards is taken for it."""
    with tenant_context(here.tenant):
        order, key = ticket(here, "cappuccino"), new_id()
        asked(here, order, key)
        vendor.guest_is_declined(key)
        look_at_attempt(attempt_id=key, at=AT)
        with pytest.raises(PaymentIdConflict):
            paid(here, order, key)
        present_again(attempt_id=key, reader_id=None, actor=here.actor(), at=AT)
        vendor.guest_pays(key)
        look_at_attempt(attempt_id=key, at=AT)
        assert Payment.objects.get().tender_type.code == "reader"


def test_nothing_is_asked_for_under_the_id_of_a_payment(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order, other, key = ticket(here, "cappuccino"), ticket(here, "cappuccino"), new_id()
        paid(here, other, key)
        with pytest.raises(PaymentIdConflict) as refused:
            asked(here, order, key)
        assert [each.pointer for each in refused.value.errors] == ["/id"]
        assert (Attempt.objects.count(), vendor.charges) == (0, {})


def test_what_was_taken_at_a_till_is_recorded_under_another_id_and_flagged(
    here: Shop, vendor: Vendor
) -> None:
    with tenant_context(here.tenant):
        order, other, key = ticket(here, "cappuccino"), ticket(here, "cappuccino"), new_id()
        asked(here, order, key)
        own = uuid5(key, "taken at a till")
        for _ in range(2):
            flags = paid(here, other, key, at=AT).flags
            assert [each for each in flags if each["code"] == "payment_id_conflict"] == [
                {"code": "payment_id_conflict", "pointer": "/tenders/0/id", "id": str(key), "used": str(own)}
            ]
            assert Payment.objects.get().pk == own
        vendor.guest_pays(key)
        assert look_at_attempt(attempt_id=key, at=AT).settled_at == AT
        paid(here, other, key, at=AT)
        assert set(Payment.objects.values_list("pk", "order_id")) == {(own, other.pk), (key, order.pk)}


def test_a_sale_of_an_offline_till_is_never_refused_for_it(here: Shop) -> None:
    till = TillClient(here.tenant, paired_till(here.tenant))
    with tenant_context(here.tenant):
        key = asked(here, ticket(here, "cappuccino"), new_id()).pk
    body = order_body((here.variants["cappuccino"], "1"))
    body["tenders"] = [
        {
            "id": str(key),
            "tender_type": "cash",
            "amount": {"amount_minor": CAPPUCCINO, "currency": "EUR"},
        }
    ]
    refused = till.post("/orders", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "payment_id_conflict")
    fact = {**body, "placed_at": "2026-03-02T10:00:00Z"}
    kept = till.post("/orders", fact)
    assert kept.status_code == 201
    assert "payment_id_conflict" in {each["code"] for each in kept.json()["flags"]}
    own = str(uuid5(key, "taken at a till"))
    assert [each["id"] for each in kept.json()["payments"]] == [own]
    assert till.post("/orders", fact).json()["payments"][0]["id"] == own


def exchange_body(here: Shop, till: TillClient, key: UUID) -> dict[str, Any]:
    """A cappuccino against a book, whose rest is paid in cash under this id."""
    sold = till.post(
        "/orders", order_body((here.variants["cappuccino"], "1"), cash=(CAPPUCCINO, "EUR"))
    ).json()
    order = order_body((here.variants["book"], "1"))
    rest = {"id": str(key), "tender_type": "cash", "amount": {"amount_minor": 1000, "currency": "EUR"}}
    back = {"order_line_id": sold["lines"][0]["id"], "quantity": "1"}
    refund = {"order_id": sold["id"], "lines": [back], "reason": "cold"}
    return {"id": str(new_id()), "refund": refund, "order": {**order, "tenders": [rest]}}


@pytest.mark.parametrize("whose", ["tender", "exchange"])
def test_an_exchange_that_happened_is_never_refused_for_it(here: Shop, whose: str) -> None:
    till = TillClient(here.tenant, paired_till(here.tenant))
    with tenant_context(here.tenant):
        key = asked(here, ticket(here, "cappuccino"), new_id()).pk
    body = exchange_body(here, till, key if whose == "tender" else new_id())
    if whose == "exchange":
        body["id"] = str(key)
    refused = till.post("/exchanges", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "payment_id_conflict")
    now = rfc3339(clock.now())
    fact = {
        **body,
        "refund": {**body["refund"], "at": now},
        "order": {**body["order"], "placed_at": now},
    }
    kept = till.post("/exchanges", fact)
    assert kept.status_code == 201, kept.json()
    place = {"tender": 0, "exchange": 1}[whose]
    own = str(uuid5(key, "taken at a till"))
    flagged = {"code": "payment_id_conflict", "pointer": f"/tenders/{place}/id", "id": str(key), "used": own}
    assert [each for each in kept.json()["order"]["flags"] if each["code"] == CODE] == [flagged]
    assert own in {each["id"] for each in kept.json()["order"]["payments"]}
    assert till.post("/exchanges", fact).json() == kept.json()


def test_money_that_went_back_under_the_id_of_an_attempt_is_recorded(here: Shop, vendor: Vendor) -> None:
    """Refunds have rows of their own, so what comes of the attempt is not mixed up with it."""
    till = TillClient(here.tenant, paired_till(here.tenant))
    sold = till.post(
        "/orders", order_body((here.variants["cappuccino"], "1"), cash=(CAPPUCCINO, "EUR"))
    ).json()
    with tenant_context(here.tenant):
        key = asked(here, ticket(here, "cappuccino"), new_id()).pk
    given = {"id": str(key), "tender_type": "cash", "amount": sold["total"]}
    back = {"order_line_id": sold["lines"][0]["id"], "quantity": "1"}
    body = {"id": str(key), "lines": [back], "tenders": [given], "reason": "cold", "at": rfc3339(clock.now())}
    kept = till.post(f"/orders/{sold['id']}/refunds", body)
    assert (kept.status_code, kept.json()["tenders"][0]["id"]) == (201, str(key))
    with tenant_context(here.tenant):
        vendor.guest_pays(key)
        assert look_at_attempt(attempt_id=key, at=AT).settled_at == AT
        assert Payment.objects.get(pk=key).tender_type.code == "reader"
        assert {row.code: row.balance_minor for row in trial_balance() if row.code == "cash"} == {"cash": 0}


@pytest.mark.django_db(transaction=True)
def test_money_whose_id_another_payment_has_is_listed_and_not_put_to_its_order(
    here: Shop, vendor: Vendor, as_owner: None
) -> None:
    """As an older release left it."""
    with tenant_context(here.tenant):
        order, other, key = ticket(here, "cappuccino"), ticket(here, "cappuccino"), new_id()
        asked(here, order, key)
        with unguarded():
            paid(here, other, key)
        vendor.guest_pays(key)
        row = look_at_attempt(attempt_id=key, at=AT)
        row.refresh_from_db()
        assert (row.settled_at, row.captured_minor) == (None, CAPPUCCINO)
        assert row.trouble == "Its id is of another payment. Give the money back, or keep it as credit."
        order.refresh_from_db()
        assert order.paid_minor == 0


def both_at_once(here: Shop) -> tuple[set[UUID], set[UUID], list[Any]]:
    """The ids that payments have, those that attempts have, and what came of all who asked and took."""
    with tenant_context(here.tenant):
        pairs = [(ticket(here, "cappuccino"), ticket(here, "cappuccino"), new_id()) for _ in range(4)]
    calls: list[Callable[[], Any]] = []
    for order, other, key in pairs:
        calls.append(partial(asked, here, order, key))
        calls.append(partial(paid, here, other, key))
    outcomes = at_once(here.tenant, calls)
    with tenant_context(here.tenant):
        keys = [key for _, _, key in pairs]
        payments = Payment.objects.filter(pk__in=keys).values_list("pk", flat=True)
        attempts = Attempt.objects.filter(pk__in=keys).values_list("pk", flat=True)
        return set(payments), set(attempts), [type(each).__name__ for each in outcomes]


@pytest.mark.django_db(transaction=True)
def test_of_both_at_once_one_has_the_id(here: Shop) -> None:
    payments, attempts, outcomes = both_at_once(here)
    assert (payments & attempts, len(payments | attempts)) == (set(), 4)
    assert outcomes.count("PaymentIdConflict") == 4


@pytest.mark.django_db(transaction=True)
def test_twin_without_the_guard_shares_ids(here: Shop, as_owner: None) -> None:
    with tenant_context(here.tenant), unguarded():
        payments, attempts, _ = both_at_once(here)
        assert (len(payments), payments) == (4, attempts)
