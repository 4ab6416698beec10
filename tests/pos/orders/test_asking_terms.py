"""What a till may say when it asks for money, and which member is told when something of it cannot be."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from fynlo.core.clock import now, rfc3339
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.gateways.models import Attempt
from pos.orders.models import Order
from tests.factories import Shop, TillClient, paired_till, shop
from tests.payments.gateways.vendor import EVERYTHING, Vendor, vendor_present
from tests.pos.orders.at_vendor import connect
from tests.pos.orders.test_asking import CAPPUCCINO, ticket

pytestmark = pytest.mark.django_db

EUR = {"currency": "EUR"}


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with vendor_present() as made:
        yield made


@pytest.fixture
def here(cafe: Any, vendor: Vendor) -> Shop:
    made = shop(cafe)
    with tenant_context(made.tenant):
        connect(made)
    return made


@pytest.fixture
def order(here: Shop) -> Order:
    with tenant_context(here.tenant):
        return ticket(here, "cappuccino")


@pytest.fixture
def till(here: Shop) -> TillClient:
    return TillClient(here.tenant, paired_till(here.tenant))


def asked(**said: Any) -> dict[str, Any]:
    amount = {"amount_minor": CAPPUCCINO, **EUR}
    return {"id": str(new_id()), "tender_type": "reader", "amount": amount, **said}


def test_the_tip_counts_from_what_the_till_says_and_the_guest_goes_where_it_says(
    till: TillClient, order: Order, cafe: Any
) -> None:
    body = asked(
        tip_on_reader=True,
        tip_eligible={"amount_minor": 300, **EUR},
        return_url="https://cafe.example/thanks?table=4",
    )
    told = till.post(f"/orders/{order.pk}/attempts", body)
    assert told.status_code == 201
    assert "return_url" not in told.json()
    with tenant_context(cafe):
        kept = Attempt.objects.get(pk=body["id"]).details["asked"]
    assert (kept["tip_eligible_minor"], kept["return_url"]) == (300, "https://cafe.example/thanks?table=4")


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"tip_on_reader": True, "tip_eligible": {"amount_minor": 381, **EUR}}, "/tip_eligible/amount_minor"),
        ({"tip_eligible": {"amount_minor": 300, **EUR}}, "/tip_eligible/amount_minor"),
        (
            {"tip_on_reader": True, "tip_eligible": {"amount_minor": 300, "currency": "USD"}},
            "/tip_eligible/currency",
        ),
        ({"return_url": "http://cafe.example/"}, "/return_url"),
        ({"return_url": "javascript:alert(1)"}, "/return_url"),
        ({"return_url": "https://cafe.example@evil.example/"}, "/return_url"),
        ({"return_url": 'https://cafe.example/"><script>'}, "/return_url"),
        ({"channel": "value"}, "/channel"),
    ],
    ids=[
        *("too-much", "no-tip", "other-money"),
        *("plain", "script", "somebody-else", "markup", "no-channel"),
    ],
)
def test_what_cannot_be_is_told_with_its_member(
    till: TillClient, order: Order, cafe: Any, said: dict[str, Any], pointer: str
) -> None:
    refused = till.post(f"/orders/{order.pk}/attempts", asked(**said))
    assert refused.status_code in {400, 422}
    assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]
    with tenant_context(cafe):
        assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    ("offers", "said", "pointer"),
    [
        ({"smallest_minor": 500}, {}, "/amount/amount_minor"),
        ({"largest_minor": 100}, {}, "/amount/amount_minor"),
        ({"step_minor": 100}, {}, "/amount/amount_minor"),
        ({"currencies": frozenset({"USD"})}, {}, "/amount/currency"),
        ({"channels": frozenset({"present"})}, {"channel": "qr"}, "/channel"),
        ({"manual_capture": False}, {"capture": "manual"}, "/capture"),
        ({"increment": False}, {"incremental": True}, "/incremental"),
        ({"reader_tips": False}, {"tip_on_reader": True}, "/tip_on_reader"),
    ],
    ids=["too-little", "too-much", "between", "currency", "channel", "capture", "incremental", "tip"],
)
def test_what_the_account_does_not_offer_is_told_with_its_member(
    till: TillClient, order: Order, vendor: Vendor, offers: Any, said: dict[str, Any], pointer: str
) -> None:
    vendor.offers = replace(EVERYTHING, **offers)
    refused = till.post(f"/orders/{order.pk}/attempts", asked(**said))
    assert (refused.status_code, [each["pointer"] for each in refused.json()["errors"]]) == (422, [pointer])


@pytest.mark.parametrize(
    ("hours", "status"), [(-1, 400), (22, 201), (24, 400)], ids=["over", "in-time", "too-late"]
)
def test_a_code_ends_in_the_future_and_within_a_day(
    till: TillClient, order: Order, hours: int, status: int
) -> None:
    ends = rfc3339(now() + dt.timedelta(hours=hours))
    body = asked(channel="qr", expires_at=ends)
    told = till.post(f"/orders/{order.pk}/attempts", body)
    assert told.status_code == status
    if status != 201:
        assert [each["pointer"] for each in told.json()["errors"]] == ["/expires_at"]
