"""Whether what an attempt asks for is still owed. Payments know no orders: whoever has them says so, by purpose."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.db import transaction

from fynlo.core.money import Money, spell_money
from payments.gateways.errors import AmountOutOfRange

Owed = Callable[..., None]
"""Called with `attempt_id`, inside a transaction and before the attempt is locked: it locks what owes the money,
and raises what says why the money is not owed (any more), or is asked for elsewhere."""

Left = Callable[..., int]
"""Called with `attempt_id`, inside a transaction: how much of what an attempt holds is owed, in minor units; tips
that were given at the reader are not in it."""

Most = Callable[..., int | None]
"""Called with `attempt_id`, inside a transaction and before the attempt is locked: it locks what owes the money,
and says how much of it may be reserved and taken, tips among it; None: as much as the guest agreed to."""

_owed: Final[dict[str, Owed]] = {}
_left: Final[dict[str, Left]] = {}
_most: Final[dict[str, Most]] = {}


def register_owed(purpose: str, owed: Owed, *, left: Left | None = None, most: Most | None = None) -> None:
    """Have `owed(attempt_id=…)` asked before money of this purpose is put before a guest once more, and
    `left(attempt_id=…)` before what is reserved for it is taken by nobody in particular; `most(attempt_id=…)`
    before anybody takes of it, or reserves more.
    """
    _owed[purpose] = owed
    if left is not None:
        _left[purpose] = left
    if most is not None:
        _most[purpose] = most


def owed_minor(*, purpose: str, attempt_id: UUID) -> int | None:
    """How much is owed of what an attempt holds; None where nobody knows. In a transaction of its own."""
    left = _left.get(purpose)
    if left is None:
        return None
    with transaction.atomic():
        return left(attempt_id=attempt_id)


def check_owed(*, purpose: str, attempt_id: UUID) -> None:
    """Raise what says that it is not owed; nothing where nobody knows. Inside a transaction."""
    owed = _owed.get(purpose)
    if owed is not None:
        owed(attempt_id=attempt_id)


def check_most(*, purpose: str, attempt_id: UUID, amount: Money, pointer: str) -> None:
    """Raise `AmountOutOfRange` for more than is owed; nothing where nobody knows. Inside a transaction."""
    ask = _most.get(purpose)
    most = None if ask is None else ask(attempt_id=attempt_id)
    if most is not None and amount.minor > most:
        owed = spell_money(max(most, 0), amount.currency)
        detail = f"Only {owed} is owed that is not asked for elsewhere."
        raise AmountOutOfRange(detail, pointer=pointer, owed_minor=max(most, 0))
