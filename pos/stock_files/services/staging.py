"""Keeping a file and finding out what it would do, row by row. Nothing of the stock changes here."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fynlo.core.actors import Actor
from fynlo.core.errors import DomainError, InvalidInput, NotFound
from fynlo.core.ids import new_id
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from pos.catalog.csv_reading import CsvForm, FileUnreadable, Row, RowProblem
from pos.catalog.csv_reading.archives import working_size
from pos.catalog.csv_reading.text import MAX_BYTES
from pos.stock_files.kinds.base import PROBLEM, FileContext, Planned, StockKind
from pos.stock_files.kinds.declared import BY_NAME
from pos.stock_files.models import StockFile, StockFileRow
from pos.stock_files.progress import Progress, follower, forget
from pos.stock_files.reading import PIECE, StockTable, open_table
from pos.stock_files.states import STAGED, STOCK_FILE

SHOWN_PROBLEMS: Final = 20
MOST_PROBLEMS: Final = 20_000
"""So many are kept of a file, one row each; all are counted."""
FAULT: Final = "The file could not be looked at: a fault of the software, which is logged. Discard it."
_REPEATED: Final = """
UPDATE pos_stockfilerow AS kept
SET outcome = 'problem', "column" = %(column)s, given = left(kept.key, 200),
    reason = 'the same ' || %(what)s || ' is already in line ' || twice.first
FROM (
    SELECT id, line, min(line) OVER (PARTITION BY upper(key)) AS first FROM pos_stockfilerow
    WHERE file_id = %(file)s AND outcome <> 'problem'
) AS twice
WHERE kept.id = twice.id AND twice.line <> twice.first
"""


def stage_file(
    *,
    data: bytes,
    file_name: str,
    kind: str,
    form: CsvForm,
    location_code: str | None = None,
    actor: Actor,
    at: dt.datetime,
) -> UUID:
    """Keep a file to be looked at; returns its id. Raises `Forbidden`, `NotFound` for a kind, `InvalidInput`."""
    require(kind_of(kind), actor)
    if len(data) > MAX_BYTES:
        raise InvalidInput(f"The file has {len(data)} bytes; at most {MAX_BYTES} are read.")
    record = StockFile(
        id=new_id(),
        kind=kind,
        file_name=file_name[:200],
        file_digest=hashlib.sha256(data).hexdigest(),
        content=data,
        options={"form": asdict(form), "location": location_code, "size": working_size(data)},
        state=STAGED,
        summary={"is_ready": False},
        staged_at=at,
        staged_by=actor.id,
        staged_by_name=actor.name[:120],
    )
    record.save(force_insert=True)
    return record.id


def look_at_file(*, file_id: UUID, actor: Actor, at: dt.datetime, progress: Progress | None = None) -> None:
    """Find out what each row of a staged file would do, or what is wrong with it. Safe to do again.

    One transaction: whoever is killed in the middle has looked at nothing.
    """
    try:
        with unit_of_work():
            record = StockFile.objects.select_for_update().filter(pk=file_id, state=STAGED).first()
            if record is None:
                return
            _look(record, actor=actor, at=at, told=progress or follower(file_id))
    except DomainError as error:
        record_failure(file_id=file_id, detail=error.detail)
    except Exception:  # a fault of ours: whoever sent the file must not wait for ever
        record_failure(file_id=file_id, detail=FAULT)
        raise
    finally:
        forget(file_id)


def discard_file(*, file_id: UUID, actor: Actor) -> None:
    """Do away with a staged file. Raises `NotFound`, `IllegalTransition`."""
    with unit_of_work():
        record = locked(file_id)
        require(kind_of(record.kind), actor)
        record.state = STOCK_FILE.after(record.state, "discard")
        record.content = None
        record.save(update_fields=["state", "content"])
        _forget_rows(record)


def record_failure(*, file_id: UUID, detail: str) -> None:
    """Keep why work on a file ended, for whoever asks for the file."""
    with unit_of_work():
        record = StockFile.objects.select_for_update().filter(pk=file_id).first()
        if record is not None:
            record.summary = {**record.summary, "failure": detail}
            record.save(update_fields=["summary"])
    forget(file_id)


def locked(file_id: UUID) -> StockFile:
    """The file, locked until COMMIT, without its content. Raises `NotFound`."""
    found = StockFile.objects.defer("content").select_for_update().filter(pk=file_id).first()
    if found is None:
        raise NotFound("There is no such import.")
    return found


def kind_of(name: str) -> StockKind:
    """The kind of that name. Raises `NotFound`."""
    if name not in BY_NAME:
        raise NotFound(f"There is no kind {name}; the kinds are {', '.join(BY_NAME)}.", pointer="/kind")
    return BY_NAME[name]


def require(kind: StockKind, actor: Actor) -> None:
    """Raise `Forbidden` unless the actor holds all that the kind needs."""
    for permission in kind.permissions:
        actor.require(permission)


def context_of(record: StockFile, *, actor: Actor, at: dt.datetime) -> FileContext:
    """What is known before the first row."""
    return FileContext(
        file=record,
        currency=current_tenant().currency,
        actor=actor,
        at=at,
        location_code=record.options["location"],
    )


def _forget_rows(record: StockFile) -> None:
    """Remove the rows where they are: Django would read all of them first."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pos_stockfilerow WHERE file_id = %s", [record.pk])


def _look(record: StockFile, *, actor: Actor, at: dt.datetime, told: Progress) -> None:
    _forget_rows(record)
    kind, context = kind_of(record.kind), context_of(record, actor=actor, at=at)
    form = CsvForm(**record.options["form"])
    keeper = _Keeper(record)
    try:
        table = open_table(data=bytes(record.content or b""), form=form, sheet=kind.sheet)
        context.columns = frozenset(table.header.places)
        keeper.keep(table.header.problems)
        _plan(kind, table, context, keeper, form=form, told=told)
    except FileUnreadable as error:
        keeper.keep([error.problem])
    keeper.count += _mark_repeated(record, kind)
    record.summary = _summary(record, keeper)
    record.save(update_fields=["summary"])


def _plan(
    kind: StockKind,
    table: StockTable,
    context: FileContext,
    keeper: "_Keeper",
    *,
    form: CsvForm,
    told: Progress,
) -> None:
    done = 0
    for piece in table.pieces(currency=context.currency, decimal=form.decimal):
        keeper.keep(problem for _, problems in piece for problem in problems)
        rows: list[Row] = [row for row, _ in piece if row is not None]
        keeper.keep(kind.plan(rows, context))
        done += len(piece)
        keeper.rows += len(piece)
        told("compared", done, done + PIECE)


class _Keeper:
    """Writes what becomes of rows, some thousand at a time, and counts all problems."""

    def __init__(self, record: StockFile) -> None:
        self.record = record
        self.count = 0
        self.rows = 0

    def keep(self, found: Iterator[Planned | RowProblem] | Sequence[RowProblem] | Any) -> None:
        rows = []
        for each in found:
            if isinstance(each, Planned):
                rows.append(self._planned(each))
                continue
            self.count += 1
            if self.count <= MOST_PROBLEMS:
                rows.append(self._problem(each))
        StockFileRow.objects.bulk_create(rows, batch_size=PIECE)

    def _planned(self, each: Planned) -> StockFileRow:
        return StockFileRow(
            file=self.record,
            line=each.line,
            outcome=each.outcome,
            key=each.key[:300],
            name=each.name[:300],
            location_id=each.location_id,
            variant_id=each.variant_id,
            changes=list(each.changes),
            plan=each.plan,
            before=each.before,
        )

    def _problem(self, each: RowProblem) -> StockFileRow:
        return StockFileRow(
            file=self.record,
            line=each.line,
            outcome=PROBLEM,
            column=each.column[:80],
            reason=each.reason,
            given=each.given[:200],
        )


def _mark_repeated(record: StockFile, kind: StockKind) -> int:
    """Rows that say something of what another row said something of; the database compares them."""
    keys = [column.name for column in kind.sheet.columns if column.key]
    asked: dict[str, Any] = {"file": record.pk, "column": keys[0], "what": ", ".join(keys)}
    with connection.cursor() as cursor:
        cursor.execute(_REPEATED, asked)
        return int(cursor.rowcount)


def _summary(record: StockFile, keeper: _Keeper) -> dict[str, Any]:
    """What the file would do, in numbers, with the first of what is wrong."""
    outcomes = Counter(dict(_counts(record)))
    first = record.rows.filter(outcome=PROBLEM).order_by("line", "id")[:SHOWN_PROBLEMS]
    return {
        "is_ready": True,
        "can_apply": not keeper.count,
        "problem_count": keeper.count,
        "problems": [str(problem_of(row)) for row in first],
        "row_count": keeper.rows,
        **{outcome: outcomes[outcome] for outcome in ("created", "changed", "unchanged")},
    }


def _counts(record: StockFile) -> Iterator[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, count(*) FROM pos_stockfilerow WHERE file_id = %s GROUP BY outcome", [record.pk]
        )
        yield from cursor.fetchall()


def problem_of(row: StockFileRow) -> RowProblem:
    """A kept problem as it was."""
    return RowProblem(line=row.line, column=row.column, reason=row.reason, given=row.given)
