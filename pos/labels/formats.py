"""Sheets and rolls that labels are printed on. Lengths are millimetres, from the top left corner. Pure.

The sheets are the makers' public templates (Avery Zweckform and Avery: page, rows, columns, label, margins, pitch);
inches of the US ones are stated exactly.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

A4: Final = ("a4", Decimal(210), Decimal(297))
LETTER: Final = ("letter", Decimal("215.9"), Decimal("279.4"))
_INCH: Final = Decimal("25.4")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFormat:
    """A page with `columns` x `rows` labels. On a roll a page is one label.

    `left` and `top` are the first label's corner, `step_x` and `step_y` from one label to the next.
    """

    code: str
    name: str
    paper: str
    page_width: Decimal
    page_height: Decimal
    columns: int
    rows: int
    width: Decimal
    height: Decimal
    left: Decimal
    top: Decimal
    step_x: Decimal
    step_y: Decimal

    @property
    def per_page(self) -> int:
        """Labels on one page."""
        return self.columns * self.rows

    @property
    def is_roll(self) -> bool:
        """Whether a page is a single label."""
        return self.paper == "roll"

    def corner(self, place: int) -> tuple[Decimal, Decimal]:
        """The top left corner of a label of the page, row by row from 0 on."""
        row, column = divmod(place, self.columns)
        return self.left + column * self.step_x, self.top + row * self.step_y


def _centred(
    code: str, name: str, grid: tuple[int, int], size: tuple[str, str], gap: str = "0"
) -> LabelFormat:
    """An A4 sheet whose labels stand in its middle, `gap` between columns, none between rows."""
    (columns, rows), (width, height) = grid, (Decimal(size[0]), Decimal(size[1]))
    paper, page_width, page_height = A4
    used = columns * width + (columns - 1) * Decimal(gap)
    return LabelFormat(
        code=code,
        name=name,
        paper=paper,
        page_width=page_width,
        page_height=page_height,
        columns=columns,
        rows=rows,
        width=width,
        height=height,
        left=(page_width - used) / 2,
        top=(page_height - rows * height) / 2,
        step_x=width + Decimal(gap),
        step_y=height,
    )


def _letter(
    code: str, name: str, grid: tuple[int, int], size: tuple[str, str], margin: str, step_x: str
) -> LabelFormat:
    """A US sheet; all in inches, half an inch above the first row, none between rows."""
    paper, page_width, page_height = LETTER
    height = Decimal(size[1]) * _INCH
    return LabelFormat(
        code=code,
        name=name,
        paper=paper,
        page_width=page_width,
        page_height=page_height,
        columns=grid[0],
        rows=grid[1],
        width=Decimal(size[0]) * _INCH,
        height=height,
        left=Decimal(margin) * _INCH,
        top=Decimal("0.5") * _INCH,
        step_x=Decimal(step_x) * _INCH,
        step_y=height,
    )


def _roll(code: str, name: str, width: int, height: int) -> LabelFormat:
    size = Decimal(width), Decimal(height)
    return LabelFormat(
        code=code,
        name=name,
        paper="roll",
        page_width=size[0],
        page_height=size[1],
        columns=1,
        rows=1,
        width=size[0],
        height=size[1],
        left=Decimal(0),
        top=Decimal(0),
        step_x=size[0],
        step_y=size[1],
    )


_FORMATS: Final[Iterable[LabelFormat]] = (
    _centred("L7651", "Avery Zweckform L7651, 65 of 38.1 x 21.2 mm", (5, 13), ("38.1", "21.2"), "2.5"),
    _centred("L7159", "Avery Zweckform L7159, 24 of 63.5 x 33.9 mm", (3, 8), ("63.5", "33.9"), "2.5"),
    _centred("L7160", "Avery Zweckform L7160, 21 of 63.5 x 38.1 mm", (3, 7), ("63.5", "38.1"), "2.5"),
    _centred("L7162", "Avery Zweckform L7162, 16 of 99.1 x 33.9 mm", (2, 8), ("99.1", "33.9"), "2.5"),
    _centred("L7163", "Avery Zweckform L7163, 14 of 99.1 x 38.1 mm", (2, 7), ("99.1", "38.1"), "2.5"),
    _centred("L7165", "Avery Zweckform L7165, 8 of 99.1 x 67.7 mm", (2, 4), ("99.1", "67.7"), "2.5"),
    _centred("L4731", "Avery Zweckform L4731, 189 of 25.4 x 10 mm", (7, 27), ("25.4", "10"), "2.5"),
    _centred("L4732", "Avery Zweckform L4732, 80 of 35.6 x 16.9 mm", (5, 16), ("35.6", "16.9"), "2.5"),
    _centred("3474", "Avery Zweckform 3474, 24 of 70 x 37 mm", (3, 8), ("70", "37")),
    _centred("3651", "Avery Zweckform 3651, 40 of 52.5 x 29.7 mm", (4, 10), ("52.5", "29.7")),
    _letter("5160", "Avery 5160, 30 of 2 5/8 x 1 in", (3, 10), ("2.625", "1"), "0.1875", "2.75"),
    _letter("5161", "Avery 5161, 20 of 4 x 1 in", (2, 10), ("4", "1"), "0.15625", "4.1875"),
    _letter("5163", "Avery 5163, 10 of 4 x 2 in", (2, 5), ("4", "2"), "0.15625", "4.1875"),
    _letter("5167", "Avery 5167, 80 of 1 3/4 x 1/2 in", (4, 20), ("1.75", "0.5"), "0.28125", "2.0625"),
    _roll("38x25", "Roll, 38 x 25 mm", 38, 25),
    _roll("50x25", "Roll, 50 x 25 mm", 50, 25),
    _roll("50x30", "Roll, 50 x 30 mm", 50, 30),
    _roll("57x32", "Roll, 57 x 32 mm (Dymo 11354)", 57, 32),
    _roll("62x29", "Roll, 62 x 29 mm (Brother DK-11209)", 62, 29),
    _roll("89x36", "Roll, 89 x 36 mm (Dymo 99012)", 89, 36),
    _roll("100x50", "Roll, 100 x 50 mm", 100, 50),
    _roll("100x150", "Roll, 100 x 150 mm", 100, 150),
)
FORMATS: Final = MappingProxyType({each.code: each for each in _FORMATS})
"""Every sheet and roll, by its code."""
