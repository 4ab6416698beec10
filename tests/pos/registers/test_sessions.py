"""Opening and closing drawers: numbers, sums, what is over or short, and who may not."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from payments.ledger.models import Transfer
from payments.ledger.queries import trial_balance
from pos.orders.services import place_order
from pos.registers.models import CashMovement, CashSession
from pos.registers.services import close_session, open_session
from tests.factories import Shop
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 7, tzinfo=dt.UTC)
EVENING = dt.datetime(2026, 3, 2, 1, 30, tzinfo=dt.UTC)  # 02:30 in Berlin: still the day before


def opened(shop: Shop, *, opening: int = 15000, key: UUID | None = None, **changes: Any) -> dict[str, Any]:
    actor = shop.actor(**changes)
    assert actor.register_id is not None
    with tenant_context(shop.tenant):
        return open_session(
            register_id=actor.register_id,
            session_id=key or new_id(),
            opening_float=Money(opening, shop.tenant.currency),
            actor=actor,
            at=AT,
        )


def closed(shop: Shop, session: dict[str, Any], counted: int, **changes: Any) -> dict[str, Any]:
    with tenant_context(shop.tenant):
        return close_session(
            session_id=UUID(session["id"]),
            counted=Money(counted, shop.tenant.currency),
            actor=shop.actor(**changes),
            at=EVENING,
        )


def sell(shop: Shop, tendered: int, **changes: Any) -> None:
    """Two cappuccinos and four rolls: 9.40."""
    lines = (sold(shop, "cappuccino", "2"), sold(shop, "roll", "4"))
    with tenant_context(shop.tenant):
        draft = sale(*lines, tenders=(cash(shop, tendered),))
        place_order(draft=draft, actor=shop.actor(**changes), at=AT)


def test_a_drawer_is_opened_with_its_float(here: Shop) -> None:
    with tenant_context(here.tenant):
        before = head()
        told = opened(here, key=(key := new_id()))
        assert told == {
            "id": str(key),
            "number": 1,
            "register": {"id": str(here.register.id), "code": "K1"},
            "drawer": {"id": str(here.register.id), "code": "K1"},
            "state": "open",
            "business_date": "2026-03-01",
            "opened_at": "2026-03-01T07:00:00.000Z",
            "opened_by_id": None,
            "responsible_id": None,
            "responsible_name": "",
            "opening_float": {"amount_minor": 15000, "currency": "EUR"},
            "opening_denominations": [],
            "opening_foreign": [],
            "closing_began_at": None,
            "counts": [],
            "closed_at": None,
            "closed_by_id": None,
            "counted": None,
            "expected": None,
            "variance": None,
            "foreign": [],
            "approver_name": "",
            "flags": [],
        }
        movement = CashMovement.objects.get()
        assert (movement.kind, movement.amount_minor, movement.session_id) == ("float", 15000, key)
        (item,) = read_after(before)
        assert (item.t, item.id, item.data) == ("cash_session.opened", key, told)


def test_an_empty_drawer_moves_nothing(here: Shop) -> None:
    opened(here, opening=0)
    with tenant_context(here.tenant):
        assert not CashMovement.objects.exists()


@pytest.mark.parametrize(
    ("counted", "variance", "moved"),
    [
        (16834, -6, ("cash_over_short", "cash", 6)),
        (16840, 0, None),
        (16845, 5, ("cash", "cash_over_short", 5)),
    ],
)
def test_a_drawer_is_closed_with_what_was_counted(
    here: Shop, counted: int, variance: int, moved: tuple[str, str, int] | None
) -> None:
    """150.00 float + 10.00 − 0.60 + 9.00 from sales of 9.40 = 168.40."""
    with tenant_context(here.tenant):
        session = opened(here)
        sell(here, 1000)
        sell(here, 900)
        before = head()
        told = closed(here, session, counted)
        amounts = {name: told[name]["amount_minor"] for name in ("counted", "expected", "variance")}
        assert amounts == {"counted": counted, "expected": 16840, "variance": variance}
        assert (told["state"], told["closed_at"]) == ("closed", "2026-03-02T01:30:00.000Z")
        booked = Transfer.objects.filter(kind="over_short")
        rows = list(booked.values_list("debit__code", "credit__code", "amount_minor"))
        assert rows == ([] if moved is None else [moved])
        assert sum(row.balance_minor for row in trial_balance()) == 0
        zed, item = read_after(before)
        assert (zed.t, zed.data["number"]) == ("register.closed", "K1-Z1")
        assert (item.t, item.data) == ("cash_session.closed", told)


def test_what_is_over_or_short_counts_to_the_sessions_day(here: Shop) -> None:
    closed(here, opened(here), 14000)
    with tenant_context(here.tenant):
        assert Transfer.objects.get().business_date == dt.date(2026, 3, 1)


def test_only_the_sessions_own_cash_is_expected(here: Shop) -> None:
    sell(here, 1000)  # before the drawer was open
    session = opened(here, opening=5000)
    sell(here, 940, register=here.second_register)
    sell(here, 940)
    told = closed(here, session, 5940)
    sell(here, 940)  # after it was closed
    assert (told["expected"]["amount_minor"], told["variance"]["amount_minor"]) == (5940, 0)


def test_drawers_are_numbered_per_register(here: Shop) -> None:
    first = opened(here)
    closed(here, first, 15000)
    second, neighbour = opened(here), opened(here, register=here.second_register)
    assert [one["number"] for one in (first, second, neighbour)] == [1, 2, 1]


def test_an_open_drawer_is_not_opened_again(here: Shop) -> None:
    session = opened(here)
    with tenant_context(here.tenant), pytest.raises(DomainError) as caught:
        opened(here)
    assert (caught.value.status, caught.value.code) == (409, "session_already_open")
    assert str(caught.value.data["session_id"]) == session["id"]
    with tenant_context(here.tenant):
        assert CashSession.objects.count() == 1
        here.register.refresh_from_db()
        assert here.register.last_session_number == 1


def test_the_same_opening_again_is_the_same_session(here: Shop) -> None:
    key = new_id()
    assert opened(here, key=key) == opened(here, key=key)
    with tenant_context(here.tenant):
        assert (CashSession.objects.count(), CashMovement.objects.count()) == (1, 1)


@pytest.mark.parametrize("other", ["float", "register"])
def test_the_id_of_another_session_is_refused(here: Shop, other: str) -> None:
    key = new_id()
    opened(here, key=key)
    otherwise = {"opening": 1} if other == "float" else {"register": here.second_register}
    with tenant_context(here.tenant), pytest.raises(DomainError) as caught:
        opened(here, key=key, **otherwise)
    assert (caught.value.status, caught.value.code) == (409, "session_id_conflict")


def test_a_closed_drawer_is_not_closed_again(here: Shop) -> None:
    session = opened(here)
    closed(here, session, 15000)
    with tenant_context(here.tenant):
        before = head()
    with tenant_context(here.tenant), pytest.raises(DomainError) as caught:
        closed(here, session, 1)
    assert (caught.value.status, caught.value.code) == (409, "illegal_transition")
    with tenant_context(here.tenant):
        assert CashSession.objects.get().counted_minor == 15000
        assert head() == before


def test_a_till_reaches_its_own_drawer_only(here: Shop) -> None:
    session = opened(here)
    with pytest.raises(DomainError) as caught:
        closed(here, session, 15000, register=here.second_register)
    assert (caught.value.status, caught.value.code) == (403, "other_register")
    with tenant_context(here.tenant), pytest.raises(DomainError) as caught:
        open_session(
            register_id=here.second_register.id,
            session_id=new_id(),
            opening_float=Money(0, "EUR"),
            actor=here.actor(),
            at=AT,
        )
    assert caught.value.code == "other_register"


@pytest.mark.parametrize(
    ("money", "code", "member"),
    [(Money(100, "GBP"), "wrong_currency", "currency"), (Money(-1, "EUR"), "count_negative", "amount_minor")],
)
def test_amounts_no_drawer_can_hold(here: Shop, money: Money, code: str, member: str) -> None:
    session = opened(here)
    with tenant_context(here.tenant), pytest.raises(DomainError) as caught:
        close_session(session_id=UUID(session["id"]), counted=money, actor=here.actor(), at=EVENING)
    assert (caught.value.status, caught.value.code) == (422, code)
    assert [problem.pointer for problem in caught.value.errors] == [f"/counted/{member}"]
    with tenant_context(here.tenant), pytest.raises(DomainError) as caught:
        open_session(
            register_id=here.register.id, session_id=new_id(), opening_float=money, actor=here.actor(), at=AT
        )
    assert [problem.pointer for problem in caught.value.errors] == [f"/opening_float/{member}"]


def test_the_neighbours_drawers_do_not_exist_here(here: Shop, there: Shop) -> None:
    elsewhere = opened(there)
    with pytest.raises(DomainError) as caught:
        closed(here, elsewhere, 15000)
    assert (caught.value.status, caught.value.code) == (404, "not_found")
    with tenant_context(here.tenant):
        assert not CashSession.objects.exists()
        with pytest.raises(DomainError) as caught:
            open_session(
                register_id=there.register.id,
                session_id=new_id(),
                opening_float=Money(0, "EUR"),
                actor=there.actor(),
                at=AT,
            )
        assert caught.value.code == "not_found"
