"""Nobody counts more money in a drawer than fits into an answer."""

from typing import Any

import pytest

from tests.factories import TillClient, paired_till, shop


@pytest.mark.django_db
def test_a_float_beyond_what_a_drawer_holds_is_refused(cafe: Any) -> None:
    made = shop(cafe)
    till = TillClient(cafe, paired_till(cafe))
    answer = till.post(
        f"/registers/{made.register.pk}/sessions",
        {"opening_float": {"amount_minor": 10**13 + 1, "currency": "EUR"}},
    )
    assert answer.status_code == 400
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/opening_float/amount_minor", "too_large")
    ]
