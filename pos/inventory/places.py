"""Where stock is: a variant at a location. Sorted, places are in the order in which levels are locked. Pure."""

from typing import NamedTuple
from uuid import UUID


class Place(NamedTuple):
    """A variant at a location: the key of a level, and of the stream of its movements."""

    location_id: UUID
    variant_id: UUID
