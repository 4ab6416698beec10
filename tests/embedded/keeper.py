"""Run as `python -m tests.embedded.keeper <mode> <root> <system state>`: holds servers until stdin closes.

Says one line of JSON with their addresses and process ids, or `failed: <sentence>` (exit code 1).
"""

import json
import os
import pwd
import resource
import signal
import sys
from pathlib import Path

import redis

from fynlo.embedded import services
from fynlo.embedded.errors import EmbeddedError


def main(mode: str, root: str, system_state: str) -> int:
    """Hold the servers of one clone."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    limit = int(os.environ.pop("KEEPER_FILE_LIMIT", "0"))
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    user = os.environ.pop("KEEPER_USER", "")
    if user:
        _become(user)
    environ = dict(os.environ)
    provide = {"running": services.running, "throw_away": services.throw_away}[mode]
    try:
        with provide(root=Path(root), environ=environ, system_state=Path(system_state)) as found:
            about = {
                "database_url": found.database_url,
                "owner_url": found.owner_url,
                "redis_url": found.redis_url,
                "data_id": found.data_id,
                "pids": [server.process.pid for server in found.servers],
            }
            print(json.dumps(about), flush=True)
            sys.stdin.read()
    except EmbeddedError as problem:
        print(f"failed: {problem}", flush=True)
        return 1
    return 0


def _become(user: str) -> None:
    """Give up root; what is imported on first use comes first, because that user may not be able to read it."""
    redis.Redis(host="127.0.0.1")
    "localhost".encode("idna")
    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
