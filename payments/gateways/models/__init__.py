"""The tables of gateways: accounts at vendors, readers, attempts, and money on its way back."""

from payments.gateways.models.attempts import Attempt, AttemptStep, GatewayRefund
from payments.gateways.models.connections import Connection, Reader
from payments.gateways.models.signatures import AttemptSignature

__all__ = ["Attempt", "AttemptSignature", "AttemptStep", "Connection", "GatewayRefund", "Reader"]
