"""What was made without an answer is looked for among what was made that day, and nobody guesses about more."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from payments.gateways import states
from payments.gateways.base import Attempt, PaymentRequest, TryAgain
from payments.gateways.stripe import StripeGateway, intents
from tests.contracts.stripe.server import StripeServer

pytestmark = pytest.mark.django_db

RequestOf = Callable[..., PaymentRequest]


def sought(request: PaymentRequest, *, hours: float) -> Attempt:
    """What we have of an attempt that began so many hours before the fake's clock, and was never answered."""
    now = dt.datetime.now(tz=dt.UTC)
    started = replace(intents.started(request), state=states.UNKNOWN)
    return replace(started, begun_at=now - dt.timedelta(hours=hours))


@pytest.mark.parametrize("channel", ["present", "qr"])
@pytest.mark.parametrize(("hours", "is_found"), [(0, True), (23, True), (26, False), (-2, False)])
def test_it_is_looked_for_in_the_day_after_it_began(
    gateway: StripeGateway, request_of: RequestOf, channel: str, hours: float, is_found: bool
) -> None:
    request = request_of(channel=channel)
    made = gateway.begin(request=request)
    seen = gateway.advance(attempt=sought(request, hours=hours))
    assert (seen.state, seen.vendor_id) == ("prepared", made.vendor_id if is_found else "")


def test_of_more_than_can_be_looked_through_nobody_says_that_it_is_not_there(
    gateway: StripeGateway,
    stripe_server: StripeServer,
    request_of: RequestOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intents, "_LOOKED_AT", 2)
    for _ in range(2):
        gateway.begin(request=request_of())
    missing = sought(request_of(), hours=1)
    assert gateway.advance(attempt=missing).vendor_id == ""
    gateway.begin(request=request_of())
    with pytest.raises(TryAgain) as refused:
        gateway.advance(attempt=missing)
    assert refused.value.code == "too_many"
