"""What Stripe's errors mean here: section 4 of the contracts as one table. Pure.

A write whose answer was lost, a 5xx to it, or an answer that makes no sense is `OutcomeUnknown`, the same for a
read is `TryAgain`. `Behind` never leaves this package: the vendor's object is in another state than we thought, so
whoever meets it reads.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from stripe import APIConnectionError, CardError, StripeError

from payments.gateways.base import (
    Declined,
    GatewayFailure,
    NotConnected,
    OutcomeUnknown,
    ReaderTrouble,
    Refused,
    RightMissing,
    TryAgain,
)

_SERVER: Final = 500
_TOO_MANY: Final = 429
_CONFLICT: Final = 409
_NOT_LET_IN: Final = 401
_NOT_ALLOWED: Final = 403

_AGAIN: Final = frozenset(("lock_timeout", "rate_limit", "idempotency_key_in_use"))
_LOST_ACCOUNT: Final = frozenset(
    ("account_invalid", "platform_api_key_expired", "api_key_expired", "secret_key_required")
)
_READER: Final = {
    "terminal_reader_busy": ("busy", "The reader is doing something else."),
    "terminal_reader_offline": ("offline", "The reader is offline."),
    "terminal_reader_hardware_fault": ("hardware", "The reader has a fault."),
    "terminal_reader_collected_data_invalid": ("hardware", "The reader could not read the card."),
}
_BEHIND: Final = frozenset(
    (
        "intent_invalid_state",
        "payment_intent_unexpected_state",
        "charge_already_captured",
        "charge_expired_for_capture",
        "capture_charge_authorization_expired",
        "checkout_session_not_open",
        "payment_intent_action_required",
    )
)
_RIGHT: Final = re.compile(r"'([a-z_]{3,60}_(?:read|write))'")
_READER_TIMEOUT: Final = "terminal_reader_timeout"
_IDEMPOTENCY: Final = "idempotency_error"

SAME_CARD_AGAIN: Final = frozenset(
    (
        "approve_with_id",
        "authentication_required",
        "incorrect_pin",
        "invalid_pin",
        "issuer_not_available",
        "offline_pin_required",
        "online_or_offline_pin_required",
        "processing_error",
        "reenter_transaction",
        "try_again_later",
    )
)
"""Decline codes that say that the same card may be tried again (the vendor's page on decline codes)."""
_ADVICE_AGAIN: Final = "try_again_later"
_SENTENCES: Final = {
    "insufficient_funds": "There is not enough money on the card.",
    "expired_card": "The card has expired.",
    "incorrect_pin": "The PIN was wrong.",
    "invalid_pin": "The PIN was wrong.",
    "pin_try_exceeded": "The PIN was wrong too often.",
    "lost_card": "The bank declined the card.",
    "stolen_card": "The bank declined the card.",
    "fraudulent": "The bank declined the card.",
}
"""Whoever stands there is not told that a card was reported; the vendor asks for that."""
DECLINED_TEXT: Final = "The bank declined the card."


class Behind(Exception):
    """The vendor's object is in another state than we thought: read it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def reading() -> Iterator[None]:
    """Around calls that change nothing: what goes wrong is one of the five failures."""
    with _asking(writes=False):
        yield


@contextmanager
def writing() -> Iterator[None]:
    """Around calls that may have changed something: a failure, `OutcomeUnknown`, or `Behind`."""
    with _asking(writes=True):
        yield


@contextmanager
def _asking(*, writes: bool) -> Iterator[None]:
    try:
        yield
    except StripeError as error:
        raise failure(error, writes=writes) from None
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        text = f"Stripe's answer makes no sense ({type(error).__name__})."
        raise (OutcomeUnknown(text) if writes else TryAgain(text, code="senseless")) from None


def failure(error: StripeError, *, writes: bool) -> GatewayFailure | OutcomeUnknown | Behind:
    """One row of the table: what this error of the library means for a write or for a read."""
    body, status = said(error), error.http_status
    code = str(body.get("code") or error.code or "")
    if isinstance(error, CardError):
        return declined(body)
    if status in (_TOO_MANY, _CONFLICT) or code in _AGAIN:
        return TryAgain("Stripe asks to wait.", code=code or str(status), after=_after(error))
    if isinstance(error, APIConnectionError) or status is None or status >= _SERVER:
        return _nobody_knows(writes=writes, code=code or str(status or "connection"))
    if code == _READER_TIMEOUT:
        return _nobody_knows(writes=writes, code=code)
    return _our_request(body, code=code, status=status, writes=writes)


def _our_request(
    body: Mapping[str, Any], *, code: str, status: int, writes: bool
) -> GatewayFailure | OutcomeUnknown | Behind:
    if status == _NOT_LET_IN or code in _LOST_ACCOUNT:
        return NotConnected("Stripe does not let us in any more.", code=code or str(status))
    if status == _NOT_ALLOWED:  # a restricted key: the vendor names the right it lacks, and no code
        return RightMissing(_lacking(str(body.get("message") or "")), code=code or str(status))
    if code in _READER:
        trouble, text = _READER[code]
        return ReaderTrouble(text, code=code, trouble=trouble)
    if code in _BEHIND:
        return Behind(code)
    if body.get("type") == _IDEMPOTENCY and writes:
        # The key was used for other numbers before: what became of those has to be read.
        return OutcomeUnknown("Stripe knows this key with other numbers.")
    return Refused(
        _short(str(body.get("message") or f"Stripe refused ({status}).")), code=code or str(status)
    )


def declined(body: Mapping[str, Any]) -> Declined:
    """A decline as the vendor's error object says it: of an answer, of an intent, or of a reader's action."""
    code = str(body.get("decline_code") or body.get("code") or "declined")
    advice = body.get("advice_code")
    again = advice == _ADVICE_AGAIN if advice else code in SAME_CARD_AGAIN
    return Declined(_SENTENCES.get(code, DECLINED_TEXT), code=code, may_retry_same_card=again)


def said(error: StripeError) -> Mapping[str, Any]:
    """The error object in the answer; empty without one."""
    body = error.json_body if isinstance(error.json_body, dict) else {}
    inner = body.get("error")
    return inner if isinstance(inner, dict) else {}


def _lacking(message: str) -> str:
    """The right, if it is named. The rest of the sentence tells of the key and of the account."""
    named = _RIGHT.search(message)
    return f"The key has no right to this at Stripe{f' ({named[1]})' if named else ''}."


def _nobody_knows(*, writes: bool, code: str) -> GatewayFailure | OutcomeUnknown:
    if writes:
        return OutcomeUnknown(f"Stripe did not answer ({code}).")
    return TryAgain(f"Stripe did not answer ({code}).", code=code)


def _after(error: StripeError) -> float | None:
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    try:
        return float(headers["retry-after"])
    except (KeyError, ValueError):
        return None


def _short(text: str) -> str:
    return text if len(text) <= 300 else text[:299] + "…"  # noqa: PLR2004  what the column holds
