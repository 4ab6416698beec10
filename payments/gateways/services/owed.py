"""Whether what an attempt asks for is still owed. Payments know no orders: whoever has them says so, by purpose."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.db import transaction

Owed = Callable[..., None]
"""Called with `attempt_id`, inside a transaction and before the attempt is locked: it locks what owes the money,
and raises what says why the money is not owed (any more), or is asked for elsewhere."""

Left = Callable[..., int]
"""Called with `attempt_id`, inside a transaction: how much of what an attempt holds is owed, in minor units; tips
that were given at the reader are not in it."""

_owed: Final[dict[str, Owed]] = {}
_left: Final[dict[str, Left]] = {}


def register_owed(purpose: str, owed: Owed, *, left: Left | None = None) -> None:
    """Have `owed(attempt_id=…)` asked before money of this purpose is put before a guest once more, and
    `left(attempt_id=…)` before what is reserved for it is taken by nobody in particular.
    """
    _owed[purpose] = owed
    if left is not None:
        _left[purpose] = left


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
