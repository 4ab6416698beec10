"""Section 4 of the contracts, row by row."""

from typing import Any

import pytest
import stripe

from payments.gateways.base import (
    Declined,
    NotConnected,
    OutcomeUnknown,
    ReaderTrouble,
    Refused,
    RightMissing,
    TryAgain,
)
from payments.gateways.stripe.errors import Behind, declined, failure, reading, writing


def said(
    status: int | None, code: str | None = None, kind: str = "invalid_request_error", **more: Any
) -> Any:
    """The library's error for an answer of the vendor's."""
    body = {"error": {"type": kind, "code": code, "message": "Because.", **more}}
    headers = more.pop("headers", {})
    told: dict[str, Any] = {"http_status": status, "json_body": body, "headers": headers}
    if status is None:
        return stripe.APIConnectionError("lost")
    if kind == "idempotency_error" and status == 400:
        return stripe.IdempotencyError("no", **told)
    if status in (400, 402, 404):
        return (stripe.CardError if status == 402 else stripe.InvalidRequestError)("no", None, code, **told)
    others = {401: stripe.AuthenticationError, 403: stripe.PermissionError, 429: stripe.RateLimitError}
    return others.get(status, stripe.APIError)("no", **told)


@pytest.mark.parametrize(
    ("error", "write", "read"),
    [
        (said(402, "card_declined", "card_error", decline_code="do_not_honor"), Declined, Declined),
        (said(429, "rate_limit"), TryAgain, TryAgain),
        (said(429, "lock_timeout"), TryAgain, TryAgain),
        (said(400, "lock_timeout"), TryAgain, TryAgain),
        (said(409, "idempotency_key_in_use", "idempotency_error"), TryAgain, TryAgain),
        (said(500), OutcomeUnknown, TryAgain),
        (said(503), OutcomeUnknown, TryAgain),
        (said(None), OutcomeUnknown, TryAgain),
        (said(400, "terminal_reader_timeout"), OutcomeUnknown, TryAgain),
        (said(401), NotConnected, NotConnected),
        (said(403), RightMissing, RightMissing),
        (said(403, "account_invalid"), NotConnected, NotConnected),
        (said(400, "account_invalid"), NotConnected, NotConnected),
        (said(401, "platform_api_key_expired"), NotConnected, NotConnected),
        (said(400, "terminal_reader_busy"), ReaderTrouble, ReaderTrouble),
        (said(400, "terminal_reader_offline"), ReaderTrouble, ReaderTrouble),
        (said(400, "terminal_reader_hardware_fault"), ReaderTrouble, ReaderTrouble),
        (said(400, "intent_invalid_state"), Behind, Behind),
        (said(400, "payment_intent_unexpected_state"), Behind, Behind),
        (said(400, "charge_expired_for_capture"), Behind, Behind),
        (said(400, "parameter_unknown"), Refused, Refused),
        (said(404, "resource_missing"), Refused, Refused),
        (said(400, None, "idempotency_error"), OutcomeUnknown, Refused),
        (said(400, "a_code_of_tomorrow"), Refused, Refused),
        (said(418, "a_status_of_tomorrow"), Refused, Refused),
    ],
    ids=lambda value: (
        f"{value.http_status} {(value.json_body or {}).get('error', {}).get('code')}"
        if isinstance(value, stripe.StripeError)
        else value.__name__
    ),
)
def test_what_an_error_means(error: stripe.StripeError, write: type, read: type) -> None:
    assert type(failure(error, writes=True)) is write
    assert type(failure(error, writes=False)) is read


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (
            "The provided key 'rk_live_***7kw' may not do this. Having the 'rak_charge_write' permission would do.",
            "The key has no right to this at Stripe (rak_charge_write).",
        ),
        (
            "Permission denied for 'rk_live_***7kw'. Enabling \"Refunds Write\" ('refund_write') would do.",
            "The key has no right to this at Stripe (refund_write).",
        ),
        (None, "The key has no right to this at Stripe."),
    ],
    ids=["named", "named otherwise", "not named"],
)
def test_the_right_a_key_lacks_is_named_and_the_key_is_not(message: str | None, text: str) -> None:
    error = said(403)
    error.json_body["error"]["message"] = message
    found = failure(error, writes=True)
    assert isinstance(found, RightMissing)
    assert (found.text, found.code) == (text, "403")


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": "1.5"}, 1.5),
        ({}, None),
        ({"Retry-After": "Tuesday"}, None),
    ],
    ids=["seconds", "lower case", "none", "a date"],
)
def test_how_long_to_wait(headers: dict[str, str], after: float | None) -> None:
    found = failure(said(429, "rate_limit", headers=headers), writes=True)
    assert isinstance(found, TryAgain)
    assert found.after == after


@pytest.mark.parametrize(
    ("body", "code", "again"),
    [
        ({"decline_code": "insufficient_funds", "code": "card_declined"}, "insufficient_funds", False),
        (
            {"decline_code": "insufficient_funds", "advice_code": "try_again_later"},
            "insufficient_funds",
            True,
        ),
        ({"decline_code": "processing_error"}, "processing_error", True),
        ({"decline_code": "processing_error", "advice_code": "do_not_try_again"}, "processing_error", False),
        ({"code": "expired_card"}, "expired_card", False),
        ({"code": "incorrect_pin"}, "incorrect_pin", True),
        ({}, "declined", False),
    ],
    ids=["funds", "funds, later", "processing", "do not", "expired", "pin", "nothing said"],
)
def test_when_the_same_card_may_be_tried_again(body: dict[str, str], code: str, again: bool) -> None:
    found = declined(body)
    assert (found.code, found.may_retry_same_card) == (code, again)


def test_whoever_stands_there_is_not_told_that_a_card_was_reported() -> None:
    assert declined({"decline_code": "stolen_card"}).text == "The bank declined the card."


def test_trouble_of_readers_is_told_apart() -> None:
    kinds = {
        code: getattr(failure(said(400, code), writes=True), "trouble", "")
        for code in ("terminal_reader_busy", "terminal_reader_offline", "terminal_reader_hardware_fault")
    }
    assert list(kinds.values()) == ["busy", "offline", "hardware"]


@pytest.mark.parametrize(
    "wrong", [KeyError, TypeError, ValueError, AttributeError], ids=lambda kind: kind.__name__
)
def test_an_answer_without_sense_is_unknown_to_a_write_and_tried_again_by_a_read(
    wrong: type[Exception],
) -> None:
    with pytest.raises(OutcomeUnknown), writing():
        raise wrong
    with pytest.raises(TryAgain), reading():
        raise wrong
