"""Receipts as text: the exact paper of a café, a grocer and others, in `golden/`, and what happens to odd names."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pos.receipts.document import ReceiptDocument, ReceiptLine, ReceiptTax, ReceiptTender
from pos.receipts.renderers.text import render_text

GOLDEN = Path(__file__).parent / "golden"


def line(name: str, quantity: str, price: int, amount: int, tax: str, unit: str = "each") -> ReceiptLine:
    return ReceiptLine(
        name=name,
        quantity=Decimal(quantity),
        unit=unit,
        unit_price_minor=price,
        amount_minor=amount,
        taxes=(tax,),
    )


def tax(code: str, name: str, rate: str, net: int, amount: int, *, inclusive: bool = True) -> ReceiptTax:
    return ReceiptTax(
        key=code,
        name=name,
        rate=Decimal(rate),
        is_inclusive=inclusive,
        net_minor=net,
        tax_minor=amount,
        gross_minor=net + amount,
    )


CAFE = ReceiptDocument(
    language="de",
    currency="EUR",
    merchant="Café Morgenrot",
    location="Café Morgenrot am Wiesenufer",
    address=("Wiesenufer 12", "10997 Berlin"),
    header=("Tel. 030 23125 041", "USt-IdNr. DE000000000"),
    number="K1-42",
    register="Theke",
    employee="Mareike Özdemir-Schön",
    sold_at=dt.datetime(2026, 11, 24, 9, 14, tzinfo=ZoneInfo("Europe/Berlin")),
    business_date=dt.date(2026, 11, 24),
    lines=(
        line("Cappuccino, Groß", "2", 430, 860, "standard"),
        line("Schrippe", "1", 55, 55, "reduced"),
        line("Mandelkekse, lose", "0.335", 2690, 901, "reduced", "kg"),
    ),
    # 8.60 × 19/119 = 1.373…; 0.55 × 7/107 = 0.035… and 9.01 × 7/107 = 0.589…, each line rounded
    taxes=(tax("reduced", "7 % USt", "0.07", 893, 63), tax("standard", "19 % USt", "0.19", 723, 137)),
    total_minor=1816,
    tenders=(ReceiptTender(name="Bar", tendered_minor=2000, change_minor=184),),
    footer=("Vielen Dank und bis morgen!", "www.cafe-morgenrot.example"),
)
GROCER = ReceiptDocument(
    language="en-GB",
    currency="GBP",
    merchant="Hartley & Daughters",
    location="Hartley & Daughters",
    address=("41 Millstone Row", "Sheffield S7 0ZZ"),
    header=(),
    number="T1-7",
    register="Front till",
    employee="",
    sold_at=dt.datetime(2026, 3, 29, 0, 59, tzinfo=ZoneInfo("Europe/London")),
    business_date=dt.date(2026, 3, 28),
    lines=(
        line("Mature Cheddar, clothbound", "0.335", 2150, 720, "zero", "kg"),
        line("Seville Orange Marmalade, thick cut, 340 g", "1", 260, 260, "zero"),
        line("Birthday Card", "2", 240, 480, "standard"),
    ),
    taxes=(tax("standard", "VAT", "0.20", 400, 80), tax("zero", "VAT", "0", 980, 0)),
    total_minor=1460,
    tenders=(
        ReceiptTender(name="Card", tendered_minor=1000),
        ReceiptTender(name="Cash", tendered_minor=460),
    ),
    footer=("Bring your jars back.",),
)
NEW_YORK = ReceiptDocument(
    language="en-US",
    currency="USD",
    merchant="Corner Books",
    location="Corner Books, Brooklyn",
    address=(),
    header=(),
    number="1-1001",
    register="1",
    employee="Ada",
    sold_at=dt.datetime(2026, 7, 4, 15, 30, tzinfo=ZoneInfo("America/New_York")),
    business_date=dt.date(2026, 7, 4),
    lines=(line("Notebook", "5", 149, 745, "sales"), line("Gift card sleeve", "1", 0, 0, "sales")),
    taxes=(tax("sales", "Sales tax", "0.08875", 745, 66, inclusive=False),),
    total_minor=811,
    tenders=(ReceiptTender(name="Cash", tendered_minor=500),),
    footer=(),
)
TOKYO = ReceiptDocument(
    language="ja",
    currency="JPY",
    merchant="おにぎり本舗",
    location="渋谷店",
    address=("東京都渋谷区",),
    header=(),
    number="R2-9",
    register="R2",
    employee="佐藤",
    sold_at=dt.datetime(2026, 5, 1, 12, 0, tzinfo=ZoneInfo("Asia/Tokyo")),
    business_date=dt.date(2026, 5, 1),
    lines=(
        line("鮭おにぎり（北海道産の秋鮭を使用した手巻き）", "3", 138, 414, "reduced"),
        line("ビール", "1", 298, 298, "standard"),
    ),
    taxes=(tax("reduced", "消費税", "0.08", 383, 31), tax("standard", "消費税", "0.10", 271, 27)),
    total_minor=712,
    tenders=(ReceiptTender(name="現金", tendered_minor=1000, change_minor=288),),
    footer=("ありがとうございました",),
    is_training=True,
)


@pytest.mark.parametrize(
    ("document", "width", "file"),
    [
        (CAFE, 42, "cafe_42.txt"),
        (CAFE, 32, "cafe_32.txt"),
        (GROCER, 42, "grocer_42.txt"),
        (GROCER, 32, "grocer_32.txt"),
        (NEW_YORK, 42, "new_york_42.txt"),
        (TOKYO, 42, "tokyo_42.txt"),
        (TOKYO, 24, "tokyo_24.txt"),
    ],
)
def test_a_receipt_reads_exactly_so(document: ReceiptDocument, width: int, file: str) -> None:
    assert render_text(document=document, width=width) == (GOLDEN / file).read_text("utf-8")


def test_the_same_document_gives_the_same_text() -> None:
    assert render_text(document=CAFE) == render_text(document=replace(CAFE))


def test_paper_narrower_than_24_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="24 columns, not 23"):
        render_text(document=CAFE, width=23)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Cola\x1bp\x00\x19\xfa", "Cola p ú"),  # ESC p: open the drawer
        ("Cola\x1dVA", "Cola VA"),  # GS V: cut the paper
        ("Cola\x10\x14\x01", "Cola"),  # DLE DC4: real-time commands
        ("Cola\r\n\tTOTAL", "Cola TOTAL"),
        ("\u202eatoC\u202c\u2066\u200f", "atoC"),
        ("Co\u200bl\u00ada\ufeff", "Cola"),
        ("Z" + "\u0300\u0301\u0302\u0303\u0304" * 40 + "algo", "Z\u0300\u0301\u0302algo"),
        ("\u0301\u0301acute", "acute"),
        ("Cafe\u0301", "Café"),
        ("\U000e0041\ue000\uffff\ud800x", "x"),
        ("a\u2028b\u2029c\u3000d", "a b c d"),
    ],
)
def test_names_cannot_steer_a_printer_or_a_reader(name: str, printed: str) -> None:
    first = replace(CAFE, lines=(line(name, "1", 100, 100, "standard"),))
    (found,) = [text for text in render_text(document=first).splitlines() if text.endswith(" 1,00 B")]
    assert found.removesuffix("1,00 B").rstrip() == printed


def test_amounts_stand_at_the_right_below_each_other() -> None:
    rows = [text for text in render_text(document=CAFE).splitlines() if text.endswith((" A", " B"))]
    assert [text[-7:] for text in rows] == [" 8,60 B", " 0,55 A", " 9,01 A"]
    assert {len(text) for text in rows} == {42}


def test_graphemes_are_never_divided() -> None:
    flags = "\U0001f1e9\U0001f1ea" * 20
    marked = "e\u0323\u0302" * 60
    document = replace(CAFE, lines=(), footer=(flags, marked))
    text = render_text(document=document, width=32)
    shown = [row.strip() for row in text.splitlines() if "\U0001f1e9" in row]
    assert shown == [
        "\U0001f1e9\U0001f1ea" * count for count in map(len, (row.split("\U0001f1ea")[:-1] for row in shown))
    ]
    assert "".join(shown) == flags


def test_amounts_too_wide_for_a_table_are_listed() -> None:
    big = 9_007_199_254_740_991
    document = replace(
        CAFE, lines=(), taxes=(tax("standard", "USt", "0.19", big, 0),), total_minor=big, tenders=()
    )
    text = render_text(document=document, width=32)
    assert "A USt 19 %\nNetto          90071992547409,91\n" in text
    assert "SUMME EUR    90071992547409,91\n" in text


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        ("en", ["  Lot L7", "  Use by 2026-03-05", "  Note: Keep cold"]),
        ("de", ["  Charge L7", "  Zu verbrauchen bis 05.03.2026", "  Hinweis: Keep cold"]),
        ("fr", ["  Lot L7", "  À consommer jusqu’au 05/03/2026", "  Note : Keep cold"]),
    ],
)
def test_lot_last_day_and_note_stand_below_their_line(language: str, rows: list[str]) -> None:
    salad = line("Salad", "1", 100, 100, "standard")
    salad = replace(salad, lot="L7", use_by=dt.date(2026, 3, 5), note="Keep\ncold")
    text = render_text(document=replace(CAFE, language=language, lines=(salad,))).splitlines()
    place = next(index for index, row in enumerate(text) if row.startswith("Salad"))
    assert text[place + 1 : place + 4] == rows


def test_an_unknown_language_is_printed_in_english() -> None:
    assert "TOTAL EUR" in render_text(document=replace(CAFE, language="tlh"))
    assert "SUMME EUR" in render_text(document=replace(CAFE, language="de-AT"))
