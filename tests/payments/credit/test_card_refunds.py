"""What was paid by a card goes back onto it, once; what was paid otherwise may become store credit."""

from contextlib import nullcontext
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.credit.codes import own_code, presented
from payments.credit.errors import GiftCardBlocked, GiftCardUnknown
from payments.credit.models import StoredValue, ValueActivity
from payments.credit.services import (
    StepDraft,
    TransferDraft,
    office_occasion,
    take_step,
    transfer_value,
)
from payments.tenders.models import Refund as MoneyBack
from pos.orders.errors import RefundExceedsSale
from pos.orders.refund_drafts import RefundDraft, RefundTenderDraft
from pos.orders.services import refund_cards, refunds
from pos.orders.services.refund_plan import plan_refund
from pos.orders.services.refunds import refund_order
from tests.factories import Shop, shop
from tests.payments.credit.cards import AT, agrees, books, bought, by_card, card, now, ways_to_pay
from tests.pos.orders.drafts import cash

pytestmark = pytest.mark.django_db


@pytest.fixture
def within(cafe: Any) -> Any:
    made = shop(cafe)
    with tenant_context(cafe):
        ways_to_pay()
        yield made


def back(here: Shop, whole: Any, amount: int, *tenders: RefundTenderDraft, **said: Any) -> dict[str, Any]:
    draft = RefundDraft(
        id=said.pop("id", None) or new_id(),
        order_id=whole.id,
        amount=Money(amount, "EUR"),
        tenders=tenders,
        **said,
    )
    return refund_order(draft=draft, actor=here.actor(), at=AT)


def onto(amount: int, tender_type: str = "gift", **said: Any) -> RefundTenderDraft:
    return RefundTenderDraft(id=new_id(), tender_type=tender_type, amount=Money(amount, "EUR"), **said)


def activities(account: StoredValue) -> list[tuple[str, int]]:
    rows = ValueActivity.objects.filter(account=account).order_by("id")
    return list(rows.values_list("kind", "amount_minor"))


def test_it_goes_back_onto_the_card_it_came_from_once(within: Shop) -> None:
    gift = card(1000)
    whole = bought(within, by_card(760, gift.id))
    key = new_id()
    told = back(within, whole, 200, id=key)
    assert back(within, whole, 200, id=key) == told
    assert told["tenders"][0]["stored_value"] == {"id": str(gift.id), "last4": "ABCD"}
    assert (now(gift), books()["gift_cards"]) == ((440, 0, 0), -440)
    back(within, whole, 560)
    assert now(gift) == (1000, 0, 0)
    with pytest.raises(RefundExceedsSale):
        back(within, whole, 1)
    assert activities(gift)[2:] == [("refund", 200), ("refund", 560)]
    assert set(MoneyBack.objects.values_list("stored_value_id", flat=True)) == {gift.id}
    assert agrees()


def test_two_cards_get_back_what_each_paid(within: Shop) -> None:
    first, second = card(500), card(500, code="SECOND-2")
    whole = bought(within, by_card(500, first.id), by_card(260, second.id))
    back(within, whole, 760)
    assert (now(first), now(second)) == ((500, 0, 0), (500, 0, 0))
    assert agrees()


def test_cash_becomes_store_credit_that_can_be_spent(within: Shop) -> None:
    whole = bought(within, cash(within, 760))
    tender = onto(760, "credit")
    told = back(within, whole, 760, tender)
    credit = StoredValue.objects.get()
    assert (credit.id, credit.kind, credit.state, now(credit)) == (
        tender.id,
        "store_credit",
        "active",
        (760, 0, 0),
    )
    assert told["tenders"][0]["stored_value"] == {"id": str(credit.id), "last4": own_code(credit.id)[-4:]}
    assert (books()["credit"], activities(credit)) == (-760, [("unlinked_activity_refund", 760)])
    spent = bought(
        within, by_card(760, value=presented(own_code(credit.id)), tender_type="credit"), quantity="2"
    )
    assert (spent.order.payment_state, now(credit)) == ("paid", (0, 0, 0))
    assert agrees()


def test_store_credit_that_is_there_gets_more(within: Shop) -> None:
    credit = card(100, kind="store_credit", code=None)
    whole = bought(within, cash(within, 760))
    back(within, whole, 300, onto(300, "credit", value_id=credit.id))
    assert (now(credit), activities(credit)[-1]) == ((400, 0, 0), ("unlinked_activity_refund", 300))
    assert agrees()


def test_another_card_has_to_be_named_and_known(within: Shop) -> None:
    whole = bought(within, cash(within, 760))
    for tender in (onto(760), onto(760, value_id=new_id()), onto(760, value=presented("NOBODYS"))):
        with pytest.raises(GiftCardUnknown):
            back(within, whole, 760, tender)


def test_a_closed_card_gets_nothing_unless_it_has_happened(within: Shop) -> None:
    gift = card(1000)
    whole = bought(within, by_card(760, gift.id))
    StoredValue.objects.filter(pk=gift.pk).update(state="closed")
    with pytest.raises(GiftCardBlocked):
        back(within, whole, 760)
    told = back(within, whole, 760, at=AT)
    assert now(gift) == (1000, 0, 0)
    assert {"code": "gift_card_closed", "pointer": "/tenders", "value_id": str(gift.id)} in told["flags"]
    other = card(100, code="WXYZ-1234-EFGH")
    draft = TransferDraft(id=new_id(), from_id=gift.pk, to_id=other.pk, reason="closed before")
    transfer_value(draft=draft, occasion=office_occasion(actor=within.actor(), at=AT))
    assert (now(gift), now(other)) == ((0, 0, 0), (1100, 0, 0))
    assert agrees()


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "twin without the guard"])
def test_a_card_that_is_closed_while_its_refund_is_worked_out_gets_nothing(
    within: Shop, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    if not is_guarded:
        monkeypatch.setattr(refund_cards, "_check_open", lambda _ids: None)
    gift = card(760)
    whole = bought(within, by_card(760, gift.id))
    draft = RefundDraft(id=new_id(), order_id=whole.id, amount=Money(760, "EUR"))
    plan = plan_refund(draft=draft, actor=within.actor(), at=AT)
    step = StepDraft(id=new_id(), account_id=gift.pk, kind="deactivate", reason="empty")
    take_step(draft=step, occasion=office_occasion(actor=within.actor(), at=AT))
    with pytest.raises(GiftCardBlocked) if is_guarded else nullcontext():
        refunds._write(plan)
    assert now(gift) == (0 if is_guarded else 760, 0, 0)


def test_what_was_overdrawn_is_covered_first(within: Shop) -> None:
    gift = card(500)
    whole = bought(within, by_card(760, gift.id), fact=True)
    back(within, whole, 360)
    assert now(gift) == (100, 0, 0)
    assert agrees()
