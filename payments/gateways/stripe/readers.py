"""Readers driven by the server: put an intent on one, take it off, give money back at one; list and register them.

A reader answers at once that it started; what comes of it is read from the intent. A request to a reader whose
answer was lost is never repeated blindly: the reader says what it is doing.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from stripe import StripeClient

from payments.gateways import states
from payments.gateways.base import (
    Attempt,
    ConnectionFacts,
    GatewayFailure,
    Next,
    Presentation,
    ReaderTrouble,
    Refused,
    RightMissing,
    TooLate,
)
from payments.gateways.stripe import intents
from payments.gateways.stripe.answers import action_for, identifier, instant, read_action
from payments.gateways.stripe.client import client_of, plain
from payments.gateways.stripe.errors import Behind, reading, writing

_BUSY: Final = "busy"
_MISSING: Final = "resource_missing"
_DECIDED: Final = (states.AUTHORISED, states.CAPTURED, states.CANCELLED, states.EXPIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSeen:
    """A reader as the vendor describes it. `doing` is the kind of action that runs, "" for none."""

    vendor_id: str
    name: str
    model: str
    is_online: bool
    doing: str
    details: Mapping[str, Any]


def process(client: StripeClient, attempt: Attempt, at: Presentation) -> Attempt:
    """Ask for a card at a reader. Raises `ReaderTrouble` when it is busy, offline or broken."""
    if not at.reader:
        raise ReaderTrouble("No reader was chosen.", code="no_reader")
    params: Any = {"payment_intent": attempt.vendor_id, "process_config": process_config(attempt)}
    try:
        with writing():
            options = intents.options(at.key)
            reader = plain(client.v1.terminal.readers.process_payment_intent(at.reader, params, options))
    except ReaderTrouble as trouble:
        if trouble.trouble != _BUSY:
            raise
        raise ReaderTrouble(_whose(client, at.reader), code=trouble.code, trouble=_BUSY) from None
    with writing():
        put = dataclasses.replace(
            attempt,
            state=states.PRESENTED,
            reader=at.reader,
            details={**attempt.details, "reader": at.reader},
            next=Next(kind="use_reader", reader=at.reader),
            failure_kind="",
            failure_code="",
            failure_text="",
        )
        return read_action(put, reader) if action_for(attempt.vendor_id, reader) else put


def _whose(client: StripeClient, reader: str) -> str:
    """What a busy reader is doing, in a sentence: whoever cancels that other payment has it free again."""
    busy = "The reader is doing something else."
    try:
        with reading():
            action = plain(client.v1.terminal.readers.retrieve(reader)).get("action") or {}
            other = identifier((action.get("process_payment_intent") or {}).get("payment_intent"))
            held = plain(client.v1.payment_intents.retrieve(other)).get("metadata") if other else None
    except (Behind, GatewayFailure):
        return busy
    return f"The reader asks for {held['order']} at the moment." if held and held.get("order") else busy


def process_config(attempt: Attempt) -> dict[str, Any]:
    """The guest may cancel; tips are asked for only where the till wants them. Pure."""
    config: dict[str, Any] = {"enable_customer_cancellation": True}
    if not attempt.details.get("tip_on_reader"):
        return {**config, "skip_tipping": True}
    eligible = attempt.details.get("tip_eligible")
    return config if eligible is None else {**config, "tipping": {"amount_eligible": eligible}}


def look(client: StripeClient, attempt: Attempt) -> Attempt:
    """A waiting attempt as the reader's action says; the intent is read once more before "no" is said."""
    reader = _reader(client, attempt.reader)
    with reading():
        seen = read_action(attempt, reader)
    if seen.state != states.DECLINED:
        return seen
    again = intents.read(client, attempt)
    return again if again.state in _DECIDED or again.next.kind == "wait" else _keeping(seen, again)


def _keeping(seen: Attempt, again: Attempt) -> Attempt:
    """The bank's word for it, read later, says more than the reader's."""
    if seen.failure_kind == "reader_trouble" and seen.failure_code != "not_on_reader":
        return seen
    if again.failure_kind != "declined":
        return seen
    return dataclasses.replace(
        seen,
        failure_kind=again.failure_kind,
        failure_code=again.failure_code,
        failure_text=again.failure_text,
    )


def take_off(client: StripeClient, attempt: Attempt) -> None:
    """End the reader's action if it is ours. Raises `TooLate` when the reader does not let it go."""
    action = action_for(attempt.vendor_id, _reader(client, attempt.reader))
    if action is None or action.get("status") != "in_progress":
        return
    try:
        with writing():
            client.v1.terminal.readers.cancel_action(attempt.reader)
    except RightMissing:
        raise
    except (Behind, Refused, ReaderTrouble):
        raise TooLate from None


def _reader(client: StripeClient, reader: str) -> Mapping[str, Any]:
    """The reader as it is now. One that was taken out of the account does nothing any more."""
    try:
        with reading():
            return plain(client.v1.terminal.readers.retrieve(reader))
    except Refused as refusal:
        if refusal.code != _MISSING:
            raise
        return {"id": reader}


def readers_of(*, connection: ConnectionFacts) -> Iterator[ReaderSeen]:
    """Every reader of the account. Raises `NotConnected`, `TryAgain`."""
    with client_of(connection) as client, reading():
        for reader in client.v1.terminal.readers.list({"limit": 100}).auto_paging_iter():
            yield reader_seen(plain(reader))


def register(*, connection: ConnectionFacts, code: str, name: str, location: str, key: str) -> ReaderSeen:
    """Pair the reader that shows `code`. Raises `Refused` for a code that is wrong or used up."""
    params: Any = {"registration_code": code, "label": name, "location": location}
    with client_of(connection) as client, writing():
        return reader_seen(plain(client.v1.terminal.readers.create(params, intents.options(key))))


def make_location(*, connection: ConnectionFacts, name: str, address: Mapping[str, str], key: str) -> str:
    """The place readers stand at, which the vendor wants to know with its address; its id there."""
    params: Any = {"display_name": name, "address": dict(address)}
    with client_of(connection) as client, writing():
        return str(client.v1.terminal.locations.create(params, intents.options(key)).id)


def reader_seen(reader: Mapping[str, Any]) -> ReaderSeen:
    """The vendor's reader in our words. Pure."""
    action = reader.get("action")
    action = action if isinstance(action, Mapping) else {}
    milliseconds = reader.get("last_seen_at")
    seen = None if milliseconds is None else instant(int(milliseconds) // 1000)
    return ReaderSeen(
        vendor_id=str(reader["id"]),
        name=str(reader.get("label") or reader["id"]),
        model=str(reader.get("device_type") or ""),
        is_online=reader.get("status") == "online",
        doing=str(action.get("type") or "") if action.get("status") == "in_progress" else "",
        details={
            "software": str(reader.get("device_sw_version") or ""),
            "serial": str(reader.get("serial_number") or ""),
            "last_seen_at": "" if seen is None else seen.isoformat(),
        },
    )
