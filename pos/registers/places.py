"""Setting up locations and registers: what a merchant states when they open, and changes in the back office.

Codes are printed on receipts and name things for ever, so they never change; nor does a register move to
another location.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID
from zoneinfo import available_timezones

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem, InvalidInput, NotFound
from fynlo.events.log import append, unit_of_work
from pos.events import LocationChanged, RegisterChanged
from pos.registers.errors import CodeTaken, DrawerOpen, DrawerOutOfUse, FixedForEver
from pos.registers.journal.bodies import Moment, training_switched_entry
from pos.registers.journal.services import append_entries
from pos.registers.models import Drawer, Location, Register
from pos.registers.opening_hours import hours_problems
from pos.registers.place_texts import LONGEST_CODE, LONGEST_NAME, code_problems, text_problems
from pos.registers.queries import open_session_of, register_place
from pos.registers.services.holding import person
from pos.registers.services.opening import make_own_drawer

__all__ = [
    "LONGEST_CODE",
    "LONGEST_LINE",
    "LONGEST_NAME",
    "MOST_LINES",
    "LocationDraft",
    "RegisterDraft",
    "save_location",
    "save_register",
]

CONFIGURE: Final = "configuration.write"
OWN: Final = "own"
NONE: Final = "none"
LONGEST_LINE: Final = 64
LONGEST_TAX_NUMBER: Final = 40
MOST_LINES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationDraft:
    """A location as it shall be. Sales before `cut_off` (local time) count to the day before."""

    id: UUID
    code: str
    name: str
    address: tuple[str, ...]
    time_zone: str
    cut_off: dt.time
    is_active: bool = True
    tax_address: tuple[str, ...] = ()
    tax_number: str = ""
    opening_hours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterDraft:
    """A register as it shall be.

    `drawer` is the code of a drawer of its location, `own` for one of its own or `none`; None leaves it as it is,
    which for a new register is one of its own. `is_training` None leaves it, too.
    """

    id: UUID
    location_id: UUID
    code: str
    name: str
    is_active: bool = True
    drawer: str | None = None
    is_training: bool | None = None


def save_location(*, draft: LocationDraft, actor: Actor, at: dt.datetime) -> str:
    """Make the location or bring it to `draft`; returns created, changed or kept.

    Raises `InvalidInput`, `CodeTaken`, `FixedForEver` for another code.
    """
    actor.require(CONFIGURE)
    _refuse(_location_problems(draft))
    with unit_of_work():
        known = Location.objects.select_for_update().filter(pk=draft.id).first()
        if known is None and Location.objects.filter(code=draft.code).exists():
            raise CodeTaken(f"There is a location {draft.code} already.", pointer="/code")
        if known is not None and known.code != draft.code:
            raise FixedForEver(f"The code stays {known.code}.", pointer="/code")
        facts = {
            "name": draft.name,
            "address": list(draft.address),
            "time_zone": draft.time_zone,
            "cut_off": draft.cut_off,
            "is_active": draft.is_active,
            "tax_address": list(draft.tax_address),
            "tax_number": draft.tax_number,
            "opening_hours": {day: list(times) for day, times in draft.opening_hours.items()},
        }
        if known is None:
            Location.objects.create(id=draft.id, code=draft.code, **facts)
        elif all(getattr(known, name) == value for name, value in facts.items()):
            return "kept"
        else:
            Location.objects.filter(pk=draft.id).update(**facts)
        outcome = "created" if known is None else "changed"
        append(_location_fact(draft, change=outcome, by=actor.id, at=at))
    return outcome


def save_register(*, draft: RegisterDraft, actor: Actor, at: dt.datetime) -> str:
    """Make the register or bring it to `draft`; returns created, changed or kept.

    Raises `InvalidInput`, `NotFound` for the location or drawer, `CodeTaken`, `FixedForEver` for another code or
    location, `DrawerOutOfUse`, `DrawerOpen` when it is put out of use, or its drawer changed, before that is
    counted.
    """
    actor.require(CONFIGURE)
    _refuse([*code_problems("/code", draft.code), *text_problems("/name", draft.name, longest=LONGEST_NAME)])
    with unit_of_work():
        known = Register.objects.select_for_update().filter(pk=draft.id).first()
        _check_register(draft, known)
        drawer_id = _drawer_of(draft, known)
        wants_training = known is not None and known.is_training
        is_training = wants_training if draft.is_training is None else draft.is_training
        facts = {"name": draft.name, "is_active": draft.is_active, "is_training": is_training}
        is_same = known is not None and known.drawer_id == drawer_id
        if is_same and all(getattr(known, name) == value for name, value in facts.items()):
            return "kept"
        outcome = _store(draft, known, drawer_id, facts)
        if is_training != wants_training:
            _tell_training(draft.id, is_training=is_training, actor=actor, at=at)
        append(
            RegisterChanged(
                entity_id=draft.id,
                at=at,
                change=outcome,
                location_id=str(draft.location_id),
                code=draft.code,
                name=draft.name,
                is_active=draft.is_active,
                changed_by=actor.id,
            )
        )
    return outcome


def _store(
    draft: RegisterDraft, known: Register | None, drawer_id: UUID | None, facts: dict[str, object]
) -> str:
    if known is None:
        Register.objects.create(id=draft.id, location_id=draft.location_id, code=draft.code, **facts)
    if drawer_id == draft.id and not Drawer.objects.filter(pk=drawer_id).exists():
        make_own_drawer(register_id=draft.id)
    Register.objects.filter(pk=draft.id).update(drawer_id=drawer_id, **facts)
    return "created" if known is None else "changed"


def _drawer_of(draft: RegisterDraft, known: Register | None) -> UUID | None:
    """The drawer that is meant. Whoever gets or leaves one locks it, so that its closing sees all its registers."""
    now = None if known is None else known.drawer_id
    if draft.drawer is None:
        return draft.id if known is None else now
    if draft.drawer == OWN:
        wanted: UUID | None = draft.id
    elif draft.drawer == NONE:
        wanted = None
    else:
        drawer = Drawer.objects.filter(code=draft.drawer, location_id=draft.location_id).first()
        if drawer is None:
            raise NotFound("There is no such drawer at this location.", pointer="/drawer")
        if not drawer.is_active:
            raise DrawerOutOfUse(pointer="/drawer")
        wanted = drawer.pk
    if wanted != now:
        list(
            Drawer.objects.filter(pk__in=[key for key in (wanted, now) if key is not None])
            .order_by("pk")
            .select_for_update()
        )
        if now is not None and open_session_of(drawer_id=now) is not None:
            raise DrawerOpen("Count and close its drawer first.", pointer="/drawer")
    return wanted


def _tell_training(register_id: UUID, *, is_training: bool, actor: Actor, at: dt.datetime) -> None:
    """Practice is a matter of record: the journal says since when and until when."""
    place = register_place(register_id=register_id)
    if place is None:
        return
    moment = Moment(at=at, business_date=place.business_date(at), employee=person(actor))
    entry = training_switched_entry(moment=moment, is_training=is_training)
    append_entries(register_id=register_id, drafts=[entry], recorded_at=at)


def _location_fact(draft: LocationDraft, *, change: str, by: UUID | None, at: dt.datetime) -> LocationChanged:
    return LocationChanged(
        entity_id=draft.id,
        at=at,
        change=change,
        code=draft.code,
        name=draft.name,
        time_zone=draft.time_zone,
        cut_off=draft.cut_off.isoformat("minutes"),
        is_active=draft.is_active,
        changed_by=by,
    )


def _check_register(draft: RegisterDraft, known: Register | None) -> None:
    if known is None:
        if not Location.objects.filter(pk=draft.location_id).exists():
            raise NotFound("There is no such location.", pointer="/location_id")
        if Register.objects.filter(code=draft.code).exists():
            raise CodeTaken(f"There is a register {draft.code} already.", pointer="/code")
        return
    if known.code != draft.code:
        raise FixedForEver(f"The code stays {known.code}.", pointer="/code")
    if known.location_id != draft.location_id:
        raise FixedForEver("A register stays at its location; make a new one there.", pointer="/location_id")
    key = known.drawer_id or draft.id
    if known.is_active and not draft.is_active and open_session_of(drawer_id=key) is not None:
        raise DrawerOpen("Count and close its drawer first.", pointer="/is_active")


def _location_problems(draft: LocationDraft) -> list[FieldProblem]:
    problems = [
        *code_problems("/code", draft.code),
        *text_problems("/name", draft.name, longest=LONGEST_NAME),
    ]
    if len(draft.address) > MOST_LINES:
        problems.append(FieldProblem("/address", "too_many", f"An address has at most {MOST_LINES} lines."))
    for place, line in enumerate(draft.address):
        problems += text_problems(f"/address/{place}", line, longest=LONGEST_LINE)
    if len(draft.tax_address) > MOST_LINES:
        problems.append(
            FieldProblem("/tax_address", "too_many", f"An address has at most {MOST_LINES} lines.")
        )
    for place, line in enumerate(draft.tax_address):
        problems += text_problems(f"/tax_address/{place}", line, longest=LONGEST_LINE)
    problems += text_problems("/tax_number", draft.tax_number, longest=LONGEST_TAX_NUMBER, needed=False)
    problems += hours_problems(draft.opening_hours)
    if draft.time_zone not in available_timezones():
        detail = "A time zone is a name such as Europe/Berlin."
        problems.append(FieldProblem("/time_zone", "unknown_time_zone", detail))
    if draft.cut_off > dt.time(12):
        detail = "A trading day ends between 00:00 and 12:00."
        problems.append(FieldProblem("/cut_off", "cut_off", detail))
    return problems


def _refuse(problems: list[FieldProblem]) -> None:
    if problems:
        raise InvalidInput(problems[0].detail, errors=problems)
