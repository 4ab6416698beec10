"""Lines as they are drawn: order, joined letters, mirrored brackets, fonts, dots."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fynlo.core.characters import printable
from fynlo.core.typefaces import BOLD, BOX, EAST_ASIAN, REGULAR, THAI, glyphs
from fynlo.core.typefaces.pixels import dots_wide, draw, fitting
from fynlo.core.typefaces.runs import Run, page_lines, runs, runs_width
from fynlo.core.typefaces.scripts import has_right_to_left, is_right_to_left, visual

HEBREW, ARABIC = "שלום", "قهوة"


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Größe 2 × 3.80", "Größe 2 × 3.80"),
        (HEBREW, HEBREW[::-1]),
        (f"{HEBREW} (abc) 12.50", f"12.50 (abc) {HEBREW[::-1]}"),
        (f"a ({HEBREW}) b", f"a ({HEBREW[::-1]}) b"),
        (f"[{HEBREW}] <x>", f"<x> [{HEBREW[::-1]}]"),
        ("-5.00", "-5.00"),
        ("שָׁלוֹם", HEBREW[::-1]),
        (ARABIC, "\ufe93\ufeee\ufeec\ufed7"),
        ("لا", "\ufefb"),
        (f"{ARABIC} 12.50", "12.50 \ufe93\ufeee\ufeec\ufed7"),
    ],
    ids=[
        "latin",
        "hebrew",
        "number",
        "inside latin",
        "brackets",
        "minus",
        "points",
        "joined",
        "lam alef",
        "price",
    ],
)
def test_a_line_in_the_order_and_the_shapes_in_which_it_is_drawn(text: str, drawn: str) -> None:
    assert visual(text) == drawn


def test_on_mirrored_paper_a_line_begins_at_the_right_as_soon_as_it_has_such_letters() -> None:
    assert visual(f"A {HEBREW}") == f"A {HEBREW[::-1]}"
    assert visual(f"A {HEBREW}", is_mirrored=True) == f"{HEBREW[::-1]} A"
    assert visual("-5.00", is_mirrored=True) == "-5.00"


def test_where_reading_begins() -> None:
    assert is_right_to_left(f"12 {ARABIC} a")
    assert not is_right_to_left(f"a {ARABIC}")
    assert not is_right_to_left("12.50")
    assert has_right_to_left(f"a {ARABIC}")
    assert not has_right_to_left("茶")


def test_every_character_has_the_font_that_has_it() -> None:
    assert runs("Tee 茶。") == [Run(REGULAR, "Tee "), Run(EAST_ASIAN, "茶。")]
    assert runs("Ωμέγα", is_bold=True) == [Run(BOLD, "Ωμέγα")]
    assert runs("กา x") == [Run(THAI, "กา"), Run(REGULAR, " x")]
    assert runs("\U0001f9c0") == [Run(REGULAR, BOX)]


def test_a_thai_tone_stands_above_a_vowel_that_is_above_its_letter() -> None:
    assert runs("ที่") == [Run(THAI, "ที"), Run(THAI, "\u0e48", 0.21)]
    assert runs("ก่") == [Run(THAI, "ก่")]


@pytest.mark.parametrize(
    ("codec", "missing"), [("gb2312", 43), ("big5", 12), ("shift_jis", 4), ("cp1256", 2), ("cp1255", 0)]
)
def test_what_the_fonts_have(codec: str, missing: int) -> None:
    """Lacking are numbers in brackets and with full stops, and two letters of Urdu that are only drawn joined."""
    fonts = [glyphs(font) for font in (REGULAR, THAI, EAST_ASIAN)]
    wanted = set()
    for code in range(0xA0, 0xFFFE):
        try:
            chr(code).encode(codec)
        except UnicodeEncodeError:
            continue
        wanted.add(code)
    lacking = {code for code in wanted if printable(chr(code)) and not any(code in font for font in fonts)}
    assert len(lacking) <= missing, sorted(map(hex, lacking))


def test_lines_of_a_page_keep_every_word() -> None:
    text = "ein Wort und Donaudampfschifffahrtsgesellschaft 茶茶茶茶茶茶茶茶"
    made = page_lines(text, size=8, room=60)
    assert "".join(made).replace(" ", "") == text.replace(" ", "")
    assert all(runs_width(line, size=8) <= 60 for line in made)


def test_dots_are_the_same_everywhere_and_fit() -> None:
    picture = Image.new("1", (200, 30), 1)
    draw(picture, ARABIC, left=2, baseline=22, size=22)
    assert hashlib.sha256(picture.tobytes()).hexdigest()[:16] == "647bee9e161f6a46"
    assert fitting("W" * 10, size=22, room=1000) == 22
    small = fitting("W" * 10, size=22, room=150)
    assert small < 22
    assert dots_wide("W" * 10, size=small) <= 150


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet=st.sampled_from("abאבجم()[] 12.-×لا茶ก"), max_size=30))
def test_nothing_is_lost_by_turning_a_line_around(text: str) -> None:
    clean = printable(text)
    turned = {"(": ")", ")": "(", "[": "]", "]": "["}
    plain = [one for one in clean if not "\u0600" <= one <= "\u06ff"]
    drawn = [
        one for one in visual(clean) if not "\ufe70" <= one <= "\ufefc" and not "\u0600" <= one <= "\u06ff"
    ]
    assert sorted(turned.get(one, one) if one in "([" else one for one in plain) == sorted(
        turned.get(one, one) if one in "([" else one for one in drawn
    )
