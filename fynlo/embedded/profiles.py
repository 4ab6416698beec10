"""What the servers are tuned for: a demo that keeps what it is told, and a throw-away cluster for tests."""

from dataclasses import dataclass
from typing import Final

_COMMON: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "max_locks_per_transaction": "256",  # dropping one tenant's schema takes some 1,700 locks
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Settings of both servers. They are given on the command line, where no file in the data folder can
    undo them.
    """

    name: str
    is_durable: bool
    postgres: dict[str, str]
    redis: dict[str, str]
    initdb: tuple[str, ...] = ()


DEMO: Final = Profile(
    name="demo",
    is_durable=True,
    postgres={
        **_COMMON,
        "max_connections": "100",
        "wal_compression": "on",
        # It is money: what was acknowledged is on disk. Switching these off doubles the speed and is a lie.
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
    },
    redis={"appendonly": "yes", "appendfsync": "everysec", "save": '""', "maxmemory-policy": "noeviction"},
)

TEST: Final = Profile(
    name="test",
    is_durable=False,
    postgres={
        **_COMMON,
        "max_connections": "300",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "autovacuum_naptime": "60s",
    },
    redis={"appendonly": "no", "save": '""', "maxmemory-policy": "noeviction"},
    initdb=("--no-sync",),
)

PROFILES: Final = {profile.name: profile for profile in (DEMO, TEST)}
