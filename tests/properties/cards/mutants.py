"""Mistakes that gift cards are made with, built into the product one at a time."""

from collections.abc import Callable
from typing import Any

import pytest

from payments.credit.services import issuing, moving, redeeming, reserving, steps

Mutant = Callable[[pytest.MonkeyPatch], None]


def guard_left_away(patch: pytest.MonkeyPatch) -> None:
    """A question takes what is not there."""
    patch.setattr(moving, "GUARD", "true")


def reserved_is_for_everybody(patch: pytest.MonkeyPatch) -> None:
    """The guard looks at the whole balance."""
    patch.setattr(moving, "GUARD", moving.GUARD.replace(" - account.reserved_minor", ""))


def blocked_cards_pay(patch: pytest.MonkeyPatch) -> None:
    """Nobody asks for the state."""
    patch.setattr(moving, "GUARD", moving.GUARD.replace("account.state = 'active'", "true"))


def reservations_are_not_drawn(patch: pytest.MonkeyPatch) -> None:
    """A till pays from what is available and keeps what it has reserved."""
    patch.setattr(redeeming, "_drawn", lambda claims, _register: [0] * len(claims))


def overdraft_forgotten(patch: pytest.MonkeyPatch) -> None:
    """What was spent beyond a balance is nobody's."""
    text = moving._MOVE
    start = text.index("overdrawn_minor = GREATEST(")
    end = text.index("FROM move")
    patch.setattr(moving, "_MOVE", f"{text[:start]}overdrawn_minor = 0\n{text[end:]}")


def release_covers_nothing(patch: pytest.MonkeyPatch) -> None:
    """What is let go does not cover what is overdrawn."""
    text = "UPDATE payments_storedvalue SET reserved_minor = reserved_minor - %(amount)s WHERE id = %(id)s"
    patch.setattr(reserving, "_LET_GO", text)


def given_again(patch: pytest.MonkeyPatch) -> None:
    """A repeat is another gift."""
    real = issuing.put_on

    def always(*, cause_id: Any, **facts: Any) -> Any:
        del cause_id
        return real(cause_id=issuing.StoredValue().pk, **facts)

    patch.setattr(issuing, "put_on", always)
    patch.setattr(issuing, "done_before", lambda **_facts: None)
    patch.setattr(issuing, "open_value", _found_or_opened(issuing.open_value))


def breakage_not_booked(patch: pytest.MonkeyPatch) -> None:
    """What is cleared disappears from the card and stays in the books."""
    patch.setattr(steps, "post", lambda **_facts: None)


def _found_or_opened(real: Callable[..., Any]) -> Callable[..., Any]:
    def opened(*, draft: Any, at: Any) -> Any:
        known = issuing.StoredValue.objects.filter(pk=draft.id).first()
        return known or real(draft=draft, at=at)

    return opened
