"""Z: what a register did since the one before, written down once."""

import datetime as dt

from fynlo.core.actors import Actor
from pos.registers.models import CashSession, Drawer, Register


def write_closing(
    *, register: Register, session: CashSession | None, drawer: Drawer | None, actor: Actor, at: dt.datetime
) -> None:
    """Write the register's next Z. The caller holds the register."""
    del register, session, drawer, actor, at
