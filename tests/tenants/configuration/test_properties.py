"""Over the whole schema: what is right is accepted, and one wrong field is refused by its name."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.configuration.fields import RESERVED_SLUGS, country_codes, time_zones
from tenants.configuration.schema import file_schema, shapes_at
from tests.tenants.files import mistakes, valid

Path = tuple[str | int, ...]

printable = st.characters(categories=["L", "Nd", "P", "S"], exclude_characters="\ufeff")
names = st.text(printable, min_size=1, max_size=12).filter(lambda text: len(text.strip()) > 0)
lines = st.text(printable, max_size=12)
codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}", fullmatch=True)
labels = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
hosts = st.lists(labels, min_size=2, max_size=4).map(".".join)
rates = st.integers(0, 1_000_000).map(
    lambda millionths: f"{millionths // 1_000_000}.{millionths % 1_000_000:06}"
)
clocks = st.tuples(st.integers(0, 11), st.integers(0, 59)).map(lambda clock: f"{clock[0]:02}:{clock[1]:02}")
pins = st.integers(0, 9999).map(lambda rest: f"8{rest:04}603")
passwords = st.integers(10**6, 10**9).map(lambda number: f"Zwetschge-{number}")


def listed(strategy: st.SearchStrategy[Any], key: str, **sizes: int) -> st.SearchStrategy[list[Any]]:
    """A list of mappings whose `key` is unique without regard to case."""
    return st.lists(strategy, unique_by=lambda entry: entry[key].casefold(), **sizes)


registers = st.fixed_dictionaries({"code": codes.map(lambda code: code[:19]), "name": names})
locations = st.fixed_dictionaries(
    {"code": codes, "name": names, "registers": listed(registers, "code", min_size=1, max_size=3)},
    optional={
        "address": st.lists(lines, max_size=6),
        "time_zone": st.sampled_from(sorted(time_zones())),
        "cut_off": clocks,
    },
)
tax_classes = st.fixed_dictionaries({"code": codes, "name": names, "rate": rates, "inclusive": st.booleans()})
employees = st.fixed_dictionaries(
    {
        "number": st.from_regex(r"[0-9]{1,8}", fullmatch=True),
        "name": names,
        "role": st.sampled_from(["cashier", "manager", "owner"]),
    },
    optional={"initial_pin": pins},
)
owners = st.fixed_dictionaries(
    {
        "number": st.just("00000001"),
        "name": names,
        "role": st.just("owner"),
        "email": st.just("owner@shop.example"),
        "initial_password": passwords,
    }
)
staff = st.tuples(owners, listed(employees, "number", max_size=3)).map(
    lambda people: [people[0], *(person for person in people[1] if person["number"] != "00000001")]
)


def own_codes(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Registers have codes that no other location's registers have."""
    for place, number in zip(places, "12", strict=False):
        for register in place["registers"]:
            register["code"] = f"{number}{register['code']}"[:20]
    return places


documents = st.fixed_dictionaries(
    {
        "merchant": st.fixed_dictionaries(
            {
                "slug": st.from_regex(r"[a-z][a-z0-9_]{2,39}", fullmatch=True).filter(
                    lambda slug: slug not in RESERVED_SLUGS
                ),
                "name": names,
                "country": st.sampled_from(sorted(country_codes())),
                "currency": st.sampled_from(["EUR", "JPY", "KWD", "GBP"]),
                "time_zone": st.sampled_from(sorted(time_zones())),
                "language": st.sampled_from(["de", "de-AT", "en-GB", "fr", "zh-Hant-TW"]),
                "domains": st.lists(hosts, min_size=1, max_size=3, unique=True),
            }
        ),
        "staff": st.fixed_dictionaries({"employees": staff}),
        "pos": st.fixed_dictionaries(
            {
                "locations": listed(locations, "code", min_size=1, max_size=2).map(own_codes),
                "tax_classes": listed(tax_classes, "code", min_size=1, max_size=3),
            },
            optional={"receipt": st.fixed_dictionaries({}, optional={"header": st.lists(lines, max_size=8)})},
        ),
    }
)


def written(tree: Any) -> str:
    """A tree as a file: JSON is YAML with every text in quotes."""
    return json.dumps(tree, ensure_ascii=False)


def places(tree: Any, path: Path = ()) -> list[Path]:
    """Every place of a tree that holds something, the top left out."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(tree, dict | list):
        inner = list(tree.items() if isinstance(tree, dict) else enumerate(tree))
    return [place for key, value in inner for place in [(*path, key), *places(value, (*path, key))]]


def at(tree: Any, path: Path) -> Any:
    for part in path:
        tree = tree[part]
    return tree


@settings(max_examples=100, deadline=None)
@given(documents)
def test_right_documents_are_accepted_and_keep_what_they_say(tree: Any) -> None:
    configuration = valid(written(tree))
    public = configuration.public()
    assert public["merchant"] == {**tree["merchant"], "name": public["merchant"]["name"]}
    for told, meant in zip(public["pos"]["locations"], tree["pos"]["locations"], strict=True):
        assert told["code"] == meant["code"]
    assert "initial_p" not in json.dumps(public)
    assert valid(written(public)).public() == public


FITTING = {list: "array", dict: "object"}
WRONG = [17, "", "\x1b[2J", ["x"], {"x": "y"}, "?!" * 200]


@settings(max_examples=300, deadline=None)
@given(documents, st.data())
def test_one_wrong_value_is_refused_by_its_name(tree: Any, data: st.DataObject) -> None:
    schema = file_schema()
    path = data.draw(st.sampled_from(places(tree)), label="place")
    wrong = copy.deepcopy(tree)
    kinds = {shape.get("type") for shape in shapes_at(schema, path)}
    may_be_empty = path[-2:-1] in [("address",), ("header",)]
    choices = [
        value
        for value in WRONG
        if FITTING.get(type(value)) not in kinds and not (may_be_empty and value == "")
    ]
    at(wrong, path[:-1])[path[-1]] = data.draw(st.sampled_from(choices), label="instead")
    refused = [problem.path for problem in mistakes(written(wrong))]
    assert path in refused


@settings(max_examples=100, deadline=None)
@given(documents, st.data())
def test_an_unknown_key_is_refused_by_its_name(tree: Any, data: st.DataObject) -> None:
    mappings = [path for path in places(tree) if isinstance(at(tree, path), dict)]
    path = data.draw(st.sampled_from([(), *mappings]), label="place")
    wrong = copy.deepcopy(tree)
    at(wrong, path)["surprise"] = 1
    found = [(problem.path, problem.code) for problem in mistakes(written(wrong))]
    assert found == [((*path, "surprise"), "unknown_key")]


@settings(max_examples=100, deadline=None)
@given(documents, st.data())
def test_a_missing_key_is_asked_for_by_its_name(tree: Any, data: st.DataObject) -> None:
    schema = file_schema()
    needed = [
        path
        for path in places(tree)
        if any(path[-1] in shape.get("required", []) for shape in shapes_at(schema, path[:-1]))
    ]
    path = data.draw(st.sampled_from(needed), label="place")
    wrong = copy.deepcopy(tree)
    del at(wrong, path[:-1])[path[-1]]
    assert (path, "missing") in [(problem.path, problem.code) for problem in mistakes(written(wrong))]
