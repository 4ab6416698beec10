"""The table of a paper: its columns, the row of a line, the sums below. Pure."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, Self

from fynlo.core import typefaces
from pos.purchasing.documents import PurchaseDocument, PurchaseDocumentLine
from pos.purchasing.renderers.sheet_layout import LEADING, SIZE, SMALL, Block, Strip, Words
from pos.purchasing.renderers.words import Words as Language

_GAP: Final = 6.0
_ABOVE: Final = 3.0
"""Points between a rule and the text under it, which has to be drawn lower by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where columns begin (texts) or end (numbers), in points from the left margin."""

    code: float
    description: float
    packs: float
    pack: float
    price: float
    amount: float
    code_room: float
    description_room: float
    pack_room: float

    @classmethod
    def of(cls, width: float) -> Self:
        """The columns of a table of `width` points."""
        amount, price = width, width - 68
        pack = price - 140
        packs = pack - 8
        description = 24 + 82 + _GAP
        return cls(
            code=24,
            description=description,
            packs=packs,
            pack=pack,
            price=price,
            amount=amount,
            code_room=82,
            description_room=packs - 42 - description,
            pack_room=140 - 66,
        )


def title_strip(columns: Columns, language: Language, currency: str) -> Strip:
    """The columns' titles."""

    def at(x: float, text: str, *, is_right: bool = False) -> Words:
        return Words(x=x, text=text, font=typefaces.BOLD, size=SMALL, is_right=is_right)

    words = (
        at(0, "#"),
        at(columns.code, language.code),
        at(columns.description, language.description),
        at(columns.packs, language.packs, is_right=True),
        at(columns.pack, language.pack),
        at(columns.price, language.price, is_right=True),
        at(columns.amount, f"{language.amount} {currency}", is_right=True),
    )
    return Strip(height=SMALL * LEADING + _ABOVE, words=words)


def row_block(
    number: int, line: PurchaseDocumentLine, columns: Columns, language: Language, currency: str
) -> Block:
    """A line of the document; codes and descriptions go on below as long as they need."""
    code = _lines(line.supplier_code, columns.code_room)
    pack = _lines(_pack(line, language), columns.pack_room)
    about = [
        Words(x=columns.description, text=text) for text in _lines(line.description, columns.description_room)
    ]
    small = [f"{language.sku} {line.sku}"] if line.sku else []
    for text in (*small, *line.note.splitlines()):
        pieces = _lines(text, columns.description_room, SMALL)
        about += [Words(x=columns.description, text=piece, size=SMALL) for piece in pieces]
    numbers = _numbers(number, line, columns, language, currency)
    strips = []
    for place, (one, two, three) in enumerate(zip_longest(code or [""], about, pack)):
        words = [Words(x=columns.code, text=one)] if one else []
        words += [two] if two is not None else []
        words += [Words(x=columns.pack, text=three)] if three else []
        words += numbers if place == 0 else []
        strips.append(Strip(height=SIZE * LEADING, words=tuple(words), has_rule=place == 0))
    return Block(strips=(*strips, Strip(height=_ABOVE)))


def sum_block(document: PurchaseDocument, columns: Columns, language: Language) -> Block:
    """The goods, what stands beside them, and the total; only the total when nothing stands beside them."""
    currency = document.currency
    rows = [(extra.name, extra.amount_minor) for extra in document.extras]
    if rows:
        rows.insert(0, (language.lines_total, document.lines_minor))
    strips = [
        _sum(name, language.money(minor, currency), columns, typefaces.REGULAR, has_rule=not place)
        for place, (name, minor) in enumerate(rows)
    ]
    total = language.money(document.total_minor, currency)
    strips.append(_sum(f"{language.total} {currency}", total, columns, typefaces.BOLD, has_rule=True))
    return Block(strips=tuple(strips))


def _sum(name: str, amount: str, columns: Columns, font: str, *, has_rule: bool) -> Strip:
    room = columns.price - columns.description
    text = typefaces.cropped(typefaces.shown(name), font=font, size=SIZE, room=room)
    words = (
        Words(x=columns.description, text=text, font=font),
        Words(x=columns.amount, text=amount, font=font, is_right=True),
    )
    return Strip(height=SIZE * LEADING + _ABOVE, words=words, has_rule=has_rule)


def _numbers(
    number: int, line: PurchaseDocumentLine, columns: Columns, language: Language, currency: str
) -> list[Words]:
    price, amount = line.pack_price_minor, line.amount_minor
    is_agreed = price is not None or amount is not None
    words = [
        Words(x=0, text=str(number)),
        Words(x=columns.packs, text=language.decimal(line.packs), is_right=True),
    ]
    if price is not None:
        text = language.exact_money(price, currency)
        words.append(Words(x=columns.price, text=text, is_right=True))
    if amount is not None:
        text = language.money(amount, currency)
        words.append(Words(x=columns.amount, text=text, is_right=True))
    if not is_agreed:
        words.append(Words(x=columns.amount, text=language.without_price, size=SMALL, is_right=True))
    return words


def _pack(line: PurchaseDocumentLine, language: Language) -> str:
    """`case of 12 pcs` without its preposition: `case 12 pcs`; `kg` where goods are bought by the unit."""
    unit = language.unit(line.unit)
    if not line.pack_name and line.pack_size == 1:
        return unit
    return f"{line.pack_name} {language.decimal(line.pack_size)} {unit}".strip()


def _lines(text: str, room: float, size: float = SIZE) -> list[str]:
    return typefaces.lines(typefaces.shown(text), font=typefaces.REGULAR, size=size, room=room)
