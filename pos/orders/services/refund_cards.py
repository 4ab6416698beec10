"""Money of a refund that goes onto gift cards: the card it came from, another one, or a new store credit."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from fynlo.core.locks import lock_rows
from payments.credit.errors import GiftCardBlocked, GiftCardUnknown
from payments.credit.kinds import CLOSED, REFUND, STORE_CREDIT, UNLINKED_REFUND
from payments.credit.models import StoredValue
from payments.credit.queries import ValueTerms, value_terms
from payments.credit.services import (
    Move,
    Occasion,
    OpenDraft,
    Presentation,
    find_presented,
    move_values,
    open_value,
    put_on,
)
from payments.tenders.kinds import STORED_VALUE
from payments.tenders.refunding import GivenBack, Paid, Way
from pos.orders.models import Refund
from pos.orders.refund_drafts import RefundTenderDraft

_CAUSE = "refund"


class _Row(Protocol):
    """What of a row of money is needed here."""

    @property
    def id(self) -> UUID: ...
    @property
    def part(self) -> GivenBack: ...
    @property
    def value(self) -> ValueTerms | None: ...


def cards_of_ways(
    *,
    ways: Sequence[Way],
    tenders: Sequence[RefundTenderDraft],
    paid: Sequence[Paid],
    is_fact: bool,
) -> tuple[list[Way], dict[UUID, ValueTerms]]:
    """The ways with the card each goes onto, and those cards; one statement if there are any, else none.

    `tenders` belong to the ways, or there are none and money goes the way it came. A tender of store credit that
    names none goes onto the one it came from, else a new one is opened under its id. Raises `GiftCardUnknown`, and
    `GiftCardBlocked` where a question would put money on a card that is closed.
    """
    if not any(way.kind in STORED_VALUE for way in ways):
        return list(ways), {}
    named = _named(ways, tenders) if tenders else {}
    came = {} if tenders else _by_id(way.stored_value_id for way in ways)
    made: list[Way] = []
    cards: dict[UUID, ValueTerms] = {}
    for number, way in enumerate(ways):
        if way.kind not in STORED_VALUE:
            made.append(way)
            continue
        tender = tenders[number] if tenders else None
        card = named.get(number) or _at(came, way.stored_value_id) or _other(way, tender, paid)
        if card is None:
            raise GiftCardUnknown("Say on which card it goes.", pointer=f"/tenders/{number}/value_id")
        if card.state == CLOSED and not is_fact:
            raise _closed(card.shown, pointer=f"/tenders/{number}")
        cards[card.id] = card
        made.append(replace(way, stored_value_id=card.id))
    return made, cards


def credit_cards(*, money: Iterable[_Row], refund: Refund, is_fact: bool) -> None:
    """Put what is given back onto the cards, in the caller's unit of work, once per row of money.

    Raises `GiftCardBlocked` where a card was closed since it was looked at, unless it has happened.
    """
    rows = [row for row in money if row.value is not None and row.part.given_minor]
    if not rows:
        return
    if not is_fact:
        _check_open({row.value.id for row in rows if row.value is not None and not row.value.is_new})
    occasion = Occasion(
        at=refund.at,
        business_date=refund.business_date,
        register_id=refund.register_id,
        employee_id=refund.employee_id,
        employee_name=refund.employee_name,
        approver_id=refund.approver_id,
        approver_name=refund.approver_name,
    )
    _open_new([row for row in rows if row.value is not None and row.value.is_new], occasion)
    moves = [
        Move(
            account_id=row.value.id,
            kind=REFUND if row.part.payment.stored_value_id == row.value.id else UNLINKED_REFUND,
            amount_minor=row.part.given_minor,
            cause=_CAUSE,
            cause_id=row.id,
            order_id=refund.order_id,
            reason=refund.reason,
        )
        for row in rows
        if row.value is not None and not row.value.is_new
    ]
    if moves:
        move_values(moves=moves, occasion=occasion)


def _check_open(ids: Collection[UUID]) -> None:
    """The cards stay as they are until COMMIT; taken in the order of their keys, as whoever moves them does."""
    for row in lock_rows(StoredValue.objects.all(), list(ids)):
        if row.state == CLOSED:
            raise _closed(row.shown, pointer="/tenders")


def _closed(shown: str, *, pointer: str) -> GiftCardBlocked:
    detail = f"The card •••• {shown} is closed. Give it back another way."
    return GiftCardBlocked(detail, pointer=pointer)


def _open_new(rows: Sequence[_Row], occasion: Occasion) -> None:
    """Store credit that begins with what is given back; several rows of one tender go onto the same."""
    opened = {}
    for row in rows:
        if row.value is None:
            continue
        if row.value.id not in opened:
            draft = OpenDraft(id=row.value.id, kind=STORE_CREDIT)
            opened[row.value.id] = open_value(draft=draft, at=occasion.at)
        put_on(
            account=opened[row.value.id],
            amount_minor=row.part.given_minor,
            cause=_CAUSE,
            cause_id=row.id,
            occasion=occasion,
            kind=UNLINKED_REFUND,
        )


def _named(ways: Sequence[Way], tenders: Sequence[RefundTenderDraft]) -> dict[int, ValueTerms]:
    """The cards that tenders name, by the number of their way. Raises `GiftCardUnknown`."""
    numbers = [
        number
        for number, (way, tender) in enumerate(zip(ways, tenders, strict=True))
        if way.kind in STORED_VALUE and (tender.value_id is not None or tender.value is not None)
    ]
    presented = [
        Presentation(kind=ways[number].kind, id=tenders[number].value_id, code=tenders[number].value)
        for number in numbers
    ]
    found = {}
    for number, card in zip(numbers, find_presented(presented=presented), strict=True):
        if card is None:
            name = "value_id" if tenders[number].value is None else "value_code"
            raise GiftCardUnknown("Nobody knows this card.", pointer=f"/tenders/{number}/{name}")
        found[number] = card
    return found


def _other(way: Way, tender: RefundTenderDraft | None, paid: Sequence[Paid]) -> ValueTerms | None:
    """The only card of this kind that paid, else a new credit."""
    ids = {each.stored_value_id for each in paid if each.kind == way.kind}
    if len(ids) == 1:
        return next(iter(value_terms(ids=[key for key in ids if key is not None])), None)
    if tender is None or way.kind != STORE_CREDIT:
        return None
    code = OpenDraft(id=tender.id, kind=STORE_CREDIT).presented
    return ValueTerms(id=tender.id, kind=STORE_CREDIT, shown=code.shown, digest=code.digest, is_new=True)


def _by_id(ids: Iterable[UUID | None]) -> dict[UUID, ValueTerms]:
    return {card.id: card for card in value_terms(ids=[key for key in ids if key is not None])}


def _at(found: dict[UUID, ValueTerms], key: UUID | None) -> ValueTerms | None:
    return None if key is None else found.get(key)
