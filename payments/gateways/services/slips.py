"""Typing what the slip of a stand-alone card machine says."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem
from fynlo.core.money import Money
from payments.gateways.card_machine import check_slip
from payments.gateways.errors import CapabilityMissing, CardNumberRefused, SlipInvalid
from payments.gateways.models import Attempt
from payments.gateways.services.attempts import attempt_row
from payments.gateways.services.reserved import take
from payments.gateways.states import CAPTURED

PEOPLE = "manual"

NeedsNumber = Callable[[str], bool]
"""Called with the code of a way to pay: whether the merchant wants the number on its slips."""

_needs_number: Final[list[NeedsNumber]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What it says. `amount` is what the machine took, whatever was asked for; None: what was asked for."""

    amount: Money | None = None
    last4: str = ""
    reference: str = ""


def register_slip_rule(needs_number: NeedsNumber) -> None:
    """Have `needs_number(code)` asked before a slip of that way to pay is kept. Gateways know no ways to pay."""
    _needs_number[:] = [needs_number]


def type_slip(*, attempt_id: UUID, slip: Slip, actor: Actor, at: dt.datetime) -> Attempt:
    """Record that the machine took the money. Nothing is kept of a slip before everything about it was checked.

    Raises `CardNumberRefused` for what may not be written down, `SlipInvalid` for what cannot be on one and for one
    without the number that the way to pay asks for, `CapabilityMissing` for the slip of a payment that people do
    not tell, and what `capture_attempt` does.
    """
    kept = {"last4": slip.last4, "reference": slip.reference}
    wrong = check_slip(kept)
    if wrong is not None:
        refusal = CardNumberRefused if wrong.is_card else SlipInvalid
        raise refusal(wrong.text, pointer=f"/{wrong.member}")
    row = attempt_row(attempt_id=attempt_id)
    is_told = row.channel == PEOPLE
    if not is_told and any(kept.values()):
        raise CapabilityMissing("Only a card machine of its own has a slip to type.", missing="slip")
    if is_told and row.state != CAPTURED:
        _check_number(row, slip)
    slip_kept = kept if is_told else None
    return take(attempt_id=attempt_id, amount=slip.amount, by=actor.name, at=at, slip=slip_kept)


def _check_number(row: Attempt, slip: Slip) -> None:
    if not slip.reference.strip() and any(needs(row.tender_type) for needs in _needs_number):
        problem = FieldProblem("/reference", "reference_needed", "The number on the slip is needed.")
        raise SlipInvalid(problem.detail, errors=[problem])
