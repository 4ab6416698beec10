"""What a guest signed, in the back office: beside the payment, and beside the dispute it speaks in."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import platform_context, tenant_context
from payments.gateways.models import Attempt
from payments.gateways.services import attach_signature
from payments.gateways.signatures import Signature, drawn
from payments.reconciliation.models import Dispute
from payments.reconciliation.services.evidence import evidence_for
from staff.employees.models import Employee
from tests.admin.browsing import office
from tests.payments.gateways.asking import AT, Desk, desk_of
from tests.payments.gateways.vendor import Vendor, vendor_present

pytestmark = pytest.mark.django_db

CROSS = drawn([((0, 0), (900, 500)), ((0, 500), (900, 0))])


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with vendor_present() as made:
        yield made


@pytest.fixture
def desk(cafe: Any, vendor: Vendor) -> Desk:
    with tenant_context(cafe):
        return desk_of(vendor, [])


@pytest.fixture
def signed(cafe: Any, desk: Desk) -> Attempt:
    """An attempt whose signature came an hour after it was written."""
    with tenant_context(cafe):
        row = desk.presented(purpose="nothing")
        keep(row, CROSS)
        return row


def keep(row: Attempt, signature: Signature) -> None:
    late = AT + dt.timedelta(hours=1)
    attach_signature(attempt_id=row.pk, signature=signature, actor=SYSTEM, at=late, signed_at=AT)


def dispute(desk: Desk, row: Attempt) -> Dispute:
    made: Dispute = Dispute.objects.create(
        vendor_id="dis_1",
        connection=desk.connection,
        attempt_id=row.pk,
        amount_minor=1250,
        currency="EUR",
        state="needs_response",
        opened_at=AT,
        seen_at=AT,
    )
    return made


def test_it_stands_with_the_payment_and_says_when_it_came(cafe: Any, signed: Attempt) -> None:
    browser = office(cafe)
    page = browser.get(f"/payments/attempt/{signed.pk}/act/").content.decode()
    picture = f"/payments/attempt/{signed.pk}/signature.png"
    assert picture in page
    assert "Signed 2026-03-02" in page
    assert "It came later than it was signed" in page
    assert "Nothing was taken when it came." in page
    shown = browser.get(picture)
    assert (shown.content, shown["Content-Type"]) == (CROSS.content, "image/png")
    assert "no-store" in shown["Cache-Control"]
    assert shown["X-Content-Type-Options"] == "nosniff"


def test_it_speaks_in_a_dispute_of_its_payment_only(cafe: Any, desk: Desk, signed: Attempt) -> None:
    with tenant_context(cafe):
        row = dispute(desk, signed)
        papers = evidence_for(dispute=row).papers
        assert papers["signature"] == ("signature.png", "image/png", CROSS.content)
        other = dispute_of_unsigned(desk)
        assert "signature" not in evidence_for(dispute=other).papers
    page = office(cafe).get(f"/payments/disputes/{row.pk}/").content.decode()
    assert f'src="/admin/payments/attempt/{signed.pk}/signature.png"' in page


def dispute_of_unsigned(desk: Desk) -> Dispute:
    row = desk.presented(700, purpose="nothing")
    return Dispute(attempt_id=row.pk, connection=desk.connection, amount_minor=700, currency="EUR")


def test_who_may_not_read_payments_does_not_see_it(cafe: Any, grocer: Any, signed: Attempt) -> None:
    picture = f"/payments/attempt/{signed.pk}/signature.png"
    assert office(grocer).get(picture).status_code == 404
    browser = office(cafe)
    with tenant_context(cafe):
        role = Employee.objects.get(number="7").role
        role.permissions = ["admin.access"]
        role.save()
    assert browser.get(picture).status_code == 403


def test_a_shop_of_another_language_sees_what_its_till_says(as_owner: None, cafe: Any, desk: Desk) -> None:
    with tenant_context(cafe):
        row = desk.presented(purpose="nothing")
    page = f"/payments/attempt/{row.pk}/act/"
    browser = office(cafe)
    assert "At the till" not in browser.get(page).content.decode()
    cafe.language = "de-AT"
    with platform_context():
        cafe.save(update_fields=["language"])
    said = "At the till: Die Zahlung über 12,50 EUR ist angefordert; bitte auf den Gast warten."
    assert said in browser.get(page).content.decode()
