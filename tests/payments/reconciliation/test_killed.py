"""One run, whose worker is killed (SIGKILL) in step after step, ends as if nothing had happened."""

import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from fynlo.core import clock
from fynlo.core.tenancy import tenant_context
from payments.gateways.services import look_at_attempt
from payments.gateways.simulator.balance import pay_out
from payments.gateways.simulator.guest import pay
from payments.reconciliation.models import Payout, Reconciliation
from payments.reconciliation.services import ask_for_run, run_reconciliation
from tests import database
from tests.payments.reconciliation.listing import balances, differences
from tests.payments.webhooks.bells import Shop, open_shop

pytestmark = pytest.mark.django_db(transaction=True)
PLACES = (
    "reconcile.line_batch",
    "reconcile.match_batch",
    "reconcile.compare_batch",
    "reconcile.payout",
)


def killed_at(place: str, *, schema: str, run: Any) -> None:
    name = str(settings.DATABASES["default"]["NAME"])
    url = database.with_name(os.environ["DATABASE_URL"], name)
    environ = {**os.environ, "DATABASE_URL": url, "FYNLO_FAILPOINTS": place}
    command = [sys.executable, "-m", "tests.payments.reconciliation.dying", schema, str(run)]
    finished = subprocess.run(
        command, cwd=database.ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert finished.returncode == -signal.SIGKILL, (place, finished.stderr[-2000:])


def paid_out(shop: Shop) -> int:
    """Three sales by card, paid out; what reached the bank."""
    for minor in (1000, 2500, 399):
        attempt = shop.ask(minor)
        pay(desk=shop.desk, payment=attempt.vendor_id)
        look_at_attempt(attempt_id=attempt.pk, at=clock.now())
    (name,) = pay_out(desk=shop.desk)
    assert name
    return sum(row.data["amount"] for row in shop.desk_rows("payout"))


def test_a_worker_killed_in_every_step_leaves_the_same_books(cafe: Any, client_for: Any) -> None:
    with tenant_context(cafe):
        shop = open_shop(cafe, client_for(cafe))
        reached = paid_out(shop)
        run = ask_for_run(connection=shop.connection, reason="nightly", at=clock.now())
    for place in PLACES:
        killed_at(place, schema=cafe.schema_name, run=run)
    with tenant_context(cafe):
        assert run_reconciliation(run_id=run, clock=clock.now) == "done"
        assert {kind for kind, _ in differences()} == {"unsettled"}  # nobody settles this purpose here
        payout = Payout.objects.get()
        assert (payout.amount_minor, payout.unexplained_minor, payout.line_count) == (reached, 0, 3)
        assert balances("bank", "payouts_unexplained") == {"bank": reached, "payouts_unexplained": 0}
        assert Reconciliation.objects.get().counts["judged"] == 3
