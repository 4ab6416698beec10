"""Named refusals of labels."""

from typing import ClassVar

from fynlo.core.errors import RuleViolation


class LabelRefused(RuleViolation):
    """A label that cannot be printed as it was asked for; each reason has its pointer."""

    code: ClassVar[str] = "label_refused"
    title: ClassVar[str] = "These labels cannot be printed"


class DoesNotFit(ValueError):
    """A symbol that no scanner would read in the room there is; the message says what is missing."""
