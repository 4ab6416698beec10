"""Documents over HTTP: read, made, changed and removed one at a time, never over somebody else's change."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from pos.catalog.models import KINDS, Category, Item
from pos.catalog.services.documents import save_documents
from tests.factories import LocationFactory, RegisterFactory, TillClient, paired_till, signed_in
from tests.pos.catalog.documents import sheets
from tests.pos.catalog.makers import AT, EDITOR

pytestmark = pytest.mark.django_db


class Here:
    """A café with one item, a till, and a manager at it."""

    def __init__(self, tenant: Any) -> None:
        self.tenant = tenant
        self.place = sheets.category()
        self.cola = sheets.item("Cola", sheets.variant("COLA"), category_id=self.place["id"])
        with tenant_context(tenant):
            RegisterFactory.create(location=LocationFactory.create())
            stated = [("tax_class", sheets.tax_class()), ("category", self.place), ("item", self.cola)]
            save_documents(documents=stated, actor=EDITOR, at=AT, cause="test")
        headers = paired_till(tenant)
        self.till = TillClient(tenant, headers)
        self.manager = TillClient(tenant, signed_in(tenant, headers, role="manager"))
        self.path = f"/catalog/documents/item/{self.cola['id']}"

    def tag(self) -> str:
        return str(self.manager.get(self.path)["ETag"])


@pytest.fixture
def here(cafe: Any) -> Here:
    return Here(cafe)


def test_a_document_is_read_with_its_tag(here: Here) -> None:
    answer = here.till.get(here.path)
    assert (answer.status_code, answer.json()) == (200, here.cola)
    again = here.till.get(here.path, If_None_Match=answer["ETag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_an_address(here: Here, kind: str) -> None:
    path = f"/catalog/documents/{kind.replace('_', '-')}/"
    assert here.till.get(path + str(new_id())).status_code == 404
    expected = 200 if kind == "settings" else 404
    assert here.till.get(path + sheets.settings()["id"]).status_code == expected


def test_a_kind_that_is_none_is_not_found(here: Here) -> None:
    assert here.till.get(f"/catalog/documents/tax_class/{new_id()}").status_code == 404
    assert here.manager.put(f"/catalog/documents/gift/{new_id()}", {}).status_code == 404


def test_a_new_document_is_made_without_a_tag(here: Here) -> None:
    made = sheets.item("Tea  ", sheets.variant("TEA"), category_id=here.place["id"])
    path = f"/catalog/documents/item/{made.pop('id')}"
    answer = here.manager.put(path, made)
    assert answer.status_code == 201
    assert answer.json()["name"] == "Tea"
    assert answer["ETag"] == here.manager.get(path)["ETag"]
    with tenant_context(here.tenant):
        assert answer["Feed-Position"] == str(log.head())
        assert Item.objects.filter(name="Tea").count() == 1


def test_a_change_needs_the_tag_of_what_it_changes(here: Here) -> None:
    changed = {**here.cola, "name": "Coke"}
    assert here.manager.put(here.path, changed).status_code == 428
    tag = here.tag()
    answer = here.manager.put(here.path, changed, If_Match=tag)
    assert (answer.status_code, answer.json()["name"]) == (200, "Coke")
    late = here.manager.put(here.path, {**here.cola, "name": "Pop"}, If_Match=tag)
    assert late.status_code == 412
    with tenant_context(here.tenant):
        assert Item.objects.get().name == "Coke"


def test_a_repeat_whose_answer_was_lost_succeeds_and_tells_nothing(here: Here) -> None:
    changed, tag = {**here.cola, "name": "Coke"}, here.tag()
    here.manager.put(here.path, changed, If_Match=tag)
    with tenant_context(here.tenant):
        before = log.head()
    again = here.manager.put(here.path, changed, If_Match=tag)
    assert (again.status_code, "Feed-Position" in again) == (200, False)
    with tenant_context(here.tenant):
        assert log.head() == before


def test_a_tag_of_something_removed_makes_nothing_anew(here: Here) -> None:
    tag = here.tag()
    assert here.manager.delete(here.path, If_Match=tag).status_code == 204
    assert here.manager.put(here.path, here.cola, If_Match=tag).status_code == 412
    with tenant_context(here.tenant):
        assert not Item.objects.exists()


def test_problems_point_into_the_document(here: Here) -> None:
    wrong = {**here.cola, "variants": [{**here.cola["variants"][0], "price_minor": -5, "ean": "1"}]}
    answer = here.manager.put(here.path, wrong, If_Match=here.tag())
    assert (answer.status_code, answer.json()["code"]) == (422, "documents_refused")
    assert {problem["pointer"] for problem in answer.json()["errors"]} == {
        "/variants/0/price_minor",
        "/variants/0/ean",
    }


def test_the_body_may_not_contradict_its_address(here: Here) -> None:
    answer = here.manager.put(here.path, {**here.cola, "id": str(new_id())}, If_Match=here.tag())
    assert [problem["pointer"] for problem in answer.json()["errors"]] == ["/id"]
    bodies: tuple[Any, ...] = ([], "Cola", None)
    for odd in bodies:
        assert here.manager.put(here.path, odd, If_Match=here.tag()).status_code == 422


def test_something_needed_is_not_removed(here: Here) -> None:
    path = f"/catalog/documents/category/{here.place['id']}"
    assert here.manager.delete(path).status_code == 428
    answer = here.manager.delete(path, If_Match=here.manager.get(path)["ETag"])
    assert (answer.status_code, answer.json()["code"]) == (409, "document_in_use")
    assert answer.json()["errors"] == [
        {"pointer": "", "code": "in_use", "detail": "Category Drinks is used by item Cola."}
    ]
    with tenant_context(here.tenant):
        assert Category.objects.count() == 1


def test_removing_tells_the_feed_and_is_done_once(here: Here) -> None:
    answer = here.manager.delete(here.path, If_Match=here.tag())
    assert answer.status_code == 204
    with tenant_context(here.tenant):
        assert answer["Feed-Position"] == str(log.head())
    assert here.manager.delete(here.path, If_Match="*").status_code == 404
    assert here.till.get(here.path).status_code == 404


def test_a_till_reads_and_does_not_write(here: Here) -> None:
    assert here.till.put(here.path, here.cola, If_Match="*").status_code == 403
    assert here.till.delete(here.path, If_Match="*").status_code == 403


def test_rounding_is_a_document_as_well(here: Here) -> None:
    path = f"/catalog/documents/settings/{sheets.settings()['id']}"
    tag = here.manager.get(path)["ETag"]
    answer = here.manager.put(path, sheets.settings(cash_increment=5), If_Match=tag)
    assert (answer.status_code, answer.json()["cash_increment"]) == (200, 5)
    assert here.manager.delete(path, If_Match=answer["ETag"]).status_code == 422


def test_another_merchant_has_none_of_it(here: Here, grocer: Any) -> None:
    with tenant_context(grocer):
        RegisterFactory.create(location=LocationFactory.create())
    other = TillClient(grocer, paired_till(grocer))
    assert other.get(here.path).status_code == 404
