"""What importing cards needs of the shop: reading its files. Whoever reads catalogues and stock registers here."""

from typing import Final, Protocol

from payments.credit.card_files import CardTable, UnreadableFile, Written


class CardReader(Protocol):
    """The rows of a CSV or XLSX file, and everything that is wrong with it. Raises `UnreadableFile`.

    It is pure, keeps nothing, and repeats neither a code nor a PIN.
    """

    def __call__(self, *, data: bytes, currency: str, written: Written) -> CardTable: ...


_readers: Final[list[CardReader]] = []


def register_card_reader(reader: CardReader) -> None:
    """Offer to read files (once, at start-up; again replaces it)."""
    _readers[:] = [reader]


def read_cards(*, data: bytes, currency: str, written: Written) -> CardTable:
    """The rows of a file, and everything that is wrong with it. Raises `UnreadableFile`."""
    for reader in _readers:
        return reader(data=data, currency=currency, written=written)
    raise UnreadableFile("No files can be read here.")
