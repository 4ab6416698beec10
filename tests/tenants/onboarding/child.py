"""Onboarding in a process of its own, which may be killed; the fork server imports this and sets Django up."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fynlo.settings")

import datetime as dt
import multiprocessing
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection

from fynlo.core.actors import Actor
from fynlo.env import database_settings
from tenants.onboarding.services import onboard
from tests import database

AT = dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC)
OPERATOR = Actor(kind="operator", id=None, name="test")
FAILED = 3

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


def start(file: Path, *, name: str, failpoint: str = "") -> Any:
    """Start onboarding `file` in database `name`; the process ends with 0, FAILED, or minus the signal's number."""
    process = _context.Process(target=_run, args=(file, name, failpoint))
    process.start()
    return process


def _run(file: Path, name: str, failpoint: str) -> None:
    os.environ["FYNLO_FAILPOINT"] = failpoint
    rights = database_settings(database.owner_url())
    connection.settings_dict.update(
        {key: rights[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}, NAME=name
    )
    try:
        onboard(file=file, actor=OPERATOR, at=AT)
    except Exception as error:  # noqa: BLE001  the parent sees the exit code, a person sees the sentence
        file.with_suffix(".error").write_text(f"{type(error).__name__}: {error}")
        sys.exit(FAILED)
    finally:
        connection.close()
