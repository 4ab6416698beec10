"""PaymentIntents: made, found again, read, captured, raised and let go.

An intent takes no money by being there: a card at a reader or a guest on a page does that. So one whose making was
not answered is looked for, and if it cannot be found it may be made under the same key.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final
from uuid import UUID

from stripe import StripeClient

from fynlo.core.money import Money
from payments.gateways import states
from payments.gateways.base import Attempt, PaymentRequest, Refused, TryAgain
from payments.gateways.stripe.amounts import NotPayable, rounded_down, to_vendor
from payments.gateways.stripe.answers import read_intent
from payments.gateways.stripe.client import plain
from payments.gateways.stripe.errors import reading, writing

CHARGE: Final = ["latest_charge"]
_LOOKED_AT: Final = 3000
"""So many are looked through at most. Where there are more, nobody can say that it is not among them."""
_MADE_WITHIN: Final = (dt.timedelta(hours=-1), dt.timedelta(hours=25))
"""When it was made at the vendor, from when it was asked for: it is asked for again for a day; clocks differ."""
CANADA: Final = "CA"


def create(client: StripeClient, request: PaymentRequest) -> Attempt:
    """The intent of this request; the same key, the same intent."""
    params = intent_params(request)
    with writing():
        intent = plain(client.v1.payment_intents.create(params, options(request.key)))
        return read_intent(started(request), intent)


def intent_params(request: PaymentRequest) -> Any:
    """What is asked for. Depends on the request alone, so that a repetition is the same to the letter. Pure."""
    params: dict[str, Any] = {
        **common_params(request),
        "amount": payable(request.amount),
        "currency": request.amount.currency.lower(),
        "description": request.reference,
        "metadata": metadata(request),
    }
    if request.channel == "present":
        return {**params, **_present_params(request)}
    if request.incremental:
        params["payment_method_options"] = {"card": {"request_incremental_authorization": "if_available"}}
    # The vendor offers what the merchant switched on there and the guest's device can do, wallets included.
    return {**params, "automatic_payment_methods": {"enabled": True}}


def common_params(request: PaymentRequest) -> dict[str, Any]:
    """How an intent is captured, and the platform's share of it. Pure."""
    fee = payable(Money(request.application_fee_minor, request.amount.currency))
    return {"capture_method": request.capture, **({"application_fee_amount": fee} if fee else {})}


def _present_params(request: PaymentRequest) -> dict[str, Any]:
    """Canada's debit cards know no separate capture: `manual_preferred` takes them at once, all others by hand."""
    options: dict[str, Any] = {}
    is_canadian = request.connection.settings.get("country") == CANADA and request.amount.currency == "CAD"
    if request.incremental:
        options["request_incremental_authorization_support"] = True
    if is_canadian and request.capture == "manual":
        options["capture_method"] = "manual_preferred"
    return {
        "allowed_payment_method_types": ["card_present", *(["interac_present"] if is_canadian else [])],
        **({"capture_method": "automatic"} if "capture_method" in options else {}),
        **({"payment_method_options": {"card_present": options}} if options else {}),
    }


def payable(amount: Money) -> int:
    """In the vendor's unit. Raises `Refused` for what it has none for."""
    try:
        return to_vendor(amount.minor, amount.currency)
    except NotPayable as error:
        raise Refused(str(error), code="amount_not_payable") from None


def metadata(request: PaymentRequest) -> dict[str, str]:
    """By which we know it again: in bells, in lists, and in the merchant's dashboard. Pure."""
    return {
        "tenant": request.connection.tenant,
        "attempt": str(request.attempt_id),
        "order": str(request.details.get("order", "")) or request.reference,
    }


def started(request: PaymentRequest) -> Attempt:
    """The attempt before anybody answered, with what later verbs want to know of the request. Pure."""
    return Attempt(
        id=request.attempt_id,
        connection=request.connection,
        currency=request.amount.currency,
        amount_minor=request.amount.minor,
        channel=request.channel,
        state=states.PREPARED,
        capture=request.capture,
        expires_at=request.expires_at,
        details={
            "tip_on_reader": request.tip_on_reader,
            "tip_eligible": None
            if request.tip_eligible_minor is None
            else _eligible(request.tip_eligible_minor, request.amount.currency),
        },
    )


def _eligible(minor: int, currency: str) -> int:
    """What tips are counted from at the reader. It is only suggested from, so it may be a little less."""
    return to_vendor(rounded_down(minor, currency), currency)


def read(client: StripeClient, attempt: Attempt) -> Attempt:
    """The attempt as its intent says now."""
    with reading():
        return read_intent(attempt, retrieve(client, attempt.vendor_id))


def retrieve(client: StripeClient, intent: str) -> Mapping[str, Any]:
    """The intent with its charge, for whoever is inside `reading` or `writing`."""
    return plain(client.v1.payment_intents.retrieve(intent, {"expand": CHARGE}))


def find(client: StripeClient, attempt: Attempt) -> Attempt | None:
    """The attempt whose intent was made without our hearing of it, or None when there is none."""
    with reading():
        for candidate in listed(client.v1.payment_intents, attempt):
            if of_attempt(candidate, attempt.id):
                return read_intent(attempt, retrieve(client, str(candidate["id"])))
        return None


def listed(service: Any, attempt: Attempt) -> Iterator[Any]:
    """What was made when the attempt was, the newest first. Lists are never behind, as the vendor's search is.

    Raises `TryAgain` where that is more than can be looked through.
    """
    params: dict[str, Any] = {"limit": 100}
    if attempt.begun_at is not None:
        first, last = (int((attempt.begun_at + shift).timestamp()) for shift in _MADE_WITHIN)
        params["created"] = {"gte": first, "lte": last}
    made = service.list(params).auto_paging_iter()
    yield from islice(made, _LOOKED_AT)
    if next(made, None) is not None:
        raise TryAgain("More was made that day than can be looked through.", code="too_many")


def of_attempt(item: Any, attempt_id: UUID) -> bool:
    """Whether the vendor's object carries the id of our attempt."""
    held = item.metadata.to_dict() if item.metadata else {}
    return bool(held.get("attempt") == str(attempt_id))


def capture(client: StripeClient, attempt: Attempt, *, amount: Money, key: str) -> Attempt:
    """Take it, or a part of it; the rest is let go."""
    params: Any = {"amount_to_capture": payable(amount), "expand": CHARGE}
    with writing():
        intent = client.v1.payment_intents.capture(attempt.vendor_id, params, options(key))
        return read_intent(attempt, plain(intent))


def increment(client: StripeClient, attempt: Attempt, *, to: Money, key: str) -> Attempt:
    """Authorise more, ten times at most. Raises `Declined`; then the old amount stays."""
    params: Any = {"amount": payable(to), "expand": CHARGE}
    with writing():
        intent = client.v1.payment_intents.increment_authorization(attempt.vendor_id, params, options(key))
        return read_intent(attempt, plain(intent))


def cancel(client: StripeClient, attempt: Attempt, *, key: str) -> Attempt:
    """Let it go. Raises `Behind` when it cannot be let go any more."""
    params: Any = {"cancellation_reason": "requested_by_customer", "expand": CHARGE}
    with writing():
        intent = client.v1.payment_intents.cancel(attempt.vendor_id, params, options(key))
        return read_intent(attempt, plain(intent))


def nothing_there(attempt: Attempt) -> Attempt:
    """Nothing was made, so nothing can be taken: it may be begun under the same key."""
    return dataclasses.replace(attempt, state=states.PREPARED)


def options(key: str) -> Any:
    """The vendor answers a repeated key with its first answer, for a day at least."""
    return {"idempotency_key": key}
