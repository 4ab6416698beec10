"""The machine on a merchant of a test."""

from collections import Counter
from contextlib import ExitStack

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from tests.factories import Shop
from tests.properties.payments.driver import Product, Vendor
from tests.properties.payments.machine import Trade
from tests.properties.stock.test_stock import undone

_SOLD = ((True, False, False), (False, True, False), (False, False, True), (False, False, False))
"""Whether it is only reserved, with a tip at the reader, and paid in half by gift card."""


class Sold(Trade):
    """The machine on a day on which some has been sold already: more goes back, is held, raised and disputed."""

    @initialize(stormy=st.booleans())
    def begin(self, stormy: bool) -> None:
        """A reservation, a sale with a tip, one paid in part by gift card, and a plain one."""
        super().begin(stormy)
        for is_manual, with_tip, by_card in _SOLD:
            self.sell(
                cups=2,
                channel="present",
                is_manual=is_manual,
                with_tip=with_tip,
                verb="begin",
                fault=None,
                then="pays",
                by_card=by_card,
            )


def machine(shop: Shop, *weathers: str, day: type[Trade] = Trade) -> type[Trade]:
    """The machine on this merchant; every example begins with an account in which nothing has happened."""

    class Here(day):  # type: ignore[misc, valid-type]
        """The machine of one test."""

        steps, faults, examples = Counter(), Counter(), 0

        def product(self) -> Product:  # type: ignore[override]
            """A till with an account at the simulator, until the example ends."""
            self.stack = ExitStack()
            self.stack.enter_context(undone())
            return Product(shop=shop, world=Vendor())

        def teardown(self) -> None:
            """Compare, then undo."""
            try:
                super().teardown()
            finally:
                if hasattr(self, "stack"):
                    self.stack.close()

    Here.weathers = weathers or Trade.weathers
    return Here
