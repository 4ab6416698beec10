"""The JSON Schema of the file, as `config_schema` prints it."""

import json

import pytest
from django.core.management import CommandError, call_command

from tenants.configuration.fields import SLUG_PATTERN
from tenants.configuration.schema import file_schema, is_secret_at
from tenants.configuration.sections import Section, register, registered
from tenants.models import SLUG_PATTERN as DATABASE_SLUG_PATTERN


def test_the_whole_file_has_one_schema(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("config_schema")
    schema = json.loads(capsys.readouterr().out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert list(schema["properties"]) == ["merchant", "staff", "payments", "pos"]
    assert schema["required"] == ["merchant", "staff", "pos"]
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["RegisterSection"]["additionalProperties"] is False
    assert schema["$defs"]["EmployeeSection"]["properties"]["role"]["enum"] == ["cashier", "manager", "owner"]


def test_one_section_has_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("config_schema", "payments")
    schema = json.loads(capsys.readouterr().out)
    assert schema["title"] == "PaymentsSection"
    assert schema["properties"]["tender_types"]["minItems"] == 1


def test_an_unknown_section_is_answered_with_the_nearest() -> None:
    with pytest.raises(CommandError, match="Did you mean payments") as refused:
        call_command("config_schema", "payment")
    assert refused.value.returncode == 2


def test_secrets_are_marked_in_the_schema() -> None:
    schema = file_schema()
    assert is_secret_at(schema, ("staff", "employees", 0, "initial_pin"))
    assert is_secret_at(schema, ("staff", "employees", 0, "nobody_knows"))
    assert not is_secret_at(schema, ("staff", "employees", 0, "name"))


def test_a_section_is_registered_once() -> None:
    class Other(Section):
        pass

    with pytest.raises(ValueError, match="'pos' is registered twice"):
        register(name="pos", model=Other)
    assert registered()["pos"].model is not Other


def test_file_and_database_agree_on_slugs() -> None:
    assert SLUG_PATTERN == DATABASE_SLUG_PATTERN
