"""The catalogues in docs/examples: read without a problem, complete, and with right check digits."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from pos.catalog.csv_reading import CatalogFile
from pos.catalog.csv_reading.reading import read_catalog

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
MERCHANTS = ["cafe", "grocer", "boutique", "bistro"]


def merchant(name: str) -> Any:
    return yaml.safe_load((EXAMPLES / name / "merchant.yaml").read_text("utf-8"))


def catalog(name: str) -> CatalogFile:
    config = merchant(name)
    return read_catalog(
        data=(EXAMPLES / name / config["pos"]["catalog"]["file"]).read_bytes(),
        currency=config["merchant"]["currency"],
        tax_classes={tax_class["code"] for tax_class in config["pos"]["tax_classes"]},
    )


@pytest.mark.parametrize(
    ("name", "items", "variants", "encoding", "delimiter"),
    [
        ("cafe", 60, 84, "utf-8", ";"),
        ("grocer", 401, 447, "utf-8", ","),
        ("boutique", 250, 1718, "cp1252", ";"),
        ("bistro", 11, 11, "utf-8", ";"),
    ],
)
def test_an_example_is_read_whole(
    name: str, items: int, variants: int, encoding: str, delimiter: str
) -> None:
    found = catalog(name)
    assert found.problems == ()
    assert (len({row["item"] for row in found.rows}), len(found.rows)) == (items, variants)
    assert (found.encoding, found.delimiter) == (encoding, delimiter)


@pytest.mark.parametrize(("name", "count"), [("cafe", 10), ("grocer", 323), ("boutique", 1718)])
def test_check_digits_are_right_by_the_books_of_the_trade(name: str, count: int) -> None:
    codes = [code["code"] for row in catalog(name).rows for code in row["barcode"]]
    for code in codes:
        if len(code) > 5:
            digits = [int(digit) for digit in code.zfill(14)]
            assert (3 * sum(digits[0::2]) + sum(digits[1::2])) % 10 == 0
    assert len(set(codes)) == len(codes) == count


@pytest.mark.parametrize("name", MERCHANTS)
def test_every_tax_class_is_used(name: str) -> None:
    codes = {tax_class["code"] for tax_class in merchant(name)["pos"]["tax_classes"]}
    assert {row["tax_class"] for row in catalog(name).rows} == codes


@pytest.mark.parametrize("name", MERCHANTS)
def test_a_slug_is_the_folder_and_the_host(name: str) -> None:
    section = merchant(name)["merchant"]
    assert (section["slug"], section["domains"]) == (name, [f"{name}.localhost"])


def test_three_of_them_differ_where_shops_differ() -> None:
    cafe, grocer, boutique = (catalog(name).rows for name in MERCHANTS[:3])
    espresso = next(row for row in cafe if row["item"] == "Espresso" and row["variant"] == "Doppelt")
    assert (espresso["price"], espresso["category"]) == (320, ("Heißgetränke", "Kaffee"))
    cheddar = next(row for row in grocer if row["item"] == "Mature Cheddar, clothbound")
    assert (cheddar["price"], cheddar["unit"], cheddar["tax_class"]) == (2150, "kg", "zero")
    assert cheddar["opening_stock"] is not None
    assert cheddar["opening_stock"] % 1 > Decimal(0)
    assert sum(row["unit"] == "kg" for row in grocer) == 109
    dresses = [row["variant"] for row in boutique if row["item"] == "Robe à nœud Apolline"]
    assert dresses[:4] == ["Rose poudré / 36", "Rose poudré / 38", "Rose poudré / 40", "Rose poudré / 42"]
    assert (
        max(sum(row["item"] == item for row in boutique) for item in {row["item"] for row in boutique}) == 17
    )
