"""Named refusals of labels."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from fynlo.core.errors import RuleViolation


class LabelRefused(RuleViolation):
    """A label that cannot be printed as it was asked for; each reason has its pointer."""

    code: ClassVar[str] = "label_refused"
    title: ClassVar[str] = "These labels cannot be printed"


class DoesNotFit(ValueError):
    """A symbol that no scanner would read in the room there is; the message says what is missing.

    `number` is the label's in what was to be printed, from 0 on.
    """

    number: int = 0


@contextmanager
def numbered(number: int) -> Iterator[None]:
    """Inside, `DoesNotFit` knows which label it is about."""
    try:
        yield
    except DoesNotFit as error:
        error.number = number
        raise
