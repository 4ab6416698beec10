"""An entry before and after it has its place in a register's chain."""

import datetime as dt
from dataclasses import dataclass, field

from pos.fiscal.canonical import Body, canonical_text
from pos.fiscal.kinds import KINDS, NUMBER_LENGTH
from pos.fiscal.recipe import CURRENT_RECIPE, entry_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalDraft:
    """What is to be recorded. `text` is the body's canonical text, made once, outside any lock.

    `at` is when it happened; `number` is the one people read (`K1-R12`), empty where there is none. Raises
    ValueError for an unknown kind or a number that is too long or has a line feed, `NotCanonical` for a body
    that holds something else than texts.
    """

    kind: str
    at: dt.datetime
    business_date: dt.date
    body: Body = field(repr=False)
    number: str = ""
    text: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a journal has no entries of kind {self.kind!r}")
        if len(self.number) > NUMBER_LENGTH or "\n" in self.number:
            raise ValueError("a readable number is one short line")
        object.__setattr__(self, "text", canonical_text(self.body))

    def sealed(
        self, *, register_code: str, position: int, previous_hash: str, recorded_at: dt.datetime
    ) -> "SealedEntry":
        """This entry at `position`, after the entry with `previous_hash` ("" at position 1)."""
        made = entry_hash(
            recipe=CURRENT_RECIPE,
            register_code=register_code,
            position=position,
            kind=self.kind,
            number=self.number,
            at=self.at,
            recorded_at=recorded_at,
            business_date=self.business_date,
            previous_hash=previous_hash,
            body=self.text,
        )
        return SealedEntry(
            register_code=register_code,
            position=position,
            kind=self.kind,
            number=self.number,
            at=self.at,
            recorded_at=recorded_at,
            business_date=self.business_date,
            recipe=CURRENT_RECIPE,
            body=self.text,
            previous_hash=previous_hash,
            hash=made,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedEntry:
    """An entry in its place: what the table holds and the export tells. `body` is canonical text."""

    register_code: str
    position: int
    kind: str
    number: str
    at: dt.datetime
    recorded_at: dt.datetime
    business_date: dt.date
    recipe: int
    body: str = field(repr=False)
    previous_hash: str
    hash: str

    def made_hash(self) -> str:
        """The hash these values make; another than `hash` if anything was altered. Raises `UnknownRecipe`."""
        return entry_hash(
            recipe=self.recipe,
            register_code=self.register_code,
            position=self.position,
            kind=self.kind,
            number=self.number,
            at=self.at,
            recorded_at=self.recorded_at,
            business_date=self.business_date,
            previous_hash=self.previous_hash,
            body=self.body,
        )
