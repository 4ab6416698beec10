"""What can be wrong with a question about journals."""

from fynlo.core.errors import RuleViolation


class PeriodTooLarge(RuleViolation):
    """More entries than are exported while somebody waits."""

    code, title = "period_too_large", "The period has too many entries"
