"""Archives: the journals of some days as one zip file that proves itself without this software.

Entries are written as they are read, so memory does not grow with the days. The archive is signed if every entry in
it holds; if not, it says what was found and has no signature.
"""

import datetime as dt
import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import structlog
from django.conf import settings

from fynlo.core.errors import NotFound
from fynlo.core.sealing import CannotUnseal
from fynlo.core.tenancy import current_tenant
from fynlo.core.version import VERSION
from pos.fiscal.chain import ChainCheck
from pos.fiscal.checkpoints import archive_text
from pos.fiscal.exporting import FORMAT, README, document, entry_line
from pos.fiscal.kinds import CHECKPOINT
from pos.fiscal.recipe import instant
from pos.fiscal.version import FISCAL_CORE
from pos.registers.journal.queries import JournalHead, chain, checkpoint_after, days, hash_at, journal_heads
from pos.registers.journal.services.keys import (
    PublicKeys,
    SigningKey,
    has_signed,
    public_keys,
    signing_key,
)

log = structlog.get_logger("fynlo.pos")

VERIFIER: Final = "verify-journal"
_MOST_FINDINGS: Final = 100
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip file can tell; all files have it, so that the same archive has the same bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveMade:
    """What went into an archive. It is not signed when something in it does not hold, or no key could be opened."""

    registers: int
    entries: int
    is_signed: bool
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The entries of one register that an archive holds."""

    head: JournalHead
    first_position: int
    last_position: int
    previous_hash: str

    @property
    def count(self) -> int:
        """How many entries there should be."""
        return self.last_position - self.first_position + 1


@dataclass(slots=True)
class _Archive:
    """A zip file being written, with the digest of everything in it."""

    zip: zipfile.ZipFile
    files: list[dict[str, str]] = field(default_factory=list)

    def add(self, name: str, chunks: Iterable[bytes], *, is_listed: bool = True) -> None:
        """Write a file from its parts as they come."""
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, date_time=_EARLIEST)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = (0o755 if name == VERIFIER else 0o644) << 16
        with self.zip.open(info, "w", force_zip64=True) as out:
            for chunk in chunks:
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        if is_listed:
            self.files.append({"name": name, "sha256": digest.hexdigest(), "bytes": str(size)})


def stretches(*, first: dt.date, last: dt.date) -> list[Stretch]:
    """What an archive of the business days [first, last] holds: by register, without gaps.

    A stretch ends with the checkpoint that stands for its last entry, if there is one already.
    """
    found = []
    for head in journal_heads():
        span = days(register_id=head.register_id, first=first, last=last)
        if span is None:
            continue
        signed = checkpoint_after(register_id=head.register_id, position=span[1])
        before = hash_at(register_id=head.register_id, position=span[0] - 1)
        found.append(
            Stretch(head=head, first_position=span[0], last_position=signed or span[1], previous_hash=before)
        )
    return found


def write_archive(*, out: IO[bytes], first: dt.date, last: dt.date, at: dt.datetime) -> ArchiveMade:
    """Write the archive of the business days [first, last] to `out`, a bounded number of entries in memory."""
    key = _key(at)
    keys = public_keys()
    findings: list[str] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        archive = _Archive(zip=written)
        period = stretches(first=first, last=last)
        registers = [
            _register(archive, number, stretch, keys, findings)
            for number, stretch in enumerate(period, start=1)
        ]
        archive.add("checkpoints.jsonl", _checkpoints(period))
        archive.add("public-keys.json", [document({"keys": keys.keys, "handovers": keys.handovers})])
        archive.add("README.txt", [_readme(first, last, at)])
        archive.add(VERIFIER, [_verifier()])
        manifest = document(_manifest(archive, registers, first, last, at, findings))
        archive.add("manifest.json", [manifest], is_listed=False)
        signature = None if findings or key is None else _signature(manifest, key)
        if signature is not None:
            archive.add("manifest-signature.json", [document(signature)], is_listed=False)
    return ArchiveMade(
        registers=len(registers),
        entries=sum(int(each["entries"]) for each in registers),
        is_signed=signature is not None,
        findings=tuple(findings),
    )


def _register(
    archive: _Archive, number: int, stretch: Stretch, keys: PublicKeys, findings: list[str]
) -> dict[str, str]:
    """Write one register's entries, looking at each, and tell where they begin and end."""
    check = ChainCheck(
        merchant=current_tenant().slug,
        keys=keys.known,
        has_signed=has_signed,
        before=stretch.previous_hash,
        after_position=stretch.first_position - 1,
    )

    def lines() -> Iterator[bytes]:
        for entry in chain(
            register_id=stretch.head.register_id,
            after=stretch.first_position - 1,
            last=stretch.last_position,
        ):
            for finding in check.see(entry):
                if len(findings) < _MOST_FINDINGS:
                    findings.append(f"register {stretch.head.code}: {finding.message}")
            yield entry_line(entry)

    name = f"registers/{number:03}-{re.sub('[^A-Za-z0-9._-]', '_', stretch.head.code)}.jsonl"
    archive.add(name, lines())
    if check.seen != stretch.count and len(findings) < _MOST_FINDINGS:
        findings.append(f"register {stretch.head.code}: {check.seen} entries instead of {stretch.count}")
    return {
        "code": stretch.head.code,
        "file": name,
        "first_position": str(stretch.first_position),
        "last_position": str(stretch.last_position),
        "entries": str(check.seen),
        "previous_hash": stretch.previous_hash,
        "head": check.head,
    }


def _checkpoints(period: Iterable[Stretch]) -> Iterator[bytes]:
    for stretch in period:
        first = stretch.first_position
        for entry in chain(
            register_id=stretch.head.register_id,
            after=first - 1,
            last=stretch.last_position,
            kind=CHECKPOINT,
        ):
            yield entry.body.encode() + b"\n"


def _manifest(
    archive: _Archive,
    registers: list[dict[str, str]],
    first: dt.date,
    last: dt.date,
    at: dt.datetime,
    findings: list[str],
) -> dict[str, Any]:
    tenant = current_tenant()
    return {
        "format": FORMAT,
        "merchant": {"slug": tenant.slug, "name": tenant.name},
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "made_at": instant(at),
        "software": VERSION,
        "fiscal_core": FISCAL_CORE,
        "registers": registers,
        "files": archive.files,
        "findings": findings,
    }


def _key(at: dt.datetime) -> SigningKey | None:
    try:
        return signing_key(at=at)
    except CannotUnseal:
        log.exception("archive_not_signed")
        return None


def _signature(manifest: bytes, key: SigningKey) -> dict[str, str]:
    message = archive_text(manifest_digest=hashlib.sha256(manifest).hexdigest())
    return {"public_key": key.public_key, "signature": key.sign(message)}


def _readme(first: dt.date, last: dt.date, at: dt.datetime) -> bytes:
    return README.format(
        merchant=current_tenant().name, first=first.isoformat(), last=last.isoformat(), made_at=instant(at)
    ).encode()


def _verifier() -> bytes:
    path = Path(settings.BASE_DIR) / "bin" / VERIFIER
    if not path.is_file():
        raise NotFound("The verifier is missing from this installation.")
    return path.read_bytes()
