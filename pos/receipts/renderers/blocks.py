"""What a paper consists of, from top to bottom, before anybody knows what it is printed on. Pure.

Words are in the paper's language already, but not cleaned and not laid out: every medium does that in its own way.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A text in the middle: who sells, a title, a farewell."""

    text: str
    is_large: bool = False
    is_bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A text from the side where reading begins, `indent` steps in."""

    text: str
    indent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A text, and something at the other side of its first line; `mark` is what stands behind that."""

    text: str
    value: str
    mark: str = ""
    indent: int = 0
    is_bold: bool = False
    is_marked: bool = True
    """Whether room is left for marks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows of cells: the first column is text, the others are numbers; the first row says what they are."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watermark:
    """What nobody may overlook: that this was no sale, that it is a copy."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A logo, as the catalogue stores it."""

    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address as QR code, with what it leads to. What is no address is not told beside it in plain text."""

    url: str = field(repr=False)
    caption: str = field(repr=False)
    is_address: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty line."""


Block = Heading | Paragraph | Pair | Grid | Watermark | Picture | Link | Rule | Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper ready to be laid out. `mark_room` is the most marks any of its pairs has."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    mark_room: int = 0
