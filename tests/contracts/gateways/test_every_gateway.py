"""Whatever goes wrong between us and a vendor, one intent has one effect: there, with us, and in the books."""

from collections.abc import Iterator
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from payments.gateways.registry import BUILT
from tests.contracts.gateways import ending, returning, ringing, taking
from tests.contracts.gateways.case import Case
from tests.contracts.gateways.faults import FAULTS, NOT_OF_GATEWAYS
from tests.contracts.gateways.worlds import WORLDS
from tests.factories import shop
from tests.told import SAID

pytestmark = pytest.mark.django_db

STORIES = (taking, ending, returning, ringing)
"""Importing them fills the list of faults."""

STRIKING = [(code, name) for code, world in WORLDS.items() for name in FAULTS if name not in world.without]


@pytest.fixture
def case(cafe: Any, request: pytest.FixtureRequest) -> Iterator[Case]:
    """A merchant who has just opened, with an account at the gateway in question."""
    here = shop(cafe)
    world = WORLDS[request.param]()
    with tenant_context(cafe):
        try:
            yield Case(shop=here, world=world)
        finally:
            world.close()


@pytest.mark.parametrize(
    ("case", "name"), STRIKING, indirect=["case"], ids=[f"{code}-{name}" for code, name in STRIKING]
)
def test_one_intent_has_one_effect(case: Case, name: str, record_property: Any) -> None:
    FAULTS[name](case)


def test_every_gateway_has_a_world_and_every_fault_strikes_or_is_explained(record_property: Any) -> None:
    assert set(WORLDS) == set(BUILT)
    for code, world in WORLDS.items():
        assert set(world.without) <= set(FAULTS), code
        assert all(reason.strip() for reason in world.without.values())
        struck = len(FAULTS) - len(world.without)
        said = f"gateways: {code} × {struck} faults, one effect each; {len(world.without)} cannot strike it"
        record_property(SAID, said)
    record_property(SAID, f"gateways: {len(NOT_OF_GATEWAYS)} faults of the list are a shop connection's")
