"""Papers to suppliers as CSV, read back by the standard library's reader."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest

from pos.purchasing.documents import DocumentAmount, DocumentParty
from pos.purchasing.renderers.csv_file import render_csv
from tests.pos.purchasing.papers import line, paper


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_a_line_is_a_row_that_stands_alone() -> None:
    (row,) = rows_of(render_csv(document=paper()))
    assert row == {
        "document": "purchase_order",
        "number": "B-1001",
        "date": "2026-03-02",
        "deliver_on": "2026-03-05",
        "supplier": "Ελαιώνας A.E.",
        "customer_number": "K-77",
        "row": "1",
        "supplier_code": "4711-A",
        "sku": "OIL-75",
        "description": "Olivenöl 0,75 l",
        "packs": "3",
        "pack": "Karton",
        "pack_size": "12",
        "unit": "each",
        "quantity": "36",
        "pack_price": "41.152",
        "amount": "123.46",
        "currency": "EUR",
        "note": "",
    }


def test_bytes_are_those_of_rfc_4180() -> None:
    data = render_csv(document=paper(lines=(line(description='Öl "extra", 1 l'),)))
    assert data.startswith(b'\xef\xbb\xbf"document","number",')
    assert data.count(b"\r\n") == 2
    assert data.count(b"\n") == 2
    assert '"Öl ""extra"", 1 l"'.encode() in data


def test_amounts_beside_the_lines_are_rows_without_a_number() -> None:
    rows = rows_of(render_csv(document=paper(extras=(DocumentAmount(name="Skonto", amount_minor=-336),))))
    assert [(row["row"], row["description"], row["amount"]) for row in rows] == [
        ("1", "Olivenöl 0,75 l", "123.46"),
        ("", "Skonto", "-3.36"),
    ]


def test_what_is_not_known_is_empty() -> None:
    free = line(pack_price_minor=None, amount_minor=None, supplier_code="", packs=Decimal("0.5"))
    (row,) = rows_of(render_csv(document=paper(lines=(free,), deliver_on=None)))
    assert (row["pack_price"], row["amount"], row["supplier_code"], row["deliver_on"]) == ("", "", "", "")
    assert (row["packs"], row["quantity"]) == ("0.5", "6")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "'=1"], ids=["equals", "plus", "minus", "at", "quoted"]
)
def test_no_text_is_calculated_by_a_spreadsheet(text: str) -> None:
    evil = line(description=text, supplier_code=text, sku=text, pack_name=text, note=text, unit=text)
    document = paper(lines=(evil,), number=text, supplier=DocumentParty(name=text), customer_number=text)
    (row,) = rows_of(render_csv(document=document))
    texts = (
        "description",
        "supplier_code",
        "sku",
        "pack",
        "note",
        "unit",
        "number",
        "supplier",
        "customer_number",
    )
    assert {row[name] for name in texts} == {f"'{text}"}


def test_line_breaks_and_controls_do_not_make_cells() -> None:
    (row,) = rows_of(
        render_csv(document=paper(lines=(line(note="a\r\nb\x00\tc"),), written_on=dt.date(2026, 1, 1)))
    )
    assert row["note"] == "a b c"
