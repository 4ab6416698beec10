"""Idempotency and the faults between us and the vendor, seen through the real client."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe
from stripe import (
    APIConnectionError,
    APIError,
    IdempotencyError,
    InvalidRequestError,
    RateLimitError,
    StripeClient,
)

from tests.contracts.stripe import faults
from tests.contracts.stripe.fixtures import KEY
from tests.contracts.stripe.selling import Shop, connected
from tests.contracts.stripe.server import StripeServer

CREATE = "POST /v1/payment_intents"
REFUND = "POST /v1/refunds"


def create(client: StripeClient, key: str, amount: int = 500) -> str:
    return client.v1.payment_intents.create(
        {"amount": amount, "currency": "usd"}, {"idempotency_key": key}
    ).id


def retrying(server: StripeServer) -> StripeClient:
    return StripeClient(KEY, base_addresses={"api": server.url}, max_network_retries=2)


def test_the_same_key_gives_the_same_answer(stripe_server: StripeServer, client: StripeClient) -> None:
    first = client.v1.payment_intents.create({"amount": 500, "currency": "usd"}, {"idempotency_key": "k"})
    again = client.v1.payment_intents.create({"amount": 500, "currency": "usd"}, {"idempotency_key": "k"})
    assert again.id == first.id
    assert first.last_response is not None
    assert again.last_response is not None
    replayed = "Idempotent-Replayed"
    assert (first.last_response.headers.get(replayed), again.last_response.headers.get(replayed)) == (
        None,
        "true",
    )
    assert stripe_server.executed(CREATE) == 1


def test_the_same_key_with_other_parameters_is_an_error(client: StripeClient) -> None:
    create(client, "k")
    with pytest.raises(IdempotencyError, match="only be used with the parameters they were first used with"):
        create(client, "k", 501)


def test_a_key_belongs_to_its_account(shop: Shop, client: StripeClient) -> None:
    mine = shop.client.v1.payment_intents.create({"amount": 500, "currency": "usd"}, {"idempotency_key": "k"})
    assert create(client, "k") != mine.id


def test_a_stored_refusal_is_replayed(shop: Shop) -> None:
    intent = shop.held()
    for _attempt in range(2):
        with pytest.raises(InvalidRequestError, match="does not have a successful charge"):
            shop.client.v1.refunds.create({"payment_intent": intent.id}, {"idempotency_key": "r"})
    assert [seen.executed for seen in shop.server.engine.named(REFUND)] == [True, False]


def test_a_request_the_vendor_never_understood_leaves_its_key_free(client: StripeClient) -> None:
    with pytest.raises(InvalidRequestError, match="Missing required param: currency"):
        client.v1.payment_intents.create({"amount": 500}, {"idempotency_key": "k"})  # type: ignore[typeddict-item]
    assert create(client, "k").startswith("pi_")


def test_two_at_once_under_one_key_give_409(stripe_server: StripeServer, client: StripeClient) -> None:
    gate = stripe_server.fault(CREATE, faults.stuck_request())
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(create, client, "k")
        gate.wait_until_met()
        with pytest.raises(
            APIError, match="another in-progress request using this Idempotency Key: k"
        ) as caught:
            create(client, "k")
        gate.release()
        assert first.result() == create(client, "k")
    assert caught.value.http_status == 409
    assert stripe_server.executed(CREATE) == 1


def test_a_lost_answer_is_found_again_by_the_library_s_own_retry(stripe_server: StripeServer) -> None:
    stripe_server.fault(CREATE, faults.lost_answer(), times=2)
    create(retrying(stripe_server), "k")
    assert (stripe_server.executed(CREATE), len(stripe_server.engine.named(CREATE))) == (1, 3)


def test_a_lost_answer_without_retry_hides_a_committed_intent(
    stripe_server: StripeServer, client: StripeClient
) -> None:
    stripe_server.fault(CREATE, faults.lost_answer())
    with pytest.raises(APIConnectionError):
        create(client, "k")
    assert len(client.v1.payment_intents.list().data) == 1


def test_a_lost_request_did_nothing(stripe_server: StripeServer, client: StripeClient) -> None:
    stripe_server.fault(CREATE, faults.lost_request())
    with pytest.raises(APIConnectionError):
        create(client, "k")
    assert client.v1.payment_intents.list().data == []


@pytest.mark.parametrize(("after", "header"), [(3, "3"), (None, None)], ids=["with Retry-After", "without"])
def test_429_is_left_to_us_by_the_library(
    stripe_server: StripeServer, after: int | None, header: str | None
) -> None:
    stripe_server.fault(CREATE, faults.rate_limited(retry_after=after))
    with pytest.raises(RateLimitError) as caught:
        create(retrying(stripe_server), "k")
    assert (caught.value.http_status, (caught.value.headers or {}).get("Retry-After")) == (429, header)
    assert stripe_server.executed(CREATE) == 0


def test_500_then_success(stripe_server: StripeServer) -> None:
    stripe_server.fault(CREATE, faults.server_error())
    create(retrying(stripe_server), "k")
    assert [seen.status for seen in stripe_server.engine.named(CREATE)] == [500, 200]


def test_a_500_after_the_commit_is_what_the_key_remembers(
    stripe_server: StripeServer, client: StripeClient
) -> None:
    stripe_server.fault(CREATE, faults.server_error(after_commit=True))
    for _attempt in range(2):
        with pytest.raises(APIError):
            create(client, "k")
    assert len(client.v1.payment_intents.list().data) == 1


def test_a_slow_answer_is_committed_all_the_same(stripe_server: StripeServer, client: StripeClient) -> None:
    slow = stripe_server.fault(CREATE, faults.slow_answer())
    hasty = StripeClient(
        KEY,
        base_addresses={"api": stripe_server.url},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=0.2),
    )
    with pytest.raises(APIConnectionError):
        create(hasty, "k")
    slow.wait_until_met()
    assert len(client.v1.payment_intents.list().data) == 1


def test_nobody_listens_and_then_the_same_memory_does(
    stripe_server: StripeServer, client: StripeClient
) -> None:
    made = create(client, "k")
    with stripe_server.refusing_connections(), pytest.raises(APIConnectionError):
        create(client, "k")
    assert create(client, "k") == made


def test_a_word_of_tomorrow_reaches_the_client(stripe_server: StripeServer, client: StripeClient) -> None:
    stripe_server.fault(CREATE, faults.unknown_enum("status"))
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    assert intent.status == "a_word_of_tomorrow"
    assert client.v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_a_fault_may_wait_for_one_account(shop: Shop, client: StripeClient) -> None:
    shop.server.fault(CREATE, faults.intent_invalid_state(), account="acct_cafe")
    create(client, "k")
    with pytest.raises(InvalidRequestError) as caught:
        shop.intent()
    assert caught.value.code == "intent_invalid_state"


def test_a_fault_nobody_met_is_told(stripe_server: StripeServer, client: StripeClient) -> None:
    stripe_server.fault(REFUND, faults.lost_answer(), times=2)
    assert stripe_server.faults.left() == ["lost answer on POST /v1/refunds × 2"]
    for _attempt in range(2):
        with pytest.raises(APIConnectionError):
            client.v1.refunds.create({"payment_intent": "pi_nobody"})


def test_many_threads_share_one_vendor(shop: Shop) -> None:
    barrier = threading.Barrier(8)
    intent = shop.paid(1000)

    def give_back(n: int) -> str:
        barrier.wait()
        try:
            shop_client = connected(shop.server)
            return shop_client.v1.refunds.create({"payment_intent": intent.id, "amount": 300}).id
        except InvalidRequestError as refused:
            return str(refused.param)

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(give_back, range(8)))
    assert results.count("amount") == 5


def test_after_a_day_a_key_is_forgotten_and_a_repeat_acts_again(
    stripe_server: StripeServer, client: StripeClient
) -> None:
    first = create(client, "k")
    stripe_server.advance_clock(86_400 - 60)
    assert create(client, "k") == first
    stripe_server.advance_clock(120)
    assert create(client, "k") != first
