"""Cells for what is chosen out of a few: yes or no, one word, some words."""

from collections.abc import Callable, Iterator
from typing import Any

from fynlo.backoffice.sheets.cells import NOTHING, Cell, Options, Unreadable, texts, typed_text


class Flag(Cell):
    """Yes or no."""

    kind = "flag"
    blank = False

    def value(self, given: Any) -> bool:
        """True or false."""
        return given is True

    def show(self, value: Any) -> bool:
        """As it is."""
        return bool(value)


class Choice(Cell):
    """One of some words. An empty one is null, or left out where `empty` says so."""

    kind = "choice"

    def __init__(
        self,
        name: str,
        title: str,
        options: Options | Callable[[], Options],
        *,
        empty: Any = None,
        **more: Any,
    ) -> None:
        super().__init__(name, title, **more)
        self.given_options, self.empty = options, empty

    def options(self) -> Options:
        """The words and what people call them."""
        return self.given_options() if callable(self.given_options) else self.given_options

    def spec(self) -> dict[str, Any]:
        """With its words."""
        options = list(self.options())
        return super().spec() | {
            "options": options,
            "blank": self.blank or (options[0][0] if options else ""),
        }

    def show(self, value: Any) -> Any:
        """The word; yes and no are words here."""
        return {None: "", True: "yes", False: "no"}.get(value, value)

    def value(self, given: Any) -> Any:
        """The word."""
        text = typed_text(given)
        if text not in {word for word, _ in self.options()}:
            raise Unreadable("This is not one of the available choices.")
        return text or self.empty

    def lines(self, shown: Any, indent: str = "") -> Iterator[str]:
        """As people call it."""
        return super().lines(dict(self.options()).get(shown, shown) if shown else "", indent)


class Ticks(Cell):
    """Some of a few words. None at all is left out."""

    kind = "ticks"

    def __init__(
        self, name: str, title: str, options: Options, *, numbers: bool = False, **more: Any
    ) -> None:
        super().__init__(name, title, **more)
        self.options, self.numbers, self.blank = options, numbers, []

    def spec(self) -> dict[str, Any]:
        """With its words."""
        return super().spec() | {"options": list(self.options)}

    def show(self, value: Any) -> list[str]:
        """The ticked words."""
        return [str(each) for each in value or ()]

    def value(self, given: Any) -> Any:
        """What is ticked."""
        known = [word for word, _ in self.options]
        chosen = texts(given)
        if not set(chosen) <= set(known):
            raise Unreadable("This is not one of the available choices.")
        ordered = [word for word in known if word in chosen]
        return [int(word) if self.numbers else word for word in ordered] or NOTHING

    def lines(self, shown: Any, indent: str = "") -> Iterator[str]:
        """As people call them."""
        return super().lines([label for word, label in self.options if word in (shown or ())], indent)
