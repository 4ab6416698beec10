"""Onboarding: a file becomes a merchant who can sell; a changed file changes only what it says."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from fynlo.core.tenancy import current_schema, platform_context, tenant_context
from pos.catalog.models import Item, TaxClass, Variant
from pos.registers.models import Register
from staff.employees.models import Employee
from tenants import states
from tenants.configuration.problems import InvalidConfiguration
from tenants.configuration.queries import current_configuration, versions
from tenants.models import Domain, OnboardingRun, OnboardingStep, PlatformAudit, Tenant
from tenants.onboarding.services import Onboarded, StepFailed, onboard
from tenants.onboarding.steps import registered
from tenants.queries import main_host
from tenants.schemas.checking import check_schema
from tenants.schemas.exclusive import AlreadyRunning, exclusively
from tests.conftest import merchant
from tests.tenants.database import checksums
from tests.tenants.onboarding.child import AT, OPERATOR
from tests.tenants.onboarding.conftest import replace_in

pytestmark = pytest.mark.usefixtures("owner")
STEPS = [step.name for step in registered()]


def take_on(file: Path, **options: Any) -> Onboarded:
    return onboard(file=file, actor=OPERATOR, at=AT, **options)


def plan_of(result: Onboarded) -> list[str]:
    """What is not kept, as action and subject."""
    return [f"{line.action} {line.what}" for line in result.plan.lines if line.action != "keep"]


def steps_of(result: Onboarded) -> list[str]:
    return [taken.name for taken in result.taken]


def test_a_new_merchant_is_set_up_and_open(kiosk: Path, client_for: Any) -> None:
    result = take_on(kiosk)
    assert steps_of(result) == ["merchant", "schema", *STEPS, "finish"]
    assert (result.state, result.version) == ("active", 1)
    tenant = merchant("kiosk")
    assert (tenant.name, tenant.currency, tenant.schema_name) == ("Kiosk am Tor", "EUR", "t_kiosk")
    assert check_schema(schema="t_kiosk") == []
    with tenant_context(tenant):
        assert [employee.name for employee in Employee.objects.all()] == ["Ines Vogt"]
        assert [register.code for register in Register.objects.all()] == ["K1"]
        assert sorted(Variant.objects.values_list("sku", flat=True)) == ["LIM-1", "LIM-2", "ZEI-1", "ZEI-2"]
    assert Client(HTTP_HOST="kiosk.localhost").get("/api/v1/registers").status_code == 401
    assert current_schema() is None


def test_a_new_merchant_may_begin_with_a_trial(kiosk: Path) -> None:
    assert take_on(kiosk, state=states.TRIAL).state == "trial"


def test_the_same_file_again_changes_nothing(kiosk: Path) -> None:
    take_on(kiosk)
    before = checksums()
    again = take_on(kiosk)
    assert (again.taken, plan_of(again), again.plan.nothing) == ((), [], True)
    assert checksums() == before


def test_a_dry_run_says_what_would_happen_and_changes_nothing(kiosk: Path) -> None:
    before = checksums()
    result = take_on(kiosk, dry_run=True)
    assert plan_of(result) == [
        "create merchant kiosk",
        "create schema t_kiosk",
        *[f"create configuration {name}" for name in ("merchant", "staff", "payments", "pos")],
        *[f"run step {name}" for name in STEPS],
    ]
    assert result.taken == ()
    assert checksums() == before


def test_a_changed_file_runs_only_the_steps_that_read_the_change(kiosk: Path) -> None:
    take_on(kiosk)
    replace_in(kiosk, 'rate: "0.19"', 'rate: "0.20"')
    replace_in(kiosk, "name: Luke}", "name: Luke}\n        - {code: K2, name: Tresen}")
    result = take_on(kiosk)
    assert plan_of(result) == [
        "create pos.locations[gate].registers[K2]",
        "change pos.tax_classes[standard].rate",
        "run step pos.places",
        "run step pos.tax_classes",
    ]
    (rate,) = [line for line in result.plan.lines if line.what.endswith(".rate")]
    assert rate.detail == '"0.19" → "0.20"'
    assert steps_of(result) == [
        "merchant",
        "schema",
        "pos.places",
        "pos.tax_classes",
        "finish",
    ]
    assert [version.version for version in versions(tenant=merchant("kiosk"))] == [2, 1]
    with tenant_context(merchant("kiosk")):
        assert [str(tax.rate) for tax in TaxClass.objects.all()] == ["0.200000"]
        assert Register.objects.count() == 2


def test_a_changed_catalogue_is_a_changed_configuration(kiosk: Path) -> None:
    take_on(kiosk)
    replace_in(kiosk.parent / "angebot.csv", "ZEI-1;;2,80", "ZEI-1;;3,10")
    result = take_on(kiosk)
    assert plan_of(result) == ["change file angebot.csv", "run step pos.catalogue"]
    with tenant_context(merchant("kiosk")):
        assert Variant.objects.get(sku="ZEI-1").price_minor == 310


def test_what_is_left_out_of_the_file_stays_with_the_merchant(kiosk: Path) -> None:
    take_on(kiosk)
    replace_in(kiosk, "  catalog: {file: angebot.csv}\n", "")
    result = take_on(kiosk)
    assert plan_of(result)[0] == "change pos.catalog"
    with tenant_context(merchant("kiosk")):
        assert Item.objects.count() == 3


def test_facts_and_host_names_follow_the_file(kiosk: Path) -> None:
    take_on(kiosk)
    replace_in(kiosk, "name: Kiosk am Tor", "name: Kiosk am Bahnhof")
    replace_in(kiosk, "[kiosk.localhost]", "[nordbahnhof.localhost, kiosk.localhost]")
    take_on(kiosk)
    assert merchant("kiosk").name == "Kiosk am Bahnhof"
    with platform_context():
        rows = Domain.objects.filter(tenant__slug="kiosk").order_by("-is_primary")
        hosts = list(rows.values_list("domain", "is_primary"))
    assert main_host(slug="kiosk") == "nordbahnhof.localhost"
    assert hosts == [("nordbahnhof.localhost", True), ("kiosk.localhost", False)]
    replace_in(kiosk, "[nordbahnhof.localhost, kiosk.localhost]", "[nordbahnhof.localhost]")
    take_on(kiosk)
    assert Client(HTTP_HOST="kiosk.localhost").get("/api/v1/registers").status_code == 404


def test_first_passwords_and_pins_are_never_stored_with_the_configuration(kiosk: Path) -> None:
    take_on(kiosk)
    (version,) = versions(tenant=merchant("kiosk"))
    assert version.document["sections"]["staff"]["employees"] == [
        {"number": "1", "name": "Ines Vogt", "role": "owner", "email": "ines@kiosk.example"}
    ]
    with platform_context():
        everything = repr(list(OnboardingStep.objects.values())) + repr(list(PlatformAudit.objects.values()))
    assert "fahrkarten" not in everything
    assert "4073" not in everything


def test_secrets_may_leave_the_file_afterwards(kiosk: Path) -> None:
    take_on(kiosk)
    replace_in(kiosk, '      initial_password: fahrkarten-bitte\n      initial_pin: "4073"\n', "")
    assert take_on(kiosk).plan.nothing
    with tenant_context(merchant("kiosk")):
        assert Employee.objects.get().check_password("fahrkarten-bitte")


def test_a_mistake_in_a_changed_file_leaves_the_last_good_version_in_force(kiosk: Path) -> None:
    take_on(kiosk)
    before = checksums()
    replace_in(kiosk, "footer: [Gute Reise]", "footer: Gute Reise")
    with pytest.raises(InvalidConfiguration):
        take_on(kiosk)
    assert checksums() == before
    configuration = current_configuration(tenant=merchant("kiosk"))
    assert configuration is not None
    assert configuration.public()["pos"]["receipt"]["footer"] == ["Gute Reise"]


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ("currency: EUR", "currency: CHF", "merchant.currency"),
        ("[kiosk.localhost]", "[grocer.localhost]", "merchant.domains[0]"),
    ],
)
def test_what_never_changes_is_refused(kiosk: Path, before: str, after: str, path: str) -> None:
    take_on(kiosk)
    replace_in(kiosk, before, after)
    with pytest.raises(InvalidConfiguration) as refused:
        take_on(kiosk)
    assert [problem.where for problem in refused.value.problems] == [path]


def test_a_closed_merchant_is_not_onboarded(kiosk: Path) -> None:
    take_on(kiosk)
    with platform_context():
        Tenant.objects.filter(slug="kiosk").update(state=states.CLOSED)
    replace_in(kiosk, "name: Luke", "name: Klappe")
    with pytest.raises(InvalidConfiguration) as refused:
        take_on(kiosk)
    assert [problem.sentence() for problem in refused.value.problems] == [
        "merchant.slug (line 2): this merchant is closed"
    ]


def test_a_failing_step_leaves_the_merchant_provisioning_and_the_next_run_goes_on(
    kiosk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenants.onboarding import steps

    def fail(*, tenant: Any, config: Any, at: Any) -> None:
        Employee.objects.all().delete()
        raise OSError("the disk is full")

    tax = next(step for step in registered() if step.name == "pos.tax_classes")
    monkeypatch.setitem(steps._registered, tax.name, dataclasses.replace(tax, run=fail))
    with pytest.raises(StepFailed, match="step pos.tax_classes failed: the disk is full"):
        take_on(kiosk)
    tenant = merchant("kiosk")
    assert tenant.state == states.PROVISIONING
    assert Client(HTTP_HOST="kiosk.localhost").get("/api/v1/registers").status_code == 503
    with tenant_context(tenant):
        assert Employee.objects.count() == 1

    monkeypatch.undo()
    again = take_on(kiosk)
    assert steps_of(again) == [
        "merchant",
        "schema",
        "pos.tax_classes",
        "pos.pricing",
        "pos.inventory",
        "pos.catalogue",
        "finish",
    ]
    assert again.state == "active"
    with platform_context():
        assert OnboardingRun.objects.filter(tenant__slug="kiosk").count() == 1


def test_a_second_process_gets_a_clear_sentence(kiosk: Path) -> None:
    before = checksums()
    with exclusively("onboard kiosk", busy="free in this test"), pytest.raises(AlreadyRunning) as busy:
        take_on(kiosk)
    assert str(busy.value).startswith("kiosk is being onboarded by another process")
    assert checksums() == before


def test_nobody_is_onboarded_while_merchants_are_migrated(kiosk: Path) -> None:
    with exclusively("migrate", busy="free in this test"), pytest.raises(AlreadyRunning):
        take_on(kiosk)


def test_a_schema_of_another_release_is_migrated_first(kiosk: Path) -> None:
    take_on(kiosk)
    with platform_context():
        Tenant.objects.filter(slug="kiosk").update(schema_fingerprint="of another release")
    replace_in(kiosk, "name: Luke", "name: Klappe")
    with pytest.raises(StepFailed, match=r"t_kiosk is not at this release; run `manage.py migrate` first"):
        take_on(kiosk)


def test_the_audit_says_who_onboarded_whom(kiosk: Path) -> None:
    take_on(kiosk)
    with platform_context():
        (entry,) = PlatformAudit.objects.filter(tenant_slug="kiosk")
    assert (entry.action, entry.actor) == ("tenant.onboarded", "operator:test")
    assert entry.data == {"state": "active", "version": 1, "new_version": True}
    assert entry.at >= AT
