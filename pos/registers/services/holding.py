"""Holding a drawer: the rows that whoever opens, moves, counts or closes locks, in the one order.

Registers by key, then the drawer, then its session (`docs/algorithms/locking.md`). A sale holds its register from
its number to COMMIT, so whoever holds all registers of a drawer knows that no sale is under way into it; whoever
puts cash into a drawer that is not their register's holds the drawer's row instead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import NotFound
from fynlo.core.locks import lock_rows
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from pos.registers.counting import CountNegative
from pos.registers.errors import OtherRegister, WrongCurrency
from pos.registers.models import CashSession, Drawer, Register
from pos.registers.queries import sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDrawer:
    """A drawer and every register whose cash goes there, locked until COMMIT."""

    drawer: Drawer
    registers: tuple[Register, ...]


def hold_drawer(*, drawer_id: UUID, also: Iterable[UUID] = ()) -> HeldDrawer:
    """Lock a drawer with all its registers, and the registers `also`. Raises `NotFound`."""
    mine = Register.objects.filter(drawer_id=drawer_id)
    wanted = {*mine.values_list("pk", flat=True), *also}
    held = lock_rows(Register.objects.all(), wanted)
    (drawer,) = lock_rows(Drawer.objects.select_related("location"), [drawer_id]) or (None,)
    if drawer is None:
        raise NotFound("There is no such drawer.")
    # Somebody may have given it another register meanwhile; none can while its row is held. Late, so perhaps out of
    # order: then the database sees the circle, and the transaction is repeated.
    came = set(mine.values_list("pk", flat=True)) - {register.pk for register in held}
    held += lock_rows(Register.objects.all(), came)
    own = sorted((each for each in held if each.drawer_id == drawer_id), key=lambda each: each.pk)
    return HeldDrawer(drawer=drawer, registers=tuple(own))


def hold_session(*, session_id: UUID, actor: Actor) -> tuple[CashSession, HeldDrawer]:
    """Lock a session, its drawer and all registers of it. Raises `NotFound` and `OtherRegister`."""
    seen = find_session(session_id=session_id, actor=actor)
    also = {seen.register_id} if actor.register_id is None else {seen.register_id, actor.register_id}
    held = hold_drawer(drawer_id=drawer_id_of(seen), also=also)
    (session,) = lock_rows(sessions(), [session_id])
    return session, held


def find_session(*, session_id: UUID, actor: Actor) -> CashSession:
    """The session, unlocked, if this actor may reach its drawer. Raises `NotFound` and `OtherRegister`."""
    session: CashSession | None = sessions().filter(pk=session_id).first()
    if session is None:
        raise NotFound("There is no such session.")
    check_reach(actor=actor, drawer=session.drawer, drawer_id=drawer_id_of(session))
    return session


def drawer_id_of(session: CashSession) -> UUID:
    """The key of a session's drawer; rows of the release before have that of their register's own."""
    key: UUID = session.drawer_id or session.register_id
    return key


def check_reach(*, actor: Actor, drawer: Drawer | None, drawer_id: UUID) -> None:
    """A till reaches its own drawer and the shared ones of its location; whoever has no till reaches any.

    Raises `OtherRegister`.
    """
    if actor.register_id is None:
        return
    till = Register.objects.filter(pk=actor.register_id).first()
    if till is not None:
        is_shared = drawer is not None and drawer.is_shared and drawer.location_id == till.location_id
        if is_shared or drawer_id == (till.drawer_id or till.pk):
            return
    raise OtherRegister("Open and close this drawer at its own till.")


def check_money(money: Money, *, pointer: str) -> None:
    """An amount a drawer can hold. Raises `WrongCurrency` and `CountNegative`."""
    currency = current_tenant().currency
    if money.currency != currency:
        raise WrongCurrency(f"Amounts are in {currency} here.", pointer=f"{pointer}/currency")
    if money.minor < 0:
        raise CountNegative("A drawer cannot hold less than nothing.", pointer=f"{pointer}/amount_minor")


def person(actor: Actor) -> str:
    """The name of whoever is signed in, as history keeps it; "" for a device by itself."""
    return "" if actor.kind == "device" else actor.name
