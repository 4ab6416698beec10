"""Everything about a refund that can be known before a row is locked: what is left, and what goes back where."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem
from fynlo.core.money import spell_money
from fynlo.core.tenancy import current_tenant
from payments.tenders.refunding import GivenBack, Paid
from pos.catalog.queries.book import book_for_sale
from pos.inventory.quantities import plain_quantity
from pos.orders.errors import NothingToRefund, OnlyPractice, RefundExceedsSale, TillNeeded, UnknownLine
from pos.orders.flags import Flag
from pos.orders.models import Order
from pos.orders.queries import whole_order
from pos.orders.queries.refunds import Made, history_of, made_before, paid_of
from pos.orders.refund_drafts import RefundDraft, RefundLineDraft
from pos.orders.refund_shares import Back, History, MoreThanSold, Sold, goods_refund, goodwill_refund
from pos.orders.refund_values import sold_of
from pos.orders.services.refund_disputes import check_undisputed
from pos.orders.services.refund_money import MoneyPlan, plan_money
from pos.orders.services.refund_sending import check_sent
from pos.orders.states import PART_PAID
from pos.orders.whole import WholeOrder
from pos.pricing.cash import cash_rounding
from pos.registers.errors import WrongCurrency
from pos.registers.models import Register
from pos.registers.queries import RegisterPlace, register_place


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPlan:
    """A refund ready to be written."""

    draft: RefundDraft
    actor: Actor
    place: RegisterPlace
    whole: WholeOrder
    sold: Sold
    history: History
    made: Sequence[Made]
    came: tuple[tuple[RefundLineDraft, Back], ...]
    goodwill: Back | None
    tip_minor: int
    deposit_minor: int
    money: MoneyPlan
    at: dt.datetime
    recorded_at: dt.datetime
    business_date: dt.date
    flags: tuple[Flag, ...] = ()

    @property
    def order(self) -> Order:
        """The order as it was read."""
        return self.whole.order

    @property
    def goods(self) -> Back:
        """What goes back with the goods."""
        return sum((back for _, back in self.came), Back())

    @property
    def amounts_back(self) -> Back:
        """Goods and money without goods together."""
        return self.goods if self.goodwill is None else self.goods + self.goodwill

    @property
    def amount_minor(self) -> int:
        """All that goes back."""
        return self.amounts_back.amounts.total_minor + self.tip_minor + self.deposit_minor

    @property
    def parts(self) -> Sequence[GivenBack]:
        """What goes back of which payment."""
        return self.money.parts

    @property
    def kind(self) -> str:
        """What kind of refund it is."""
        if self.deposit_minor:
            return "deposit"
        return "lines" if self.draft.lines else "amount"


def place_of(actor: Actor) -> RegisterPlace:
    """The register the actor stands at. Raises `TillNeeded`, and `OnlyPractice` where no real money moves."""
    place = None if actor.register_id is None else register_place(register_id=actor.register_id)
    if place is None:
        raise TillNeeded("Money moves at a paired till.")
    if Register.objects.filter(pk=place.id, is_training=True).exists():
        raise OnlyPractice("Do this at another register, or end the practice first.")
    return place


def plan_refund(*, draft: RefundDraft, actor: Actor, at: dt.datetime, exchange_minor: int = 0) -> RefundPlan:
    """Read the order and work out what goes back. `at` is now; nothing is written or locked.

    Up to `exchange_minor` of it pays another order.

    Raises `NotFound`, `TillNeeded`, `NothingToRefund`, `UnknownLine`, `RefundExceedsSale`, `PaymentDisputed` and
    the errors of `plan_money`.
    """
    _check_currency(draft)
    place = place_of(actor)
    whole = whole_order(order_id=draft.order_id)
    # It happened: a clock that is wrong is flagged. Nothing goes back before it was sold, nor after now.
    happened = at if draft.at is None else min(max(draft.at, whole.order.placed_at), at)
    made = made_before(order_id=draft.order_id)
    sold, history = sold_of(whole), history_of(made)
    deposit = _deposit(draft, whole)
    came: tuple[tuple[RefundLineDraft, Back], ...] = ()
    goods, goodwill = Back(), None
    if not deposit:
        came = _goods(draft, whole, sold, history)
        goods = sum((back for _, back in came), Back())
        goodwill = _goodwill(draft, sold, history, goods)
    tip = _tip(draft, whole, made)
    amount = (goods + (goodwill or Back())).amounts.total_minor + tip + deposit
    if not amount and not draft.lines:
        raise NothingToRefund("Say which lines, or how much, go back.", pointer="/lines")
    left = whole.order.paid_minor - whole.order.refunded_minor
    if amount > left:
        raise _too_much("", left, "Only {} of what was paid is left.")
    increment = _increment(whole)
    money = plan_money(
        amount_minor=amount,
        paid=paid_of(order_id=draft.order_id),
        tenders=draft.tenders,
        currency=whole.order.currency,
        increment=increment,
        round_cash=lambda due: cash_rounding(due_minor=due, increment=increment).rounded_minor,
        is_fact=draft.at is not None,
        exchange_minor=min(exchange_minor, amount),
        payable_minor=exchange_minor,
    )
    is_fact = draft.at is not None
    odd = [
        flag
        for check in (check_sent, check_undisputed)
        for flag in check(
            rows=money.rows, tenders=draft.tenders, currency=whole.order.currency, is_fact=is_fact
        )
    ]
    return RefundPlan(
        draft=draft,
        actor=actor,
        place=place,
        whole=whole,
        sold=sold,
        history=history,
        made=made,
        came=came,
        goodwill=goodwill,
        tip_minor=tip,
        deposit_minor=deposit,
        money=money,
        at=happened,
        recorded_at=at,
        business_date=place.business_date(happened),
        flags=(*money.flags, *odd),
    )


def _check_currency(draft: RefundDraft) -> None:
    currency = current_tenant().currency
    for name, money in (("amount", draft.amount), ("tip", draft.tip)):
        if money is not None and money.currency != currency:
            raise WrongCurrency(f"Amounts are in {currency} here.", pointer=f"/{name}/currency")


def _deposit(draft: RefundDraft, whole: WholeOrder) -> int:
    """An order that was never paid in full is given back all that was paid, and nothing of what was sold."""
    if whole.order.payment_state != PART_PAID:
        return 0
    left = whole.order.paid_minor - whole.order.refunded_minor
    asked = 0 if draft.amount is None else draft.amount.minor
    if draft.lines or draft.tip or asked != left:
        detail = f"It was never paid in full: all {_spelled(left)} of it goes back, as an amount, or nothing."
        raise RefundExceedsSale(detail, pointer="/amount", left_minor=left)
    return left


def _goods(
    draft: RefundDraft, whole: WholeOrder, sold: Sold, history: History
) -> tuple[tuple[RefundLineDraft, Back], ...]:
    """What each entry gives back, one after the other; a line may come in several."""
    quantities: dict[UUID, Decimal] = {}
    for line in draft.lines:
        quantities[line.order_line_id] = quantities.get(line.order_line_id, Decimal(0)) + line.quantity
    problems = list(_line_problems(draft, whole))
    if problems:
        raise UnknownLine(problems[0].detail, errors=problems)
    too_much = list(_too_many(draft, sold, history, quantities))
    if too_much:
        raise RefundExceedsSale(too_much[0].detail, errors=too_much, left=_left(sold, history))
    came = []
    for line in draft.lines:
        back = goods_refund(sold=sold, history=history, quantities={line.order_line_id: line.quantity})
        history = history.after(goods=back)
        came.append((line, back))
    return tuple(came)


def _goodwill(draft: RefundDraft, sold: Sold, history: History, goods: Back) -> Back | None:
    if draft.amount is None or not draft.amount.minor:
        return None
    try:
        return goodwill_refund(sold=sold, history=history.after(goods=goods), amount_minor=draft.amount.minor)
    except MoreThanSold as error:
        left = (sold.amounts - history.back.amounts - goods.amounts).total_minor
        raise _too_much("/amount", left, "Only {} of what was sold is left.") from error


def _tip(draft: RefundDraft, whole: WholeOrder, made: Sequence[Made]) -> int:
    asked = 0 if draft.tip is None else draft.tip.minor
    left = whole.order.tip_minor - sum(each.refund.tip_minor for each in made)
    if asked > left:
        raise _too_much("/tip", left, "Only {} of the tip is left.")
    return asked


def _line_problems(draft: RefundDraft, whole: WholeOrder) -> Iterator[FieldProblem]:
    rows = {row.id: row for row in whole.lines_left}
    for index, line in enumerate(draft.lines):
        row = rows.get(line.order_line_id)
        if row is None:
            detail = "The order has no such line."
            yield FieldProblem(f"/lines/{index}/order_line_id", UnknownLine.code, detail)
        elif row.unit == "each" and line.quantity != int(line.quantity):
            detail = "This is sold by the piece; a whole number is expected."
            yield FieldProblem(f"/lines/{index}/quantity", "fractional_quantity", detail)


def _too_many(
    draft: RefundDraft, sold: Sold, history: History, quantities: Mapping[UUID, Decimal]
) -> Iterator[FieldProblem]:
    there = {line.id: line.quantity for line in sold.lines}
    for index, line in enumerate(draft.lines):
        left = there[line.order_line_id] - history.back.quantity(line.order_line_id)
        if quantities[line.order_line_id] > left:
            detail = f"Only {plain_quantity(max(left, Decimal(0)))} of this line can still be given back."
            yield FieldProblem(f"/lines/{index}/quantity", RefundExceedsSale.code, detail)


def _left(sold: Sold, history: History) -> list[dict[str, str]]:
    return [
        {
            "order_line_id": str(line.id),
            "left": plain_quantity(line.quantity - history.back.quantity(line.id)),
        }
        for line in sold.lines
    ]


def _too_much(pointer: str, left_minor: int, detail: str) -> RefundExceedsSale:
    left = max(left_minor, 0)
    return RefundExceedsSale(detail.format(_spelled(left)), pointer=pointer, left_minor=left)


def _spelled(minor: int) -> str:
    return spell_money(minor, current_tenant().currency)


def _increment(whole: WholeOrder) -> int:
    """The smallest coin as the order knew it; orders from before there were price books rounded nothing."""
    version = whole.order.price_book_id
    if version is None:
        return 1
    book = book_for_sale(variant_ids=(), at=whole.order.placed_at, version_id=version)
    return book.cash_increment


def paid_left(paid: Sequence[Paid]) -> int:
    """What of these payments may still go back."""
    return sum(each.left_minor for each in paid)
