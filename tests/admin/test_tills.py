"""Pairing and revoking devices in the back office."""

from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from staff.employees.models import Role
from sync.terminals.codes import read_code
from sync.terminals.models import PairingCode, Terminal
from sync.terminals.services import pair_terminal
from sync.terminals.tokens import PairingRequest
from tests.admin.browsing import Browser, office
from tests.factories import LocationFactory, RegisterFactory, TillClient, paired_till

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(cafe: Any) -> Any:
    with tenant_context(cafe):
        return RegisterFactory.create(code="K1", location=LocationFactory.create(code="main"))


@pytest.fixture
def browser(cafe: Any, register: Any) -> Browser:
    return office(cafe)


def without(tenant: Any, *permissions: str) -> None:
    with tenant_context(tenant):
        role = Role.objects.get(code="owner")
        role.permissions = [each for each in role.permissions if each not in permissions]
        role.save()


def test_a_code_is_shown_once_and_pairs_a_device(cafe: Any, browser: Browser, register: Any) -> None:
    page = browser.post("/sync/terminal/pairing-code/", {"register": str(register.pk)})
    code = str(page.context["made"].code)
    assert code in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert code not in browser.get("/sync/terminal/pairing-code/").content.decode()
    with tenant_context(cafe):
        request = PairingRequest(code=read_code(code), device_name="New iPad")
        paired = pair_terminal(request=request, at=clock.now())
        assert paired.terminal.register_id == register.pk
    assert "New iPad" in browser.get("/sync/terminal/").content.decode()


def test_a_code_needs_a_register_in_use_of_this_merchant(cafe: Any, grocer: Any, browser: Browser) -> None:
    with tenant_context(grocer):
        theirs = RegisterFactory.create(location=LocationFactory.create())
    with tenant_context(cafe):
        closed = RegisterFactory.create(location=LocationFactory.create(), is_active=False)
    for key in (theirs.pk, closed.pk, "x", ""):
        page = browser.post("/sync/terminal/pairing-code/", {"register": str(key)})
        assert (page.status_code, page.context["made"]) == (200, None)
    with tenant_context(cafe):
        assert not PairingCode.objects.exists()


def test_a_device_is_revoked_after_a_question(cafe: Any, browser: Browser) -> None:
    till = TillClient(cafe, paired_till(cafe))
    with tenant_context(cafe):
        terminal = Terminal.objects.get()
    asked = browser.get(f"/sync/terminal/{terminal.pk}/revoke/")
    assert asked["Location"] == f"/admin/sync/terminal/{terminal.pk}/confirm-revocation/"
    assert till.get("/terminals/me").status_code == 200
    assert browser.get(f"/sync/terminal/{terminal.pk}/confirm-revocation/").status_code == 200
    assert till.get("/terminals/me").status_code == 200
    assert browser.post(f"/sync/terminal/{terminal.pk}/confirm-revocation/", {}).status_code == 302
    assert till.get("/terminals/me").status_code == 401
    with tenant_context(cafe):
        assert log.read_after(log.head() - 1)[0].t == "terminal.revoked"


def test_chosen_devices_are_revoked_together(cafe: Any, browser: Browser) -> None:
    tills = [TillClient(cafe, paired_till(cafe)) for _ in range(3)]
    with tenant_context(cafe):
        chosen = [str(key) for key in Terminal.objects.order_by("pk").values_list("pk", flat=True)[:2]]
    answer = browser.post("/sync/terminal/", {"action": "revoke_selected", "_selected_action": chosen})
    assert answer.status_code == 302
    assert [till.get("/terminals/me").status_code for till in tills] == [401, 401, 200]


def test_who_may_not_pair_or_revoke_is_not_offered_it_and_gets_403(
    cafe: Any, browser: Browser, register: Any
) -> None:
    till = TillClient(cafe, paired_till(cafe))
    without(cafe, "terminals.pair", "terminals.revoke")
    with tenant_context(cafe):
        terminal = Terminal.objects.get()
    assert "New pairing code" not in browser.get("/sync/terminal/").content.decode()
    assert browser.get("/sync/terminal/pairing-code/").status_code == 403
    assert browser.post("/sync/terminal/pairing-code/", {"register": str(register.pk)}).status_code == 403
    assert browser.get(f"/sync/terminal/{terminal.pk}/revoke/").status_code == 403
    assert browser.post(f"/sync/terminal/{terminal.pk}/confirm-revocation/", {}).status_code == 403
    browser.post("/sync/terminal/", {"action": "revoke_selected", "_selected_action": [str(terminal.pk)]})
    assert till.get("/terminals/me").status_code == 200


def test_a_device_of_another_merchant_is_not_revoked(cafe: Any, grocer: Any, browser: Browser) -> None:
    with tenant_context(grocer):
        RegisterFactory.create(location=LocationFactory.create())
    till = TillClient(grocer, paired_till(grocer))
    with tenant_context(grocer):
        theirs = Terminal.objects.get()
    answer = browser.post(f"/sync/terminal/{theirs.pk}/confirm-revocation/", {})
    assert answer.status_code == 302
    assert till.get("/terminals/me").status_code == 200


def test_no_page_shows_a_token_or_its_hash(cafe: Any, browser: Browser) -> None:
    headers = paired_till(cafe)
    with tenant_context(cafe):
        terminal = Terminal.objects.get()
    secrets = [terminal.token_hash, headers["Authorization"].removeprefix("Bearer ")]
    for path in ("", f"{terminal.pk}/change/", f"{terminal.pk}/history/"):
        page = browser.get(f"/sync/terminal/{path}").content.decode()
        assert not [secret for secret in secrets if secret in page]
