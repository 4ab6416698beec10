"""Migrating and onboarding happen once per data and source, and again when a source has changed."""

import os
from pathlib import Path

import pytest

from fynlo.demo.errors import StepFailedError
from fynlo.demo.merchants import Merchant, read_merchants
from fynlo.demo.preparation import Preparation
from fynlo.demo.supervisor import supervising

MERCHANT = """
merchant: {{slug: {slug}, name: "{slug} & Co", country: DE, currency: EUR, domains: [{slug}.localhost]}}
staff: {{employees: [{{number: "1", name: Ada, role: owner, initial_pin: "1111"}}]}}
pos: {{locations: [{{code: main, name: Main, registers: [{{code: K1, name: Till}}]}}]}}
"""
MANAGE = """
import os, pathlib, sys
with pathlib.Path("calls").open("a") as calls:
    print(*sys.argv[1:], *filter(None, [os.environ.get("FYNLO_OPERATOR_PASSWORD")]), file=calls)
if sys.argv[1:] == ["operators", "list"] and pathlib.Path("operators").exists():
    print(pathlib.Path("operators").read_text())
sys.exit(1 if pathlib.Path("fails").exists() else 0)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A clone with two merchants and a manage.py that only notes what it was asked."""
    for slug in ("bakery", "cafe"):
        folder = tmp_path / "docs" / "examples" / slug
        folder.mkdir(parents=True)
        (folder / "merchant.yaml").write_text(MERCHANT.format(slug=slug))
        (folder / "catalog.csv").write_text("name;price\n")
    (tmp_path / "tenants" / "migrations").mkdir(parents=True)
    (tmp_path / "tenants" / "migrations" / "0001_initial.py").write_text("")
    (tmp_path / "requirements.txt").write_text("django==5.2.19\n")
    (tmp_path / "manage.py").write_text(MANAGE)
    return tmp_path


def prepare(root: Path, *, data_id: str = "data-1") -> list[str]:
    """Prepare and return what manage.py was asked meanwhile."""
    (root / "calls").unlink(missing_ok=True)
    environment = {"PATH": os.environ["PATH"]}
    with supervising(environment=environment, folder=root, log_folder=root) as supervisor:
        preparation = Preparation(
            root=root, state_folder=root, data_id=data_id, operator_password="only for the demo", say=print
        )
        preparation.run(supervisor, read_merchants(root))
    calls = root / "calls"
    return [line.replace(f"{root}/", "") for line in calls.read_text().splitlines()] if calls.exists() else []


ALL = [
    "migrate --no-input",
    "operators list",
    "operators add operator@fynlo.example only for the demo",
    "onboard docs/examples/cafe/merchant.yaml",
    "onboard docs/examples/bakery/merchant.yaml",
]


def test_everything_the_first_time_and_nothing_the_second(root: Path) -> None:
    assert prepare(root) == ALL
    assert prepare(root) == []


def test_other_data_is_prepared_from_the_start(root: Path) -> None:
    prepare(root)
    assert prepare(root, data_id="data-2") == ALL


def test_servers_of_somebody_else_are_always_prepared(root: Path) -> None:
    assert prepare(root, data_id="external") == ALL
    assert prepare(root, data_id="external") == ALL


def test_a_changed_catalogue_is_onboarded_again_and_a_new_migration_runs(root: Path) -> None:
    prepare(root)
    (root / "docs" / "examples" / "cafe" / "catalog.csv").write_text("name;price\nTea;2,50\n")
    assert prepare(root) == ["onboard docs/examples/cafe/merchant.yaml"]
    (root / "tenants" / "migrations" / "0002_more.py").write_text("")
    assert prepare(root) == ["migrate --no-input"]


def test_a_step_that_failed_is_tried_again(root: Path) -> None:
    (root / "fails").touch()
    with pytest.raises(StepFailedError, match="The step “migrate” failed"):
        prepare(root)
    (root / "fails").unlink()
    assert prepare(root) == ALL


def test_an_operator_who_is_there_gets_the_present_password(root: Path) -> None:
    (root / "operators").write_text("operator@fynlo.example  Demo\n")
    assert prepare(root)[1:3] == [
        "operators list",
        "operators password operator@fynlo.example only for the demo",
    ]


def test_a_damaged_record_means_that_nothing_is_known(root: Path) -> None:
    prepare(root)
    (root / "prepared.json").write_text("{")
    assert prepare(root) == ALL


def test_merchants_are_read_as_their_files_say(root: Path) -> None:
    cafe, bakery = read_merchants(root)
    assert isinstance(bakery, Merchant)
    assert (cafe.slug, cafe.host, cafe.currency, cafe.register) == ("cafe", "cafe.localhost", "EUR", "K1")
    assert cafe.cashier().pin == "1111"
