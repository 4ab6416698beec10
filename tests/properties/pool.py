"""A fixed crowd of random sales, drawn once, for tests that ask many questions about each."""

from functools import cache

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from tests.properties.focused import charged_sales, counted_sales, taxed_sales, timed_sales
from tests.properties.orders import sales
from tests.properties.till import Sale


@cache
def pool() -> tuple[Sale, ...]:
    """The sales; the same ones on every run."""
    crowd = [
        (sales(), 300),
        (timed_sales(), 150),
        (taxed_sales(), 250),
        (charged_sales(), 100),
        (counted_sales(), 200),
    ]
    return tuple(sale for strategy, size in crowd for sale in drawn_from(strategy, size))


def drawn_from(strategy: SearchStrategy[Sale], size: int) -> list[Sale]:
    """`size` examples of a strategy."""
    drawn: list[Sale] = []

    @settings(
        max_examples=size,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(sale=strategy)
    def draw(sale: Sale) -> None:
        drawn.append(sale)

    draw()
    return drawn
