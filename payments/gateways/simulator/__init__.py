"""The simulator gateway: a vendor in our own database, for demonstrations, developers and tests."""

from payments.gateways.simulator.gateway import Simulator

__all__ = ["Simulator"]
