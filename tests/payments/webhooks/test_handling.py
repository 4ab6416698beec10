"""Events are acted on by looking: once or twice, early, late, in any order, and never believed."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import Forbidden
from fynlo.core.ids import new_id
from fynlo.core.states import IllegalTransition
from payments.gateways.models import Attempt, Connection
from payments.gateways.simulator.guest import pay
from payments.webhooks.models import InboundEvent
from payments.webhooks.queries import due_events, events_by_state, parked_events
from payments.webhooks.scrubbing import scrubbed
from payments.webhooks.services import forget_payloads, handle_event, retry_event
from payments.webhooks.services.forgetting import KEPT_FOR
from payments.webhooks.services.handling import TRIES, pause_after
from tests.payments.webhooks.bells import Shop, event, open_shop, post, signed

pytestmark = pytest.mark.django_db


def kept() -> list[InboundEvent]:
    return list(InboundEvent.objects.order_by("id"))


def handle_all(at: dt.datetime | None = None) -> list[str]:
    return [handle_event(event_id=row.pk, at=at or clock.now()) for row in kept()]


def ring_everything(shop: Shop) -> None:
    for bell in shop.bells():
        assert shop.ring(bell).status_code == 200


def test_a_bell_makes_us_look_and_the_money_is_settled(shop: Shop, settled: list[Any]) -> None:
    attempt = shop.ask()
    pay(desk=shop.desk, payment=attempt.vendor_id)
    ring_everything(shop)
    assert set(handle_all()) == {"handled"}
    row = Attempt.objects.get()
    assert (row.state, row.captured_minor, settled) == ("captured", 1250, [attempt.pk])
    assert {(each.tries, each.next_try_at) for each in kept()} == {(1, None)}


def test_handled_twice_it_is_settled_once(shop: Shop, settled: list[Any]) -> None:
    attempt = shop.ask()
    pay(desk=shop.desk, payment=attempt.vendor_id)
    ring_everything(shop)
    handle_all()
    InboundEvent.objects.update(state="stored")
    assert set(handle_all()) == {"handled"}
    assert settled == [attempt.pk]


def test_what_a_bell_says_of_money_is_not_believed(shop: Shop, settled: list[Any]) -> None:
    attempt = shop.ask()
    data = {"object": attempt.vendor_id, "attempt": str(attempt.pk), "snapshot": {"state": "captured"}}
    post(shop.client, *signed(event(data=data)))
    assert handle_all() == ["handled"]
    assert (Attempt.objects.get().state, settled) == ("presented", [])


def test_a_bell_before_our_own_commit_waits_and_is_handled_then(shop: Shop) -> None:
    post(shop.client, *signed(event()))
    at = clock.now()
    assert handle_all(at) == ["stored"]
    row = kept()[0]
    assert (row.tries, row.next_try_at) == (1, at + dt.timedelta(seconds=8))
    assert row.trouble == "Nobody here knows the payment sim_pay_of_nobody."
    attempt = shop.ask()
    InboundEvent.objects.update(
        payload=event(data={"object": attempt.vendor_id, "attempt": "", "snapshot": {}})
    )
    assert due_events(at=at + dt.timedelta(seconds=7)) == []
    assert due_events(at=at + dt.timedelta(seconds=8)) == [row.pk]
    assert handle_all(at) == ["handled"]


def test_what_nobody_ever_knows_is_parked_and_tried_again_by_hand(shop: Shop) -> None:
    post(shop.client, *signed(event()))
    at = clock.now()
    assert [handle_all(at) for _ in range(TRIES)] == [["stored"]] * (TRIES - 1) + [["parked"]]
    assert handle_all(at) == ["parked"]
    row = kept()[0]
    assert (row.tries, row.next_try_at, parked_events()) == (TRIES, None, 1)
    assert events_by_state() == {"parked": 1}
    with pytest.raises(Forbidden):
        retry_event(event_id=row.pk, actor=Actor(kind="employee", id=None, name="Ana"), at=at)
    retry_event(event_id=row.pk, actor=SYSTEM, at=at)
    assert (due_events(at=at), kept()[0].tries) == ([row.pk], 0)
    with pytest.raises(IllegalTransition):
        retry_event(event_id=row.pk, actor=SYSTEM, at=at)


def test_what_another_program_did_in_the_same_account_is_not_waited_for(shop: Shop) -> None:
    post(shop.client, *signed(event()))
    Connection.objects.update(gateway="stripe")
    paid = {"id": "pi_of_the_web_shop", "metadata": {"order": "W-1"}}
    given_back = {"id": "re_of_the_dashboard", "metadata": {}}
    for kind, item in (("payment_intent.succeeded", paid), ("refund.created", given_back)):
        InboundEvent.objects.update(state="stored", kind=kind, payload={"data": {"object": item}})
        assert handle_all() == ["ignored"], kind
    paid["metadata"] = {"attempt": str(new_id())}  # ours, and its answer may still be on its way
    InboundEvent.objects.update(
        state="stored", kind="payment_intent.succeeded", payload={"data": {"object": paid}}
    )
    assert handle_all() == ["stored"]


def test_what_was_acted_on_a_month_ago_is_emptied_and_still_rings_once(shop: Shop) -> None:
    body, headers = signed(event(kind="a.word.of.tomorrow"))
    post(shop.client, body, headers)
    at = clock.now()
    assert (handle_all(at), kept()[0].payload != {}) == (["ignored"], True)
    assert forget_payloads(at=at + KEPT_FOR - dt.timedelta(seconds=1)) == 0
    assert [forget_payloads(at=at + KEPT_FOR) for _ in range(2)] == [1, 0]
    assert kept()[0].payload == {}
    post(shop.client, body, headers)
    assert len(kept()) == 1


def test_what_waits_for_a_person_keeps_what_it_said(shop: Shop) -> None:
    post(shop.client, *signed(event()))
    InboundEvent.objects.update(state="parked", handled_at=None)
    assert forget_payloads(at=clock.now() + 2 * KEPT_FOR) == 0


def test_who_paid_is_not_kept() -> None:
    said = {
        "id": "ch_1",
        "billing_details": {"name": "Ada", "email": "ada@example.org"},
        "receipt_email": "ada@example.org",
        "payment_method_details": {"card": {"brand": "visa", "last4": "4242"}},
        "description": "A-17",
        "metadata": {"attempt": "01900000-0000-7000-8000-000000000000", "Phone": "1"},
        "client_secret": "pi_1_secret_x",
    }
    assert scrubbed(said) == {
        "id": "ch_1",
        "payment_method_details": {"card": {"brand": "visa", "last4": "4242"}},
        "description": "A-17",
        "metadata": {"attempt": "01900000-0000-7000-8000-000000000000"},
    }


def test_pauses_double_up_to_an_hour() -> None:
    assert [pause_after(tries).total_seconds() for tries in (0, 1, 2, 9, 10, 99)] == [
        4,
        8,
        16,
        2048,
        3600,
        3600,
    ]


def test_kinds_nobody_knows_are_kept_and_ignored(shop: Shop) -> None:
    post(shop.client, *signed(event(kind="planet.aligned")))
    assert handle_all() == ["ignored"]


def test_our_key_in_another_accounts_event_points_nowhere(shop: Shop) -> None:
    attempt = shop.ask()
    other = open_shop(shop.tenant, shop.client, account="sim_2", secret="sim_whsec_of_the_second")
    data = {"object": "sim_pay_x", "attempt": str(attempt.pk), "snapshot": {}}
    said = event(account="sim_2", data=data)
    post(shop.client, *signed(said, secret="sim_whsec_of_the_second"))
    assert handle_all() == ["stored"]
    assert kept()[0].connection_id == other.connection.pk


def test_a_vendor_that_is_away_is_asked_again(shop: Shop) -> None:
    attempt = shop.ask()
    data = {"object": "rd_sim_1", "attempt": "", "snapshot": {}}
    post(shop.client, *signed(event(kind="dispute.created", data={**data, "object": "sim_dis_x"})))
    Connection.objects.update(settings={"is_revoked": True})
    assert handle_all() == ["stored"]
    assert kept()[0].trouble == "The simulator does not know this account any more."
    assert Attempt.objects.get().pk == attempt.pk


def test_a_payout_asks_for_a_reconciliation(shop: Shop) -> None:
    from payments.reconciliation.models import Reconciliation

    post(shop.client, *signed(event(kind="payout.paid")))
    assert handle_all() == ["handled"]
    run = Reconciliation.objects.get()
    assert (run.connection_id, run.reason, run.state) == (shop.connection.pk, "bell", "running")


def test_a_reader_makes_us_look_at_what_is_on_it(shop: Shop, settled: list[Any]) -> None:
    attempt = shop.ask()
    pay(desk=shop.desk, payment=attempt.vendor_id)
    data = {"object": shop.reader.vendor_id, "attempt": "", "snapshot": {}}
    post(shop.client, *signed(event(kind="reader.action", data=data)))
    assert handle_all() == ["handled"]
    assert settled == [attempt.pk]


def test_an_event_that_is_not_there_is_nothing(shop: Shop) -> None:
    assert handle_event(event_id=new_id(), at=clock.now()) == ""
