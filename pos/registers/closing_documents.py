"""The document of an X or a Z, put together from figures. Pure.

Amounts are whole minor units under names that end in `_minor`, all in `currency`; `told` makes them the API's
money. The document of a Z is stored as it is and never changes; its digest is in the journal.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

DOCUMENT_VERSION: Final = 1
_SUFFIX: Final = "_minor"
_MONEY: Final = {"amount_minor", "currency"}


def taxes_of(
    *, sold: Iterable[Mapping[str, Any]], refunds: Iterable[Iterable[Mapping[str, Any]]]
) -> list[dict[str, Any]]:
    """One row per tax and rate: what sales owe of it, and what refunds took back of that."""
    rows: dict[tuple[str, Decimal, bool], dict[str, Any]] = {}

    def row(tax: Mapping[str, Any]) -> dict[str, Any]:
        inclusive = bool(tax.get("inclusive", tax.get("is_inclusive")))
        key = (str(tax["code"]), Decimal(str(tax["rate"])), inclusive)
        empty = {
            "code": key[0],
            "name": tax.get("name", ""),
            "rate": plain(key[1]),
            "inclusive": inclusive,
            "net_minor": 0,
            "tax_minor": 0,
            "refunded_net_minor": 0,
            "refunded_tax_minor": 0,
        }
        return rows.setdefault(key, empty)

    for tax in sold:
        found = row(tax)
        found["net_minor"] += tax["net_minor"]
        found["tax_minor"] += tax["tax_minor"]
    for taxes in refunds:
        for tax in taxes:
            found = row(tax)
            found["refunded_net_minor"] += tax["net_minor"]
            found["refunded_tax_minor"] += tax["tax_minor"]
    return [rows[key] for key in sorted(rows, key=lambda key: (key[0], -key[1], key[2]))]


def series(*, after: int, to: int, missing: Sequence[int] = ()) -> dict[str, Any]:
    """A dense series: its first and last number (None when it had none), how many, and which are missing."""
    has_any = to > after
    return {
        "first": after + 1 if has_any else None,
        "last": to if has_any else None,
        "counter": to,
        "count": to - after - len(missing),
        "gaps": [list(gap) for gap in gaps(missing)],
    }


def gaps(missing: Iterable[int]) -> list[tuple[int, int]]:
    """Missing numbers as ranges, both ends included: 3, 4, 5, 9 are (3, 5) and (9, 9)."""
    found: list[tuple[int, int]] = []
    for number in sorted(missing):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of the document's canonical text: keys sorted, no spaces, no escapes of letters."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def told(value: Any, *, currency: str) -> Any:
    """The document as the API tells it: `total_minor: 940` becomes `total: {amount_minor: 940, currency: EUR}`."""
    if isinstance(value, Mapping):
        if value.keys() == _MONEY:  # says its own currency
            return dict(value) if value["amount_minor"] is not None else None
        said: dict[str, Any] = {}
        for name, part in value.items():
            is_amount = name.endswith(_SUFFIX) and isinstance(part, int)
            if is_amount:
                said[name.removesuffix(_SUFFIX)] = {"amount_minor": part, "currency": currency}
            elif name.endswith(_SUFFIX) and part is None:
                said[name.removesuffix(_SUFFIX)] = None
            else:
                said[name] = told(part, currency=currency)
        return said
    if isinstance(value, list | tuple):
        return [told(part, currency=currency) for part in value]
    return value


def plain(rate: Decimal) -> str:
    """A rate without needless zeros: 0.19, 0."""
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
