"""Typing what the slip of a stand-alone card machine says."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.money import Money
from payments.gateways.card_machine import check_slip
from payments.gateways.errors import CapabilityMissing, CardNumberRefused
from payments.gateways.models import Attempt
from payments.gateways.services.attempts import attempt_row
from payments.gateways.services.reserved import take

PEOPLE = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What it says. `amount` is what the machine took, whatever was asked for; None: what was asked for."""

    amount: Money | None = None
    last4: str = ""
    reference: str = ""


def type_slip(*, attempt_id: UUID, slip: Slip, actor: Actor, at: dt.datetime) -> Attempt:
    """Record that the machine took the money. Nothing is kept of a slip before everything about it was checked.

    Raises `CardNumberRefused` for what may not be written down, `CapabilityMissing` for the slip of a payment that
    people do not tell, and what `capture_attempt` does.
    """
    kept = {"last4": slip.last4, "reference": slip.reference}
    wrong = check_slip(kept)
    if wrong:
        raise CardNumberRefused(wrong, pointer="/slip")
    is_told = attempt_row(attempt_id=attempt_id).channel == PEOPLE
    if not is_told and any(kept.values()):
        raise CapabilityMissing("Only a card machine of its own has a slip to type.", missing="slip")
    slip_kept = kept if is_told else None
    return take(attempt_id=attempt_id, amount=slip.amount, by=actor.name, at=at, slip=slip_kept)
