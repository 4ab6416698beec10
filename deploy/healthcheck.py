"""Exit 0 when this container does its work. Web and realtime answer over HTTP; others only need to be alive.

Run by Docker's HEALTHCHECK. Standard library only, because it runs often and must start fast.
"""

import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

SERVES_HTTP = ("gunicorn", "fynlo.realtime.server")


def main() -> int:
    """Ask the process that listens, or trust that PID 1 runs."""
    command = Path("/proc/1/cmdline").read_bytes().decode(errors="replace")
    if not any(name in command for name in SERVES_HTTP):
        return 0
    port = os.environ.get("PORT", "8000")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=4) as answer:
            return 0 if answer.status == 200 else 1  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return 1


if __name__ == "__main__":
    sys.exit(main())
