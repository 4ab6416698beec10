"""What the fake vendor remembers: one world per account, a clock, ids, and the errors it answers with."""

import copy
import itertools
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import stripe

from tests.contracts.stripe import responses

Body = dict[str, Any]
PLATFORM = "acct_platform"


class Refusal(Exception):
    """An answer that is an error: status, Stripe's error type and code, and whatever else stands in its object."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        named = {"message": message, "type": kind, "code": code, "param": param, **extra}
        self.error: Body = {name: value for name, value in named.items() if value is not None}


class Clock:
    """Seconds since 1970: the machine's clock plus what a test added, or a moment the test named."""

    def __init__(self) -> None:
        self._ahead = 0
        self._frozen: int | None = None

    def now(self) -> int:
        """The vendor's present second."""
        return (int(time.time()) if self._frozen is None else self._frozen) + self._ahead

    def freeze(self, *, at: int) -> None:
        """The clock stands at `at` from here on and moves only by `advance`."""
        self._frozen, self._ahead = at, 0

    def advance(self, *, seconds: int) -> None:
        """Later; what falls due is the server's business."""
        self._ahead += seconds


@dataclass
class World:
    """Everything that lives on one account. `hidden` holds what the vendor knows and never shows."""

    account: str
    country: str
    currency: str
    vendor: "Vendor"
    tables: dict[str, dict[str, Body]] = field(default_factory=dict)
    hidden: dict[str, Body] = field(default_factory=dict)

    def add(self, prefix: str, declared: Any, /, **fields: Any) -> Body:
        """A new object of a resource class: null where the class allows it, then `fields`."""
        known = responses.fields_of(declared)
        body: Body = {"id": self.vendor.new_id(prefix, self), "object": declared.OBJECT_NAME}
        grounds = {"created": self.now(), "livemode": False, "metadata": {}}
        body = body | copy.deepcopy(responses.blank(declared))
        body |= {name: value for name, value in grounds.items() if name in known} | fields
        self.tables.setdefault(body["object"], {})[body["id"]] = body
        self.hidden[body["id"]] = {}
        return body

    def now(self) -> int:
        """The vendor's clock."""
        return self.vendor.clock.now()

    def all(self, kind: str) -> list[Body]:
        """Every object of a kind, newest first, as Stripe lists them."""
        return list(reversed(self.tables.get(kind, {}).values()))

    def get(self, kind: str, key: str, *, param: str | None = None) -> Body:
        """The object, or the 404 Stripe gives (400 when the id was a parameter)."""
        found = self.tables.get(kind, {}).get(key)
        if found is None:
            spoken = kind.replace("_", " ").replace(".", " ")
            text = f"No such {spoken}: '{key}'"
            raise Refusal(text, status=400 if param else 404, code="resource_missing", param=param or "id")
        return found

    def find(self, key: str) -> Body | None:
        """The object with this id, of whatever kind."""
        return next((rows[key] for rows in self.tables.values() if key in rows), None)

    def tell(self, kind: str, body: Mapping[str, Any], *, before: Body | None = None) -> None:
        """The event: kept in this world's list and handed to the bells."""
        data: Body = {"object": copy.deepcopy(dict(body))} | (
            {"previous_attributes": before} if before else {}
        )
        request = {"id": None, "idempotency_key": self.vendor.current_key}
        event = self.add(
            "evt",
            stripe.Event,
            type=kind,
            data=data,
            api_version=self.vendor.api_version,
            pending_webhooks=1,
            request=request,
        )
        if self.account != PLATFORM:
            event["account"] = self.account
        else:
            event.pop("account", None)
        self.vendor.checked(responses.check_object(body=event), what=kind)
        self.vendor.checked(responses.check_object(body=data["object"]), what=kind)
        self.vendor.bells.hear(event)


class Vendor:
    """All worlds together, and the one lock under which anything changes."""

    def __init__(self, *, api_version: str, bells: Any) -> None:
        self.api_version = api_version
        self.bells = bells
        self.clock = Clock()
        self.lock = threading.RLock()
        self.equal_ids = False
        self.current_key: str | None = None
        self.problems: list[str] = []
        self.warnings: set[str] = set()
        self.worlds: dict[str, World] = {}
        self.platform_account: Body = {"id": PLATFORM, "metadata": {}}
        self.platform_account["configuration"] = {
            "merchant": {"capabilities": {"card_payments": {"status": "active", "status_details": []}}}
        }
        self._counters: dict[str, itertools.count[int]] = {}
        self.connect(PLATFORM, country="US", currency="usd")

    def connect(self, account: str, *, country: str, currency: str) -> World:
        """An account the platform's key can speak for."""
        self.worlds[account] = World(account=account, country=country, currency=currency, vendor=self)
        return self.worlds[account]

    def new_id(self, prefix: str, world: World) -> str:
        """`pi_000001`: counted over all worlds, or per world when a test wants equal ids in two of them."""
        counter = self._counters.setdefault(world.account if self.equal_ids else "", itertools.count(1))
        return f"{prefix}_{next(counter):06d}fake"

    def checked(self, verdict: responses.Verdict, *, what: str) -> None:
        """Collects what the library says against one of our bodies."""
        self.problems += [f"{what}: {problem}" for problem in verdict.problems]
        self.warnings |= {f"{what}: {name} is missing" for name in verdict.missing}


def world_of(vendor: Vendor, account: str | None) -> World:
    """The world a request speaks to; an account the key has no access to is 403."""
    world = vendor.worlds.get(account or PLATFORM)
    if world is None:
        text = (
            f"The provided key does not have access to account '{account}' (or that account does not exist)."
        )
        raise Refusal(text + " Application access may have been revoked.", status=403, code="account_invalid")
    return world
