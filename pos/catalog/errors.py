"""Named refusals of the catalogue."""

from collections.abc import Sequence
from typing import ClassVar

from fynlo.core.errors import Conflict, InvalidInput, RuleViolation
from pos.catalog.csv_reading import RowProblem


class SkuTaken(Conflict):
    """Another variant has this SKU (upper and lower case are the same)."""

    code: ClassVar[str] = "sku_taken"
    title: ClassVar[str] = "Another variant has this SKU"


class BarcodeTaken(Conflict):
    """Another variant has this barcode."""

    code: ClassVar[str] = "barcode_taken"
    title: ClassVar[str] = "Another variant has this barcode"


class NameTaken(Conflict):
    """A neighbour has this name: an item of the category, a variant of the item, a category of the parent."""

    code: ClassVar[str] = "name_taken"
    title: ClassVar[str] = "This name is already taken here"


class CodeTaken(Conflict):
    """Another tax class has this code."""

    code: ClassVar[str] = "code_taken"
    title: ClassVar[str] = "This code is already taken"


class CodeFixed(RuleViolation):
    """The code of a tax class names accounts of the books and cannot change."""

    code: ClassVar[str] = "code_fixed"
    title: ClassVar[str] = "The code of a tax class cannot change"


class CategoryInUse(Conflict):
    """The category has items or categories in it and cannot be removed."""

    code: ClassVar[str] = "category_in_use"
    title: ClassVar[str] = "The category is not empty"


class UnitFixed(RuleViolation):
    """What is in stock was counted in the item's unit, so the unit cannot change any more."""

    code: ClassVar[str] = "unit_fixed"
    title: ClassVar[str] = "The unit cannot change once there were stock movements"


class CategoryLoop(RuleViolation):
    """A category cannot be inside itself, and not deeper than the till can show."""

    code: ClassVar[str] = "category_loop"
    title: ClassVar[str] = "A category cannot be inside itself"


class DraftInvalid(InvalidInput):
    """A field of a draft cannot be stored; the problems point at it."""


class DocumentsRefused(RuleViolation):
    """Documents of the catalogue cannot be stored; nothing was. The problems point at every reason."""

    code: ClassVar[str] = "documents_refused"
    title: ClassVar[str] = "The catalogue was not changed"


class DocumentInUse(Conflict):
    """Something else needs what was to be removed, or it was sold before; it can be deactivated instead."""

    code: ClassVar[str] = "document_in_use"
    title: ClassVar[str] = "Something else needs it"


class ChangedSince(Conflict):
    """What an import touched was changed by something else since, and is not simply taken back."""

    code: ClassVar[str] = "changed_since"
    title: ClassVar[str] = "Something else changed it since"


class PricesChangedSince(Conflict):
    """Prices are not what the caller saw when they asked for others; the problems name the variants."""

    code: ClassVar[str] = "prices_changed_since"
    title: ClassVar[str] = "Prices changed meanwhile"


class ItemChangedSince(Conflict):
    """The item was changed by somebody else since the caller read it; `changes` says what."""

    code: ClassVar[str] = "item_changed_since"
    title: ClassVar[str] = "Somebody else changed this item meanwhile"


class ImportRefused(RuleViolation):
    """Rows of a file cannot be imported; nothing was. `problems` name line, column and reason.

    `count` is their number where `problems` are only the first of them.
    """

    code: ClassVar[str] = "import_refused"
    title: ClassVar[str] = "The file was not imported"

    def __init__(self, problems: Sequence[RowProblem], *, count: int | None = None) -> None:
        self.problems = tuple(problems)
        self.count = count or len(self.problems)
        noun = "problem" if self.count == 1 else "problems"
        first = f" First: {self.problems[0]}." if self.problems else ""
        super().__init__(f"{self.count} {noun} in the file; nothing was imported.{first}")


class BookRevisionAhead(Conflict):
    """The caller has a version of the price book that this server does not have (it was set back)."""

    code: ClassVar[str] = "book_revision_ahead"
    title: ClassVar[str] = "The price book has not come that far"
