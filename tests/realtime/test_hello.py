"""The first message: one shape, nothing else."""

import json
from typing import Any

import pytest

from fynlo.realtime.hello import BadMessage, Hello, parse_hello

GOOD = {"type": "authenticate", "ticket": "abc", "since": 41}


def test_the_documented_shape_is_read() -> None:
    assert parse_hello(json.dumps(GOOD)) == Hello(ticket="abc", since=41)


def test_without_since_the_client_wants_only_what_is_new() -> None:
    assert parse_hello('{"type": "authenticate", "ticket": "abc"}') == Hello(ticket="abc", since=None)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "hello",
        "[]",
        "null",
        "{}",
        '{"type": "authenticate"}',
        '{"type": "authenticate", "ticket": "a", "ticket": "b"}',
        '{"type": "authenticate", "ticket": "a", "since": NaN}',
        '{"type": "authenticate", "ticket": "a", "since": 1e3}',
        '{"type": "authenticate", "ticket": "a", "since": 1.0}',
        "[" * 4000,
        '{"type": "authenticate", "ticket": "' + "a" * 5000 + '"}',
    ],
)
def test_anything_that_is_not_json_of_that_shape_is_refused(text: str | None) -> None:
    with pytest.raises(BadMessage):
        parse_hello(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "subscribe"},
        {"type": None},
        {"ticket": ""},
        {"ticket": 5},
        {"ticket": None},
        {"ticket": "é"},
        {"ticket": "a" * 129},
        {"since": -1},
        {"since": "1"},
        {"since": True},
        {"since": 2**53},
        {"since": 10**400},
        {"group": "t.other.feed"},
    ],
)
def test_a_wrong_value_or_an_unknown_field_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadMessage):
        parse_hello(json.dumps(GOOD | changes))
