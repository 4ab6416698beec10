"""Rules that every section may declare: values that do not repeat, and files that exist beside the file.

They look at the document as written, not at validated models, so that their mistakes are reported together
with all others instead of one run later.
"""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any, Final

from tenants.configuration.documents import Document
from tenants.configuration.explain import quoted
from tenants.configuration.problems import Path, Problem
from tenants.configuration.sections import Registered, Surroundings

MAX_FILE_BYTES: Final = 20 * 1024 * 1024


def repeated_values(section: Registered, document: Document) -> Iterator[Problem]:
    """A problem for every value that was already given elsewhere."""
    for pattern in section.unique:
        first: dict[str, Path] = {}
        for path, value in document.find(f"{section.name}.{pattern}"):
            if not isinstance(value, str):
                continue
            key = value.casefold()
            if key in first:
                line = document.line(first[key])
                message = f"this is already used on line {line}" if line else "this is used twice"
                yield Problem(
                    path, "repeated", message, allowed="a value of its own", line=document.line(path)
                )
            first.setdefault(key, path)


def missing_files(section: Registered, document: Document, around: Surroundings) -> Iterator[Problem]:
    """A problem for every file that is named but cannot be read."""
    if around.folder is None:
        return
    for path, value in _file_names(section, document):
        message = _file_problem(around.folder, value)
        if message:
            allowed = "the name of a file beside the merchant's file"
            yield Problem(path, "file", message, allowed, given=quoted(value), line=document.line(path))


def file_digests(section: Registered, document: Document, folder: FilePath) -> dict[str, str]:
    """SHA-256 of every file the section names, by name: a changed catalogue is a changed configuration."""
    names = [value for _, value in _file_names(section, document)]
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


def _file_names(section: Registered, document: Document) -> Iterator[tuple[Path, Any]]:
    for pattern in section.files:
        found = document.find(f"{section.name}.{pattern}")
        yield from ((path, value) for path, value in found if isinstance(value, str))


def _file_problem(folder: FilePath, name: str) -> str | None:
    if not name.isprintable() or not name.strip():
        return "this is not the name of a file"
    file = folder / name
    if not file.resolve().is_relative_to(folder.resolve()):
        return "the file must lie in the folder of the merchant's file, or below"
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, io.SEEK_END)
    except OSError as error:
        return f"the file cannot be read ({error.strerror or 'unknown reason'})"
    return f"the file has {size} bytes, more than {MAX_FILE_BYTES}" if size > MAX_FILE_BYTES else None
