"""`.venv/bin/python -m tests.browser`: the back office and guests in a Chromium, on its own servers."""

import argparse
import sys
from pathlib import Path

from tests.browser.chromium import chromium
from tests.browser.servers import onboard, own_servers, serving


def main() -> int:
    """Walk; an AssertionError says what was not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser", description=__doc__)
    parser.add_argument("--chromium", type=Path, default=Path("/usr/bin/chromium"), help="the browser")
    parser.add_argument("--pictures", type=Path, help="a folder for pictures, such as docs/images")
    wanted = parser.parse_args()
    if not wanted.chromium.exists():
        sys.stderr.write(f"{wanted.chromium} is not there. Install a Chromium, or say where: --chromium …\n")
        return 2
    with own_servers() as (services, folder), chromium(wanted.chromium) as browser:
        print(f"{browser.version()}; making a grocer …", flush=True)
        onboard()
        import django

        django.setup()
        from tests.browser.walk import walk

        with serving(services, folder) as port:
            walk(browser=browser, port=port, pictures=wanted.pictures)
    print("All of it was as it should be.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
