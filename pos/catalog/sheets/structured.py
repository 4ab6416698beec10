"""Cells that hold a structure as JSON: a promotion's rule, a tax class's rules, with words for keys inside."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from fynlo.api.strict_json import InvalidJson, parse
from pos.catalog.csv_reading.cells import CellInvalid
from pos.catalog.sheets.columns import Kind, Rules
from pos.catalog.sheets.names import Names

MAX_BYTES: Final = 32 * 1024
MAX_DEPTH: Final = 12

_KEY: Final[dict[str, Callable[[Names, str], str]]] = {
    "variants": lambda names, word: names.variant(word),
    "items": lambda names, word: names.item(word),
    "categories": lambda names, word: names.category(tuple(part.strip() for part in word.split(">"))),
    "locations": lambda names, word: names.locations.key(word),
}
_WORD: Final[dict[str, Callable[[Names, str], str]]] = {
    "variants": lambda names, key: names.variants.word(key),
    "items": lambda names, key: names.item_word(key),
    "categories": lambda names, key: " > ".join(names.paths.get(key, (key,))),
    "locations": lambda names, key: names.locations.word(key),
}


@dataclass(frozen=True, slots=True)
class Structure(Kind):
    """JSON as in `docs/algorithms/pricing.md`; SKUs, names, paths and codes stand for keys."""

    form: type[dict[str, Any]] | type[list[Any]]
    needed: bool = False

    says: ClassVar[str] = "JSON as in docs/algorithms/pricing.md, with SKUs, names, paths and codes for keys"

    def read(self, text: str, rules: Rules) -> Any:
        """The value, read strictly: no repeated members, no fractions, bounded."""
        del rules
        if not text.strip():
            if self.needed:
                raise CellInvalid("may not be empty")
            return None
        try:
            value = parse(text.strip().encode("utf-8", "replace"), max_bytes=MAX_BYTES, max_depth=MAX_DEPTH)
        except InvalidJson as error:
            first = error.errors[0]
            raise CellInvalid(f"{first.detail} {first.pointer}".strip()) from None
        if type(value) is not self.form:
            raise CellInvalid("is not a JSON object" if self.form is dict else "is not a JSON list")
        return value

    def resolve(self, value: Any, names: Names) -> Any:
        """The same with keys for words."""
        return _walk(value, names, _KEY)

    def write(self, value: Any, names: Names) -> str:
        """The same with words for keys."""
        return (
            ""
            if value is None
            else json.dumps(_walk(value, names, _WORD), ensure_ascii=False, sort_keys=True)
        )


def _walk(value: Any, names: Names, look_up: dict[str, Callable[[Names, str], str]]) -> Any:
    if isinstance(value, list):
        return [_walk(each, names, look_up) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        member: [look_up[member](names, word) for word in inner]
        if member in look_up and isinstance(inner, list) and all(isinstance(word, str) for word in inner)
        else _walk(inner, names, look_up)
        for member, inner in value.items()
    }
