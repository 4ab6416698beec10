"""The product as the machine drives it: the same services that tills, people and tasks call."""

import datetime as dt
from typing import Final
from uuid import UUID

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from fynlo.events.log import unit_of_work
from payments.credit.models import StoredValue, ValueReservation
from payments.credit.queries import value_terms
from payments.credit.services import (
    AdjustDraft,
    Claim,
    GiveDraft,
    Move,
    Occasion,
    OpenDraft,
    ReserveDraft,
    StepDraft,
    TransferDraft,
    adjust_value,
    expire_reservations,
    give_value,
    move_values,
    office_occasion,
    redeem,
    release_value,
    reserve_value,
    take_step,
    transfer_value,
)
from payments.ledger.services import Posting, record_transfers

START: Final = dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC)
_KEYS: Final = {"gift_card": "gift_cards", "store_credit": "credit"}


class Product:
    """Cards by their number, tills by their name."""

    def __init__(self, *, tills: dict[str, UUID], currency: str) -> None:
        self.tills = tills
        self.currency = currency
        self.cards: list[UUID] = []
        self.given: list[tuple[UUID, GiveDraft]] = []
        self.paid: list[tuple[int, UUID, int]] = []

    def occasion(self, till: str = "") -> Occasion:
        """Now, at a till if one is named."""
        made = office_occasion(actor=SYSTEM, at=START)
        return Occasion(at=made.at, business_date=made.business_date, register_id=self.tills.get(till))

    def give(self, number: int | None, kind: str, amount: int) -> None:
        """A new card, or more on one that is there."""
        opened = OpenDraft(id=new_id(), kind=kind) if number is None else None
        account = opened.id if opened is not None else self.cards[number or 0]
        draft = GiveDraft(id=new_id(), account_id=account, amount_minor=amount, reason="gift", opened=opened)
        give_value(draft=draft, occasion=self.occasion())
        if opened is not None:
            self.cards.append(account)
        self.given.append((account, draft))

    def give_again(self, place: int) -> None:
        """What was given is asked for once more."""
        give_value(draft=self.given[place][1], occasion=self.occasion())

    def redeem(self, number: int, till: str, amounts: list[int], *, asked: bool) -> bool:
        """A sale is paid by a card, perhaps by several tenders of it; whether it was."""
        (terms,) = value_terms(ids=[self.cards[number]])
        claims = [
            Claim(place=place, value=terms, amount_minor=amount, payment_id=new_id())
            for place, amount in enumerate(amounts)
        ]
        try:
            with unit_of_work():
                redeem(claims=claims, occasion=self.occasion(till), is_fact=not asked, order_id=new_id())
                self._book(_KEYS[terms.kind], "receivable", sum(amounts))
        except DomainError:
            return False
        self.paid += [(number, claim.payment_id, claim.amount_minor) for claim in claims]
        return True

    def refund(self, place: int) -> None:
        """What a payment took goes back onto its card."""
        number, payment_id, amount = self.paid.pop(place)
        (terms,) = value_terms(ids=[self.cards[number]])
        with unit_of_work():
            move = Move(
                account_id=terms.id,
                kind="refund",
                amount_minor=amount,
                cause="refund",
                cause_id=payment_id,
            )
            move_values(moves=[move], occasion=self.occasion())
            self._book("receivable", _KEYS[terms.kind], amount)

    def step(self, number: int, kind: str) -> bool:
        """Block, free, clear or close; whether it was done."""
        draft = StepDraft(id=new_id(), account_id=self.cards[number], kind=kind, reason="because")
        return _done(lambda: take_step(draft=draft, occasion=self.occasion()))

    def adjust(self, number: int, amount: int) -> bool:
        """Correct; whether it was done."""
        draft = AdjustDraft(id=new_id(), account_id=self.cards[number], amount_minor=amount, reason="because")
        return _done(lambda: adjust_value(draft=draft, occasion=self.occasion()))

    def transfer(self, source: int, target: int, amount: int | None) -> bool:
        """Move to another card; whether it was done."""
        draft = TransferDraft(
            id=new_id(),
            from_id=self.cards[source],
            to_id=self.cards[target],
            reason="because",
            amount_minor=amount,
        )
        return _done(lambda: transfer_value(draft=draft, occasion=self.occasion()))

    def reserve(self, number: int, till: str, amount: int) -> bool:
        """Keep a part for a till; whether it was done."""
        draft = ReserveDraft(
            id=new_id(),
            account_id=self.cards[number],
            register_id=self.tills[till],
            amount_minor=amount,
            expires_at=START + dt.timedelta(hours=1),
        )
        return _done(lambda: reserve_value(draft=draft, employee_id=None, day=START.date(), at=START))

    def release(self, number: int, till: str) -> None:
        """Let go what is left of it."""
        row = ValueReservation.objects.get(
            account_id=self.cards[number], register_id=self.tills[till], state="open"
        )
        actor = Actor(kind="device", id=new_id(), name=till, register_id=self.tills[till])
        release_value(reservation_id=row.pk, actor=actor, at=START)

    def expire(self) -> None:
        """An hour later nothing is kept any more."""
        expire_reservations(at=START + dt.timedelta(hours=1))

    def figures(self) -> list[tuple[str, int, int, int]]:
        """State, balance, reserved and overdrawn of each card, by number."""
        rows = StoredValue.objects.in_bulk(self.cards)
        return [
            (row.state, row.balance_minor, row.reserved_minor, row.overdrawn_minor)
            for row in (rows[key] for key in self.cards)
        ]

    def _book(self, debit: str, credit: str, amount: int) -> None:
        record_transfers(
            postings=[Posting(debit=debit, credit=credit, amount_minor=amount, kind="payment")],
            currency=self.currency,
            order_id=None,
            at=START,
            business_date=START.date(),
        )


def _done(call: object) -> bool:
    try:
        call()  # type: ignore[operator]
    except DomainError:
        return False
    return True
