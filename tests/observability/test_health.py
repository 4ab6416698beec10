"""Alive and ready: what is down is said in one word, and nothing hangs or leaks."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client, override_settings

from fynlo.core.tenancy import platform_context
from fynlo.observability import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forget_the_last_look():
    health._last = None
    yield
    health._last = None


@contextmanager
def database_at(**place: str) -> Iterator[None]:
    before = dict(connection.settings_dict)
    connection.settings_dict.update(place)
    try:
        yield
    finally:
        connection.settings_dict.update(before)


@contextmanager
def mute_server() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def ready():
    return Client(HTTP_HOST="any.host.at.all").get("/health/ready")


def test_ready_when_everything_answers():
    answer = ready()
    assert answer.json() == {
        "status": "up",
        "checks": {"database": "up", "redis": "up", "migrations": "up"},
    }
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")


def test_alive_whatever_else_is_down():
    with database_at(PORT="1"), override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        answer = Client(HTTP_HOST="!! no host name !!").get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "up"})


def test_a_database_that_refuses():
    with database_at(PORT="1"):
        answer = ready()
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert answer.json() == {
        "status": "down",
        "checks": {"database": "down: refused", "redis": "up", "migrations": "down: refused"},
    }


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ({"PASSWORD": "wrong"}, "authentication"),
        ({"NAME": "no_such_database"}, "missing"),
        ({"HOST": "no-such-host.invalid"}, "unknown host"),
    ],
)
def test_a_database_that_cannot_be_used_says_why_and_gives_nothing_away(place, reason):
    user, host = connection.settings_dict["USER"], connection.settings_dict["HOST"]
    with database_at(**place):
        answer = ready()
    assert answer.json()["checks"]["database"] == f"down: {reason}"
    for inside in (*place.values(), user, host, str(connection.settings_dict["PORT"])):
        assert inside not in answer.content.decode()


def test_a_database_that_never_answers_is_given_up():
    with mute_server() as port, database_at(PORT=str(port)):
        assert ready().json()["checks"]["database"] == "down: timeout"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("redis://127.0.0.1:1/0", "refused"),
        ("redis://no-such-host.invalid:6379/0", "unknown host"),
    ],
)
def test_a_redis_that_cannot_be_used_says_why(url, reason):
    with override_settings(REDIS_URL=url):
        checks = ready().json()["checks"]
    assert checks == {"database": "up", "redis": f"down: {reason}", "migrations": "up"}


def test_a_redis_that_wants_a_password_says_so():
    scheme, _, place = settings.REDIS_URL.rpartition("@")
    assert scheme.startswith("redis://")
    with override_settings(REDIS_URL=f"redis://{place}"):
        assert ready().json()["checks"]["redis"] == "down: authentication"
    with override_settings(REDIS_URL=f"redis://:canary-password@{place}"):
        answer = ready()
    assert answer.json()["checks"]["redis"] == "down: authentication"
    assert b"canary" not in answer.content


def test_a_redis_that_never_answers_is_given_up():
    with mute_server() as port, override_settings(REDIS_URL=f"redis://127.0.0.1:{port}/0"):
        assert ready().json()["checks"]["redis"] == "down: timeout"


@pytest.mark.django_db(transaction=True)
def test_a_missing_migration_is_counted(as_owner):
    with platform_context(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'tenants'")
        missing = cursor.rowcount
    assert missing > 0
    assert ready().json()["checks"]["migrations"] == f"down: {missing} missing"


@pytest.mark.django_db(transaction=True)
def test_an_empty_database_is_not_ready(as_owner):
    with platform_context(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE django_migrations")
    assert ready().json()["checks"] == {"database": "up", "redis": "up", "migrations": "down: missing"}


def test_an_answer_is_good_for_a_moment():
    assert ready().status_code == 200
    with database_at(PORT="1"):
        assert ready().status_code == 200
        assert health.readiness(max_age=0)["database"] == "down: refused"


def test_other_addresses_go_on():
    assert Client(HTTP_HOST="any.host.at.all").get("/health/other").status_code == 404


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("FATAL:  the database system is starting up", "starting"),
        ("FATAL:  the database system is not yet accepting connections", "recovering"),
        ("FATAL:  the database system is in recovery mode", "recovering"),
        ("FATAL:  the database system is shutting down", "stopping"),
        ("FATAL:  sorry, too many clients already", "full"),
        ("something nobody has thought of at db.internal:5432", "failing"),
    ],
)
def test_a_servers_own_words_become_one(text, word):
    assert health.reason(OperationalError(text)) == word
