"""Every sheet, there and back: what is imported is exported, and what is exported is imported as it was."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from pos.catalog.csv_reading import CsvForm
from pos.catalog.documents.reading import read_documents
from pos.catalog.models import KINDS
from pos.catalog.queries.export import export_catalog
from pos.catalog.queries.lists import revision
from pos.catalog.sheets.declared import SHEETS
from pos.importing.files import FileReport, import_file
from tests.factories import LocationFactory
from tests.pos.catalog.importing.sheets import WHOLE, packed, unpacked
from tests.pos.catalog.makers import EDITOR, LATER

pytestmark = pytest.mark.django_db


def bring(data: bytes) -> FileReport:
    return import_file(data=data, form=CsvForm(), location_code=None, actor=EDITOR, at=LATER)


@pytest.fixture
def whole(in_cafe: Any) -> FileReport:
    LocationFactory.create(code="main")
    return bring(packed(WHOLE))


def test_every_sheet_is_in_the_example() -> None:
    assert set(WHOLE) == {sheet.name for sheet in SHEETS}


def test_a_file_of_every_sheet_makes_the_whole_catalogue(whole: FileReport) -> None:
    counted = {kind: len(read_documents(kind=kind)) for kind in KINDS}
    assert counted == {
        "settings": 1,
        "tax_class": 2,
        "category": 3,
        "modifier_group": 3,
        "item": 5,
        "price_list": 2,
        "promotion": 2,
        "service_charge": 3,
        "menu": 1,
        "barcode_pattern": 1,
    }
    by_name = {each["name"]: each for each in read_documents(kind="item").values()}
    coffee = by_name["Kaffee"]
    assert coffee["option_axes"] == [
        {"name": "Größe", "values": ["S", "M, mittel"]},
        {"name": "Röstung", "values": ["hell"]},
    ]
    assert coffee["variants"][0]["barcodes"] == [
        {"code": "4006381333931", "unit": "kiste", "multiplier": "2.125"},
        {"code": "96385074", "unit": "", "multiplier": "1"},
    ]
    assert coffee["tags"] == ["=a|b", "warm"]
    assert by_name["Kuchen"]["description"] == "=1+1"
    assert [slot["name"] for slot in by_name["Frühstück"]["combo"]["slots"]] == ["Getränk", "Dazu"]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_what_is_exported_is_imported_as_it_is(whole: FileReport, file_format: str) -> None:
    data, _ = export_catalog(file_format=file_format)
    before = revision()
    report = bring(data)
    assert {row.outcome for row in report.catalog.rows} == {"unchanged"}
    assert len(report.catalog.rows) == len(whole.catalog.rows)
    assert revision() == before
    assert export_catalog(file_format=file_format)[0] == data


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_another_merchant_gets_the_same_catalogue_from_the_file(
    whole: FileReport, grocer: Any, file_format: str
) -> None:
    data, _ = export_catalog(file_format=file_format)
    with tenant_context(grocer):
        LocationFactory.create(code="main")
        bring(data)
        theirs, _ = export_catalog(file_format=file_format)
    assert theirs == data


def test_the_sheets_read_as_they_were_written(whole: FileReport) -> None:
    found = unpacked(export_catalog(file_format="csv")[0])
    assert found["settings"] == (
        '"rounding_scope","rounding_mode","cash_increment"\r\n"per_rate","half_even","5"\r\n'
    )
    assert found["combos"].splitlines() == [
        '"item","slot","choice","upcharge","default"',
        '"Frühstück","Getränk","K-S","0.00","yes"',
        '"Frühstück","Getränk","K-M","0.50","no"',
        '"Frühstück","Dazu","KU","1.00","no"',
    ]
    assert found["category_prices"].splitlines()[1:] == [
        '"Happy Hour","","1","","0.1",""',
        '"Happy Hour","Getränke","2.5","","","0.30"',
        '"Immer","Speisen","1","5.00","",""',
    ]
    assert '"4006381333931 × 2.1250 kiste | 96385074"' in found["items"]
    assert '"\'=1+1"' in found["items"]


def test_a_sheet_alone_is_a_csv_file(whole: FileReport) -> None:
    data, kind = export_catalog(file_format="csv", sheet="menus")
    assert kind == "csv"
    assert data.decode("utf-8-sig") == unpacked(export_catalog(file_format="csv")[0])["menus"]
