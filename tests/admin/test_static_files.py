"""Every file the pages of the admin name is there to be served."""

import re
from pathlib import Path

import django.contrib.admin
import pytest
import unfold
from django.contrib.staticfiles import finders

TEMPLATES = [
    Path(django.contrib.admin.__file__).parent / "templates",
    Path(unfold.__file__).parent / "templates",
    Path(__file__).parents[2] / "fynlo" / "templates",
]
NAMED = re.compile(r"\{%\s*static\s+['\"]([^'\"]+)['\"]")


def named_files() -> list[str]:
    pages = (page for folder in TEMPLATES for page in folder.rglob("*.html"))
    return sorted({name for page in pages for name in NAMED.findall(page.read_text("utf-8"))})


def test_the_pages_name_files() -> None:
    assert len(named_files()) > 30


@pytest.mark.parametrize("name", named_files())
def test_a_file_that_a_page_names_is_found(name: str) -> None:
    assert finders.find(name) is not None
