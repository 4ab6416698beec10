"""Receipts by e-mail: asked for in the feed, sent by a task, told in the feed again."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.core import mail

from fynlo.core.ids import new_id
from fynlo.core.sealing import unseal
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import read_after
from pos.receipts.tasks import send_receipt
from tests.factories import Shop, TillClient
from tests.pos.receipts.selling import basket, sell

pytestmark = pytest.mark.django_db


def ask(till: TillClient, order: str, to: str) -> Any:
    return till.post(f"/orders/{order}/receipt/emails", {"id": str(new_id()), "to": to})


def told(shop: Shop, kind: str) -> list[Any]:
    with tenant_context(shop.tenant):
        return [item for item in read_after(0) if item.t == kind]


def run(shop: Shop) -> list[bool]:
    """Send what was asked for, as the reader of the feed has it sent."""
    made = []
    for item in told(shop, "receipt.email_requested"):
        facts = {name: item.data[name] for name in ("order_id", "sealed_to", "origin")}
        with tenant_context(shop.tenant):
            made.append(send_receipt.run(letter_id=str(item.id), position=item.seq, **facts))
    return made


@pytest.fixture
def guest() -> str:
    """An address of this test alone: letters to one are counted for an hour."""
    return f"guest.{new_id()}@example.org"


@pytest.fixture(autouse=True)
def post(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "shop@cafe.example"
    mail.outbox = []


def test_a_letter_has_the_receipt_as_text_page_and_pdf(here: Shop, till: TillClient, guest: str) -> None:
    order = basket(here)
    response = ask(till, order, guest)
    assert (response.status_code, response.json()["to"]) == (202, "g…@example.org")
    assert run(here) == [True]
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([guest], "Café Morgenrot: Receipt K1-R1")
    assert letter.extra_headers["Message-ID"].startswith(f"<{response.json()['id']}.receipt@")
    assert "TOTAL EUR" in letter.body
    ((page, kind),) = letter.alternatives
    assert (kind, "<!doctype html>" in page) == ("text/html", True)
    ((name, data, kind),) = letter.attachments
    assert (name, data[:5], kind) == ("receipt.pdf", b"%PDF-", "application/pdf")
    (sent,) = told(here, "receipt.emailed")
    assert (str(sent.id), sent.data["order_id"]) == (response.json()["id"], order)


def test_a_task_that_runs_twice_sends_once(here: Shop, till: TillClient, guest: str) -> None:
    ask(till, basket(here), guest)
    assert [run(here), run(here)] == [[True], [False]]
    assert (len(mail.outbox), len(told(here, "receipt.emailed"))) == (1, 1)


def test_the_feed_does_not_say_where_a_guest_lives(here: Shop, till: TillClient, guest: str) -> None:
    ask(till, basket(here), guest)
    (item,) = told(here, "receipt.email_requested")
    assert guest not in json.dumps(item.data)
    assert unseal(item.data["sealed_to"]).decode() == guest


@pytest.mark.parametrize("to", ["nobody", "a@b", "a@b.c\nBcc: x@y.z", "<a@example.org>", ""])
def test_what_is_no_address_is_refused(here: Shop, till: TillClient, to: str) -> None:
    response = ask(till, basket(here), to)
    assert response.status_code in (400, 422), response.json()
    assert told(here, "receipt.email_requested") == []


def test_there_is_nothing_to_send_before_it_is_paid(here: Shop, till: TillClient, guest: str) -> None:
    response = ask(till, sell(here, ("roll", "1")), guest)
    assert (response.status_code, response.json()["code"]) == (409, "not_paid_yet")


def test_one_address_gets_six_letters_an_hour(here: Shop, till: TillClient, guest: str) -> None:
    order = basket(here)
    codes = [ask(till, order, guest).status_code for _ in range(7)]
    assert codes == [202] * 6 + [429]
    assert ask(till, order, f"another.{guest}").status_code == 202


def test_a_letter_that_cannot_be_opened_is_given_up_and_told(here: Shop) -> None:
    order, letter = basket(here), new_id()
    with tenant_context(here.tenant):
        send_receipt.run(
            letter_id=str(letter), order_id=order, sealed_to="nonsense", origin="http://x", position=0
        )
    (failed,) = told(here, "receipt.email_failed")
    assert (failed.id, UUID(failed.data["order_id"])) == (letter, UUID(order))


def test_merchants_with_line_breaks_in_their_names_write_one_subject(
    here: Shop, till: TillClient, guest: str
) -> None:
    order = basket(here)
    ask(till, order, guest)
    here.tenant.name = "Café\r\nBcc: everybody@example.org"  # type: ignore[misc]
    assert run(here) == [True]
    (letter,) = mail.outbox
    assert "\n" not in letter.message()["Subject"]
    assert letter.recipients() == [guest]
