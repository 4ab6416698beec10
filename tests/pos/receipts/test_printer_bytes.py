"""Receipts for printers: exact bytes by paper and script, and that no text ever becomes a command (trap 34)."""

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.receipts.document import (
    GIFT,
    INVOICE,
    KINDS,
    ReceiptAmount,
    ReceiptComponent,
    ReceiptCustomer,
    ReceiptDocument,
    ReceiptModifier,
    ReceiptTender,
)
from pos.receipts.renderers.escpos import PROFILES, render_escpos
from pos.receipts.renderers.receipt_blocks import receipt_paper
from pos.receipts.renderers.text import render_text
from tests.pos.receipts.papers import LATIN, LINK, SCRIPTS
from tests.pos.receipts.printer import Command, NotUnderstood, commands, printed, text_of

GOLDEN = Path(__file__).parent / "golden"
NAUGHTY = (
    "\x1bp\x00\x19\xfa \x1dV\x00 \x10\x14\x01\x00\x01 \x1c& \u202eelppa\u202c \x9b2J"
    " \x7f\x00 z\u0301\u0301\u0301\u0301\u0301"
)


def stream(document: ReceiptDocument, paper: str = "80", *, opens_drawer: bool = False) -> bytes:
    return render_escpos(paper=receipt_paper(document), profile=PROFILES[paper], opens_drawer=opens_drawer)


def names(made: bytes) -> set[str]:
    return {command.name for command in commands(made)}


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("paper", PROFILES)
def test_the_bytes_of_a_receipt_are_those_that_were_looked_at(script: str, paper: str) -> None:
    assert stream(SCRIPTS[script], paper) == (GOLDEN / f"{script}_{paper}.escpos").read_bytes()


@pytest.mark.parametrize("script", ["latin", "greek", "cyrillic"])
def test_what_the_code_tables_have_is_printed_in_letters(script: str) -> None:
    made = stream(SCRIPTS[script], "58")
    assert "dots" not in names(made)
    lines = [line.rstrip() for line in text_of(made).splitlines()]
    told = [line.rstrip() for line in render_text(document=SCRIPTS[script], width=32).splitlines()]
    before_link = told.index(LINK) - 2
    assert lines[:before_link] == told[:before_link]


@pytest.mark.parametrize("script", ["arabic", "hebrew", "chinese", "thai"])
def test_only_lines_without_letters_are_drawn(script: str) -> None:
    made = stream(SCRIPTS[script])
    assert "2 × " in text_of(made)
    assert not {character for character in text_of(made) if ord(character) > 0x2FF}
    assert sum(command.name == "dots" for command in commands(made)) > 5


def test_arabic_paper_is_a_mirror_image() -> None:
    lines = text_of(stream(SCRIPTS["arabic"])).splitlines()
    assert f"{'A 9.00':<34}Espresso" in lines


def test_a_link_is_a_code_with_exactly_its_address() -> None:
    made = commands(stream(LATIN))
    assert Command("code data", LINK.encode()) in made
    assert "code data" not in names(stream(replace(LATIN, link="")))


def test_the_drawer_opens_when_asked_and_only_then() -> None:
    assert commands(stream(LATIN, opens_drawer=True))[3] == Command("drawer", b"\x00\x19\xfa")
    assert "drawer" not in names(stream(LATIN))


@pytest.mark.parametrize("paper", PROFILES)
def test_every_dot_lands_on_the_paper(paper: str) -> None:
    profile = PROFILES[paper]
    picture = printed(stream(SCRIPTS["chinese"], paper), dots=profile.dots)
    assert picture.width == profile.dots


def test_a_logo_is_drawn_in_black_and_white_above_everything() -> None:
    made = commands(stream(replace(LATIN, logo=(GOLDEN / "logo.webp").read_bytes())))
    logo = made[3]
    assert (logo.name, logo.number, hashlib.sha256(logo.data).hexdigest()[:16]) == (
        "dots",
        63,
        "e73fba0d80991782",
    )


def test_texts_full_of_commands_are_only_text() -> None:
    document = replace(LATIN, merchant=NAUGHTY, employee=NAUGHTY, note=NAUGHTY, footer=(NAUGHTY,))
    made = stream(document)
    assert names(made) - names(stream(LATIN)) <= {"dots"}
    assert "drawer" not in names(made)
    assert sum(command.name == "cut" for command in commands(made)) == 1


def test_the_printer_of_these_tests_understands_nothing_else() -> None:
    for wrong in (
        b"\x1bp",
        b"\x10\x14",
        b"\x1dV\x00",
        b"\x1b",
        b"\x1c&",
        b"\x07",
        b"\x1dv0\x00\x01\x00\x05\x00",
    ):
        with pytest.raises(NotUnderstood):
            commands(wrong)


texts = st.one_of(
    st.text(max_size=40),
    st.text(
        alphabet=[chr(code) for code in range(0x30)] + list("\x7f\x80\x9b\u202e\u2066\u200bא茶é"), max_size=20
    ),
    st.sampled_from((NAUGHTY, "", "\x1b", "\x1d\x56\x41", "a" * 90, "茶" * 50, "ע" * 60)),
)
several = st.lists(texts, max_size=2).map(tuple)


@st.composite
def documents(draw: st.DrawFn) -> ReceiptDocument:
    """Receipts of every kind and language whose every text is anything."""
    modifiers = (ReceiptModifier(name=draw(texts), quantity=2, price_minor=5, depth=draw(st.integers(0, 2))),)
    tax = replace(LATIN.taxes[0], name=draw(texts), key="reduced")
    line = replace(
        LATIN.lines[1],
        name=draw(texts),
        unit=draw(st.sampled_from(("each", "kg"))),
        amount_minor=draw(st.integers(-(2**53), 2**53)),
        modifiers=modifiers,
        components=(ReceiptComponent(name=draw(texts), taxes=("reduced",), modifiers=modifiers),),
        discounts=(ReceiptAmount(name=draw(texts), amount_minor=5),),
        lot=draw(texts),
        use_by=dt.date(2026, 1, 1),
        note=draw(texts),
    )
    return replace(
        LATIN,
        kind=draw(st.sampled_from(KINDS)),
        language=draw(st.sampled_from(("en", "de", "el", "ar", "he", "zh", "ja"))),
        currency=draw(st.sampled_from(("EUR", "JPY", "KWD"))),
        merchant=draw(texts),
        location=draw(texts),
        address=draw(several),
        header=draw(several),
        footer=draw(several),
        number=draw(texts),
        order=draw(texts),
        original=draw(texts),
        reason=draw(texts),
        tax_number=draw(texts),
        register=draw(texts),
        employee=draw(texts),
        note=draw(texts),
        customer=ReceiptCustomer(name=draw(texts), address=draw(several), tax_number=draw(texts)),
        lines=(line,),
        taxes=(tax, replace(tax, is_inclusive=False)),
        charges=(ReceiptAmount(name=draw(texts), amount_minor=1),),
        discounts=(ReceiptAmount(name=draw(texts), amount_minor=1),),
        tenders=(ReceiptTender(name=draw(texts), tendered_minor=5, detail=draw(texts)),),
        is_training=draw(st.booleans()),
        copy=draw(st.integers(0, 3)),
        link=draw(st.sampled_from(("", LINK))),
    )


@settings(max_examples=120, deadline=None)
@given(document=documents(), paper=st.sampled_from(sorted(PROFILES)))
def test_whatever_stands_in_texts_the_printer_does_only_what_the_compiler_says(
    document: ReceiptDocument, paper: str
) -> None:
    allowed = {"start", "single bytes", "line spacing", "table", "text", "bold", "side", "feed", "dots"}
    allowed |= {"feed lines", "cut", "code model", "code size", "code level", "code data", "code print"}
    made = stream(document, paper)
    told = commands(made)
    assert {command.name for command in told} <= allowed
    assert [command.name for command in told[:3]] == ["start", "single bytes", "line spacing"]
    assert [command.name for command in told[-2:]] == ["feed lines", "cut"]
    assert sum(command.name == "cut" for command in told) == 1
    assert [c.data for c in told if c.name == "code data"] == (
        [document.link.encode()] if document.link else []
    )
    printed(made, dots=PROFILES[paper].dots)  # no letter and no dot beyond the edge


def test_a_gift_receipt_says_what_but_not_for_how_much() -> None:
    text = render_text(document=replace(LATIN, kind=GIFT))
    assert "Cappuccino, Groß" in text
    assert not [amount for amount in ("8,60", "4,30", "0,50", "18,16", "20,00", "1,37") if amount in text]


def test_an_invoice_names_the_customer() -> None:
    customer = ReceiptCustomer(name="Bäckerei Süd GmbH", address=("Südstr. 1",), tax_number="DE111111111")
    text = render_text(document=replace(LATIN, kind=INVOICE, customer=customer))
    assert "Rechnung K1-R42" in text
    assert "Kunde: Bäckerei Süd GmbH\nSüdstr. 1\nSteuernummer DE111111111\n" in text
