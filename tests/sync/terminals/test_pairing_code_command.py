"""`manage.py pairing_code`: for whoever sets up a till from the command line."""

import io
import json
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fynlo.core import clock
from fynlo.core.tenancy import current_schema, platform_context, tenant_context
from sync.terminals.codes import read_code
from sync.terminals.models import PairingCode, Terminal
from sync.terminals.services import pair_terminal
from sync.terminals.tokens import PairingRequest
from tenants.models import Tenant
from tests.factories import RegisterFactory


@pytest.fixture
def registers(cafe: Any, grocer: Any) -> None:
    """K1 and K2 of the café, G1 of the grocer."""
    with tenant_context(cafe):
        RegisterFactory.create(code="K1", name="Kasse 1")
        RegisterFactory.create(code="K2")
    with tenant_context(grocer):
        RegisterFactory.create(code="G1")


def run(*arguments: str) -> str:
    said = io.StringIO()
    call_command("pairing_code", *arguments, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_it_prints_a_code_that_pairs_a_till_with_the_register(cafe: Any, registers: None) -> None:
    said = run("cafe", "--register", "K1")
    first, second, third = said.splitlines()
    assert first == "Café Morgenrot, register K1 (Kasse 1)"
    found = re.fullmatch(r"Pairing code: ([0-9A-Z]{4}-[0-9A-Z]{4})", second)
    assert found is not None
    assert re.fullmatch(r"Good for one till until [0-9]{2}:[0-9]{2} \(Europe/Berlin\)\.", third)
    with tenant_context(cafe):
        request = PairingRequest(code=read_code(found[1]), device_name="Front")
        pair_terminal(request=request, at=clock.now())
        assert Terminal.objects.select_related("register").get().register.code == "K1"


@pytest.mark.django_db
def test_programs_get_one_json_object(cafe: Any, registers: None) -> None:
    said = json.loads(run("cafe", "--register", "K2", "--json"))
    with tenant_context(cafe):
        row = PairingCode.objects.select_related("register").get()
    assert read_code(said["code"]) is not None
    assert said == {
        "code": said["code"],
        "expires_at": clock.rfc3339(row.expires_at),
        "merchant": "cafe",
        "register": "K2",
        "register_id": str(row.register_id),
    }
    assert row.created_by_id is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "register", "message"),
    [
        ("caffe", "K1", 'There is no merchant "caffe"; did you mean "cafe"?'),
        ("CAFE", "K1", 'There is no merchant "CAFE"; did you mean "cafe"?'),
        ("bakery", "K1", 'There is no merchant "bakery"; known are cafe, grocer.'),
        ("cafe", "k1", 'There is no register of cafe "k1"; did you mean "K1"?'),
        ("cafe", "G1", 'There is no register of cafe "G1"; known are K1, K2.'),
    ],
)
def test_an_unknown_name_ends_with_2_and_the_nearest_one(
    registers: None, cafe: Any, slug: str, register: str, message: str
) -> None:
    with pytest.raises(CommandError) as refused:
        run(slug, "--register", register)
    assert str(refused.value) == message
    assert refused.value.returncode == 2
    assert current_schema() is None
    with tenant_context(cafe):
        assert not PairingCode.objects.exists()


@pytest.mark.django_db
def test_a_merchant_without_registers_is_told_so(cafe: Any) -> None:
    with pytest.raises(CommandError, match="there is none at all"):
        run("cafe", "--register", "K1")


@pytest.mark.django_db
def test_a_suspended_merchant_gets_no_code(cafe: Any, registers: None) -> None:
    with platform_context():
        Tenant.objects.filter(slug="cafe").update(suspended_at=clock.now())
    with pytest.raises(CommandError, match="^cafe: This merchant is suspended$") as refused:
        run("cafe", "--register", "K1")
    assert refused.value.returncode == 1
