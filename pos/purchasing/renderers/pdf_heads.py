"""The heads of a paper: who writes to whom and about what on the first page, its number on the others. Pure."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from fynlo.core import typefaces
from pos.purchasing.documents import DocumentParty, PurchaseDocument
from pos.purchasing.renderers.sheet_layout import LEADING, SIZE, Strip, Words
from pos.purchasing.renderers.words import Words as Language

_TITLE: Final = 15.0
_BLANK: Final = 12.0


def head_strips(document: PurchaseDocument, language: Language, width: float) -> tuple[Strip, ...]:
    """The supplier at the left, the merchant at the right; the title; the facts beside where to deliver."""
    half = width / 2 - 6
    return (
        *_warning(document, language),
        *_beside(_party(document.supplier, language, half), _party(document.merchant, language, half), width),
        Strip(height=_BLANK * 2),
        _title(document, language, width),
        Strip(height=_BLANK / 2),
        *_beside(_facts(document, language, half), _destination(document, language, half), width),
        Strip(height=_BLANK),
    )


def running_strips(document: PurchaseDocument, language: Language, width: float) -> tuple[Strip, ...]:
    """What stands at the top of every further page."""
    text = f"{language.titles[document.kind]} {typefaces.shown(document.number)}"
    day = document.written_on.strftime(language.date)
    line = (
        Words(x=0, text=_fitted(text, width * 0.75, typefaces.BOLD), font=typefaces.BOLD),
        Words(x=width, text=day, is_right=True),
    )
    return (*_warning(document, language), Strip(height=SIZE * LEADING, words=line), Strip(height=_BLANK))


def _title(document: PurchaseDocument, language: Language, width: float) -> Strip:
    text = f"{language.titles[document.kind]} {typefaces.shown(document.number)}"
    shown = typefaces.cropped(text, font=typefaces.BOLD, size=_TITLE, room=width)
    return Strip(height=_TITLE * LEADING, words=(Words(x=0, text=shown, font=typefaces.BOLD, size=_TITLE),))


def _warning(document: PurchaseDocument, language: Language) -> Iterator[Strip]:
    for is_so, text in ((document.is_cancelled, language.cancelled), (document.is_draft, language.draft)):
        if is_so:
            words = Words(x=0, text=text, font=typefaces.BOLD, size=11)
            yield Strip(height=11 * LEADING, words=(words,))


def _party(party: DocumentParty, language: Language, room: float) -> list[Words]:
    tax = f"{language.tax_number} {party.tax_number}" if party.tax_number else ""
    texts = [text for text in (*party.address, party.phone, party.email, tax) if text.strip()]
    name = typefaces.lines(typefaces.shown(party.name), font=typefaces.BOLD, size=SIZE, room=room, most=3)
    return [
        *(Words(x=0, text=line, font=typefaces.BOLD) for line in name),
        *(Words(x=0, text=line) for text in texts for line in _wrapped(text, room)),
    ]


def _facts(document: PurchaseDocument, language: Language, room: float) -> list[Words]:
    days = {
        language.date_label: document.written_on.strftime(language.date),
        language.deliver_on: document.deliver_on.strftime(language.date) if document.deliver_on else "",
    }
    known = {
        **days,
        language.customer_number: document.customer_number,
        language.reference: document.reference,
    }
    facts = [f"{name}: {value}" for name, value in known.items() if value]
    return [Words(x=0, text=line) for fact in facts for line in _wrapped(fact, room)]


def _destination(document: PurchaseDocument, language: Language, room: float) -> list[Words]:
    if document.deliver_to is None:
        return []
    title = Words(x=0, text=f"{language.deliver_to}:", font=typefaces.BOLD)
    return [title, *_party(document.deliver_to, language, room)]


def _beside(left: list[Words], right: list[Words], width: float) -> Iterator[Strip]:
    """Two columns of lines, one strip for each line."""
    for one, other in zip_longest(left, right):
        moved = Words(x=width / 2 + 6, text=other.text, font=other.font) if other is not None else None
        yield Strip(height=SIZE * LEADING, words=tuple(words for words in (one, moved) if words is not None))


def _wrapped(text: str, room: float) -> list[str]:
    return typefaces.lines(typefaces.shown(text), font=typefaces.REGULAR, size=SIZE, room=room, most=4)


def _fitted(text: str, room: float, font: str) -> str:
    return typefaces.cropped(text, font=font, size=SIZE, room=room)
