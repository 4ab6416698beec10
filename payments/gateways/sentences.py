"""What a cashier is told about an attempt, in one sentence that is true. Pure.

Keys never change; a translation is another table of the same keys. A sentence names the amount, so that nobody has
to remember which payment it is about.
"""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

from fynlo.core.money import spell_money
from payments.gateways import states


class Told(Protocol):
    """What a sentence needs to know of an attempt."""

    @property
    def state(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def amount_minor(self) -> int: ...
    @property
    def tip_minor(self) -> int: ...
    @property
    def authorised_minor(self) -> int: ...
    @property
    def captured_minor(self) -> int: ...
    @property
    def channel(self) -> str: ...
    @property
    def capture(self) -> str: ...
    @property
    def failure_kind(self) -> str: ...
    @property
    def failure_text(self) -> str: ...
    @property
    def trouble(self) -> str: ...
    @property
    def order_id(self) -> object | None: ...
    @property
    def settled_at(self) -> dt.datetime | None: ...
    @property
    def overridden_at(self) -> dt.datetime | None: ...


ENGLISH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "prepared": "{amount} is being prepared; nothing was taken yet.",
        "prepared.try_again": "{amount}: the payment provider is busy; nothing was taken yet, it is tried again.",
        "prepared.not_connected": (
            "{amount}: the payment account does not answer; nothing was taken. Take it another way."
        ),
        "presented": "{amount} is asked for; wait for the guest.",
        "presented.link": "{amount} can be paid by the link; nothing was taken yet.",
        "presented.people": "{amount} is asked for at the card machine; type what its slip says.",
        "presented.try_again": "{amount} is asked for; the payment provider is slow to say what became of it.",
        "authorised": "{authorised} is reserved on the card and not taken yet.",
        "authorised.declined": "{authorised} stays reserved on the card; more was declined.",
        "authorised.refused": "{authorised} stays reserved on the card; the last step was refused.",
        "authorised.try_again": "{authorised} is reserved on the card; the last step is tried again.",
        "captured": "{captured} was taken.",
        "captured.unsettled": "{captured} was taken and is not put to an order yet.",
        "captured.other_amount": "{captured} was taken; {amount} was asked for.",
        "declined": "{amount} was declined; nothing was taken. Try again or another way.",
        "declined.reader_trouble": (
            "{amount}: the reader could not be used; nothing was taken. Use another reader or another way."
        ),
        "declined.same_card": "{amount} was declined; nothing was taken. The same card may be tried again.",
        "cancelled": "{amount} was cancelled; nothing was taken.",
        "expired": "{amount} was not paid in time; nothing was taken.",
        "refused": "{amount} could not be asked for; nothing was taken. Take it another way.",
        "refused.not_connected": (
            "{amount} could not be asked for, the payment account is not connected; nothing was taken."
        ),
        "unknown": (
            "It is not known yet whether {amount} was taken. Do not take it again: it is being looked up."
        ),
        "unknown.overridden": (
            "It is not known whether {amount} was taken; somebody allowed another payment. If it was, it is kept."
        ),
    }
)
"""Sentence by key."""

_KINDS: Final = ("try_again", "not_connected", "reader_trouble", "declined", "refused")
LINKS: Final = ("remote", "qr")
SAME_CARD: Final = "declined_same_card"
"""The kind of a decline whose code says that the same card may be tried again."""


def sentence(attempt: Told, table: Mapping[str, str] = ENGLISH) -> str:
    """The truth about `attempt` in one sentence."""
    tip_too = attempt.amount_minor + attempt.tip_minor
    return table[sentence_key(attempt)].format(
        amount=spell_money(attempt.amount_minor, attempt.currency),
        authorised=spell_money(attempt.authorised_minor or tip_too, attempt.currency),
        captured=spell_money(attempt.captured_minor or tip_too, attempt.currency),
    )


def sentence_key(attempt: Told) -> str:
    """Which sentence it is: the state, narrowed by what is special about it."""
    special = _special(attempt)
    key = f"{attempt.state}.{special}"
    return key if special and key in ENGLISH else attempt.state


def _special(attempt: Told) -> str:
    if attempt.state == states.UNKNOWN:
        return "overridden" if attempt.overridden_at else ""
    if attempt.state == states.CAPTURED:
        return _captured(attempt)
    if attempt.failure_kind in _KINDS:
        return attempt.failure_kind
    if attempt.failure_kind == SAME_CARD:
        return "same_card"
    if attempt.channel == "manual":
        return "people"
    return "link" if attempt.channel in LINKS else ""


def _captured(attempt: Told) -> str:
    if attempt.settled_at is None and attempt.trouble:
        return "unsettled"
    asked = attempt.amount_minor + attempt.tip_minor
    return "other_amount" if attempt.captured_minor not in (0, asked) else ""
