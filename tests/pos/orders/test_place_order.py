"""Placing an order: every row it writes, exactly, in one merchant's schema and nowhere else."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from payments.ledger.models import Account, Transfer
from payments.ledger.queries import trial_balance
from payments.tenders.models import Payment
from pos.inventory.models import StockLevel, StockMovement
from pos.inventory.services import StockChange, record_opening
from pos.orders.documents import WholeOrder, order_document
from pos.orders.drafts import OrderDraft
from pos.orders.errors import PaymentIdConflict, UnknownVariant
from pos.orders.models import Order, OrderLine, OrderTax
from pos.orders.queries import whole_order
from pos.orders.services import place_order
from pos.registers.models import CashMovement, Register
from pos.registers.services import open_session
from tests.factories import Shop, published
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 1, 30, 0, 123456, tzinfo=dt.UTC)  # 02:30 in Berlin, before the cut-off at 04:00
SALES_DAY = dt.date(2026, 2, 28)
WRITTEN = (Order, OrderLine, OrderTax, Payment, Transfer, CashMovement, StockMovement, StockLevel)


def place(shop: Shop, draft: OrderDraft, **changes: Any) -> WholeOrder:
    with tenant_context(shop.tenant):
        return place_order(draft=draft, actor=shop.actor(**changes), at=AT)


def breakfast(shop: Shop, *, tendered: int = 1000) -> OrderDraft:
    """Two cappuccinos at 3.80 and four rolls at 0.45: 9.40."""
    return sale(sold(shop, "cappuccino", "2"), sold(shop, "roll", "4"), tenders=(cash(shop, tendered),))


def test_a_paid_sale_is_written_whole(here: Shop) -> None:
    draft = breakfast(here)
    with tenant_context(here.tenant):
        place(here, draft)
        order = Order.objects.get()
        assert (order.id, order.number, order.register_id) == (draft.id, 1, here.register.id)
        assert (order.fulfilment_state, order.payment_state) == ("completed", "paid")
        assert (order.net_minor, order.tax_minor, order.total_minor, order.paid_minor) == (807, 133, 940, 940)
        assert (order.placed_at, order.business_date) == (AT, SALES_DAY)
        assert list(
            OrderLine.objects.values_list(
                "id", "position", "quantity", "net_minor", "tax_minor", "total_minor"
            )
        ) == [
            (draft.lines[0].id, 0, Decimal(2), 639, 121, 760),
            (draft.lines[1].id, 1, Decimal(4), 168, 12, 180),
        ]
        assert list(
            OrderTax.objects.values_list("tax_class_code", "rate", "is_inclusive", "net_minor", "tax_minor")
        ) == [
            ("reduced", Decimal("0.07"), True, 168, 12),
            ("standard", Decimal("0.19"), True, 639, 121),
        ]


def test_cash_over_the_total_goes_back_as_change(here: Shop) -> None:
    draft = breakfast(here)
    with tenant_context(here.tenant):
        whole = place(here, draft)
        payment = Payment.objects.get()
        assert (payment.id, payment.order_id) == (draft.tenders[0].id, draft.id)
        assert (payment.tendered_minor, payment.amount_minor, payment.change_minor) == (1000, 940, 60)
        movements = CashMovement.objects.order_by("id").values_list("kind", "amount_minor", "payment_id")
        assert list(movements) == [("sale", 1000, payment.id), ("change", -60, payment.id)]
        assert (whole.change_minor, whole.due_minor) == (60, 0)


def test_the_books_move_with_the_sale_and_balance(here: Shop) -> None:
    draft = breakfast(here)
    with tenant_context(here.tenant):
        place(here, draft)
        tender = draft.tenders[0].id
        rows = Transfer.objects.order_by("id").values_list(
            "kind", "debit__code", "credit__code", "amount_minor", "payment_id"
        )
        assert list(rows) == [
            ("sale", "receivable", "sales:reduced", 168, None),
            ("sale", "receivable", "sales:standard", 639, None),
            ("tax", "receivable", "tax:reduced", 12, None),
            ("tax", "receivable", "tax:standard", 121, None),
            ("payment", "cash", "receivable", 1000, tender),
            ("change", "receivable", "cash", 60, tender),
        ]
        assert set(Transfer.objects.values_list("order_id", "currency", "business_date", "at")) == {
            (draft.id, "EUR", SALES_DAY, AT)
        }
        balances = {row.code: row.balance_minor for row in trial_balance() if row.balance_minor}
        assert balances == {
            "cash": 940,
            "sales:reduced": -168,
            "sales:standard": -639,
            "tax:reduced": -12,
            "tax:standard": -121,
        }


def test_the_goods_leave_the_shelf_summed_per_variant(here: Shop) -> None:
    cheese = here.variants["cheese"].id
    with tenant_context(here.tenant):
        opening = [StockChange(variant_id=cheese, quantity=Decimal("2.5"))]
        record_opening(
            location_id=here.location.id, changes=opening, employee_id=None, at=AT, business_date=SALES_DAY
        )
        draft = sale(sold(here, "cheese", "0.335"), sold(here, "cheese", "1.2"))
        place(here, draft)
        moved = StockMovement.objects.filter(kind="sale").order_by("id")
        assert list(moved.values_list("order_line_id", "quantity", "order_id")) == [
            (draft.lines[0].id, Decimal("-0.335"), draft.id),
            (draft.lines[1].id, Decimal("-1.2"), draft.id),
        ]
        level = StockLevel.objects.get(variant_id=cheese, location=here.location)
        assert level.on_hand == Decimal("0.965")


def test_the_feed_gets_one_entry_with_the_whole_order(here: Shop) -> None:
    with tenant_context(here.tenant):
        before = head()
        whole = place(here, breakfast(here))
        (item,) = read_after(before)
        assert (item.seq, item.t, item.id, item.at) == (before + 1, "order.completed", whole.id, AT)
        assert item.data == order_document(whole)


def test_what_is_told_is_what_is_stored(here: Shop) -> None:
    with tenant_context(here.tenant):
        told = order_document(place(here, breakfast(here)))
        assert told == order_document(whole_order(order_id=Order.objects.get().id))
        assert list(told) == list(order_document(whole_order(order_id=Order.objects.get().id)))


def test_less_than_the_total_leaves_the_rest_due(here: Shop) -> None:
    with tenant_context(here.tenant):
        before = head()
        whole = place(here, breakfast(here, tendered=400))
        order = Order.objects.get()
        assert (order.fulfilment_state, order.payment_state, order.paid_minor) == ("placed", "part_paid", 400)
        assert (whole.due_minor, whole.change_minor) == (540, 0)
        assert [item.t for item in read_after(before)] == ["order.placed"]
        receivable = next(row for row in trial_balance() if row.code == "receivable")
        assert receivable.balance_minor == 540


def test_nothing_paid_is_unpaid_and_moves_no_cash(here: Shop) -> None:
    with tenant_context(here.tenant):
        place(here, sale(sold(here, "roll")))
        order = Order.objects.get()
        assert (order.fulfilment_state, order.payment_state) == ("placed", "unpaid")
        assert not Payment.objects.exists()
        assert not CashMovement.objects.exists()


def test_something_free_is_paid_without_a_payment(here: Shop) -> None:
    with tenant_context(here.tenant):
        here.variants["roll"].price_minor = 0
        here.variants["roll"].save()
        published()
        place(here, sale(sold(here, "roll", "3")))
        order = Order.objects.get()
        assert (order.fulfilment_state, order.payment_state, order.total_minor) == ("completed", "paid", 0)
        assert not Transfer.objects.exists()


def test_several_notes_pay_in_turn_and_the_last_gives_change(here: Shop) -> None:
    draft = sale(
        sold(here, "cappuccino", "2"),
        sold(here, "roll", "4"),
        tenders=(cash(here, 500), cash(here, 500), cash(here, 200)),
    )
    with tenant_context(here.tenant):
        whole = place(here, draft)
        shares = [(p.tendered_minor, p.amount_minor, p.change_minor) for p in whole.payments]
        assert shares == [(500, 500, 0), (500, 440, 60), (200, 0, 200)]
        assert sum(CashMovement.objects.values_list("amount_minor", flat=True)) == 940


def test_added_tax_comes_on_top_of_the_price(here: Shop) -> None:
    with tenant_context(here.tenant):
        place(here, sale(sold(here, "book"), tenders=(cash(here, 1200),)))
        line = OrderLine.objects.get()
        assert (line.unit_price_minor, line.net_minor, line.tax_minor, line.total_minor) == (
            1000,
            1000,
            200,
            1200,
        )


def test_numbers_are_dense_per_register(here: Shop) -> None:
    with tenant_context(here.tenant):
        for register in (here.register, here.register, here.second_register):
            place(here, breakfast(here), register=register)
        found = Order.objects.order_by("id").values_list("register__code", "number")
        assert list(found) == [("K1", 1), ("K1", 2), ("K2", 1)]
        assert Register.objects.get(code="K1").last_order_number == 2


def test_a_sale_belongs_to_the_open_drawer_of_its_register(here: Shop) -> None:
    with tenant_context(here.tenant):
        session = open_session(
            register_id=here.register.id,
            session_id=breakfast(here).id,
            opening_float=Money(15000, "EUR"),
            actor=here.actor(),
            at=AT,
        )
        place(here, breakfast(here))
        order = Order.objects.get()
        assert str(order.session_id) == session["id"]
        assert [flag["code"] for flag in order.flags] == ["negative_stock", "negative_stock"]
        assert set(CashMovement.objects.values_list("session_id", flat=True)) == {order.session_id}


def test_who_sold_it_is_remembered_by_name(here: Shop) -> None:
    with tenant_context(here.tenant):
        seller = here.cash.id  # any key will do
        place(here, breakfast(here), kind="employee", id=seller, employee_id=seller, name="Mina Yıldız")
        order = Order.objects.get()
        assert (order.employee_id, order.employee_name) == (seller, "Mina Yıldız")
        assert order.device_id == here.device_id


def test_an_offline_sale_counts_to_the_day_it_happened(here: Shop) -> None:
    happened = dt.datetime(2026, 1, 31, 22, 59, tzinfo=dt.UTC)
    with tenant_context(here.tenant):
        place(here, sale(sold(here, "roll"), placed_at=happened))
        order = Order.objects.get()
        assert (order.placed_at, order.business_date) == (happened, dt.date(2026, 1, 31))
        assert StockMovement.objects.get().business_date == dt.date(2026, 1, 31)


def test_a_new_tax_class_gets_its_accounts_with_its_first_sale(here: Shop) -> None:
    with tenant_context(here.tenant):
        Account.objects.filter(code__in=["sales:standard", "tax:standard"]).delete()
        place(here, breakfast(here))
        made = Account.objects.filter(code__endswith=":standard").order_by("code")
        assert list(made.values_list("code", "name", "kind")) == [
            ("sales:standard", "Sales, standard", "income"),
            ("tax:standard", "Tax owed, standard", "liability"),
        ]
        assert Transfer.objects.count() == 6
        assert sum(row.balance_minor for row in trial_balance()) == 0


def test_the_other_merchant_notices_nothing(here: Shop, there: Shop) -> None:
    with tenant_context(there.tenant):
        quiet = head()
    place(here, breakfast(here))
    with tenant_context(there.tenant):
        assert head() == quiet
        assert not any(model.objects.exists() for model in WRITTEN)
        assert Register.objects.get(code="K1").last_order_number == 0


def test_the_other_merchants_goods_cannot_be_sold_here(here: Shop, there: Shop) -> None:
    with pytest.raises(UnknownVariant) as caught:
        place(here, sale(sold(here, "roll"), sold(there, "roll")))
    assert [problem.pointer for problem in caught.value.errors] == ["/lines/1/variant_id"]
    with tenant_context(here.tenant):
        assert not Order.objects.exists()


def test_a_failure_on_the_way_leaves_nothing_behind(here: Shop) -> None:
    """A tender's id was used before, which shows after order and lines were written."""
    with tenant_context(here.tenant):
        before = head()
        draft = breakfast(here)
        taken = sale(sold(here, "roll"), tenders=draft.tenders)
        place(here, taken)
        rows = [model.objects.count() for model in WRITTEN]
        with pytest.raises(PaymentIdConflict):
            place(here, draft)
        assert [model.objects.count() for model in WRITTEN] == rows
        assert Register.objects.get(code="K1").last_order_number == 1
        assert head() == before + 1


@pytest.mark.parametrize("names", [("roll",), ("roll", "cappuccino", "cheese")])
def test_a_sale_takes_five_statements(
    here: Shop, names: tuple[str, ...], django_assert_num_queries: Any
) -> None:
    """One reads, then four in the transaction: numbers, stock, all rows, and the feed.

    The test's own transaction makes a savepoint of it: two more.

    The house rules of the price book are read by the first sale a process makes of a version, then known.
    """
    with tenant_context(here.tenant):
        changes = [StockChange(variant_id=v.id, quantity=Decimal(9)) for v in here.variants.values()]
        record_opening(
            location_id=here.location.id, changes=changes, employee_id=None, at=AT, business_date=SALES_DAY
        )
        draft = sale(*(sold(here, name) for name in names), tenders=(cash(here, 5000),))
        place_order(draft=sale(sold(here, "book")), actor=here.actor(), at=AT)
        with django_assert_num_queries(7):
            place_order(draft=draft, actor=here.actor(), at=AT)
