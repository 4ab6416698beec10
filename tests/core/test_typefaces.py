"""The letters of printed pages: what is shown, how much fits, where lines break."""

import pytest

from fynlo.core.typefaces import BOLD, BOX, REGULAR, cropped, is_showable, lines, shown, width


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Größe Ωμέγα Жизнь Łódź € ₴", "Größe Ωμέγα Жизнь Łódź € ₴"),
        ("茶 Tee", "□ Tee"),
        ("שלום", "□□□□"),
        ("a\x1b[2J\nb\tc", "a [2J b c"),
        ("a\u202eb", "ab"),
        ("a\u0301", "á"),
        ("", ""),
    ],
    ids=["european", "chinese", "hebrew", "controls", "direction", "composed", "empty"],
)
def test_what_the_font_has_is_shown_and_the_rest_is_a_box(text: str, told: str) -> None:
    assert shown(text) == told


def test_whether_all_of_a_text_is_shown() -> None:
    assert is_showable("Größe")
    assert is_showable(BOX)
    assert not is_showable("茶")


def test_a_cropped_text_fits_and_says_that_something_is_missing() -> None:
    text = "Donaudampfschifffahrt"
    short = cropped(text, font=BOLD, size=8, room=50)
    assert short.endswith("…")
    assert text.startswith(short[:-1])
    assert width(short, font=BOLD, size=8) <= 50
    assert cropped(text, font=BOLD, size=8, room=500) == text
    assert cropped(text, font=BOLD, size=8, room=1) == ""


def test_lines_keep_every_word_and_divide_those_that_are_too_wide() -> None:
    text = "ein Wort und Donaudampfschifffahrtsgesellschaft"
    made = lines(text, font=REGULAR, size=8, room=60)
    assert "".join(made).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, font=REGULAR, size=8) <= 60 for line in made)
    two = lines(text, font=REGULAR, size=8, room=60, most=2)
    assert (len(two), two[0], two[1][-1]) == (2, made[0], "…")
