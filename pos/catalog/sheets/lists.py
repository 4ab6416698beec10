r"""Kinds of cells that say several things, separated by `|`; a `|` inside one of them is written `\|`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Final

from pos.catalog.barcodes import same_code
from pos.catalog.csv_reading import cells
from pos.catalog.csv_reading.cells import CellInvalid
from pos.catalog.sheets.columns import Kind, Rules
from pos.catalog.sheets.kinds import amount, local_time, unmistakable
from pos.catalog.sheets.names import Names
from pos.pricing.decimals import plain_decimal

MAX_PARTS: Final = 500
_TOKEN: Final = re.compile(r"\\(.)|([|:=,])", re.DOTALL)
_SPECIAL: Final = re.compile(r"([\\|:=,])")
_TIMES: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_PACKED: Final = re.compile(r"(?P<code>.*\S)\s+[x×*]\s+(?P<multiplier>[0-9][0-9.,]*)(?:\s+(?P<unit>\S.*))?")
_FRACTION: Final = re.compile(r"([0-9]{1,9})(?:\s*/\s*([0-9]{1,9}))?")


def split(text: str, mark: str = "|") -> list[str]:
    r"""The parts of a text between `mark`s that are not escaped; escapes stay for the next step inwards."""
    parts, begin = [], 0
    for token in _TOKEN.finditer(text):
        if token[2] == mark:
            parts.append(text[begin : token.start()].strip())
            begin = token.end()
    parts.append(text[begin:].strip())
    return parts


def plain(text: str) -> str:
    r"""A part without its escapes."""
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def escaped(text: str) -> str:
    r"""A text as a part of a list."""
    return _SPECIAL.sub(r"\\\1", text)


def parts_of(text: str) -> list[str]:
    """The parts of a list cell, none for an empty one; raises `CellInvalid` for an empty or far too long list."""
    if not text.strip():
        return []
    parts = split(text)
    if len(parts) > MAX_PARTS:
        raise CellInvalid(f"has {len(parts)} parts; at most {MAX_PARTS} are possible")
    if not all(parts):
        raise CellInvalid("a part is missing before or after |")
    return parts


def join(parts: Iterable[str]) -> str:
    """The cell of these parts."""
    return " | ".join(parts)


@dataclass(frozen=True, slots=True)
class Texts(Kind):
    """Several texts, each once; of a few `known` ones, and in the order of the alphabet, where that is said."""

    longest: int
    known: Sequence[str] = ()
    is_sorted: bool = False

    says: ClassVar[str] = "texts separated by `|`"

    def read(self, text: str, rules: Rules) -> list[str]:
        """The texts in their order."""
        del rules
        found = [cells.read_text(plain(part), longest=self.longest, needed=True) for part in parts_of(text)]
        for part in found:
            if self.known and part not in self.known:
                raise CellInvalid(f"{part[:40]} is none of {', '.join(self.known)}")
        return sorted(unrepeated(found)) if self.is_sorted else unrepeated(found)

    def write(self, value: Sequence[str] | None, names: Names) -> str:
        """The same list."""
        del names
        return join(escaped(part) for part in value or ())


def unrepeated(values: list[Any]) -> list[Any]:
    """The values, each of which must be there once."""
    for place, value in enumerate(values):
        if value in values[:place]:
            raise CellInvalid(f"{value} is here twice")
    return values


@dataclass(frozen=True, slots=True)
class Weekdays(Kind):
    """Days of the week, 1 is Monday."""

    says: ClassVar[str] = "weekdays separated by `|`: `1` is Monday, `7` Sunday"

    def read(self, text: str, rules: Rules) -> list[int]:
        """The days by number."""
        del rules
        days = []
        for part in parts_of(text):
            if part not in set("1234567"):
                raise CellInvalid(f"{part[:20]} is no weekday; 1 is Monday, 7 is Sunday")
            days.append(int(part))
        return sorted(unrepeated(days))

    def write(self, value: Sequence[int] | None, names: Names) -> str:
        """The same days."""
        del names
        return join(str(day) for day in value or ())


@dataclass(frozen=True, slots=True)
class Times(Kind):
    """Windows of the clock."""

    says: ClassVar[str] = "windows of the clock separated by `|`: `17:00-19:00`"

    def read(self, text: str, rules: Rules) -> list[list[str]]:
        """Pairs of from and until."""
        del rules
        return [self._window(part) for part in parts_of(text)]

    def write(self, value: Sequence[Sequence[str]] | None, names: Names) -> str:
        """The same windows."""
        del names
        return join(f"{begin}-{end}" for begin, end in value or ())

    @staticmethod
    def _window(part: str) -> list[str]:
        ends = [end.strip() for end in re.split("[-–]", part)]
        if len(ends) != 2 or not all(_TIMES.fullmatch(end) for end in ends):  # noqa: PLR2004
            raise CellInvalid(f"{part[:20]} is no window of the clock; write 17:00-19:00")
        return ends


@dataclass(frozen=True, slots=True)
class Barcodes(Kind):
    """Printed codes; `4006381333931 × 24 case` on the case of 24."""

    says: ClassVar[str] = "printed codes separated by `|`; of a pack `4006381333931 × 24 case`"

    def read(self, text: str, rules: Rules) -> list[dict[str, str]]:
        """What documents hold, in the order of the codes."""
        found: list[dict[str, str]] = []
        for part in text.split("|") if text.strip() else []:
            packed = _PACKED.fullmatch(part.strip())
            code = cells.read_code(packed["code"] if packed else part)
            if any(known["code"] == code for known in found):
                raise CellInvalid(f"{code} is here twice")
            multiplier = "1"
            if packed:
                number = cells.read_stock(packed["multiplier"], mark=rules.decimal_mark)
                if not number:
                    raise CellInvalid(f"{code} stands for nothing")
                multiplier = plain_decimal(number)
            unit = cells.read_text(packed["unit"] or "", longest=20, needed=False) if packed else ""
            found.append({"code": code, "unit": unit, "multiplier": multiplier})
        return sorted(found, key=_by_code)

    def write(self, value: Sequence[dict[str, str]] | None, names: Names) -> str:
        """The same codes."""
        del names
        return join(_packed(barcode) for barcode in value or ())

    def merge(self, before: Sequence[dict[str, str]] | None, after: list[dict[str, str]]) -> Any:
        """A UPC that is known as an EAN stays one."""
        known = {same_code(barcode["code"]): barcode["code"] for barcode in before or ()}
        spelled = [{**one, "code": known.get(same_code(one["code"]), one["code"])} for one in after]
        return sorted(spelled, key=_by_code)


def _by_code(barcode: dict[str, str]) -> str:
    return barcode["code"]


def _packed(barcode: dict[str, str]) -> str:
    unit = f" {barcode['unit']}" if barcode["unit"] else ""
    if not unit and barcode["multiplier"] == "1":
        return barcode["code"]
    return f"{barcode['code']} × {unmistakable(barcode['multiplier'])}{unit}"


@dataclass(frozen=True, slots=True)
class ScheduledPrices(Kind):
    """Prices that come into force later."""

    says: ClassVar[str] = "later prices separated by `|`: `2026-12-01 00:00 = 4.50`"

    def read(self, text: str, rules: Rules) -> list[dict[str, Any]]:
        """What documents hold, in the order of time."""
        found = []
        for part in parts_of(text):
            begin, mark, price = part.partition("=")
            if not mark:
                raise CellInvalid(f"{part[:40]} is no later price; write 2026-12-01 00:00 = 4.50")
            minor = cells.read_price(price, currency=rules.currency, mark=rules.decimal_mark)
            found.append({"starts_at": local_time(begin), "price_minor": minor})
        unrepeated([price["starts_at"] for price in found])
        return sorted(found, key=lambda price: str(price["starts_at"]))

    def write(self, value: Sequence[dict[str, Any]] | None, names: Names) -> str:
        """The same prices."""
        return join(
            f"{price['starts_at'].replace('T', ' ')} = {amount(price['price_minor'], names.currency)}"
            for price in value or ()
        )


@dataclass(frozen=True, slots=True)
class Units(Kind):
    """Other units of an item with their exact size in its own."""

    says: ClassVar[str] = "other units separated by `|`: `case: Case of 24 = 24`, `slice: Slice = 1/12`"

    def read(self, text: str, rules: Rules) -> list[dict[str, Any]]:
        """What documents hold."""
        del rules
        found = []
        for part in parts_of(text):
            named, size = _halves(part, "=")
            code, name = _halves(named, ":") if ":" in named else (named, named)
            match = _FRACTION.fullmatch(size)
            if not code or match is None or not int(match[1]) or not int(match[2] or 1):
                raise CellInvalid(f"{part[:40]} is no unit; write case: Case of 24 = 24")
            exact = Fraction(int(match[1]), int(match[2] or 1))
            found.append(
                {
                    "code": cells.read_text(plain(code), longest=20, needed=True),
                    "name": cells.read_text(plain(name), longest=40, needed=True),
                    "numerator": exact.numerator,
                    "denominator": exact.denominator,
                }
            )
        unrepeated([unit["code"] for unit in found])
        return found

    def write(self, value: Sequence[dict[str, Any]] | None, names: Names) -> str:
        """The same units."""
        del names
        return join(
            f"{escaped(unit['code'])}: {escaped(unit['name'])} = {unit['numerator']}"
            + (f"/{unit['denominator']}" if unit["denominator"] != 1 else "")
            for unit in value or ()
        )


@dataclass(frozen=True, slots=True)
class Axes(Kind):
    """The options an item's variants differ in, with the order of their values."""

    says: ClassVar[str] = "options and their values: `Size: S, M, L | Colour: red, blue`"

    def read(self, text: str, rules: Rules) -> list[dict[str, Any]]:
        """What documents hold; values may be left to the variants."""
        del rules
        found = []
        for part in parts_of(text):
            name, values = _halves(part, ":")
            named = cells.read_text(plain(name), longest=40, needed=True)
            listed = [
                cells.read_text(plain(value), longest=40, needed=True)
                for value in (split(values, ",") if values else [])
            ]
            found.append({"name": named, "values": unrepeated(listed)})
        unrepeated([axis["name"] for axis in found])
        return found

    def write(self, value: Sequence[dict[str, Any]] | None, names: Names) -> str:
        """The same options."""
        del names
        return join(
            ": ".join(filter(None, (escaped(axis["name"]), ", ".join(map(escaped, axis["values"])))))
            for axis in value or ()
        )


def _halves(part: str, mark: str) -> tuple[str, str]:
    first, *rest = split(part, mark)
    return first, rest[0] if len(rest) == 1 else ""
