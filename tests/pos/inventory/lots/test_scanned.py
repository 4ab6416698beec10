"""A scanned GS1 code as a line of a receipt or a count."""

import datetime as dt
from decimal import Decimal

import pytest

from fynlo.core.tenancy import tenant_context
from pos.inventory.queries.scanned import ScannedPiece, scanned_piece
from tests.factories import BarcodeFactory, Shop
from tests.pos.inventory.lots.lots import track

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12)  # noqa: DTZ001  a wall clock
GTIN = "4006381333931"
FULL = f"(01)0{GTIN}(17)260331(10)L-77(21)SN9"


def read(shop: Shop, code: str, **kinds: str) -> ScannedPiece | None:
    track(shop, **kinds)
    with tenant_context(shop.tenant):
        BarcodeFactory.create(variant=shop.variants["roll"], code=GTIN)
        return scanned_piece(code=code, currency="EUR", at=AT)


@pytest.mark.parametrize(
    ("tracking", "lot", "kind"), [("lot", "L-77", "lot"), ("serial", "SN9", "serial"), ("none", "", "lot")]
)
def test_the_code_says_lot_serial_and_last_day(here: Shop, tracking: str, lot: str, kind: str) -> None:
    assert read(here, FULL, roll=tracking) == ScannedPiece(
        variant_id=here.variants["roll"].id,
        quantity=Decimal(1),
        lot=lot,
        lot_kind=kind,
        expires_on=dt.date(2026, 3, 31),
    )


def test_best_before_is_the_last_day_where_there_is_no_use_by(here: Shop) -> None:
    found = read(here, f"(01)0{GTIN}(15)260430(10)L-77", roll="lot")
    assert found is not None
    assert (found.lot, found.expires_on) == ("L-77", dt.date(2026, 4, 30))


def test_a_plain_barcode_says_no_lot(here: Shop) -> None:
    found = read(here, GTIN, roll="lot")
    assert found is not None
    assert (found.quantity, found.lot, found.expires_on) == (Decimal(1), "", None)


def test_a_code_of_nothing_in_the_catalogue_is_none(here: Shop) -> None:
    assert read(here, "(01)05012345678900(10)L") is None
