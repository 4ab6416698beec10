"""Files of many rows, some of them broken in every way a row can be."""

from tests.pos.catalog.csv_files import row

BREAKAGES: tuple[tuple[str, dict[str, str]], ...] = (
    ("price", {"price": "zwei"}),
    ("sku", {"sku": ""}),
    ("tax_class", {"tax_class": "standart"}),
    ("barcode", {"barcode": "4006381333932"}),
    ("unit", {"unit": "Eimer"}),
    ("active", {"active": "vielleicht"}),
    ("category", {"category": "Getränke > "}),
    ("item", {"item": "x" * 161}),
    ("barcode", {"barcode": "4006381333931"}),
    ("opening_stock", {"opening_stock": "1,5"}),
)
"""A column and what is wrong in it. The ninth is the barcode of a variant outside the file (STIFT)."""


def many_rows(count: int, *, prefix: str = "new") -> list[str]:
    """Right rows: two variants to an item, twenty categories, a barcode on every other row."""
    return [
        row(
            category=f"Warengruppe {number // 2 % 20}",
            item=f"{prefix} Artikel {number // 2}",
            variant="klein" if number % 2 else "groß",
            sku=f"{prefix}-{number}",
            barcode=f"{prefix}.{number}" if number % 4 == 0 else "",
            price=f"{number % 90 + 1},{number % 100:02}",
        )
        for number in range(count)
    ]


def broken_lines(rows: list[str], *, every: int) -> tuple[list[str], list[tuple[int, str]]]:
    """The rows with each `every`th broken, and the line and column of each that is."""
    broken = []
    made = list(rows)
    taken = 0
    for place in range(every - 1, len(rows), every):
        column, cells = BREAKAGES[len(broken) % len(BREAKAGES)]
        if cells.get("barcode") == "4006381333931":
            taken += 1
            if taken > 1:  # twice in one file it would be the file's own problem
                column, cells = "price", {"price": "-1"}
        titles = ("category", "item", "variant", "sku", "barcode", "price", "tax_class")
        right = dict(zip(titles, made[place].split(";"), strict=False))
        made[place] = row(**(right | cells))
        broken.append((place + 2, column))
    return made, broken
