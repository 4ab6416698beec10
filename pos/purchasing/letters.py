"""An order as a letter with PDF and CSV attached, and its way to the mail server. The network waits here only."""

import smtplib
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from pos.purchasing.documents import PurchaseDocument
from pos.purchasing.models import PurchaseEmail
from pos.purchasing.renderers.csv_file import render_csv
from pos.purchasing.renderers.pdf import render_pdf
from pos.purchasing.services.emails import Failure

_FINAL: Final = 500
"""SMTP answers from here on are for good (RFC 5321, section 4.2.1)."""


def letter(*, email: PurchaseEmail, document: PurchaseDocument) -> EmailMessage:
    """The message. Its `Message-ID` is the same however often it is tried."""
    text = email.text or f"Please find attached our order {document.number}.\n\n{document.merchant.name}\n"
    message = EmailMessage(
        subject=f"{document.merchant.name}: {document.number}",
        body=text,
        to=[email.recipient],
        cc=list(email.copies),
        headers={"Message-ID": message_id(email.pk)},
    )
    message.attach(f"{document.number}.pdf", render_pdf(document=document), "application/pdf")
    message.attach(f"{document.number}.csv", render_csv(document=document), "text/csv")
    return message


def message_id(email_id: UUID) -> str:
    """`<01990000-….fynlo@shop.example>`."""
    return f"<{email_id}.purchase@{settings.FYNLO_BASE_DOMAIN}>"


def post(message: EmailMessage) -> Failure | None:
    """Hand a letter to the mail server; why it was not taken, or None."""
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        reasons = "; ".join(f"{who}: {code} {_text(said)}" for who, (code, said) in error.recipients.items())
        return Failure(reason=reasons, is_final=bool(codes) and min(codes) >= _FINAL)
    except smtplib.SMTPResponseException as error:
        said = f"{error.smtp_code} {_text(error.smtp_error)}"
        return Failure(reason=said, is_final=error.smtp_code >= _FINAL)
    except (smtplib.SMTPException, OSError) as error:
        return Failure(reason=f"{type(error).__name__}: {error}", is_final=False)
    return None


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
