"""A purchase order to make documents of."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

from pypdf import PdfReader

from pos.purchasing.documents import DocumentParty, PurchaseDocument, PurchaseDocumentLine

MERCHANT = DocumentParty(
    name="Café Größe",
    address=("Hauptstraße 1", "10115 Berlin"),
    email="einkauf@cafe.example",
    tax_number="DE123456789",
)
SUPPLIER = DocumentParty(name="Ελαιώνας A.E.", address=("Οδός 5", "Καλαμάτα"))


def line(**said: Any) -> PurchaseDocumentLine:
    """Three cases of twelve bottles at 41.152 euros a case."""
    known: dict[str, Any] = {
        "description": "Olivenöl 0,75 l",
        "packs": Decimal(3),
        "supplier_code": "4711-A",
        "sku": "OIL-75",
        "pack_name": "Karton",
        "pack_size": Decimal(12),
        "pack_price_minor": Decimal("4115.2"),
        "amount_minor": 12346,
    }
    return PurchaseDocumentLine(**{**known, **said})


def paper(**said: Any) -> PurchaseDocument:
    """An order of one line, in German."""
    known: dict[str, Any] = {
        "number": "B-1001",
        "currency": "EUR",
        "language": "de",
        "merchant": MERCHANT,
        "supplier": SUPPLIER,
        "lines": (line(),),
        "written_on": dt.date(2026, 3, 2),
        "deliver_on": dt.date(2026, 3, 5),
        "customer_number": "K-77",
    }
    return PurchaseDocument(**{**known, **said})


def pages_of(pdf: bytes) -> list[list[str]]:
    """The texts of each page as an independent reader finds them."""
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    return [[text for text in page.extract_text().splitlines() if text] for page in reader.pages]
