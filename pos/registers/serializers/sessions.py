"""Shapes of drawer sessions, counts and cash movements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rest_framework import serializers

from fynlo.api.fields import (
    BooleanField,
    ChoiceField,
    DateField,
    IdField,
    MoneyField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from pos.registers import states
from pos.registers.denominations import Pieces
from pos.registers.foreign import ForeignCount
from pos.registers.models import CashMovement
from pos.registers.moving import MOVEMENTS
from pos.registers.serializers.contents import (
    MOST_CURRENCIES,
    MOST_IN_A_DRAWER,
    MOST_KINDS,
    ForeignCountOutput,
    ForeignInput,
    MovedForeignOutput,
    OpeningForeignOutput,
    PiecesInput,
)
from pos.registers.serializers.places import PlaceOutput
from pos.registers.services.movements import MovementDraft


class MoneyInAnyCurrency(StrictSerializer):
    """Input whose currency is a rule (422) that the service checks, for whoever calls it, and no shape (400)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        context: Mapping[str, Any] = kwargs.pop("context", {})
        kwargs["context"] = {key: value for key, value in context.items() if key != "currency"}
        super().__init__(*args, **kwargs)


def _foreign(said: Mapping[str, Any]) -> tuple[ForeignCount, ...]:
    return tuple(each["count"] for each in said.get("foreign", ()))


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted: one amount, or pieces, or both, which then have to agree."""

    amount: Money | None = None
    pieces: tuple[Pieces, ...] = ()
    is_by_pieces: bool = False


def _counted(said: Mapping[str, Any], amount: str) -> Counted:
    pieces = said.get("denominations")
    return Counted(
        amount=said.get(amount),
        pieces=tuple(Pieces(**piece) for piece in pieces or ()),
        is_by_pieces=pieces is not None,
    )


@dataclass(frozen=True, slots=True)
class OpeningDraft:
    """A drawer to be opened."""

    opening_float: Counted
    foreign: tuple[ForeignCount, ...] = ()
    id: UUID = field(default_factory=new_id)
    drawer_id: UUID | None = None
    responsible_id: UUID | None = None
    in_control: bool = False


class OpeningInput(MoneyInAnyCurrency):
    """A drawer to be opened, with what is in it: one amount, or pieces."""

    id = IdField(required=False, help_text="Made by the till, so that the same session may be sent again.")
    opening_float = MoneyField(max_minor=MOST_IN_A_DRAWER, required=False)
    denominations = PiecesInput(many=True, required=False, max_length=MOST_KINDS)  # type: ignore[call-arg]
    foreign = ForeignInput(  # type: ignore[call-arg]
        many=True, required=False, max_length=MOST_CURRENCIES, help_text="What is in it of other currencies."
    )
    drawer_id = IdField(
        required=False, help_text="A shared drawer of the location; the register's own unless said."
    )
    responsible_id = IdField(
        required=False, help_text="Who answers for the drawer; who opens it unless said."
    )
    in_control = BooleanField(required=False, help_text="Wait for somebody to confirm the float.")

    def to_draft(self) -> OpeningDraft:
        """The frozen input of `open_session`."""
        said = dict(self.validated_data)
        counted = _counted(said, "opening_float")
        rest = {
            name: said[name] for name in ("id", "drawer_id", "responsible_id", "in_control") if name in said
        }
        return OpeningDraft(opening_float=counted, foreign=_foreign(said), **rest)


@dataclass(frozen=True, slots=True)
class CountDraft:
    """A count, and why it is made again."""

    counted: Counted
    foreign: tuple[ForeignCount, ...] = ()
    reason: str = ""


class DrawerCountInput(MoneyInAnyCurrency):
    """What was counted in a drawer: one amount, or pieces."""

    counted = MoneyField(max_minor=MOST_IN_A_DRAWER, required=False)
    denominations = PiecesInput(many=True, required=False, max_length=MOST_KINDS)  # type: ignore[call-arg]
    foreign = ForeignInput(  # type: ignore[call-arg]
        many=True,
        required=False,
        max_length=MOST_CURRENCIES,
        help_text="What was counted of other currencies. One that is not here was not counted, and is flagged.",
    )

    def to_draft(self) -> CountDraft:
        """The frozen input of `commit_count`."""
        said = self.validated_data
        return CountDraft(counted=_counted(said, "counted"), foreign=_foreign(said))


class RecountInput(DrawerCountInput):
    """The same again, and why."""

    reason = TextField(max_length=200)

    def to_draft(self) -> CountDraft:
        """The frozen input of `commit_count`."""
        said = self.validated_data
        return CountDraft(counted=_counted(said, "counted"), foreign=_foreign(said), reason=said["reason"])


@dataclass(frozen=True, slots=True)
class ClosingDraft:
    """How a drawer is closed."""

    counted: Counted
    foreign: tuple[ForeignCount, ...] = ()
    approval: str | None = None
    force: str = ""


class ClosingInput(DrawerCountInput):
    """Closing a drawer: what was counted, unless it was counted before."""

    approval = TextField(required=False, help_text="The token of whoever answers for a variance.")
    force = TextField(
        required=False, max_length=200, help_text="A manager's reason to close it whatever is the matter."
    )

    def to_draft(self) -> ClosingDraft:  # type: ignore[override]
        """The frozen input of `close_session`."""
        said = self.validated_data
        return ClosingDraft(
            counted=_counted(said, "counted"),
            foreign=_foreign(said),
            approval=said.get("approval"),
            force=said.get("force", ""),
        )


class MovementInput(MoneyInAnyCurrency):
    """Money into a drawer or out of it. The amount is above zero; a correction's is below when money is missing."""

    id = IdField(required=False, help_text="Made by the till, so that the same movement may be sent again.")
    kind = ChoiceField(choices=list(MOVEMENTS))
    amount = MoneyField(max_minor=MOST_IN_A_DRAWER, required=False, allow_negative=True)
    foreign: Any = MoneyField(
        max_minor=MOST_IN_A_DRAWER,
        required=False,
        allow_negative=True,
        any_currency=True,
        help_text="Notes of another currency, instead of `amount`.",
    )
    reason_code = TextField(required=False, allow_blank=True, max_length=40)
    note = TextField(required=False, allow_blank=True, max_length=200)
    approval = TextField(required=False, help_text="The token of whoever allows it.")
    at = TimestampField(
        required=False, help_text="When it happened, if that was before; then it is recorded."
    )

    def to_draft(self) -> MovementDraft:
        """The frozen input of `move_cash`."""
        return MovementDraft(**self.validated_data)


class SessionCountOutput(serializers.Serializer[Any]):
    """A committed count, beside what should have been there at that moment."""

    counted = MoneyField()
    expected = MoneyField(allow_negative=True)
    variance = MoneyField(allow_negative=True)
    denominations = PiecesInput(many=True)
    foreign = ForeignCountOutput(many=True)
    reason = serializers.CharField()
    at = TimestampField()
    employee_name = serializers.CharField()


class SessionFlagOutput(serializers.Serializer[Any]):
    """What was unusual; further members belong to the code."""

    code = serializers.CharField()


class CashSessionOutput(serializers.Serializer[Any]):
    """A drawer between opening and closing. What was expected in it is told with the first committed count."""

    id = IdField()
    number = serializers.IntegerField(help_text="Dense per drawer.")
    register = PlaceOutput(help_text="Where it was opened.")
    drawer = PlaceOutput()
    state = serializers.ChoiceField(choices=states.SESSION_STATES)
    business_date = DateField()
    opened_at = TimestampField()
    opened_by_id = IdField(allow_null=True)
    responsible_id = IdField(allow_null=True)
    responsible_name = serializers.CharField()
    opening_float = MoneyField()
    opening_denominations = PiecesInput(many=True)
    opening_foreign = OpeningForeignOutput(many=True)
    closing_began_at = TimestampField(allow_null=True)
    counts = SessionCountOutput(many=True)
    closed_at = TimestampField(allow_null=True)
    closed_by_id = IdField(allow_null=True)
    counted = MoneyField(allow_null=True)
    expected = MoneyField(allow_null=True, allow_negative=True)
    variance = MoneyField(allow_null=True, allow_negative=True)
    foreign = ForeignCountOutput(many=True, help_text="Of each other currency, once it is closed.")
    approver_name = serializers.CharField()
    flags = SessionFlagOutput(many=True)


class NeedsApprovalOutput(serializers.Serializer[Any]):
    """What somebody has to approve: ask them with `POST /approvals`."""

    action = serializers.CharField()
    limit = serializers.CharField(allow_null=True)
    asked = serializers.IntegerField()


class CountedSessionOutput(CashSessionOutput):
    """A drawer whose count is kept; it closes with an approval, after a recount, or by force."""

    needs_approval = NeedsApprovalOutput()


class CashMovementOutput(serializers.Serializer[Any]):
    """Money that went into a drawer (above zero) or out of it."""

    id = IdField()
    session_id = IdField(allow_null=True)
    register_id = IdField()
    drawer_code = serializers.CharField()
    kind = serializers.ChoiceField(choices=CashMovement.KINDS)
    amount = MoneyField(allow_negative=True, help_text="Of the merchant's own money.")
    foreign = MovedForeignOutput(allow_null=True)
    order_id = IdField(allow_null=True)
    refund_id = IdField(allow_null=True)
    reason_code = serializers.CharField()
    note = serializers.CharField()
    slip_number = serializers.IntegerField(allow_null=True)
    slip = serializers.CharField(help_text="As it is printed: `K1-M7`; empty where there is none.")
    employee_id = IdField(allow_null=True)
    employee_name = serializers.CharField()
    approver_name = serializers.CharField()
    flags = SessionFlagOutput(many=True)
    at = TimestampField()
    business_date = DateField()
