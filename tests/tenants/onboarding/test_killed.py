"""A process that is killed at any point of onboarding leaves nothing that the next run does not put right."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tenants.onboarding.services import onboard
from tenants.onboarding.steps import registered
from tests import database
from tests.tenants.onboarding.canonical import content
from tests.tenants.onboarding.child import AT, FAILED, OPERATOR, start

STEPS = ["merchant", "schema", *[step.name for step in registered()], "finish"]
FAILPOINTS = [f"onboard:{step}:{moment}" for step in STEPS for moment in ("before", "after")]


def here() -> str:
    return str(settings.DATABASES["default"]["NAME"])


_unbroken: dict[str, Any] = {}


@pytest.fixture
def unbroken(kiosk: Path, database_name: str) -> Iterator[Any]:
    """What the kiosk is after a run that nobody disturbed, in a database of its own; run once."""
    if not _unbroken:
        name = f"{database_name}_unbroken"
        database.recreate(name, source=database.template())
        process = start(kiosk, name=name)
        process.join()
        assert process.exitcode == 0
        _unbroken.update(content(name, "t_kiosk"))
        database.drop(name)
    return _unbroken


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_killed_and_run_again_is_the_same_as_unbroken(
    kiosk: Path, unbroken: Any, as_owner: None, failpoint: str
) -> None:
    process = start(kiosk, name=here(), failpoint=failpoint)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    result = onboard(file=kiosk, actor=OPERATOR, at=AT)
    assert result.state == "active"
    assert content(here(), "t_kiosk") == unbroken


def test_killed_at_every_point_in_turn_still_arrives(kiosk: Path, unbroken: Any, as_owner: None) -> None:
    for failpoint in FAILPOINTS:
        process = start(kiosk, name=here(), failpoint=failpoint)
        process.join()
        assert process.exitcode in {-signal.SIGKILL, 0}
    assert content(here(), "t_kiosk") == unbroken


def test_of_two_processes_at_once_one_wins_and_the_other_is_told(
    kiosk: Path, unbroken: Any, as_owner: None
) -> None:
    rivals = [start(kiosk, name=here()) for _ in range(2)]
    for rival in rivals:
        rival.join()
    codes = sorted(rival.exitcode for rival in rivals)
    assert codes in ([0, 0], [0, FAILED])  # the second may have come late enough to find everything done
    if FAILED in codes:
        told = kiosk.with_suffix(".error").read_text()
        assert told.startswith("AlreadyRunning: kiosk is being onboarded by another process")
    assert content(here(), "t_kiosk") == unbroken
