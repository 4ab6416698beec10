"""`manage.py tenants` and its neighbours, as an operator types them."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import IntegrityError, transaction
from django.test import Client

from fynlo.core.tenancy import platform_context
from tenants.models import Domain, PlatformAudit, Tenant, schema_for
from tenants.queries import merchants
from tests.tenants.database import checksums, run
from tests.tenants.files import KIOSK


@pytest.fixture(autouse=True)
def database_for_everybody(request: pytest.FixtureRequest) -> None:
    """A database for every test here; those that are the owner bring their own."""
    if not {"owner", "as_owner"} & set(request.fixturenames):
        request.getfixturevalue("db")


AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
REPLACED = [
    "all_tenants_command",
    "clone_tenant",
    "collectstatic_schemas",
    "create_domain",
    "create_missing_schemas",
    "create_tenant",
    "create_tenant_superuser",
    "delete_domain",
    "delete_tenant",
    "migrate_schemas",
    "rename_schema",
    "tenant_command",
]


def table(text: str) -> list[list[str]]:
    """Lines as cells; columns are at least two spaces apart."""
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in text.splitlines()]


def test_list_is_a_table_of_merchants(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("tenants", "list")
    assert table(capsys.readouterr().out) == [
        ["slug", "name", "state", "currency", "schema", "configuration", "domains"],
        ["cafe", "Café Morgenrot", "active", "EUR", "t_cafe", "-", "cafe.localhost"],
        ["grocer", "Harvest & Daughters", "active", "GBP", "t_grocer", "-", "grocer.localhost"],
    ]


def test_list_takes_the_same_statements_for_two_merchants_and_for_five(
    owner: None, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):  # one of them sets the search path
        assert len(merchants()) == 2
    with platform_context():
        for slug in ("bakery", "butcher", "florist"):
            Tenant.objects.create(
                slug=slug, schema_name=schema_for(slug), name=slug, currency="EUR", created_at=AT
            )
    with django_assert_num_queries(3):
        assert len(merchants()) == 5


def test_a_merchant_without_tables_has_no_secrets_to_seal(
    owner: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with platform_context():
        Tenant.objects.create(
            slug="bakery", schema_name=schema_for("bakery"), name="Bakery", currency="EUR", created_at=AT
        )
    call_command("rotate_payment_secrets", "bakery")
    assert capsys.readouterr().out == "1/1 bakery (provisioning): has no tables yet, so nothing is sealed\n"


def test_list_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("tenants", "list", "--json")
    cafe, grocer = json.loads(capsys.readouterr().out)
    assert (cafe["slug"], cafe["domains"], cafe["configuration_version"]) == (
        "cafe",
        ["cafe.localhost"],
        None,
    )
    assert grocer["suspended_at"] is None


def test_show_tells_about_one_merchant(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("tenants", "show", "cafe")
    told = {cells[0]: cells[-1] for cells in table(capsys.readouterr().out)}
    assert (told["schema"], told["time_zone"], told["schema_is_current"]) == (
        "t_cafe",
        "Europe/Berlin",
        "True",
    )


def test_suspension_acts_at_once_and_is_lifted_again(cafe: Tenant, client_for: Any) -> None:
    client: Client = client_for(cafe)
    assert client.get("/api/v1/registers").status_code == 401
    call_command("tenants", "suspend", "cafe", "--reason", "unpaid since March", verbosity=0)
    refused = client.get("/api/v1/registers")
    assert (refused.status_code, refused.json()["code"]) == (403, "tenant_suspended")
    assert client_for(None).get("/").status_code == 200
    call_command("tenants", "resume", "cafe", verbosity=0)
    assert client.get("/api/v1/registers").status_code == 401


def test_suspension_is_kept_with_its_first_time_and_noted(
    cafe: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("tenants", "suspend", "cafe", "--reason", "unpaid", "--json")
    first = json.loads(capsys.readouterr().out)
    call_command("tenants", "suspend", "cafe", "--reason", "still unpaid", "--json")
    second = json.loads(capsys.readouterr().out)
    assert first["suspended_at"] == second["suspended_at"]
    assert second["suspended_reason"] == "still unpaid"
    call_command("tenants", "resume", "cafe")
    call_command("tenants", "resume", "cafe")
    assert capsys.readouterr().out.splitlines() == ["cafe is served again.", "cafe was not suspended."]
    with platform_context():
        noted = PlatformAudit.objects.filter(tenant_slug="cafe").order_by("at", "id")
        assert list(noted.values_list("action", flat=True)) == [
            "tenant.suspended",
            "tenant.suspended",
            "tenant.resumed",
        ]


@pytest.mark.parametrize(
    "command", [["show"], ["suspend", "--reason", "x"], ["resume"], ["check"], ["migrate", "--tenant"]]
)
def test_an_unknown_merchant_is_answered_with_the_nearest(command: list[str]) -> None:
    with pytest.raises(CommandError, match=r"There is no merchant 'grocr'. Did you mean grocer\?") as refused:
        call_command("tenants", *command, "grocr")
    assert refused.value.returncode == 2


@pytest.mark.parametrize("arguments", [["suspend", "cafe"], ["suspend", "cafe", "--reason", "  "]])
def test_a_suspension_without_a_reason_is_refused(cafe: Tenant, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("tenants", *arguments)
    with platform_context():
        assert not Tenant.objects.get(slug="cafe").is_suspended


def test_check_reports_what_is_wrong_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError) as failed:
        call_command("tenants", "check")
    assert failed.value.returncode == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{slug}: configuration: no version is in force; onboarding did not finish"
        for slug in ("cafe", "grocer")
    ]


def test_check_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError):
        call_command("tenants", "check", "cafe", "--json")
    (finding,) = json.loads(capsys.readouterr().out)
    assert (finding["merchant"], finding["part"]) == ("cafe", "configuration")


@pytest.mark.usefixtures("owner")
def test_a_merchant_as_onboarded_is_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "merchant.yaml"
    file.write_text(KIOSK, encoding="utf-8")
    call_command("onboard", str(file))
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "Plan for kiosk (new merchant):"
    assert told[-1] == "kiosk is active; configuration version 1."
    call_command("tenants", "check", "kiosk")
    assert capsys.readouterr().out == "The platform is sound, and so is every merchant looked at: 1.\n"
    call_command("onboard", str(file), json=True)
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["state"], answer["steps"]) == (True, "active", [])
    run("INSERT INTO t_kiosk.events_cursor (reader, position) VALUES ('nobody', 7)")
    run("UPDATE t_kiosk.events_feedhead SET position = 3")
    with pytest.raises(CommandError):
        call_command("tenants", "check", "kiosk")
    told = capsys.readouterr().out.splitlines()
    assert "kiosk: feed: reader nobody is at 7, ahead of the head at 3" in told
    assert "kiosk: feed: reader nobody is at 7, but nobody reads under this name" in told


@pytest.mark.usefixtures("owner")
def test_a_dry_run_prints_the_plan_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, before = tmp_path / "merchant.yaml", checksums()
    file.write_text(KIOSK, encoding="utf-8")
    call_command("onboard", str(file), dry_run=True)
    told = capsys.readouterr().out.splitlines()
    assert told[1] == "  + merchant kiosk  Kiosk am Tor, DE, EUR, Europe/Berlin"
    assert told[-1] == "Dry run: nothing was changed."
    assert checksums() == before


@pytest.mark.parametrize("name", REPLACED)
def test_the_librarys_commands_say_what_to_use_instead(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert get_commands()[name] == "tenants"
    with pytest.raises(SystemExit) as refused:
        load_command_class("tenants", name).run_from_argv(["manage.py", name, "--schema", "t_cafe"])
    assert refused.value.code == 2
    assert "not available in Fynlo; use manage.py" in capsys.readouterr().err
    with pytest.raises(CommandError):
        call_command(name)


def test_no_command_of_the_library_is_left() -> None:
    assert [name for name, app in get_commands().items() if app == "django_tenants"] == []
    assert get_commands()["migrate"] == "tenants"


def test_migrations_are_made_on_the_platform(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("makemigrations", dry_run=True, check_changes=True)
    assert capsys.readouterr().out == "No changes detected\n"


def test_host_names_belong_to_one_merchant(owner: None) -> None:
    with platform_context(), pytest.raises(IntegrityError), transaction.atomic():
        Domain.objects.filter(domain="cafe.localhost").update(domain="grocer.localhost")
