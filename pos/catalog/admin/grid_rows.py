"""The grid's cells: what a variant looks like in them, and what is typed there made a variant again."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final
from uuid import UUID

from fynlo.core.ids import new_id
from fynlo.core.money import Money, format_money
from pos.catalog.csv_reading.cells import CellInvalid, read_price
from pos.catalog.documents.limits import MAX_AXES, MAX_VARIANTS
from pos.catalog.sheets.columns import Rules
from pos.catalog.sheets.lists import Axes, Barcodes, ScheduledPrices
from pos.catalog.sheets.names import Names

Document = dict[str, Any]

TEXTS: Final = ("sku", "name", "price", "barcodes", "scheduled")
_MEMBERS: Final = {
    "sku": "sku",
    "name": "name",
    "price_minor": "price",
    "barcodes": "barcodes",
    "scheduled_prices": "scheduled",
    "is_active": "active",
}
LONGEST: Final = 4_000
MAX_MISSING: Final = 200


class GridUnreadable(ValueError):
    """What was sent is no grid; no page of ours sends that."""


@dataclass(slots=True)
class Row:
    """A variant as its cells show it; `errors` by cell. `key` is empty for one that is not saved yet."""

    key: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    active: bool = True
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """A new row in which nothing was typed."""
        return not self.key and not any(self.cells.values()) and not any(self.options)

    def option_cells(self) -> list[tuple[int, str, str]]:
        """Number, value and error of each option."""
        return [
            (place, value, self.errors.get(f"option{place}", "")) for place, value in enumerate(self.options)
        ]


class Cells:
    """Reads and writes cells in a currency; the way things are written is that of import files."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.names, self.rules = Names(currency=currency), Rules(currency=currency)

    def row(self, variant: Document, axes: int) -> Row:
        """The cells of a variant."""
        return Row(
            key=variant["id"],
            cells={
                "sku": variant["sku"],
                "name": variant["name"],
                "price": format_money(Money(variant["price_minor"], self.currency)),
                "barcodes": Barcodes().write(variant["barcodes"], self.names),
                "scheduled": ScheduledPrices().write(variant["scheduled_prices"], self.names),
            },
            options=fitted(variant["options"], axes),
            active=variant["is_active"],
        )

    def variant(self, row: Row) -> Document:
        """The variant that a row states; what cannot be read becomes an error of the row."""
        return {
            "id": row.key or str(new_id()),
            "name": row.cells["name"].strip(),
            "sku": row.cells["sku"].strip(),
            "price_minor": self._read(row, "price", self._price, 0),
            "scheduled_prices": self._read(
                row, "scheduled", lambda text: ScheduledPrices().read(text, self._rules(text)), []
            ),
            "options": [value.strip() for value in row.options],
            "is_active": row.active,
            "barcodes": self._read(
                row, "barcodes", lambda text: Barcodes().read(text, self._rules(text)), []
            ),
        }

    def axes(self, text: str) -> list[Document]:
        """The options that the field above the grid states. Raises `CellInvalid`."""
        found = Axes().read(text, self.rules)
        if any(not axis["values"] for axis in found):
            raise CellInvalid("needs the values of each option, such as Size: S, M, L")
        if len(found) > MAX_AXES:
            raise CellInvalid(f"names {len(found)} options; at most {MAX_AXES} are possible")
        return found

    def axes_text(self, axes: Sequence[Document]) -> str:
        """The options as the field shows them."""
        return Axes().write(list(axes), self.names)

    def shown(self, member: str, value: Any) -> str:
        """A member of an item or variant, in words."""
        show = {
            "price_minor": lambda: format_money(Money(value, self.currency)),
            "barcodes": lambda: Barcodes().write(value, self.names) or "none",
            "scheduled_prices": lambda: ScheduledPrices().write(value, self.names) or "none",
            "option_axes": lambda: self.axes_text(value or ()) or "none",
            "options": lambda: " / ".join(value or ()) or "none",
        }.get(member)
        if show is not None:
            return show()
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value if isinstance(value, str) and not member.endswith("_id") else ""

    def _price(self, text: str) -> int:
        return read_price(text, currency=self.currency, mark="" if "," in text else ".")

    def _rules(self, text: str) -> Rules:
        return Rules(currency=self.currency, decimal_mark="" if "," in text else ".")

    @staticmethod
    def _read(row: Row, cell: str, read: Any, otherwise: Any) -> Any:
        try:
            return read(row.cells[cell])
        except CellInvalid as error:
            row.errors[cell] = f"{str(error)[0].upper()}{str(error)[1:]}."
            return otherwise


def sent_rows(data: Mapping[str, str], axes: int) -> list[Row]:
    """The rows of a form: as JSON in `rows` (the page's script), else in fields of their own (`sku-0`, …).

    Raises `GridUnreadable`.
    """
    found = _from_json(data["rows"]) if data.get("rows") else _from_fields(data)
    if len(found) > MAX_VARIANTS:
        raise GridUnreadable(f"an item has at most {MAX_VARIANTS} variants")
    for row in found:
        row.options = fitted(row.options, axes)
    return [row for row in found if not row.is_blank]


def missing_options(axes: Sequence[Document], rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    """The combinations of options that no row has, in the order of the axes; the first few hundred."""
    taken = {tuple(row.options) for row in rows}
    found = 0
    for values in product(*(axis["values"] for axis in axes)) if axes else ():
        if values not in taken:
            yield values
            found += 1
            if found == MAX_MISSING:
                return


def suggested(values: Sequence[str], rows: Sequence[Row]) -> Row:
    """A row for a combination: named by it, with the price most rows have and a SKU like the others'."""
    prices = [row.cells["price"] for row in rows if row.cells.get("price")]
    stem = _stem([row.cells.get("sku", "") for row in rows])
    tail = "-".join("".join(char for char in value.upper() if char.isalnum()) for value in values)
    return Row(
        cells={
            "sku": f"{stem}-{tail}".strip("-"),
            "name": " / ".join(values),
            "price": max(prices, key=prices.count) if prices else "",
            "barcodes": "",
            "scheduled": "",
        },
        options=list(values),
    )


def place_problem(pointer: str, rows: Sequence[Row]) -> tuple[Row, str] | None:
    """The row and cell that a pointer of the item (`/variants/0/barcodes/1/code`) means, if it means one."""
    steps = pointer.strip("/").split("/")
    if steps[0] != "variants" or len(steps) < 2 or not steps[1].isdigit() or int(steps[1]) >= len(rows):  # noqa: PLR2004
        return None
    row, member = rows[int(steps[1])], steps[2] if len(steps) > 2 else "sku"  # noqa: PLR2004
    if member == "options":
        return row, f"option{steps[3]}" if len(steps) > 3 else "option0"  # noqa: PLR2004
    return row, _MEMBERS.get(member, "sku")


def fitted(options: Sequence[str], axes: int) -> list[str]:
    """As many options as there are axes."""
    return [*options[:axes], *[""] * (axes - len(options))]


def _from_json(text: str) -> list[Row]:
    try:
        found = json.loads(text)
        return [
            _row(each["key"], [each[name] for name in TEXTS], each["options"], each["active"])
            for each in found
        ]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise GridUnreadable("the rows cannot be read") from None


def _from_fields(data: Mapping[str, str]) -> list[Row]:
    rows = []
    for place in range(MAX_VARIANTS + 1):
        if f"sku-{place}" not in data:
            break
        texts = [data.get(f"{name}-{place}", "") for name in TEXTS]
        options = [data.get(f"option{axis}-{place}", "") for axis in range(MAX_AXES)]
        rows.append(_row(data.get(f"key-{place}", ""), texts, options, f"active-{place}" in data))
    return rows


def _row(key: Any, texts: Sequence[Any], options: Any, active: Any) -> Row:
    for text in (key, *texts, *options):
        if type(text) is not str or len(text) > LONGEST:
            raise GridUnreadable("the rows cannot be read")
    try:
        known = str(UUID(key)) if key else ""
    except ValueError:
        raise GridUnreadable("the rows cannot be read") from None
    return Row(
        key=known,
        cells=dict(zip(TEXTS, texts, strict=True)),
        options=list(options)[:MAX_AXES],
        active=bool(active),
    )


def _stem(skus: Sequence[str]) -> str:
    """What the SKUs begin with in common, without the sign at its end."""
    named = [sku for sku in skus if sku]
    if not named:
        return ""
    first, last = min(named), max(named)
    same = next((place for place, char in enumerate(first) if last[place : place + 1] != char), len(first))
    return first[:same].rstrip("-_. /")
