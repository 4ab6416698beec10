"""The technical log: what happened to the machine itself, as entries of every register's journal.

Other software, a restored back-up, a clock that jumped, a key that was replaced. Each hook may be called as often
as one likes; what is known already is not told again.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from fynlo.core.version import VERSION
from fynlo.events.log import unit_of_work
from pos.fiscal.clock import Jump
from pos.fiscal.entries import JournalDraft
from pos.fiscal.recipe import CURRENT_RECIPE, instant
from pos.fiscal.version import FISCAL_CORE
from pos.registers.journal.bodies import Moment, system_entry
from pos.registers.journal.queries import last_system_entry
from pos.registers.journal.services.appending import append_entries
from pos.registers.models import Register
from pos.registers.queries import RegisterPlace, register_place

SOFTWARE: Final = "software"
RESTORED: Final = "restored"
KEY_REPLACED: Final = "signing_key_replaced"
CLOCK_JUMPED: Final = "clock_jumped"


def note_software(*, at: dt.datetime) -> int:
    """Tell every active register which software runs, if its journal says another. Returns to how many."""
    values = {"version": VERSION, "fiscal_core": FISCAL_CORE, "recipe": str(CURRENT_RECIPE)}
    return sum(_note(place, SOFTWARE, values, at=at) for place in _places())


def note_restored(*, made_at: dt.datetime, reason: str, at: dt.datetime) -> int:
    """Tell every active register that its journal was restored from a back-up of `made_at`, and why."""
    values = {"backup_made_at": instant(made_at), "reason": reason}
    return sum(_note(place, RESTORED, values, at=at) for place in _places())


def note_key_replaced(*, former: str, following: str, at: dt.datetime) -> int:
    """Tell every active register that another key signs from now on."""
    values = {"former": former, "next": following}
    return sum(_note(place, KEY_REPLACED, values, at=at) for place in _places())


def clock_jumped(*, jump: Jump, moment: Moment) -> JournalDraft:
    """The entry that tells of a clock that went back between two entries."""
    values = {
        "after_position": str(jump.after_position),
        "from": instant(jump.before),
        "to": instant(jump.after),
    }
    return system_entry(moment=moment, event=CLOCK_JUMPED, values=values)


def _note(place: RegisterPlace, event: str, values: Mapping[str, str], *, at: dt.datetime) -> bool:
    moment = Moment(at=at, business_date=place.business_date(at))
    draft = system_entry(moment=moment, event=event, values=values)
    before = last_system_entry(register_id=place.id, event=event)
    if before is not None and before.body == draft.text:
        return False
    with unit_of_work():
        append_entries(register_id=place.id, drafts=[draft], recorded_at=at)
    return True


def _places() -> Iterator[RegisterPlace]:
    keys = Register.objects.filter(is_active=True).order_by("id").values_list("id", flat=True)
    for key in list(keys):
        place = register_place(register_id=key)
        if place is not None:
            yield place
