"""ZIP files, of which every workbook is one: what is in them is bounded before a byte of it is unpacked."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from pos.catalog.csv_reading.text import MAX_BYTES
from pos.catalog.csv_reading.types import FileUnreadable, unreadable

SIGNATURE: Final = b"PK"
MAX_UNPACKED: Final = 256 * 1024 * 1024
MAX_ENTRIES: Final = 200
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1
WORKBOOK: Final = "xl/workbook.xml"
_PIECE: Final = 1 << 20
_MARKUP: Final = 4


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The archive, whose entries are few, readable and not too large together. Raises `FileUnreadable`.

    The sizes an archive states are the most that is ever unpacked of it, so bombs end here.
    """
    if len(data) > MAX_BYTES:
        raise unreadable(f"the file has {len(data)} bytes; at most {MAX_BYTES} are read")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, struct.error, ValueError, OverflowError, NotImplementedError):
        raise unreadable("this is no workbook and no ZIP file that can be read") from None
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise unreadable(f"the file packs {len(entries)} files; at most {MAX_ENTRIES} are read")
    size = sum(entry.file_size for entry in entries)
    if size > MAX_UNPACKED:
        raise unreadable(f"the file unpacks to {size} bytes; at most {MAX_UNPACKED} are read")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise unreadable("the file is protected by a password; save it without one")
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise unreadable("the file is packed in a way that is not read; pack it as an ordinary ZIP")
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise unreadable("the file packs two files of the same name")
    return archive


def working_size(data: bytes) -> int:
    """How much work a file is, in bytes of CSV: what it unpacks to, and of a workbook's XML a quarter.

    The sizes an archive states are the most that is ever read of it, so a small file cannot hide its work.
    """
    if not data.startswith(SIGNATURE):
        return len(data)
    try:
        archive = open_archive(data)
    except FileUnreadable:  # which is found out at once, whatever its size
        return 0
    size = sum(entry.file_size for entry in archive.infolist())
    return size // _MARKUP if WORKBOOK in archive.namelist() else size


def unpack(archive: zipfile.ZipFile, name: str) -> bytes:
    """One entry, of no more than the size it states. Raises `FileUnreadable`."""
    return b"".join(pieces(archive, name))


def pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """One entry, a megabyte at a time. Raises `FileUnreadable`."""
    try:
        with archive.open(name) as entry:
            while piece := entry.read(_PIECE):
                yield piece
    except KeyError:
        raise unreadable(f"the workbook has no part {name[:80]}; save it again") from None
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
    ):
        raise unreadable(f"{name[:80]} cannot be unpacked; the file is damaged") from None


def csv_entries(archive: zipfile.ZipFile) -> list[tuple[str, bytes]]:
    """The CSV files of an archive by their bare names. Raises `FileUnreadable` for anything else in it."""
    found = []
    for entry in archive.infolist():
        bare = entry.filename.rsplit("/", 1)[-1]
        if entry.is_dir() or entry.filename.startswith("__MACOSX/") or bare == ".DS_Store":
            continue
        if not bare.lower().endswith((".csv", ".txt", ".tsv")):
            raise unreadable(f"{entry.filename[:80]} is no CSV file; a ZIP holds one for each sheet")
        found.append((bare.rsplit(".", 1)[0], unpack(archive, entry.filename)))
    if not found:
        raise unreadable("the ZIP file is empty")
    return found
