"""`manage.py import_catalog`: what it prints, and its exit codes."""

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fynlo.core.tenancy import tenant_context
from pos.catalog.models import Item, Variant
from tests.factories import LocationFactory
from tests.pos.catalog.csv_files import HEADER, row
from tests.pos.catalog.makers import tax_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(cafe: Any, tmp_path: Path) -> Callable[..., str]:
    """`written(*rows)`: a file of these rows for the café, which has tax classes and a location."""
    with tenant_context(cafe):
        tax_class("standard")
        LocationFactory.create(code="main")

    def write(*rows: str, encoding: str = "utf-8") -> str:
        path = tmp_path / "catalogue.csv"
        path.write_bytes("\n".join((HEADER, *rows)).encode(encoding))
        return str(path)

    return write


def run(*arguments: str, command: str = "import_catalog") -> str:
    """What the command prints; the key of an import stands there as `ID`."""
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=StringIO())
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", out.getvalue())


def refused(*arguments: str) -> tuple[int, str, str]:
    """The exit code, the message, and what was written to the error stream."""
    errors = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_catalog", *arguments, stdout=StringIO(), stderr=errors)
    return caught.value.returncode, str(caught.value), errors.getvalue()


def test_a_file_is_imported_and_the_plan_is_printed(cafe: Any, written: Callable[..., str]) -> None:
    assert run("cafe", written(row(sku="A", opening_stock="5"), row(item="Tee", sku="B"))) == (
        "+ category Getränke\n"
        "+ category Getränke > Heiß\n"
        "2 rows: 2 created, 0 changed, 0 unchanged\n"
        "opening stock: 1 recorded, 0 were there before\n"
        "Imported.\n"
        "To take it back: manage.py revert_import cafe ID\n"
    )
    with tenant_context(cafe):
        assert Item.objects.count() == 2


def test_changes_are_told_field_by_field_in_the_words_of_the_file(
    cafe: Any, written: Callable[..., str]
) -> None:
    run("cafe", written(row(sku="A"), row(item="Tee", sku="B")))
    file = written(
        row(sku="A", price="2,60", barcode="96385074", active="nein", category="Getränke"),
        row(item="Tee", sku="B"),
    )
    assert run("cafe", file) == (
        "~ line 2, A (Espresso): category Getränke > Heiß → Getränke, barcode none → 96385074, "
        "price 2.40 → 2.60, active yes → no\n"
        "2 rows: 0 created, 1 changed, 1 unchanged\n"
        "Imported.\n"
        "To take it back: manage.py revert_import cafe ID\n"
    )


def test_a_dry_run_prints_the_plan_and_changes_nothing(cafe: Any, written: Callable[..., str]) -> None:
    assert run("cafe", written(row(sku="A")), "--dry-run").endswith(
        "1 rows: 1 created, 0 changed, 0 unchanged\nDry run: nothing was changed.\n"
    )
    with tenant_context(cafe):
        assert not Item.objects.exists()


def test_each_bad_row_is_told_with_line_column_and_reason(cafe: Any, written: Callable[..., str]) -> None:
    file = written(
        row(sku="A"), row(item="Tee", sku="B", price="zwei", tax_class="standart"), row(item="Kakao", sku="A")
    )
    code, message, errors = refused("cafe", file)
    assert (code, message) == (2, f"{file}: 3 problems; nothing was imported.")
    assert errors == (
        "line 3, price: not a number (given: 'zwei')\n"
        "line 3, tax_class: is no tax class; did you mean standard? (given: 'standart')\n"
        "line 4, sku: is already used in line 2 (given: 'A')\n"
    )
    with tenant_context(cafe):
        assert not Item.objects.exists()


def test_how_the_file_is_written_can_be_said(cafe: Any, written: Callable[..., str]) -> None:
    file = written(row(item="Grüner Tee", price="1.234"), encoding="cp1252")
    run("cafe", file, "--encoding", "cp1252", "--delimiter", ";", "--decimal", ",")
    with tenant_context(cafe):
        assert list(Variant.objects.values_list("item__name", "price_minor")) == [("Grüner Tee", 123400)]


def test_an_unknown_merchant_file_or_location_is_one_sentence(written: Callable[..., str]) -> None:
    file = written(row(opening_stock="1"))
    assert refused("nobody", file)[:2] == (1, "There is no merchant nobody.")
    assert refused("cafe", "/nowhere.csv")[:2] == (
        2,
        "/nowhere.csv cannot be read: No such file or directory",
    )
    assert refused("cafe", file, "--location", "moon")[:2] == (
        1,
        "There is no location moon; the locations are main.",
    )
    assert refused("cafe", written(row()), "--location", "moon")[:2] == (
        1,
        "There is no location moon; the locations are main.",
    )


def test_an_import_is_taken_back_by_the_command(
    cafe: Any, written: Callable[..., str], tmp_path: Path
) -> None:
    run("cafe", written(row(sku="A")))
    before, after = tmp_path / "before.zip", tmp_path / "after.zip"
    assert run("cafe", str(before), command="export_catalog") == f"{before}: {before.stat().st_size} bytes.\n"
    run("cafe", written(row(sku="A", price="9"), row(sku="B", item="Tee")))
    assert run("cafe", command="revert_import") == "2 documents are as they were before the import.\n"
    run("cafe", str(after), command="export_catalog")
    assert after.read_bytes() == before.read_bytes()
    assert run("cafe", command="revert_import") == "3 documents are as they were before the import.\n"
    with pytest.raises(CommandError, match="There is no import to take back"):
        run("cafe", command="revert_import")


def test_a_workbook_or_one_sheet_comes_out_and_goes_in(
    cafe: Any, written: Callable[..., str], tmp_path: Path
) -> None:
    run("cafe", written(row(sku="A")))
    for name, options in (("all.xlsx", ()), ("items.csv", ("--sheet", "items"))):
        file = str(tmp_path / name)
        run("cafe", file, *options, command="export_catalog")
        assert "0 created, 0 changed" in run("cafe", file)
    with pytest.raises(CommandError, match=r"all\.csv should end in \.xlsx or \.zip"):
        run("cafe", str(tmp_path / "all.csv"), command="export_catalog")


def test_how_far_a_large_file_is_is_told(cafe: Any, written: Callable[..., str]) -> None:
    errors = StringIO()
    rows = [row(sku=f"S{number}", item=f"I{number}") for number in range(2_000)]
    call_command("import_catalog", "cafe", written(*rows), stdout=StringIO(), stderr=errors)
    assert errors.getvalue().splitlines() == [
        f"  {what}: 2000 of 2000" for what in ("compared", "checked", "written", "published")
    ]
