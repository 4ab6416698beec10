"""A key that lacks one right of many: told for what needs it, while the account goes on with everything else."""

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.events.log import read_after
from payments.gateways.base import RightMissing
from payments.gateways.errors import CapabilityMissing
from payments.gateways.models import Connection
from payments.gateways.services import (
    ConnectionDraft,
    check_connection,
    look_at_attempt,
    retry_refund,
    save_connection,
    send_refund,
)
from tests.payments.gateways.asking import AT, Desk, later
from tests.payments.gateways.test_refunds import owed, paid, plan

pytestmark = pytest.mark.django_db

NO_REFUND = "The key has no right to this at Stripe (rak_refund_write)."


def health(desk: Desk) -> dict[str, object]:
    desk.connection.refresh_from_db()
    return dict(desk.connection.health)


def test_a_key_without_the_right_to_refund_takes_money_all_the_same(desk: Desk) -> None:
    row = paid(desk)
    desk.vendor.then("refund", RightMissing(NO_REFUND, code="403"))
    failed = send_refund(refund_id=plan(row, 500).pk, at=AT)
    assert (failed.state, failed.failure_text, owed()) == (
        "failed",
        NO_REFUND,
        [("tender:card", "refunds_owed", 500)],
    )
    assert health(desk) == {
        "ok": True,
        "text": "Its key has no right to: refund.",
        "missing": {"refund": NO_REFUND},
    }
    assert desk.connection.state == "active"
    assert "connection.lost" not in [item.t for item in read_after(0)]
    assert desk.presented(700).state == "presented"


def test_the_half_hourly_check_forgets_nothing_and_the_verb_that_goes_through_does(desk: Desk) -> None:
    desk.vendor.then("refund", RightMissing(NO_REFUND))
    refund = send_refund(refund_id=plan(paid(desk), 500).pk, at=AT)
    check_connection(connection_id=desk.connection.pk, at=later(minutes=30))
    assert health(desk)["missing"] == {"refund": NO_REFUND}
    assert retry_refund(refund_id=refund.pk, actor=SYSTEM, at=later(hours=1)).state == "succeeded"
    assert health(desk) == {"ok": True, "text": ""}


def test_new_secrets_may_have_every_right(desk: Desk) -> None:
    desk.vendor.then("refund", RightMissing(NO_REFUND))
    send_refund(refund_id=plan(paid(desk), 500).pk, at=AT)
    draft = ConnectionDraft(id=desk.connection.pk, gateway="vendor", name="Cards", secrets={"key": "sk_new"})
    save_connection(draft=draft, actor=SYSTEM, at=AT)
    assert health(desk) == {}


def test_what_may_not_begin_is_refused_and_what_may_not_be_looked_at_waits(desk: Desk) -> None:
    desk.vendor.then("begin", RightMissing("No."))
    refused = desk.presented(900)
    assert (refused.state, refused.failure_kind, refused.failure_text) == ("refused", "refused", "No.")
    row = desk.presented(1250)
    desk.vendor.then("advance", RightMissing("No."))
    assert look_at_attempt(attempt_id=row.pk, at=AT).state == "presented"
    assert health(desk)["missing"] == {"advance": "No."}  # of `begin` it has heard a yes since
    assert desk.connection.state == "active"


def test_a_key_that_may_not_tell_what_it_can_leaves_what_is_known(desk: Desk) -> None:
    check_connection(connection_id=desk.connection.pk, at=AT)
    desk.vendor.then("capabilities", RightMissing("No."))
    found = check_connection(connection_id=desk.connection.pk, at=later(hours=2))
    desk.connection.refresh_from_db()
    assert (found.channels, desk.connection.state) == (desk.vendor.offers.channels, "active")
    assert (desk.connection.checked_at, health(desk)["missing"]) == (later(hours=2), {"capabilities": "No."})
    check_connection(connection_id=desk.connection.pk, at=later(hours=3))
    assert health(desk) == {"ok": True, "text": ""}


def test_a_key_that_never_told_what_it_can_is_no_use(desk: Desk) -> None:
    desk.vendor.then("capabilities", RightMissing("No."))
    with pytest.raises(CapabilityMissing):
        desk.start()
    assert Connection.objects.get().state == "disconnected"
