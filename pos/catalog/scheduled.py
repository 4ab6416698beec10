"""The list price of a variant at a moment: its own, or that of its latest scheduled price that has begun. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any


def price_at(*, price_minor: int, scheduled: Sequence[Mapping[str, Any]], at: dt.datetime) -> int:
    """Minor units. `scheduled` is as variants keep it; `at` is the wall clock of the shop, without a zone.

    The same rule as the engine's first step (`docs/algorithms/pricing.md`): of several with the same start the
    last written counts.
    """
    begun = [
        (start, place, each["price_minor"])
        for place, each in enumerate(scheduled)
        if (start := dt.datetime.fromisoformat(each["starts_at"])) <= at
    ]
    return int(max(begun)[2]) if begun else price_minor
