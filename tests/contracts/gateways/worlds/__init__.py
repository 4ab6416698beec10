"""The worlds of the gateways, by their codes."""

from typing import Final

from tests.contracts.gateways.worlds.base import World
from tests.contracts.gateways.worlds.people import Drawer, Machine
from tests.contracts.gateways.worlds.simulated import Simulated
from tests.contracts.gateways.worlds.stored import Credit, GiftCard
from tests.contracts.gateways.worlds.striped import Striped

WORLDS: Final[dict[str, type[World]]] = {
    world.code: world for world in (Machine, Drawer, GiftCard, Credit, Simulated, Striped)
}
