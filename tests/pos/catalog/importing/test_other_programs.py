"""Workbooks of another program (openpyxl) are read, and it reads ours: cell for cell, without a formula."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from pos.catalog.csv_reading import CsvForm
from pos.catalog.csv_reading.reading import read_catalog
from pos.catalog.queries.export import export_catalog
from pos.importing.files import import_file
from tests.factories import LocationFactory
from tests.pos.catalog.importing.sheets import WHOLE, packed, unpacked
from tests.pos.catalog.makers import EDITOR, LATER

CELLS = ["category", "item", "sku", "price", "tax_class", "opening_stock", "barcode", "active", "unit"]


def test_what_another_program_saves_is_read_as_it_is_shown() -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Sortiment"
    page.append(CELLS)
    page.append(["Tee", "Grün", 4711, 1.1, "standard", 0.3, 4006381333931, True, "kg"])
    page.append(["Tee", "=1+1", "T2", 0.1 + 0.2, "standard", None, "96385074", False])
    page["B3"].data_type = "s"
    page.append(["Tee", "Rot", "T3", "=D2*2", "standard"])
    out = io.BytesIO()
    book.save(out)
    found = read_catalog(data=out.getvalue(), currency="EUR", tax_classes={"standard"})
    assert [str(problem) for problem in found.problems] == [
        "line 4, price: is a formula; copy the column and paste its values only (given: '=D2*2')"
    ]
    first, second = found.rows
    assert (first["sku"], first["price"], str(first["opening_stock"])) == ("4711", 110, "0.3")
    assert (first["barcode"][0]["code"], first["active"]) == ("4006381333931", True)
    assert (second["item"], second["price"], second["active"]) == ("=1+1", 30, False)


def test_dates_of_another_program_are_local_times() -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "price_lists"
    page.append(["name", "starts_at", "ends_at"])
    page.append(["Advent", dt.datetime(2026, 12, 1, 6, 30), dt.date(2026, 12, 24)])  # noqa: DTZ001
    out = io.BytesIO()
    book.save(out)
    found = read_catalog(data=out.getvalue(), currency="EUR", tax_classes=())
    (only,) = found.sheet("price_lists").rows
    assert (only["starts_at"], only["ends_at"]) == ("2026-12-01T06:30", "2026-12-24T00:00")


@pytest.mark.django_db
def test_another_program_reads_in_our_workbook_what_is_in_our_csv_files(in_cafe: Any) -> None:
    LocationFactory.create(code="main")
    import_file(data=packed(WHOLE), form=CsvForm(), location_code=None, actor=EDITOR, at=LATER)
    book = openpyxl.load_workbook(io.BytesIO(export_catalog(file_format="xlsx")[0]))
    texts = unpacked(export_catalog(file_format="csv")[0])
    assert book.sheetnames == list(texts)
    formulas = [
        cell for page in book for cells in page.iter_rows() for cell in cells if cell.data_type == "f"
    ]
    assert formulas == []
    titles, first, *_ = (tuple(cell.value for cell in cells) for cells in book["combos"].iter_rows())
    assert titles == ("item", "slot", "choice", "upcharge", "default")
    assert first == ("Frühstück", "Getränk", "K-S", 0, "yes")
    cake = next(cells for cells in book["items"].iter_rows() if cells[1].value == "Kuchen")
    assert [cell.value for cell in cake if cell.value and str(cell.value).startswith("'")] == ["'=1+1"]
    assert {cell.data_type for cell in cake if cell.value is not None} == {"s", "n"}
