"""Money nobody owes stays as credit of the guest, once, and the books say what it is."""

from typing import Any

import pytest

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import Forbidden, InvalidInput
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from fynlo.events.models import Event
from payments.credit.errors import GiftCardIdConflict, GiftCardState
from payments.credit.models import StoredValue, ValueActivity
from payments.credit.services import KeepDraft, OpenDraft, keep_as_credit, open_value, put_on
from payments.credit.services.issuing import office_occasion
from payments.gateways.errors import AttemptUndecided
from payments.gateways.models import Attempt
from payments.gateways.queries import unsettled_attempts
from payments.gateways.services import give_back, resolve_due
from payments.ledger.models import Transfer
from pos.orders.errors import NothingOwed
from pos.orders.models import Order
from pos.orders.services.settling import _check_whole
from tests.admin.browsing import office
from tests.factories import Shop
from tests.factories.tills import TillClient, paired_till, signed_in
from tests.pos.orders.test_asking import AT, CAPPUCCINO, ask, here, looked, ticket

__all__ = ["here"]

pytestmark = pytest.mark.django_db(transaction=True)


def late(here: Shop) -> Attempt:
    """The card was read, and the order was cancelled meanwhile."""
    order = ticket(here, "cappuccino")
    attempt = ask(here, order, CAPPUCCINO)
    Order.objects.filter(pk=order.pk).update(fulfilment_state="cancelled")
    row = looked(attempt)
    assert (row.state, row.settled_at) == ("captured", None)
    return row


def keep(row: Attempt, *, actor: Actor = SYSTEM, **facts: Any) -> StoredValue:
    draft = KeepDraft(attempt_id=row.pk, **{"reason": "comes again", **facts})
    return keep_as_credit(draft=draft, actor=actor, at=AT)


def books() -> list[tuple[str, str, int]]:
    rows = Transfer.objects.filter(kind="gift_card").order_by("id")
    return list(rows.values_list("debit_key", "credit_key", "amount_minor"))


def test_late_money_becomes_a_credit_of_the_guest_once(here: Shop) -> None:
    with tenant_context(here.tenant):
        row = late(here)
        value = keep(row, holder="Ada")
        again = keep(row)
        assert (value.pk, again.pk) == (row.pk, row.pk)
        assert (value.kind, value.state, again.balance_minor, value.holder) == (
            "store_credit",
            "active",
            CAPPUCCINO,
            "Ada",
        )
        assert books() == [("tender:reader", "credit", CAPPUCCINO)]
        activity = ValueActivity.objects.get()
        assert (activity.cause, activity.cause_id, activity.reason) == ("payment", row.pk, "comes again")
        row.refresh_from_db()
        assert (row.settled_at, row.trouble, row.next_look_at) == (AT, "Kept as credit.", None)
        assert [step.verb for step in row.steps.order_by("number")][-1] == "keep_credit"
        assert not unsettled_attempts().exists()
        assert resolve_due(at=AT, limit=10) == 0
        told = Event.objects.filter(kind="payment.attempt_changed").order_by("position").last()
        assert told is not None
        assert told.data["attempt"]["trouble"] == "Kept as credit."


def test_what_is_kept_is_not_given_back_and_the_other_way_round(here: Shop) -> None:
    with tenant_context(here.tenant):
        kept, given = late(here), late(here)
        keep(kept)
        with pytest.raises(AttemptUndecided):
            give_back(attempt_id=kept.pk, reason="paid twice", actor=SYSTEM, at=AT)
        give_back(attempt_id=given.pk, reason="paid twice", actor=SYSTEM, at=AT)
        with pytest.raises(AttemptUndecided):
            keep(given)
        assert StoredValue.objects.count() == 1


def test_money_that_was_kept_while_its_order_was_being_paid_pays_nothing(here: Shop) -> None:
    with tenant_context(here.tenant):
        row = late(here)
        keep(row)
        with pytest.raises(NothingOwed, match="put to something else at this moment"), unit_of_work():
            _check_whole(row)


def test_what_was_taken_beyond_what_is_owed_goes_onto_a_credit_that_is_there(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino", "roll")
        attempt = ask(here, order, CAPPUCCINO + 45)
        Order.objects.filter(pk=order.pk).update(paid_minor=45)
        looked(attempt)
        with unit_of_work():
            card = open_value(draft=OpenDraft(id=new_id(), kind="gift_card"), at=AT)
            occasion = office_occasion(actor=SYSTEM, at=AT)
            put_on(account=card, amount_minor=500, cause="request", cause_id=new_id(), occasion=occasion)
        assert keep(attempt, value_id=card.pk).balance_minor == 545
        assert keep(attempt, value_id=card.pk).balance_minor == 545
        with pytest.raises(GiftCardIdConflict):
            keep(attempt, value_id=new_id())
        assert books() == [("tender:reader", "gift_cards", 45)]


def test_what_cannot_be_kept_changes_nothing(here: Shop) -> None:
    with tenant_context(here.tenant):
        row, paid = late(here), looked(ask(here, ticket(here, "cappuccino"), CAPPUCCINO))
        waiting = ask(here, ticket(here, "roll"), 45)
        for other in (paid, waiting):
            with pytest.raises(AttemptUndecided):
                keep(other)
        with pytest.raises(InvalidInput):
            keep(row, reason=" ")
        with pytest.raises(Forbidden):
            keep(row, actor=here.actor())
        closed = StoredValue.objects.create(
            kind="store_credit",
            code_digest="x",
            shown="0000",
            state="closed",
            currency="EUR",
            created_at=AT,
        )
        with pytest.raises(GiftCardState):
            keep(row, value_id=closed.pk)
        assert (books(), ValueActivity.objects.count(), StoredValue.objects.count()) == ([], 0, 1)


def test_it_is_kept_over_http_by_whoever_may(here: Shop) -> None:
    till = TillClient(here.tenant, paired_till(here.tenant))
    owner = TillClient(here.tenant, signed_in(here.tenant, till.headers, role="owner"))
    with tenant_context(here.tenant):
        row = late(here)
    path = f"/payment-attempts/{row.pk}/keep-as-credit"
    assert till.post(path, {"reason": "comes again"}).status_code == 403
    assert owner.post(path, {}).json()["errors"][0]["pointer"] == "/reason"
    first, again = (owner.post(path, {"reason": "comes again", "holder": "Ada"}) for _ in range(2))
    assert (first.status_code, first.json()) == (200, again.json())
    assert first.json()["balance"] == {"amount_minor": CAPPUCCINO, "currency": "EUR"}


def test_a_button_of_the_back_office_keeps_it(here: Shop) -> None:
    with tenant_context(here.tenant):
        row = late(here)
    browser = office(here.tenant)
    assert "1 payment was put to nothing" in browser.get("/").content.decode()
    waiting = browser.get("/payments/waiting/").content.decode()
    assert "Taken, and not put to an order" in waiting
    assert f"/payments/attempt/{row.pk}/act/" in waiting
    assert "Keep it as credit" in browser.get(f"/payments/attempt/{row.pk}/act/").content.decode()
    done = browser.post(f"/payments/attempt/{row.pk}/keep/", {"reason": "comes again", "holder": "Ada"})
    assert (done.status_code, done["Location"]) == (302, f"/admin/payments/storedvalue/{row.pk}/change/")
    assert "Nothing waits for anybody." in browser.get("/payments/waiting/").content.decode()
    assert "for somebody" not in browser.get("/").content.decode()
    assert "Keep it as credit" not in browser.get(f"/payments/attempt/{row.pk}/act/").content.decode()
