"""The last day of a gift card: the merchant's months, and never less than the law of their country gives. Pure.

Sources: United States, 12 CFR 1005.20(e): five years from the day it was issued or last loaded. Australia,
Competition and Consumer Act 2010, Schedule 2, section 99B: three years. Ireland, Consumer Protection (Gift
Vouchers) Act 2019: five years. Canada: the provinces (Ontario Regulation 17/05, section 25.3, and the like) forbid
an expiry of cards that were paid for. Elsewhere the merchant's own terms hold; a limitation period (Germany,
sections 195 and 199 BGB: three years) is theirs to know.
"""

import calendar
import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

NEVER: Final = frozenset({"CA"})
LEAST_MONTHS: Final[Mapping[str, int]] = MappingProxyType({"US": 60, "AU": 36, "IE": 60})
_YEAR: Final = 12


def expires_on(*, day: dt.date, months: int, country: str) -> dt.date | None:
    """The last day of a card that was loaded on `day`; None where it may not have one."""
    if country in NEVER:
        return None
    return months_later(day, max(months, LEAST_MONTHS.get(country, 0)))


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * _YEAR + day.month - 1 + months, _YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
