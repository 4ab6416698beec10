"""Journals for tests: a few entries of every day kinds at a register of a shop."""

import datetime as dt
import io
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from django.db import connection, transaction

from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from pos.fiscal.entries import JournalDraft
from pos.registers.journal.services import append_checkpoint, append_entries
from pos.registers.journal.services.exporting import ArchiveMade, write_archive
from pos.registers.journal.services.keys import signing_key
from pos.registers.models import Register
from tests.factories import Shop

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
DAY = NOON.date()
VERIFIER = Path(__file__).resolve().parents[4] / "bin" / "verify-journal"


def draft(text: str, *, kind: str = "system", at: dt.datetime = NOON) -> JournalDraft:
    return JournalDraft(kind=kind, at=at, business_date=at.date(), body={"event": text})


def tell(
    shop: Shop, *texts: str, register: Register | None = None, at: dt.datetime = NOON, kind: str = "system"
) -> None:
    """Append an entry for each text."""
    till = register or shop.register
    with tenant_context(shop.tenant), unit_of_work():
        drafts = [draft(text, kind=kind, at=at) for text in texts]
        append_entries(register_id=till.id, drafts=drafts, recorded_at=at)


def sign(shop: Shop, *, at: dt.datetime = NOON, register: Register | None = None) -> None:
    """Append a checkpoint."""
    till = register or shop.register
    with tenant_context(shop.tenant), unit_of_work():
        append_checkpoint(register_id=till.id, key=signing_key(at=at), business_date=at.date(), at=at)


def archive(
    shop: Shop, path: Path, *, first: dt.date = DAY, last: dt.date = DAY, at: dt.datetime = NOON
) -> ArchiveMade:
    """Write the archive of some days to a file."""
    with tenant_context(shop.tenant), path.open("wb") as out:
        return write_archive(out=out, first=first, last=last, at=at)


def check(*arguments: str | Path) -> tuple[int, str]:
    """Exit status of the verifier and what it says, started as a stranger would: no environment, no packages."""
    finished = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), *map(str, arguments)],
        env={},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return finished.returncode, finished.stdout + finished.stderr


def wrongs(said: str) -> list[str]:
    """What the verifier found wrong."""
    return [line.removeprefix("WRONG  ") for line in said.splitlines() if line.startswith("WRONG")]


def files(path: Path) -> dict[str, bytes]:
    """What is in an archive."""
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(path: Path, contents: dict[str, bytes]) -> Path:
    """An archive with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in contents.items():
            made.writestr(name, data)
    path.write_bytes(out.getvalue())
    return path


def without_guards(shop: Shop, *statements: str, values: Sequence[object] = ()) -> None:
    """Do to a journal what only somebody can who owns the tables: with its guards switched off (`as_owner`)."""
    with tenant_context(shop.tenant), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pos_journalentry DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement, values or None)
        cursor.execute("ALTER TABLE pos_journalentry ENABLE TRIGGER USER")
