"""Files of levels beside tills and beside each other: one works, nobody waits for more than a batch."""

import os
import signal
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from fynlo.core.states import IllegalTransition
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockLevel, StockMovement
from pos.inventory.queries.audit import differences
from pos.orders.services import place_order
from pos.stock_files.errors import StockFileBusy
from pos.stock_files.kinds.levels import Levels
from pos.stock_files.models import StockFile
from pos.stock_files.services import apply_file, revert_file
from pos.stock_files.services.applying import APPLY
from pos.stock_files.services.stepping import do_batch
from tests.concurrency.rivals import at_once, beside, until_waiting, while_held
from tests.factories import RegisterFactory, Shop, shop
from tests.pos.orders.drafts import sale, sold
from tests.pos.stock_files.child import start
from tests.pos.stock_files.files import AT, KEEPER, LATER, found, on_hand, sent

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = ("sku;on_hand", "ROLL;12", "CHEESE;1,5", "BOOK;3")
ALL = {"ROLL": "12", "CHEESE": "1.5", "BOOK": "3"}


@pytest.fixture(autouse=True)
def _one_row_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Levels, "batch", 1)


def stocked(here: Shop) -> tuple[StockFile, list[str]]:
    """A file that was looked at, with all levels there already; and its SKUs in the order they are locked."""
    with tenant_context(here.tenant):
        first = sent("levels", "sku;on_hand", "ROLL;1", "CHEESE;1", "BOOK;1")
        apply_file(file_id=first.pk, actor=KEEPER, at=AT)
        levels = StockLevel.objects.order_by("location_id", "variant_id")
        return sent("levels", *ROWS), list(levels.values_list("variant__sku", flat=True))


def applying(file: StockFile) -> Callable[[], str]:
    return lambda: apply_file(file_id=file.pk, actor=KEEPER, at=AT).state


def level(sku: str) -> Callable[[], Any]:
    return lambda: StockLevel.objects.filter(variant__sku=sku)


def counts(file: StockFile) -> dict[str, int]:
    mine = StockMovement.objects.filter(document_id=file.pk, reversed_before=None).exclude(kind="revaluation")
    return {sku: list(mine.values_list("variant__sku", flat=True)).count(sku) for sku in ALL}


def test_of_two_who_go_on_with_a_file_one_works_and_the_other_finds_it_busy(cafe: Any) -> None:
    here = shop(cafe)
    file, order = stocked(here)
    with tenant_context(cafe):
        do_batch(file_id=file.pk, step=APPLY, actor=KEEPER, at=AT, told=lambda *_: None)

        # The first one waits in its batch for a level, with the file locked; the second does not wait for it.
        outcomes, second = while_held(
            cafe, level(order[1]), [applying(file)], lambda: at_once(cafe, [applying(file)])
        )
        assert second is not None
        assert (outcomes, [type(each) for each in second]) == (["applied"], [StockFileBusy])
        assert (on_hand(), counts(file)) == (ALL, dict.fromkeys(ALL, 1))


def test_whoever_asks_at_the_same_time_gets_each_row_once(cafe: Any) -> None:
    here = shop(cafe)
    file, _ = stocked(here)
    outcomes = at_once(cafe, [applying(file)] * 6)
    with tenant_context(cafe):
        assert outcomes.count("applied") == 1
        refused = {type(each) for each in outcomes if each != "applied"}
        assert refused <= {StockFileBusy, IllegalTransition}
        assert (found(file.pk).state, on_hand(), counts(file)) == ("applied", ALL, dict.fromkeys(ALL, 1))


def test_taking_back_waits_for_the_batch_and_the_one_who_applied_finds_it_so(cafe: Any) -> None:
    here = shop(cafe)
    file, order = stocked(here)

    def revert() -> str:
        return revert_file(file_id=file.pk, actor=KEEPER, at=LATER).state

    with tenant_context(cafe):
        do_batch(file_id=file.pk, step=APPLY, actor=KEEPER, at=AT, told=lambda *_: None)
        outcomes, late = while_held(
            cafe, level(order[1]), [applying(file)], lambda: beside(cafe, revert, waiting=2)
        )
        assert late is not None
        assert late.result() == "reverted"
        assert outcomes[0] in {"reverting", "reverted"}
        assert found(file.pk).state == "reverted"
        assert on_hand() == {"ROLL": "1", "CHEESE": "1", "BOOK": "1"}
        assert differences() == []


def selling(here: Shop, *skus: str) -> list[Callable[[], Any]]:
    """A sale of each, at a till of its own."""

    def at(sku: str, actor: Any) -> Callable[[], Any]:
        return lambda: len(place_order(draft=sale(sold(here, sku.lower())), actor=actor, at=AT).lines)

    with tenant_context(here.tenant):
        return [at(sku, here.actor(register=RegisterFactory.create(location=here.location))) for sku in skus]


@pytest.mark.parametrize("held", [1, 2])
def test_an_import_holds_the_goods_of_the_batch_it_is_at_and_no_others(cafe: Any, held: int) -> None:
    here = shop(cafe)
    file, order = stocked(here)
    others = [sku for sku in order if sku != order[held]]
    sales = selling(here, *others)
    with tenant_context(cafe):
        # The import waits in a batch for its level. What it wrote before and will write later is sold meanwhile:
        # whoever waited here would wait until it is over, and be sent away.
        outcomes, sold_ = while_held(cafe, level(order[held]), [applying(file)], lambda: at_once(cafe, sales))
        assert (outcomes, sold_) == (["applied"], [1, 1])
        assert differences() == []


def test_the_twin_of_one_batch_keeps_the_sale_waiting(cafe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    here = shop(cafe)
    file, order = stocked(here)
    monkeypatch.setattr(Levels, "batch", 3)
    (sell,) = selling(here, order[0])
    with tenant_context(cafe):
        outcomes, late = while_held(
            cafe, level(order[2]), [applying(file)], lambda: beside(cafe, sell, waiting=2)
        )
        assert late is not None
        assert (outcomes, late.result()) == (["applied"], 1)


def test_rival_files_of_the_same_goods_both_arrive(cafe: Any) -> None:
    here = shop(cafe)
    first, _ = stocked(here)
    with tenant_context(cafe):
        second = sent("levels", "sku;on_hand", "BOOK;8", "CHEESE;8", "ROLL;8")
    outcomes = at_once(cafe, [applying(first), applying(second)])
    with tenant_context(cafe):
        assert outcomes == ["applied", "applied"]
        assert all(on_hand()[sku] in {ALL[sku], "8"} for sku in ALL)
        assert (counts(first), counts(second)) == (dict.fromkeys(ALL, 1), dict.fromkeys(ALL, 1))
        assert differences() == []


@pytest.mark.parametrize("step", ["apply", "revert"])
def test_killed_in_the_middle_of_a_batch(cafe: Any, step: str) -> None:
    here = shop(cafe)
    file, order = stocked(here)
    name = str(settings.DATABASES["default"]["NAME"])
    with tenant_context(cafe):
        if step == "revert":
            apply_file(file_id=file.pk, actor=KEEPER, at=AT)

        process = started_and_killed(cafe, step, file, name, order[1])
        assert process.exitcode == -signal.SIGKILL
        assert (found(file.pk).state, found(file.pk).done) == (
            "applying" if step == "apply" else "reverting",
            1,
        )
        do = apply_file if step == "apply" else revert_file
        do(file_id=file.pk, actor=KEEPER, at=LATER)
        assert counts(file) == dict.fromkeys(ALL, 1)
        assert on_hand() == (ALL if step == "apply" else {"ROLL": "1", "CHEESE": "1", "BOOK": "1"})
        assert differences() == []


def started_and_killed(cafe: Any, step: str, file: StockFile, name: str, sku: str) -> Any:
    """A process that is killed while its second batch waits for the level of `sku`."""
    with transaction.atomic(), connection.cursor() as cursor:
        list(level(sku)().select_for_update())
        process = start(step, file.pk, schema=cafe.schema_name, name=name, batch=1)
        until_waiting(cursor, 1, [])
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    return process


def test_the_level_of_a_batch_is_what_a_sale_before_it_left(cafe: Any) -> None:
    here = shop(cafe)
    file, order = stocked(here)
    with tenant_context(cafe):
        do_batch(file_id=file.pk, step=APPLY, actor=KEEPER, at=AT, told=lambda *_: None)
        for sku in order:
            place_order(draft=sale(sold(here, sku.lower())), actor=here.actor(), at=LATER)
        apply_file(file_id=file.pk, actor=KEEPER, at=LATER)
        left = on_hand()
        assert {sku: left[sku] for sku in order[1:]} == {sku: ALL[sku] for sku in order[1:]}
        assert Decimal(left[order[0]]) == Decimal(ALL[order[0]]) - 1
