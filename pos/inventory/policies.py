"""What a sale does when there is not enough of an item. Pure."""

from typing import Final

ALLOW: Final = "allow"
"""It is sold, and flagged when there is less than nothing."""
DENY: Final = "deny"
"""It is not sold."""
BACKORDER: Final = "backorder"
"""It is sold and owed."""
UNTRACKED: Final = "untracked"
"""Nobody counts it."""
POLICIES: Final = (ALLOW, DENY, BACKORDER, UNTRACKED)
