"""Opening a drawer: at once with what was counted, or with a float that somebody confirms (`opening_control`)."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import NotFound
from fynlo.core.inserts import insert_rows
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from pos.events import CashSessionChanged, CashSessionOpened
from pos.registers import queries, states
from pos.registers.denominations import Pieces
from pos.registers.errors import DrawerOutOfUse, SessionAlreadyOpen, SessionIdConflict
from pos.registers.foreign import ForeignCount
from pos.registers.journal.bodies import Moment, session_opened_entry
from pos.registers.journal.services import append_entries
from pos.registers.models import CashMovement, CashSession, Drawer, Register
from pos.registers.queries import RegisterPlace
from pos.registers.services.foreign_notes import (
    check_foreign,
    float_movements,
    stated_floats,
)
from pos.registers.services.holding import (
    HeldDrawer,
    check_money,
    check_reach,
    drawer_id_of,
    hold_drawer,
    hold_session,
    person,
)

# By the rows as well, for sessions that the release before there were drawers opened meanwhile.
_NEXT_SESSION = """
UPDATE pos_drawer SET last_session_number = 1 + GREATEST(last_session_number, COALESCE((
    SELECT max(number) FROM pos_cashsession WHERE COALESCE(drawer_id, register_id) = pos_drawer.id
), 0)) WHERE id = %s RETURNING last_session_number
"""
_TELL_REGISTER = """
UPDATE pos_register SET last_session_number = GREATEST(last_session_number, %s) WHERE id = %s
"""


def open_session(
    *,
    register_id: UUID,
    session_id: UUID,
    opening_float: Money,
    actor: Actor,
    at: dt.datetime,
    drawer_id: UUID | None = None,
    denominations: Sequence[Pieces] = (),
    in_control: bool = False,
    responsible: tuple[UUID, str] | None = None,
    foreign: Sequence[ForeignCount] = (),
) -> dict[str, Any]:
    """Open a drawer at a register with what is in it, and return the session's whole state.

    The drawer is the register's (made with its first session) unless `drawer_id` names a shared one. `in_control`
    waits for somebody to confirm the float. `responsible` (key and name) answers for the drawer; else who opens it.
    The same session again is answered with the session as it is. Raises `SessionAlreadyOpen` while another
    one is open, `SessionIdConflict` for an id used otherwise, `OtherRegister`, `NotFound`, `WrongCurrency`,
    `CountNegative`, `DrawerOutOfUse`.
    """
    place = queries.register_place(register_id=register_id)
    if place is None:
        raise NotFound("There is no such register.")
    check_money(opening_float, pointer="/opening_float")
    check_foreign([each.money for each in foreign])
    key = _drawer_key(place, drawer_id, actor)
    who = responsible or (actor.employee_id, person(actor))
    session = CashSession(
        id=session_id,
        register_id=register_id,
        drawer_id=key,
        state=states.OPENING_CONTROL if in_control else states.OPEN,
        business_date=place.business_date(at),
        opened_at=at,
        opened_by_id=actor.employee_id,
        responsible_id=who[0],
        responsible_name=who[1],
        declared_float_minor=opening_float.minor if in_control else None,
        opening_denominations=[_piece(piece) for piece in denominations],
        opening_foreign=stated_floats(foreign),
    )
    try:
        return run_transaction(partial(_open, session, place, opening_float, actor))
    except IntegrityError as error:
        opened = _opened_before(session, opening_float)
        if opened is not None:
            return opened
        if constraint(error).startswith("pos_cashsession_one_open"):
            raise _already_open(key) from error
        raise


def confirm_opening(
    *,
    session_id: UUID,
    counted: Money,
    denominations: Sequence[Pieces],
    actor: Actor,
    at: dt.datetime,
    foreign: Sequence[ForeignCount] = (),
) -> dict[str, Any]:
    """Say what really is in a drawer in `opening_control`; from then on it is open with that float.

    Raises `NotFound`, `OtherRegister`, `WrongCurrency`, `CountNegative`, `IllegalTransition`.
    """
    check_money(counted, pointer="/counted")
    check_foreign([each.money for each in foreign])

    def write() -> dict[str, Any]:
        with unit_of_work():
            session, held = hold_session(session_id=session_id, actor=actor)
            session.state = states.SESSION.after(session.state, "confirm_opening")
            if counted.minor != session.declared_float_minor:
                session.flags = [*session.flags, _differs(session.declared_float_minor or 0, counted.minor)]
            if denominations:
                session.opening_denominations = [_piece(piece) for piece in denominations]
            _confirm_foreign(session, stated_floats(foreign))
            book_float(session, amount_minor=counted.minor, drawer=held.drawer, actor=actor, at=at)
            session.save(force_update=True)
            state = queries.session_document(session, currency=counted.currency, float_minor=counted.minor)
            append(CashSessionChanged(entity_id=session.id, at=at, state=state))
        return state

    return run_transaction(write)


def book_float(
    session: CashSession, *, amount_minor: int, drawer: Drawer, actor: Actor, at: dt.datetime
) -> None:
    """The float is in the drawer: its movement, and the journal's entry. The caller holds and saves the session."""
    currency = current_tenant().currency
    session.declared_float_minor = None
    if amount_minor:
        movement = CashMovement(
            register_id=session.register_id,
            session_id=session.id,
            drawer_id=drawer.pk,
            kind=CashMovement.FLOAT,
            amount_minor=amount_minor,
            currency=currency,
            employee_id=actor.employee_id,
            employee_name=person(actor),
            at=at,
            business_date=session.business_date,
        )
        insert_rows([movement])
    insert_rows(float_movements(session, drawer=drawer, actor=actor, at=at))
    entry = session_opened_entry(
        moment=Moment(at=at, business_date=session.business_date, employee=person(actor)),
        drawer=drawer.code,
        number=f"{drawer.code}-S{session.number}",
        opening_float_minor=amount_minor,
        currency=currency,
        foreign={each["currency"]: each["amount_minor"] for each in session.opening_foreign},
    )
    append_entries(register_id=session.register_id, drafts=[entry], recorded_at=at)


def _confirm_foreign(session: CashSession, counted: list[dict[str, Any]]) -> None:
    """What is really there of other currencies; what was declared and is not counted is not there."""
    said = {
        each["currency"]: each["amount_minor"] for each in session.opening_foreign if each["amount_minor"]
    }
    found = {each["currency"]: each["amount_minor"] for each in counted if each["amount_minor"]}
    session.opening_foreign = counted
    for name in sorted(said.keys() | found.keys()):
        if said.get(name, 0) != found.get(name, 0):
            flag = _differs(said.get(name, 0), found.get(name, 0))
            session.flags = [*session.flags, {**flag, "currency": name}]


def _drawer_key(place: RegisterPlace, drawer_id: UUID | None, actor: Actor) -> UUID:
    """The drawer that is meant. One of a register that has none yet gets the register's own key."""
    if drawer_id is None:
        drawer_id = Register.objects.values_list("drawer_id", flat=True).get(pk=place.id) or place.id
    drawer = Drawer.objects.filter(pk=drawer_id).first()
    check_reach(actor=actor, drawer=drawer, drawer_id=drawer_id)
    is_elsewhere = drawer is not None and drawer.location_id != place.location_id
    if (drawer is None and drawer_id != place.id) or is_elsewhere:
        raise NotFound("There is no such drawer here.", pointer="/drawer_id")
    if drawer is not None and not drawer.is_active:
        raise DrawerOutOfUse(drawer_id=drawer_id)
    return drawer_id


def _open(session: CashSession, place: RegisterPlace, opening_float: Money, actor: Actor) -> dict[str, Any]:
    with unit_of_work():
        held = _held(session, place)
        session.number = _next_session(held.drawer)
        session.drawer = held.drawer
        insert_rows([session])
        if session.state == states.OPEN:
            book_float(
                session,
                amount_minor=opening_float.minor,
                drawer=held.drawer,
                actor=actor,
                at=session.opened_at,
            )
        state = queries.session_document(
            session, currency=opening_float.currency, float_minor=opening_float.minor
        )
        append(CashSessionOpened(entity_id=session.id, at=session.opened_at, state=state))
    return state


def _held(session: CashSession, place: RegisterPlace) -> HeldDrawer:
    """The drawer, locked; made now for a register that has none."""
    if session.drawer_id == place.id and not Drawer.objects.filter(pk=place.id).exists():
        make_own_drawer(register_id=place.id)
    return hold_drawer(drawer_id=drawer_id_of(session), also=[place.id])


def make_own_drawer(*, register_id: UUID) -> None:
    """Give a register a drawer of its own, under its own key and, if it is free, its code. Locks the register."""
    register = Register.objects.select_for_update().get(pk=register_id)
    taken = Drawer.objects.filter(code=register.code).exclude(pk=register_id).exists()
    drawer = Drawer(
        id=register_id,
        location_id=register.location_id,
        code=f"{register.code[:11]}-{register_id.hex[-8:]}" if taken else register.code,
        name=register.name,
    )
    Drawer.objects.bulk_create([drawer], ignore_conflicts=True)
    Register.objects.filter(pk=register_id).update(drawer_id=register_id)


def _next_session(drawer: Drawer) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_SESSION, [drawer.pk])
        (number,) = cursor.fetchone()
        cursor.execute(_TELL_REGISTER, [number, drawer.pk])
    return int(number)


def _opened_before(session: CashSession, opening_float: Money) -> dict[str, Any] | None:
    before = queries.sessions().filter(pk=session.pk).first()
    if before is None:
        return None
    float_minor = queries.session_float(session_id=before.pk)
    said = float_minor if before.declared_float_minor is None else before.declared_float_minor
    asked = (session.drawer_id, opening_float.minor, session.opening_foreign)
    # Of what was confirmed since, the float is what was counted then.
    told = session.opening_foreign if before.state != session.state else before.opening_foreign
    if (drawer_id_of(before), said, told) != asked:
        raise SessionIdConflict("A session with this id was opened otherwise before.", pointer="/id")
    return queries.session_document(before, currency=opening_float.currency, float_minor=float_minor)


def _already_open(drawer_id: UUID) -> SessionAlreadyOpen:
    opened = queries.open_session_of(drawer_id=drawer_id)
    return SessionAlreadyOpen(
        "Count and close the open session first.", session_id=None if opened is None else opened.pk
    )


def _piece(piece: Pieces) -> dict[str, int]:
    return {"value_minor": piece.value_minor, "count": piece.count}


def _differs(declared: int, counted: int) -> dict[str, Any]:
    return {"code": "float_differs", "declared_minor": declared, "counted_minor": counted}
