"""Large files are worked on in the background; small ones while the caller waits (`views`)."""

from typing import Any, Final
from uuid import UUID

from celery import shared_task

from fynlo.core import clock
from fynlo.core.actors import Actor
from fynlo.core.errors import DomainError
from fynlo.core.tasks import TenantTask
from pos.stock_files.models import StockFile
from pos.stock_files.progress import follower, forget
from pos.stock_files.services import apply_file, look_at_file, record_failure, revert_file

AT_ONCE: Final = 256 * 1024
"""Bytes of CSV that are worked on while the caller waits: some ten thousand rows."""


def is_large(file_id: UUID) -> bool:
    """Whether a file is worked on in the background."""
    size = StockFile.objects.filter(pk=file_id).values_list("options__size", flat=True).first()
    return bool(size and size > AT_ONCE)


def hand_over(*, file_id: UUID, step: str, actor: Actor, force: bool = False) -> None:
    """Have a step done in the background; until it begins, the file's progress says `waiting`."""
    by = {
        "kind": actor.kind,
        "id": str(actor.id) if actor.id else None,
        "name": actor.name,
        "employee_id": str(actor.employee_id) if actor.employee_id else None,
    }
    follower(file_id)("waiting", 0, 1)
    kwargs = {"file_id": str(file_id), "step": step, "by": by, "force": force}
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
            apply_file(file_id=key, actor=actor, at=clock.now())
        elif step == "revert":
            revert_file(file_id=key, actor=actor, at=clock.now(), force=force)
        else:
            look_at_file(file_id=key, actor=actor, at=clock.now())
    except DomainError as error:
        record_failure(file_id=key, detail=error.detail)
    finally:
        forget(key)
    state = StockFile.objects.filter(pk=key).values_list("state", flat=True).first()
    return state or "gone"
