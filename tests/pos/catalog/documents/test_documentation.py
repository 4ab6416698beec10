"""The page about the catalogue: its examples are one catalogue, saved and read back as they stand there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pos.catalog.documents.limits import ALLERGENS
from pos.catalog.documents.reading import read_documents
from pos.catalog.models import KINDS
from pos.catalog.services.documents import save_documents
from tests.pos.catalog.makers import AT, EDITOR

PAGE = Path(__file__).parents[4] / "docs/concepts/catalogue.md"


def examples() -> list[tuple[str, dict[str, Any]]]:
    """Each example with the kind its section is about."""
    sections = re.split(r"^### `(\w+)`$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [
        (kind, json.loads(block))
        for kind, text in zip(sections[::2], sections[1::2], strict=True)
        for block in re.findall(r"```json\n(.*?)```", text, flags=re.DOTALL)
    ]


def test_every_kind_has_an_example() -> None:
    assert {kind for kind, _ in examples()} == set(KINDS)


@pytest.mark.django_db
def test_the_examples_are_saved_and_read_back_as_they_stand_there(in_cafe: Any) -> None:
    save_documents(documents=examples(), actor=EDITOR, at=AT, cause="documentation")
    found = {
        (kind, str(key)): document for kind in KINDS for key, document in read_documents(kind=kind).items()
    }
    assert found == {(kind, document["id"]): document for kind, document in examples()}


def test_the_page_lists_the_allergens_that_are_known() -> None:
    listed = PAGE.read_text(encoding="utf-8").partition("Annex II:")[2].partition("`image_ids`")[0]
    assert tuple(re.findall(r"`(\w+)`", listed)) == ALLERGENS
