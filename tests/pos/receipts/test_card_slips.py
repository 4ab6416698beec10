"""What a receipt says of a card: which one, how the chip was read, who allowed it; never its number."""

import pytest

from fynlo.core.tenancy import tenant_context
from payments.gateways.services import attach_signature
from payments.gateways.signatures import drawn
from pos.receipts.card_slips import CardSlip, card_slip
from pos.receipts.queries import receipt_document
from pos.receipts.renderers.card_words import card_lines
from pos.receipts.renderers.labels import LANGUAGES, labels_for
from pos.receipts.renderers.receipt_blocks import receipt_paper
from pos.receipts.renderers.text import render_paper
from tests.factories import Shop, TillClient, paired_till
from tests.pos.orders.test_asking import AT, ask, here, looked, ticket

__all__ = ["here"]

CHIP = {
    "brand": "visa",
    "last4": "4242",
    "wallet": "",
    "receipt": {
        "application": "VISA DEBIT",
        "aid": "A0000000031010",
        "account_type": "credit",
        "authorisation_code": "123456",
        "response_code": "3030",
        "verification": "signature",
        "cryptogram": "47AE3B1C9D2F0A11",
        "tvr": "0000008000",
        "tsi": "6800",
    },
}


def lines(slip: CardSlip, language: str) -> list[str]:
    return list(card_lines(slip=slip, labels=labels_for(language), language=language))


def test_a_chip_card_says_everything_schemes_want() -> None:
    assert lines(card_slip(card=CHIP), "en-GB") == [
        "Visa · VISA DEBIT",
        "AID A0000000031010 credit",
        "Authorisation 123456 ARC 3030",
        "TVR 0000008000 TSI 6800",
        "AC 47AE3B1C9D2F0A11",
        "Signature ....................",
    ]


def test_what_the_reader_did_not_say_is_no_line() -> None:
    bare = {"brand": "mastercard", "last4": "4444", "wallet": "apple_pay", "receipt": {}}
    assert lines(card_slip(card=bare), "de") == ["Mastercard, apple pay"]
    assert lines(card_slip(card={}), "de") == []
    assert lines(card_slip(card={"last4": "4242", "slip_number": "0007"}), "en") == ["Slip 0007"]
    pin = {**bare, "receipt": {"authorisation_code": "77", "verification": "offline_pin"}}
    assert lines(card_slip(card=pin), "de") == ["Mastercard, apple pay", "Genehmigung 77", "PIN"]


def test_the_line_to_sign_on_is_gone_once_somebody_signed() -> None:
    assert lines(card_slip(card=CHIP, is_signed=True), "de")[-1] == "AC 47AE3B1C9D2F0A11"
    assert lines(card_slip(card=CHIP), "de")[-1] == "Unterschrift ...................."


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_on_narrow_paper_in_every_language(language: str) -> None:
    told = lines(card_slip(card=CHIP), language)
    assert len(told) == 6
    assert max(map(len, told)) <= 40


@pytest.mark.django_db
def test_the_receipt_of_a_card_payment_has_them(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = looked(ask(here, order, 380))
        document = receipt_document(order_id=order.pk)
        (tender,) = document.tenders
        code = attempt.card["receipt"]["authorisation_code"]
        assert (tender.detail, tender.card) == ("*4242", card_slip(card=attempt.card))
        told = render_paper(paper=receipt_paper(document))
        attach_signature(
            attempt_id=attempt.pk,
            signature=drawn([((0, 0), (9, 9)), ((0, 9), (9, 0))]),
            actor=here.actor(),
            at=AT,
        )
        signed = receipt_document(order_id=order.pk).tenders[0].card
        assert signed is not None
        assert signed.is_signed
    assert "Card *4242" in told
    assert "AID A0000000031010" in told
    assert f"Authorisation {code} ARC 3030" in told
    assert "TVR 0000008000 TSI 6800" in told
    till = TillClient(here.tenant, paired_till(here.tenant))
    (value,) = till.get(f"/orders/{order.pk}/receipt?format=json").json()["tenders"]
    kept = ("brand", "last4", "aid", "authorisation_code", "is_signed")
    assert [value["card"][name] for name in kept] == ["visa", "4242", "A0000000031010", code, True]
