"""Who reads the log: each reader has a name, a handler, and a cursor in every tenant's schema.

    subscribe(name="kitchen", handler=fire_tickets)        # in the reading app's AppConfig.ready

A handler gets a page of items in order and the tenant, inside the tenant and inside the unit of work that
also moves the cursor. So rows it writes are written exactly once; what it sends elsewhere is sent at least
once and must be recognisable by `seq`. It should be short: long work belongs in a task it starts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from fynlo.core.tenancy import TenantLike
from fynlo.events.facts import FeedItem

Handler = Callable[[list[FeedItem], TenantLike], None]


@dataclass(frozen=True, slots=True)
class Subscription:
    """One reader. `page` is how many items it is handed at a time (more only to finish a transaction)."""

    name: str
    handler: Handler
    page: int = 500


_registered: dict[str, Subscription] = {}


def subscribe(*, name: str, handler: Handler, page: int = 500) -> Subscription:
    """Register a reader; it starts at the beginning of each tenant's log. A name is taken once."""
    if name in _registered:
        raise ValueError(f"there is already a reader named {name!r}")
    _registered[name] = Subscription(name=name, handler=handler, page=page)
    return _registered[name]


def subscriptions() -> tuple[Subscription, ...]:
    """All readers, in the order they registered."""
    return tuple(_registered.values())


def subscription(name: str) -> Subscription:
    """The reader with this name; raises KeyError when there is none."""
    return _registered[name]
