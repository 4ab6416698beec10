"""What is wrong with a merchant's file: where, what was given, what is allowed. All problems at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from fynlo.core.errors import FieldProblem, InvalidInput

Path = tuple[str | int, ...]
"""A place in the file: keys of mappings and positions in lists, from the top."""

HIDDEN = "(hidden)"
"""Stands in a message where the value given is or may be a secret."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, told so that a person can mend it without asking anybody.

    `line` counts from 1 and is None where no line can be named (the file is empty, a document from the
    database). `given` is the value as written, `HIDDEN` for secrets, None where nothing was given.
    """

    path: Path
    code: str
    message: str
    allowed: str = ""
    given: str | None = None
    line: int | None = None

    @property
    def where(self) -> str:
        """The path as people write it: `pos.locations[0].registers[1].code`."""
        return spell(self.path)

    def sentence(self) -> str:
        """One line for a terminal: path, line, message, what was given, what is allowed."""
        line = f" (line {self.line})" if self.line is not None else ""
        parts = [f"{self.where}{line}: {self.message}"]
        if self.given is not None:
            parts.append(f"given: {self.given}")
        if self.allowed:
            parts.append(f"allowed: {self.allowed}")
        return "; ".join(parts)

    def as_dict(self) -> dict[str, str | int | None]:
        """The same for programs."""
        return {
            "path": self.where,
            "line": self.line,
            "code": self.code,
            "message": self.message,
            "given": self.given,
            "allowed": self.allowed or None,
        }


class InvalidConfiguration(InvalidInput):
    """The merchant's file was refused; nothing was changed. `problems` holds every mistake found."""

    code: ClassVar[str] = "invalid_configuration"
    title: ClassVar[str] = "The merchant's configuration is not valid"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = in_order(problems)
        super().__init__(
            f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''} in the configuration",
            errors=[FieldProblem(pointer(p.path), p.code, p.message) for p in self.problems],
        )


def spell(path: Path) -> str:
    """`("pos", "locations", 0, "code")` as `pos.locations[0].code`; the file itself is `(file)`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "(file)"


def pointer(path: Path) -> str:
    """The same place as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by line, then path; one problem per place and code."""
    unique = {(p.path, p.code, p.message): p for p in problems}
    return tuple(sorted(unique.values(), key=lambda p: (p.line or 0, p.where, p.code)))
