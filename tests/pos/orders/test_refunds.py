"""Giving money back: every row it writes, exactly; what is left; what is refused."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from payments.ledger.models import Transfer
from payments.ledger.queries import trial_balance
from payments.tenders.models import Refund as MoneyBack
from payments.tenders.models import TenderType
from pos.inventory.models import StockMovement
from pos.orders.documents import WholeOrder
from pos.orders.drafts import TenderDraft
from pos.orders.errors import (
    NothingToRefund,
    RefundExceedsSale,
    RefundIdConflict,
    RefundTendersDiffer,
    UnknownLine,
)
from pos.orders.models import Order, Refund
from pos.orders.queries.refunds import refundable_document, refunds_of
from pos.orders.refund_drafts import RefundDraft, RefundLineDraft, RefundTenderDraft
from pos.orders.services import place_order
from pos.orders.services.refunds import refund_order
from pos.registers.journal.models import JournalEntry
from pos.registers.models import CashMovement, Closing, Register
from pos.registers.services import close_session, open_session
from tests.factories import Shop, TenderTypeFactory
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(hours=1)


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def breakfast(shop: Shop, *tenders: TenderDraft, **said: Any) -> WholeOrder:
    """Two cappuccinos at 3.80 and four rolls at 0.45: 9.40."""
    draft = sale(
        sold(shop, "cappuccino", "2"),
        sold(shop, "roll", "4"),
        tenders=tenders or (cash(shop, 1000),),
        **said,
    )
    return place_order(draft=draft, actor=shop.actor(), at=AT)


def card(amount: int, **said: Any) -> TenderDraft:
    return TenderDraft(id=new_id(), tender_type="card", amount=eur(amount), **said)


def lines(whole: WholeOrder, *quantities: str, goods: str = "restock") -> tuple[RefundLineDraft, ...]:
    """So much of each line of the order, in order; nothing of those that are 0."""
    return tuple(
        RefundLineDraft(order_line_id=line.id, quantity=Decimal(quantity), goods=goods)
        for line, quantity in zip(whole.lines, quantities, strict=False)
        if Decimal(quantity)
    )


def refund(shop: Shop, whole: WholeOrder, **said: Any) -> dict[str, Any]:
    draft = RefundDraft(id=said.pop("id", None) or new_id(), order_id=whole.id, **said)
    return refund_order(draft=draft, actor=shop.actor(), at=LATER)


def minor(document: dict[str, Any], *names: str) -> list[int]:
    return [document[name]["amount_minor"] for name in names]


def balances() -> dict[str, int]:
    return {row.code: row.balance_minor for row in trial_balance() if row.balance_minor}


@pytest.fixture
def within(here: Shop) -> Any:
    with tenant_context(here.tenant):
        yield here


def test_a_whole_order_goes_back_exactly(within: Shop) -> None:
    whole = breakfast(within)
    made = refund(within, whole, lines=lines(whole, "2", "4"), reason="cold")
    assert minor(made, "net", "tax", "total", "tip", "amount", "rounding", "given") == [
        807,
        133,
        940,
        0,
        940,
        0,
        940,
    ]
    assert [
        (tax["code"], tax["net"]["amount_minor"], tax["tax"]["amount_minor"]) for tax in made["taxes"]
    ] == [
        ("reduced", 168, 12),
        ("standard", 639, 121),
    ]
    order = Order.objects.get()
    assert (order.payment_state, order.refunded_minor, order.revision) == ("refunded", 940, 2)
    assert balances() == {}
    assert (made["number"], made["reference"], made["order_receipt"]) == (2, "K1-R2", "K1-R1")


def test_books_move_the_other_way_and_balance(within: Shop) -> None:
    whole = breakfast(within)
    before = Transfer.objects.count()
    made = refund(within, whole, lines=lines(whole, "1", "1"))
    rows = Transfer.objects.order_by("id")[before:].values_list(
        "kind", "debit__code", "credit__code", "amount_minor", "payment_id", "order_id"
    )
    row = MoneyBack.objects.get()
    assert list(rows) == [
        ("refund", "sales:standard", "receivable", 319, None, whole.id),
        ("refund", "sales:reduced", "receivable", 42, None, whole.id),
        ("refund", "tax:reduced", "receivable", 3, None, whole.id),
        ("refund", "tax:standard", "receivable", 61, None, whole.id),
        ("refund", "receivable", "cash", 425, row.id, whole.id),
    ]
    assert minor(made, "net", "tax", "total") == [361, 64, 425]
    assert balances()["cash"] == 940 - 425


def test_parts_of_a_line_add_up_to_it(within: Shop) -> None:
    """4 rolls: 1.80 of which 0.12 is tax; one at a time 0.45 and 0.03 each, whatever came before."""
    whole = breakfast(within)
    made = [refund(within, whole, lines=lines(whole, "0", "1")) for _ in range(4)]
    assert [minor(each, "net", "tax", "total") for each in made] == [[42, 3, 45]] * 4
    assert [each["lines"][0]["left"] for each in made] == ["3", "2", "1", "0"]
    assert Order.objects.get().payment_state == "part_refunded"


def test_money_without_goods_is_taken_from_every_line(within: Shop) -> None:
    """2.00 of 9.40: 1.62 of the cappuccinos' 7.60 and 0.38 of the rolls' 1.80; the rest is what is left of them."""
    whole = breakfast(within)
    made = refund(within, whole, amount=eur(200), reason="waited too long")
    assert (made["kind"], made["lines"]) == ("amount", [])
    assert minor(made, "total", "goodwill", "tax") == [200, 200, 29]
    left = refundable_document(order_id=whole.id)
    assert [each["refundable"]["amount_minor"] for each in left["lines"]] == [598, 142]
    rest = refund(within, whole, lines=lines(whole, "2", "4"))
    assert minor(rest, "total", "tax") == [740, 133 - 29]
    assert balances() == {}


def test_service_charges_go_with_the_lines_money(within: Shop) -> None:
    from pos.orders.refund_shares import CHARGES, Amounts, LineSold, Sold, goods_refund
    from pos.orders.refund_shares import History as Past

    line = LineSold(id=new_id(), quantity=Decimal(4), amounts=Amounts({"standard": 1000}))
    sold_order = Sold(lines=(line,), charges=Amounts({CHARGES: 100}))
    back = goods_refund(sold=sold_order, history=Past(), quantities={line.id: Decimal(1)})
    assert (back.lines[line.id].total_minor, back.charges.total_minor) == (250, 25)


def test_the_tip_goes_back_only_if_it_is_said(within: Shop) -> None:
    whole = breakfast(within, cash(within, 1100), tip=eur(100))
    first = refund(within, whole, lines=lines(whole, "2", "4"))
    assert (minor(first, "tip", "amount"), Order.objects.get().payment_state) == ([0, 940], "part_refunded")
    second = refund(within, whole, tip=eur(100))
    assert (minor(second, "total", "tip", "amount"), second["kind"]) == ([0, 100, 100], "amount")
    assert (Order.objects.get().payment_state, balances()) == ("refunded", {})
    with pytest.raises(RefundExceedsSale):
        refund(within, whole, tip=eur(1))


def test_goods_come_back_to_the_shelf_or_go_into_the_bin(within: Shop) -> None:
    whole = breakfast(within)
    made = refund(within, whole, lines=(*lines(whole, "1"), *lines(whole, "0", "2", goods="waste")))
    moved = StockMovement.objects.exclude(kind="sale").order_by("id").values_list("kind", "quantity")
    assert list(moved) == [("return", Decimal(1)), ("return", Decimal(2)), ("waste", Decimal(-2))]
    assert made["stock_return_id"] == made["id"]


def test_one_line_may_come_back_in_parts(within: Shop) -> None:
    whole = breakfast(within)
    made = refund(within, whole, lines=(*lines(whole, "1"), *lines(whole, "1", goods="waste")))
    told = [(each["goods"], each["left"], each["total"]["amount_minor"]) for each in made["lines"]]
    assert told == [("restock", "1", 380), ("waste", "0", 380)]
    moved = StockMovement.objects.exclude(kind="sale").order_by("id").values_list("kind", "quantity")
    assert list(moved) == [("return", Decimal(2)), ("waste", Decimal(-1))]


def test_goods_that_stay_with_the_guest_move_nothing(within: Shop) -> None:
    whole = breakfast(within)
    made = refund(within, whole, lines=lines(whole, "1", goods="none"))
    assert not StockMovement.objects.exclude(kind="sale").exists()
    assert made["stock_return_id"] is None


def test_cash_leaves_the_drawer_and_the_journal_knows(within: Shop) -> None:
    whole = breakfast(within)
    made = refund(within, whole, lines=lines(whole, "1"), reason="cold")
    moved = CashMovement.objects.get(kind="refund")
    assert (moved.amount_minor, str(moved.refund_id), moved.order_id) == (-380, made["id"], whole.id)
    entry = JournalEntry.objects.order_by("-position").first()
    assert (entry.kind, entry.number) == ("refund", "K1-R2")
    assert '"reason":"cold"' in entry.body
    register = Register.objects.get(code="K1")
    assert (register.grand_total_minor, register.refund_total_minor) == (940, 380)
    assert [flag["code"] for flag in made["flags"]] == ["no_open_session"]


def test_the_feed_tells_the_refund_and_the_order_after_it(within: Shop) -> None:
    whole = breakfast(within)
    position = head()
    made = refund(within, whole, lines=lines(whole, "2", "4"))
    (*_, told) = read_after(position)
    assert (told.t, told.id) == ("order.refunded", whole.id)
    assert told.data is not None
    assert told.data["refund"] == made
    assert told.data["order"]["payment_state"] == "refunded"
    assert told.data["order"]["refunded"] == {"amount_minor": 940, "currency": "EUR"}


def test_it_goes_back_the_way_it_came_the_latest_first_and_cash_last(within: Shop) -> None:
    TenderTypeFactory.create(code="card", name="Card", kind="card")
    whole = breakfast(within, cash(within, 200), card(400, last4="4242"), card(340))
    made = refund(within, whole, amount=eur(800))
    told = [(each["tender_type"], each["given"]["amount_minor"]) for each in made["tenders"]]
    assert told == [("card", 340), ("card", 400), ("cash", 60)]
    assert list(MoneyBack.objects.order_by("id").values_list("payment_amount_minor", flat=True)) == [
        340,
        400,
        200,
    ]


def test_somebody_may_say_how_it_goes_back(within: Shop) -> None:
    TenderTypeFactory.create(code="card", name="Card", kind="card")
    whole = breakfast(within, card(940))
    tender = RefundTenderDraft(id=new_id(), tender_type="cash", amount=eur(380))
    made = refund(within, whole, lines=lines(whole, "1"), tenders=(tender,))
    assert [(each["id"], each["tender_type"]) for each in made["tenders"]] == [(str(tender.id), "cash")]
    assert balances()["cash"] == -380


def test_what_is_handed_out_is_what_is_given_back(within: Shop) -> None:
    whole = breakfast(within)
    tender = RefundTenderDraft(id=new_id(), tender_type="cash", amount=eur(400))
    with pytest.raises(RefundTendersDiffer) as caught:
        refund(within, whole, lines=lines(whole, "1"), tenders=(tender,))
    assert caught.value.errors[0].pointer == "/tenders/0/amount"
    assert caught.value.data == {"due_minor": 380}


def test_no_more_goes_back_than_was_sold(within: Shop) -> None:
    whole = breakfast(within)
    refund(within, whole, lines=lines(whole, "1"))
    with pytest.raises(RefundExceedsSale) as caught:
        refund(within, whole, lines=lines(whole, "2", "1"))
    assert [(each.pointer, each.detail) for each in caught.value.errors] == [
        ("/lines/0/quantity", "Only 1 of this line can still be given back.")
    ]
    assert [each["left"] for each in caught.value.data["left"]] == ["1", "4"]
    with pytest.raises(RefundExceedsSale) as caught:
        refund(within, whole, amount=eur(561))
    assert (caught.value.errors[0].pointer, caught.value.data) == ("/amount", {"left_minor": 560})
    assert Refund.objects.count() == 1


def test_what_was_never_sold_is_not_given_back(within: Shop) -> None:
    whole = breakfast(within)
    line = RefundLineDraft(order_line_id=new_id(), quantity=Decimal(1))
    with pytest.raises(UnknownLine) as caught:
        refund(within, whole, lines=(line,))
    assert caught.value.errors[0].pointer == "/lines/0/order_line_id"
    half = RefundLineDraft(order_line_id=whole.lines[0].id, quantity=Decimal("0.5"))
    with pytest.raises(UnknownLine) as caught:
        refund(within, whole, lines=(half,))
    assert [(each.pointer, each.code) for each in caught.value.errors] == [
        ("/lines/0/quantity", "fractional_quantity")
    ]
    with pytest.raises(NothingToRefund):
        refund(within, whole)


def test_the_same_refund_again_is_the_same(within: Shop) -> None:
    whole = breakfast(within)
    key = new_id()
    made = refund(within, whole, id=key, lines=lines(whole, "1"))
    assert refund(within, whole, id=key, lines=lines(whole, "1")) == made
    assert Refund.objects.count() == 1
    with pytest.raises(RefundIdConflict):
        refund(within, whole, id=key, lines=lines(whole, "2"))


def test_an_order_that_owes_is_not_refunded_but_its_deposit_is(within: Shop) -> None:
    draft = sale(sold(within, "cappuccino", "2"), tenders=(cash(within, 300),))
    whole = place_order(draft=draft, actor=within.actor(), at=AT)
    with pytest.raises(RefundExceedsSale):
        refund(within, whole, lines=lines(whole, "1"))
    made = refund(within, whole, amount=eur(300))
    assert (made["kind"], minor(made, "total", "amount")) == ("deposit", [0, 300])
    assert Order.objects.get().payment_state == "refunded"
    assert (balances()["receivable"], balances().get("cash", 0)) == (760, 0)


def test_refunds_of_an_order_are_listed_in_their_order(within: Shop) -> None:
    whole = breakfast(within)
    made = [refund(within, whole, lines=lines(whole, "0", "1")) for _ in range(2)]
    assert refunds_of(order_id=whole.id) == made
    assert TenderType.objects.count() == 1


def test_a_refund_that_comes_late_stands_beside_its_z(within: Shop) -> None:
    whole = breakfast(within)
    session_id = new_id()
    open_session(
        register_id=within.register.id,
        session_id=session_id,
        opening_float=eur(10_000),
        actor=within.actor(),
        at=AT + dt.timedelta(minutes=1),
    )
    close_session(
        session_id=session_id, counted=eur(9_620), actor=within.actor(), at=AT + dt.timedelta(minutes=30)
    )
    made = refund(within, whole, lines=lines(whole, "1"), at=AT + dt.timedelta(minutes=10))
    assert made["session_id"] == str(session_id)
    late = Closing.objects.get(late_number__isnull=False)
    assert (late.late_number, "K1-R2" in str(late.document)) == (1, True)
    moved = (
        CashMovement.objects.filter(session_id=session_id).order_by("id").values_list("kind", "amount_minor")
    )
    assert list(moved) == [("float", 10_000), ("refund", -380), ("correction", 380)]
    assert {row.code: row.balance_minor for row in trial_balance()}.get("cash_over_short", 0) == 0
