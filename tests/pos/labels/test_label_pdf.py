"""Labels as PDF: where they stand, what they say, and bars measured and read from the page."""

from decimal import Decimal

import pytest

from pos.labels.content import Copies
from pos.labels.errors import DoesNotFit
from pos.labels.formats import FORMATS
from pos.labels.renderers.pdf import render_pdf
from pos.labels.symbols.choosing import Code, code_for
from pos.labels.symbols.gs1_strings import element_strings
from tests.pos.labels.decoding import read_code128, read_ean
from tests.pos.labels.pages import content, placed, reader_of, rectangles, widths_in


def one(code: Code | None, *, on: str = "L7160") -> bytes:
    return render_pdf(labels=[Copies(content=content(code=code), count=1)], on=FORMATS[on])


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_sheet_lies_inside_of_its_page(name: str) -> None:
    on = FORMATS[name]
    corners = [on.corner(place) for place in range(on.per_page)]
    assert len(set(corners)) == on.per_page
    assert min(x for x, _ in corners) >= 0
    assert min(y for _, y in corners) >= 0
    assert max(x for x, _ in corners) + on.width <= on.page_width
    assert max(y for _, y in corners) + on.height <= on.page_height
    assert on.step_x >= on.width
    assert on.step_y >= on.height


def test_sheets_have_their_makers_measures() -> None:
    def measures(name: str) -> tuple[int, Decimal, Decimal, Decimal, Decimal]:
        on = FORMATS[name]
        return on.per_page, on.left, on.top, on.step_x, on.step_y

    assert measures("L7651") == (65, Decimal("4.75"), Decimal("10.7"), Decimal("40.6"), Decimal("21.2"))
    assert measures("L7160") == (21, Decimal("7.25"), Decimal("15.15"), Decimal("66.0"), Decimal("38.1"))
    assert measures("L4731") == (189, Decimal("8.6"), Decimal("13.5"), Decimal("27.9"), Decimal(10))
    assert measures("5160") == (30, Decimal("4.7625"), Decimal("12.7"), Decimal("69.85"), Decimal("25.4"))


def test_a_part_used_sheet_is_filled_from_its_first_free_label_on() -> None:
    labels = [Copies(content=content(), count=2), Copies(content=content(name="Tee"), count=20)]
    pdf = render_pdf(labels=labels, on=FORMATS["L7160"], start=3)
    first, second = placed(pdf, 0, height=38.1), placed(pdf, 1, height=38.1)
    assert (len(first), len(second)) == (19, 3)
    assert [(each.name, each.x, each.y) for each in first[:3]] == [
        ("label0", 139.25, 15.15),
        ("label0", 7.25, 53.25),
        ("label1", 73.25, 53.25),
    ]
    assert [(each.x, each.y) for each in second] == [(7.25, 15.15), (73.25, 15.15), (139.25, 15.15)]


def test_a_roll_has_a_page_for_each_label() -> None:
    pdf = render_pdf(labels=[Copies(content=content(), count=3)], on=FORMATS["62x29"])
    pages = reader_of(pdf).pages
    assert len(pages) == 3
    assert [round(float(each) * 25.4 / 72, 2) for each in pages[0].mediabox[2:]] == [62, 29]


def test_a_label_says_everything() -> None:
    (page,) = reader_of(one(content().code)).pages
    texts = page.extract_text().splitlines()
    expected = ["Olivenöl Ωmega Жизнь", "0,75 l", "17,27 €/l", "OIL-75", "12,95 €", "4006381333931"]
    assert {text for text in texts if text} == set(expected)


@pytest.mark.parametrize("on", ["L7160", "L7651", "L4731", "5160", "5167", "50x25", "62x29", "100x150"])
def test_bars_of_an_ean_13_are_measured_and_read_from_the_page(on: str) -> None:
    module, widths = widths_in(one(code_for(symbol="ean_13", code="4006381333931"), on=on), 0)
    assert read_ean(widths) == "4006381333931"
    assert 0.15 <= module <= 0.5


def test_quiet_zones_stay_empty() -> None:
    """Eleven modules at the left and seven at the right (GS1 General Specifications, 5.2.3.4)."""
    pdf = one(code_for(symbol="ean_13", code="4006381333931"), on="L7651")
    module, _ = widths_in(pdf, 0)
    bars = sorted(rectangles(pdf, 0))
    assert bars[0][0] >= 11 * module
    assert 38.1 - bars[-1][0] - bars[-1][2] >= 7 * module


def test_gs1_128_of_a_delivery_is_read_from_the_page() -> None:
    data, text = element_strings(gtin="4006381333931", lot="L2026")
    _, widths = widths_in(one(Code(symbol="gs1_128", data=data, text=text)), 0)
    assert read_code128(widths) == "\x1d010400638133393110L2026"


def test_dots_of_a_qr_code_are_squares_on_a_grid() -> None:
    dots = rectangles(one(code_for(symbol="qr", code="4006381333931")), 0)
    size = dots[0][2]
    assert size >= 0.25
    assert all(abs(width - size) < 0.001 and abs(height - size) < 0.001 for _, _, width, height in dots)
    left, low = min(x for x, *_ in dots), min(y for _, y, *_ in dots)
    places = [((x - left) / size, (y - low) / size) for x, y, *_ in dots]
    assert all(abs(x - round(x)) < 0.02 and abs(y - round(y)) < 0.02 for x, y in places)
    assert max(round(x) for x, _ in places) == 20


@pytest.mark.parametrize("on", ["L4731", "L7651"])
def test_a_code_that_no_scanner_would_read_is_refused(on: str) -> None:
    data, text = element_strings(gtin="4006381333931", lot="ABCDEFGHIJKLMNOPQRST")
    with pytest.raises(DoesNotFit, match="modules need"):
        one(Code(symbol="gs1_128", data=data, text=text), on=on)


def test_a_refusal_says_which_label() -> None:
    long = content(code=code_for(symbol="code_128", code="X" * 48))
    with pytest.raises(DoesNotFit) as caught:
        render_pdf(
            labels=[Copies(content=content(), count=1), Copies(content=long, count=1)], on=FORMATS["50x25"]
        )
    assert caught.value.number == 1


@pytest.mark.parametrize("on", list(FORMATS))
def test_long_texts_are_cropped_and_prices_never_are(on: str) -> None:
    wide = content(
        name="Donaudampfschifffahrtsgesellschaftskapitän " * 5,
        price="1234567,89 €",
        unit_price="7654321,09 €/kg",
    )
    pdf = render_pdf(labels=[Copies(content=wide, count=1)], on=FORMATS[on])
    text = reader_of(pdf).pages[0].extract_text()
    assert "…" in text
    assert "1234567,89 €" in text
    assert "7654321,09 €/kg" in text or FORMATS[on].height < 15


def test_what_the_font_cannot_show_is_a_box() -> None:
    pdf = render_pdf(labels=[Copies(content=content(name="茶 Tee\x1b"), count=1)], on=FORMATS["L7160"])
    assert "□ Tee" in reader_of(pdf).pages[0].extract_text()


def test_a_label_without_anything_to_scan() -> None:
    pdf = one(None)
    assert rectangles(pdf, 0) == []


@pytest.mark.parametrize("start", [0, 22])
def test_a_place_that_the_sheet_does_not_have(start: int) -> None:
    with pytest.raises(ValueError, match="places 1 to 21"):
        render_pdf(labels=[Copies(content=content(), count=1)], on=FORMATS["L7160"], start=start)


def test_the_same_labels_are_the_same_bytes() -> None:
    code = code_for(symbol="ean_8", code="96385074")
    assert one(code) == one(code)
