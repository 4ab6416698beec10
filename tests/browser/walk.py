"""The parts of the walk, in their order."""

from pathlib import Path

from tests.browser.chromium import Chromium
from tests.browser.counting import count
from tests.browser.goods import grocer
from tests.browser.guests import pay_as_guests
from tests.browser.looking import look
from tests.browser.paying import pay
from tests.browser.receiving import receive
from tests.browser.scene import Scene
from tests.browser.transferring import transfer

PARTS = (
    ("Counting", count),
    ("Receiving", receive),
    ("Transferring", transfer),
    ("Looking", look),
    ("Paying", pay),
    ("Guests", pay_as_guests),
)


def walk(*, browser: Chromium, port: int, pictures: Path | None) -> None:
    """Margaret and Priya sign in with their telephones, and go through everything."""
    scene = Scene(
        grocer=grocer(),
        browser=browser,
        port=port,
        margaret=browser.person(),
        priya=browser.person(),
        pictures=pictures,
    )
    for tab, number in ((scene.margaret, "1"), (scene.priya, "2")):
        tab.phone()
        scene.sign_in(tab, number)
    for name, part in PARTS:
        print(name, flush=True)
        part(scene)
