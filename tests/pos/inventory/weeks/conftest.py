"""A week played: the merchant onboarded from their own file, then step by step through the API."""

import datetime as dt
from collections.abc import Callable

import pytest

from fynlo.core import clock
from tenants.onboarding.services import onboard
from tests.conftest import merchant
from tests.pos.inventory.weeks.keeper import Keeper
from tests.pos.inventory.weeks.words import read_week
from tests.tenants.conftest import owner
from tests.tenants.onboarding.child import OPERATOR

__all__ = ["owner"]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """The clock on the wall, which views and tasks read at the edge: it stands where the week says."""

    def to(at: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    return to


@pytest.fixture
def played(owner: None, set_clock: Callable[[dt.datetime], None]) -> Callable[[str], Keeper]:
    """`played("bistro")`: the keeper of the shop on Sunday night."""

    def play(name: str) -> Keeper:
        week = read_week(name)
        onboard(file=week.file, actor=OPERATOR, at=week.moment("Sat before 12:00"))
        keeper = Keeper(week=week, tenant=merchant(name), set_clock=set_clock)
        keeper.prepare()
        for step in week.said["steps"]:
            keeper.take(step)
        set_clock(week.moment("Sun 23:00"))
        return keeper

    return play
