"""GS1 element strings for labels of deliveries: article, expiry, lot. Source: GS1 General Specifications, 3. Pure.

The way back is `pos.catalog.gs1`.
"""

import datetime as dt
import re
from typing import Final

from pos.labels.symbols.code128 import FNC1

MAX_LOT: Final = 20
MAX_LENGTH: Final = 48
"""Characters that a GS1-128 symbol may have."""
_LOT: Final = re.compile(r"[!\"%-?A-Z_a-z]{1,20}")
"""GS1's character set 82."""


class Gs1Impossible(ValueError):
    """Element strings that no GS1-128 may have; the message says why."""


def element_strings(
    *, gtin: str, lot: str = "", use_by: dt.date | None = None, best_before: dt.date | None = None
) -> tuple[str, str]:
    """The data as a scanner reports it after its start, and as people read it: `(01)04006381333931(17)261231`.

    `gtin` has 8, 12, 13 or 14 digits and a right check digit. The lot, whose length varies, comes last and so
    needs no separator. Raises `Gs1Impossible`.
    """
    if lot and not _LOT.fullmatch(lot):
        raise Gs1Impossible(f"a lot has 1 to {MAX_LOT} letters, digits and signs of GS1's character set 82")
    elements = [("01", gtin.zfill(14))]
    elements += [("15", _day(best_before))] if best_before else []
    elements += [("17", _day(use_by))] if use_by else []
    elements += [("10", lot)] if lot else []
    data = "".join(ai + value for ai, value in elements)
    if len(data) > MAX_LENGTH:
        raise Gs1Impossible(f"these are {len(data)} characters; GS1-128 has at most {MAX_LENGTH}")
    return FNC1 + data, "".join(f"({ai}){value}" for ai, value in elements)


def _day(day: dt.date) -> str:
    return day.strftime("%y%m%d")
