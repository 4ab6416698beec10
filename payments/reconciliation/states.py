"""Lives of reconciliation: runs and their steps, lines of payouts, differences, disputes."""

from typing import Final

from fynlo.core.states import Transitions

RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
RUN: Final = Transitions(
    "reconciliation",
    {
        (RUNNING, "finish"): DONE,
        (RUNNING, "fail"): FAILED,
    },
)
STEPS: Final = ("listing", "matching", "comparing", "posting", "closing")
"""What a run does, in this order; each can be done again without harm."""

NEW: Final = "new"
MATCHED: Final = "matched"
LISTED: Final = "listed"
LINE_STATES: Final = (NEW, MATCHED, LISTED)
"""A line of a payout: not judged yet, explained by a row of ours, or listed as a difference."""

OPEN: Final = "open"
RESOLVED: Final = "resolved"
DIFFERENCE: Final = Transitions(
    "difference",
    {
        (OPEN, "resolve"): RESOLVED,
        (RESOLVED, "reappear"): OPEN,
    },
)

NEEDS_RESPONSE: Final = "needs_response"
UNDER_REVIEW: Final = "under_review"
WON: Final = "won"
LOST: Final = "lost"
CLOSED: Final = "closed"
DISPUTE_STATES: Final = (NEEDS_RESPONSE, UNDER_REVIEW, WON, LOST, CLOSED)
"""The vendor's truth, copied; any may follow any (a lost one may be appealed)."""
DISPUTE_OPEN: Final = (NEEDS_RESPONSE, UNDER_REVIEW)
