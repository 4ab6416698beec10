"""Whether an account can do what is asked, before anything is recorded. Pure, but for the errors it raises."""

from typing import Any, Final, Protocol

from fynlo.core.money import Money, spell_money
from payments.gateways.base import Capabilities
from payments.gateways.errors import AmountOutOfRange, CapabilityMissing

_AMOUNT: Final = "/amount/amount_minor"


class Asked(Protocol):
    """What of a draft has to be offered."""

    @property
    def channel(self) -> str: ...
    @property
    def capture(self) -> str: ...
    @property
    def incremental(self) -> bool: ...
    @property
    def tip_on_reader(self) -> bool: ...
    @property
    def amount(self) -> Money: ...


def check_start(*, draft: Asked, offered: Capabilities) -> None:
    """Raise `CapabilityMissing` naming what is not offered, or `AmountOutOfRange`; each points at it."""
    if offered.trouble:
        raise CapabilityMissing(offered.trouble, missing="account")
    need(offered, draft.channel in offered.channels, draft.channel, pointer="/channel")
    need(
        offered, draft.capture == "automatic" or offered.manual_capture, "manual_capture", pointer="/capture"
    )
    need(offered, not draft.incremental or offered.increment, "increment", pointer="/incremental")
    need(offered, not draft.tip_on_reader or offered.reader_tips, "reader_tips", pointer="/tip_on_reader")
    currency = draft.amount.currency
    is_known = not offered.currencies or currency in offered.currencies
    need(offered, is_known, f"currency {currency}", pointer="/amount/currency")
    check_amount(amount=draft.amount, offered=offered)


def check_amount(*, amount: Money, offered: Capabilities, pointer: str = _AMOUNT) -> None:
    """Raise `AmountOutOfRange` for less or more than the account takes at once, or what is between its steps."""
    least = max(offered.smallest_minor, 1)
    if amount.minor < least:
        text = f"The least that can be taken here is {spell_money(least, amount.currency)}."
        raise AmountOutOfRange(text, smallest_minor=least, pointer=pointer)
    most = offered.largest_minor
    if most is not None and amount.minor > most:
        text = f"The most that can be taken here is {spell_money(most, amount.currency)}."
        raise AmountOutOfRange(text, largest_minor=most, pointer=pointer)
    check_step(amount=amount, offered=offered, pointer=pointer, least=least, most=most)


def check_step(
    *,
    amount: Money,
    offered: Capabilities,
    pointer: str,
    least: int = 1,
    most: int | None = None,
    instead: str = "",
) -> None:
    """Raise `AmountOutOfRange` for an amount between two steps of the account, with those from `least` to `most`
    beside it (`possible_minor`). `instead` is a sentence about what becomes of the rest.
    """
    step = max(offered.step_minor, 1)
    below = amount.minor - amount.minor % step
    if below == amount.minor:
        return
    beside = [each for each in (below, below + step) if least <= each and (most is None or each <= most)]
    can = " or ".join(spell_money(each, amount.currency) for each in beside)
    asked, each_step = spell_money(amount.minor, amount.currency), spell_money(step, amount.currency)
    why = f"{asked} is not possible here: amounts go in steps of {each_step}."
    text = " ".join(each for each in (why, f"Possible beside it: {can}." if can else "", instead) if each)
    said: dict[str, Any] = {"pointer": pointer} if pointer else {}
    raise AmountOutOfRange(text, step_minor=step, possible_minor=beside, **said)


def need(offered: Capabilities, is_offered: bool, name: str, *, pointer: str = "") -> None:
    """Raise `CapabilityMissing` for `name` unless it is offered; `pointer` is what asked for it."""
    if not is_offered:
        words = name.replace("_", " ")
        text = f"This payment account does not offer it: {words}."
        said: dict[str, Any] = {"pointer": pointer} if pointer else {}
        raise CapabilityMissing(text, missing=name, offered=sorted(offered.channels), **said)
