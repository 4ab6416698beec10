"""Setting up locations and registers: what a merchant states when they open, and changes in the back office.

Codes are printed on receipts and name things for ever, so they never change; nor does a register move to
another location.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID
from zoneinfo import available_timezones

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem, InvalidInput, NotFound
from fynlo.events.log import append, unit_of_work
from pos.catalog.csv_reading.cells import CellInvalid, read_text
from pos.events import LocationChanged, RegisterChanged
from pos.registers import states
from pos.registers.errors import CodeTaken, DrawerOpen, FixedForEver
from pos.registers.models import CashSession, Location, Register

CONFIGURE: Final = "configuration.write"
LONGEST_CODE: Final = 20
LONGEST_NAME: Final = 120
LONGEST_LINE: Final = 64
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterDraft:
    """A register as it shall be."""

    id: UUID
    location_id: UUID
    code: str
    name: str
    is_active: bool = True


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

    Raises `InvalidInput`, `NotFound` for the location, `CodeTaken`, `FixedForEver` for another code or
    location, `DrawerOpen` when it is put out of use before its drawer is counted.
    """
    actor.require(CONFIGURE)
    _refuse([*_code("/code", draft.code), *_text("/name", draft.name, longest=LONGEST_NAME)])
    with unit_of_work():
        known = Register.objects.select_for_update().filter(pk=draft.id).first()
        _check_register(draft, known)
        if known is not None and (known.name, known.is_active) == (draft.name, draft.is_active):
            return "kept"
        if known is None:
            facts = {"location_id": draft.location_id, "code": draft.code}
            Register.objects.create(id=draft.id, name=draft.name, is_active=draft.is_active, **facts)
        else:
            Register.objects.filter(pk=draft.id).update(name=draft.name, is_active=draft.is_active)
        outcome = "created" if known is None else "changed"
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
    is_open = CashSession.objects.filter(register_id=draft.id, state=states.OPEN).exists()
    if known.is_active and not draft.is_active and is_open:
        raise DrawerOpen("Count and close its drawer first.", pointer="/is_active")


def _location_problems(draft: LocationDraft) -> list[FieldProblem]:
    problems = [*_code("/code", draft.code), *_text("/name", draft.name, longest=LONGEST_NAME)]
    if len(draft.address) > MOST_LINES:
        problems.append(FieldProblem("/address", "too_many", f"An address has at most {MOST_LINES} lines."))
    for place, line in enumerate(draft.address):
        problems += _text(f"/address/{place}", line, longest=LONGEST_LINE)
    if draft.time_zone not in available_timezones():
        detail = "A time zone is a name such as Europe/Berlin."
        problems.append(FieldProblem("/time_zone", "unknown_time_zone", detail))
    if draft.cut_off > dt.time(12):
        detail = "A trading day ends between 00:00 and 12:00."
        problems.append(FieldProblem("/cut_off", "cut_off", detail))
    return problems


def _code(pointer: str, code: str) -> list[FieldProblem]:
    plain = code.replace("-", "").replace("_", "")
    if 0 < len(code) <= LONGEST_CODE and plain.isascii() and plain.isalnum() and code[0] not in "-_":
        return []
    return [FieldProblem(pointer, "code", f"A code has 1 to {LONGEST_CODE} letters, digits, - and _.")]


def _text(pointer: str, value: str, *, longest: int) -> list[FieldProblem]:
    try:
        clean = read_text(value, longest=longest, needed=True)
    except CellInvalid as error:
        return [FieldProblem(pointer, "text", f"The text {error}.")]
    if clean != value:
        return [FieldProblem(pointer, "text", "The text has needless spaces or is not composed (NFC).")]
    return []


def _refuse(problems: list[FieldProblem]) -> None:
    if problems:
        raise InvalidInput(problems[0].detail, errors=problems)
