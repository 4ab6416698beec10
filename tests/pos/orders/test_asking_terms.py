"""What a till may say when it asks for money, and which member is told when something of it cannot be."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.clock import now, rfc3339
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.gateways.models import Attempt, Reader
from payments.gateways.services import ConnectionDraft, ReaderDraft, save_connection, save_reader
from payments.tenders.models import TenderType
from pos.orders.models import Order
from tests.factories import Shop, TillClient, paired_till, shop
from tests.factories.registers import RegisterFactory
from tests.payments.gateways.vendor import EVERYTHING, Vendor, vendor_present
from tests.pos.orders.at_vendor import AT, connect
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


@pytest.mark.parametrize(
    ("rules", "minor", "code"),
    [
        ({"smallest_minor": 500}, CAPPUCCINO, "tender_too_small"),
        ({"largest_minor": 300}, CAPPUCCINO, "tender_too_large"),
        ({"is_partial": False}, 100, "tender_not_partial"),
        ({"is_partial": False}, CAPPUCCINO, None),
        ({"smallest_minor": CAPPUCCINO, "largest_minor": CAPPUCCINO}, CAPPUCCINO, None),
    ],
    ids=["too-little", "too-much", "a-part", "all-of-it", "just-right"],
)
def test_the_rules_of_a_way_to_pay_are_kept_for_money_that_is_asked_for(
    till: TillClient, order: Order, cafe: Any, rules: dict[str, Any], minor: int, code: str | None
) -> None:
    with tenant_context(cafe):
        TenderType.objects.filter(code="reader").update(**rules)
    answer = till.post(f"/orders/{order.pk}/attempts", asked(amount={"amount_minor": minor, **EUR}))
    if code is None:
        assert answer.status_code == 201
        return
    told = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
    assert (answer.status_code, told) == (422, [("/amount/amount_minor", code)])
    with tenant_context(cafe):
        assert not Attempt.objects.exists()


def test_what_pays_all_or_nothing_pays_all_that_is_asked_for_nowhere_else(
    till: TillClient, order: Order, cafe: Any
) -> None:
    assert (
        till.post(f"/orders/{order.pk}/attempts", asked(amount={"amount_minor": 100, **EUR})).status_code
        == 201
    )
    with tenant_context(cafe):
        TenderType.objects.filter(code="reader").update(is_partial=False)
    rest = {"amount_minor": CAPPUCCINO - 100, **EUR}
    assert till.post(f"/orders/{order.pk}/attempts", asked(amount=rest)).status_code == 201


@pytest.fixture
def machine(here: Shop) -> None:
    """A card machine of its own, whose slips have numbers."""
    with tenant_context(here.tenant):
        draft = ConnectionDraft(id=new_id(), gateway="card_machine", name="Counter", account="tid-7")
        TenderType.objects.create(
            code="slip",
            name="Card slip",
            kind="card",
            connection=save_connection(draft=draft, actor=SYSTEM, at=AT),
            channel="manual",
            needs_reference=True,
        )


def test_the_number_of_a_slip_is_asked_for_and_is_what_the_payment_is_found_by(
    till: TillClient, order: Order, machine: None
) -> None:
    body = asked(tender_type="slip")
    assert till.post(f"/orders/{order.pk}/attempts", body).status_code == 201
    refused = till.post(f"/payment-attempts/{body['id']}/capture", {"last4": "4242"})
    told = [(each["pointer"], each["code"]) for each in refused.json()["errors"]]
    assert (refused.status_code, told) == (422, [("/reference", "reference_needed")])
    wrong = till.post(f"/payment-attempts/{body['id']}/capture", {"last4": "42", "reference": "0007"})
    assert [(each["pointer"], each["code"]) for each in wrong.json()["errors"]] == [
        ("/last4", "slip_invalid")
    ]
    typed = {"last4": "4242", "reference": "0007"}
    assert till.post(f"/payment-attempts/{body['id']}/capture", typed).json()["state"] == "captured"
    assert till.post(f"/payment-attempts/{body['id']}/capture", {}).status_code == 200  # the same once more
    (paid,) = till.get(f"/orders/{order.pk}").json()["payments"]
    assert (paid["id"], paid["last4"], paid["reference"]) == (body["id"], "4242", "0007")
    receipt = till.get(f"/orders/{order.pk}/receipt").content.decode()
    assert "Card slip *4242" in receipt
    assert "Slip 0007" in receipt


def _move_readers(cafe: Any, *registers: Any) -> list[str]:
    """The account has a reader at each of these registers; None: at none."""
    with tenant_context(cafe):
        first = Reader.objects.get()
        Reader.objects.filter(pk=first.pk).update(is_active=False)
        made = [
            save_reader(
                draft=ReaderDraft(
                    id=new_id(),
                    connection_id=first.connection_id,
                    vendor_id=f"rd_{number}",
                    name=f"Reader {number}",
                    register_id=register,
                ),
                actor=SYSTEM,
            )
            for number, register in enumerate(registers, start=2)
        ]
        return [str(each.pk) for each in made]


@pytest.mark.parametrize("where", [(None,), ("other", None), ("own", None), ("own", "other", None, None)])
def test_without_a_reader_named_it_is_the_registers_own_or_the_only_one_that_stands_nowhere(
    till: TillClient, here: Shop, order: Order, cafe: Any, where: tuple[str | None, ...]
) -> None:
    with tenant_context(cafe):
        other = RegisterFactory(location=here.register.location).pk
    stands = {"own": here.register.pk, "other": other, None: None}
    readers = _move_readers(cafe, *(stands[each] for each in where))
    body = asked()
    told = till.post(f"/orders/{order.pk}/attempts", body)
    assert (told.status_code, told.json()["reader_id"]) == (
        201,
        readers[where.index("own" if "own" in where else None)],
    )
    with tenant_context(cafe):  # it is moved before the till asks again, for its answer was lost
        Reader.objects.filter(pk=told.json()["reader_id"]).update(register_id=other)
    again = till.post(f"/orders/{order.pk}/attempts", body)
    assert (again.status_code, again.json()["reader_id"]) == (201, told.json()["reader_id"])


@pytest.mark.parametrize("where", [(), ("other",), (None, None), ("own", "own")])
def test_where_no_reader_or_several_can_be_meant_nothing_is_written_and_the_member_is_named(
    till: TillClient, here: Shop, order: Order, cafe: Any, where: tuple[str | None, ...]
) -> None:
    with tenant_context(cafe):
        other = RegisterFactory(location=here.register.location).pk
    stands = {"own": here.register.pk, "other": other, None: None}
    readers = _move_readers(cafe, *(stands[each] for each in where))
    refused = till.post(f"/orders/{order.pk}/attempts", asked())
    told = [(each["pointer"], each["code"]) for each in refused.json()["errors"]]
    assert (refused.status_code, told) == (422, [("/reader_id", "reader_needed")])
    with tenant_context(cafe):
        assert not Attempt.objects.exists()
    assert till.post(f"/orders/{order.pk}/attempts", asked(channel="remote")).status_code == 201
    if readers:
        named = asked(reader_id=readers[0], amount={"amount_minor": 100, **EUR})
        with tenant_context(cafe):
            Attempt.objects.update(overridden_at=AT)
        assert till.post(f"/orders/{order.pk}/attempts", named).status_code == 201
