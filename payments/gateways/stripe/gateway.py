"""The eleven verbs at Stripe, and the two about disputes."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import ClassVar

from stripe import StripeClient

from fynlo.core.money import Money
from payments.gateways import states
from payments.gateways.base import (
    Attempt,
    Capabilities,
    ConnectionFacts,
    DisputeFact,
    Evidence,
    Fact,
    Inbound,
    Next,
    OutcomeUnknown,
    PaymentRequest,
    Presentation,
    RefundRequest,
    RefundState,
    Refused,
    Settlement,
    TooLate,
    TryAgain,
    VerifiedEvent,
)
from payments.gateways.stripe import (
    connect,
    disputes,
    intents,
    links,
    online,
    platform_fees,
    readers,
    refunds,
    settlements,
    webhooks,
)
from payments.gateways.stripe.client import client_of
from payments.gateways.stripe.errors import Behind

_AT_READER = (states.PRESENTED, states.UNKNOWN)


class StripeGateway:
    """Stripe for one merchant at a time: by keys of their own, or by the platform's for a connected account."""

    code: ClassVar[str] = "stripe"

    def capabilities(self, *, connection: ConnectionFacts) -> Capabilities:
        """What the account may do now. Raises `NotConnected`, `TryAgain`."""
        return connect.capabilities_of(connect.health(connection))

    def platform_fee(self, *, connection: ConnectionFacts, amount: Money) -> int:
        """What the platform keeps of a payment of a connected account, in minor units. Asks nobody."""
        return platform_fees.platform_fee(connection=connection, amount=amount)

    def begin(self, *, request: PaymentRequest) -> Attempt:
        """An intent, or for a QR code a hosted page; the same key, the same one."""
        with client_of(request.connection) as client:
            try:
                if request.channel == "qr":
                    return links.create(client, request)
                return intents.create(client, request)
            except Behind as behind:
                raise OutcomeUnknown(f"Stripe says {behind.code}.") from None

    def present(self, *, attempt: Attempt, at: Presentation) -> Attempt:
        """To a reader. A page or a link only needs its address told."""
        if attempt.channel != "present":
            return _shown(attempt)
        with client_of(attempt.connection) as client:
            try:
                return readers.process(client, attempt, at)
            except Behind:
                return _read(client, dataclasses.replace(attempt, reader=at.reader))

    def advance(self, *, attempt: Attempt) -> Attempt:
        """Read the vendor's truth. One that was never made is `prepared`: nobody was asked to pay it."""
        with client_of(attempt.connection) as client:
            return _read(client, attempt)

    def increment(self, *, attempt: Attempt, to: Money, key: str) -> Attempt:
        """Authorise more. Raises `Declined`; then the old amount stays."""
        with client_of(attempt.connection) as client:
            try:
                return intents.increment(client, attempt, to=to, key=key)
            except Behind:
                return _read(client, attempt)

    def capture(self, *, attempt: Attempt, amount: Money, key: str) -> Attempt:
        """Take it, or a part of it."""
        with client_of(attempt.connection) as client:
            try:
                return intents.capture(client, attempt, amount=amount, key=key)
            except Behind:
                return _read(client, attempt)

    def cancel(self, *, attempt: Attempt, key: str) -> Attempt:
        """Off the reader, and let go. Raises `TooLate`; then `advance` decides."""
        with client_of(attempt.connection) as client:
            known = attempt if attempt.vendor_id else _found(client, attempt)
            if known is None:
                # Nothing was made; a page nobody was shown and an intent nobody presents take nothing.
                return dataclasses.replace(attempt, state=states.CANCELLED, next=Next())
            try:
                return _let_go(client, known, key=key)
            except (Behind, Refused) as refusal:
                seen = _read(client, known)
                if isinstance(refusal, Refused) and seen.state in states.OPEN and seen.next.kind != "wait":
                    raise
                return _ended_or_too_late(seen)

    def refund(self, *, request: RefundRequest) -> RefundState:
        """Send it once, or read what became of it."""
        with client_of(request.attempt.connection) as client:
            try:
                return refunds.refund(client, request)
            except Behind as behind:
                raise TryAgain("Stripe is still busy with this refund.", code=behind.code) from None

    def verify(self, *, inbound: Inbound) -> VerifiedEvent:
        """Raises `BadSignature`."""
        return webhooks.verify(inbound)

    def interpret(self, *, event: VerifiedEvent) -> Sequence[Fact]:
        """What to look at. Pure."""
        return webhooks.interpret(event)

    def settlements(self, *, connection: ConnectionFacts, since: dt.datetime) -> Iterator[Settlement]:
        """Payouts with their lines, and what is not paid out yet."""
        return settlements.settlements(connection=connection, since=since)

    def disputes(self, *, connection: ConnectionFacts, since: dt.datetime) -> Iterator[DisputeFact]:
        """Disputes that were opened, or may have changed, since then."""
        return disputes.disputes_since(connection=connection, since=since)

    def submit_evidence(
        self,
        *,
        connection: ConnectionFacts,
        dispute_id: str,
        evidence: Evidence,
        key: str,
        is_draft: bool = False,
    ) -> DisputeFact:
        """Send it, for good, or have it lie there as a draft. Raises `TooLate`, `Refused`, `OutcomeUnknown`."""
        return disputes.submit(
            connection=connection, dispute_id=dispute_id, evidence=evidence, key=key, is_draft=is_draft
        )


def _shown(attempt: Attempt) -> Attempt:
    if attempt.channel == "qr":
        return dataclasses.replace(attempt, state=states.PRESENTED)
    page = Next(kind="redirect", url=online.page_address(attempt=attempt))
    return dataclasses.replace(attempt, state=states.PRESENTED, next=page)


def _read(client: StripeClient, attempt: Attempt) -> Attempt:
    """The truth, wherever it stands: a page, an intent, and while that waits, a reader."""
    if not attempt.vendor_id:
        # Nothing was made: the very same request is sent again, under its key.
        return _found(client, attempt) or dataclasses.replace(attempt, state=states.PREPARED)
    try:
        if links.is_session(attempt):
            return links.read(client, attempt)
        seen = intents.read(client, attempt)
        if (
            attempt.channel == "present"
            and seen.state in _AT_READER
            and seen.next.kind != "wait"
            and attempt.reader
        ):
            return readers.look(client, seen)
        return _open(seen) if seen.state == states.UNKNOWN else seen
    except Behind as behind:
        raise TryAgain("Stripe is still busy with this payment.", code=behind.code) from None


def _open(attempt: Attempt) -> Attempt:
    """It is there and waits: on its page for the guest, else to be put on a reader."""
    waits = states.PRESENTED if attempt.channel != "present" else states.PREPARED
    return dataclasses.replace(attempt, state=waits)


def _found(client: StripeClient, attempt: Attempt) -> Attempt | None:
    """Made without our hearing of it, so nobody was asked to pay it yet."""
    sought = dataclasses.replace(attempt, state=states.PREPARED)
    return links.find(client, sought) if attempt.channel == "qr" else intents.find(client, sought)


def _let_go(client: StripeClient, attempt: Attempt, *, key: str) -> Attempt:
    if links.is_session(attempt):
        return _ended_or_too_late(links.expire(client, attempt, key=key))
    if attempt.channel == "present" and attempt.reader and attempt.state in _AT_READER:
        readers.take_off(client, attempt)
    return _ended_or_too_late(intents.cancel(client, attempt, key=key))


def _ended_or_too_late(attempt: Attempt) -> Attempt:
    if attempt.state in (states.CANCELLED, states.EXPIRED):
        return attempt
    raise TooLate
