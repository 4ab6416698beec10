"""The page about imports says what the sheets say."""

from pathlib import Path

import pytest

from pos.catalog.sheets.columns import Sheet
from pos.catalog.sheets.declared import SHEETS
from pos.catalog.sheets.documentation import sheets_as_markdown

PAGE = Path(__file__).parents[4] / "docs" / "concepts" / "imports.md"


def test_the_tables_of_the_page_are_those_of_the_sheets() -> None:
    page = PAGE.read_text("utf-8")
    assert page[page.index("### Conditions") :] == sheets_as_markdown()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_is_declared_soundly(sheet: Sheet) -> None:
    names = [name for column in sheet.columns for name in (column.name, *column.aliases)]
    assert len(set(names)) == len(names)
    assert {column.level for column in sheet.columns} <= set(range(len(sheet.levels) + 1))
    for depth in range(1, len(sheet.levels) + 1):
        assert any(column.key for column in sheet.at_level(depth))
