"""Gift cards are sold and loaded by a provider's money: once, when it was taken, and not before."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from fynlo.events.models import Event
from payments.credit.errors import GiftCardState
from payments.credit.models import HouseAccount, StoredValue, ValueActivity
from payments.credit.services import (
    KeepDraft,
    OpenDraft,
    StepDraft,
    keep_as_credit,
    office_occasion,
    take_step,
)
from payments.gateways.errors import AttemptDiffers, PaymentOutcomeUnknown
from payments.gateways.models import Attempt, GatewayRefund, Reader
from payments.gateways.services import (
    ConnectionDraft,
    ReaderDraft,
    cancel_attempt,
    give_back,
    look_at_attempt,
    present_again,
    resolve_due,
    save_connection,
    save_reader,
    settle,
)
from payments.ledger.models import Transfer
from payments.tenders.models import Payment, TenderType
from pos.orders.drafts import TenderDraft
from pos.orders.errors import NothingOwed, PaymentIdConflict
from pos.orders.services.asking import AskDraft
from pos.orders.services.asking_houses import HouseAskDraft, ask_for_house
from pos.orders.services.asking_values import ValueAskDraft, ask_for_value
from pos.orders.services.house_payment_writing import HousePaymentDraft
from pos.orders.services.house_payments import pay_house_account
from pos.orders.services.value_sale_rows import ValueSaleDraft
from pos.orders.services.value_sales import sell_value
from pos.orders.transfers import TenderInvalid
from pos.registers.journal.models import JournalEntry
from pos.registers.models import CashMovement
from staff.employees.roles import PERMISSIONS
from tests.concurrency.rivals import at_once
from tests.factories import RegisterFactory, Shop, TenderTypeFactory, TillClient, paired_till, shop
from tests.payments.credit.cards import agrees, books, card, now
from tests.payments.gateways.vendor import LOST, Vendor, vendor_present
from tests.pos.orders.at_vendor import AT, connect, later, override, state

pytestmark = pytest.mark.django_db
PRICE = 5000


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with vendor_present() as made:
        yield made


@pytest.fixture
def here(cafe: Any, vendor: Vendor) -> Iterator[Shop]:
    made = shop(cafe)
    with tenant_context(made.tenant):
        connect(made)
        yield made


def asked(minor: int = PRICE, key: UUID | None = None, **facts: Any) -> ValueAskDraft:
    """A card that is sold at the reader."""
    opened = OpenDraft(id=key or new_id(), **facts)
    return ValueAskDraft(ask=asking(minor), account_id=opened.id, opened=opened)


def loading(account: StoredValue, minor: int = PRICE) -> ValueAskDraft:
    return ValueAskDraft(ask=asking(minor), account_id=account.pk)


def asking(minor: int) -> AskDraft:
    return AskDraft(id=new_id(), tender_type="reader", amount=Money(minor, "EUR"))


def ask(here: Shop, draft: ValueAskDraft, **at: Any) -> Attempt:
    actor = here.actor(permissions=frozenset(PERMISSIONS), **at)
    return ask_for_value(draft=draft, actor=actor, at=AT)


def look(attempt: Attempt) -> Attempt:
    return look_at_attempt(attempt_id=attempt.pk, at=AT)


def in_cash(here: Shop, draft: ValueAskDraft, *, fact: bool = False) -> dict[str, Any]:
    """The same card, sold for cash."""
    tender = TenderDraft(id=new_id(), tender_type="cash", amount=draft.ask.amount)
    sale = ValueSaleDraft(
        id=new_id(),
        account_id=draft.account_id,
        amount=draft.ask.amount,
        tenders=(tender,),
        opened=draft.opened,
        at=AT if fact else None,
    )
    return sell_value(draft=sale, actor=here.actor(permissions=frozenset(PERMISSIONS)), at=AT)


def taken(vendor: Vendor, attempt: Attempt) -> None:
    """The money is taken all the same."""
    charge = next(each for each in vendor.charges.values() if each.ours == str(attempt.pk))
    charge.state, charge.captured, charge.authorised = "captured", charge.amount, charge.amount


def status(draft: ValueAskDraft) -> tuple[str, int]:
    row = StoredValue.objects.get(pk=draft.account_id)
    return row.state, row.balance_minor


def test_a_card_is_sold_when_its_money_was_taken_and_not_before(here: Shop, vendor: Vendor) -> None:
    draft = asked(holder="Ms Sommer")
    attempt = ask(here, draft)
    assert (attempt.state, attempt.order_id, attempt.purpose) == ("presented", None, "value_sale")
    assert status(draft) == ("pending", 0)
    assert (books(), Payment.objects.count(), ValueActivity.objects.count()) == ({}, 0, 0)
    vendor.guest_pays(attempt.pk)
    attempt = look(attempt)
    assert (attempt.state, attempt.settled_at, attempt.trouble) == ("captured", AT, "")
    assert status(draft) == ("active", PRICE)
    payment = Payment.objects.select_related("tender_type").get()
    assert (payment.pk, payment.amount_minor, payment.stored_value_id, payment.tender_type.code) == (
        attempt.pk,
        PRICE,
        draft.account_id,
        "reader",
    )
    activity = ValueActivity.objects.get()
    assert (activity.kind, activity.cause, activity.cause_id) == ("activate", "sale", attempt.pk)
    money = Transfer.objects.values_list("debit_key", "credit_key", "amount_minor", "kind", "payment_id")
    assert list(money) == [("tender:reader", "gift_cards", PRICE, "gift_card_sale", attempt.pk)]
    assert (JournalEntry.objects.count(), CashMovement.objects.filter(kind="paid_in").count()) == (1, 0)
    look(attempt)
    assert settle(attempt_id=attempt.pk, at=AT)
    assert ask(here, draft).state == "captured"
    assert (Payment.objects.count(), status(draft), agrees()) == (1, ("active", PRICE), True)


def test_a_card_is_loaded_when_its_money_was_taken(here: Shop, vendor: Vendor) -> None:
    known = card(2000)
    attempt = ask(here, loading(known))
    assert now(known) == (2000, 0, 0)
    with pytest.raises(PaymentOutcomeUnknown):
        ask(here, loading(known))
    other = ask(here, loading(known, 1000))
    for each in (attempt, other):
        vendor.guest_pays(each.pk)
        look(each)
    assert (now(known), agrees()) == ((8000, 0, 0), True)
    assert ValueActivity.objects.filter(kind="load").count() == 2


def test_a_declined_and_a_cancelled_card_stay_inactive(here: Shop, vendor: Vendor) -> None:
    draft = asked()
    attempt = ask(here, draft)
    vendor.guest_is_declined(attempt.pk)
    assert look(attempt).state == "declined"
    present_again(attempt_id=attempt.pk, reader_id=None, actor=here.actor(), at=AT)
    assert state(attempt) == "presented"
    cancel_attempt(attempt_id=attempt.pk, actor=here.actor(), at=AT)
    assert (state(attempt), status(draft), books()) == ("cancelled", ("pending", 0), {})
    assert in_cash(here, draft)["kind"] == "activate"
    assert status(draft) == ("active", PRICE)


def test_a_lost_answer_blocks_and_is_found(here: Shop, vendor: Vendor) -> None:
    vendor.then("begin", LOST)
    draft = asked()
    attempt = ask(here, draft)
    assert (attempt.state, status(draft)) == ("unknown", ("pending", 0))
    for another in (asked(key=draft.account_id), asked(1000, key=draft.account_id), asked()):
        with pytest.raises(PaymentOutcomeUnknown) as refused:
            ask(here, another)
        assert refused.value.data["attempt_id"] == str(attempt.pk)
    with pytest.raises(PaymentOutcomeUnknown, match=r"^50\.00 EUR is being asked for already: wait for it"):
        in_cash(here, draft)
    assert (ask(here, draft).pk, state(attempt)) == (attempt.pk, "unknown")
    resolve_due(at=later(minutes=1))
    assert (ask(here, draft).state, len(vendor.charges)) == ("presented", 1)
    vendor.guest_pays(attempt.pk)
    resolve_due(at=later(minutes=3))
    assert (state(attempt), status(draft), len(vendor.charges)) == ("captured", ("active", PRICE), 1)
    assert Payment.objects.get().pk == attempt.pk


def test_money_after_the_end_is_kept_and_listed(here: Shop, vendor: Vendor) -> None:
    for keep in (False, True):
        draft = asked()
        attempt = ask(here, draft)
        cancel_attempt(attempt_id=attempt.pk, actor=here.actor(), at=AT)
        taken(vendor, attempt)
        attempt = look(attempt)
        assert (attempt.state, attempt.settled_at, status(draft)) == ("captured", None, ("pending", 0))
        assert attempt.trouble == "It was let go before the money came. Give it back, or keep it as credit."
        assert not settle(attempt_id=attempt.pk, at=AT)
        if keep:
            kept = KeepDraft(attempt_id=attempt.pk, reason="late", value_id=draft.account_id)
            assert keep_as_credit(draft=kept, actor=SYSTEM, at=AT).balance_minor == PRICE
        else:
            refund = give_back(attempt_id=attempt.pk, reason="late", actor=SYSTEM, at=AT)
            assert (refund.state, refund.amount_minor) == ("succeeded", PRICE)
            assert in_cash(here, draft)["kind"] == "activate"
        assert (status(draft), settle(attempt_id=attempt.pk, at=AT)) == (("active", PRICE), True)
    assert (Payment.objects.count(), GatewayRefund.objects.count(), agrees()) == (1, 1, True)


def test_what_was_overridden_and_taken_after_all_is_listed(here: Shop, vendor: Vendor) -> None:
    vendor.then("begin", LOST)
    draft = asked()
    attempt = ask(here, draft)
    override(here, attempt)
    again = ask(here, asked(key=draft.account_id))
    for each in (again, attempt):
        taken(vendor, each)
        look(each)
    assert [Attempt.objects.get(pk=each.pk).settled_at for each in (again, attempt)] == [AT, None]
    assert (status(draft), Payment.objects.get().pk, agrees()) == (("active", PRICE), again.pk, True)


def test_cash_that_was_taken_beside_the_reader_is_told_and_the_reader_stops(
    here: Shop, vendor: Vendor
) -> None:
    draft = asked()
    attempt = ask(here, draft)
    with pytest.raises(PaymentOutcomeUnknown):
        in_cash(here, draft)
    in_cash(here, draft, fact=True)
    flags = json.loads(JournalEntry.objects.get().body)["flags"]
    assert (flags, status(draft)) == (["no_open_session", "paid_beside_attempt"], ("active", PRICE))
    resolve_due(at=later(seconds=5))
    assert (state(attempt), vendor.captured) == ("cancelled", 0)


def test_a_card_that_was_blocked_meanwhile_leaves_the_money_listed(here: Shop, vendor: Vendor) -> None:
    known = card(2000)
    attempt = ask(here, loading(known))
    block = StepDraft(id=new_id(), account_id=known.pk, kind="block", reason="stolen")
    occasion = office_occasion(actor=SYSTEM, at=AT)
    take_step(draft=block, occasion=occasion)
    with pytest.raises(GiftCardState):
        ask(here, loading(known, 1000))
    vendor.guest_pays(attempt.pk)
    assert look(attempt).trouble == f"The card •••• {known.shown} is blocked."
    assert (now(known), Payment.objects.count()) == ((2000, 0, 0), 0)
    free = StepDraft(id=new_id(), account_id=known.pk, kind="unblock", reason="found")
    take_step(draft=free, occasion=occasion)
    resolve_due(at=later(minutes=5))
    assert (now(known), Payment.objects.get().pk) == ((7000, 0, 0), attempt.pk)


def test_what_was_declined_is_over_once_the_card_was_sold_another_way(here: Shop, vendor: Vendor) -> None:
    draft = asked()
    attempt = ask(here, draft)
    vendor.guest_is_declined(attempt.pk)
    look(attempt)
    in_cash(here, draft)
    with pytest.raises(NothingOwed):
        present_again(attempt_id=attempt.pk, reader_id=None, actor=here.actor(), at=AT)
    assert (vendor.captured, status(draft)) == (0, ("active", PRICE))


def test_ids_are_of_one_thing(here: Shop) -> None:
    draft = asked()
    ask(here, draft)
    other = ValueAskDraft(ask=draft.ask, account_id=new_id(), opened=None)
    elsewhere = card(2000)
    with pytest.raises(AttemptDiffers):
        ask(here, ValueAskDraft(ask=other.ask, account_id=elsewhere.pk))
    paid = asked(700)
    in_cash(here, paid)
    used = AskDraft(id=Payment.objects.get().pk, tender_type="reader", amount=Money(700, "EUR"))
    with pytest.raises(PaymentIdConflict):
        ask(here, ValueAskDraft(ask=used, account_id=elsewhere.pk))


def test_only_money_pays_for_a_card(here: Shop) -> None:
    TenderTypeFactory.create(code="gift", name="Gift card", kind="gift_card")
    TenderType.objects.filter(code="gift").update(connection=TenderType.objects.get(code="reader").connection)
    known = card(2000)
    for code, detail in (("gift", "paid with money"), ("cash", "has no account")):
        wanted = AskDraft(id=new_id(), tender_type=code, amount=Money(900, "EUR"))
        with pytest.raises(TenderInvalid, match=detail):
            ask(here, ValueAskDraft(ask=wanted, account_id=known.pk))
    with pytest.raises(TenderInvalid, match="above zero"):
        ask(here, loading(known, 0))


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_asked_and_settled_once(here: Shop, vendor: Vendor) -> None:
    other = RegisterFactory.create(location=here.location)
    Reader.objects.update(register_id=None)  # it is passed around
    key, keys = new_id(), (here.register.pk, other.pk)
    same = asked(key=key, holder="Ms Sommer")
    drafts = [same] * 4 + [asked(key=key) for _ in range(4)]
    calls = [partial(ask, here, each, register_id=keys[each is not same]) for each in drafts]
    told = at_once(here.tenant, calls)
    assert set(Counter(type(each).__name__ for each in told)) <= {"Attempt", "PaymentOutcomeUnknown"}
    attempt = Attempt.objects.get()
    vendor.guest_pays(attempt.pk)
    at_once(here.tenant, [partial(look, attempt)] * 4)
    assert (Payment.objects.get().pk, status(same), len(vendor.charges)) == (attempt.pk, ("active", PRICE), 1)


def test_a_house_account_is_paid_when_its_money_was_taken(here: Shop, vendor: Vendor) -> None:
    account = HouseAccount.objects.create(code="meier", name="Meier & Co", opened_at=AT, balance_minor=9000)
    draft = HouseAskDraft(ask=asking(PRICE), account_id=account.pk)
    actor = here.actor(permissions=frozenset(PERMISSIONS))
    attempt = ask_for_house(draft=draft, actor=actor, at=AT)
    assert (attempt.state, attempt.reference, attempt.purpose) == (
        "presented",
        "Account meier",
        "house_payment",
    )
    cash = HousePaymentDraft(
        id=new_id(), account_id=account.pk, tender_type="cash", amount=Money(PRICE, "EUR")
    )
    with pytest.raises(PaymentOutcomeUnknown):
        ask_for_house(draft=HouseAskDraft(ask=asking(PRICE), account_id=account.pk), actor=actor, at=AT)
    with pytest.raises(PaymentOutcomeUnknown):
        pay_house_account(draft=cash, actor=actor, at=AT)
    vendor.guest_is_declined(attempt.pk)
    look(attempt)
    present_again(attempt_id=attempt.pk, reader_id=None, actor=actor, at=AT)
    vendor.guest_pays(attempt.pk)
    for _ in range(2):
        assert look(attempt).settled_at == AT
    account.refresh_from_db()
    payment = Payment.objects.get()
    assert (payment.pk, payment.house_account_id, account.balance_minor) == (attempt.pk, account.pk, 4000)
    money = Transfer.objects.values_list("debit_key", "credit_key", "amount_minor", "kind")
    assert list(money) == [("tender:reader", "house:meier", PRICE, "house_payment")]
    assert ask_for_house(draft=draft, actor=actor, at=AT).state == "captured"
    pay_house_account(draft=cash, actor=actor, at=AT)
    late = ask_for_house(draft=HouseAskDraft(ask=asking(1000), account_id=account.pk), actor=actor, at=AT)
    cancel_attempt(attempt_id=late.pk, actor=actor, at=AT)
    taken(vendor, late)
    assert (look(late).settled_at, Payment.objects.count()) == (None, 2)


@pytest.fixture
def till(here: Shop) -> TillClient:
    """A till whose reader is simulated, where the guest holds the card to it at once."""
    draft = ConnectionDraft(
        id=new_id(),
        gateway="simulator",
        name="Simulator",
        account="sim_1",
        settings={"guest": "taps", "clock": clock.rfc3339(clock.now())},
        secrets={"webhook_secret": "sim_whsec_of_a_test"},
    )
    connection = save_connection(draft=draft, actor=SYSTEM, at=AT)
    placed = ReaderDraft(
        id=new_id(),
        connection_id=connection.pk,
        vendor_id="R1",
        name="Bar",
        register_id=here.register.pk,
    )
    save_reader(draft=placed, actor=SYSTEM)
    TenderType.objects.filter(code="reader").update(connection=connection)
    return TillClient(here.tenant, paired_till(here.tenant, register=here.register))


@pytest.mark.parametrize(
    ("minor", "begun", "seen", "card", "kinds"),
    [
        (5000, "presented", "captured", "active", ["activate", "load"]),
        (5005, "presented", "declined", "pending", []),
        (5006, "unknown", "captured", "active", ["activate", "load"]),
    ],
    ids=["paid", "declined", "lost and found"],
)
def test_a_till_sells_a_card_at_the_reader(
    here: Shop, till: TillClient, minor: int, begun: str, seen: str, card: str, kinds: list[str]
) -> None:
    key = str(new_id())
    money = {"amount_minor": minor, "currency": "EUR"}
    body = {"id": str(new_id()), "tender_type": "reader", "amount": money, "gift_card": {"id": key}}
    for _ in range(2):
        answer = till.post("/gift-cards/attempts", body)
        told = answer.json()
        assert (answer.status_code, told["id"], told["purpose"]) == (201, body["id"], "value_sale")
        assert (told["order_id"], told["gift_card_id"], told["state"]) == (None, key, begun)
    assert till.get(f"/gift-cards/{key}").json()["state"] == "pending"
    assert till.post(f"/payment-attempts/{body['id']}/look", {}).json()["state"] == seen
    assert till.get(f"/gift-cards/{key}").json()["state"] == card
    load = {"id": str(new_id()), "tender_type": "reader", "amount": {"amount_minor": 1000, "currency": "EUR"}}
    if kinds:
        assert till.post(f"/gift-cards/{key}/loads/attempts", load).json()["gift_card_id"] == key
        till.post(f"/payment-attempts/{load['id']}/look", {})
        assert till.get(f"/gift-cards/{key}/slip?cause={body['id']}").status_code == 200
        assert till.post(f"/gift-cards/{key}/code", {}).status_code == 200
    rows = till.get(f"/gift-cards/{key}/activities").json()["items"]
    assert [(row["kind"], row["cause_id"]) for row in rows] == list(
        zip(kinds, (body["id"], load["id"]), strict=False)
    )
    with tenant_context(here.tenant):
        assert Event.objects.filter(kind="stored_value.sold").count() == len(kinds)


def test_a_till_cancels_and_is_told_what_is_possible_instead(here: Shop, till: TillClient) -> None:
    key, money = str(new_id()), {"amount_minor": 5000, "currency": "EUR"}
    sold = {"id": str(new_id()), "tender_type": "reader", "amount": money}
    refused = till.post(
        "/gift-cards",
        {"id": str(new_id()), "amount": money, "tenders": [sold], "gift_card": {"id": key}},
    )
    detail = "A provider is asked for its money first: POST /gift-cards/attempts."
    assert (refused.status_code, refused.json()["errors"][0]["detail"]) == (422, detail)
    asked = sold | {"gift_card": {"id": key}}
    assert till.post("/gift-cards/attempts", asked).json()["state"] == "presented"
    twice = till.post("/gift-cards/attempts", {**asked, "id": str(new_id())})
    assert (twice.status_code, twice.json()["code"], twice.json()["attempt_id"]) == (
        409,
        "payment_outcome_unknown",
        sold["id"],
    )
    assert till.post(f"/payment-attempts/{sold['id']}/cancel", {}).json()["state"] == "cancelled"
    assert till.get(f"/gift-cards/{key}").json()["state"] == "pending"
