"""What every payment gateway can be asked, and in which words it answers. Pure.

A gateway talks to a vendor and knows nothing of our tables: it is given facts and returns facts. It is never called
inside a transaction. Whoever calls it (`payments.gateways.services`) has committed the attempt and the key of the
request before, and writes the answer down afterwards.

A write whose answer was lost raises `OutcomeUnknown`: only `advance`, a read of the vendor's truth, ends that,
never another attempt and never another gateway.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol
from uuid import UUID

from fynlo.core.money import Money

Channel = Literal["present", "remote", "qr", "value", "manual"]
"""A card at a reader; a page of the guest's own device; a link drawn as a QR code; stored value; told by people."""

CaptureWhen = Literal["automatic", "manual"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionFacts:
    """A merchant's account at a vendor. `secrets` are opened for this call only and are never shown."""

    id: UUID
    gateway: str
    tenant: str
    account: str = ""
    is_live: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What this merchant can do here, now. Asked before a verb is called. Empty `currencies`: any."""

    channels: frozenset[str]
    manual_capture: bool = False
    increment: bool = False
    partial_refund: bool = False
    refund_needs_card: bool = False
    reader_tips: bool = False
    offline: bool = False
    settlements: bool = False
    cancel: bool = False
    currencies: frozenset[str] = frozenset()
    smallest_minor: int = 1
    largest_minor: int | None = None
    step_minor: int = 1
    """Whatever is asked for, taken of a reservation or given back is a multiple of this: of 10 fils where the last
    digit must be a zero."""
    trouble: str = ""
    """Why nothing can be done at the moment, in a sentence; empty when something can."""
    account: str = ""
    """Whose answer it is, as the vendor names the account; empty where it tells none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What the screen does now: `show_qr` and `redirect` have a url, `use_reader` a reader, and so on."""

    kind: Literal["show_qr", "use_reader", "client_secret", "redirect", "wait", "none"] = "none"
    url: str = field(default="", repr=False)
    until: dt.datetime | None = None
    reader: str = ""
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What may be kept of a card: never its number."""

    brand: str = ""
    last4: str = ""
    wallet: str = ""
    receipt: Mapping[str, str] = field(default_factory=dict)
    """Lines a card receipt must show: application name, AID, authorisation code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequest:
    """Money to be asked for. The same `key` makes the same object at the vendor, however often it is sent."""

    attempt_id: UUID
    connection: ConnectionFacts
    key: str
    amount: Money
    channel: Channel
    reference: str
    """What people call it: the order's number, or a slip's of a stand-alone machine."""
    capture: CaptureWhen = "automatic"
    application_fee_minor: int = 0
    tip_on_reader: bool = False
    tip_eligible_minor: int | None = None
    incremental: bool = False
    expires_at: dt.datetime | None = None
    return_url: str = field(default="", repr=False)
    """Where the guest goes after paying on a page."""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """Where it is put before the guest. `key` is for vendors that take one."""

    key: str
    reader: str = ""
    return_url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt as a gateway is given it and returns it. States are those of `payments.gateways.states`.

    `amount_minor` is what was asked for, without `tip_minor`; `authorised_minor` and `captured_minor` are with it.
    """

    id: UUID
    connection: ConnectionFacts
    currency: str
    amount_minor: int
    channel: Channel
    state: str
    vendor_id: str = ""
    reader: str = ""
    tip_minor: int = 0
    authorised_minor: int = 0
    captured_minor: int = 0
    next: Next = Next()
    card: Card = Card()
    capture: CaptureWhen = "automatic"
    capture_before: dt.datetime | None = None
    begun_at: dt.datetime | None = None
    """When it was asked for. A vendor that has it has made it within a day after that."""
    expires_at: dt.datetime | None = None
    can_increment: bool = False
    failure_kind: str = ""
    failure_code: str = ""
    failure_text: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What else this gateway wants to know the next time, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequest:
    """Money of a captured attempt that goes back. `vendor_id` is known when it was sent before."""

    id: UUID
    attempt: Attempt
    key: str
    amount_minor: int
    reason: str = ""
    reader: str = ""
    vendor_id: str = ""
    application_fee: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundState:
    """What became of it: `pending`, `succeeded` or `failed` (also days later).

    `at_reader`: it waits for the guest's card there, so it is looked at as often as a payment; `vendor_id` may be
    the reader's meanwhile. Other pending ones wait for a bank, for days.
    """

    state: Literal["pending", "succeeded", "failed"]
    vendor_id: str = ""
    at_reader: bool = False
    failure_code: str = ""
    failure_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """What was posted to our door: the raw bytes and the headers, names in lower case.

    It is signed with `connection.secrets["webhook_secret"]`; without one nothing is genuine.
    """

    connection: ConnectionFacts
    body: bytes
    headers: Mapping[str, str]
    received_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedEvent:
    """A bell whose signature is right. `account` is whose it is, "" for the platform's own."""

    id: str
    kind: str
    account: str
    at: dt.datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What an event says to look at: `attempt`, `refund`, `dispute`, `payout`, `reader`, `connection` or `unknown`.

    `vendor_id` names it at the vendor; `attempt_id` and `refund_id` are ours where the vendor gave them back to us.
    What need not be ours is not waited for when nobody here knows it: a merchant's web shop may use the same
    account.
    """

    about: str
    vendor_id: str
    attempt_id: UUID | None = None
    refund_id: UUID | None = None
    is_ours: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementLine:
    """One line of a payout. `net = gross - fee`; `source` is the vendor's id of what it is about."""

    id: str
    category: str
    source: str
    gross_minor: int
    fee_minor: int
    net_minor: int
    currency: str
    at: dt.datetime
    payment: str = ""
    """The vendor's id of the payment behind it, of a refund too."""


def _read_anyway() -> None:
    """A gateway that reads all lines in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A payout with its lines, read one after the other so that memory stays flat. `traced`: the lines are its own.

    One without an id is what is not paid out yet. Whoever has all lines of a payout calls `leave`: they need not be
    read again then, and may be told once more among what is not paid out, where whoever knows them lets them be.
    """

    id: str
    amount_minor: int
    currency: str
    state: str
    arrives_on: dt.date
    created_at: dt.datetime
    lines: Iterator[SettlementLine]
    traced: bool = True
    leave: Callable[[], None] = field(default=_read_anyway, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeFact:
    """A cardholder's objection as the vendor tells it now. Amounts are above zero.

    `state`: `needs_response` (evidence may be sent until `due_at`), `under_review`, `won`, `lost`, or
    `closed` (it ended without a verdict: prevented, withdrawn).
    """

    id: str
    payment: str
    """The vendor's id of the payment it is about."""
    amount_minor: int
    currency: str
    state: Literal["needs_response", "under_review", "won", "lost", "closed"]
    opened_at: dt.datetime
    due_at: dt.datetime | None = None
    reason: str = ""
    attempt_id: UUID | None = None
    """Ours, where the vendor gave it back to us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for the merchant: sentences by name, and papers as (file name, media type, content).

    Names of `texts`: `order` (what was sold), `receipt` (its text), `card` (how it was read, authorisation),
    `served_on` (a date), `log` (what was done when, at a till), `activity` (the same, on the guest's own device),
    `note` (the merchant's own words). Of `papers`: `receipt`, `signature`, `other`.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, tuple[str, str, bytes]] = field(default_factory=dict, repr=False)


class GatewayFailure(Exception):
    """The vendor said no, and certainly nothing was taken. `code` is the vendor's, `text` is for people."""

    kind: ClassVar[str] = ""

    def __init__(self, text: str, *, code: str = "") -> None:
        super().__init__(text)
        self.text, self.code = text, code


class Declined(GatewayFailure):
    """By the issuer. `may_retry_same_card` only where its code says so."""

    kind: ClassVar[str] = "declined"

    def __init__(self, text: str, *, code: str = "", may_retry_same_card: bool = False) -> None:
        super().__init__(text, code=code)
        self.may_retry_same_card = may_retry_same_card


class TryAgain(GatewayFailure):
    """Later, with the same key. `after` in seconds when the vendor says it."""

    kind: ClassVar[str] = "try_again"

    def __init__(self, text: str, *, code: str = "", after: float | None = None) -> None:
        super().__init__(text, code=code)
        self.after = after


class ReaderTrouble(GatewayFailure):
    """Busy, offline, or broken: another reader or another way to pay. `trouble` is busy, offline or hardware."""

    kind: ClassVar[str] = "reader_trouble"

    def __init__(self, text: str, *, code: str = "", trouble: str = "offline") -> None:
        super().__init__(text, code=code)
        self.trouble = trouble


class Refused(GatewayFailure):
    """Our own mistake; never repeated, and an alarm."""

    kind: ClassVar[str] = "refused"


class RightMissing(Refused):
    """The account is there, and its key may not do this one thing: told for it, while everything else goes on."""


class NotConnected(GatewayFailure):
    """No, or no longer, an account there. The owner is told once."""

    kind: ClassVar[str] = "not_connected"


class OutcomeUnknown(Exception):
    """Nobody knows whether it happened: no answer, a 5xx to a write, an answer that makes no sense."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class TooLate(Exception):
    """It cannot be cancelled any more: `advance` decides."""


class BadSignature(Exception):
    """What came in was not signed by the vendor, or long ago, or from the future."""


class Gateway(Protocol):
    """Eleven verbs. A verb that `capabilities` does not offer is never called."""

    code: ClassVar[str]

    def capabilities(self, *, connection: ConnectionFacts) -> Capabilities:
        """What this merchant can do here, now. Raises `NotConnected`, `RightMissing`, `TryAgain`."""

    def begin(self, *, request: PaymentRequest) -> Attempt:
        """The vendor's object exists; the same key, the same object."""

    def present(self, *, attempt: Attempt, at: Presentation) -> Attempt:
        """To a reader, as a QR code on a screen, as a link, or nothing."""

    def advance(self, *, attempt: Attempt) -> Attempt:
        """Read the vendor's truth; safe at any time. An attempt without `vendor_id` is looked for by its own id.

        `prepared` without a `vendor_id` is the vendor's word that there is no such payment. Raises `TryAgain` while
        nobody can say, because not everything could be looked through for instance.
        """

    def increment(self, *, attempt: Attempt, to: Money, key: str) -> Attempt:
        """Authorise more. A declined one leaves the old amount (`Declined`)."""

    def capture(self, *, attempt: Attempt, amount: Money, key: str) -> Attempt:
        """Take at most what is authorised; the rest is let go."""

    def cancel(self, *, attempt: Attempt, key: str) -> Attempt:
        """Let it go. Raises `TooLate`; then `advance` decides."""

    def refund(self, *, request: RefundRequest) -> RefundState:
        """Send it, or with a `vendor_id` read what became of it."""

    def verify(self, *, inbound: Inbound) -> VerifiedEvent:
        """From raw bytes and headers; raises `BadSignature`."""

    def interpret(self, *, event: VerifiedEvent) -> Sequence[Fact]:
        """What to look at. Pure; unknown kinds say nothing."""

    def settlements(self, *, connection: ConnectionFacts, since: dt.datetime) -> Iterator[Settlement]:
        """Payouts with their lines, the oldest first, and at last what is not paid out yet."""


class FeeGateway(Protocol):
    """What a gateway can besides where the platform keeps a part of what it takes."""

    def platform_fee(self, *, connection: ConnectionFacts, amount: Money) -> int:
        """That part of `amount`, in minor units. Nobody is asked for it."""


class DisputeGateway(Protocol):
    """What a gateway can besides whose payments are disputed: it has both methods."""

    def disputes(self, *, connection: ConnectionFacts, since: dt.datetime) -> Iterator[DisputeFact]:
        """Disputes that were opened or changed since then, as they are now."""

    def submit_evidence(
        self,
        *,
        connection: ConnectionFacts,
        dispute_id: str,
        evidence: Evidence,
        key: str,
        is_draft: bool = False,
    ) -> DisputeFact:
        """Send it, for good: once. A draft only lies at the vendor, and takes the place of the one before.

        Raises `TooLate`, `Refused`, `OutcomeUnknown`; then `disputes` decides.
        """
