"""Kinds of cells that name something else: a category by its path, a variant by its SKU, others by name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

from pos.catalog.csv_reading import cells
from pos.catalog.csv_reading.cells import CellInvalid
from pos.catalog.sheets.columns import Kind, Rules
from pos.catalog.sheets.lists import escaped, join, parts_of, plain, unrepeated
from pos.catalog.sheets.names import Names, Path, Words

MAX_NAME: Final = 160
MAX_ITEM_WORD: Final = 1200
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class CategoryPath(Kind):
    """A category by its path from the root. `made` ones need not be there yet."""

    needed: bool = True
    made: bool = False

    says: ClassVar[str] = "the path of categories: `Drinks > Hot`"

    def read(self, text: str, rules: Rules) -> Path | None:
        """The names from the root."""
        del rules
        if not text.strip() and not self.needed:
            return None
        return cells.read_category(text, longest=120)

    def resolve(self, value: Path | None, names: Names) -> str | Path | None:
        """The category's key; raises `CellInvalid` if there is no such category. Of a made one, the path."""
        return value if value is None or self.made else names.category(value)

    def write(self, value: str | Path | None, names: Names) -> str:
        """The path."""
        if isinstance(value, tuple):
            return " > ".join(value)
        return "" if value is None else " > ".join(names.paths.get(value, (value,)))


@dataclass(frozen=True, slots=True)
class ItemName(Kind):
    """An item by its name, with its category before it where two have the same."""

    needed: bool = True

    says: ClassVar[str] = "the name of an item; `Drinks > Hot > Tea` where several have it"

    def read(self, text: str, rules: Rules) -> str | None:
        """The name as written."""
        del rules
        return cells.read_text(text, longest=MAX_ITEM_WORD, needed=self.needed) or None

    def resolve(self, value: str | None, names: Names) -> str | None:
        """The item's key."""
        return None if value is None else names.item(value)

    def write(self, value: str | None, names: Names) -> str:
        """The name."""
        return "" if value is None else names.item_word(value)


@dataclass(frozen=True, slots=True)
class Sku(Kind):
    """A variant by its SKU."""

    needed: bool = True

    says: ClassVar[str] = "the SKU of a variant"

    def read(self, text: str, rules: Rules) -> str | None:
        """The SKU as written."""
        del rules
        return cells.read_text(text, longest=64, needed=self.needed) or None

    def resolve(self, value: str | None, names: Names) -> str | None:
        """The variant's key."""
        return None if value is None else names.variant(value)

    def write(self, value: str | None, names: Names) -> str:
        """The SKU."""
        return "" if value is None else names.variants.word(value)


@dataclass(frozen=True, slots=True)
class Named(Kind):
    """A modifier group, price list or location by its name (locations: code)."""

    of: Literal["groups", "price_lists", "locations"]
    needed: bool = True

    says: ClassVar[str] = "the name it has on its own sheet (locations: the code)"

    def read(self, text: str, rules: Rules) -> str | None:
        """The name as written."""
        del rules
        return cells.read_text(text, longest=MAX_NAME, needed=self.needed) or None

    def resolve(self, value: str | None, names: Names) -> str | None:
        """The key."""
        return None if value is None else _words(names, self.of).key(value)

    def write(self, value: str | None, names: Names) -> str:
        """The name."""
        return "" if value is None else _words(names, self.of).word(value)


def _words(names: Names, of: str) -> Words:
    found: Words = getattr(names, of)
    return found


@dataclass(frozen=True, slots=True)
class Locations(Kind):
    """Locations by their codes."""

    says: ClassVar[str] = "codes of locations separated by `|`"

    def read(self, text: str, rules: Rules) -> list[str]:
        """The codes."""
        del rules
        return unrepeated([plain(part) for part in parts_of(text)])

    def resolve(self, value: Sequence[str], names: Names) -> list[str]:
        """Their keys."""
        return [names.locations.key(code) for code in value]

    def write(self, value: Sequence[str] | None, names: Names) -> str:
        """The codes."""
        return join(escaped(names.locations.word(key)) for key in value or ())


@dataclass(frozen=True, slots=True)
class Ids(Kind):
    """Pictures by their keys: a file cannot carry a picture, only say which of those there are."""

    says: ClassVar[str] = "keys of uploaded pictures separated by `|`"

    def read(self, text: str, rules: Rules) -> list[str]:
        """The keys."""
        del rules
        return unrepeated([_uuid(part) for part in parts_of(text)])

    def write(self, value: Sequence[str] | None, names: Names) -> str:
        """The keys."""
        del names
        return join(value or ())


@dataclass(frozen=True, slots=True)
class OneId(Kind):
    """One picture."""

    says: ClassVar[str] = "the key of an uploaded picture"

    def read(self, text: str, rules: Rules) -> str | None:
        """The key."""
        del rules
        return _uuid(text) if text.strip() else None


def _uuid(text: str) -> str:
    key = text.strip().lower()
    if not _UUID.fullmatch(key):
        raise CellInvalid(f"{text.strip()[:40]} is no key")
    return key


_MEMBERS: Final = {"category": "category_id", "item": "item_id"}


@dataclass(frozen=True, slots=True)
class MenuEntries(Kind):
    """What a menu shows, in order."""

    says: ClassVar[str] = "categories and items separated by `|`: `category: Drinks > Hot | item: Espresso`"

    def read(self, text: str, rules: Rules) -> list[tuple[str, str]]:
        """Pairs of what it is and its words."""
        del rules
        return [_tagged(plain(part), tuple(_MEMBERS)) for part in parts_of(text)]

    def resolve(self, value: Sequence[tuple[str, str]], names: Names) -> list[dict[str, str]]:
        """What documents hold."""
        return [{_MEMBERS[what]: _key(what, word, names)} for what, word in value]

    def write(self, value: Sequence[dict[str, str]] | None, names: Names) -> str:
        """The same entries."""
        return join(
            escaped_words(what, _word(what, entry[member], names))
            for entry in value or ()
            for what, member in _MEMBERS.items()
            if member in entry
        )


_SELECTED: Final = {"variant": "variants", "item": "items", "category": "categories", "tag": "tags"}


@dataclass(frozen=True, slots=True)
class Selector(Kind):
    """Which lines a promotion means: their union."""

    says: ClassVar[str] = "`all`, or `variant: SKU | item: Tea | category: Drinks > Hot | tag: vegan`"

    def read(self, text: str, rules: Rules) -> list[tuple[str, str]] | None:
        """Pairs of what it is and its words."""
        del rules
        if not text.strip():
            return None
        if text.strip().casefold() == "all":
            return [("all", "")]
        return [_tagged(plain(part), tuple(_SELECTED)) for part in parts_of(text)]

    def resolve(self, value: Sequence[tuple[str, str]] | None, names: Names) -> dict[str, Any] | None:
        """What documents hold."""
        if value is None:
            return None
        if ("all", "") in value:
            return {"all": True}
        made: dict[str, Any] = {}
        for what, word in value:
            made.setdefault(_SELECTED[what], []).append(_key(what, word, names))
        return made

    def write(self, value: dict[str, Any] | None, names: Names) -> str:
        """The same selection."""
        if value is None:
            return ""
        if value.get("all"):
            return "all"
        return join(
            escaped_words(what, _word(what, key, names))
            for what, member in _SELECTED.items()
            for key in value.get(member, ())
        )


def _tagged(part: str, known: Sequence[str]) -> tuple[str, str]:
    what, mark, word = part.partition(":")
    if not mark or what.strip().casefold() not in known or not word.strip():
        raise CellInvalid(f"{part[:60]} is none of {', '.join(f'{each}: …' for each in known)}")
    return what.strip().casefold(), cells.read_text(word, longest=MAX_ITEM_WORD, needed=True)


def escaped_words(what: str, word: str) -> str:
    r"""`item: Half \| half`: a name as one part of a list."""
    return f"{what}: {escaped(word)}"


def _key(what: str, word: str, names: Names) -> str:
    try:
        if what == "category":
            return names.category(tuple(part.strip() for part in word.split(">")))
        if what == "item":
            return names.item(word)
        return names.variant(word) if what == "variant" else word
    except CellInvalid as error:
        raise CellInvalid(f"{what} {word[:60]}: {error}") from None


def _word(what: str, key: str, names: Names) -> str:
    if what == "category":
        return " > ".join(names.paths.get(key, (key,)))
    if what == "item":
        return names.item_word(key)
    return names.variants.word(key) if what == "variant" else key
