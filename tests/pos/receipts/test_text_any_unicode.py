"""Whatever people type into names, a receipt is printable text of the right width."""

import datetime as dt
import unicodedata
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from pos.receipts.document import (
    ReceiptAmount,
    ReceiptComponent,
    ReceiptDocument,
    ReceiptLine,
    ReceiptModifier,
    ReceiptTax,
    ReceiptTender,
)
from pos.receipts.renderers.text import render_text

NASTY = st.sampled_from(
    "\x00\x07\x10\x1b\x1d\x7f\x85\x9b\u00ad\u0301\u0338\u20dd\u061c\u200d\u200f\u202e\u2066\ufe0f\ufeff"
    "\u093e\u0e33\u1160\u11a8\U0001f3fd\U0001f1e9\U0001f468鮭ｶ한é \n\t"
)
FLOODS = st.tuples(NASTY, NASTY, st.integers(1, 60)).map(lambda flood: f"x{flood[0]}{flood[1] * flood[2]}")
TEXTS = st.one_of(
    FLOODS,
    st.text(max_size=60),
    st.text(alphabet=st.one_of(NASTY, st.characters()), max_size=120),
    st.lists(NASTY, max_size=200).map("".join),
)
AMOUNTS = st.one_of(st.integers(0, 10_000), st.integers(0, 2**53 - 1))
QUANTITIES = st.integers(1, 10**12).map(lambda millionths: Decimal(millionths) / 10**6)
FORBIDDEN = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))} - {"\n"}
BIDI_CONTROLS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def modifiers() -> st.SearchStrategy[ReceiptModifier]:
    return st.builds(
        ReceiptModifier,
        name=TEXTS,
        quantity=st.integers(1, 1000),
        price_minor=st.integers(-1000, 2**53 - 1),
        depth=st.integers(0, 2),
    )


def components(keys: list[str]) -> st.SearchStrategy[ReceiptComponent]:
    taxes = st.lists(st.sampled_from([*keys, "unknown"]), max_size=3).map(tuple)
    chosen = st.lists(modifiers(), max_size=2).map(tuple)
    return st.builds(ReceiptComponent, name=TEXTS, taxes=taxes, modifiers=chosen)


def named() -> st.SearchStrategy[ReceiptAmount]:
    return st.builds(ReceiptAmount, name=TEXTS, amount_minor=AMOUNTS)


@st.composite
def documents(draw: st.DrawFn) -> ReceiptDocument:
    classes = draw(st.lists(TEXTS, max_size=3, unique=True))
    return ReceiptDocument(
        language=draw(st.sampled_from(["en", "de", "fr-CH", "ar"])),
        currency=draw(st.sampled_from(["EUR", "JPY", "KWD"])),
        merchant=draw(TEXTS),
        location=draw(TEXTS),
        address=tuple(draw(st.lists(TEXTS, max_size=2))),
        header=(),
        number=draw(TEXTS),
        register=draw(TEXTS),
        employee=draw(TEXTS),
        sold_at=dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC),
        business_date=draw(st.sampled_from([dt.date(2026, 1, 2), dt.date(2026, 1, 1)])),
        lines=tuple(
            ReceiptLine(
                name=draw(TEXTS),
                quantity=draw(QUANTITIES),
                unit=draw(st.sampled_from(["each", "kg", "ml", "fathom"])),
                unit_price_minor=draw(AMOUNTS),
                amount_minor=draw(AMOUNTS),
                taxes=tuple(draw(st.lists(st.sampled_from([*classes, "unknown"]), max_size=3))),
                modifiers=tuple(draw(st.lists(modifiers(), max_size=2))),
                components=tuple(draw(st.lists(components(classes), max_size=2))),
                discounts=tuple(draw(st.lists(named(), max_size=2))),
                order_type=draw(st.sampled_from(["", "take_away", "nowhere"])),
                lot=draw(TEXTS),
                use_by=draw(st.none() | st.dates()),
                note=draw(TEXTS),
            )
            for _ in range(draw(st.integers(0, 3)))
        ),
        taxes=tuple(
            ReceiptTax(
                key=code,
                name=draw(TEXTS),
                rate=draw(
                    st.one_of(st.none(), st.integers(0, 10**6).map(lambda parts: Decimal(parts) / 10**6))
                ),
                is_inclusive=draw(st.booleans()),
                net_minor=draw(AMOUNTS),
                tax_minor=draw(AMOUNTS),
                gross_minor=draw(AMOUNTS),
            )
            for code in classes
        ),
        total_minor=draw(AMOUNTS),
        tenders=(ReceiptTender(name=draw(TEXTS), tendered_minor=draw(AMOUNTS), change_minor=draw(AMOUNTS)),),
        footer=tuple(draw(st.lists(TEXTS, max_size=2))),
        order_type=draw(st.sampled_from(["", "dine_in"])),
        note=draw(TEXTS),
        discounts=tuple(draw(st.lists(named(), max_size=2))),
        charges=tuple(draw(st.lists(named(), max_size=2))),
        removed_tax_minor=draw(st.sampled_from([0, 190])),
        tip_minor=draw(st.sampled_from([0, 250])),
        rounding_minor=draw(st.sampled_from([0, 2, -2])),
        is_training=draw(st.booleans()),
    )


def width_of(text: str) -> int:
    """Columns on paper: wide characters two, marks that stand on others none."""
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me")
        else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def longest_run_of_marks(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        longest = max(longest, run)
    return longest


@settings(deadline=None, max_examples=150)
@given(document=documents(), width=st.sampled_from([24, 32, 42, 48]))
def test_any_text_is_printed_safely(document: ReceiptDocument, width: int) -> None:
    text = render_text(document=document, width=width)
    assert not set(text) & FORBIDDEN
    assert not set(text) & BIDI_CONTROLS
    assert all(unicodedata.category(character) not in ("Cf", "Cs", "Co", "Cn") for character in text)
    assert longest_run_of_marks(text) <= 3
    assert max(map(width_of, text.splitlines())) <= width
    assert text.endswith("\n")
    assert text.encode()
    assert text == render_text(document=document, width=width)
