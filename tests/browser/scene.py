"""What every part of the walk shares: the grocer, who is at work with which browser, and where pictures go."""

import json
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import yaml

from fynlo.core.ids import new_id
from fynlo.embedded.services import ROOT
from tests.browser.chromium import Chromium
from tests.browser.goods import Grocer
from tests.browser.servers import MERCHANT
from tests.browser.tab import Tab

HOST: Final = "grocer.localhost"


@dataclass(slots=True, kw_only=True)
class Scene:
    """Margaret and Priya, each with a telephone, in the back office of one merchant."""

    grocer: Grocer
    browser: Chromium
    port: int
    margaret: Tab
    priya: Tab
    pictures: Path | None

    def open(self, tab: Tab, path: str) -> None:
        """Open `/admin<path>`."""
        tab.open(f"http://{HOST}:{self.port}/admin{path}")

    def sign_in(self, tab: Tab, number: str) -> None:
        """Sign in as an employee of the example, with the password its file states."""
        people = yaml.safe_load((ROOT / MERCHANT).read_text())["staff"]["employees"]
        person = next(each for each in people if each["number"] == number)
        self.open(tab, "/login/")
        tab.type("[name=username]", person["email"])
        tab.type("[name=password]", person["initial_password"])
        with tab.leaving():
            tab.click("button[type=submit]")
        assert tab.ask("location.pathname") == "/admin/", tab.text("body")

    def picture(self, tab: Tab, name: str, *, is_whole: bool = False) -> None:
        """Take a picture, if pictures are wanted."""
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            tab.picture(self.pictures / f"{name}.png", is_whole=is_whole)

    def sell(self, name: str, quantity: str) -> None:
        """The stall's till sells something for cash, over the API."""
        body: dict[str, Any] = {
            "id": str(new_id()),
            "lines": [
                {
                    "id": str(new_id()),
                    "variant_id": str(self.grocer.variants[name]),
                    "quantity": quantity,
                }
            ],
            "tenders": [
                {
                    "id": str(new_id()),
                    "tender_type": "cash",
                    "amount": {"amount_minor": 10_000, "currency": "GBP"},
                }
            ],
        }
        self.post("/orders", body)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The stall's till makes something over the API; what it is told."""
        headers = {
            "Host": HOST,
            "Authorization": f"Bearer {self.grocer.till}",
            "Idempotency-Key": str(new_id()),
            "Content-Type": "application/json",
        }
        address = f"http://127.0.0.1:{self.port}/api/v1{path}"
        request = urllib.request.Request(address, data=json.dumps(body).encode(), headers=headers)
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            assert answer.status == HTTPStatus.CREATED, path
            told: dict[str, Any] = json.load(answer)
            return told


def said(text: str) -> None:
    """Tell what was done."""
    print(f"  {text}", flush=True)


def no_complaints(tab: Tab, *, but: Sequence[str] = ()) -> None:
    """Nothing red in the console, but for what contains one of these."""
    found = [each for each in tab.complaints_taken() if not any(fine in each for fine in but)]
    assert not found, "\n".join(found)


_WIDEST: Final = """[...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(0, 5).map(e => e.outerHTML.slice(0, 160))"""


def fits(tab: Tab, name: str) -> None:
    """The page is no wider than the screen."""
    wide, screen = tab.ask("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= screen, f"{name}: {wide} wide on a screen of {screen}: {tab.ask(_WIDEST)}"
