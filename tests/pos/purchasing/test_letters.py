"""Orders by e-mail: a real mail server on this machine takes them, refuses them, or is away."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from fynlo.core import clock
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.purchasing.models import PurchaseEmail
from pos.purchasing.services.emails import claim_email
from pos.purchasing.tasks import send_purchase_email, send_purchase_emails
from tests.pos.purchasing.buying import Buyer, problem, told
from tests.pos.purchasing.post_office import PostOffice, post_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings: Any) -> Iterator[PostOffice]:
    """The mail server that Fynlo is set up with."""
    with post_office() as opened:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", opened.port
        settings.DEFAULT_FROM_EMAIL = "shop@cafe.example"
        yield opened


@pytest.fixture
def order(buyer: Buyer) -> dict[str, Any]:
    """An order that was sent."""
    buyer.supplier()
    return buyer.ordered(("roll", "2"))


def queue(buyer: Buyer, order: dict[str, Any], **said: Any) -> Any:
    return buyer.client.post(f"/purchase-orders/{order['id']}/email", {"id": str(new_id()), **said})


def run(buyer: Buyer, order: dict[str, Any]) -> list[bool]:
    """Send every letter of the order as the worker would; whether each went out."""
    emails = buyer.order(order)["emails"]
    with tenant_context(buyer.shop.tenant):
        return [send_purchase_email.run(email_id=email["id"]) for email in emails]


def steps(buyer: Buyer, order: dict[str, Any]) -> list[str]:
    return [each["step"] for each in buyer.order(order)["steps"] if each["step"].startswith("email")]


def test_an_order_goes_out_with_its_papers(buyer: Buyer, order: dict[str, Any], office: PostOffice) -> None:
    queued = told(queue(buyer, order, copies=["boss@cafe.example"], text="Please ring twice."), 202)
    assert (queued["emails"][0]["state"], office.taken) == ("queued", [])
    assert run(buyer, order) == [True]
    ((recipients, letter),) = office.taken
    assert recipients == ["orders@mill.example", "boss@cafe.example"]
    assert (letter["From"], letter["To"]) == ("shop@cafe.example", "orders@mill.example")
    assert letter["Subject"].endswith(": PO-00001")
    body = letter.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Please ring twice."
    attached = {part.get_filename(): part.get_content() for part in letter.iter_attachments()}
    assert sorted(attached) == ["PO-00001.csv", "PO-00001.pdf"]
    assert attached["PO-00001.pdf"][:5] == b"%PDF-"
    assert "R-12" in str(attached["PO-00001.csv"])
    assert steps(buyer, order) == ["email_queued", "email_sent"]


def test_a_letter_is_sent_once_and_again_on_purpose(
    buyer: Buyer, order: dict[str, Any], office: PostOffice
) -> None:
    key = str(new_id())
    told(queue(buyer, order, id=key), 202)
    told(queue(buyer, order, id=key), 202)
    assert (run(buyer, order), run(buyer, order)) == ([True], [False])
    told(queue(buyer, order), 202)
    assert run(buyer, order) == [True, False]  # the newest first
    first, second = (letter["Message-ID"] for _, letter in office.taken)
    assert first != second
    assert steps(buyer, order) == ["email_queued", "email_sent", "email_queued", "email_sent"]


def test_an_unknown_recipient_is_final(buyer: Buyer, order: dict[str, Any], office: PostOffice) -> None:
    office.refuses = "550 no such mailbox"
    told(queue(buyer, order), 202)
    assert run(buyer, order) == [False]
    (email,) = buyer.order(order)["emails"]
    assert (email["state"], email["reason"]) == ("failed", "orders@mill.example: 550 no such mailbox")
    assert steps(buyer, order) == ["email_queued", "email_failed"]


def test_a_busy_server_is_tried_again_later(buyer: Buyer, order: dict[str, Any], office: PostOffice) -> None:
    office.refuses = "450 busy"
    told(queue(buyer, order), 202)
    assert (run(buyer, order), run(buyer, order)) == ([False], [False])
    (email,) = buyer.order(order)["emails"]
    assert (email["state"], email["attempts"]) == ("queued", 1)
    office.refuses = ""
    with tenant_context(buyer.shop.tenant):
        PurchaseEmail.objects.update(due_at=clock.now() - dt.timedelta(seconds=1))
        assert send_purchase_emails.run() == 1
    assert steps(buyer, order) == ["email_queued", "email_delayed", "email_sent"]


def test_a_server_that_is_away_is_given_up_after_five_tries(
    buyer: Buyer, order: dict[str, Any], settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    told(queue(buyer, order), 202)
    for _ in range(5):
        assert run(buyer, order) == [False]
        with tenant_context(buyer.shop.tenant):
            PurchaseEmail.objects.update(due_at=clock.now() - dt.timedelta(seconds=1))
    (email,) = buyer.order(order)["emails"]
    assert (email["state"], email["attempts"]) == ("failed", 5)
    assert email["reason"].startswith("ConnectionRefusedError")
    assert steps(buyer, order) == ["email_queued", *["email_delayed"] * 4, "email_failed"]


def test_a_claimed_letter_is_left_alone_until_the_claim_runs_out(buyer: Buyer, order: dict[str, Any]) -> None:
    told(queue(buyer, order), 202)
    key, at = UUID(buyer.order(order)["emails"][0]["id"]), clock.now()
    with tenant_context(buyer.shop.tenant):
        assert claim_email(email_id=key, at=at) is not None
        assert claim_email(email_id=key, at=at + dt.timedelta(minutes=4)) is None
        assert claim_email(email_id=key, at=at + dt.timedelta(minutes=6)) is not None


def test_somebody_must_be_written_to(buyer: Buyer) -> None:
    buyer.supplier(email="")
    order = buyer.ordered(("roll", "1"))
    assert problem(queue(buyer, order)) == (422, "no_email_address", ["/recipient"])
    assert problem(queue(buyer, order, recipient="nobody")) == (422, "invalid_input", ["/recipient"])
