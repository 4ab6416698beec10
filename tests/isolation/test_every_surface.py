"""Nobody sees another merchant's data (P7): every route, socket, task and command, walked with two merchants.

The grocer's rows are full of marks; the café's people and devices, and the grocer's at the café's host, then ask
for everything they can think of. One mark in one answer, header or log line fails the walk.
"""

import datetime as dt
import json
import logging
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import TenantContextMissing, current_schema
from tests.isolation import surfaces
from tests.isolation.canary import WORD, Marks, checksum, keys_of
from tests.isolation.sides import Side, build_side, identities, signed_in_client

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
UNSAFE = ("post", "put", "patch", "delete")


@pytest.fixture
def sides(cafe: Any, grocer: Any) -> tuple[Side, Side]:
    """The café that asks, and the grocer who must not be seen."""
    return build_side(cafe, word="SPARROW"), build_side(grocer, word=WORD)


def routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route below `patterns` with its whole path."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path, pattern


def merchant_routes() -> dict[str, URLPattern]:
    return dict(routes(get_resolver(settings.ROOT_URLCONF).url_patterns))


def filled(route: str, ids: dict[str, str]) -> str:
    """The route as a path, its parameters filled with `ids`; regular-expression routes lose their anchors."""

    def key(found: re.Match[str]) -> str:
        return ids[surfaces.PARAMETERS[found.group("name")]]

    path = re.sub(
        r"<(?:\w+:)?(?P<name>\w+)>", key, re.sub(r"\(\?P<(?P<name>\w+)>[^)]*\)", r"<\g<name>>", route)
    )
    return "/" + path.replace("^", "").replace("$", "").replace("\\Z", "").replace("?", "")


def test_every_route_of_a_merchants_host_is_declared() -> None:
    found = {route for route in merchant_routes() if not route.startswith("admin/")}
    assert found == set(surfaces.MERCHANT_API)


def test_every_route_of_the_platforms_host_is_declared() -> None:
    found = {
        route
        for route, _ in routes(get_resolver(settings.PLATFORM_URLCONF).url_patterns)
        if not route.startswith("admin/")
    }
    assert found == surfaces.PLATFORM


def test_every_socket_task_and_command_is_declared() -> None:
    from fynlo.celery import app
    from fynlo.realtime.routing import websocket_urlpatterns

    app.loader.import_default_modules()
    ours = ("fynlo", "pos", "payments", "sync", "staff", "plugins", "tenants")
    assert {str(pattern.pattern) for pattern in websocket_urlpatterns} == surfaces.SOCKETS
    assert {name for name in app.tasks if not name.startswith("celery.")} == set(surfaces.TASKS)
    commands = {name for name, source in get_commands().items() if str(source).split(".")[0] in ours}
    assert commands == set(surfaces.COMMANDS)


def requests_for(route: str, theirs: dict[str, str]) -> Iterator[tuple[str, str, Any]]:
    """(method, path, body) of everything worth asking at `route` with the other merchant's keys."""
    path = filled(route, theirs)
    for method in METHODS:
        bodies = surfaces.MERCHANT_API.get(route, []) if method in UNSAFE else []
        for body in [make(theirs) for make in bodies] or [{}]:
            yield method, path, body
    for query in surfaces.QUERIES.get(route, []):
        yield "get", f"{path}?{query(theirs)}", {}


def ask(client: Client, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
    extra = {"headers": {**headers, "Idempotency-Key": str(new_id())}}
    if method in UNSAFE:
        return getattr(client, method)(path, data=json.dumps(body), content_type="application/json", **extra)
    return getattr(client, method)(path, **extra)


def everything_in(answer: Any) -> str:
    """Status line, headers and body as one text."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return f"{headers}\n{answer.cookies.output()}\n{content.decode(errors='replace')}"


@pytest.mark.django_db(transaction=True)
def test_no_route_shows_or_changes_another_merchants_data(
    sides: tuple[Side, Side], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    ours, theirs = sides
    caplog.set_level(logging.DEBUG)
    everybody = list(identities(ours, theirs))
    marks = Marks(keys=keys_of(theirs.tenant), secrets=theirs.secrets)
    before = checksum(theirs.tenant)
    asked, leaks = 0, []
    for client, identity in everybody:
        for route in merchant_routes():
            if route.startswith("admin/"):
                continue
            for method, path, body in requests_for(route, theirs.ids):
                answer = ask(client, method, path, body, identity)
                asked += 1
                assert answer.status_code < 500, (method, path, answer.content)
                seen = marks.found_in(everything_in(answer))
                if seen:
                    leaks.append((method, path, answer.status_code, seen))
    assert leaks == []
    assert asked > 500
    assert checksum(theirs.tenant) == before
    printed = capfd.readouterr()
    assert _only_own_words(marks, printed.out + printed.err + caplog.text, theirs) == []


def _only_own_words(marks: Marks, text: str, theirs: Side) -> list[str]:
    """Marks in logs that are more than the path the caller asked for: names and secrets."""
    return [
        mark for mark in marks.found_in(text) if mark not in theirs.ids.values() or mark in theirs.secrets
    ]


@pytest.mark.django_db(transaction=True)
def test_another_merchants_credentials_are_nothing_at_our_host(sides: tuple[Side, Side]) -> None:
    ours, theirs = sides
    bodies = set()
    for route in surfaces.MERCHANT_API:
        if route in surfaces.PUBLIC:
            continue
        for headers in (theirs.identities["device"], theirs.identities["owner on device"], {}):
            view = merchant_routes()[route].callback
            for method in [name for name in ("get", "post") if hasattr(view.view_class, name)]:
                answer = ask(Client(HTTP_HOST=ours.host), method, filled(route, ours.ids), {}, headers)
                assert answer.status_code == 401, (route, method, answer.content)
                bodies.add(json.dumps({**answer.json(), "instance": ""}, sort_keys=True))
    assert len(bodies) == 1


@pytest.mark.django_db(transaction=True)
def test_the_back_office_shows_only_the_own_merchant(sides: tuple[Side, Side]) -> None:
    ours, theirs = sides
    marks = Marks(keys=keys_of(theirs.tenant), secrets=theirs.secrets)
    client, stolen = signed_in_client(ours), Client(HTTP_HOST=ours.host)
    stolen.cookies = signed_in_client(theirs).cookies
    before = checksum(theirs.tenant)
    leaks: list[Any] = []
    answered = 0
    for route in merchant_routes():
        if not route.startswith("admin/") or route.startswith("admin/logout"):
            continue
        # Half of the mark finds what carries it, and is no mark itself when a page repeats the question.
        for path in (filled(route, theirs.ids), filled(route, theirs.ids) + f"?q={WORD[:5]}"):
            for who in (client, stolen):
                answer = who.get(path)
                assert answer.status_code < 500, (path, answer.content[:2000])
                answered += answer.status_code == 200
                seen = marks.found_in(everything_in(answer))
                # A path that was asked for comes back in the address of the sign-in page.
                seen = [mark for mark in seen if mark not in path]
                if seen:
                    leaks.append((path, answer.status_code, seen))
    assert leaks == []
    assert answered > 20
    after = checksum(theirs.tenant)
    assert after == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", surfaces.TASKS)
def test_a_task_runs_in_the_tenant_of_its_message_and_nowhere_else(
    sides: tuple[Side, Side], name: str
) -> None:
    from fynlo.celery import app

    app.loader.import_default_modules()
    ours, theirs = sides
    before, task = checksum(theirs.tenant), app.tasks[name]
    answer = task.apply(kwargs=surfaces.TASKS[name], headers={"tenant_schema": ours.tenant.schema_name})
    assert answer.successful(), answer.traceback
    assert checksum(theirs.tenant) == before
    assert current_schema() is None
    for headers in ({}, {"tenant_schema": "t_nobody"}):
        refused = task.apply(kwargs=surfaces.TASKS[name], headers=headers)
        assert isinstance(refused.result, TenantContextMissing)
    with pytest.raises(TenantContextMissing):
        task.delay(**surfaces.TASKS[name])


@pytest.mark.django_db(transaction=True)
def test_a_task_of_a_suspended_merchant_does_not_run(sides: tuple[Side, Side]) -> None:
    from fynlo.celery import app
    from tenants.services import suspend_tenant
    from tenants.states import TenantSuspended

    ours, _ = sides
    suspend_tenant(slug=ours.tenant.slug, reason="unpaid", actor=SYSTEM, at=clock.now())
    task = app.tasks["api.forget_idempotency_keys"]
    answer = task.apply(headers={"tenant_schema": ours.tenant.schema_name})
    assert isinstance(answer.result, TenantSuspended)
    assert current_schema() is None


@pytest.mark.django_db(transaction=True)
def test_the_back_office_saves_nothing_of_another_merchant(sides: tuple[Side, Side]) -> None:
    ours, theirs = sides
    client, stolen = signed_in_client(ours), Client(HTTP_HOST=ours.host)
    stolen.cookies = signed_in_client(theirs).cookies
    marks = Marks(keys=keys_of(theirs.tenant), secrets=theirs.secrets)
    before, own = checksum(theirs.tenant), checksum(ours.tenant)
    chosen = {
        "action": "delete_selected",
        "_selected_action": list(theirs.ids.values()),
        "post": "yes",
        **theirs.ids,
    }
    statuses = set()
    for route in merchant_routes():
        if not route.startswith("admin/") or route.startswith(("admin/logout", "admin/login")):
            continue
        path = filled(route, theirs.ids)
        for who in (client, stolen):
            answer = who.post(path, chosen)
            statuses.add(answer.status_code)
            assert answer.status_code < 500, (path, answer.content[:2000])
            assert [mark for mark in marks.found_in(everything_in(answer)) if mark not in path] == [], path
    assert checksum(theirs.tenant) == before
    changed = {table for table, digest in checksum(ours.tenant).items() if digest != own[table]}
    assert changed <= {"django_session"}
    assert statuses <= {200, 302, 400, 403, 404, 405}


@pytest.mark.django_db(transaction=True)
def test_the_commands_of_one_merchant_leave_the_others_alone(
    sides: tuple[Side, Side], tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.core.management import call_command

    ours, theirs = sides
    before = checksum(theirs.tenant)
    marks = Marks(keys=keys_of(theirs.tenant), secrets=theirs.secrets)
    file = tmp_path / "catalogue.csv"
    file.write_text(
        "category,item,variant,sku,barcode,price,tax_class,unit\nTea,Assam,,TEA-1,,2.50,standard,each\n"
    )
    call_command("pairing_code", ours.tenant.slug, register="K1")
    call_command("import_catalog", ours.tenant.slug, str(file))
    call_command("export_catalog", ours.tenant.slug, str(file.with_suffix(".xlsx")))
    call_command("revert_import", ours.tenant.slug)
    levels = tmp_path / "levels.csv"
    levels.write_text("sku,on_hand\nCAPPUCCINO,3\n")
    call_command("import_stock", ours.tenant.slug, "levels", str(levels), location="main")
    cards = tmp_path / "cards.csv"
    cards.write_text("code,balance\nTAKEN-0001,5\n")
    call_command("import_gift_cards", str(cards), tenant=ours.tenant.slug)
    days = {"first": dt.date(2026, 1, 1), "last": dt.date(2030, 12, 31)}
    call_command("export_journal", tenant=ours.tenant.slug, file=tmp_path / "journal.zip", **days)
    call_command("journal_keys", ours.tenant.slug)
    call_command("note_restored", ours.tenant.slug, made_at="2026-03-01T02:00:00Z", reason="a test")
    call_command("play_day", ours.tenant.slug)
    call_command("config_schema")
    call_command("tenants", "list")
    call_command("tenants", "show", ours.tenant.slug)
    printed = capsys.readouterr()
    assert marks.found_in((printed.out + printed.err).replace(str(theirs.tenant.pk), "")) == []
    assert checksum(theirs.tenant) == before
    assert current_schema() is None


def test_every_command_of_one_merchant_is_tried() -> None:
    """Declared as one merchant's, therefore walked above (onboard has its own tests)."""
    one = {name for name, sees in surfaces.COMMANDS.items() if sees.startswith("one merchant")}
    assert one == {
        "export_catalog",
        "export_journal",
        "import_catalog",
        "import_gift_cards",
        "import_stock",
        "journal_keys",
        "note_restored",
        "onboard",
        "pairing_code",
        "play_day",
        "revert_import",
    }


def test_no_table_of_a_merchant_exists_in_public_and_none_is_missing(cafe: Any) -> None:
    from django.db import connection

    from fynlo.core.tenancy import platform_context
    from tests.isolation.canary import tenant_models

    wanted = {
        model._meta.db_table for model in tenant_models() if model._meta.managed and not model._meta.swapped
    }
    with platform_context(), connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 't_cafe')")
        found = cursor.fetchall()
    assert wanted & {table for schema, table in found if schema == "public"} <= {"django_migrations"}
    assert {table for schema, table in found if schema == "t_cafe"} == wanted | {"django_migrations"}


def test_the_front_doors_import_without_side_effects() -> None:
    for module in ("fynlo.urls_public", "fynlo.urls"):
        import_module(module)
    assert current_schema() is None
