"""`manage.py import_stock`: what it prints, and its exit codes."""

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from fynlo.core.tenancy import tenant_context
from pos.stock_files.models import StockFile
from tests.factories import Shop
from tests.pos.stock_files.files import on_hand

pytestmark = pytest.mark.django_db
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@pytest.fixture
def written(here: Shop, tmp_path: Path) -> Callable[..., str]:
    """`written(*lines)`: a file of these lines."""

    def write(*lines: str) -> str:
        path = tmp_path / "stock.csv"
        path.write_text("\n".join(lines))
        return str(path)

    return write


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("import_stock", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def refused(*arguments: str) -> tuple[int, str, str]:
    errors = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_stock", *arguments, stdout=StringIO(), stderr=errors)
    return caught.value.returncode, str(caught.value), errors.getvalue()


def test_a_file_is_imported_and_taken_back(here: Shop, written: Callable[..., str]) -> None:
    told = run("cafe", "levels", written("sku;on_hand", "ROLL;12", "CHEESE;0"))
    (key,) = ID.findall(told)
    assert told == (
        "+ line 2, ROLL · main: on_hand none → 12\n"
        "2 rows: 1 created, 0 changed, 1 unchanged\n"
        "Imported.\n"
        f"To take it back: manage.py import_stock cafe --revert {key}\n"
    )
    with tenant_context(here.tenant):
        assert on_hand() == {"ROLL": "12"}
    assert run("cafe", "--revert", key) == "stock.csv is taken back.\n"
    with tenant_context(here.tenant):
        assert on_hand() == {}


def test_a_dry_run_changes_nothing(here: Shop, written: Callable[..., str]) -> None:
    told = run("cafe", "levels", written("sku;on_hand", "ROLL;12"), "--dry-run")
    assert told.endswith("1 rows: 1 created, 0 changed, 0 unchanged\nDry run: nothing was changed.\n")
    with tenant_context(here.tenant):
        assert on_hand() == {}
        assert StockFile.objects.get().state == "discarded"


def test_what_is_wrong_is_printed_line_by_line(here: Shop, written: Callable[..., str]) -> None:
    file = written("sku;on_hand", "ROLL;NaN", "GONE;1")
    assert refused("cafe", "levels", file) == (
        2,
        f"{file}: 2 problems; nothing was imported.",
        (
            "line 2, on_hand: not a number (given: 'NaN')\n"
            "line 3, sku: there is no variant with this SKU (given: 'GONE')\n"
        ),
    )


def test_what_is_not_there(here: Shop, written: Callable[..., str]) -> None:
    assert refused("nobody", "levels", written("sku"))[:2] == (1, "There is no merchant nobody.")
    code, message, _ = refused("cafe", "levels", "/nowhere.csv")
    assert (code, message) == (2, "/nowhere.csv cannot be read: No such file or directory")
    assert refused("cafe")[0] == 1
    assert refused("cafe", "--revert", "01900000-0000-7000-8000-000000000000")[:2] == (
        1,
        "There is no such import.",
    )
