"""The files of a state folder: private, whole, and never believed when their processes are gone."""

import json
import os
import stat
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from fynlo.embedded import processes, state
from fynlo.embedded.errors import EmbeddedError
from fynlo.embedded.services import take


def mode(path: Path) -> int:
    """The permission bits of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def listing() -> state.Listing:
    """A listing kept by this very process."""
    me = processes.identity_of(os.getpid())
    assert me is not None
    return state.Listing(me, {"PostgreSQL": me}, "postgres://a", "postgres://o", "redis://r", "0123")


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    first = state.load_secrets(tmp_path)
    assert state.load_secrets(tmp_path) == first
    assert set(first) == {
        "postgres",
        "owner",
        "app",
        "redis",
        "secret_key",
        "pin_pepper",
        "sealing_key",
        "operator",
    }
    assert len(set(first.values())) == 8
    assert mode(tmp_path / "secrets.json") == 0o600


def test_a_secret_added_by_a_newer_version_leaves_the_others(tmp_path: Path) -> None:
    first = state.load_secrets(tmp_path)
    older = {key: value for key, value in first.items() if key != "pin_pepper"}
    state.write_private(tmp_path / "secrets.json", json.dumps(older))
    second = state.load_secrets(tmp_path)
    assert {key: second[key] for key in older} == older
    assert second["pin_pepper"] != first["pin_pepper"]


def test_damaged_secrets_are_not_replaced_silently(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text('{"postgres": ')
    with pytest.raises(
        EmbeddedError, match="is damaged, and without its passwords the data cannot be opened"
    ):
        state.load_secrets(tmp_path)


def test_the_listing_is_private_and_reads_back(tmp_path: Path) -> None:
    state.write_listing(tmp_path, listing())
    assert mode(tmp_path / "services.json") == 0o600
    assert state.read_listing(tmp_path) == listing()
    state.remove_listing(tmp_path)
    assert state.read_listing(tmp_path) is None


def test_a_listing_of_a_dead_keeper_or_server_is_stale(tmp_path: Path) -> None:
    gone = processes.Identity(os.getpid(), "before the last boot")
    for stale in (replace(listing(), keeper=gone), replace(listing(), servers={"Valkey": gone})):
        state.write_listing(tmp_path, stale)
        assert state.read_listing(tmp_path) is None


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": 1}', '{"format": 2}', '{"format": 1, "keeper": 3}']
)
def test_a_damaged_listing_is_no_listing(tmp_path: Path, content: str) -> None:
    (tmp_path / "services.json").write_text(content)
    assert state.read_listing(tmp_path) is None


def test_only_one_can_be_the_starter(tmp_path: Path) -> None:
    with state.starter_lock(tmp_path) as first:
        assert first is True
        assert state.lock_holder(tmp_path) == os.getpid()
        with state.starter_lock(tmp_path) as second:
            assert second is False
    with state.starter_lock(tmp_path) as third:
        assert third is True


def test_servers_may_be_used_by_many_but_ended_only_alone(tmp_path: Path) -> None:
    with state.user_lock(tmp_path) as one, state.user_lock(tmp_path) as two:
        assert (one, two) == (True, True)
        with state.user_lock(tmp_path, alone=True) as alone:
            assert alone is False
    with state.user_lock(tmp_path, alone=True) as alone:
        assert alone is True


def test_waiting_for_a_lock_opens_nothing_for_good(tmp_path: Path) -> None:
    with ExitStack() as hold, state.user_lock(tmp_path):
        before = set(os.listdir("/dev/fd"))
        for _ in range(100):
            assert not take(state.user_lock(tmp_path, alone=True), hold)
        assert set(os.listdir("/dev/fd")) == before
    with ExitStack() as hold:
        assert take(state.user_lock(tmp_path, alone=True), hold)
        with state.user_lock(tmp_path) as another:
            assert another is False
