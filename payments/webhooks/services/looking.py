"""Where an event points, and the look that is taken there. One function for each kind of thing.

Only rows of the event's own connection are looked at, whatever keys of ours the vendor gave back.
"""

import datetime as dt
from typing import Final, Protocol

from django.db.models import Q

from payments.gateways import states
from payments.gateways.base import Fact
from payments.gateways.models import Attempt, Connection, GatewayRefund
from payments.gateways.services.attempts import look_at_attempt
from payments.gateways.services.connecting import check_connection
from payments.gateways.services.refunds import look_at_refund
from payments.reconciliation.services.disputing import refresh_disputes
from payments.reconciliation.services.running import ask_for_run


class NotKnownYet(Exception):
    """It is about something that is not here, or not yet: its own answer may still be on its way."""


class NotOurs(Exception):
    """It is about something another program made in the same account, which reconciling will list."""


class Look(Protocol):
    """Reads the vendor's truth about a fact and writes it down.

    Raises `NotKnownYet`, `NotOurs`, `GatewayFailure`.
    """

    def __call__(self, *, connection: Connection, fact: Fact, at: dt.datetime) -> None: ...


def _at_attempt(*, connection: Connection, fact: Fact, at: dt.datetime) -> None:
    own = Q(pk=fact.attempt_id) if fact.attempt_id else Q(vendor_id=fact.vendor_id) & ~Q(vendor_id="")
    if fact.attempt_id and fact.vendor_id:
        own |= Q(vendor_id=fact.vendor_id)
    found = Attempt.objects.filter(own, connection=connection).values_list("pk", flat=True).first()
    if found is None:
        raise _missing(fact, f"Nobody here knows the payment {fact.vendor_id or fact.attempt_id}.")
    look_at_attempt(attempt_id=found, at=at)


def _at_refund(*, connection: Connection, fact: Fact, at: dt.datetime) -> None:
    """Our refund, else the payment it is of: money that went back without us is found by reconciling."""
    ours = GatewayRefund.objects.filter(attempt__connection=connection)
    own = Q(vendor_id=fact.vendor_id) & ~Q(vendor_id="")
    if fact.refund_id is not None:  # it may not have heard its name there yet
        own |= Q(pk=fact.refund_id)
    found = ours.filter(own).first()
    if found is None and fact.attempt_id is not None:
        waiting = ours.filter(attempt_id=fact.attempt_id, vendor_id="", state__in=_WITHOUT_ANSWER)
        found = waiting.order_by("-id").first()
    if found is None:
        raise _missing(fact, f"Nobody here sent the refund {fact.vendor_id}.")
    look_at_refund(refund_id=found.pk, at=at)


def _missing(fact: Fact, words: str) -> Exception:
    return NotKnownYet(words) if fact.is_ours else NotOurs(words)


def _at_reader(*, connection: Connection, fact: Fact, at: dt.datetime) -> None:
    """Whatever is open on that reader; nothing is (somebody else's till uses it): nothing to do."""
    on_it = Attempt.objects.filter(
        connection=connection, reader__vendor_id=fact.vendor_id, next_look_at__isnull=False
    ).exclude(state=states.CAPTURED)
    for key in on_it.order_by("id").values_list("pk", flat=True)[:20]:
        look_at_attempt(attempt_id=key, at=at)


def _at_dispute(*, connection: Connection, fact: Fact, at: dt.datetime) -> None:
    if fact.vendor_id not in refresh_disputes(connection=connection, dispute_id=fact.vendor_id, at=at):
        raise NotKnownYet(f"The vendor does not list the dispute {fact.vendor_id} yet.")


def _at_payout(*, connection: Connection, fact: Fact, at: dt.datetime) -> None:
    del fact
    ask_for_run(connection=connection, reason="bell", at=at)


def _at_connection(*, connection: Connection, fact: Fact, at: dt.datetime) -> None:
    del fact
    check_connection(connection_id=connection.pk, at=at)


_WITHOUT_ANSWER: Final = (states.PREPARED, states.UNKNOWN)
LOOKS: Final[dict[str, Look]] = {
    "attempt": _at_attempt,
    "refund": _at_refund,
    "reader": _at_reader,
    "dispute": _at_dispute,
    "payout": _at_payout,
    "connection": _at_connection,
}
"""What events speak of. Anything else is stored, ignored and counted."""
