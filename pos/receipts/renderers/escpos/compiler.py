"""Papers for receipt printers (ESC/POS): bytes made of our own commands and of text that cannot begin one. Pure.

A line goes out in the printer's letters where its code tables have them, and as dots where they do not: scripts
read from right to left, joined letters, East Asian characters. Paper in a language that is read from the right is a
mirror image: names at the right, amounts at the left.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import Final

from fynlo.core.characters import columns
from fynlo.core.typefaces.scripts import has_right_to_left
from pos.labels.symbols.choosing import QR, QR_QUIET, Code, dots_of
from pos.receipts.renderers.blocks import Link, Paper, Picture
from pos.receipts.renderers.escpos import commands
from pos.receipts.renderers.escpos.commands import MEDIA_TYPE
from pos.receipts.renderers.escpos.drawing import drawn_line, drawn_logo
from pos.receipts.renderers.escpos.profiles import Profile
from pos.receipts.renderers.layout import Piece, Placed, Side, TextLine, laid_out, wrapped
from pos.receipts.renderers.scripts import is_mirrored

__all__ = ["MEDIA_TYPE", "render_escpos"]

_QR_DOTS: Final = range(6, 2, -1)
_OTHER: Final[dict[Side, Side]] = {"left": "right", "right": "left", "middle": "middle"}


def render_escpos(*, paper: Paper, profile: Profile, opens_drawer: bool = False) -> bytes:
    """The whole paper, cut off at its end; with the drawer opened before, if asked."""
    made = [commands.START]
    if opens_drawer:
        made.append(commands.OPEN_DRAWER)
    mirrored = is_mirrored(paper.language)
    for piece in laid_out(paper=paper, width=profile.columns):
        made.extend(_bytes(piece, profile, mirrored))
    made.append(commands.END)
    return b"".join(made)


def _bytes(piece: Piece, profile: Profile, mirrored: bool) -> Iterator[bytes]:
    match piece:
        case TextLine():
            yield _line(_mirror(piece, profile) if mirrored else piece, profile, mirrored)
        case Picture():
            yield commands.raster(drawn_logo(content=piece.content, profile=profile))
        case Link():
            yield b"\n"
            yield _qr(piece, profile)
            for text in wrapped(text=piece.caption, width=profile.columns):
                placed = Placed(start=0, end=profile.columns, text=text, side="middle")
                yield _line(TextLine(texts=(placed,)), profile, mirrored)


def _line(line: TextLine, profile: Profile, mirrored: bool) -> bytes:
    text = line.plain()
    if not text:
        return b"\n"
    pages = [_page(character, profile.pages) for character in text]
    if None in pages or has_right_to_left(text) or columns(text) != len(text):
        return commands.raster(drawn_line(line=line, profile=profile, is_mirrored=mirrored))
    told = b"".join(
        commands.letters(table=page[0], data="".join(one for _, one in group).encode(page[1], "replace"))
        for page, group in groupby(_settled(text, pages, profile), key=lambda pair: pair[0])
    )
    return (commands.bold(data=told) if line.is_bold else told) + b"\n"


def _settled(
    text: str, pages: list[tuple[int, str] | None], profile: Profile
) -> Iterator[tuple[tuple[int, str], str]]:
    """Each character with its table: the one in use as long as that has it."""
    now = profile.pages[0]
    for character, first in zip(text, pages, strict=True):
        if first is not None and not _has(now[1], character):
            now = first
        yield now, character


@lru_cache(maxsize=4096)
def _page(character: str, pages: tuple[tuple[int, str], ...]) -> tuple[int, str] | None:
    return next((page for page in pages if _has(page[1], character)), None)


@lru_cache(maxsize=8192)
def _has(codec: str, character: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _mirror(piece: TextLine, profile: Profile) -> TextLine:
    texts = (
        replace(
            placed,
            start=profile.columns - placed.end,
            end=profile.columns - placed.start,
            side=_OTHER[placed.side],
        )
        for placed in reversed(piece.texts)
    )
    return replace(piece, texts=tuple(texts))


def _qr(link: Link, profile: Profile) -> bytes:
    """As large as the paper allows; an address that no QR code holds is told in letters alone."""
    side = len(dots_of(Code(symbol=QR, data=link.url, text=""))) + 2 * QR_QUIET
    size = next((each for each in _QR_DOTS if side * each <= profile.dots), None)
    if size is None:
        return b""
    return commands.qr_code(data=link.url.encode("ascii", "ignore"), size=size)
