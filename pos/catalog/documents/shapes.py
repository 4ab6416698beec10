"""Reading one JSON object of a document: every member is looked at, and all problems are collected. Pure.

A member that cannot be read gives its default, so that the rest is looked at as well; whoever collects the
problems throws the result away when there are any.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any, Final

from fynlo.core.errors import FieldProblem
from pos.catalog.csv_reading.cells import CellInvalid, read_text
from pos.pricing.decimals import plain_decimal
from pos.pricing.limits import MAX_UNIT_PRICE_MINOR

ID_FORM: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)
_DECIMAL: Final = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?", re.ASCII)
_MISSING: Final = object()
NO_ID: Final = "00000000-0000-0000-0000-000000000000"
"""Stands where an id could not be read."""

Problems = list[FieldProblem]


class Part:
    """One object of a document at `pointer`. `known` are the members it may have."""

    __slots__ = ("_value", "pointer", "problems")

    def __init__(self, value: Any, pointer: str, problems: Problems, known: Collection[str]) -> None:
        self.pointer, self.problems = pointer, problems
        if not isinstance(value, dict):
            self._value: dict[str, Any] = {}
            self.refuse("", "wrong_type", "An object is expected.")
            return
        self._value = value
        for name in value:
            if name not in known:
                self.refuse(f"/{_escaped(str(name))}", "unknown_member", f"There is no member {name!r} here.")

    def refuse(self, where: str, code: str, detail: str) -> None:
        """Collect a problem at `where` below this object (`/name`, or empty for the object itself)."""
        self.problems.append(FieldProblem(self.pointer + where, code, detail))

    def raw(self, name: str, default: Any = None) -> Any:
        """The member as it was given."""
        return self._value.get(name, default)

    def has(self, name: str) -> bool:
        """Whether the member is given and not null."""
        return self._value.get(name) is not None

    def text(self, name: str, *, longest: int, needed: bool = True, lines: bool = False) -> str:
        """A text in its clean form (composed letters, single spaces). Empty unless it is `needed`."""
        value = self._value.get(name, "" if not needed else _MISSING)
        if value is _MISSING:
            self._missing(name)
            return ""
        return self.clean(value, f"/{name}", longest=longest, needed=needed, lines=lines)

    def clean(self, value: Any, where: str, *, longest: int, needed: bool = True, lines: bool = False) -> str:
        """`value` as a clean text; a problem at `where` when it is none."""
        if type(value) is not str:
            self.refuse(where, "wrong_type", "Text is expected.")
            return ""
        if value and len(value) <= longest and value.isascii() and value.isprintable() and _is_tidy(value):
            return value
        try:
            return read_text(value, longest=longest, needed=needed, keep_lines=lines)
        except CellInvalid as error:
            self.refuse(where, "text", f"The text {error}.")
            return ""

    def whole(self, name: str, *, low: int, high: int, default: int | None = None) -> int:
        """A whole number from `low` to `high`; without a default it must be given."""
        value = self._value.get(name, default)
        if value is None and name not in self._value:
            self._missing(name)
        elif type(value) is not int:
            self.refuse(f"/{name}", "wrong_type", "A whole number is expected.")
        elif low <= value <= high:
            return value
        else:
            self.refuse(f"/{name}", "number_out_of_range", f"A number from {low} to {high} is expected.")
        return low if default is None else default

    def whole_or_none(self, name: str, *, low: int, high: int) -> int | None:
        """A whole number, or None where it is null or left out."""
        return self.whole(name, low=low, high=high) if self.has(name) else None

    def price(self, name: str, *, default: int | None = None, may_be_negative: bool = False) -> int:
        """A price in minor units."""
        low = -MAX_UNIT_PRICE_MINOR if may_be_negative else 0
        return self.whole(name, low=low, high=MAX_UNIT_PRICE_MINOR, default=default)

    def flag(self, name: str, *, default: bool) -> bool:
        """true or false."""
        value = self._value.get(name, default)
        if type(value) is not bool:
            self.refuse(f"/{name}", "wrong_type", "true or false is expected.")
            return default
        return value

    def word(self, name: str, words: Collection[str], *, default: str | None = None) -> str:
        """One of a few words."""
        value = self._value.get(name, default)
        if value is None and name not in self._value:
            self._missing(name)
        elif type(value) is not str or value not in words:
            self.refuse(f"/{name}", "unknown_word", f"One of {', '.join(words)} is expected.")
        else:
            return value
        return default or ""

    def decimal(self, name: str, *, default: str | None = None, high: int, zero: bool = False) -> str:
        """A decimal number as plain text, above 0 (or from 0 on), at most `high`, of six places."""
        value = self._value.get(name, default)
        if value == "1":
            return "1"
        if value is None and name not in self._value:
            self._missing(name)
        elif type(value) is not str or not _DECIMAL.fullmatch(value):
            detail = 'A decimal number as text is expected, such as "1" or "0.25", with six places at most.'
            self.refuse(f"/{name}", "decimal", detail)
        else:
            number = Decimal(value)
            if number <= high and (number > 0 or zero):
                return plain_decimal(number)
            low = "from 0" if zero else "above 0"
            self.refuse(f"/{name}", "number_out_of_range", f"A number {low} and at most {high} is expected.")
        return "1"

    def ident(self, name: str) -> str:
        """A UUID in lower case."""
        if name not in self._value:
            self._missing(name)
            return NO_ID
        return self.id_of(self._value[name], f"/{name}")

    def id_of(self, value: Any, where: str) -> str:
        """`value` as a UUID; a problem at `where` when it is none."""
        if type(value) is str and ID_FORM.fullmatch(value):
            return value
        self.refuse(where, "id", "A UUIDv7 in lower case with hyphens is expected.")
        return NO_ID

    def ident_or_none(self, name: str) -> str | None:
        """A UUID, or None where it is null or left out."""
        return self.ident(name) if self.has(name) else None

    def values(self, name: str, *, at_most: int) -> list[Any]:
        """A list as it was given; empty where it is left out."""
        value = self._value.get(name, _MISSING)
        if value is _MISSING:
            return []
        if type(value) is not list:
            self.refuse(f"/{name}", "wrong_type", "A list is expected.")
            return []
        if len(value) > at_most:
            self.refuse(f"/{name}", "too_many", f"At most {at_most} are possible.")
            return value[:at_most]
        return value

    def parts(self, name: str, known: Collection[str], *, at_most: int) -> Iterator["Part"]:
        """The objects of a list."""
        for place, value in enumerate(self.values(name, at_most=at_most)):
            yield Part(value, f"{self.pointer}/{name}/{place}", self.problems, known)

    def repeated(self, name: str, keys: Collection[Any], member: str = "") -> None:
        """Collect a problem for each key that an earlier element of the list `name` has."""
        if len(set(keys)) == len(keys):
            return
        seen: set[Any] = set()
        for place, key in enumerate(keys):
            if key in seen:
                self.refuse(f"/{name}/{place}{member}", "repeated", "Another one in this list has the same.")
            seen.add(key)

    def _missing(self, name: str) -> None:
        self.refuse("", "missing_member", f"The member {name!r} is missing.")


def _is_tidy(text: str) -> bool:
    return "  " not in text and text[0] != " " and text[-1] != " "


def _escaped(name: str) -> str:
    """A member's name as a pointer writes it (RFC 6901); a long or odd one is cut."""
    shown = "".join(char for char in name[:80] if unicodedata.category(char)[0] != "C")
    return shown.replace("~", "~0").replace("/", "~1")
