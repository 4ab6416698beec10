"""Why things are thrown away, as most kitchens write it on the sheet by the bin. Pure."""

from typing import Final

USUAL: Final = (
    ("spoiled", "Spoiled"),
    ("expired", "Expired"),
    ("broken", "Broken"),
    ("spilled", "Spilled"),
    ("overproduced", "Made too much"),
    ("kitchen_mistake", "Kitchen mistake"),
    ("sent_back", "Sent back by the guest"),
    ("staff_meal", "Staff meal"),
    ("tasting", "Tasting"),
    ("theft", "Theft"),
    ("other", "Other"),
)
"""Codes and names that count until the merchant writes a list of their own."""
