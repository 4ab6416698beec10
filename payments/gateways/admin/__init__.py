"""Gateways in the back office: accounts, readers, attempts with all their steps, and money on its way back."""

from payments.gateways.admin import attempt_page, attempts, connections, readers, signature_page

__all__ = ["attempt_page", "attempts", "connections", "readers", "signature_page"]
