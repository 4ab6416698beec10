"""The page on promotions shows rules the book takes, and cites vectors that exist."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pos.pricing.reading import read_promotion, read_when

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/concepts/promotions.md").read_text(encoding="utf-8")
EXAMPLES = [
    json.loads(text)
    for text in re.findall(r"(?:^    .+\n)+", PAGE, re.MULTILINE)
    if "{" in text.split("\n")[0]
]


def _kinds_of_rule(example: dict[str, Any]) -> str:
    return str(example.get("kind") or example.get("rule", {}).get("kind") or "when")


def _case_names() -> set[str]:
    files = (ROOT / "tests/vectors/pricing").glob("*.json")
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in files if path.name != "schema.json"]
    return {case["name"] for document in documents for case in document["cases"]}


@pytest.mark.parametrize("example", EXAMPLES, ids=_kinds_of_rule)
def test_example_is_read_by_the_strict_reader(example: dict[str, Any]) -> None:
    if "rule" in example:
        assert read_promotion(example).id == example["id"]
    elif "kind" in example:
        assert read_promotion({"id": "example", "rule": example}).when is not None
    else:
        assert read_when(example).weekdays == tuple(example["weekdays"])


def test_every_kind_of_rule_has_an_example() -> None:
    kinds = {_kinds_of_rule(example) for example in EXAMPLES}
    assert kinds >= {
        "percent_off",
        "amount_off",
        "fixed_price",
        "threshold",
        "tiered",
        "buy_get",
        "n_for_price",
        "cheapest_free",
        "bundle",
    }


def test_every_vector_that_is_cited_exists() -> None:
    cited = {
        name
        for group in re.findall(r"\[(`[a-z0-9-]+`(?:, `[a-z0-9-]+`)*)\]", PAGE)
        for name in re.findall(r"`([a-z0-9-]+)`", group)
    }
    assert len(cited) > 40
    assert cited - _case_names() == set()
