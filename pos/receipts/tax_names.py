"""What a tax is called on paper: its name, and its rate where the name does not say it. Pure."""

import re
from decimal import Decimal
from typing import Final

# Digits of any script; Arabic and full-width per cent signs, and ٫ as a decimal mark.
_SHARE: Final = re.compile(r"(?<![\d.,٫])(\d+(?:[.,٫]\d+)?)\s*[%٪％]")


def says_rate(name: str, rate: Decimal) -> bool:
    """Whether a name says its rate already: `19 % USt`, `VAT 19%` and `TVA 5,5 %` do, `USt` does not.

    A rate is looked for as a whole number: `MwSt 15 %` does not say 5 per cent.
    """
    told = (Decimal(re.sub("[,٫]", ".", found)) for found in _SHARE.findall(name))
    return any(share == rate * 100 for share in told)
