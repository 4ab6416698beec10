"""Secrets of accounts: sealed, opened for one call, sealed anew when the platform's key changes."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import Forbidden, InvalidInput
from fynlo.core.ids import new_id
from fynlo.core.sealing import CannotUnseal
from fynlo.core.tenancy import platform_context, tenant_context
from payments.gateways import base
from payments.gateways.errors import ConnectionTaken
from payments.gateways.facts import next_kept, next_of
from payments.gateways.models import Attempt, Connection
from payments.gateways.services import ConnectionDraft, connection_facts, save_connection
from tenants.models import Tenant
from tenants.services import suspend_tenant
from tests.payments.gateways.asking import AT, Desk, desk_of
from tests.payments.gateways.vendor import vendor_present

pytestmark = pytest.mark.django_db

OLD, NEW = "the old secret of the platform", "the new secret of the platform"


def draft(**facts: Any) -> ConnectionDraft:
    values = {"id": new_id(), "gateway": "card_machine", "name": "Counter", "account": "tid-1"}
    return ConnectionDraft(**{**values, **facts})


def test_what_is_kept_says_nothing_and_no_text_form_does(in_cafe: Any) -> None:
    asked = draft(secrets={"key": "sk_open_sesame"})
    row = save_connection(draft=asked, actor=SYSTEM, at=AT)
    facts = connection_facts(connection=row)
    assert (facts.secrets, facts.tenant) == ({"key": "sk_open_sesame"}, "cafe")
    shown = [repr(asked), repr(facts), str(facts), repr(row), str(row), row.sealed_secrets, str(row.settings)]
    assert not [text for text in shown if "sesame" in text]


def test_a_draft_without_secrets_keeps_those_that_are_there(in_cafe: Any) -> None:
    asked = draft(secrets={"key": "one"})
    save_connection(draft=asked, actor=SYSTEM, at=AT)
    kept = save_connection(draft=draft(id=asked.id, name="Bar"), actor=SYSTEM, at=AT)
    assert (kept.name, connection_facts(connection=kept).secrets) == ("Bar", {"key": "one"})
    gone = save_connection(draft=draft(id=asked.id, secrets={}), actor=SYSTEM, at=AT)
    assert (gone.sealed_secrets, connection_facts(connection=gone).secrets) == ("", {})


def test_what_cannot_be_an_account_is_refused(in_cafe: Any) -> None:
    save_connection(draft=draft(), actor=SYSTEM, at=AT)
    with pytest.raises(ConnectionTaken):
        save_connection(draft=draft(), actor=SYSTEM, at=AT)
    with pytest.raises(InvalidInput):
        save_connection(draft=draft(gateway="barter"), actor=SYSTEM, at=AT)
    with pytest.raises(Forbidden):
        save_connection(draft=draft(), actor=Actor(kind="device", id=None, name="till"), at=AT)


def test_the_secret_of_a_screen_is_sealed_too(in_cafe: Any) -> None:
    told = base.Next(kind="client_secret", secret="pi_1_secret_open_sesame")
    row = Attempt(next=next_kept(told))
    assert "sesame" not in str(row.next)
    assert next_of(row=row) == told
    assert "sesame" not in repr(told)


def test_secrets_are_sealed_anew_for_every_merchant_and_only_once(cafe: Any, grocer: Any) -> None:
    with override_settings(FYNLO_SEALING_KEYS=[OLD]), vendor_present() as vendor:
        for tenant in (cafe, grocer):
            with tenant_context(tenant):
                desk_of(vendor, [])
        with tenant_context(cafe):
            screen = next_kept(base.Next(kind="client_secret", secret="open sesame"))
            Desk(vendor, [], Connection.objects.get(), Connection.objects.get().readers.get()).start()
            Attempt.objects.update(next=screen)
    told = StringIO()
    with override_settings(FYNLO_SEALING_KEYS=[NEW, OLD]):
        call_command("rotate_payment_secrets", "cafe", stdout=StringIO())
        call_command("rotate_payment_secrets", stdout=told)
    assert told.getvalue().splitlines() == [
        "1/2 cafe: 0 of 1 accounts sealed anew",
        "1/2 cafe: 0 of 1 attempts sealed anew",
        "2/2 grocer: 1 of 1 accounts sealed anew",
        "2/2 grocer: 0 of 0 attempts sealed anew",
    ]
    with override_settings(FYNLO_SEALING_KEYS=[NEW]), tenant_context(cafe):
        assert connection_facts(connection=Connection.objects.get()).secrets == {"key": "sk_open_sesame"}
        assert next_of(row=Attempt.objects.get()).secret == "open sesame"
    with override_settings(FYNLO_SEALING_KEYS=[OLD]), tenant_context(cafe), pytest.raises(CannotUnseal):
        connection_facts(connection=Connection.objects.get())


def test_secrets_of_merchants_who_are_not_served_are_sealed_anew_too(cafe: Any, grocer: Any) -> None:
    with override_settings(FYNLO_SEALING_KEYS=[OLD]), vendor_present() as vendor:
        for tenant in (cafe, grocer):
            with tenant_context(tenant):
                desk_of(vendor, [])
    suspend_tenant(slug=cafe.slug, reason="unpaid", actor=SYSTEM, at=AT)
    with platform_context():
        Tenant.objects.filter(pk=grocer.pk).update(state="closed")
    told = StringIO()
    with override_settings(FYNLO_SEALING_KEYS=[NEW, OLD]):
        call_command("rotate_payment_secrets", "cafe", stdout=told)
        call_command("rotate_payment_secrets", stdout=told)
    assert told.getvalue().splitlines() == [
        "1/1 cafe (suspended): 1 of 1 accounts sealed anew",
        "1/1 cafe (suspended): 0 of 0 attempts sealed anew",
        "1/2 cafe (suspended): 0 of 1 accounts sealed anew",
        "1/2 cafe (suspended): 0 of 0 attempts sealed anew",
        "2/2 grocer (closed): 1 of 1 accounts sealed anew",
        "2/2 grocer (closed): 0 of 0 attempts sealed anew",
    ]
    for tenant in (cafe, grocer):
        with override_settings(FYNLO_SEALING_KEYS=[NEW]), tenant_context(tenant):
            assert connection_facts(connection=Connection.objects.get()).secrets == {"key": "sk_open_sesame"}


def test_a_secret_no_key_opens_is_told_and_the_others_go_on(cafe: Any, grocer: Any) -> None:
    with vendor_present() as vendor:
        for tenant, key in ((cafe, OLD), (grocer, NEW)):
            with override_settings(FYNLO_SEALING_KEYS=[key]), tenant_context(tenant):
                desk_of(vendor, [])
    told, failed = StringIO(), StringIO()
    with (
        override_settings(FYNLO_SEALING_KEYS=[NEW]),
        pytest.raises(CommandError, match="1 merchants .*: cafe. Keep"),
    ):
        call_command("rotate_payment_secrets", stdout=told, stderr=failed)
    assert "2/2 grocer: 0 of 1 accounts sealed anew" in told.getvalue()
    assert failed.getvalue().startswith("1/2 cafe: a sealed secret cannot be opened")
    with pytest.raises(CommandError, match="There is no merchant nobody"):
        call_command("rotate_payment_secrets", "nobody")
