"""A café with an account at a vendor that lists its payouts."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.payments.reconciliation.listing import Desk, Listing, desk_at, listing_present


@pytest.fixture
def vendor() -> Iterator[Listing]:
    with listing_present() as made:
        yield made


@pytest.fixture
def desk(in_cafe: Any, vendor: Listing) -> Desk:
    return desk_at(vendor)
