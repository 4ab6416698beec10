"""What a file would do, packed beside the file itself: pages of rows that are read one at a time. Pure."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any, Final

from pos.catalog.csv_reading import RowProblem
from pos.catalog.importing import RowPlan

PAGE: Final = 500
OUTCOMES: Final = ("problem", "created", "changed", "unchanged")
_FILE: Final = "file"
_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)

Entry = dict[str, Any]


def pack(*, data: bytes, rows: Iterable[RowPlan] = (), problems: Sequence[RowProblem] = ()) -> bytes:
    """The file and the pages of its report."""
    entries: dict[str, list[Entry]] = {outcome: [] for outcome in OUTCOMES}
    entries["problem"] = [_problem(problem) for problem in problems]
    for row in rows:
        entries[row.outcome].append(_row(row))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(_FILE, _BEGINNING), data, zipfile.ZIP_DEFLATED)
        for outcome, found in entries.items():
            for number, start in enumerate(range(0, len(found), PAGE)):
                page = json.dumps(found[start : start + PAGE], ensure_ascii=False)
                name = zipfile.ZipInfo(f"{outcome}/{number}", _BEGINNING)
                archive.writestr(name, page, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def file_in(content: bytes) -> bytes:
    """The file as it was sent."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(_FILE)


def page_of(content: bytes, *, outcome: str, number: int) -> tuple[list[Entry], bool]:
    """A page of the rows of an outcome, and whether there is another behind it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if f"{outcome}/{number}" not in names:
            return [], False
        return json.loads(archive.read(f"{outcome}/{number}")), f"{outcome}/{number + 1}" in names


def digest_of(rows: Iterable[RowPlan]) -> str:
    """Equal for plans that do the same, whatever keys they would give to what is new."""
    found = hashlib.sha256()
    for row in rows:
        changes = "\x1e".join(f"{each.field}\x1f{each.before}\x1f{each.after}" for each in row.changes)
        found.update(f"{row.sheet}\x1f{row.line}\x1f{row.key}\x1f{row.outcome}\x1f{changes}\n".encode())
    return found.hexdigest()


def _row(row: RowPlan) -> Entry:
    return {
        "sheet": row.sheet,
        "line": row.line,
        "key": row.key,
        "name": row.name,
        "outcome": row.outcome,
        "changes": [
            {"column": each.field, "before": each.before, "after": each.after} for each in row.changes
        ],
        "column": "",
        "reason": "",
        "given": "",
    }


def _problem(problem: RowProblem) -> Entry:
    return {
        "sheet": problem.sheet,
        "line": problem.line,
        "key": "",
        "name": "",
        "outcome": "problem",
        "changes": [],
        "column": problem.column,
        "reason": problem.reason,
        "given": problem.given,
    }
