"""Cells of a sheet: how one stored value is typed in, and what is read from what was typed."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from fynlo.core.ids import new_id

Options = Sequence[tuple[str, str]]
Problems = list[tuple[str, str]]
Names = dict[str, set[str]]

NOTHING: Final[Any] = object()
"""A member that is left out."""
_ID: Final = re.compile("[0-9a-f-]{36}", re.ASCII)


class Unreadable(Exception):  # a sentence for people, not a failure
    """What was typed cannot be read; the text says why."""


class Cell:
    """A text, and the base of all cells.

    `width` is from 1 (narrow) to 4 (a line of its own); `when` names another cell and the values of it for which
    this one is asked for; `below` puts it under the line, to be opened; `needed` refuses an empty one.
    """

    kind = "text"
    blank: Any = ""

    def __init__(
        self,
        name: str,
        title: str,
        *,
        help: str = "",  # noqa: A002  # called as Django calls it
        width: int = 2,
        when: tuple[str, Sequence[str]] | None = None,
        below: bool = False,
        opened: bool = False,
        needed: bool = False,
        placeholder: str = "",
        blank: Any = None,
    ) -> None:
        self.name, self.title, self.help, self.width = name, title, help, width
        self.when, self.below, self.opened, self.needed = when, below, opened, needed
        self.placeholder = placeholder
        if blank is not None:
            self.blank = blank

    def spec(self) -> dict[str, Any]:
        """What the browser needs to draw it."""
        made = {"kind": self.kind, "name": self.name, "title": self.title, "width": self.width}
        more = {"help": self.help, "below": self.below, "open": self.opened, "placeholder": self.placeholder}
        made |= {key: value for key, value in more.items() if value}
        if self.when is not None:
            made["when"] = [self.when[0], list(self.when[1])]
        return made | {"blank": self.blank}

    def show(self, value: Any) -> Any:
        """The stored value as it is typed in."""
        return "" if value is None else value

    def read(self, given: Any, pointer: str, problems: Problems) -> Any:
        """The value to store, or `NOTHING`; what cannot be read is a problem at `pointer`."""
        try:
            return self.value(given)
        except Unreadable as error:
            problems.append((pointer, str(error)))
            return NOTHING

    def value(self, given: Any) -> Any:
        """The value to store. Raises `Unreadable`."""
        text = typed_text(given)
        if self.needed and not text:
            raise Unreadable("This field is required.")
        return text

    def show_in(self, row: dict[str, Any]) -> Any:
        """What the cell shows of a stored row."""
        return self.show(row.get(self.name))

    def read_in(self, row: dict[str, Any], made: dict[str, Any], pointer: str, problems: Problems) -> None:
        """Put what the cell says into the row that is made."""
        value = self.read(row.get(self.name, self.blank), f"{pointer}/{self.name}", problems)
        if value is not NOTHING:
            made[self.name] = value

    def names(self, given: Any, found: Names) -> None:
        """Add the ids it shows to `found`, by what they are ids of."""

    def members(self) -> Iterator["Cell"]:
        """The cells of which one may have a pointer below this one's."""
        return iter(())

    def lines(self, shown: Any, indent: str = "") -> Iterator[str]:
        """What it shows as lines of text, for people who may only read."""
        if shown not in ("", None, [], False):
            text = ", ".join(map(str, shown)) if isinstance(shown, list) else str(shown)
            yield f"{indent}{self.title}: {'yes' if shown is True else text}"


class Text(Cell):
    """A line of text."""


class Area(Cell):
    """Lines of text."""

    kind = "area"

    def value(self, given: Any) -> str:
        """The text with its lines."""
        return typed_text(given, lines=True)


class Key(Cell):
    """The id of a row: kept, and made for a new row."""

    kind = "key"

    def __init__(self, name: str = "id") -> None:
        super().__init__(name, name)

    def value(self, given: Any) -> str:
        """The id."""
        return typed_text(given) or str(new_id())

    def lines(self, shown: Any, indent: str = "") -> Iterator[str]:
        """Nothing: people do not read ids."""
        del shown, indent
        return iter(())


class Words(Cell):
    """Texts separated by commas. None at all is left out, or an empty list."""

    def __init__(self, name: str, title: str, *, empty: Any = NOTHING, **more: Any) -> None:
        more.setdefault("placeholder", "separated by commas")
        super().__init__(name, title, **more)
        self.empty = empty

    def show(self, value: Any) -> str:
        """In one line."""
        return ", ".join(value or ())

    def value(self, given: Any) -> Any:
        """One by one."""
        found = [text for each in typed_text(given).split(",") if (text := " ".join(each.split()))]
        return list(dict.fromkeys(found)) or self.empty


class Axes(Cell):
    """A value of each option that the sheet `source` of the same form defines."""

    kind = "axes"

    def __init__(self, name: str, title: str, *, source: str, **more: Any) -> None:
        super().__init__(name, title, **more)
        self.source, self.blank = source, []

    def spec(self) -> dict[str, Any]:
        """With the sheet it looks at."""
        return super().spec() | {"source": self.source}

    def show(self, value: Any) -> list[str]:
        """The values in the order of the options."""
        return list(value or ())

    def value(self, given: Any) -> list[str]:
        """The values in the order of the options."""
        return texts(given)


class Image(Cell):
    """The id of a picture, shown as what it is."""

    kind = "image"

    def __init__(self, name: str, title: str, *, address: Callable[[], str], **more: Any) -> None:
        super().__init__(name, title, **more)
        self.address = address

    def spec(self) -> dict[str, Any]:
        """With where pictures are."""
        return super().spec() | {"address": self.address()}


class Local(Cell):
    """A time on the wall clock of a location. An empty one is left out."""

    kind = "local"

    def value(self, given: Any) -> Any:
        """The time as documents write it; what it is not, the document's reader says."""
        text = typed_text(given)
        if self.needed and not text:
            raise Unreadable("This field is required.")
        return text or NOTHING


class Time(Cell):
    """A time of day."""

    kind = "time"


def typed_text(given: Any, *, lines: bool = False) -> str:
    """What was typed as a clean text. Raises `Unreadable` for what no field sends."""
    if given is None:
        return ""
    if type(given) is not str:
        raise Unreadable("Text is expected.")
    text = unicodedata.normalize("NFC", given)
    kept = [" ".join(line.split()) for line in (text.splitlines() if lines else [text])]
    for char in "".join(kept):
        if not char.isprintable():
            raise Unreadable(f"The text contains the unprintable character U+{ord(char):04X}.")
    return "\n".join(kept).strip()


def texts(given: Any) -> list[str]:
    """A list of texts. Raises `Unreadable` for what no field sends."""
    if type(given) is not list:
        raise Unreadable("A list is expected.")
    return [typed_text(each) for each in given]


def known_ids(given: Iterable[Any]) -> set[str]:
    """What looks like ids."""
    return {each for each in given if type(each) is str and _ID.fullmatch(each)}
