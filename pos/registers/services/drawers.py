"""Setting up drawers that are nobody's own: a bag, a second tray, one for several tills."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem, InvalidInput, NotFound
from fynlo.events.log import append, unit_of_work
from pos.events import DrawerChanged
from pos.registers.errors import CodeTaken, DrawerOpen, FixedForEver
from pos.registers.models import Drawer, Location, Register
from pos.registers.place_texts import LONGEST_NAME, code_problems, text_problems
from pos.registers.queries.sessions import open_session_of

CONFIGURE: Final = "configuration.write"
RESERVED: Final = frozenset({"own", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerDraft:
    """A drawer as it shall be."""

    id: UUID
    location_id: UUID
    code: str
    name: str
    is_shared: bool = False
    is_active: bool = True


def save_drawer(*, draft: DrawerDraft, actor: Actor, at: dt.datetime) -> str:
    """Make the drawer or bring it to `draft`; returns created, changed or kept.

    Raises `InvalidInput`, `NotFound` for the location, `CodeTaken`, `FixedForEver` for another code or location,
    `DrawerOpen` when it is put out of use before it is counted, or while it is a register's.
    """
    actor.require(CONFIGURE)
    problems = [
        *code_problems("/code", draft.code),
        *text_problems("/name", draft.name, longest=LONGEST_NAME),
    ]
    if draft.code.lower() in RESERVED:
        problems.append(FieldProblem("/code", "reserved", "A register says own and none about its drawer."))
    if problems:
        raise InvalidInput(problems[0].detail, errors=problems)
    with unit_of_work():
        known = Drawer.objects.select_for_update().filter(pk=draft.id).first()
        _check(draft, known)
        facts = {"name": draft.name, "is_shared": draft.is_shared, "is_active": draft.is_active}
        if known is not None and all(getattr(known, name) == value for name, value in facts.items()):
            return "kept"
        if known is None:
            Drawer.objects.create(id=draft.id, location_id=draft.location_id, code=draft.code, **facts)
        else:
            Drawer.objects.filter(pk=draft.id).update(**facts)
        outcome = "created" if known is None else "changed"
        state: dict[str, Any] = {
            "id": str(draft.id),
            "change": outcome,
            "location_id": str(draft.location_id),
            "code": draft.code,
            **facts,
            "changed_by": None if actor.id is None else str(actor.id),
        }
        append(DrawerChanged(entity_id=draft.id, at=at, state=state))
    return outcome


def _check(draft: DrawerDraft, known: Drawer | None) -> None:
    if known is None:
        if not Location.objects.filter(pk=draft.location_id).exists():
            raise NotFound("There is no such location.", pointer="/location_id")
        if Drawer.objects.filter(code=draft.code).exists():
            raise CodeTaken(f"There is a drawer {draft.code} already.", pointer="/code")
        return
    if known.code != draft.code:
        raise FixedForEver(f"The code stays {known.code}.", pointer="/code")
    if known.location_id != draft.location_id:
        raise FixedForEver("A drawer stays at its location; make a new one there.", pointer="/location_id")
    if known.is_active and not draft.is_active:
        if open_session_of(drawer_id=draft.id) is not None:
            raise DrawerOpen("Count and close it first.", pointer="/is_active")
        if Register.objects.filter(drawer_id=draft.id, is_active=True).exists():
            raise DrawerOpen("Give its registers another drawer first.", pointer="/is_active")
