"""A life is a table: one transition table per lifecycle, and one function that walks it."""

from collections.abc import Mapping
from typing import ClassVar

from fynlo.core.errors import Conflict


class IllegalTransition(Conflict):
    """The table has no such step from the current state."""

    code: ClassVar[str] = "illegal_transition"
    title: ClassVar[str] = "The current state does not allow this step"


class Transitions:
    """States and events of one lifecycle: `{("open", "close"): "closed"}`."""

    def __init__(self, name: str, steps: Mapping[tuple[str, str], str]) -> None:
        self.name = name
        self._steps = dict(steps)

    @property
    def states(self) -> tuple[str, ...]:
        """Every state named in the table, in order of first mention."""
        mentioned = [state for (before, _), after in self._steps.items() for state in (before, after)]
        return tuple(dict.fromkeys(mentioned))

    def after(self, state: str, event: str) -> str:
        """The state that `event` leads to from `state`; raises `IllegalTransition`."""
        try:
            return self._steps[state, event]
        except KeyError:
            raise IllegalTransition(
                f"{self.name}: {event!r} is not possible while {state!r}.",
                lifecycle=self.name,
                state=state,
                event=event,
                possible=self.events(state),
            ) from None

    def events(self, state: str) -> list[str]:
        """The events possible from `state`, in table order."""
        return [event for (before, event) in self._steps if before == state]

    def table(self) -> list[tuple[str, str, str]]:
        """Rows (state, event, next state) for the documentation."""
        return [(before, event, after) for (before, event), after in self._steps.items()]
