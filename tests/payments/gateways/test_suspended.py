"""A merchant is suspended: their guests' money is looked at, taken to its place and given back all the same."""

import datetime as dt
from typing import Any

import pytest

from fynlo.celery import app
from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import registry, tenant_context
from payments.credit.tasks import lapse_gift_cards
from payments.gateways.models import Attempt
from payments.gateways.tasks import resolve_attempts
from tenants.services import suspend_tenant
from tests.payments.gateways.asking import AT, Desk

pytestmark = pytest.mark.django_db

ABOUT_MONEY = {
    "payments.check_connections",
    "payments.forget_inbound",
    "payments.handle_inbound",
    "payments.handle_inbound_due",
    "payments.look_at_attempt",
    "payments.reconcile",
    "payments.reconcile_account",
    "payments.reconcile_due",
    "payments.resolve_attempts",
    "payments.send_refund",
}


@pytest.fixture
def suspended(cafe: Any) -> Any:
    return suspend_tenant(slug=cafe.slug, reason="unpaid", actor=SYSTEM, at=AT)


def test_what_was_taken_is_found_and_put_to_its_place(desk: Desk, suspended: Any) -> None:
    row = desk.presented()
    Attempt.objects.filter(pk=row.pk).update(next_look_at=AT - dt.timedelta(days=1))
    desk.vendor.guest_pays(row.pk)
    answer = resolve_attempts.apply(headers={"tenant_schema": suspended.schema_name})
    assert answer.get() == 1
    with tenant_context(suspended):
        row.refresh_from_db()
        assert (row.state, desk.settled) == ("captured", [row.pk])


def test_every_task_about_guests_money_runs_and_no_other_does(suspended: Any, grocer: Any) -> None:
    app.loader.import_default_modules()
    for_guests = {name for name, task in app.tasks.items() if getattr(task, "for_guests", False)}
    assert for_guests == ABOUT_MONEY
    assert [each.slug for each in registry.live_tenants(for_guests=True)] == ["cafe", "grocer"]
    assert [each.slug for each in registry.live_tenants()] == ["grocer"]


def test_a_task_about_anything_else_is_refused(suspended: Any) -> None:
    refused = lapse_gift_cards.apply(headers={"tenant_schema": suspended.schema_name})
    assert refused.state == "FAILURE"
    assert getattr(refused.result, "code", "") == "tenant_suspended"
