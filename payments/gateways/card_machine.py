"""A stand-alone card machine: people type the amount into it, and type back what its slip says.

Nobody can ask such a machine, so what people type is the truth until the machine's own daily total says otherwise
(reconciliation compares them). An amount other than the one asked for is taken as typed and flagged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from fynlo.core.money import Money
from payments.gateways import states
from payments.gateways.base import Attempt, Capabilities, Card, ConnectionFacts, Next, PaymentRequest, Refused
from payments.gateways.by_people import ByPeople
from payments.gateways.references import LONGEST_REFERENCE, holds_card_number, is_last4

AMOUNT_DIFFERS: Final = "amount_differs"
_LONGEST_AMOUNT: Final = 15


@dataclass(frozen=True, slots=True)
class SlipProblem:
    """Which member of a slip cannot be so, and why. `is_card`: it could be a card's number."""

    member: str
    text: str
    is_card: bool = False


class CardMachine(ByPeople):
    """Presented until somebody types the slip; captured with what it says."""

    code: ClassVar[str] = "card_machine"

    def capabilities(self, *, connection: ConnectionFacts) -> Capabilities:
        """People can take any amount; what the slip says is told by capturing it."""
        del connection
        return Capabilities(
            channels=frozenset({"manual"}), manual_capture=True, partial_refund=True, cancel=True
        )

    def begin(self, *, request: PaymentRequest) -> Attempt:
        """The amount stands on the screen, or the slip is there already (`amount_minor`, `last4`, `reference`).

        Raises `Refused` for a slip that cannot be one.
        """
        asked = Attempt(
            id=request.attempt_id,
            connection=request.connection,
            currency=request.amount.currency,
            amount_minor=request.amount.minor,
            channel=request.channel,
            state=states.PREPARED,
            vendor_id=str(request.attempt_id),
            next=Next(kind="wait"),
        )
        if not request.details:
            return asked
        return _taken(replace(asked, details={"slip": dict(request.details)}), _amount(request))

    def capture(self, *, attempt: Attempt, amount: Money, key: str) -> Attempt:
        """The slip says that `amount` was taken, whatever was asked for."""
        del key
        return _taken(attempt, amount)


def check_slip(slip: Mapping[str, Any]) -> SlipProblem | None:
    """What is wrong with a slip as it was typed; None when it is all right."""
    if not is_last4(str(slip.get("last4", ""))):
        return SlipProblem("last4", "The last four digits of a card are four digits.")
    reference = str(slip.get("reference", ""))
    if len(reference) > LONGEST_REFERENCE:
        return SlipProblem("reference", f"A reference has at most {LONGEST_REFERENCE} characters.")
    if holds_card_number(reference):
        text = "This could be the number of a card; it must not be written down."
        return SlipProblem("reference", text, is_card=True)
    return None


def _amount(request: PaymentRequest) -> Money:
    typed = request.details.get("amount_minor", "")
    if not typed:
        return request.amount
    if not (typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_AMOUNT and int(typed) > 0):
        raise Refused("The amount of a slip is a whole number of minor units.", code="slip_amount")
    return Money(int(typed), request.amount.currency)


def _taken(attempt: Attempt, amount: Money) -> Attempt:
    slip = dict(attempt.details.get("slip", {}))
    wrong = check_slip(slip)
    if wrong is not None:
        raise Refused(wrong.text, code="slip_refused")
    differs = amount.minor != attempt.amount_minor + attempt.tip_minor
    return replace(
        attempt,
        state=states.CAPTURED,
        authorised_minor=amount.minor,
        captured_minor=amount.minor,
        card=Card(last4=str(slip.get("last4", ""))),
        details={**attempt.details, "slip": slip, **({"flag": AMOUNT_DIFFERS} if differs else {})},
        next=Next(),
    )
