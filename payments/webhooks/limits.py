"""What the door lets in."""

from typing import Final

from fynlo.api.limits import Limit

LARGEST_BODY: Final = 524_288
"""Bytes. The largest events of vendors have a tenth of it."""
FORGERIES: Final = Limit(name="webhook", count=60, seconds=60)
"""Per address. What turns out to be genuine is not counted, so that a busy vendor is never refused."""
