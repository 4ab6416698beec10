"""The sections of a merchant's file: typed models that each app registers for itself.

    register(name="pos", model=PosSection, required=True, unique=("locations[*].code",))

An app does this in its `configuration.py`, imported when the app is ready; from then on the section is read,
checked, explained, stored and part of the JSON Schema.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, SecretStr

from tenants.configuration.documents import Document
from tenants.configuration.problems import Problem


class Section(BaseModel):
    """Base of every section and of the mappings inside: frozen, and unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, val_json_bytes="utf8")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule may look at beside the document.

    `folder` is where the file lies (files it names are looked for there), or None for a stored document.
    `is_new` says that the merchant is still to be set up, so that what is needed only then must be there.
    """

    folder: FilePath | None = None
    is_new: bool = False


S = TypeVar("S", bound=Section)
Rule = Callable[[Document, Surroundings], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Registered:
    """One registered section."""

    name: str
    model: type[Section]
    required: bool
    unique: tuple[str, ...]
    files: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Configuration:
    """A whole valid configuration: each section by name, and what the files it names contain (digests)."""

    sections: Mapping[str, Section]
    folder: FilePath | None = None
    files: Mapping[str, str] = field(default_factory=dict)

    def section(self, model: type[S]) -> S:
        """The section of this type."""
        for section in self.sections.values():
            if isinstance(section, model):
                return section
        raise LookupError(f"{model.__name__} is not a registered section")

    def public(self) -> dict[str, Any]:
        """The document as it may be stored and shown: JSON values, no secrets, defaults written out."""
        return {name: _public(section) for name, section in self.sections.items()}


_registered: dict[str, Registered] = {}


def register(
    *,
    name: str,
    model: type[Section],
    required: bool = False,
    unique: tuple[str, ...] = (),
    files: tuple[str, ...] = (),
    rules: tuple[Rule, ...] = (),
) -> None:
    """Add a section. A section that is not required must have a default for every field.

    `unique` and `files` are patterns inside the section: values that may not repeat anywhere in it, without
    regard to case (`locations[*].registers[*].code`), and names of files beside the merchant's file.
    """
    known = _registered.get(name)
    if known is not None and known.model is not model:
        raise ValueError(f"the section {name!r} is registered twice")
    _registered[name] = Registered(name, model, required, unique, files, rules)


def registered() -> Mapping[str, Registered]:
    """Every section by name, in order of registration."""
    return dict(_registered)


def _public(value: Any) -> Any:
    if isinstance(value, BaseModel):
        shown = (name for name, field in type(value).model_fields.items() if not _is_secret(field.annotation))
        return {name: _public(getattr(value, name)) for name in shown}
    if isinstance(value, Mapping):
        return {str(name): _public(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_public(item) for item in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    return value


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(_is_secret(part) for part in get_args(annotation))
