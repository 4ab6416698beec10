"""The same asked several times at once is answered the same each time, whoever was first."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import run_in_tenant, tenant_context
from payments.credit.errors import GiftCardFull
from payments.credit.models import HouseAccount, StoredValue
from payments.credit.services import GiveDraft, OpenDraft, give_value, office_occasion
from payments.gateways.models import Attempt, Connection
from payments.gateways.services import look_at_attempt
from payments.tenders.models import Payment
from pos.orders.drafts import TenderDraft
from pos.orders.models import Refund
from pos.orders.refund_drafts import RefundDraft
from pos.orders.services.asking import AskDraft, ask_for_money
from pos.orders.services.place import place_order
from pos.orders.services.refunds import refund_order
from pos.orders.services.value_sale_rows import ValueSaleDraft
from pos.orders.services.value_sales import sell_value
from staff.employees.roles import PERMISSIONS
from tests.concurrency.rivals import at_once
from tests.factories import RegisterFactory, Shop, TenderTypeFactory, shop
from tests.payments.gateways.vendor import Vendor, vendor_present
from tests.pos.orders.at_vendor import AT, ask, connect
from tests.pos.orders.drafts import sale, sold
from tests.pos.orders.test_asking import CAPPUCCINO, cash, ticket

MANY = 8


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


@pytest.mark.django_db(transaction=True)
def test_the_same_attempt(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
    draft = AskDraft(id=new_id(), tender_type="reader", amount=Money(CAPPUCCINO, "EUR"))
    call = partial(ask_for_money, order_id=order.pk, draft=draft, actor=here.actor(), at=AT)
    told = at_once(here.tenant, [call] * MANY)
    assert Counter(type(each).__name__ for each in told) == {"Attempt": MANY}
    with tenant_context(here.tenant):
        assert Attempt.objects.get().state == "presented"
    assert len(vendor.charges) == 1


@pytest.mark.django_db
def test_the_same_attempt_that_a_twin_presents_meanwhile(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        draft = AskDraft(id=new_id(), tender_type="reader", amount=Money(CAPPUCCINO, "EUR"))
        call = partial(ask_for_money, order_id=order.pk, draft=draft, actor=here.actor(), at=AT)
        twins: list[Attempt] = []
        vendor.meanwhile["begin"] = lambda: twins.append(call())
        assert call().state == "presented"
        assert [twin.pk for twin in twins] == [draft.id]


@pytest.mark.django_db(transaction=True)
def test_the_same_refund_of_everything(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = cash(here, ticket(here, "cappuccino"), CAPPUCCINO)
    draft = RefundDraft(id=new_id(), order_id=order.pk, amount=Money(CAPPUCCINO, "EUR"), reason="cold")
    told = at_once(here.tenant, [partial(refund_order, draft=draft, actor=here.actor(), at=AT)] * MANY)
    assert [each for each in told if each != told[0]] == []
    assert told[0]["id"] == str(draft.id)
    with tenant_context(here.tenant):
        assert Refund.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_sale_that_takes_the_last_of_an_account(here: Shop) -> None:
    """A repeat meets the limit that the sale itself used up."""
    with tenant_context(here.tenant):
        account = HouseAccount.objects.create(
            code="meier", name="Meier & Co", opened_at=AT, limit_minor=CAPPUCCINO
        )
        TenderTypeFactory.create(code="account", name="On account", kind="house_account")
        owed = TenderDraft(
            id=new_id(),
            tender_type="account",
            amount=Money(CAPPUCCINO, "EUR"),
            house_account_id=account.pk,
        )
        draft = sale(sold(here, "cappuccino"), tenders=(owed,))
    call = partial(place_order, draft=draft, actor=here.actor(), at=AT)
    told = [*at_once(here.tenant, [call] * 2), run_in_tenant(here.tenant, call)]
    assert [getattr(getattr(each, "order", each), "pk", each) for each in told] == [draft.id] * 3
    with tenant_context(here.tenant):
        assert HouseAccount.objects.get().balance_minor == CAPPUCCINO


@pytest.mark.django_db(transaction=True)
def test_the_same_card_sold_at_two_tills(here: Shop) -> None:
    with tenant_context(here.tenant):
        other = RegisterFactory.create(location=here.location)
    card = new_id()
    draft = ValueSaleDraft(
        id=new_id(),
        account_id=card,
        amount=Money(1000, "EUR"),
        tenders=(TenderDraft(id=new_id(), tender_type="cash", amount=Money(1000, "EUR")),),
        opened=OpenDraft(id=card),
    )
    actors = [
        here.actor(permissions=frozenset(PERMISSIONS), register_id=key)
        for key in (here.register.pk, other.pk)
    ]
    calls = [partial(sell_value, draft=draft, actor=actor, at=AT) for actor in actors * (MANY // 2)]
    told = at_once(here.tenant, calls)
    assert {type(each).__name__ for each in told} == {"dict"}, told
    with tenant_context(here.tenant):
        assert (Payment.objects.count(), StoredValue.objects.get().balance_minor) == (1, 1000)


@pytest.mark.django_db
def test_a_tip_beyond_what_was_asked_for_is_flagged(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        for tip, percent, flags in (
            (CAPPUCCINO, "", []),
            (CAPPUCCINO + 1, "", ["tip_large"]),
            (100, "20", ["tip_large"]),
        ):
            Connection.objects.update(settings={"tip_large_percent": percent})
            order = ticket(here, "cappuccino")
            attempt = ask(here, order, CAPPUCCINO, tip_on_reader=True)
            vendor.guest_pays(attempt.pk, tip=tip)
            look_at_attempt(attempt_id=attempt.pk, at=AT)
            order.refresh_from_db()
            assert (order.payment_state, order.tip_minor) == ("paid", tip)
            assert [each["code"] for each in order.flags if each["code"] == "tip_large"] == flags


@pytest.mark.django_db
def test_a_card_has_no_more_than_a_number_can_say(here: Shop) -> None:
    with tenant_context(here.tenant):
        card = OpenDraft(id=new_id())
        full = GiveDraft(id=new_id(), account_id=card.id, amount_minor=2**53 - 1, reason="much", opened=card)
        more = GiveDraft(id=new_id(), account_id=card.id, amount_minor=1, reason="much")
        occasion = office_occasion(actor=here.actor(), at=AT)
        give_value(draft=full, occasion=occasion)
        with pytest.raises(GiftCardFull):
            give_value(draft=more, occasion=occasion)
        assert StoredValue.objects.get().balance_minor == 2**53 - 1
