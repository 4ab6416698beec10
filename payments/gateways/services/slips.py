"""Typing what the slip of a stand-alone card machine says."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.money import Money
from fynlo.events.log import unit_of_work
from payments.gateways import states
from payments.gateways.card_machine import check_slip
from payments.gateways.errors import CardNumberRefused
from payments.gateways.models import Attempt
from payments.gateways.services.reserved import take
from payments.gateways.services.writing import lock_attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What it says. `amount` is what the machine took, whatever was asked for; None: what was asked for."""

    amount: Money | None = None
    last4: str = ""
    reference: str = ""


def type_slip(*, attempt_id: UUID, slip: Slip, actor: Actor, at: dt.datetime) -> Attempt:
    """Record that the machine took the money. Raises `CardNumberRefused` for what may not be written down."""
    kept = {"last4": slip.last4, "reference": slip.reference}
    wrong = check_slip(kept)
    if wrong:
        raise CardNumberRefused(wrong, pointer="/slip")
    with unit_of_work():
        row = lock_attempt(attempt_id)
        if row.state == states.PRESENTED:
            row.details = {**row.details, "vendor": {**row.details.get("vendor", {}), "slip": kept}}
            row.save(update_fields=["details"])
    return take(attempt_id=attempt_id, amount=slip.amount, by=actor.name, at=at)
