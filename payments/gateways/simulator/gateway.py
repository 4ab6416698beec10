"""The simulator: a gateway whose vendor lives in our own database, for demonstrations, developers and tests."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final
from uuid import UUID

from django.conf import settings

from fynlo.core.money import Money
from payments.gateways import base, states
from payments.gateways.origins import origin
from payments.gateways.simulator import balance, bells, disputes, faults, payments, refunds
from payments.gateways.simulator.answers import UnknownState, answered, asked
from payments.gateways.simulator.faults import Fault
from payments.gateways.simulator.guest import tapped, taps_by_itself, usual_tip
from payments.gateways.simulator.links import page_address
from payments.gateways.simulator.models import SimulatedObject
from payments.gateways.simulator.options import check_settings, read_settings
from payments.gateways.simulator.store import Desk, desk_of, needed, once, own
from payments.gateways.simulator.striking import after, before, strike

_NOT_HERE: Final = "The simulator takes no real money, so it is not for a live account."
_NOT_ALLOWED: Final = "The simulator is switched off on this platform."
_LONGEST_MINOR: Final = 99_999_999
_ABOUT: Final = ("payment", "refund", "dispute", "payout", "reader")


class Simulator:
    """All eleven verbs, with readers, pages, tips, disputes and payouts, and faults by amount and by script."""

    code: ClassVar[str] = "simulator"

    def check_settings(self, *, settings: Mapping[str, Any]) -> None:
        """Raises `InvalidInput` for what the simulator could not read."""
        check_settings(settings=settings)

    def capabilities(self, *, connection: base.ConnectionFacts) -> base.Capabilities:
        """Everything, unless it is a live account, or the platform does not allow it."""
        _still_known(connection)
        return base.Capabilities(
            channels=frozenset({"present", "remote", "qr"}),
            manual_capture=True,
            increment=True,
            partial_refund=True,
            reader_tips=True,
            settlements=True,
            cancel=True,
            largest_minor=_LONGEST_MINOR,
            trouble=trouble_with(connection),
        )

    def begin(self, *, request: base.PaymentRequest) -> base.Attempt:
        """A payment at the vendor."""
        desk, attempt = _desk(request.connection), asked(request)

        def make() -> SimulatedObject:
            return payments.made(desk=desk, request=request)

        facts = (request.attempt_id, request.amount.minor, request.amount.currency, request.channel)
        return self._write(desk, "begin", attempt, request.key, facts, make)

    def present(self, *, attempt: base.Attempt, at: base.Presentation) -> base.Attempt:
        """On a reader, or as the address of a page."""
        desk = _desk(attempt.connection)

        def show() -> SimulatedObject:
            return payments.present(desk=desk, row=_needed(desk, attempt), at=at)

        return self._write(desk, "present", attempt, at.key, (attempt.id, at.reader), show)

    def advance(self, *, attempt: base.Attempt) -> base.Attempt:
        """What the vendor has. One it has never heard of is still `prepared`."""
        desk = _desk(attempt.connection)
        fault = _struck(desk, "advance", attempt)
        before(fault, is_read=True)
        with own():
            row = payments.looked_up(desk=desk, attempt=attempt)
            if row is not None and taps_by_itself(desk=desk, row=row):
                tapped(desk=desk, row=row, tip_minor=usual_tip(desk=desk, row=row))
        if row is None:
            return replace(attempt, state=states.PREPARED)
        try:
            return _answer(fault, attempt, row)
        except UnknownState as error:
            raise base.TryAgain(f"The simulator says {error}.", code="unknown_state") from None

    def increment(self, *, attempt: base.Attempt, to: Money, key: str) -> base.Attempt:
        """Authorise more, at most ten times."""
        desk = _desk(attempt.connection)

        def more() -> SimulatedObject:
            return payments.increment(row=_needed(desk, attempt), to_minor=to.minor)

        return self._write(desk, "increment", attempt, key, (attempt.id, to.minor), more)

    def capture(self, *, attempt: base.Attempt, amount: Money, key: str) -> base.Attempt:
        """Take what was authorised, or less."""
        desk = _desk(attempt.connection)

        def take() -> SimulatedObject:
            return payments.capture(desk=desk, row=_needed(desk, attempt), amount_minor=amount.minor)

        return self._write(desk, "capture", attempt, key, (attempt.id, amount.minor), take)

    def cancel(self, *, attempt: base.Attempt, key: str) -> base.Attempt:
        """Let it go, unless the card was faster."""
        desk = _desk(attempt.connection)
        fault = _struck(desk, "cancel", attempt)
        before(fault)
        too_late = fault is not None and fault.name == faults.TAKEN_AFTER_CANCEL
        with own():
            row = _needed(desk, attempt)
            if too_late and row.data["state"] in {"presented", "authorised"}:
                payments.take(desk=desk, row=row)
        if row.data["state"] == "captured":
            raise base.TooLate

        def let_go() -> SimulatedObject:
            locked = _needed(desk, attempt)
            over = locked.data["state"] in {"captured", "cancelled", "expired"}
            return locked if over else payments.end(desk=desk, row=locked, state="cancelled")

        row = once(desk=desk, verb="cancel", key=key, asked=(attempt.id,), do=let_go)
        after(fault)
        if row.data["state"] == "captured":
            raise base.TooLate
        return _written(fault, attempt, row)

    def refund(self, *, request: base.RefundRequest) -> base.RefundState:
        """Send money back, or look what became of it."""
        desk, attempt = _desk(request.attempt.connection), request.attempt
        if request.vendor_id:
            before(strike(desk=desk, verb="advance", amount_minor=0, subject=str(request.id)), is_read=True)
            with own():
                return refunds.refund_state(refunds.looked_at(desk=desk, name=request.vendor_id))
        fault = strike(desk=desk, verb="refund", amount_minor=request.amount_minor, subject=str(request.id))
        before(fault)
        fails = fault is not None and fault.name == faults.REFUND_FAILS_LATER

        def give_back() -> SimulatedObject:
            row = _needed(desk, attempt)
            return refunds.given_back(desk=desk, row=row, request=request, fails_later=fails)

        facts = (attempt.id, request.amount_minor)
        row = once(desk=desk, verb="refund", key=request.key, asked=facts, do=give_back)
        after(fault)
        return refunds.refund_state(row)

    def verify(self, *, inbound: base.Inbound) -> base.VerifiedEvent:
        """A call of the simulated vendor. Raises `BadSignature`."""
        return bells.verified(inbound=inbound)

    def interpret(self, *, event: base.VerifiedEvent) -> Sequence[base.Fact]:
        """What rang. Pure."""
        about, _, _ = event.kind.partition(".")
        if about not in _ABOUT:
            return []
        said: dict[str, Any] = event.payload["data"]
        name = "attempt" if about == "payment" else about
        return [base.Fact(about=name, vendor_id=said["object"], attempt_id=_id(said["attempt"]))]

    def settlements(
        self, *, connection: base.ConnectionFacts, since: dt.datetime
    ) -> Iterator[base.Settlement]:
        """Payouts and what is not paid out yet."""
        return balance.settlements(desk=_desk(connection), since=since)

    def disputes(self, *, connection: base.ConnectionFacts, since: dt.datetime) -> Iterator[base.DisputeFact]:
        """Disputes that were opened or changed since then."""
        return disputes.disputes_since(desk=_desk(connection), since=since)

    def submit_evidence(
        self,
        *,
        connection: base.ConnectionFacts,
        dispute_id: str,
        evidence: base.Evidence,
        key: str,
        is_draft: bool = False,
    ) -> base.DisputeFact:
        """What speaks for the merchant, once; or a draft of it."""
        desk = _desk(connection)

        def send() -> SimulatedObject:
            dispute = needed(desk=desk, kind="dispute", name=dispute_id)
            return disputes.answered(desk=desk, dispute=dispute, evidence=evidence, is_draft=is_draft)

        papers = [(name, len(paper[2])) for name, paper in sorted(evidence.papers.items())]
        facts = (dispute_id, is_draft, *sorted(evidence.texts.items()), *papers)
        return disputes.dispute_fact(once(desk=desk, verb="evidence", key=key, asked=facts, do=send))

    def _write(
        self,
        desk: Desk,
        verb: str,
        attempt: base.Attempt,
        key: str,
        facts: Iterable[Any],
        do: Callable[[], SimulatedObject],
    ) -> base.Attempt:
        fault = _struck(desk, verb, attempt)
        before(fault)
        row = once(desk=desk, verb=verb, key=key, asked=facts, do=do)
        after(fault)
        return _written(fault, attempt, row)


def trouble_with(connection: base.ConnectionFacts) -> str:
    """Why nothing can be paid here, in a sentence; empty when it can."""
    if connection.is_live:
        return _NOT_HERE
    return "" if settings.FYNLO_SIMULATOR else _NOT_ALLOWED


def _desk(connection: base.ConnectionFacts) -> Desk:
    """The account, if the vendor still knows it and it may be used. Raises `NotConnected`."""
    _still_known(connection)
    trouble = trouble_with(connection)
    if trouble:
        raise base.NotConnected(trouble, code="not_allowed")
    return desk_of(connection)


def _still_known(connection: base.ConnectionFacts) -> None:
    if read_settings(settings=connection.settings).get("is_revoked"):
        raise base.NotConnected("The simulator does not know this account any more.", code="account_invalid")


def _struck(desk: Desk, verb: str, attempt: base.Attempt) -> Fault | None:
    return strike(desk=desk, verb=verb, amount_minor=attempt.amount_minor, subject=str(attempt.id))


def _needed(desk: Desk, attempt: base.Attempt) -> SimulatedObject:
    row = payments.looked_up(desk=desk, attempt=attempt)
    if row is None:
        raise base.Refused("The simulator has no such payment.", code="resource_missing")
    return row


def _written(fault: Fault | None, attempt: base.Attempt, row: SimulatedObject) -> base.Attempt:
    try:
        return _answer(fault, attempt, row)
    except UnknownState as error:
        raise base.OutcomeUnknown(f"The simulator says {error}.") from None


def _answer(fault: Fault | None, attempt: base.Attempt, row: SimulatedObject) -> base.Attempt:
    if fault is not None and fault.name == faults.UNKNOWN_STATE:
        row.data = {**row.data, "state": "pondering"}
    url = ""
    if row.data["channel"] != "present":
        url = page_address(key=row.id, origin=origin(attempt.connection))
    return answered(attempt=attempt, row=row, url=url)


def _id(stated: str) -> UUID | None:
    return UUID(stated) if stated else None
