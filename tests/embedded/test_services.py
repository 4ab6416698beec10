"""Whole servers of a clone: started, shared, killed, found again."""

import json
import os
import signal
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest
import redis

from fynlo.embedded import processes, services
from fynlo.embedded.errors import AlreadyRunningError, EmbeddedError
from tests.embedded.conftest import Clone, Keeper, becomes_true


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    """Run one statement on a connection of its own."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def is_gone(pid: int) -> bool:
    """Whether no process has this number any more."""
    return processes.identity_of(pid) is None


def test_the_first_start_makes_durable_servers_with_two_roles(clone: Clone, environ: dict[str, str]) -> None:
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as found:
        pids = [server.process.pid for server in found.servers]
        settings = dict(ask(found.database_url, "SELECT name, setting FROM pg_settings"))
        durable = ("fsync", "synchronous_commit", "full_page_writes", "data_checksums")
        assert {name: settings[name] for name in durable} == dict.fromkeys(durable, "on")
        assert settings["listen_addresses"] == "127.0.0.1"
        arguments = Path(f"/proc/{pids[0]}/cmdline").read_bytes().split(b"\0")
        assert b"--unix_socket_directories=" in arguments
        rights = "rolname, rolsuper, rolcreatedb, rolcreaterole, rolcanlogin"
        assert sorted(ask(found.owner_url, f"SELECT {rights} FROM pg_roles WHERE rolname LIKE 'fynlo%'")) == [
            ("fynlo_app", False, False, False, True),
            ("fynlo_owner", False, True, False, True),
        ]
        owner = (
            "SELECT pg_get_userbyid(datdba), current_user FROM pg_database WHERE datname = current_database()"
        )
        assert ask(found.database_url, owner) == [("fynlo_owner", "fynlo_app")]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(found.database_url, "CREATE TABLE public.x (n int)")
        ask(found.owner_url, "CREATE TABLE public.x (n int)")
        client = redis.from_url(found.redis_url)
        config = (
            client.config_get("append*") | client.config_get("maxmemory-policy") | client.config_get("bind")
        )
        assert config["appendonly"] == "yes"
        assert config["appendfsync"] == "everysec"
        assert config["maxmemory-policy"] == "noeviction"
        assert config["bind"] == "127.0.0.1"
        client.close()
    assert all(is_gone(pid) for pid in pids)


def test_nobody_gets_in_without_a_password(clone: Clone, environ: dict[str, str]) -> None:
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as found:
        port = psycopg2.extensions.parse_dsn(found.owner_url)["port"]
        for user in ("postgres", "fynlo_owner", "fynlo_app"):
            with pytest.raises(psycopg2.OperationalError, match="password"):
                ask(f"postgres://{user}@127.0.0.1:{port}/fynlo", "SELECT 1")
        client = redis.Redis(host="127.0.0.1", port=int(found.redis_url.rsplit(":", 1)[1].split("/")[0]))
        with pytest.raises(redis.AuthenticationError):
            client.ping()
        client.close()
        for server in found.servers:
            arguments = Path(f"/proc/{server.process.pid}/cmdline").read_bytes()
            assert found.redis_url.split("@")[0].removeprefix("redis://:").encode() not in arguments


def test_the_next_start_finds_its_data_and_ports_again(clone: Clone, environ: dict[str, str]) -> None:
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as first:
        ask(first.owner_url, "CREATE TABLE public.kept AS SELECT 42 AS answer")
        client = redis.from_url(first.redis_url)
        client.set("kept", "yes")
        client.close()
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as second:
        assert second.environment() == first.environment()
        assert second.data_id == first.data_id
        assert ask(second.owner_url, "SELECT answer FROM public.kept") == [(42,)]
        client = redis.from_url(second.redis_url)
        assert client.get("kept") == b"yes"
        client.close()


def test_other_processes_find_the_running_servers(clone: Clone, environ: dict[str, str]) -> None:
    assert services.find_running(root=clone.root) is None
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as found:
        other = services.find_running(root=clone.root)
        assert other is not None
        assert other.environment() == found.environment()
        assert other.servers == ()
        for name in ("services.json", "secrets.json"):
            assert stat.S_IMODE((clone.state / name).stat().st_mode) == 0o600
        assert found.owner_url not in repr(found)
    assert services.find_running(root=clone.root) is None
    assert not (clone.state / "services.json").exists()


def test_a_second_process_borrows_and_the_first_waits_for_it(
    clone: Clone, environ: dict[str, str], keeper: Callable[..., Keeper]
) -> None:
    first = keeper()
    about = first.about()
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as borrowed:
        assert borrowed.servers == ()
        assert borrowed.owner_url == about["owner_url"]
        assert first.process.stdin is not None
        first.process.stdin.close()
        assert ask(borrowed.owner_url, "SELECT 1") == [(1,)]
        assert first.process.poll() is None
    assert first.process.wait(60) == 0
    assert all(is_gone(pid) for pid in about["pids"])


def test_a_process_that_must_not_borrow_is_told_who_keeps_the_servers(
    clone: Clone, environ: dict[str, str], keeper: Callable[..., Keeper]
) -> None:
    first = keeper()
    first.about()
    with (
        pytest.raises(
            AlreadyRunningError, match=rf"already runs from this folder \(process {first.process.pid}\)"
        ) as caught,
        services.running(root=clone.root, environ=environ, can_borrow=False, system_state=clone.system_state),
    ):
        pass
    assert caught.value.holder == first.process.pid
    with pytest.raises(AlreadyRunningError):
        services.erase(root=clone.root, system_state=clone.system_state)


def test_two_first_starts_at_once_make_one_set_of_servers(keeper: Callable[..., Keeper]) -> None:
    one, two = keeper(), keeper()
    assert {**one.about(), "pids": []} == {**two.about(), "pids": []}
    for either in (one, two):  # whoever keeps the servers waits for the other
        assert either.process.stdin is not None
        either.process.stdin.close()
    assert one.process.wait(60) == two.process.wait(60) == 0


def test_servers_end_with_a_killed_keeper_and_its_traces_mislead_nobody(
    clone: Clone, environ: dict[str, str], keeper: Callable[..., Keeper]
) -> None:
    first = keeper()
    about = first.about()
    first.kill()
    assert (clone.state / "services.json").exists()
    assert services.find_running(root=clone.root) is None
    assert becomes_true(lambda: all(is_gone(pid) for pid in about["pids"]))
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as again:
        assert again.data_id == about["data_id"]
        assert ask(again.owner_url, "SELECT 1") == [(1,)]


def test_a_start_right_after_the_kill_waits_for_the_old_server_to_end(
    clone: Clone, environ: dict[str, str], keeper: Callable[..., Keeper]
) -> None:
    first = keeper()
    about = first.about()
    first.kill()
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as again:
        assert ask(again.owner_url, "SELECT 1") == [(1,)]
        assert is_gone(about["pids"][0])


def test_a_killed_server_is_noticed_and_recovers_at_the_next_start(
    clone: Clone, environ: dict[str, str]
) -> None:
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as found:
        ask(found.owner_url, "CREATE TABLE public.kept AS SELECT 42 AS answer")
        postgres, valkey = found.servers
        os.kill(postgres.process.pid, signal.SIGKILL)
        assert becomes_true(lambda: not postgres.is_running())
        assert postgres.how_it_ended() == "killed by SIGKILL"
        assert valkey.is_running()
        assert services.find_running(root=clone.root) is None
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as again:
        assert ask(again.owner_url, "SELECT answer FROM public.kept") == [(42,)]


def test_a_pid_file_with_a_number_that_has_a_new_owner_is_stale(
    clone: Clone, environ: dict[str, str]
) -> None:
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as found:
        pid_file = clone.state / "data" / "pg" / "postmaster.pid"
        left_behind = pid_file.read_text().splitlines()
        pids = [server.process.pid for server in found.servers]
    assert all(is_gone(pid) for pid in pids)
    pid_file.write_text("\n".join([str(os.getppid()), *left_behind[1:7], "ready   "]) + "\n")
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as again:
        assert ask(again.owner_url, "SELECT 1") == [(1,)]
    pid_file.write_text("not a number\n")
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as again:
        assert ask(again.owner_url, "SELECT 1") == [(1,)]


def test_taken_ports_are_picked_anew(clone: Clone, environ: dict[str, str]) -> None:
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as first:
        pass
    ports = [int((clone.state / "data" / name).read_text()) for name in ("pg.port", "valkey.port")]
    with socket.socket() as one, socket.socket() as two:
        for other, port in ((one, ports[0]), (two, ports[1])):
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind(("127.0.0.1", port))
            other.listen()
        with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as second:
            assert ask(second.owner_url, "SELECT 1") == [(1,)]
            assert second.owner_url != first.owner_url
            assert second.redis_url != first.redis_url


def test_each_server_is_embedded_only_where_its_address_is_missing(
    clone: Clone, environ: dict[str, str], keeper: Callable[..., Keeper]
) -> None:
    own_redis = environ | {"REDIS_URL": "redis://cache.example:6379/0"}
    with services.running(root=clone.root, environ=own_redis, system_state=clone.system_state) as found:
        assert [server.name for server in found.servers] == ["PostgreSQL"]
        assert found.redis_url == "redis://cache.example:6379/0"
    own_database = environ | {"DATABASE_URL": "postgres://db.example/fynlo"}
    with services.running(root=clone.root, environ=own_database, system_state=clone.system_state) as found:
        assert [server.name for server in found.servers] == ["Valkey"]
        assert (found.database_url, found.owner_url) == ("postgres://db.example/fynlo",) * 2
        assert found.data_id == "external"
    with services.running(root=clone.root, environ=own_redis | own_database) as found:
        assert found.servers == ()
    first = keeper(REDIS_URL="redis://cache.example:6379/0")
    first.about()
    with (
        pytest.raises(EmbeddedError, match="runs only some of this clone's servers"),
        services.running(root=clone.root, environ=environ, system_state=clone.system_state),
    ):
        pass


def test_production_and_half_an_address_are_refused(clone: Clone, environ: dict[str, str]) -> None:
    with (
        pytest.raises(
            EmbeddedError, match="Production needs its own servers: set DATABASE_URL and REDIS_URL"
        ),
        services.running(root=clone.root, environ=environ | {"FYNLO_ENV": "production"}),
    ):
        pass
    with (
        pytest.raises(EmbeddedError, match="DATABASE_OWNER_URL is set, but DATABASE_URL is not"),
        services.running(root=clone.root, environ=environ | {"DATABASE_OWNER_URL": "postgres://db/fynlo"}),
    ):
        pass
    assert not clone.state.exists()


def test_starting_over_deletes_the_demo_and_nothing_else(clone: Clone, environ: dict[str, str]) -> None:
    with services.throw_away(root=clone.root, environ=environ, system_state=clone.system_state):
        pass
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as first:
        pass
    (clone.root / "precious").write_text("mine")
    services.erase(root=clone.root, system_state=clone.system_state)
    assert sorted(path.name for path in clone.state.iterdir()) == ["lock", "test-1", "users"]
    assert (clone.root / "precious").read_text() == "mine"
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as second:
        assert second.data_id != first.data_id
        assert second.owner_url != first.owner_url


def test_data_without_its_passwords_is_not_overwritten(clone: Clone, environ: dict[str, str]) -> None:
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state):
        pass
    (clone.state / "secrets.json").unlink()
    with (
        pytest.raises(EmbeddedError, match=r"its passwords \(.*secrets.json\) are gone"),
        services.running(root=clone.root, environ=environ, system_state=clone.system_state),
    ):
        pass
    (clone.state / "secrets.json").write_text(json.dumps(dict.fromkeys(("postgres", "owner"), "wrong")))
    with (
        pytest.raises(EmbeddedError, match="refuses the passwords in .fynlo"),
        services.running(root=clone.root, environ=environ, system_state=clone.system_state),
    ):
        pass
    assert (clone.state / "data" / "pg" / "PG_VERSION").exists()


def test_test_clusters_are_fast_private_and_reused(clone: Clone, environ: dict[str, str]) -> None:
    place = {"root": clone.root, "environ": environ, "system_state": clone.system_state}
    with services.throw_away(**place) as one:  # type: ignore[arg-type]
        settings = dict(ask(one.owner_url, "SELECT name, setting FROM pg_settings"))
        assert (settings["fsync"], settings["synchronous_commit"], settings["full_page_writes"]) == (
            "off",
        ) * 3
        with services.throw_away(**place) as two:  # type: ignore[arg-type]
            assert two.owner_url != one.owner_url
        ask(one.owner_url, "CREATE DATABASE left_by_a_killed_run")
        for number in range(3):
            ask(one.owner_url, f"CREATE DATABASE template_{number} IS_TEMPLATE true")
    with services.throw_away(**place) as again:  # type: ignore[arg-type]
        assert again.data_id == one.data_id
        names = ask(again.owner_url, "SELECT datname FROM pg_database WHERE datname NOT LIKE 'template_'")
        assert sorted(name for (name,) in names) == ["fynlo", "postgres", "template_1", "template_2"]


def test_a_test_cluster_that_crashed_is_made_again(clone: Clone, environ: dict[str, str]) -> None:
    place = {"root": clone.root, "environ": environ, "system_state": clone.system_state}
    with services.throw_away(**place) as first:  # type: ignore[arg-type]
        first.servers[0].process.kill()
        first.servers[0].process.wait()
    with services.throw_away(**place) as second:  # type: ignore[arg-type]
        assert second.data_id != first.data_id
