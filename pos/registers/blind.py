"""Who may see what is in a drawer before it is counted.

Where counting is blind, nothing that could be added up to the expected sum leaves the server before a count is
committed: for a plain cashier from the moment the drawer is opened (an X taken a second before the count would tell
as well), for everybody while it is being counted. What a till sold itself it knows itself; it is never added up for
it.
"""

from collections.abc import Mapping
from typing import Any, Final

from fynlo.core.actors import Actor
from pos.configuration import RegistersSection
from pos.registers import states
from pos.registers.models import CashSession

SEES: Final = "registers.approve"
_SUFFIX: Final = "_minor"


def shows_cash(*, session: CashSession | None, actor: Actor, policy: RegistersSection) -> bool:
    """Whether this actor may be told amounts of this session now."""
    if session is None or not policy.blind or session.counts or session.state == states.CLOSED:
        return True
    return session.state != states.CLOSING_CONTROL and actor.may(SEES)


def without_amounts(value: Any) -> Any:
    """The document with every amount of money taken out (None); what is counted in pieces stays."""
    if isinstance(value, Mapping):
        return {
            name: None if name.endswith(_SUFFIX) else without_amounts(part) for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [without_amounts(part) for part in value]
    return value
