"""Step 13: cash rounding, at the tender only."""

from tests.pricing_reference.book import Json


def cash_rounding(*, due_minor: int, increment: int) -> Json:
    """The nearest payable amount, half away from zero, the same for money taken and money given back."""
    steps, over = divmod(abs(due_minor), increment)
    if over * 2 >= increment:
        steps += 1
    rounded = steps * increment * (1 if due_minor >= 0 else -1)
    return {"rounded_minor": rounded, "difference_minor": rounded - due_minor}
