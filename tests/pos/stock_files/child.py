"""Applying a file in a process of its own, which may be killed; the fork server imports this and sets Django up."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fynlo.settings")

import multiprocessing
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import connection

from fynlo.core.tenancy import registry, tenant_context
from pos.stock_files.kinds.levels import Levels
from pos.stock_files.services import apply_file, revert_file
from tests.pos.stock_files.files import AT, KEEPER

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


def start(step: str, file_id: UUID, *, schema: str, name: str, batch: int) -> Any:
    """Start applying (`apply`) or taking back (`revert`) a file of the merchant `schema` in database `name`."""
    process = _context.Process(target=_run, args=(step, file_id, schema, name, batch))
    process.start()
    return process


def _run(step: str, file_id: UUID, schema: str, name: str, batch: int) -> None:
    connection.settings_dict["NAME"] = name
    Levels.batch = batch
    tenant = registry.tenant_by_schema(schema)
    assert tenant is not None
    do = apply_file if step == "apply" else revert_file
    with tenant_context(tenant):
        do(file_id=file_id, actor=KEEPER, at=AT)
    connection.close()
