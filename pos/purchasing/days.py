"""Days at locations. Pure."""

import datetime as dt
from typing import Protocol

from fynlo.core.clock import business_date


class Place(Protocol):
    """What has a clock and a trading day."""

    time_zone: str
    cut_off: dt.time


def location_day(location: Place, at: dt.datetime) -> dt.date:
    """The trading day `at` belongs to there."""
    return business_date(at=at, time_zone=location.time_zone, cut_off=location.cut_off)
