"""Two people do the same thing: one wins, the other is told who and when."""

import datetime as dt
from zoneinfo import ZoneInfo

from fynlo.core.clock import rfc3339
from fynlo.core.tenancy import current_tenant
from pos.inventory.errors import AlreadyDone


def already_done(*, what: str, did: str, by: str, at: dt.datetime | None, state: str) -> AlreadyDone:
    """The refusal of whoever came second: `Count 7 was closed by Ann on 2026-03-01 at 12:05.`"""
    when = ""
    if at is not None:
        local = at.astimezone(ZoneInfo(current_tenant().time_zone))
        when = f" on {local:%Y-%m-%d} at {local:%H:%M}"
    who = by or "somebody"
    return AlreadyDone(
        f"{what} was {did} by {who}{when}.", by=who, at=None if at is None else rfc3339(at), state=state
    )
