"""Quick keys: a till's buttons, replaced as a whole by whoever has read what is there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core import clock
from fynlo.core.errors import Forbidden, NotFound, PreconditionFailed
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from pos.registers.models import QuickKey, Register
from pos.registers.quick_keys import QuickKeyDraft, quick_keys, set_quick_keys
from tests.concurrency.rivals import while_held
from tests.factories import Shop, TillClient, shop, signed_in
from tests.pos.catalog.makers import EDITOR, READER


@pytest.fixture
def manager(here: Shop, till: TillClient) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


def put(client: TillClient, path: str, keys: list[dict[str, Any]], tag: str | None = None) -> Any:
    match = {} if tag is None else {"If-Match": tag}
    return client._client.put(
        f"/api/v1{path}",
        data={"keys": keys},
        content_type="application/json",
        headers={**client.headers, **match},
    )


def key(position: int, **said: Any) -> dict[str, Any]:
    """A key as it is answered."""
    empty = {"page": 0, "item_id": None, "variant_id": None, "category_id": None, "label": "", "color": ""}
    return {**empty, "position": position, **said}


def anything(_before: dict[str, Any]) -> None:
    """A caller who takes whatever is there."""


def test_keys_of_a_register_are_replaced_and_shown_with_the_shared_ones(
    here: Shop, till: TillClient, manager: TillClient
) -> None:
    item_id, roll = str(here.variants["cappuccino"].item_id), str(here.variants["roll"].pk)
    category_id = str(here.variants["cheese"].item.category_id)
    path = f"/registers/{here.register.pk}/quick-keys"
    shared_tag = till.get("/quick-keys").headers["ETag"]
    assert put(manager, "/quick-keys", [{"position": 7, "category_id": category_id}], shared_tag).json() == {
        "register_id": None,
        "keys": [key(7, category_id=category_id)],
    }
    empty = till.get(path)
    stated = [
        {"page": 1, "position": 0, "variant_id": roll, "label": "Roll", "color": "#ffcc00"},
        {"position": 3, "item_id": item_id},
    ]
    answer = put(manager, path, stated, empty.headers["ETag"])
    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "register_id": str(here.register.pk),
        "keys": [key(3, item_id=item_id), key(0, page=1, variant_id=roll, label="Roll", color="#ffcc00")],
        "shared": [key(7, category_id=category_id)],
    }
    shown = till.get(path)
    assert (shown.json(), shown.headers["ETag"]) == (answer.json(), answer.headers["ETag"])
    assert till.get(path, If_None_Match=shown.headers["ETag"]).status_code == 304
    assert till.get(f"/registers/{here.second_register.pk}/quick-keys").json()["keys"] == []
    with tenant_context(here.tenant):
        told = [event for event in read_after(0) if event.t == "register.quick_keys_changed"]
    data = [event.data or {} for event in told]
    assert [
        (event.id, each["register_id"], each["key_count"]) for event, each in zip(told, data, strict=True)
    ] == [
        (here.tenant.id, None, 1),
        (here.register.pk, str(here.register.pk), 2),
    ]


def test_whoever_has_not_read_what_is_there_changes_nothing(here: Shop, manager: TillClient) -> None:
    path = f"/registers/{here.register.pk}/quick-keys"
    keys = [{"position": 0, "variant_id": str(here.variants["roll"].pk)}]
    before = manager.get(path).headers["ETag"]
    assert put(manager, path, keys).status_code == 428
    assert put(manager, path, keys, before).status_code == 200
    late = put(manager, path, [], before)
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert manager.get(path).json()["keys"] == [key(0, variant_id=keys[0]["variant_id"])]


def test_the_same_keys_again_are_not_told(here: Shop) -> None:
    keys = [QuickKeyDraft(page=0, position=0, variant_id=here.variants["roll"].pk)]
    with tenant_context(here.tenant):
        said: dict[str, Any] = {
            "register_id": here.register.pk,
            "keys": keys,
            "actor": EDITOR,
            "at": clock.now(),
        }
        first = set_quick_keys(**said, matches=anything)
        told = head()
        assert set_quick_keys(**said, matches=anything) == first
        assert head() == told


def test_every_problem_is_named_with_its_place(here: Shop, there: Shop, manager: TillClient) -> None:
    path = f"/registers/{here.register.pk}/quick-keys"
    tag = manager.get(path).headers["ETag"]
    roll = str(here.variants["roll"].pk)
    answer = put(
        manager,
        path,
        [
            {"position": 0, "variant_id": roll},
            {"position": 0, "variant_id": roll},
            {"position": 1},
            {"position": 200, "page": 50, "variant_id": roll, "item_id": roll},
            {"position": 2, "variant_id": roll, "color": "red", "label": "x" * 41},
        ],
        tag,
    )
    assert answer.status_code == 400
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/keys/1/position", "repeated"),
        ("/keys/2", "one_target"),
        ("/keys/3/page", "range"),
        ("/keys/3/position", "range"),
        ("/keys/3", "one_target"),
        ("/keys/4/color", "color"),
        ("/keys/4/label", "text"),
    ]
    theirs = str(there.variants["roll"].pk)
    answer = put(manager, path, [{"position": 0, "variant_id": theirs}], tag)
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/keys/0/variant_id"]


def test_rights_and_places_that_are_not_there(here: Shop, there: Shop, till: TillClient) -> None:
    assert put(till, f"/registers/{here.register.pk}/quick-keys", [], "*").status_code == 403
    assert till.get(f"/registers/{there.register.pk}/quick-keys").status_code == 404
    with tenant_context(here.tenant):
        said: dict[str, Any] = {"keys": (), "at": clock.now(), "matches": anything}
        with pytest.raises(Forbidden):
            set_quick_keys(register_id=here.register.pk, actor=READER, **said)
        with pytest.raises(NotFound):
            set_quick_keys(register_id=new_id(), actor=EDITOR, **said)


@pytest.mark.parametrize("count", [1, 40])
def test_statements_do_not_grow_with_the_keys(here: Shop, count: int) -> None:
    roll = here.variants["roll"].pk
    keys = [QuickKeyDraft(page=0, position=place, variant_id=roll) for place in range(count)]
    with tenant_context(here.tenant):
        set_quick_keys(
            register_id=here.register.pk, keys=keys, actor=EDITOR, at=clock.now(), matches=anything
        )
        with CaptureQueriesContext(
            connection,
        ) as seen:
            quick_keys(register_id=here.register.pk)
    assert len(seen) == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_read_the_same_one_is_told_to_read_again(cafe: Any) -> None:
    here = shop(cafe)
    with tenant_context(cafe):
        read = quick_keys(register_id=here.register.pk)

    def setting(name: str) -> Callable[[], Any]:
        def as_read(before: dict[str, Any]) -> None:
            if before != read:
                raise PreconditionFailed

        keys = [QuickKeyDraft(page=0, position=0, variant_id=here.variants[name].pk)]
        return lambda: set_quick_keys(
            register_id=here.register.pk, keys=keys, actor=EDITOR, at=clock.now(), matches=as_read
        )

    outcomes, _ = while_held(cafe, Register.objects.all, [setting("roll"), setting("cheese")])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["PreconditionFailed", "dict"]
    with tenant_context(cafe):
        assert QuickKey.objects.count() == 1
