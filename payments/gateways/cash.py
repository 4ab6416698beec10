"""Cash: taken when it is in the drawer. Counting the drawer settles it."""

from typing import ClassVar

from fynlo.core.money import Money
from payments.gateways import states
from payments.gateways.base import Attempt, Capabilities, ConnectionFacts, PaymentRequest, TooLate
from payments.gateways.by_people import ByPeople


class Cash(ByPeople):
    """Captured at once: people have it in their hands when they say so."""

    code: ClassVar[str] = "cash"

    def capabilities(self, *, connection: ConnectionFacts) -> Capabilities:
        """Any amount in any currency; all of it or a part goes back."""
        del connection
        return Capabilities(channels=frozenset({"manual"}), partial_refund=True, cancel=True)

    def begin(self, *, request: PaymentRequest) -> Attempt:
        """It was taken."""
        return Attempt(
            id=request.attempt_id,
            connection=request.connection,
            currency=request.amount.currency,
            amount_minor=request.amount.minor,
            channel=request.channel,
            state=states.CAPTURED,
            vendor_id=str(request.attempt_id),
            authorised_minor=request.amount.minor,
            captured_minor=request.amount.minor,
        )

    def capture(self, *, attempt: Attempt, amount: Money, key: str) -> Attempt:
        """It was taken when it began. Raises `TooLate`."""
        del attempt, amount, key
        raise TooLate
