"""Strict JSON: what it accepts equals the standard library's reading; what it refuses is named and placed."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fynlo.api import strict_json
from fynlo.api.strict_json import InvalidJson, parse, pointer_to
from tests.api.json_corpus import REFUSED
from tests.api.json_mutants import MUTANTS, mutant

KEYS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
CONTAINERS = DOCUMENTS.filter(lambda document: isinstance(document, dict | list))


def problems_of(body: bytes, **limits: int) -> list[tuple[str, str]]:
    with pytest.raises(InvalidJson) as refused:
        parse(body, **limits)
    return [(problem.pointer, problem.code) for problem in refused.value.errors]


@pytest.mark.parametrize(("body", "problems"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_refused_body_names_every_problem_with_its_place(body, problems):
    assert problems_of(body) == problems


@pytest.mark.parametrize("name", MUTANTS)
def test_the_corpus_notices_when_a_guard_is_taken_out(name):
    weakened = mutant(name)

    def noticed(body: bytes, problems: list[tuple[str, str]]) -> bool:
        try:
            weakened.parse(body)
        except weakened.InvalidJson as refused:
            return [(problem.pointer, problem.code) for problem in refused.errors] != problems
        except Exception:  # noqa: BLE001  a crash is noticed too
            return True
        return True

    assert [row[0] for row in REFUSED if noticed(*row[1:])] != []


@settings(deadline=None)
@given(DOCUMENTS, st.booleans(), st.sampled_from([None, 2]))
def test_a_clean_document_is_read_as_the_standard_library_reads_it(document, ensure_ascii, indent):
    body = json.dumps(document, ensure_ascii=ensure_ascii, indent=indent).encode()
    assert parse(body) == json.loads(body)


def outcome(body: bytes) -> tuple[str, Any]:
    """How a body fares: read, with its value, or refused, with the number of problems."""
    try:
        return "read", parse(body)
    except InvalidJson as refused:
        return "refused", len(refused.errors)


@settings(deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet='{}[]:,"\\u0n1.eE-+ \t\x00é', max_size=40).map(str.encode))
def test_any_bytes_are_read_like_json_or_refused_with_a_reason(body):
    kind, result = outcome(body)
    assert (result == json.loads(body)) if kind == "read" else (result >= 1)


class Raw:
    """A piece of JSON text to plant into a document."""

    def __init__(self, text: str) -> None:
        self.text = text


def dump(value: Any) -> str:
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{dump(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(dump(item) for item in value) + "]"
    return json.dumps(value)


def planted(document: Any, raw: Raw, data: st.DataObject) -> tuple[Any, str]:
    """`document` with `raw` put under some existing or new place, and the pointer of that place."""
    pointer, here = "", document
    while True:
        key: Any = data.draw(st.integers(0, len(here))) if isinstance(here, list) else data.draw(KEYS)
        pointer += "/" + str(key).replace("~", "~0").replace("/", "~1")
        known = key < len(here) if isinstance(here, list) else key in here
        if known and isinstance(here[key], dict | list):
            here = here[key]
            continue
        if isinstance(here, list) and not known:
            here.append(raw)
        else:
            here[key] = raw
        return document, pointer


@pytest.mark.parametrize(
    ("planted_text", "code", "below"),
    [
        ("1.5", "number_not_integer", ""),
        ("-0.0", "number_not_integer", ""),
        ("NaN", "number_not_finite", ""),
        ("9007199254740992", "number_too_large", ""),
        ("9" * 4_400, "number_too_large", ""),
        ('"\\u0000"', "nul_character", ""),
        ('"x\\udfff"', "lone_surrogate", ""),
        ('{"k":1,"k":1}', "duplicate_key", "/k"),
        ('[{"\\u0000":1}]', "nul_character", "/0"),
        ("[" * 32 + "]" * 32, "too_deep", None),
        ("tru", "syntax", ""),
    ],
)
@settings(deadline=None)
@given(document=CONTAINERS, data=st.data())
def test_a_planted_fault_is_found_at_its_place(planted_text, code, below, document, data):
    document, pointer = planted(document, Raw(planted_text), data)
    problems = problems_of(dump(document).encode())
    if below is None:
        depth = pointer.count("/")
        assert problems == [(pointer + "/0" * (32 - depth), code)]
    else:
        assert problems == [(pointer + below, code)]


def test_32_levels_are_deep_enough():
    assert parse(b"[" * 32 + b"]" * 32) == json.loads("[" * 32 + "]" * 32)


def test_a_body_of_exactly_the_size_limit_is_read():
    body = b'"' + b"x" * 14 + b'"'
    assert parse(body, max_bytes=16) == "x" * 14
    assert problems_of(body, max_bytes=15) == [("", "body_too_large")]


def test_the_largest_integers_are_read():
    assert parse(b"[9007199254740991,-9007199254740991]") == [9007199254740991, -9007199254740991]


def test_a_surrogate_pair_is_one_character():
    assert parse(b'"\\ud83d\\ude00"') == "\U0001f600"


def test_an_escaped_backslash_before_u0000_is_plain_text():
    assert parse(b'{"path":"\\\\u0000"}') == {"path": "\\u0000"}


def test_a_syntax_fault_tells_line_and_column():
    with pytest.raises(InvalidJson) as refused:
        parse(b'{\n  "lines": [\n    {"quantity": "1",}\n  ]\n}')
    (problem,) = refused.value.errors
    assert (problem.pointer, problem.code) == ("/lines/0", "syntax")
    assert "line 3, column" in problem.detail
    assert (refused.value.code, refused.value.status) == ("invalid_json", 400)


def test_no_more_than_fifty_problems_are_listed():
    assert len(problems_of(b"[" + b"0.5," * 1_000 + b"0.5]")) == 50
    assert len(problems_of(b"[" + b'{"a":1,"a":1},' * 1_000 + b"0]")) == 50


def test_a_pointer_is_cut_at_the_ancestor_that_fits():
    assert problems_of(b'{"a":{"' + b"k" * 1_000 + b'":[1.5]}}') == [("/a", "number_not_integer")]
    assert pointer_to("", "~/") == "/~0~1"


def test_problems_can_always_be_encoded():
    body = b'{"\\ud800":{"a":1,"a":2}, "b":[NaN]}'
    with pytest.raises(InvalidJson) as refused:
        parse(body)
    for problem in refused.value.errors:
        problem.pointer.encode("utf-8")
    assert [problem.code for problem in refused.value.errors] == [
        "lone_surrogate",
        "duplicate_key",
        "number_not_finite",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b'"' + b'\\"' * (1 << 18),
        b'"' + b'\\"' * (1 << 18) + b"\\",
        b'{"a":"' + b'\\"' * (1 << 18) + b"\n",
        b"[" + b"0," * (1 << 18) + b"x",
        b"[" * 500 + b"x",
    ],
)
def test_finding_the_place_of_a_fault_reads_the_body_once(body):
    """The token pattern is possessive: a scan that backtracks needs minutes for these and trips the count."""
    tokens = sum(1 for _ in strict_json._TOKEN.finditer(body.decode()))
    assert tokens <= len(body)
    assert problems_of(body)[0][1] == "syntax"


def test_a_raw_control_character_is_placed_once() -> None:
    with pytest.raises(InvalidJson) as caught:
        parse(b'{"name": "a\x01b"}')
    assert str(caught.value.errors[0].detail) == "Invalid control character at line 1, column 12."
