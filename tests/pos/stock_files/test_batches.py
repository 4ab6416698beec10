"""Levels go in batches, each a transaction of its own: what is done stays done, and the rest is done later."""

import datetime as dt
from decimal import Decimal

import pytest

from fynlo.core.states import IllegalTransition
from fynlo.core.tasks import HEADER
from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from pos.catalog.errors import ImportRefused
from pos.inventory.models import StockLevel, StockMovement
from pos.inventory.queries.audit import differences
from pos.stock_files.kinds.levels import Levels
from pos.stock_files.models import StockFile
from pos.stock_files.queries import abandoned_files, file_document
from pos.stock_files.services import apply_file, discard_file, record_failure, revert_file
from pos.stock_files.services.applying import APPLY
from pos.stock_files.services.reverting import revert_step
from pos.stock_files.services.stepping import Step, do_batch, document_of
from pos.stock_files.tasks import finish_stock_files, work_on_stock_file
from tests.factories import Shop
from tests.pos.stock_files.files import AT, KEEPER, LATER, found, moved, on_hand, sent
from tests.pos.stock_files.test_levels import adjusted

pytestmark = pytest.mark.django_db
REVERT = revert_step(force=False)
ROWS = ("sku;on_hand;unit_cost", "ROLL;12;0,20", "CHEESE;1,5;", "BOOK;3;5")
ALL = {"ROLL": "12", "CHEESE": "1.5", "BOOK": "3"}


@pytest.fixture(autouse=True)
def _one_row_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Levels, "batch", 1)


def one_batch(file: StockFile, step: Step, at: dt.datetime = AT) -> StockFile:
    """Do a batch, and then be gone."""
    return do_batch(file_id=file.pk, step=step, actor=KEEPER, at=at, told=lambda *_: None)


def facts() -> list[str]:
    return [item.t for item in log.read_after(0)]


def far(file: StockFile) -> tuple[object, ...]:
    document = file_document(found(file.pk))
    return document["state"], document["possible"], document["progress"], document["applied_at"]


def test_a_file_that_stopped_says_how_far_it_is_and_is_finished(here: Shop) -> None:
    with tenant_context(here.tenant):
        file = sent("levels", *ROWS)
        one_batch(file, APPLY)
        one_batch(file, APPLY)
        assert far(file) == (
            "applying",
            ["apply", "revert"],
            {"phase": "written", "done": 2, "total": 3},
            None,
        )
        assert len(on_hand()) == 2
        assert "stock_file.applied" not in facts()
        apply_file(file_id=file.pk, actor=KEEPER, at=LATER)
        assert far(file) == ("applied", ["revert"], None, "2026-07-02T08:30:00.000Z")
        assert on_hand() == ALL
        assert sorted(row[0] for row in moved()) == ["BOOK", "CHEESE", "ROLL"]
        assert facts().count("stock_file.applied") == 1
        with pytest.raises(IllegalTransition):
            apply_file(file_id=file.pk, actor=KEEPER, at=LATER)


def test_each_batch_settles_its_costs(here: Shop) -> None:
    with tenant_context(here.tenant):
        file = sent("levels", *ROWS)
        for number in (1, 2, 3):
            one_batch(file, APPLY)
            levels = StockLevel.objects.filter(moved_at__isnull=False)
            assert (levels.count(), levels.filter(settle_from__isnull=False).count()) == (number, 0)
        assert facts().count("stock.levels_changed") == 3
        assert dict(StockLevel.objects.values_list("variant__sku", "value_minor")) == {
            "ROLL": Decimal(240),
            "CHEESE": Decimal(0),
            "BOOK": Decimal(1500),
        }
        assert differences() == []


def test_a_half_applied_file_is_taken_back_as_far_as_it_is(here: Shop) -> None:
    with tenant_context(here.tenant):
        adjusted(here, "roll", "2")
        adjusted(here, "book", "1")
        file = sent("levels", *ROWS)
        one_batch(file, APPLY)
        one_batch(file, APPLY)
        revert_file(file_id=file.pk, actor=KEEPER, at=LATER)
        assert on_hand() == {"ROLL": "2", "BOOK": "1"}
        assert (found(file.pk).state, found(file.pk).applied_at) == ("reverted", None)
        mine = StockMovement.objects.filter(document_id=file.pk).exclude(kind="revaluation")
        assert mine.filter(reversed_before=0).count() == mine.filter(reversed_before=None).count() == 2
        assert [fact for fact in facts() if fact.startswith("stock_file")] == ["stock_file.reverted"]


def test_taking_back_stops_and_goes_on(here: Shop) -> None:
    with tenant_context(here.tenant):
        file = sent("levels", *ROWS)
        apply_file(file_id=file.pk, actor=KEEPER, at=AT)
        one_batch(file, REVERT, LATER)
        assert far(file)[:3] == ("reverting", ["revert"], {"phase": "taken back", "done": 1, "total": 3})
        assert len(on_hand()) == 2
        with pytest.raises(IllegalTransition):
            apply_file(file_id=file.pk, actor=KEEPER, at=LATER)
        with pytest.raises(IllegalTransition):
            discard_file(file_id=file.pk, actor=KEEPER)
        revert_file(file_id=file.pk, actor=KEEPER, at=LATER)
        assert on_hand() == {}
        backs = StockMovement.objects.filter(document_id=file.pk, reversed_before=0)
        assert sorted(backs.values_list("variant__sku", flat=True)) == ["BOOK", "CHEESE", "ROLL"]
        assert differences() == []


def test_each_row_says_what_is_there_when_its_batch_is_applied(here: Shop) -> None:
    with tenant_context(here.tenant):
        file = sent("levels", *ROWS)
        one_batch(file, APPLY)
        (first,) = on_hand()
        (later,) = {"ROLL", "CHEESE", "BOOK"} - {first, "CHEESE" if first != "CHEESE" else "BOOK"}
        # Both are sold between the batches: the one that is done keeps it, the other is counted after it.
        adjusted(here, first.lower(), "-1")
        adjusted(here, later.lower(), "-1")
        apply_file(file_id=file.pk, actor=KEEPER, at=AT)
        left = Decimal(ALL[first]) - 1
        assert on_hand() == {**ALL, first: format(left.normalize(), "f")}
        of_file = StockMovement.objects.filter(document_id=file.pk, variant__sku=later)
        assert of_file.exclude(kind="revaluation").get().quantity == Decimal(ALL[later]) + 1


def test_each_batch_is_as_of_its_own_time(here: Shop) -> None:
    times = [AT + dt.timedelta(seconds=number) for number in range(3)]
    clock = iter(times)
    with tenant_context(here.tenant):
        file = sent("levels", *ROWS)
        apply_file(file_id=file.pk, actor=KEEPER, at=AT, clock=lambda: next(clock))
        mine = StockMovement.objects.filter(document_id=file.pk).exclude(kind="revaluation")
        assert list(mine.order_by("at").values_list("at", flat=True)) == times
        assert found(file.pk).applied_at == times[-1]


def test_nothing_is_written_of_a_file_with_a_problem_in_its_last_row(here: Shop) -> None:
    with tenant_context(here.tenant):
        file = sent("levels", *ROWS, "GONE;1;")
        with pytest.raises(ImportRefused):
            apply_file(file_id=file.pk, actor=KEEPER, at=AT)
        assert (found(file.pk).state, moved()) == ("staged", [])


def test_the_sweep_goes_on_with_what_nobody_works_on(here: Shop) -> None:
    with tenant_context(here.tenant):
        file = sent("levels", *ROWS)
        one_batch(file, APPLY)
        minute = dt.timedelta(minutes=1)
        assert abandoned_files(at=AT + minute) == []
        assert abandoned_files(at=AT + 2 * minute) == [(file.pk, "applying", document_of(KEEPER))]
        headers = {HEADER: here.tenant.schema_name}
        assert finish_stock_files.apply(headers=headers).get() == 1
        said = {"file_id": str(file.pk), "step": "apply", "by": document_of(KEEPER)}
        assert work_on_stock_file.apply(kwargs=said, headers=headers).get() == "applied"
        assert on_hand() == ALL
        assert finish_stock_files.apply(headers=headers).get() == 0


def test_one_that_failed_waits_for_somebody(here: Shop) -> None:
    with tenant_context(here.tenant):
        file = sent("levels", *ROWS)
        one_batch(file, APPLY)
        record_failure(file_id=file.pk, detail="There is a reason.")
        assert abandoned_files(at=LATER) == []
        apply_file(file_id=file.pk, actor=KEEPER, at=AT)
        assert (found(file.pk).state, "failure" in found(file.pk).summary) == ("applied", False)
