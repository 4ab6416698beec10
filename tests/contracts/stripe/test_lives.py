"""Every status against every verb, through the real client: what the table does not list is refused."""

from collections.abc import Callable
from functools import partial

import pytest
from stripe import InvalidRequestError

from tests.contracts.stripe.lives import DISPUTE, INTENT, SESSION
from tests.contracts.stripe.selling import Shop

CHECK = [
    {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Lunch"}}}
]
GROWS = {"card_present": {"request_incremental_authorization_support": True}}


def page(shop: Shop) -> str:
    params = {"mode": "payment", "success_url": "https://example.org", "line_items": CHECK}
    return shop.client.v1.checkout.sessions.create(params).id  # type: ignore[arg-type]


def challenged(shop: Shop) -> str:
    intent = shop.intent()
    shop.server.challenge(intent.id)
    return intent.id


def cancelled(shop: Shop) -> str:
    return shop.client.v1.payment_intents.cancel(shop.intent().id).id


INTENTS: dict[str, Callable[[Shop], str]] = {
    "requires_payment_method": lambda shop: shop.intent().id,
    "requires_action": challenged,
    "processing": lambda shop: str(shop.server.pay_session(page(shop), later=True)["id"]),
    "requires_capture": lambda shop: shop.held(payment_method_options=GROWS).id,
    "succeeded": lambda shop: shop.paid().id,
    "canceled": cancelled,
}
VERBS: dict[str, tuple[str, dict[str, object]]] = {
    "update": ("update", {"metadata": {"a": "b"}}),
    "confirm": ("confirm", {"payment_method": "pm_card_visa"}),
    "capture": ("capture", {}),
    "cancel": ("cancel", {}),
    "increment": ("increment_authorization", {"amount": 2000}),
}


def refusals(calls: dict[str, Callable[[], object]]) -> set[str]:
    """The names of the calls Stripe's fake refused."""
    refused = set()
    for name, call in calls.items():
        try:
            call()
        except InvalidRequestError:
            refused.add(name)
    return refused


@pytest.mark.parametrize("status", list(INTENTS))
def test_an_intent_allows_what_its_table_lists(shop: Shop, status: str) -> None:
    allowed = set()
    for name, (verb, params) in VERBS.items():
        intent = INTENTS[status](shop)
        assert shop.client.v1.payment_intents.retrieve(intent).status == status
        if not refusals({name: partial(getattr(shop.client.v1.payment_intents, verb), intent, params)}):
            allowed.add(name)
        else:
            assert shop.client.v1.payment_intents.retrieve(intent).status == status
    assert allowed == {verb for one, verb in INTENT.table if one == status} & set(VERBS)


def disputed(*verbs: str, warning: bool = False) -> Callable[[Shop], str]:
    """A dispute that went through these verbs."""

    def make(shop: Shop) -> str:
        dispute = str(shop.server.open_dispute(str(shop.paid().latest_charge), warning=warning)["id"])
        for verb in verbs:
            if verb == "submit":
                shop.client.v1.disputes.update(dispute, {"submit": True})
            elif verb in ("win", "lose"):
                shop.server.close_dispute(dispute, won=verb == "win")
            else:
                shop.server.end_dispute(dispute, verb)
        return dispute

    return make


DISPUTES = {
    "needs_response": disputed(),
    "under_review": disputed("submit"),
    "won": disputed("submit", "win"),
    "lost": disputed("lose"),
    "warning_needs_response": disputed(warning=True),
    "warning_under_review": disputed("submit", warning=True),
    "warning_closed": disputed("submit", "expire", warning=True),
    "prevented": disputed("prevent", warning=True),
}


@pytest.mark.parametrize("status", list(DISPUTES))
def test_a_dispute_allows_what_its_table_lists(shop: Shop, status: str) -> None:
    disputes = shop.client.v1.disputes
    first, second = DISPUTES[status](shop), DISPUTES[status](shop)
    assert disputes.retrieve(first).status == status
    refused = refusals(
        {
            "update": lambda: disputes.update(first, {"metadata": {"a": "b"}, "submit": False}),
            "close": lambda: disputes.close(second),
        }
    )
    assert {"update", "close"} - refused == {verb for one, verb in DISPUTE.table if one == status} & {
        "update",
        "close",
    }


@pytest.mark.parametrize("status", ["open", "complete", "expired"])
def test_a_page_allows_what_its_table_lists(shop: Shop, status: str) -> None:
    session = page(shop)
    if status == "complete":
        shop.server.pay_session(session)
    elif status == "expired":
        shop.client.v1.checkout.sessions.expire(session)
    refused = refusals({"expire": lambda: shop.client.v1.checkout.sessions.expire(session)})
    assert ({"expire"} - refused == {"expire"}) == ((status, "expire") in SESSION.table)
