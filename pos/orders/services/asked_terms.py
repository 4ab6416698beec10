"""What is said of money before it is asked for at a provider: the rules of the way to pay, and the reader."""

from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem
from fynlo.core.money import Money
from payments.gateways.models import Attempt, Connection, Reader
from payments.tenders.models import TenderType
from payments.tenders.rules import TenderRules, broken_rules
from pos.orders.errors import ReaderNeeded
from pos.orders.transfers import TenderInvalid

AT_A_READER = "present"


def check_asked(*, terms: TenderType, amount: Money, due_minor: int) -> None:
    """Raise `TenderInvalid` for each rule of the way to pay that asking for `amount` of what is due does not keep.

    The number on a slip is asked for when the slip is typed, for there is none before.
    """
    rules = TenderRules(
        smallest_minor=terms.smallest_minor, largest_minor=terms.largest_minor, is_partial=terms.is_partial
    )
    problems = [
        FieldProblem("/amount/amount_minor", each.code, each.text)
        for each in broken_rules(
            rules=rules,
            amount_minor=amount.minor,
            due_minor=due_minor,
            reference="",
            currency=amount.currency,
        )
    ]
    if problems:
        raise TenderInvalid(problems[0].detail, errors=problems)


def needs_slip_number(tender_type: str) -> bool:
    """Whether the merchant wants the number on the slips of this way to pay."""
    return TenderType.objects.filter(code=tender_type, needs_reference=True).exists()


def reader_for(*, attempt_id: UUID, account: Connection, channel: str, actor: Actor) -> UUID | None:
    """The reader of money that is asked for without naming one: the register's own, else the only one of the
    account that stands at no register. Only what is shown at a reader needs one.

    The same attempt again has the reader it was begun with, wherever that stands by now. Raises `ReaderNeeded`.
    """
    if channel != AT_A_READER:
        return None
    begun = Attempt.objects.filter(pk=attempt_id).values_list("details__asked__reader_id", flat=True).first()
    if begun is not None:
        return UUID(begun)
    rows = Reader.objects.filter(connection=account, is_active=True).order_by("id")
    readers = list(rows.values_list("pk", "register_id"))
    own = [key for key, register in readers if register == actor.register_id]
    possible = own or [key for key, register in readers if register is None]
    if len(possible) == 1:
        return possible[0]
    detail = (
        "Several card readers can be meant: say which one."
        if possible
        else "No card reader stands at this register: say which one, or add one in the back office."
    )
    raise ReaderNeeded(detail, pointer="/reader_id")
