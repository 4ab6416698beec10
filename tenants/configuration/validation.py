"""Checking a merchant's file: every mistake is found in one pass, each with its place."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any, Final

from pydantic import ValidationError

from tenants.configuration import rules
from tenants.configuration.documents import MAX_BYTES, Document, read_document
from tenants.configuration.explain import allowed_at, explain, show, unknown_key
from tenants.configuration.problems import HIDDEN, InvalidConfiguration, Path, Problem
from tenants.configuration.schema import JsonSchema, file_schema, shapes_at
from tenants.configuration.sections import Configuration, Registered, Section, Surroundings, registered

_REFUSED_BY_READER: Final = frozenset({"ambiguous", "alias", "anchor", "tag", "key"})


def read_file(*, file: FilePath) -> tuple[Document, Configuration]:
    """Read and check a file. Raises `InvalidConfiguration` with every problem."""
    return read_bytes(content=content_of(file), folder=file.parent)


def read_bytes(*, content: bytes, folder: FilePath | None) -> tuple[Document, Configuration]:
    """Read and check a file's content; `folder` holds the files that it names (None: not looked at)."""
    document = read_document(content)
    return document, check_document(document=document, around=Surroundings(folder))


def content_of(file: FilePath) -> bytes:
    """The file's bytes, one more than allowed at most. Raises `InvalidConfiguration` when it cannot be read."""
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise InvalidConfiguration([Problem((), "file", f"{file}: {reason}")]) from None


def check_document(*, document: Document, around: Surroundings) -> Configuration:
    """Check a document that could be read. Raises `InvalidConfiguration` with every problem."""
    schema = file_schema()
    sections = registered()
    models: dict[str, Section] = {}
    problems = [_masked(problem, schema) for problem in document.problems]
    problems += _unknown_sections(document, schema)
    for section in sections.values():
        try:
            models[section.name] = _model(section, document.tree)
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False)
            problems += explain(details, section=section.name, document=document, schema=schema)
        except LookupError:
            allowed = allowed_at(schema, (section.name,))
            problems.append(Problem((section.name,), "missing", "this section is missing", allowed, line=1))
        problems += _rule_problems(section, document, around)
    problems = list(_first_per_place(problems))
    if problems:
        raise InvalidConfiguration(problems)
    return Configuration(models, around.folder, _files(document, around))


def _model(section: Registered, tree: Mapping[str, Any]) -> Section:
    if section.name not in tree:
        if section.required:
            raise LookupError(section.name)
        return section.model()
    return section.model.model_validate(tree[section.name])


def _unknown_sections(document: Document, schema: JsonSchema) -> Iterator[Problem]:
    for name in document.tree:
        if name not in registered():
            yield unknown_key((name,), schema=schema, line=document.line((name,)))


def _rule_problems(section: Registered, document: Document, around: Surroundings) -> Iterator[Problem]:
    yield from rules.repeated_values(section, document)
    yield from rules.missing_files(section, document, around)
    for rule in section.rules:
        yield from rule(document, around)


def _files(document: Document, around: Surroundings) -> dict[str, str]:
    if around.folder is None:
        return {}
    digests: dict[str, str] = {}
    for section in registered().values():
        digests |= rules.file_digests(section, document, around.folder)
    return digests


def _masked(problem: Problem, schema: JsonSchema) -> Problem:
    """A problem of the reader, which knows no schema, without secrets and with what belongs there."""
    if problem.given is None:
        return problem
    path, given = problem.path, show(problem.given, schema, problem.path)
    wants_flag = any(shape.get("type") == "boolean" for shape in shapes_at(schema, path))
    in_quotes = "text in quotes" if given == HIDDEN else f'text in quotes: "{problem.given}"'
    allowed = "true or false" if wants_flag else in_quotes
    return Problem(path, problem.code, problem.message, allowed, given, problem.line)


def _first_per_place(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Without follow-on problems: where the reader refused a value, the model's opinion adds nothing."""
    refused: set[Path] = set()
    for problem in problems:
        if problem.path not in refused:
            yield problem
        if problem.code in _REFUSED_BY_READER:
            refused.add(problem.path)
