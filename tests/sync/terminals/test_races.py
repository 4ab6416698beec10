"""Twenty at once: tries are counted exactly, a code is used once, a repeat is answered alike.

Each promise has a twin without the guard; the twin must fail, or the race was none.
"""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction

from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import run_in_tenant, tenant_context
from sync.terminals.codes import read_code
from sync.terminals.errors import PairingRefused
from sync.terminals.models import PairingCode, Terminal
from sync.terminals.services import NewPairingCode, create_pairing_code, pair_terminal
from sync.terminals.tokens import PairingRequest
from sync.terminals.tries import MAX_TRIES, take_try
from tests.factories import RegisterFactory

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
AT_ONCE = 20
R = TypeVar("R")


def at_once(tenant: Any, call: Callable[[], R], *, count: int = AT_ONCE) -> list[R]:
    """What `call` returns in `count` threads that start together, each with a connection of its own."""
    barrier = threading.Barrier(count)

    def one() -> R:
        try:
            connection.ensure_connection()
            barrier.wait()
            return run_in_tenant(tenant, call)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(one) for _ in range(count)]]


def a_code(tenant: Any) -> NewPairingCode:
    with tenant_context(tenant):
        return create_pairing_code(register_id=RegisterFactory.create().pk, actor=SYSTEM, at=NOON)


def request_for(code: NewPairingCode, **changes: Any) -> PairingRequest:
    return PairingRequest(code=read_code(str(code.code)), device_name="Front", **changes)


def outcome_of(request: PairingRequest) -> str:
    try:
        return str(pair_terminal(request=request, at=NOON).token)
    except PairingRefused:
        return "refused"


@pytest.mark.django_db(transaction=True)
def test_twenty_tries_at_once_are_five(cafe: Any) -> None:
    code = a_code(cafe)
    selector = str(code.code)[:4]
    taken = at_once(cafe, lambda: take_try(selector=selector, at=NOON) is not None)
    assert taken.count(True) == MAX_TRIES
    with tenant_context(cafe):
        assert PairingCode.objects.get().tries == MAX_TRIES


@pytest.mark.django_db(transaction=True)
def test_the_twin_that_looks_before_it_counts_lets_more_than_five_compare(cafe: Any) -> None:
    code = a_code(cafe)
    have_looked = threading.Barrier(AT_ONCE)

    def look_then_count() -> bool:
        with transaction.atomic():
            row = PairingCode.objects.get(pk=code.id)
            has_tries_left = row.tries < MAX_TRIES
            have_looked.wait()
            PairingCode.objects.filter(pk=code.id).update(tries=row.tries + 1)
        return has_tries_left

    assert at_once(cafe, look_then_count).count(True) == AT_ONCE


@pytest.mark.django_db(transaction=True)
def test_of_twenty_with_the_right_code_one_is_paired(cafe: Any) -> None:
    code = a_code(cafe)
    outcomes = at_once(cafe, lambda: outcome_of(request_for(code)))
    assert outcomes.count("refused") == AT_ONCE - 1
    with tenant_context(cafe):
        assert Terminal.objects.count() == 1
        assert PairingCode.objects.get().terminal_id == Terminal.objects.get().pk


@pytest.mark.django_db(transaction=True)
def test_one_request_five_times_at_once_has_one_answer(cafe: Any) -> None:
    code = a_code(cafe)
    outcomes = at_once(cafe, lambda: outcome_of(request_for(code, idempotency_key="k")), count=MAX_TRIES)
    assert len(set(outcomes)) == 1
    assert outcomes[0].startswith("fyd_")
    with tenant_context(cafe):
        assert Terminal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_codes_for_one_device_used_at_once_install_it_once(cafe: Any) -> None:
    first = a_code(cafe)
    with tenant_context(cafe):
        old = pair_terminal(request=request_for(first), at=NOON).terminal
        codes = [
            create_pairing_code(register_id=old.register_id, terminal_id=old.pk, actor=SYSTEM, at=NOON)
            for _ in range(2)
        ]
    waiting = iter(codes)
    lock = threading.Lock()

    def use_one() -> str:
        with lock:
            code = next(waiting)
        return outcome_of(request_for(code))

    outcomes = at_once(cafe, use_one, count=2)
    assert outcomes.count("refused") == 1
    with tenant_context(cafe):
        assert sorted(Terminal.objects.values_list("epoch", flat=True)) == [1, 2]
