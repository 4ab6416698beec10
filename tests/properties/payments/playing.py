"""The machine on a merchant of a test."""

from collections import Counter
from contextlib import ExitStack

from tests.factories import Shop
from tests.properties.payments.driver import Product, Vendor
from tests.properties.payments.machine import Trade
from tests.properties.stock.test_stock import undone


def machine(shop: Shop, *weathers: str) -> type[Trade]:
    """The machine on this merchant; every example begins with an account in which nothing has happened."""

    class Here(Trade):
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
