"""The page says what the code does: each of its tables of movements is computed and compared, cell by cell."""

import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from pos.inventory.costing import Entry, replay
from tests.pos.inventory.costing.makers import key, layers, owed, plain, totals

PAGE = Path(__file__).parents[4] / "docs" / "algorithms" / "stock-costing.md"


class Row(NamedTuple):
    """A movement as the page writes it."""

    number: str
    movement: str
    quantity: str
    comes_with: str
    costs: str
    layers: str
    owed: str
    dust: str

    def entry(self) -> Entry:
        """The movement as the replay reads it."""
        value, _, extra = self.comes_with.partition(" + ")
        of = re.fullmatch(r"return of (\d+)", self.movement)
        return Entry(
            id=key(int(self.number)),
            quantity=Decimal(self.quantity),
            value=Decimal(value) if value else None,
            extra=Decimal(extra or 0),
            unit_of=key(int(of[1])) if of else None,
        )


def tables() -> list[tuple[str, list[Row]]]:
    found = re.findall(r"^(fifo|average)\n\n\|.*\n\|[ -|]*\n((?:\| \d.*\n)+)", PAGE.read_text(), re.MULTILINE)
    return [
        (method, [Row(*(cell.strip() for cell in line.split("|")[1:-1])) for line in body.splitlines()])
        for method, body in found
    ]


def test_the_page_has_its_tables() -> None:
    assert [(method, len(rows)) for method, rows in tables()] == [
        ("fifo", 3),
        ("average", 3),
        ("average", 3),
        ("fifo", 2),
        ("fifo", 3),
        ("average", 5),
        ("fifo", 5),
        ("average", 2),
        ("fifo", 3),
    ]


@pytest.mark.parametrize("number", range(9))
def test_each_table_is_what_the_replay_finds(number: int) -> None:
    method, rows = tables()[number]
    entries = [row.entry() for row in rows]
    whole = totals(dict(replay(entries=entries, method=method).totals))
    computed = []
    for place, row in enumerate(rows):
        state = replay(entries=entries[: place + 1], method=method).state
        computed.append(
            row._replace(
                costs=whole[int(row.number)],
                layers=", ".join(f"{quantity} @ {cost}" for quantity, cost in layers(state)),
                owed=", ".join(f"{quantity} of {of} @ {cost}" for of, quantity, cost in owed(state)),
                dust=plain(state.dust),
            )
        )
    assert computed == rows
