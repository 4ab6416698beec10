"""Large files are worked on in the background; small ones while the caller waits (`views`)."""

from typing import Any, Final
from uuid import UUID

from celery import shared_task

from fynlo.core import clock
from fynlo.core.actors import Actor
from fynlo.core.errors import DomainError
from fynlo.core.states import IllegalTransition
from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import registry
from pos.stock_files.errors import StockFileBusy
from pos.stock_files.models import StockFile
from pos.stock_files.progress import follower, forget
from pos.stock_files.queries import abandoned_files
from pos.stock_files.services import apply_file, look_at_file, record_failure, revert_file
from pos.stock_files.services.stepping import document_of
from pos.stock_files.states import APPLYING, RUNNING, STOCK_FILE

AT_ONCE: Final = 256 * 1024
"""Bytes of CSV that are worked on while the caller waits: some ten thousand rows."""


def is_large(file_id: UUID) -> bool:
    """Whether a file is worked on in the background."""
    size = StockFile.objects.filter(pk=file_id).values_list("options__size", flat=True).first()
    return bool(size and size > AT_ONCE)


def hand_over(*, file_id: UUID, step: str, actor: Actor, force: bool = False) -> None:
    """Have a step done in the background; until it begins, the file's progress says `waiting`.

    Raises `IllegalTransition` where the file's state does not allow it.
    """
    if step != "look":
        state = StockFile.objects.values_list("state", flat=True).get(pk=file_id)
        STOCK_FILE.after(state, step)
    follower(file_id)("waiting", 0, 1)
    kwargs = {"file_id": str(file_id), "step": step, "by": document_of(actor), "force": force}
    work_on_stock_file.apply_async(kwargs=kwargs)


@shared_task(base=TenantTask, name="pos.work_on_stock_file")
def work_on_stock_file(*, file_id: str, step: str, by: dict[str, Any], force: bool = False) -> str:
    """Look at, apply or revert a file for somebody who may. Safe to run twice: what is done stays done.

    A refusal is kept in the file's summary, where the caller finds it. Returns the file's state.
    """
    key = UUID(file_id)
    actor = Actor(
        kind=by["kind"],
        id=UUID(by["id"]) if by["id"] else None,
        name=by["name"],
        employee_id=UUID(by["employee_id"]) if by.get("employee_id") else None,
        permissions=frozenset({"stock.write", "stock.order", "stock.count"}),
    )
    try:
        if step == "apply":
            apply_file(file_id=key, actor=actor, at=clock.now(), clock=clock.now)
        elif step == "revert":
            revert_file(file_id=key, actor=actor, at=clock.now(), clock=clock.now, force=force)
        else:
            look_at_file(file_id=key, actor=actor, at=clock.now())
    except StockFileBusy:
        return _state(key)  # whoever has it goes on with it
    except IllegalTransition as error:
        # Another step is under way: a failure kept in the file would look as if that had failed.
        if _state(key) not in RUNNING:
            record_failure(file_id=key, detail=error.detail)
    except DomainError as error:
        record_failure(file_id=key, detail=error.detail)
    finally:
        forget(key)
    return _state(key)


@shared_task(base=TenantTask, name="pos.finish_stock_files")
def finish_stock_files() -> int:
    """Go on with files whose worker ended between two batches, as whoever began. Returns how many there were.

    Safe to run twice and beside a worker that lives: of several, one remains (`services.stepping`).
    """
    found = abandoned_files(at=clock.now())
    for file_id, state, by in found:
        step = "apply" if state == APPLYING else "revert"
        work_on_stock_file.apply_async(kwargs={"file_id": str(file_id), "step": step, "by": by})
    return len(found)


@shared_task(base=TenantTask, name="pos.finish_stock_files_everywhere")
def finish_stock_files_everywhere() -> int:
    """Send the task above to every live merchant. Returns to how many; beat starts it every minute."""
    tenants = registry.live_tenants()
    for tenant in tenants:
        finish_stock_files.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)


def _state(file_id: UUID) -> str:
    return StockFile.objects.filter(pk=file_id).values_list("state", flat=True).first() or "gone"
