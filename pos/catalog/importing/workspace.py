"""The documents an import works on: fetched once, changed in place, remembered with the rows that did it. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from fynlo.core.ids import new_id
from pos.catalog.importing.states import Document, Key, Known, Place
from pos.catalog.sheets.columns import Sheet, fresh, get
from pos.catalog.sheets.declared import BY_NAME
from pos.catalog.sheets.goods import CATEGORIES
from pos.catalog.sheets.names import Names, Path, Words

_LONGEST_GIVEN: Final = 80


class Workspace:
    """Collects what changes."""

    def __init__(self, known: Known) -> None:
        self.names: Names = known.names
        self._load = known.load
        self.documents: dict[Key, Document] = {}
        self.made: set[Key] = set()
        self.changed: dict[Key, None] = {}
        self.new_categories: list[Path] = []
        self._rows: dict[int, tuple[str, int]] = {}
        self._sizes: dict[Path, int] = {}

    def fetch(self, kind: str, ids: Iterable[str]) -> None:
        """Have the documents at hand, in one go."""
        missing = {key for key in ids if (kind, key) not in self.documents}
        if missing:
            found = self._load(kind, missing)
            self.documents.update({(kind, key): document for key, document in found.items()})

    def make(self, sheet: Sheet, key: str | None = None) -> Document:
        """A new document of the sheet's kind."""
        document: Document = {"id": key or str(new_id()), **fresh(sheet.new or {})}
        found = (sheet.kind, document["id"])
        self.documents[found] = document
        self.made.add(found)
        self.changed[found] = None
        return document

    def category(self, path: Path) -> str:
        """The category at a path; what is missing on the way is made behind its neighbours."""
        found = self.names.find_category(path)
        if found is not None:
            return found
        parent = self.category(path[:-1]) if path[:-1] else None
        spelled = (*self.names.paths[parent], path[-1]) if parent else path
        document = self.make(CATEGORIES)
        document.update({"name": path[-1], "parent_id": parent, "position": self._next_place(spelled[:-1])})
        self.names.add_category(document["id"], spelled)
        self.new_categories.append(spelled)
        return str(document["id"])

    def register(self, kind: str, document: Document) -> None:
        """Let later rows find a document by its present name."""
        words, member = _WORDS.get(kind, ("", ""))
        if words:
            found: Words = getattr(self.names, words)
            found.add(document["id"], document[member])

    def note(self, node: Mapping[str, Any], sheet: str, line: int) -> None:
        """Remember the first row that spoke of a node."""
        self._rows.setdefault(id(node), (sheet, line))

    def touched(self) -> tuple[tuple[str, Document], ...]:
        """The new and changed documents, in the order of their making."""
        return tuple((kind, self.documents[kind, key]) for kind, key in self.changed)

    def place_of(self, document: Document, pointer: str) -> Place:
        """The cell that the member at `pointer` (`/variants/0/sku`) of a document came from."""
        found = self._rows.get(id(document))
        node: Any = document
        rest: list[str] = []
        for step in filter(None, pointer.split("/")):
            node = _below(node, step)
            rest.append(step)
            row = self._rows.get(id(node)) if isinstance(node, dict) else None
            if row is not None:
                found, rest = row, []
        if found is None:
            return Place()
        given = str(node)[:_LONGEST_GIVEN] if isinstance(node, str | int) else ""
        return Place(sheet=found[0], line=found[1], column=_column(BY_NAME[found[0]], rest), given=given)

    def _next_place(self, parent: Path) -> int:
        if not self._sizes:
            for path in self.names.paths.values():
                self._sizes[path[:-1]] = self._sizes.get(path[:-1], 0) + 1
        self._sizes[parent] = self._sizes.get(parent, 0) + 1
        return self._sizes[parent] - 1


_WORDS: Final[dict[str, tuple[str, str]]] = {
    "tax_class": ("tax_classes", "code"),
    "modifier_group": ("groups", "name"),
    "price_list": ("price_lists", "name"),
    "promotion": ("promotions", "name"),
    "service_charge": ("service_charges", "name"),
    "menu": ("menus", "name"),
    "barcode_pattern": ("patterns", "name"),
}


def _below(node: Any, step: str) -> Any:
    if isinstance(node, list) and step.isdigit() and int(step) < len(node):
        return node[int(step)]
    return get(node, step) if isinstance(node, dict) else None


def _column(sheet: Sheet, rest: Collection[str]) -> str:
    """The column for what is left of a pointer below a node; the nearest one that holds it."""
    words = [step for step in rest if not step.isdigit()]
    deepest = sorted(sheet.columns, key=lambda column: -column.level)
    for length in range(len(words), 0, -1):
        at = ".".join(words[:length])
        for column in deepest:
            if column.at == at:
                return column.name
    return ""
