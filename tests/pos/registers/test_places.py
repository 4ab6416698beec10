"""Setting up locations and registers: codes stay, drawers are counted first, everything else is brought along."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from fynlo.core.errors import DomainError, Forbidden, InvalidInput, NotFound
from fynlo.core.ids import new_id
from fynlo.events import log
from pos.registers import errors
from pos.registers.models import Location, Register
from pos.registers.places import LocationDraft, RegisterDraft, save_location, save_register
from tests.pos.catalog.makers import AT, EDITOR

pytestmark = pytest.mark.django_db
OWNER = replace(EDITOR, permissions=frozenset({"configuration.write"}))


def location(**said: Any) -> LocationDraft:
    facts: dict[str, Any] = {
        "id": new_id(),
        "code": "main",
        "name": "Main street",
        "address": ("Main street 1", "12345 Town"),
        "time_zone": "Europe/Berlin",
        "cut_off": dt.time(4, 0),
    }
    return LocationDraft(**(facts | said))


@pytest.fixture
def place(in_cafe: Any) -> LocationDraft:
    draft = location()
    save_location(draft=draft, actor=OWNER, at=AT)
    return draft


def refused(function: Any, draft: Any) -> DomainError:
    with pytest.raises(DomainError) as caught:
        function(draft=draft, actor=OWNER, at=AT)
    return caught.value


def test_a_location_is_made_changed_and_told(place: LocationDraft) -> None:
    assert save_location(draft=place, actor=OWNER, at=AT) == "kept"
    assert save_location(draft=replace(place, name="Market"), actor=OWNER, at=AT) == "changed"
    assert Location.objects.get().name == "Market"
    (told,) = log.read_after(log.head() - 1)
    assert (told.t, told.id, told.data) == (
        "register.location_changed",
        place.id,
        {
            "change": "changed",
            "code": "main",
            "name": "Market",
            "time_zone": "Europe/Berlin",
            "cut_off": "04:00",
            "is_active": True,
            "changed_by": str(OWNER.id),
        },
    )


def test_a_register_is_made_and_its_counters_are_never_set_back(place: LocationDraft) -> None:
    draft = RegisterDraft(id=new_id(), location_id=place.id, code="K1", name="Till")
    assert save_register(draft=draft, actor=OWNER, at=AT) == "created"
    Register.objects.update(last_order_number=7)
    assert save_register(draft=replace(draft, name="Till 1"), actor=OWNER, at=AT) == "changed"
    kept = Register.objects.get()
    assert (kept.name, kept.last_order_number) == ("Till 1", 7)
    assert save_register(draft=replace(draft, name="Till 1"), actor=OWNER, at=AT) == "kept"


def test_codes_and_places_that_receipts_name_stay(place: LocationDraft) -> None:
    draft = RegisterDraft(id=new_id(), location_id=place.id, code="K1", name="Till")
    save_register(draft=draft, actor=OWNER, at=AT)
    assert isinstance(refused(save_location, replace(place, code="other")), errors.FixedForEver)
    assert isinstance(refused(save_location, location()), errors.CodeTaken)
    assert isinstance(refused(save_register, replace(draft, code="K9")), errors.FixedForEver)
    assert isinstance(refused(save_register, replace(draft, location_id=new_id())), errors.FixedForEver)
    assert isinstance(refused(save_register, replace(draft, id=new_id())), errors.CodeTaken)
    assert isinstance(
        refused(save_register, replace(draft, id=new_id(), code="K2", location_id=new_id())), NotFound
    )


BAD = {
    "empty code": ({"code": ""}, "/code"),
    "code with space": ({"code": "K 1"}, "/code"),
    "code of signs": ({"code": "--"}, "/code"),
    "long code": ({"code": "x" * 21}, "/code"),
    "letters of other scripts": ({"code": "Käse"}, "/code"),
    "empty name": ({"name": ""}, "/name"),
    "control character": ({"name": "Main\x1bstreet"}, "/name"),
    "many lines": ({"address": ("line",) * 7}, "/address"),
    "long line": ({"address": ("x" * 65,)}, "/address/0"),
    "time zone": ({"time_zone": "Mars/Base"}, "/time_zone"),
    "cut-off in the afternoon": ({"cut_off": dt.time(12, 1)}, "/cut_off"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_field_that_cannot_be_stored_is_pointed_at(in_cafe: Any, case: str) -> None:
    changes, pointer = BAD[case]
    error = refused(save_location, location(**changes))
    assert isinstance(error, InvalidInput)
    assert [problem.pointer for problem in error.errors] == [pointer]
    assert not Location.objects.exists()


def test_it_takes_the_permission_to_configure(in_cafe: Any) -> None:
    with pytest.raises(Forbidden):
        save_location(draft=location(), actor=EDITOR, at=AT)
    draft = RegisterDraft(id=new_id(), location_id=new_id(), code="K1", name="Till")
    with pytest.raises(Forbidden):
        save_register(draft=draft, actor=EDITOR, at=AT)
