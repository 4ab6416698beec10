"""What a cashier is told about an attempt, in one sentence that is true. Pure.

It names the amount, so that nobody has to remember which payment it is about. The words are in `languages`, by keys
that never change; why a card was declined is in `reasons`.
"""

import datetime as dt
from typing import Final, Protocol

from payments.gateways import states
from payments.gateways.languages import ENGLISH, words_for
from payments.gateways.reasons import OF_DECLINE, OF_READER, READER_WORKS


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
    def failure_code(self) -> str: ...
    @property
    def trouble(self) -> str: ...
    @property
    def order_id(self) -> object | None: ...
    @property
    def settled_at(self) -> dt.datetime | None: ...
    @property
    def overridden_at(self) -> dt.datetime | None: ...


class ToldRefund(Protocol):
    """What a sentence needs to know of money on its way back."""

    @property
    def state(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def amount_minor(self) -> int: ...
    @property
    def failure_code(self) -> str: ...


WITHHELD: Final = "disputed"
"""Our own code of a refund that was sent to nobody, for a dispute has the money."""
DISPUTED: Final = frozenset({"charge_disputed", "charge_for_pending_refund_disputed", WITHHELD})
"""Codes of a refund that failed as the guest's bank takes the money back itself (docs.stripe.com/error-codes)."""

LINKS: Final = ("remote", "qr")
SAME_CARD: Final = "declined_same_card"
"""The kind of a decline whose code says that the same card may be tried again."""

_DECLINED: Final = "declined"
_READER_TROUBLE: Final = "reader_trouble"
_KINDS: Final = (
    *("try_again", "not_connected", "refused", _DECLINED, _READER_TROUBLE),
    states.NEVER_MADE,
)
_ALIKE: Final = {"same_card": _DECLINED, "at_reader": _READER_TROUBLE}
"""What is told instead where a state makes no difference between the two."""


def sentence(attempt: Told, *, language: str = "en") -> str:
    """The truth about `attempt` in one sentence, in the language of this tag (English where there is none)."""
    words = words_for(language)
    tip_too = attempt.amount_minor + attempt.tip_minor

    def amount(minor: int) -> str:
        return words.amount(minor=minor, currency=attempt.currency)

    why = words.reasons.get(reason_key(attempt), "")
    return words.sentences[sentence_key(attempt)].format(
        amount=amount(attempt.amount_minor),
        authorised=amount(attempt.authorised_minor or tip_too),
        captured=amount(attempt.captured_minor or tip_too),
        why=f" {why}" if why else "",
    )


def refund_sentence(refund: ToldRefund, *, language: str = "en") -> str:
    """The truth about money on its way back, in the language of this tag (English where there is none)."""
    words = words_for(language)
    amount = words.amount(minor=refund.amount_minor, currency=refund.currency)
    return words.refunds[refund_sentence_key(refund)].format(amount=amount)


def refund_sentence_key(refund: ToldRefund) -> str:
    """Which sentence it is: the state; of a failed one also whether a dispute has the money."""
    is_disputed = refund.state == states.FAILED and refund.failure_code in DISPUTED
    return f"{refund.state}.disputed" if is_disputed else refund.state


def sentence_key(attempt: Told) -> str:
    """Which sentence it is: the state, narrowed by what is special about it where that is told otherwise."""
    for special in _specials(attempt):
        key = f"{attempt.state}.{special}"
        if key in ENGLISH.sentences:
            return key
    return attempt.state


def reason_key(attempt: Told) -> str:
    """Why it was not taken, as far as that is told; empty for what has no words or must have none."""
    if attempt.failure_kind in (_DECLINED, SAME_CARD):
        return OF_DECLINE.get(attempt.failure_code, "")
    if attempt.failure_kind == _READER_TROUBLE:
        return OF_READER.get(attempt.failure_code, "")
    return ""


def _specials(attempt: Told) -> tuple[str, ...]:
    """What is special about it, what is told first before the rest."""
    if attempt.state == states.UNKNOWN:
        if attempt.overridden_at is not None:
            return ("overridden",)
        return (states.UNDECIDABLE,) if attempt.failure_kind == states.UNDECIDABLE else ()
    if attempt.state == states.CAPTURED:
        return _captured(attempt)
    failed = _failed(attempt)
    return (*failed, *(_ALIKE[kind] for kind in failed if kind in _ALIKE), _channel(attempt))


def _failed(attempt: Told) -> tuple[str, ...]:
    if attempt.failure_code == "paid_before":
        return ("paid_before",)
    if attempt.failure_kind == SAME_CARD:
        return ("same_card",)
    if reason_key(attempt) in READER_WORKS:
        return ("at_reader",)
    return (attempt.failure_kind,) if attempt.failure_kind in _KINDS else ()


def _channel(attempt: Told) -> str:
    if attempt.channel == "manual":
        return "people"
    return "link" if attempt.channel in LINKS else ""


def _captured(attempt: Told) -> tuple[str, ...]:
    if attempt.settled_at is None and attempt.trouble:
        return ("unsettled",)
    asked = attempt.amount_minor + attempt.tip_minor
    return ("other_amount",) if attempt.captured_minor not in (0, asked) else ()
