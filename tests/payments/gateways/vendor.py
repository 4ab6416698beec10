"""A vendor that lives in memory: it has a state of its own, is strict about keys, and can be told to misbehave.

It is a vendor, no stand-in for our code: it keeps payments by its own ids, remembers every key with the request it
came with (another request under the same key is refused), and charges once per key. `script` says what happens to
the next calls of a verb: a failure to raise, or `lost` (it happens, and the answer never arrives).
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from fynlo.core.money import Money
from payments.gateways import base, states
from payments.gateways.registry import add_gateway, remove_gateway

LOST = base.OutcomeUnknown("The line went dead.")
EVERYTHING = base.Capabilities(
    channels=frozenset({"present", "remote", "qr"}),
    manual_capture=True,
    increment=True,
    partial_refund=True,
    reader_tips=True,
    settlements=True,
    cancel=True,
    smallest_minor=10,
    largest_minor=1_000_000,
)


@dataclass(slots=True)
class Charge:
    """A payment at the vendor."""

    id: str
    ours: str
    amount: int
    currency: str
    capture: str
    incremental: bool
    state: str = "created"
    authorised: int = 0
    captured: int = 0
    tip: int = 0
    refunded: int = 0
    failure: base.GatewayFailure | None = None
    presented_at: list[str] = field(default_factory=list)


class Vendor:
    """The vendor and its gateway in one: eleven verbs over `charges`.

    Of a payment it does not have it says so where it `lists_all`, else it cannot say.
    """

    code: ClassVar[str] = "vendor"

    def __init__(self) -> None:
        self.offers = EVERYTHING
        self.lists_all = False
        self.charges: dict[str, Charge] = {}
        self.keys: dict[str, tuple[Any, ...]] = {}
        self.refunds: dict[str, base.RefundState] = {}
        self.script: dict[str, list[Any]] = {}
        self.calls: list[tuple[str, str]] = []
        self.meanwhile: dict[str, Callable[[], None]] = {}
        self.words = {"created": states.PREPARED, "waiting": states.PRESENTED}

    def then(self, verb: str, *happenings: Any) -> None:
        """What happens to the next calls of `verb`, one after the other; None is an ordinary answer."""
        self.script.setdefault(verb, []).extend(happenings)

    def guest_pays(self, ours: Any, *, tip: int = 0) -> None:
        """The guest holds the card to the reader."""
        charge = self._of(str(ours))
        assert charge.state == "waiting", charge.state
        charge.tip, charge.authorised, charge.state = tip, charge.amount + tip, "authorised"
        if charge.capture == "automatic":
            charge.captured, charge.state = charge.authorised, "captured"

    def guest_is_declined(self, ours: Any) -> None:
        """The issuer says no; the same payment may be put before the guest again."""
        charge = self._of(str(ours))
        charge.state, charge.failure = "declined", base.Declined("Not enough money.", code="insufficient")

    @property
    def captured(self) -> int:
        """Everything the vendor ever took."""
        return sum(charge.captured for charge in self.charges.values())

    def capabilities(self, *, connection: base.ConnectionFacts) -> base.Capabilities:
        self._happen("capabilities", "")
        return self.offers

    def begin(self, *, request: base.PaymentRequest) -> base.Attempt:
        facts = (
            str(request.attempt_id),
            request.amount,
            request.channel,
            request.capture,
            request.incremental,
        )
        lost = self._happen("begin", request.key)
        known = self._same(request.key, facts)
        charge = self.charges.get(str(known)) if known else None
        if charge is None:
            charge = Charge(
                id=f"ch_{len(self.charges) + 1}",
                ours=str(request.attempt_id),
                amount=request.amount.minor,
                currency=request.amount.currency,
                capture=request.capture,
                incremental=request.incremental,
            )
            self.charges[charge.id] = charge
            self.keys[request.key] = (facts, charge.id)
        asked = base.Attempt(
            id=request.attempt_id,
            connection=request.connection,
            currency=request.amount.currency,
            amount_minor=request.amount.minor,
            channel=request.channel,
            state=states.PREPARED,
            capture=request.capture,
        )
        return self._answer(lost, asked, charge)

    def present(self, *, attempt: base.Attempt, at: base.Presentation) -> base.Attempt:
        lost = self._happen("present", at.key)
        charge = self.charges[attempt.vendor_id]
        if self._same(at.key, (charge.id, at.reader)) is None:
            if charge.state not in {"created", "declined"}:
                raise base.Refused("It is not to be presented.", code="state")
            charge.state, charge.failure = "waiting", None
            charge.presented_at.append(at.reader)
            self.keys[at.key] = ((charge.id, at.reader), charge.id)
        return self._answer(lost, attempt, charge)

    def advance(self, *, attempt: base.Attempt) -> base.Attempt:
        lost = self._happen("advance", "")
        ours = [each for each in self.charges.values() if each.ours == str(attempt.id)]
        assert len(ours) <= 1, "charged twice"
        if not ours and self.lists_all:
            return replace(attempt, state=states.PREPARED)
        if not ours:
            raise base.TryAgain("There is no such payment (yet).")
        return self._answer(lost, attempt, ours[0])

    def increment(self, *, attempt: base.Attempt, to: Money, key: str) -> base.Attempt:
        lost = self._happen("increment", key)
        charge = self.charges[attempt.vendor_id]
        if self._same(key, (charge.id, to)) is None:
            if charge.state != "authorised" or not charge.incremental:
                raise base.Refused("It cannot be raised.", code="state")
            charge.amount, charge.authorised = to.minor - charge.tip, to.minor
            self.keys[key] = ((charge.id, to), charge.id)
        return self._answer(lost, attempt, charge)

    def capture(self, *, attempt: base.Attempt, amount: Money, key: str) -> base.Attempt:
        lost = self._happen("capture", key)
        charge = self.charges[attempt.vendor_id]
        if self._same(key, (charge.id, amount)) is None:
            if charge.state != "authorised" or amount.minor > charge.authorised:
                raise base.Refused("It cannot be captured.", code="state")
            charge.captured, charge.state = amount.minor, "captured"
            self.keys[key] = ((charge.id, amount), charge.id)
        return self._answer(lost, attempt, charge)

    def cancel(self, *, attempt: base.Attempt, key: str) -> base.Attempt:
        lost = self._happen("cancel", key)
        charge = self.charges[attempt.vendor_id]
        if charge.state == "captured":
            raise base.TooLate
        charge.state = "cancelled"
        return self._answer(lost, attempt, charge)

    def refund(self, *, request: base.RefundRequest) -> base.RefundState:
        lost = self._happen("refund", request.key)
        if request.vendor_id:
            return self.refunds[request.vendor_id]
        charge = self.charges[request.attempt.vendor_id]
        known = self._same(request.key, (charge.id, request.amount_minor))
        if known is None:
            if charge.refunded + request.amount_minor > charge.captured:
                raise base.Refused("More than was taken.", code="too_much")
            charge.refunded += request.amount_minor
            known = f"re_{len(self.refunds) + 1}"
            self.refunds[known] = base.RefundState(state="succeeded", vendor_id=known)
            self.keys[request.key] = ((charge.id, request.amount_minor), known)
        if lost:
            raise LOST
        return self.refunds[known]

    def verify(self, *, inbound: base.Inbound) -> base.VerifiedEvent:
        raise base.BadSignature

    def interpret(self, *, event: base.VerifiedEvent) -> Sequence[base.Fact]:
        return ()

    def settlements(
        self, *, connection: base.ConnectionFacts, since: dt.datetime
    ) -> Iterator[base.Settlement]:
        return iter(())

    def _of(self, ours: str) -> Charge:
        (found,) = [charge for charge in self.charges.values() if charge.ours == ours]
        return found

    def _happen(self, verb: str, key: str) -> bool:
        """Whether the answer of this call gets lost; raises what the script says."""
        self.calls.append((verb, key))
        scripted = self.script.get(verb) or [None]
        happening = scripted.pop(0)
        aside = self.meanwhile.pop(verb, None)
        if aside is not None:
            aside()
        if happening is LOST:
            return True
        if happening is not None:
            raise happening
        return False

    def _same(self, key: str, facts: tuple[Any, ...]) -> str | None:
        """What was made under this key before; another request under it is refused."""
        if key not in self.keys:
            return None
        before, made = self.keys[key]
        if before != facts:
            raise base.Refused("The key was used for something else.", code="idempotency_error")
        return str(made)

    def _answer(self, lost: bool, asked: base.Attempt, charge: Charge) -> base.Attempt:
        if lost:
            raise LOST
        failure = charge.failure
        return replace(
            asked,
            state=self.words.get(charge.state, charge.state),
            vendor_id=charge.id,
            amount_minor=charge.amount,
            tip_minor=charge.tip,
            authorised_minor=charge.authorised,
            captured_minor=charge.captured,
            can_increment=charge.incremental,
            next=base.Next(kind="use_reader" if charge.state == "waiting" else "none"),
            failure_kind="" if failure is None else failure.kind,
            failure_code="" if failure is None else failure.code,
            failure_text="" if failure is None else failure.text,
        )


@contextmanager
def vendor_present() -> Iterator[Vendor]:
    """The vendor, known to the registry for the length of a `with` block."""
    vendor = Vendor()
    add_gateway(vendor)
    try:
        yield vendor
    finally:
        remove_gateway(vendor.code)
