"""Versions of a merchant's configuration: kept, counted, and the last good one in force."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from fynlo.core.tenancy import current_schema, platform_context, tenant_context
from pos.configuration import PosSection
from tenants.configuration.problems import InvalidConfiguration
from tenants.configuration.queries import current_configuration, current_section, current_version, versions
from tenants.configuration.services import store_configuration
from tenants.models import ConfigurationVersion
from tests.tenants.files import KIOSK, changed, valid

pytestmark = pytest.mark.usefixtures("owner")
AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.fixture
def cafe(owner: None) -> Any:
    from tests.conftest import merchant

    return merchant("cafe")


def store(tenant: Any, text: str) -> tuple[int, bool]:
    version, is_new = store_configuration(tenant=tenant, configuration=valid(text), at=AT)
    return version.version, is_new


def test_the_same_document_makes_no_new_version(cafe: Any) -> None:
    assert store(cafe, KIOSK) == (1, True)
    assert store(cafe, KIOSK) == (1, False)
    assert store(cafe, KIOSK.replace('cut_off: "04:00"\n', 'cut_off: "04:00"   # as every year\n')) == (
        1,
        False,
    )


def test_secrets_make_no_version(cafe: Any) -> None:
    store(cafe, KIOSK)
    assert store(cafe, changed(('"4073"', '"8264"'), ("fahrkarten-bitte", "fahrscheine-bitte"))) == (1, False)
    assert "8264" not in repr([version.document for version in versions(tenant=cafe)])


def test_old_versions_stay_and_one_is_in_force(cafe: Any) -> None:
    for footer in ("Gute Reise", "Bis bald", "Gute Reise"):
        store(cafe, changed(("Gute Reise", footer)))
    kept = [(row.version, row.is_current) for row in versions(tenant=cafe)]
    assert kept == [(3, True), (2, False), (1, False)]
    section = current_section(tenant=cafe, model=PosSection)
    assert section is not None
    assert section.receipt.footer == ("Gute Reise",)


def test_two_versions_in_force_are_impossible(cafe: Any) -> None:
    store(cafe, KIOSK)
    store(cafe, changed(("Gute Reise", "Bis bald")))
    with pytest.raises(IntegrityError), platform_context(), transaction.atomic():
        ConfigurationVersion.objects.filter(tenant_id=cafe.id).update(is_current=True)


def test_before_onboarding_nothing_is_in_force(cafe: Any) -> None:
    assert current_version(tenant=cafe) is None
    assert current_configuration(tenant=cafe) is None
    assert current_section(tenant=cafe, model=PosSection) is None


def test_reading_leaves_the_connection_where_it_was(cafe: Any) -> None:
    store(cafe, KIOSK)
    with tenant_context(cafe):
        assert current_section(tenant=cafe, model=PosSection) is not None
        assert current_schema() == "t_cafe"
    current_section(tenant=cafe, model=PosSection)
    assert current_schema() is None


def test_a_stored_document_that_no_longer_fits_is_told_by_its_field(cafe: Any) -> None:
    store(cafe, KIOSK)
    with platform_context():
        version = ConfigurationVersion.objects.get(tenant_id=cafe.id)
        version.document["sections"]["pos"]["receipt"]["header"] = "one line"
        version.save()
    with pytest.raises(InvalidConfiguration) as refused:
        current_configuration(tenant=cafe)
    assert [problem.where for problem in refused.value.problems] == ["pos.receipt.header"]
