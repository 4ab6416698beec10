"""Numbers of papers: dense per series, given back by a rollback."""

from typing import Final

from pos.inventory.services.numbers import take_number

ORDERS: Final = "PO"
RECEIPTS: Final = "GR"
RETURNS: Final = "SR"


def next_number(*, series: str) -> str:
    """The next number of a series, such as `PO-00042`. Its row stays locked until COMMIT, so take it late."""
    return f"{series}-{take_number(kind=series):05d}"
