"""What the clock on the merchant's wall says, for prices that change by the clock. Read at the edge."""

import datetime as dt
from zoneinfo import ZoneInfo

from fynlo.core import clock
from fynlo.core.tenancy import current_tenant


def wall_clock() -> dt.datetime:
    """Now, in the current merchant's time zone, without naming it: the form conditions and schedules use."""
    return clock.now().astimezone(ZoneInfo(current_tenant().time_zone)).replace(tzinfo=None)
