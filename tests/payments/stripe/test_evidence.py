"""What speaks for the merchant: files and sentences at the vendor, left there as a draft, sent once."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.clock import now
from fynlo.core.tenancy import tenant_context
from payments.gateways.base import (
    Attempt,
    ConnectionFacts,
    DisputeFact,
    Evidence,
    OutcomeUnknown,
    Refused,
    TooLate,
)
from payments.gateways.models import Attempt as AttemptRow
from payments.gateways.models import AttemptSignature, Connection
from payments.gateways.services.signing import attach_signature
from payments.gateways.signatures import drawn
from payments.gateways.stripe import StripeGateway
from payments.reconciliation.models import Dispute
from payments.reconciliation.services import refresh_disputes, submit_evidence
from tests.contracts.stripe import faults
from tests.contracts.stripe.server import StripeServer
from tests.contracts.stripe.world import Body, World
from tests.factories import TillClient, order_body, paired_till, shop

pytestmark = pytest.mark.django_db
Send = Callable[..., DisputeFact]
ANSWER, UPLOAD = "POST /v1/disputes/{}", "POST /v1/files"
NOW = now()  # the fake's clock is the machine's
RECEIPT, SIGNATURE = b"%PDF-1.7 a receipt", b"\x89PNG a signature"
EVIDENCE = Evidence(
    texts={
        "order": "One cake",
        "receipt": "Order A-17",
        "served_on": "2026-11-22",
        "activity": "12:00 paid",
        "log": "12:00 captured",
    },
    papers={
        "receipt": ("receipt.pdf", "application/pdf", RECEIPT),
        "signature": ("signature.png", "image/png", SIGNATURE),
    },
)


@pytest.fixture
def world(stripe_server: StripeServer, connection: ConnectionFacts) -> World:
    return stripe_server.vendor.worlds[connection.account]


@pytest.fixture
def dispute(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Callable[..., Attempt], reader: str
) -> Body:
    """Of a sale for 12.50 EUR at the reader."""
    attempt = asked()
    stripe_server.tap(reader)
    charge = gateway.advance(attempt=attempt).details["charge"]
    return stripe_server.open_dispute(charge)


@pytest.fixture
def send(gateway: StripeGateway, connection: ConnectionFacts, dispute: Body) -> Send:
    def do(key: str, *, evidence: Evidence = EVIDENCE, is_draft: bool = False) -> DisputeFact:
        return gateway.submit_evidence(
            connection=connection, dispute_id=dispute["id"], evidence=evidence, key=key, is_draft=is_draft
        )

    return do


def test_receipt_and_signature_go_as_files_and_the_rest_in_its_fields(
    send: Send, stripe_server: StripeServer, world: World, dispute: Body
) -> None:
    assert send("e1").state == "under_review"
    evidence = dispute["evidence"]
    assert world.hidden[evidence["receipt"]]["content"] == RECEIPT
    assert world.hidden[evidence["customer_signature"]]["content"] == SIGNATURE
    files = {row["filename"]: (row["purpose"], row["type"]) for row in world.all("file")}
    assert files == {
        "receipt.pdf": ("dispute_evidence", "pdf"),
        "signature.png": ("dispute_evidence", "png"),
    }
    texts = {name: evidence[name] for name in ("product_description", "service_date", "access_activity_log")}
    assert texts == {
        "product_description": "One cake",
        "service_date": "2026-11-22",
        "access_activity_log": "12:00 paid",
    }
    assert evidence["uncategorized_text"] == "Receipt\nOrder A-17\n\nLog\n12:00 captured"
    assert stripe_server.executed(UPLOAD) == 2
    with pytest.raises(TooLate):
        send("e2")


def test_a_draft_lies_there_and_can_be_changed_until_it_is_sent(
    send: Send, stripe_server: StripeServer, dispute: Body
) -> None:
    first = send("d1", is_draft=True)
    assert (first.state, dispute["evidence_details"]["submission_count"]) == ("needs_response", 0)
    assert dispute["evidence_details"]["has_evidence"] is True
    changed = replace(EVIDENCE, texts={**EVIDENCE.texts, "order": "Two cakes"})
    assert send("d2", evidence=changed, is_draft=True).state == "needs_response"
    assert dispute["evidence"]["product_description"] == "Two cakes"
    assert send("e1", evidence=changed).state == "under_review"
    assert dispute["evidence_details"]["submission_count"] == 1
    assert [seen.params["submit"] for seen in stripe_server.engine.named(ANSWER)] == [False, False, True]
    with pytest.raises(TooLate):
        send("d3", is_draft=True)


def test_evidence_whose_answer_was_lost_is_known_again_by_its_key(
    send: Send, stripe_server: StripeServer, dispute: Body
) -> None:
    stripe_server.fault(ANSWER, faults.lost_answer(), times=3)
    with pytest.raises(OutcomeUnknown):
        send("e1")
    assert send("e1").state == "under_review"
    assert stripe_server.executed(ANSWER) == 1
    with pytest.raises(TooLate):
        send("e2")


def test_an_upload_whose_answer_was_lost_is_the_same_file(
    send: Send, stripe_server: StripeServer, world: World
) -> None:
    stripe_server.fault(UPLOAD, faults.lost_answer(), times=3)
    with pytest.raises(OutcomeUnknown):
        send("e1")
    send("e1")
    assert sorted(row["filename"] for row in world.all("file")) == ["receipt.pdf", "signature.png"]


def test_somebody_else_answering_meanwhile_is_not_taken_for_us(
    send: Send, stripe_server: StripeServer, dispute: Body
) -> None:
    stripe_server.fault(ANSWER, faults.lost_request(), times=3)
    with pytest.raises(OutcomeUnknown):
        send("e1")
    dispute["status"] = "under_review"
    with pytest.raises(TooLate):
        send("e1")


def test_after_the_deadline_nothing_is_sent(send: Send, stripe_server: StripeServer) -> None:
    stripe_server.advance_clock(int(dt.timedelta(days=8).total_seconds()))
    with pytest.raises(Refused, match="deadline"):
        send("e1")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("signature.png", b"\x89PNG" + bytes(4_500_000), "4.5 MB"),
        ("signature.png", b"GIF89a", "no png"),
        ("signature.gif", b"GIF89a", "pdf, png and jpg"),
    ],
    ids=["too-large", "not-what-it-says", "another-kind"],
)
def test_papers_the_vendor_does_not_take_are_refused(
    send: Send, stripe_server: StripeServer, name: str, content: bytes, why: str
) -> None:
    papers = {**EVIDENCE.papers, "signature": (name, "image/png", content)}
    with pytest.raises(Refused, match=why):
        send("e1", evidence=replace(EVIDENCE, papers=papers))
    assert stripe_server.engine.named(ANSWER) == []


def test_the_shops_receipt_and_what_the_guest_signed_are_sent_to_the_bank(
    gateway: StripeGateway,
    stripe_server: StripeServer,
    connection: ConnectionFacts,
    world: World,
    asked: Callable[..., Attempt],
    reader: str,
    cafe: Any,
) -> None:
    """From the order and the signature in the merchant's rows to the files of the dispute."""
    paid = asked()
    stripe_server.tap(reader)
    taken = gateway.advance(attempt=paid)
    here = shop(cafe)
    till = TillClient(cafe, paired_till(cafe))
    order = till.post("/orders", order_body((here.variants["roll"], "2"), cash=(100, "EUR"))).json()
    with tenant_context(cafe):
        account = Connection.objects.create(
            pk=connection.id,
            gateway="stripe",
            name="Cards",
            account=connection.account,
            settings=dict(connection.settings),
            created_at=NOW,
        )
        row = AttemptRow.objects.create(
            id=taken.id,
            order_id=order["id"],
            connection=account,
            tender_type="card",
            channel="present",
            reference="A-17",
            state="captured",
            currency="EUR",
            amount_minor=1250,
            authorised_minor=1250,
            captured_minor=1250,
            vendor_id=taken.vendor_id,
            captured_at=NOW,
            at=NOW,
            business_date=NOW.date(),
        )
        attach_signature(
            attempt_id=row.pk,
            signature=drawn([[(0, 0), (900, 700)], [(900, 0), (0, 700)]]),
            actor=SYSTEM,
            at=NOW,
        )
        opened = stripe_server.open_dispute(taken.details["charge"])
        refresh_disputes(connection=account, at=NOW)
        sent = submit_evidence(dispute_id=Dispute.objects.get().pk, note="They ate it.", actor=SYSTEM, at=NOW)
        assert (sent.state, sorted(sent.evidence["papers"])) == ("under_review", ["receipt", "signature"])
        kept = bytes(AttemptSignature.objects.get().content)
    evidence = opened["evidence"]
    assert world.hidden[evidence["customer_signature"]]["content"] == kept
    assert world.hidden[evidence["receipt"]]["content"].startswith(b"%PDF-")
    assert evidence["product_description"].startswith("2 ")
    assert evidence["service_date"] == NOW.date().isoformat()
    assert "From the merchant\nThey ate it." in evidence["uncategorized_text"]
