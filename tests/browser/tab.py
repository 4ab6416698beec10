"""A tab of Chromium, driven over the DevTools protocol: what somebody does with a page, and what the page says."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.browser.protocol import PATIENCE, Line

_LOOK: Final = 0.05
_PHONE: Final[dict[str, Any]] = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
_DESK: Final[dict[str, Any]] = {"width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": False}
_ENTER: Final[dict[str, Any]] = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}


class Tab(Line):
    """One page of one browser context, its complaints collected as they come."""

    def __init__(self, address: str, *, target: str, context: str) -> None:
        self.target, self.context = target, context
        self.complaints: list[str] = []
        super().__init__(address)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def phone(self) -> None:
        """Become 390 × 844 and touched by a finger."""
        self.send("Emulation.setDeviceMetricsOverride", **_PHONE)
        self.send("Emulation.setTouchEmulationEnabled", enabled=True)

    def desk(self) -> None:
        """Become 1280 × 900."""
        self.send("Emulation.setDeviceMetricsOverride", **_DESK)
        self.send("Emulation.setTouchEmulationEnabled", enabled=False)

    def speak(self, language: str) -> None:
        """Ask for pages in this language."""
        self.send("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})

    def offline(self, is_offline: bool) -> None:
        """Take the network away, or give it back."""
        self.send(
            "Network.emulateNetworkConditions",
            offline=is_offline,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )

    def open(self, address: str) -> None:
        """Go to an address and wait until the page is there."""
        with self.leaving():
            said = self.send("Page.navigate", url=address)
            assert "errorText" not in said, said

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """What happens inside leads to another page; wait until that is complete."""
        self.ask("window.isLeft = true")
        yield
        self.wait("window.isLeft === undefined && document.readyState === 'complete'")

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression on the page."""
        said = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in said:
            raise AssertionError(f"{expression}: {said['exceptionDetails']}")
        return said["result"].get("value")

    def wait(self, expression: str) -> Any:
        """Wait until an expression is true on the page, and return it; an AssertionError when patience ends."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            # While one page goes and the next comes there may be nobody to ask.
            said = self.send(
                "Runtime.evaluate", is_refusal_fine=True, expression=expression, returnByValue=True
            )
            found = said.get("result", {}).get("value")
            if found:
                return found
            self.listen(_LOOK)
        raise AssertionError(f"never: {expression}\nthe page says: {self.ask('document.body.innerText')}")

    def text(self, selector: str) -> str:
        """What the first element says, its spaces made one."""
        return " ".join(str(self.ask(f"{_one(selector)}.innerText")).split())

    def texts(self, selector: str) -> list[str]:
        """What each element says."""
        found = f"[...document.querySelectorAll({json.dumps(selector)})].map(each => each.innerText)"
        return [" ".join(each.split()) for each in self.ask(found)]

    def value(self, selector: str) -> str:
        """What is typed in a field."""
        return str(self.ask(f"{_one(selector)}.value"))

    def waits_for(self, selector: str, text: str) -> None:
        """Wait until an element says that."""
        self.wait(f"({_one(selector)}?.innerText || '').includes({json.dumps(text)})")

    def click(self, selector: str, *, times: int = 1) -> None:
        """Press the middle of an element, where it must be the topmost one."""
        spot = self.ask(
            f"(() => {{ const it = {_one(selector)}; it.scrollIntoView({{ block: 'center', behavior: 'instant' }});"
            " const box = it.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;"
            " const top = document.elementFromPoint(x, y);"
            " return { x, y, covered: it.contains(top) ? '' : top ? top.outerHTML.slice(0, 200) : 'nothing' }; })()"
        )
        assert not spot["covered"], f"{selector} is covered by {spot['covered']}"
        for count in range(1, times + 1):
            for kind in ("mousePressed", "mouseReleased"):
                self.send(
                    "Input.dispatchMouseEvent",
                    type=kind,
                    x=spot["x"],
                    y=spot["y"],
                    button="left",
                    clickCount=count,
                )

    def type(self, selector: str, text: str, *, is_entered: bool = False) -> None:
        """Put a text where another one may have been, and press Enter if so asked."""
        self.ask(f"(() => {{ const it = {_one(selector)}; it.focus(); it.select(); }})()")
        if text:
            self.send("Input.insertText", text=text)
        else:
            self.set(selector, "")
        if is_entered:
            self.send("Input.dispatchKeyEvent", type="keyDown", text="\r", **_ENTER)
            self.send("Input.dispatchKeyEvent", type="keyUp", **_ENTER)

    def set(self, selector: str, value: str) -> None:
        """Choose a value in a list, or a date: pickers that are drawn outside the page."""
        self.ask(
            f"(() => {{ const it = {_one(selector)}; it.value = {json.dumps(value)};"
            " for (const kind of ['input', 'change']) it.dispatchEvent(new Event(kind, { bubbles: true })); })()"
        )
        assert self.value(selector) == value

    def picture(self, path: Path, *, is_whole: bool = False) -> None:
        """Take a picture of what is seen, or of the whole page, as PNG."""
        self.ask("document.fonts.ready.then(() => true)")
        said = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=is_whole)
        path.write_bytes(base64.b64decode(said["data"]))

    def complaints_taken(self) -> list[str]:
        """What the console complained of since the last time."""
        self.ask("new Promise(done => requestAnimationFrame(() => done(true)))")
        taken, self.complaints = self.complaints, []
        return taken

    def note(self, event: dict[str, Any]) -> None:
        """Remember what a developer would see in red."""
        said = event.get("params", {})
        match event.get("method"):
            case "Runtime.exceptionThrown":
                details = said["exceptionDetails"]
                self.complaints.append(details.get("exception", {}).get("description") or details["text"])
            case "Runtime.consoleAPICalled" if said["type"] in {"error", "warning", "assert"}:
                words = [str(each.get("value", each.get("description"))) for each in said["args"]]
                self.complaints.append(" ".join(words))
            case "Log.entryAdded" if said["entry"]["level"] in {"error", "warning"}:
                self.complaints.append(f"{said['entry']['text']} ({said['entry'].get('url', '')})")
            case "Page.javascriptDialogOpening":
                self.complaints.append(f"a dialog: {said['message']}")
            case _:
                return


def _one(selector: str) -> str:
    return f"document.querySelector({json.dumps(selector)})"
