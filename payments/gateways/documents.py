"""Attempts, accounts and refunds as the API and the feed tell them: no secret; in the feed no link to pay by."""

from typing import Any

from fynlo.core.clock import rfc3339
from fynlo.core.tenancy import current_tenant
from payments.gateways import states
from payments.gateways.facts import state_told
from payments.gateways.models import Attempt, Connection, GatewayRefund, Reader
from payments.gateways.pauses import held_until
from payments.gateways.reasons import TEXT_INSTEAD, UNTOLD, told_code
from payments.gateways.sentences import refund_sentence, refund_sentence_key, sentence, sentence_key
from payments.gateways.unwanted import is_unwanted


def attempt_document(row: Attempt) -> dict[str, Any]:
    """An attempt as a till sees it, with what its screen does now; nothing where nobody wants it paid any more."""
    kept = {} if is_unwanted(row) else row.next
    return {
        **attempt_told(row),
        "refunds": [refund_document(each) for each in row.refunds.all()] if row.refunded_minor else [],
        "next": {
            "kind": kept.get("kind", "none"),
            "url": kept.get("url"),
            "until": kept.get("until"),
            "reader": kept.get("reader"),
        },
    }


def truth(row: Attempt) -> str:
    """The sentence about it in the shop's language."""
    return sentence(row, language=current_tenant().language)


def attempt_told(row: Attempt) -> dict[str, Any]:
    """An attempt as the feed tells it."""

    def money(amount_minor: int) -> dict[str, Any]:
        return {"amount_minor": amount_minor, "currency": row.currency}

    return {
        "id": str(row.pk),
        "order_id": _text(row.order_id),
        "purpose": row.purpose,
        "gift_card_id": _about(row, "gift_card_id"),
        "house_account_id": _about(row, "house_account_id"),
        "connection_id": str(row.connection_id),
        "reader_id": _text(row.reader_id),
        "register_id": _text(row.register_id),
        "tender_type": row.tender_type,
        "channel": row.channel,
        "reference": row.reference,
        "state": row.state,
        "sentence": truth(row),
        "sentence_key": sentence_key(row),
        "amount": money(row.amount_minor),
        "tip": money(row.tip_minor),
        "authorised": money(row.authorised_minor),
        "captured": money(row.captured_minor),
        "refunded": money(row.refunded_minor),
        "capture": row.capture,
        "capture_before": _time(_capture_before(row)),
        "expires_at": _time(row.expires_at),
        "card": {name: row.card.get(name, "") for name in ("brand", "last4", "wallet")},
        "can_increment": bool(row.details.get("can_increment")),
        "failure": _failure(row.failure_kind, row.failure_code, row.failure_text),
        "trouble": row.trouble or None,
        "at": rfc3339(row.at),
        "captured_at": _time(row.captured_at),
        "settled_at": _time(row.settled_at),
        "overridden_at": _time(row.overridden_at),
        "overridden_by": row.overridden_by or None,
        "override_reason": row.override_reason or None,
    }


def connection_document(row: Connection) -> dict[str, Any]:
    """An account at a vendor: which one, and how it is. Nothing of its secrets but whether there are any."""
    return {
        "id": str(row.pk),
        "gateway": row.gateway,
        "name": row.name,
        "account": row.account,
        "is_live": row.is_live,
        "is_active": row.is_active,
        "state": state_told(row=row),
        "settings": row.settings,
        "has_secrets": bool(row.sealed_secrets),
        "capabilities": row.capabilities,
        "health": row.health,
        "checked_at": _time(row.checked_at),
        "created_at": rfc3339(row.created_at),
    }


def reader_document(row: Reader) -> dict[str, Any]:
    """A card reader, and where it stands."""
    return {
        "id": str(row.pk),
        "connection_id": str(row.connection_id),
        "vendor_id": row.vendor_id,
        "name": row.name,
        "model": row.model,
        "register_id": _text(row.register_id),
        "state": row.state,
        "action": row.action,
        "is_active": row.is_active,
        "seen_at": _time(row.seen_at),
    }


def refund_document(row: GatewayRefund) -> dict[str, Any]:
    """Money on its way back, and the truth about it in one sentence."""
    return {
        "id": str(row.pk),
        "attempt_id": str(row.attempt_id),
        "amount": {"amount_minor": row.amount_minor, "currency": row.currency},
        "state": row.state,
        "sentence": refund_sentence(row, language=current_tenant().language),
        "sentence_key": refund_sentence_key(row),
        "number": row.number,
        "reason": row.reason,
        "failure": _failure("failed" if row.failure_text else "", row.failure_code, row.failure_text),
        "at": rfc3339(row.at),
        "done_at": _time(row.done_at),
        "settled_by": row.settled_by or None,
    }


def _capture_before(row: Attempt) -> Any:
    """When what is reserved is let go or taken by the sweep at the latest, also where the vendor names no end."""
    if row.state == states.AUTHORISED and row.capture == "manual":
        return held_until(channel=row.channel, at=row.at, capture_before=row.capture_before)
    return row.capture_before


def _failure(kind: str, code: str, text: str) -> dict[str, Any] | None:
    if not kind:
        return None
    return {"kind": kind, "code": told_code(code), "text": TEXT_INSTEAD if code in UNTOLD else text}


def _about(row: Attempt, name: str) -> str | None:
    """What owes it where that is no order."""
    found: str | None = row.details.get("asked", {}).get("about", {}).get(name)
    return found


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _time(value: Any) -> str | None:
    return None if value is None else rfc3339(value)
