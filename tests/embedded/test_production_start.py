"""A start in production on servers as safe as production's: who may serve, and who is refused."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

from fynlo.embedded import services, state
from tests.core.test_checks import SAFE
from tests.embedded.conftest import ROOT, Clone

OWNS = (
    "The run-time database role owns the database or merchants' schemas, or may make roles or databases. "
    "Give DATABASE_URL a plain role and DATABASE_OWNER_URL the owner."
)


def start(database_url: str, redis_url: str) -> tuple[int, str, str]:
    """The exit code of a process that imports the WSGI application, what it says, and how it was refused."""
    finished = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "import fynlo.wsgi; print('serving')"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **SAFE, "DATABASE_URL": database_url, "REDIS_URL": redis_url},
        capture_output=True,
        text=True,
        check=False,
    )
    return finished.returncode, finished.stdout, finished.stderr


def as_role(url: str, name: str, password: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{name}:{password}@{parts.hostname}:{parts.port}"))


def test_the_plain_role_serves_and_owner_and_superuser_are_refused(
    clone: Clone, environ: dict[str, str]
) -> None:
    with services.running(root=clone.root, environ=environ, system_state=clone.system_state) as found:
        secrets = state.load_secrets(clone.state)
        superuser = as_role(found.database_url, "postgres", secrets["postgres"])
        assert start(found.database_url, found.redis_url) == (0, "serving\n", "")
        for url, reason in (
            (superuser, "The run-time database role is a superuser."),
            (found.owner_url, OWNS),
        ):
            refused = f"Fynlo refuses to start:\n  fynlo.E004: {reason}\n"
            assert start(url, found.redis_url) == (os.EX_CONFIG, "", refused)
