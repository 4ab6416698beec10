"""What a gateway's driver must be able to do: move its outside world, and say what that world has seen."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.ids import new_id
from payments.gateways.models import Attempt, Connection, Reader
from payments.gateways.services import ConnectionDraft, ReaderDraft, save_connection, save_reader

Lost = Literal["lost_after", "lost_before", "server_error", "rate_limited", "rate_limited_silently"]


@dataclass(frozen=True)
class Bell:
    """A call of the vendor as it comes to our door."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def because(reason: str, *faults: str) -> dict[str, str]:
    """The same reason for several faults."""
    return dict.fromkeys(faults, reason)


class World:
    """The outside of one gateway. What one cannot do at all it declares in `without`, with the reason."""

    code: ClassVar[str]
    channel: ClassVar[str] = "present"
    tender_kind: ClassVar[str] = "card"
    without: ClassVar[Mapping[str, str]] = {}
    """Faults (by name) that cannot strike this gateway, and why."""

    stays_on_tender: ClassVar[bool] = True
    """Whether the money waits on the way to pay's own account of the books."""
    offers_manual: ClassVar[bool] = True
    """Whether money can be authorised first and taken later."""

    actor: Actor
    at: dt.datetime
    connection: Connection
    reader: Reader | None = None
    other_reader: Reader | None = None

    def open(self, *, actor: Actor, at: dt.datetime) -> None:
        """An account that works, and readers where there are any."""
        self.actor, self.at = actor, at
        draft = ConnectionDraft(
            id=new_id(),
            gateway=self.code,
            name=self.code,
            account=self.account(),
            settings=self.settings(at),
            secrets=self.secrets(),
        )
        self.connection = save_connection(draft=draft, actor=actor, at=at)
        if self.channel == "present":
            self.reader, self.other_reader = (
                save_reader(
                    draft=ReaderDraft(
                        id=new_id(), connection_id=self.connection.pk, vendor_id=name, name=name
                    ),
                    actor=actor,
                )
                for name in self.readers()
            )

    def account(self) -> str:
        """The vendor's name for it."""
        return f"{self.code}_account"

    def settings(self, at: dt.datetime) -> dict[str, Any]:
        """The connection's settings."""
        return {}

    def secrets(self) -> dict[str, str]:
        """The connection's secrets."""
        return {}

    def readers(self) -> tuple[str, str]:
        """Two card readers, by the vendor's names."""
        return ("R1", "R2")

    def details(self, amount_minor: int) -> dict[str, str]:
        """What the gateway wants to know besides: which gift card, for instance."""
        return {}

    def close(self) -> None:
        """Tear it down."""

    def clock(self, at: dt.datetime) -> None:
        """It is now `at` outside."""
        self.at = at

    def pay(self, attempt: Attempt, *, tip_minor: int = 0) -> None:
        """The guest pays."""
        raise AssertionError(f"nobody pays {self.code} like that")

    def decline(self, attempt: Attempt) -> None:
        """The guest's card is no good."""
        raise AssertionError

    def pay_late(self, attempt: Attempt) -> None:
        """Money arrives although it was let go."""
        raise AssertionError

    def tap_while_cancelling(self, attempt: Attempt) -> None:
        """The next cancel comes a moment after the card."""
        raise AssertionError

    def fault(self, verb: str, name: Lost) -> None:
        """The next request of this verb meets this."""
        raise AssertionError(f"{self.code} meets no {name} of {verb}")

    def unknown_word(self, verb: str) -> None:
        """The next answer to this verb has a state that nobody knows."""
        raise AssertionError

    def decline_increment(self) -> None:
        """The issuer says no to the next increment."""
        raise AssertionError

    def reader_trouble(self, trouble: str) -> None:
        """The first reader is `busy` or `offline`."""
        raise AssertionError

    def revoke(self, *, is_back: bool = False) -> None:
        """The account is not ours any more, or again."""
        raise AssertionError

    def fail_refund(self, vendor_id: str) -> None:
        """Days later the money comes back."""
        raise AssertionError

    def dispute(self, attempt: Attempt) -> str:
        """The guest's bank takes the money back; the dispute's name."""
        raise AssertionError

    def close_dispute(self, name: str, *, is_won: bool) -> None:
        """The bank has decided."""
        raise AssertionError

    def foreign_line(self) -> None:
        """A line of the balance that is nothing of ours."""
        raise AssertionError

    def pay_out(self) -> None:
        """The balance goes to the bank."""
        raise AssertionError

    def bells(self) -> list[Bell]:
        """What waits to be rung, taken off the list, in order."""
        return []

    def about_somebody_else(self, rung: list[Bell]) -> Bell:
        """A genuine bell about a payment that is none of ours."""
        raise AssertionError

    def forged(self, bell: Bell) -> Bell:
        """The same from somebody who does not know the secret."""
        raise AssertionError

    def taken(self, attempt_id: UUID) -> list[int]:
        """Every sum that was really taken for this attempt, in minor units."""
        raise AssertionError(self.code)

    def back(self, attempt_id: UUID) -> list[int]:
        """Every sum that really went back of it."""
        raise AssertionError(self.code)
