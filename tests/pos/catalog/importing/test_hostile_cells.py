"""Cells of workbooks made to break the reader: a named problem at the cell, or of the file; and in little time."""

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.catalog.csv_reading import CatalogFile, RowProblem, reading, workbooks, xml_parts
from pos.catalog.csv_reading.archives import working_size
from pos.catalog.csv_reading.reading import read_catalog
from tests.pos.catalog.csv_files import HEADER, row
from tests.pos.catalog.importing.workbooks import Cell, cell, number, text, workbook

TITLES = [text(name) for name in ("category", "item", "sku", "price", "tax_class")]
RIGHT = [text("Tee"), text("Grün"), text("T1"), number("2.5"), text("standard")]
DIGITS = "9" * 5_000


def read(data: bytes) -> CatalogFile:
    return read_catalog(data=data, currency="EUR", tax_classes={"standard"})


def priced(price: Cell) -> bytes:
    return workbook(items=[TITLES, [*RIGHT[:3], price, RIGHT[4]]])


def rewritten(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The workbook with one part changed, added if it was not there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name).decode() for name in old.namelist()}
        for name, content in (parts | {part: change(parts.get(part, ""))}).items():
            new.writestr(name, content)
    return out.getvalue()


def told(data: bytes) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.reason) for each in read(data).problems]


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        (cell(kind="s", value=DIGITS), "is a text that the workbook does not have"),
        (cell(kind="s", value="²"), "is a text that the workbook does not have"),
        (cell(kind="s", value="-1"), "is a text that the workbook does not have"),
        (number("1_0"), "is no number"),
        (number("１０"), "is no number"),
        (number("infinity"), "is no number"),
        (number("nan"), "is no number"),
        (number(" 1 "), "is no number"),
        (number("0x1F"), "is no number"),
        (number(DIGITS), "is no number"),
        (number("1e999"), "is a number too large to be shown in full; format the column as text"),
        (cell(kind="b", value="vielleicht"), "is neither yes nor no"),
        (text("_x0000_"), "contains the unprintable character U+0000"),
        (text("_xD800_"), "contains the unprintable character U+D800"),
        (text("_xFFFF_"), "contains the unprintable character U+FFFF"),
        (text("2,5_x001F_"), "contains the unprintable character U+001F"),
    ],
    ids=[
        "index of 5,000 digits",
        "index of a high two",
        "index below zero",
        "underscore",
        "wide digits",
        "infinity",
        "no number",
        "spaces",
        "hexadecimal",
        "5,000 digits",
        "exponent",
        "answer",
        "escaped NUL",
        "escaped half of a pair",
        "escaped non-character",
        "escaped control",
    ],
)
def test_a_hostile_cell_is_told_at_its_place(price: Cell, reason: str) -> None:
    assert told(priced(price)) == [(2, "price", reason)]


@pytest.mark.parametrize("style", ["²", DIGITS, "-1", "7"], ids=["high two", "long", "below zero", "unknown"])
def test_a_style_that_is_none_changes_nothing(style: str) -> None:
    book = rewritten(
        priced(number("2.5")),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace('<c t="n">', f'<c t="n" s="{style}">'),
    )
    found = read(book)
    assert (told(book), found.rows[0]["price"]) == ([], 250)


def test_a_number_format_that_is_none_changes_nothing() -> None:
    styles = "<styleSheet><cellXfs><xf/><xf numFmtId='²'/></cellXfs></styleSheet>"
    book = workbook(
        formats={"odd": 0}, items=[TITLES, [*RIGHT[:3], cell(value="2.5", style="odd"), RIGHT[4]]]
    )
    assert told(rewritten(book, "xl/styles.xml", lambda _: styles)) == []


@pytest.mark.parametrize(
    ("days", "is_1904"),
    [("2958465", True), ("2958465.99999999", False), ("99999999999999", False), ("-1", False)],
    ids=["1904", "the last moment", "far away", "below zero"],
)
def test_a_day_beyond_the_calendar_is_told(days: str, is_1904: bool) -> None:
    rows = [[text("name"), text("starts_at")], [text("Advent"), cell(value=days, style="date")]]
    book = workbook(price_lists=rows, formats={"date": 22}, is_1904=is_1904)
    assert told(book) == [(2, "starts_at", "is no date")]


@pytest.mark.parametrize("reference", [f"00000002{DIGITS}", "²", "0", "1048577"])
def test_a_row_number_that_is_none_ends_the_reading(reference: str) -> None:
    book = rewritten(
        workbook(items=[TITLES, RIGHT]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace('<row r="2">', f'<row r="{reference}">'),
    )
    assert told(book) == [(0, "", "the workbook's rows are not numbered upwards; save it again")]


@pytest.mark.parametrize("title", ["_x0000_", "_xD800_"])
def test_a_title_that_cannot_be_kept_is_no_column(title: str) -> None:
    (only,) = read(workbook(items=[[*TITLES, text(title)], RIGHT])).problems
    assert (only.line, only.column) == (1, title)
    assert only.reason.startswith("there is no such column")


def test_a_problem_holds_nothing_that_cannot_be_kept() -> None:
    problem = RowProblem(line=1, column="a\0", reason="b\ud800", given="\udfffc", sheet="\0")
    assert (problem.column, problem.reason, problem.given, problem.sheet) == (
        "a\ufffd",
        "b\ufffd",
        "\ufffdc",
        "\ufffd",
    )
    (only,) = read(f"{HEADER};a\0b\n{row()}".encode()).problems
    assert only.column == "a\ufffdb"


# -- crowds ------------------------------------------------------------------------------------------------


def test_texts_are_bounded_by_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_STRINGS", 1_000)
    crowd = f"<sst>{'<si/>' * 1_001}</sst>"
    book = rewritten(workbook(items=[TITLES, RIGHT]), "xl/sharedStrings.xml", lambda _: crowd)
    assert told(book) == [(0, "", "the workbook has more than 1000 texts; divide it")]


def test_cells_are_bounded_by_count_with_the_empty_ones_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_CELLS", 12)
    stray = "the row has 12 cells, the header names 5 columns; "
    (only,) = read(workbook(items=[TITLES, RIGHT], places={1: "L2"})).problems
    assert only.reason.startswith(stray)
    reason = "the file has more than 12 cells, empty ones included; divide it"
    assert told(workbook(items=[TITLES, RIGHT], places={1: "M2"})) == [(0, "", reason)]
    assert told(f"{HEADER}\n{row()}{';' * 20}".encode()) == [(0, "", reason)]


def test_elements_that_say_nothing_are_bounded_by_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_parts, "MAX_ELEMENTS", 500)
    book = rewritten(
        workbook(items=[TITLES, RIGHT]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace("</worksheet>", "<a/>" * 500 + "</worksheet>"),
    )
    assert told(book) == [(0, "", "the workbook has more than 500 elements; divide it")]


def test_many_tabs_of_one_part_are_refused() -> None:
    tabs: dict[str, Any] = {f"t{n}": [] for n in range(101)}
    assert told(workbook(**tabs)) == [(0, "", "the workbook has more than 100 tabs; divide it")]
    twice = rewritten(
        workbook(items=[TITLES, RIGHT], menus=[]),
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace("sheet2.xml", "sheet1.xml"),
    )
    assert told(twice) == [(0, "", "two tabs of the workbook are the same part; save it again")]


def test_styles_are_bounded_by_count_and_formats_by_length() -> None:
    crowd = f"<styleSheet><cellXfs>{'<xf/>' * 65_491}</cellXfs></styleSheet>"
    book = workbook(items=[TITLES, RIGHT])
    assert told(rewritten(book, "xl/styles.xml", lambda _: crowd)) == [
        (0, "", "the workbook has more than 65490 styles; divide it")
    ]
    for code in ("[" * 1_000_000, "0" * 1_000_000):
        long = workbook(
            formats={"long": code},
            items=[TITLES, [*RIGHT[:2], cell(value="7", style="long"), *RIGHT[3:]]],
        )
        assert [one["sku"] for one in read(long).rows] == ["7"]


def test_a_shared_text_is_unescaped_once_however_many_cells_show_it() -> None:
    shown = cell(kind="s", value="0")
    book = workbook(
        items=[TITLES, *[[*RIGHT[:2], text(f"T{n}"), shown, RIGHT[4]] for n in range(200)]],
        shared=["_x0041_" * 4_000],
    )
    found = read(book)
    assert (found.problem_count, {each.reason for each in found.problems}) == (200, {"not a number"})


# -- at once, or in the background -------------------------------------------------------------------------


def test_the_work_a_file_is_counts_what_it_unpacks_to() -> None:
    spaces = " " * 4_000_000
    book = rewritten(
        workbook(items=[TITLES, RIGHT]), "xl/sharedStrings.xml", lambda _: f"<sst>{spaces}</sst>"
    )
    assert len(book) < 20_000
    assert 1_000_000 < working_size(book) < 1_001_000
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("items.csv", spaces)
    assert working_size(out.getvalue()) == 4_000_000
    assert working_size(b"sku;price\n") == 10
    assert working_size(b"PK\x03\x04 no archive") == 0


# -- anything ----------------------------------------------------------------------------------------------

HOSTILE = st.one_of(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"),
        max_size=30,
    ),
    st.text("0123456789.,eE+-_²１x;% ", max_size=20),
    st.sampled_from((DIGITS, "_xDC00_", "1e400", "-0", "0" * 300, "1" * 41)),
)


@settings(deadline=None, max_examples=150)
@given(
    kind=st.sampled_from(("n", "s", "b", "e", "d", "str", "inlineStr", "zz")),
    value=HOSTILE,
    place=st.integers(0, 4),
)
def test_no_cell_makes_reading_fail(kind: str, value: str, place: int) -> None:
    cells = list(RIGHT)
    cells[place] = cell(kind=kind, value=value)
    found = read(workbook(items=[TITLES, cells], shared=["Tee"]))
    assert found.problem_count + found.row_count > 0
    for problem in found.problems:
        str(problem).encode()


@settings(deadline=None, max_examples=60)
@given(days=st.decimals(-10, 3_000_000, places=8), is_1904=st.booleans())
def test_no_day_makes_reading_fail(days: Decimal, is_1904: bool) -> None:
    rows = [[text("name"), text("starts_at")], [text("Advent"), cell(value=str(days), style="date")]]
    found = read(workbook(price_lists=rows, formats={"date": 22}, is_1904=is_1904))
    assert found.problem_count + len(found.sheet("price_lists").rows) == 1
