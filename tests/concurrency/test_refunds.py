"""What goes back goes back once: refunds at many tills, refunds against cancelling, a limit that many want to use.

All rivals have read what is left before the first of them writes. Each twin leaves the guard away and gives back
what must not be.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.credit.models import HouseAccount
from payments.credit.services import HouseAccountDraft, charging, save_house_account
from payments.ledger.queries import trial_balance
from payments.tenders.models import Refund as MoneyBack
from pos.orders.documents import WholeOrder
from pos.orders.drafts import TenderDraft
from pos.orders.models import Order, Refund
from pos.orders.refund_drafts import RefundDraft, RefundLineDraft
from pos.orders.services import place_order
from pos.orders.services.cancelling import CancelDraft, cancel_order
from pos.orders.services.refunds import refund_order
from pos.registers.models import Register
from tests.concurrency.rivals import while_held
from tests.factories import RegisterFactory, Shop, TenderTypeFactory, shop
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
RIVALS = 50
FEW = 8
GUARDS = {
    "pos_refund": ("pos_refund_once",),
    "pos_refundline": ("pos_refundline_once",),
    "payments_refund": ("payments_refund_once",),
}


def sold_one(here: Shop) -> WholeOrder:
    """A cappuccino and twenty books: more than enough money for fifty cappuccinos."""
    draft = sale(sold(here, "cappuccino"), sold(here, "book", "20"), tenders=(cash(here, 30_000),))
    with tenant_context(here.tenant):
        return place_order(draft=draft, actor=here.actor(), at=AT)


def tills(here: Shop, count: int) -> list[Register]:
    with tenant_context(here.tenant):
        return [RegisterFactory.create(location=here.location) for _ in range(count)]


def refunding(
    here: Shop, whole: WholeOrder, register: Register, key: UUID | None = None
) -> Callable[[], Any]:
    """The order's cappuccino, given back at this till."""
    line = RefundLineDraft(order_line_id=whole.lines[0].id, quantity=Decimal(1), goods="none")
    draft = RefundDraft(id=key or new_id(), order_id=whole.id, lines=(line,))
    return lambda: refund_order(draft=draft, actor=here.actor(register=register), at=AT)


def together(here: Shop, calls: list[Callable[[], Any]]) -> Counter[str]:
    """What became of the calls, all of which had read before any of them wrote."""
    outcomes, _ = while_held(here.tenant, Register.objects.all, calls)
    return Counter(type(each).__name__ for each in outcomes)


def test_fifty_tills_give_one_line_back_once(cafe: Any) -> None:
    here = shop(cafe)
    whole = sold_one(here)
    became = together(here, [refunding(here, whole, till) for till in tills(here, RIVALS)])
    assert became == {"dict": 1, "RefundExceedsSale": RIVALS - 1}
    with tenant_context(cafe):
        assert (Refund.objects.count(), MoneyBack.objects.count()) == (1, 1)
        order = Order.objects.get()
        assert (order.refunded_minor, order.payment_state) == (380, "part_refunded")
        assert sum(Register.objects.values_list("refund_total_minor", flat=True)) == 380


def test_twin_without_the_constraints_gives_it_back_at_every_till(cafe: Any, as_owner: None) -> None:
    here = shop(cafe)
    whole = sold_one(here)
    with tenant_context(cafe), connection.cursor() as cursor:
        for table, names in GUARDS.items():
            for name in names:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    became = together(here, [refunding(here, whole, till) for till in tills(here, FEW)])
    assert became == {"dict": FEW}
    with tenant_context(cafe):
        assert Refund.objects.count() == FEW
        assert Order.objects.get().refunded_minor == FEW * 380


def test_one_refund_sent_by_many_tills_is_one(cafe: Any) -> None:
    here = shop(cafe)
    whole, key = sold_one(here), new_id()
    calls = [refunding(here, whole, till, key) for till in tills(here, FEW)]
    answers, _ = while_held(here.tenant, Register.objects.all, calls)
    assert answers == [answers[0]] * FEW
    with tenant_context(cafe):
        assert Refund.objects.count() == 1


def deposit(here: Shop) -> WholeOrder:
    """Two cappuccinos of which 3.00 are paid: an order that is still open."""
    draft = sale(sold(here, "cappuccino", "2"), tenders=(cash(here, 300),))
    with tenant_context(here.tenant):
        return place_order(draft=draft, actor=here.actor(), at=AT)


def test_a_deposit_goes_back_before_its_order_is_cancelled_or_it_is_not_cancelled(cafe: Any) -> None:
    here = shop(cafe)
    whole = deposit(here)
    refund = RefundDraft(id=new_id(), order_id=whole.id, amount=Money(300, "EUR"))

    def give_back() -> Any:
        return refund_order(draft=refund, actor=here.actor(register=here.second_register), at=AT)

    def cancel() -> Any:
        return cancel_order(order_id=whole.id, draft=CancelDraft(reason="gone"), actor=here.actor(), at=AT)

    became = together(here, [give_back, cancel])
    with tenant_context(cafe):
        order = Order.objects.get()
        balance = {row.code: row.balance_minor for row in trial_balance() if row.balance_minor}
    assert order.payment_state == "refunded"
    if became == {"dict": 1, "WholeOrder": 1}:
        assert (order.fulfilment_state, balance) == ("cancelled", {})
    else:
        assert became == {"dict": 1, "IllegalTransition": 1}
        assert (order.fulfilment_state, balance["receivable"], "cash" in balance) == ("placed", 760, False)


def owing(here: Shop) -> HouseAccount:
    """An account that may owe one cappuccino."""
    with tenant_context(here.tenant):
        TenderTypeFactory.create(code="account", name="On account", kind="house_account")
        draft = HouseAccountDraft(id=new_id(), code="mueller", name="Müller", limit_minor=380)
        return save_house_account(draft=draft, actor=SYSTEM, at=AT)


def charging_it(here: Shop, account: HouseAccount, register: Register) -> Callable[[], Any]:
    tender = TenderDraft(
        id=new_id(), tender_type="account", amount=Money(380, "EUR"), house_account_id=account.id
    )
    draft = sale(sold(here, "cappuccino"), tenders=(tender,))
    return lambda: place_order(draft=draft, actor=here.actor(register=register), at=AT)


def test_the_limit_of_an_account_is_used_once(cafe: Any) -> None:
    here = shop(cafe)
    account = owing(here)
    became = together(here, [charging_it(here, account, till) for till in tills(here, FEW)])
    assert became == {"WholeOrder": 1, "HouseLimitExceeded": FEW - 1}
    with tenant_context(cafe):
        assert HouseAccount.objects.get().balance_minor == 380


def test_twin_that_looks_before_it_charges_goes_over_the_limit(
    cafe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every rival sees the balance from before the first of them charged."""
    here = shop(cafe)
    account = owing(here)
    charge = charging.charge_accounts

    def look_then_charge(*, amounts: dict[UUID, int]) -> Any:
        charge(amounts=amounts)
        row = (account.id, account.code, account.name, True, account.limit_minor, 380, 380)
        return [charging.Charged(*row)]

    monkeypatch.setattr("pos.orders.services.tendering.charge_accounts", look_then_charge)
    became = together(here, [charging_it(here, account, till) for till in tills(here, FEW)])
    assert became == {"WholeOrder": FEW}
    with tenant_context(cafe):
        assert HouseAccount.objects.get().balance_minor == FEW * 380
