"""What changed between two documents, in paths a merchant recognises."""

from typing import Any

import pytest

from tenants.onboarding.differences import Difference, differences


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [Difference("a", "changed", 1, 2)]),
        ({"a": 1}, {"b": 1}, [Difference("b", "added", None, 1), Difference("a", "removed", 1)]),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, [Difference("a.b.c", "changed", 1, 2)]),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, [Difference("a", "changed", ["x", "y"], ["y", "x"])]),
        ({"a": None}, {"a": {"b": 1}}, [Difference("a", "changed", None, {"b": 1})]),
        (
            {"tills": [{"code": "K1", "name": "Luke"}, {"code": "K2", "name": "Tresen"}]},
            {"tills": [{"code": "K2", "name": "Bar"}, {"code": "K1", "name": "Luke"}]},
            [Difference("tills[K2].name", "changed", "Tresen", "Bar")],
        ),
        (
            {"people": [{"number": "1", "name": "Ines"}]},
            {"people": [{"number": "2", "name": "Ines"}]},
            [
                Difference("people[2]", "added", None, {"number": "2", "name": "Ines"}),
                Difference("people[1]", "removed", {"number": "1", "name": "Ines"}),
            ],
        ),
        ({"a": []}, {"a": [{"code": "x"}]}, [Difference("a[x]", "added", None, {"code": "x"})]),
    ],
)
def test_differences(before: Any, after: Any, found: list[Difference]) -> None:
    assert list(differences(before, after)) == found
