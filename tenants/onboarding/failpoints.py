"""Dying on purpose: `FYNLO_FAILPOINT=onboard:<step>:before|after` kills the process at that point.

Tests prove with it that onboarding goes on where it stopped. Never active in production.
"""

import os
import signal
from typing import Literal

from django.conf import settings


def reach(step: str, moment: Literal["before", "after"]) -> None:
    """Die here if asked to: `before` a step's commit, or `after` it."""
    if settings.PRODUCTION:
        return
    if os.environ.get("FYNLO_FAILPOINT") == f"onboard:{step}:{moment}":
        os.kill(os.getpid(), signal.SIGKILL)
