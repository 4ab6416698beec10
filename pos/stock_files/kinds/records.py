"""Kinds whose rows say what a record shall be: compared with what it is, written, and brought back."""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from pos.catalog.errors import ChangedSince
from pos.stock_files.errors import StockFileOutdated
from pos.stock_files.kinds.base import (
    CHANGED,
    CREATED,
    UNCHANGED,
    FileContext,
    StockKind,
    pieces,
)
from pos.stock_files.models import StockFileRow

PIECE: Final = 1_000
SHOWN: Final = 10
Document = Mapping[str, Any]
Ref = tuple[str, ...]
"""What a record is found by, as text."""


class RecordKind(StockKind):
    """`plan` of a row is `{"ref": […], "after": {…}}`, `before` the record as it was, or None."""

    @abstractmethod
    def current(self, refs: Collection[Ref]) -> dict[Ref, Document]:
        """The records as they are, locked; one statement or two."""

    @abstractmethod
    def write(self, records: Sequence[tuple[Ref, Document | None]]) -> list[Ref]:
        """Make records what is said (None: gone), in few statements; returns those that could not go."""

    def brought_back(self, rows: Sequence[StockFileRow]) -> None:
        """Undo what writing did besides the rows' own records."""

    def apply(self, rows: Iterator[StockFileRow], context: FileContext) -> None:
        """Write what was planned, if everything is still what it was."""
        del context
        for piece in pieces(rows, PIECE):
            there = self.current([ref_of(row) for row in piece])
            for row in piece:
                if there.get(ref_of(row)) != row.before:
                    told = f"Line {row.line} ({row.key}) was changed meanwhile. Look at the rows again, then apply."
                    raise StockFileOutdated(told)
            self.write([(ref_of(row), (row.plan or {})["after"]) for row in piece])

    def revert(self, rows: Iterator[StockFileRow], context: FileContext, *, force: bool) -> list[str]:
        """Bring back what was before each row."""
        del context
        kept: list[str] = []
        changed: list[str] = []
        for piece in pieces(rows, PIECE):
            there = self.current([ref_of(row) for row in piece])
            changed += [row.key for row in piece if there.get(ref_of(row)) != (row.plan or {})["after"]]
            if changed and not force:
                continue
            stayed = set(self.write([(ref_of(row), row.before) for row in piece]))
            self.brought_back(piece)
            kept += [row.key for row in piece if ref_of(row) in stayed]
        if changed and not force:
            more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
            raise ChangedSince(f"Changed since: {', '.join(changed[:SHOWN])}{more}.", keys=changed[:SHOWN])
        return kept


def ref_of(row: StockFileRow) -> Ref:
    """What a row's record is found by."""
    return tuple((row.plan or {})["ref"])


def outcome_of(before: Document | None, after: Document) -> str:
    """What becomes of a record."""
    if before is None:
        return CREATED
    return UNCHANGED if before == after else CHANGED
