"""The lines a receipt has about a card, in the languages of receipts. Pure."""

from collections.abc import Iterator
from typing import Final

from pos.receipts.card_slips import CardSlip
from pos.receipts.renderers.labels import Labels

_AUTHORISED: Final = {
    "de": "Genehmigung",
    "fr": "Autorisation",
    "el": "Έγκριση",
    "ar": "رمز الموافقة",
    "zh": "授权码",
}
_SLIP: Final = {"de": "Beleg", "fr": "Ticket", "el": "Απόδειξη", "ar": "رقم القسيمة", "zh": "单号"}
_ENGLISH_SLIP: Final = "Slip"
_ENGLISH: Final = "Authorisation"
_LINE: Final = "." * 20


def card_lines(*, slip: CardSlip, labels: Labels, language: str) -> Iterator[str]:
    """What stands below the amount, from the name people know to the chip's own words."""
    if slip.scheme or slip.application:
        yield " · ".join(dict.fromkeys(part for part in (slip.scheme, slip.application) if part))
    spoken = language.casefold().partition("-")[0]
    authorised = _AUTHORISED.get(spoken, _ENGLISH)
    yield from _told((_SLIP.get(spoken, _ENGLISH_SLIP), slip.slip_number))
    yield from _told(("AID", slip.aid), ("", slip.account_type.replace("_", " ")))
    yield from _told((authorised, slip.authorisation_code), ("ARC", slip.response_code))
    yield from _told(("TVR", slip.tvr), ("TSI", slip.tsi))
    yield from _told(("AC", slip.cryptogram), ("", "PIN" if "pin" in slip.verification else ""))
    if slip.wants_signature:
        yield f"{labels.term('signature')} {_LINE}"


def _told(*pairs: tuple[str, str]) -> Iterator[str]:
    told = [f"{name} {value}".strip() for name, value in pairs if value]
    if told:
        yield " ".join(told)
