"""So many rules and no more may be active: every sale goes through all of them."""

from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from pos.catalog.documents.crowding import MOST
from pos.catalog.errors import DocumentsRefused
from pos.catalog.models import ServiceCharge
from pos.catalog.services.documents import save_documents

pytestmark = pytest.mark.django_db


def charge(number: int, **said: Any) -> tuple[str, dict[str, Any]]:
    """A service charge of one per cent."""
    document = {
        "id": str(new_id()),
        "name": f"Charge {number}",
        "priority": 0,
        "when": {},
        "percent": "0.01",
        "phase": "before_tax",
        "taxable": False,
        "tax_class": None,
        "is_active": True,
        **said,
    }
    return "service_charge", document


def save(*documents: Any) -> None:
    save_documents(documents=documents, actor=SYSTEM, at=clock.now(), cause="test")


def test_one_more_than_may_be_active_is_refused_by_name_and_a_switched_off_one_makes_room(
    in_cafe: Any,
) -> None:
    most = MOST["service_charge"][1]
    full = [charge(number) for number in range(most)]
    save(*full)
    with pytest.raises(DocumentsRefused) as caught:
        save(charge(most), charge(most + 1, is_active=False))
    assert [(problem.pointer, problem.code) for problem in caught.value.errors] == [
        ("/0/is_active", "too_many_active")
    ]
    assert ServiceCharge.objects.count() == most
    save(charge(most), ("service_charge", {**full[0][1], "is_active": False}))
    assert ServiceCharge.objects.filter(is_active=True).count() == most
