"""The fake signing unit is as strict as a real one, and says that it is none."""

import datetime as dt

import pytest

from pos.fiscal.fake_unit import ALGORITHM, LONGEST_DATA, MOST_OPEN, FakeUnit
from pos.fiscal.units import SigningUnit, UnitRefused, UnitUnavailable

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(seconds=1)


def test_a_transaction_is_started_updated_and_finished() -> None:
    unit: SigningUnit = FakeUnit(serial="U1")
    number = unit.start(client="K1", at=NOON)
    unit.update(client="K1", transaction=number, data=b"first", at=NOON)
    signed = unit.finish(client="K1", transaction=number, process="sale", data=b"last", at=LATER)
    assert (signed.unit, signed.transaction, signed.counter) == ("U1", 1, 2)
    assert (signed.started_at, signed.finished_at, signed.algorithm) == (NOON, LATER, ALGORITHM)
    assert signed.algorithm == "FAKE-NOT-FOR-USE"
    assert len(signed.signature) == 64
    assert signed.signature not in repr(signed)


def test_transactions_are_numbered_without_gaps_and_signatures_counted() -> None:
    unit = FakeUnit()
    numbers = [unit.start(client="K1", at=NOON) for _ in range(3)]
    signed = [unit.finish(client="K1", transaction=n, process="sale", data=b"", at=NOON) for n in numbers]
    assert numbers == [1, 2, 3]
    assert [each.counter for each in signed] == [4, 5, 6]
    assert len({each.signature for each in signed}) == 3


def test_it_refuses_what_a_real_one_refuses() -> None:
    unit = FakeUnit()
    number = unit.start(client="K1", at=NOON)
    for wrong in (
        lambda: unit.finish(client="K2", transaction=number, process="sale", data=b"", at=NOON),
        lambda: unit.update(client="K1", transaction=99, data=b"", at=NOON),
        lambda: unit.finish(client="K1", transaction=number, process="", data=b"", at=NOON),
        lambda: unit.update(client="K1", transaction=number, data=b"x" * (LONGEST_DATA + 1), at=NOON),
        lambda: unit.start(client="", at=NOON),
        lambda: unit.start(client="K1", at=NOON - dt.timedelta(seconds=1)),
    ):
        with pytest.raises(UnitRefused):
            wrong()
    unit.finish(client="K1", transaction=number, process="sale", data=b"", at=NOON)
    with pytest.raises(UnitRefused):
        unit.finish(client="K1", transaction=number, process="sale", data=b"", at=NOON)


def test_it_holds_so_many_open_transactions_and_no_more() -> None:
    unit = FakeUnit()
    for _ in range(MOST_OPEN):
        unit.start(client="K1", at=NOON)
    with pytest.raises(UnitRefused, match="too many"):
        unit.start(client="K1", at=NOON)


def test_while_it_is_broken_it_says_why_and_afterwards_it_goes_on_counting() -> None:
    unit = FakeUnit()
    number = unit.start(client="K1", at=NOON)
    unit.break_down("no power")
    with pytest.raises(UnitUnavailable, match="no power"):
        unit.finish(client="K1", transaction=number, process="sale", data=b"", at=NOON)
    unit.repair()
    with pytest.raises(UnitRefused):
        unit.finish(client="K1", transaction=number, process="sale", data=b"", at=NOON)
    assert unit.start(client="K1", at=NOON) == 2
