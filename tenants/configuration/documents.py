"""From bytes to a plain tree of values, strictly: every value knows its line, and nothing is guessed.

Refused: files over 1 MiB, anything but UTF-8, tags, anchors and aliases (and so "billion laughs"), merge
keys, duplicate keys, keys that are not text, several documents, more than 16 levels, and plain words that
YAML readers disagree about (`scalars`). No Python object is ever built from the file. A UTF-8 byte order
mark, as Windows editors write it, is accepted.
"""

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from tenants.configuration.problems import InvalidConfiguration, Path, Problem
from tenants.configuration.scalars import Ambiguous, read_plain

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 16
_UTF16_32_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: the tree, the line of every place, and mistakes that did not stop the reading."""

    tree: Mapping[str, Any]
    lines: Mapping[Path, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def line(self, path: Path) -> int | None:
        """The line of a place; for a place that is missing, the line of what should hold it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def find(self, pattern: str) -> Iterator[tuple[Path, Any]]:
        """Every (path, value) matching a pattern such as `pos.locations[*].registers[*].code`.

        Works on invalid documents too: what is missing or of another shape is left out.
        """
        found: list[tuple[Path, Any]] = [((), self.tree)]
        for part in pattern.replace("[*]", ".*").split("."):
            found = [step for path, value in found for step in _step(path, value, part)]
        yield from found


def read_document(content: bytes) -> Document:
    """Read a merchant's file. Raises `InvalidConfiguration` when it cannot be read as a whole."""
    text = _decode(content)
    reader = _Reader(text)
    try:
        tree = reader.read()
    except yaml.YAMLError as error:
        raise InvalidConfiguration([_syntax_problem(error, text)]) from None
    return Document(tree, reader.lines, tuple(reader.problems))


def _step(path: Path, value: Any, part: str) -> Iterator[tuple[Path, Any]]:
    if part == "*":
        if isinstance(value, list):
            yield from (((*path, index), item) for index, item in enumerate(value))
    elif isinstance(value, dict) and part in value:
        yield (*path, part), value[part]


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise _refused(
            "too_large", f"the file has {len(content)} bytes", allowed=f"at most {MAX_BYTES} bytes"
        )
    if content.startswith(_UTF16_32_MARKS):
        raise _refused("encoding", "the file is UTF-16 or UTF-32", allowed="UTF-8; save the file as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused(
            "encoding", f"byte 0x{content[error.start]:02x} is not UTF-8", allowed="UTF-8", line=line
        ) from None
    if not text.strip():
        raise _refused("empty", "the file is empty", allowed="sections such as merchant, staff and pos")
    return text


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _refused(code: str, message: str, *, allowed: str = "", line: int | None = None) -> InvalidConfiguration:
    return InvalidConfiguration([Problem((), code, message, allowed=allowed, line=line)])


def _syntax_problem(error: yaml.YAMLError, text: str) -> Problem:
    """The reader's complaint with its line; the text around it is not repeated, it may hold a secret."""
    mark = getattr(error, "problem_mark", None)
    message = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is not valid YAML"
    if mark is not None:
        written = text.splitlines()[mark.line : mark.line + 1]
        if written and "\t" in written[0]:
            message = "a tab stands where YAML wants spaces"
        return Problem((), "syntax", message, line=mark.line + 1, allowed="YAML, indented with spaces")
    position = getattr(error, "position", 0)
    message = "a control character is not allowed in the file"
    return Problem((), "syntax", message, line=text.count("\n", 0, position) + 1)


class _Reader:
    """Builds the tree from YAML events, so that nothing unwanted is ever constructed."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Event] = yaml.parse(text, Loader=yaml.SafeLoader)
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []

    def read(self) -> dict[str, Any]:
        """The top-level mapping of the only document."""
        next(self._events)  # stream start
        opening = next(self._events)
        if not isinstance(opening, DocumentStartEvent):
            raise _refused("empty", "the file holds only comments", allowed="sections such as merchant")
        tree = self._value(next(self._events), ())
        next(self._events)  # document end
        following = next(self._events)
        if isinstance(following, DocumentStartEvent):
            line = _line(following)
            raise _refused("documents", "a second document starts here", allowed="one document", line=line)
        if not isinstance(tree, dict):
            raise _refused("shape", "the file is not a mapping", allowed="sections such as merchant:", line=1)
        return tree

    def _value(self, event: Event, path: Path) -> Any:
        self.lines[path] = _line(event)
        if len(path) > MAX_DEPTH:
            raise InvalidConfiguration([self._problem(path, "depth", "too deep", f"{MAX_DEPTH} levels")])
        if isinstance(event, AliasEvent):
            self._report(path, "alias", "an alias (*name) is not allowed", "the value itself, written out")
            return None
        if isinstance(event, MappingStartEvent | SequenceStartEvent | ScalarEvent):
            self._refuse_decoration(event, path)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, path)
        return self._sequence(path)

    def _mapping(self, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            name = self._key(event, path)
            place = (*path, name)
            first = self.lines.get(place)
            if name in values:
                line = _line(event)
                message = f"this key is there twice, first on line {first}"
                self.problems.append(Problem(place, "duplicate_key", message, allowed="once", line=line))
                self._value(next(self._events), place)
                self.lines[place] = first or line
                continue
            values[name] = self._value(next(self._events), place)
            self.lines[place] = _line(event)
        return values

    def _key(self, event: Event, path: Path) -> str:
        line = _line(event)
        plain = isinstance(event, ScalarEvent) and event.style is None
        if not isinstance(event, ScalarEvent) or event.anchor or event.tag:
            message = "a key must be a plain name"
            raise InvalidConfiguration([Problem(path, "key", message, allowed="text", line=line)])
        if plain and not isinstance(read_plain(event.value), str):
            message = "this key is not text to every YAML reader"
            allowed = f'a name, in quotes if it must be: "{event.value}"'
            self.problems.append(Problem((*path, event.value), "key", message, allowed=allowed, line=line))
        return str(event.value)

    def _sequence(self, path: Path) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            values.append(self._value(event, (*path, len(values))))
        return values

    def _scalar(self, event: ScalarEvent, path: Path) -> Any:
        if event.style is not None:
            return event.value
        value = read_plain(event.value)
        if isinstance(value, Ambiguous):
            message = f"without quotes, YAML readers may take this for {value.reading}"
            line = self.lines[path]
            self.problems.append(Problem(path, "ambiguous", message, given=value.text, line=line))
            return value.text
        return value

    def _refuse_decoration(
        self, event: MappingStartEvent | SequenceStartEvent | ScalarEvent, path: Path
    ) -> None:
        if event.anchor is not None:
            self._report(path, "anchor", "an anchor (&name) is not allowed", "the value itself")
        if event.tag is not None:
            self._report(path, "tag", "a tag (!name) is not allowed", "plain values")

    def _report(self, path: Path, code: str, message: str, allowed: str) -> None:
        self.problems.append(self._problem(path, code, message, allowed))

    def _problem(self, path: Path, code: str, message: str, allowed: str) -> Problem:
        return Problem(path, code, message, allowed=allowed, line=self.lines.get(path))
