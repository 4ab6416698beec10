"""The product as the machine drives it: the same services that tills call, at a time that the machine says."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import connection

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from payments.credit.models import HouseAccount
from payments.ledger.queries import trial_balance
from pos.orders.changing import ChangeDraft
from pos.orders.drafts import DiscountDraft, LineDraft, OrderDraft, TenderDraft
from pos.orders.models import Order, OrderLine
from pos.orders.refund_drafts import RefundDraft, RefundLineDraft
from pos.orders.services import place_order
from pos.orders.services.cancelling import CancelDraft, cancel_order
from pos.orders.services.changes import change_order
from pos.orders.services.exchanges import ExchangeDraft, exchange_goods
from pos.orders.services.house_payment_writing import HousePaymentDraft
from pos.orders.services.house_payments import pay_house_account
from pos.orders.services.paying import PayDraft, pay_order
from pos.orders.services.refunds import refund_order
from pos.orders.services.steps import place_ticket
from pos.orders.services.tickets import open_ticket
from pos.registers.models import CashMovement, Closing, Register
from pos.registers.services import close_session, move_cash, open_session
from pos.registers.services.movements import MovementDraft
from staff.employees.roles import PERMISSIONS
from tests.factories import Shop
from tests.properties.counter.model import Line, Paid, Sale, Session

START = dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC)


def moment(minute: int) -> dt.datetime:
    """The instant that a minute of the machine stands for."""
    return START + dt.timedelta(minutes=minute)


def decimal(value: Fraction) -> Decimal:
    """An exact quantity (the machine uses only such) as a decimal."""
    return Decimal(value.numerator) / Decimal(value.denominator)


class Product:
    """A merchant's two tills on PostgreSQL, in the hands of somebody who may do everything."""

    def __init__(self, *, shop: Shop, house_id: UUID) -> None:
        self.shop, self.house_id = shop, house_id
        tills = {"K1": shop.register, "K2": shop.second_register}
        self.ids = {code: till.id for code, till in tills.items()}
        self.actors = {
            code: shop.actor(register=till, permissions=frozenset(PERMISSIONS))
            for code, till in tills.items()
        }

    def money(self, minor: int) -> Money:
        """In the shop's currency."""
        return Money(minor, self.shop.tenant.currency)

    def open(self, till: str, float_minor: int, *, now: int) -> UUID:
        """Open a till's drawer with so much in it; the session's key."""
        key = new_id()
        open_session(
            register_id=self.ids[till],
            session_id=key,
            opening_float=self.money(float_minor),
            actor=self.actors[till],
            at=moment(now),
        )
        return key

    def close(self, session: Session, *, now: int) -> dict[str, Any]:
        """Count and close it; its document."""
        return close_session(
            session_id=session.key,
            counted=self.money(session.counted),
            actor=self.actors[session.register],
            at=moment(now),
        )

    def move(self, session: Session, kind: str, amount: int, *, now: int) -> None:
        """Put cash in or take it out by hand."""
        draft = MovementDraft(kind=kind, amount=self.money(abs(amount)) if amount else None, note="why")
        move_cash(session_id=session.key, draft=draft, actor=self.actors[session.register], at=moment(now))

    def sell(self, sale: Sale, *, at: int, now: int) -> None:
        """A sale and its payment at once. Of what happened earlier the till says when."""
        draft = OrderDraft(
            id=sale.key,
            lines=tuple(self.line(each) for each in sale.lines),
            tenders=self.tenders(sale.payments),
            tip=self.money(sale.tip) if sale.tip else None,
            placed_at=moment(at) if at != now else None,
        )
        place_order(draft=draft, actor=self.actors[sale.register], at=moment(now))

    def practise(self, till: str, lines: Iterable[Line], *, now: int) -> None:
        """A sale that is none."""
        draft = OrderDraft(id=new_id(), lines=tuple(self.line(each) for each in lines), training=True)
        place_order(draft=draft, actor=self.actors[till], at=moment(now))

    def pay_down(self, till: str, amount: int, *, now: int) -> None:
        """Cash for a house account."""
        draft = HousePaymentDraft(
            id=new_id(), account_id=self.house_id, tender_type="cash", amount=self.money(amount)
        )
        pay_house_account(draft=draft, actor=self.actors[till], at=moment(now))

    def open_ticket(self, sale: Sale, *, now: int) -> None:
        """Nothing is sold yet."""
        draft = OrderDraft(id=sale.key, lines=tuple(self.line(each) for each in sale.lines))
        open_ticket(draft=draft, actor=self.actors[sale.register], at=moment(now))

    def place(self, sale: Sale, *, now: int) -> None:
        """It is sold, though not paid."""
        place_ticket(order_id=sale.key, actor=self.actors[sale.register], at=moment(now))

    def add(self, sale: Sale, lines: Iterable[Line], *, now: int) -> None:
        """More lines."""
        self._change(
            sale, [ChangeDraft(id=new_id(), kind="add", line=self.line(each)) for each in lines], now
        )

    def take_off(self, sale: Sale, line: Line, left: Fraction, *, now: int) -> None:
        """So much is left of a line, or it is void."""
        if line.is_void:
            change = ChangeDraft(id=new_id(), kind="void", line_id=line.key, reason="no")
        else:
            quantity = decimal(left)
            change = ChangeDraft(id=new_id(), kind="adjust", line_id=line.key, quantity=quantity, reason="no")
        self._change(sale, [change], now)

    def _change(self, sale: Sale, changes: list[ChangeDraft], now: int) -> None:
        change_order(
            order_id=sale.key,
            changes=changes,
            actor=self.actors[sale.register],
            at=moment(now),
            matches=lambda _revision: None,
        )

    def pay(self, sale: Sale, till: str, payments: Iterable[Paid], *, now: int) -> None:
        """Take these for an order that is open."""
        draft = PayDraft(tenders=self.tenders(payments))
        pay_order(order_id=sale.key, draft=draft, actor=self.actors[till], at=moment(now))

    def cancel(self, sale: Sale, *, now: int) -> None:
        """Nobody wants it."""
        draft = CancelDraft(reason="nobody")
        cancel_order(order_id=sale.key, draft=draft, actor=self.actors[sale.register], at=moment(now))

    def refund(
        self,
        sale: Sale,
        till: str,
        key: UUID,
        *,
        now: int,
        at: int | None = None,
        lines: Iterable[tuple[Line, Fraction]] = (),
        amount: int = 0,
        tip: int = 0,
    ) -> None:
        """Goods or money go back, by the ways the money came. Of what happened earlier the till says when."""
        draft = RefundDraft(
            id=key,
            order_id=sale.key,
            lines=back_lines(lines),
            amount=self.money(amount) if amount else None,
            tip=self.money(tip) if tip else None,
            reason="why",
            at=None if at is None else moment(at),
        )
        refund_order(draft=draft, actor=self.actors[till], at=moment(now))

    def exchange(self, sale: Sale, till: str, key: UUID, line: Line, new: Sale, *, now: int) -> None:
        """All of a line comes back, and pays for other goods as far as it goes."""
        refund = RefundDraft(
            id=key, order_id=sale.key, lines=back_lines([(line, line.quantity)]), reason="why"
        )
        order = OrderDraft(
            id=new.key,
            lines=tuple(self.line(each) for each in new.lines),
            tenders=self.tenders(each for each in new.payments if each.tender != "exchange"),
        )
        draft = ExchangeDraft(refund=refund, order=order)
        exchange_goods(draft=draft, actor=self.actors[till], at=moment(now))

    def closing(self, till: str, number: int) -> dict[str, Any]:
        """The document of a Z."""
        found = Closing.objects.get(register_id=self.ids[till], number=number, late_number=None)
        document: dict[str, Any] = found.document
        return document

    def line(self, line: Line) -> LineDraft:
        """As a till tells it."""
        off = DiscountDraft(id=new_id(), name="off", amount=self.money(line.off))
        return LineDraft(
            id=line.key,
            variant_id=self.shop.variants[line.name].id,
            quantity=decimal(line.quantity),
            discounts=(off,) if line.off else (),
        )

    def tenders(self, payments: Iterable[Paid]) -> tuple[TenderDraft, ...]:
        """As a till tells them."""
        return tuple(
            TenderDraft(
                id=each.key,
                tender_type=each.tender,
                amount=self.money(each.tendered),
                house_account_id=self.house_id if each.tender == "house" else None,
            )
            for each in payments
        )


def back_lines(lines: Iterable[tuple[Line, Fraction]]) -> tuple[RefundLineDraft, ...]:
    """So much of these comes back."""
    return tuple(
        RefundLineDraft(order_line_id=line.key, quantity=decimal(quantity)) for line, quantity in lines
    )


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the tables say, in the pencil's words."""

    orders: dict[UUID, tuple[Any, ...]]
    lines: dict[UUID, tuple[int, int]]
    balances: Counter[str]
    owed_on_account: int
    drawers: dict[UUID, Counter[str]]
    owed: dict[UUID, int]
    registers: dict[str, dict[str, int]]


def seen() -> Seen:
    """Look at everything once."""
    orders = {
        row[0]: row[1:]
        for row in Order.objects.values_list(
            "id", "register__code", "number", "fulfilment_state", "payment_state", "total_minor", "paid_minor"
        )
    }
    lines = {
        key: (net, tax) for key, net, tax in OrderLine.objects.values_list("id", "net_minor", "tax_minor")
    }
    drawers: dict[UUID, Counter[str]] = {}
    for session, kind, amount in CashMovement.objects.exclude(session=None).values_list(
        "session_id", "kind", "amount_minor"
    ):
        drawers.setdefault(session, Counter())[kind] += amount
    names = (
        "last_order_number",
        "last_receipt_number",
        "last_training_number",
        "last_closing_number",
        "grand_total_minor",
        "refund_total_minor",
    )
    registers = {row["code"]: row for row in Register.objects.values("code", *names)}
    found = Counter({row.code: row.balance_minor for row in trial_balance() if row.balance_minor})
    (on_account,) = HouseAccount.objects.values_list("balance_minor", flat=True)
    return Seen(
        orders=orders,
        lines=lines,
        balances=found,
        owed_on_account=on_account,
        drawers=drawers,
        owed=_owed(),
        registers=registers,
    )


_OWED = """
SELECT order_id, sum(CASE WHEN debit.code = 'receivable' THEN amount_minor ELSE -amount_minor END)
FROM payments_transfer AS moved
JOIN payments_account AS debit ON debit.id = moved.debit_id
JOIN payments_account AS credit ON credit.id = moved.credit_id
WHERE 'receivable' IN (debit.code, credit.code) AND order_id IS NOT NULL GROUP BY order_id
"""


def _owed() -> dict[UUID, int]:
    """What each order's transfers leave on the receivable."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED)
        return {key: int(owed) for key, owed in cursor.fetchall()}
