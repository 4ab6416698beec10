"""Lines of a fixed width: wrapped, centred, with an amount at the right, in columns."""

from collections.abc import Iterator, Sequence

from fynlo.core.characters import columns, graphemes, printable


def wrapped(*, text: str, width: int) -> list[str]:
    """The words of a text in lines of at most `width` columns; a longer word is divided between graphemes."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text=printable(text), width=width):
        joined = f"{line} {piece}" if line else piece
        if columns(joined) <= width:
            line = joined
            continue
        lines.append(line)
        line = piece
    return [*lines, line] if line else lines


def centred(*, text: str, width: int) -> list[str]:
    """A text in the middle, on as many lines as it needs."""
    return [" " * ((width - columns(line)) // 2) + line for line in wrapped(text=text, width=width)]


def with_amount(*, text: str, amount: str, width: int) -> list[str]:
    """A text at the left and an amount at the right of its first line.

    A text too long for that goes on below; an amount too long to stand beside anything gets its own line.
    """
    room = width - columns(amount) - 1
    if room < width // 3:
        return [*wrapped(text=text, width=width), amount.rjust(width)]
    first, *rest = wrapped(text=text, width=room) or [""]
    return [first + " " * (width - columns(first) - columns(amount)) + amount, *rest]


def table(*, rows: Sequence[Sequence[str]], width: int) -> list[str] | None:
    """Rows of cells: the first column at the left, the others at the right. None if they do not fit."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(columns(row[place]) for row in cells) for place in range(len(cells[0]))]
    gaps = len(widths) - 1
    if sum(widths) + gaps > width:
        return None
    spare = width - sum(widths) - gaps
    widths = [widths[0] + spare % gaps, *(one + spare // gaps for one in widths[1:])]
    return [_table_line(row=row, widths=widths) for row in cells]


def _table_line(*, row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        " " * (width - columns(cell)) + cell if place else cell + " " * (width - columns(cell))
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return " ".join((first, *others)).rstrip()


def _pieces(*, text: str, width: int) -> Iterator[str]:
    """Words, those wider than a line divided."""
    for word in text.split(" "):
        piece = ""
        for grapheme in graphemes(word):
            if piece and columns(piece + grapheme) > width:
                yield piece
                piece = ""
            piece += grapheme
        if piece:
            yield piece
