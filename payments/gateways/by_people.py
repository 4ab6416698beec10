"""What gateways have in common that ask nobody outside: no vendor, no network, no bells, no payouts."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from fynlo.core.money import Money
from payments.gateways import states
from payments.gateways.base import (
    Attempt,
    BadSignature,
    ConnectionFacts,
    Fact,
    Inbound,
    Next,
    Presentation,
    RefundRequest,
    RefundState,
    Refused,
    Settlement,
    TooLate,
    TryAgain,
    VerifiedEvent,
)


class ByPeople:
    """People take the money and say so; our own record is the truth."""

    is_local: ClassVar[bool] = True
    """Asking it costs nothing and is possible at any time; what we do not know, nobody does."""

    def present(self, *, attempt: Attempt, at: Presentation) -> Attempt:
        """The amount stands on the till's screen; people do the rest."""
        del at
        return replace(attempt, state=states.PRESENTED, next=Next(kind="wait"))

    def advance(self, *, attempt: Attempt) -> Attempt:
        """Nothing but what people said. Raises `TryAgain` for one that never began."""
        if not attempt.vendor_id:
            raise TryAgain("Nobody has said anything yet.", code="not_begun")
        return attempt

    def increment(self, *, attempt: Attempt, to: Money, key: str) -> Attempt:
        """Nothing is ever reserved. Raises `Refused`."""
        del attempt, to, key
        raise Refused("Nothing is reserved here.", code="nothing_reserved")

    def cancel(self, *, attempt: Attempt, key: str) -> Attempt:
        """Let it go while nothing was taken; else raises `TooLate`."""
        del key
        if attempt.state == states.CAPTURED:
            raise TooLate
        return replace(attempt, state=states.CANCELLED, next=Next())

    def refund(self, *, request: RefundRequest) -> RefundState:
        """People hand it out; it is done when they say so."""
        return RefundState(state="succeeded", vendor_id=str(request.id))

    def verify(self, *, inbound: Inbound) -> VerifiedEvent:
        """Nobody rings. Raises `BadSignature`."""
        del inbound
        raise BadSignature

    def interpret(self, *, event: VerifiedEvent) -> Sequence[Fact]:
        """Nobody rings."""
        del event
        return ()

    def settlements(self, *, connection: ConnectionFacts, since: dt.datetime) -> Iterator[Settlement]:
        """Nobody pays out: a count or a slip settles."""
        del connection, since
        return iter(())
