"""A receipt as a letter: in the mail's text, as a page, and as PDF to keep."""

from email.utils import formataddr
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from fynlo.core.characters import printable
from pos.receipts.document import ReceiptDocument
from pos.receipts.renderers import html, pdf, text
from pos.receipts.renderers.receipt_blocks import receipt_paper

_WIDTH: Final = 60
_LONGEST_NAME: Final = 60


def letter(*, letter_id: UUID, to: str, document: ReceiptDocument) -> EmailMultiAlternatives:
    """The message. Its `Message-ID` is the same however often it is tried."""
    paper = receipt_paper(document)
    merchant = printable(document.merchant)[:_LONGEST_NAME]
    message = EmailMultiAlternatives(
        subject=f"{merchant}: {printable(paper.title)}",
        body=text.render_paper(paper=paper, width=_WIDTH),
        from_email=formataddr((merchant, settings.DEFAULT_FROM_EMAIL)),
        to=[to],
        headers={"Message-ID": message_id(letter_id), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html.render_html(paper=paper), html.MEDIA_TYPE)
    message.attach("receipt.pdf", pdf.render_pdf(paper=paper), pdf.MEDIA_TYPE)
    return message


def message_id(letter_id: UUID) -> str:
    """`<01990000-….receipt@shop.example>`."""
    return f"<{letter_id}.receipt@{settings.FYNLO_BASE_DOMAIN}>"
