"""A Chromium of our own: started without a window, in a folder that is removed, ended with us."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from fynlo.embedded import logs, processes
from tests.browser.protocol import Line
from tests.browser.tab import Tab

_STARTING: Final = 60.0
_ARGUMENTS: Final = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--no-default-browser-check",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--lang=en-GB",
    "--remote-debugging-port=0",
    "--host-resolver-rules=MAP *.localhost 127.0.0.1",
)


class Chromium:
    """A running browser; each of its people has cookies and a storage of their own."""

    def __init__(self, *, port: str, path: str) -> None:
        self._port = port
        self._browser = Line(f"ws://127.0.0.1:{port}{path}")
        self.tabs: list[Tab] = []

    def version(self) -> str:
        """Its name and number."""
        return str(self._browser.send("Browser.getVersion")["product"])

    def person(self) -> Tab:
        """A tab of somebody who is at the browser for the first time."""
        return self._tab(str(self._browser.send("Target.createBrowserContext")["browserContextId"]))

    def closed_and_opened(self, tab: Tab) -> Tab:
        """Close somebody's tab, and open another one with the same cookies and storage."""
        self._browser.send("Target.closeTarget", targetId=tab.target)
        return self._tab(tab.context)

    def _tab(self, context: str) -> Tab:
        target = self._browser.send("Target.createTarget", url="about:blank", browserContextId=context)
        address = f"ws://127.0.0.1:{self._port}/devtools/page/{target['targetId']}"
        tab = Tab(address, target=target["targetId"], context=context)
        self.tabs.append(tab)
        return tab

    def close(self) -> None:
        """Let go of everything."""
        for tab in self.tabs:
            tab.close()
        self._browser.close()


@contextmanager
def chromium(program: Path) -> Iterator[Chromium]:
    """A browser for the length of the `with`; an AssertionError with its last words if it does not start."""
    with tempfile.TemporaryDirectory(prefix="fynlo-chromium-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        told, log = folder / "profile" / "DevToolsActivePort", folder / "chromium.log"
        # Chromium refuses to make its sandbox as root; in there it sees nothing but our own pages.
        as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
        with logs.open_log(log) as output:
            process = processes.spawn(
                (program, *_ARGUMENTS, *as_root, f"--user-data-dir={folder / 'profile'}"),
                environment=os.environ,
                output=output,
            )
        try:
            ready = processes.wait_until(
                lambda: told.exists() and told.read_text().count("\n") > 0, seconds=_STARTING
            )
            assert ready, "Chromium did not start:\n" + "\n".join(logs.tail(log, lines=10))
            port, path = told.read_text().split("\n")[:2]
            browser = Chromium(port=port, path=path)
            try:
                yield browser
            finally:
                browser.close()
        finally:
            process.terminate()
            processes.finish(process, seconds=10.0)
