"""The platform's admin: merchants, never their sales; suspended and resumed with a reason, noted in the audit."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import platform_context
from tenants.admin_site import platform_admin
from tenants.models import Domain, Operator, PlatformAudit, Tenant
from tests.admin.browsing import OPERATOR, Browser, office, platform
from tests.admin.trading import traded

pytestmark = pytest.mark.django_db

TABLES = [
    "tenants.configurationversion",
    "tenants.domain",
    "tenants.onboardingrun",
    "tenants.operator",
    "tenants.platformaudit",
    "tenants.tenant",
]


@pytest.fixture
def browser(db: None) -> Browser:
    return platform()


def path_of(table: str) -> str:
    return f"/{table.replace('.', '/')}/"


def test_only_platform_tables_are_there() -> None:
    assert sorted(model._meta.label_lower for model in platform_admin._registry) == TABLES


@pytest.mark.parametrize("table", TABLES)
def test_lists_open_and_can_be_searched_and_sorted(browser: Browser, cafe: Any, table: str) -> None:
    for query in ("", "?q=cafe", "?q=%27%25_", "?o=1", "?o=-2"):
        assert browser.get(path_of(table) + query).status_code == 200, query
    assert browser.get("/").status_code == 200
    assert browser.get("/search/?s=mer").status_code == 200


def test_records_open_without_the_tables_that_only_merchants_have(browser: Browser, cafe: Any) -> None:
    with platform_context():
        keys = {
            "tenants.tenant": cafe.pk,
            "tenants.domain": Domain.objects.get(tenant=cafe).pk,
            "tenants.operator": Operator.objects.get().pk,
            "tenants.platformaudit": PlatformAudit.objects.first().pk,
        }
    for table, key in keys.items():
        assert browser.get(f"{path_of(table)}{key}/change/").status_code == 200, table
        assert browser.get(f"{path_of(table)}{key}/history/").status_code == 404, table


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_added_changed_or_deleted_by_a_form(browser: Browser, cafe: Any, table: str) -> None:
    with platform_context():
        before = {model: list(model.objects.values()) for model in (Tenant, Domain, Operator)}
    key = cafe.pk if table == "tenants.tenant" else new_id()
    assert browser.post(f"{path_of(table)}add/", {"name": "x"}).status_code == 403
    assert browser.post(f"{path_of(table)}{key}/change/", {"name": "x"}).status_code == 403
    assert browser.post(f"{path_of(table)}{key}/delete/", {"post": "yes"}).status_code == 403
    with platform_context():
        after = {model: list(model.objects.values()) for model in before}
        for rows in (*before.values(), *after.values()):
            for row in rows:
                row.pop("last_login", None)
        assert after == before


@pytest.mark.parametrize("path", ["/pos/order/", "/pos/item/", "/staff/employee/", "/payments/transfer/"])
def test_merchants_tables_are_not_there(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_no_page_shows_a_sale(browser: Browser, cafe: Any) -> None:
    trade = traded(cafe)
    pages = ["/", *(path_of(table) for table in TABLES), f"/tenants/tenant/{cafe.pk}/change/"]
    for path in pages:
        page = browser.get(path).content.decode()
        assert not [word for word in ("Espresso", "K1-CANARY", "2.40") if word in page], path
    assert trade.tenant.name in browser.get("/tenants/tenant/").content.decode()


def test_the_number_of_statements_does_not_grow_with_the_merchants(
    browser: Browser, cafe: Any, grocer: Any
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/tenants/tenant/?q=cafe").status_code == 200
        return len(captured)

    statements()
    few = statements()
    with CaptureQueriesContext(connection) as captured:
        assert browser.get("/tenants/tenant/?q=e").status_code == 200
    assert len(captured) == few


def test_a_merchant_is_suspended_with_a_reason_and_resumed(browser: Browser, cafe: Any) -> None:
    there = office(cafe)
    ask = f"/tenants/tenant/{cafe.pk}/suspend/ask/"
    assert browser.get(f"/tenants/tenant/{cafe.pk}/suspend/")["Location"] == f"/admin{ask}"
    assert browser.post(ask, {"reason": ""}).status_code == 200
    assert there.get("/").status_code == 200
    assert browser.post(ask, {"reason": "Unpaid since June"}).status_code == 302
    assert there.get("/").status_code == 403
    shown = browser.get(f"/tenants/tenant/{cafe.pk}/change/").content.decode()
    assert "Unpaid since June" in shown
    assert browser.post(f"/tenants/tenant/{cafe.pk}/resume/ask/", {}).status_code == 302
    assert there.get("/").status_code == 200
    with platform_context():
        entries = list(PlatformAudit.objects.order_by("-at", "-id").values_list("action", "actor")[:2])
    assert entries == [("tenant.resumed", "operator:Anna"), ("tenant.suspended", "operator:Anna")]


def test_only_what_can_be_done_is_offered(browser: Browser, cafe: Any) -> None:
    path = f"/tenants/tenant/{cafe.pk}/change/"
    page = browser.get(path).content.decode()
    assert ("/suspend/" in page, "/resume/" in page) == (True, False)
    browser.post(f"/tenants/tenant/{cafe.pk}/suspend/ask/", {"reason": "x"})
    page = browser.get(path).content.decode()
    assert ("/suspend/" in page, "/resume/" in page) == (False, True)


def test_asking_about_nobody_or_for_something_else_changes_nothing(browser: Browser, cafe: Any) -> None:
    assert browser.post(f"/tenants/tenant/{new_id()}/suspend/ask/", {"reason": "x"}).status_code == 302
    assert browser.post(f"/tenants/tenant/{cafe.pk}/close/ask/", {}).status_code == 403
    assert (
        Browser("localhost").post(f"/tenants/tenant/{cafe.pk}/suspend/ask/", {"reason": "x"}).status_code
        == 302
    )
    with platform_context():
        assert not Tenant.objects.filter(suspended_at__isnull=False).exists()


def test_the_home_page_says_what_this_is_and_names_nobody_in_production(cafe: Any, settings: Any) -> None:
    client = Client(SERVER_NAME="localhost", HTTP_HOST="localhost")
    settings.ENVIRONMENT = "production"
    page = client.get("/").content.decode()
    assert "point of sale" in page
    assert cafe.name not in page
    settings.ENVIRONMENT = "development"
    page = Client(SERVER_NAME="localhost", HTTP_HOST="localhost:8123").get("/").content.decode()
    assert f"{cafe.name}</strong>" in page
    assert "http://cafe.localhost:8123/admin/" in page
    assert client.post("/").status_code == 405


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("operators", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_operators_are_made_kept_out_and_let_in_by_command(
    as_owner: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FYNLO_OPERATOR_PASSWORD", "gravel-lamp-twelve")
    assert run("add", "ben@platform.example", "--name", "Ben") == (
        "ben@platform.example can sign in to the platform's admin.\n"
    )
    assert run("list") == f"{OPERATOR}  Anna\nben@platform.example  Ben\n"
    ben = Browser("localhost")
    assert ben.sign_in("ben@platform.example", "gravel-lamp-twelve").status_code == 302
    run("keep_out", "ben@platform.example")
    assert ben.get("/").status_code == 302
    run("admit", "ben@platform.example")
    assert ben.get("/").status_code == 200
    monkeypatch.setenv("FYNLO_OPERATOR_PASSWORD", "another-lamp-eleven")
    run("password", "ben@platform.example")
    assert ben.get("/").status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("arguments", "password", "sentence"),
    [
        (("add", "anna@PLATFORM.example"), "gravel-lamp-twelve", "Another operator has this e-mail address"),
        (("add", "no-address"), "gravel-lamp-twelve", "This is not an e-mail address."),
        (("add", "new@platform.example"), "short", "A password has at least 12 characters."),
        (("keep_out", OPERATOR), "", "Make another operator first."),
        (("admit", "nobody@platform.example"), "", "There is no operator nobody@platform.example."),
    ],
)
def test_what_cannot_be_done_with_operators_is_one_sentence(
    as_owner: None,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    password: str,
    sentence: str,
) -> None:
    monkeypatch.setenv("FYNLO_OPERATOR_PASSWORD", password)
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    assert (str(caught.value), caught.value.returncode) == (sentence, 1)
