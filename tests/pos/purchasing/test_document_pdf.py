"""Papers to suppliers as PDF, read back by another library."""

import io
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from pypdf import PdfReader

from pos.purchasing.documents import SUPPLIER_RETURN, DocumentAmount, DocumentParty
from pos.purchasing.renderers.pdf import render_pdf
from tests.pos.purchasing.papers import line, pages_of, paper


def test_an_order_says_who_orders_what_from_whom() -> None:
    (texts,) = pages_of(render_pdf(document=paper()))
    assert texts == [
        "Ελαιώνας A.E.",
        "Café Größe",
        "Οδός 5",
        "Hauptstraße 1",
        "Καλαμάτα",
        "10115 Berlin",
        "einkauf@cafe.example",
        "Steuernr. DE123456789",
        "Bestellung B-1001",
        "Datum: 02.03.2026",
        "Liefertermin: 05.03.2026",
        "Unsere Kundennr.: K-77",
        "#",
        "Ihre Nr.",
        "Bezeichnung",
        "Menge",
        "Gebinde",
        "Preis",
        "Betrag EUR",
        "4711-A",
        "Olivenöl 0,75 l",
        "Karton 12 Stk.",
        "1",
        "3",
        "41,152",
        "123,46",
        "Unsere Nr. OIL-75",
        "Gesamt EUR",
        "123,46",
        "Seite 1 von 1",
        "Café Größe",
    ]


def test_further_pages_repeat_the_head_and_are_numbered() -> None:
    lines = tuple(line(description=f"Artikel {number}") for number in range(1, 101))
    pages = pages_of(render_pdf(document=paper(lines=lines, note="Bitte vor 10 Uhr.")))
    assert len(pages) == 5
    for number, texts in enumerate(pages, start=1):
        assert f"Seite {number} von 5" in texts
        assert "Bezeichnung" in texts
    assert all(texts[:2] == ["Bestellung B-1001", "02.03.2026"] for texts in pages[1:])
    articles = [text for texts in pages for text in texts if text.startswith("Artikel ")]
    assert articles == [f"Artikel {number}" for number in range(1, 101)]
    assert pages[-1][-6:] == [
        "Gesamt EUR",
        "12346,00",
        "Hinweis",
        "Bitte vor 10 Uhr.",
        "Seite 5 von 5",
        "Café Größe",
    ]


def test_a_note_longer_than_a_page_goes_on_over_the_next() -> None:
    note = "\n".join(f"Zeile {number}" for number in range(1, 151))
    pages = pages_of(render_pdf(document=paper(note=note)))
    found = [text for texts in pages for text in texts if text.startswith("Zeile ")]
    assert found == note.splitlines()
    assert len(pages) == 3
    assert "Bezeichnung" not in pages[2]


def test_a_description_higher_than_a_page_is_divided() -> None:
    words = [f"Wort{number}" for number in range(1, 601)]
    pages = pages_of(render_pdf(document=paper(lines=(line(description=" ".join(words)),))))
    assert len(pages) > 2
    found = [word for texts in pages for text in texts for word in text.split() if word.startswith("Wort")]
    assert found == words


def test_amounts_beside_the_lines_are_added_up() -> None:
    extras = (
        DocumentAmount(name="Fracht", amount_minor=990),
        DocumentAmount(name="Skonto", amount_minor=-336),
    )
    (texts,) = pages_of(render_pdf(document=paper(extras=extras)))
    start = texts.index("Waren")
    assert texts[start : start + 8] == [
        "Waren",
        "123,46",
        "Fracht",
        "9,90",
        "Skonto",
        "-3,36",
        "Gesamt EUR",
        "130,00",
    ]


def test_a_line_without_a_price_says_so_and_a_paper_without_prices_has_no_total() -> None:
    free = line(pack_price_minor=None, amount_minor=None)
    (texts,) = pages_of(render_pdf(document=paper(lines=(free,))))
    assert "nach Vereinbarung" in texts
    assert "Gesamt EUR" not in texts


def test_a_draft_a_cancelled_order_and_a_return_cannot_be_taken_for_an_order() -> None:
    (draft,) = pages_of(render_pdf(document=paper(is_draft=True)))
    (cancelled,) = pages_of(render_pdf(document=paper(is_cancelled=True, language="en")))
    (returned,) = pages_of(render_pdf(document=paper(kind=SUPPLIER_RETURN, language="fr")))
    assert draft[0] == "ENTWURF - KEINE BESTELLUNG"
    assert cancelled[0] == "CANCELLED"
    assert "Retour fournisseur B-1001" in returned


def test_what_the_font_cannot_show_is_a_box_and_controls_are_gone() -> None:
    strange = line(description="Tee 茶 \x1b[2J\u202eDrehung (x) \\ <b>&amp;</b>", supplier_code="שלום")
    (texts,) = pages_of(render_pdf(document=paper(lines=(strange,))))
    assert "□□□□" in texts
    joined = " ".join(texts)
    assert "Tee □ [2JDrehung (x) \\" in joined
    assert "<b>&amp;</b>" in joined


def test_a_place_for_delivery_and_paper_of_another_size() -> None:
    shop = DocumentParty(name="Laden 2", address=("Ring 4",), phone="+49 30 1234")
    pdf = render_pdf(document=paper(deliver_to=shop, paper="letter", language="en-US"))
    box = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    assert (box.width, box.height) == (612, 792)
    (texts,) = pages_of(pdf)
    assert {"Deliver to:", "Laden 2", "Ring 4", "+49 30 1234", "Pack of"} <= set(texts)


def test_yen_have_no_decimals_and_finer_prices_keep_theirs() -> None:
    yen = line(
        pack_price_minor=Decimal("120.5"), amount_minor=362, pack_name="", pack_size=Decimal(1), unit="kg"
    )
    (texts,) = pages_of(render_pdf(document=paper(lines=(yen,), currency="JPY", language="en")))
    assert {"120.5", "362", "kg", "Total JPY"} <= set(texts)


@pytest.mark.parametrize("count", [0, 1], ids=["empty", "one"])
def test_the_same_document_is_the_same_bytes(count: int) -> None:
    document = paper(lines=(line(),) * count)
    assert render_pdf(document=document) == render_pdf(document=document)


def test_threads_draw_at_the_same_time_what_one_draws_alone() -> None:
    documents = [paper(lines=(line(description=f"Ware {number} Жизнь"),) * 30) for number in range(6)]
    alone = [render_pdf(document=document) for document in documents]
    with ThreadPoolExecutor(max_workers=6) as pool:
        together = list(pool.map(lambda document: render_pdf(document=document), documents))
    assert together == alone
