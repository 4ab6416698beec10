"""Merchants with keys of their own: new ones open the account that their payments are at, or are refused."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.errors import InvalidInput
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from payments.gateways.errors import ConnectionUnchecked
from payments.gateways.models import Connection
from payments.gateways.services import (
    AttemptDraft,
    ConnectionDraft,
    check_connection,
    connection_facts,
    drive_attempt,
    save_connection,
    start_attempt,
)
from tests.admin.browsing import office
from tests.contracts.stripe import faults
from tests.contracts.stripe.server import StripeServer
from tests.factories import shop
from tests.factories.tills import TillClient, paired_till, signed_in

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
OURS, OLD, NEW, OTHER = "acct_cafe", "sk_test_old", "rk_test_new", "sk_test_bar"
ASKED = "GET /v1/account"


@pytest.fixture
def own(in_cafe: Any, stripe_server: StripeServer, settings: Any) -> Connection:
    """The café has a key of its own; the bar has an account there, too."""
    settings.FYNLO_STRIPE_API_BASE = stripe_server.url
    for account, keys in ((OURS, (OLD, NEW)), ("acct_bar", (OTHER,))):
        stripe_server.connect(account)
        for key in keys:
            stripe_server.give_key(key, account)
    draft = ConnectionDraft(
        id=new_id(),
        gateway="stripe",
        name="Cards",
        settings={"origin": "https://cafe.example"},
        secrets={"secret_key": OLD, "webhook_secret": "whsec_1"},
    )
    return save_connection(draft=draft, actor=SYSTEM, at=AT)


@pytest.fixture
def used(own: Connection) -> Connection:
    """A guest was asked for 19.00 EUR by it."""
    draft = AttemptDraft(
        id=new_id(),
        order_id=None,
        connection_id=own.pk,
        tender_type="online",
        channel="remote",
        amount=Money(1900, "EUR"),
        reference="A-17",
    )
    start_attempt(draft=draft, actor=SYSTEM, at=AT)
    assert drive_attempt(attempt_id=draft.id, at=AT).state == "presented"
    return own


def give(row: Connection, **secrets: str) -> Connection:
    """New secrets for the account."""
    draft = ConnectionDraft(id=row.pk, gateway="stripe", name="Cards", secrets=secrets)
    return save_connection(draft=draft, actor=SYSTEM, at=AT)


def key_of(row: Connection) -> str:
    return connection_facts(connection=Connection.objects.get(pk=row.pk)).secrets["secret_key"]


def test_another_key_of_the_same_account_takes_its_place(used: Connection) -> None:
    assert key_of(give(used, secret_key=NEW)) == NEW


def test_the_key_of_another_account_is_refused_with_its_field(used: Connection) -> None:
    with pytest.raises(InvalidInput) as refused:
        give(used, secret_key=OTHER)
    assert [each.pointer for each in refused.value.errors] == ["/secrets"]
    assert refused.value.detail == (
        "These open the account acct_bar; the payments of this one are at acct_cafe. "
        "Connect the other account beside it."
    )
    assert key_of(used) == OLD


def test_where_nothing_was_asked_for_any_key_will_do(own: Connection) -> None:
    check_connection(connection_id=own.pk, at=AT)
    assert key_of(give(own, secret_key=OTHER)) == OTHER


def test_what_was_never_told_is_asked_with_the_old_key(used: Connection) -> None:
    Connection.objects.update(capabilities={"channels": ["remote"]})
    with pytest.raises(InvalidInput):
        give(used, secret_key=OTHER)
    assert key_of(give(used, secret_key=NEW)) == NEW


def test_a_key_that_opens_nothing_is_refused_and_a_silent_vendor_is_asked_later(
    used: Connection, stripe_server: StripeServer
) -> None:
    stripe_server.revoke_key(NEW)
    with pytest.raises(InvalidInput) as refused:
        give(used, secret_key=NEW)
    assert [each.pointer for each in refused.value.errors] == ["/secrets"]
    stripe_server.fault(ASKED, faults.server_error(), times=3)
    with pytest.raises(ConnectionUnchecked):
        give(used, secret_key=OTHER)
    assert key_of(used) == OLD


def test_nobody_is_asked_about_what_only_signs_bells_or_takes_the_key_away(
    used: Connection, stripe_server: StripeServer
) -> None:
    before = len(stripe_server.engine.named(ASKED))
    assert key_of(give(used, secret_key=OLD, webhook_secret="whsec_2")) == OLD
    assert give(used).sealed_secrets == ""
    assert len(stripe_server.engine.named(ASKED)) == before
    with pytest.raises(InvalidInput):
        give(used, secret_key=OTHER)  # what it is, is known all the same


def test_a_key_that_came_in_unasked_closes_the_account_when_it_is_asked(used: Connection) -> None:
    with unit_of_work():
        give(used, secret_key=OTHER)
    found = check_connection(connection_id=used.pk, at=AT)
    used.refresh_from_db()
    assert (found.channels, used.state) == (frozenset(), "disconnected")
    assert used.health["text"] == "Its secrets open another account, acct_bar."
    give(used, secret_key=OLD)
    assert check_connection(connection_id=used.pk, at=AT).trouble == ""


def test_tills_and_people_at_the_back_office_are_told_the_field(cafe: Any, used: Connection) -> None:
    shop(cafe)
    device = paired_till(cafe)
    owner = TillClient(cafe, {**device, **signed_in(cafe, device, role="owner")})
    body = {"name": "Cards", "secrets": {"secret_key": OTHER}}
    put = owner.put(f"/payment-connections/{used.pk}", body)
    post = owner.post("/payment-connections", {"id": str(used.pk), "gateway": "stripe", **body})
    for refused in (put, post):
        assert (refused.status_code, [each["pointer"] for each in refused.json()["errors"]]) == (
            400,
            ["/secrets"],
        )
        assert OTHER not in refused.content.decode()
    path = f"/payments/connection/{used.pk}/change/"
    browser = office(cafe)
    page = browser.submit(path, secrets=f"secret_key={OTHER}")
    assert page.context["adminform"].form.errors == {"secrets": [put.json()["detail"]]}
    with tenant_context(cafe):
        assert key_of(used) == OLD
    assert browser.submit(path, secrets=f"secret_key={NEW}").status_code == 302
    with tenant_context(cafe):
        assert key_of(used) == NEW
