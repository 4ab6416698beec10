"""The proxy that cuts the line, between the real client and Stripe's fake."""

from collections.abc import Iterator

import pytest
from stripe import APIConnectionError, StripeClient

from tests.contracts.proxy import CuttingProxy
from tests.contracts.stripe.fixtures import KEY, stripe_server
from tests.contracts.stripe.server import StripeServer

__all__ = ["stripe_server"]
CREATE = "POST /v1/payment_intents"


@pytest.fixture
def proxy(stripe_server: StripeServer) -> Iterator[CuttingProxy]:
    with CuttingProxy(stripe_server.url) as between:
        yield between
        assert between.left() == 0


def create(proxy: CuttingProxy, *, retries: int = 0) -> str:
    client = StripeClient(KEY, base_addresses={"api": proxy.url}, max_network_retries=retries)
    return client.v1.payment_intents.create({"amount": 500, "currency": "usd"}, {"idempotency_key": "k"}).id


def test_an_uncut_line_is_not_noticed(proxy: CuttingProxy) -> None:
    assert create(proxy).startswith("pi_")
    assert [(one.line, one.cut) for one in proxy.passed] == [("POST /v1/payment_intents HTTP/1.1", None)]


@pytest.mark.parametrize(
    ("where", "effects"), [("request", 0), ("answer", 1), ("halfway", 1)], ids=["before", "after", "halfway"]
)
def test_a_cut_line_is_an_error_and_the_vendor_did_what_it_did(
    proxy: CuttingProxy,
    stripe_server: StripeServer,
    where: str,
    effects: int,
) -> None:
    proxy.cut(where)  # type: ignore[arg-type]
    with pytest.raises(APIConnectionError):
        create(proxy)
    assert stripe_server.executed(CREATE) == effects
    assert create(proxy).startswith("pi_")
    assert stripe_server.executed(CREATE) == 1


def test_a_cut_chooses_its_requests(proxy: CuttingProxy, stripe_server: StripeServer) -> None:
    proxy.cut("answer", match=b"POST /v1/refunds")
    intent = create(proxy)
    client = StripeClient(KEY, base_addresses={"api": proxy.url}, max_network_retries=0)
    stripe_server.pay_intent(intent)
    with pytest.raises(APIConnectionError):
        client.v1.refunds.create({"payment_intent": intent})
    assert stripe_server.executed("POST /v1/refunds") == 1


def test_the_library_s_own_retry_meets_the_same_key(
    proxy: CuttingProxy,
    stripe_server: StripeServer,
) -> None:
    proxy.cut("answer", times=2)
    create(proxy, retries=2)
    assert (stripe_server.executed(CREATE), len(proxy.passed)) == (1, 3)
