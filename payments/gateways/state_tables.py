"""The tables of `payments.gateways.states` as a page of the documentation. Pure: text out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from fynlo.core.states import Transitions
from payments.gateways.languages import LANGUAGES
from payments.gateways.reasons import OF_DECLINE, OF_READER, TOLD_INSTEAD, UNTOLD
from payments.gateways.states import ATTEMPT, BLOCKING, OPEN, REFUND


def _late(life: Transitions) -> tuple[str, ...]:
    ended = ("declined", "cancelled", "expired", "refused")
    return tuple(state for state in ended if "capture" in life.events(state))


def _listed(states: Iterable[str]) -> str:
    *most, last = [f"`{state}`" for state in states]
    return f"{', '.join(most)} or {last}" if most else last


_INTRO: Final = """# States of a payment at a gateway

Two lives: an attempt to take money, and money of it that goes back. The tables are those of
`payments/gateways/states.py`; every answer of a vendor goes through them, and one for which there is no step
changes nothing. This page is written from them by `manage.py document_states`; a test compares it with them.
What each step does: [payments](../concepts/payments.md).
"""
_OPEN: Final = f"""Money may still be taken while it is {_listed(OPEN)}: somebody looks until it is not.
While it is {_listed(BLOCKING)}, the same amount of the same order is not asked for again.

`unknown` is a state of its own: a request left, and no answer came. Only a look at the vendor's truth ends it,
never a new attempt and never another gateway.

What ended without money may turn out to have been too late to end: {_listed(_late(ATTEMPT))} may still be
authorised or captured. That money is kept.
"""
_NAMES: Final = {"en": "English", "de": "Deutsch", "fr": "Français"}
_SENTENCES: Final = """## What the cashier is told

One sentence for every state, narrowed by what is special about it, in the shop's language (English where there is
none), with amounts as its receipts write them. The keys never change. `{why}` is one of the reasons below, or
nothing.
"""
_REFUNDS: Final = """## What is told of money on its way back

By the state of the refund; `failed.disputed` where the provider says that the guest's bank takes the money back.
"""
_REASONS: Final = f"""## Why

A reason is told where the vendor's code has one. Codes that say or suggest that a card is not theirs
({", ".join(f"`{code}`" for code in sorted(UNTOLD))}) have none, and tills and the feed are told `{TOLD_INSTEAD}`
instead: whoever stands there learns nothing. The back office has the code.
"""
_PAGE: Final = """## What the guest reads

The words of the pages guests pay on, in the first language their browser asks for that is here, else in the shop's.
"""


def payment_states_page() -> str:
    """The whole page, as Markdown."""
    return "\n".join(
        (
            _INTRO,
            "## An attempt\n",
            *_table(("from", "event", "to"), ATTEMPT.table()),
            "",
            _OPEN,
            "## Money that goes back\n",
            *_table(("from", "event", "to"), REFUND.table()),
            "",
            _SENTENCES,
            *_told("sentence", {tag: words.sentences for tag, words in LANGUAGES.items()}),
            "",
            _REFUNDS,
            *_told("sentence", {tag: words.refunds for tag, words in LANGUAGES.items()}),
            "",
            _REASONS,
            *_told("reason", {tag: words.reasons for tag, words in LANGUAGES.items()}),
            "",
            *_codes(),
            "",
            _PAGE,
            *_told("word", {tag: words.page for tag, words in LANGUAGES.items()}),
            "",
        )
    )


def _told(what: str, by_language: Mapping[str, Mapping[str, str]]) -> Iterable[str]:
    """What is told under each key, in every language."""
    yield f"| {what} | {' | '.join(_NAMES[tag] for tag in by_language)} |"
    yield f"|{' --- |' * (len(by_language) + 1)}"
    for key in by_language["en"]:
        yield f"| `{key}` | {' | '.join(told[key] for told in by_language.values())} |"


def _codes() -> Iterable[str]:
    """The vendors' codes that have a reason."""
    yield "| reason | codes of vendors |"
    yield "| --- | --- |"
    for codes in (OF_DECLINE, OF_READER):
        for reason in dict.fromkeys(codes.values()):
            listed = ", ".join(f"`{code}`" for code, its in codes.items() if its == reason)
            yield f"| `{reason}` | {listed} |"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield "| " + " | ".join(f"`{cell}`" for cell in row) + " |"
