"""The front door: run the servers of this clone for the length of a `with`, or find those that run already.

    with running(profile="demo") as services:
        services.database_url, services.owner_url, services.redis_url

One process of a clone starts the servers and keeps them; others of the same clone borrow them. They end
with their keeper, also when it is killed. A variable that is set (DATABASE_URL, REDIS_URL) wins over the
server it names.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Final

from fynlo.embedded import processes, state
from fynlo.embedded.errors import AlreadyRunningError, EmbeddedError
from fynlo.embedded.keeping import EXTERNAL_DATA, Services, Wish, kept
from fynlo.embedded.places import STATE_NAME, SYSTEM_STATE, Place
from fynlo.embedded.profiles import DEMO, TEST

__all__ = [
    "EXTERNAL_DATA",
    "ROOT",
    "Services",
    "clone_secrets",
    "erase",
    "erased_afterwards",
    "find_running",
    "operator_password",
    "place_of",
    "running",
    "throw_away",
]

ROOT: Final = Path(__file__).resolve().parents[2]
SECRET_VARIABLES: Final = {
    "FYNLO_SECRET_KEY": "secret_key",
    "FYNLO_PIN_PEPPER": "pin_pepper",
    "FYNLO_SEALING_KEYS": "sealing_key",
}
_TEST_PLACES: Final = tuple(f"test-{number}" for number in range(1, 17))
_STARTING_SECONDS: Final = 600.0  # another process may be creating the data on a slow disk
_FOREVER: Final = 10.0**9


def place_of(root: Path = ROOT, *, system_state: Path = SYSTEM_STATE) -> Place:
    """Return where the demo state of a clone lives: `.fynlo`."""
    return Place(root.resolve() / STATE_NAME, system_state)


@contextmanager
def running(
    *,
    root: Path = ROOT,
    environ: Mapping[str, str] | None = None,
    can_borrow: bool = True,
    say: Callable[[str], None] | None = None,
    system_state: Path = SYSTEM_STATE,
) -> Iterator[Services]:
    """Provide the clone's durable servers whose addresses are unset, for the length of the `with`.

    Borrows them when another process of the clone keeps them already; with `can_borrow=False` that raises
    AlreadyRunningError instead. Every other failure is an EmbeddedError with a sentence for the user. Call
    it from the main thread: the servers end with the thread that started them.
    """
    environ = os.environ if environ is None else environ
    wish = Wish.of(environ)
    if wish.is_complete:
        yield _external(wish)
        return
    place = place_of(root, system_state=system_state)
    place.make()
    with ExitStack() as hold:
        borrowed = _join(place, hold, can_borrow=can_borrow)
        if borrowed is not None:
            yield _borrowed_services(borrowed, wish)
            return
        with kept(place, DEMO, wish, environ=environ) as services:
            try:
                yield services
            finally:
                if can_borrow:
                    _wait_for_borrowers(place, hold, say or _to_stderr)


@contextmanager
def throw_away(
    *,
    root: Path = ROOT,
    environ: Mapping[str, str] | None = None,
    system_state: Path = SYSTEM_STATE,
) -> Iterator[Services]:
    """Provide fast servers for tests to this process alone: what they store may be lost at any time.

    Two test runs of one clone get a cluster each (`.fynlo/test-1`, `.fynlo/test-2`, …), kept for the next
    run.
    """
    environ = os.environ if environ is None else environ
    wish = Wish.of(environ)
    if wish.is_complete:
        yield _external(wish)
        return
    state_folder = place_of(root).folder
    with ExitStack() as hold:
        for name in _TEST_PLACES:
            place = Place(state_folder / name, system_state)
            place.make()
            if take(state.starter_lock(place.folder), hold):
                break
        else:
            raise EmbeddedError(f"All {len(_TEST_PLACES)} test clusters of this clone are in use.")
        yield hold.enter_context(kept(place, TEST, wish, environ=environ))


def find_running(*, root: Path = ROOT) -> Services | None:
    """Return the demo servers that run for this clone now, None when there are none."""
    listing = state.read_listing(place_of(root).folder)
    return None if listing is None else _services_of(listing)


def clone_secrets(*, root: Path = ROOT) -> dict[str, str]:
    """Return the variables with this clone's own keys: made at random, kept in `.fynlo`, the same at every
    start.
    """
    place = place_of(root)
    place.make()
    known = state.load_secrets(place.folder)
    return {variable: known[name] for variable, name in SECRET_VARIABLES.items()}


def operator_password(*, root: Path = ROOT) -> str:
    """Return the password of the demo's operator: made at random, kept in `.fynlo`."""
    place = place_of(root)
    place.make()
    return state.load_secrets(place.folder)["operator"]


def erase(*, root: Path = ROOT, system_state: Path = SYSTEM_STATE) -> None:
    """Delete the demo data of the clone; raises AlreadyRunningError while its servers run."""
    place = place_of(root, system_state=system_state)
    place.make()
    with state.starter_lock(place.folder) as is_ours:
        if not is_ours:
            raise _already_running(place)
        place.erase(keep=(*state.LOCK_FILES, *_TEST_PLACES))


@contextmanager
def erased_afterwards(*, root: Path, system_state: Path = SYSTEM_STATE) -> Iterator[None]:
    """Delete the servers' data at the end of the `with`: for folders that are temporary themselves."""
    try:
        yield
    finally:
        erase(root=root, system_state=system_state)


def _join(place: Place, hold: ExitStack, *, can_borrow: bool) -> state.Listing | None:
    """Take the starter lock (None), or register as a user of the servers that another process keeps."""
    found: list[state.Listing] = []

    def decided() -> bool:
        if take(state.starter_lock(place.folder), hold):
            return True
        if not can_borrow:
            raise _already_running(place)
        with ExitStack() as use:
            if not take(state.user_lock(place.folder), use):
                return False  # the keeper is stopping its servers
            listing = state.read_listing(place.folder)
            if listing is None:
                return False  # the keeper is still starting them
            hold.push(use.pop_all())
            found.append(listing)
            return True

    if not processes.wait_until(decided, seconds=_STARTING_SECONDS):
        raise _already_running(place)
    return found[0] if found else None


def _wait_for_borrowers(place: Place, hold: ExitStack, say: Callable[[str], None]) -> None:
    """Let other processes finish their work before the servers end; Ctrl-C stops the waiting."""
    if take(state.user_lock(place.folder, alone=True), hold):
        return
    say("Another process of this clone still uses the servers; waiting for it. Ctrl-C stops them now.")
    processes.wait_until(lambda: take(state.user_lock(place.folder, alone=True), hold), seconds=_FOREVER)


def take(lock: AbstractContextManager[bool], hold: ExitStack) -> bool:
    """Try a lock once and leave it to an exit stack if it was free; an attempt that failed leaves nothing open."""
    with ExitStack() as attempt:
        if not attempt.enter_context(lock):
            return False
        hold.push(attempt.pop_all())
        return True


def _external(wish: Wish) -> Services:
    return Services(wish.database_url, wish.owner_url, wish.redis_url, EXTERNAL_DATA)


def _services_of(listing: state.Listing) -> Services:
    return Services(listing.database_url, listing.owner_url, listing.redis_url, listing.data_id)


def _borrowed_services(listing: state.Listing, wish: Wish) -> Services:
    """Return borrowed addresses, with those that are set here in front."""
    services = Services(
        database_url=wish.database_url or listing.database_url,
        owner_url=wish.owner_url or listing.owner_url,
        redis_url=wish.redis_url or listing.redis_url,
        data_id=EXTERNAL_DATA if wish.database_url else listing.data_id,
    )
    missing = {"PostgreSQL": not wish.database_url, "Valkey": not wish.redis_url}
    if any(wanted and name not in listing.servers for name, wanted in missing.items()):
        raise EmbeddedError(
            f"Process {listing.keeper.pid} runs only some of this clone's servers, because DATABASE_URL or "
            "REDIS_URL is set there. Set the same variables here, or stop it first."
        )
    return services


def _already_running(place: Place) -> AlreadyRunningError:
    holder = state.lock_holder(place.folder)
    who = f" (process {holder})" if holder else ""
    return AlreadyRunningError(
        f"Fynlo already runs from this folder{who}. Use it, or stop it first; Ctrl-C ends a demo.",
        holder=holder,
    )


def _to_stderr(text: str) -> None:
    sys.stderr.write(f"{text}\n")
