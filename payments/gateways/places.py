"""The registers readers may stand at. Payments know no shop: whoever has registers tells their names."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

Names = Callable[[], dict[UUID, str]]

_names: Final[list[Names]] = []


def tell_registers(names: Names) -> None:
    """Have `names()` asked (once, at start-up; again replaces it)."""
    _names[:] = [names]


def register_names() -> dict[UUID, str]:
    """The names of registers by their keys; none where nobody tells."""
    return {key: name for told in _names for key, name in told().items()}
