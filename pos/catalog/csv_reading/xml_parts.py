"""XML as a stream, under local names and within limits. A document type, which could define entities, ends it."""

import zipfile
from collections.abc import Callable, Iterator
from typing import Any, Final
from xml.parsers import expat

from pos.catalog.csv_reading.archives import pieces
from pos.catalog.csv_reading.types import unreadable

MAX_ELEMENTS: Final = 20_000_000
"""Of all parts together: more than 256 MiB of any export have, and less than a minute's work."""

Attributes = dict[str, str]


class Parts:
    """The XML parts of an archive. What all of them hold counts together."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = frozenset(archive.namelist())
        self.elements = 0

    def walk(
        self,
        name: str,
        *,
        start: Callable[[str, Attributes], Any],
        end: Callable[[str], Any] | None = None,
        text: Callable[[str], Any] | None = None,
    ) -> None:
        """Walk a whole part. Raises `FileUnreadable`."""
        for _ in self.steps(name, start=start, end=end, text=text):
            pass

    def steps(
        self,
        name: str,
        *,
        start: Callable[[str, Attributes], Any],
        end: Callable[[str], Any] | None = None,
        text: Callable[[str], Any] | None = None,
    ) -> Iterator[None]:
        """Walk a part a piece at a time. Raises `FileUnreadable`."""

        def begin(element: str, attributes: Attributes) -> None:
            self.elements += 1
            if self.elements > MAX_ELEMENTS:
                raise unreadable(f"the workbook has more than {MAX_ELEMENTS} elements; divide it")
            start(element.rpartition(" ")[2], {key.rpartition(" ")[2]: attributes[key] for key in attributes})

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.StartElementHandler = begin
        if end is not None:
            parser.EndElementHandler = lambda element: end(element.rpartition(" ")[2])
        if text is not None:
            parser.CharacterDataHandler = text
        try:
            for piece in pieces(self.archive, name):
                parser.Parse(piece, False)  # noqa: FBT003
                yield
            parser.Parse(b"", True)  # noqa: FBT003
            yield
        except expat.ExpatError as error:
            raise unreadable(f"the workbook is damaged: {expat.errors.messages[error.code]}") from None
        except ValueError:  # an encoding that Python does not know, or that is none
            raise unreadable("the workbook is damaged: its encoding cannot be read") from None


def _refuse(*_: Any) -> None:
    raise unreadable("the workbook declares a document type, which no spreadsheet does; it is not read")
