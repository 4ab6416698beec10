"""The members of one JSON object, taken one after the other; what nobody took is unknown."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from pos.pricing.errors import DuplicateId, MissingMember, OneOfExpected, UnknownMember, WrongType
from pos.pricing.pointers import pointer_to

Value = TypeVar("Value")
Default = TypeVar("Default")
Reader = Callable[[Any, str], Value]
"""Reads a JSON value at a pointer; raises an error of `pos.pricing.errors`."""

_ABSENT: Final = object()


class Members:
    """What is left to read of an object at `pointer`."""

    __slots__ = ("_left", "pointer")

    def __init__(self, value: Any, pointer: str) -> None:
        if not isinstance(value, Mapping):
            raise WrongType("an object is expected", pointer=pointer)
        self._left = dict(value)
        self.pointer = pointer

    def required(self, name: str, read: Reader[Value]) -> Value:
        """The member `name`, which has no default."""
        if name not in self._left:
            raise MissingMember(f"the member {name!r} is missing", pointer=self.pointer)
        return read(self._left.pop(name), self.at(name))

    def optional(self, name: str, read: Reader[Value], default: Default) -> Value | Default:
        """The member `name`, or `default` when it is left out."""
        value = self._left.pop(name, _ABSENT)
        return default if value is _ABSENT else read(value, self.at(name))

    def nullable(self, name: str, read: Reader[Value]) -> Value | None:
        """The member `name`; None when it is null or left out."""
        value = self._left.pop(name, None)
        return None if value is None else read(value, self.at(name))

    def many(self, name: str, read: Reader[Value]) -> tuple[Value, ...]:
        """The list `name`, each element read by `read`; empty when it is left out."""
        return self.optional(name, lambda value, pointer: read_list(value, pointer, read), ())

    def one_of(self, names: Iterable[str]) -> None:
        """Raise `OneOfExpected` unless exactly one of `names` is given and not null."""
        given = [name for name in names if self._left.get(name) is not None]
        if len(given) != 1:
            raise OneOfExpected(f"give exactly one of {', '.join(names)}", pointer=self.pointer)

    def close(self) -> None:
        """Raise `UnknownMember` for the first member nobody read."""
        for name in self._left:
            raise UnknownMember(f"there is no member {name!r} here", pointer=self.at(str(name)))

    def at(self, name: str) -> str:
        """The pointer to a member."""
        return pointer_to(self.pointer, name)


def read_list(value: Any, pointer: str, read: Reader[Value]) -> tuple[Value, ...]:
    """A JSON array, each element read by `read`."""
    if not isinstance(value, list | tuple):
        raise WrongType("a list is expected", pointer=pointer)
    return tuple([read(element, f"{pointer}/{place}") for place, element in enumerate(value)])


def refuse_duplicates(keys: Iterable[tuple[str, str]]) -> None:
    """Raise `DuplicateId` at the second of two equal keys; they come with their pointers."""
    seen: set[str] = set()
    for key, pointer in keys:
        if key in seen:
            raise DuplicateId(f"{key!r} is given twice", pointer=pointer)
        seen.add(key)
