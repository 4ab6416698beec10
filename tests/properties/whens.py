"""Random contexts and conditions around the edges: moments on the border of time windows, members left out."""

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

MOMENTS = [
    "2026-03-06T18:05",  # a Friday
    "2026-03-06T17:00",
    "2026-03-06T19:00",
    "2026-03-06T18:59:59",
    "2026-03-06T22:00",
    "2026-03-07T00:00",
    "2026-03-07T01:30",
    "2026-03-07T02:00",
    "2026-03-09T12:00",  # a Monday
]
WINDOWS = [
    [["17:00", "19:00"]],
    [["22:00", "02:00"]],
    [["00:00", "00:00"]],
    [["12:00", "12:30"], ["18:00", "18:30"]],
]
CHOICES: dict[str, list[Any]] = {
    "starts_at": ["2026-03-06T18:05", "2026-03-01T00:00", "2026-03-07T00:00", "2026-03-06T17:00:30"],
    "ends_at": ["2026-03-06T18:05", "2026-03-08T00:00", "2026-04-01T00:00"],
    "weekdays": [[5], [6], [1, 5], [1, 2, 3, 4, 5], [6, 7]],
    "times": WINDOWS,
    "channels": [["counter"], ["counter", "web"], ["web"]],
    "locations": [["shop"], ["shop", "airport"], ["airport"]],
    "customer_groups": [["members"], ["staff", "members"]],
    "order_types": [["dine_in"], ["take_away", "pickup"], ["take_away", "delivery", "dine_in"]],
    "destinations": [["CA-QC"], ["CA-QC", "US-NY"]],
    "exempt": [True, False],
    "min_covers": [1, 4, 8],
    "coupons": [["SPRING"], ["SPRING", "VIP"]],
}
CURRENCIES = {"JPY": [1, 138, 500, 1000], "EUR": [1, 33, 89, 299, 1000, 1299], "KWD": [5, 750, 1150, 2335]}


@st.composite
def whens(draw: st.DrawFn, *, always: int = 3) -> Json:
    """A condition of up to three members; about `always` in `always + 3` have none and always hold."""
    size = draw(st.sampled_from([0] * always + [1, 1, 2, 3]))
    members = draw(st.permutations(sorted(CHOICES)))[:size] if size else []
    return {name: draw(st.sampled_from(CHOICES[name])) for name in members}


@st.composite
def contexts(draw: st.DrawFn, currency: str | None = None) -> Json:
    """Where, when, for whom; every rounding policy."""
    return {
        "currency": currency or draw(st.sampled_from(sorted(CURRENCIES))),
        "at": draw(st.sampled_from(MOMENTS)),
        "location_id": draw(st.sampled_from(["shop", "airport", None])),
        "channel": draw(st.sampled_from(["counter", "web", None])),
        "order_type": draw(st.sampled_from(["dine_in", "take_away", "delivery", None])),
        "customer_group": draw(st.sampled_from([None, "members", "staff"])),
        "exempt": draw(st.sampled_from([False, False, True])),
        "destination": draw(st.sampled_from([None, "CA-QC", "US-NY"])),
        "covers": draw(st.sampled_from([0, 1, 4, 7, 8])),
        "coupons": draw(st.sampled_from([[], ["SPRING"], ["VIP", "SPRING"]])),
        "rounding": {
            "scope": draw(st.sampled_from(["per_line", "per_rate", "per_order"])),
            "mode": draw(st.sampled_from(["half_up", "half_even"])),
        },
    }
