"""Start the missing servers in a place, list them for other processes, and stop them in order."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from fynlo.embedded import processes, state
from fynlo.embedded.account import Account, server_account
from fynlo.embedded.cluster import Cluster
from fynlo.embedded.errors import EmbeddedError
from fynlo.embedded.places import Place
from fynlo.embedded.postgres import Postgres, start_postgres
from fynlo.embedded.profiles import Profile
from fynlo.embedded.providers import Program, usable_postgres, usable_redis
from fynlo.embedded.roles import APPLICATION, OWNER, drop_leftovers, ensure_roles
from fynlo.embedded.server import Server
from fynlo.embedded.valkey import Valkey, start_valkey

EXTERNAL_DATA: Final = "external"


@dataclass(frozen=True, slots=True)
class Services:
    """Addresses of the servers; `servers` are those this process keeps (none when borrowed or external)."""

    database_url: str
    owner_url: str
    redis_url: str
    data_id: str
    servers: tuple[Server, ...] = ()

    def __repr__(self) -> str:
        return f"<Services of data {self.data_id}>"

    def environment(self) -> dict[str, str]:
        """Return the variables under which every Fynlo process finds these servers."""
        return {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.owner_url,
            "REDIS_URL": self.redis_url,
        }


@dataclass(frozen=True, slots=True)
class Wish:
    """What the environment says: addresses that are set (used as they are), and whose servers are missing."""

    database_url: str = field(repr=False)
    owner_url: str = field(repr=False)
    redis_url: str = field(repr=False)

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Wish":
        """Read the three addresses; refuses to embed anything in production."""
        database_url, owner_url, redis_url = (
            environ.get(name, "").strip() for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
        )
        wish = cls(database_url, owner_url or database_url, redis_url)
        if owner_url and not database_url:
            raise EmbeddedError("DATABASE_OWNER_URL is set, but DATABASE_URL is not. Set both or neither.")
        if not wish.is_complete and environ.get("FYNLO_ENV", "").strip() == "production":
            raise EmbeddedError("Production needs its own servers: set DATABASE_URL and REDIS_URL.")
        return wish

    @property
    def is_complete(self) -> bool:
        """Whether nothing has to be embedded."""
        return bool(self.database_url and self.redis_url)


@contextmanager
def kept(place: Place, profile: Profile, wish: Wish, *, environ: Mapping[str, str]) -> Iterator[Services]:
    """Run the missing servers for the length of the `with`; the caller holds the starter lock of the "
    "place."""
    state.remove_listing(place.folder)
    account = server_account(data=place.recorded_data_folder() or place.folder / "data")
    folder = place.data_folder(account)
    passwords = _passwords(place, folder)
    services = Services(wish.database_url, wish.owner_url, wish.redis_url, EXTERNAL_DATA)
    with ExitStack() as stack:
        if not wish.database_url:
            program = usable_postgres(environ, lambda found: place.reachable(found, account))
            postgres = _start_postgres(place, Cluster(folder, profile, account), program, passwords)
            stack.callback(postgres.stop)
            ensure_roles(postgres, passwords=passwords)
            if not profile.is_durable:
                drop_leftovers(postgres, password=passwords["postgres"])
            services = _with_postgres(services, postgres, passwords)
        if not wish.redis_url:
            program = usable_redis(environ, lambda found: place.reachable(found, account))
            valkey = _start_valkey(place, folder, program, profile, account, passwords)
            stack.callback(valkey.stop)
            services = _with_valkey(services, valkey)
        stack.callback(state.remove_listing, place.folder)
        state.write_listing(place.folder, _listing(services))
        yield services


def _passwords(place: Place, folder: Path) -> dict[str, str]:
    if (folder / "pg").exists() and not state.has_secrets(place.folder):
        raise EmbeddedError(
            f"There is data in {folder}, but its passwords ({place.folder}/secrets.json) are gone. "
            "Restore the file, or start over with bin/demo --fresh."
        )
    return state.load_secrets(place.folder)


def _start_postgres(place: Place, cluster: Cluster, program: Program, passwords: dict[str, str]) -> Postgres:
    cluster.prepare(program, password=passwords["postgres"])
    return start_postgres(cluster, program, log=place.folder / "log" / "postgres.log")


def _start_valkey(
    place: Place,
    folder: Path,
    program: Program,
    profile: Profile,
    account: Account | None,
    passwords: dict[str, str],
) -> Valkey:
    log = place.folder / "log" / "valkey.log"
    return start_valkey(
        folder, program, profile=profile, account=account, password=passwords["redis"], log=log
    )


def _with_postgres(services: Services, postgres: Postgres, passwords: dict[str, str]) -> Services:
    return Services(
        database_url=postgres.url(role=APPLICATION, password=passwords["app"]),
        owner_url=postgres.url(role=OWNER, password=passwords["owner"]),
        redis_url=services.redis_url,
        data_id=postgres.cluster.data_id,
        servers=(*services.servers, postgres.server),
    )


def _with_valkey(services: Services, valkey: Valkey) -> Services:
    return Services(
        database_url=services.database_url,
        owner_url=services.owner_url,
        redis_url=valkey.url,
        data_id=services.data_id,
        servers=(*services.servers, valkey.server),
    )


def _listing(services: Services) -> state.Listing:
    keeper = processes.identity_of(os.getpid())
    if keeper is None:
        raise AssertionError("this process is alive")
    return state.Listing(
        keeper=keeper,
        servers={server.name: server.identity for server in services.servers},
        database_url=services.database_url,
        owner_url=services.owner_url,
        redis_url=services.redis_url,
        data_id=services.data_id,
    )
