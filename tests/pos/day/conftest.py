"""A day played: the merchant onboarded from their own file, then step by step through the API."""

import datetime as dt
from collections.abc import Callable

import pytest

from fynlo.core import clock
from tenants.onboarding.services import onboard
from tests.conftest import merchant
from tests.pos.day.counter import Counter
from tests.pos.day.words import FOLDER, read_day
from tests.tenants.conftest import owner
from tests.tenants.onboarding.child import OPERATOR

__all__ = ["owner"]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """The clock on the wall, which views and tasks read at the edge: it stands where the day says."""

    def to(at: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    return to


@pytest.fixture
def played(owner: None, set_clock: Callable[[dt.datetime], None]) -> Counter:
    """The shop in the evening, when everything has happened."""
    day = read_day()
    onboard(file=FOLDER / "merchant.yaml", actor=OPERATOR, at=day.moment("05:00"))
    shop = Counter(day=day, tenant=merchant("grocer"), set_clock=set_clock)
    for step in day.said["steps"]:
        shop.take(step)
    set_clock(day.moment("20:00"))
    return shop
