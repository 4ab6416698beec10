"""Rows as gateways are given them, and what gateways answer as rows keep it.

`details` of an attempt holds three things: `asked`, with which it was begun (the same request must be made of it
after a crash), `vendor`, which is the gateway's own, and `can_increment`. What a screen needs to know is in `next`,
its secret sealed.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, cast

from fynlo.core.clock import rfc3339
from fynlo.core.money import Money
from fynlo.core.sealing import seal, unseal
from payments.gateways import base
from payments.gateways.models import Attempt, Connection, GatewayRefund
from payments.gateways.models.connections import UNCHECKED
from payments.gateways.registry import is_local

_CAPABILITIES: Final = frozenset(each.name for each in fields(base.Capabilities))


def state_told(*, row: Connection) -> str:
    """An account's state as people and programs are told it: `unchecked` until its vendor was asked once."""
    is_unasked = row.checked_at is None and row.state == "active" and not is_local(row.gateway)
    return UNCHECKED if is_unasked else str(row.state)


def attempt_facts(*, row: Attempt, connection: base.ConnectionFacts) -> base.Attempt:
    """The attempt as its gateway is given it. The row's reader is read if it was not."""
    return base.Attempt(
        id=row.pk,
        connection=connection,
        currency=row.currency,
        amount_minor=row.amount_minor,
        channel=cast("base.Channel", row.channel),
        state=row.state,
        vendor_id=row.vendor_id,
        reader=_reader(row),
        tip_minor=row.tip_minor,
        authorised_minor=row.authorised_minor,
        captured_minor=row.captured_minor,
        next=next_of(row=row),
        card=card_of(row.card),
        capture=cast("base.CaptureWhen", row.capture),
        capture_before=row.capture_before,
        begun_at=row.at,
        expires_at=row.expires_at,
        can_increment=bool(row.details.get("can_increment")),
        failure_kind=row.failure_kind,
        failure_code=row.failure_code,
        failure_text=row.failure_text,
        details=row.details.get("vendor", {}),
    )


def request_facts(*, row: Attempt, connection: base.ConnectionFacts, key: str) -> base.PaymentRequest:
    """What `begin` is asked, made of what was committed: the same after every crash."""
    asked = row.details["asked"]
    return base.PaymentRequest(
        attempt_id=row.pk,
        connection=connection,
        key=key,
        amount=Money(row.amount_minor, row.currency),
        channel=cast("base.Channel", row.channel),
        reference=row.reference,
        capture=cast("base.CaptureWhen", row.capture),
        application_fee_minor=row.application_fee_minor,
        tip_on_reader=asked["tip_on_reader"],
        tip_eligible_minor=asked["tip_eligible_minor"],
        incremental=asked["incremental"],
        expires_at=row.expires_at,
        return_url=asked["return_url"],
        details=asked["details"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What an account has to offer for an attempt to begin."""

    channel: str
    capture: str
    incremental: bool
    tip_on_reader: bool
    amount: Money


def asked_for(row: Attempt) -> AskedFor:
    """What the account has to offer for this attempt."""
    asked = row.details["asked"]
    return AskedFor(
        channel=row.channel,
        capture=row.capture,
        incremental=asked["incremental"],
        tip_on_reader=asked["tip_on_reader"],
        amount=Money(row.amount_minor, row.currency),
    )


def presentation_facts(*, row: Attempt, key: str) -> base.Presentation:
    """Where `present` puts it."""
    return base.Presentation(key=key, reader=_reader(row), return_url=row.details["asked"]["return_url"])


def refund_facts(*, row: GatewayRefund, attempt: base.Attempt) -> base.RefundRequest:
    """What `refund` is asked. With a `vendor_id` it reads what became of it."""
    return base.RefundRequest(
        id=row.pk,
        attempt=attempt,
        key=row.key,
        amount_minor=row.amount_minor,
        reason=row.reason,
        reader=attempt.reader,
        vendor_id=row.vendor_id,
    )


def next_kept(told: base.Next) -> dict[str, Any]:
    """What the screen does next, as the row keeps it: its secret sealed."""
    kept: dict[str, Any] = {"kind": told.kind}
    if told.url:
        kept["url"] = told.url
    if told.until is not None:
        kept["until"] = rfc3339(told.until)
    if told.reader:
        kept["reader"] = told.reader
    if told.secret:
        kept["sealed_secret"] = seal(told.secret.encode())
    return kept


def next_of(*, row: Attempt) -> base.Next:
    """What the screen does next, its secret opened. Raises `CannotUnseal`."""
    kept: Mapping[str, Any] = row.next
    until = kept.get("until")
    sealed = kept.get("sealed_secret", "")
    return base.Next(
        kind=kept.get("kind", "none"),
        url=kept.get("url", ""),
        until=None if until is None else dt.datetime.fromisoformat(until),
        reader=kept.get("reader", ""),
        secret=unseal(sealed).decode() if sealed else "",
    )


def same_next(row: Attempt, told: base.Next) -> bool:
    """Whether the row keeps that already; a seal looks another way every time."""
    return next_of(row=row) == told


def card_kept(card: base.Card) -> dict[str, Any]:
    """What is kept of a card."""
    return {
        "brand": card.brand,
        "last4": card.last4,
        "wallet": card.wallet,
        "receipt": dict(card.receipt),
    }


def card_of(kept: Mapping[str, Any]) -> base.Card:
    """The card back."""
    return base.Card(
        brand=kept.get("brand", ""),
        last4=kept.get("last4", ""),
        wallet=kept.get("wallet", ""),
        receipt=kept.get("receipt", {}),
    )


def capabilities_kept(found: base.Capabilities) -> dict[str, Any]:
    """Capabilities as JSON."""
    return {
        "channels": sorted(found.channels),
        "manual_capture": found.manual_capture,
        "increment": found.increment,
        "partial_refund": found.partial_refund,
        "refund_needs_card": found.refund_needs_card,
        "reader_tips": found.reader_tips,
        "offline": found.offline,
        "settlements": found.settlements,
        "cancel": found.cancel,
        "currencies": sorted(found.currencies),
        "smallest_minor": found.smallest_minor,
        "largest_minor": found.largest_minor,
        "step_minor": found.step_minor,
        "trouble": found.trouble,
        "account": found.account,
    }


def capabilities_of(kept: Mapping[str, Any]) -> base.Capabilities:
    """Capabilities back; nothing at all of an account that was never asked.

    What another release kept besides is left out, so that two releases may run side by side.
    """
    sets = ("channels", "currencies")
    values: dict[str, Any] = {name: kept[name] for name in _CAPABILITIES - {*sets} if name in kept}
    return base.Capabilities(
        channels=frozenset(kept.get("channels", ())),
        currencies=frozenset(kept.get("currencies", ())),
        **values,
    )


def _reader(row: Attempt) -> str:
    return "" if row.reader is None else str(row.reader.vendor_id)
