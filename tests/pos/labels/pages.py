"""A PDF taken apart: which label stands where, and the rectangles of each, in millimetres."""

import io
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream

from pos.labels.content import LabelContent
from pos.labels.symbols.choosing import code_for

MM = 25.4 / 72


@dataclass(frozen=True)
class Placed:
    """A label on a page: its name, and its top left corner in millimetres from the page's."""

    name: str
    x: float
    y: float


def reader_of(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf), strict=True)


def placed(pdf: bytes, page: int, *, height: float) -> list[Placed]:
    """The labels on a page, in the order they were drawn; `height` is a label's."""
    reader = reader_of(pdf)
    sheet = reader.pages[page]
    found: list[Placed] = []
    moves: list[Any] = []
    for operands, operator in ContentStream(sheet.get_contents(), reader).operations:
        if operator == b"cm":
            moves.append([float(each) for each in operands])
        elif operator == b"Do":
            assert moves[-1][:4] == [1, 0, 0, 1]
            top = float(sheet.mediabox.height) - moves[-1][5]
            name = str(operands[0]).rpartition(".")[2]
            found.append(Placed(name, round(moves[-1][4] * MM, 2), round(top * MM - height, 2)))
    return found


def rectangles(pdf: bytes, label: int) -> list[tuple[float, float, float, float]]:
    """x, y (of the lower edge, from below), width and height of the filled rectangles of a label."""
    reader = reader_of(pdf)
    forms = reader.pages[0]["/Resources"]["/XObject"]
    form = next(value for name, value in forms.items() if name.endswith(f"label{label}")).get_object()
    found, last = [], []
    for operands, operator in ContentStream(form, reader).operations:
        if operator == b"re":
            last.append(tuple(float(each) * MM for each in operands))
        elif operator in (b"f", b"f*"):
            found += last
            last = []
        elif operator == b"n":
            last = []
    return found


def widths_in(pdf: bytes, label: int) -> tuple[float, list[int]]:
    """The width of a module in millimetres, and the runs of bars and spaces in modules."""
    bars = sorted(rectangles(pdf, label))
    assert len({round(y, 3) for _, y, _, _ in bars}) == 1
    module = min(width for _, _, width, _ in bars)
    lengths = []
    for (x, _, width, _), following in zip(bars, [*bars[1:], None], strict=True):
        lengths.append(width / module)
        if following is not None:
            lengths.append((following[0] - x - width) / module)
    assert all(abs(each - round(each)) < 0.02 for each in lengths)
    return module, [round(each) for each in lengths]


def content(**said: Any) -> LabelContent:
    """Olive oil with an EAN-13."""
    known: dict[str, Any] = {
        "name": "Olivenöl Ωmega Жизнь",
        "variant": "0,75 l",
        "price": "12,95 €",
        "unit_price": "17,27 €/l",
        "sku": "OIL-75",
        "code": code_for(symbol="ean_13", code="4006381333931"),
    }
    return LabelContent(**{**known, **said})
