"""Signing units: off unless asked for; what they said and when they were out is in the journal; sales go on."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from django.test import override_settings

from fynlo.core import clock
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import read_after
from pos.configuration import FiscalSection
from pos.fiscal.fake_unit import FakeUnit
from pos.registers.journal import units
from pos.registers.journal.models import JournalEntry
from pos.registers.journal.queries import Verification, open_outage, signing_of, verify
from pos.registers.journal.services.keys import has_signed
from pos.registers.journal.services.signing import sign_what_was_told
from pos.registers.journal.subscribers import sign_what_was_told as read_feed
from pos.registers.journal.tasks import sign_receipts
from tests.factories import Shop, TillClient, order_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(here: Shop) -> Iterator[FakeUnit]:
    """The café's fake unit."""
    with tenant_context(here.tenant):
        units.forget_units()
        made = cast("FakeUnit", units.unit_of("fake"))
    yield made
    with tenant_context(here.tenant):
        units.forget_units()


def sell(here: Shop, till: TillClient) -> str:
    """The receipt's number of a sale."""
    answer = till.post("/orders", order_body((here.variants["roll"], "2"), cash=(100, "EUR")))
    assert answer.status_code == 201, answer.content
    return str(answer.json()["receipt_reference"])


def signed(here: Shop, *, at: dt.datetime | None = None) -> int:
    with tenant_context(here.tenant):
        return sign_what_was_told(unit="fake", at=at or clock.now())


def note(here: Shop, number: str) -> dict[str, str] | None:
    with tenant_context(here.tenant):
        return signing_of(register_id=here.register.id, number=number)


def told(here: Shop, event: str) -> list[dict[str, Any]]:
    with tenant_context(here.tenant):
        rows = JournalEntry.objects.filter(kind="system", body__contains=event).order_by("position")
        return [json.loads(row.body) for row in rows]


def whole(here: Shop) -> Verification:
    with tenant_context(here.tenant):
        return verify(register_id=here.register.id, keys=frozenset(), has_signed=has_signed)


def test_a_receipt_is_signed_once_and_the_journal_holds_what_the_unit_said(
    here: Shop, till: TillClient, unit: FakeUnit
) -> None:
    first, second = sell(here, till), sell(here, till)
    assert note(here, first) is None
    assert signed(here) == 2
    assert signed(here) == 0
    said = note(here, second)
    assert said is not None
    assert (said["state"], said["unit"], said["transaction"], said["counter"]) == (
        "signed",
        "fake-unit-1",
        "2",
        "4",
    )
    assert said["algorithm"] == "FAKE-NOT-FOR-USE"
    assert (unit.last_transaction, unit.open) == (2, {})
    assert whole(here).findings == ()


def test_while_the_unit_is_out_sales_go_on_and_the_journal_says_since_when_why_and_until_when(
    here: Shop, till: TillClient, unit: FakeUnit
) -> None:
    sell(here, till)
    signed(here)
    unit.break_down("no network")
    out = [sell(here, till), sell(here, till)]
    began = clock.now()
    assert signed(here, at=began) == 0
    for number in out:
        said = note(here, number)
        assert said is not None
        assert (said["state"], said["cause"]) == ("outage", "no network")
    with tenant_context(here.tenant):
        outage = open_outage(register_id=here.register.id)
    assert outage is not None
    assert (outage.began_at, outage.cause, outage.ended_at) == (began, "no network", None)
    unit.repair()
    after = sell(here, till)
    assert signed(here) == 1
    assert (note(here, after) or {})["state"] == "signed"
    assert (note(here, out[0]) or {})["state"] == "outage"
    with tenant_context(here.tenant):
        assert open_outage(register_id=here.register.id) is None
    assert told(here, "signing_outage_began") == [
        {"event": "signing_outage_began", "values": {"cause": "no network"}}
    ]
    (ended,) = told(here, "signing_outage_ended")
    assert ended["values"]["cause"] == "no network"
    assert whole(here).findings == ()


def test_a_unit_used_wrongly_is_an_outage_too(here: Shop, till: TillClient, unit: FakeUnit) -> None:
    unit.latest = clock.now() + dt.timedelta(days=1)
    number = sell(here, till)
    assert signed(here) == 0
    assert (note(here, number) or {})["cause"] == "refused: the unit's clock does not go back"


def test_what_was_recorded_long_before_there_was_a_unit_is_left(
    here: Shop, till: TillClient, unit: FakeUnit
) -> None:
    sell(here, till)
    assert signed(here, at=clock.now() + dt.timedelta(minutes=6)) == 0
    assert unit.last_transaction == 0


def test_without_a_unit_in_the_settings_nothing_is_signed_and_nobody_waits(
    here: Shop, till: TillClient, unit: FakeUnit
) -> None:
    assert FiscalSection().signing_unit is None
    sell(here, till)
    with tenant_context(here.tenant):
        assert units.unit_name() is None
        read_feed(read_after(0), here.tenant)
        answer = sign_receipts.apply(headers={"tenant_schema": here.tenant.schema_name})
        assert answer.result == 0
        assert not JournalEntry.objects.filter(kind="signed").exists()
    assert unit.last_transaction == 0


def test_an_unknown_unit_and_the_fake_one_in_production_are_outages(
    here: Shop, till: TillClient, unit: FakeUnit
) -> None:
    number = sell(here, till)
    with override_settings(PRODUCTION=True):
        assert signed(here) == 0
    assert (note(here, number) or {})["cause"] == "the fake signing unit is not for use in a shop"
    other = sell(here, till)
    with tenant_context(here.tenant):
        assert sign_what_was_told(unit="acme", at=clock.now()) == 0
    assert (note(here, other) or {})["cause"] == "the signing unit acme is not installed"


def test_a_unit_is_installed_once() -> None:
    with pytest.raises(ValueError, match="already"):
        units.install(name="fake", make=FakeUnit)
