"""Which card somebody presented: by its code, or by its key where a till has found it before. Guesses count."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fynlo.api.limits import Limit, check, take
from fynlo.core.actors import Actor
from payments.credit.codes import Presented
from payments.credit.errors import GiftCardCodeTaken, GiftCardUnknown, PinWrong
from payments.credit.queries import ValueTerms, value_terms

GUESSES: Final = Limit(name="stored_value_guess", count=30, seconds=600)
"""Wrong codes and PINs of one caller. With 63 bits to guess it is there for codes of other systems, and for whoever
tries one PIN at many cards.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """A card by its key, by its code, or by both. `kind` is what it should be."""

    kind: str
    id: UUID | None = None
    code: Presented | None = None


def find_presented(*, presented: Iterable[Presentation]) -> list[ValueTerms | None]:
    """The card of each presentation in one statement, None for those that nobody knows or that are another kind."""
    wanted = list(presented)
    ids = {each.id for each in wanted if each.id is not None}
    digests = {each.code.digest for each in wanted if each.code is not None}
    found = value_terms(ids=ids, digests=digests) if ids or digests else []
    by_id = {terms.id: terms for terms in found}
    by_digest = {terms.digest: terms for terms in found}
    return [_the_one(each, by_id, by_digest) for each in wanted]


def count_guess(*, actor: Actor) -> None:
    """Count a code that nobody knows. Raises `TooManyRequests` when there were too many.

    Of a till, whoever stands at it; of a person or a program without one, them.
    """
    take(GUESSES, _who(actor))


def may_guess(*, actor: Actor) -> None:
    """Asked before a code or a PIN is looked at. Raises `TooManyRequests` when there were too many wrong ones: the
    next answer would tell, whichever it is.
    """
    check(GUESSES, _who(actor))


@contextmanager
def guesses_counted(*, actor: Actor, is_guess: bool = True) -> Iterator[None]:
    """Count what goes wrong within: a code that nobody knows, one that is taken (it tells as much), a wrong PIN.

    `is_guess`: a code or a PIN is said and asked about. Then `TooManyRequests` is raised before it is looked at.
    """
    if is_guess:
        may_guess(actor=actor)
    try:
        yield
    except (GiftCardUnknown, GiftCardCodeTaken, PinWrong) as error:
        if isinstance(error, PinWrong) or any(each.pointer.endswith("code") for each in error.errors):
            count_guess(actor=actor)
        raise


def _who(actor: Actor) -> str:
    return str(actor.device_id or actor.id)


def _the_one(
    presented: Presentation, by_id: dict[UUID, ValueTerms], by_digest: dict[str, ValueTerms]
) -> ValueTerms | None:
    found = by_id.get(presented.id) if presented.id is not None else None
    if presented.code is not None:
        by_code = by_digest.get(presented.code.digest)
        if presented.id is not None and by_code != found:
            return None
        found = by_code
    return found if found is not None and found.kind == presented.kind else None
