"""The day that is played before anybody looks: once, through the services, with the same figures every time."""

import datetime as dt
import re
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fynlo.core.tenancy import tenant_context
from fynlo.demo.day import play_day
from fynlo.events.log import unit_of_work
from payments.credit.models import HouseAccount
from payments.ledger.queries import trial_balance
from pos.models import CashSession, Closing, JournalEntry, Order, Refund
from tenants.onboarding.steps import registered
from tenants.onboarding.validation import check_file
from tests.admin.browsing import office
from tests.embedded.conftest import ROOT

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 13, 20, tzinfo=dt.UTC)


@pytest.fixture
def onboarded(cafe: Any) -> Any:
    """The café of the examples, before its first sale."""
    config = check_file(file=ROOT / "docs" / "examples" / "cafe" / "merchant.yaml").configuration
    for step in registered():
        with tenant_context(cafe), unit_of_work():
            step.run(tenant=cafe, config=config, at=NOW)
    return cafe


def test_a_newcomer_finds_a_closed_day_and_an_open_one(onboarded: Any, grocer: Any) -> None:
    with tenant_context(onboarded):
        assert play_day(at=NOW)
        closing = Closing.objects.get()
        sales, refunds, cash = (closing.document[name] for name in ("sales", "refunds", "cash"))
        assert (closing.business_date, closing.document["number"]) == (dt.date(2026, 11, 23), "K1-Z1")
        assert (sales["count"], sales["total_minor"], sales["tip_minor"]) == (8, 17_301, 200)
        assert (refunds["count"], refunds["total_minor"], cash["variance_minor"]) == (2, 2_180, -30)
        assert closing.document["flags"] == {"codes": {}, "count": 0}
        told = {tender["code"]: tender["amount_minor"] for tender in closing.document["tenders"]}
        assert told == {"card": 6_370, "cash": 4_211, "exchange": 840, "house": 6_080}
        states = Order.objects.order_by("placed_at").values_list("fulfilment_state", "payment_state")
        assert list(states)[5:] == [
            ("completed", "refunded"),
            ("completed", "paid"),
            ("completed", "paid"),
            ("completed", "paid"),
            ("completed", "paid"),
            ("draft", "unpaid"),
        ]
        assert HouseAccount.objects.get().balance_minor == 6_080 - 4_000
        assert CashSession.objects.get(state="open").register.code == "K2"
        assert sum(row.balance_minor for row in trial_balance()) == 0
    with tenant_context(grocer):
        assert not Order.objects.exists()


def test_it_is_played_once(onboarded: Any) -> None:
    with tenant_context(onboarded):
        assert play_day(at=NOW)
        before = Order.objects.count(), Refund.objects.count(), JournalEntry.objects.count()
        assert not play_day(at=NOW + dt.timedelta(days=1))
        assert (Order.objects.count(), Refund.objects.count(), JournalEntry.objects.count()) == before


def test_the_day_ends_before_the_night_does(onboarded: Any) -> None:
    """At half past three in the morning the café is still in its day of yesterday, and so is the garden."""
    with tenant_context(onboarded):
        assert play_day(at=dt.datetime(2026, 11, 24, 2, 30, tzinfo=dt.UTC))
        assert Closing.objects.get().business_date == dt.date(2026, 11, 22)
        assert CashSession.objects.get(state="open").business_date == dt.date(2026, 11, 23)


def test_the_back_office_shows_it_as_people_say_it(onboarded: Any) -> None:
    """No keys of rows and no minor units, but in what is folded away, for programs."""
    with tenant_context(onboarded):
        play_day(at=NOW)
        found = {
            "order": Order.objects.get(name="Tisch 4").pk,
            "refund": Refund.objects.order_by("number")[0].pk,
            "closing": Closing.objects.get().pk,
            "cashsession": CashSession.objects.get(state="closed").pk,
        }
    browser = office(onboarded, "owner")
    said = {}
    for name, key in found.items():
        page = browser.get(f"/pos/{name}/{key}/change/").content.decode()
        shown = re.sub(r"<details.*?</details>|<script.*?</script>", "", page, flags=re.DOTALL)
        said[name] = " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-| minor\b", said[name]), said[name]
    assert "total: 6.90 EUR" in said["order"]
    assert "Taken off: Doch nur Leitungswasser" in said["order"]
    assert "Number K1-R8" in said["refund"]
    assert "Karte: 63.70 EUR, 13.40 EUR given back" in said["closing"]
    assert "-0.30 EUR" in said["cashsession"]


def test_the_command_plays_and_then_prints_a_code(onboarded: Any) -> None:
    said = [StringIO(), StringIO()]
    for out in said:
        call_command("play_day", onboarded.slug, pairing_code="K2", stdout=out)
    first, second = (out.getvalue().splitlines() for out in said)
    assert first[0] == "Played."
    assert second[0] == f"{onboarded.name} has traded already; nothing was done."
    assert all('"register": "K2"' in lines[1] for lines in (first, second))


def test_an_unknown_merchant_and_production_are_refused(
    onboarded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match='There is no merchant "nobody"'):
        call_command("play_day", "nobody")
    monkeypatch.setenv("FYNLO_ENV", "production")
    with pytest.raises(CommandError, match="not played in production"):
        call_command("play_day", onboarded.slug)
