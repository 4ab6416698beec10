"""Large files are worked on in the background; small ones while the caller waits (`views`)."""

from typing import Any
from uuid import UUID

from celery import shared_task

from fynlo.core import clock
from fynlo.core.actors import Actor
from fynlo.core.errors import DomainError
from fynlo.core.tasks import TenantTask
from pos.catalog.models import CatalogImport
from pos.importing.services import apply_import, look_at_import, revert_import
from pos.importing.services.staging import record_failure


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
    state = CatalogImport.objects.filter(pk=key).values_list("state", flat=True).first()
    return state or "gone"
