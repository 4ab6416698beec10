"""A till of the demo in the hands of its people: a story's short words become drafts for the services.

Goods are named by the merchant's own numbers, people by what they type at the till, amounts are minor units.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import NotFound
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from payments.credit.models import HouseAccount
from payments.credit.services import OpenDraft
from pos.catalog.models import Modifier, PriceBookVersion, Variant
from pos.orders.changing import ChangeDraft
from pos.orders.documents import WholeOrder
from pos.orders.drafts import DiscountDraft, LineDraft, ModifierDraft, OrderDraft, TenderDraft
from pos.orders.refund_drafts import RefundDraft, RefundLineDraft
from pos.orders.services import place_order
from pos.orders.services.changes import change_order
from pos.orders.services.exchanges import ExchangeDraft, exchange_goods
from pos.orders.services.house_payment_writing import HousePaymentDraft
from pos.orders.services.house_payments import pay_house_account
from pos.orders.services.paying import PayDraft, pay_order
from pos.orders.services.refunds import refund_order
from pos.orders.services.steps import place_ticket
from pos.orders.services.tickets import open_ticket
from pos.orders.services.value_sale_rows import ValueSaleDraft
from pos.orders.services.value_sales import sell_value
from pos.registers.models import Register
from pos.registers.queries import moved_by_kind
from pos.registers.services import close_session, move_cash, open_session
from pos.registers.services.movements import MovementDraft
from staff.employees.queries import employee_by_number
from staff.employees.roles import DEVICE_PERMISSIONS

Pays = Mapping[str, int]
"""Way to pay by its code → what is handed over."""
_HOUSE: Final = "house"
_GIFT: Final = "gift"


class Till:
    """One register of the merchant. Whoever calls is in the merchant's context and in a unit of work."""

    def __init__(self, *, register: str, currency: str) -> None:
        self._register = Register.objects.get(code=register)
        self._currency = currency
        self._session = new_id()
        # The newest prices: the merchant is younger than the day that is played.
        self._book: UUID = PriceBookVersion.objects.order_by("-revision").values_list("pk", flat=True)[0]

    def open(self, who: str, at: dt.datetime, *, float_minor: int) -> None:
        """Open the drawer with so much in it."""
        open_session(
            register_id=self._register.pk,
            session_id=self._session,
            opening_float=self._money(float_minor),
            actor=self._person(who),
            at=at,
        )

    def close(self, who: str, at: dt.datetime, *, over_minor: int) -> dict[str, Any]:
        """Count the drawer, find so much more in it than should be there, close it; the session's document."""
        there = sum(moved.amount_minor for moved in moved_by_kind(session_id=self._session))
        counted = self._money(there + over_minor)
        return close_session(session_id=self._session, counted=counted, actor=self._person(who), at=at)

    def move(self, who: str, at: dt.datetime, kind: str, amount_minor: int, *, note: str) -> None:
        """Put cash into the drawer or take it out by hand."""
        draft = MovementDraft(kind=kind, amount=self._money(amount_minor), note=note)
        move_cash(session_id=self._session, draft=draft, actor=self._person(who), at=at)

    def sell(
        self, who: str, at: dt.datetime, lines: Iterable[LineDraft], pays: Pays, *, tip_minor: int = 0
    ) -> WholeOrder:
        """Sell and take the money."""
        tip = self._money(tip_minor) if tip_minor else None
        draft = self._order(lines, tenders=self._tenders(pays), tip=tip)
        return place_order(draft=draft, actor=self._person(who), at=at)

    def practise(self, who: str, at: dt.datetime, lines: Iterable[LineDraft], pays: Pays) -> None:
        """Sell for practice: in no books."""
        draft = self._order(lines, tenders=self._tenders(pays), training=True)
        place_order(draft=draft, actor=self._person(who), at=at)

    def ticket(
        self, who: str, at: dt.datetime, lines: Iterable[LineDraft], *, name: str, covers: int
    ) -> WholeOrder:
        """Open a ticket for a table."""
        draft = self._order(lines, name=name, covers=covers, order_type="dine_in")
        return open_ticket(draft=draft, actor=self._person(who), at=at)

    def place(self, who: str, at: dt.datetime, ticket: WholeOrder) -> None:
        """Send a ticket to the kitchen: from now on it is owed."""
        place_ticket(order_id=ticket.order.pk, actor=self._person(who), at=at)

    def add(self, who: str, at: dt.datetime, ticket: WholeOrder, line: LineDraft) -> None:
        """They order more."""
        self._change(who, at, ticket, ChangeDraft(id=new_id(), kind="add", line=line))

    def void(self, who: str, at: dt.datetime, ticket: WholeOrder, line: LineDraft, *, reason: str) -> None:
        """They do not want something after all, and it was not made yet."""
        change = ChangeDraft(id=new_id(), kind="void", line_id=line.id, goods="none", reason=reason)
        self._change(who, at, ticket, change)

    def _change(self, who: str, at: dt.datetime, ticket: WholeOrder, change: ChangeDraft) -> None:
        change_order(
            order_id=ticket.order.pk,
            changes=[change],
            actor=self._person(who),
            at=at,
            matches=lambda _revision: None,
        )

    def pay(self, who: str, at: dt.datetime, ticket: WholeOrder, pays: Pays) -> None:
        """A table pays."""
        draft = PayDraft(tenders=self._tenders(pays))
        pay_order(order_id=ticket.order.pk, draft=draft, actor=self._person(who), at=at)

    def refund(self, who: str, at: dt.datetime, sale: WholeOrder, line: LineDraft, *, reason: str) -> None:
        """All of a line comes back and cannot be sold again."""
        draft = self._back(sale, line, goods="waste", reason=reason)
        refund_order(draft=draft, actor=self._person(who), at=at)

    def exchange(
        self, who: str, at: dt.datetime, sale: WholeOrder, line: LineDraft, lines: Sequence[LineDraft]
    ) -> None:
        """All of a line goes back onto the shelf, and other goods are taken for it; what is over goes back."""
        back = self._back(sale, line, goods="restock", reason="exchange")
        draft = ExchangeDraft(refund=back, order=self._order(lines))
        exchange_goods(draft=draft, actor=self._person(who), at=at)

    def pay_down(self, who: str, at: dt.datetime, *, account: str, cash_minor: int) -> None:
        """Somebody pays in cash of what they owe."""
        draft = HousePaymentDraft(
            id=new_id(),
            account_id=_account(account),
            tender_type="cash",
            amount=self._money(cash_minor),
        )
        pay_house_account(draft=draft, actor=self._person(who), at=at)

    def sell_card(
        self, who: str, at: dt.datetime, *, amount_minor: int, cash_minor: int, holder: str
    ) -> UUID:
        """Sell a gift card for cash; its key, by which it can be paid with."""
        card = OpenDraft(id=new_id(), holder=holder)
        draft = ValueSaleDraft(
            id=new_id(),
            account_id=card.id,
            amount=self._money(amount_minor),
            tenders=self._tenders({"cash": cash_minor}),
            opened=card,
        )
        sell_value(draft=draft, actor=self._person(who), at=at)
        return card.id

    def _order(self, lines: Iterable[LineDraft], **more: Any) -> OrderDraft:
        return OrderDraft(id=new_id(), lines=tuple(lines), price_book=self._book, **more)

    def _back(self, sale: WholeOrder, line: LineDraft, *, goods: str, reason: str) -> RefundDraft:
        part = RefundLineDraft(order_line_id=line.id, quantity=line.quantity, goods=goods)
        return RefundDraft(id=new_id(), order_id=sale.order.pk, lines=(part,), reason=reason)

    def _tenders(self, pays: Pays) -> tuple[TenderDraft, ...]:
        """`card:1881` is a card with its last four digits, `house:KITA` an account, `gift:…` a gift card."""
        found = []
        for way, amount_minor in pays.items():
            code, _, more = way.partition(":")
            found.append(
                TenderDraft(
                    id=new_id(),
                    tender_type=code,
                    amount=self._money(amount_minor),
                    last4="" if code in (_HOUSE, _GIFT) else more,
                    house_account_id=_account(more) if code == _HOUSE else None,
                    value_id=UUID(more) if code == _GIFT else None,
                )
            )
        return tuple(found)

    def _money(self, minor: int) -> Money:
        return Money(minor, self._currency)

    def _person(self, number: str) -> Actor:
        """Who signs in with this number here, as the API would know them."""
        employee = employee_by_number(number=number)
        if employee is None:
            raise NotFound(f"There is no employee {number}.")
        return Actor(
            kind="employee",
            id=employee.pk,
            name=employee.name,
            employee_id=employee.pk,
            register_id=self._register.pk,
            location_id=self._register.location_id,
            permissions=DEVICE_PERMISSIONS | frozenset(employee.role.permissions),
            limits=employee.role.limits_in_force,
        )


def line(sku: str, quantity: str = "1", *, modifiers: Sequence[str] = (), percent_off: int = 0) -> LineDraft:
    """So much of what has this number, with modifiers by their names, cheaper by so many percent."""
    off = DiscountDraft(id=new_id(), percent=Decimal(percent_off) / 100)
    chosen = dict(Modifier.objects.filter(name__in=modifiers).values_list("name", "pk"))
    return LineDraft(
        id=new_id(),
        variant_id=Variant.objects.values_list("pk", flat=True).get(sku=sku),
        quantity=Decimal(quantity),
        modifiers=tuple(ModifierDraft(modifier_id=chosen[name]) for name in modifiers),
        discounts=(off,) if percent_off else (),
    )


def _account(code: str) -> UUID:
    found: UUID = HouseAccount.objects.values_list("pk", flat=True).get(code=code)
    return found
