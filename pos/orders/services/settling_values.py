"""Money a gateway took for a gift card becomes its payment, and is put on the card: once, in one transaction.

The payment's key is the attempt's, and so is the cause of what happens to the card. Money of an attempt that
somebody let go before, or for a card that was sold another way meanwhile, stays with the attempt, where people give
it back or keep it as credit.
"""

import datetime as dt
from dataclasses import replace
from functools import partial
from uuid import UUID

from fynlo.core.database import run_transaction
from fynlo.core.money import Money, spell_money
from fynlo.events.log import unit_of_work
from payments.credit.services import locked_value
from payments.gateways.models import Attempt
from payments.gateways.services import mark_settled, note_beyond
from payments.gateways.services.writing import lock_attempt
from payments.tenders.settlement import Share
from pos.inventory.services.happening import moment_of
from pos.orders.errors import NothingOwed
from pos.orders.services.asked_alone import asked_minor, check_not_let_go
from pos.orders.services.asking_values import check_takes, sold
from pos.orders.services.late_refunds import closed_session_of
from pos.orders.services.refund_plan import place_of
from pos.orders.services.settling import actor_of, tender_of
from pos.orders.services.tender_checks import terms_of
from pos.orders.services.value_sale_rows import ValueSale, ValueSaleDraft
from pos.orders.services.value_sale_writing import write_sale
from pos.registers.numbers import take_numbers


def settle_value_sale(*, attempt_id: UUID, at: dt.datetime) -> None:
    """Sell or load the card with what the attempt took; nothing when that was done before.

    Raises `NothingOwed` for one that was let go and for a card that is sold already, `GiftCardState`,
    `GiftCardFull`.
    """
    run_transaction(partial(_settle, attempt_id, at))


def _settle(attempt_id: UUID, at: dt.datetime) -> None:
    with unit_of_work():
        attempt = Attempt.objects.get(pk=attempt_id)
        if attempt.settled_at is not None:
            return
        actor = actor_of(attempt=attempt)
        place = place_of(actor)
        numbers = take_numbers(register_id=place.id)
        attempt = lock_attempt(attempt_id)
        if attempt.settled_at is not None:
            return
        check_not_let_go(attempt)
        amount_minor = put_minor(attempt)
        card, kind = sold(attempt)
        account = locked_value(account_id=card)
        check_takes(account, kind)
        happened = moment_of(stated=attempt.captured_at, at=at)
        tenders = (tender_of(attempt=attempt, amount_minor=amount_minor),)
        sale = ValueSale(
            draft=ValueSaleDraft(
                id=attempt.pk,
                account_id=card,
                amount=Money(amount_minor, attempt.currency),
                tenders=tenders,
                at=happened,
            ),
            actor=actor,
            place=place,
            terms=terms_of(tenders),
            shares=(Share(tendered_minor=amount_minor, amount_minor=amount_minor),),
            happened=happened,
            recorded_at=at,
        )
        late = closed_session_of(stated=happened, happened=happened, register_id=place.id, numbers=numbers)
        if late is not None:
            numbers = replace(numbers, session_id=late.session_id)
        write_sale(sale, account=account, numbers=numbers, late=late)
        put_to_it(attempt, amount_minor, at)


def put_minor(attempt: Attempt) -> int:
    """What of it is put to what it was asked for: what was taken, at most what was asked. Raises `NothingOwed`."""
    amount: int = min(attempt.captured_minor - attempt.refunded_minor, asked_minor(attempt))
    if amount <= 0:
        raise NothingOwed("It was given back already.", why="given_back")
    return amount


def put_to_it(attempt: Attempt, amount_minor: int, at: dt.datetime) -> None:
    """Say so in the caller's transaction; what was taken beyond it can go back."""
    kept = attempt.captured_minor - attempt.refunded_minor - amount_minor
    if mark_settled(attempt_id=attempt.pk, at=at) and kept > 0:
        text = f"{spell_money(kept, attempt.currency)} was taken beyond what was asked for."
        note_beyond(attempt_id=attempt.pk, beyond_minor=kept, text=text, at=at)
