"""Payouts line by line, disputes with what speaks for the merchant, accounts and wallets' hosts."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from payments.gateways.base import (
    Attempt,
    ConnectionFacts,
    Evidence,
    NotConnected,
    RefundRequest,
    Settlement,
    SettlementLine,
    TooLate,
)
from payments.gateways.stripe import StripeGateway, connect
from payments.gateways.stripe.disputes import STATES, evidence_of, fact_of
from payments.gateways.stripe.domains import register_domain
from tests.contracts.stripe.server import StripeServer
from tests.payments.stripe.conftest import theirs

pytestmark = pytest.mark.django_db

Asked = Callable[..., Attempt]
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def sold(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str
) -> Callable[[], Attempt]:
    """Sells for 12.50 EUR at the reader."""

    def sell() -> Attempt:
        attempt = asked()
        stripe_server.tap(reader)
        return gateway.advance(attempt=attempt)

    return sell


def told(
    gateway: StripeGateway, connection: ConnectionFacts
) -> list[tuple[Settlement, list[SettlementLine]]]:
    """Every settlement with its lines."""
    return [(one, list(one.lines)) for one in gateway.settlements(connection=connection, since=LONG_AGO)]


def test_a_payout_is_explained_to_the_cent_and_the_rest_is_still_there(
    gateway: StripeGateway,
    stripe_server: StripeServer,
    connection: ConnectionFacts,
    sold: Callable[[], Attempt],
) -> None:
    first, second = sold(), sold()
    request = RefundRequest(id=first.id, attempt=first, key="cafe:r:refund:1", amount_minor=250)
    back = gateway.refund(request=request)
    stripe_server.add_line("acct_cafe", -99, category="a_word_of_tomorrow")
    payout = stripe_server.make_payout("acct_cafe")
    third = sold()
    (paid, lines), (still, rest) = told(gateway, connection)
    assert (paid.id, paid.traced, paid.currency, paid.state) == (payout["id"], True, "EUR", "paid")
    assert sum(line.net_minor for line in lines) == paid.amount_minor == payout["amount"]
    assert all(line.net_minor == line.gross_minor - line.fee_minor for line in lines)
    by = {(line.category, line.payment): line for line in lines}
    assert by["charge", first.vendor_id].gross_minor == 1250
    assert by["charge", second.vendor_id].source == second.details["charge"]
    assert (by["refund", first.vendor_id].source, by["refund", first.vendor_id].gross_minor) == (
        back.vendor_id,
        -250,
    )
    assert by["a_word_of_tomorrow", ""].net_minor == -99
    assert (still.id, still.amount_minor) == ("", sum(line.net_minor for line in rest))
    assert [line.payment for line in rest] == [third.vendor_id]


def test_lines_nobody_took_are_not_told_again_as_not_paid_out(
    gateway: StripeGateway,
    stripe_server: StripeServer,
    connection: ConnectionFacts,
    sold: Callable[[], Attempt],
) -> None:
    sold()
    stripe_server.make_payout("acct_cafe")
    found = [one for one in gateway.settlements(connection=connection, since=LONG_AGO) if not one.id]
    assert [list(one.lines) for one in found] == [[] for _ in found]


def test_a_payout_whose_lines_somebody_has_is_not_read_again(
    gateway: StripeGateway,
    stripe_server: StripeServer,
    connection: ConnectionFacts,
    sold: Callable[[], Attempt],
) -> None:
    known = sold()
    stripe_server.make_payout("acct_cafe")
    late = sold()
    read = []
    for one in gateway.settlements(connection=connection, since=LONG_AGO):
        if one.id:
            one.leave()
        else:
            read = [line.payment for line in one.lines]
    asked = [seen.params for seen in stripe_server.requests if "balance_transactions" in seen.route]
    assert [params.get("payout") for params in asked] == [None]
    assert sorted(read) == sorted([known.vendor_id, late.vendor_id])


def test_payouts_come_oldest_first_and_one_by_hand_has_no_lines(
    gateway: StripeGateway,
    stripe_server: StripeServer,
    connection: ConnectionFacts,
    sold: Callable[[], Attempt],
) -> None:
    sold()
    first = stripe_server.make_payout("acct_cafe")
    sold()
    second = stripe_server.make_payout("acct_cafe", automatic=False, amount=500)
    found = told(gateway, connection)
    assert [(one.id, one.traced, len(lines)) for one, lines in found if one.id] == [
        (first["id"], True, 1),
        (second["id"], False, 0),
    ]


def test_a_payout_whose_lines_are_not_known_yet_is_not_paid_yet(
    gateway: StripeGateway,
    stripe_server: StripeServer,
    connection: ConnectionFacts,
    sold: Callable[[], Attempt],
) -> None:
    """The bank may have it before the vendor has worked out what it is made of."""
    attempt = sold()
    stripe_server.make_payout("acct_cafe")
    world = stripe_server.vendor.worlds["acct_cafe"]
    (payout,) = world.all("payout")
    payout["reconciliation_status"] = "in_progress"
    (early, none), (_, still) = told(gateway, connection)
    assert (early.state, early.traced, none) == ("reconciling", True, [])
    assert [line.payment for line in still] == [attempt.vendor_id]
    payout["reconciliation_status"] = "completed"
    paid, lines = told(gateway, connection)[0]
    assert (paid.state, [line.payment for line in lines]) == ("paid", [attempt.vendor_id])


def test_pages_are_read_to_the_end(
    gateway: StripeGateway, stripe_server: StripeServer, connection: ConnectionFacts
) -> None:
    for number in range(250):
        stripe_server.add_line("acct_cafe", number + 1, category="adjustment")
    stripe_server.make_payout("acct_cafe")
    paid, lines = told(gateway, connection)[0]
    assert (len(lines), sum(line.net_minor for line in lines)) == (250, paid.amount_minor)


def test_a_dispute_is_told_and_answered_once(
    gateway: StripeGateway,
    stripe_server: StripeServer,
    connection: ConnectionFacts,
    sold: Callable[[], Attempt],
) -> None:
    attempt = sold()
    opened = stripe_server.open_dispute(attempt.details["charge"])
    (fact,) = gateway.disputes(connection=connection, since=LONG_AGO)
    assert (fact.id, fact.payment, fact.amount_minor, fact.state, fact.attempt_id) == (
        opened["id"],
        attempt.vendor_id,
        1250,
        "needs_response",
        attempt.id,
    )
    assert fact.due_at is not None
    evidence = Evidence(texts={"order": "One cake"})
    sent = gateway.submit_evidence(connection=connection, dispute_id=fact.id, evidence=evidence, key="e1")
    assert sent.state == "under_review"
    with pytest.raises(TooLate):
        gateway.submit_evidence(connection=connection, dispute_id=fact.id, evidence=evidence, key="e2")
    stripe_server.close_dispute(fact.id, won=True)
    (over,) = gateway.disputes(connection=connection, since=LONG_AGO)
    assert over.state == "won"


def test_every_status_the_vendor_lists_is_known_and_a_new_one_is_looked_at() -> None:
    base = {"id": "dp_1", "amount": 1250, "currency": "eur", "created": 1, "payment_intent": "pi_1"}
    assert {fact_of({**base, "status": status}).state for status in STATES} == {
        "needs_response",
        "under_review",
        "won",
        "lost",
        "closed",
    }
    assert fact_of({**base, "status": "prevented"}).state == "closed"
    assert fact_of({**base, "status": "appeal_needs_response"}).state == "needs_response"
    assert fact_of({**base, "status": "a_word_of_tomorrow"}).state == "under_review"


def test_what_has_no_field_of_its_own_is_told_together() -> None:
    texts = {
        "order": "One cake",
        "receipt": "12.50",
        "card": "contactless",
        "note": "",
        "served_on": "2026-11-22",
    }
    assert evidence_of(texts) == {
        "product_description": "One cake",
        "service_date": "2026-11-22",
        "uncategorized_text": "Receipt\n12.50\n\nCard\ncontactless",
    }


def test_an_account_is_made_once_and_may_charge_when_the_vendor_says_so(
    gateway: StripeGateway, stripe_server: StripeServer, connection: ConnectionFacts
) -> None:
    said = {
        "name": "Café",
        "email": "owner@cafe.example",
        "country": "DE",
        "reference": "cafe",
        "key": "account:1",
    }
    account = connect.create_account(**said, addresses=connection.settings)
    assert connect.create_account(**said, addresses=connection.settings) == account
    link = connect.onboarding_link(
        account=account,
        return_url="https://cafe.example/admin/",
        refresh_url="https://cafe.example/admin/",
        addresses=connection.settings,
    )
    assert link.startswith("https://")
    own = replace(connection, account=account)
    theirs(account)
    waiting = gateway.capabilities(connection=own)
    assert (waiting.channels, waiting.trouble != "") == (frozenset(), True)
    stripe_server.set_account(account, "active")
    ready = gateway.capabilities(connection=own)
    assert (ready.channels, ready.trouble) == (frozenset({"present", "remote", "qr"}), "")
    assert (ready.currencies, ready.smallest_minor, ready.refund_needs_card) == (
        frozenset({"EUR"}),
        50,
        False,
    )
    stripe_server.disconnect(account)


def test_an_account_of_somebody_else_is_not_connected(
    gateway: StripeGateway, connection: ConnectionFacts
) -> None:
    theirs("acct_of_another_platform")
    with pytest.raises(NotConnected):
        gateway.capabilities(connection=replace(connection, account="acct_of_another_platform"))


def test_wallets_work_on_hosts_that_prove_themselves(
    stripe_server: StripeServer, connection: ConnectionFacts
) -> None:
    good = register_domain(connection=connection, host="cafe.example", key="d1")
    assert good.active == ("apple_pay", "google_pay", "link")
    stripe_server.prove_domains("acct_cafe", "other.example")
    again = register_domain(connection=connection, host="cafe.example", key="d2")
    assert (again.vendor_id, again.active) == (good.vendor_id, ("google_pay", "link"))
    assert "association file" in again.problems["apple_pay"]
