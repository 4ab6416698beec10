"""A receipt says what the signing unit signed, or that it was out; without a unit it says and asks nothing."""

from typing import cast

import pytest

from fynlo.core import clock
from fynlo.core.tenancy import tenant_context
from pos.fiscal.fake_unit import FakeUnit
from pos.receipts.signing import signing_lines
from pos.registers.journal import units
from pos.registers.journal.services.signing import sign_what_was_told
from tests.factories import Shop, TillClient, order_body

pytestmark = pytest.mark.django_db


def sell(here: Shop, till: TillClient) -> str:
    answer = till.post("/orders", order_body((here.variants["roll"], "2"), cash=(100, "EUR")))
    return str(answer.json()["receipt_reference"])


def lines(here: Shop, number: str, *, unit: str | None = "fake", language: str = "en") -> tuple[str, ...]:
    with tenant_context(here.tenant):
        return signing_lines(unit=unit, register_id=here.register.id, number=number, language=language)


def test_without_a_unit_nothing_is_said_or_asked(
    here: Shop, till: TillClient, django_assert_num_queries: object
) -> None:
    number = sell(here, till)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert lines(here, number, unit=None) == ()


def test_what_was_signed_and_what_was_not(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        units.forget_units()
        unit = cast("FakeUnit", units.unit_of("fake"))
    first = sell(here, till)
    assert lines(here, first) == ()
    with tenant_context(here.tenant):
        sign_what_was_told(unit="fake", at=clock.now())
    serial, times, signature = lines(here, first)
    assert serial == "fake-unit-1 1/2"
    assert times.count("Z") == 2
    assert signature.startswith("FAKE-NOT-FOR-USE ")
    unit.break_down("no network")
    second = sell(here, till)
    with tenant_context(here.tenant):
        sign_what_was_told(unit="fake", at=clock.now())
    third = sell(here, till)
    for number in (second, third):
        assert lines(here, number) == ("Signing unit out of order",)
        assert lines(here, number, language="de-AT") == ("Sicherheitseinrichtung ausgefallen",)
        assert lines(here, number, language="pl") == ("Signing unit out of order",)
    with tenant_context(here.tenant):
        units.forget_units()
