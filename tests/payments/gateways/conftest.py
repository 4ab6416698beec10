"""A café with an account at the vendor, and a settler that keeps what it was called for."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from fynlo.events.log import unit_of_work
from payments.gateways.services import mark_settled, register_settler
from payments.gateways.services import settling as settling_room
from tests.payments.gateways.asking import AT, Desk, desk_of
from tests.payments.gateways.vendor import Vendor, vendor_present

__all__ = ["AT"]


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with vendor_present() as made:
        yield made


@pytest.fixture
def settled() -> Iterator[list[Any]]:
    """Attempts that were settled for the purpose `test`, in order."""
    done: list[Any] = []

    def settle(*, attempt_id: Any, at: dt.datetime) -> None:
        with unit_of_work():
            if mark_settled(attempt_id=attempt_id, at=at):
                done.append(attempt_id)

    register_settler("test", settle)
    yield done
    settling_room._settlers.pop("test")


@pytest.fixture
def desk(in_cafe: Any, vendor: Vendor, settled: list[Any]) -> Desk:
    return desk_of(vendor, settled)
