"""The JSON Schema (draft 2020-12) of the merchant's file, and what it says about one place."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pydantic.json_schema import models_json_schema

from tenants.configuration.problems import Path
from tenants.configuration.sections import Registered, registered

DIALECT = "https://json-schema.org/draft/2020-12/schema"

JsonSchema = dict[str, Any]


def file_schema() -> JsonSchema:
    """The schema of the whole file, from the sections registered now. Shared: not to be changed."""
    return _file_schema(tuple(registered().values()))


@lru_cache(maxsize=4)
def _file_schema(known: tuple[Registered, ...]) -> JsonSchema:
    sections = {section.name: section for section in known}
    models = [(section.model, "validation") for section in sections.values()]
    references, definitions = models_json_schema(models)  # type: ignore[arg-type]
    properties = {name: references[section.model, "validation"] for name, section in sections.items()}
    return {
        "$schema": DIALECT,
        "title": "A merchant of Fynlo",
        "type": "object",
        "properties": properties,
        "required": [name for name, section in sections.items() if section.required],
        "additionalProperties": False,
        **definitions,
    }


def section_schema(name: str) -> JsonSchema:
    """The schema of one section. Raises KeyError for a section nobody registered."""
    return {"$schema": DIALECT, **registered()[name].model.model_json_schema()}


def shapes_at(schema: JsonSchema, path: Path) -> list[JsonSchema]:
    """The alternatives allowed at a place, references resolved; empty where the place is unknown."""
    shapes = list(_alternatives(schema, schema))
    for part in path:
        shapes = [deeper for shape in shapes for deeper in _child(schema, shape, part)]
    return shapes


def is_secret_at(schema: JsonSchema, path: Path) -> bool:
    """Whether the value at a place is a secret, may contain one, or is unknown (and so may be one)."""
    shapes = shapes_at(schema, path)
    return not shapes or any(shape.get("writeOnly") for shape in shapes)


def _alternatives(schema: JsonSchema, shape: Mapping[str, Any]) -> Iterator[JsonSchema]:
    if "$ref" in shape:
        target = schema["$defs"][str(shape["$ref"]).rpartition("/")[2]]
        yield from _alternatives(schema, {**target, **{k: v for k, v in shape.items() if k != "$ref"}})
        return
    if "anyOf" in shape:
        around = {key: value for key, value in shape.items() if key != "anyOf"}
        for choice in shape["anyOf"]:
            yield from _alternatives(schema, {**around, **choice})
        return
    yield dict(shape)


def _child(schema: JsonSchema, shape: JsonSchema, part: str | int) -> Iterator[JsonSchema]:
    inner = shape.get("items") if isinstance(part, int) else shape.get("properties", {}).get(part)
    if inner is not None:
        yield from _alternatives(schema, inner)
