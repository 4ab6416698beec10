"""Log lines: allowed keys only, masked values, and who and where without being told."""

import logging
import os
import subprocess
import sys

import pytest
import structlog
from django.db import connection
from django.db.utils import IntegrityError

from fynlo.core.tenancy import platform_context, tenant_context
from fynlo.events.models import Cursor
from fynlo.observability import context
from fynlo.observability.logging import allow, configure

CARD = "4111 1111 1111 1111"
log = structlog.get_logger("tests.logging")


def test_a_line_carries_level_logger_and_time(logged):
    log.info("drawer_opened", position=7, outcome="counted")
    (line,) = logged()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "drawer_opened",
        "level": "info",
        "logger": "tests.logging",
        "position": 7,
        "outcome": "counted",
    }


def test_keys_that_are_not_allowed_are_dropped_and_named(logged):
    log.info("customer_seen", customer_name="Erika Mustermann", email="erika@example.com", count=1)
    (line,) = logged()
    assert "Erika" not in logged.text
    assert "example.com" not in logged.text
    assert (line["count"], line["dropped"]) == (1, ["customer_name", "email"])


def test_further_keys_can_be_allowed(logged):
    allow("tests_shelf")
    log.info("shelf_counted", tests_shelf="A4")
    assert logged()[0]["tests_shelf"] == "A4"


def test_values_are_masked_and_structures_are_not_shown(logged):
    event = f"paid with {CARD}"
    log.warning(
        event,
        error="Authorization: Bearer abcdef123456",
        reason={"pin": "4711"},
        items=["pin=4711", 5, {"a": 1}],
        count=4111111111111111,
        state=None,
    )
    (line,) = logged()
    assert line["event"] == "paid with [masked]"
    assert line["error"] == "Authorization: [masked]"
    assert line["reason"] == "[masked]"
    assert line["items"] == ["pin=[masked]", 5]
    assert line["count"] == "[masked]"
    assert line["state"] is None


def test_other_libraries_lines_take_the_same_way(logged):
    logging.getLogger("celery.worker").warning(
        "task %s got password=%s", "x", "hunter2", extra={"pin": "4711"}
    )
    (line,) = logged()
    assert (line["event"], line["logger"]) == ("task x got password=[masked]", "celery.worker")
    assert "4711" not in logged.text


def test_an_exception_is_shown_without_the_secrets_in_it(logged):
    try:
        raise ValueError(f"card {CARD} with pin=4711 was refused")
    except ValueError:
        log.exception("payment_failed")
        logging.getLogger("celery.worker").exception("Cannot fetch %s", "/api/v1/x?token=abc123def")
    ours, theirs = logged()
    for line in (ours, theirs):
        assert "ValueError: card [masked] with pin=[masked] was refused" in line["exception"]
    assert theirs["event"] == "Cannot fetch /api/v1/x?token=[masked]"


@pytest.mark.django_db
def test_what_the_database_repeats_of_the_values_is_not_shown(logged, in_cafe):
    reader = "-".join(["canary", "reader"])  # the traceback shows source lines, so not in one piece
    Cursor.objects.create(reader=reader, position=1)
    with pytest.raises(IntegrityError) as failure:
        Cursor.objects.create(reader=reader, position=2)
    log.error("request_failed", exc_info=failure.value)
    (line,) = logged("request_failed")
    assert "duplicate key value violates unique constraint" in line["exception"]
    assert reader not in logged.text


@pytest.mark.django_db
def test_the_tenant_is_told_by_the_connection(logged, cafe):
    with tenant_context(cafe):
        log.info("in_the_cafe")
    with platform_context():
        log.info("on_the_platform")
    log.info("nowhere")
    assert [line.get("tenant") for line in logged()] == ["cafe", "platform", None]
    assert connection.schema_name is None


def test_what_is_bound_is_on_every_line_until_it_ends(logged):
    chosen = context.begin(inbound="order-12345", method="POST")
    context.bind(actor="device:1", register_id=None)
    log.info("first")
    assert context.request_id() == chosen == "order-12345"
    context.end()
    log.info("second")
    first, second = logged()
    assert (first["request_id"], first["method"], first["actor"]) == ("order-12345", "POST", "device:1")
    assert not {"request_id", "method", "actor", "register_id"} & second.keys()
    assert context.request_id() == ""


def test_a_new_context_inherits_nothing(logged):
    context.begin(actor="device:1")
    context.begin()
    log.info("next")
    context.end()
    assert "actor" not in logged()[0]


@pytest.mark.parametrize(("style", "sign"), [("json", '{"'), ("console", "[warning")])
def test_a_process_writes_to_standard_error_in_its_style(style, sign):
    script = (
        "import django, structlog; django.setup(); "
        "structlog.get_logger('demo').warning('till_opened', position=3, pin='4711')"
    )
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "fynlo.settings", "FYNLO_LOG_FORMAT": style},
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = finished.stderr.splitlines()
    assert sign in line
    assert "till_opened" in line
    assert "4711" not in line
    assert finished.stdout == ""


def test_configuring_twice_writes_each_line_once():
    configure()
    configure()
    assert len([handler for handler in logging.getLogger().handlers if handler.name == "stderr"]) == 1
