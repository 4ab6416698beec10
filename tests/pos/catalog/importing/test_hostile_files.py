"""Files that are broken or meant to break: a named reason each, nothing lost in silence, and soon."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.catalog.csv_reading import CatalogFile, CsvForm, archives
from pos.catalog.csv_reading.reading import read_catalog
from tests.pos.catalog.csv_files import HEADER, row
from tests.pos.catalog.importing.workbooks import cell, number, text, workbook

TAXES = frozenset({"standard"})
TITLES = [text(name) for name in ("category", "item", "sku", "price", "tax_class")]
RIGHT = [text("Tee"), text("Grün"), text("T1"), number("2.5"), text("standard")]


def read(data: bytes, **said: Any) -> CatalogFile:
    return read_catalog(data=data, currency="EUR", tax_classes=TAXES, **said)


def reasons(data: bytes, **said: Any) -> list[str]:
    return [str(problem) for problem in read(data, **said).problems]


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("_csv", ".csv"), content)
    return out.getvalue()


ITEMS = f"{HEADER}\n{row()}".encode()


# -- archives ----------------------------------------------------------------------------------------------


def test_a_bomb_is_refused_by_the_size_it_states() -> None:
    bomb = archive(items_csv=b"0" * (archives.MAX_UNPACKED + 1))
    assert len(bomb) < 300_000
    assert reasons(bomb) == ["the file unpacks to 268435457 bytes; at most 268435456 are read"]


def test_a_bomb_that_states_a_small_size_is_not_unpacked_past_it() -> None:
    """The sizes in the directory are lies here; what is unpacked ends where the lie ends, and does not fit."""
    content = b"0" * 5_000_000
    data = bytearray(archive(items_csv=content))
    honest, small = len(content).to_bytes(4, "little"), (10).to_bytes(4, "little")
    for place in range(len(data) - 4):
        if data[place : place + 4] == honest:
            data[place : place + 4] = small
    assert reasons(bytes(data)) == ["items.csv cannot be unpacked; the file is damaged"]


def test_many_entries_that_share_their_bytes_are_counted_one_by_one() -> None:
    """Overlapping entries (the quine-like bombs): the sum of what they state is what counts."""
    part = b"0" * (archives.MAX_UNPACKED // 100)
    bomb = archive(**{f"f{number}_csv": part for number in range(101)})
    assert reasons(bomb) == [f"the file unpacks to {101 * len(part)} bytes; at most 268435456 are read"]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (
            lambda: archive(**{f"f{n}_csv": b"x" for n in range(201)}),
            "the file packs 201 files; at most 200 are read",
        ),
        (archive, "the ZIP file is empty"),
        (lambda: archive(virus_exe=b"MZ"), "virus_exe is no CSV file; a ZIP holds one for each sheet"),
        (lambda: archive(items_csv=ITEMS)[:-30], "this is no workbook and no ZIP file that can be read"),
        (
            lambda: archive(items_csv=ITEMS, ITEMS_csv=ITEMS),
            "the sheet items is in the file twice",
        ),
        (
            lambda: archive(items_csv=b"what;is;this\n1;2;3"),
            "items, line 1: the first line names no known column; the columns are ",
        ),
    ],
    ids=["too many", "empty", "other files", "cut off", "sheet twice", "no header"],
)
def test_an_archive_that_cannot_be_used_says_why(make: Callable[[], bytes], reason: str) -> None:
    (told,) = reasons(make())
    assert told.startswith(reason)


def test_a_password_or_another_way_of_packing_is_told() -> None:
    protected = bytearray(archive(items_csv=ITEMS))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        protected[protected.index(mark) + place] |= 1
    assert reasons(bytes(protected)) == ["the file is protected by a password; save it without one"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as made:
        made.writestr("items.csv", ITEMS)
    assert reasons(out.getvalue()) == [
        "the file is packed in a way that is not read; pack it as an ordinary ZIP"
    ]


def test_two_files_of_one_name_are_told() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("items.csv", ITEMS)
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr("items.csv", ITEMS)
    assert reasons(out.getvalue()) == ["the file packs two files of the same name"]


def test_damaged_bytes_are_told_and_the_folders_of_a_mac_are_passed_over() -> None:
    data = bytearray(archive(items_csv=ITEMS * 50))
    data[60] ^= 0xFF
    assert reasons(bytes(data)) == ["items.csv cannot be unpacked; the file is damaged"]
    mac = archive(**{"__MACOSX/._items.csv": b"junk", "folder/items.csv": ITEMS})
    assert reasons(mac) == []


# -- workbooks ---------------------------------------------------------------------------------------------


def test_formulas_and_errors_are_told_at_their_cells_and_never_calculated() -> None:
    book = workbook(
        items=[
            TITLES,
            [*RIGHT[:1], cell(formula="SUM(A1:A9)", value="7"), text("T1"), number("1"), text("standard")],
            [*RIGHT[:3], cell(kind="e", value="#REF!"), text("standard")],
            [*RIGHT[:2], text("T3"), cell(formula='HYPERLINK("http://x")', value="2.5"), text("standard")],
        ]
    )
    assert [(each.line, each.column, each.reason) for each in read(book).problems] == [
        (2, "item", "is a formula; copy the column and paste its values only"),
        (3, "price", "is an error of the spreadsheet"),
        (4, "price", "is a formula; copy the column and paste its values only"),
    ]


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/evil.dtd">',
        "<!DOCTYPE x>",
    ],
    ids=["nested entities", "a file", "a host", "nothing"],
)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_a_document_type_ends_the_reading(prologue: str, part: str) -> None:
    book = workbook(items=[TITLES, RIGHT], prologues={part: prologue}, shared=["x"])
    assert reasons(book) == [
        "the workbook declares a document type, which no spreadsheet does; it is not read"
    ]


def test_a_cell_of_twenty_megabytes_is_told_at_its_cell() -> None:
    huge = "x" * 20_000_000
    inline = workbook(items=[TITLES, [RIGHT[0], text(huge), *RIGHT[2:]]])
    shared = workbook(items=[TITLES, [RIGHT[0], cell(kind="s", value="0"), *RIGHT[2:]]], shared=[huge])
    for book in (inline, shared):
        assert [(each.line, each.column, each.reason) for each in read(book).problems] == [
            (2, "item", "has more than 32767 characters")
        ]
    csv = f"{HEADER}\n{row()}\n{row(item=huge, sku='B')}\n{row(item='C', sku='C')}".encode()
    found = read(csv)
    assert [(each.line, each.reason) for each in found.problems] == [
        (3, "a cell has more than 32767 characters; is a closing quote missing?")
    ]
    assert [one["sku"] for one in found.rows] == ["ESP", "C"]


def test_a_workbook_that_claims_a_million_rows_and_columns_is_read_by_what_is_there() -> None:
    book = workbook(
        items=[TITLES, RIGHT], places={1: "XFD1048576"}, dimension="A1:XFD1048576", last_row=1_048_576
    )
    found = read(book)
    assert [(each.line, each.reason.split(";")[0]) for each in found.problems] == [
        (1_048_576, "the row has 257 cells, the header names 5 columns")
    ]


@pytest.mark.parametrize(
    ("book", "reason"),
    [
        (workbook(), "the workbook is empty"),
        (workbook(items=[]), "the workbook is empty"),
        (
            workbook(items=[TITLES, RIGHT], Notizen=[[text("nicht vergessen")]]),
            "the tab 'Notizen' is no sheet",
        ),
        (workbook(items=[TITLES, RIGHT], Items=[TITLES, RIGHT]), "the sheet items is in the file twice"),
        (workbook(items=[TITLES, RIGHT], cut="xl/worksheets/sheet1.xml"), "the workbook is damaged: "),
        (
            workbook(items=[TITLES, RIGHT], without="xl/worksheets/sheet1.xml"),
            "the workbook has no part xl/work",
        ),
        (
            workbook(items=[TITLES, RIGHT], without="xl/_rels/workbook.xml.rels"),
            "the workbook has no part xl/_rels",
        ),
        (workbook(items=[TITLES, RIGHT], row_numbers=[2, 1]), "the workbook's rows are not numbered upwards"),
    ],
    ids=["no tab", "empty tab", "another tab", "tab twice", "cut off", "tab missing", "no list", "rows"],
)
def test_a_workbook_that_cannot_be_used_says_why(book: bytes, reason: str) -> None:
    (told,) = reasons(book)
    assert told.startswith(reason)


def test_cells_are_read_as_they_are_shown() -> None:
    titles = [*TITLES, text("barcode"), text("active"), text("scheduled_prices"), text("description")]
    book = workbook(
        Artikel=[
            titles,
            [
                text("Tee"),
                text("Grün_x000D_er _x005F_x0041_ Tee"),
                cell(value="12", style="zeros"),
                cell(value="0.10000000000000001"),
                text("standard"),
                cell(value="4006381333931"),
                cell(kind="b", value="0"),
                text("2026-12-01 = 2.5"),
                cell(kind="s", value="0"),
            ],
            [*RIGHT[:3], cell(value="1.1000000000000001E3"), text("standard")],
        ],
        shared=["aus <rPh>verborgen</rPh>Assam"],
        formats={"zeros": "00000"},
    )
    found = read(book)
    assert reasons(book) == []
    first, second = found.rows
    assert (first["item"], first["sku"], first["price"]) == ("Grün er _x0041_ Tee", "00012", 10)
    assert (first["barcode"][0]["code"], first["active"]) == ("4006381333931", False)
    assert (first["description"], second["price"]) == ("aus Assam", 110_000)


@pytest.mark.parametrize("is_1904", [False, True])
def test_dates_are_local_times(is_1904: bool) -> None:
    days = 46357.75 - (1462 if is_1904 else 0)
    book = workbook(
        price_lists=[
            [text("name"), text("starts_at"), text("ends_at")],
            [
                text("Advent"),
                cell(value=str(days), style="date"),
                cell(value=str(days + 2), style="own date"),
            ],
        ],
        formats={"date": 22, "own date": "dd.mm.yyyy hh:mm"},
        is_1904=is_1904,
    )
    (only,) = read(book).sheet("price_lists").rows
    assert (only["starts_at"], only["ends_at"]) == ("2026-12-01T18:00", "2026-12-03T18:00")


# -- text --------------------------------------------------------------------------------------------------


def test_wrong_encodings_are_told_with_the_line() -> None:
    broken = f"{HEADER}\n{row(item='Käse')}\n".encode() + b"\xff\xfe;x"
    assert reasons(broken) == ["line 3: the byte ff is not UTF-8; save the file as UTF-8"]
    (halved,) = reasons(ITEMS.decode().encode("utf-16")[:-1])
    assert halved.endswith("is not UTF-16; save the file as UTF-8")
    declared = f"{HEADER}\n{row(item='Käse')}".encode("cp1252")
    assert reasons(declared, form=CsvForm(encoding="utf-8")) == [
        "line 2: the byte e4 is not UTF-8; save the file as UTF-8"
    ]


def test_mixed_line_ends_are_lines() -> None:
    data = f"{HEADER}\r\n{row(sku='A')}\n{row(sku='B', item='B')}\r{row(sku='C', item='C', price='?')}\r\n"
    found = read(data.encode())
    assert [one["sku"] for one in found.rows] == ["A", "B"]
    assert [(each.line, each.column) for each in found.problems] == [(4, "price")]


def test_a_column_twice_is_told_under_both_names() -> None:
    data = "category;item;sku;price;tax_class;Preis\nTee;Grün;T1;2;standard;3"
    assert reasons(data.encode()) == [
        "line 1, Preis: the column price is here twice: 'price' and 'Preis' (given: 'Preis')"
    ]


def test_what_a_spreadsheet_would_calculate_goes_out_guarded_and_comes_back_as_it_was() -> None:
    from pos.catalog.csv_reading.rows import unguarded
    from pos.catalog.exporting.rows import guarded

    for cell_text in ("=1+1", "+49", "-x", "@cmd", "\tx", "\rx", "'=1", "''=1", "'x", "x", "", "'"):
        shown = guarded(cell_text)
        assert shown[:1] not in set("=+-@\t\r")
        assert unguarded(shown) == cell_text


@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=300))
def test_no_bytes_behind_the_mark_of_an_archive_make_reading_fail(data: bytes) -> None:
    found = read(b"PK\x03\x04" + data)
    assert found.problem_count > 0


@settings(deadline=None, max_examples=100)
@given(place=st.integers(0, 5_000), value=st.integers(0, 255))
def test_no_flipped_byte_of_a_workbook_makes_reading_fail(place: int, value: int) -> None:
    data = bytearray(workbook(items=[TITLES, RIGHT]))
    data[place % len(data)] = value
    found = read(bytes(data))
    assert found.problem_count or [one["sku"] for one in found.rows]
