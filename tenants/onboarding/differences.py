"""What changed between two documents, said in paths a merchant recognises. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

# Entries of lists are recognised by these keys; their position in the file means nothing.
_NAMES: Final = ("code", "number")

Kind = Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: `pos.tax_classes[standard].rate` from "0.19" to "0.20"."""

    path: str
    kind: Kind
    before: Any = None
    after: Any = None


def differences(before: Any, after: Any, path: str = "") -> Iterator[Difference]:
    """Every change from `before` to `after` (JSON values), outermost first."""
    if before == after:
        return
    ours, theirs = _entries(before, after), _entries(after, before)
    if ours is None or theirs is None:
        yield Difference(path, "changed", before, after)
        return
    listed = isinstance(after, list)
    for name in [*theirs, *(name for name in ours if name not in theirs)]:
        place = f"{path}[{name}]" if listed else f"{path}.{name}".removeprefix(".")
        if name not in ours:
            yield Difference(place, "added", None, theirs[name])
        elif name not in theirs:
            yield Difference(place, "removed", ours[name])
        else:
            yield from differences(ours[name], theirs[name], place)


def _entries(value: Any, other: Any) -> dict[str, Any] | None:
    """A mapping as it is, a list of named entries by name, None for everything else.

    An empty list has entries when the `other` one has.
    """
    if isinstance(value, Mapping):
        return {str(name): item for name, item in value.items()}
    if value == [] and isinstance(other, list) and other:
        return {} if _entries(other, None) is not None else None
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        for name in _NAMES:
            if all(name in item for item in value):
                return {str(item[name]): item for item in value}
    return None
