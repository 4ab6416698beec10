"""Short ways to write catalogue files in tests."""

from pos.catalog.csv_reading import CatalogFile, CsvForm
from pos.catalog.csv_reading.reading import read_catalog

HEADER = "category;item;variant;sku;barcode;price;tax_class;unit;active;description;opening_stock"
TAX_CLASSES = frozenset({"standard", "reduced"})


def row(**cells: str) -> str:
    """A right row, with some cells replaced: `row(price="2,50")`."""
    right = {
        "category": "Getränke > Heiß",
        "item": "Espresso",
        "variant": "",
        "sku": "ESP",
        "barcode": "",
        "price": "2,40",
        "tax_class": "standard",
    }
    return ";".join((right | cells).get(column, "") for column in HEADER.split(";"))


def read(*rows: str, header: str = HEADER, currency: str = "EUR", form: CsvForm | None = None) -> CatalogFile:
    """A UTF-8 file of these rows, read."""
    text = "\n".join((header, *rows)) + "\n"
    return read_catalog(data=text.encode(), currency=currency, tax_classes=TAX_CLASSES, form=form)


def told(catalog: CatalogFile) -> list[tuple[int, str, str, str]]:
    """The problems as (line, column, reason, given)."""
    return [(problem.line, problem.column, problem.reason, problem.given) for problem in catalog.problems]
