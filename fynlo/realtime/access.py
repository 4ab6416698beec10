"""May this actor keep listening? Asked at the start, every minute, and when an event says that rights changed.

Realtime knows neither devices nor staff; the apps that do register a checker:

    register_checker(
        name="terminals", checker=terminal_is_paired, kinds={"device"}, on_events={"terminal.revoked"}
    )

A checker runs inside the tenant, gets the actor of the ticket, and answers for what it knows: True for an
actor it has nothing to say about. One False closes the socket. An actor of a kind that no checker vouches for
may not listen at all: a forgotten registration closes the door, it does not leave it open.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from fynlo.core.actors import Actor

PERMISSION = "feed.read"

Checker = Callable[[Actor], bool]


@dataclass(frozen=True, slots=True)
class _Registered:
    checker: Checker
    kinds: frozenset[str]
    on_events: frozenset[str]


_checkers: dict[str, _Registered] = {}


def register_checker(
    *, name: str, checker: Checker, kinds: Collection[str] = (), on_events: Collection[str] = ()
) -> None:
    """Register a checker.

    `kinds` are the kinds of actor it vouches for (`Actor.kind`), `on_events` the kinds of feed events after
    which every socket of the tenant asks again at once.
    """
    if name in _checkers:
        raise ValueError(f"there is already a checker named {name!r}")
    _checkers[name] = _Registered(checker=checker, kinds=frozenset(kinds), on_events=frozenset(on_events))


def is_allowed(*, actor: Actor) -> bool:
    """Whether `actor` may listen to the current tenant's feed now."""
    vouched = any(actor.kind in each.kinds for each in _checkers.values())
    if not vouched or not actor.may(PERMISSION):
        return False
    return all(each.checker(actor) for each in _checkers.values())


def changes_rights(kind: str) -> bool:
    """Whether an event of this kind is a reason to ask again at once."""
    return any(kind in each.on_events for each in _checkers.values())
