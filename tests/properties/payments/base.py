"""What the rules of the machine share: whom they pick, what weather it is, and what they count."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar, cast
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from fynlo.core.errors import DomainError
from payments.gateways.simulator.models import SimulatedObject
from tests.contracts.gateways.worlds.base import Bell
from tests.contracts.gateways.worlds.simulated import Simulated
from tests.properties.payments.driver import Product
from tests.properties.payments.model import Intent, Pencil
from tests.properties.payments.weather import DIES, Killed, failpoint, killed_at

PLACES = st.integers(0, 2)
"""Which of those that come into question, the latest first."""
_FAIR = 3
"""In fair weather every third fault strikes; in a storm all do."""


class Base(RuleBasedStateMachine):
    """`product` makes the product of one example."""

    product: Callable[[], Product]
    weathers: ClassVar[tuple[str, ...]] = ("fair", "stormy")
    steps: ClassVar[Counter[str]]
    """What was done over all examples, by what it was."""
    faults: ClassVar[Counter[str]]
    """What went wrong meanwhile, by what it was."""
    examples: ClassVar[int]

    @initialize(stormy=st.booleans())
    def begin(self, stormy: bool) -> None:
        """A merchant with an account, a gift card, and nothing sold."""
        kind = type(self)
        kind.examples += 1
        self.is_stormy = kind.weathers[stormy % len(kind.weathers)] == "stormy"
        self.planned = 0
        self.real = self.product()
        self.world = cast("Simulated", self.real.world)
        self.pencil = Pencil()
        self.waiting: list[Bell] = []
        self.is_lost = False

    def these(self, kind: str) -> list[Intent]:
        """Intents that come into question, the latest first."""

        def is_one(each: Intent) -> bool:
            if kind == "back":
                return bool(each.backs)
            if kind == "live":
                return each.seen in {"nothing", "held"}
            if kind == "disputed":
                return each.dispute is not None
            return each.seen == {"open": "nothing"}.get(kind, kind)

        return [each for each in reversed(self.pencil.intents) if is_one(each)]

    def some(self, kind: str) -> bool:
        """Whether there is one."""
        return hasattr(self, "pencil") and bool(self.these(kind))

    def pick(self, kind: str, place: int) -> Intent:
        """One of them."""
        found = self.these(kind)
        return found[place % len(found)]

    def done(self, what: str) -> None:
        """Count it."""
        type(self).steps[what] += 1

    def vendors(self, intent: Intent) -> SimulatedObject | None:
        """What the vendor has of it."""
        found: SimulatedObject | None = SimulatedObject.objects.filter(
            kind="payment", about=str(intent.key)
        ).first()
        return found

    def name(self, row: SimulatedObject) -> str:
        """The vendor's name of a payment."""
        return f"sim_pay_{row.pk.hex}"

    @contextmanager
    def meeting(self, verb: str, fault: str | None) -> Iterator[str | None]:
        """What is done inside meets this fault, if the weather is so; a no of the product ends it, or death."""
        fault = self._in_this_weather(fault)
        if fault is not None and fault not in DIES:
            self.world._plan(fault, verb)
        try:
            if fault in DIES:
                with killed_at(failpoint(verb, fault)):
                    yield fault
            else:
                yield fault
        except Killed:
            type(self).faults[fault or ""] += 1
        except DomainError:
            self.done("said no")
        finally:
            if fault is not None and fault not in DIES and not self.real.stop_faults():
                type(self).faults[fault] += 1

    def _in_this_weather(self, fault: str | None) -> str | None:
        if fault is None or self.is_stormy:
            return fault
        self.planned += 1
        return None if self.planned % _FAIR else fault

    def note_late(self, order: UUID) -> None:
        """From now on this order may get its money twice, and what it does not owe is to be listed."""
        self.pencil.late.add(order)
