"""Cards are blocked, cleared, closed, corrected, moved, reserved for tills, and lapse; the books follow."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.errors import Forbidden
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from payments.configuration import GiftCardsSection, PaymentsSection
from payments.credit import rules
from payments.credit.codes import check_digit, own_code, presented
from payments.credit.errors import (
    GiftCardBalance,
    GiftCardBlocked,
    GiftCardIdConflict,
    GiftCardReserved,
    GiftCardState,
    PinDelayed,
    PinWrong,
)
from payments.credit.expiry import expires_on
from payments.credit.models import StoredValue, ValueActivity, ValueReservation
from payments.credit.pins import wait_after
from payments.credit.queries.values_audit import value_differences
from payments.credit.services import (
    AdjustDraft,
    GiveDraft,
    Move,
    OpenDraft,
    ReserveDraft,
    StepDraft,
    TransferDraft,
    adjust_value,
    expire_reservations,
    give_value,
    lapse_values,
    move_values,
    office_occasion,
    prove_pin,
    release_value,
    reserve_value,
    take_step,
    transfer_to_card,
    transfer_value,
)
from pos.orders.services import place_order
from tests.factories import Shop, shop
from tests.payments.credit.cards import AT, agrees, books, bought, by_card, card, now, ways_to_pay
from tests.pos.orders.drafts import sale, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def within(cafe: Any) -> Any:
    made = shop(cafe)
    with tenant_context(cafe):
        ways_to_pay()
        yield made


def occasion(at: dt.datetime = AT) -> Any:
    return office_occasion(actor=SYSTEM, at=at)


def step(account: StoredValue, kind: str, **said: Any) -> StoredValue:
    draft = StepDraft(id=said.pop("id", None) or new_id(), account_id=account.pk, kind=kind, reason="lost")
    return take_step(draft=draft, occasion=occasion())


def kinds(account: StoredValue) -> list[str]:
    return list(ValueActivity.objects.filter(account=account).order_by("id").values_list("kind", flat=True))


def reserved(here: Shop, account: StoredValue, amount: int, **said: Any) -> ValueReservation:
    draft = ReserveDraft(
        id=said.pop("id", None) or new_id(),
        account_id=account.pk,
        register_id=said.pop("register_id", here.register.id),
        amount_minor=amount,
        expires_at=AT + dt.timedelta(hours=8),
    )
    return reserve_value(draft=draft, employee_id=None, day=AT.date(), at=AT)


def test_codes_follow_from_the_key_and_a_wrong_digit_shows() -> None:
    assert [check_digit(digits) for digits in ("572", "5724", "43881234567")] == [4, 0, 9]
    number = "1234567890123456789"
    whole = number + str(check_digit(number))
    assert check_digit(whole) == 0
    for place in range(len(whole)):
        wrong = whole[:place] + str((int(whole[place]) + 1) % 10) + whole[place + 1 :]
        assert check_digit(wrong) != 0


def test_own_codes_are_of_one_merchant(cafe: Any, grocer: Any) -> None:
    key = new_id()
    with tenant_context(cafe):
        ours, digest = own_code(key), presented("ABCDEF").digest
        assert (len(ours), ours.isdigit(), check_digit(ours)) == (20, True, 0)
    with tenant_context(grocer):
        assert own_code(key) != ours
        assert presented("ABCDEF").digest != digest


def test_a_blocked_card_pays_nothing_until_it_is_freed(within: Shop) -> None:
    gift = card(1000)
    key = new_id()
    assert step(gift, "block", id=key).state == "blocked"
    assert step(gift, "block", id=key).state == "blocked"
    with pytest.raises(GiftCardBlocked):
        bought(within, by_card(760, gift.id))
    with pytest.raises(GiftCardState):
        step(gift, "block")
    with pytest.raises(GiftCardIdConflict):
        step(gift, "unblock", id=key)
    assert step(gift, "unblock").state == "active"
    bought(within, by_card(760, gift.id))
    assert kinds(gift) == ["activate", "block", "unblock", "redeem"]
    assert agrees()


def test_what_is_cleared_or_closed_was_never_redeemed(within: Shop) -> None:
    gift, other = card(1000), card(500, code="OTHER-1")
    assert (step(gift, "clear_balance").state, now(gift)) == ("active", (0, 0, 0))
    assert (step(other, "deactivate").state, now(other)) == ("closed", (0, 0, 0))
    assert books() == {"gift_card_given": 1500, "gift_card_breakage": -1500}
    with pytest.raises(GiftCardState):
        step(other, "unblock")
    assert agrees()


def test_a_card_is_corrected_and_not_below_nothing(within: Shop) -> None:
    gift = card(1000)
    key = new_id()
    for _ in range(2):
        draft = AdjustDraft(id=key, account_id=gift.pk, amount_minor=250, reason="sorry")
        adjust_value(draft=draft, occasion=occasion())
    assert now(gift) == (1250, 0, 0)
    less = AdjustDraft(id=new_id(), account_id=gift.pk, amount_minor=-1251, reason="wrong")
    with pytest.raises(GiftCardBalance):
        adjust_value(draft=less, occasion=occasion())
    fits = AdjustDraft(id=new_id(), account_id=gift.pk, amount_minor=-1250, reason="wrong")
    adjust_value(draft=fits, occasion=occasion())
    assert (now(gift), kinds(gift)) == ((0, 0, 0), ["activate", "adjust_increment", "adjust_decrement"])
    assert agrees()


def test_a_lost_card_goes_onto_a_new_one(within: Shop) -> None:
    lost = card(1000)
    step(lost, "block")
    opened = OpenDraft(id=new_id(), holder="Ms Sommer")
    draft = TransferDraft(id=new_id(), from_id=lost.pk, to_id=opened.id, reason="lost")
    for _ in range(2):
        source, target = transfer_to_card(draft=draft, opened=opened, occasion=occasion())
    assert (now(source), now(target), target.state, target.holder) == (
        (0, 0, 0),
        (1000, 0, 0),
        "active",
        "Ms Sommer",
    )
    assert (kinds(lost)[-1], kinds(target)) == ("transfer_from", ["transfer_to"])
    assert agrees()


def test_between_a_card_and_a_credit_the_books_move_too(within: Shop) -> None:
    gift, credit = card(1000), card(100, code=None, kind="store_credit")
    draft = TransferDraft(
        id=new_id(), from_id=gift.pk, to_id=credit.pk, reason="one is enough", amount_minor=400
    )
    transfer_value(draft=draft, occasion=occasion())
    assert (now(gift), now(credit)) == ((600, 0, 0), (500, 0, 0))
    assert (books()["gift_cards"], books()["credit"]) == (-600, -500)
    assert agrees()


def test_a_till_spends_what_it_reserved_and_nobody_else_does(within: Shop) -> None:
    gift = card(1000)
    reserved(within, gift, 760)
    other = within.actor(register=within.second_register)

    draft = sale(sold(within, "cappuccino"), tenders=(by_card(380, gift.id),))
    with pytest.raises(GiftCardBalance) as caught:
        place_order(draft=draft, actor=other, at=AT)
    assert caught.value.data["left_minor"] == 240
    bought(within, by_card(760, gift.id))
    row = ValueReservation.objects.get()
    assert (now(gift), row.left_minor, row.state) == ((240, 0, 0), 0, "open")
    assert agrees()


def test_a_fact_of_another_till_leaves_what_is_reserved(within: Shop) -> None:
    gift = card(1000)
    reserved(within, gift, 760, register_id=within.second_register.id)
    whole = bought(within, by_card(760, gift.id), fact=True)
    assert now(gift) == (760, 760, 520)
    assert [flag["overdrawn_minor"] for flag in whole.order.flags if flag["code"] == "gift_card_short"] == [
        520
    ]
    row = ValueReservation.objects.get()
    release_value(reservation_id=row.pk, actor=within.actor(register=within.second_register), at=AT)
    assert now(gift) == (240, 0, 0)
    assert agrees()


def test_what_was_kept_until_yesterday_may_be_gone_today(within: Shop) -> None:
    """The till was offline longer than it said. What it took is recorded; what is not there is overdrawn."""
    gift = card(1000)
    reserved(within, gift, 760)
    late = AT + dt.timedelta(days=1)
    assert expire_reservations(at=late) == 1
    other = sale(sold(within, "cappuccino", "2"), tenders=(by_card(760, gift.id),))
    place_order(draft=other, actor=within.actor(register=within.second_register), at=late)
    draft = sale(sold(within, "cappuccino", "2"), tenders=(by_card(760, gift.id),), placed_at=AT)
    whole = place_order(draft=draft, actor=within.actor(), at=late)
    (flag,) = [each for each in whole.order.flags if each["code"] == "gift_card_short"]
    assert (flag["overdrawn_minor"], flag["covered_minor"], now(gift)) == (520, 240, (0, 0, 520))
    assert agrees()


def test_a_pin_that_was_asked_for_when_reserving_is_not_missing_later(within: Shop) -> None:
    gift = card(2000, pin="4826")
    reserved(within, gift, 760)
    covered = bought(within, by_card(760, gift.id), fact=True)
    assert [each["code"] for each in covered.order.flags if each["code"].startswith("gift_card")] == []
    beyond = bought(within, by_card(760, gift.id), fact=True)
    assert [each["code"] for each in beyond.order.flags if each["code"].startswith("gift_card")] == [
        "gift_card_pin_unchecked"
    ]


def test_reservations_are_within_the_balance_once_and_end(within: Shop) -> None:
    gift = card(1000)
    with pytest.raises(GiftCardBalance):
        reserved(within, gift, 1001)
    row = reserved(within, gift, 600)
    assert reserved(within, gift, 600, id=row.pk).pk == row.pk
    with pytest.raises(GiftCardReserved):
        reserved(within, gift, 100)
    with pytest.raises(GiftCardReserved):
        step(gift, "deactivate")
    with pytest.raises(Forbidden):
        release_value(reservation_id=row.pk, actor=within.actor(register=within.second_register), at=AT)
    assert expire_reservations(at=AT + dt.timedelta(hours=7)) == 0
    assert expire_reservations(at=AT + dt.timedelta(hours=8)) == 1
    assert expire_reservations(at=AT + dt.timedelta(hours=9)) == 0
    row.refresh_from_db()
    assert (row.state, now(gift)) == ("expired", (1000, 0, 0))
    assert agrees()


def test_cards_lapse_after_their_last_day(within: Shop) -> None:
    over = card(1000, expires_on=dt.date(2026, 2, 28))
    today = card(500, code="TODAY-1", expires_on=dt.date(2026, 3, 1))
    kept = card(700, code="KEPT-01", expires_on=dt.date(2026, 3, 1))
    reserved(within, kept, 100)
    assert lapse_values(at=AT) == 1
    assert lapse_values(at=AT) == 0
    assert (now(over), StoredValue.objects.get(pk=over.pk).state) == ((0, 0, 0), "closed")
    assert now(today) == (500, 0, 0)
    assert lapse_values(at=AT + dt.timedelta(days=1)) == 1
    expire_reservations(at=AT + dt.timedelta(days=1))
    assert lapse_values(at=AT + dt.timedelta(days=1)) == 1
    assert books() == {"gift_card_given": 2200, "gift_card_breakage": -2200}
    assert agrees()


@pytest.mark.parametrize(
    ("country", "months", "last"),
    [
        ("DE", 12, dt.date(2027, 2, 28)),
        ("US", 12, dt.date(2031, 2, 28)),
        ("AU", 48, dt.date(2030, 2, 28)),
        ("IE", 1, dt.date(2031, 2, 28)),
        ("CA", 12, None),
    ],
)
def test_the_law_gives_more_than_a_merchant_may(country: str, months: int, last: dt.date | None) -> None:
    assert expires_on(day=dt.date(2026, 2, 28), months=months, country=country) == last


def test_months_end_on_the_last_day_there_is() -> None:
    assert expires_on(day=dt.date(2026, 8, 31), months=6, country="DE") == dt.date(2027, 2, 28)


def test_wrong_pins_make_a_card_wait_and_a_right_one_forgets(within: Shop) -> None:
    gift = card(1000, pin="4826")
    for _ in range(4):
        with pytest.raises(PinWrong):
            prove_pin(account_id=gift.pk, pin="0000", at=AT)
    prove_pin(account_id=gift.pk, pin="4826", at=AT)
    for _ in range(5):
        with pytest.raises(PinWrong):
            prove_pin(account_id=gift.pk, pin="0000", at=AT)
    with pytest.raises(PinDelayed) as caught:
        prove_pin(account_id=gift.pk, pin="4826", at=AT)
    assert caught.value.retry_after == 30
    with pytest.raises(PinWrong):
        prove_pin(account_id=gift.pk, pin="0000", at=AT + dt.timedelta(seconds=30))
    with pytest.raises(PinDelayed) as longer:
        prove_pin(account_id=gift.pk, pin="4826", at=AT + dt.timedelta(seconds=31))
    assert longer.value.retry_after == 59
    prove_pin(account_id=gift.pk, pin="4826", at=AT + dt.timedelta(days=1))
    assert [int(wait_after(count).total_seconds()) for count in (4, 5, 6, 12)] == [0, 30, 60, 3600]


def test_the_nightly_look_finds_what_does_not_agree(within: Shop) -> None:
    gift = card(1000)
    with unit_of_work():
        move = Move(account_id=gift.pk, kind="load", amount_minor=5, cause="request", cause_id=new_id())
        move_values(moves=[move], occasion=occasion())
    (found,) = value_differences()
    assert (found.what, found.kept_minor, found.found_minor) == ("books of gift_card", 1005, 1000)
    StoredValue.objects.filter(pk=gift.pk).update(balance_minor=1006, reserved_minor=1)
    assert [each.what for each in value_differences()] == ["activities", "reservations", "books of gift_card"]


def test_cards_expire_by_the_merchants_rule_and_a_load_starts_it_anew(
    within: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    months = GiftCardsSection(gift_cards_expire_after_months=36)
    monkeypatch.setattr(rules, "current_section", lambda **_: PaymentsSection(gift_cards=months))
    gift, credit = card(1000), card(1000, kind="store_credit", code=None)
    printed = card(1000, code="PRINTED-1", expires_on=dt.date(2026, 12, 31))
    assert [each.expires_on for each in (gift, credit, printed)] == [
        dt.date(2029, 3, 1),
        None,
        dt.date(2026, 12, 31),
    ]
    later = office_occasion(actor=SYSTEM, at=AT + dt.timedelta(days=31))
    more = GiveDraft(id=new_id(), account_id=gift.pk, amount_minor=100, reason="more")
    assert give_value(draft=more, occasion=later).expires_on == dt.date(2029, 4, 1)
