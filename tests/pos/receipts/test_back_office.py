"""Receipts in the back office: the order's, and the settings of all with their preview."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from fynlo.core.tenancy import platform_context, tenant_context
from fynlo.events.log import read_after
from pos.receipts.services.settings import words_in_force
from staff.employees.models import Role
from tenants.models import ConfigurationVersion, PlatformAudit
from tests.admin.browsing import office
from tests.factories import Shop
from tests.pos.receipts.selling import basket, configure


@pytest.mark.django_db
def test_the_receipt_of_an_order_is_shown_with_what_can_be_done(here: Shop) -> None:
    browser, order = office(here.tenant), basket(here)
    page = browser.get(f"/pos/order/{order}/receipt/").content.decode()
    assert "sandbox srcdoc=" in page
    assert "Cappuccino" in page
    assert "One more copy" in page
    link = f"/pos/order/{order}/receipt/"
    assert f"/admin{link}" in browser.get(f"/pos/order/{order}/change/").content.decode()
    text = browser.get(f"{link}?format=text")
    assert (text["Content-Type"], "K1-R1" in text.content.decode()) == ("text/plain; charset=utf-8", True)
    assert browser.get(f"{link}?format=pdf").content[:5] == b"%PDF-"
    assert "19.60" not in browser.get(f"{link}?kind=gift").content.decode()


@pytest.mark.django_db
def test_a_copy_is_counted_and_shown_marked(here: Shop) -> None:
    browser, order = office(here.tenant), basket(here)
    path = f"/pos/order/{order}/receipt/"
    answer = browser.post(path, {})
    assert (answer.status_code, answer["Location"]) == (302, f"/admin{path}?kind=sale&copy=1")
    assert "*** COPY 1 ***" in browser.get(answer["Location"].removeprefix("/admin")).content.decode()
    assert "There is no such copy" not in browser.get(path).content.decode()
    assert "Ask for a reprint first" in browser.get(f"{path}?copy=7").content.decode()


@pytest.mark.django_db
def test_a_letter_is_asked_for(here: Shop) -> None:
    browser, order = office(here.tenant), basket(here)
    path = f"/pos/order/{order}/receipt/"
    assert browser.post(path, {"to": f"guest.{order}@example.org"}).status_code == 302
    assert browser.post(path, {"to": "nobody"}).status_code == 302
    with tenant_context(here.tenant):
        asked = [item.data["to"] for item in read_after(0) if item.t == "receipt.email_requested"]
    assert asked == ["g…@example.org"]


@pytest.mark.django_db
def test_who_may_not_print_again_sees_no_button_and_is_refused(here: Shop) -> None:
    browser = office(here.tenant, "manager")
    with tenant_context(here.tenant):
        Role.objects.filter(code="manager").update(permissions=["admin.access", "orders.read"])
    path = f"/pos/order/{basket(here)}/receipt/"
    assert "One more copy" not in browser.get(path).content.decode()
    assert "receipts.reprint" in browser.post(path, {}).content.decode()


def _picture() -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(buffer, "PNG")
    return SimpleUploadedFile("logo.png", buffer.getvalue(), "image/png")


@pytest.mark.django_db(transaction=True)
def test_settings_are_saved_as_a_new_version_and_noted(as_owner: None, here: Shop, cafe: Any) -> None:
    configure(cafe, header=["Frisch seit 1998"])
    browser = office(here.tenant)
    assert "Frisch seit 1998" in browser.get("/pos/receipt/").content.decode()
    stated = {"header": "Seit 1998\n\n", "footer": "Danke!\nBis morgen", "link": "on", "picture": _picture()}
    answer = browser.post("/pos/receipt/", stated)
    assert answer.status_code == 302, answer.content
    with tenant_context(here.tenant):
        words = words_in_force()
    assert (words.header, words.footer, words.has_link) == (("Seit 1998",), ("Danke!", "Bis morgen"), True)
    assert words.logo is not None
    with platform_context():
        assert ConfigurationVersion.objects.filter(tenant_id=cafe.pk, is_current=True).get().version == 2
        entry = PlatformAudit.objects.get(action="tenant.settings_changed")
        assert entry.data == {"setting": "pos.receipt", "version": 2}
    stated = {"header": "Seit 1998", "footer": "", "without_logo": "on"}
    assert browser.post("/pos/receipt/", stated).status_code == 302
    with tenant_context(here.tenant):
        assert (words_in_force().logo, words_in_force().footer, words_in_force().has_link) == (
            None,
            (),
            False,
        )


@pytest.mark.django_db(transaction=True)
def test_the_preview_shows_what_stands_in_the_form_and_saves_nothing(
    as_owner: None, here: Shop, cafe: Any
) -> None:
    configure(cafe)
    browser = office(here.tenant)
    stated = {"header": "<b>Ganz neu</b>", "footer": "", "link": "on", "picture": _picture()}
    page = browser.post("/pos/receipt/preview/", stated).content.decode()
    assert "&lt;b&gt;Ganz neu&lt;/b&gt;" in page
    assert "data:image/png;base64," in page
    assert "<svg" in page
    with tenant_context(here.tenant):
        assert words_in_force().header == ()
    assert browser.post("/pos/receipt/preview/", {"header": "x\n" * 9}).status_code == 400


@pytest.mark.django_db
def test_without_a_configuration_there_is_nothing_to_change(here: Shop) -> None:
    answer = office(here.tenant).post("/pos/receipt/", {"header": "Neu"})
    assert (answer.status_code, "was not applied yet" in answer.content.decode()) == (200, True)


@pytest.mark.django_db
def test_settings_are_for_those_who_configure(here: Shop) -> None:
    browser = office(here.tenant, "manager")
    assert browser.get("/pos/receipt/").status_code == 403
    assert browser.post("/pos/receipt/preview/", {"header": "x"}).status_code == 403
