"""Forty broken files: every mistake named by its field, exit code 2, and not a byte of the database changed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from tests import database
from tests.tenants.database import checksums, fetch

FOLDER = Path(__file__).resolve().parent.parent / "broken"
MANIFEST: dict[str, list[str]] = yaml.safe_load((FOLDER / "manifest.yaml").read_text(encoding="utf-8"))
SECRETS = ("fahrkarten", "password123", "4073", "0473")


def test_there_are_forty_of_them_and_the_manifest_names_each() -> None:
    assert len(MANIFEST) == 40
    files = {file.name for file in FOLDER.glob("*.yaml")} - {"manifest.yaml"}
    assert files == set(MANIFEST)


def test_each_names_its_fields_and_changes_nothing(owner: None, capsys: pytest.CaptureFixture[str]) -> None:
    before, found, codes = checksums(), {}, set()
    for name in MANIFEST:
        with pytest.raises(CommandError) as refused:
            call_command("onboard", str(FOLDER / name), json=True)
        codes.add(refused.value.returncode)
        answer = json.loads(capsys.readouterr().out)
        paths = sorted({problem["path"] for problem in answer["problems"]})
        found[name] = paths
        assert all(f"  {path}" in str(refused.value) for path in paths)
        assert not any(secret in str(refused.value) + json.dumps(answer) for secret in SECRETS)
    assert found == {name: sorted(paths) for name, paths in MANIFEST.items()}
    assert codes == {2}
    assert checksums() == before


@pytest.mark.parametrize("name", ["19_norway.yaml", "40_catalogue_rows.yaml"])
def test_the_command_line_exits_with_two(name: str, database_name: str) -> None:
    before = checksums(fetch)
    finished = manage("onboard", str(FOLDER / name), database_name=database_name)
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert MANIFEST[name][0] in finished.stderr
    assert "nothing was changed" in finished.stderr
    assert checksums(fetch) == before


def manage(*arguments: str, database_name: str) -> Any:
    """Run `manage.py` as an operator would, against this test's database."""
    environment = {
        **os.environ,
        "DATABASE_URL": database.with_name(os.environ["DATABASE_URL"], database_name),
        "DATABASE_OWNER_URL": database.with_name(database.owner_url(), database_name),
    }
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=database.ROOT, env=environment, capture_output=True, text=True, check=False
    )
