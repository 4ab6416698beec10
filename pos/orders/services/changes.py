"""Changing an open order: one unit of work, the whole basket priced again, books and shelf given the difference.

Changes that only add mean the same whatever happened before, so they need not know which revision they change. All
others say which one they saw (`matches`), so that nobody overwrites what they never looked at.
"""

import copy
import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import DomainError, FieldProblem
from fynlo.events.log import unit_of_work
from pos.events import OrderChanged
from pos.orders.basket import Basket
from pos.orders.changing import COMMUTING, PRICELESS, ChangeDraft, changed
from pos.orders.documents import WholeOrder
from pos.orders.drafts import BasketDraft
from pos.orders.errors import ChangeIdConflict, DuplicateId, LineIdConflict, QuantityOrdered
from pos.orders.models import Order, OrderChange, OrderLine
from pos.orders.queries import whole_order
from pos.orders.services.approving import approver_of
from pos.orders.services.opened import OpenOrder, lock_order, note_change, save_order, tell
from pos.orders.services.owners import hand_over
from pos.orders.services.reasons import check_reason
from pos.orders.services.repricing import keep_draft, price_open, write_prices
from pos.orders.services.telling import after_of, before_of
from pos.orders.services.ticket_books import book_difference, take_goods_of
from pos.orders.services.unasked import let_go_beyond
from pos.orders.services.withdrawing import withdraw
from pos.orders.states import CHANGE, DRAFT, walk
from pos.registers.numbers import take_numbers
from staff.access.services.approvals import Approver

Matches = Callable[[int], None]
"""Looks at the revision under the lock, and raises when the caller knows an older one."""


def change_order(
    *, order_id: UUID, changes: Sequence[ChangeDraft], actor: Actor, at: dt.datetime, matches: Matches
) -> WholeOrder:
    """Make these changes, all or none, and return the order whole.

    Changes that were made before are left out; if all were, the order is answered as it is. Raises `NotFound`,
    `OtherLocation`, `IllegalTransition` for an order that is settled, `OrderSettled`, `UnknownLine`,
    `QuantityOrdered`, `OverpaidByChange`, `ReasonNeeded`, `ApprovalRequired`, `OutOfStock`, what `matches` raises,
    and what pricing raises, with pointers into the changes.
    """
    _check_ids(changes)
    try:
        return run_transaction(partial(_change, order_id, changes, actor, at, matches))
    except IntegrityError as error:
        if constraint(error).startswith("pos_orderline_pkey"):
            raise LineIdConflict("Ids are made once and never used again.") from error
        if constraint(error).startswith("pos_orderchange_pkey"):
            raise ChangeIdConflict("Ids are made once and never used again.") from error
        raise


def _check_ids(changes: Sequence[ChangeDraft]) -> None:
    detail = "Every change has an id of its own."
    seen: set[UUID] = set()
    for index, change in enumerate(changes):
        if change.id in seen:
            raise DuplicateId(detail, pointer=f"/changes/{index}/id")
        seen.add(change.id)


def _change(
    order_id: UUID, changes: Sequence[ChangeDraft], actor: Actor, at: dt.datetime, matches: Matches
) -> WholeOrder:
    with unit_of_work():
        _lock_register(order_id, actor)
        opened = lock_order(order_id=order_id, actor=actor, at=at)
        new = _new_ones(opened.order, changes)
        if not new:
            return whole_order(order_id=order_id)
        if any(change.kind not in COMMUTING for change in changes):
            matches(opened.order.revision)
        walk(opened.order, CHANGE)
        _apply(opened, new, places={change.id: index for index, change in enumerate(changes)})
        whole = save_order(opened)
        let_go_beyond(opened)
        tell(OrderChanged, whole, at=at)
    return whole


def _lock_register(order_id: UUID, actor: Actor) -> None:
    """What is taken off a placed order is in the journal, whose register is locked before the order."""
    found = Order.objects.filter(pk=order_id).values_list("fulfilment_state", "register_id").first()
    if found is not None and found[0] != DRAFT:
        take_numbers(register_id=actor.register_id or found[1])


def _new_ones(order: Order, changes: Sequence[ChangeDraft]) -> list[ChangeDraft]:
    """Those that were not made before. Raises `ChangeIdConflict` for an id used otherwise."""
    keys = [change.id for change in changes]
    made = {
        key: (order_id, kind)
        for key, order_id, kind in OrderChange.objects.filter(pk__in=keys)
        .order_by("id")
        .values_list("id", "order_id", "kind")
    }
    for index, change in enumerate(changes):
        if made.get(change.id, (order.id, change.kind)) != (order.id, change.kind):
            raise ChangeIdConflict("Ids are made once and never used again.", pointer=f"/changes/{index}/id")
    return [change for change in changes if change.id not in made]


def _apply(opened: OpenOrder, changes: Sequence[ChangeDraft], *, places: dict[UUID, int]) -> None:
    before_draft = draft = opened.basket
    before = {key: copy.copy(line) for key, line in opened.lines.items()}
    for change in changes:
        pointer = f"/changes/{places[change.id]}"
        _check(opened, before, change, pointer)
        draft = changed(draft, change, pointer=pointer)
        if change.kind == "void" and change.line_id in opened.lines:
            line = opened.lines[change.line_id]
            line.voided_at, line.void_reason = opened.at, change.reason
        if change.kind == "owner":
            hand_over(opened, change, pointer=pointer)
    if all(change.kind in PRICELESS for change in changes):
        _keep_words(opened, draft, changes)
        basket = None
    else:
        basket = _priced(opened, draft, changes, places)
        write_prices(opened, basket=basket)
    off: dict[UUID | None, list[ChangeDraft]] = {}
    for change in changes:
        if change.kind in {"void", "adjust"}:
            off.setdefault(change.line_id, []).append(change)
    approvers: dict[UUID, Approver | None] = {}
    for change in changes:
        approver = approvers[change.id] = approver_of(opened, change, basket=basket, before=before)
        note_change(
            opened,
            kind=change.kind,
            change_id=change.id,
            line_id=change.line.id if change.line is not None else change.line_id,
            before=before_of(change, draft=before_draft, lines=before),
            after=after_of(change, draft=draft, lines=opened.lines, order=opened.order),
            reason=change.reason,
            approver=approver,
        )
        mine = off.get(change.line_id, [])
        if opened.is_placed and change in mine[-1:]:
            withdraw(opened, mine, before=before, approvers=approvers)
    if opened.is_placed and basket is not None:
        _move_goods_and_money(opened, basket, changes)


def _check(opened: OpenOrder, before: dict[UUID, OrderLine], change: ChangeDraft, pointer: str) -> None:
    line = None if change.line_id is None else before.get(change.line_id)
    if opened.is_placed and change.kind == "adjust" and line is not None and change.quantity is not None:
        if change.quantity > line.quantity:
            detail = "Add another line for what is ordered besides."
            raise QuantityOrdered(detail, pointer=f"{pointer}/quantity")
        if line.unit == "each" and change.quantity != int(change.quantity):
            return  # pricing says so, at its pointer
    kind = "void" if change.kind == "adjust" else change.kind
    if kind in {"void", "discount", "override"}:
        needed = kind == "void" and opened.is_placed
        check_reason(kind=kind, reason=change.reason, needed=needed, pointer=f"{pointer}/reason")


def _keep_words(opened: OpenOrder, draft: BasketDraft, changes: Sequence[ChangeDraft]) -> None:
    """Notes and names cost nothing, so nothing is priced again for them."""
    keep_draft(opened.order, draft=draft)
    said = {line.id: line for line in draft.lines}
    for key in sorted({change.line_id for change in changes if change.line_id is not None}):
        line, words = opened.lines[key], said[key]
        line.note, line.kitchen_note = words.note, words.kitchen_note
        line.internal_note = words.internal_note
        line.save(update_fields=["note", "kitchen_note", "internal_note"])


def _priced(
    opened: OpenOrder, draft: BasketDraft, changes: Sequence[ChangeDraft], places: dict[UUID, int]
) -> Basket:
    """The basket priced, with problems where the change is that brought the line."""
    try:
        return price_open(opened, draft=draft)
    except DomainError as error:
        asked = {change.line.id: change for change in changes if change.line is not None}
        asked |= {change.line_id: change for change in changes if change.line_id is not None}
        sent = {
            f"/lines/{index}": f"/changes/{places[asked[line.id].id]}"
            + ("/line" if asked[line.id].line else "")
            for index, line in enumerate(draft.lines)
            if line.id in asked
        }
        error.errors = tuple(_as_sent(problem, sent) for problem in error.errors)
        raise


def _as_sent(problem: FieldProblem, sent: dict[str, str]) -> FieldProblem:
    head = "/".join(problem.pointer.split("/")[:3])
    if head not in sent:
        return problem
    return FieldProblem(sent[head] + problem.pointer[len(head) :], problem.code, problem.detail)


def _move_goods_and_money(opened: OpenOrder, basket: Basket, changes: Sequence[ChangeDraft]) -> None:
    added = {change.line.id for change in changes if change.line is not None}
    flags = take_goods_of(opened, basket=basket, line_ids=added)
    opened.order.flags = [*opened.order.flags, *flags]
    book_difference(opened, basket=basket)
