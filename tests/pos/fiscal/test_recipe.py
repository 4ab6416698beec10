"""The recipe of the chain: fixed for ever, checked against hashes made by hand and by another program."""

import datetime as dt
import hashlib
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.fiscal.canonical import NotCanonical, canonical_text
from pos.fiscal.entries import JournalDraft, SealedEntry
from pos.fiscal.recipe import RECIPES, UnknownRecipe, entry_hash, instant

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(seconds=1, microseconds=5)

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
BODIES = st.dictionaries(
    TEXTS, st.recursive(TEXTS, lambda some: st.lists(some) | st.dictionaries(TEXTS, some), max_leaves=10)
)


def sealed(**changes: Any) -> SealedEntry:
    draft = JournalDraft(
        kind="sale",
        at=NOON,
        business_date=dt.date(2026, 3, 1),
        number="K1-R12",
        body={"total": "4.20", "name": "Crème brûlée"},
    )
    entry = draft.sealed(register_code="K1", position=7, previous_hash="ab" * 32, recorded_at=LATER)
    return replace(entry, **changes)


def test_a_hash_is_sha_256_of_ten_lines() -> None:
    lines = [
        "fynlo-journal-1",
        "K1",
        "7",
        "sale",
        "K1-R12",
        "2026-03-01T12:00:00.000000Z",
        "2026-03-01T12:00:01.000005Z",
        "2026-03-01",
        "ab" * 32,
        '{"name":"Crème brûlée","total":"4.20"}',
    ]
    assert sealed().hash == hashlib.sha256("\n".join(lines).encode()).hexdigest()
    assert sealed().made_hash() == sealed().hash


@pytest.mark.parametrize(
    "change",
    [
        {"register_code": "K2"},
        {"position": 8},
        {"kind": "void"},
        {"number": "K1-R13"},
        {"at": NOON + dt.timedelta(microseconds=1)},
        {"recorded_at": LATER + dt.timedelta(microseconds=1)},
        {"business_date": dt.date(2026, 3, 2)},
        {"previous_hash": "ac" + "ab" * 31},
        {"body": '{"name":"Crème brûlée","total":"4.21"}'},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_altered_makes_another_hash(change: dict[str, Any]) -> None:
    assert sealed(**change).made_hash() != sealed().hash


def test_a_time_is_the_same_instant_wherever_it_was_read() -> None:
    there = dt.timezone(dt.timedelta(hours=5, minutes=45))
    assert instant(NOON.astimezone(there)) == instant(NOON) == "2026-03-01T12:00:00.000000Z"
    with pytest.raises(ValueError, match="aware"):
        instant(NOON.replace(tzinfo=None))


def test_a_recipe_is_never_taken_away() -> None:
    assert set(RECIPES) == {1}
    with pytest.raises(UnknownRecipe, match="recipe 2"):
        sealed(recipe=2).made_hash()


def test_no_line_may_hold_a_line_feed() -> None:
    with pytest.raises(ValueError, match="line feed"):
        sealed(register_code="K1\n7").made_hash()
    with pytest.raises(ValueError, match="short line"):
        JournalDraft(kind="sale", at=NOON, business_date=NOON.date(), body={}, number="K1\n")
    with pytest.raises(ValueError, match="no entries of kind"):
        JournalDraft(kind="sold", at=NOON, business_date=NOON.date(), body={})


def test_a_draft_does_not_show_what_it_says() -> None:
    draft = JournalDraft(kind="sale", at=NOON, business_date=NOON.date(), body={"a": "secret"})
    assert "secret" not in repr(draft)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"b": "2", "a": "1"}, '{"a":"1","b":"2"}'),
        ({"a": ["x", {"z": "", "y": None}]}, '{"a":["x",{"z":""}]}'),
        ({"line": "a\nb\t\x07"}, '{"line":"a\\nb\\t\\u0007"}'),
        ({"é": "ß€𝄞"}, '{"é":"ß€𝄞"}'),
        ({"none": None}, "{}"),
    ],
)
def test_canonical_text(body: dict[str, Any], text: str) -> None:
    assert canonical_text(body) == text


@pytest.mark.parametrize("value", [1, 1.5, True, b"x", {1: "x"}, dt.date(2026, 1, 1), "\ud800"])
def test_a_body_holds_texts_only(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical_text({"value": value})


def test_a_body_is_not_nested_for_ever() -> None:
    body: Any = {}
    for _ in range(30):
        body = {"deeper": body}
    with pytest.raises(NotCanonical, match="deeply"):
        canonical_text(body)


@given(BODIES, st.randoms(use_true_random=False))
def test_one_content_has_one_text_and_it_is_one_line(body: dict[str, Any], order: random.Random) -> None:
    names = list(body)
    order.shuffle(names)
    text = canonical_text({name: body[name] for name in names})
    assert text == canonical_text(body)
    assert "\n" not in text


def test_a_hash_needs_a_known_recipe() -> None:
    with pytest.raises(UnknownRecipe):
        entry_hash(
            recipe=0,
            register_code="K1",
            position=1,
            kind="sale",
            number="",
            at=NOON,
            recorded_at=NOON,
            business_date=NOON.date(),
            previous_hash="",
            body="{}",
        )


def test_the_page_shows_a_hash_that_is_so() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "concepts" / "journal.md").read_text(
        encoding="utf-8"
    )
    (example,) = re.findall(r"```\n(fynlo-journal-1\n.*?)\n```", page, re.DOTALL)
    (shown,) = re.findall(r"^    ([0-9a-f]{64})$", page, re.MULTILINE)
    assert hashlib.sha256(example.encode()).hexdigest() == shown
    draft = JournalDraft(
        kind="reprint",
        at=NOON,
        business_date=NOON.date(),
        number="K1-R12",
        body={"document": "sale", "copy": "1", "employee": "Zoë"},
    )
    at = NOON + dt.timedelta(seconds=1)
    assert draft.sealed(register_code="K1", position=1, previous_hash="", recorded_at=at).hash == shown
