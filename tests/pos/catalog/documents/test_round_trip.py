"""From any catalogue to any other in one step, and what is read afterwards is what was stated."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fynlo.core.tenancy import tenant_context
from pos.catalog.documents.checking import check_documents
from pos.catalog.documents.reading import SETTINGS_ID, read_documents
from pos.catalog.models import KINDS, Variant
from pos.catalog.queries.book import book_for_sale
from pos.catalog.services.documents import save_documents
from pos.registers.models import Location
from tests.factories import LocationFactory
from tests.pos.catalog.documents.catalogues import Stated, catalogues
from tests.pos.catalog.makers import AT, EDITOR

pytestmark = pytest.mark.django_db


def everything() -> dict[tuple[str, str], Any]:
    return {(kind, str(key)): found for kind in KINDS for key, found in read_documents(kind=kind).items()}


def become(stated: Stated) -> None:
    """Save what is stated and remove everything else."""
    wanted = {(kind, document["id"]) for kind, document in stated}
    there = [(kind, key) for kind in KINDS for key in read_documents(kind=kind) if key != SETTINGS_ID]
    gone = [key for key in there if (key[0], str(key[1])) not in wanted]
    save_documents(documents=stated, removed=gone, actor=EDITOR, at=AT, cause="test")


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # making a failure smaller takes minutes against a database
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_any_catalogue_becomes_any_other_is_read_as_stated_and_can_be_priced(
    cafe: Any, data: st.DataObject
) -> None:
    with tenant_context(cafe):
        location = Location.objects.first() or LocationFactory.create()
        become([])
        for _ in range(2):
            stated = data.draw(catalogues(location=str(location.id)))
            become(stated)
            found = everything()
            assert found == {(kind, document["id"]): document for kind, document in stated} | {
                ("settings", str(SETTINGS_ID)): found["settings", str(SETTINGS_ID)]
            }
            variants = set(Variant.objects.values_list("pk", flat=True))
            assert book_for_sale(variant_ids=variants, at=AT).variants.keys() == variants


@given(stated=catalogues(location="01900000-0000-7000-8000-000000099999"))
def test_a_document_in_its_one_form_stays_as_it_is(stated: Stated) -> None:
    checked, problems = check_documents(documents=json.loads(json.dumps(stated)))
    assert problems == []
    assert [(each.kind, each.document) for each in checked] == stated
