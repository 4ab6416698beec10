"""Proof without a network: fakes of the vendors that hold our traffic to the vendors' own descriptions."""
