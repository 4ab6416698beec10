"""The page for Prometheus: the platform's only, behind its token, added up over processes."""

import os
import subprocess
import sys

import pytest
from django.test import Client, override_settings

from fynlo.observability import metrics

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-enough-length"


@pytest.fixture(autouse=True)
def platform_urls(cafe):
    with override_settings(PLATFORM_URLCONF="tests.observability.urls"):
        yield


@pytest.fixture
def platform():
    return Client(HTTP_HOST="localhost")


def test_the_page_holds_our_figures(platform):
    metrics.order_placed()
    metrics.feed_lag(reader="realtime", items=4)
    answer = platform.get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    assert 'fynlo_feed_lag_items{reader="realtime"} 4.0' in answer.content.decode()
    assert "fynlo_orders_placed_total" in answer.content.decode()


def test_no_merchants_host_has_the_page():
    with override_settings(ROOT_URLCONF="tests.api.urls", FYNLO_METRICS_TOKEN=TOKEN):
        answer = Client(HTTP_HOST="cafe.localhost").get(
            "/metrics", headers={"Authorization": f"Bearer {TOKEN}"}
        )
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 401),
        ("", 401),
        ("Bearer ", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"Basic {TOKEN}", 401),
        (TOKEN, 401),
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
    ],
)
def test_a_token_is_asked_for_when_one_is_set(platform, header, status):
    headers = {} if header is None else {"Authorization": header}
    with override_settings(FYNLO_METRICS_TOKEN=TOKEN):
        answer = platform.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert answer.get("WWW-Authenticate") == (None if status == 200 else "Bearer")


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer "}, {"Authorization": "Bearer x"}])
def test_in_production_nobody_reads_without_a_token(platform, header):
    with override_settings(PRODUCTION=True, FYNLO_METRICS_TOKEN=""):
        assert platform.get("/metrics", headers=header).status_code == 401


def test_the_page_is_only_read(platform):
    assert platform.post("/metrics").status_code == 405


def test_outcomes_are_a_closed_list():
    with pytest.raises(ValueError, match="canary is not an outcome"):
        metrics.idempotency(outcome="canary")


def test_several_processes_add_up(tmp_path):
    environment = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "fynlo.settings",
    }
    sell = "from fynlo.observability import metrics; metrics.order_placed(); metrics.feed_lag(reader='r', items={})"
    read = (
        "from fynlo.observability import metrics as m; from prometheus_client import generate_latest; "
        "print(generate_latest(m._registry()).decode())"
    )
    for lag in (3, 9):
        subprocess.run([sys.executable, "-c", sell.format(lag)], env=environment, check=True)
    page = subprocess.run(
        [sys.executable, "-c", read], env=environment, check=True, capture_output=True, text=True
    ).stdout
    assert "fynlo_orders_placed_total 2.0" in page
