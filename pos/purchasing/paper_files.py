"""Papers as files to download."""

from django.http import HttpResponse

from pos.purchasing.documents import PurchaseDocument
from pos.purchasing.renderers import csv_file, pdf


def as_pdf(document: PurchaseDocument) -> HttpResponse:
    """A paper to download as PDF."""
    return _file(pdf.render_pdf(document=document), pdf.MEDIA_TYPE, f"{document.number}.pdf")


def as_csv(document: PurchaseDocument) -> HttpResponse:
    """A paper to download as CSV."""
    return _file(csv_file.render_csv(document=document), csv_file.MEDIA_TYPE, f"{document.number}.csv")


def _file(data: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
