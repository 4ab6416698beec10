"""Large files are worked on in the background; small ones while the caller waits (`views`)."""

from typing import Any, Final
from uuid import UUID

from celery import shared_task

from fynlo.core import clock
from fynlo.core.actors import Actor
from fynlo.core.errors import DomainError
from fynlo.core.tasks import TenantTask
from pos.catalog.models import CatalogImport
from pos.importing.progress import follower, forget
from pos.importing.services import apply_import, look_at_import, revert_import
from pos.importing.services.staging import record_failure

AT_ONCE: Final = 512 * 1024
"""Bytes of CSV that are worked on while the caller waits: some five thousand rows, two seconds. Of a workbook it
is 2 MiB of unpacked XML, whatever the size it is packed to."""


def is_large(import_id: UUID) -> bool:
    """Whether a file is worked on in the background."""
    size = CatalogImport.objects.filter(pk=import_id).values_list("options__size", flat=True).first()
    return bool(size and size > AT_ONCE)


def hand_over(*, import_id: UUID, step: str, actor: Actor, force: bool = False) -> None:
    """Have a step done in the background; until it begins, the file's progress says `waiting`."""
    by = {"kind": actor.kind, "id": str(actor.id) if actor.id else None, "name": actor.name}
    follower(import_id)("waiting", 0, 1)
    work_on_import.apply_async(kwargs={"import_id": str(import_id), "step": step, "by": by, "force": force})


@shared_task(base=TenantTask, name="pos.work_on_import")
def work_on_import(*, import_id: str, step: str, by: dict[str, Any], force: bool = False) -> str:
    """Look at, apply or revert a file for somebody who may. Safe to run twice: what is done stays done.

    A refusal is kept in the file's summary, where the caller finds it. Returns the file's state.
    """
    key = UUID(import_id)
    actor = Actor(
        kind=by["kind"],
        id=UUID(by["id"]) if by["id"] else None,
        name=by["name"],
        permissions=frozenset({"catalog.write"}),
    )
    try:
        if step == "apply":
            apply_import(import_id=key, actor=actor, at=clock.now())
        elif step == "revert":
            revert_import(import_id=key, actor=actor, at=clock.now(), force=force)
        else:
            look_at_import(import_id=key, actor=actor, at=clock.now())
    except DomainError as error:
        record_failure(import_id=key, detail=error.detail)
    finally:
        forget(key)
    state = CatalogImport.objects.filter(pk=key).values_list("state", flat=True).first()
    return state or "gone"
