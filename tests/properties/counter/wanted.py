"""What people ask for at the counter."""

from fractions import Fraction

from hypothesis import strategies as st

from fynlo.core.ids import new_id
from tests.properties.counter.amounts import GOODS
from tests.properties.counter.model import Line

TILLS = ("K1", "K2")
INCREMENTS = (1, 5, 10, 50, 100)

tills = st.sampled_from(TILLS)
quantities = st.integers(1, 4)
extra = st.one_of(st.just(0), st.integers(1, 40).map(lambda coins: coins * 100))
quarters = st.integers(0, 4)


class Wanted:
    """A line somebody asks for: cheese by weight, everything else by the piece, sometimes a little cheaper."""

    def __init__(self, name: str, pieces: int, off: int) -> None:
        self.name, self.off = name, off
        self.quantity = Fraction(pieces * 37, 100) if name == "cheese" else Fraction(pieces)

    def __repr__(self) -> str:
        return f"{self.quantity} {self.name}" + (f" less {self.off}" if self.off else "")

    def line(self) -> Line:
        """As it stands in the pencil's book."""
        return Line(new_id(), self.name, self.quantity, self.off)


wanted = st.builds(Wanted, st.sampled_from(tuple(GOODS)), quantities, st.sampled_from((0, 0, 0, 7, 25)))
baskets = st.lists(wanted, min_size=1, max_size=4)
